"""Whoever owns the database can lift its guards and change any row; every such change is found, and its place named."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import Error, connection, transaction

from web.journal.world import build
from wenze.ledger import Finding
from wenze.web.journal import guards
from wenze.web.journal.check import check_journal
from wenze.web.journal.models import Checkpoint, Entry, Filing, Node, Opening

KEYS = {
    "journal_entry": (Entry, ("n",)),
    "journal_opening": (Opening, ("entry_id",)),
    "journal_node": (Node, ("ends", "level")),
    "journal_checkpoint": (Checkpoint, ("n",)),
    "journal_filing": (Filing, ("entry_id", "about")),
}
COLUMNS = {
    "journal_entry": {"n": "number", "leaf": "bytes", "hash": "bytes"},
    "journal_opening": {"n": "number", "bytes": "bytes"},
    "journal_node": {"ends": "number", "level": "number", "hash": "bytes"},
    "journal_checkpoint": {"n": "number", "note": "text"},
    "journal_filing": {"n": "number", "about": "text"},
}


@pytest.fixture
def notes(committed_database: dict[str, Any]) -> Iterator[list[str]]:
    made = build()
    with as_an_attacker():
        yield made


@contextmanager
def as_an_attacker() -> Iterator[None]:
    """With triggers and foreign keys off."""
    if connection.vendor == "sqlite":
        triggers = [name for name in guards.statements("sqlite") if not name.endswith("control")]
        run("PRAGMA foreign_keys = OFF", *(f"DROP TRIGGER {name}" for name in triggers))
    else:
        run("SET session_replication_role = replica")
    yield


def run(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def found_after(notes: list[str], *statements: str) -> list[Finding] | None:
    """What is found where these were done; then they are undone. None where the database itself makes it impossible."""
    try:
        with transaction.atomic():
            run(*statements)
            if connection.vendor == "sqlite":  # the guards as they were, as if nothing had been
                run(*(made for name, made in guards.statements("sqlite").items() if not name.endswith("control")))
            found = check_journal(notes=notes[-1:]).findings
            transaction.set_rollback(True)
    except Error:
        return None
    return found


def rows(table: str) -> list[str]:
    """The condition that finds each row."""
    model, names = KEYS[table]
    columns = ["n" if name == "entry_id" else name for name in names]
    found = model.objects.order_by(*names).values_list(*names)
    return [
        " AND ".join(f"{column} = {value!r}" for column, value in zip(columns, values, strict=True)) for values in found
    ]


def other_values(kind: str, column: str) -> list[str]:
    if kind == "number":
        return ["77", "0", f"{column} + 1", "-1"]
    if kind == "text":
        return ["''", f"{column} || 'x'", "'case/77'"]
    empty, more = ("X''", "X'78'") if connection.vendor == "sqlite" else ("''::bytea", "'x'::bytea")
    joined = f"CAST({column} || {more} AS BLOB)" if connection.vendor == "sqlite" else f"{column} || {more}"
    return [empty, more, joined, *(["'text'", "7"] if connection.vendor == "sqlite" else [])]


def test_a_record_that_nobody_touched_has_nothing_wrong(notes: list[str]) -> None:
    assert found_after(notes) == []


def test_every_removed_row_is_found(notes: list[str]) -> None:
    for table in guards.TABLES:
        for row in rows(table):
            assert found_after(notes, f"DELETE FROM {table} WHERE {row}"), row


def test_every_changed_value_is_found(notes: list[str]) -> None:
    for table in guards.TABLES:
        tried = sum(
            changed_and_found(notes, table, row, column, value)
            for row in rows(table)
            for column, kind in COLUMNS[table].items()
            for value in other_values(kind, column)
        )
        assert tried > len(rows(table))


def changed_and_found(notes: list[str], table: str, row: str, column: str, value: str) -> bool:
    """Whether there was something to be found: not where it is that value, nor where two rows would have one key."""
    if COLUMNS[table][column] != "bytes":
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT count(*) FROM {table} WHERE {row} AND {column} <> {value}")
            if not cursor.fetchone()[0]:
                return False
    attack = f"UPDATE {table} SET {column} = {value} WHERE {row}"
    found = found_after(notes, attack)
    assert found is None or found, attack
    return found is not None


def test_every_two_neighbouring_entries_exchanged_are_found(notes: list[str]) -> None:
    for n in range(12):
        for table in ("journal_entry", "journal_opening"):
            exchange = (
                f"UPDATE {table} SET n = {new} WHERE n = {old}" for old, new in ((n, -1), (n + 1, n), (-1, n + 1))
            )
            found = found_after(notes, *exchange)
            neither = table == "journal_opening" and not Opening.objects.filter(entry_id__in=[n, n + 1])
            assert bool(found) is not neither, f"{table} {n}"


# fmt: off
NAMED = [
    ("INSERT INTO journal_filing VALUES (1, 'case/77')", [("R114", "entry 1")]),
    ("INSERT INTO journal_filing VALUES (77, 'case/77')", [("R114", "entry 77")]),
    ("UPDATE journal_filing SET about = 'case/2' WHERE n = 5 AND about = 'case/1'", [("R114", "entry 5")]),
    ("INSERT INTO journal_filing VALUES (2, 'case/1')", [("R114", "entry 2")]),  # which is erased
    ("DELETE FROM journal_filing WHERE about = 'case/2'", [("R114", f"entry {n}") for n in (6, 7, 12)]),
    ("UPDATE journal_entry SET hash = leaf WHERE n = 4", [("R103", "entry 4")]),
    ("DELETE FROM journal_opening WHERE n = 5", [("R105", "entry 5"), ("R114", "entry 5")]),
    ("DELETE FROM journal_checkpoint WHERE n = 0", [("R207", "checkpoint 1")]),
    ("UPDATE journal_checkpoint SET note = '' WHERE n = 0", [("R201", "checkpoint 0")]),
    ("DELETE FROM journal_node WHERE ends = 8 AND level = 2", [("R110", "node 8/2")]),
    ("UPDATE journal_node SET level = 7 WHERE ends = 8 AND level = 3", [("R110", "node 8/3"), ("R113", "node 8/7")]),
]
# fmt: on


def test_the_place_is_named_and_nothing_else_is_blamed(notes: list[str]) -> None:
    for statement, expected in NAMED:
        found = found_after(notes, statement)
        assert found is not None
        assert sorted((each.id, each.place) for each in found if each.wrong) == sorted(expected), statement


def test_a_cut_end_is_found_by_what_the_key_remembers(notes: list[str]) -> None:
    cut = [f"DELETE FROM {table} WHERE n >= 12" for table in ("journal_entry", "journal_opening", "journal_filing")]
    cut += ["DELETE FROM journal_node WHERE ends > 12", "DELETE FROM journal_checkpoint WHERE n > 0"]
    found = [each for each in found_after([], *cut) or [] if each.wrong]
    assert [(each.id, each.place) for each in found] == [("R205", "last")]
    assert "entries 12 to 12 are gone" in str(found[0])


def test_a_table_that_is_gone_is_said_and_no_traceback(notes: list[str]) -> None:
    for table in guards.TABLES:
        run(f"ALTER TABLE {table} RENAME TO elsewhere")
        (found,) = check_journal(notes=notes).findings
        assert found.id == "R402" and table in str(found)
        run(f"ALTER TABLE elsewhere RENAME TO {table}")
