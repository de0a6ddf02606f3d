"""What is written is read: both languages, both widths of punctuation, every line kept, nothing passed over.

`forms/` holds one instrument twice, with every keyword in Chinese and in English.
"""

from __future__ import annotations

import hashlib
import random
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenze.law import Law, Place, Problems, compile_sources
from wenze.law.parse import source_of
from wenze.law.rules import Bilingual, Mark, Node, Op, Quote, Source
from wenze.law.tree import leaves

HERE = Path(__file__).parent
TEXT = (HERE.parent / "instruments/harbour/2020-01-01.md").read_text(encoding="utf-8")

CHINESE = (HERE / "forms/chinese.md").read_text(encoding="utf-8")
ENGLISH = (HERE / "forms/english.md").read_text(encoding="utf-8")


def alike(value: Any) -> Any:  # Any: a walk over every shape of rules.py
    """A shape without its places and digests: what it says."""
    if isinstance(value, Place):
        return None
    if hasattr(value, "__dataclass_fields__"):
        return {
            name: alike(getattr(value, name)) for name in value.__dataclass_fields__ if name not in ("digest", "file")
        }
    if isinstance(value, (tuple, list)):
        return [alike(part) for part in value]
    return value


def read(text: str | bytes) -> Source:
    return source_of(text.encode() if isinstance(text, str) else text, "x.md")


def tree(condition: str) -> Node:
    return read(f"```define 门\n标题 门 / gate\n条件 {condition}\n```\n").definitions[0].condition


# Two languages, two widths.


def test_chinese_and_english_keywords_are_equal() -> None:
    assert alike(read(ENGLISH)) == alike(read(CHINESE))


def test_no_chinese_keyword_is_left_in_the_english_one() -> None:
    assert set(re.findall(r"^\s*([\u4e00-\u9fff]+) ", ENGLISH, re.MULTILINE)) == {"甲"}  # a term


KEY = r"^([^\s|>#`:]+) (?=\S)"  # what a header line begins with
WIDTHS: dict[str, Callable[[str], str]] = {
    "colon after the key": lambda text: re.sub(KEY, r"\1:", text, flags=re.MULTILINE),
    "wide colon after the key": lambda text: re.sub(KEY, r"\1：", text, flags=re.MULTILINE),
    "wide colon and space": lambda text: re.sub(KEY, r"\1： ", text, flags=re.MULTILINE),
    "wide space after the key": lambda text: re.sub(KEY, "\\1\u3000", text, flags=re.MULTILINE),
    "commas in lists": lambda text: re.sub("(1|情形|日志)、", r"\1, ", text),
    "wide commas in lists": lambda text: re.sub("(1|情形|日志)、", r"\1，", text),
    "bars between values": lambda text: text.replace("本级、下级", "本级\\|下级"),
    "wide bars": lambda text: text.replace("本级、下级", "本级｜下级").replace("甲 | a", "甲｜a"),
    "wide slash": lambda text: text.replace(" / ", " ／ "),
    "wide colon after 不编码": lambda text: text.replace("不编码:", "不编码："),
}  # fmt: skip


@pytest.mark.parametrize("width", WIDTHS)
def test_half_and_full_width_punctuation_are_equal(width: str) -> None:
    vocabulary = "```词汇 职级 有序\n甲 | a\n```"
    changed = WIDTHS[width](CHINESE.replace(vocabulary, "@@")).replace("@@", WIDTHS["wide bars"](vocabulary))
    assert changed != CHINESE
    assert alike(read(changed)) == alike(read(CHINESE))


def test_every_mixture_of_widths_in_a_whole_instrument_is_equal() -> None:
    mixed, dice = [], random.Random(6)
    fenced = ""
    for line in TEXT.split("\n"):
        fenced = ("" if fenced else line) if line.startswith("```") else fenced
        key = re.match(r"([^\s「」]+) (?=\S)", line)
        if fenced and not line.startswith("```") and key and not fenced.startswith(("```vocabulary", "```词汇")):
            line = key[1] + dice.choice([" ", ":", "：", " : ", "： ", "\u3000"]) + line[key.end() :]
        mixed.append(line)
    assert alike(read("\n".join(mixed))) == alike(read(TEXT))


