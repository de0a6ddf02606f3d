"""Law and case → exact functions of what is open, and the state each conclusion has.

Grounds every condition on the entities of the case: established facts become constants, open facts and readings stay variables of a
decision diagram. Knows the operators; knows neither words nor pages. There is one evaluator: reasons are read off the same functions.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from copy import copy
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import NoReturn

from wenze.law.bounds import Bounds
from wenze.law.case import Case, FactKey
from wenze.law.constrain import Constraints
from wenze.law.decide import FALSE, TRUE, TooLarge, deep
from wenze.law.establish import Established, Status, establish
from wenze.law.formula import Direct, Formulas
from wenze.law.instrument import Law
from wenze.law.rules import ENTITIES, Bilingual, Exemption, Node, Op, Rule, Scope
from wenze.law.tree import leaves
from wenze.law.variables import Above, Function, Here, ReadingOf, Unlisted

Mentions = frozenset[FactKey | Above]

MAX_PARTICIPANTS = 80  # of one act: each speaks of every other  # equivalent: a bound; past it refused in words
MAX_MENTIONS = (
    20_000_000  # facts grounded conditions speak of, as often as kept: fifty bytes each  # equivalent: a bound
)


class State(StrEnum):
    """What a conclusion is, for one respondent and one act."""

    MADE_OUT = "made-out"
    NOT_MADE_OUT = "not-made-out"
    OPEN = "open"
    NOT_APPLICABLE = "not-applicable"
    CONTRADICTORY = "contradictory"  # the facts contradict: there is no state

    def __bool__(self) -> NoReturn:
        raise TypeError("a state has no truth value: compare with State")

    @property
    def words(self) -> Bilingual:
        """What it is called wherever it is shown."""
        return _WORDS[self]


_WORDS = {
    State.MADE_OUT: Bilingual("成立", "made out"),
    State.NOT_MADE_OUT: Bilingual("不成立", "not made out"),
    State.OPEN: Bilingual("尚不能认定", "not yet determinable"),
    State.NOT_APPLICABLE: Bilingual("不适用", "not applicable"),
    State.CONTRADICTORY: Bilingual("事实相互矛盾", "the facts contradict"),
}


@dataclass(frozen=True, slots=True)
class Outcome:
    """The state of a conclusion under the readings in force, and what it depends on.

    `never`, `made`, `out` are diagrams over readings only: where the conclusion does not apply, is made out, is not made out.
    `gate_open`: not made out whatever the gate is, so "or not applicable". `conflict` is the smallest contradicting set.
    """

    state: State
    depends: tuple[str, ...]
    gate_open: bool = False
    never: int = FALSE
    made: int = FALSE
    out: int = FALSE
    conflict: tuple[FactKey, ...] = ()


class Evaluation:
    """One case under one law, with the options of the readings in force. Everything is computed when asked and kept."""

    def __init__(
        self, law: Law, case: Case, options: Mapping[str, str], formulas: Formulas | Direct | None = None
    ) -> None:
        self.law = law
        self.case = case
        self.options = dict(options)
        self.formulas = formulas or Formulas()
        self.diagrams = self.formulas.diagrams
        self._chosen = self._choices(self.options)
        self._settled: dict[tuple[int, tuple[int, ...]], State] = {}
        self._state_of: dict[tuple[int, frozenset[FactKey | Above]], State] = {}
        self._facts: dict[FactKey, Established] = {}
        self._grounded: dict[tuple[int, Here], Function] = {}
        self._mentioned = 0
        self._needed: dict[int, frozenset[str]] = {}
        self._conclusions: dict[tuple[str, str, str], tuple[Function, Function]] = {}
        self._exceptions: dict[tuple[str, str, str], Function] = {}
        self._participants: dict[str, tuple[str, ...]] = {}
        for respondent, act in case.participations:
            self._participants[act] = (*self._participants.get(act, ()), respondent)
        for act, taking_part in self._participants.items():
            if len(taking_part) > MAX_PARTICIPANTS:
                raise TooLarge(f"{len(taking_part)} participants of {act}, more than {MAX_PARTICIPANTS}")
        self.constraints = Constraints(law, case, self)
        self._in_force, self._on_any_reading = self._bounds(self._chosen), self._bounds({})
        self.place_variables()

    def under(self, options: Mapping[str, str]) -> Evaluation:
        """The same case under other options of the readings: what was grounded is shared, what was settled is not."""
        other = copy(self)
        other.options = dict(options)
        other._chosen = other._choices(other.options)
        other._settled, other._state_of = {}, {}
        other._in_force = other._bounds(other._chosen)
        return other

    def place_variables(self) -> None:
        """Readings and all instances of facts take their places: what stands together is decided together.

        What all share and what is the first respondent's in the order of the source, then what is each other one's: that a person
        failed and what came of it lie side by side, else who stands above whom doubles a diagram with every participant.
        """
        case = self.case
        entities: dict[Scope, list[tuple[str, ...]]] = {
            Scope.CASE: [()],
            Scope.ACT: [(one,) for one in case.acts],
            Scope.EVENT: [(one,) for one in case.events],
            Scope.OUTCOME: [(act.id, event) for act in case.acts.values() for event in act.events],
        }
        for number, respondent in enumerate((*case.units, *case.posts)):
            entities[Scope.RESPONDENT] = [(respondent,)]
            entities[Scope.PARTICIPATION] = [pair for pair in case.participations if pair[0] == respondent]
            for op, name in self.law.spoken_order:
                if op is not Op.CHOOSE:
                    for instance in entities[self.law.facts[name].scope]:
                        self.diagrams.variable(FactKey(name, instance))
                elif number == 0:
                    self.diagrams.variable(ReadingOf(name), len(self.law.readings[name].option_ids))

    # Facts

    def fact(self, key: FactKey) -> Established:
        found = self._facts.get(key)
        if found is None:
            found = self._facts[key] = establish(self.law, self.case, key)
        return found

    def key(self, name: str, here: Here) -> FactKey:
        """The instance of a fact that is meant where `here` is at hand."""
        entities = {
            Scope.CASE: (),
            Scope.RESPONDENT: (here.respondent,),
            Scope.ACT: (here.act,),
            Scope.PARTICIPATION: (here.respondent, here.act),
            Scope.EVENT: (here.event,),
            Scope.OUTCOME: (here.act, here.event),
        }[self.law.facts[name].scope]
        return FactKey(name, entities)

    def literal(self, key: FactKey) -> int:
        """Constant when the fact is established, otherwise its variable."""
        status = self.fact(key).status
        if status is Status.OPEN:
            return self.formulas.literal(key)
        return TRUE if status is Status.PROVEN else FALSE

    # Conditions

    def ground(self, node: Node, here: Here) -> Function:
        """The exact function of a condition where `here` is at hand."""
        found = self._grounded.get((id(node), here))
        if found is None:
            found = self._grounded[id(node), here] = self._ground(node, here)
        return found

    def _ground(self, node: Node, here: Here) -> Function:
        if node.op is Op.FACT:
            key = self.key(node.name, here)
            return Function(self.literal(key), frozenset((key,)))
        if node.op is Op.SEE:
            return self.ground(self.law.definitions[node.name].condition, here)
        if node.op is Op.HOLDS:
            return self.holds(node.name, here)
        if node.op in {Op.SOME, Op.EVERY}:
            return self._quantified(node, here)
        if node.op in {Op.HIGHEST, Op.LAST}:
            return self._extreme(node, here)
        return self._combined(node, [self.ground(child, here) for child in node.children])

    def _combined(self, node: Node, parts: list[Function]) -> Function:
        """An operator over its children's functions."""
        f = self.formulas
        nodes = [part.node for part in parts]
        if node.op is Op.CHOOSE:
            by_option = dict(zip(node.options, nodes, strict=True))
            options = self.law.readings[node.name].option_ids
            combined = f.choice(ReadingOf(node.name), tuple(by_option[option] for option in options))
        elif node.op is Op.NOT:
            combined = f.negate(nodes[0])
        elif node.op is Op.AT_LEAST:
            combined = f.at_least(node.count, nodes)
        else:  # all and any of nothing are true and false
            combined = f.all(nodes) if node.op in {Op.ALL, Op.TRUE} else f.any(nodes)
        return Function(combined, self._together(part.mentions for part in parts))

    def _together(self, mentions: Iterable[Mentions]) -> Mentions:
        """All that is mentioned. Most parts mention nothing the largest does not: then it is not copied."""
        listed = list(mentions)
        largest = max(listed, key=len, default=frozenset())  # equivalent: what is not in it is copied
        if all(largest.issuperset(each) for each in listed):
            return largest
        found = largest.union(*listed)
        self._mentioned += len(found)
        if self._mentioned > MAX_MENTIONS:
            raise TooLarge(f"more than {MAX_MENTIONS} mentions of facts")
        return found

    def places_of(self, node: Node, here: Here) -> tuple[Here, ...]:
        """Where a quantifier looks: one place per participant or event of the act."""
        if node.over == "events":
            return tuple(here._replace(event=event) for event in self.case.acts[here.act].events)
        participants = self._participants.get(here.act, ())
        return tuple(
            here._replace(respondent=other)
            for other in participants
            if not (node.except_self and other == here.respondent)
        )

    def _quantified(self, node: Node, here: Here) -> Function:
        d = self.formulas
        parts = [self.ground(node.children[0], there) for there in self.places_of(node, here)]
        unlisted, complete = self._unlisted(node, here)
        mentions = self._together([frozenset((complete,)), *(part.mentions for part in parts)])
        if node.op is Op.SOME:
            return Function(d.any([*(part.node for part in parts), unlisted]), mentions)
        return Function(d.all([*(part.node for part in parts), d.negate(unlisted)]), mentions)

    def _unlisted(self, node: Node, here: Here) -> tuple[int, FactKey]:
        """That somebody not listed decides the quantifier: impossible once the list is complete, open until then."""
        d = self.formulas
        complete = self.key(node.complete, here)
        literal = self.literal(complete)
        if literal == TRUE:
            return FALSE, complete
        needs = self._needs(node)  # two questions are one only where they speak of the same entities
        about = Here(here.respondent if "R" in needs else "", here.act, here.event if "E" in needs else "")
        size = sum(1 for _ in leaves(node))  # equivalent: whatever tells apart two that begin on one line
        return d.both(d.negate(literal), d.literal(Unlisted(f"{node.place}#{size}", about))), complete

    def _needs(self, node: Node) -> frozenset[str]:
        """Of respondent R and event E those a condition speaks of, apart from what it binds itself. (Of an act A all do.)"""
        found = self._needed.get(id(node))
        if found is None:
            found = self._needed[id(node)] = self._read_needs(node)
        return found

    def _read_needs(self, node: Node) -> frozenset[str]:
        if node.op is Op.FACT:
            return ENTITIES[self.law.facts[node.name].scope]
        if node.op is Op.SEE:
            return self._needs(self.law.definitions[node.name].condition)
        if node.op is Op.HOLDS:
            return frozenset().union(*(ENTITIES[self.law.rules[rule].scope] for rule in self.law.rules_of[node.name]))
        inner = frozenset[str]().union(*(self._needs(child) for child in node.children))
        bound = {"participants": frozenset("R"), "events": frozenset("E")}.get(node.over, frozenset())
        return (inner - bound) | (frozenset("R") if node.op in {Op.HIGHEST, Op.LAST} else frozenset())

    def _extreme(self, node: Node, here: Here) -> Function:
        d = self.formulas
        own = self.ground(node.children[0], here)
        nodes, mentions = [own.node], [own.mentions]
        by = "rank" if node.op is Op.HIGHEST else "order"
        for other in self._participants.get(here.act, ()):
            if other == here.respondent:
                continue
            theirs = self.ground(node.children[0], here._replace(respondent=other))
            mentions.append(theirs.mentions)
            if FALSE in (own.node, theirs.node):
                continue  # who stands above whom does not matter then
            above = self.above(Above(by, here.act, other, here.respondent))
            nodes.append(d.negate(d.both(theirs.node, above.node)))
            mentions.append(above.mentions)
        unlisted, complete = self._unlisted(node, here)
        nodes.append(d.negate(unlisted))
        return Function(d.all(nodes), self._together([*mentions, frozenset((complete,))]))

    def above(self, question: Above) -> Function:
        """Whether the first stands above the second; open where a rank or order is not recorded. A unit has no rank."""
        first, second = (
            self.position(question.by, question.act, question.first),
            self.position(question.by, question.act, question.second),
        )
        if first == () or second == ():
            return Function(FALSE, frozenset())
        if first is not None and second is not None:
            return Function(TRUE if first > second else FALSE, frozenset())
        return Function(self.formulas.literal(question), frozenset((question,)))

    def position(self, by: str, act: str, respondent: str) -> tuple[int, ...] | None:
        """Where somebody stands, larger is higher or later; None when not recorded, () for what has no position."""
        if by == "order":
            recorded = self.case.participations[respondent, act].order
            return None if recorded is None else (recorded,)
        if respondent in self.case.units:
            return ()
        rank = self.case.posts[respondent].rank
        ranks = self.law.terms("职级")
        return (-ranks.index(rank),) if rank in ranks else None

    # Conclusions

    def holds(self, name: str, here: Here) -> Function:
        """That a rule, or some rule of a group, holds here after its exceptions."""
        parts = [
            self.conclusion(self.law.rules[rule], here.respondent, here.act)[1] for rule in self.law.rules_of[name]
        ]
        mentions = self._together(part.mentions for part in parts)
        return Function(self.formulas.any(part.node for part in parts), mentions)

    def conclusion(self, rule: Rule, respondent: str, act: str) -> tuple[Function, Function]:
        """The gate of a rule, and the rule itself with gate and exceptions, for one respondent and act."""
        if rule.scope is Scope.RESPONDENT:
            act = ""
        found = self._conclusions.get((rule.id, respondent, act))
        if found is None:
            here = Here(respondent, act)
            d = self.formulas
            gate = self._all(self.ground(self.law.definitions[gate.name].condition, here) for gate in rule.gates)
            body = self.ground(rule.condition, here)
            relief = [self.exception(exception, respondent, act) for exception in self.law.overriding.get(rule.id, ())]
            node = d.all([gate.node, body.node, *(d.negate(one.node) for one in relief)])
            whole = Function(node, self._together(one.mentions for one in (gate, body, *relief)))
            found = self._conclusions[rule.id, respondent, act] = (gate, whole)
        return found

    def unrelieved(self, rule: Rule, respondent: str, act: str) -> Function:
        """That a rule would hold but for its exceptions."""
        gate, _ = self.conclusion(rule, respondent, act)
        here = Here(respondent, "" if rule.scope is Scope.RESPONDENT else act)
        return self._all((gate, self.ground(rule.condition, here)))

    def replaced(self, rule: Rule, exception: Exemption, respondent: str, act: str) -> Function:
        """That `exception` puts its own kind in the place of `rule`: the rule would hold but for it and those like it."""
        d = self.formulas
        here = Here(respondent, "" if rule.scope is Scope.RESPONDENT else act)
        gate, _ = self.conclusion(rule, respondent, act)
        parts = [gate, self.ground(rule.condition, here), self.exception(exception, respondent, act)]
        others = [
            self.exception(other, respondent, act) for other in self.law.overriding[rule.id] if not other.replaced_by
        ]
        node = d.all([*(part.node for part in parts), *(d.negate(other.node) for other in others)])
        return Function(node, self._together(part.mentions for part in (*parts, *others)))

    def exception(self, exception: Exemption, respondent: str, act: str) -> Function:
        """That an exception applies, after the exceptions to it."""
        if exception.scope is Scope.RESPONDENT:
            act = ""
        found = self._exceptions.get((exception.id, respondent, act))
        if found is None:
            d = self.formulas
            own = self.ground(exception.condition, Here(respondent, act))
            against = [self.exception(other, respondent, act) for other in self.law.overriding.get(exception.id, ())]
            node = d.all([own.node, *(d.negate(other.node) for other in against)])
            found = Function(node, self._together(one.mentions for one in (own, *against)))
            self._exceptions[exception.id, respondent, act] = found
        return found

    def _all(self, parts: Iterable[Function]) -> Function:
        listed = list(parts)
        return Function(
            self.formulas.all(part.node for part in listed), self._together(part.mentions for part in listed)
        )

    # States

    def choose(self, node: int, options: Mapping[str, str] | None = None) -> int:
        """An expression with its readings set to the options in force, or to `options`."""
        return self.formulas.resolve(node, self._chosen if options is None else self._choices(options))

    def _choices(self, options: Mapping[str, str]) -> dict[Hashable, int]:
        return {ReadingOf(id_): self.law.readings[id_].option_ids.index(option) for id_, option in options.items()}

    def impossible(self, node: int, constraints: tuple[int, ...]) -> bool:
        """Whether an expression holds in no completion that constraints allow, under the readings in force."""
        with deep():
            return self._settle(node, constraints) is State.NOT_MADE_OUT

    def outcome(self, gate: Function, whole: Function) -> Outcome:
        """The state of a conclusion, given its gate and itself."""
        with deep():
            constraints, contradiction = self.constraints.around(whole.mentions | gate.mentions)
            if contradiction:
                return Outcome(State.CONTRADICTORY, (), conflict=contradiction)
            never, made, out = self._over_readings(gate.node, whole.node, constraints)
            d = self.diagrams
            support = frozenset().union(*(d.support(part) for part in (never, made, out)))
            depends = tuple(name.reading for level in sorted(support) if isinstance(name := d.name(level), ReadingOf))
            outcome = Outcome(State.OPEN, depends, never=never, made=made, out=out)
            state = self.state_under(outcome, self.options)
            gate_open = state is State.NOT_MADE_OUT and self._settle(gate.node, constraints) is not State.MADE_OUT
            return Outcome(state, depends, gate_open, never, made, out)

    def _over_readings(self, gate: int, whole: int, constraints: tuple[int, ...]) -> tuple[int, int, int]:
        """Under which readings it never applies, is made out, is not made out."""
        d, f = self.diagrams, self.formulas
        if self._on_any_reading:
            applies, holds = self._on_any_reading.of(gate), self._on_any_reading.of(whole)
            if applies.told and holds.told:
                return d.negate(applies.can), holds.must, d.both(d.negate(holds.can), applies.can)
        (first, second), within = f.forget((gate, whole), constraints, _is_reading)
        never, made, out = (
            d.negate(f.project(d.both(within, part), _is_reading)) for part in (first, d.negate(second), second)
        )
        return never, made, d.both(out, d.negate(never))

    def _bounds(self, chosen: Mapping[Hashable, int]) -> Bounds | None:
        f = self.formulas
        return Bounds(f, chosen, partial(self.constraints.group, f)) if isinstance(f, Formulas) else None

    def state_under(self, outcome: Outcome, options: Mapping[str, str]) -> State:
        """The state an outcome has under some options."""
        readings, d = self.law.readings, self.diagrams
        chosen = {d.variable(ReadingOf(id_)): readings[id_].option_ids.index(options[id_]) for id_ in outcome.depends}
        for node, state in (
            (outcome.never, State.NOT_APPLICABLE),
            (outcome.made, State.MADE_OUT),
            (outcome.out, State.NOT_MADE_OUT),
        ):
            if self.diagrams.follow(node, chosen) == TRUE:
                return state
        return State.OPEN

    def settled(self, function: Function) -> State:
        """The state of any condition under the readings in force: made out, not made out or open."""
        found = self._state_of.get((function.node, function.mentions))
        if found is None:
            with deep():
                constraints, contradiction = self.constraints.around(function.mentions)
                found = State.CONTRADICTORY if contradiction else self._settle(function.node, constraints)
            self._state_of[function.node, function.mentions] = found  # equivalent: only remembers
        return found

    def _settle(self, node: int, constraints: tuple[int, ...]) -> State:
        found = self._settled.get((node, constraints))
        if found is None:
            bound = self._in_force.of(node) if self._in_force else None
            must, can = (bound.must, bound.can) if bound and bound.told else self._must_and_can(node, constraints)
            found = State.MADE_OUT if must == TRUE else State.NOT_MADE_OUT if can == FALSE else State.OPEN
            self._settled[node, constraints] = found  # equivalent: only remembers
        return found

    def _must_and_can(self, node: int, constraints: Iterable[int]) -> tuple[int, int]:
        """Whether an expression must and whether it can hold within constraints under the readings in force."""
        d = self.diagrams
        (holds,), within = self.formulas.forget((self.choose(node),), constraints, _is_reading)
        return d.negate(d.both(within, d.negate(holds))), d.both(within, holds)


def _is_reading(name: Hashable) -> bool:
    return isinstance(name, ReadingOf)
