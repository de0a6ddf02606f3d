"""Official text: cited both ways, shown in the punctuation of the page, never changed; what of it the rules encode."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wenze.law import Library, anchor_of, cite, on_screen
from wenze.law.lint.coverage import coverage
from wenze.law.text import article_of, chinese_number, half_width, is_word, item_body, number_of, places_of

ROOT = Path(__file__).parents[2]
NUMBERS = st.integers(1, 9_999)
CHINESE_TEXT = st.text(alphabet="第条款项年月日会议,;:()?!。、 08:54-AaZz“”「」，；：（）？！")


@pytest.mark.parametrize(
    ("number", "numeral"),
    {
        1: "一",
        10: "十",
        11: "十一",
        17: "十七",
        20: "二十",
        99: "九十九",
        100: "一百",
        101: "一百零一",
        110: "一百一十",
        111: "一百一十一",
        1000: "一千",
        1001: "一千零一",
        1010: "一千零一十",
        9999: "九千九百九十九",
    }.items(),
)
def test_numbers_are_written_as_chinese_law_writes_them(number: int, numeral: str) -> None:
    assert (chinese_number(number), number_of(numeral)) == (numeral, number)


@given(NUMBERS)
def test_every_numeral_names_the_number_it_was_written_for(number: int) -> None:
    assert number_of(chinese_number(number)) == number
    assert number_of(str(number)) == number


@given(NUMBERS, st.none() | NUMBERS, st.sampled_from(["zh", "en"]))
def test_every_citation_leads_back_to_its_anchor(article: int, item: int | None, lang: str) -> None:
    anchor = f"{article}.{item}" if item else str(article)
    assert anchor_of(cite(anchor, lang)) == anchor
    assert anchor_of(half_width(cite(anchor, lang))) == anchor
    assert article_of(anchor) == str(article)


FORMS = """
6.7|6(7)|6 (7)|Art. 6(7)|art 6(7)|Article 6(7)|Article 6 (7)
第六条第(七)项|第六条第（七）项|第六条第七项|第6条第7项|第6条第(7)项|第六条 第（七）项
"""


@pytest.mark.parametrize("citation", re.split(r"[|\n]", FORMS.strip()))
def test_a_citation_is_understood_in_every_form_lawyers_write(citation: str) -> None:
    assert anchor_of(citation) == anchor_of(f" {citation} ") == "6.7"


@pytest.mark.parametrize(
    "words", ["", "six", "第条", "第六", "六条", "6.", "6()", "Art.", "6.7.8", "第六条第项", "6(7", "-6", "R-6.7"]
)
def test_what_is_no_citation_names_no_anchor(words: str) -> None:
    assert anchor_of(words) is None


@given(st.text(max_size=30))
def test_any_words_are_a_citation_or_none(words: str) -> None:
    anchor = anchor_of(words)
    assert anchor is None or cite(anchor, "zh")


@pytest.mark.parametrize(
    ("anchor", "zh", "en"), [("0", "题名", "the title"), ("12345", "12345", "12345"), ("x", "x", "x")]
)
def test_what_has_no_chinese_numeral_is_shown_as_it_is(anchor: str, zh: str, en: str) -> None:
    assert (cite(anchor, "zh"), cite(anchor, "en")) == (zh, en)


# On the screen.


@pytest.mark.parametrize(
    ("held", "shown"),
    [
        ("第一条 甲,乙;丙:", "第一条 甲，乙；丙："),
        ("(七)未经批准的;", "（七）未经批准的；"),
        ("日期:2014-05-12 08:54 来源:", "日期：2014-05-12 08:54 来源："),
        ("下午3:20召开,(见附件1)", "下午3:20召开，（见附件1）"),
        ("“有下列情形之一的”,应当", "“有下列情形之一的”，应当"),
        ("Art. 6(7), see: 1:2 (x)", "Art. 6(7), see: 1:2 (x)"),
        ("是否?是!", "是否？是！"),
        ("已经,,全角，的", "已经，，全角，的"),
    ],
)
def test_punctuation_beside_chinese_is_wide_and_times_stay_as_they_are(held: str, shown: str) -> None:
    assert on_screen(held) == shown


@given(CHINESE_TEXT)
def test_what_is_shown_is_the_held_text_in_another_width_only(text: str) -> None:
    assert half_width(on_screen(text)) == half_width(text)
    assert on_screen(on_screen(text)) == on_screen(text)


@given(
    st.integers(0, 23),
    st.integers(0, 59),
    st.sampled_from(["", "于", "至 ", "(", "时间:"]),
    st.sampled_from(["", "召开", " 止", ")", ","]),
)
def test_a_time_is_never_touched(hour: int, minute: int, before: str, after: str) -> None:
    assert f"{hour:02}:{minute:02}" in on_screen(f"{before}{hour:02}:{minute:02}{after}")


@given(st.text(alphabet=st.characters(max_codepoint=127)))
def test_latin_text_stays_as_it_is(text: str) -> None:
    assert on_screen(text) == text


@pytest.mark.parametrize("name", ["dehong-2014.txt", "harbour-2020.txt"])
def test_no_half_width_comma_is_left_in_an_official_text_on_the_screen(name: str) -> None:
    path = next(path for folder in ("regulations", "tests/instruments") for path in (ROOT / folder).rglob(name))
    for line in path.read_text(encoding="utf-8").splitlines():
        assert not set(on_screen(line)) & set(",;?!")
        assert half_width(on_screen(line)) == half_width(line)


# Where quoted words stand.


@pytest.mark.parametrize(
    ("words", "text", "places"),
    [
        ("批准", "未经批准,或者虽经批准", [(2, 4), (9, 11)]),
        ("批准，或", "未经批准,或者虽经批准", [(2, 6)]),
        ("批准,或", "未经批准，或者", [(2, 6)]),
        ("(七)", "（七）未经", [(0, 3)]),
        ("哈哈", "哈哈哈", [(0, 2), (1, 3)]),
        ("没有", "未经批准", []),
        ("", "未经批准", []),
    ],
)
def test_words_are_found_wherever_they_stand_in_either_width(
    words: str, text: str, places: list[tuple[int, int]]
) -> None:
    assert places_of(words, text) == places


@given(CHINESE_TEXT, st.data())
def test_every_piece_of_a_text_is_found_in_it(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    assert start == end or (start, end) in places_of(on_screen(text)[start:end], text)


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("(七)未经批准", "未经批准"),
        ("（十一）其他", "其他"),
        ("第十一条 为了", "为了"),
        ("第一款没有编号", "第一款没有编号"),
        ("  (一) 甲", "甲"),
    ],
)
def test_the_number_of_a_paragraph_is_none_of_its_words(text: str, body: str) -> None:
    assert text[item_body(text) :] == body


def test_punctuation_and_spaces_are_no_words() -> None:
    assert [char for char in "甲,乙 A1。(）“" if is_word(char)] == ["甲", "乙", "A", "1"]


# How much of it the rules encode.


def test_coverage_counts_every_word_once_as_quoted_explained_or_left() -> None:
    law = Library(ROOT / "tests/instruments").law("harbour")
    for one in coverage(law):
        words = [
            char for line in law.articles[one.anchor].paragraphs for char in line[item_body(line) :] if is_word(char)
        ]
        assert one.words == len(words)
        assert sum(is_word(char) for words in one.left for char in words) == one.uncovered


def test_the_words_nobody_quotes_are_named() -> None:
    found = {one.anchor: one for one in coverage(Library(ROOT / "tests/instruments").law("harbour"))}
    assert found["30"].uncovered == 0
    assert "会商时" in " ".join(found["26"].left)
