"""Days, periods and the calendar of rest days: which days count, which are skipped, when a period ends.

Reads the calendar files of a library (`calendar/<year>.txt`), knows no instrument. A period begins on the day after its
start; working periods count working days only; every other period that ends on a rest day ends on the next working day.
A year no notice was issued for yet is provisional: only Saturdays and Sundays rest in it.
"""

from __future__ import annotations

import calendar as months
import re
from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from wenze.law.problems import Problem, Problems
from wenze.law.rules import Bilingual, Place

ONE_DAY = timedelta(days=1)
_SATURDAY = 5
LONGEST = 3_660  # days of a period; a longer one is a mistake
_UNITS = {
    "日": "day",
    "天": "day",
    "工作日": "working-day",
    "个月": "month",
    "月": "month",
    "年": "year",
    **{unit + s: unit for unit in ("day", "working-day", "month", "year") for s in ("", "s")},
}
_NAMES = {
    "day": Bilingual("日", "calendar days"),
    "working-day": Bilingual("个工作日", "working days"),
    "month": Bilingual("个月", "months"),
    "year": Bilingual("年", "years"),
}
_FILE = re.compile(r"[12][0-9]{3}\.txt")


class Term(NamedTuple):
    """A length of time: so many days, working days, months or years."""

    number: int
    unit: str

    def in_(self, lang: str) -> str:
        name = _NAMES[self.unit].in_(lang)
        return f"{self.number}{name}" if lang == "zh" else f"{self.number} {name if self.number != 1 else name[:-1]}"


def read_term(text: str) -> Term | None:
    """`15 日`, `15 working-days`; None when it is no period."""
    number, _, unit = text.partition(" ")
    if not re.fullmatch(r"[1-9][0-9]{0,3}", number) or unit not in _UNITS:
        return None
    term = Term(int(number), _UNITS[unit])
    return term if term.number * {"month": 31, "year": 366}.get(term.unit, 1) <= LONGEST else None


@dataclass(frozen=True, slots=True)
class Entry:
    """One day that a notice makes a rest day or a working day."""

    day: date
    rest: bool
    name: Bilingual
    announced: date
    notice: str


@dataclass(frozen=True)
class Calendar:
    """Rest days and working weekends as announced, in the order of the announcements."""

    entries: tuple[Entry, ...] = ()
    announced: tuple[tuple[int, date], ...] = ()  # year, day of the notice that settles it

    def known(self, on: date) -> Calendar:
        """The calendar as it was announced by a day."""
        number = bisect_right(self._notices, on)
        if number == len(self._notices):
            return self
        if number not in self._earlier:
            self._earlier[number] = Calendar(
                tuple(entry for entry in self.entries if entry.announced <= on),
                tuple((year, day) for year, day in self.announced if day <= on),
            )
        return self._earlier[number]

    @cached_property
    def _notices(self) -> list[date]:
        """The days of the announcements, ascending."""
        return sorted({*(entry.announced for entry in self.entries), *(day for _, day in self.announced)})

    @cached_property
    def _earlier(self) -> dict[int, Calendar]:
        """The calendars as they were after the first, second … announcement, as far as anybody asked."""
        return {}

    @cached_property
    def _days(self) -> Mapping[date, Entry]:
        return {entry.day: entry for entry in sorted(self.entries, key=lambda entry: entry.announced)}

    @cached_property
    def _years(self) -> frozenset[int]:
        return frozenset(year for year, _ in self.announced)

    def provisional(self, day: date) -> bool:
        """Whether no notice has settled the year of a day yet."""
        return day.year not in self._years and day not in self._days

    def rests(self, day: date) -> bool:
        entry = self._days.get(day)
        return entry.rest if entry else day.weekday() >= _SATURDAY

    def why(self, day: date) -> Bilingual:
        """Why a day rests or is worked."""
        entry = self._days.get(day)
        if entry and entry.rest:
            return entry.name
        if entry:
            return Bilingual(f"{entry.name.zh}调休上班", f"worked in place of {entry.name.en}")
        if day.weekday() >= _SATURDAY:
            return Bilingual("周末", "weekend")
        return Bilingual("工作日", "working day")


@dataclass(frozen=True, slots=True)
class Day:
    """One day of a period: whether it counts, and why or why not."""

    day: date
    counted: bool
    why: Bilingual
    provisional: bool


@dataclass(frozen=True, slots=True)
class Period:
    """A period counted out: its last day, and every day from its start to it."""

    due: date
    days: tuple[Day, ...]

    @property
    def provisional(self) -> bool:
        """Whether a year not announced yet bears on the end."""
        return any(day.provisional for day in self.days)


