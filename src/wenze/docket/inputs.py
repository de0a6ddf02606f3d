"""The planes a program asks for, read off a group: facts of the act, of each participant and event, and who stands above whom."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from wenze.docket.columns import packed, planes_of, tail, words_of
from wenze.docket.groups import Batch
from wenze.docket.kernel import ONES, Words
from wenze.docket.tables import NO_RANK, Tables
from wenze.law import Above, FactKey, Input


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
        table, slot = self._tables.place(key)
        acts = self._batch.group.acts
        rows = self._batch.tables[table]
        index = rows.schema.get_field_index(key.name)
        if index < 0:
            nothing = np.zeros(words_of(acts), dtype=np.uint64)
            return nothing, nothing
        true, false = planes_of(rows.column(index), slot * acts, acts)
        return false, true

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
