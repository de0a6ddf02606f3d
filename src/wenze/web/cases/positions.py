"""Where many cases stand on a day: computed anew only where something was recorded since.

INVARIANT: where a case stands follows from its rows and the day, and every row comes with an entry of the record; so it is
the same as long as the last entry about the case is. That entry's hash is asked for before the rows are read.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from django.db.models import Count, Exists, OuterRef, QuerySet

from wenze.law import Standing
from wenze.web.cases.actions import standings
from wenze.web.cases.models import Case, Move, Subject
from wenze.web.journal.reader import last_about

_MOST = 600  # cases kept, at about 120 kB each


def positions(cases: Iterable[Case], on: date) -> dict[int, dict[str, Standing]]:
    """By primary key, where each respondent's procedure stands."""
    asked = tuple(cases)
    last = last_about(f"case/{case.reference}" for case in asked)
    return {case.pk: _standings(case, last[f"case/{case.reference}"], on) for case in asked}


@lru_cache(_MOST)
def _standings(case: Case, last: bytes, on: date) -> dict[str, Standing]:
    return standings(case, on)


def unarchived(cases: QuerySet[Case]) -> QuerySet[Case]:
    """In which something may be left to do. Of several respondents one may be archived and another not: those cases stay."""
    archived = Move.objects.filter(case=OuterRef("pk"), step="archive")
    respondents = Subject.objects.filter(case=OuterRef("pk")).values("case")
    several = respondents.annotate(number=Count("identity", distinct=True)).filter(number__gt=1)
    return cases.select_related("unit").exclude(Exists(archived) & ~Exists(several))
