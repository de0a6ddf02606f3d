"""Expectations of scenarios against what comes out: each kind met and not met, and as the whole determination says."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from wenze.law import Library, State, check_case, determine, read_cases
from wenze.law.case import Case, Expectation
from wenze.law.expect import Met, actual, check_case_expectations, evaluation_of
from wenze.law.rules import Bilingual, Place

from .orchard import LOOSE, ON, cases_of, spoilt

ROOT = Path(__file__).parents[1]
LAW = LOOSE


def met(*lines: str) -> Met:
    """The last expectation of the base case with these lines."""
    (case,) = cases_of(*lines)
    return check_case_expectations(LAW, case, ON)[-1]


# States


@pytest.mark.parametrize(
    ("expected", "is_met"),
    [
        ("期望 P1 A1 1 成立", True),
        ("期望 P1 A1 1 不成立", False),
        ("期望 P1 A1 1 尚不能认定", False),
        ("期望 P2 A1 1 不适用", True),
        ("期望 P1 A1 2 不成立", True),
        ("期望 P1 A1 3 尚不能认定", True),
    ],
)
def test_a_state_is_met_when_it_comes_out(expected: str, is_met: bool) -> None:
    assert met("参与 P2 A1", expected).met is is_met


def test_what_came_out_is_said_in_both_languages() -> None:
    assert met("期望 P1 A1 2 成立").got == Bilingual("不成立,稳健", "not made out, robust")
    found = met("期望 P1 A1 1 成立")
    assert found.got == Bilingual("成立,取决于流失-程度", "made out, depends on 流失-程度")


def test_robustness_is_held_against_the_readings_of_the_state() -> None:
    """Serious erosion is established and mere erosion is not: only one option makes it out."""
    assert not met("期望 P1 A1 1 成立", "  稳健 是").met
    assert met("期望 P1 A1 1 成立", "  取决 流失-程度").met
    assert met("事实 流失.任何 V1 有 照", "期望 P1 A1 1 成立", "  稳健 是").met
    assert not met("事实 流失.任何 V1 有 照", "期望 P1 A1 1 成立", "  取决 流失-程度").met


def test_a_state_said_not_to_be_robust_must_depend_on_something() -> None:
    assert met("期望 P1 A1 1 成立", "  稳健 否").met
    assert not met("期望 P1 A1 2 不成立", "  稳健 否").met


def test_the_readings_it_depends_on_are_exactly_those_named() -> None:
    (case,) = cases_of("期望 P1 A1 1 成立", "  取决 流失-程度")
    expectation = case.expectations[0]
    evaluation = evaluation_of(LAW, case, ON)
    assert actual(evaluation, expectation).met
    assert not actual(evaluation, replace(expectation, depends=("流失-程度", "另一"))).met


def test_readings_in_force_on_the_day_decide() -> None:
    lines = ("裁定 流失-程度 任何", "  由 果园局", "  自 2014-01-01", "  来源 复函", "期望 P1 A1 1 尚不能认定")
    (case,) = cases_of(*lines)
    assert check_case_expectations(LAW, case, ON)[0].met
    assert not check_case_expectations(LAW, case, date(2013, 12, 31))[0].met


def test_the_kind_an_exception_puts_in_place_is_expected_as_rule_and_exception() -> None:
    lines = ("事实 反对.事先 P1 A1 反 账", "事实 反对.书面 P1 A1 有 账", "事实 流失.任何 V1 有 照")
    assert met(*lines, "期望 P1 A1 3/3-书面 成立").met
    assert met(*lines, "期望 P1 A1 3 不成立").met
    assert not met(*lines, "期望 P1 A1 3/3-反对 成立").met  # it only relieves
    for case in cases_of(*lines, "期望 P1 A1 3/3-书面 成立"):
        assert check_case(case, LAW) == []
    for case in cases_of(*lines, "期望 P1 A1 3/3-反对 成立"):
        assert [problem.id for problem in check_case(case, LAW)] == ["C071"]
    assert met("事实 反对.事先 P1 A1 反 账", "事实 反对.书面 P1 A1 反 账", "期望 P1 A1 3/3-书面 不成立").met


@pytest.mark.parametrize("name", ["9", "3/9", "9/3-书面", "3/3-反对"])
def test_a_rule_the_law_does_not_have_is_not_met(name: str) -> None:
    found = met(f"期望 P1 A1 {name} 成立")
    assert (found.met, found.got.en) == (False, f"there is no rule {name}")


def test_facts_that_contradict_meet_no_state() -> None:
    lines = ("事实 开渠.雨季 P1 A1 有 账",)
    found = met(*lines, "期望 P1 A1 1 成立")
    assert not found.met
    assert found.got.zh == "事实相互矛盾:砍树.实施 P1 A1、开渠.雨季 P1 A1"
    assert met(*lines, "期望 矛盾 砍树.实施 P1 A1、开渠.雨季 P1 A1").met


# Contradictions


def test_a_contradiction_is_met_by_exactly_its_facts_in_any_order() -> None:
    lines = ("事实 开渠.雨季 P1 A1 有 账",)
    assert not met(*lines, "期望 矛盾 砍树.实施 P1 A1").met
    assert not met("期望 矛盾 砍树.实施 P1 A1、开渠.雨季 P1 A1").met
    assert met("期望 矛盾 砍树.实施 P1 A1").got == Bilingual("没有矛盾", "no contradiction")
    assert met(*lines, "期望 矛盾 砍树.实施 P1 A1").got.en == "contradiction: 砍树.实施 P1 A1、开渠.雨季 P1 A1"


# Reliance


@pytest.mark.parametrize(
    ("lines", "answer"),
    [
        (("事实 砍树.有证人 A1 有 账",), "是"),
        (("事实 砍树.有证人 A1 反 账",), "否"),
        ((), "未定"),
    ],
)
def test_the_guards_answer_is_the_reliance(lines: tuple[str, ...], answer: str) -> None:
    for other in ("是", "否", "未定"):
        assert met(*lines, f"期望 P1 A1 1 可依 {other}").met is (other == answer)


def test_one_guard_that_says_no_is_no_and_one_open_is_open() -> None:
    second = "```guard 夜里\n标题 夜 / night\n文字 不在夜间。 / Not at night.\n关于 情形\n条件 非 砍树.夜间\n```\n\n"
    law = spoilt(("## 第四条 {#4}", second + "## 第四条 {#4}"))

    def answer(*lines: str) -> str:
        (case,) = cases_of(*lines, "期望 P1 A1 1 可依 是")
        return check_case_expectations(law, case, ON)[0].got.en

    assert answer("事实 砍树.有证人 A1 有 账", "事实 砍树.夜间 A1 有 账") == "may not be relied on"
    assert answer("事实 砍树.有证人 A1 有 账") == "open whether it may be relied on"
    assert answer("事实 砍树.夜间 A1 有 账") == "may not be relied on"
    assert answer("事实 砍树.有证人 A1 有 账", "事实 砍树.夜间 A1 反 账") == "may be relied on"


def test_reliance_is_not_asked_of_what_is_not_made_out_or_has_no_guard() -> None:
    assert met("期望 P1 A1 2 可依 否").got.en == "no guard speaks of this rule"
    found = met("参与 P2 A1", "期望 P2 A1 1 可依 否")
    assert (found.met, found.got.en) == (False, "the circumstance is not applicable: reliance is not asked")
    assert not met("期望 P1 A1 9 可依 否").met


# Notes


@pytest.mark.parametrize(
    ("lines", "shown", "said"),
    [
        (("事实 砍树.夜间 A1 有 账",), True, "shown"),
        ((), True, "shown as open"),
        (("事实 砍树.夜间 A1 反 账",), False, "not shown"),
    ],
)
def test_a_note_is_shown_where_its_condition_holds_or_is_open(lines: tuple[str, ...], shown: bool, said: str) -> None:
    assert met(*lines, "期望 P1 A1 提示 夜间").met is shown
    assert met(*lines, "期望 P1 A1 无提示 夜间").met is not shown
    assert met(*lines, "期望 P1 A1 提示 夜间").got.en == said


def test_a_note_is_shown_only_with_what_it_is_about_and_only_for_pairs_to_evaluate() -> None:
    night = "事实 砍树.夜间 A1 有 账"
    assert met("参与 P2 A1", night, "期望 P2 A1 无提示 夜间").met  # 1 does not apply to P2
    assert met("参与 P2 A1", night, "评价 P2 A1", "期望 P1 A1 无提示 夜间").met
    assert not met("期望 P1 A1 提示 无此提示").met
    assert not met("期望 P1 A1 无提示 无此提示").met


# The same as the whole determination


def every_case() -> list[tuple[str, Case]]:
    harbour = read_cases(ROOT / "instruments/harbour/cases")
    orchard = cases_of("参与 P2 A1") + cases_of(
        "参与 P2 A1", "事实 开渠.雨季 P1 A1 有 账", "事实 反对.书面 P1 A1 有 账"
    )
    return [("harbour", case) for case in harbour] + [("orchard", case) for case in orchard]


LAWS = {"harbour": Library(ROOT / "instruments").law("harbour"), "orchard": LAW}


@pytest.mark.parametrize(("instrument", "case"), every_case(), ids=lambda value: getattr(value, "id", value))
def test_each_answer_alone_is_that_of_the_whole_determination(instrument: str, case: Case) -> None:
    law = LAWS[instrument]
    determination = determine(law, case, ON)
    evaluation = evaluation_of(law, case, ON)
    here = Place("x.md", 1)
    for one in determination.all():
        name = f"{one.rule.id}/{one.replaced_by.id}" if one.replaced_by else one.rule.id
        if one.state is not State.CONTRADICTORY:
            expected = Expectation(
                "state",
                here,
                one.respondent,
                one.act,
                name,
                str(one.state),
                not one.outcome.depends,
                one.outcome.depends,
            )
            assert actual(evaluation, expected).met, (name, one.respondent, one.act)
    shown = {(note.note.id, note.respondent, note.act): note.open for note in determination.notes}
    for note in law.notes.values():
        for respondent, act in [*case.participations, *((respondent, "") for respondent in case.posts)]:
            got = actual(evaluation, Expectation("note", here, respondent, act, note.id))
            assert got.met is ((note.id, respondent, act) in shown)
            assert (got.got.en == "shown as open") is shown.get((note.id, respondent, act), False)
    for about in {
        (one.conclusion.rule.id, one.conclusion.respondent, one.conclusion.act) for one in determination.reliance
    }:
        answers = [
            one.answer
            for one in determination.reliance
            if (one.conclusion.rule.id, one.conclusion.respondent, one.conclusion.act) == about
        ]
        together = "no" if "no" in answers else "open" if "open" in answers else "yes"
        assert actual(evaluation, Expectation("reliance", here, about[1], about[2], about[0], together)).met
    for conflict in determination.contradictions:
        assert actual(evaluation, Expectation("contradiction", here, conflict=conflict)).met
