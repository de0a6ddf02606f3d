"""Filled-in tables → the cases in them: the rows of a case, scattered over three tables, come together on disk.

A case with a row that cannot be read is set aside whole, since the others of an act would get another result without it; every other
case is kept. Cases come in the order of their numbers, acts in that of theirs, participants and events as they stand in the tables.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import groupby, islice
from operator import itemgetter
from pathlib import Path
from typing import Any

from wenze.docket.cells import UNREAD, Bad, Cells, Read
from wenze.docket.rows import ActRows, CaseRows, Row
from wenze.docket.scratch import scratch
from wenze.docket.sheets import opened
from wenze.docket.tables import TABLES, Tables
from wenze.law import Law

_HELD = 2_048  # rows in memory before they are put on disk
# `row`: as the program shows it. The key of a row orders it behind those of its act; `own` is its respondent or event.
# `row`: as the program shows it; `own`: the respondent or event. So the key leads to the other rows of an act, and to another of the same.
_TABLE = "{}(number TEXT, act INTEGER, own INTEGER, row INTEGER, {}facts BLOB, PRIMARY KEY (number, act, own, row)) WITHOUT ROWID"
_SCRATCH = (
    _TABLE.format("acts", ""),
    _TABLE.format("participations", "pair INTEGER, rank INTEGER, place INTEGER, "),
    _TABLE.format("events", ""),
    "aside(number TEXT PRIMARY KEY) WITHOUT ROWID",
)
_SAME = "FROM {} AS other WHERE other.number = one.number AND other.act = one.act"
_FAULTS = f"""
    SELECT row, number, NOT EXISTS (SELECT 1 {_SAME.format("acts")}) AS lone
    FROM {{table}} AS one
    WHERE number != '' AND act > {UNREAD} AND (
        lone OR own > {UNREAD} AND EXISTS (SELECT 1 {_SAME.format("{table}")} AND other.own = one.own AND other.row < one.row)
    )
    ORDER BY row
"""  # nosec B608 -- names and numbers of this module
_OWN = {"acts": "act", "participations": "respondent", "events": "event"}
_TWICE = {
    "acts": "同一案件中重复 · twice in one case",
    "participations": "在同一行为中重复 · twice in one act",
    "events": "在同一行为中重复 · twice in one act",
}
_NO_ACT = "行为表中没有这个行为 · the sheet of acts has no such act"

_Stored = tuple[Any, ...]  # Any: what SQLite gives


@contextmanager
def gathered(
    path: Path, law: Law, room: Path, tell: Callable[[Bad], None], read: Callable[[int], None] = lambda _: None
) -> Iterator[Gathered]:
    """The cases of tables. `room`: beside what there is room on the disk; `tell` hears of what cannot be read, `read` how many rows more were.

    ValueError where there are no such tables.
    """
    with opened(path) as sheets, scratch(room, ".rows", *_SCRATCH) as disk:
        found = Gathered(law, disk, tell)
        tables = Tables(law)
        for title in sheets.others:
            tell(Bad(title, 1, "A", "这个工作表未读 · this sheet is not read"))
        for table in TABLES:
            found.put(table, Cells(tables, table, sheets.tables[table], found.bad).rows(), read)
        for table in TABLES:
            found.compare(table)
        yield found


class Gathered:
    """Rows on disk, by case and act."""

    def __init__(self, law: Law, disk: sqlite3.Connection, tell: Callable[[Bad], None]) -> None:
        self._law, self._disk, self._tell = law, disk, tell

    def cases(self) -> Iterator[CaseRows]:
        """The cases every row of which could be read."""
        acts, participations, events = (_by_act(self._rows(table)) for table in TABLES)
        people, happened = next(participations, None), next(events, None)
        for case, rows in groupby(acts, key=lambda one: one[0][0]):
            found = []
            for key, own in rows:
                while people and people[0] < key:
                    people = next(participations, None)
                while happened and happened[0] < key:
                    happened = next(events, None)
                of_act = people[1] if people and people[0] == key else []
                of_event = happened[1] if happened and happened[0] == key else []
                found.append(ActRows(key[1], Row((), own[-1][-1]), _said(of_act), _said(of_event)))
            if not self._is_aside(case):
                yield CaseRows.of_acts(self._law, case, found)

    def aside(self) -> int:
        """How many cases were set aside."""
        return int(self._disk.execute("SELECT count(*) FROM aside").fetchone()[0])

    def bad(self, bad: Bad, case: str | None) -> None:
        """Tells of a cell, and sets the case aside that it belongs to."""
        self._tell(bad)
        if case is not None:
            self._disk.execute("INSERT OR IGNORE INTO aside VALUES (?)", (case,))

    def put(self, table: str, rows: Iterator[Read], read: Callable[[int], None]) -> None:
        """Puts the rows of a table on disk."""
        while some := list(islice(rows, _HELD)):
            stored = [_stored(read) for read in some]
            places = ", ".join("?" * len(stored[0]))
            self._disk.executemany(f"INSERT INTO {table} VALUES ({places})", stored)  # nosec B608 -- a table of this module
            read(len(stored))

    def compare(self, table: str) -> None:
        """Tells of rows that are there twice, and of rows of acts that are not there."""
        for row, case, lone in self._disk.execute(_FAULTS.format(table=table)):
            self.bad(Bad(table, row, "act", _NO_ACT) if lone else Bad(table, row, _OWN[table], _TWICE[table]), case)

    def _rows(self, table: str) -> Iterator[_Stored]:
        return iter(self._disk.execute(f"SELECT * FROM {table} ORDER BY number, act, own, row"))  # nosec B608 -- as above

    def _is_aside(self, case: str) -> bool:
        return self._disk.execute("SELECT 1 FROM aside WHERE number = ?", (case,)).fetchone() is not None


def _stored(read: Read) -> _Stored:
    numbers = read.said.numbers
    return (read.case, read.act, numbers[0] if numbers else 0, read.row, *numbers[1:], read.said.facts)


def _by_act(rows: Iterator[_Stored]) -> Iterator[tuple[tuple[str, int], list[_Stored]]]:
    """The rows of each act, as they stand in the table."""
    for key, some in groupby(rows, key=itemgetter(0, 1)):
        yield key, sorted(some, key=itemgetter(3))


def _said(rows: list[_Stored]) -> list[Row]:
    return [Row((own, *numbers), facts) for _, _, own, _, *numbers, facts in rows]
