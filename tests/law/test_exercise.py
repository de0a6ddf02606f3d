"""Dropping a condition or changing a reading that no scenario depends on is found; every other one is not."""

from __future__ import annotations

import time
from dataclasses import replace
from pathlib import Path

import pytest

from wenze.law import Case, FactKey, Law, Library, read_cases
from wenze.law.determine import readings_in_force
from wenze.law.evaluate import Evaluation
from wenze.law.expect import actual, check_case_expectations
from wenze.law.lint.exercise import Exercise, exercise
from wenze.law.lint.walk import Block, fixed, put, spots, trees, with_tree
from wenze.law.rules import Op

from .orchard import BASE, LOOSE, ON, cases_of, spoilt

ROOT = Path(__file__).parents[1]
LAW = LOOSE
MADE_OUT = "期望 P1 A1 1 成立"


def tried(*cases: tuple[str, ...], law: Law = LAW) -> Exercise:
    """The law exercised by the base case with these lines each."""
    found: list[Case] = []
    for number, lines in enumerate(cases):
        (case,) = cases_of(*lines)
        found.append(replace(case, id=f"{case.id}-{number}"))
    return exercise(law, found, ON)


def idle(found: Exercise) -> set[tuple[str, str]]:
    return {(one.block, one.words.split()[0]) for one in found.leaves}


def test_without_scenarios_nothing_is_exercised() -> None:
    found = exercise(LAW, (), ON)
    assert len(found.leaves) == 16
    assert [gate.block for gate in found.gates] == ["rule 1", "rule 2"]
    assert found.readings == ("流失-程度",)
    assert found.tried == 16 + 2 + 1


def test_a_scenario_where_only_one_condition_fails_depends_on_it() -> None:
    """Unapproved felling was found; approval proven makes it not made out, and dropping that condition would not."""
    assert ("rule 1", "砍树.获批") in idle(tried((MADE_OUT,)))
    (case,) = cases_of("期望 P1 A1 1 不成立")
    key = FactKey("砍树.获批", ("A1",))
    proven = replace(case.facts[key], supporting=("账",), opposing=())
    found = exercise(LAW, (replace(case, facts={**case.facts, key: proven}),), ON)
    assert found.unmet == ()
    assert ("rule 1", "砍树.获批") not in idle(found)
    assert ("rule 1", "砍树.实施") in idle(found)


def test_an_alternative_depends_on_the_scenario_where_only_it_holds() -> None:
    """Below 任一 (any) a leaf is dropped as never met: the felling alone carries rule 3."""
    lines = ("事实 流失.任何 V1 有 照", "事实 反对.事先 P1 A1 反 账", "事实 反对.书面 P1 A1 反 账", "期望 P1 A1 3 成立")
    found = tried(lines)
    assert found.unmet == ()
    assert ("rule 3", "砍树.实施") not in idle(found)
    assert ("rule 3", "开渠.雨季") in idle(found)


def test_a_condition_below_not_is_dropped_with_its_not() -> None:
    """非 砍树.获批 dropped means: approval is no matter, so that an approved felling becomes unapproved."""
    root = LAW.rules["1"].condition
    values = {spot.node.name: spot.neutral for spot in spots(Block("rule", "1"), root) if spot.node.op is Op.FACT}
    assert values == {"砍树.实施": True, "砍树.获批": False, "流失.由此": True, "流失.严重": True, "流失.任何": True}


def test_a_gate_is_missed_when_a_respondent_outside_is_expected() -> None:
    found = tried(("参与 P2 A1", "期望 P2 A1 1 不适用"))
    assert [gate.block for gate in found.gates] == ["rule 2"]
    assert ("define 园主任", "人员.主任") not in idle(found)


def test_notes_guards_and_exceptions_are_exercised_by_their_own_expectations() -> None:
    night, none = "事实 砍树.夜间 A1 反 账", idle(tried((MADE_OUT,)))
    assert {("note 夜间", "砍树.夜间"), ("guard 证人", "砍树.有证人"), ("exception 3-反对", "反对.事先")} <= none
    assert ("note 夜间", "砍树.夜间") not in idle(tried((night, "期望 P1 A1 无提示 夜间")))
    assert ("guard 证人", "砍树.有证人") not in idle(tried(("事实 砍树.有证人 A1 反 账", "期望 P1 A1 1 可依 否")))
    relieved = (
        "事实 流失.任何 V1 有 照",
        "事实 反对.事先 P1 A1 反 账",
        "事实 反对.书面 P1 A1 反 账",
        "期望 P1 A1 3 成立",
    )
    assert ("exception 3-反对", "反对.事先") not in idle(tried(relieved))


