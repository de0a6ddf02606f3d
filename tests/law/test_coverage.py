"""How much of the text the rules encode: which characters count, and whose quotes."""

from __future__ import annotations

from pathlib import Path

from wenze.law import Law, Library
from wenze.law.lint.coverage import Coverage, coverage

from .orchard import law_of, spoilt

ROOT = Path(__file__).parents[2]


def of(law: Law, anchor: str) -> Coverage:
    return next(one for one in coverage(law) if one.anchor == anchor)


def test_every_character_of_words_is_counted_once_and_neither_the_number_nor_punctuation() -> None:
    """果园主任擅自砍树造成水土流失的应当问责 has nineteen."""
    assert of(law_of(), "1") == Coverage("1", 19, 0, 0, ())


def test_only_articles_with_a_rule_or_an_exception_are_covered() -> None:
    assert [one.anchor for one in coverage(law_of())] == ["1", "2", "3"]


def test_what_no_node_quotes_is_left_in_pieces_as_the_text_has_them() -> None:
    law = spoilt(
        ("    非 砍树.获批 「擅自」", "    非 砍树.获批"),
        ("依解读 流失-程度 「水土流失的」", "依解读 流失-程度 「流失」"),
    )
    one = of(law, "1")
    assert (one.quoted, one.uncovered, one.left) == (14, 5, ("擅自", "水土", "的"))


def test_explained_words_are_those_no_node_quotes() -> None:
    explained = "后果 无\n不引 「雨季开渠的」 试验 / trial\n"
    one = of(spoilt(("后果 无\n", explained), ("  开渠.雨季 「雨季开渠的」", "  开渠.雨季 「开渠」")), "2")
    assert (one.quoted, one.explained, one.uncovered) == (10, 3, 0)
    assert of(spoilt(("后果 无\n", explained)), "2").explained == 0


def test_quotes_of_a_definition_count_where_it_quotes_and_only_when_it_is_used() -> None:
    """园主任 stands in Art. 1; a quote with @2 counts for Art. 2."""
    both = ("条件 人员.主任 「果园主任」@1", "条件 人员.主任 「果园主任」@1 「雨季」@2")
    rest = ("  开渠.雨季 「雨季开渠的」", "  开渠.雨季 「开渠的」")
    assert of(spoilt(rest), "2").left == ("雨季",)
    assert of(spoilt(rest, both), "2").left == ()
    idle = "```define 闲\n标题 闲 / idle\n条件 砍树.夜间 「雨季」@2\n```\n\n## 第四条 {#4}"
    assert of(spoilt(rest, ("## 第四条 {#4}", idle)), "2").left == ("雨季",)


def test_quotes_of_gates_conclusions_modalities_exceptions_and_notes_count() -> None:
    assert of(spoilt(("适用 园主任 「果园主任」", "适用 园主任")), "2").left == ("果园主任",)
    law = spoilt(
        ("后果 无\n条件 行为", "情态 应当 若 园主任 「果园主任」\n后果 无\n条件 行为"),
        ("适用 园主任 「果园主任」", "适用 园主任"),
    )
    assert of(law, "2").left == ()
    assert of(spoilt(("结论 直接责任 应当 「承担直接责任」", "结论 直接责任 应当")), "3").left == ("承担直接责任",)
    without = ("条件 反对.事先 「事先反对的除外」", "条件 反对.事先")
    assert of(spoilt(without), "3").left == ("事先反对的除外",)
    assert of(spoilt(without, ("条件 砍树.夜间", "条件 砍树.夜间 「事先反对的除外」@3")), "3").left == ()


def test_a_guard_is_not_the_text_and_covers_nothing() -> None:
    law = spoilt(("    非 砍树.获批 「擅自」", "    非 砍树.获批"), ("  非 人员.园工", "  非 人员.园工 「擅自」@1"))
    assert of(law, "1").left == ("擅自",)


def test_the_chapeau_of_items_is_covered_too() -> None:
    found = {one.anchor: one for one in coverage(Library(ROOT / "tests/instruments").law("harbour"))}
    assert found["23"].left == ("任职人员有下列情形之一的",)
    assert list(found)[:3] == ["23", "23.1", "23.2"]


def test_shares_are_whole_per_cent_rounded_up_so_that_little_is_not_nothing() -> None:
    one = Coverage("1", 198, 1, 1, ("的",))
    assert (one.words, one.share(one.quoted), one.share(one.uncovered), one.share(0)) == (200, 99, 1, 0)
    assert Coverage("1", 0, 0, 0, ()).share(0) == 0


def test_at_most_a_tenth_of_any_item_of_the_real_regulation_is_explained() -> None:
    """Issue 2: explained (not quoted) words are at most 10 % of any item of Arts. 6, 7, 10, and none is left over."""
    items = [
        one
        for one in coverage(Library(ROOT / "regulations").law("dehong"))
        if one.anchor[:2] in {"6.", "7."} or one.anchor[:3] == "10."
    ]
    assert len(items) == 30
    for one in items:
        assert 10 * one.explained <= one.words and one.left == (), one