@pytest.mark.parametrize(
    "written",
    [TEXT.replace("\n", "\r\n"), TEXT.replace("\n", "\r"), "\ufeff" + TEXT, TEXT + "\n\n", TEXT.rstrip("\n")],
    ids=["CRLF", "CR", "byte order mark", "empty lines", "no last line end"],
)
def test_line_ends_and_a_byte_order_mark_do_not_matter(written: str) -> None:
    assert read(written).rules == read(TEXT).rules  # places included
    assert alike(read(written)) == alike(read(TEXT))


def test_comments_spaces_at_the_end_and_empty_lines_in_blocks_say_nothing() -> None:
    assert tree("全部   # 说明\n\n  甲.一  \n  # 只有说明\n  甲.二#不是说明") == Node(
        Op.ALL,
        Place("x.md", 3),
        children=(Node(Op.FACT, Place("x.md", 5), "甲.一"), Node(Op.FACT, Place("x.md", 7), "甲.二#不是说明")),
    )


def test_the_digest_is_that_of_the_bytes_as_they_are() -> None:
    raw = ("\ufeff" + TEXT).encode()
    assert source_of(raw, "x.md").digest == hashlib.sha256(raw).hexdigest()


# Every line is kept.


def test_every_piece_carries_the_line_it_is_written_in() -> None:
    lines = TEXT.split("\n")
    source = read(TEXT)
    for rule in source.rules:
        assert lines[rule.place.line - 1].split()[1] == rule.id
        for node in leaves(rule.condition):
            line = lines[node.place.line - 1]
            assert node.name in line and node.complete in line
            assert all(f"「{quote.words}」" in lines[quote.place.line - 1] for quote in node.quotes)
    for fact in source.facts:
        assert lines[fact.place.line - 1].startswith(f"| {fact.name} |")
    for article in source.articles:
        assert lines[article.place.line - 1].startswith("#") and article.heading in lines[article.place.line - 1]


# Official text is taken as it is written.


@pytest.mark.parametrize(
    "line",
    [
        "第一条 有*星号*、_下划线_、`反引号`和[方括号](x)的。",
        "1. 看似列表的一行。",
        "- 看似列表的一行。",
        "# 看似标题的一行",
        "日期:2014-05-12 08:54 来源: A&B &amp; <i>",
        "|看似|表格|",
        r"反斜线 \* 不变",
        "末尾两个全角空格　　中间",
    ],
)
def test_markdown_has_no_say_in_official_text(line: str) -> None:
    source = read(f"## 第一条 {{#1}}\n\n> {line}\n>\n> 第二款。\n")
    assert source.articles[0].paragraphs == (line, "第二款。")


def test_each_line_of_a_quotation_is_a_paragraph() -> None:
    assert read("# 一 {#1}\n> 甲\n>乙\n>\n>  丙\n").articles[0].paragraphs == ("甲", "乙", "丙")


def test_an_article_without_rules_says_why() -> None:
    article = read("# 一 {#1}\n> 甲\n\n不编码：只说明目的。 / Purpose only.\n").articles[0]
    assert article.reason_not_encoded == Bilingual("只说明目的。", "Purpose only.")


# Tables and blocks.


def test_a_bar_in_a_cell_is_written_with_a_backslash() -> None:
    table = CHINESE.replace("本级、下级", r"本级\|下级")
    assert read(table).facts[3].source == read(CHINESE).facts[3].source
    assert read(CHINESE).facts[3].source is not None
    assert read(CHINESE).facts[3].source.values == ("own", "lower")  # type: ignore[union-attr]  # the line above


def test_disproof_is_as_proof_where_it_is_not_written() -> None:
    first = read(CHINESE).facts[0]
    assert (first.proof, first.proof_only, first.disproof, first.disproof_only) == (
        ("日志",),
        True,
        ("日志", "录音"),
        False,
    )
    same = read(CHINESE.replace("| 日志、录音 |", "| |")).facts[0]
    assert (same.disproof, same.disproof_only) == (("日志",), True)


@pytest.mark.parametrize(("opening", "closing"), [("```", "````"), ("````", "````"), ("~~~", "~~~"), ("```", "```  ")])
def test_a_block_may_be_fenced_as_markdown_allows(opening: str, closing: str) -> None:
    assert read(f"{opening}define 门\n标题 门 / gate\n条件 恒真\n{closing}\n").definitions[0].name == "门"


def test_a_ruler_below_prose_is_no_heading() -> None:
    source = read("## 第一条 {#1}\n\n说明\n---\n\n```define 门\n标题 门 / gate\n条件 恒真\n```\n")
    assert [article.anchor for article in source.articles] == ["1"]
    assert source.definitions[0].anchor == "1"