def test_a_reading_is_exercised_where_another_option_breaks_an_expectation() -> None:
    assert tried((MADE_OUT,)).readings == ()
    assert tried(("事实 流失.任何 V1 有 照", MADE_OUT)).readings == ("流失-程度",)


def test_each_single_option_of_a_reading_is_told_apart() -> None:
    third = ("选项 任何 任何流失 / any", "选项 任何 任何流失 / any\n选项 不问 不问程度 / whatever")
    branch = ("        取 任何 流失.任何", "        取 任何 流失.任何\n        取 不问 恒真")
    found = tried((MADE_OUT,), law=spoilt(("若 流失.严重", "若 流失.任何"), third, branch))
    assert (found.readings, found.options) == ((), (("流失-程度", "不问"),))


def test_expectations_that_fail_test_nothing_and_are_named() -> None:
    found = tried(("期望 P1 A1 1 不成立",))
    assert [(case, expectation.rule) for case, expectation in found.unmet] == [("基础-0", "1")]
    assert len(found.leaves) == 16


def test_a_contradiction_depends_on_no_condition() -> None:
    found = tried(("事实 开渠.雨季 P1 A1 有 账", "期望 矛盾 砍树.实施 P1 A1、开渠.雨季 P1 A1"))
    assert (found.unmet, len(found.leaves)) == ((), 16)


def test_definitions_that_decide_nothing_but_a_modality_are_not_asked_for() -> None:
    modal = ("结论 问责 应当 「应当问责」\n后果 无", "结论 问责 应当 「应当问责」\n情态 应当 若 夜里\n后果 无")
    night = ("## 第四条 {#4}", "```define 夜里\n标题 夜 / night\n条件 砍树.夜间\n```\n\n## 第四条 {#4}")
    assert not [one for one in exercise(spoilt(modal, night), (), ON).leaves if one.block == "define 夜里"]


def test_where_a_condition_stands_is_said_with_the_words_it_quotes() -> None:
    one = next(one for one in exercise(LAW, (), ON).leaves if one.words.startswith("砍树.获批"))
    assert (one.words, one.place.file) == ("砍树.获批 「擅自」", "orchard.md")


# The same as asking everything anew


def plainly(law: Law, cases: tuple[Case, ...]) -> set[tuple[str, tuple[int, ...]]]:
    """The idle leaves, by evaluating every scenario of every changed law from the beginning."""
    found = set()
    modal = {Block("define", name) for rule in law.rules.values() for _, name, _ in rule.conclusion.otherwise}
    for block, root in trees(law).items():
        for spot in spots(block, root):
            if block not in modal and spot.node.op in {Op.FACT, Op.SEE, Op.HOLDS}:
                changed = with_tree(law, block, put(root, spot.path, fixed(spot.node.place, spot.neutral)))
                if all(met.met for case in cases for met in check_case_expectations(changed, case, ON)):
                    found.add((str(block), (spot.node.place.line, *spot.path)))
    return found


@pytest.mark.parametrize("part", ["23-circumstances", "25-responsibility", "30-handling"])
def test_sharing_what_is_unchanged_changes_no_answer(part: str) -> None:
    law = Library(ROOT / "instruments").law("harbour")
    folder = read_cases(ROOT / "instruments/harbour/cases")
    cases = tuple(case for case in folder if Path(case.place.file).stem == part and case.expectations)
    cases = tuple(case for case in cases if all(met.met for met in check_case_expectations(law, case, ON)))
    assert cases
    slow = plainly(law, cases)
    found = exercise(law, cases, ON)
    assert sorted((one.block, one.place.line) for one in found.leaves) == sorted((block, at[0]) for block, at in slow)
    used = set()
    for case in cases:
        options = {one.reading: one.option for one in readings_in_force(law, case, ON, {})}
        for reading in law.readings.values():
            for option in reading.option_ids:
                changed = Evaluation(law, case, {**options, reading.id: option})
                if not all(actual(changed, expectation).met for expectation in case.expectations):
                    used.add(reading.id)
    assert set(found.readings) == law.readings.keys() - used


def test_many_scenarios_take_little_longer_than_few() -> None:
    """Evaluations are shared: forty scenarios of the real size must not take minutes."""
    law = Library(ROOT / "instruments").law("harbour")
    cases = read_cases(ROOT / "instruments/harbour/cases")
    began = time.process_time()
    exercise(law, cases, ON)
    assert time.process_time() - began < 20


def test_the_base_of_these_tests_is_made_out() -> None:
    assert "期望" not in BASE
    assert tried((MADE_OUT,)).unmet == ()
