"""Periods that ran out, found and put on the record when they do, not when somebody looks. Once more, or later, does no harm.

What is overdue now stands on the desks, computed; here is kept that it became so, and which units were to be told.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.db import transaction

from wenze.law import ClockState, Standing
from wenze.web.cases import access
from wenze.web.cases.actions import standings
from wenze.web.cases.models import Case, Overdue
from wenze.web.cases.positions import positions, unarchived
from wenze.web.journal.writer import record


def push(on: date) -> list[Overdue]:
    """Every period that is overdue on a day and was not found before."""
    cases = {case.pk: case for case in unarchived(Case.objects.all())}
    known = set(Overdue.objects.filter(case__in=[*cases]).values_list("case", "clock", "start"))
    found = positions(cases.values(), on)
    new = [case for pk, case in cases.items() if any((pk, *_key(one)) not in known for _, one in _overdue(found[pk]))]
    return [row for case in new for row in _told(case, on)]


def _overdue(found: dict[str, Standing]) -> Iterator[tuple[str, ClockState]]:
    return ((name, one) for name, standing in found.items() for one in standing.clocks if one.state == "overdue")


def _key(one: ClockState) -> tuple[str, date]:
    return one.id, one.start


def _told(case: Case, on: date) -> list[Overdue]:
    """Asked again under lock: somebody may have done meanwhile what was waited for, or another clock was quicker."""
    with transaction.atomic():
        locked = Case.objects.select_for_update().get(pk=case.pk)
        known = set(Overdue.objects.filter(case=locked).values_list("clock", "start"))
        late = {_key(one): (name, one) for name, one in reversed([*_overdue(standings(locked, on))])}
        unit = access.holder(locked)
        rows = [
            Overdue(
                case=locked,
                subject=name,
                clock=one.id,
                start=one.start,
                due=one.due,
                found=on,
                unit=unit,
                upward=one.upward,
            )
            for key, (name, one) in late.items()
            if key not in known
        ]
        for row in rows:
            row.save(force_insert=True)
            _record(row)
        return rows


def _record(row: Overdue) -> None:
    told = [row.unit.code, *([row.unit.parent.code] if row.upward and row.unit.parent else [])]
    record(
        "case.overdue",
        about=[f"case/{row.case.reference}"],
        by="office",
        data={
            "clock": row.clock,
            "subject": row.subject,
            "start": row.start.isoformat(),
            "due": row.due.isoformat(),
            "found": row.found.isoformat(),
            "told": told,
        },
    )
