"""Two versions of a law, or two settings of its readings: which conclusions can come out differently, with an example.

What is compared is what follows from facts as they are: every question answered, every list complete. If the two agree
there, they agree in every case, however little of it is known. Facts are matched by name, what is read from records by
what is read, rules and readings by id. Conclusions are compared under the readings in force on each side, then under
every other setting of the readings both have. Knows no file and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from functools import cached_property
from typing import Any, NamedTuple  # Any: shapes of every kind are compared

from wenze.law.anything import (
    ACT,
    asking_rules,
    Answers,
    Anything,
    Given,
    Held,
    Read,
    Records,
    Search,
    Size,
    Variable,
    complete_lists,
    respondents,
)
from wenze.law.case import FactKey
from wenze.law.decide import FALSE, Diagrams, TooLarge, deep
from wenze.law.expect import functions_of, replacements
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.rules import Bilingual, Fact, Node, Op, Place
from wenze.law.tree import leaves
from wenze.law.variables import Function, Here, ReadingOf
from wenze.law.lint.walk import Block, put, rests_on, trees, with_tree

MOST = Size(4, 4)  # more participants or events than this are not tried; `Comparison.exact` says where that may matter
_SMALL = (Size(1, 0), Size(1, 1), Size(2, 0), Size(2, 1), Size(1, 2), Size(2, 2), Size(3, 2))
_ASKING = (Size(1, 0), Size(1, 1), Size(2, 1))  # for rules that ask whether others hold
_BUDGET = 4_000_000
_SMALL_BUDGET = 150_000  # nodes for each rule that asks for others: what is larger is said to be left open
_NOTHING = Function(FALSE, frozenset())

MADE, OUT, NEVER, ABSENT = "made-out", "not-made-out", "not-applicable", "absent"


class Example(NamedTuple):
    """A case in which something comes out differently: its size, and the answers that suffice for it.

    `rest`: "any" where every other question may be answered either way; "no" where they are answered no.
    """

    size: Size
    answers: Answers
    rest: str = "any"


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which a conclusion can come out differently.

    `name`: a rule, `RULE/EXCEPTION` for what takes its place, a note or a guard. `what`: state, kind, modality, note or
    guard. `by`: "in-force" for the readings in force on each side, "other-readings" where only another setting of the
    readings shows it. `own`: the rule's own conditions differ; otherwise it follows from `through`.
    """

    name: str
    what: str
    before: str
    after: str
    by: str
    own: bool
    through: tuple[str, ...]
    example: Example


@dataclass(frozen=True, slots=True)
class Declared:
    """Something declared differently: `kind` of block, its name, "added", "removed" or "changed" and in which parts.

    `rules`: the rules that rest on it.
    """

    kind: str
    name: str
    how: str
    parts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """Cases that only one side's constraints exclude ("the facts contradict"), and the conclusions that speak of them."""

    constraint: str
    by: str  # "old" or "new"
    rules: tuple[str, ...]
    example: Example


