"""`wenze law findings`: the page for drafters is computed, and the one that is kept is the one that is computed."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.conftest import Run
from wenze.law import Library, needs, shipped, turns

pytestmark = pytest.mark.begins_first

KEPT = Path(__file__).parents[2] / "docs/findings.md"
LAW = Library(shipped()).law("dehong")


def test_the_page_that_is_kept_is_the_one_that_is_computed(run: Run) -> None:
    """Mend with: wenze law findings > docs/findings.md"""
    result = run("law", "findings", "dehong")
    assert (result.exit_code, result.stderr) == (0, "")
    assert result.stdout == KEPT.read_text(encoding="utf-8")


def test_the_page_that_is_kept_names_every_reading_and_circumstance() -> None:
    page = KEPT.read_text(encoding="utf-8")
    assert [id_ for id_ in LAW.readings if f"`{id_}`" not in page] == []
    assert [rule.id for rule in LAW.by_role("circumstance") if f"| {rule.id} |" not in page] == []


def test_an_item_that_asks_for_a_result_cannot_be_made_out_where_nothing_happened() -> None:
    strict = {one.rule.id: one.strict for one in needs(LAW)}
    assert strict["6.9"] and not strict["7.2"]  # the plan: failed by a committee, failed by a department
    assert strict["6.8"] and not strict["7.10"]  # the report


def test_what_turns_on_a_reading_is_wider_or_narrower() -> None:
    found = {turn.option: set(turn.changes) for turn in turns(LAW, LAW.readings["R-6.7-结构"])}
    assert found == {
        "末句总管": {("6.7", "made-out", "not-made-out")},
        "擅自即成立": {("6.7", "not-made-out", "made-out")},
        "三项并列": {("6.7", "not-made-out", "made-out")},
    }


def test_a_small_law_has_a_page_too(run: Run, library: Path) -> None:
    result = run("law", "findings", "--law", library)
    assert result.exit_code == 0
    assert "`R-修`" in result.stdout
