"""`wenze cases`: every scenario's expectation against what comes out; the last line is `N of N`."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run, settle


def last(output: str) -> str:
    return output.splitlines()[-1]


def write(library: Path, expectation: str) -> None:
    path = library / "lamps/cases/02.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("期望 P1 A1 甲 不成立\n  稳健 是\n", f"{expectation}\n"),
        encoding="utf-8",
    )


def test_all_scenarios_that_expect_something_are_counted(run: Run, library: Path) -> None:
    result = run("cases", "--law", library)
    assert (result.exit_code, last(result.stdout), result.stderr) == (0, "2 of 2", "")


@pytest.mark.parametrize(
    ("expectation", "got_zh", "got_en"),
    [
        ("期望 P1 A1 甲 成立", "不成立", "not made out"),
        ("期望 P1 A1 甲 不适用", "不成立", "not made out"),
        ("期望 P1 A1 甲 不成立\n  取决 R-修", "稳健", "robust"),
        ("期望 矛盾 灯.坏 A1、灯.修 A1", "没有矛盾", "no contradiction"),
    ],
)
def test_a_wrong_expectation_is_shown_with_what_came_out(
    run: Run, own_library: Path, expectation: str, got_zh: str, got_en: str
) -> None:
    write(own_library, expectation)
    for lang, got in (("zh", got_zh), ("en", got_en)):
        result = run("cases", "--law", own_library, "--lang", lang)
        assert (result.exit_code, last(result.stdout)) == (1, "1 of 2")
        [wrong] = [line for line in result.stdout.splitlines() if "没坏" in line]
        assert "02.md:" in wrong and got in wrong.partition("→")[2]


def test_each_wrong_expectation_is_shown_and_the_scenario_counted_once(run: Run, own_library: Path) -> None:
    write(own_library, "期望 P1 A1 甲 成立\n期望 P1 A1 乙 成立\n期望 P1 - 办 成立")
    result = run("cases", "--law", own_library)
    assert sum("没坏" in line for line in result.stdout.splitlines()) == 2
    assert last(result.stdout) == "1 of 2"


def test_one_file_is_read_with_its_folder_and_only_its_own_scenarios_count(run: Run, library: Path) -> None:
    result = run("cases", library / "lamps/cases/01.md", "--law", library)
    assert (result.exit_code, last(result.stdout)) == (0, "1 of 1")


def test_several_paths_are_counted_together(run: Run, library: Path) -> None:
    folder = library / "lamps/cases"
    result = run("cases", folder / "01.md", folder / "02.md", "--law", library)
    assert last(result.stdout) == "2 of 2"


def test_no_scenario_is_no_success(run: Run, library: Path, tmp_path: Path) -> None:
    result = run("cases", library / "lamps/cases/00-base.md", "--law", library)
    assert (result.exit_code, last(result.stdout)) == (1, "0 of 0")
    assert run("cases", tmp_path / "gone", "--law", library).exit_code == 1


def test_without_a_day_every_settlement_counts_and_with_one_those_until_then(run: Run, own_library: Path) -> None:
    """Scenarios are held against the newest readings: by them the sample's lamp was repaired and it is not made out."""
    settle(own_library)
    path = own_library / "lamps/cases/01.md"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("期望 P1 A1 甲 成立\n  取决 R-修", "期望 P1 A1 甲 不成立"), encoding="utf-8")
    assert last(run("cases", "--law", own_library).stdout) == "2 of 2"
    assert last(run("cases", "--law", own_library, "--on", "2016-12-31").stdout) == "1 of 2"


def test_an_expectation_that_names_no_rule_is_a_problem(run: Run, own_library: Path) -> None:
    write(own_library, "期望 P1 A1 没有 成立")
    result = run("cases", "--law", own_library)
    assert result.exit_code == 1 and "C071" in result.stderr and "`没有`" in result.stderr