@pytest.mark.parametrize(
    ("written", "op", "name"),
    [
        ("甲.一", Op.FACT, "甲.一"),
        ("非 甲.一", Op.NOT, ""),
        ("行为 非 甲.一", Op.NOT, ""),
        ("ALL\n  甲.一", Op.ALL, ""),
        ("At-Least 1\n  甲.一", Op.AT_LEAST, ""),
        ("by-reading 读\n  take 宽 true", Op.CHOOSE, "读"),
        ("见 门二", Op.SEE, "门二"),
    ],
)
def test_an_operator_is_read_in_any_of_its_forms(written: str, op: Op, name: str) -> None:
    assert (tree(written).op, tree(written).name) == (op, name)


def test_a_mark_and_an_operator_may_share_the_line_of_the_condition() -> None:
    node = tree("后果 某 事件 名单 甲.五 非 甲.二 「丙」@1")
    assert (node.op, node.mark, node.over, node.complete) == (Op.SOME, Mark.CONSEQUENCE, "events", "甲.五")
    assert node.children[0].op is Op.NOT
    inner = node.children[0].children[0]
    assert (inner.name, inner.quotes) == ("甲.二", (Quote("丙", "1", Place("x.md", 3)),))


@pytest.mark.parametrize("order", ["除本人 名单 甲.五", "名单 甲.五 除本人", "list 甲.五 except self"])
def test_except_self_and_the_list_stand_in_either_order(order: str) -> None:
    node = tree(f"某 参与 {order}\n  甲.一")
    assert (node.except_self, node.complete) == (True, "甲.五")


def test_a_node_carries_all_the_quotes_of_its_line() -> None:
    assert [(quote.words, quote.anchor) for quote in tree("甲.一 「甲」 「乙」@1「丙」@1.2").quotes] == [
        ("甲", None),
        ("乙", "1"),
        ("丙", "1.2"),
    ]


# No input gives anything but a Source, a Law or Problems.


def law_or_problems(text: str) -> Law | Problems:
    try:
        return compile_sources([source_of(text.encode("utf-8", "surrogatepass"), "x.md")])
    except Problems as problems:
        assert problems.problems and str(problems)
        return problems


@given(st.text(alphabet=st.sampled_from("#{}>`|-:：、「」@*[]<!. \n\t甲乙1规则rule条件全部"), max_size=200))
def test_any_text_is_an_instrument_or_gives_problems(text: str) -> None:
    law_or_problems(text)


@given(st.binary(max_size=60))
def test_any_bytes_are_an_instrument_or_give_problems(raw: bytes) -> None:
    with pytest.raises(Problems):
        compile_sources([source_of(raw, "x.md")])


SNIPPETS = [
    "",
    " ",
    "  ",
    "\t",
    "「",
    "」",
    "@",
    "@99.9",
    "|",
    "`",
    "```",
    "> ",
    "# ",
    "{#1}",
    "、",
    "：",
    "非 ",
    "取 x ",
    "2020-13-45",
    "\u200b",
    "\0",
]


@given(
    st.lists(
        st.tuples(st.integers(0, len(TEXT)), st.integers(0, 12), st.sampled_from(SNIPPETS)), min_size=1, max_size=4
    )
)
def test_an_instrument_with_a_few_slips_is_still_one_or_gives_problems(slips: list[tuple[int, int, str]]) -> None:
    text = TEXT
    for at, length, instead in slips:
        text = text[:at] + instead + text[at + length :]
    law_or_problems(text)


@given(st.lists(st.tuples(st.integers(0, TEXT.count("\n")), st.integers(0, TEXT.count("\n"))), min_size=1, max_size=6))
def test_an_instrument_with_lines_moved_is_still_one_or_gives_problems(moves: list[tuple[int, int]]) -> None:
    lines = TEXT.split("\n")
    for origin, target in moves:
        lines.insert(target, lines.pop(origin))
    law_or_problems("\n".join(lines))


@pytest.mark.parametrize("line", range(0, TEXT.count("\n"), 7))
def test_an_instrument_with_one_line_missing_is_still_one_or_gives_problems(line: int) -> None:
    lines = TEXT.split("\n")
    law_or_problems("\n".join(lines[:line] + lines[line + 1 :]))
