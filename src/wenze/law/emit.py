"""Law and shape → code on planes: every conclusion for every participant of an act, for as many acts at once as a plane has bits.

The code is that of `written`, unfolded: what an expression says in planes is known to `lanes` alone. Here stands what is asked of it: the
states under the options in force, and whether they are the same under all. Results are those of `Outcome`, case by case; where the code
cannot be sure it says so.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from wenze.law.case import FactKey
from wenze.law.clauses import Clause, implicates
from wenze.law.condense import Condenser
from wenze.law.decide import deep
from wenze.law.halves import Pair, Premises, unfolded
from wenze.law.instrument import Law
from wenze.law.planes import ALWAYS, NEVER, Code, Planes
from wenze.law.shape import Given, Layout, Shape, Target, targets
from wenze.law.spread import Spreader, Way
from wenze.law.variables import Function
from wenze.law.written import Asking, Written, gate_and_whole

Clauses = frozenset[Clause]


class Said(NamedTuple):
    """What is said of one conclusion, a plane each. Nowhere of the first four: open.

    `never` not applicable, `made` made out, `out` not made out, `clash` the facts contradict, `gate` not made out whatever the gate is,
    `robust` depends on no reading; `doubt` the state, `unsure` the robustness is not decided here: the evaluation of the single case knows.
    """

    never: int
    made: int
    out: int
    clash: int
    gate: int
    robust: int
    doubt: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Program:
    """The code of one shape under some options. `asked`: in the order of the outputs, which are those of `Said` for each.

    Its inputs are each an `Input`.
    """

    shape: Shape
    code: Code
    asked: tuple[Asking, ...]

    def said(self, index: int) -> Said:
        """The planes of what is asked at `index`."""
        size = len(Said._fields)
        return Said(*self.code.outputs[size * index : size * index + size])


def emit(law: Law, shape: Shape, options: Mapping[str, str]) -> Program:
    """The program of a shape under the options of the readings in force."""
    with deep():
        return Emitter(law, shape, options).program(targets(law), robust=True)


def emit_states(law: Law, shape: Shape, options: Mapping[str, str]) -> Program:
    """The program without robustness, which nobody asks of options that are not in force; `robust` and `unsure` are never."""
    with deep():
        return Emitter(law, shape, options).program(targets(law), robust=False)


class Spread(NamedTuple):
    """Where a condition must hold under all and under some choice of options, and where it cannot. Not `exact`: "all" may be
    too small and "some" too large; not `told`: "some" may be too small, too."""

    every: Pair
    some: Pair
    told: bool
    exact: bool


class Conditions:
    """Functions of one shape, written once: where each must hold and where it cannot, with the choices left open all or some.

    Those at `loose` places are not said exactly anyway.
    """

    def __init__(self, evaluation: Given, functions: Sequence[Function], loose: Container[int] = ()) -> None:
        self._evaluation = evaluation
        self.planes = Planes()
        condense = Condenser(evaluation.expressions).condense

        def otherwise(place: int) -> int:
            node = functions[place].node
            return node if place in loose else condense(node)

        self.written = Written(evaluation, functions, otherwise)
        self._clauses: dict[int, Clauses | None] = {}  # what a constraint says; None where it is too much
        self._premises = Premises(self.planes, self.clauses)
        self.under_all = self._unfolded(Pair(NEVER, NEVER))
        self.under_some = self._unfolded(Pair(ALWAYS, ALWAYS))
        self._unsure = frozenset(self.written.unsure)

    @cached_property
    def clauses(self) -> Clauses:
        """What the constraints say that bear on the functions."""
        every = frozenset(node for one in self.written.functions for node in self._around(one))
        return frozenset[Clause]().union(*(self._said(node) or () for node in every))

    def told(self, place: int) -> bool:
        """Whether the function at a place is said exactly everywhere."""
        return place not in self._unsure

    def unclear(self, *functions: Function) -> bool:
        """Whether constraints on functions say more than is written."""
        return any(self._said(node) is None for one in functions for node in self._around(one))

    def clash(self, *functions: Function) -> int:
        """Where the facts contradict that functions speak of."""
        nodes = dict.fromkeys(node for one in functions for node in self._around(one))
        return self.planes.any(self._premises.violated(self._said(node) or frozenset()) for node in nodes)

    def _around(self, function: Function) -> tuple[int, ...]:
        facts = frozenset(name for name in function.mentions if isinstance(name, FactKey))
        return self._evaluation.constraints.around(facts)[0]

    def _said(self, node: int) -> Clauses | None:
        if node not in self._clauses:
            self._clauses[node] = implicates(self._evaluation.expressions, node)
        return self._clauses[node]

    def _unfolded(self, choice: Pair) -> list[Pair]:
        readings = self.written.readings
        return unfolded(
            self.written.code, self.planes, self._premises.known, lambda one: choice if one.name in readings else None
        )


class Emitter:
    """One shape under some options."""

    def __init__(self, law: Law, shape: Shape, options: Mapping[str, str]) -> None:
        self.shape = shape
        self.evaluation = Given(law, Layout.of(shape), options)

    def chosen(self, function: Function) -> Function:
        """A function under the options."""
        return Function(self.evaluation.choose(function.node), function.mentions)

    def program(self, wanted: Sequence[Target], *, robust: bool) -> Program:
        """The program of some targets."""
        asked = [Asking(target, slot) for target in wanted for slot in range(self.shape.participants)]
        functions = [part for one in asked for part in gate_and_whole(self.evaluation, one)]
        opened = [_Opened(ways) for ways in self._ways(functions)] if robust else []
        places = [self.chosen(one) for one in functions]
        for one in opened:
            one.start = len(places)
            places += one.functions
        written = Conditions(self.evaluation, places, frozenset(place for one in opened for place in one.loose))
        outputs: list[int] = []
        for at in range(0, len(functions), 2):
            outputs += self._said(written, functions, at, opened)
        return Program(self.shape, written.planes.code(outputs), tuple(asked))

    def _ways(self, functions: Sequence[Function]) -> Iterator[list[tuple[Function, Way]]]:
        spreader = Spreader(self.evaluation.expressions, Condenser(self.evaluation.expressions))
        for one in functions:
            yield [(Function(way.node, one.mentions), way) for way in spreader.ways(one.node)]

    def _said(self, written: Conditions, functions: Sequence[Function], at: int, opened: Sequence[_Opened]) -> Said:
        p, pair = written.planes, functions[at : at + 2]
        if written.unclear(*pair):
            return Said(NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, ALWAYS, ALWAYS)
        applies, holds = written.under_all[at : at + 2]
        clash = written.clash(*pair)
        never, made = p.without(applies.false, clash), p.without(holds.true, clash)
        out = p.without(p.without(holds.false, never), clash)
        doubtful = [p.without(p.without(ALWAYS, one.true), one.false) for one in (applies, holds)]
        doubt = p.any(plane for place, plane in enumerate(doubtful, at) if not written.told(place))
        robust, unsure = NEVER, NEVER
        if opened:
            robust, unsure = _robust(written, clash, *(one.spread(written) for one in opened[at : at + 2]))
        return Said(never, made, out, clash, p.without(out, applies.true), robust, p.without(doubt, clash), unsure)


class _Opened:
    """A function with its choices left open, in ways that are written one after another from `start`."""

    def __init__(self, ways: Sequence[tuple[Function, Way]]) -> None:
        self.functions = [function for function, _ in ways]
        self._ways = [way for _, way in ways]
        self.start = 0

    @property
    def places(self) -> range:
        return range(self.start, self.start + len(self._ways))

    @property
    def loose(self) -> list[int]:
        return [place for place, way in zip(self.places, self._ways, strict=True) if not way.exact]

    def spread(self, written: Conditions) -> Spread:
        """Where it holds under all options, and under some."""
        p, places = written.planes, self.places
        told = all(map(written.told, places))
        exact = all(
            way.exact and (way.firm or not written.written.wires[place].tried)
            for way, place in zip(self._ways, places, strict=True)
        )
        every, some = [written.under_all[place] for place in places], [written.under_some[place] for place in places]
        return Spread(
            Pair(p.all(one.true for one in every), p.all(one.false for one in every)),
            Pair(p.any(one.true for one in some), p.any(one.false for one in some)),
            told,
            told and exact,
        )


def _robust(written: Conditions, clash: int, applies: Spread, holds: Spread) -> tuple[int, int]:
    """Where a conclusion depends on no reading: each state is had under every choice of options or under none; and the doubt."""
    p = written.planes
    robust = p.either(clash, applies.every.false)
    if applies.told and holds.told:
        changes = p.either(p.without(holds.some.true, holds.every.true), p.without(holds.some.false, holds.every.false))
        robust = p.either(robust, p.without(ALWAYS, p.either(changes, applies.some.false)))
    return robust, NEVER if applies.exact and holds.exact else p.without(ALWAYS, robust)
