"""`wenze diff`: what two versions or two readings conclude differently, with a case that says so."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cli.conftest import LAMPS, Run
from wenze.law import Library, State, case_from_json, check_case, determine

VERSION = "lamps/2015-01-01.md"


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    """A folder with a version to change."""
    folder = tmp_path / "new/lamps"
    folder.mkdir(parents=True)
    return folder


def write(folder: Path, before: str, after: str) -> Path:
    assert before in LAMPS, before
    path = folder / "2015-01-01.md"
    path.write_text(LAMPS.replace(before, after, 1), encoding="utf-8")
    return path


def as_json(run: Run, *args: object) -> dict[str, Any]:
    result = run("diff", *args, "--format", "json")
    assert (result.exit_code, result.stderr) == (0, "")
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def turns(found: dict[str, Any]) -> set[tuple[str, str, str]]:
    return {(one["conclusion"], one["before"], one["after"]) for one in found["changes"] if one["what"] == "state"}


def test_a_version_against_itself_changes_nothing(run: Run, library: Path) -> None:
    result = run("diff", library / VERSION, library / VERSION, "--lang", "en")
    assert result.exit_code == 0
    assert "No conclusion can come out differently." in result.stdout


def test_a_condition_dropped_is_found_with_what_follows_from_it(run: Run, library: Path, changed: Path) -> None:
    version = write(changed, "全部\n  灯.坏\n  灯.误", "全部\n  灯.坏")
    found = as_json(run, library / VERSION, version)
    assert turns(found) == {("乙", "not-made-out", "made-out")}


def test_the_examples_are_cases_that_come_out_as_said(run: Run, library: Path, changed: Path) -> None:
    version = write(changed, "依解读 R-修\n  取 宽 灯.坏", "依解读 R-修\n  取 宽 非 灯.坏")
    found = as_json(run, library / VERSION, version)
    assert {("甲", "made-out", "not-made-out"), ("甲", "not-made-out", "made-out")} <= turns(found)
    assert {("主", "made-out", "not-made-out"), ("主", "not-made-out", "made-out")} <= turns(found)
    assert found["undecided"] == []
    laws = {"old": Library(library).read(library / VERSION), "new": Library(changed.parent).read(version)}
    for change in found["changes"]:
        for side, said in (("old", change["before"]), ("new", change["after"])):
            case = case_from_json(change["example"][f"case_{side}"], "example")
            assert check_case(case, laws[side]) == []
            made = determine(laws[side], case, date(2016, 1, 1))
            states = {one.rule.id: one.state for one in made.all() if one.respondent == "R1"}
            assert states[change["conclusion"]] == State(said), (change["conclusion"], side)


def test_two_settings_of_a_reading_are_compared_without_a_second_version(run: Run, library: Path) -> None:
    found = as_json(run, library / VERSION, "--reading-new", "R-修=严")
    assert turns(found) == {("甲", "made-out", "not-made-out"), ("主", "made-out", "not-made-out")}
    assert found["old"]["readings"] == {"R-修": "宽"} and found["new"]["readings"] == {"R-修": "严"}
    back = as_json(run, library / VERSION, "--reading-old", "R-修=严")
    assert turns(back) == {("甲", "not-made-out", "made-out"), ("主", "not-made-out", "made-out")}


def test_a_reading_settled_between_two_days_is_in_force_on_the_later_one(
    run: Run, own_library: Path, changed: Path
) -> None:
    version = write(changed, "状态 未决", "状态 已决 严 自 2017-01-01 由 总所 来源 总所复函")
    assert turns(as_json(run, own_library / VERSION, version, "--on", "2016-12-31")) == set()
    assert ("甲", "made-out", "not-made-out") in turns(
        as_json(run, own_library / VERSION, version, "--on", "2017-01-01")
    )


def test_a_rule_that_is_new_is_shown_with_a_case_that_meets_it(run: Run, library: Path, changed: Path) -> None:
    start = LAMPS.index("```rule 乙")
    block = LAMPS[start : LAMPS.index("```", start + 3) + 3]
    version = write(
        changed, block, block + "\n\n" + block.replace("rule 乙", "rule 乙-又", 1).replace("灯.误", "灯.修")
    )
    found = as_json(run, library / VERSION, version)
    assert turns(found) == {("乙-又", "absent", "made-out")}
    gone = as_json(run, version, library / VERSION)
    assert turns(gone) == {("乙-又", "made-out", "absent")}


def test_what_is_declared_differently_is_said_although_no_conclusion_changes(
    run: Run, library: Path, changed: Path
) -> None:
    version = write(changed, "限 值班簿", "限 照片")
    result = run("diff", library / VERSION, version, "--lang", "en")
    assert result.exit_code == 0
    assert "No conclusion can come out differently." in result.stdout
    assert "fact 灯.报: changed" in result.stdout and "bears on 甲" in result.stdout


def test_a_constraint_dropped_shows_the_cases_it_excluded(run: Run, library: Path, changed: Path) -> None:
    start = LAMPS.index("```constraint 修则坏")
    block = LAMPS[start : LAMPS.index("```", start + 3) + 3]
    found = as_json(run, library / VERSION, write(changed, block, ""))
    assert [(one["constraint"], one["by"]) for one in found["excluded"]] == [("修则坏", "old")]
    assert "甲" in found["excluded"][0]["conclusions"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_it_says_in_both_languages_what_is_compared(run: Run, library: Path, changed: Path, lang: str) -> None:
    version = write(changed, "全部\n  灯.坏\n  灯.误", "任一\n  灯.坏\n  灯.误")
    said = run("diff", library / VERSION, version, "--lang", lang).stdout
    for word in {
        "zh": ("不成立 → 成立", "例（", "事实按名称对应"),
        "en": ("not made out → made out", "example (", "matched by name"),
    }[lang]:
        assert word in said


@pytest.mark.parametrize(
    ("arguments", "code", "said"),
    [
        ((), 2, "NEW"),
        (("--reading-new", "R-修"), 2, "READING=OPTION"),
        (("--reading-new", "R-无=宽"), 1, "no reading is called `R-无`"),
        (("--reading-new", "R-修=无"), 1, "`无` is no option of `R-修`"),
    ],
)
def test_wrong_usage_is_said(run: Run, library: Path, arguments: tuple[str, ...], code: int, said: str) -> None:
    result = run("diff", library / VERSION, *arguments)
    assert result.exit_code == code
    assert said in result.stderr
