"""What a drafter is told of the items of a law holds when the whole engine determines it."""

from __future__ import annotations

from datetime import date
from itertools import combinations

import pytest

from wenze.law import (
    Answers,
    FactKey,
    Items,
    Law,
    Library,
    State,
    case_of,
    check_case,
    compare,
    determine,
    opening,
    shipped,
)
from wenze.law.compare import Example
from wenze.law.compare.anything import Size
from wenze.law.drafting import defaults

LAW = Library(shipped()).law("dehong")
ITEMS = Items(LAW)
CIRCUMSTANCES = [rule.id for rule in LAW.by_role("circumstance")]
SAME = compare(LAW, LAW, defaults(LAW), defaults(LAW))


def states(answers: Answers, options: dict[str, str] | None = None, law: Law = LAW) -> dict[str, State]:
    """What comes out where just these answers are given, and lists are complete."""
    case = case_of(SAME, Example(Size(1, 1), answers), law)
    assert check_case(case, law) == []
    made = determine(law, case, date(2024, 1, 1), options or {})
    return {one.rule.id: one.state for one in made.circumstances if one.respondent == "R1"}


@pytest.mark.parametrize("item", CIRCUMSTANCES)
def test_the_least_an_item_needs_makes_it_out(item: str) -> None:
    assert states(ITEMS.least(item))[item] is State.MADE_OUT


@pytest.mark.parametrize("item", ["6.1", "6.7", "7.2", "7.8"])
def test_of_the_least_an_item_needs_nothing_can_be_left_out(item: str) -> None:
    least = ITEMS.least(item)
    for left_out in (name for name in least if isinstance(name, FactKey)):  # of records, a case has some in any event
        rest = {name: value for name, value in least.items() if name != left_out}
        assert states(rest)[item] is not State.MADE_OUT, left_out


@pytest.mark.parametrize(("one", "other"), [("6.2", "6.6"), ("7.10", "7.1"), ("7.6", "7.4"), ("6.7", "6.6")])
def test_with_what_is_needed_besides_both_items_are_made_out(one: str, other: str) -> None:
    besides = ITEMS.besides(one, other)
    assert besides
    came = states(ITEMS.least(one) | besides)
    assert came[one] is came[other] is State.MADE_OUT
    for left_out in besides:
        rest = {name: value for name, value in besides.items() if name != left_out}
        assert states(ITEMS.least(one) | rest)[other] is not State.MADE_OUT, left_out


def test_items_of_one_article_can_hold_together_and_of_two_only_by_a_reading() -> None:
    for one, other in combinations(CIRCUMSTANCES, 2):
        same = one.split(".")[0] == other.split(".")[0]
        assert ITEMS.can(one, other) is same, (one, other)
        assert ITEMS.can(one, other, by_any_reading=True), (one, other)
    assert opening(LAW, ITEMS, "6.8", "7.10") == (("R-6-工作人员", "含部门"),)
