"""The commands of the docket, from building to what turns."""

from __future__ import annotations

import csv
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pyarrow as pa
import pytest
from openpyxl import load_workbook
from typer.testing import CliRunner, Result

from wenze.cli.main import whole
from wenze.docket import Docket
from wenze.law import shipped

CASES = shipped() / "dehong" / "cases"


def wenze(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(whole(), ["docket", *map(str, arguments)])
    assert result.exit_code == code, f"{result.exit_code}: {result.output} {result.stderr}"
    return result


@pytest.fixture(scope="module")
def docket(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dockets") / "small"
    wenze("build", folder, CASES / "06-05.md", CASES / "07-09.md")
    return folder


def test_what_was_built_can_be_told_run_and_explained(docket: Path, tmp_path: Path) -> None:
    said = wenze("info", docket, "--readings", "--lang", "en").output
    assert "cases" in said
    hanging = [line.split() for line in said.splitlines() if " R-" in line]
    numbers = [int(one[0].replace(",", "")) for one in hanging]
    assert numbers == sorted(numbers, reverse=True) and numbers[0] > 0 and "R-14-清单" in {one[1] for one in hanging}
    out = tmp_path / "results.arrow"
    said = wenze("run", docket, "--out", out, "--lang", "en").output
    assert "6.5" in said and "one by one" in said
    with pa.OSFile(str(out)) as file:
        results = pa.ipc.open_file(file).read_all()
    assert results.num_rows == Docket(docket).participations
    made = [row for row in results.select(["case", "act", "respondent", "6.5"]).to_pylist() if row["6.5"]]
    explained = wenze(
        "explain", docket, made[0]["case"], "--act", made[0]["act"] + 1, "--target", "6.5", "--lang", "en"
    ).output
    assert "made out" in explained and ": yes" in explained


def test_an_unknown_reading_is_named_with_those_there_are(docket: Path) -> None:
    assert "R-6.5" in wenze("replay", docket, "--reading", "R-6.5=没有", code=1).stderr


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (("run", "--by", "R-没有"), "R-6.5-层级"),
        (("run", "--by", "R-6.5-层级", "--out", "r.arrow"), "--out cannot be given together with --by"),
        (("run", "--reading", "R-6.5-层级=各级", "--reading", "R-6.5-层级=州以上"), "choose one option"),
        (("explain", "6.5-成立", "--target", "99.9"), "、6.5、"),
        (("explain", "6.5-成立", "--respondent", "99"), "has no part in this act"),
        (("explain", "6.5-成立", "--act", "99"), "has no such act"),
    ],
)
def test_what_does_not_exist_is_named_with_what_there_is(docket: Path, wrong: tuple[str, ...], said: str) -> None:
    assert said in wenze(wrong[0], docket, *wrong[1:], code=2).stderr


def test_results_for_a_folder_that_does_not_exist_are_refused_before_anything_is_done(
    docket: Path, tmp_path: Path
) -> None:
    assert "there is no folder" in wenze("run", docket, "--out", tmp_path / "no" / "r.arrow", code=1).stderr


def test_a_new_version_turns_records_with_the_clause_that_decides(docket: Path, tmp_path: Path) -> None:
    laws = tmp_path / "laws"
    shutil.copytree(shipped() / "dehong", laws / "dehong")
    law = laws / "dehong" / "2014-05-01.md"
    text = law.read_text("utf-8")
    rule = text.index("```rule 6.5")
    law.write_text(text[:rule] + text[rule:].replace("  见 共同要件", "  非 见 共同要件", 1), "utf-8")
    page, turns = tmp_path / "replay.html", tmp_path / "turns.csv"
    said = wenze("replay", docket, "--law", laws, "--html", page, "--turns", turns, "--lang", "en").output
    assert "6.5" in said and "records turn" in said
    assert "<svg" in page.read_text("utf-8") and "6.5" in page.read_text("utf-8")
    assert "Open readings" in page.read_text("utf-8") and "R-14-清单" in page.read_text("utf-8")
    titles = re.search(r"<td>6\.5 (.*?)</td>", page.read_text("utf-8"))
    assert titles and "不按规定" in titles[1] and re.search(r'lang="en">[ -~]+<', titles[1])
    rows = list(csv.DictReader(turns.read_text("utf-8-sig").splitlines()))
    assert {row["target"] for row in rows} >= {"6.5"} and "made-out" in {row["before"] for row in rows}
    assert "another version" in wenze("run", docket, "--law", laws, code=1).stderr


