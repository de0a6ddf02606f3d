"""A spreadsheet of other programs → the rows of its sheets, one after another. Knows what can be wrong with such a file, and no law.

Never more than a row is in memory, and every different text once, as openpyxl reads them. What openpyxl would pass over in silence is told:
cells that are merged, so that only the first has what is seen in all, and formulas nobody has calculated. Both look like empty cells.
"""

from __future__ import annotations

import re
import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from openpyxl import load_workbook

SUFFIXES = {".xlsx", ".xlsm"}
OTHERS = {".xls", ".xlsb", ".ods", ".et"}  # what programs also write, and is not read here
_MOST_ROWS = 1_048_576  # of a sheet, ECMA-376's programs agree
_EXACT = 10**15  # numbers from here on a spreadsheet does not keep to the last digit
_WHOLE = 400_000_000  # bytes, unpacked, of the parts of a spreadsheet that are read as a whole
_SMALL = 16_000_000  # bytes, unpacked: a part that can do no harm however much it was packed
_DENSEST = 200  # bytes, unpacked, from one; sheets full of the same word reach 40
_MOST_NAMED = 12  # sheets in a sentence
_MOST_ODD = 10_000  # rows with merged or uncalculated cells
_PIECE, _OVERLAP = 1 << 20, 1 << 16  # bytes looked through at once; a formula has 8,192 characters at most

_OLD = bytes.fromhex("d0cf11e0a1b11ae1")  # a compound file: an old spreadsheet, or a new one under a password
_LOCKED = "EncryptedPackage".encode("utf-16-le")
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell\s[^>]*?\bref="([A-Z]+\d+):([A-Z]+)(\d+)"')
_FORMULA = re.compile(  # without a value; one whose value is an empty text says so by its type
    rb"<(?:\w+:)?c(\s[^>]*)?>\s*<(?:\w+:)?f(?:\s[^>]*)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"
    rb"(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"
)
_LETTERS = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_PLACE = re.compile(rb'\br="([A-Z]+\d+)"')

Odd = Mapping[int, tuple[str, str]]  # row → a cell of it that does not say what is seen there, and why


class Rows(NamedTuple):
    """A sheet. `name`: what it is called in errors."""

    name: str
    rows: Iterator[list[str]]
    odd: Odd


def opened_workbook(path: Path, titles: Iterable[str], files: ExitStack) -> tuple[dict[str, Rows], list[str]]:
    """The sheets with these titles, and the titles of others that are not empty. OSError or ValueError where there are none, also later."""
    files.enter_context(warnings.catch_warnings())
    warnings.simplefilter("ignore")  # openpyxl warns of what it leaves out: pictures, styles, validations
    book = _loaded(path, files)
    wanted = list(titles)
    found = _named(book, wanted)
    missing = [title for title in wanted if title not in found]
    if missing:
        there = "、".join(book.sheetnames[:_MOST_NAMED])
        said = f"缺少工作表 · lacks the sheets {'、'.join(missing)}\n  它有 · it has {there}"
        raise ValueError(f"{path}: {said}")
    for title, sheet in found.items():
        if not hasattr(sheet, "reset_dimensions"):
            raise ValueError(f"{path} {title}: 不是工作表 · is no sheet of cells")
        sheet.reset_dimensions()  # what a file says of its size need not be true; rows are as long as they are
    others = [sheet.title for sheet in book.worksheets if sheet not in found.values() and _says_something(sheet)]
    return {title: _rows_of(f"{path} {title}", sheet) for title, sheet in found.items()}, others


def plain(said: str) -> str:
    """A text without the differences that typing makes: width, case, spaces around it."""
    return unicodedata.normalize("NFKC", said).strip().casefold()


def _loaded(path: Path, files: ExitStack) -> Any:  # Any: openpyxl has no types
    file = files.enter_context(path.open("rb"))
    _refuse_old(path, file)
    try:
        _refuse_bomb(file)
        book = load_workbook(file, read_only=True, data_only=True)
    except Exception as error:  # openpyxl raises whatever the zip or XML reader does
        raise ValueError(f"{path}: 不是 xlsx 表格 · is no xlsx spreadsheet ({error})") from error
    files.callback(book.close)
    return book


def _refuse_old(path: Path, file: BinaryIO) -> None:
    begin = file.read(len(_OLD))
    if begin == _OLD:
        seen = b""
        while piece := file.read(_PIECE):
            if _LOCKED in seen[-len(_LOCKED) :] + piece:
                how = "请取消密码后另存 · save it without one"
                raise ValueError(f"{path}: 有密码保护 · is protected by a password\n  {how}")
            seen = piece
        how = "请另存为 .xlsx,只改文件名不行 · save it as .xlsx; another name is not enough"
        raise ValueError(f"{path}: 是旧格式(.xls)· is in the old format .xls\n  {how}")
    file.seek(0)


