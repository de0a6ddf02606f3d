"""What the cells of a filled-in table say: numbers, ranks, 是 and 否. Every cell is read for itself; what cannot be read is told with its reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from difflib import get_close_matches
from operator import itemgetter
from typing import NamedTuple

from wenze.docket.rows import STATES, Row
from wenze.docket.sheets import TITLES, Line, Sheet
from wenze.docket.tables import FIXED, NO_RANK, Tables
from wenze.docket.workbooks import plain

UNREAD = -1  # in the place of a number that cannot be read
_YES = {"是", "真", "yes", "y", "true", "1"}
_NO = {"否", "假", "no", "n", "false", "0"}
_UNKNOWN = {"", "未认定", "unknown", "?"}
_NO_RANK = {"无", "無", "none"}
_SAID = {
    word: STATES[state] for words, state in ((_YES, True), (_NO, False), (_UNKNOWN, None)) for word in sorted(words)
}
_NUMBERED = {"act", "respondent", "event"}
_KEYS = {"acts": ("case", "act"), "participations": ("case", "act", "respondent"), "events": ("case", "act", "event")}
_SHORTENED = re.compile(
    r"\d(\.\d+)?E\+?\d+", re.IGNORECASE
)  # as spreadsheets show long numbers, whose last digits are lost
_NEAR = 0.7  # how like a heading is to one that is known
_MOST_COMPARED = 200  # headings
_LONGEST_CASE = 200  # characters of the number of a case
_SHOWN = 60  # characters of a cell in a sentence


class Bad(NamedTuple):
    """A cell or row that cannot be read, in a table or a sheet that is none. `row` as the program shows it, counted from 1."""

    table: str
    row: int
    column: str
    reason: str

    @property
    def title(self) -> str:
        """Of the sheet."""
        return TITLES.get(self.table, self.table)

    def __str__(self) -> str:
        return f"{self.title} {self.row} {self.column}: {self.reason}"


class Read(NamedTuple):
    """One row as it was read. `act` is UNREAD where it cannot be read."""

    row: int
    case: str
    act: int
    said: Row


class Cells:
    """Reads the rows of one table. `tell` hears of what cannot be read, with the number of the case it belongs to."""

    def __init__(self, tables: Tables, table: str, sheet: Sheet, tell: Callable[[Bad, str | None], None]) -> None:
        self._ranks = tables.law.terms("职级")
        self._table, self._sheet, self._tell = table, sheet, tell
        known = {_alike(name): name for name in tables.headings(table)}
        self._named = [known.get(_alike(name), name) for name in sheet.headings]
        self._known = set(known.values())
        self._places = {name: place for place, name in enumerate(self._named) if name in self._known}
        self._nameless = [place for place, name in enumerate(self._named) if not name]
        self._width = len(sheet.headings)
        self._facts = tables.facts[table]
        absent = self._width  # where an empty cell is put
        places = [self._places.get(name, absent) for name in self._facts]
        # two more, so that there is a tuple whatever the number of facts
        self._picked: Callable[[Sequence[str]], tuple[str, ...]] = itemgetter(absent, absent, *places)

    def rows(self) -> Iterator[Read]:
        """Every row, also those with something that could not be read. ValueError where the table lacks a column no row can do without."""
        some = False
        for line in self._sheet.lines:
            if not some:
                self._refuse_headings()
                some = True
            yield self._row(line)

    def _refuse_headings(self) -> None:
        """What cannot be done without is refused, what is not known is told."""
        file = self._sheet.file
        twice = [name for name in self._places if self._named.count(name) > 1]
        if twice:
            raise ValueError(f"{file}: 列重复 · has columns twice: {'、'.join(twice)}")
        unknown = [name for name in self._named if name and name not in self._known]
        absent = {_alike(name): name for name in self._known if name not in self._places}
        meant = {name: get_close_matches(_alike(name), absent, 1, _NEAR) for name in unknown[:_MOST_COMPARED]}
        near = {name: absent[likely[0]] for name, likely in meant.items() if likely}
        missing = [name for name in _KEYS[self._table] if name not in self._places]
        if missing:
            said = f"{file}: 第 1 行缺少列 · row 1 lacks the columns {'、'.join(missing)}"
            for name, likely in near.items():
                said += f"\n  `{_short(name)}` 是不是 · is it {likely}?" if likely in missing else ""
            if any(sign in name for name in self._named for sign in ";\t"):
                said += "\n  各格之间应为逗号 · the cells are to be separated by commas"
            raise ValueError(f"{said}\n  请照模板的表头 · keep the headings of the template")
        for name in unknown:
            asked = f";是不是 {near[name]}? · is it {near[name]}?" if name in near else ""
            self._bad(1, _short(name), f"没有这一列,未读 · no such column, not read{asked}", None)

    def _row(self, line: Line) -> Read:
        number, cells = line
        case = self._cell(cells, "case")
        if not case:
            self._bad(number, "case", "没有案号 · no case number", case)
        elif _SHORTENED.fullmatch(case):
            how = "请把这一列设为文本,重新填写 · make the column text and write the number again"
            self._bad(
                number, "case", f"`{case}` 是表格程序缩写的数字,末几位已失 · has lost its last digits; {how}", case
            )
        elif not case.isprintable() or len(case) > _LONGEST_CASE:
            self._bad(number, "case", f"`{_short(case)}` 不能作案号 · cannot be the number of a case", case)
        if any(cells[self._width :]):
            self._bad(number, str(self._width + 1), "超出表头的列 · lies beyond the headings", case)
        if self._nameless and any(cells[place] for place in self._nameless if place < len(cells)):
            self._tell_nameless(number, cells)
        if number in self._sheet.odd:
            self._bad(number, *self._sheet.odd[number], case)
        numbers = [
            self._fixed(number, name, self._cell(cells, name), case) for name, _ in FIXED[self._table] if name != "case"
        ]
        act = numbers[0]
        assert act is not None  # nosec B101 -- `_fixed` gives none for ranks and orders only
        return Read(number, case, act, Row(tuple(numbers[1:]), self._states(number, cells, case)))

    def _tell_nameless(self, number: int, cells: Sequence[str]) -> None:
        """Once a column."""
        for place in [place for place in self._nameless if place < len(cells) and cells[place]]:
            self._bad(number, str(place + 1), "这一列没有表头,未读 · this column has no heading and is not read", None)
            self._nameless.remove(place)

    def _cell(self, cells: Sequence[str], name: str) -> str:
        place = self._places.get(name, self._width)
        return cells[place] if place < min(self._width, len(cells)) else ""

    def _states(self, number: int, cells: Sequence[str], case: str) -> bytes:
        filled = [*cells[: self._width], *[""] * (self._width + 1 - len(cells[: self._width]))]
        picked = self._picked(filled)[2:]
        try:
            return bytes([_SAID[cell] for cell in picked])
        except KeyError:
            return bytes(
                [self._state(number, name, cell, case) for name, cell in zip(self._facts, picked, strict=True)]
            )

    def _state(self, number: int, name: str, said: str, case: str) -> int:
        if plain(said) not in _SAID:
            self._bad(number, name, f"`{_short(said)}` 应为 是、否 或空 · is not 是, 否 or empty", case)
        return _SAID.get(plain(said), STATES[None])

    def _fixed(self, number: int, name: str, said: str, case: str) -> int | None:
        if name == "pair":
            if plain(said) not in _YES | _NO | {""}:
                self._bad(number, name, f"`{_short(said)}` 应为 是、否 或空 · is not 是, 否 or empty", case)
            return int(plain(said) not in _NO)
        if name == "rank":
            return self._rank(number, said, case)
        if name == "order" and not said:
            return None
        if not said.isdecimal() or len(said) > _SHOWN or not 0 < int(said) < 1 << 31:
            self._bad(number, name, f"`{_short(said)}` 应为从 1 起的整数 · is no whole number from 1", case)
            return UNREAD
        return int(said) - (1 if name in _NUMBERED else 0)

    def _rank(self, number: int, said: str, case: str) -> int | None:
        if said in self._ranks:
            return self._ranks.index(said)
        if plain(said) not in _UNKNOWN | _NO_RANK:
            known = "、".join(self._ranks)
            self._bad(number, "rank", f"`{_short(said)}` 不是职级,有 · is no rank; there are {known}、无", case)
        return NO_RANK if plain(said) in _NO_RANK else None

    def _bad(self, row: int, column: str, reason: str, case: str | None) -> None:
        self._tell(Bad(self._table, row, column, reason), case)


def _alike(heading: str) -> str:
    """A heading without what typing may add to it."""
    return "".join(plain(heading).split())


def _short(said: str) -> str:
    return said if len(said) <= _SHOWN else f"{said[:_SHOWN]}…"
