"""Files of other programs → rows of cells, one after another: a spreadsheet of three sheets, or a folder of three CSV files.

Knows what can be wrong with such files, and no law. Never more than a row is in memory (of a spreadsheet also its texts, each once, as
openpyxl reads them; a sheet has at most as many rows as spreadsheets have).
"""

from __future__ import annotations

import csv
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import BinaryIO, NamedTuple, TextIO
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

from wenze.docket.tables import TABLES

TITLES = {"acts": "行为 acts", "participations": "参与 participations", "events": "事件 events"}
OTHER_SPREADSHEETS = {".xls", ".xlsb", ".xlsm", ".ods", ".et"}  # what programs also write, and is not read here
_MOST_ROWS = 1_048_576  # of a sheet, ECMA-376's programs agree
_LONGEST_LINE = 4_000_000  # characters of CSV
_WHOLE = 400_000_000  # bytes, unpacked, of the parts of a spreadsheet that are read as a whole
_SMALL = 16_000_000  # bytes, unpacked: a part that can do no harm however much it was packed
_DENSEST = 200  # bytes, unpacked, from one; sheets full of the same word reach 40

Line = tuple[int, Sequence[str]]  # the row as the program shows it, counted from 1; its cells, as many as they are


class Sheet(NamedTuple):
    """One table as it is filled in. `file`: what it is called in errors."""

    file: str
    headings: Sequence[str]
    lines: Iterator[Line]


def is_table(path: Path) -> bool:
    """Whether there is something that `opened` reads, or would if it were whole."""
    return path.suffix.lower() in {".xlsx", ".csv"} or any((path / f"{table}.csv").is_file() for table in TABLES)


@contextmanager
def opened(path: Path) -> Iterator[Mapping[str, Sheet]]:
    """The tables of a file or folder, by name. OSError or ValueError where there are none, also while they are read."""
    with ExitStack() as files:
        yield _workbook(path, files) if path.suffix.lower() == ".xlsx" else _folder(path, files)


def _sheet(file: str, rows: Iterator[list[str]]) -> Sheet:
    headings = next(rows, [])
    return Sheet(file, headings, (line for line in enumerate(rows, start=2) if any(line[1])))


def _workbook(path: Path, files: ExitStack) -> dict[str, Sheet]:
    files.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: pictures, styles, validations
    try:
        file = files.enter_context(path.open("rb"))
        _refuse_bomb(file)
        book = load_workbook(file, read_only=True, data_only=True)
    except OSError:
        raise
    except Exception as error:  # openpyxl raises whatever the zip or XML reader does
        raise ValueError(f"{path}: 不是 xlsx 表格 · is no xlsx spreadsheet ({error})") from error
    files.callback(book.close)
    missing = [title for title in TITLES.values() if title not in book.sheetnames]
    if missing:
        raise ValueError(f"{path}: 缺少工作表 · lacks the sheets {'、'.join(missing)}")
    found = {}
    for table, title in TITLES.items():
        sheet, name = book[title], f"{path} {title}"
        if not hasattr(sheet, "reset_dimensions"):
            raise ValueError(f"{name}: 不是工作表 · is no sheet of cells")
        sheet.reset_dimensions()  # what a file says of its size need not be true; rows are as long as they are
        found[table] = _sheet(name, _rows(name, sheet.iter_rows(values_only=True)))
    return found


def _refuse_bomb(file: BinaryIO) -> None:
    """A file that would fill the memory when it is unpacked."""
    with ZipFile(file) as packed:
        parts = packed.infolist()
    whole = sum(part.file_size for part in parts if "worksheets/" not in part.filename)
    dense = [part for part in parts if part.file_size > max(_SMALL, _DENSEST * part.compress_size)]
    if whole > _WHOLE or dense:
        size = sum(part.file_size for part in parts)
        raise BadZipFile(f"解压后有 {size:,} 字节,不像表格 · unpacks to {size:,} bytes, which is unlike a table")


def _rows(name: str, rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    try:
        for number, row in enumerate(rows, start=1):
            if number > _MOST_ROWS:
                raise ValueError(f"超过 {_MOST_ROWS:,} 行 · more than {_MOST_ROWS:,} rows")
            yield ["" if cell is None else str(cell).strip() for cell in row]
    except Exception as error:  # as above
        raise ValueError(f"{name}: 读不出来 · cannot be read ({error})") from error


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
        found[table] = _sheet(str(file), _records(file, text))
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