@dataclass(frozen=True)
class Comparison:
    """What two laws, or two settings of one law, conclude differently."""

    old: Law
    new: Law
    old_options: Mapping[str, str]
    new_options: Mapping[str, str]
    changes: tuple[Change, ...]
    excluded: tuple[Excluded, ...]
    declared: tuple[Declared, ...]
    bounded: Mapping[str, Size]  # conclusions for which larger cases than this were not tried and might matter
    undecided: tuple[tuple[str, str, str], ...]  # (rule, before, after) neither shown by a case nor excluded
    unmatched: tuple[str, ...]  # readings that only one side has, or whose options in force differ in name: not varied

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules with some change, in the order of the text."""
        return tuple(dict.fromkeys(change.name for change in self.changes))


def compare(old: Law, new: Law, old_options: Mapping[str, str], new_options: Mapping[str, str]) -> Comparison:
    """Every conclusion, note and guard that can come out differently. The options are those in force on each side."""
    with deep():
        made = _Comparing(old, new, old_options, new_options)
        changes = tuple(change for name in made.names for change in made.found(name))
        changes += tuple(made.remarks())
        excluded = tuple(made.excluded())
        declared = tuple(_declared(old, new, old_options, new_options))
        return Comparison(
            old,
            new,
            old_options,
            new_options,
            changes,
            excluded,
            declared,
            tuple(made.bounded),
            tuple(made.undecided),
            made.unmatched,
        )


class _Side(NamedTuple):
    law: Law  # readings that are not varied are put to the option in force
    case: Anything
    given: Given
    options: Mapping[str, str]


class _Bench:
    """Both laws on any case of one size, in one store."""

    def __init__(
        self,
        laws: tuple[Law, Law],
        options: tuple[Mapping[str, str], Mapping[str, str]],
        size: Size,
        differs: Callable[[str], bool],
        budget: int,
    ) -> None:
        self.size = size
        self.formulas = Formulas(Diagrams(budget))

        def side(index: int) -> _Side:
            def named(rule: str) -> str:
                return ("old", "new")[index] if differs(rule) else ""

            law, chosen = laws[index], options[index]
            given = Given(law, size, chosen, self.formulas, named)
            return _Side(law, Anything(law, size, chosen, self.formulas), given, chosen)

        self.sides = (side(0), side(1))
        self._records = Records(laws, self.formulas)
        self._lists = complete_lists(laws[0]) | complete_lists(laws[1])
        self.search = Search(self.formulas, self._values)

    def _values(self, name: Variable) -> tuple[int, ...]:
        if isinstance(name, ReadingOf):
            first, law = self.sides[0].options[name.reading], self.sides[0].law
            ids = law.readings[name.reading].option_ids
            return (ids.index(first), *(index for index, id_ in enumerate(ids) if id_ != first))
        return (1, 0) if isinstance(name, FactKey) and name.name in self._lists else (0, 1)

    def value(self, name: Variable) -> int:
        """The answer that says least: no, except that lists are complete and readings as they are in force."""
        return self._values(name)[0]

    def states(self, side: _Side, name: str, chosen: bool, case: Anything | None = None) -> dict[str, Function]:
        """Where a conclusion is made out, not made out, not applicable: under the readings in force, or any."""
        f = self.formulas
        found = functions_of(case or side.case, name, "R1", ACT)
        if found is None:
            return {ABSENT: Function(1, frozenset())}
        gate, whole = (_chosen(side, one) if chosen else one for one in found)
        mentions = gate.mentions | whole.mentions
        return {
            MADE: Function(f.both(gate.node, whole.node), mentions),
            OUT: Function(f.both(gate.node, f.negate(whole.node)), mentions),
            NEVER: Function(f.negate(gate.node), mentions),
        }

    def possible(self, *functions: Function, sides: tuple[int, ...] = (0, 1)) -> tuple[int, ...]:
        """What both laws allow, and what records can be, for what the functions speak of."""
        f = self.formulas
        mentions = frozenset[Any]().union(*(function.mentions for function in functions))
        near = [one for index in sides for one in self._constrained(self.sides[index], mentions)]
        names: dict[Hashable, None] = {}
        for node in (*(function.node for function in functions), *near):
            names |= dict.fromkeys(f.names(node))
        while records := [one for one in self._records.possible(names) if not set(f.names(one)) <= names.keys()]:
            names |= dict.fromkeys(name for one in records for name in f.names(one))
        return f.apart([*near, *self._records.possible(names)])

    def _constrained(self, side: _Side, mentions: frozenset[Any]) -> tuple[int, ...]:
        known = frozenset(key for key in mentions if not isinstance(key, FactKey) or key.name in side.law.facts)
        return side.case.constrained(Function(0, known))

    def both(self, *functions: Function) -> Function:
        node = self.formulas.all(function.node for function in functions)
        return Function(node, frozenset[Any]().union(*(function.mentions for function in functions)))

    def can(self, function: Function) -> bool:
        return self.search.can(function.node, self.possible(function)) if function.node != FALSE else False

    def example(self, function: Function) -> Example:
        return Example(self.size, self.search.example(function.node, self.possible(function)))


def _chosen(side: _Side, function: Function) -> Function:
    return Function(side.case.choose(function.node, side.options), function.mentions)


class _Comparing:
    """Everything that is compared, from the whole to the smallest example."""

    def __init__(self, old: Law, new: Law, old_options: Mapping[str, str], new_options: Mapping[str, str]) -> None:
        shared, self.unmatched = _shared(old, new, old_options, new_options)
        self._options = (old_options, new_options)
        self._laws = (_pinned(old, old_options, shared), _pinned(new, new_options, shared))
        self._varied = bool(shared) and old is not new
        self._signs = tuple(_Signs(law) for law in self._laws)
        self._in_force = tuple(
            _Signs(_pinned(law, options, {})) for law, options in zip(self._laws, self._options, strict=True)
        )
        self._benches: dict[tuple[Size, bool], _Bench] = {}
        self._found: dict[str, tuple[Change, ...]] = {}
        self.bounded: dict[str, Size] = {}
        self.undecided: dict[tuple[str, str, str], None] = {}

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Rules and what takes their place, of either law, in the order of the text."""
        found: dict[str, None] = {}
        for law in reversed(self._laws):
            for rule in law.rules:
                found[rule] = None
                found |= {f"{one}/{exception}": None for one, exception in replacements(law) if one == rule}
        return tuple(found)

    def bench(self, size: Size, asking: bool = False) -> _Bench:
        """The bench of a size; for a rule that asks for others one of its own, since their functions are large."""
        key = (size, asking)
        if key not in self._benches:
            self._benches[key] = _Bench(
                self._laws, self._options, size, self._differs, _SMALL_BUDGET if asking else _BUDGET
            )
        return self._benches[key]

    def _differs(self, rule: str) -> bool:
        """Whether a rule, with all it leads to, differs."""
        if not all(rule in law.rules for law in self._laws):
            return True
        block = Block("rule", rule)
        return self._signs[0].of(block) != self._signs[1].of(block) or (
            self._in_force[0].of(block) != self._in_force[1].of(block)
        )

    # Rules

    def found(self, name: str) -> tuple[Change, ...]:
        """The changes of one conclusion; those of the rules it asks for are found before."""
        if name not in self._found:
            self._found[name] = tuple(self._changes(name))
        return self._found[name]

    def _changes(self, name: str) -> Iterator[Change]:
        block = Block("rule", name.partition("/")[0])
        if not all(functions for functions in self._known(name)):
            yield from self._one_sided(name)
            return
        own = self._own(block)
        through = self._through(block)
        seen = set[tuple[str, str]]()
        for chosen, by, signs in ((True, "in-force", self._in_force), (False, "other-readings", self._signs)):
            if signs[0].of(block) == signs[1].of(block) or (not chosen and not self._varied):
                continue
            look = self._searched if self._asking(name) else self._proven
            for before, after, example in look(name, chosen):
                if (before, after) not in seen:
                    seen.add((before, after))
                    yield Change(name, "state", before, after, by, own, () if own else through, example)
        yield from self._consequences(name, own, () if own else through)

    def _known(self, name: str) -> list[bool]:
        rule, _, exception = name.partition("/")
        return [rule in law.rules and (not exception or (rule, exception) in replacements(law)) for law in self._laws]

    def _one_sided(self, name: str) -> Iterator[Change]:
        side = self._known(name).index(True)
        for size in (*_SMALL, MOST):
            bench = self.bench(size)
            made = bench.states(bench.sides[side], name, True)
            if MADE in made and bench.can(made[MADE]):
                before, after = (MADE, ABSENT) if side == 0 else (ABSENT, MADE)
                yield Change(name, "state", before, after, "in-force", True, (), bench.example(made[MADE]))
                return

    def _own(self, block: Block) -> bool:
        """Whether the rule differs in itself, not only in rules whose holding it asks for."""
        return self._in_force[0].own(block) != self._in_force[1].own(block) or (
            self._signs[0].own(block) != self._signs[1].own(block)
        )

    def _through(self, block: Block) -> tuple[str, ...]:
        """The rules that differ in themselves on which a rule rests."""
        below = {one for law in self._laws for one in rests_on(law)[block] if one.kind == "rule"}
        shared = [one for one in self.names if Block("rule", one) in below and one in self._laws[0].rules]
        return tuple(
            one for one in shared if one in self._laws[1].rules and one != block.id and self._own(Block("rule", one))
        ) + tuple(one for one in self.names if Block("rule", one) in below and one not in shared)

    def _asking(self, name: str) -> bool:
        return any(name.partition("/")[0] in asking_rules(law) for law in self._laws)

    def _proven(self, name: str, chosen: bool) -> Iterator[tuple[str, str, Example]]:
        """The ways in which a rule that asks for no other can come out differently: all there are in cases so large that
        more cannot matter, each with an example of the smallest size."""
        enough = self._enough(Block("rule", name.partition("/")[0]))
        for before, after in self._pairs(self.bench(enough), name, chosen):
            if self.bench(enough).can(self._between(self.bench(enough), name, (before, after), chosen)):
                for bench in map(self.bench, (*_SMALL, enough)):
                    both = self._between(bench, name, (before, after), chosen)
                    if bench.can(both):
                        yield before, after, bench.example(both)
                        break

    def _searched(self, name: str, chosen: bool) -> Iterator[tuple[str, str, Example]]:
        """The same for a rule that asks for others: shown by a case, excluded because even with the others holding or
        not at will it cannot be, or left undecided."""
        self._forget_large()
        decided = _ASKING[-1]
        for pair in self._pairs(self.bench(_ASKING[0], asking=True), name, chosen):
            open_ = False
            for size in _ASKING:
                try:
                    bench = self.bench(size, asking=True)
                    given = self._as_found(bench, self._between(bench, name, pair, chosen, given=True))
                    possible = bench.can(given)
                    example = self._realised(bench, given, name, pair, chosen) if possible else None
                except TooLarge:
                    self._forget_large()
                    decided = min(decided, _ASKING[_ASKING.index(size) - 1])
                    break
                if example:
                    yield *pair, example
                    break
                open_ |= possible
            else:
                if open_:
                    self.undecided[name, *pair] = None
        self.bounded[name] = decided

    def _forget_large(self) -> None:
        self._benches = {key: bench for key, bench in self._benches.items() if not key[1]}

    def _pairs(self, bench: _Bench, name: str, chosen: bool) -> tuple[tuple[str, str], ...]:
        """The states that can follow one another; whether a rule applies cannot change where its gate does not."""
        old, new = (bench.states(side, name, chosen) for side in bench.sides)
        gate_stays = old.get(NEVER, _NOTHING).node == new.get(NEVER, _NOTHING).node
        return tuple(
            (before, after)
            for before in old
            for after in new
            if before != after and not (gate_stays and NEVER in (before, after))
        )

    def _between(self, bench: _Bench, name: str, pair: tuple[str, str], chosen: bool, given: bool = False) -> Function:
        """Where a conclusion has one state on the old side and another on the new."""
        old, new = (bench.states(side, name, chosen, side.given if given else None) for side in bench.sides)
        return bench.both(old[pair[0]], new[pair[1]])

    def _as_found(self, bench: _Bench, both: Function) -> Function:
        """With the rules asked for differing only in the ways they were found to."""
        f = bench.formulas
        parts = [both.node]
        for one in f.names(both.node):
            if isinstance(one, Held) and one.side == "old":
                twin = f.literal(one._replace(side="new"))
                ways = {(change.before == MADE, change.after == MADE) for change in self.found(one.rule)}
                ways |= {(a == MADE, b == MADE) for rule, a, b in self.undecided if rule == one.rule}
                if (True, False) not in ways:
                    parts.append(f.either(f.negate(f.literal(one)), twin))
                if (False, True) not in ways:
                    parts.append(f.either(f.negate(twin), f.literal(one)))
        return Function(f.all(parts), both.mentions)

    def _realised(
        self, bench: _Bench, both: Function, name: str, states: tuple[str, str], chosen: bool
    ) -> Example | None:
        """A case with the rules asked for made out, or not, by facts: those of the examples of the rules that differ,
        everything that says nothing of the rule or of those that have to hold being answered no."""
        asked = bench.search.witness(both.node, bench.possible(both))
        holding = {one.rule for one, value in asked.items() if isinstance(one, Held) and value}
        near = self._near(bench, both, holding)
        full = self._between(bench, name, states, chosen)
        within = bench.possible(full)
        for seed in self._seeds(bench, asked):
            known = seed | self._as_in_force(bench, full, seed)
            known |= {
                one: bench.value(one)
                for one in dict.fromkeys(name for node in (full.node, *within) for name in bench.formulas.names(node))
                if isinstance(one, FactKey) and one not in near and one not in known
            }
            state = bench.search.given(full.node, within, known)
            guess = {one: value for one, value in asked.items() if one not in known and not isinstance(one, Held)}
            found = bench.search.fewest(*state, guess)
            if found is not None:
                return Example(bench.size, seed | found, "no")
        return None

    def _near(self, bench: _Bench, both: Function, holding: set[str]) -> frozenset[Hashable]:
        """The questions of the rule itself and of rules that have to hold."""
        names = set(bench.formulas.names(both.node))
        for side in bench.sides:
            for rule in holding & side.law.rules.keys():
                for respondent in respondents(bench.size):
                    _, whole = side.case.conclusion(side.law.rules[rule], respondent, ACT)
                    names |= set(bench.formulas.names(whole.node))
        return frozenset(names)

    def _seeds(self, bench: _Bench, asked: Answers) -> Iterator[Answers]:
        """What is known of cases in which the rules asked for come out differently."""
        differing = dict.fromkeys(one.rule for one in asked if isinstance(one, Held) and one.side)
        for rule in differing:
            for change in self.found(rule):
                small = change.example.size
                if change.what == "state" and small.participants <= bench.size.participants:
                    if small.events <= bench.size.events:
                        yield {one: value for one, value in change.example.answers.items() if not isinstance(one, Read)}
        yield {}

    def _as_in_force(self, bench: _Bench, full: Function, answers: Answers) -> Answers:
        """Every reading of which the answers say nothing, as it is in force."""
        names = [one for one in bench.formulas.names(full.node) if isinstance(one, ReadingOf)]
        return {one: bench.value(one) for one in names if one not in answers}

    def _enough(self, block: Block) -> Size:
        """So many participants and events that more cannot matter: one for each condition that looks for one, of those
        the two laws have together; at most MOST."""
        wanted = [1, 0]
        seen: set[Hashable] = set()
        for law, signs in zip(self._laws, self._signs, strict=True):
            roots = trees(law)
            for below in rests_on(law)[block]:
                for node in leaves(roots[below]):
                    sign = signs.node(node)
                    if (node.over or node.op in {Op.HIGHEST, Op.LAST}) and sign not in seen:
                        seen.add(sign)
                        wanted[node.over == "events"] += 2 if node.except_self else 1
        if wanted[0] > MOST.participants or wanted[1] > MOST.events:
            self.bounded[block.id] = MOST
        return Size(min(wanted[0], MOST.participants), min(max(wanted[1], 0), MOST.events))

    def _consequences(self, name: str, own: bool, through: tuple[str, ...]) -> Iterator[Change]:
        """What follows where the rule is made out on both sides: the kind, and the modality."""
        rules = [law.rules[name.partition("/")[0]] for law in self._laws]
        conclusions = [rule.conclusion for rule in rules]
        kinds = [_kind(law, name) for law in self._laws]
        if kinds[0] != kinds[1]:
            yield from self._differing(name, "kind", *[{kind: ()} for kind in kinds])
        modal = [
            [(m, self._in_force[i].definition(d)) for m, d, _ in one.otherwise] for i, one in enumerate(conclusions)
        ]
        if modal[0] != modal[1] or conclusions[0].modality != conclusions[1].modality:
            tables = [{**{m: () for m, _, _ in one.otherwise}, one.modality: ()} for one in conclusions]
            yield from self._differing(name, "modality", tables[0], tables[1])

    def _differing(self, name: str, what: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
        own = self._own(Block("rule", name.partition("/")[0]))
        for before in old:
            for after in new:
                if before == after:
                    continue
                for size in (*_SMALL, self._enough(Block("rule", name.partition("/")[0]))):
                    bench = self.bench(size)
                    parts = []
                    for side, value in zip(bench.sides, (before, after), strict=True):
                        parts.append(bench.states(side, name, True).get(MADE, Function(FALSE, frozenset())))
                        if what == "modality":
                            parts.append(_modality(bench, side, name, value))
                    both = bench.both(*parts)
                    if bench.can(both):
                        yield Change(name, what, before, after, "in-force", own, (), bench.example(both))
                        break

    # Notes and guards

    def remarks(self) -> Iterator[Change]:
        """Notes and guards whose condition differs. Whether a note is shown also follows from what it is about."""
        for kind in ("note", "guard"):
            ids = [id_ for law in self._laws for id_ in (law.notes if kind == "note" else law.guards)]
            for id_ in dict.fromkeys(ids):
                block = Block(kind, id_)
                if any(block not in trees(law) for law in self._laws):
                    continue  # declared
                for chosen, by, signs in ((True, "in-force", self._in_force), (False, "other-readings", self._signs)):
                    if signs[0].of(block) != signs[1].of(block) and (chosen or self._varied):
                        found = list(self._remark(block, chosen, by))
                        yield from found
                        if found:
                            break

    def _remark(self, block: Block, chosen: bool, by: str) -> Iterator[Change]:
        for before, after in (("yes", "no"), ("no", "yes")):
            for size in (*_SMALL, self._enough(block)):
                bench = self.bench(size)
                parts = []
                for side, value in zip(bench.sides, (before, after), strict=True):
                    root = trees(side.law)[block]
                    function = side.case.ground(root, Here("R1", ACT))
                    function = _chosen(side, function) if chosen else function
                    parts.append(function if value == "yes" else _negated(bench, function))
                both = bench.both(*parts)
                if bench.can(both):
                    yield Change(block.id, block.kind, before, after, by, True, (), bench.example(both))
                    break

    # Constraints

    def excluded(self) -> Iterator[Excluded]:
        """Constraints of one side that the other side does not have in this form, where they exclude more cases."""
        tables = [{one.id: one for one in law.constraints} for law in self._laws]
        for index, by in enumerate(("old", "new")):
            other = 1 - index
            for id_, constraint in tables[index].items():
                if id_ in tables[other] and same(constraint, tables[other][id_]):
                    continue
                bench = self.bench(Size(2, 2))
                side = bench.sides[index]
                parts = [side.case.ground(part, Here("R1", ACT, "V1")) for part in constraint.parts]
                against = _broken(bench, constraint.kind, parts)
                possible = bench.possible(against, sides=(other,))
                if bench.search.can(against.node, possible):
                    example = Example(bench.size, bench.search.example(against.node, possible))
                    yield Excluded(id_, by, tuple(self._bound(bench)), example)

    def _bound(self, bench: _Bench) -> Iterator[str]:
        """The conclusions for which the two sides' constraints allow different cases."""
        for name in self.names:
            found = [functions_of(side.case, name, "R1", ACT) for side in bench.sides]
            mentions = [gate.mentions | whole.mentions for pair in found if pair for gate, whole in [pair]]
            function = Function(1, frozenset[Any]().union(*mentions))
            allowed = [bench.formulas.all(bench.possible(function, sides=(index,))) for index in (0, 1)]
            if allowed[0] != allowed[1] and any(
                bench.search.can(bench.formulas.both(allowed[one], bench.formulas.negate(allowed[1 - one])), ())
                for one in (0, 1)
            ):
                yield name


def _negated(bench: _Bench, function: Function) -> Function:
    return Function(bench.formulas.negate(function.node), function.mentions)


def _broken(bench: _Bench, kind: str, parts: list[Function]) -> Function:
    f = bench.formulas
    nodes = [part.node for part in parts]
    if kind == "implies":
        node = f.both(nodes[0], f.negate(nodes[1]))
    else:
        node = f.all(nodes) if kind == "exclusive" else f.at_least(2, nodes)
    return Function(node, frozenset[Any]().union(*(part.mentions for part in parts)))


def _kind(law: Law, name: str) -> str:
    rule, _, exception = name.partition("/")
    if exception:
        return law.exceptions[exception].replaced_by if exception in law.exceptions else ABSENT
    return law.rules[rule].conclusion.kind


def _modality(bench: _Bench, side: _Side, name: str, wanted: str) -> Function:
    """That a modality applies: the first whose definition holds, else the rule's own."""
    conclusion = side.law.rules[name.partition("/")[0]].conclusion
    here = Here("R1", ACT)
    earlier: list[Function] = []
    ways: list[Function] = []
    for modality, definition, _ in conclusion.otherwise:
        condition = _chosen(side, side.case.ground(side.law.definitions[definition].condition, here))
        if modality == wanted:
            ways.append(bench.both(condition, *earlier))
        earlier.append(_negated(bench, condition))
    if conclusion.modality == wanted:
        ways.append(bench.both(*earlier) if earlier else Function(1, frozenset()))
    mentions = frozenset[Any]().union(*(way.mentions for way in ways))
    return Function(bench.formulas.any(way.node for way in ways), mentions)


# Readings


def _shared(
    old: Law, new: Law, old_options: Mapping[str, str], new_options: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The readings both laws can be read by, with the options both know; and those that are left as they are in force."""
    shared, unmatched = {}, []
    for id_ in dict.fromkeys((*old.readings, *new.readings)):
        options: tuple[str, ...] = ()
        if id_ in old.readings and id_ in new.readings:
            options = tuple(one for one in old.readings[id_].option_ids if one in new.readings[id_].option_ids)
        if len(options) > 1 and old_options[id_] in options and new_options[id_] in options:
            shared[id_] = options
        else:
            unmatched.append(id_)
    return shared, tuple(unmatched)


def _pinned(law: Law, options: Mapping[str, str], varied: Mapping[str, tuple[str, ...]]) -> Law:
    """The law with every reading that is not varied read as in force, and the varied ones with the shared options."""
    for block, root in trees(law).items():
        changed = _read(root, options, varied)
        if changed is not root:
            law = with_tree(law, block, changed)
    readings = {
        id_: replace(reading, options=tuple((one, dict(reading.options)[one]) for one in varied[id_]))
        for id_, reading in law.readings.items()
        if id_ in varied
    }
    return replace(law, readings={**law.readings, **readings})


def _read(node: Node, options: Mapping[str, str], varied: Mapping[str, tuple[str, ...]]) -> Node:
    if node.op is Op.CHOOSE and node.name not in varied:
        return _read(node.children[node.options.index(options[node.name])], options, varied)
    children = tuple(_read(child, options, varied) for child in node.children)
    if node.op is Op.CHOOSE:
        by_option = dict(zip(node.options, children, strict=True))
        children = tuple(by_option[option] for option in varied[node.name])
        return replace(node, children=children, options=varied[node.name])
    return (
        node
        if all(one is other for one, other in zip(children, node.children, strict=True))
        else replace(node, children=children)
    )


# Shapes


class _Signs:
    """What a block says, without its place and its words: two blocks with the same sign mean the same."""

    def __init__(self, law: Law) -> None:
        self._law = law
        self._trees = trees(law)
        self._known: dict[tuple[Block, bool], Hashable] = {}

    def of(self, block: Block) -> Hashable:
        """With everything it leads to."""
        return self._sign(block, True)

    def own(self, block: Block) -> Hashable:
        """With its definitions, gates and exceptions, and the names of the rules it asks for."""
        return self._sign(block, False)

    def definition(self, name: str) -> Hashable:
        return self._sign(Block("define", name), True)

    def node(self, node: Node) -> Hashable:
        return self._node(node, True)

    def _sign(self, block: Block, deep_: bool) -> Hashable:
        key = (block, deep_)
        if key not in self._known:
            law, around = self._law, tuple[Hashable, ...]()
            if block.kind == "rule":
                rule = law.rules[block.id]
                around = (rule.scope, *(self._sign(Block("define", gate.name), deep_) for gate in rule.gates))
            if block.kind == "exception":
                around = (law.exceptions[block.id].scope, bool(law.exceptions[block.id].replaced_by))
            if block.kind in {"rule", "exception"}:
                relief = law.overriding.get(block.id, ())
                around += tuple((one.id, self._sign(Block("exception", one.id), deep_)) for one in relief)
            self._known[key] = (self._node(self._trees[block], deep_), around)
        return self._known[key]

    def _node(self, node: Node, deep_: bool) -> Hashable:
        name: Hashable = node.name
        if node.op is Op.FACT:
            name = self._fact(node.name)
        elif node.op is Op.SEE:
            return self._sign(Block("define", node.name), deep_)
        elif node.op is Op.HOLDS:
            rules = self._law.rules_of[node.name]
            name = tuple((rule, self._sign(Block("rule", rule), True) if deep_ else "") for rule in rules)
        complete = self._fact(node.complete) if node.complete else ""
        children = tuple(self._node(child, deep_) for child in node.children)
        return (node.op, name, node.options, node.count, node.over, node.except_self, complete, children)

    def _fact(self, name: str) -> Hashable:
        fact = self._law.facts[name]
        return (name if fact.source is None else "", fact.scope, fact.source)


def same(one: Any, other: Any) -> bool:
    """Whether two shapes say the same, wherever they are written."""
    if isinstance(one, Place) and isinstance(other, Place):
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one) and type(one) is type(other):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))
    return bool(one == other)


# What is declared


_TABLES = {
    "article": "articles",
    "vocabulary": "vocabularies",
    "fact": "facts",
    "define": "definitions",
    "rule": "rules",
    "reading": "readings",
    "exception": "exceptions",
    "note": "notes",
    "guard": "guards",
    "duty-source": "duty_sources",
}
_UNSAID = {"condition", "place", "conclusion"}  # said by the changes they make


def _declared(old: Law, new: Law, old_options: Mapping[str, str], new_options: Mapping[str, str]) -> Iterator[Declared]:
    """What is added, removed or declared differently, apart from conditions."""
    for kind, attribute in _TABLES.items():
        tables = [getattr(law, attribute) for law in (old, new)]
        yield from _between(kind, tables[0], tables[1], old, new)
    constraints = [{one.id: one for one in law.constraints} for law in (old, new)]
    yield from _between("constraint", constraints[0], constraints[1], old, new)
    for id_ in old_options.keys() & new_options.keys():
        if old_options[id_] != new_options[id_]:
            how = f"{old_options[id_]} → {new_options[id_]}"
            yield Declared("reading", id_, "in-force", (how,), _resting(new, "reading", id_))


def _between(kind: str, old: Mapping[str, Any], new: Mapping[str, Any], one: Law, other: Law) -> Iterator[Declared]:
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield Declared(kind, name, "removed", (), _resting(one, kind, name))
        elif name not in old:
            yield Declared(kind, name, "added", (), _resting(other, kind, name))
        else:
            parts = tuple(
                each.name
                for each in fields(old[name])
                if each.name not in _UNSAID and not same(getattr(old[name], each.name), getattr(new[name], each.name))
            )
            if parts:
                yield Declared(kind, name, "changed", parts, _resting(other, kind, name))


def _resting(law: Law, kind: str, name: str) -> tuple[str, ...]:
    """The rules that rest on a fact, definition, reading or exception."""
    if kind not in {"fact", "define", "reading", "exception"}:
        return ()
    roots = trees(law)
    asked = {"fact": Op.FACT, "reading": Op.CHOOSE}.get(kind)
    holding = {
        block
        for block, root in roots.items()
        for node in leaves(root)
        if (asked and node.op is asked and node.name == name) or (kind == "fact" and node.complete == name)
    } | ({Block(kind, name)} if asked is None else set())
    return tuple(
        block.id for block, below in rests_on(law).items() if block.kind == "rule" and not holding.isdisjoint(below)
    )
