"""What is kept of a case. Rows are added and never changed: whatever happens later stands beside what was before.

`move` on a row is the number of the move that wrote it. There is no field for the stage: it is the last move.
Only office-holders, posts, units and official acts are subjects; there is no table of anybody else.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any, ClassVar

from django.db import models

from wenze.web.offices.models import Official, Unit, User


class Case(models.Model):
    """From its first move, the registration of a lead, on. `reference` is its number in the unit's register."""

    reference = models.CharField("编号", max_length=40, unique=True)
    title = models.CharField("标题", max_length=200)
    instrument = models.CharField("依据", max_length=100)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", verbose_name="登记单位")
    received_from = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="passed_to", verbose_name="移交自"
    )

    class Meta:
        ordering = ("-pk",)

    def __str__(self) -> str:
        return self.reference


class Row(models.Model):
    """What a move wrote besides itself."""

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    move = models.PositiveIntegerField()

    class Meta:
        abstract = True
        ordering: ClassVar[tuple[str, ...]] = ("pk",)


class Move(models.Model):
    """One act on a case: a step of the procedure, or work within one (`work/…`). Numbered from 1 without gaps.

    `says` is what was said with it, as plain JSON; `table` is the hash of the steps in force that day. `subject` is
    the respondent it concerns alone, "" where it concerns all. `unit` holds the case from this move on.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="moves")
    number = models.PositiveIntegerField()
    step = models.CharField(max_length=60)
    subject = models.CharField(max_length=100, blank=True)
    on = models.DateField()
    at = models.DateTimeField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    role = models.CharField(max_length=30)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    table = models.CharField(max_length=64)
    says = models.JSONField(default=dict)

    class Meta:
        ordering = ("number",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("case", "number"), name="one_move_at_a_time")
        ]


class Particular(Row):
    """One record of the case file: the law's own collection, the record's identity, its values as the schema writes them.

    The last row of an identity counts; one that is withdrawn leaves none.
    """

    collection = models.CharField(max_length=20)
    identity = models.CharField(max_length=400)
    values = models.JSONField(default=dict)
    withdrawn = models.BooleanField(default=False)
    reason = models.TextField(blank=True)


class EvidenceFile(Row):
    """The bytes of a piece of evidence, which lie under `digest`. `name` is only shown, never a path."""

    evidence = models.CharField(max_length=100)
    digest = models.CharField(max_length=64)
    media_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    name = models.CharField(max_length=200)


class Subject(Row):
    """A respondent: the id the case file gives, and who that is among officials and units here (None: not of here)."""

    identity = models.CharField(max_length=100)
    official = models.ForeignKey(Official, models.PROTECT, null=True, blank=True, related_name="+")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")
    manager = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+")


class Assignment(Row):
    """A user handles the case or reviews it, or (`ended`) no longer does. The last row of a user and duty counts."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    duty = models.CharField(max_length=20)  # access.Relation: handler, reviewer
    ended = models.BooleanField(default=False)


class Recusal(Row):
    """A user is out of the case from this move on, for good. `ground` is a relation of the procedure."""

    user = models.ForeignKey(User, models.PROTECT, related_name="+")
    ground = models.CharField(max_length=40)
    reasons = models.TextField()


class Receipt(Row):
    """A determination frozen when a step rested on it: its own digest, and its canonical JSON, packed."""

    digest = models.CharField(max_length=64)
    content = models.BinaryField()


class Affirmation(Row):
    """A named person affirms one standard of decision for one respondent before a step, on one frozen determination."""

    subject = models.CharField(max_length=100)
    step = models.CharField(max_length=60)
    standard = models.CharField(max_length=40)
    reasons = models.TextField()
    receipt = models.CharField(max_length=64)


class Point(Row):
    """One point of a respondent's statement and defence, numbered within it."""

    subject = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    text = models.TextField()


class Answer(Row):
    """The answer to a point: accepted and what changes, or not and why."""

    subject = models.CharField(max_length=100)
    number = models.PositiveIntegerField()
    accepted = models.BooleanField()
    reasons = models.TextField()


class Motion(Row):
    """What is put to the vote: the whole decision as it would stand (`proposes`), and who may vote on it."""

    subject = models.CharField(max_length=100)
    step = models.CharField(max_length=60)
    proposes = models.JSONField()
    members = models.JSONField()


class Vote(Row):
    """A member's vote with its reasons. The record holds only its seal until all votes are in."""

    motion = models.ForeignKey(Motion, models.PROTECT, related_name="votes")
    member = models.ForeignKey(User, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=10)  # for, against, abstain
    reasons = models.TextField()
    salt = models.CharField(max_length=32)

    @property
    def seal(self) -> str:
        """What the record holds of a vote until all are in: nothing can be read from it, and nothing changed later."""
        opened = json.dumps([self.salt, self.member_id, self.choice, self.reasons], ensure_ascii=False)
        return hashlib.sha256(opened.encode()).hexdigest()

    class Meta(Row.Meta):
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("motion", "member"), name="one_vote_each")
        ]


class Overdue(models.Model):
    """A period that ran out before what it waits for was done, as the clock found it: once for each, whatever comes later.

    `clock` is the law's id, `unit` held the case; `upward`: the rule says that the unit above is told too.
    """

    case = models.ForeignKey(Case, models.PROTECT, related_name="+")
    subject = models.CharField(max_length=100, blank=True)
    clock = models.CharField(max_length=60)
    start = models.DateField()
    due = models.DateField()
    found = models.DateField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    upward = models.BooleanField()

    class Meta:
        ordering = ("pk",)
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=("case", "clock", "start"), name="overdue_once")
        ]


def said(row: Row) -> dict[str, Any]:  # Any: JSON
    """A row as plain JSON for the record. A receipt is there by its digest, a vote by its seal until all are in."""
    left_out = {"id", "case_id", "move", *_UNSAID.get(type(row), ())}
    return {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if field.attname not in left_out
    } | ({"seal": row.seal} if isinstance(row, Vote) else {})


_UNSAID: dict[type[Row], tuple[str, ...]] = {Receipt: ("content",), Vote: ("choice", "reasons", "salt")}
