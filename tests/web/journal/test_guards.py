"""Rows of the record are added and never changed: each database itself refuses, and what lifts that is found."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import Error, IntegrityError, connection, transaction

import databases
from web.journal.world import build, step
from wenze.web.journal import guards
from wenze.web.journal.check import check_journal
from wenze.web.journal.storage import DjangoStorage


@pytest.fixture
def notes(committed_database: dict[str, Any]) -> list[str]:
    return build()


def run(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement.replace("BYTES", "X'00'" if connection.vendor == "sqlite" else "'\\x00'::bytea"))


def refused(statement: str) -> None:
    with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
        run(statement)


def test_every_row_of_every_table_refuses_to_be_changed_or_removed(notes: list[str]) -> None:
    columns = {
        "journal_entry": ["n", "leaf", "hash"],
        "journal_opening": ["n", "bytes"],
        "journal_node": ["ends", "level", "hash"],
        "journal_checkpoint": ["n", "note"],
        "journal_filing": ["n", "about"],
    }
    assert tuple(columns) == guards.TABLES
    for table, names in columns.items():
        for name in names:
            refused(f"UPDATE {table} SET {name} = {name}")
        refused(f"DELETE FROM {table}")
    assert check_journal(notes=notes).findings == []


ADDED_IN_ITS_PLACE = [
    "INTO journal_entry VALUES (1, BYTES, BYTES)",
    "INTO journal_entry VALUES (12, BYTES, BYTES)",
    "INTO journal_opening VALUES (12, BYTES)",
    "INTO journal_node VALUES (12, 2, BYTES)",
    "INTO journal_checkpoint VALUES (0, 'x')",
    "INTO journal_filing VALUES (12, 'case/2')",
]


def test_nothing_is_replaced(notes: list[str]) -> None:
    for statement in ADDED_IN_ITS_PLACE:
        if connection.vendor == "sqlite":
            refused(f"INSERT OR REPLACE {statement}")
            continue
        table = statement.split()[1]
        key = {"journal_node": "ends, level", "journal_filing": "n, about"}.get(table, "n")
        with pytest.raises(IntegrityError, match=r"only added to|duplicate key"), transaction.atomic():
            run(f"INSERT {statement}")
        refused(f"INSERT {statement} ON CONFLICT ({key}) DO UPDATE SET {key.split(',')[0]} = 0")
    assert check_journal(notes=notes).findings == []


def test_another_program_with_sqlites_own_defaults_replaces_nothing_either(notes: list[str]) -> None:
    if connection.vendor == "postgresql":
        return  # which has no such defaults
    run("PRAGMA recursive_triggers = OFF")
    for statement in ADDED_IN_ITS_PLACE:
        refused(f"INSERT OR REPLACE {statement}")
    refused("UPDATE OR REPLACE journal_entry SET n = 11 WHERE n = 12")
    assert check_journal(notes=notes).findings == []


def test_rows_are_added_in_their_order_and_a_payload_goes_only_with_its_erasure(notes: list[str]) -> None:
    for statement in (
        "INSERT INTO journal_entry VALUES (14, BYTES, BYTES)",  # 13 is the next
        "INSERT INTO journal_checkpoint VALUES (3, 'x')",
        "INSERT INTO journal_opening VALUES (3, BYTES)",
        "INSERT INTO journal_filing VALUES (3, 'case/9')",
        "INSERT INTO journal_node VALUES (6, 2, BYTES)",
        "DELETE FROM journal_opening WHERE n = 1",
        "DELETE FROM journal_filing WHERE n = 1",
    ):
        refused(statement)
    assert check_journal(notes=notes).findings == []


def test_a_payload_goes_right_after_the_entry_that_says_so_and_no_other_goes_with_it(notes: list[str]) -> None:
    from django.utils import timezone

    from wenze.ledger import Record

    storage = DjangoStorage()
    with transaction.atomic():
        Record(storage).erase(1, basis="due", at=timezone.now())
        with pytest.raises(IntegrityError, match="only added to"), transaction.atomic():
            storage.erase(3)


def test_nothing_is_truncated(notes: list[str]) -> None:
    for tables in (*guards.TABLES, "journal_entry, journal_opening, journal_filing"):
        if connection.vendor == "sqlite":
            refused(f"DELETE FROM {tables.split(', ')[0]}")  # which is how SQLite truncates
            continue
        for more in ("", " CASCADE", " RESTART IDENTITY CASCADE"):
            with pytest.raises(Error, match=r"only added to|cannot truncate"), transaction.atomic():
                run(f"TRUNCATE {tables}{more}")
    assert check_journal(notes=notes).findings == []


def test_django_cannot_flush_it(notes: list[str]) -> None:
    with pytest.raises(CommandError, match="couldn't be flushed"):
        call_command("flush", verbosity=0, interactive=False)
    assert check_journal(notes=notes).findings == []


def lifting() -> list[str]:
    """Ways to lift the guards, for the database at hand."""
    if connection.vendor == "sqlite":
        return [
            *(f"DROP TRIGGER {name}" for name in guards.statements("sqlite") if "control" not in name),
            "DROP INDEX journal_entry_control",
            "CREATE TRIGGER sly AFTER INSERT ON journal_entry BEGIN SELECT 1; END",
        ]
    made = []
    for name, statement in guards.statements("postgresql").items():
        if statement.startswith("CREATE TRIGGER"):
            table = statement.partition(" ON ")[2].split()[0]
            made += [f"DROP TRIGGER {name} ON {table}", f"ALTER TABLE {table} DISABLE TRIGGER {name}"]
        elif statement.startswith("CREATE FUNCTION"):
            made.append(
                f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END'"
            )
    made.append("DROP INDEX journal_entry_control")
    made.append("CREATE RULE sly AS ON INSERT TO journal_filing DO INSTEAD NOTHING")
    made.append("CREATE TRIGGER sly AFTER INSERT ON journal_entry EXECUTE FUNCTION journal_refuse()")
    made.append("ALTER TABLE journal_entry ENABLE REPLICA TRIGGER journal_entry_update")
    return made


def test_every_guard_that_was_lifted_is_named(notes: list[str]) -> None:
    for statement in lifting():
        with transaction.atomic():
            run(statement)
            found = [each for each in check_journal(notes=notes).findings if each.wrong]
            assert [each.id for each in found] and {each.id for each in found} == {"R401"}, statement
            transaction.set_rollback(True)
    assert check_journal(notes=notes).findings == []


def test_the_guards_can_be_taken_down_and_put_up_again(notes: list[str]) -> None:
    """As undoing the migration does."""
    guards.take_down(connection)
    assert {each.id for each in check_journal(notes=notes).findings} == {"R401"}
    guards.put(connection)
    assert check_journal(notes=notes).findings == []
    assert step(1, "case/1") == 13


def test_a_role_that_may_add_and_erase_and_no_more_is_enough(committed_database: dict[str, Any]) -> None:
    """As docs/record.md advises for PostgreSQL: who serves does not own the tables, and an auditor only reads."""
    if connection.vendor == "sqlite":
        return  # which has no roles
    roles = [f"{kind}_{committed_database['NAME']}" for kind in ("server", "auditor")]
    server, auditor = ({**committed_database, "USER": role} for role in roles)
    run(f"CREATE ROLE {roles[0]} LOGIN; CREATE ROLE {roles[1]} LOGIN")
    run(f"GRANT SELECT ON ALL TABLES IN SCHEMA public TO {roles[0]}, {roles[1]}")
    run(f"GRANT INSERT ON {', '.join(guards.TABLES)} TO {roles[0]}")
    run(f"GRANT DELETE ON journal_opening, journal_filing TO {roles[0]}")
    with databases.pointed_at(server):
        notes = build()
        assert check_journal(notes=notes).findings == []
        for statement in (
            "ALTER TABLE journal_entry DISABLE TRIGGER USER",
            "DROP TRIGGER journal_entry_delete ON journal_entry",
        ):
            with pytest.raises(Error, match="must be owner"), transaction.atomic():
                run(statement)
    with databases.pointed_at(auditor):
        assert check_journal(notes=notes).findings == []
        with pytest.raises(Error, match="permission denied"), transaction.atomic():
            run("INSERT INTO journal_checkpoint VALUES (9, 'x')")
    for role in roles:
        run(f"DROP OWNED BY {role}; DROP ROLE {role}")
