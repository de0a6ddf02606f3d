"""`wenze check`: problems exit 1; findings are for people and exit 0, with --strict 1; coverage per item."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from cli.conftest import Run


def checked(run: Run, library: Path, *args: object) -> tuple[int, str, str]:
    result = run("check", "--law", library, *args)
    return result.exit_code, result.stdout, result.stderr


def findings(output: str) -> list[str]:
    return re.findall(r"^F\d{2,3}", output, re.MULTILINE)


@pytest.fixture
def clean(own_library: Path, tmp_path: Path) -> Path:
    """The orchard measures, in which there is nothing to find."""
    from law.orchard import CLEAN

    folder = tmp_path / "clean/orchard"
    folder.mkdir(parents=True)
    (folder / "2010-01-01.md").write_text(CLEAN, encoding="utf-8")
    return folder.parent


def test_findings_are_shown_with_their_places_and_exit_0(run: Run, library: Path) -> None:
    code, page, problems = checked(run, library, "--quick", "--lang", "en")
    assert (code, problems) == (0, "")
    assert findings(page) and all(
        re.search(rf"^{id} lamps/2015-01-01.md:\d+: \S", page, re.MULTILINE) for id in findings(page)
    )


def test_strict_makes_findings_exit_1(run: Run, library: Path) -> None:
    assert checked(run, library, "--quick", "--strict")[0] == 1


def test_a_law_without_findings_exits_0_also_when_strict(run: Run, clean: Path) -> None:
    code, page, _ = checked(run, clean, "--quick", "--strict")
    assert (code, findings(page)) == (0, [])


def test_problems_exit_1_and_are_shown_all_at_once(run: Run, own_library: Path) -> None:
    path = own_library / "lamps/2015-01-01.md"
    text = (
        path.read_text(encoding="utf-8").replace("结论 追责 应\n", "结论 追责 也许\n", 1).replace("默认 宽", "默认 无")
    )
    path.write_text(text, encoding="utf-8")
    code, page, problems = checked(run, own_library, "--quick")
    assert (code, page) == (1, "")
    assert "`也许`" in problems and "`无`" in problems and problems.rstrip().endswith("2 problems")


def test_a_faulty_scenario_is_a_problem(run: Run, own_library: Path) -> None:
    path = own_library / "lamps/cases/02.md"
    path.write_text(path.read_text(encoding="utf-8").replace("灯.坏 A1", "灯.没有 A1"), encoding="utf-8")
    code, _, problems = checked(run, own_library, "--quick")
    assert code == 1 and "C062" in problems and "02.md:" in problems


def test_the_words_of_each_article_are_counted(run: Run, library: Path) -> None:
    for lang, cited in (("zh", "第一条"), ("en", "Art. 1")):
        [row] = [
            line
            for line in checked(run, library, "--quick", "--lang", lang)[1].splitlines()
            if line.strip().startswith(cited)
        ]
        assert re.search(r"\d+", row.replace(cited, ""))
        assert "路灯不亮而不修" in row  # nobody quotes it


def test_without_quick_it_says_which_leaves_no_scenario_depends_on(run: Run, library: Path, own_library: Path) -> None:
    code, page, _ = checked(run, library, "--lang", "en")
    assert code == 0 and "F90" in page and "灯.误" in page
    assert not [line for line in page.splitlines() if line.startswith("F93")]
    path = own_library / "lamps/cases/02.md"
    path.write_text(
        path.read_text(encoding="utf-8").replace("期望 P1 A1 甲 不成立", "期望 P1 A1 甲 成立"), encoding="utf-8"
    )
    [wrong] = [line for line in checked(run, own_library, "--lang", "en")[1].splitlines() if line.startswith("F93")]
    assert "没坏" in wrong and "02.md:" in wrong


def test_a_version_or_its_folder_may_be_named(run: Run, library: Path) -> None:
    whole = checked(run, library, "--quick")[1]
    for path in (library / "lamps", library / "lamps/2015-01-01.md"):
        assert checked(run, library, "--quick", path)[1] == whole


def test_every_version_of_a_folder_is_checked(run: Run, own_library: Path) -> None:
    first = own_library / "lamps/2015-01-01.md"
    later = first.read_text(encoding="utf-8").replace("施行 2015-01-01", "施行 2018-01-01")
    (own_library / "lamps/2018-01-01.md").write_text(later, encoding="utf-8")
    page = checked(run, own_library, "--quick", own_library / "lamps")[1]
    assert "2015-01-01" in page and "2018-01-01" in page


@pytest.mark.parametrize("name", ["nothing", "lamps/cases", "lamps/nothing.md"])
def test_a_path_without_a_version_is_a_problem(run: Run, library: Path, name: str) -> None:
    code, page, problems = checked(run, library, "--quick", library / name)
    assert (code, page) == (1, "") and re.match(r"L\d{3} ", problems)
