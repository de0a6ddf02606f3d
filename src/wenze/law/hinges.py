"""What an answer hinges on: code of `lanes` run on diagrams over the choices of options, no further than options change anything.

One run with every choice left open says of each step whether any choice could change it: with no option chosen a plane is at its
least, with all chosen at its greatest, and `turned` turns that round as well. Only where the two differ are diagrams made.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple

from wenze.law.decide import FALSE, TRUE, Diagrams
from wenze.law.lanes import Entries, Needed
from wenze.law.planes import AND, OR, TURNED, Code, compiled

MOST_NODES = 100_000  # kept from case to case

_WIDTH = 2  # bits from the lowest: must at least, must at most, can at most, can at least
_AT_MOST = 0b0110


class Ends(NamedTuple):
    """Where something must hold and where it can: diagrams over the choices."""

    must: int
    can: int


_SAME = {0b0000: Ends(FALSE, FALSE), 0b0011: Ends(TRUE, FALSE), 0b1100: Ends(FALSE, TRUE), 0b1111: Ends(TRUE, TRUE)}


class Hinges:
    """The outputs of code under every choice of options. `arity`: how many options there are, by variable, in their order."""

    def __init__(self, code: Code, entries: Entries, arity: Mapping[Hashable, int]) -> None:
        self._code, self._entries, self._arity = code, entries, arity
        self._first = 2 + len(code.inputs)
        self._run = compiled(Code(code.inputs, code.steps, tuple(range(self._first + len(code.steps)))))
        self.diagrams = self._store()

    def _store(self) -> Diagrams:
        store = Diagrams()
        for name, options in self._arity.items():
            store.variable(name, options)
        return store

    def every(self, values: Sequence[bool | None], width: int, chosen: Iterable[int]) -> tuple[int, ...]:
        """All planes of the code, by number."""
        return self._run(self._entries.planes(values, width, chosen), (1 << 2 * width) - 1, width)

    def on_any_choice(self, values: Sequence[bool | None]) -> tuple[int, ...]:
        """All planes with every choice left open, of four bits: all are set, or none, where something holds or fails on any choice."""
        return self.every(values, _WIDTH, [_AT_MOST] * len(self._entries.choices))

    def of(self, planes: Sequence[int], outputs: Iterable[int]) -> list[Ends]:
        """What the outputs at some places are, as diagrams of `diagrams` that hold until the next call. `planes`: on any choice."""
        if len(self.diagrams) > MOST_NODES:
            self.diagrams = self._store()
        wanted = [self._code.outputs[place] for place in outputs]
        found: dict[int, Ends] = {}
        for plane in self._changing(planes, wanted):
            found[plane] = self._ends(plane, planes, found)
        return [found[plane] if plane in found else _SAME[planes[plane]] for plane in wanted]

    def _changing(self, planes: Sequence[int], wanted: Iterable[int]) -> list[int]:
        """What choices can change of what is wanted, each after what it is made of."""
        seen, pending = set[int](), list(wanted)
        while pending:
            plane = pending.pop()
            if plane not in seen and planes[plane] not in _SAME:
                seen.add(plane)
                if plane >= self._first:
                    pending += self._code.steps[plane - self._first][1:]
        return sorted(seen)

    def _ends(self, plane: int, planes: Sequence[int], found: Mapping[int, Ends]) -> Ends:
        d = self.diagrams
        if plane < self._first:
            needed = self._code.inputs[plane - 2]
            if not isinstance(needed, Needed):
                raise AssertionError(f"{needed!r} is no choice")
            branches = tuple(TRUE if option == needed.value else FALSE for option in range(self._arity[needed.name]))
            chosen = d.choice(needed.name, branches)
            return Ends(chosen, chosen)
        operator, *operands = self._code.steps[plane - self._first]
        left, right = (found[one] if one in found else _SAME[planes[one]] for one in operands)
        if operator == AND:
            return Ends(d.both(left.must, right.must), d.both(left.can, right.can))
        if operator == OR:
            return Ends(d.either(left.must, right.must), d.either(left.can, right.can))
        if operator == TURNED:
            return Ends(d.negate(left.can), d.negate(left.must))
        raise AssertionError(f"{operator} knows no halves")
