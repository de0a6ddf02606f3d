"""Code on planes run over arrays of 64-bit words: by NumPy, block by block, so that everything in use stays in the cache; and where
there is enough to do, as machine code.

Knows no law and no table. Shapes: an input or output plane is a one-dimensional array of `uint64`, 64 cases a word.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wenze.docket.machine import VECTOR, WORD, Machine, writable
from wenze.law import Code

Words = NDArray[np.uint64]

BLOCK = 4_096  # words of a plane worked on at once: 32 KiB
PAYS = 32_768  # words, two million cases: NumPy takes as long for them as making machine code takes, however long the code is
ALWAYS = 1  # the plane of code that is true everywhere
ONES = np.uint64(0xFFFF_FFFF_FFFF_FFFF)


class _Instruction(NamedTuple):
    """One call: operands and target are places among the values of a block. `inverted`: the right operand is negated first.

    What is always, but not there where another is, is that one negated: a call with one operand, on the left.
    """

    op: Callable[..., object]
    left: int
    right: int
    target: int
    inverted: bool


@dataclass(frozen=True, slots=True)
class _Plan:
    """Steps in an order that has few results waiting. Places of a block: never, always, the inputs, the outputs, then the buffers.

    `copies`: outputs that are constants, inputs or other outputs, with where these are.
    """

    instructions: tuple[_Instruction, ...]
    copies: tuple[tuple[int, int], ...]
    buffers: int


class Kernel:
    """Code made ready to run. Results are the same with machine code and without.

    `pays`: over how many words it is run before machine code is made of it, so that few cases do not wait for it.
    """

    def __init__(self, code: Code, pays: int = PAYS) -> None:
        self.code = code
        self._order = tuple(_order(code))
        self._plan = _planned(code, self._order)
        self._pays = pays
        self._machine: Machine | None = None
        self._tried = False

    def run(self, inputs: Sequence[Words], out: Words | None = None) -> Words:
        """The outputs, one row each, for inputs of one length; into `out` where it is given."""
        length = len(inputs[0]) if inputs else 0 if out is None else out.shape[1]
        if out is None:
            out = np.empty((len(self.code.outputs), length), dtype=np.uint64)
        self._prepare(length)
        self._run(inputs, out)
        return out

    def run_parallel(self, inputs: Sequence[Words], out: Words, threads: int) -> Words:
        """The same on several threads, each with its own stretch of the planes."""
        length = out.shape[1]
        self._prepare(length)
        edges = [length * part // threads // BLOCK * BLOCK for part in range(threads)] + [length]
        with ThreadPoolExecutor(threads) as pool:
            list(
                pool.map(
                    lambda part: self._run(
                        [plane[edges[part] : edges[part + 1]] for plane in inputs],
                        out[:, edges[part] : edges[part + 1]],
                    ),
                    range(threads),
                )
            )
        return out

    def compile(self) -> bool:
        """Makes machine code if that has not been tried yet; whether there is any. Without llvmlite there is none."""
        if not self._tried:
            self._tried = True
            with suppress(ImportError, OSError):  # not installed, or not for this system
                self._machine = Machine(self.code, self._order)
        return self._machine is not None

    def _prepare(self, length: int) -> None:
        self._pays -= length
        if self._pays <= 0:
            self.compile()

    def _run(self, inputs: Sequence[Words], out: Words) -> None:
        length = out.shape[1]
        if (len(inputs), len(out)) != (len(self.code.inputs), len(self.code.outputs)):
            raise ValueError(f"{len(inputs)} inputs and {len(out)} outputs are not those of the code")
        if any(plane.shape != (length,) for plane in inputs):
            raise ValueError(f"inputs that are not of {length} words, as the outputs are")
        if self._machine and length >= VECTOR and writable(out) and all(one.dtype == WORD for one in inputs):
            self._machine.run(inputs, out)
            return
        rows, work = list(out), _Work(self._plan, min(BLOCK, max(length, 1)))
        for start in range(0, length, BLOCK):
            end = min(start + BLOCK, length)
            work.block([plane[start:end] for plane in inputs], [row[start:end] for row in rows])


class _Work:
    """The buffers of one thread."""

    def __init__(self, plan: _Plan, size: int) -> None:
        self._plan = plan
        self._never = np.zeros(size, dtype=np.uint64)
        self._always = np.full(size, ONES, dtype=np.uint64)
        self._scratch = np.empty(size, dtype=np.uint64)
        self._buffers = [np.empty(size, dtype=np.uint64) for _ in range(plan.buffers)]

    def block(self, inputs: Sequence[Words], outputs: Sequence[Words]) -> None:
        size = len(outputs[0]) if outputs else 0
        never, always, scratch = self._never[:size], self._always[:size], self._scratch[:size]
        values = [never, always, *inputs, *outputs, *(buffer[:size] for buffer in self._buffers)]
        for op, left, right, target, inverted in self._plan.instructions:
            if op is np.invert:
                op(values[left], values[target])
            elif inverted:
                op(values[left], np.invert(values[right], scratch), values[target])
            else:
                op(values[left], values[right], values[target])
        for target, source in self._plan.copies:
            values[target][:] = values[source]


def _planned(code: Code, order: Sequence[int]) -> _Plan:
    """Every step where it is wanted first: what it is made of, then itself. An output lies in its own row from the beginning.

    INVARIANT: a buffer is given to a new value only when no later step reads the old one.
    """
    first = 2 + len(code.inputs)
    place = {plane: plane for plane in range(first)}
    rows = {plane: first + row for row, plane in reversed(list(enumerate(code.outputs))) if plane >= first}
    last = {operand: number for number, plane in enumerate(order) for operand in code.steps[plane - first][1:]}
    free: list[int] = []
    buffers = 0
    instructions = []
    for number, plane in enumerate(order):
        operator, left, right = code.steps[plane - first]
        operands = (place[left], place[right])
        free += [place[one] for one in {left, right} if one >= first and one not in rows and last[one] == number]
        if plane in rows:
            place[plane] = rows[plane]
        else:
            if not free:
                free.append(first + len(code.outputs) + buffers)
                buffers += 1
            place[plane] = free.pop()
        if operator == "-" and left == ALWAYS:
            instructions.append(_Instruction(np.invert, operands[1], operands[1], place[plane], True))
        else:
            op = np.bitwise_or if operator == "|" else np.bitwise_and
            instructions.append(_Instruction(op, *operands, place[plane], operator == "-"))
    outputs = ((first + row, place[plane]) for row, plane in enumerate(code.outputs))
    return _Plan(tuple(instructions), tuple(pair for pair in outputs if pair[0] != pair[1]), buffers)


def _order(code: Code) -> Iterator[int]:
    """The steps that outputs need: each as late as can be, but at once where it is the last to read a result, whose buffer is then free."""
    first = 2 + len(code.inputs)
    made_of = {
        plane: [one for one in {*code.steps[plane - first][1:]} if one >= first] for plane in _wanted(code)
    }  # steps only, not inputs
    readers: dict[int, list[int]] = {plane: [] for plane in made_of}
    for plane, parts in made_of.items():
        for part in parts:
            readers[part].append(plane)
    waiting = {plane: len(found) for plane, found in readers.items()}
    done: set[int] = set()
    for root in made_of:
        pending = [root]
        while pending:
            plane = pending.pop()
            if plane in done:
                continue
            done.add(plane)
            yield plane
            for part in made_of[plane]:
                waiting[part] -= 1
            for part in (plane, *made_of[plane]):
                if waiting[part] == 1:  # its last reader
                    pending += [one for one in readers[part] if one not in done and done.issuperset(made_of[one])]


def _wanted(code: Code) -> Iterator[int]:
    """The steps that outputs need, each after those it is made of and as late as can be."""
    first = 2 + len(code.inputs)
    seen = set(range(first))
    pending = [(plane, False) for plane in reversed(code.outputs)]
    while pending:
        plane, made = pending.pop()
        if made:
            yield plane
        elif plane not in seen:
            seen.add(plane)
            _, left, right = code.steps[plane - first]
            pending += ((plane, True), (right, False), (left, False))