def count(start: date, term: Term, calendar: Calendar) -> Period:
    """The period of `term` that starts on `start`, which itself does not count."""
    first = Day(start, False, Bilingual("起算之日不计入", "the day of the start does not count"), False)
    if term.unit == "working-day":
        return _working(first, term.number, calendar)
    end = _end(start, term)
    days = [first, *(Day(day, True, calendar.why(day), False) for day in _between(start, end))]
    while calendar.rests(end):
        zh, en = calendar.why(end)
        days[-1] = Day(
            end, False, Bilingual(f"届满日为{zh},顺延", f"a rest day ({en}): moved on"), _unsettled(end, calendar)
        )
        end += ONE_DAY
        days.append(Day(end, True, calendar.why(end), _unsettled(end, calendar)))
    days[-1] = Day(end, True, calendar.why(end), _unsettled(end, calendar))
    return Period(end, tuple(days))


def until(start: date, end: date) -> Period:
    """A period that ends on a day somebody named: every day from its start to it."""
    first = Day(start, False, Bilingual("起算之日不计入", "the day of the start does not count"), False)
    named = Bilingual("文书指定的期间", "within the time the document sets")
    return Period(end, (first, *(Day(day, True, named, False) for day in _between(start, end))))


def year_end(start: date) -> date:
    """The last day of the year of a day."""
    return date(start.year, 12, 31)


def after(start: date, term: Term) -> date:
    """The day a lasting effect of `term` ends, whatever day of the week it is."""
    return _end(start, term)


def _working(first: Day, number: int, calendar: Calendar) -> Period:
    days, day = [first], first.day
    while number:
        day += ONE_DAY
        worked = not calendar.rests(day)
        number -= worked
        days.append(Day(day, worked, calendar.why(day), _unsettled(day, calendar)))
    return Period(day, tuple(days))


def _unsettled(day: date, calendar: Calendar) -> bool:
    return calendar.provisional(day)


def _end(start: date, term: Term) -> date:
    if term.unit in {"day", "working-day"}:
        return start + timedelta(days=term.number)
    year, month = divmod(start.year * 12 + start.month - 1 + term.number * (12 if term.unit == "year" else 1), 12)
    return date(year, month + 1, min(start.day, months.monthrange(year, month + 1)[1]))


def _between(start: date, end: date) -> list[date]:
    """The days after `start` up to `end`."""
    return [start + timedelta(days=number) for number in range(1, (end - start).days + 1)]


# Files


def read_calendar(folder: Path) -> Calendar:
    """The calendar in a folder of `<year>.txt`; empty where there is none. Raises Problems."""
    problems: list[Problem] = []
    entries: list[Entry] = []
    announced: list[tuple[int, date]] = []
    paths = sorted(path for path in folder.glob("*.txt") if _FILE.fullmatch(path.name)) if folder.is_dir() else []
    for path in paths:
        found = _read_year(path, problems)
        entries += found
        if found:
            announced.append((int(path.stem), min(entry.announced for entry in found)))
    if problems:
        raise Problems(problems)
    return Calendar(tuple(entries), tuple(announced))


def _read_year(path: Path, problems: list[Problem]) -> list[Entry]:
    """`公布 DAY NOTICE`, and below it `休 DAY 中文 / English` or `班 DAY 中文 / English`."""
    name, entries = f"{path.parent.name}/{path.name}", []
    notice: tuple[date, str] | None = None
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        problems.append(Problem(Place(name, 1), "L084", f"the file cannot be read: `{error}`", "save it as UTF-8"))
        return []
    for number, line in enumerate(lines, 1):
        words = line.partition("#")[0].split(maxsplit=2)
        if not words:
            continue
        day = _day(words[1]) if len(words) > 2 else None
        text = words[2] if len(words) > 2 else ""
        if day and words[0] in {"公布", "announced"}:
            notice = (day, text)
        elif day and words[0] in {"休", "rest", "班", "work"} and notice and abs(day.year - int(path.stem)) <= 1:
            zh, _, en = text.partition(" / ")
            entries.append(Entry(day, words[0] in {"休", "rest"}, Bilingual(zh, en or zh), *notice))
        else:
            hint = "write 公布 DAY NOTICE, and below it 休 DAY 中文 / English or 班 DAY 中文 / English"
            problems.append(Problem(Place(name, number), "L084", f"`{line.strip()}` is no line of a calendar", hint))
    return entries


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
