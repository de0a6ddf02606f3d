"""Days and periods against a second count written apart: a rest-day list, and a walk one day at a time."""

from __future__ import annotations

import calendar as months
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenze.law import Bilingual, Calendar, Library, Problems, Term, read_calendar, shipped
from wenze.law.days import Entry, after, count, read_term, year_end

SHIPPED = read_calendar(Library(shipped()).root / "calendar")
DAYS = st.dates(date(2014, 1, 1), date(2027, 12, 31))
NAME = Bilingual("假", "holiday")


def rest_days(calendar: Calendar) -> set[date]:
    """Every rest day of fifteen years as a plain set: the weekends, then each entry in the order of its notice."""
    day, found = date(2013, 1, 1), set()
    while day < date(2041, 1, 1):
        if day.isoweekday() in (6, 7):
            found.add(day)
        day += timedelta(1)
    for entry in sorted(calendar.entries, key=lambda each: each.announced):
        (found.add if entry.rest else found.discard)(entry.day)
    return found


def due(start: date, number: int, unit: str, rests: set[date]) -> date:
    """The end of a period as a clerk finds it: crossing off days."""
    if unit == "working-day":
        worked = [day for day in (start + timedelta(n) for n in range(1, 4000)) if day not in rests]
        return worked[number - 1]
    if unit == "day":
        end = date.fromordinal(start.toordinal() + number)
    else:
        month = start.month + number * (12 if unit == "year" else 1)
        year = start.year + (month - 1) // 12
        month = (month - 1) % 12 + 1
        last = max(day for day in months.Calendar().itermonthdays(year, month))
        end = date(year, month, min(start.day, last))
    while end in rests:
        end = date.fromordinal(end.toordinal() + 1)
    return end


ENTRIES = st.lists(
    st.builds(
        Entry,
        DAYS,
        st.booleans(),
        st.just(NAME),
        st.dates(date(2013, 1, 1), date(2027, 12, 31)),
        st.just("通知"),
    ),
    max_size=30,
    unique_by=lambda entry: entry.day,
)
TERMS = st.one_of(
    st.builds(Term, st.integers(1, 200), st.sampled_from(["day", "working-day"])),
    st.builds(Term, st.integers(1, 24), st.just("month")),
    st.builds(Term, st.integers(1, 3), st.just("year")),
)


@given(DAYS, TERMS, ENTRIES)
def test_a_period_ends_where_a_clerk_crossing_off_days_ends(start: date, term: Term, entries: list[Entry]) -> None:
    calendar = Calendar(tuple(entries))
    period = count(start, term, calendar)
    assert period.due == due(start, term.number, term.unit, rest_days(calendar))
    assert period.days[0].day == start and not period.days[0].counted
    assert [day.day for day in period.days] == [
        start + timedelta(n) for n in range((period.due - start).days + 1)
    ]  # every day is shown, once
    if term.unit == "working-day":
        assert sum(day.counted for day in period.days) == term.number


@given(DAYS, TERMS)
def test_the_shipped_calendar_counts_as_the_clerk_does(start: date, term: Term) -> None:
    assert count(start, term, SHIPPED).due == due(start, term.number, term.unit, rest_days(SHIPPED))


def test_the_day_of_service_does_not_count_and_a_rest_day_at_the_end_moves_it_on() -> None:
    # central 22: served on Friday 17 April 2026, 15 days end on Saturday 2 May, within the holiday of 1-5 May
    period = count(date(2026, 4, 17), Term(15, "day"), SHIPPED)
    assert period.due == date(2026, 5, 6)
    assert not period.days[-2].counted and "劳动节" in period.days[-2].why.zh
    assert not period.provisional


def test_a_working_weekend_counts_and_a_holiday_does_not() -> None:
    period = count(date(2026, 9, 18), Term(5, "working-day"), SHIPPED)
    assert date(2026, 9, 20) in [day.day for day in period.days if day.counted]  # a Sunday worked for the National Day
    assert date(2026, 9, 19) not in [day.day for day in period.days if day.counted]


def test_a_year_not_announced_is_provisional_and_says_so() -> None:
    assert SHIPPED.provisional(date(2027, 2, 8)) and not SHIPPED.provisional(date(2026, 12, 31))
    period = count(date(2026, 12, 24), Term(15, "working-day"), SHIPPED)
    assert period.provisional and any(day.provisional for day in period.days)


def test_a_calendar_knows_what_had_been_announced_by_a_day() -> None:
    before, later = SHIPPED.known(date(2020, 1, 25)), SHIPPED.known(date(2020, 1, 26))
    assert not before.rests(date(2020, 2, 1)) and later.rests(date(2020, 2, 1))  # the holiday was prolonged on the 26th
    assert SHIPPED.known(date(2018, 12, 5)).provisional(date(2019, 5, 1))


def test_an_effect_ends_on_its_own_day_whatever_the_weekday() -> None:
    assert after(date(2026, 4, 17), Term(1, "year")) == date(2027, 4, 17)
    assert after(date(2024, 2, 29), Term(1, "year")) == date(2025, 2, 28)
    assert year_end(date(2026, 4, 17)) == date(2026, 12, 31)


@pytest.mark.parametrize("text", ["", "0 日", "15", "15 hours", "日 15", "9999 年", "1.5 月"])
def test_what_is_no_period_is_none(text: str) -> None:
    assert read_term(text) is None


@pytest.mark.parametrize(
    "line",
    ["休 2026-01-01", "2026-01-01 休 元旦", "休 2026-13-01 元旦 / New Year", "休 2024-01-01 元旦 / New Year", "x"],
)
def test_a_line_that_is_none_is_named_with_its_place(line: str, tmp_path: Path) -> None:
    (tmp_path / "2026.txt").write_text(f"公布 2025-11-04 通知\n{line}\n", encoding="utf-8")
    with pytest.raises(Problems, match=r"L084 .*2026\.txt:2"):
        read_calendar(tmp_path)


def test_a_folder_without_calendar_is_an_empty_one(tmp_path: Path) -> None:
    assert read_calendar(tmp_path / "none") == Calendar()