def test_a_table_is_filled_in_and_its_bad_cells_are_told(tmp_path: Path) -> None:
    table = tmp_path / "table.xlsx"
    wenze("template", table)
    book = load_workbook(table)
    acts, people = book["行为 acts"], book["参与 participations"]
    acts.append(["甲", 1])
    acts.append(["乙", 1])
    people.append(["甲", 1, 1, "是", "县处级正职", 1])
    people.append(["乙", 1, 1, "是", "县处级正职", "第一"])
    column = [cell.value for cell in people[1]].index("职责.具体") + 1
    people.cell(row=2, column=column, value="是")
    people.cell(row=3, column=column, value="也许")
    book.save(table)
    result = wenze("build", tmp_path / "d", table)
    assert "1 个案件" in result.output and "1 个未收" in result.output
    assert "participations 3 职责.具体: `也许`" in result.stderr and "participations 3 order: `第一`" in result.stderr
    facts = Docket(tmp_path / "d").batch(0).tables["participations"]
    assert facts.column("case").to_pylist() == ["甲"] and facts.column("职责.具体").to_pylist() == [True]


def test_the_same_seed_makes_the_same_corpus(tmp_path: Path) -> None:
    for name in ("a", "b"):
        wenze("synth", tmp_path / name, "--acts", 300, "--seed", 5)
    for file in ("acts.arrow", "participations.arrow", "events.arrow"):
        assert (tmp_path / "a" / file).read_bytes() == (tmp_path / "b" / file).read_bytes()


def test_other_commands_do_not_wait_for_numpy() -> None:
    code = "import sys, wenze.cli.main; sys.exit(any(name in sys.modules for name in ('numpy', 'pyarrow', 'openpyxl')))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


@pytest.mark.parametrize("name", ["table.xlsx", "TABLE.XLSX", "tables"])
def test_a_template_does_not_take_the_place_of_a_table_that_may_be_filled_in(name: str, tmp_path: Path) -> None:
    wenze("template", tmp_path / name)
    assert (tmp_path / name).is_file() == (name != "tables")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert "exists already" in wenze("template", tmp_path / name, code=1).stderr
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_template_of_another_program_is_refused_with_what_there_is(tmp_path: Path) -> None:
    assert "name a .xlsx file" in wenze("template", tmp_path / "table.ods", code=1).stderr
    assert list(tmp_path.iterdir()) == []


def test_results_do_not_take_the_place_of_a_folder_or_of_the_docket_they_are_from(docket: Path, tmp_path: Path) -> None:
    assert "is a folder" in wenze("run", docket, "--out", tmp_path, code=1).stderr
    assert "lies in the docket" in wenze("run", docket, "--out", docket / "acts.arrow", code=2).stderr
    wenze("info", docket)


@pytest.mark.parametrize("storage", ["arrow", "parquet"])
@pytest.mark.parametrize(
    "command",
    [("info",), ("run",), ("replay", "--reading", "R-6.5-层级=各级"), ("explain", "6.5-成立"), ("convert",)],
    ids=lambda command: command[0],
)
def test_no_command_takes_a_flipped_bit_for_what_was_recorded(
    docket: Path, storage: str, command: tuple[str, ...], tmp_path: Path
) -> None:
    wenze("convert", docket, tmp_path / "d", "--storage", storage)
    rows = max((tmp_path / "d").iterdir(), key=lambda path: path.stat().st_size)
    raw = bytearray(rows.read_bytes())
    raw[len(raw) * 2 // 3] ^= 4
    rows.write_bytes(raw)
    rest = (*command[1:], *((tmp_path / "e",) if command[0] == "convert" else ()))
    said = wenze(command[0], tmp_path / "d", *rest, code=1).stderr
    assert f"{rows.name}: 有字节被改动 · has changed bytes" in said and not (tmp_path / "e").exists()
