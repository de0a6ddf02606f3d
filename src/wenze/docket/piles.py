"""Rows of cases → groups: acts of one shape under the same rulings wait on disk until there are enough for a group.

What is in memory is one group at most, however many acts there are and however many shapes they have.
"""

from __future__ import annotations

import sqlite3
from array import array
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any  # arrays of two kinds of number

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wenze.docket.groups import MOST_ACTS, Group, Rulings
from wenze.docket.rows import STATES, ActRows, CaseRows, NotForDocket, Row
from wenze.docket.scratch import scratch
from wenze.docket.storage import Writer
from wenze.docket.tables import FIXED, TABLES, Tables, rows_of
from wenze.law import Shape

_HELD = 4_096  # acts in memory before they are put on their piles
_PILE = 1 << 40  # places a pile has: acts of a shape in one docket
_KEY = ("case", "act")
_NULL = -(1 << 31)  # a number that is not recorded
_SCRATCH = (
    "cases(number TEXT PRIMARY KEY) WITHOUT ROWID",
    "acts(place INTEGER PRIMARY KEY, number TEXT, act INTEGER, numbers BLOB, facts BLOB)",
)

_Key = tuple[Shape, Rulings, bool]


@contextmanager
def building(writer: Writer) -> Iterator[Builder]:
    """Within the context of a writer: takes cases, writes each group when it is full, and the others when the block ends well."""
    with scratch(writer.folder, ".acts", *_SCRATCH) as disk:
        builder = Builder(writer, disk)
        yield builder
        builder.finish()


class Builder:
    """Gathers the acts of cases. `cases`: how many it has taken."""

    def __init__(self, writer: Writer, disk: sqlite3.Connection) -> None:
        self.writer = writer
        self.cases = 0
        self._disk = disk
        self._piles: dict[_Key, int] = {}  # the number of each pile, the one begun first in front
        self._acts: dict[int, int] = {}  # how many acts lie on a pile
        self._held: list[tuple[int, str, int, bytes, bytes]] = []
        self._begun = 0

    def add(self, rows: CaseRows) -> None:
        """NotForDocket where a case of this number is there already: its acts would be taken for those of one case."""
        if not self._disk.execute("INSERT OR IGNORE INTO cases VALUES (?)", (rows.case,)).rowcount:
            raise NotForDocket(f"{rows.case}: 案号重复 · there is a case of this number already")
        self.cases += 1
        for act in rows.acts:
            key = (act.shape, rows.rulings, rows.entangled)
            if key not in self._piles:
                self._piles[key] = self._begun
                self._acts[self._begun] = 0
                self._begun += 1
            pile = self._piles[key]
            place = pile * _PILE + self._acts[pile]
            self._held.append((place, rows.case, act.act, _numbers(act), _facts(act)))
            self._acts[pile] += 1
            if self._acts[pile] == MOST_ACTS:
                self._write(key)
            elif len(self._held) == _HELD:
                self._put()

    def finish(self) -> None:
        for key in list(self._piles):
            self._write(key)

    def _put(self) -> None:
        self._disk.executemany("INSERT INTO acts VALUES (?, ?, ?, ?, ?)", self._held)
        self._held.clear()

    def _write(self, key: _Key) -> None:
        """The acts of a pile as a group; the pile is gone then."""
        self._put()
        shape, rulings, tangled = key
        pile = self._piles.pop(key)
        acts = self._acts.pop(pile)
        where = (pile * _PILE, (pile + 1) * _PILE)
        columns = zip(
            *self._disk.execute(
                "SELECT number, act, numbers, facts FROM acts WHERE place >= ? AND place < ? ORDER BY place", where
            ),
            strict=True,
        )
        cases, places, numbers, facts = map(list, columns)
        self._disk.execute("DELETE FROM acts WHERE place >= ? AND place < ?", where)
        tables = self.writer.tables
        matrix: dict[str, NDArray[Any]] = {
            "numbers": np.frombuffer(b"".join(numbers), dtype=np.int32).reshape(acts, len(numbers[0]) // 4),
            "facts": np.frombuffer(b"".join(facts), dtype=np.uint8).reshape(acts, len(facts[0])),
        }
        keys = (cases, np.array(places, dtype=np.int32))
        self.writer.write(
            Group(*shape, acts, rulings, tangled),
            {table: _batch(tables, table, shape, keys, matrix) for table in TABLES},
        )


def _rows(act: ActRows) -> tuple[Row, ...]:
    return (act.own, *act.participations, *act.events)


def _numbers(act: ActRows) -> bytes:
    return array("i", [_NULL if one is None else one for row in _rows(act) for one in row.numbers]).tobytes()


def _facts(act: ActRows) -> bytes:
    return b"".join(row.facts for row in _rows(act))


def _batch(
    tables: Tables,
    table: str,
    shape: Shape,
    keys: tuple[list[str], NDArray[np.int32]],
    matrix: Mapping[str, NDArray[Any]],
) -> pa.RecordBatch:
    """One table of a group. A row of each matrix is an act: its own row, then those of its participants, then those of its events."""
    cases, places = keys
    schema, slots = tables.schema(table), rows_of(shape, 1)
    widths = {
        "numbers": {name: len(fixed) - len(_KEY) for name, fixed in FIXED.items()},
        "facts": {name: len(facts) for name, facts in tables.facts.items()},
    }

    def part(of: str) -> NDArray[Any]:
        """A row a column of the table: all first participants, then all second ones."""
        width, before = widths[of], TABLES[: TABLES.index(table)]
        start = sum(slots[name] * width[name] for name in before)
        rows = slots[table] * len(cases)
        found = matrix[of][:, start : start + slots[table] * width[table]]
        return found.reshape(len(cases), slots[table], width[table]).transpose(2, 1, 0).reshape(width[table], rows)

    columns = [pa.array(cases * slots[table], pa.string()), pa.array(np.tile(places, slots[table]))]
    for numbers, field in zip(part("numbers"), list(schema)[len(_KEY) :], strict=False):
        absent = numbers == _NULL
        columns.append(pa.array(np.where(absent, 0, numbers), pa.int32(), mask=absent).cast(field.type))
    for states in part("facts"):
        columns.append(pa.array(states == STATES[True], mask=states == STATES[None]))
    return pa.RecordBatch.from_arrays(columns, schema=schema)
