"""What code on planes leaves in doubt, shown by example: everything open filled in one way and then the other.

Filling in is done in planes too: the same code, run on facts that are all known, gives each act's state under that way of filling in. Two
ways with two states show that nothing is settled; a state that other options change shows that it depends on readings. What no example
shows is left over.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

from wenze.docket.answers import Answer
from wenze.docket.kernel import Kernel, Words
from wenze.law import Above, Input, Program

_STATE = ("never", "made", "out", "clash")


class Trials:
    """Trials on one group. `plane` gives the inputs; `others` are the programs of the same shape under other options."""

    def __init__(self, plane: Callable[[Hashable], Words], program: Program, others: Sequence[Program]) -> None:
        self._plane = plane
        self._program = program
        self._others = others
        self._kernels: dict[tuple[int, int], Kernel] = {}

    def open(self, index: int, where: Words) -> Words:
        """Of the acts `where` a state is in doubt: those shown to be open."""
        words = np.flatnonzero(where)
        may = np.zeros(len(words), dtype=np.uint64)
        may_not = may.copy()
        for favoured in (1, 0):
            for other in (0, 1):
                never, made, out, clash = self._filled(self._program, index, words, favoured, other)
                may |= made & ~clash
                may_not |= (out | never) & ~clash
        return _spread_out(where, words, may & may_not)

    def dependent(self, index: int, answer: Answer, where: Words) -> Words:
        """Of the acts `where` it is not known whether a state depends on readings: those where other options are shown to change it."""
        words = np.flatnonzero(where)
        never, made, out = (plane[words] for plane in (answer.never, answer.made, answer.out))
        still_open = ~(never | made | out | answer.clash[words])
        found = np.zeros(len(words), dtype=np.uint64)
        for program in self._others:
            other_never, other_made, other_out, clash = self._run(program, index, words, self._plane)
            decided = (other_never | other_made | other_out) & ~clash
            found |= still_open & decided
            found |= made & decided & ~other_made
            found |= (never | out) & other_made & ~clash
            for favoured in (1, 0):
                other_never, other_made, other_out, clash = self._filled(program, index, words, favoured, favoured)
                found |= (made & (other_out | other_never) | (never | out) & other_made) & ~clash
                found |= never & other_out & ~clash
        return _spread_out(where, words, found)

    def _filled(
        self, program: Program, index: int, words: NDArray[np.intp], favoured: int, other: int
    ) -> tuple[Words, ...]:
        """The states when everything the target speaks of has the value that favours an answer."""
        favours = program.asked[index].favours
        order_open = np.zeros(len(words), dtype=np.uint64)

        def plane(name: Hashable) -> Words:
            known = self._plane(name)[words]
            if not isinstance(name, Input) or name.name not in favours or isinstance(name.name, Above):
                return known
            sign = favours[name.name]
            wanted = other if sign is None else favoured if sign else 1 - favoured
            if wanted != name.value:
                return known
            return np.invert(self._plane(Input(name.name, 1 - name.value))[words])

        for name in favours:
            if isinstance(name, Above):  # filled in one by one they need not be an order
                order_open |= ~(self._plane(Input(name, 0))[words] | self._plane(Input(name, 1))[words])
        never, made, out, clash = self._run(program, index, words, plane, taken=True)
        return never, made, out, clash | order_open

    def _run(
        self,
        program: Program,
        index: int,
        words: NDArray[np.intp],
        plane: Callable[[Hashable], Words],
        *,
        taken: bool = False,
    ) -> tuple[Words, ...]:
        kernel = self._kernel(program, index)
        inputs = [plane(name) if taken else plane(name)[words] for name in kernel.code.inputs]
        out = np.empty((len(_STATE), len(words)), dtype=np.uint64)
        return tuple(kernel.run(inputs, out))

    def _kernel(self, program: Program, index: int) -> Kernel:
        key = (id(program), index)
        if key not in self._kernels:
            said = program.said(index)
            self._kernels[key] = Kernel(program.code.part([getattr(said, name) for name in _STATE]))
        return self._kernels[key]


def _spread_out(where: Words, words: NDArray[np.intp], found: Words) -> Words:
    whole = np.zeros_like(where)
    whole[words] = found
    return whole & where
