"""Rows of cases are added and never changed: triggers that refuse the rest, on SQLite and on PostgreSQL.

They stop mistakes and programs gone astray; whoever owns the database and changes it all the same is found by the record.
SQLite drops the triggers of a table that a later migration rebuilds: such a migration ends with `put`.
"""

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

REFUSAL = "rows of cases are only added"
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
    for table in TABLES:
        for statement in _guards(table, schema_editor.connection.vendor):
            schema_editor.execute(statement)


def _guards(table: str, vendor: str) -> list[str]:
    if vendor == "postgresql":
        return [
            f"CREATE TRIGGER {table}_kept BEFORE UPDATE OR DELETE OR TRUNCATE ON {table} "
            "FOR EACH STATEMENT EXECUTE FUNCTION cases_refuse()"
        ]
    return [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{REFUSAL}'); END"
        for event in ("UPDATE", "DELETE")
    ]


def take_down(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    for table in TABLES:
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"DROP TRIGGER {table}_kept ON {table}")
        else:
            for event in ("update", "delete"):
                schema_editor.execute(f"DROP TRIGGER {table}_no_{event}")
    if schema_editor.connection.vendor == "postgresql":
        schema_editor.execute("DROP FUNCTION cases_refuse()")


class Migration(migrations.Migration):
    dependencies = [("cases", "0001_begin")]
    operations = [migrations.RunPython(put, take_down)]
