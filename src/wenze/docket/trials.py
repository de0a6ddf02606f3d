"""What code on planes leaves in doubt, shown by example: everything open filled in one way and then the other.

Filling in is done in planes too: the same code, run on facts that are all known, gives each act's state under that way of filling in. Two
ways with two states show that nothing is settled; a state that other options change shows that it depends on readings. What no example
shows is left over.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wenze.docket.answers import Answer
from wenze.docket.kernel import ONES, Kernel, Words
from wenze.law import Above, Input, Program

_STATE = ("never", "made", "out", "clash", "robust")


class Trials:
    """Trials on one group. `plane` gives the inputs; `others` are the programs of the same shape under other options."""

    def __init__(self, plane: Callable[[Hashable], Words], program: Program, others: Sequence[Program]) -> None:
        self._plane = plane
        self._program = program
        self._others = others
        self._kernels: dict[tuple[int, int], Kernel] = {}
        self._closed: dict[Input, Words] = {}
        self._fillings: dict[tuple[int, int, int, int], Mapping[Hashable, int]] = {}

    def open(self, index: int, where: Words) -> Words:
        """Of the acts `where` a state is in doubt: those shown to be open."""
        words = np.flatnonzero(where)
        may = np.zeros(len(words), dtype=np.uint64)
        may_not = may.copy()
        for favoured in (1, 0):
            for other in (0, 1):
                never, made, out, clash, _ = self._filled(self._program, index, words, favoured, other)
                may |= made & ~clash
                may_not |= (out | never) & ~clash
        return _spread_out(where, words, may & may_not)

    def steadfast(self, index: int, where: Words) -> Words:
        """Of the acts `where` a state is open: those where two ways of filling in give the two answers under every choice of options."""
        words = np.flatnonzero(where)
        may = np.zeros(len(words), dtype=np.uint64)
        may_not = may.copy()
        for favoured in (1, 0):
            for other in (0, 1):
                never, made, out, clash, robust = self._filled(self._program, index, words, favoured, other)
                may |= made & robust & ~clash
                may_not |= (out | never) & robust & ~clash
        return _spread_out(where, words, may & may_not)

    def dependent(self, index: int, answer: Answer, where: Words) -> Words:
        """Of the acts `where` it is not known whether a state depends on readings: those where other options are shown to change it."""
        words = np.flatnonzero(where)
        never, made, out = (plane[words] for plane in (answer.never, answer.made, answer.out))
        still_open = ~(never | made | out | answer.clash[words])
        found = np.zeros(len(words), dtype=np.uint64)
        for program in self._others:
            other_never, other_made, other_out, clash, _ = self._run(program, index, words, self._plane)
            decided = (other_never | other_made | other_out) & ~clash
            found |= still_open & decided
            found |= made & decided & ~other_made
            found |= (never | out) & other_made & ~clash
            for favoured in (1, 0):
                other_never, other_made, other_out, clash, _ = self._filled(program, index, words, favoured, favoured)
                found |= (made & (other_out | other_never) | (never | out) & other_made) & ~clash
                found |= never & other_out & ~clash
        return _spread_out(where, words, found)

    def _filled(
        self, program: Program, index: int, words: NDArray[np.intp], favoured: int, other: int
    ) -> tuple[Words, ...]:
        """The states when everything the target speaks of has the value that favours an answer."""
        values = self._filling(program, index, favoured, other)
        order_open = np.zeros(len(words), dtype=np.uint64)

        def plane(name: Hashable) -> Words:
            if not isinstance(name, Input) or isinstance(name.name, Above) or name.name not in values:
                return self._known(name)[words]
            if values[name.name] != name.value:
                return self._known(name)[words]
            return np.invert(self._known(Input(name.name, 1 - name.value))[words])

        favours = program.asked[index].favours
        for name in favours:
            if isinstance(name, Above):  # filled in one by one they need not be an order
                order_open |= ~(self._plane(Input(name, 0))[words] | self._plane(Input(name, 1))[words])
        never, made, out, clash, robust = self._run(program, index, words, plane, taken=True)
        return never, made, out, clash | order_open, robust

    def _filling(self, program: Program, index: int, favoured: int, other: int) -> Mapping[Hashable, int]:
        key = (id(program), index, favoured, other)
        if key not in self._fillings:
            self._fillings[key] = program.filling(index, favoured, other)
        return self._fillings[key]

    def _known(self, name: Hashable) -> Words:
        """Where a fact is proven or disproven by what is recorded or by what follows from that: filling in must not gainsay it."""
        if not isinstance(name, Input):
            return self._plane(name)
        found = self._closed.get(name)
        if found is None:
            found = self._plane(name)
            for clause in self._program.clauses:
                if (name.name, name.value) in clause:
                    others = np.full_like(found, ONES)
                    for other, value in clause:
                        if other != name.name:
                            others = others & self._plane(Input(other, 1 - value))
                    found = found | others
            self._closed[name] = found
        return found

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
