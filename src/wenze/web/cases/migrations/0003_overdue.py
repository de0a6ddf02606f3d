"""Periods that ran out, as the clock found them; only added, as all rows of cases."""

from importlib import import_module

import django.db.models.deletion
from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_append_only = import_module("wenze.web.cases.migrations.0002_append_only")
_TABLES = ("cases_overdue",)


def put(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _append_only.guard(_TABLES, schema_editor)


def take_down(_apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    _append_only.unguard(_TABLES, schema_editor)


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_append_only"), ("offices", "0001_begin")]
    operations = [
        migrations.CreateModel(
            name="Overdue",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("subject", models.CharField(blank=True, max_length=100)),
                ("clock", models.CharField(max_length=60)),
                ("start", models.DateField()),
                ("due", models.DateField()),
                ("found", models.DateField()),
                ("upward", models.BooleanField()),
                (
                    "case",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="cases.case"),
                ),
                (
                    "unit",
                    models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name="+", to="offices.unit"),
                ),
            ],
            options={
                "ordering": ("pk",),
                "constraints": [models.UniqueConstraint(fields=("case", "clock", "start"), name="overdue_once")],
            },
        ),
        migrations.RunPython(put, take_down),
    ]
