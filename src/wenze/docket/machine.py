"""Code on planes as machine code of the processor it runs on, made by LLVM: one pass over memory, all between in registers.

Knows LLVM, no law and no table. A vector is eight words, a line of the cache: the code reads one of every input, works out every step and
writes one of every output, then goes on to the next. Where llvmlite is not installed there is no machine code.
"""

from __future__ import annotations

import ctypes
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from wenze.law import Code

Words = NDArray[np.uint64]

WORD = np.dtype(np.uint64)
VECTOR = 8  # words

_BYTES = 8 * VECTOR
_AHEAD = 2 * _BYTES  # hundreds of planes are more than the processor watches by itself, so it is told what comes next
_TYPE = f"<{VECTOR} x i64>"
_ONES = f"<{', '.join(['i64 -1'] * VECTOR)}>"
_CODE = """\
declare void @llvm.prefetch.p0(ptr, i32, i32, i32)

define void @run(ptr %in, ptr %out, i64 %begin, i64 %end) alignstack({bytes}) {{
entry:
  br label %vector
vector:
  %at = phi i64 [%begin, %entry], [%next, %vector]
{steps}
  %next = add i64 %at, {bytes}
  %more = icmp ult i64 %next, %end
  br i1 %more, label %vector, label %done
done:
  ret void
}}
"""
# Optimising takes LLVM three times as long and gains a tenth: the steps come in a good order, and nothing in them repeats.
_OPTIMISED = 0


class Machine:
    """Machine code for the steps of `order`, each of which comes after those it is made of. ImportError where there is no LLVM."""

    def __init__(self, code: Code, order: Sequence[int]) -> None:
        self._engine = _engine(_CODE.format(bytes=_BYTES, steps="\n".join(_steps(code, order))))
        kind = ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p, ctypes.c_int64, ctypes.c_int64)
        self._run = kind(self._engine.get_function_address("run"))

    def run(self, inputs: Sequence[Words], out: Words) -> None:
        """Fills the outputs. INVARIANT: inputs of `WORD` as long as the rows of `out`, no fewer than a vector; `out` is `writable`."""
        whole = [one if one.strides == (8,) else np.ascontiguousarray(one) for one in inputs]
        read = np.array([one.__array_interface__["data"][0] for one in whole], dtype=np.uintp)
        written = np.arange(len(out), dtype=np.uintp) * np.uintp(out.strides[0]) + np.uintp(out.ctypes.data)
        words = out.shape[1]
        end = words // VECTOR * _BYTES
        self._run(read.ctypes.data, written.ctypes.data, 0, end)
        if end < 8 * words:  # the last vector, part of which is done already
            self._run(read.ctypes.data, written.ctypes.data, 8 * words - _BYTES, 8 * words)


def writable(out: Words) -> bool:
    """Whether machine code can write there: words, each row in one piece, the next row behind it."""
    return bool(out.dtype == WORD and out.flags.writeable and out.strides[1] == 8 and out.strides[0] >= 0)


def _engine(text: str) -> Any:  # Any: llvmlite has no types
    """What holds the machine code; it lasts as long as this does."""
    from llvmlite import binding  # not before it is wanted: it is large

    binding.initialize_native_target()
    binding.initialize_native_asmprinter()
    processor = binding.Target.from_default_triple().create_target_machine(
        cpu=binding.get_host_cpu_name(), features=binding.get_host_cpu_features().flatten(), opt=_OPTIMISED
    )
    engine = binding.create_mcjit_compiler(binding.parse_assembly(text), processor)
    engine.finalize_object()
    return engine


def _steps(code: Code, order: Sequence[int]) -> Iterator[str]:
    """The lines for one vector: an input is read where it is first wanted, an output written as soon as it is worked out."""
    first = 2 + len(code.inputs)
    rows = defaultdict[int, list[int]](list)
    for row, plane in enumerate(code.outputs):
        rows[plane].append(row)
    known = {0, 1}

    def wanted(planes: Iterable[int]) -> Iterator[str]:
        for plane in planes:
            if plane < first and plane not in known:
                known.add(plane)
                yield from _reading(plane)

    for plane in order:
        operator, left, right = code.steps[plane - first]
        yield from wanted((left, right))
        yield from _working(plane, operator, _value(left, first), _value(right, first))
        for row in rows.pop(plane, ()):
            yield from _writing(row, _value(plane, first))
    yield from wanted(rows)
    for plane, found in rows.items():  # inputs and constants
        for row in found:
            yield from _writing(row, _value(plane, first))


def _value(plane: int, first: int) -> str:
    if plane < 2:
        return ("zeroinitializer", _ONES)[plane]
    return f"%{'input' if plane < first else 'step'}{plane}"


def _reading(plane: int) -> Iterator[str]:
    number = plane - 2
    yield from _place("in", number)
    yield f"  %in{number}ahead = getelementptr i8, ptr %in{number}, i64 {_AHEAD}"
    yield f"  call void @llvm.prefetch.p0(ptr %in{number}ahead, i32 0, i32 2, i32 1)"  # data to be read, into the second cache
    yield f"  %input{plane} = load {_TYPE}, ptr %in{number}, align 1"


def _working(plane: int, operator: str, left: str, right: str) -> Iterator[str]:
    if operator == "-":
        yield f"  %not{plane} = xor {_TYPE} {right}, {_ONES}"
        right = f"%not{plane}"
    yield f"  %step{plane} = {_OPERATORS[operator]} {_TYPE} {left}, {right}"


_OPERATORS = {"&": "and", "|": "or", "-": "and"}


def _writing(row: int, value: str) -> Iterator[str]:
    yield from _place("out", row)
    yield f"  store {_TYPE} {value}, ptr %out{row}, align 1"


def _place(side: str, number: int) -> Iterator[str]:
    """Where the vector of a plane lies."""
    yield f"  %{side}{number}row = getelementptr ptr, ptr %{side}, i64 {number}"
    yield f"  %{side}{number}words = load ptr, ptr %{side}{number}row"
    yield f"  %{side}{number} = getelementptr i8, ptr %{side}{number}words, i64 %at"
