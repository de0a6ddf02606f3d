"""A record in a file of its own, by the SQLite of the standard library.

Knows tables and the triggers that keep them append-only. They stop mistakes, not somebody who owns the file: him
`verify` finds.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from wenze.ledger.storage import CONTROL, NotKept, Row

_TABLES = {
    "entry": "CREATE TABLE entry (n INTEGER PRIMARY KEY, leaf BLOB NOT NULL, hash BLOB NOT NULL)",
    "opening": "CREATE TABLE opening (n INTEGER PRIMARY KEY REFERENCES entry (n), bytes BLOB NOT NULL)",
    # `ends` is the number of entries that complete the subtree: the order in which nodes come about
    "node": (
        "CREATE TABLE node (ends INTEGER, level INTEGER, hash BLOB NOT NULL, PRIMARY KEY (ends, level)) WITHOUT ROWID"
    ),
    "checkpoint": "CREATE TABLE checkpoint (n INTEGER PRIMARY KEY, note TEXT NOT NULL)",
}


# the few entries about the record itself, found without reading all
_CONTROL = f"substr(leaf, 1, {len(CONTROL)}) = X'{CONTROL.hex()}'"
_INDEX = {"control": f"CREATE INDEX control ON entry (n) WHERE {_CONTROL}"}


def _guards() -> dict[str, str]:
    refuse = "BEGIN SELECT RAISE(ABORT, 'the record is only added to'); END"
    made = {}
    for table in _TABLES:
        made[f"{table}_update"] = f"BEFORE UPDATE ON {table} {refuse}"
        if table != "opening":
            made[f"{table}_delete"] = f"BEFORE DELETE ON {table} {refuse}"
    for table in ("entry", "checkpoint"):
        due = f"(SELECT coalesce(max(n) + 1, 0) FROM {table})"  # nosec B608 -- our own two names
        made[f"{table}_next"] = f"BEFORE INSERT ON {table} WHEN NEW.n IS NOT {due} {refuse}"
    newest = "(SELECT max(n) FROM entry)"
    # INVARIANT: without recursive_triggers, which another program leaves off, INSERT OR REPLACE deletes past the
    # triggers; so what is there already is refused as an insert.
    made["opening_next"] = (
        f"BEFORE INSERT ON opening WHEN NEW.n IS NOT {newest} OR NEW.n IN (SELECT n FROM opening) {refuse}"  # nosec B608
    )
    made["node_next"] = (
        f"BEFORE INSERT ON node WHEN NEW.ends IS NOT {newest} + 1"  # nosec B608
        f" OR EXISTS (SELECT 1 FROM node WHERE ends = NEW.ends AND level = NEW.level) {refuse}"  # nosec B608
    )
    said = "CAST(leaf AS TEXT)"  # an opening goes only right after the entry that says so
    erased = f"SELECT json_extract({said}, '$.entry') FROM entry WHERE n = {newest}"  # nosec B608
    erased += f" AND json_extract({said}, '$.kind') = 'erased'"
    made["opening_delete"] = f"BEFORE DELETE ON opening WHEN OLD.n IS NOT ({erased}) {refuse}"
    return {name: f"CREATE TRIGGER {name} {rest}" for name, rest in made.items()}


_SCHEMA = {**_TABLES, **_INDEX, **_guards()}


class SqliteStorage:
    """One connection; each thread and process opens its own. Waits up to `patience` seconds for another writer."""

    def __init__(self, path: Path, *, patience: float = 20.0, read_only: bool = False) -> None:
        """Opens the file or makes it. sqlite3.DatabaseError where it is something else."""
        self.path = path
        self._depth = 0
        self._erased = False
        where = f"{path.resolve().as_uri()}?mode={'ro' if read_only else 'rwc'}"
        self._db = sqlite3.connect(where, uri=True, isolation_level=None, timeout=patience)
        self._db.text_factory = lambda raw: raw.decode("utf-8", "replace")  # what is no text must not stop a reader
        if not read_only:
            self._make_ready()

    def _make_ready(self) -> None:
        self._db.execute("PRAGMA journal_mode = WAL")
        self._db.execute("PRAGMA synchronous = FULL")  # what was acknowledged outlives a power cut
        self._db.execute("PRAGMA foreign_keys = ON")
        self._db.execute("PRAGMA recursive_triggers = ON")  # else INSERT OR REPLACE deletes past the triggers
        self._db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
        if not self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
            with self.writing():
                if not self._db.execute("SELECT count(*) FROM sqlite_schema").fetchone()[0]:
                    for statement in _SCHEMA.values():
                        self._db.execute(statement)

    def close(self) -> None:
        self._db.close()

    @contextmanager
    def writing(self) -> Iterator[None]:
        if self._depth == 0:
            self._db.execute("BEGIN IMMEDIATE")
        self._depth += 1
        try:
            yield
        except BaseException:
            if self._depth == 1:
                self._db.execute("ROLLBACK")
            raise
        else:
            if self._depth == 1:
                self._db.execute("COMMIT")
                self._wipe()
        finally:
            self._depth -= 1

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self._db.in_transaction:
            yield
            return
        self._db.execute("BEGIN")
        try:
            yield
        finally:
            self._db.execute("ROLLBACK")

    def pending(self) -> bool:
        return self._db.in_transaction

    def size(self) -> int:
        """One more than the highest number; whether all below it are there, `verify` says."""
        size: int = self._db.execute("SELECT coalesce(max(n) + 1, 0) FROM entry").fetchone()[0]
        return size

    def add(self, row: Row) -> None:
        self._db.execute("INSERT INTO entry VALUES (?, ?, ?)", (row.n, row.leaf, row.hash))
        if row.opening is not None:
            self._db.execute("INSERT INTO opening VALUES (?, ?)", (row.n, row.opening))

    def add_node(self, level: int, index: int, hash: bytes) -> None:
        self._db.execute("INSERT INTO node VALUES (?, ?, ?)", ((index + 1) << level, level, hash))

    def node(self, level: int, index: int) -> bytes:
        query = ("SELECT hash FROM node WHERE ends = ? AND level = ?", ((index + 1) << level, level))
        found = self._db.execute(*(query if level else ("SELECT hash FROM entry WHERE n = ?", (index,)))).fetchone()
        if found is None:
            raise NotKept(f"node {level}/{index}")
        return bytes(found[0])

    _ROWS = "SELECT entry.n, leaf, hash, bytes FROM entry LEFT JOIN opening USING (n)"

    def row(self, n: int) -> Row:
        found = self._db.execute(f"{self._ROWS} WHERE entry.n = ?", (n,)).fetchone()
        if found is None:
            raise NotKept(f"entry {n}")
        return Row(*found)

    def rows(self, start: int = 0) -> Iterator[Row]:
        for n, leaf, hash_, opening in self._db.execute(f"{self._ROWS} WHERE entry.n >= ? ORDER BY entry.n", (start,)):
            yield Row(n, _bytes(leaf), _bytes(hash_), None if opening is None else _bytes(opening))

    def controls(self) -> Iterator[Row]:
        query = self._ROWS.replace("FROM entry", "FROM entry INDEXED BY control")
        yield from (Row(*found) for found in self._db.execute(f"{query} WHERE {_CONTROL} ORDER BY entry.n").fetchall())

    def nodes(self) -> Iterator[tuple[int, int, bytes]]:
        for ends, level, hash_ in self._db.execute("SELECT ends, level, hash FROM node ORDER BY ends, level"):
            yield ends, level, _bytes(hash_)

    def erase(self, n: int) -> None:
        self._db.execute("DELETE FROM opening WHERE n = ?", (n,))
        self._erased = True

    def _wipe(self) -> None:
        """After an erasure, also what the write-ahead log holds of it; while others read, the next erasure does it."""
        if self._erased:
            busy, *_ = self._db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
            self._erased = bool(busy)

    def add_checkpoint(self, note: str) -> None:
        self._db.execute("INSERT INTO checkpoint SELECT coalesce(max(n) + 1, 0), ? FROM checkpoint", (note,))

    def checkpoints(self) -> list[tuple[int, str]]:
        return [(n, str(note)) for n, note in self._db.execute("SELECT n, note FROM checkpoint ORDER BY n")]

    def openings(self) -> Iterator[int]:
        yield from (n for (n,) in self._db.execute("SELECT n FROM opening ORDER BY n"))

    def faults(self) -> list[str]:
        present = dict(self._db.execute("SELECT name, sql FROM sqlite_schema WHERE name NOT LIKE 'sqlite_%'"))
        missing = [f"{name}: missing" for name in _SCHEMA.keys() - present.keys()]
        strange = [f"{name}: not part of a record" for name in present.keys() - _SCHEMA.keys()]
        changed = [f"{name}: changed" for name in _SCHEMA.keys() & present.keys() if _SCHEMA[name] != present[name]]
        damage = [text for (text,) in self._db.execute("PRAGMA integrity_check(20)") if text != "ok"]
        return sorted(missing + strange + changed) + damage


def _bytes(value: object) -> bytes:
    """What a column holds; where somebody put another type into it, nothing that could pass."""
    return value if isinstance(value, bytes) else b""
