"""The first regulation: its official text is the held one, every article is encoded or says why not, every scenario comes out."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from wenze.law import (
    Case,
    Law,
    Library,
    check_case,
    check_case_expectations,
    coverage,
    exercise,
    half_width,
    read_cases,
    shipped,
)
from wenze.law.rules import Bilingual, Nature

FOLDER = Path(__file__).parents[2] / "regulations/dehong"
FILES = sorted(path.name for path in (FOLDER / "cases").glob("*.md"))
CHINESE = re.compile(r"[\u4e00-\u9fff]")
# The posts of a story are held by codes: the stems and branches, as in 甲, 乙, 子.
CODES = set("甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉戌亥")
SURNAMES = "张王李赵刘陈杨黄周吴徐孙马朱胡郭何罗郑梁谢宋唐许邓冯韩曹曾彭萧蔡潘董袁蒋杜苏魏程吕丁沈姚卢傅钟姜崔谭廖范汪陆戴贾韦夏邱侯邹熊孟秦"
NAMED = re.compile(rf"[{SURNAMES}](?:某|(?:书记|局长|县长|所长|主任|同志|先生|女士)(?![\u4e00-\u9fff]*级))")
NUMBER = re.compile(r"(?<!\d)(?:\d{17}[\dXx]|1[3-9]\d{9})(?!\d)")


@pytest.fixture(scope="session")
def law() -> Law:
    return Library(shipped()).law("dehong", date(2014, 5, 1))


@pytest.fixture(scope="session")
def cases() -> tuple[Case, ...]:
    return read_cases(FOLDER / "cases", root=FOLDER / "cases")


# The official text


def test_the_held_copy_is_the_one_whose_digest_the_instrument_names(law: Law) -> None:
    header = law.sources[0].header
    assert header["text-file"] == "dehong-2014.txt"
    assert hashlib.sha256((FOLDER / "dehong-2014.txt").read_bytes()).hexdigest() == header["digest"]


def test_the_blockquotes_are_the_official_text_line_by_line(law: Law) -> None:
    held = (FOLDER / "dehong-2014.txt").read_text(encoding="utf-8").splitlines()
    written = [paragraph for article in law.sources[0].articles for paragraph in article.paragraphs]
    assert [line.strip() for line in written] == [line.strip() for line in held if line.strip()]


def test_all_seventeen_articles_stand_in_their_order(law: Law) -> None:
    assert [anchor for anchor in law.articles if "." not in anchor and anchor != "0"] == [
        str(number) for number in range(1, 18)
    ]
    items = {
        article: [anchor for anchor in law.articles if anchor.startswith(f"{article}.")] for article in ("6", "7", "10")
    }
    assert {article: len(found) for article, found in items.items()} == {"6": 10, "7": 12, "10": 8}


def test_every_article_and_item_is_encoded_or_says_why_it_is_not(law: Law) -> None:
    tables = (law.rules, law.definitions, law.exceptions, law.readings, law.notes, law.duty_sources)
    encoded = {block.anchor for table in tables for block in table.values()} | {
        fact.anchor for fact in law.facts.values()
    }
    silent = {anchor for anchor in law.articles if anchor != "0"} - encoded
    assert all(law.articles[anchor].reason_not_encoded for anchor in silent)
    quoted = set(re.findall(r"」@(\d+)", (FOLDER / "2014-05-01.md").read_text(encoding="utf-8")))
    items = {anchor.partition(".")[0] for anchor in encoded if "." in anchor}
    for number in ("2", "3", "4", "6", "7", "8", "10", "12", "14", "15", "17"):
        assert number in encoded | quoted | items, number
    assert set(law.terms("环节")) >= {"信息", "决策", "处置"}  # Art. 11: the links that acts are entered by
    for article in law.articles.values():
        if article.reason_not_encoded:
            assert article.reason_not_encoded.zh and article.reason_not_encoded.en


def test_every_item_of_the_circumstances_and_of_attribution_has_its_rule(law: Law) -> None:
    encoded = {rule.anchor for rule in law.rules.values()}
    items = [anchor for anchor in law.articles if anchor.partition(".")[0] in {"6", "7", "10"} and "." in anchor]
    assert [anchor for anchor in items if anchor not in encoded] == []
    assert {rule.anchor for rule in law.by_role("circumstance")} == {
        item for item in items if not item.startswith("10")
    }


@pytest.mark.parametrize("article", ["6", "7", "10"])
def test_the_words_of_every_item_are_encoded_and_hardly_any_only_explained(law: Law, article: str) -> None:
    items = [one for one in coverage(law) if one.anchor.startswith(f"{article}.")]
    assert len(items) == {"6": 10, "7": 12, "10": 8}[article]
    for one in items:
        assert (one.anchor, one.uncovered, one.left) == (one.anchor, 0, ())
        assert 10 * one.explained <= one.words, (one.anchor, one.explained, one.words)


def test_every_quoted_word_stands_in_the_text_it_is_quoted_from(law: Law) -> None:
    """Also in facts, readings and prose: 「…」 in the instrument's own file is from the official text."""
    text = half_width("".join(paragraph for article in law.articles.values() for paragraph in article.paragraphs))
    source = (FOLDER / "2014-05-01.md").read_text(encoding="utf-8")
    quoted = {
        half_width(words)
        for line in source.splitlines()
        if not line.startswith(">")
        for words in re.findall("「([^」]+)」", line)
    }
    assert len(quoted) > 300
    assert sorted(words for words in quoted if words not in text) == []


