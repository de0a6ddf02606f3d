"""Filled-in tables and folders of case files → a docket: in any order, of any size, and with whatever can be wrong with them."""

from __future__ import annotations

import csv
import json
import random
import tracemalloc
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from typer.testing import CliRunner, Result

from docket.rows import tiny
from wenze.cli.main import whole
from wenze.cli.options import cases_of
from wenze.docket import Docket, Writer, building, piles
from wenze.docket import gathered as gathering
from wenze.docket.cells import Bad
from wenze.docket.gathered import gathered
from wenze.docket.groups import MOST_ACTS
from wenze.docket.sheets import TITLES
from wenze.docket.tables import TABLES, Tables
from wenze.law import case_to_json, shipped

Rows = dict[str, list[list[str]]]  # table → its rows, without the headings
CASES = shipped() / "dehong" / "cases"


def filled_in(acts: int) -> Rows:
    """Two acts a case, one or two participants, every third act with an event; facts at random."""
    chance, facts = random.Random(7), Tables(tiny()).facts
    rows: Rows = {table: [] for table in TABLES}

    def said(table: str) -> list[str]:
        return [chance.choice(("是", "否", "")) for _ in facts[table]]

    for number in range(acts):
        act = [f"案{number // 2:06d}", str(number % 2 + 1)]
        rows["acts"].append([*act, *said("acts")])
        for who in range(1, chance.choice((1, 2)) + 1):
            own = [str(who), chance.choice(("是", "否", "")), "无", chance.choice(("", str(who)))]
            rows["participations"].append([*act, *own, *said("participations")])
        if number % 3 == 0:
            rows["events"].append([*act, "1", *said("events")])
    return rows


def as_folder(folder: Path, rows: Rows) -> Path:
    folder.mkdir()
    for table in TABLES:
        with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([Tables(tiny()).headings(table), *rows[table]])
    return folder


def as_workbook(path: Path, rows: Rows) -> Path:
    book = Workbook(write_only=True)
    for table in TABLES:
        sheet = book.create_sheet(TITLES[table])
        for row in [Tables(tiny()).headings(table), *rows[table]]:
            sheet.append(row)
    book.save(path)
    return path


def built(folder: Path, tables: Path) -> tuple[Docket, list[str]]:
    """The docket of tables under a small law, and what was told."""
    bad: list[Bad] = []
    law = tiny()
    with (
        Writer(folder, law) as writer,
        building(writer) as builder,
        gathered(tables, law, folder, bad.append) as found,
    ):
        for rows in found.cases():
            builder.add(rows)
    return Docket(folder), [str(one) for one in bad]


def files_of(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_rows_of_a_case_may_be_scattered_over_the_tables(tmp_path: Path) -> None:
    rows, chance = filled_in(60), random.Random(3)
    ordered, said = built(tmp_path / "a", as_folder(tmp_path / "in order", rows))
    scattered: Rows = {}
    for table in TABLES:  # the participants of an act stay in their order, which the docket keeps
        turns = [(row[0], row[1]) for row in rows[table]]
        chance.shuffle(turns)
        waiting = {act: iter([row for row in rows[table] if (row[0], row[1]) == act]) for act in set(turns)}
        scattered[table] = [next(waiting[act]) for act in turns]
    assert scattered != rows and said == []
    built(tmp_path / "b", as_folder(tmp_path / "scattered", scattered))
    built(tmp_path / "c", as_workbook(tmp_path / "t.xlsx", scattered))
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b") == files_of(tmp_path / "c")
    assert ordered.acts == 60 and ordered.cases() == 30


def test_who_waits_hears_of_every_row_while_it_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "_HELD", 16)
    rows, steps = filled_in(50), list[int]()
    tables = as_folder(tmp_path / "t", rows)
    with gathered(tables, tiny(), tmp_path / "d", lambda bad: None, steps.append):
        assert sum(steps) == sum(map(len, rows.values())) and max(steps) == 16


