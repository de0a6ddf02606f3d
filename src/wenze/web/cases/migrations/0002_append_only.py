"""Rows of cases are added and never changed: triggers that refuse the rest, on SQLite and on PostgreSQL.

They stop mistakes and programs gone astray; whoever owns the database and changes it all the same is found by the record.
INVARIANT: SQLite's triggers hold without any pragma, so that another program than this one is stopped as well: an
`INSERT OR REPLACE`, which by default deletes past the triggers, is refused as an insert.
SQLite drops the triggers of a table that a later migration rebuilds: such a migration ends with `put`.
"""

from collections.abc import Iterable

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = "rows of cases are only added"
_EVENTS = ("UPDATE", "DELETE", "INSERT")
TABLES = tuple(
    f"cases_{name}"
    for name in (
        "case",
        "move",
        "particular",
        "evidencefile",
        "subject",
        "assignment",
        "recusal",
        "receipt",
        "affirmation",
        "point",
        "answer",
        "motion",
        "vote",
    )
)


def put(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute(
            "CREATE FUNCTION cases_refuse() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN RAISE EXCEPTION '{REFUSAL}'; END $$"
        )
    guard(TABLES, schema_editor)


def guard(tables: Iterable[str], schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Puts the triggers on tables; also those that later migrations make."""
    for table in tables:
        for statement in _guards(table, schema_editor.connection):
            schema_editor.execute(statement)


def _guards(table: str, database: BaseDatabaseWrapper) -> list[str]:
    if database.vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse()"
        ]
    when = {"UPDATE": "", "DELETE": "", "INSERT": f"WHEN {_taken(table, database)} "}
    return [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} {when[event]}"
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for event in _EVENTS
    ]


def _taken(table: str, database: BaseDatabaseWrapper) -> str:
    """The condition that a new row has a key, primary or unique, of one that is there."""
    with database.cursor() as cursor:
        constraints = database.introspection.get_constraints(cursor, table).values()
    keys = [found["columns"] for found in constraints if found["primary_key"] or found["unique"]]
    same = (" AND ".join(f'"{column}" = NEW."{column}"' for column in key) for key in keys)
    return " OR ".join(f"EXISTS (SELECT 1 FROM {table} WHERE {each})" for each in same)  # nosec B608 -- our own names


def take_down(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    unguard(TABLES, schema_editor)
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION cases_refuse()")


def unguard(tables: Iterable[str], schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in tables:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_kept ON {table}")
        else:
            for event in _EVENTS:
                schema_editor.execute(f"DROP TRIGGER {table}_no_{event.lower()}")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_begin")]
    operations = [migrations.RunPython(put, take_down)]
