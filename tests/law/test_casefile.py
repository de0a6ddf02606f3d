"""Reading cases from Markdown, from folders, and on top of each other; and that no input breaks the reader."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from law.fair import fair
from wenze.law.case import CONTINUING, Case, FactKey
from wenze.law.casefile.cases import case_to_json, check_case, parse_case_text, read_cases, read_cases_by_file
from wenze.law.problems import Problems
from wenze.law.rules import Bilingual, Place

BASE = """# 开集

某镇开集,
未设出口。

```case 开集
标题 未设出口而开集 / a fair without an exit     # a comment
依据 fair
机关 U1
单位 U1 县集市办
  类型 集市办
  层级 县
单位 U2 镇政府
  上级 U1
  管理 U1
职务 P1 镇长
  单位 U2
  管理 U1
  起 2013-01-01
  止 2016年1月1日
  任职人 甲
行为 A1 决定开集
  起 2015-03-01
  事件 V1
行为 A2 一直不设出口
  起 2015-03-01
  止 持续
  承接 A1
参与 P1 A1
  部分 主持、到场
  次序 1
  职责 D1
  主张 不可能
  证据 证1
  反证 证2
事件 V1 拥挤
  日期 2015-03-02
  等级 重大
  数量 死亡 3、受伤 5
职责 D1 设出口
  承担 P1
  来源 某条例第七条
  持有 是
证据 证1 会议记录
  形式 会议记录
  来源 镇政府
  取得 2015-04-01
  取得人 调查组
  页 3
  摘要 sm3:0000000000000000000000000000000000000000000000000000000000000000
证据 证2 来信
事实 集市.举办 P1 A1
  有 证1、证2
  反 证2
事实 集市.本县 有 证1
认定 拥挤.严重 V1 是
  作出人 调查组
  日期 2015-05-06
  理由 人多 / 路窄
  依据 证1
裁定 出口-宽窄 不算
  由 县集市办
  自 2015-06-01
  来源 某号批复
评价 P1 A1
期望 P1 A1 1 成立
  稳健 是
  因 「未设出口」
期望 P1 - 1 尚不能认定
  取决 出口-宽窄
期望 P1 A1 1 可依 未定
期望 P1 A1 提示 夜市
期望 P1 A1 无提示 夜市
期望 矛盾 集市.举办 P1 A1、集市.本县
```
"""


def one(text: str) -> Case:
    (case,) = parse_case_text(text, "一.md")
    return case


def block(body: str, id: str = "甲", head: str = "标题 集市\n依据 fair\n") -> str:
    return f"```case {id}\n{head}{body}```\n\n"


def test_a_case_is_read_with_everything_it_says_and_the_line_it_says_it_on() -> None:
    case = one(BASE)
    assert (case.id, case.title, case.instrument, case.organ) == (
        "开集",
        Bilingual("未设出口而开集", "a fair without an exit"),
        "fair",
        "U1",
    )
    assert case.story == "某镇开集,\n未设出口。"
    assert case.place == Place("一.md", 6)
    assert case.units["U2"].parent == case.units["U2"].manager == "U1"
    assert case.posts["P1"].end == date(2016, 1, 1)
    assert case.posts["P1"].place == Place("一.md", 16)
    assert case.acts["A1"].end == date(2015, 3, 1), "an act without an end is of one day"
    assert case.acts["A2"].end is CONTINUING
    taken = case.participations["P1", "A1"]
    assert (taken.parts, taken.order, taken.evidence, taken.against) == (("主持", "到场"), 1, ("证1",), ("证2",))
    assert case.events["V1"].counts == (("死亡", 3), ("受伤", 5))
    assert case.duties["D1"].held is True
    assert case.evidence["证1"].digest == "sm3:" + "0" * 64
    held = case.facts[FactKey("集市.举办", ("P1", "A1"))]
    assert (held.supporting, held.opposing) == (("证1", "证2"), ("证2",))
    found = case.findings[FactKey("拥挤.严重", ("V1",))]
    assert (found.holds, found.by, found.day, found.reasons) == (True, "调查组", date(2015, 5, 6), "人多 / 路窄")
    assert [(ruling.reading, ruling.option, ruling.since) for ruling in case.rulings] == [
        ("出口-宽窄", "不算", date(2015, 6, 1))
    ]
    assert case.pairs == (("P1", "A1"),)


def test_expectations_keep_what_they_say_and_what_they_leave_open() -> None:
    state, alone, reliance, note, silent, conflict = one(BASE).expectations
    assert (state.kind, state.state, state.robust, state.because) == ("state", "made-out", True, "「未设出口」")
    assert (alone.act, alone.state, alone.robust, alone.depends) == ("", "open", None, ("出口-宽窄",))
    assert (reliance.kind, reliance.rule, reliance.state) == ("reliance", "1", "open")
    assert (note.kind, silent.kind, note.rule) == ("note", "no-note", "夜市")
    assert conflict.conflict == (FactKey("集市.举办", ("P1", "A1")), FactKey("集市.本县", ()))


ENGLISH = """
```case fair-1
title 集市 / a fair
instrument fair
organ U1
unit U1 office
  kind 集市办
post P1 mayor
  unit U1
  holder 甲
  start 2013-01-01
act A1 held the fair
  link 决策
  end continuing
participation P1 A1
  parts 主持, 到场
  order 2
event V1 crowding
  counts deaths 3, hurt 5
duty D1 an exit
  owed-by P1
  held no
evidence E1 minutes
  obtained_by inquiry
fact 集市.举办 P1 A1 for E1 against E1
finding 拥挤.严重 V1 yes inquiry 2015-05-06 many people
ruling 出口-宽窄 算
  since 2015-06-01
pair P1 A1
expect P1 A1 1 not-made-out
  robust no
  depends 出口-宽窄
expect P1 A1 1 reliance yes
expect P1 A1 note 夜市
expect P1 A1 no-note 夜市
expect contradiction 集市.举办 P1 A1
```
"""
CHINESE = """
```案件 fair-1
标题:集市 / a fair
依据:fair
机关:U1
单位 U1 office
  类型:集市办
职务 P1 mayor
  单位:U1
  任职人：甲
  起：２０１３年1月1日
行为 A1 held the fair
  环节 决策
  止 持续
参与 P1 A1
  部分 主持、到场
  次序 ２
事件 V1 crowding
  数量 deaths 3，hurt 5
职责 D1 an exit
  承担 P1
  持有 否
证据 E1 minutes
  取得人 inquiry
事实 集市.举办 P1 A1
  有 E1
  反 E1
认定 拥挤.严重 V1 是
  作出人 inquiry
  日期 2015-05-06
  理由 many people
裁定 出口-宽窄 算
  自 2015-06-01
评价 P1 A1
期望 P1 A1 1 不成立
  稳健 否
  取决 出口-宽窄
期望 P1 A1 1 可依 是
期望 P1 A1 提示 夜市
期望 P1 A1 无提示 夜市
期望 矛盾 集市.举办 P1 A1
```
"""


def test_english_and_chinese_words_half_and_full_width_marks_are_equal() -> None:
    assert case_to_json(one(ENGLISH)) == case_to_json(one(CHINESE))


def test_windows_and_old_line_ends_and_a_byte_order_mark_change_nothing(tmp_path: Path) -> None:
    for name, text in (("a", BASE), ("b", BASE.replace("\n", "\r\n")), ("c", BASE.replace("\n", "\r"))):
        (tmp_path / f"{name}.md").write_bytes(b"\xef\xbb\xbf" + text.encode())
    first, *others = ((tmp_path / f"{name}.md") for name in "abc")
    (case,) = read_cases(first)
    for other in others:
        assert [case_to_json(found) for found in read_cases(other)] == [case_to_json(case)]


def test_each_block_under_a_heading_has_its_story_and_a_heading_begins_a_new_one() -> None:
    text = (
        "前言。\n\n"
        + block("", "甲")
        + "补记。\n\n"
        + block("", "乙")
        + "## 又一案\n\n另一事。\n\n"
        + block("", "丙")
        + "# 无事\n\n"
        + block("", "丁")
    )
    assert [case.story for case in parse_case_text(text, "x.md")] == ["前言。", "前言。\n\n补记。", "另一事。", ""]


def test_a_block_in_a_html_comment_is_no_case() -> None:
    assert [case.id for case in parse_case_text(f"<!--\n{block('', '乙')[:-1]}-->\n\n" + block(""), "x.md")] == ["甲"]


def test_a_folder_is_read_in_the_order_of_its_names_and_a_case_may_rest_on_a_later_file(tmp_path: Path) -> None:
    (tmp_path / "2.md").write_text(BASE, encoding="utf-8")
    (tmp_path / "1.md").write_text(block("单位 U3 市场\n", "又开集", "标题 又\n基于 书\n"), encoding="utf-8")
    (tmp_path / "0.json").write_text(
        '{"format": "wenze-case/1", "id": "书", "title": {"zh": "书"}, "instrument": "fair",'
        ' "units": [{"id": "U1", "title": "办"}]}',
        encoding="utf-8",
    )
    (tmp_path / "说明.txt").write_text("not a case")
    (tmp_path / "README.md").write_text("# 说明\n")
    cases = read_cases(tmp_path, root=tmp_path)
    assert [(case.id, case.place.file) for case in cases] == [("书", "0.json"), ("又开集", "1.md"), ("开集", "2.md")]
    assert list(cases[1].units) == ["U1", "U3"]


def test_a_folder_read_file_by_file_gives_the_same_cases(tmp_path: Path) -> None:
    (tmp_path / "1.md").write_text(block("单位 U3 市场\n", "又开集", "标题 又\n基于 再\n"), encoding="utf-8")
    (tmp_path / "2.md").write_text(BASE + block("", "再", "标题 再\n基于 开集\n"), encoding="utf-8")
    (tmp_path / "3.md").write_text(block("", "坏", "标题 坏\n基于 无\n"), encoding="utf-8")
    (tmp_path / "4.json").write_text("{", encoding="utf-8")
    (tmp_path / "5.md").write_text(block("", "好"), encoding="utf-8")
    found = list(read_cases_by_file(tmp_path))
    wrong = [problem.id for one in found if isinstance(one, Problems) for problem in one.problems]
    assert wrong[0] == "C050" and len(found) == 5 and [isinstance(one, Problems) for one in found].count(True) == 2
    for name in ("3.md", "4.json"):
        (tmp_path / name).unlink()
    assert tuple(case for one in read_cases_by_file(tmp_path) for case in one) == read_cases(tmp_path)


def test_what_rests_on_a_case_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    (tmp_path / "1.md").write_text(block("", "子", "标题 子\n基于 母\n"), encoding="utf-8")
    (tmp_path / "2.md").write_text(block("这 不是 记录\n", "母"), encoding="utf-8")
    found = list(read_cases_by_file(tmp_path))
    assert [len(one.problems) for one in found if isinstance(one, Problems)] == [1, 1]


def test_a_folder_without_a_case_is_told_file_by_file_too(tmp_path: Path) -> None:
    (one,) = read_cases_by_file(tmp_path)
    assert isinstance(one, Problems) and [problem.id for problem in one.problems] == ["C005"]


HEIR = """
```case 后来
标题 后来
基于 开集
撤去 事实 集市.举办 P1 A1
撤去 认定 拥挤.严重 V1
撤去 裁定 出口-宽窄
撤去 评价 P1 A1
撤去 证据 证2
撤去 参与 P1 A1
单位 U2 乡政府
评价 P1 A2
期望 P1 A1 1 不成立
```
"""


def test_a_case_based_on_another_replaces_adds_and_takes_away_and_inherits_no_expectation() -> None:
    base, heir = parse_case_text(BASE + HEIR, "x.md")
    assert heir.title.zh == "后来" and heir.instrument == "fair" and heir.organ == "U1"
    assert heir.units["U2"].title == "乡政府" and heir.units["U2"].parent is None, "a record is replaced as a whole"
    assert list(heir.units) == list(base.units)
    assert list(heir.facts) == [FactKey("集市.本县", ())]
    assert not heir.findings and not heir.rulings and not heir.participations
    assert list(heir.evidence) == ["证1"]
    assert heir.pairs == (("P1", "A2"),)
    assert [expected.state for expected in heir.expectations] == ["not-made-out"]
    assert heir.story == "某镇开集,\n未设出口。" and base.expectations
    assert heir.posts["P1"].place == base.posts["P1"].place, "what is inherited keeps its place"


def test_a_case_may_rest_on_a_case_that_rests_on_another_in_any_order() -> None:
    third = block("单位 U5 戊\n", "丙", "标题 丙\n基于 后来\n")
    cases = parse_case_text(third + HEIR + BASE, "x.md")
    assert [case.id for case in cases] == ["丙", "后来", "开集"]
    assert list(cases[0].units) == ["U1", "U2", "U5"] and not cases[0].expectations


def test_all_problems_of_all_files_come_at_once(tmp_path: Path) -> None:
    (tmp_path / "1.md").write_text(block("单 U1 办\n  层级 县\n"), encoding="utf-8")
    (tmp_path / "2.md").write_bytes(b"\xff")
    (tmp_path / "3.json").write_text("{", encoding="utf-8")
    (tmp_path / "4.md").write_text(block("", "乙", "标题 乙\n基于 甲\n"), encoding="utf-8")
    with pytest.raises(Problems) as raised:
        read_cases(tmp_path, root=tmp_path)
    assert [(problem.id, problem.place.file) for problem in raised.value.problems] == [
        ("C012", "1.md"),
        ("C003", "2.md"),
        ("C030", "3.json"),
    ], "a case based on a wrong one is not complained of as well"


def test_an_empty_folder_is_not_silently_right(tmp_path: Path) -> None:
    with pytest.raises(Problems, match="C005"):
        read_cases(tmp_path)


_TOKENS = st.sampled_from(
    [
        *"甲#`/-、，:：「」\t\n\x00\u3000\ufeff\u202e\ud800",
        *("  ", "\n  ", "\n\n", "```", "```case x\n", "\n```\n", "~~~case y\n", "> ", "- ", "<!--", "-->", "# x\n"),
        *(
            "标题 a",
            "依据 fair\n",
            "基于 x\n",
            "撤去 单位 U1\n",
            "单位 U1 a\n",
            "职务 U1 b\n",
            "行为 A1 c\n",
            "参与 U1 A1\n",
        ),
        *(
            "事实 集市.举办 U1 A1 有 证1\n",
            "认定 x 是",
            "裁定 a b\n",
            "评价 U1 A1\n",
            "期望 矛盾 ",
            "期望 U1 - 1 成立\n",
            "  稳健 是\n",
        ),
        *("  起 2015-02-31\n", "  止 持续\n", "  数量 a 1\n", "  摘要 sha256:\n", "是", "否", "13800000000", "证1"),
    ]
)


def read_or_refuse(raw: bytes, suffix: str) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / f"a{suffix}"
        path.write_bytes(raw)
        try:
            cases = read_cases(path)
        except Problems as problems:
            assert problems.problems
        else:
            assert cases
            for case in cases:
                check_case(case, FAIR)
                case_to_json(case)


FAIR = fair()


@given(st.binary(max_size=300))
def test_bytes_of_any_kind_give_cases_or_problems(raw: bytes) -> None:
    read_or_refuse(raw, ".md")
    read_or_refuse(raw, ".json")


@given(st.lists(_TOKENS, max_size=40).map("".join))
@example("```case x\n标题 a\n依据 fair\n单位 U1 a\n行为 A1 c\n  止 持续\n参与 U1 A1\n```")
def test_text_of_any_kind_gives_cases_or_problems(text: str) -> None:
    read_or_refuse(text.encode("utf-8", "surrogatepass"), ".md")
    try:
        parse_case_text(text, "x.md")
    except Problems as problems:
        assert problems.problems


@given(st.data())
def test_a_mangled_case_gives_cases_or_problems(data: st.DataObject) -> None:
    text = BASE + HEIR
    for _ in range(data.draw(st.integers(1, 4))):
        start = data.draw(st.integers(0, len(text)))
        end = min(len(text), start + data.draw(st.integers(0, 12)))
        text = text[:start] + data.draw(_TOKENS) + text[end:]
    read_or_refuse(text.encode("utf-8", "surrogatepass"), ".md")


@given(st.data())
def test_a_cut_case_is_never_taken_for_a_whole_one(data: st.DataObject) -> None:
    """A file cut off inside its block is not closed, and says so."""
    start, end = BASE.index("标题"), BASE.rindex("\n```")
    cut = BASE[: data.draw(st.integers(start, end))]
    with pytest.raises(Problems, match="C006"):
        parse_case_text(cut, "x.md")