def test_what_the_cells_say_is_what_the_docket_holds(tmp_path: Path) -> None:
    rows = filled_in(50)
    docket, _ = built(tmp_path / "d", as_folder(tmp_path / "t", rows))
    held: Rows = {table: [] for table in TABLES}
    for batch in docket.batches():
        for table in TABLES:
            for row in batch.tables[table].to_pylist():
                held[table].append([_as_cell(name, value) for name, value in row.items()])
    yes = {"": "是"}  # an empty `pair` is one
    for row in rows["participations"]:
        row[3] = yes.get(row[3], row[3])
    assert {table: sorted(held[table]) for table in TABLES} == {table: sorted(rows[table]) for table in TABLES}


def _as_cell(name: str, value: object) -> str:
    if name == "rank":
        return "无" if value == -1 else str(value)
    if isinstance(value, bool) or value is None:
        return {True: "是", False: "否", None: ""}[value]
    return str(int(str(value)) + 1) if name in {"act", "respondent", "event"} else str(value)


def test_a_shape_with_more_acts_than_a_group_holds_fills_several(tmp_path: Path) -> None:
    law = tiny()
    with Writer(tmp_path / "d", law) as writer, building(writer) as builder:
        rows = filled_in(2)
        with gathered(as_folder(tmp_path / "t", rows), law, tmp_path / "d", lambda bad: None) as found:
            (case,) = found.cases()
        act = case.acts[0]
        for number in range(MOST_ACTS + 1):
            builder.add(type(case)(f"案{number}", [act], (), False))
    docket = Docket(tmp_path / "d")
    assert [group.acts for group in docket.groups] == [MOST_ACTS, 1]
    assert docket.batch(1).tables["acts"].column("case").to_pylist() == [f"案{MOST_ACTS}"]
    assert [path.name for path in tmp_path.iterdir() if path.name not in {"d", "t"}] == []


def test_memory_does_not_grow_with_the_number_of_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(piles, "MOST_ACTS", 256)  # a batch so small that the smaller table has several
    for part in (piles, gathering):
        monkeypatch.setattr(part, "_HELD", 64)
    peaks = []
    for acts in (10, 1_000, 8_000):  # at first what is made once is made
        tables = as_folder(tmp_path / f"t{acts}", filled_in(acts))
        tracemalloc.start()
        built(tmp_path / f"d{acts}", tables)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 2 * peaks[1], peaks


# What can be wrong


def spoilt(table: str, row: int, column: int, cell: str) -> Callable[[Rows], None]:
    def spoil(rows: Rows) -> None:
        rows[table][row][column] = cell

    return spoil


def twice(table: str, row: int) -> Callable[[Rows], None]:
    return lambda rows: rows[table].append(list(rows[table][row]))


def longer(rows: Rows) -> None:
    rows["acts"][2].append("是")


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (spoilt("acts", 2, 0, ""), "acts 4 case: 没有案号 · no case number"),
        (spoilt("acts", 2, 0, "案\x00"), "cannot be the number of a case"),
        (spoilt("acts", 2, 1, "一"), "acts 4 act: `一` 应为从 1 起的整数"),
        (spoilt("acts", 2, 1, "9" * 5000), "acts 4 act: `" + "9" * 60 + "…` 应为"),
        (spoilt("acts", 2, 2, "也许"), "也许` 应为 是、否 或空"),
        (spoilt("acts", 2, 2, "x" * 100_000), "x…` 应为 是、否 或空"),
        (spoilt("participations", 3, 4, "大官"), "participations 5 rank: `大官` 不是职级"),
        (spoilt("participations", 3, 5, "0"), "participations 5 order: `0` 应为从 1 起的整数"),
        (spoilt("participations", 3, 3, "?"), "participations 5 pair: `?` 应为"),
        (spoilt("participations", 3, 1, "9"), "participations 5 act: 行为表中没有这个行为"),
        (spoilt("events", 1, 2, "0"), "events 3 event: `0`"),
        (twice("acts", 2), "act: 同一案件中重复 · twice in one case"),
        (twice("participations", 2), "respondent: 在同一行为中重复 · twice in one act"),
        (twice("events", 1), "event: 在同一行为中重复 · twice in one act"),
        (longer, "lies beyond the headings"),
    ],
)
def test_a_case_with_a_bad_row_is_set_aside_and_the_others_are_kept(
    spoil: Callable[[Rows], None], said: str, tmp_path: Path
) -> None:
    rows = filled_in(20)
    spoil(rows)
    docket, told = built(tmp_path / "d", as_folder(tmp_path / "t", rows))
    assert said in told[0] and len(told) <= 3, told
    assert docket.cases() == 9


