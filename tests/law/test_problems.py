"""Problems are for the person who can mend them: every id is documented, and all problems come at once, readable."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wenze.law import Library, Place, Problem, Problems, compile_sources
from wenze.law.mending import MENDING
from wenze.law.parse import source_of
from wenze.law.problems import MAX_PROBLEMS, Collected, Enough, instead

ROOT = Path(__file__).parents[2]
DOCUMENT = ROOT / "docs/problems.md"
ROW = re.compile(r"^\| (L[0-9]{3}) \| (.+?)。 \| (.+?)。 \| (.+?) \| (.+?) \|$", re.MULTILINE)


def ids_in_sources() -> set[str]:
    paths = (ROOT / "src/wenze").rglob("*.py")
    return {id for path in paths for id in re.findall(r'"(L[0-9]{3})"', path.read_text(encoding="utf-8"))}


def test_every_id_in_the_sources_is_documented_and_no_other() -> None:
    documented = [match[1] for match in ROW.finditer(DOCUMENT.read_text(encoding="utf-8"))]
    assert sorted(documented) == sorted(ids_in_sources())


def test_every_documented_id_says_what_it_means_and_what_to_do() -> None:
    for id, what, do, meaning, mending in ROW.findall(DOCUMENT.read_text(encoding="utf-8")):
        assert meaning.endswith(".") and mending.endswith(".")
        assert MENDING[id] == (what, do)


def test_the_example_of_the_document_is_what_the_engine_says() -> None:
    faulty = "```note 提醒\n标题 提醒 / reminder\n出处 6.11\n文字 提醒 / reminder\n条件 恒真\n```\n"
    law = Library(ROOT / "regulations").law("dehong")
    with pytest.raises(Problems) as refused:
        compile_sources([*law.sources, source_of(("\n" * 87 + faulty).encode(), "dehong/2014-05-01.md")])
    (problem,) = refused.value.problems
    assert f"{problem}\n     {problem.in_chinese()}" in DOCUMENT.read_text(encoding="utf-8")


def test_every_problem_of_law_and_case_is_said_in_chinese_too() -> None:
    paths = (ROOT / "src/wenze").rglob("*.py")
    used = {id for path in paths for id in re.findall(r'"([LC][0-9]{3})"', path.read_text(encoding="utf-8"))}
    assert MENDING.keys() == used
    for what, do in MENDING.values():
        assert re.search(r"[\u4e00-\u9fff]", what + do) and not (what + do).endswith("。")


def test_problems_come_in_the_order_of_the_files_and_each_once() -> None:
    first, second = (Problem(Place("a.md", line), "L010", "message", "hint") for line in (2, 10))
    assert Problems([second, first, second]).problems == (first, second)


def test_the_words_of_the_author_are_cut_and_shown_on_one_line() -> None:
    problems = Collected()
    problems.append(Problem(Place("a.md", 1), "L042", f"`{'长' * 200}` and `a\u200bb\nc`", "hint"))
    assert problems[0].message == f"`{'长' * 80}…` and `aU+200Bb c`"


def test_after_two_hundred_problems_it_says_that_there_are_more() -> None:
    problems = Collected()
    with pytest.raises(Enough):
        for line in range(1_000):
            problems.append(Problem(Place("a.md", line), "L010", "message", "hint"))
    assert len(problems) == MAX_PROBLEMS + 1
    assert problems[-1].id == "L006"


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("活动.举辦", "did you mean `活动.举办`?"),
        ("xyz", "look it up"),
        ("长" * 1_000, "look it up"),
        ("", "look it up"),
    ],
)
def test_the_hint_names_the_word_that_was_meant(word: str, hint: str) -> None:
    assert instead(word, ["活动.举办", "活动.获批"], "look it up") == hint
