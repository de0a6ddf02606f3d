"""The planes a program asks for, read off a group: facts of the act, of each participant and event, and who stands above whom.

Facts are columns of Arrow, which are two bitmaps each: values, and where these are valid. Code can be run on those as they lie in the file,
the planes being its first steps.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from wenze.docket.columns import bitmaps_of, packed, tail, words_of
from wenze.docket.groups import Batch
from wenze.docket.kernel import ONES, Words
from wenze.docket.tables import NO_RANK, Tables
from wenze.law import Above, Code, FactKey, Input

_TOP = 1 << 40  # above whatever is recorded


@dataclass(frozen=True, slots=True)
class Bitmap:
    """One of the two bitmaps of the column of a fact. No tuple, which would be equal to an `Input`."""

    fact: FactKey
    validity: bool


def on_bitmaps(code: Code) -> Code:
    """The same code for bitmaps instead of the planes of facts: it is proven where valid and true, disproven where valid and not true."""
    asked = [(one, one.name) for one in code.inputs if isinstance(one, Input) and isinstance(one.name, FactKey)]
    others = [one for one in code.inputs if one not in dict(asked)]
    maps = [Bitmap(fact, validity) for fact in dict.fromkeys(fact for _, fact in asked) for validity in (False, True)]
    inputs: list[Hashable] = [*others, *maps]
    number = {one: 2 + index for index, one in enumerate(inputs)}
    steps = []
    for one, fact in asked:
        values, valid = number[Bitmap(fact, False)], number[Bitmap(fact, True)]
        steps.append(("&", values, valid) if one.value else ("-", valid, values))
        number[one] = 1 + len(inputs) + len(steps)
    place = [0, 1, *(number[one] for one in code.inputs)]
    for operator, left, right in code.steps:
        steps.append((operator, place[left], place[right]))
        place.append(1 + len(inputs) + len(steps))
    return Code(tuple(inputs), tuple(steps), tuple(place[plane] for plane in code.outputs))


def used_bits(acts: int) -> Words:
    """The plane of all acts there are."""
    found = np.full(words_of(acts), ONES, dtype=np.uint64)
    if acts:
        found[-1] &= tail(acts)
    return found


class Inputs:
    """The planes of one group, each read once."""

    def __init__(self, tables: Tables, batch: Batch) -> None:
        self._tables = tables
        self._batch = batch
        self._planes: dict[Hashable, Words] = {}

    def given(self, name: Hashable) -> Words:
        """An input of code on bitmaps."""
        if not isinstance(name, Bitmap):
            return self.plane(name)
        if name not in self._planes:
            values, valid = self._read(name.fact)
            self._planes[Bitmap(name.fact, False)], self._planes[Bitmap(name.fact, True)] = values, valid
        return self._planes[name]

    def plane(self, name: Hashable) -> Words:
        """An input of a program. A fact without a column is not established."""
        if name not in self._planes and isinstance(name, Input):
            asked = name.name
            false, true = self._above(asked) if isinstance(asked, Above) else self._fact(asked)
            self._planes[Input(asked, 0)], self._planes[Input(asked, 1)] = false, true
        return self._planes[name]

    def _fact(self, key: Hashable) -> tuple[Words, Words]:
        if not isinstance(key, FactKey):
            raise AssertionError(f"{key!r} is neither a fact nor a question who stands above whom")
        values, valid = self._read(key)
        return valid & ~values, valid & values

    def _read(self, key: FactKey) -> tuple[Words, Words]:
        """The bitmaps of a fact: its values, and where these are valid."""
        table, slot = self._tables.place(key)
        acts = self._batch.group.acts
        rows = self._batch.tables[table]
        index = rows.schema.get_field_index(key.name)
        if index < 0:
            nothing = np.zeros(words_of(acts), dtype=np.uint64)
            return nothing, nothing
        return bitmaps_of(rows.column(index), slot * acts, acts)

    def above_in_order(self, question: Above, order: Sequence[int]) -> Words:
        """Who stands above whom where those without a recorded rank or order stand above all, in an order of slots, and others below all."""
        acts = self._batch.group.acts
        column = self._batch.tables["participations"].column(question.by)
        values = column.fill_null(0).cast(pa.int64()).to_numpy(zero_copy_only=False)
        missing = column.is_null().to_numpy(zero_copy_only=False)
        heights, none = [], []
        for slot in (int(question.first[1:]) - 1, int(question.second[1:]) - 1):
            rows = slice(slot * acts, (slot + 1) * acts)
            recorded = -values[rows] if question.by == "rank" else values[rows]  # a rank counts from the highest
            heights.append(np.where(missing[rows], _TOP - order.index(slot) if slot in order else -_TOP, recorded))
            none.append(~missing[rows] & (values[rows] == NO_RANK) & (question.by == "rank"))
        return packed((heights[0] > heights[1]) & ~none[0] & ~none[1])

    def _above(self, question: Above) -> tuple[Words, Words]:
        """Larger is higher or later: a rank's place counts from the highest, an order's from the first. A unit has no rank."""
        acts = self._batch.group.acts
        column = self._batch.tables["participations"].column(question.by)
        values = column.fill_null(-2).to_numpy(zero_copy_only=False)
        first, second = (
            values[slot * acts : (slot + 1) * acts]
            for slot in (int(question.first[1:]) - 1, int(question.second[1:]) - 1)
        )
        if question.by == "rank":
            none = (first == NO_RANK) | (second == NO_RANK)
            known = (first >= 0) & (second >= 0)
            above = known & (first < second)
        else:
            nulls = column.is_null().to_numpy(zero_copy_only=False)
            slots = [
                nulls[slot * acts : (slot + 1) * acts]
                for slot in (int(question.first[1:]) - 1, int(question.second[1:]) - 1)
            ]
            none = np.zeros(acts, dtype=np.bool_)
            known = ~slots[0] & ~slots[1]
            above = known & (first > second)
        return packed((known & ~above) | none), packed(above)
