"""Which rule for whom, in which act, of which kind and modality: sets of conclusions, nothing is chosen."""

from __future__ import annotations

import pytest

from law.lamps import conclusion, define, determined, exception, facts, law, rule, state
from wenze.law import Determination, State, in_reading_order

FACTS = facts("灯.坏 事实 行为", "灯.误 事实 参与", "签.字 数据 参与 取 参与.部分 含 签字")
CHAIN = "参与 P1 A1\n参与 P2 A1\n参与 P2 A2\n"


def named(found: Determination, role: str) -> list[tuple[str, str, str]]:
    return [(one.rule.id, one.respondent, one.act) for one in getattr(found, role)]


WHOLE = law(
    FACTS,
    rule("甲", "灯.坏"),
    rule("乙", "灯.误"),
    rule("主", "灯.误", group="责任", says="主责 应"),
    rule("次", "签.字", group="责任", says="次责 可"),
    rule("移", "灯.误", group="去路", says="移交 可"),
)


def test_circumstances_are_asked_of_every_participation_when_no_pair_is_named() -> None:
    found = determined(WHOLE, CHAIN)
    pairs = [("P1", "A1"), ("P2", "A1"), ("P2", "A2")]
    assert named(found, "circumstances") == [(name, *pair) for pair in pairs for name in ("甲", "乙")]


def test_the_pairs_to_evaluate_bound_circumstances_and_channels_but_not_responsibility() -> None:
    """Responsibility is found for every participant in every link of the chain."""
    found = determined(WHOLE, f"{CHAIN}评价 P2 A2")
    assert named(found, "circumstances") == [("甲", "P2", "A2"), ("乙", "P2", "A2")]
    assert named(found, "channels") == [("移", "P2", "A2")]
    pairs = [("P1", "A1"), ("P2", "A1"), ("P2", "A2")]
    assert named(found, "responsibilities") == [(name, *pair) for pair in pairs for name in ("主", "次")]


def test_several_kinds_for_several_people_stand_side_by_side() -> None:
    parts = "参与 P1 A1\n  部分 签字\n  证据 簿\n参与 P2 A1\n  部分 签字\n  证据 簿\n"
    found = determined(WHOLE, f"{parts}事实 灯.误 P1 A1 有 簿\n事实 灯.误 P2 A1 反 簿")
    made = {(one.respondent, one.kind) for one in found.responsibilities if one.state is State.MADE_OUT}
    assert made == {("P1", "主责"), ("P1", "次责"), ("P2", "次责")}


def test_a_conclusion_carries_its_exceptions_with_their_states() -> None:
    one = law(FACTS, rule("甲", "灯.坏"), exception("误", "甲", "灯.误"), exception("签", "甲", "签.字"))
    found = conclusion(determined(one, "事实 灯.误 P1 A1 有 簿"), "甲")
    assert [(each.id, state) for each, state in found.exceptions] == [
        ("误", State.MADE_OUT),
        ("签", State.NOT_MADE_OUT),
    ]


def test_what_would_not_hold_anyway_is_relieved_by_nothing() -> None:
    one = law(FACTS, rule("甲", "灯.坏"), exception("误", "甲", "灯.误"))
    wrong = "事实 灯.误 P1 A1 有 簿\n"
    assert conclusion(determined(one, f"{wrong}事实 灯.坏 A1 反 簿"), "甲").exceptions == ()
    assert len(conclusion(determined(one, wrong), "甲").exceptions) == 1


# Modality


BY_REFERENCE = law(
    FACTS,
    facts("任.站 数据 主体 取 主体.单位类型 是 电力站", "任.误 事实 主体"),
    define("电力站", "任.站"),
    define("误", "任.误"),
    rule("甲", "灯.坏", "情态 比照 若 电力站"),
    rule("乙", "灯.坏", "情态 比照 若 电力站", "情态 可 若 误"),
)


@pytest.mark.parametrize(("unit", "expected"), [("U1", ("应",)), ("U3", ("比照",)), (None, ("比照", "应"))])
def test_by_reference_another_modality_applies_and_both_are_shown_while_that_is_open(
    unit: str | None, expected: tuple[str, ...]
) -> None:
    post = "职务 P1 某职务" + (f"\n  单位 {unit}" if unit else "")
    found = conclusion(determined(BY_REFERENCE, f"{post}\n事实 灯.坏 A1 有 簿"), "甲")
    assert (found.modalities, found.state) == (expected, State.MADE_OUT)


def test_the_first_modality_whose_definition_holds_applies() -> None:
    post = "职务 P1 某职务\n  单位 {}\n事实 任.误 P1 {} 簿"
    for unit, side, expected in (("U3", "有", ("比照",)), ("U1", "有", ("可",)), ("U1", "反", ("应",))):
        assert conclusion(determined(BY_REFERENCE, post.format(unit, side)), "乙").modalities == expected
    assert conclusion(determined(BY_REFERENCE), "乙").modalities == ("可", "应")


# Competence


COMPETENCE = law(
    *(
        facts(f"管.{name} 数据 主体 取 主体.管理 是 {where}")
        for name, where in (("本", "本级"), ("下", "下级"), ("上", "上级"), ("他", "其他"))
    ),
    *(
        rule(f"3-{name}", f"管.{name}", "对象 主体", "出处 1", group="权限", says=f"{kind} {modality}")
        for name, kind, modality in (
            ("本", "本所办", "应"),
            ("下", "下交", "可"),
            ("上", "上呈", "可"),
            ("他", "移交", "可"),
        )
    ),
)


def competence(records: str, respondent: str = "P1") -> dict[str, str]:
    found = determined(COMPETENCE, records).competences
    return {one.kind: str(one.state) for one in found if one.respondent == respondent}


@pytest.mark.parametrize(("manager", "kind"), [("U1", "本所办"), ("U2", "下交"), ("U0", "上呈"), ("U3", "移交")])
def test_who_may_act_follows_from_who_manages_the_post(manager: str, kind: str) -> None:
    # where the post sits does not matter
    found = competence(f"单位 U3 电力站\n  层级 小区\n职务 P1 某职务\n  单位 U3\n  管理 {manager}")
    assert found == {
        each: "made-out" if each == kind else "not-made-out" for each in ("本所办", "下交", "上呈", "移交")
    }


def test_an_unknown_manager_leaves_competence_open() -> None:
    assert set(competence("职务 P1 某职务\n  单位 U1").values()) == {"open"}


def test_competence_is_asked_once_for_a_respondent_of_several_acts() -> None:
    found = determined(COMPETENCE, CHAIN).competences
    assert [(one.respondent, one.act) for one in found if one.kind == "本所办"] == [("P1", ""), ("P2", "")]


# The order in which a person reads them


def test_what_is_made_out_comes_first_then_what_is_open_the_specific_before_the_general_and_the_catch_all() -> None:
    one = law(
        facts("灯.坏 事实 行为", "灯.缺 事实 行为", "灯.开 事实 行为"),
        rule("不成", "灯.缺"),
        rule("兜底", "灯.坏", "兜底 是"),
        rule("一般", "灯.坏", "一般 是"),
        rule("未定", "灯.开"),
        rule("专项", "灯.坏"),
        rule("专项二", "灯.坏"),
    )
    found = determined(one, "事实 灯.坏 A1 有 簿\n事实 灯.缺 A1 反 簿")
    assert [each.rule.id for each in in_reading_order(found.circumstances)] == [
        "专项",
        "专项二",
        "一般",
        "兜底",
        "未定",
        "不成",
    ]
    assert state(found, "兜底") is State.MADE_OUT  # an order of presentation, not a rule
