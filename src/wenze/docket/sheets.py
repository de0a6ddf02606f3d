"""Tables of other programs → rows: a spreadsheet of three sheets, or a folder of three CSV files, made from the template.

Every cell is read for itself; what cannot be read is reported with its row, its column and the reason. A case with a row that cannot be
read is set aside whole, since the others of an act would get another result without it; every other case is kept.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from wenze.docket.rows import ActRows, CaseRows, Row
from wenze.docket.tables import FIXED, NO_RANK, TABLES, Tables
from wenze.law import Law, Layout, entangled

TITLES = {"acts": "行为 acts", "participations": "参与 participations", "events": "事件 events"}
_YES = {"是", "yes", "y", "true", "1"}
_NO = {"否", "no", "n", "false", "0"}
_UNKNOWN = {"", "未认定", "unknown", "?"}
_NO_RANK = {"无", "none"}
_NUMBERED = {"act": "行为号", "respondent": "对象号", "event": "事件号"}
_GUIDE = (
    (
        "一行一个行为、一个参与、一个事件;案号相同的属于同一案件。",
        "One row an act, a participation, an event; rows of one case have its number.",
    ),
    (
        "act、respondent、event 是案内的序号,从 1 起。不写任何人的姓名。",
        "act, respondent and event are numbers within the case, from 1. No names.",
    ),
    ("事实写 是 或 否;空着即未认定,不推定为否。", "A fact is 是 (yes) or 否 (no); empty is not established, never no."),
    (
        "pair 写 否 的参与只问责任,不问情形。rank 写职级,机关写 无。order 是签批的次序。",
        "pair 否: asked for responsibility only. rank: a rank, or 无 for a unit. order: of signature.",
    ),
)


class Bad(NamedTuple):
    """A cell or row that cannot be read. `row` as the program shows it, counted from 1."""

    table: str
    row: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"{TITLES[self.table]} {self.row} {self.column}: {self.reason}"


@dataclass
class Imported:
    """The cases that could be read, what could not, and the numbers of the cases that were set aside for it."""

    cases: list[CaseRows] = field(default_factory=list)
    bad: list[Bad] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)


Sheet = Sequence[tuple[int, Mapping[str, str]]]  # (row as shown, heading → cell)


def write_template(path: Path, law: Law) -> None:
    """An empty spreadsheet (`.xlsx`) or a folder of CSV files for the facts of a law."""
    tables = Tables(law)
    if path.suffix == ".xlsx":
        _workbook(law, tables).save(path)
        return
    path.mkdir(parents=True)
    for table in TABLES:
        with (path / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerow(_headings(tables, table))


def _headings(tables: Tables, table: str) -> list[str]:
    return [*(name for name, _ in FIXED[table]), *tables.facts[table]]


def _workbook(law: Law, tables: Tables) -> Workbook:
    book = Workbook()
    guide = book.active
    guide.title = "说明 guide"
    for line in ((law.title.zh, law.title.en), *_GUIDE):
        guide.append(line)
    guide.column_dimensions["A"].width = guide.column_dimensions["B"].width = 70
    for table in TABLES:
        sheet = book.create_sheet(TITLES[table])
        sheet.append(_headings(tables, table))
        fixed = len(FIXED[table])
        for number, cell in enumerate(sheet[1], start=1):
            cell.font = Font(bold=True)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            sheet.column_dimensions[get_column_letter(number)].width = 14
        yes_no = DataValidation(type="list", formula1='"是,否"', allow_blank=True)
        sheet.add_data_validation(yes_no)
        if tables.facts[table]:
            yes_no.add(f"{get_column_letter(fixed + 1)}2:{get_column_letter(fixed + len(tables.facts[table]))}10000")
        sheet.freeze_panes = "D2"
    return book


def read_tables(path: Path, law: Law) -> Imported:
    """The cases of a filled-in template. OSError or ValueError where there is none."""
    sheets = _read_workbook(path) if path.suffix == ".xlsx" else _read_folder(path)
    return _Reader(law).read(sheets)


def _read_workbook(path: Path) -> dict[str, Sheet]:
    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever the zip or XML reader does
        raise ValueError(f"{path}: 不是 xlsx 表格 · is no xlsx spreadsheet ({error})") from error
    missing = [title for title in TITLES.values() if title not in book.sheetnames]
    if missing:
        raise ValueError(f"{path}: 缺少工作表 · lacks the sheets {'、'.join(missing)}")
    return {
        table: _sheet(
            ["" if cell is None else str(cell).strip() for cell in row]
            for row in book[title].iter_rows(values_only=True)
        )
        for table, title in TITLES.items()
    }


def _read_folder(path: Path) -> dict[str, Sheet]:
    found = {}
    for table in TABLES:
        file = path / f"{table}.csv"
        if not file.is_file():
            raise ValueError(f"{file}: 没有这个文件 · there is no such file")
        try:
            with file.open(encoding="utf-8-sig", newline="") as lines:
                found[table] = _sheet([cell.strip() for cell in row] for row in csv.reader(lines))
        except (UnicodeDecodeError, csv.Error) as error:
            raise ValueError(f"{file}: 不是 UTF-8 的 CSV · is no CSV in UTF-8 ({error})") from error
    return found


def _sheet(rows: Iterable[list[str]]) -> Sheet:
    lines = iter(rows)
    headings = next(lines, [])
    return [
        (number, {**dict.fromkeys(headings, ""), **dict(zip(headings, row, strict=False))})
        for number, row in enumerate(lines, start=2)
        if any(row)
    ]


class _Reader:
    """Reads the three tables of one file."""

    def __init__(self, law: Law) -> None:
        self._law = law
        self._tables = Tables(law)
        self._ranks = law.terms("职级")
        self._found = Imported()
        self._bad_cases: dict[str, None] = {}

    def read(self, sheets: Mapping[str, Sheet]) -> Imported:
        rows: dict[str, list[tuple[int, Row]]] = {}
        for table in TABLES:
            rows[table] = [(number, self._row(table, number, cells)) for number, cells in sheets[table]]
            self._unknown_columns(table, sheets[table])
        acts = self._acts(rows["acts"])
        for table, key in (("participations", "respondent"), ("events", "event")):
            self._hang(table, key, rows[table], acts)
        by_case: dict[str, list[ActRows]] = {}
        for (case, _), act in sorted(acts.items()):
            by_case.setdefault(case, []).append(act)
        for case, found in by_case.items():
            if case not in self._bad_cases:
                self._found.cases.append(self._case(found))
        self._found.aside = list(self._bad_cases)
        return self._found

    def _case(self, acts: list[ActRows]) -> CaseRows:
        layout = Layout(
            tuple(tuple(int(str(row["respondent"])) for row in act.participations) for act in acts),
            tuple(tuple(int(str(row["event"])) for row in act.events) for act in acts),
        )
        return CaseRows([act for act in acts if act.participations], (), entangled(self._law, layout))

    def _acts(self, rows: list[tuple[int, Row]]) -> dict[tuple[str, int], ActRows]:
        found: dict[tuple[str, int], ActRows] = {}
        for number, row in rows:
            key = (str(row["case"]), _whole(row["act"]))
            if key in found:
                self._report("acts", number, "act", "同一案件中重复 · twice in one case", key[0])
            found[key] = ActRows(row, [], [])
        return found

    def _hang(self, table: str, key: str, rows: list[tuple[int, Row]], acts: Mapping[tuple[str, int], ActRows]) -> None:
        for number, row in rows:
            case = str(row["case"])
            act = acts.get((case, _whole(row["act"])))
            if act is None:
                self._report(table, number, "act", "行为表中没有这个行为 · the sheet of acts has no such act", case)
                continue
            into = act.participations if table == "participations" else act.events
            if any(other[key] == row[key] for other in into):
                self._report(table, number, key, "在同一行为中重复 · twice in one act", case)
            into.append(row)

    def _row(self, table: str, number: int, cells: Mapping[str, str]) -> Row:
        row: Row = {"case": cells.get("case", "")}
        case = str(row["case"])
        if not case:
            self._report(table, number, "case", "没有案号 · no case number", case)
        for name, _ in FIXED[table][1:]:
            row[name] = self._fixed(table, number, name, cells.get(name, ""), case)
        for name in self._tables.facts[table]:
            said = cells.get(name, "").lower()
            row[name] = True if said in _YES else False if said in _NO else None
            if said not in _YES | _NO | _UNKNOWN:
                self._report(table, number, name, f"`{cells[name]}` 应为 是、否 或空 · is not 是, 否 or empty", case)
        return row

    def _fixed(self, table: str, number: int, name: str, said: str, case: str) -> object:
        if name == "pair":
            if said.lower() not in _YES | _NO | {""}:
                self._report(table, number, name, f"`{said}` 应为 是、否 或空 · is not 是, 否 or empty", case)
            return said.lower() not in _NO
        if name == "rank":
            return self._rank(table, number, said, case)
        if name == "order" and not said:
            return None
        if not said.isdecimal() or not 0 < int(said) < 1 << 31:
            reason = f"`{said}` 应为从 1 起的整数 · is no whole number from 1"
            self._report(table, number, name, reason, case)
            return 0
        return int(said) - (1 if name in _NUMBERED else 0)

    def _rank(self, table: str, number: int, said: str, case: str) -> int | None:
        if said in self._ranks:
            return self._ranks.index(said)
        if said not in _UNKNOWN | _NO_RANK:
            known = "、".join(self._ranks)
            self._report(table, number, "rank", f"`{said}` 不是职级,有 · is no rank; there are {known}、无", case)
        return NO_RANK if said in _NO_RANK else None

    def _unknown_columns(self, table: str, sheet: Sheet) -> None:
        known = set(_headings(self._tables, table))
        for name in sheet[0][1] if sheet else ():
            if name and name not in known:
                self._found.bad.append(Bad(table, 1, name, "没有这一列,未读 · no such column, not read"))

    def _report(self, table: str, row: int, column: str, reason: str, case: str) -> None:
        self._found.bad.append(Bad(table, row, column, reason))
        self._bad_cases[case] = None


def _whole(value: object) -> int:
    return int(str(value))