def test_a_number_that_cannot_be_read_is_not_taken_for_another(tmp_path: Path) -> None:
    rows = filled_in(20)
    rows["acts"][3][1] = "一"  # beside act 1 of the same case
    told = built(tmp_path / "d", as_folder(tmp_path / "t", rows))[1]
    assert not any("twice" in line for line in told) and "`一`" in told[0]


def raw(*changes: tuple[str, str], table: str = "acts", encoding: str = "utf-8") -> Callable[[Path], None]:
    """Changes the text of a CSV file."""

    def change(folder: Path) -> None:
        file = folder / f"{table}.csv"
        text = file.read_text("utf-8")
        for old, new in changes:
            assert old in text
            text = text.replace(old, new)
        file.write_text(text, encoding, newline="")

    return change


def gone(folder: Path) -> None:
    (folder / "events.csv").unlink()


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (raw(encoding="gb18030"), "save it as “CSV UTF-8”"),
        (raw(encoding="utf-16"), "save it as “CSV UTF-8”"),
        (raw((",", ";")), "separated by commas"),
        (raw((",", "\t")), "separated by commas"),
        (raw(("case", "案号")), "lacks the columns case"),
        (raw(("case,act", "case,case")), "has columns twice: case"),
        (raw(("respondent", "who"), table="participations"), "lacks the columns respondent"),
        (raw(("案000003", "案" * 140_000)), "field larger than field limit"),
        (raw(("案000003", "案" * 5_000_000)), "more than 4,000,000 characters"),
        (raw(("案000003,1", '"案')), "line 21: unexpected end"),
        (gone, "there is no such file"),
    ],
)
def test_a_file_that_is_no_table_gives_one_clear_error_and_no_docket(
    harm: Callable[[Path], None], said: str, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    tables = as_folder(tmp_path / "t", filled_in(20))
    harm(tables)
    with pytest.raises(ValueError, match=said):
        built(place / "d", tables)
    assert list(place.iterdir()) == []


def test_thousands_of_columns_that_nobody_knows_are_told_and_not_read(tmp_path: Path) -> None:
    tables, more = as_folder(tmp_path / "t", filled_in(20)), 5000
    lines = (tables / "acts.csv").read_text("utf-8").splitlines()
    names = ",".join(f"备注{number}" for number in range(more))
    lines = [f"{lines[0]},{names}", *(line + ",甲" * more for line in lines[1:])]
    (tables / "acts.csv").write_text("\n".join(lines), "utf-8-sig")
    docket, told = built(tmp_path / "d", tables)
    assert len(told) == more and "acts 1 备注0: 没有这一列" in told[0] and docket.cases() == 10


def repacked(path: Path, change: Callable[[str, bytes], bytes]) -> None:
    """Changes the parts of a spreadsheet."""
    with zipfile.ZipFile(path) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, data in parts.items():
            packed.writestr(name, change(name, data))


@pytest.mark.parametrize("size", ["A1:A1", "A1:XFD1048576", "A1"])
def test_a_spreadsheet_is_as_large_as_it_is_whatever_it_says(size: str, tmp_path: Path) -> None:
    rows = filled_in(20)
    table = as_workbook(tmp_path / "t.xlsx", rows)
    seen = []

    def lie(name: str, data: bytes) -> bytes:
        seen.append(name)
        found = data.replace(b"<sheetData>", f'<dimension ref="{size}"/><sheetData>'.encode())
        return found if name.startswith("xl/worksheets/sheet") else data

    repacked(table, lie)
    built(tmp_path / "a", table)
    built(tmp_path / "b", as_folder(tmp_path / "t", rows))
    assert files_of(tmp_path / "a") == files_of(tmp_path / "b") and "xl/worksheets/sheet1.xml" in seen


def bomb(name: str, data: bytes) -> bytes:
    return data.replace(b"</sheetData>", b" " * 50_000_000 + b"</sheetData>") if "sheet1" in name else data


def far_down(name: str, data: bytes) -> bytes:
    row = b'<row r="9999999999"><c r="A9999999999" t="n"><v>1</v></c></row></sheetData>'
    return data.replace(b"</sheetData>", row) if "sheet1" in name else data


def not_xml(name: str, data: bytes) -> bytes:
    return data[: len(data) // 2] if "sheet2" in name else data


def other_title(name: str, data: bytes) -> bytes:
    return data.replace("行为".encode(), b"").replace(b" acts", b"Sheet1") if name == "xl/workbook.xml" else data


@pytest.mark.parametrize(
    ("harm", "said"),
    [
        (bomb, "is unlike a table"),
        (far_down, "more than 1,048,576 rows"),
        (not_xml, "is no xlsx spreadsheet|cannot be read"),
        (other_title, "lacks the sheets 行为 acts"),
    ],
)
def test_a_spreadsheet_that_is_none_gives_one_clear_error_and_no_docket(
    harm: Callable[[str, bytes], bytes], said: str, tmp_path: Path
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    table = as_workbook(tmp_path / "t.xlsx", filled_in(20))
    repacked(table, harm)
    with pytest.raises(ValueError, match=said):
        built(place / "d", table)
    assert list(place.iterdir()) == []


# Case files


def wenze(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(whole(), ["docket", *map(str, arguments)])
    assert result.exit_code == code, f"{result.exit_code}: {result.output} {result.stderr}"
    return result


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Three case files: one stands alone, one is based on another."""
    found = tmp_path / "cases files"
    found.mkdir()
    for number, case in enumerate(one for one in cases_of(CASES / "06-05.md") if one.participations):
        if number < 2:
            (found / f"{number}.json").write_text(json.dumps(case_to_json(case), ensure_ascii=False), "utf-8")
    return found


def test_a_case_file_that_cannot_be_read_is_told_and_the_others_are_kept(folder: Path, tmp_path: Path) -> None:
    (folder / "1b.json").write_text('{"id": 3', "utf-8")
    said = wenze("build", tmp_path / "d", folder)
    assert "2 个案件" in said.output and "1 个未收" in said.output and "1b.json" in said.stderr


def test_two_cases_of_one_number_are_not_mixed(folder: Path, tmp_path: Path) -> None:
    said = wenze("build", tmp_path / "d", folder, folder / "0.json")
    assert "2 个案件" in said.output and "案号重复" in said.stderr


def test_where_nothing_could_be_kept_there_is_no_docket(folder: Path, tmp_path: Path) -> None:
    for path in folder.iterdir():
        path.write_text("{", "utf-8")
    assert "0 个案件" in wenze("build", tmp_path / "d", folder, code=1).output
    assert not (tmp_path / "d").exists() and sorted(path.name for path in tmp_path.iterdir()) == ["cases files"]


def test_one_table_of_three_is_no_table(tmp_path: Path) -> None:
    tables = as_folder(tmp_path / "t", filled_in(2))
    said = wenze("build", tmp_path / "d", tables / "acts.csv", code=1)
    assert "participations.csv" in said.stderr and not (tmp_path / "d").exists()
