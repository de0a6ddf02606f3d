"""The empty tables that `wenze.docket.gathered` reads when they are filled in: a spreadsheet, or a folder of CSV files."""

from __future__ import annotations

import csv
from pathlib import Path

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation

from wenze.docket.sheets import TITLES
from wenze.docket.tables import FIXED, TABLES, Tables
from wenze.docket.whole import DocketError, refuse_taken, whole_file, whole_folder
from wenze.docket.workbooks import OTHERS
from wenze.law import Law

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


def write_template(path: Path, law: Law) -> None:
    """An empty spreadsheet (`.xlsx`) or a new folder of CSV files for the facts of a law.

    DocketError where there is something already: it may have been filled in.
    """
    tables = Tables(law)
    refuse_taken(path)
    if path.suffix.lower() == ".xlsx":
        with whole_file(path) as beside:
            _workbook(law, tables).save(beside)
        return
    if path.suffix.lower() in {*OTHERS, ".xlsm"}:
        raise DocketError(f"{path}: 请写 .xlsx 文件或者目录 · name a .xlsx file, or a folder for CSV")
    with whole_folder(path) as folder:
        for table in TABLES:
            with (folder / f"{table}.csv").open("w", encoding="utf-8-sig", newline="") as file:
                csv.writer(file).writerow(tables.headings(table))


def _workbook(law: Law, tables: Tables) -> Workbook:
    book = Workbook()
    guide = book.active
    guide.title = "说明 guide"
    for line in ((law.title.zh, law.title.en), *_GUIDE):
        guide.append(line)
    guide.column_dimensions["A"].width = guide.column_dimensions["B"].width = 70
    for table in TABLES:
        sheet = book.create_sheet(TITLES[table])
        sheet.append(tables.headings(table))
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
