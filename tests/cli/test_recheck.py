"""`wenze recheck`: a receipt derives again exactly, or every difference is named by rule and field."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from cli.conftest import DAY, Run
from wenze.cli.main import whole
from wenze.law.receipt import digest


@pytest.fixture(scope="module")
def receipt(library: Path) -> str:
    """What the command wrote, once for all tests."""
    command = ["determine", "--sample", "--law", str(library), "--on", DAY, "--format", "json"]
    return CliRunner().invoke(whole(), command, catch_exceptions=False).stdout


@pytest.fixture
def written(receipt: str, tmp_path: Path) -> Path:
    path = tmp_path / "receipt.json"
    path.write_text(receipt, encoding="utf-8")
    return path


def change(path: Path, **changed: Any) -> None:
    """Change the receipt and compute its digest again."""
    made = {**json.loads(path.read_bytes()), **changed}
    path.write_text(json.dumps({**made, "digest": digest(made), **changed}, ensure_ascii=False), encoding="utf-8")


def test_an_unchanged_receipt_is_identical(run: Run, library: Path, written: Path) -> None:
    for lang, word in (("zh", "一致"), ("en", "Identical")):
        result = run("recheck", written, "--law", library, "--lang", lang)
        assert (result.exit_code, result.stderr) == (0, "") and word in result.stdout


def test_layout_does_not_matter(run: Run, library: Path, written: Path) -> None:
    written.write_text(json.dumps(json.loads(written.read_bytes()), indent=4), encoding="utf-8")
    assert run("recheck", written, "--law", library).exit_code == 0


def test_a_changed_byte_is_found(run: Run, library: Path, written: Path) -> None:
    raw = written.read_bytes()
    written.write_bytes(raw.replace("示范".encode(), "示样".encode()).replace(b"one lamp", b"one lamb", 1))
    result = run("recheck", written, "--law", library)
    assert result.exit_code == 1 and result.stdout.startswith("digest: ")


def test_a_changed_fact_is_found_though_the_digest_was_made_to_fit(run: Run, library: Path, written: Path) -> None:
    case = json.loads(written.read_bytes())["case"]
    [broken] = [record for record in case["facts"] if record["fact"] == "灯.坏"]
    broken["for"], broken["against"] = ["信"], ["簿"]
    change(written, case=case)
    result = run("recheck", written, "--law", library)
    lines = result.stdout.splitlines()
    assert result.exit_code == 1 and "Identical" not in result.stdout
    assert any(
        line.startswith("facts[灯.坏].status: ") and "'proven'" in line and "'disproven'" in line for line in lines
    )
    assert any(line.startswith("circumstances[甲 P1 A1].state: ") for line in lines)


def test_a_changed_regulation_is_found_and_the_rule_and_field_are_named(
    run: Run, own_library: Path, written: Path
) -> None:
    path = own_library / "lamps/2015-01-01.md"
    path.write_text(path.read_text(encoding="utf-8").replace("取 宽 灯.坏", "取 宽 灯.修"), encoding="utf-8")
    result = run("recheck", written, "--law", own_library)
    lines = result.stdout.splitlines()
    assert result.exit_code == 1
    assert any(line.startswith("instrument.rules_sha256: ") for line in lines)
    assert any(line.startswith("instrument.files[lamps/2015-01-01.md].sha256: ") for line in lines)
    assert any(line.startswith("circumstances[甲 P1 A1].tree") for line in lines)
    assert not any(line.startswith("circumstances[乙") for line in lines)


def test_prose_that_changed_is_a_difference_of_the_files_only(run: Run, own_library: Path, written: Path) -> None:
    path = own_library / "lamps/2015-01-01.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("# 路灯", "# 路灯", 1) + "\n补一句话。\n", encoding="utf-8"
    )
    result = run("recheck", written, "--law", own_library)
    assert result.exit_code == 1
    assert {line.partition(".")[0] for line in result.stdout.splitlines()} == {"instrument"}


def test_a_receipt_keeps_to_its_own_version_when_a_newer_one_comes(run: Run, own_library: Path, written: Path) -> None:
    first = own_library / "lamps/2015-01-01.md"
    later = (
        first.read_text(encoding="utf-8")
        .replace("施行 2015-01-01", "施行 2015-03-20")
        .replace("取 宽 灯.坏", "取 宽 灯.修")
    )
    (own_library / "lamps/2015-03-20.md").write_text(later, encoding="utf-8")
    assert run("recheck", written, "--law", own_library).exit_code == 0


@pytest.mark.parametrize(
    "raw",
    [b"", b"{}", b"nonsense", b"[1]", b"\xff\xff", b"[" * 50_000, '{"format": "wenze-receipt/1"}'.encode("utf-16")],
)
def test_what_is_no_receipt_is_a_problem(run: Run, library: Path, tmp_path: Path, raw: bytes) -> None:
    (tmp_path / "r.json").write_bytes(raw)
    result = run("recheck", tmp_path / "r.json", "--law", library)
    assert (result.exit_code, result.stdout) == (1, "") and result.stderr.startswith("L090 r.json:1: ")


@pytest.mark.parametrize("keep", [0.3, 0.9, 0.999])
def test_a_receipt_cut_off_is_a_problem(run: Run, library: Path, written: Path, keep: float) -> None:
    raw = written.read_bytes()
    written.write_bytes(raw[: int(len(raw) * keep)])
    result = run("recheck", written, "--law", library)
    assert result.exit_code == 1 and result.stderr.startswith("L090 ")


@pytest.mark.parametrize("key", ["engine", "on", "instrument", "case", "readings", "digest"])
@pytest.mark.parametrize("value", [None, 5, "x", [], {}, [5], {"id": 5}, {"id": "lamps", "in_force": "x"}])
def test_a_damaged_receipt_never_ends_in_a_traceback(
    run: Run, library: Path, written: Path, key: str, value: object
) -> None:
    change(written, **{key: value})
    assert run("recheck", written, "--law", library).exit_code == 1  # an exception would fail the test


@pytest.mark.parametrize("instrument", ["candles", "../lamps", "lamps/../lamps", "", "/etc"])
def test_a_receipt_of_an_instrument_that_is_not_there_is_refused(
    run: Run, library: Path, written: Path, instrument: str
) -> None:
    made = json.loads(written.read_bytes())
    change(written, instrument={**made["instrument"], "id": instrument})
    result = run("recheck", written, "--law", library)
    assert result.exit_code == 1 and result.stderr.startswith("L004 ")


def test_a_missing_file_or_a_folder_is_wrong_usage(run: Run, library: Path, tmp_path: Path) -> None:
    for path in (tmp_path / "gone.json", tmp_path):
        result = run("recheck", path, "--law", library)
        assert (result.exit_code, result.stdout) == (2, "") and path.name in result.stderr


def test_a_key_written_twice_is_refused_since_a_reader_may_see_another_value(
    run: Run, library: Path, written: Path
) -> None:
    text = written.read_text(encoding="utf-8")
    assert '"state": "made-out"' in text
    written.write_text(text.replace('"state": "made-out"', '"state": "open", "state": "made-out"', 1), encoding="utf-8")
    said = run("recheck", written, "--law", library)
    assert said.exit_code == 1 and "`state` is given twice" in said.stderr


@pytest.mark.parametrize(
    ("records", "key", "value"),
    [("participations", "evidence", ["无"]), ("participations", "respondent", "P99"), ("acts", "id", "A99")],
)
def test_a_case_that_is_none_is_named_though_the_digest_was_made_to_fit(
    run: Run, library: Path, written: Path, records: str, key: str, value: object
) -> None:
    case = json.loads(written.read_bytes())["case"]
    case[records][0][key] = value
    change(written, case=case)
    said = run("recheck", written, "--law", library)
    assert said.exit_code == 1 and said.stderr.startswith("C06")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no pipes in folders")
def test_a_pipe_nobody_writes_to_is_refused_instead_of_waited_for(run: Run, library: Path, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    said = run("recheck", tmp_path / "pipe.json", "--law", library)
    assert said.exit_code == 2 and "not a file" in said.stderr and "不是文件" in said.stderr
