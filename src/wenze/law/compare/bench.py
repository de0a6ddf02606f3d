"""Both laws on any case of one size, in one store: where a conclusion has which state, and what is possible at all."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import Any, NamedTuple  # Any: facts and comparisons of ranks are mentioned together

from wenze.law.case import FactKey
from wenze.law.compare.anything import ACT, Anything, Given, Size, Variable, complete_lists
from wenze.law.compare.difference import ABSENT, MADE, NEVER, OUT, Example
from wenze.law.compare.records import Records
from wenze.law.compare.search import Search
from wenze.law.decide import FALSE, Diagrams
from wenze.law.expect import functions_of
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.variables import Function, Here, ReadingOf

NOTHING = Function(FALSE, frozenset())


class Side(NamedTuple):
    law: Law  # readings that are not varied are put to the option in force
    case: Anything
    given: Given
    options: Mapping[str, str]


class Bench:
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

        def side(index: int) -> Side:
            def named(rule: str) -> str:
                return ("old", "new")[index] if differs(rule) else ""

            law, chosen = laws[index], options[index]
            given = Given(law, size, chosen, self.formulas, named)
            return Side(law, Anything(law, size, chosen, self.formulas), given, chosen)

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

    def states(self, side: Side, name: str, chosen: bool, case: Anything | None = None) -> dict[str, Function]:
        """Where a conclusion is made out, not made out, not applicable: under the readings in force, or any."""
        f = self.formulas
        found = functions_of(case or side.case, name, "R1", ACT)
        if found is None:
            return {ABSENT: Function(1, frozenset())}
        gate, whole = (chosen_of(side, one) if chosen else one for one in found)
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

    def _constrained(self, side: Side, mentions: frozenset[Any]) -> tuple[int, ...]:
        known = frozenset(key for key in mentions if not isinstance(key, FactKey) or key.name in side.law.facts)
        return side.case.constrained(Function(0, known))

    def both(self, *functions: Function) -> Function:
        node = self.formulas.all(function.node for function in functions)
        return Function(node, frozenset[Any]().union(*(function.mentions for function in functions)))

    def can(self, function: Function) -> bool:
        return self.search.can(function.node, self.possible(function)) if function.node != FALSE else False

    def example(self, function: Function) -> Example:
        return Example(self.size, self.search.example(function.node, self.possible(function)))


def up_to(enough: Size) -> tuple[Size, ...]:
    """All sizes that can matter, the smallest first: no event at all is like no number of events, and one more may
    stand beside every other as if it were the same; of participants one may be asked for besides oneself."""
    numbers = sorted({0, min(1, enough.events), min(2, enough.events), enough.events})
    sizes = {Size(people, count) for people in range(1, enough.participants + 1) for count in numbers}
    return tuple(sorted(sizes, key=lambda size: (sum(size), size)))


def chosen_of(side: Side, function: Function) -> Function:
    return Function(side.case.choose(function.node, side.options), function.mentions)


def negated(bench: Bench, function: Function) -> Function:
    return Function(bench.formulas.negate(function.node), function.mentions)


def broken(bench: Bench, kind: str, parts: list[Function]) -> Function:
    f = bench.formulas
    nodes = [part.node for part in parts]
    if kind == "implies":
        node = f.both(nodes[0], f.negate(nodes[1]))
    else:
        node = f.all(nodes) if kind == "exclusive" else f.at_least(2, nodes)
    return Function(node, frozenset[Any]().union(*(part.mentions for part in parts)))


def kind_of(law: Law, name: str) -> str:
    rule, _, exception = name.partition("/")
    if exception:
        return law.exceptions[exception].replaced_by if exception in law.exceptions else ABSENT
    return law.rules[rule].conclusion.kind


def modality_is(bench: Bench, side: Side, name: str, wanted: str) -> Function:
    """That a modality applies: the first whose definition holds, else the rule's own."""
    conclusion = side.law.rules[name.partition("/")[0]].conclusion
    here = Here("R1", ACT)
    earlier: list[Function] = []
    ways: list[Function] = []
    for modality, definition, _ in conclusion.otherwise:
        condition = chosen_of(side, side.case.ground(side.law.definitions[definition].condition, here))
        if modality == wanted:
            ways.append(bench.both(condition, *earlier))
        earlier.append(negated(bench, condition))
    if conclusion.modality == wanted:
        ways.append(bench.both(*earlier) if earlier else Function(1, frozenset()))
    mentions = frozenset[Any]().union(*(way.mentions for way in ways))
    return Function(bench.formulas.any(way.node for way in ways), mentions)
