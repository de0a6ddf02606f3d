"""Code on planes run over arrays of 64-bit words, block by block, so that everything in use stays in the cache.

Knows no law and no table. Shapes: an input or output plane is a one-dimensional array of `uint64`, 64 cases a word.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from wenze.law import Code

Words = NDArray[np.uint64]

BLOCK = 4_096  # words of a plane worked on at once: 32 KiB
ONES = np.uint64(0xFFFF_FFFF_FFFF_FFFF)

_Op = Callable[..., object]


@dataclass(frozen=True, slots=True)
class _Instruction:
    """One call: operands and target are places in the list of buffers of a block. `inverted`: the right operand is negated first."""

    op: _Op
    left: int
    right: int
    target: int
    inverted: bool


class Kernel:
    """Code made ready to run: its steps with as few buffers as are in use at once."""

    def __init__(self, code: Code) -> None:
        self.code = code
        self._fixed = 2 + len(code.inputs)
        self._instructions, self._places, self._buffers = _allocate(code)

    def run(self, inputs: Sequence[Words], out: Words | None = None) -> Words:
        """The outputs, one row each, for inputs of one length; into `out` where it is given."""
        length = len(inputs[0]) if inputs else 0 if out is None else out.shape[1]
        if out is None:
            out = np.empty((len(self.code.outputs), length), dtype=np.uint64)
        work = _Work(self, min(BLOCK, max(length, 1)))
        for start in range(0, length, BLOCK):
            work.block(inputs, out, start, min(start + BLOCK, length))
        return out

    def run_parallel(self, inputs: Sequence[Words], out: Words, threads: int) -> Words:
        """The same on several threads, each with its own stretch of the planes."""
        length = len(inputs[0])
        edges = [length * part // threads // BLOCK * BLOCK for part in range(threads)] + [length]
        with ThreadPoolExecutor(threads) as pool:
            list(
                pool.map(
                    lambda part: self.run(
                        [plane[edges[part] : edges[part + 1]] for plane in inputs],
                        out[:, edges[part] : edges[part + 1]],
                    ),
                    range(threads),
                )
            )
        return out


class _Work:
    """The buffers of one thread."""

    def __init__(self, kernel: Kernel, size: int) -> None:
        self._kernel = kernel
        self._zeros = np.zeros(size, dtype=np.uint64)
        self._ones = np.full(size, ONES, dtype=np.uint64)
        self._scratch = np.empty(size, dtype=np.uint64)
        self._buffers = [np.empty(size, dtype=np.uint64) for _ in range(kernel._buffers)]

    def block(self, inputs: Sequence[Words], out: Words, start: int, end: int) -> None:
        kernel, size = self._kernel, end - start
        values = [self._zeros[:size], self._ones[:size]]
        values += [plane[start:end] for plane in inputs]
        values += [buffer[:size] for buffer in self._buffers]
        scratch = self._scratch[:size]
        for instruction in kernel._instructions:
            right = values[instruction.right]
            if instruction.inverted:
                right = np.invert(right, out=scratch)
            instruction.op(values[instruction.left], right, values[instruction.target])
        for row, place in enumerate(kernel._places):
            out[row, start:end] = values[place]


def _allocate(code: Code) -> tuple[list[_Instruction], list[int], int]:
    """The steps with their buffers; where each output lies at the end; how many buffers there are.

    INVARIANT: a buffer is given to a new value only when no later step and no output reads the old one.
    """
    first = 2 + len(code.inputs)
    last: dict[int, int] = {}
    for number, (_, left, right) in enumerate(code.steps):
        last[left] = last[right] = number
    kept = set(code.outputs)
    place = {plane: plane for plane in range(first)}
    free: list[int] = []
    count = 0
    instructions = []
    for number, (operator, left, right) in enumerate(code.steps):
        operands = (place[left], place[right])
        for plane in {left, right}:
            if plane >= first and last[plane] == number and plane not in kept:
                free.append(place[plane])
        if not free:
            free.append(first + count)
            count += 1
        place[first + number] = target = free.pop()
        op = np.bitwise_or if operator == "|" else np.bitwise_and
        instructions.append(_Instruction(op, *operands, target, operator == "-"))
    return instructions, [place[plane] for plane in code.outputs], count