def _refuse_bomb(file: BinaryIO) -> None:
    """A file that would fill the memory when it is unpacked."""
    with ZipFile(file) as packed:
        parts = packed.infolist()
    whole = sum(part.file_size for part in parts if "worksheets/" not in part.filename)
    dense = [part for part in parts if part.file_size > max(_SMALL, _DENSEST * part.compress_size)]
    if whole > _WHOLE or dense:
        size = sum(part.file_size for part in parts)
        raise BadZipFile(f"解压后有 {size:,} 字节,不像表格 · unpacks to {size:,} bytes, which is unlike a table")


def _named(book: Any, titles: Sequence[str]) -> dict[str, Any]:  # Any: as above
    """Title → the sheet that has it, or has it but for spaces, width and case, or has one half of it."""
    there = {" ".join(plain(title).split()): title for title in reversed(book.sheetnames)}
    found = {}
    for title in titles:
        for said in (title, *title.split()):
            if plain(said) in there:
                found[title] = book[there[plain(said)]]
                break
    return found


def _says_something(sheet: Any) -> bool:  # Any: as above
    try:
        return any(cell is not None for cell in next(sheet.iter_rows(max_row=1, values_only=True), ()))
    except Exception:  # it is not read, so what is wrong with it does not matter
        return False


def _rows_of(name: str, sheet: Any) -> Rows:  # Any: as above
    try:
        with sheet.parent._archive.open(
            sheet._worksheet_path
        ) as part:  # openpyxl knows which part a sheet is, and does not say so
            odd = dict(_odd(part))
    except _TooMany as error:
        raise ValueError(f"{name}: {error}") from error
    except Exception as error:  # the zip reader's
        raise ValueError(f"{name}: 读不出来 · cannot be read ({error})") from error
    return Rows(name, _texts(name, sheet.iter_rows(values_only=True)), odd)


class _TooMany(Exception):
    """More odd cells than a person mends one by one."""


def _odd(part: BinaryIO) -> Iterator[tuple[int, tuple[str, str]]]:
    """The rows of merged and uncalculated cells. What stands in the first row is headings, which are read for themselves."""
    seen, before = set[int](), b""
    while piece := part.read(_PIECE):
        text = before + piece
        for cell, rows, reason in (*_merged(text), *_uncalculated(text)):
            for row in rows:
                if row > 1 and row not in seen:
                    seen.add(row)
                    if len(seen) > _MOST_ODD:
                        raise _TooMany(f"{cell} … {reason}")
                    yield row, (cell, reason)
        before = text[-_OVERLAP:]


def _merged(text: bytes) -> Iterator[tuple[str, range, str]]:
    for first, column, last in _MERGED.findall(text):
        start, cell = int(first.lstrip(_LETTERS)), f"{first.decode()}:{column.decode()}{last.decode()}"
        reason = "是合并的单元格,请取消合并,逐格填写 · are merged cells; split them and fill in each"
        yield cell, range(start, int(last) + 1), reason


def _uncalculated(text: bytes) -> Iterator[tuple[str, range, str]]:
    if b"<f" not in text and b":f" not in text:
        return
    for found in _FORMULA.finditer(text):
        said = found[1] or b""
        place = _PLACE.search(said)
        if place is None or b't="str"' in said:
            continue
        row = int(place[1].lstrip(_LETTERS))
        reason = "公式还没有算出结果,请打开后保存,或者粘贴为数值 · is a formula without its result; open and save the file, or paste the value"
        yield place[1].decode(), range(row, row + 1), reason


def _texts(name: str, rows: Iterable[Sequence[object]]) -> Iterator[list[str]]:
    try:
        for number, row in enumerate(rows, start=1):
            if number > _MOST_ROWS:
                raise ValueError(f"超过 {_MOST_ROWS:,} 行 · more than {_MOST_ROWS:,} rows")
            yield ["" if cell is None else cell.strip() if isinstance(cell, str) else _text(cell) for cell in row]
    except Exception as error:  # openpyxl's, as above
        raise ValueError(f"{name}: 读不出来 · cannot be read ({error})") from error


def _text(cell: object) -> str:
    """What is no text, as a person would write it. A number that lost digits is written as spreadsheets show it."""
    if isinstance(cell, datetime):
        return str(cell).removesuffix(" 00:00:00")
    if isinstance(cell, int | float) and not isinstance(cell, bool):
        if abs(cell) >= _EXACT:
            return f"{cell:.5E}"
        return str(int(cell)) if float(cell).is_integer() else str(cell)
    return str(cell).strip()
