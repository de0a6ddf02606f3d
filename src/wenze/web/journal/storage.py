"""The record's storage over Django's connection, inside whatever transaction the caller is in. Knows no payload."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from wenze.ledger import NotKept, Row
from wenze.web.journal import guards
from wenze.web.journal.models import Checkpoint, Entry, Filing, Node, Opening

_LOCK = int.from_bytes(b"wenze/jr")  # of PostgreSQL's advisory locks: who holds it is the one writer
_PAGE = 2000  # rows
_ROW = ("n", "leaf", "hash", "opening__bytes")


class DjangoStorage:
    """As `wenze.ledger.Storage`, and an index of what entries are about."""

    def __init__(self, using: str = DEFAULT_DB_ALIAS) -> None:
        self._using = using
        self._reading = self._writing = False

    @property
    def database(self) -> BaseDatabaseWrapper:
        return connections[self._using]

    # --- transactions -------------------------------------------------------------------------------------------------

    @contextmanager
    def writing(self) -> Iterator[None]:
        within = self._writing
        with transaction.atomic(using=self._using, savepoint=not within):
            if not within:
                self._wait_for_other_writers()
            self._writing = True
            try:
                yield
            finally:
                self._writing = within

    def _wait_for_other_writers(self) -> None:
        """Until the end of the transaction nobody else is here. SQLite's BEGIN IMMEDIATE has seen to that already."""
        if self.database.vendor == "postgresql":
            with self.database.cursor() as cursor:
                cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])

    @contextmanager
    def reading(self) -> Iterator[None]:
        if self._reading or (self.database.vendor == "sqlite" and self.database.in_atomic_block):
            yield
        elif self.database.in_atomic_block:  # which may see what others commit meanwhile
            self._wait_for_other_writers()
            yield
        else:
            self._reading = True
            try:
                yield from self._snapshot()
            finally:
                self._reading = False

    def _snapshot(self) -> Iterator[None]:
        if self.database.vendor == "postgresql":
            with transaction.atomic(using=self._using), self.database.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
                yield
            return
        with self.database.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # not Django's IMMEDIATE: a reader keeps no writer waiting
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")

    def pending(self) -> bool:
        """Not counted: the transaction that Django's own TestCase puts around a test, as Django does for `durable`."""
        return any(not getattr(block, "_from_testcase", False) for block in self.database.atomic_blocks)

    # --- entries ------------------------------------------------------------------------------------------------------

    def size(self) -> int:
        """One more than the highest number; whether all below it are there, `verify` says."""
        last = Entry.objects.using(self._using).order_by("-n").values_list("n", flat=True).first()
        return 0 if last is None else last + 1

    def add(self, row: Row) -> None:
        Entry.objects.using(self._using).bulk_create([Entry(n=row.n, leaf=row.leaf, hash=row.hash)])
        if row.opening is not None:
            Opening.objects.using(self._using).bulk_create([Opening(entry_id=row.n, bytes=row.opening)])

    def row(self, n: int) -> Row:
        found = Entry.objects.using(self._using).filter(n=n).values_list(*_ROW).first()
        if found is None:
            raise NotKept(f"entry {n}")
        return _row(*found)

    def rows(self, start: int = 0) -> Iterator[Row]:
        select = (
            "SELECT n, leaf, hash, (SELECT bytes FROM journal_opening WHERE n = journal_entry.n) FROM journal_entry"
        )
        for found in self._pages(select, "n", after=[start - 1] if start else None):
            yield _row(*found)

    def controls(self) -> Iterator[Row]:
        with self.database.cursor() as cursor:
            condition = guards.control_leaf(self.database.vendor)
            cursor.execute(f"SELECT n, leaf, hash FROM journal_entry WHERE {condition} ORDER BY n")  # nosec B608 -- our own words
            found = cursor.fetchall()
        yield from (Row(n, _bytes(leaf), _bytes(hash_), None) for n, leaf, hash_ in found)

    # --- the tree -----------------------------------------------------------------------------------------------------

    def add_node(self, level: int, index: int, hash: bytes) -> None:
        Node.objects.using(self._using).bulk_create([Node(ends=(index + 1) << level, level=level, hash=hash)])

    def node(self, level: int, index: int) -> bytes:
        asked = (
            Node.objects.using(self._using).filter(ends=(index + 1) << level, level=level)
            if level
            else Entry.objects.using(self._using).filter(n=index)
        )
        for hash_ in asked.values_list("hash", flat=True):
            return _bytes(hash_)
        raise NotKept(f"node {level}/{index}")

    def nodes(self) -> Iterator[tuple[int, int, bytes]]:
        for ends, level, hash_ in self._pages("SELECT ends, level, hash FROM journal_node", "ends", "level"):
            yield ends, level, _bytes(hash_)

    # --- payloads and what they are filed under -----------------------------------------------------------------------

    def file(self, n: int, about: Iterable[str]) -> None:
        """Only within the `writing()` in which entry `n` was added last."""
        Filing.objects.using(self._using).bulk_create([Filing(entry_id=n, about=reference) for reference in about])

    def filed(self, about: str) -> list[int]:
        """The numbers of the entries about something, ascending."""
        asked = Filing.objects.using(self._using).filter(about=about).order_by("entry_id")
        return list(asked.values_list("entry_id", flat=True))

    def rows_about(self, about: str) -> list[Row]:
        asked = Entry.objects.using(self._using).filter(filing__about=about).order_by("n")
        return [_row(*found) for found in asked.values_list(*_ROW)]

    def filings(self) -> Iterator[tuple[int, str]]:
        """The whole index, in the order of the entries."""
        yield from self._pages("SELECT n, about FROM journal_filing", "n", "about")

    def erase(self, n: int) -> None:
        if self.database.vendor == "sqlite":
            with self.database.cursor() as cursor:
                cursor.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten
            transaction.on_commit(self._wipe, using=self._using)
        Filing.objects.using(self._using).filter(entry_id=n).delete()
        Opening.objects.using(self._using).filter(entry_id=n).delete()

    def _wipe(self) -> None:
        """Also what SQLite's write-ahead log holds of it; while others read, the next erasure does it."""
        with self.database.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")

    def openings(self) -> Iterator[int]:
        yield from (n for (n,) in self._pages("SELECT n FROM journal_opening", "n"))

    # --- checkpoints --------------------------------------------------------------------------------------------------

    def add_checkpoint(self, note: str) -> None:
        last = Checkpoint.objects.using(self._using).order_by("-n").values_list("n", flat=True).first()
        Checkpoint.objects.using(self._using).bulk_create([Checkpoint(n=0 if last is None else last + 1, note=note)])

    def checkpoints(self) -> list[tuple[int, str]]:
        return list(Checkpoint.objects.using(self._using).order_by("n").values_list("n", "note"))

    def latest_checkpoints(self, count: int) -> list[str]:
        """The last ones kept, newest first."""
        return list(Checkpoint.objects.using(self._using).order_by("-n").values_list("note", flat=True)[:count])

    def faults(self) -> list[str]:
        return guards.faults(self.database)

    def _pages(self, select: str, *key: str, after: Sequence[Any] | None = None) -> Iterator[tuple[Any, ...]]:
        """All rows in the order of their key, which `select` gives first.

        Page by page: no cursor is open between two rows, so that reading can be broken off anywhere. Not by Django's
        models, which take a column for what it should be: here may lie whatever somebody has put there.
        """
        columns, marks = ", ".join(key), ", ".join(["%s"] * len(key))
        while True:
            where = "" if after is None else f"WHERE ({columns}) > ({marks})"
            with self.database.cursor() as cursor:
                cursor.execute(f"{select} {where} ORDER BY {columns} LIMIT {_PAGE}", after or [])
                page = cursor.fetchall()
            yield from page
            if len(page) < _PAGE:
                return
            after = page[-1][: len(key)]


def _row(n: int, leaf: object, hash_: object, opening: object) -> Row:
    return Row(n, _bytes(leaf), _bytes(hash_), None if opening is None else _bytes(opening))


def _bytes(value: object) -> bytes:
    """What a column holds; where somebody put another type into it, nothing that could pass."""
    return bytes(value) if isinstance(value, (bytes, memoryview)) else b""
