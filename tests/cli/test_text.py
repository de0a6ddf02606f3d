"""`wenze text`: the official text, whole or one article, however it is cited; on screen with full-width punctuation."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.conftest import ROOT, Run
from wenze.law import half_width

HARBOUR = ROOT / "tests/instruments"
HELD = ROOT / "regulations/dehong/dehong-2014.txt"


def text(run: Run, *args: object) -> str:
    result = run("text", *args)
    assert (result.exit_code, result.stderr) == (0, "")
    return result.stdout


@pytest.mark.parametrize(
    "citation",
    [
        ["23.2"],
        ["23(2)"],
        ["Art. 23(2)"],
        ["Art.", "23(2)"],
        ["article", "23.2"],
        ["ART.23 (2)"],
        ["第二十三条第(二)项"],
        ["第二十三条第（二）项"],
        ["第二十三条第二项"],
        ["第23条第2项"],
        ["第二十三条", "第(二)项"],
    ],
    ids=" ".join,
)
def test_an_item_is_found_however_it_is_cited(run: Run, citation: list[str]) -> None:
    shown = text(run, "--law", HARBOUR, *citation)
    assert shown.startswith("（二）检修班组无一人到岗，") and shown.count("\n") == 1


@pytest.mark.parametrize("citation", ["23", "第二十三条", "Art. 23", "第23条"])
def test_an_article_is_shown_with_its_items(run: Run, citation: str) -> None:
    lines = text(run, "--law", HARBOUR, citation).splitlines()
    assert lines[0].startswith("第二十三条")
    assert [line[:3] for line in lines[1:]] == ["（一）", "（二）", "（三）", "（四）"]


def test_the_real_regulation_is_shown_without_naming_it(run: Run) -> None:
    assert text(run, "第六条第(七)项").startswith("（七）未经批准擅自举办")
    first = text(run, "1")
    assert first.startswith("第一条") and "第十条" not in first


def test_the_whole_text_is_the_official_text_with_full_width_punctuation(run: Run) -> None:
    shown = text(run)
    held = [line for line in HELD.read_text(encoding="utf-8").splitlines() if line.strip()]
    assert [half_width(line).strip() for line in shown.splitlines()] == [half_width(line).strip() for line in held]
    assert not re.search(r"[\u4e00-\u9fff][,;:()?!]|[,;(][\u4e00-\u9fff]", shown)
    assert "，" in shown and "（一）" in shown and "；" in shown


@pytest.mark.parametrize(
    "citation", ["18", "6.11", "第二十条", "第六条第(十一)项", "six", "6.7.8", "第条", "-", "0.1", "第千万条"]
)
def test_an_unknown_article_says_what_there_is(run: Run, library: Path, citation: str) -> None:
    for lang, known in (("zh", "第一条"), ("en", "Art. 1")):
        result = run("text", "--law", library, "--lang", lang, "--", citation)
        assert (result.exit_code, result.stdout) == (2, "") and known in result.stderr


def test_another_instrument_is_shown_from_its_own_folder(run: Run, library: Path) -> None:
    assert text(run, "1", "--law", library).startswith("第一条　路灯".replace("　", " "))
    assert text(run, "1", "--law", library, "--instrument", "lamps").startswith("第一条")


def test_where_there_are_several_instruments_one_must_be_named(run: Run, own_library: Path) -> None:
    (own_library / "candles").mkdir()
    copy = (
        (own_library / "lamps/2015-01-01.md")
        .read_text(encoding="utf-8")
        .replace("instrument lamps", "instrument candles")
    )
    (own_library / "candles/2015-01-01.md").write_text(copy, encoding="utf-8")
    result = run("text", "1", "--law", own_library)
    assert result.exit_code == 2 and "candles" in result.stderr and "lamps" in result.stderr
    assert text(run, "1", "--law", own_library, "--instrument", "candles").startswith("第一条")


def test_an_instrument_that_is_not_there_is_refused(run: Run, library: Path) -> None:
    result = run("text", "--law", library, "--instrument", "nothing")
    assert result.exit_code == 1 and result.stderr.startswith("L004") and "lamps" in result.stderr


def test_an_instrument_without_official_text_says_so_and_where_to_look(run: Run) -> None:
    result = run("text", "--instrument", "central", "--lang", "en")
    assert (result.exit_code, result.stdout) == (2, "") and "no official text is kept" in result.stderr
