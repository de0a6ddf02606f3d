"""Arrow's nullable booleans ↔ bit planes: two planes a column, where it is true and where it is false; null is not established.

An Arrow column of booleans is already two planes, values and validity. Columns written here have no value bit where they are null and
none behind their end, so reading them back costs nothing (a column from elsewhere is masked first).
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wenze.docket.kernel import ONES, Words


def words_of(length: int) -> int:
    """How many 64-bit words a plane of so many cases has."""
    return -(-length // 64)


def tail(length: int) -> np.uint64:
    """The bits in use of the last word of a plane."""
    return ONES if length % 64 == 0 else np.uint64((1 << length % 64) - 1)


def planes_of(column: pa.Array, start: int, length: int) -> tuple[Words, Words]:
    """Where `length` values of a boolean column from `start` on are true, and where they are false."""
    values, valid = bitmaps_of(column, start, length)
    true = values & valid
    return true, valid ^ true


def bitmaps_of(column: pa.Array, start: int, length: int) -> tuple[Words, Words]:
    """The values and the validity of `length` values of a boolean column from `start` on, as they lie. Where not valid, a value is any."""
    validity, values = column.buffers()
    offset = column.offset + start
    if validity is None:
        valid = np.full(words_of(length), ONES, dtype=np.uint64)
        if length:
            valid[-1] &= tail(length)
    else:
        valid = _bits(validity, offset, length)
    return _bits(values, offset, length), valid


def _bits(buffer: pa.Buffer, offset: int, length: int) -> Words:
    """A stretch of a bitmap as words; no copy where it begins and ends on a word."""
    if offset % 64 == 0 and length % 64 == 0:
        return np.frombuffer(buffer, dtype=np.uint64, count=length // 64, offset=offset // 8)
    first, last = offset // 8, -(-(offset + length) // 8)
    raw = np.frombuffer(buffer, dtype=np.uint8, count=last - first, offset=first)
    if offset % 8:
        raw = np.packbits(np.unpackbits(raw, bitorder="little")[offset % 8 :][:length], bitorder="little")
    padded = np.zeros(words_of(length) * 8, dtype=np.uint8)
    padded[: len(raw)] = raw[: len(padded)]
    found = padded.view(np.uint64)
    if length:
        found[-1] &= tail(length)
    return found


def column_of(true: Words, false: Words, length: int) -> pa.Array:
    """The column that is true and false there and null elsewhere."""
    valid = true | false
    return pa.Array.from_buffers(pa.bool_(), length, [pa.py_buffer(valid), pa.py_buffer(np.ascontiguousarray(true))])


def plain_column(plane: Words, length: int) -> pa.Array:
    """A column without nulls."""
    return pa.Array.from_buffers(pa.bool_(), length, [None, pa.py_buffer(np.ascontiguousarray(plane))])


def joined(columns: Sequence[pa.Array]) -> pa.Array:
    """Columns one below the other, masked as this module promises."""
    whole = pa.concat_arrays(columns)
    return column_of(*planes_of(whole, 0, len(whole)), len(whole))


def packed(flags: NDArray[np.bool_]) -> Words:
    """A plane of flags, one a case."""
    padded = np.zeros(words_of(len(flags)) * 8, dtype=np.uint8)
    bits = np.packbits(flags, bitorder="little")
    padded[: len(bits)] = bits
    return padded.view(np.uint64)


def unpacked(plane: Words, length: int) -> NDArray[np.bool_]:
    """The flags of a plane, one a case."""
    return np.unpackbits(np.ascontiguousarray(plane).view(np.uint8), count=length, bitorder="little").astype(np.bool_)


def count(plane: Words) -> int:
    """How many cases a plane has."""
    return int(np.bitwise_count(plane).sum())