# Readings, questions, languages


def bilingual(law: Law) -> Iterator[tuple[str, Bilingual]]:
    """Everything the instrument says in two languages."""
    for reading in law.readings.values():
        yield from ((f"reading {reading.id}", text) for text in (reading.question, reading.reason, reading.interpreter))
        yield from ((f"reading {reading.id} {option}", text) for option, text in reading.options)
    for fact in law.facts.values():
        yield f"fact {fact.name}", fact.question
    for name, table in (
        ("rule", law.rules),
        ("define", law.definitions),
        ("exception", law.exceptions),
        ("duty-source", law.duty_sources),
    ):
        yield from ((f"{name} {block}", value.title) for block, value in table.items())
    for note in law.notes.values():
        yield from ((f"note {note.id}", text) for text in (note.title, note.text))
    for guard in law.guards.values():
        yield from ((f"guard {guard.id}", text) for text in (guard.title, guard.text))
    yield from ((f"constraint {one.id}", one.title) for one in law.constraints)
    yield from ((f"vocabulary {name}", term) for name, terms in law.vocabularies.items() for term in terms.terms)


def is_english(text: str) -> bool:
    """English, in which a name or a quoted word may stand in Chinese."""
    return len(re.findall("[A-Za-z]", text)) > 4 * len(CHINESE.findall(text))


def test_everything_said_is_said_in_both_languages(law: Law) -> None:
    for where, text in bilingual(law):
        assert CHINESE.search(text.zh), where
        assert is_english(text.en), where
    for fact in law.facts.values():
        assert is_english(fact.english), fact.name


def test_every_question_is_a_question(law: Law) -> None:
    for fact in law.facts.values():
        assert half_width(fact.question.zh).rstrip(")").rstrip("。").count("?") >= 1, fact.name
        assert "?" in fact.question.en, fact.name


def test_every_reading_has_one_default_and_one_mildest_among_its_options(law: Law) -> None:
    assert len(law.readings) > 30
    for reading in law.readings.values():
        assert len(set(reading.option_ids)) == len(reading.option_ids) >= 2, reading.id
        assert reading.option_ids.count(reading.default) == reading.option_ids.count(reading.mildest) == 1, reading.id
        assert reading.reason.zh and reading.interpreter.zh, reading.id


def test_the_english_reason_for_a_default_names_no_option_by_its_code(law: Law) -> None:
    """A page gives options in words; a code within the reason would be Chinese in an English page, and unexplained."""
    alone = r"(?<![\u4e00-\u9fff]){}(?![\u4e00-\u9fff])"
    named = [
        (reading.id, option)
        for reading in law.readings.values()
        for option in reading.option_ids
        if re.search(alone.format(option), reading.reason.en)
    ]
    assert named == []


def test_every_fact_that_is_no_data_says_what_proves_it(law: Law) -> None:
    for fact in law.facts.values():
        if fact.nature is Nature.DATA:
            assert fact.source is not None and not fact.proof, fact.name
        else:
            assert fact.proof or fact.guidance, fact.name


# Safeguards


