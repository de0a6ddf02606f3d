"""The tables of the record: rows are added, and the database refuses all else (`guards`).

No model has a method that writes: `writer` does. What the columns hold, `wenze.ledger` says.
"""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    n = models.BigIntegerField(primary_key=True)
    leaf = models.BinaryField()
    hash = models.BinaryField()

    class Meta:
        default_permissions = ()


class Opening(models.Model):
    """Payload and salt of an entry: goes when it is lawfully erased, together with its filings."""

    entry = models.OneToOneField(Entry, models.DO_NOTHING, primary_key=True, db_column="n")
    bytes = models.BinaryField()

    class Meta:
        default_permissions = ()


class Node(models.Model):
    """The root of a complete subtree; `ends` is the number of entries that complete it."""

    pk = models.CompositePrimaryKey("ends", "level")
    ends = models.BigIntegerField()
    level = models.SmallIntegerField()
    hash = models.BinaryField()

    class Meta:
        default_permissions = ()


class Checkpoint(models.Model):
    n = models.BigIntegerField(primary_key=True)
    note = models.TextField()

    class Meta:
        default_permissions = ()


class Filing(models.Model):
    """Which entries are about what: an index over what the payloads themselves say, without anything of anybody."""

    pk = models.CompositePrimaryKey("entry_id", "about")
    entry = models.ForeignKey(Entry, models.DO_NOTHING, db_column="n", db_index=False)
    about = models.CharField(max_length=80)

    class Meta:
        default_permissions = ()
        indexes = (models.Index(fields=["about", "entry"], name="journal_filing_about"),)
