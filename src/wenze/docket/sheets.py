"""Tables as they are filled in, a spreadsheet of three sheets or a folder of three CSV files → their rows of cells, one after another.

Knows what can be wrong with CSV, and no law. Never more than a row is in memory.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import NamedTuple, TextIO

from wenze.docket.tables import TABLES
from wenze.docket.workbooks import OTHERS, SUFFIXES, Odd, opened_workbook

TITLES = {"acts": "行为 acts", "participations": "参与 participations", "events": "事件 events"}
_LONGEST_LINE = 4_000_000  # characters of CSV

Line = tuple[int, Sequence[str]]  # the row as the program shows it, counted from 1; its cells, as many as they are


class Sheet(NamedTuple):
    """One table as it is filled in. `file`: what it is called in errors; `odd`: rows with a cell that does not say what is seen there."""

    file: str
    headings: Sequence[str]
    lines: Iterator[Line]
    odd: Odd


class Sheets(NamedTuple):
    """The tables by name, and the titles of sheets that are none of them and not empty."""

    tables: Mapping[str, Sheet]
    others: Sequence[str] = ()


def is_table(path: Path) -> bool:
    """Whether there is something that `opened` reads, or would if it were whole."""
    known = path.suffix.lower() in {".csv", *SUFFIXES, *OTHERS}
    return known or any((path / f"{table}.csv").is_file() for table in TABLES)


def spreadsheets(folder: Path) -> list[Path]:
    """The spreadsheets in a folder, without what a program leaves beside one that it has open."""
    found = [path for path in folder.iterdir() if path.suffix.lower() in SUFFIXES | OTHERS and path.is_file()]
    return sorted(path for path in found if not path.name.startswith(("~$", ".")))


@contextmanager
def opened(path: Path) -> Iterator[Sheets]:
    """The tables of a file or folder. ValueError where there are none, also while they are read."""
    with ExitStack() as files:
        try:
            if path.suffix.lower() in SUFFIXES:
                found = _workbook(path, files)
            elif path.suffix.lower() in OTHERS:
                raise ValueError(
                    f"{path}: 这种表格读不了,请另存为 .xlsx · this kind of spreadsheet is not read; save it as .xlsx"
                )
            else:
                found = Sheets(_folder(path, files))
        except OSError as error:
            raise ValueError(f"{path}: 读不出来 · cannot be read: {error.strerror or error}") from error
        yield found


def _workbook(path: Path, files: ExitStack) -> Sheets:
    sheets, others = opened_workbook(path, TITLES.values(), files)
    return Sheets({table: _sheet(*sheets[title]) for table, title in TITLES.items()}, others)


def _sheet(file: str, rows: Iterator[list[str]], odd: Odd) -> Sheet:
    headings = next(rows, [])
    return Sheet(file, headings, (line for line in enumerate(rows, start=2) if any(line[1]) or line[0] in odd), odd)


def _folder(path: Path, files: ExitStack) -> dict[str, Sheet]:
    if path.suffix.lower() == ".csv" and not path.is_dir():
        names = "、".join(f"{table}.csv" for table in TABLES)
        raise ValueError(f"{path}: 请给出放有 {names} 的目录 · give the folder that holds {names}")
    found = {}
    for table in TABLES:
        file = path / f"{table}.csv"
        if not file.is_file():
            raise ValueError(f"{file}: 没有这个文件 · there is no such file")
        text = files.enter_context(file.open(encoding="utf-8-sig", newline=""))
        found[table] = _sheet(str(file), _records(file, text), {})
    return found


def _records(file: Path, text: TextIO) -> Iterator[list[str]]:
    reader = csv.reader(_lines(text), strict=True)  # a quote that nobody closes would swallow rows
    try:
        for row in reader:
            yield [cell.strip() for cell in row]
    except UnicodeDecodeError as error:
        how = "请另存为“CSV UTF-8” · save it as “CSV UTF-8”"
        raise ValueError(f"{file}: 不是 UTF-8 的 CSV · is no CSV in UTF-8 ({error.reason})\n  {how}") from error
    except csv.Error as error:
        where = f"第 {reader.line_num} 行 · line {reader.line_num}"
        raise ValueError(f"{file}: 不是 UTF-8 的 CSV · is no CSV in UTF-8 ({where}: {error})") from error


def _lines(text: TextIO) -> Iterator[str]:
    while line := text.readline(_LONGEST_LINE):
        if len(line) == _LONGEST_LINE:
            raise csv.Error(f"超过 {_LONGEST_LINE:,} 个字符 · more than {_LONGEST_LINE:,} characters")
        yield line
