"""Spreadsheets as people and their programs make them: what looks filled in and is not is told, what is meant the same is taken so."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from openpyxl import Workbook, load_workbook

from docket.rows import tiny
from docket.test_tables import built, files_of, repacked, wenze
from wenze.docket.sheets import TITLES
from wenze.docket.tables import TABLES, Tables

ACTS, PEOPLE = TITLES["acts"], TITLES["participations"]
Change = Callable[[Any], None]  # Any: openpyxl's workbooks have no types


def table(path: Path, change: Change = lambda book: None) -> Path:
    """Four cases of one act, one participant and no event."""
    book = Workbook()
    book.remove(book.active)
    facts = Tables(tiny()).facts
    for name in TABLES:
        book.create_sheet(TITLES[name]).append(Tables(tiny()).headings(name))
    for number in range(4):
        book[ACTS].append([f"案{number}", 1, *["是"] * len(facts["acts"])])
        book[PEOPLE].append([f"案{number}", 1, 1, "是", "无", None, *["否"] * len(facts["participations"])])
    change(book)
    book.save(path)
    return path


def cell(sheet: str, place: str, value: object) -> Change:
    def fill(book: Any) -> None:  # Any: as above
        book[sheet][place] = value

    return fill


def titled(sheet: str, title: str) -> Change:
    def call(book: Any) -> None:  # Any: as above
        book[sheet].title = title

    return call


def both(*changes: Change) -> Change:
    def change(book: Any) -> None:  # Any: as above
        for one in changes:
            one(book)

    return change


def hidden(book: Any) -> None:  # Any: as above
    book[ACTS].sheet_state = "hidden"
    book[PEOPLE].row_dimensions[2].hidden = True


@pytest.mark.parametrize(
    "change",
    [
        cell(ACTS, "C2", True),
        cell(ACTS, "C2", "真"),
        cell(ACTS, "C2", "TRUE"),
        cell(ACTS, "C2", "　是　"),
        cell(ACTS, "C2", "Ｙ"),
        cell(ACTS, "C2", "１"),
        cell(ACTS, "C2", 1.0),
        cell(ACTS, "B2", 1.0),
        cell(ACTS, "B2", "１"),
        cell(PEOPLE, "E2", " none "),
        cell(PEOPLE, "G2", False),
        cell(PEOPLE, "G2", "假"),
        cell(ACTS, "A1", "Case "),
        cell(ACTS, "A1", "ｃａｓｅ"),
        cell(ACTS, "C1", "灯．坏"),
        cell(PEOPLE, "E1", "Ran k"),
        titled(ACTS, "行为"),
        titled(ACTS, "ACTS"),
        titled(ACTS, "行为  acts "),
        hidden,
    ],
)
def test_what_is_meant_the_same_is_read_the_same(change: Change, tmp_path: Path) -> None:
    _, told = built(tmp_path / "a", table(tmp_path / "a.xlsx"))
    _, also = built(tmp_path / "b", table(tmp_path / "b.xlsx", change))
    assert told == also == [] and files_of(tmp_path / "a") == files_of(tmp_path / "b")


def merged(sheet: str, cells: str) -> Change:
    def merge(book: Any) -> None:  # Any: as above
        book[sheet].merge_cells(cells)

    return merge


@pytest.mark.parametrize(
    ("change", "said", "kept"),
    [
        (cell(ACTS, "C2", "=1=1"), "acts 2 C2: 公式还没有算出结果", 3),
        (cell(ACTS, "A3", "=A2"), "acts 3 A3: 公式还没有算出结果", 3),
        (merged(ACTS, "C2:C4"), "acts 2 C2:C4: 是合并的单元格", 1),
        (merged(PEOPLE, "A2:A3"), "participations 3 A2:A3: 是合并的单元格", 2),
        (merged(PEOPLE, "G5:H5"), "participations 5 G5:H5: 是合并的单元格", 3),
        (cell(ACTS, "A2", 20140501000001234), "`2.01405E+16` 是表格程序缩写的数字", 3),
        (cell(ACTS, "A2", "2.01405E+16"), "has lost its last digits", 3),
        (cell(ACTS, "C2", 0.5), "acts 2 灯.坏: `0.5` 应为 是、否 或空", 3),
        (cell(ACTS, "C2", date(2020, 1, 31)), "acts 2 灯.坏: `2020-01-31` 应为", 3),
        (cell(ACTS, "C2", "#N/A"), "acts 2 灯.坏: `#N/A` 应为", 3),
        (cell(ACTS, "C1", "灯.坏了"), "acts 1 灯.坏了: 没有这一列,未读 · no such column, not read;是不是 灯.坏?", 4),
        (cell(ACTS, "D1", None), "acts 2 4: 这一列没有表头,未读", 4),
        (lambda book: book.create_sheet("行为 acts (2)").append(["案9"]), "行为 acts (2) 1 A: 这个工作表未读", 4),
    ],
)
def test_what_looks_filled_in_and_cannot_be_read_is_told(change: Change, said: str, kept: int, tmp_path: Path) -> None:
    docket, told = built(tmp_path / "d", table(tmp_path / "t.xlsx", change))
    assert any(said in line for line in told), told
    assert docket.cases() == kept


def test_the_results_of_formulas_are_read_also_where_they_are_an_empty_text(tmp_path: Path) -> None:
    changed = table(tmp_path / "a.xlsx", both(cell(ACTS, "C2", "=1=1"), cell(ACTS, "C3", '=""')))

    def calculated(_: str, data: bytes) -> bytes:
        for place, kind, value in ((b"C2", b"b", b"1"), (b"C3", b"str", b"")):
            bare = rb'<c r="%b"><f>([^<]*)</f><v ?/?>(?:</v>)?</c>' % place
            data = re.sub(bare, rb'<c r="%b" t="%b"><f>\1</f><v>%b</v></c>' % (place, kind, value), data)
        return data

    repacked(changed, calculated)
    docket, told = built(tmp_path / "d", changed)
    assert told == [] and docket.batch(0).tables["acts"].column("灯.坏").to_pylist() == [True, None, True, True]


def test_thousands_of_rows_with_merged_cells_are_one_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="A2:A10002 … 是合并的单元格"):
        built(tmp_path / "d", table(tmp_path / "t.xlsx", merged(ACTS, "A2:A10002")))


COMPOUND = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(5_000_000)


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("t.xlsx", COMPOUND + "EncryptedPackage".encode("utf-16-le"), "is protected by a password"),
        ("t.xlsx", COMPOUND, "in the old format .xls"),
        ("t.xls", COMPOUND, "save it as .xlsx"),
        ("t.ods", b"PK", "save it as .xlsx"),
        ("t.xlsx", b"", "is no xlsx spreadsheet"),
        ("t.xlsx", b"<html><table>", "is no xlsx spreadsheet"),
        ("t.xlsx", None, "cannot be read"),
    ],
)
def test_a_file_of_another_kind_is_told_with_what_to_do(
    name: str, data: bytes | None, said: str, tmp_path: Path
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    with pytest.raises(ValueError, match=said) as refused:
        built(tmp_path / "d", tmp_path / name)
    assert "Errno" not in str(refused.value) and not (tmp_path / "d").exists()


def test_a_heading_without_which_nothing_can_be_read_is_named_with_the_one_that_was_meant(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="`respondents` 是不是 · is it respondent"):
        built(tmp_path / "d", table(tmp_path / "t.xlsx", cell(PEOPLE, "C1", "respondents")))


def test_sheets_that_are_missing_are_named_with_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match=r"lacks the sheets 行为 acts\n.*has 行为表、参与 participations、事件 events"):
        built(tmp_path / "d", table(tmp_path / "t.xlsx", titled(ACTS, "行为表")))


def test_headings_that_differ_are_told_apart_whatever_typing_does_to_them() -> None:
    tables = Tables(tiny())
    for name in TABLES:
        assert len(tables.headings(name)) == len({"".join(one.casefold().split()) for one in tables.headings(name)})


def test_a_folder_of_spreadsheets_and_case_files_is_read_whole(tmp_path: Path) -> None:
    folder = tmp_path / "offices"
    folder.mkdir()
    for number in range(2):
        wenze("template", folder / f"office {number}.xlsx")
        book = load_workbook(folder / f"office {number}.xlsx")
        book[ACTS].append([f"案{number}", 1])
        book[PEOPLE].append([f"案{number}", 1, 1, "是", "无"])
        book.save(folder / f"office {number}.xlsx")
    (folder / "~$office 1.xlsx").write_bytes(b"open in a program")
    assert "2 个案件" in wenze("build", tmp_path / "a", folder).output
    (folder / "case.json").write_text("{", "utf-8")
    said = wenze("build", tmp_path / "b", folder)
    assert "2 个案件" in said.output and "1 个未收" in said.output and "case.json" in said.stderr


# How reasons are told when they are many


def spoilt(path: Path, bad: int) -> Path:
    """Cases every one of which has a bad cell."""
    wenze("template", path)
    with (path / "acts.csv").open("a", encoding="utf-8") as file:
        file.writelines(f"案{number},1,也许\n" for number in range(bad))
    return path


def test_of_many_reasons_the_first_are_shown_and_all_are_written(tmp_path: Path) -> None:
    tables = spoilt(tmp_path / "t", 500)
    said = wenze("build", tmp_path / "d", tables, code=1).stderr.splitlines()
    assert len(said) < 30 and "共 500 处" in said[20] and "行为.施行后 500" in said[21] and "d.bad.csv" in said[22], (
        said
    )
    written = (tmp_path / "d.bad.csv").read_text("utf-8-sig").splitlines()
    assert len(written) == 501 and written[0].startswith("来源 source,")
    assert written[500].startswith('t,行为 acts,501,行为.施行后,"`也许` 应为')
    assert sorted(path.name for path in tmp_path.iterdir()) == ["d.bad.csv", "t"]


def test_few_reasons_are_written_only_where_it_is_asked(tmp_path: Path) -> None:
    tables, bad = spoilt(tmp_path / "t", 3), tmp_path / "bad.csv"
    wenze("build", tmp_path / "d", tables, code=1)
    assert [path.name for path in tmp_path.iterdir()] == ["t"]
    said = wenze("build", tmp_path / "d", tables, "--bad", bad, code=1).stderr
    assert len(bad.read_text("utf-8-sig").splitlines()) == 4 and len(said.splitlines()) == 3
    assert "name a file" in wenze("build", tmp_path / "d", tables, "--bad", tmp_path, code=1).stderr


def test_what_was_read_before_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    tables = spoilt(tmp_path / "t", 30)
    with (tmp_path / "t" / "events.csv").open("ab") as file:
        file.write('"案,'.encode())  # a quote that nobody closes
    said = wenze("build", tmp_path / "d", tables, code=1).stderr
    assert "共 30 处" in said and "events.csv: 不是 UTF-8 的 CSV" in said and (tmp_path / "d.bad.csv").is_file()


def test_tables_of_two_files_are_told_apart(tmp_path: Path) -> None:
    for number in range(2):
        spoilt(tmp_path / f"t{number}", 1)
    said = wenze("build", tmp_path / "d", tmp_path / "t0", tmp_path / "t1", code=1).stderr.splitlines()
    assert [line.partition(" ")[0] for line in said] == ["t0", "t1"]


def test_what_stood_in_a_table_is_no_formula_among_the_reasons(tmp_path: Path) -> None:
    tables, bad = spoilt(tmp_path / "t", 1), tmp_path / "bad.csv"
    text = (tables / "acts.csv").read_text("utf-8-sig").replace("\n", ",=1+1\n", 1)
    (tables / "acts.csv").write_text(text, "utf-8")
    wenze("build", tmp_path / "d", tables, "--bad", bad, code=1)
    assert ",1,'=1+1," in bad.read_text("utf-8-sig").splitlines()[1]
