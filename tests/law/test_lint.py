"""Findings on the law itself: each kind appears for a law that has the flaw, and not for one that has not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wenze.law import Law, Library
from wenze.law.decide import Diagrams
from wenze.law.lint.abstract import ANYWHERE, Abstract
from wenze.law.lint.findings import FINDINGS, Finding, findings, too_large
from wenze.law.rules import Bilingual

from .orchard import CLEAN, law_of, spoilt

HARBOUR = Path(__file__).parents[1] / "instruments"
CONDUCT = "    砍树.实施 「砍树」\n    非 砍树.获批 「擅自」\n"
OPTIONS = "        取 严重 流失.严重\n        取 任何 流失.任何\n"
EXCLUSIVE = "互斥\n  砍树.实施\n  开渠.雨季\n"
SCENE = "  任一 「、」\n    砍树.实施 「砍树」\n    开渠.雨季 「开渠」\n"
ARTICLE_4 = "## 第四条 {#4}\n> 第四条 本办法自发布之日起施行。\n\n不编码:时间 / time\n"


def of(law: Law, id: str) -> list[Finding]:
    return [finding for finding in findings(law) if finding.id == id]


def ids(law: Law) -> set[str]:
    return {finding.id for finding in findings(law)}


def line_of(words: str, text: str = CLEAN) -> int:
    return text[: text.index(words)].count("\n") + 1


def test_there_is_nothing_to_find_in_a_clean_law() -> None:
    assert findings(law_of()) == ()


# Conditions


def test_a_condition_that_can_never_hold() -> None:
    never = CONDUCT.replace("非 砍树.获批", "任一\n      非 砍树.获批")
    law = spoilt((CONDUCT, never + "      全部\n        砍树.获批\n        非 砍树.获批\n"))
    (finding,) = of(law, "F001")
    assert finding.message == Bilingual("条件`全部`在任何案件中都不可能具备", "the condition `all` can never be met")
    assert finding.place.line == line_of("    非 砍树.获批") + 2
    assert ids(law) == {"F001"}


def test_a_condition_that_always_holds() -> None:
    law = spoilt((CONDUCT, CONDUCT + "    任一\n      砍树.获批\n      非 砍树.获批\n"))
    (finding,) = of(law, "F002")
    assert finding.message.zh == "条件`任一`在任何案件中都具备"
    assert ids(law) == {"F002"}


def test_a_condition_another_one_brings_with_it_changes_nothing() -> None:
    """Serious erosion is erosion, by a constraint: the wider condition beside it is idle."""
    law = spoilt((OPTIONS, OPTIONS.replace("严重 流失.严重", "严重 全部\n          流失.严重\n          流失.任何")))
    (finding,) = of(law, "F003")
    assert finding.message.zh == "条件`流失.任何`在此处不起作用:当作总是具备,结果相同"
    assert (
        finding.message.en
        == "the condition `流失.任何` changes nothing here: taken as always met, the result is the same"
    )


def test_a_condition_the_gate_excludes_changes_nothing() -> None:
    law = spoilt((CONDUCT, CONDUCT.replace("砍树.实施 「砍树」", "任一 「砍树」\n      砍树.实施\n      人员.园工")))
    (finding,) = of(law, "F003")
    assert finding.message.zh == "条件`人员.园工`在此处不起作用:当作总不具备,结果相同"


def test_a_rule_whose_gate_and_condition_exclude_each_other() -> None:
    law = spoilt(("  开渠.雨季 「雨季开渠的」", "  开渠.雨季 「雨季开渠的」\n  人员.园工"))
    (finding,) = of(law, "F004")
    assert finding.message.zh == "规则`2`在任何案件中都不可能成立:其适用条件和条件相互排斥"
    assert of(law, "F003") == []


def test_a_rule_that_its_exception_always_defeats() -> None:
    always = "条件 任一 「事先反对的除外」\n  反对.事先\n  非 反对.事先"
    (finding,) = of(spoilt(("条件 反对.事先 「事先反对的除外」", always)), "F004")
    assert finding.message.en == "the rule `3` can never be made out: an exception always defeats it"


def test_constraints_that_no_case_can_meet_are_all_there_is_to_say() -> None:
    both = "若 砍树.实施\n则 非 砍树.实施\n```\n\n```constraint 二\n标题 二 / two\n若 非 砍树.实施\n则 砍树.实施\n"
    law = spoilt((EXCLUSIVE, both))
    (finding,) = findings(law)
    assert finding.id == "F005"
    assert finding.message.zh == "约束严重即有、砍树-开渠、二不可能同时满足"


# Items


def test_an_item_contained_in_another_is_named_with_an_example() -> None:
    wider = (
        "## 第四条 {#4}\n> 第四条 砍树的,应当问责。\n\n```rule 4\n标题 砍树 / felling\n组 情形\n"
        "结论 问责 应当 「应当问责」\n后果 无\n条件 行为 全部\n  砍树.实施 「砍树的」\n```\n"
    )
    law = spoilt((ARTICLE_4, wider))
    (finding,) = of(law, "F010")
    assert finding.place.line == line_of("```rule 1")
    assert finding.message.zh == "`1`的条件包含在`4`之中(依任何解读):前者具备,后者必然具备;适用对象也是如此"
    assert finding.example is not None and "是否砍树?是" in finding.example.zh
    assert "Did the felling cause it? yes" in finding.example.en
    overlap = of(law, "F011")
    assert [one.message.en for one in overlap] == [
        "`1` can be made out together with: 4",
        "`4` can be made out together with: 1",
    ]


def test_gates_that_keep_a_contained_item_apart_are_said() -> None:
    wider = (
        "## 第四条 {#4}\n> 第四条 园工砍树的,应当问责。\n\n```define 园工\n标题 园工 / gardener\n"
        "条件 人员.园工 「园工」\n```\n\n"
        "```rule 4\n标题 砍树 / felling\n组 情形\n适用 园工\n"
        "结论 问责 应当 「应当问责」\n后果 无\n条件 行为 全部\n  砍树.实施 「砍树的」\n```\n"
    )
    law = spoilt((ARTICLE_4, wider))
    (finding,) = of(law, "F010")
    assert finding.message.en.endswith("but their gates keep them apart")
    assert of(law, "F011") == []


def test_a_containment_under_the_default_readings_only_says_so() -> None:
    wider = (
        "## 第四条 {#4}\n> 第四条 流失严重的,应当问责。\n\n```rule 4\n标题 流失 / erosion\n组 情形\n"
        "结论 问责 应当 「应当问责」\n"
        "条件 全部\n  行为 砍树.实施\n  后果 某 事件 名单 名单.事件\n    流失.严重 「流失严重的」\n```\n"
    )
    (finding,) = of(spoilt((ARTICLE_4, wider)), "F010")
    assert "依默认解读" in finding.message.zh


def test_items_that_exclude_each_other_do_not_overlap_until_the_constraint_goes() -> None:
    law = spoilt((EXCLUSIVE, EXCLUSIVE.replace("开渠.雨季", "砍树.夜间")))
    first, second = of(law, "F011")
    assert (first.message.zh, second.message.zh) == ("`1`可能与下列情形同时成立:2", "`2`可能与下列情形同时成立:1")
    assert first.example is not None and "是否雨季开渠?是" in first.example.zh


# Readings and exceptions


def test_a_reading_whose_options_are_the_same_never_matters() -> None:
    law = spoilt((OPTIONS, OPTIONS.replace("任何 流失.任何", "任何 流失.严重")))
    (finding,) = of(law, "F020")
    assert finding.message.en == "the reading `流失-程度` never matters: its options always give the same"
    assert finding.example == Bilingual("严重:须严重；任何:任何流失", "严重: serious; 任何: any")


def test_a_reading_that_nothing_is_read_by_never_matters() -> None:
    law = spoilt(("依解读 流失-程度 「水土流失的」\n" + OPTIONS, "流失.严重 「水土流失的」\n"))
    assert [finding.message.zh for finding in of(law, "F020")] == ["解读`流失-程度`不影响任何结论:没有条件依它而定"]


def test_a_reading_only_a_guard_depends_on_matters() -> None:
    by_reading = "条件 依解读 流失-程度\n  取 严重 砍树.有证人\n  取 任何 恒真"
    plain = ("依解读 流失-程度 「水土流失的」\n" + OPTIONS, "流失.严重 「水土流失的」\n")
    assert of(spoilt(plain, ("条件 全部\n  砍树.有证人\n  非 人员.园工", by_reading)), "F020") == []


def test_an_exception_that_never_applies() -> None:
    impossible = "条件 全部 「事先反对的除外」\n  反对.事先\n  非 反对.事先"
    law = spoilt(("条件 反对.事先 「事先反对的除外」", impossible))
    assert [finding.message.en for finding in of(law, "F021")] == ["the exception `3-反对` never applies"]


def test_an_exception_that_never_meets_what_it_overrides() -> None:
    apart = "条件 全部 「事先反对的除外」\n  反对.事先\n  非 人员.经手"
    law = spoilt(("条件 反对.事先 「事先反对的除外」", apart))
    assert [finding.message.en for finding in of(law, "F022")] == [
        "the exception `3-反对` never changes 3: they cannot hold together"
    ]
    assert of(law, "F021") == []


def test_an_exception_of_a_group_must_meet_only_one_of_its_rules() -> None:
    law = spoilt(
        ("推翻 3\n效果 免除", "推翻 情形\n效果 免除"), ("条件 反对.事先", "条件 全部\n  砍树.实施\n  反对.事先")
    )
    assert of(law, "F022") == []


# What is not used


def test_a_fact_never_used() -> None:
    law = spoilt(("条件 砍树.夜间", "条件 砍树.获批"))
    (finding,) = of(law, "F030")
    assert finding.message.zh == "事实`砍树.夜间`没有用到"
    assert finding.example == Bilingual("是否在夜间?", "Was it at night?")


def test_a_fact_used_in_a_constraint_only() -> None:
    law = spoilt(("条件 砍树.夜间", "条件 砍树.获批"), ("则 流失.任何", "则 任一\n  流失.任何\n  砍树.夜间"))
    (finding,) = of(law, "F030")
    assert finding.message.en == "the fact `砍树.夜间` is used in constraints only and bears on no conclusion"


def test_a_definition_never_used() -> None:
    law = spoilt((ARTICLE_4, "```define 闲\n标题 闲 / idle\n条件 砍树.夜间\n```\n\n" + ARTICLE_4))
    assert [finding.message.zh for finding in of(law, "F031")] == ["定义`闲`没有用到"]


def test_a_definition_that_only_decides_a_modality_is_used() -> None:
    modal = "结论 问责 应当 「应当问责」\n情态 应当 若 夜里\n后果 无"
    law = spoilt(
        ("结论 问责 应当 「应当问责」\n后果 无", modal),
        (ARTICLE_4, "```define 夜里\n标题 夜 / night\n条件 砍树.夜间\n```\n\n" + ARTICLE_4),
    )
    assert of(law, "F031") == []


def test_a_note_that_can_never_be_shown() -> None:
    law = spoilt(("关于 1\n条件 砍树.夜间", "关于 2\n条件 全部\n  砍树.夜间\n  砍树.实施"))
    (finding,) = of(law, "F032")
    assert finding.message.zh == "提示`夜间`从不显示:其条件与所关于的规则不可能同时成立"


def test_a_guard_about_no_circumstance_can_never_be_shown() -> None:
    law = spoilt(("标题 证人 / witness\n关于 1", "标题 证人 / witness\n关于 3"))
    assert [finding.message.en for finding in of(law, "F032")] == [
        "the guard `证人` is never shown: it is about no circumstance"
    ]


# The text


def test_words_that_no_node_quotes() -> None:
    law = spoilt(("    非 砍树.获批 「擅自」", "    非 砍树.获批"))
    (finding,) = of(law, "F040")
    assert finding.message == Bilingual(
        "第一条有11%的词句没有条件引用,也没有说明:「擅自」",
        "11 % of the words of Art. 1 are neither quoted nor explained: 「擅自」",
    )


def test_a_judgement_without_a_standard() -> None:
    law = spoilt(("对照《水土标准》说明", "说明理由"))
    (finding,) = of(law, "F041")
    assert finding.message.en == "judgements of Art. 1 name no standard to measure them by: 流失.严重"


@pytest.mark.parametrize("guidance", ["写明所违反的规定", "name the law breached", "指出标准"])
def test_guidance_that_asks_for_a_rule_or_law_names_a_standard(guidance: str) -> None:
    assert of(spoilt(("对照《水土标准》说明", guidance)), "F041") == []


# Duties and attribution


def test_a_duty_without_a_circumstance() -> None:
    law = spoilt(("标题 砍伐规程 / Felling Rules", "标题 砍伐规程 / Felling Rules\n出处 4"))
    (finding,) = of(law, "F050")
    assert finding.message.en == (
        "no circumstance is founded on the duties of Art. 4 (砍伐规程): a breach must fit another item"
    )


def test_a_circumstance_without_an_attribution_rule() -> None:
    """A rule that asks for nothing but a circumstance and a position says nothing of this circumstance."""
    law = spoilt(("  人员.经手 「由经手人」\n" + SCENE, "  人员.主任\n"))
    assert {(one.id, one.place.line) for one in findings(law) if one.id in {"F051", "F052"}} == {
        ("F051", line_of("```rule 1")),
        ("F051", line_of("```rule 2")),
    }


def test_circumstances_whose_attribution_asks_for_further_facts() -> None:
    law = spoilt((SCENE, "  砍树.有证人 「砍树」\n"))
    (finding,) = of(law, "F052")
    assert "their own: 1, 2." in finding.message.en
    assert of(law, "F051") == []


def test_a_rule_for_the_part_taken_is_an_attribution_rule() -> None:
    assert not {"F051", "F052"} & ids(spoilt((SCENE, "")))


def test_an_instrument_whose_text_is_not_held() -> None:
    law = spoilt(("持有 是", "持有 否"))
    (finding,) = of(law, "F053")
    assert finding.message.zh == "没有掌握《砍伐规程》的文本(砍伐规程)"


# Size


def test_a_law_too_large_to_be_compared_says_so_and_is_no_problem_of_its_rules() -> None:
    assert "F009" in {finding.id for finding in findings(law_of(), budget=150)}
    assert too_large(law_of()) == ()


def test_a_rule_too_large_to_be_decided_is_a_problem_with_its_place() -> None:
    found = too_large(law_of(), budget=40)
    assert (found[0].id, found[0].place.line) == ("L083", line_of("```rule 1"))
    assert found[0].message == "`1` cannot be decided exactly: more than 40 nodes"
    assert "3" not in {problem.message[1] for problem in too_large(law_of(), budget=200)}


# Records


def days(one: str, other: str) -> Law:
    fact = "| 砍树.夜间 | it was done at night | 是否在夜间? | Was it at night? | 事实 | 行为 | 台账 | |"
    data = "| 砍树.夜间 | late | 晚? | Late? | 数据 | 行为 | | 行为.{} |"
    other_fact = "| 砍树.有证人 | there was a witness | 是否有证人? | Was there a witness? | 事实 | 行为 | 台账 | |"
    both = ("条件 砍树.夜间", "条件 全部\n  砍树.夜间\n  砍树.有证人")
    return spoilt((fact, data.format(one)), (other_fact, data.format(other).replace("砍树.夜间", "砍树.有证人")), both)


@pytest.mark.parametrize(
    ("one", "other", "never"),
    [
        ("起 早于 2012-01-01", "起 不早于 2012-01-01", True),
        ("起 不晚于 2012-01-01", "起 晚于 2011-12-31", False),
        ("起 不晚于 2012-01-01", "起 不早于 2012-01-02", True),
        ("起 不晚于 2012-01-01", "起 晚于 2012-01-01", True),
        ("止 早于 2012-01-01", "起 不早于 2012-01-01", True),
        ("起 早于 2012-01-01", "止 不早于 2012-01-01", False),
    ],
)
def test_days_of_one_act_exclude_each_other_as_they_do_in_a_case(one: str, other: str, never: bool) -> None:
    assert ("F001" in ids(days(one, other))) is never


def test_a_unit_has_no_role_and_a_post_has_one() -> None:
    unit = "| 砍树.有证人 | a unit | 是否机关? | A unit? | 数据 | 主体 | | 主体.种类 是 {} |"
    other_fact = "| 砍树.有证人 | there was a witness | 是否有证人? | Was there a witness? | 事实 | 行为 | 台账 | |"
    both = ("条件 砍树.夜间", "条件 全部\n  人员.主任\n  砍树.有证人\n  砍树.夜间")
    assert "F001" in ids(spoilt((other_fact, unit.format("机关")), both))
    assert "F003" in ids(spoilt((other_fact, unit.format("个人")), both))


def test_an_example_is_in_both_languages_and_names_the_records() -> None:
    law = spoilt((EXCLUSIVE, EXCLUSIVE.replace("开渠.雨季", "砍树.夜间")))
    example = of(law, "F011")[0].example
    assert example is not None
    assert example.zh.startswith("主体.角色:主任；") and example.en.startswith("respondent.role: warden; ")
    assert not re.search("[一-鿿]", example.en)


def test_the_abstract_case_is_not_assumed_to_be_complete() -> None:
    """Somebody unlisted may meet a condition no listed one meets, so that it is not never met."""
    law = law_of()
    case = Abstract(law, Diagrams())
    rule = law.rules["1"]
    node = rule.condition.children[1]
    empty = case.but(case.ground(node, ANYWHERE), case.ground(node.children[0], ANYWHERE))
    assert not case.never(empty)


# Real instruments


def test_every_finding_has_a_title_and_both_languages() -> None:
    found = findings(Library(HARBOUR).law("harbour"))
    assert {finding.id for finding in found} <= FINDINGS.keys()
    for finding in found:
        assert finding.message.zh and finding.message.en and "None" not in finding.message.en
    for title in FINDINGS.values():
        assert title.zh and title.en


def test_a_redundant_condition_of_the_second_instrument_is_found() -> None:
    """Whoever checked every piece has checked samples, by its constraint: 非 设备.逐件查验 beside it is idle."""
    (finding,) = of(Library(HARBOUR).law("harbour"), "F003")
    assert finding.place.file == "harbour/2020-01-01.md"


# Procedure


def test_a_part_that_is_not_held_and_a_number_not_read_in_the_article_are_shown() -> None:
    law = Library(Path(__file__).parents[1] / "instruments").law("tide")
    assert [finding.message.en for finding in findings(law)] == [
        "not held: the whole code; it would decide about protest, word",
        "30 calendar days of `protest` is not checked against the article: general knowledge, to be confirmed",
    ]
