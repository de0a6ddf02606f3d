"""The rest days that are shipped, against a second source, day by day; a year not announced stays provisional."""

from __future__ import annotations

from datetime import date, timedelta

import chinese_calendar
import pytest

from wenze.law import Library, read_calendar, shipped

FOLDER = Library(shipped()).root / "calendar"
CALENDAR = read_calendar(FOLDER)
YEARS = sorted(int(path.stem) for path in FOLDER.glob("*.txt"))


@pytest.mark.parametrize("year", YEARS)
def test_every_day_of_a_year_rests_or_is_worked_as_the_other_source_says(year: int) -> None:
    day, differing = date(year, 1, 1), []
    while day.year == year:
        if CALENDAR.rests(day) == chinese_calendar.is_workday(day):
            differing.append(day)
        day += timedelta(1)
    assert differing == []


@pytest.mark.parametrize("year", YEARS)
def test_every_entry_names_its_notice_and_its_day(year: int) -> None:
    entries = [entry for entry in CALENDAR.entries if entry.day.year == year]
    assert entries
    for entry in entries:
        assert "国务院" in entry.notice and entry.name.zh and entry.name.en
        assert entry.announced < entry.day


def test_the_years_are_without_a_gap_and_the_next_one_is_provisional() -> None:
    assert list(range(YEARS[0], YEARS[-1] + 1)) == YEARS and YEARS[0] <= 2014
    assert not CALENDAR.provisional(date(YEARS[-1], 12, 31)) and CALENDAR.provisional(date(YEARS[-1] + 1, 1, 1))
