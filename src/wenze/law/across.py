"""Every option of every reading for many acts of a shape at once: the code of `written`, run on planes of one bit an act.

Readings are inputs of the code, so that another option is another run of it and no other code. Where the code may not tell all, `examples`
shows what is open. A plane is a whole number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple

from wenze.law.clauses import Clause, TooManyClauses, implicates
from wenze.law.decide import FALSE, deep
from wenze.law.examples import Cases, Examples, Shown, bits_of
from wenze.law.halves import Input
from wenze.law.instrument import Law
from wenze.law.lanes import CAN, MUST, Needed
from wenze.law.planes import compiled
from wenze.law.shape import Given, Layout, Shape, targets
from wenze.law.variables import Above, ReadingOf, Unlisted
from wenze.law.written import Asking, Written, gate_and_whole

_ROUNDS = 4  # of looking for examples for all together; the first finds nineteen of twenty


class Stands(NamedTuple):
    """What is known of one thing asked under some options, a plane each. The first four are of the whole, gate and exceptions included.

    `must` and `may`: it holds in every completion, in some; `may_not` and `cannot`: it fails in some, in every; what is in neither of a
    pair is not known. `never`: it does not apply, or the facts contradict, whatever the options are. `single`: nothing is known of it here,
    the evaluation of the single case knows.
    """

    must: int
    may: int
    may_not: int
    cannot: int
    never: int
    single: int

    def differs(self, other: Stands) -> int:
        """Where the state is certainly another."""
        return (
            self.must & other.may_not | self.may_not & other.must | self.may & other.cannot | self.cannot & other.may
        ) | (self.never ^ other.never)

    def with_more(self, must: int, may: int, may_not: int, cannot: int) -> Stands:
        return self._replace(
            must=self.must | must, may=self.may | may, may_not=self.may_not | may_not, cannot=self.cannot | cannot
        )

    def unsettled(self, other: Stands) -> int:
        """Where it is not certain whether the state is another, among those where it is not certainly another."""
        surely = (self.must & other.must | self.may_not & other.may_not) & (
            self.may & other.may | self.cannot & other.cannot
        )
        return ~(surely | self.differs(other))


class Wanted(NamedTuple):
    """Some options, how something stands under them as far as is known, and of which acts to know more."""

    options: Mapping[str, str]
    stands: Stands
    where: int


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
        self._run = compiled(self._written.code)
        self._unsure = set(self._written.unsure)
        self._examples: dict[int, Examples] = {}

    def _constraints(self) -> tuple[dict[int, frozenset[Clause]], set[int]]:
        """What the constraints that bear on anything asked say, and those that have no short form."""
        clauses, wild = dict[int, frozenset[Clause]](), set[int]()
        for node in sorted(frozenset().union(*self._written.bearing) - {FALSE}):
            formulas = self._written.evaluation.expressions
            if any(isinstance(name, Above) for name in formulas.names(node)):
                continue  # an order that agrees with what is recorded is always to be found
            try:
                clauses[node] = implicates(formulas, node)
            except TooManyClauses:
                wild.add(node)
        return clauses, wild

    def readings(self, index: int) -> frozenset[str]:
        """The readings that what is asked speaks of at all."""
        gate, whole = self._written.functions[2 * index : 2 * index + 2]
        formulas = self._written.evaluation.expressions
        names = formulas.named(formulas.mask(gate.node) | formulas.mask(whole.node))
        return frozenset(name.reading for name in names if isinstance(name, ReadingOf))

    def facts(self, recorded: Recorded, acts: int) -> Facts:
        """What is recorded of so many acts, read once."""
        return Facts(self._written, self._clauses, recorded, acts)

    def under(self, facts: Facts, options: Mapping[str, str]) -> list[Stands]:
        """How everything asked stands under some options, as far as the code tells."""
        written, width = self._written, facts.acts
        every = (1 << 2 * width) - 1
        half = every >> width
        choices = [every if written.chosen(one, options) else 0 for one in written.entries.choices]
        said = self._run([*facts.planes, *choices], every, width)
        found = []
        for index in range(len(self.asked)):
            gate, whole = said[2 * index : 2 * index + 2]
            never, must, cannot = half & ~(gate >> width), whole & half, half & ~(whole >> width)
            bearing = written.bearing[2 * index] | written.bearing[2 * index + 1]
            single = half if bearing & self._wild else 0
            if 2 * index in self._unsure:
                single |= half & ~(never | gate)
            clash = facts.contradict(bearing)
            never, must, cannot = never | clash, must & ~clash, cannot | clash
            told = 0 if 2 * index + 1 in self._unsure else half
            found.append(Stands(must, must | told & ~cannot, cannot | told & ~must, cannot, never, single & ~clash))
        return found

    def shown(self, facts: Facts, index: int, wanted: Sequence[Wanted]) -> list[Stands]:
        """How one thing asked stands under several options, with what examples add."""
        examples, stride = self._example(index), (facts.acts + 7) // 8
        size = stride * len(wanted)

        def joined(planes: Iterable[int]) -> int:
            return int.from_bytes(b"".join(plane.to_bytes(stride, "little") for plane in planes), "little")

        def repeated(plane: int) -> int:
            return int.from_bytes(plane.to_bytes(stride, "little") * len(wanted), "little")

        def chosen(name: Hashable, option: int) -> int:
            needed = Needed(name, option)
            return joined(facts.every if self._written.chosen(needed, one.options) else 0 for one in wanted)

        cases = Cases(
            repeated(facts.every),
            cache(lambda name, value: repeated(facts.known(name, value))),
            cache(chosen),
            cache(lambda question, order: repeated(facts.above(question, order))),
            facts.orders,
        )
        true = joined(one.where & ~one.stands.may & ~one.stands.cannot for one in wanted)
        false = joined(one.where & ~one.stands.may_not & ~one.stands.must for one in wanted)
        found = examples.show(cases, true, false, _ROUNDS)
        can = _settled(examples, cases, true & ~found.true, 1)
        can_fail = _settled(examples, cases, false & ~found.false, 0)
        planes = [
            plane.to_bytes(size, "little")
            for plane in (can_fail.false, found.true | can.true, found.false | can_fail.true, can.false)
        ]
        return [
            one.stands.with_more(*(int.from_bytes(plane[start : start + stride], "little") for plane in planes))
            for one, start in zip(wanted, range(0, size, stride), strict=True)
        ]

    def _example(self, index: int) -> Examples:
        if index not in self._examples:
            formulas, node = self._written.evaluation.expressions, self._written.functions[2 * index + 1].node
            self._examples[index] = Examples(formulas, node, self._clauses.values())
        return self._examples[index]


def _settled(examples: Examples, cases: Cases, left: int, value: int) -> Shown:
    """Where something can be `value` and where not, of the few cases that are left."""
    places = list(bits_of(left))
    found = examples.settle(cases.picked(places), value) if places else Shown(0, 0)
    return Shown(*(sum(1 << places[place] for place in bits_of(plane)) for plane in found))


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
