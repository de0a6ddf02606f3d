"""A case held against an instrument: a sound case has no problem, and what is not sound is found wherever it stands."""

from __future__ import annotations

import pytest

from law.fair import fair
from wenze.law.case import Case
from wenze.law.casefile.cases import CaseVocabulary, check_case, parse_case_text

FAIR = fair()
HEAD = "```case 甲\n标题 集市\n依据 fair\n"
SOUND = """机关 U1
单位 U1 县集市办
  类型 集市办
  层级 县
  管理 U1
单位 U2 镇政府
  上级 U1
职务 P1 镇长
  单位 U2
  角色 随便什么角色
行为 A1 开集
  起 2015-03-01
  事件 V1
行为 A2 散集
  承接 A1
事件 V1 拥挤
职责 D1 设出口
  承担 P1、U2
证据 证1 会议记录
  形式 会议记录
参与 P1 A1
  部分 主持
  职责 D1
  证据 证1
参与 U2 A1
事实 集市.举办 P1 A1 有 证1
事实 出口.未设 A2 反 证1
事实 集市.本县 有 证1
事实 拥挤.由此 A1 V1 有 证1
认定 主体.称职 U2 否 调查组 2015-05-06 文书
认定 拥挤.严重 V1 是 调查组 2015-05-06 人多
  依据 证1
裁定 出口-宽窄 不算
评价 P1 A1
期望 P1 A1 1 成立
  取决 出口-宽窄
期望 P1 - 1 不成立
期望 U2 A1 提示 夜市
期望 矛盾 集市.举办 P1 A1、主体.属机关 P1
"""


def case(body: str) -> Case:
    (found,) = parse_case_text(f"# 集市\n\n{HEAD}{body}```\n", "x.md")
    return found


def ids(body: str) -> list[str]:
    return [problem.id for problem in check_case(case(body), FAIR)]


def test_a_sound_case_has_no_problem() -> None:
    law: CaseVocabulary = FAIR  # mypy: an instrument answers what is asked of it
    assert check_case(case(SOUND), law) == []


@pytest.mark.parametrize(
    ("right", "wrong", "id"),
    [
        ("机关 U1", "机关 P1", "C064"),
        ("  类型 集市办", "  类型 县委", "C061"),
        ("  上级 U1", "  上级 U3", "C064"),
        ("  单位 U2\n  角色", "  单位 A1\n  角色", "C064"),
        ("  事件 V1", "  事件 V1、V2", "C064"),
        ("  承接 A1", "  承接 V1", "C064"),
        ("  承接 A1", "  承接 A2", "C072"),
        ("  承担 P1、U2", "  承担 P1、A1", "C064"),
        ("  形式 会议记录", "  形式 录音", "C061"),
        ("  部分 主持", "  部分 主持、旁听", "C061"),
        ("  职责 D1", "  职责 D1、证1", "C064"),
        ("  证据 证1", "  反证 证9", "C064"),
        ("P1 A1 有 证1", "P1 A1 有 证9", "C064"),
        ("P1 A1 有 证1", "P1 A2 有 证1", "C065"),
        ("P1 A1 有 证1", "A1 P1 有 证1", "C063"),
        ("P1 A1 有 证1", "P1 A1 V1 有 证1", "C063"),
        ("P1 A1 有 证1", "P9 A1 有 证1", "C064"),
        ("A1 V1 有 证1", "A2 V1 有 证1", "C066"),
        ("认定 主体.称职 U2", "认定 主体.属机关 U2", "C067"),
        ("认定 主体.称职 U2", "认定 主体.无人 U2", "C062"),
        ("  依据 证1", "  依据 A1", "C064"),
        ("裁定 出口-宽窄 不算", "裁定 出口 不算", "C069"),
        ("裁定 出口-宽窄 不算", "裁定 出口-宽窄 也许", "C070"),
        ("评价 P1 A1", "评价 P1 A2", "C065"),
        ("期望 P1 A1 1 成立", "期望 P1 A1 9 成立", "C071"),
        ("期望 P1 A1 1 成立", "期望 P1 A2 1 成立", "C065"),
        ("  取决 出口-宽窄", "  取决 出口", "C069"),
        ("提示 夜市", "无提示 早市", "C071"),
        ("、主体.属机关 P1", "、主体.属机关 A1", "C063"),
        ("  起 2015-03-01", "  起 2015-03-01\n  止 2015-02-28", "C068"),
        ("证据 证1 会议记录", "证据 证1 电话13912345678", "C073"),
        ("  角色 随便什么角色", "  角色 １３９１２３４５６７８", "C073"),
        ("人多", "见 110105194912310021", "C073"),
    ],
)
def test_one_wrong_word_is_found_wherever_it_stands(right: str, wrong: str, id: str) -> None:
    assert SOUND.count(right) >= 1
    assert set(ids(SOUND.replace(right, wrong, 1))) == {id}


def test_words_are_free_where_the_instrument_has_no_vocabulary_for_them() -> None:
    assert FAIR.terms("职务角色") == ()
    assert ids("职务 P1 镇长\n  角色 任何\n") == []


def test_figures_that_only_resemble_personal_numbers_are_left_alone() -> None:
    digest = "sha256:" + "13912345678a" * 5 + "0000"
    assert ids(f"证据 证1 文号 2015-0301-138 共 12345678901 元,2013 1234 5678\n  摘要 {digest}\n") == []


def test_a_personal_number_is_found_in_the_story_and_not_repeated_in_the_problem() -> None:
    (found,) = parse_case_text(f"联系 138-1234-5678。\n\n{HEAD}```\n", "x.md")
    (problem,) = check_case(found, FAIR)
    assert problem.id == "C073" and "1234" not in str(problem)


def test_an_omission_that_continues_does_not_end_before_it_starts() -> None:
    assert ids("行为 A1 不设出口\n  起 2015-03-01\n  止 持续\n") == []


def test_problems_come_in_the_order_of_the_lines_and_each_once() -> None:
    found = check_case(case("单位 U1 甲\n  类型 乙\n  上级 U9\n单位 U2 丙\n  类型 丁\n"), FAIR)
    assert [(problem.place.line, problem.id) for problem in found] == [(6, "C061"), (6, "C064"), (9, "C061")]
