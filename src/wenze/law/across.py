"""Every option of every reading for many acts of a shape at once: the code of `written`, run on planes that hold what hangs on choices.

Readings are inputs of the code, so that one run tells of all options. Where the code may not tell all, `examples` does. The cases of a
plane are bits of whole numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from wenze.law.clauses import Clause, implicates
from wenze.law.decide import FALSE, TRUE, Diagrams, deep
from wenze.law.examples import Cases, Examples, Sought
from wenze.law.halves import Input
from wenze.law.instrument import Law
from wenze.law.lanes import CAN, MUST, Needed
from wenze.law.parted import Held, Parting, Places, Plane, bits_of, changing, chosen, classes, moved, possible
from wenze.law.shape import Given, Layout, Shape, targets
from wenze.law.variables import Above, ReadingOf, Unlisted
from wenze.law.written import Asking, Written, gate_and_whole

_KEPT, _MOST = 100_000, 600_000  # diagrams from acts to acts, and in all: some hundred bytes each
_SIDE_BY_SIDE = 1 << 13  # functions in acts, of which examples are looked for at once: some ten kilobytes a step


class Stands(NamedTuple):
    """The states of one thing asked under some options, a plane each; nowhere of the first four: open. `gate`: not made out whatever the
    gate is."""

    never: int
    made: int
    out: int
    clash: int
    gate: int


class Hanging(NamedTuple):
    """One thing asked: where it applies and where it holds, as diagrams over the readings. `clash`: where the facts contradict; `single`:
    where this is not told, and the evaluation of the single case knows."""

    applies: Held
    holds: Held
    clash: int
    single: int


class ManyTold(NamedTuple):
    """How acts stand, side by side. `every`: a bit for each; `hanging`: in the order of `Across.asked`."""

    law: Law
    diagrams: Diagrams
    every: int
    hanging: list[Hanging]

    def robust(self, index: int) -> int:
        """Where one thing asked depends on no reading."""
        applies, holds, clash, _ = self.hanging[index]
        return self.every & (clash | ~(changing(applies.can) | changing(holds.must) | changing(holds.can)))

    def under(self, index: int, options: Mapping[str, str]) -> Stands:
        """The states of one thing asked under some options."""
        applies, holds, clash, _ = self.hanging[index]
        levels = self._levels(options)

        def so(plane: Plane) -> int:
            return sum(cases for diagram, cases in classes(plane) if self.diagrams.follow(diagram, levels) == TRUE)

        counted, applicable = self.every & ~clash, so(applies.can)
        out = counted & applicable & ~so(holds.can)
        return Stands(counted & ~applicable, counted & so(holds.must), out, self.every & clash, out & ~so(applies.must))

    def turns(self, options: Mapping[str, str], others: Sequence[Mapping[str, str]]) -> Iterator[dict[int, int]]:
        """For each thing asked, by the number of some others: where it has another state under these than under some options."""
        levels, other_levels = self._levels(options), [self._levels(one) for one in others]

        @cache
        def turning(diagram: int) -> list[int]:
            before = self.diagrams.follow(diagram, levels)
            return [n for n, one in enumerate(other_levels) if self.diagrams.follow(diagram, one) != before]

        for applies, holds, clash, single in self.hanging:
            found: dict[int, int] = {}
            for plane in (applies.can, holds.must, holds.can):
                for diagram, cases in classes(plane):
                    for number in turning(diagram):
                        found[number] = found.get(number, 0) | cases & ~(clash | single)
            yield found

    def _levels(self, options: Mapping[str, str]) -> dict[int, int]:
        return {self.diagrams.variable(one): option for one, option in _taken(self.law, options).items()}


@dataclass(frozen=True)
class Recorded:
    """Where the record says something of acts side by side. `fact`: the plane of an input; `above`: who stands above whom, in one of
    several orders that agree with what is recorded, `orders` in number."""

    fact: Callable[[Input], int]
    above: Callable[[Above, int], int]
    orders: int


class Across:
    """The conclusions of a shape of act, in the order of `asked`."""

    def __init__(self, law: Law, shape: Shape) -> None:
        self._law = law
        with deep():
            evaluation = Given(law, Layout.of(shape), {one.id: one.default for one in law.readings.values()})
            self.asked = tuple(Asking(target, slot) for target in targets(law) for slot in range(shape.participants))
            functions = [part for asking in self.asked for part in gate_and_whole(evaluation, asking)]
            self._written = Written(evaluation, functions)
            self._clauses, self._wild = self._constraints()
        self._doubtful = sorted(self._written.unsure)
        self._forget()

    def _constraints(self) -> tuple[dict[int, frozenset[Clause]], set[int]]:
        """What the constraints that bear on anything asked say, and those that have no short form."""
        clauses, wild = dict[int, frozenset[Clause]](), set[int]()
        for node in sorted(frozenset().union(*self._written.bearing) - {FALSE}):
            formulas = self._written.evaluation.expressions
            if any(isinstance(name, Above) for name in formulas.names(node)):
                continue  # an order that agrees with what is recorded is always to be found
            said = implicates(formulas, node)
            if said is None:
                wild.add(node)
            else:
                clauses[node] = said
        return clauses, wild

    def facts(self, recorded: Recorded, acts: int) -> Facts:
        """What is recorded of so many acts, read once."""
        return Facts(self._written, self._clauses, recorded, acts)

    def tell(
        self, facts: Facts, options: Mapping[str, str], others: Sequence[Mapping[str, str]] | None = None
    ) -> ManyTold:
        """How everything asked stands under the options in force, and whether any others would change it; or how it stands under some
        others, and then nothing is said of all. TooLarge where that is too much for so many acts at once."""
        sought = self._sought(options, others)
        written, width = self._written, facts.acts
        every = facts.every
        parting = Parting(self._diagrams, (1 << 2 * width) - 1)
        inputs = [parting.everywhere(sought.chosen[one.name, one.value]) for one in written.entries.choices]
        with deep():
            said = parting.run(written.code, [*facts.planes, *inputs], width)
            held = [Held(moved(one, every.__and__), moved(one, lambda plane: plane >> width)) for one in said]
            clash = [facts.contradict(bearing) for bearing in written.bearing]
            single = [every if bearing & self._wild else 0 for bearing in written.bearing]
            self._settle(facts, held, single, clash, sought)
        pairs = range(0, len(held), 2)
        clashes = [clash[place] | clash[place + 1] for place in pairs]
        hanging = [
            Hanging(held[place], held[place + 1], against, (single[place] | single[place + 1]) & ~against)
            for place, against in zip(pairs, clashes, strict=True)
        ]
        told = ManyTold(self._law, self._diagrams, every, hanging)
        if len(self._diagrams) > _KEPT:
            self._forget()
        return told

    def untold(self, facts: Facts) -> ManyTold:
        """Nothing, of anything asked."""
        nothing = Hanging(Held(0, 0), Held(0, 0), 0, facts.every)
        return ManyTold(self._law, self._diagrams, facts.every, [nothing for _ in self.asked])

    def _settle(self, facts: Facts, held: list[Held], single: list[int], clash: Sequence[int], sought: Sought) -> None:
        """Functions of which the code may not tell all, in the acts where it does not."""
        whole = Parting(self._diagrams, facts.every)
        care = whole.everywhere(sought.care)
        doubts = [
            (number, act)
            for number, place in enumerate(self._doubtful)
            for act in bits_of(
                possible(whole.both(care, whole.without(held[place].can, held[place].must)))
                & ~(single[place] | clash[place])
            )
        ]
        cases = Cases(facts.every, cache(facts.known), cache(facts.above), facts.orders)
        for start in range(0, len(doubts), _SIDE_BY_SIDE):
            slices = list(_slices(doubts[start : start + _SIDE_BY_SIDE], facts.every))
            picked = cases.picked([act for one in slices for act in one.acts])
            parting = Parting(self._diagrams, picked.every)
            before = [held[self._doubtful[one.number]].moved(one.taken) for one in slices]
            asked = {one.number: one.plane for one in slices}
            found, untold = self._examples.settle(
                picked,
                [asked.get(number, 0) for number, _ in enumerate(self._doubtful)],
                Held(*map(parting.any, zip(*before, strict=True))),
                sought,
                sum(one.plane for one in slices if self._doubtful[one.number] % 2 == 0),  # gates go before their wholes
            )
            for one in slices:
                place = self._doubtful[one.number]
                held[place] = one.places.with_back(whole, held[place], found.moved(one.own))
                single[place] |= one.places.put_back(one.own(untold))

    def _forget(self) -> None:
        """Begins with an empty store of diagrams."""
        readings = self._written.readings
        self._diagrams = Diagrams(_MOST)
        for name, options in readings.items():
            self._diagrams.variable(name, options)
        self._chosen = {
            (name, option): chosen(self._diagrams, name, option, options)
            for name, options in readings.items()
            for option in range(options)
        }
        nodes = [self._written.functions[place].node for place in self._doubtful]
        self._examples = Examples(self._written.evaluation.expressions, nodes, self._clauses.values(), self._diagrams)

    def _sought(self, options: Mapping[str, str], others: Sequence[Mapping[str, str]] | None) -> Sought:
        care = TRUE if others is None else self._diagrams.any(self._point(one) for one in (options, *others))
        taken = {one: self._within(diagram, care) for one, diagram in self._chosen.items()}
        return Sought(care, taken, _taken(self._law, options), any_change=others is None)

    def _within(self, diagram: int, care: int) -> int:
        """A diagram that says the same where it matters."""
        found = self._diagrams.both(diagram, care)
        return FALSE if found == FALSE else TRUE if found == care else diagram

    def _point(self, options: Mapping[str, str]) -> int:
        """The diagram that holds under these options alone."""
        return self._diagrams.all(self._chosen[one] for one in _taken(self._law, options).items())


def _taken(law: Law, options: Mapping[str, str]) -> dict[Hashable, int]:
    """Choice → the number of the option taken."""
    return {ReadingOf(one): law.readings[one].option_ids.index(option) for one, option in options.items()}


class _Slice:
    """Acts in which one function is in doubt, side by side with others from `start` on."""

    def __init__(self, number: int, start: int, acts: Sequence[int], among: int) -> None:
        self.number, self.acts, self._start = number, acts, start
        self.places = Places(acts, among)

    @property
    def plane(self) -> int:
        return self.places.every << self._start

    def taken(self, plane: int) -> int:
        """What a plane of all acts says of these, in their places."""
        return self.places.taken(plane) << self._start

    def own(self, plane: int) -> int:
        """Of a plane of what is side by side, what is said of these."""
        return plane >> self._start & self.places.every


def _slices(doubts: Sequence[tuple[int, int]], among: int) -> Iterator[_Slice]:
    start = 0
    for number, some in groupby(doubts, itemgetter(0)):
        acts = [act for _, act in some]
        yield _Slice(number, start, acts, among)
        start += len(acts)


class Facts:
    """What is recorded of many acts and what follows from it, as inputs of the code."""

    def __init__(
        self,
        written: Written,
        clauses: Mapping[int, frozenset[Clause]],
        recorded: Recorded,
        acts: int,
    ) -> None:
        self.acts, self.every = acts, (1 << acts) - 1
        self.above, self.orders = recorded.above, recorded.orders
        self._recorded = recorded.fact
        self._touching: dict[Hashable, list[Clause]] = {}
        self._broken = written.broken
        self._violated: dict[int, int] = {}
        for node, listed in clauses.items():
            self._violated[node] = 0
            for clause in listed:
                self._violated[node] |= self._denied(clause)
                for name, _ in clause:
                    self._touching.setdefault(name, []).append(clause)
        self.planes: list[int] = []
        for entry in written.code.inputs:
            if entry in (MUST, CAN):
                self.planes.append(self.every << (0 if entry == MUST else acts))
            elif isinstance(entry, Needed) and entry.name not in written.readings:
                holds, fails = self.known(entry.name, entry.value), self.known(entry.name, 1 - entry.value)
                self.planes.append(holds | (self.every & ~fails) << acts)

    def contradict(self, bearing: frozenset[int]) -> int:
        """Where the facts that some constraints speak of contradict."""
        if bearing & self._broken:
            return self.every
        found = 0
        for node in bearing:
            found |= self._violated.get(node, 0)
        return found

    def _plane(self, name: Hashable, value: int) -> int:
        return 0 if isinstance(name, Unlisted) else self._recorded(Input(name, value))

    def _denied(self, clause: Clause, but: Hashable = None) -> int:
        """Where all literals of a clause, but one, are recorded as false."""
        found = self.every
        for name, value in clause:
            if name != but:
                found &= self._plane(name, 1 - value)
        return found

    def known(self, name: Hashable, value: int) -> int:
        """Where a variable has a value, by what is recorded or by what follows from it."""
        found = self._plane(name, value)
        for clause in self._touching.get(name, ()):
            if (name, value) in clause:
                found |= self._denied(clause, name)
        return found
