"""Writes `regulations/calendar/<year>.txt` from the package chinesecalendar (MIT), one file a year of the notices below.

    python .ci/seed_calendar.py regulations/calendar

Rest days and working weekends are the package's; the notice and the day it was published are written here, because the
package does not have them. When the State Council has issued the notice for a year and the package has the days, add a
line to NOTICES and run it again; a year without a file stays provisional. The files are the authority of the program:
an office compares them with the notices.
"""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

from chinese_calendar import Holiday, get_holiday_detail, is_workday

TITLE = "国务院办公厅关于{year}年部分节假日安排的通知"
NOTICES = {
    2014: date(2013, 12, 11),
    2015: date(2014, 12, 16),
    2016: date(2015, 12, 10),
    2017: date(2016, 12, 1),
    2018: date(2017, 11, 30),
    2019: date(2018, 12, 6),
    2020: date(2019, 11, 21),
    2021: date(2020, 11, 25),
    2022: date(2021, 10, 25),
    2023: date(2022, 12, 8),
    2024: date(2023, 10, 25),
    2025: date(2024, 11, 12),
    2026: date(2025, 11, 4),
}
# Notices that came later: the days they settle, which stand below them in the file.
LATER = {
    2015: [
        (
            date(2015, 5, 13),
            "国务院关于中国人民抗日战争暨世界反法西斯战争胜利70周年纪念日调休放假的通知",
            (date(2015, 9, 3), date(2015, 9, 4), date(2015, 9, 6)),
        )
    ],
    2019: [
        (
            date(2019, 3, 22),
            "国务院办公厅关于调整2019年劳动节假期安排的通知",
            (date(2019, 4, 28), date(2019, 5, 2), date(2019, 5, 3), date(2019, 5, 4), date(2019, 5, 5)),
        )
    ],
    2020: [
        (
            date(2020, 1, 26),
            "国务院办公厅关于延长2020年春节假期的通知",
            (date(2020, 1, 31), date(2020, 2, 1), date(2020, 2, 2)),
        )
    ],
}
# What a later notice changed and the package no longer knows.
BEFORE = {2020: [(date(2020, 2, 1), False, Holiday.spring_festival)]}
NAMES = {Holiday(name.value): (name.chinese, name.value) for name in Holiday}


def main(folder: Path) -> None:
    for year, published in NOTICES.items():
        days = dict(settled(year))
        later = LATER.get(year, [])
        taken = {day for _, _, listed in later for day in listed}
        first = {day: entry for day, entry in days.items() if day not in taken}
        first.update({day: (rest, holiday) for day, rest, holiday in BEFORE.get(year, [])})
        lines = [f"# {year}: 休 rest · 班 worked; written by .ci/seed_calendar.py from chinesecalendar", ""]
        lines += block(published, TITLE.format(year=year), first)
        for when, title, listed in later:
            lines += ["", *block(when, title, {day: days[day] for day in listed})]
        (folder / f"{year}.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")


def settled(year: int):
    """Each day of a year, and of the new year's holiday before it, that is not as its weekday says or is a holiday."""
    day = date(year - 1, 12, 20)
    while day <= date(year, 12, 31):
        _, name = get_holiday_detail(day)
        holiday = Holiday(name) if name else None
        new_year = holiday is Holiday.new_years_day
        belongs = new_year == (day.month == 12) if day.month == 12 else day.year == year
        if holiday and belongs and (day.year == year or new_year):
            yield day, (not is_workday(day), holiday)
        day += timedelta(days=1)


def block(published: date, title: str, days: dict[date, tuple[bool, Holiday]]) -> list[str]:
    named = ((day, rest, NAMES[holiday]) for day, (rest, holiday) in sorted(days.items()))
    return [
        f"公布 {published} {title}",
        *(f"{'休' if rest else '班'} {day} {zh} / {en}" for day, rest, (zh, en) in named),
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]))