def test_the_softwares_own_safeguards_stand_apart_from_the_law(law: Law) -> None:
    assert {guard.place.file for guard in law.guards.values()} == {"dehong/guards.md"}
    named = {rule for guard in law.guards.values() for rule in guard.about}
    assert {"6.1", "6.10", "7.1", "7.12"} <= named
    in_guards = [
        block for block in (*law.rules.values(), *law.exceptions.values()) if block.place.file != "dehong/2014-05-01.md"
    ]
    assert in_guards == []


# Scenarios


def test_there_are_at_least_eighty_scenarios_each_a_story_with_an_answer(cases: tuple[Case, ...]) -> None:
    told = [case for case in cases if case.expectations]
    assert len(told) >= 80
    for case in told:
        assert case.title.zh and case.title.en, case.id
        assert len(CHINESE.findall(case.story)) >= 20, case.id
        assert all(expectation.because or expectation.kind for expectation in case.expectations)


@pytest.mark.parametrize("file", FILES)
def test_every_scenario_of_a_file_comes_out_as_expected(law: Law, cases: tuple[Case, ...], file: str) -> None:
    found = [case for case in cases if Path(case.place.file).name == file]
    assert found
    for case in found:
        assert check_case(case, law) == []
        wrong = [(met.expectation, met.got) for met in check_case_expectations(law, case, date.max) if not met.met]
        assert (case.id, wrong) == (case.id, [])


def test_whoever_has_a_matter_in_the_sample_by_the_division_of_work_is_recorded_as_in_charge_of_it(
    cases: tuple[Case, ...],
) -> None:
    """The paper and the recorded part do not contradict each other, of anybody."""
    (sample,) = (case for case in cases if case.id == "sample")
    said = {key.entities: bool(fact.supporting) for key, fact in sample.facts.items() if key.name == "分管.属分管事项"}
    assert said == {pair: "分管" in sample.participations[pair].parts for pair in said} and len(said) == 2


@pytest.mark.parametrize("article", ["6", "7"])
def test_every_item_is_made_out_not_made_out_and_left_open_by_some_scenario(
    law: Law, cases: tuple[Case, ...], article: str
) -> None:
    shown: dict[str, set[str]] = {}
    for case in cases:
        for expected in case.expectations:
            if expected.kind == "state" and expected.rule in law.rules:
                shown.setdefault(law.rules[expected.rule].anchor, set()).add(expected.state)
    for item in (anchor for anchor in law.articles if anchor.startswith(f"{article}.")):
        assert {"made-out", "not-made-out", "open"} <= shown.get(item, set()), item
    applied = {state for item, states in shown.items() if item.startswith(f"{article}.") for state in states}
    assert "not-applicable" in applied


def test_every_rule_of_attribution_is_applied_and_defeated_by_some_scenario(law: Law, cases: tuple[Case, ...]) -> None:
    shown: dict[str, set[str]] = {}
    for case in cases:
        for expected in case.expectations:
            if expected.kind == "state" and expected.rule in law.rules:
                shown.setdefault(expected.rule, set()).add(expected.state)
    for role in ("responsibility", "competence", "channel"):
        for rule in law.by_role(role):
            assert {"made-out", "not-made-out"} <= shown.get(rule.id, set()), rule.id


@pytest.mark.long
def test_no_leaf_gate_or_reading_is_without_a_scenario_that_depends_on_it(law: Law, cases: tuple[Case, ...]) -> None:
    found = exercise(law, cases, date.max)
    assert found.tried > 500
    assert [f"{one.place} {one.block} {one.words}" for one in (*found.leaves, *found.gates)] == []
    assert (found.readings, found.unmet) == ((), ())


# People


def test_no_person_is_named_and_no_number_of_a_person_stands_anywhere() -> None:
    for path in (*FOLDER.glob("*.md"), *(FOLDER / "cases").glob("*.md")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            assert not NAMED.search(line), f"{path.name}:{number}: {line}"
            assert not NUMBER.search(line), f"{path.name}:{number}: {line}"


def test_posts_are_held_by_codes(cases: tuple[Case, ...]) -> None:
    assert {post.holder for case in cases for post in case.posts.values() if post.holder} <= CODES


def test_findings_and_rulings_are_made_by_bodies_and_roles(cases: tuple[Case, ...]) -> None:
    by = {finding.by for case in cases for finding in case.findings.values()} | {
        ruling.by for case in cases for ruling in case.rulings
    }
    assert all(name is None or (len(name) > 1 and not NAMED.search(name)) for name in by)
