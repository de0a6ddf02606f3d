"""Every option of every reading for many acts of a shape at once: the code of `written`, run on planes of one bit an act.

Readings are inputs of the code, so that another option is another run of it and no other code. A plane is a whole number.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from typing import NamedTuple

from wenze.law.clauses import Clause, implicates
from wenze.law.decide import deep
from wenze.law.instrument import Law
from wenze.law.lanes import CAN, MUST, Needed
from wenze.law.planes import compiled
from wenze.law.settle import Input
from wenze.law.shape import Given, Layout, Shape, targets
from wenze.law.variables import ReadingOf, Unlisted
from wenze.law.written import Asking, Written, gate_and_whole


class Stands(NamedTuple):
    """What is said of one thing asked, a plane each; `doubt`: where the evaluation of the single case knows."""

    never: int
    made: int
    out: int
    doubt: int


class Across:
    """The conclusions of a shape of act, in the order of `asked`."""

    def __init__(self, law: Law, shape: Shape) -> None:
        self._law = law
        with deep():
            evaluation = Given(law, Layout.of(shape), {one.id: one.default for one in law.readings.values()})
            self.asked = tuple(Asking(target, slot) for target in targets(law) for slot in range(shape.participants))
            functions = [part for asking in self.asked for part in gate_and_whole(evaluation, asking)]
            self._written = Written(evaluation, functions)
            self._clauses = {
                node: implicates(evaluation.expressions, node)
                for node in self._written.bindings
                if node not in self._written.wild
            }
        self._run = compiled(self._written.code)
        self._unsure = set(self._written.unsure)

    @property
    def readings(self) -> tuple[str, ...]:
        """The readings that the conclusions speak of at all."""
        names = (one.name for one in self._written.entries.choices)
        return tuple(dict.fromkeys(name.reading for name in names if isinstance(name, ReadingOf)))

    def facts(self, recorded: Callable[[Input], int], acts: int) -> Facts:
        """What is recorded of so many acts, read once; `recorded` gives the plane of an input."""
        return Facts(self._written, self._clauses, recorded, acts)

    def under(self, facts: Facts, options: Mapping[str, str]) -> list[Stands]:
        """How everything asked stands under some options."""
        written, width = self._written, facts.acts
        every = (1 << 2 * width) - 1
        half = every >> width
        choices = [every if written.chosen(one, options) else 0 for one in written.entries.choices]
        said = self._run([*facts.planes, *choices], every, width)
        found = []
        for index in range(len(self.asked)):
            gate, whole = said[2 * index : 2 * index + 2]
            never, made = half & ~(gate >> width), whole & half
            out = half & ~(whole >> width) & ~never
            doubt = facts.spoilt(written.bearing[2 * index] | written.bearing[2 * index + 1])
            for place, plane in ((2 * index, gate), (2 * index + 1, whole)):
                if place in self._unsure:
                    doubt |= (plane >> width) & ~plane & half & ~(made if place == 2 * index else never)
            found.append(Stands(never, made, out, doubt))
        return found


class Facts:
    """What is recorded of many acts and what follows from it, as inputs of the code."""

    def __init__(
        self,
        written: Written,
        clauses: Mapping[int, frozenset[Clause]],
        recorded: Callable[[Input], int],
        acts: int,
    ) -> None:
        self.acts = acts
        self._half = (1 << acts) - 1
        self._recorded = recorded
        self._touching: dict[Hashable, list[Clause]] = {}
        self._wild, self._broken = written.wild, written.broken
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
                self.planes.append(self._half << (0 if entry == MUST else acts))
            elif isinstance(entry, Needed) and entry.name not in written.readings:
                holds, fails = self._known(entry.name, entry.value), self._known(entry.name, 1 - entry.value)
                self.planes.append(holds | (self._half & ~fails) << acts)

    def spoilt(self, bearing: frozenset[int]) -> int:
        """Where facts contradict or may, that some constraints speak of."""
        if bearing & (self._wild | self._broken):
            return self._half
        found = 0
        for node in bearing:
            found |= self._violated.get(node, 0)
        return found

    def _plane(self, name: Hashable, value: int) -> int:
        return 0 if isinstance(name, Unlisted) else self._recorded(Input(name, value))

    def _denied(self, clause: Clause, but: Hashable = None) -> int:
        """Where all literals of a clause, but one, are recorded as false."""
        found = self._half
        for name, value in clause:
            if name != but:
                found &= self._plane(name, 1 - value)
        return found

    def _known(self, name: Hashable, value: int) -> int:
        """Where a variable has a value, by what is recorded or by what follows from it."""
        found = self._plane(name, value)
        for clause in self._touching.get(name, ()):
            if (name, value) in clause:
                found |= self._denied(clause, name)
        return found
