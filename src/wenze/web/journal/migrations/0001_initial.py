"""The tables of the record and the guards that keep them append-only."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

from wenze.web.journal import guards


def put_guards(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guards.put(schema_editor.connection)


def take_guards_down(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    guards.take_down(schema_editor.connection)


class Migration(migrations.Migration):
    initial = True
    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Entry",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("leaf", models.BinaryField()),
                ("hash", models.BinaryField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Opening",
            fields=[
                (
                    "entry",
                    models.OneToOneField(
                        db_column="n",
                        on_delete=models.DO_NOTHING,
                        primary_key=True,
                        serialize=False,
                        to="journal.entry",
                    ),
                ),
                ("bytes", models.BinaryField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Node",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "ends", "level", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("ends", models.BigIntegerField()),
                ("level", models.SmallIntegerField()),
                ("hash", models.BinaryField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Checkpoint",
            fields=[
                ("n", models.BigIntegerField(primary_key=True, serialize=False)),
                ("note", models.TextField()),
            ],
            options={"default_permissions": ()},
        ),
        migrations.CreateModel(
            name="Filing",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "entry_id", "about", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                (
                    "entry",
                    models.ForeignKey(db_column="n", db_index=False, on_delete=models.DO_NOTHING, to="journal.entry"),
                ),
                ("about", models.CharField(max_length=80)),
            ],
            options={
                "default_permissions": (),
                "indexes": [models.Index(fields=["about", "entry"], name="journal_filing_about")],
            },
        ),
        migrations.RunPython(put_guards, take_guards_down),
    ]
