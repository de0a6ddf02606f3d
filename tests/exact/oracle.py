"""The slow, obviously right evaluator the engine is held against: it tries every completion.

Reads the parsed sources (`wenze.law.rules`) and the case (`wenze.law.case`) and nothing else of the engine: the states of facts, the
grounding and the constraints are worked out here a second time, by writing out truth tables (`worlds`).

What somebody not on an incomplete list would do is unknown: one yes-or-no unknown for each quantifier as written, and for each choice of
those entities on which its condition really depends.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import combinations, permutations, product
from math import prod
from typing import NamedTuple

from exact.certain import Certain
from exact.known import state_of
from exact.worlds import Worlds

from wenze.law.case import Case, FactKey
from wenze.law.rules import Constraint, Exemption, Node, Op, Rule, Scope, Source

MOST_WORLDS = 1 << 21
MOST_KEYS = 12  # so many facts that constraints speak of are tried for contradictions
MOST_QUESTIONS = 8  # so many questions are tried in sets of every size


class TooMany(ValueError):
    """More completions than can be tried."""


class Here(NamedTuple):
    respondent: str
    act: str
    event: str = ""


class Option(NamedTuple):
    """The unknown: which option of a reading is right."""

    reading: str


class Ranking(NamedTuple):
    """The unknown: who of an act stands above whom, by rank or by order of signature."""

    by: str
    act: str


Bound = tuple[Constraint, Here]


class Unlisted(NamedTuple):
    """The unknown: somebody or something not listed decides a quantifier."""

    node: int
    entities: tuple[str, ...]


class Stands(NamedTuple):
    """The question whether `first` stands above `second`."""

    by: str
    act: str
    first: str
    second: str


Question = FactKey | Stands
Answers = frozenset[tuple[Question, bool]]

_LETTERS = {
    Scope.CASE: "",
    Scope.RESPONDENT: "R",
    Scope.ACT: "A",
    Scope.PARTICIPATION: "RA",
    Scope.EVENT: "E",
    Scope.OUTCOME: "AE",
}


def rankings(members: Sequence[str], known: Mapping[str, float]) -> list[dict[str, float]]:
    """Every way the members can stand, ties allowed, that keeps those known as they are: all strict weak orders, each once."""
    found: dict[frozenset[tuple[str, str]], dict[str, float]] = {}
    levels = sorted({*known.values()}) or [0.0]
    unknown = [member for member in members if member not in known]
    steps = len(unknown) + 1
    # Between, below and above the known levels there is room for all unknown members at different heights.
    heights: list[float] = [levels[0] - steps + step for step in range(1, steps)]
    for low, high in zip(levels, [*levels[1:], levels[-1] + steps], strict=True):
        heights += [low + (high - low) * step / steps for step in range(steps)]
    for chosen in product(heights, repeat=len(unknown)):
        ranking = {**known, **dict(zip(unknown, chosen, strict=True))}
        above = frozenset((one, other) for one in members for other in members if ranking[one] > ranking[other])
        found.setdefault(above, ranking)
    return list(found.values())


@dataclass(frozen=True)
class Verdict:
    """What the oracle says of one conclusion."""

    state: str
    depends: frozenset[str] = frozenset()
    gate_open: bool = False
    conflicts: frozenset[frozenset[FactKey]] | None = frozenset()  # all smallest contradicting sets; None: too many facts to try


@dataclass(frozen=True)
class Settling:
    """The smallest consistent sets of answers that settle a conclusion one way: those of at most a number of answers.

    `longer`: there are others, with more answers; None when there were too many questions to try them all.
    `beyond`: some possible settled completion is reached by none of `sets`. `asked`: what occurs in a set of any length, if tried.
    """

    sets: frozenset[Answers]
    longer: bool | None
    beyond: bool
    asked: frozenset[Question]


@dataclass
class Oracle:
    """One case under the sources of one law with one option for every reading. `given` replaces the states of facts.

    `fixed`: readings have their options and are not unknown. `lean`: what is certain by its parts is not tried.
    """

    sources: Sequence[Source]
    case: Case
    options: Mapping[str, str]
    given: Mapping[FactKey, bool | None] | None = None
    most_worlds: int = MOST_WORLDS
    fixed: bool = False
    lean: bool = False
    _known: dict[FactKey, bool | None] = field(default_factory=dict)

    def __post_init__(self) -> None:
        def table(name: str, key: str) -> dict[str, object]:
            return {getattr(one, key): one for source in self.sources for one in getattr(source, name)}

        self.facts = table("facts", "name")
        self.definitions = table("definitions", "name")
        self.rules = table("rules", "id")
        self.readings = table("readings", "id")
        self.exceptions = table("exceptions", "id")
        self.bound = [
            (constraint, here)
            for constraint in table("constraints", "id").values()
            for here in self._places(constraint)
        ]
        self.certain = Certain(self)
        self.needs = cache(self._needs)
        self.rankings = cache(lambda by, act: rankings(*self.positions(by, act)))

    # What the law's names mean

    def rules_called(self, name: str) -> list[Rule]:
        return [rule for rule in self.rules.values() if rule.id == name or name in rule.groups]

    def against(self, name: str) -> list[Exemption]:
        """The exceptions that override a rule or exception, whether they name it or a group of it."""
        groups = self.rules[name].groups if name in self.rules else ()
        return [
            one
            for one in self.exceptions.values()
            if name in one.overrides or any(group in one.overrides for group in groups)
        ]

    def key(self, name: str, here: Here) -> FactKey:
        letters = _LETTERS[self.facts[name].scope]
        at = {"R": here.respondent, "A": here.act, "E": here.event}
        return FactKey(name, tuple(at[letter] for letter in letters))

    def known(self, key: FactKey) -> bool | None:
        if self.given is not None:
            return self.given.get(key)
        if key not in self._known:
            self._known[key] = state_of(self.facts[key.name], self.case, key, self.words)
        return self._known[key]

    def words(self, vocabulary: str) -> tuple[str, ...]:
        return tuple(term.zh for source in self.sources for one in source.vocabularies if one.name == vocabulary for term in one.terms)

    def instances(self) -> Iterator[FactKey]:
        """Every instance of every fact that the entities of the case make."""
        case = self.case
        at = {
            Scope.CASE: [()],
            Scope.RESPONDENT: [(each,) for each in (*case.units, *case.posts)],
            Scope.ACT: [(act,) for act in case.acts],
            Scope.PARTICIPATION: list(case.participations),
            Scope.EVENT: [(event,) for event in case.events],
            Scope.OUTCOME: [(act, event) for act in case.acts for event in case.acts[act].events],
        }
        for fact in self.facts.values():
            yield from (FactKey(fact.name, entities) for entities in at[fact.scope])

    def participants(self, act: str) -> list[str]:
        return [respondent for respondent, of in self.case.participations if of == act]

    def places(self, node: Node, here: Here) -> list[Here]:
        """Where a quantifier looks."""
        if node.over == "events":
            return [here._replace(event=event) for event in self.case.acts[here.act].events]
        others = self.participants(here.act)
        return [here._replace(respondent=other) for other in others if other != here.respondent or not node.except_self]

    @staticmethod
    def at(scope: Scope, respondent: str, act: str) -> Here:
        return Here(respondent, act if scope is Scope.PARTICIPATION else "")

    def _needs(self, node: Node) -> frozenset[str]:
        """The entities (R, A, E) on which a condition depends where it stands."""
        if node.op is Op.FACT:
            return frozenset(_LETTERS[self.facts[node.name].scope])
        if node.op is Op.SEE:
            return self.needs(self.definitions[node.name].condition)
        if node.op is Op.HOLDS:
            return frozenset().union(*(self._rule_needs(rule) for rule in self.rules_called(node.name)))
        inner = frozenset().union(*(self.needs(child) for child in node.children))
        if node.complete:
            bound = {"participants": "R", "events": "E"}.get(node.over, "")
            own = "RA" if node.op in {Op.HIGHEST, Op.LAST} or node.except_self else "A"
            return inner - set(bound) | set(own) | set(_LETTERS[self.facts[node.complete].scope])
        return inner

    def _rule_needs(self, rule: Rule) -> frozenset[str]:
        parts = [rule.condition, *(self.definitions[gate.name].condition for gate in rule.gates)]
        pending = self.against(rule.id)
        while pending:
            exception = pending.pop()
            parts.append(exception.condition)
            pending += self.against(exception.id)
        return frozenset().union(*(self.needs(part) for part in parts))

    def positions(self, by: str, act: str) -> tuple[list[str], dict[str, float]]:
        """Who of an act has a position, and the positions that are recorded; higher numbers stand above."""
        case = self.case
        if by == "order":
            orders = {each: case.participations[each, act].order for each in self.participants(act)}
            return list(orders), {each: float(order) for each, order in orders.items() if order is not None}
        ranks = self.words("职级")
        posts = [each for each in self.participants(act) if each in case.posts]
        known = {each: -float(ranks.index(rank)) for each in posts if (rank := case.posts[each].rank) is not None}
        return posts, known

    # Constraints

    def _places(self, constraint: Constraint) -> Iterator[Here]:
        """Every respondent, act and event of the case to which the facts of a constraint belong together."""
        scopes = {self.facts[name].scope for name in _facts(constraint)}
        letters = {letter for scope in scopes for letter in _LETTERS[scope]}
        respondents = [*self.case.units, *self.case.posts] if "R" in letters else [""]
        acts = list(self.case.acts) if "A" in letters else [""]
        events = list(self.case.events) if "E" in letters else [""]
        for here in (Here(*chosen) for chosen in product(respondents, acts, events)):
            if here.respondent and here.act and (here.respondent, here.act) not in self.case.participations:
                continue
            if here.act and here.event and here.event not in self.case.acts[here.act].events:
                continue
            yield here

    def spoken_of(self, bound: Bound) -> frozenset[FactKey]:
        return frozenset(self.key(name, bound[1]) for name in _facts(bound[0]))

    def connected(self, facts: Iterable[FactKey]) -> list[Bound]:
        """The constraints that speak of these facts, of facts those speak of, and so on."""
        reached, found = set(facts), []
        grown = True
        while grown:
            more = [bound for bound in self.bound if bound not in found and self.spoken_of(bound) & reached]
            found += more
            for bound in more:
                reached |= self.spoken_of(bound)
            grown = bool(more)
        return found

    # Conclusions

    def table(self, build: Callable[[View], list[int]], *, everywhere: bool = False) -> Table:
        """The conditions `build` asks for over every completion, under the constraints connected with them, or under all."""
        everything = View(self, Worlds({}), all_of_it=True)
        build(everything)
        bound = self.bound if everywhere else self.connected(everything.mentioned)
        listing = View(self, Worlds({}))
        build(listing)
        if self.lean:
            bound = self._bearing(bound, listing)
        for one in bound:
            listing.constraint(*one)
        if prod(listing.unknowns.values()) > self.most_worlds:
            raise TooMany(f"{len(listing.unknowns)} unknowns")
        view = View(self, Worlds(listing.unknowns))
        columns = build(view)
        return Table(self, view, columns, _all([view.constraint(*one) for one in bound], view.worlds.all), bound)

    def _bearing(self, bound: list[Bound], listing: View) -> list[Bound]:
        """Of some constraints those that share something unknown with a condition, directly or through others.

        The others must allow some completion of their own, or all are kept: then nothing is possible.
        """
        groups: list[tuple[list[Bound], set[Hashable]]] = [([], set(listing.unknowns))]
        for one in bound:
            if self.certain.constraint(*one):
                continue
            view = View(self, Worlds({}))
            view.constraint(*one)
            joined: tuple[list[Bound], set[Hashable]] = ([one], set(view.unknowns))
            for group in [group for group in groups if group[1] & joined[1]]:
                groups.remove(group)
                joined = (group[0] + joined[0], group[1] | joined[1])
            groups.append(joined)
        own = next((group for group in groups if group[1] & listing.unknowns.keys()), ([], set()))
        for group in groups:
            if group is not own and group[0]:
                view = View(self, Worlds(dict.fromkeys(group[1], 2)))
                if not _all([view.constraint(*one) for one in group[0]], view.worlds.all):
                    return group[0]
        return own[0]

    def conclude(
        self, rule: str, respondent: str, act: str, replaced_by: str = "", *, everywhere: bool = False
    ) -> Table:
        """The gate of a rule and the rule, or what an exception puts in its place, over every completion."""

        def build(view: View) -> list[int]:
            gate, body = view.gate(rule, respondent, act), view.body(rule, respondent, act)
            relief = {one.id: view.exception(one, respondent, act) for one in self.against(rule)}
            whole = gate & body
            for one in self.against(rule):
                if not replaced_by or not one.replaced_by:
                    whole &= ~relief[one.id]
            return [gate, whole & (relief[replaced_by] if replaced_by else whole)]

        return self.table(build, everywhere=everywhere)

    def condition(self, node: Node, respondent: str, act: str) -> Table:
        return self.table(lambda view: [view.worlds.all, view.column(node, Here(respondent, act))])


class View:
    """Conditions as columns over some worlds. Over no worlds at all it lists what they mention and what of it is unknown."""

    def __init__(self, oracle: Oracle, worlds: Worlds, *, all_of_it: bool = False) -> None:
        self.oracle = oracle
        self.worlds = worlds
        self.all_of_it = all_of_it  # whatever is written counts, even where an established fact decides
        self.mentioned: set[FactKey] = set()
        self.unknowns: dict[Hashable, int] = {}
        self._columns: dict[tuple[int, Here], int] = {}

    def _where(self, unknown: Hashable, values: int, value: int) -> int:
        self.unknowns[unknown] = values
        return self.worlds.where(unknown, value) if unknown in self.worlds.unknowns else 0

    def fact(self, key: FactKey) -> int:
        self.mentioned.add(key)
        known = self.oracle.known(key)
        if known is None:
            return self._where(key, 2, 1)
        return self.worlds.all if known else 0

    def no(self, column: int) -> int:
        return self.worlds.all & ~column

    def column(self, node: Node, here: Here) -> int:
        """The completions in which a condition holds."""
        found = self._columns.get((id(node), here))
        if found is None:
            found = self._columns[id(node), here] = self._column(node, here)
        return found

    def _column(self, node: Node, here: Here) -> int:
        oracle, everything = self.oracle, self.worlds.all
        certain = oracle.certain.of(node, here) if oracle.lean and not self.all_of_it else None
        if certain is not None and node.op is not Op.FACT:
            return everything if certain else 0
        if node.op is Op.FACT:
            return self.fact(oracle.key(node.name, here))
        if node.op is Op.TRUE:
            return everything
        if node.op is Op.FALSE:
            return 0
        if node.op is Op.SEE:
            return self.column(oracle.definitions[node.name].condition, here)
        if node.op is Op.HOLDS:
            return _any([self.rule(rule.id, here.respondent, here.act) for rule in oracle.rules_called(node.name)])
        if node.op in {Op.SOME, Op.EVERY}:
            return self._quantified(node, here)
        if node.op in {Op.HIGHEST, Op.LAST}:
            return self._extreme(node, here)
        if node.op is Op.CHOOSE:
            return self._chosen(node, here)
        columns = [self.column(child, here) for child in node.children]
        if node.op is Op.ALL:
            return _all(columns, everything)
        if node.op is Op.ANY:
            return _any(columns)
        if node.op is Op.NOT:
            return self.no(columns[0])
        return _any([_all(some, everything) for some in combinations(columns, node.count)])

    def _chosen(self, node: Node, here: Here) -> int:
        if self.oracle.fixed and not self.all_of_it:
            return self.column(node.children[node.options.index(self.oracle.options[node.name])], here)
        columns = [self.column(child, here) for child in node.children]
        options = [option for option, _ in self.oracle.readings[node.name].options]
        found = 0
        for option, column in zip(node.options, columns, strict=True):
            found |= column & self._where(Option(node.name), len(options), options.index(option))
        return found

    def _quantified(self, node: Node, here: Here) -> int:
        columns = [self.column(node.children[0], place) for place in self.oracle.places(node, here)]
        outside = self._outside(node, here)
        if node.op is Op.SOME:
            return _any(columns) | outside
        return _all(columns, self.worlds.all) & self.no(outside)

    def _outside(self, node: Node, here: Here) -> int:
        """That somebody or something not listed decides: never once the list is complete."""
        complete = self.oracle.key(node.complete, here)
        incomplete = self.no(self.fact(complete))
        if self.oracle.known(complete):
            return 0
        depends = set(self.oracle.needs(node.children[0]))
        if node.op in {Op.HIGHEST, Op.LAST}:
            depends |= {"R", "A"}
        else:
            depends = depends - {"E" if node.over == "events" else "R"} | {"A"}
        at = {"R": here.respondent, "A": here.act, "E": here.event}
        return incomplete & self._where(Unlisted(id(node), tuple(at[letter] for letter in sorted(depends))), 2, 1)

    def _extreme(self, node: Node, here: Here) -> int:
        found = self.column(node.children[0], here)
        by = "rank" if node.op is Op.HIGHEST else "order"
        for other in self.oracle.participants(here.act):
            if other != here.respondent:
                theirs = self.column(node.children[0], here._replace(respondent=other))
                found &= self.no(theirs & self.stands(Stands(by, here.act, other, here.respondent)))
        return found & self.no(self._outside(node, here))

    def stands(self, question: Stands) -> int:
        """Where the first stands above the second. What has no position (a unit has no rank) is above and below nothing."""
        members, known = self.oracle.positions(question.by, question.act)
        if question.first not in members or question.second not in members:
            return 0
        if question.first in known and question.second in known:
            return self.worlds.all if known[question.first] > known[question.second] else 0
        orders = self.oracle.rankings(question.by, question.act)
        return _any(
            self._where(Ranking(question.by, question.act), len(orders), index)
            for index, order in enumerate(orders)
            if order[question.first] > order[question.second]
        )

    def rule(self, name: str, respondent: str, act: str) -> int:
        """A rule with its gate, after its exceptions."""
        certain = self.oracle.certain.rule(name, respondent, act) if self.oracle.lean and not self.all_of_it else None
        if certain is not None:
            return self.worlds.all if certain else 0
        found = self.gate(name, respondent, act) & self.body(name, respondent, act)
        for exception in self.oracle.against(name):
            found &= self.no(self.exception(exception, respondent, act))
        return found

    def gate(self, name: str, respondent: str, act: str) -> int:
        here = self.oracle.at(self.oracle.rules[name].scope, respondent, act)
        definitions = [self.oracle.definitions[gate.name] for gate in self.oracle.rules[name].gates]
        return _all([self.column(definition.condition, here) for definition in definitions], self.worlds.all)

    def body(self, name: str, respondent: str, act: str) -> int:
        rule = self.oracle.rules[name]
        return self.column(rule.condition, self.oracle.at(rule.scope, respondent, act))

    def exception(self, exception: Exemption, respondent: str, act: str) -> int:
        """That an exception applies, after the exceptions to it."""
        found = self.column(exception.condition, self.oracle.at(exception.scope, respondent, act))
        for other in self.oracle.against(exception.id):
            found &= self.no(self.exception(other, respondent, act))
        return found

    def constraint(self, constraint: Constraint, here: Here) -> int:
        """The completions that a constraint allows."""
        parts = [self.column(part, here) for part in constraint.parts]
        if constraint.kind == "implies":
            return self.no(parts[0]) | parts[1]
        if constraint.kind == "exclusive":
            return self.no(_all(parts, self.worlds.all))
        return self.no(_any([one & other for one, other in combinations(parts, 2)]))


class Table:
    """A gate and a whole condition over every completion, and which completions are possible."""

    def __init__(
        self, oracle: Oracle, view: View, columns: list[int], possible: int, bound: list[Bound]
    ) -> None:
        self.oracle = oracle
        self.view = view
        self.worlds = view.worlds
        self.columns = columns
        self.possible = possible
        self.bound = bound

    @property
    def readings(self) -> tuple[str, ...]:
        return tuple(name.reading for name in self.worlds.unknowns if isinstance(name, Option))

    def under(self, options: Mapping[str, str]) -> int:
        """The possible completions in which readings have these options."""
        found = self.possible
        for reading in self.readings:
            order = [option for option, _ in self.oracle.readings[reading].options]
            found &= self.worlds.where(Option(reading), order.index(options[reading]))
        return found

    def state(self, options: Mapping[str, str]) -> str:
        return _state(self.under(options), *self.columns[:2])

    def verdict(self) -> Verdict:
        if not self.possible:
            return Verdict("contradictory", conflicts=self.smallest_conflicts())
        state = self.state(self.oracle.options)
        gate_open = state == "not-made-out" and bool(self.under(self.oracle.options) & ~self.columns[0])
        return Verdict(state, self.depends(), gate_open)

    def every_choice(self) -> Iterator[dict[str, str]]:
        for chosen in product(
            *([option for option, _ in self.oracle.readings[reading].options] for reading in self.readings)
        ):
            yield dict(zip(self.readings, chosen, strict=True))

    def depends(self) -> frozenset[str]:
        """The readings of which one change, the others being the same, makes another state: somewhere among all choices."""
        states = {tuple(choice.items()): self.state(choice) for choice in self.every_choice()}
        found = set()
        for choice in self.every_choice():
            for reading in self.readings:
                for option, _ in self.oracle.readings[reading].options:
                    changed = {**choice, reading: option}
                    if states[tuple(changed.items())] != states[tuple(choice.items())]:
                        found.add(reading)
        return frozenset(found)

    def smallest_conflicts(self) -> frozenset[frozenset[FactKey]] | None:
        """Of the established facts that constraints speak of, the smallest sets that alone leave no completion."""
        keys = sorted({key for bound in self.bound for key in self.oracle.spoken_of(bound)})
        if len(keys) > MOST_KEYS:
            return None
        established = {key: known for key in keys if (known := self.oracle.known(key)) is not None}
        for size in range(len(established) + 1):
            found = [
                chosen
                for chosen in combinations(established, size)
                if not self._possible_with({key: established[key] for key in chosen})
            ]
            if found:
                return frozenset(frozenset(chosen) for chosen in found)
        raise AssertionError("the established facts contradict together, so some set of them does")

    def _possible_with(self, given: Mapping[FactKey, bool]) -> bool:
        """Whether the constraints here allow a completion when only `given` is established."""
        other = Oracle(self.oracle.sources, self.oracle.case, self.oracle.options, given)
        listing = View(other, Worlds({}))
        for one in self.bound:
            listing.constraint(*one)
        view = View(other, Worlds(listing.unknowns))
        return bool(_all([view.constraint(*one) for one in self.bound], view.worlds.all))

    # What is missing

    def questions(self, compared: Collection[str]) -> dict[Question, int]:
        """Every question that may be put, with the completions in which its answer is yes; standing only among those `compared`."""
        found: dict[Question, int] = {}
        for name in self.worlds.unknowns:
            if isinstance(name, FactKey):
                found[name] = self.worlds.where(name, 1)
            elif isinstance(name, Ranking):
                members, known = self.oracle.positions(*name)
                for first, second in permutations([member for member in members if member in compared], 2):
                    if not (first in known and second in known):
                        question = Stands(*name, first, second)
                        found[question] = self.view.stands(question)
        return found

    def settling(self, goal: bool, most: int, compared: Collection[str] = ()) -> Settling:
        """The smallest consistent sets of answers after which the whole condition is certainly `goal`, whoever else turns up."""
        possible = self.under(self.oracle.options)
        reached = self.columns[1] if goal else self.worlds.all & ~self.columns[1]
        questions = self.questions(compared)
        all_sizes = len(questions) <= MOST_QUESTIONS
        found = self._smallest(possible, reached, questions, len(questions) if all_sizes else most)
        sets = {answers: left for answers, left in found.items() if len(answers) <= most}
        certain = possible & reached
        for name in self.worlds.unknowns:
            if isinstance(name, Unlisted):
                certain = self.worlds.whatever(name, certain)
        return Settling(
            frozenset(sets),
            len(sets) < len(found) if all_sizes else None,
            bool(certain & ~_any(sets.values())),
            frozenset(question for answers in found for question, _ in answers),
        )

    def _smallest(self, possible: int, reached: int, questions: Mapping[Question, int], most: int) -> dict[Answers, int]:
        """Every consistent set of up to `most` answers that settles and has no part that does, with the completions left."""
        names, found = list(questions), dict[Answers, int]()
        waiting: list[tuple[Answers, int, int]] = [(frozenset(), 0, possible)]
        for size in range(most + 1):
            following = []
            for answers, start, left in waiting:
                if not left & ~reached:
                    found[answers] = left
                    continue
                for index in range(start, len(names) if size < most else 0):
                    for answer in (True, False):
                        yes = questions[names[index]]
                        rest = left & (yes if answer else ~yes)
                        if rest:
                            following.append((answers | {(names[index], answer)}, index + 1, rest))
            waiting = [one for one in following if not any(answers <= one[0] for answers in found)]
        return found


def _state(possible: int, gate: int, whole: int) -> str:
    if not possible & gate:
        return "not-applicable"
    if not possible & ~whole:
        return "made-out"
    return "open" if possible & whole else "not-made-out"


def _facts(constraint: Constraint) -> Iterator[str]:
    pending = list(constraint.parts)
    while pending:
        node = pending.pop()
        pending += node.children
        if node.op is Op.FACT:
            yield node.name


def _all(columns: Iterable[int], everything: int) -> int:
    found = everything
    for column in columns:
        found &= column
    return found


def _any(columns: Iterable[int]) -> int:
    found = 0
    for column in columns:
        found |= column
    return found
