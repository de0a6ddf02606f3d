"""A second, fictitious instrument: other articles, kinds, ranks, units and parts, half of it in English keywords.

What it shows: the language and the engine know no instrument. It passes through everything the first one passes
through, and no string of either occurs in the sources.
"""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from typer.testing import CliRunner

from wenze.cli.main import whole
from wenze.law import (
    Case,
    Law,
    Library,
    State,
    Words,
    canonical,
    case_from_json,
    case_to_json,
    check_case,
    cite,
    determine,
    read_cases,
    reasons,
    receipt,
    recheck,
)
from wenze.law.expect import actual, check_case_expectations
from wenze.law.lint.findings import findings, too_large
from wenze.law.rules import Nature, Op, Scope
from wenze.law.text import half_width
from wenze.law.tree import leaves

ROOT = Path(__file__).parents[2]
INSTRUMENTS = ROOT / "tests/instruments"
HARBOUR = Library(INSTRUMENTS).law("harbour")
CASES = {case.id: case for case in read_cases(INSTRUMENTS / "harbour/cases", root=INSTRUMENTS)}
EXPECTING = [case for case in CASES.values() if case.expectations]
BEFORE_SETTLEMENT, AFTER_SETTLEMENT = date(2020, 12, 31), date(2022, 6, 1)
DAYS = {"只有抽查-已决": AFTER_SETTLEMENT}


def day_of(case: Case) -> date:
    return DAYS.get(case.id, BEFORE_SETTLEMENT)


def everything(law: Law) -> Iterator[tuple[str, str]]:
    """What an instrument calls its own: (what it is, the string)."""
    yield from (("term", term.zh) for vocabulary in law.vocabularies.values() for term in vocabulary.terms)
    cited = [cite(anchor, "zh") for anchor in law.articles if anchor != "0"]
    yield from (("article", each) for citation in cited for each in (citation, half_width(citation)))
    yield from (("fact", name) for name in law.facts)
    named = (law.readings, law.rules, law.exceptions, law.definitions, law.notes, law.guards, law.duty_sources)
    yield from (("name", name) for table in named for name in table if not re.fullmatch(r"[0-9.]+", name))
    yield from (("title", title) for title in (law.title.zh, law.title.en))


# It passes through everything.


def test_it_uses_every_part_of_the_language() -> None:
    trees = [
        value.condition
        for table in (HARBOUR.rules, HARBOUR.definitions, HARBOUR.exceptions)
        for value in table.values()
    ]
    assert set(Op) - {node.op for tree in trees for node in leaves(tree)} <= {Op.TRUE, Op.FALSE, Op.SEE}
    assert {fact.nature for fact in HARBOUR.facts.values()} == set(Nature)
    assert {fact.scope for fact in HARBOUR.facts.values()} == set(Scope) - {Scope.CASE}
    assert set(HARBOUR.groups.values()) == {"circumstance", "responsibility", "competence", "channel", ""}
    assert HARBOUR.exceptions["26-又执行"].overrides == ("26-反对",)
    assert HARBOUR.exceptions["28-代行"].replaced_by == "补充责任"
    assert HARBOUR.readings["R-23.1-查验"].settled is not None
    assert (len(HARBOUR.constraints), len(HARBOUR.notes), len(HARBOUR.guards)) == (2, 1, 1)


def test_nothing_of_it_is_called_as_in_the_first_instrument() -> None:
    first = Library(ROOT / "regulations").law("dehong")
    shared = {string for _, string in everything(HARBOUR)} & {string for _, string in everything(first)}
    assert shared == set()


def test_its_official_text_is_the_held_one_line_by_line() -> None:
    held = (INSTRUMENTS / "harbour/harbour-2020.txt").read_bytes()
    assert hashlib.sha256(held).hexdigest() == HARBOUR.sources[0].header["digest"]
    written = [paragraph for article in HARBOUR.sources[0].articles for paragraph in article.paragraphs]
    assert written == held.decode("utf-8").splitlines()


def test_there_are_at_least_eight_scenarios_with_expectations() -> None:
    assert len(EXPECTING) >= 8


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_scenario_is_free_of_problems_and_comes_out_as_expected(case: Case) -> None:
    assert check_case(case, HARBOUR) == []
    for met in check_case_expectations(HARBOUR, case, day_of(case)):
        assert met.met, (met.expectation, met.got.en)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_the_whole_determination_says_what_each_expectation_says_alone(case: Case) -> None:
    determination = determine(HARBOUR, case, day_of(case))
    for expectation in case.expectations:
        found = [
            one
            for one in determination.all()
            if (one.rule.id, one.respondent, one.act) == (expectation.rule, expectation.respondent, expectation.act)
        ]
        if expectation.kind == "state":
            assert [one.state.value for one in found if one.replaced_by is None] == [expectation.state]
        assert actual(determination.evaluation, expectation).met


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_every_conclusion_has_its_reasons_in_both_languages(case: Case) -> None:
    determination = determine(HARBOUR, case, day_of(case))
    for conclusion in determination.all():
        tree = reasons(determination.evaluation, conclusion)
        for lang in ("zh", "en"):
            assert Words(determination, lang).answer(conclusion)
            assert all(Words(determination, lang).reason(reason) for reason in (tree, *tree.children))


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_its_receipt_derives_again_byte_for_byte(case: Case) -> None:
    made = receipt(determine(HARBOUR, case, day_of(case)), "0")
    assert recheck(json.loads(canonical(made)), HARBOUR, "0") == []
    assert canonical(receipt(determine(HARBOUR, case, day_of(case)), "0")) == canonical(made)


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_a_scenario_means_the_same_in_json(case: Case) -> None:
    again = case_from_json(case_to_json(case), "case.json")
    if not case.participations:
        return
    states = [
        [(one.rule.id, one.respondent, one.act, one.state) for one in determine(HARBOUR, each, day_of(case)).all()]
        for each in (case, again)
    ]
    assert states[0] == states[1]


def test_the_checks_of_the_law_itself_find_nothing_impossible_in_it() -> None:
    assert too_large(HARBOUR) == ()
    idle = {"F001", "F002", "F004", "F005", "F009", "F020", "F021", "F022", "F030", "F031", "F032"}
    assert {finding.id for finding in findings(HARBOUR)} & idle == set()


@pytest.mark.parametrize(
    ("command", "said"),
    [
        (["cases", "--lang", "en"], f"{len(EXPECTING)} of {len(EXPECTING)}"),
        (["determine", "--case", "三人会商", "--lang", "en"], "bears supplementary responsibility"),
        (["determine", "--case", "三人会商", "--lang", "zh"], "补充责任"),
        (["determine", "--case", "三人会商", "--format", "json"], '"wenze-receipt/2"'),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_command_line_works_with_it(command: list[str], said: str) -> None:
    name, *options = command
    arguments = [name, str(INSTRUMENTS / "harbour/cases"), "--law", str(INSTRUMENTS), *options]
    result = CliRunner().invoke(whole(), arguments, env={"COLUMNS": "200"})
    assert (result.exit_code, said in result.output) == (0, True), result.output


# What the features mean, once each, by name.


def state_of(case: str, respondent: str, act: str, rule: str, on: date = BEFORE_SETTLEMENT) -> State:
    found = determine(HARBOUR, CASES[case], on).all()
    return next(
        one.state
        for one in found
        if (one.respondent, one.act, one.rule.id) == (respondent, act, rule) and one.replaced_by is None
    )


def test_an_exception_to_an_exception_restores_what_the_exception_took() -> None:
    assert state_of("局长反对", "P1", "A1", "25-连带") is State.NOT_MADE_OUT
    assert state_of("反对后又执行", "P1", "A1", "25-连带") is State.MADE_OUT
    assert state_of("又执行未定", "P1", "A1", "25-连带") is State.OPEN  # never treated as absent


def test_the_highest_is_the_highest_of_those_still_responsible_and_ties_are_a_set() -> None:
    assert state_of("三人会商", "P1", "A1", "25-首要") is State.MADE_OUT
    assert {who: state_of("局长反对", who, "A1", "25-首要") for who in ("P1", "P2", "P3")} == {
        "P1": State.NOT_MADE_OUT,
        "P2": State.MADE_OUT,
        "P3": State.MADE_OUT,
    }


def test_an_exception_that_replaces_puts_its_kind_in_the_place_of_the_rule() -> None:
    found = [
        one
        for one in determine(HARBOUR, CASES["三人会商"], BEFORE_SETTLEMENT).responsibilities
        if (one.rule.id, one.respondent) == ("27-签发", "P3")
    ]
    assert [(one.kind, one.state) for one in found] == [
        ("签发责任", State.NOT_MADE_OUT),
        ("补充责任", State.MADE_OUT),
    ]


def test_a_settled_reading_applies_from_its_day_and_a_ruling_before_it() -> None:
    assert state_of("只有抽查", "P2", "A1", "23.1", AFTER_SETTLEMENT) is State.MADE_OUT  # ruled in the case
    assert state_of("只有抽查-已决", "P2", "A1", "23.1", AFTER_SETTLEMENT) is State.NOT_MADE_OUT
    assert state_of("只有抽查-已决", "P2", "A1", "23.1", date(2021, 12, 31)) is State.MADE_OUT  # the default still


def test_competence_follows_who_manages_the_post() -> None:
    competences = determine(HARBOUR, CASES["由谁办理"], BEFORE_SETTLEMENT).competences
    assert {(one.respondent, one.kind) for one in competences if one.state is State.MADE_OUT} == {
        ("P1", "提请总局办理"),
        ("P2", "本局办理"),
        ("P3", "交航站办理"),
    }


def test_by_reference_changes_the_modality_only() -> None:
    case = CASES["大雾签发"]
    found = determine(HARBOUR, case, BEFORE_SETTLEMENT).circumstances
    assert {one.modalities for one in found} == {("必须",)}
    trial = determine(HARBOUR, CASES["试航者"], BEFORE_SETTLEMENT).circumstances
    assert {one.modalities for one in trial if one.rule.id == "23.1"} == {("比照",)}


# No string of any instrument occurs in the sources.

# What an instrument happens to share with the language or with plain Chinese, and why it may stand in the sources.
KEYWORD = "a keyword of the rule language (docs/language.md), or part of one"
ORDINARY = "an ordinary word of Chinese, used in sentences of the program and not as a term"
CITATION = "an example of how a citation may be written or is shown, in help and docstrings"
ALLOWED = {
    "一般": KEYWORD,
    "其他": KEYWORD,
    "任职": KEYWORD,
    "不可能": ORDINARY,
    **dict.fromkeys(("作为", "分管", "审核", "干部", "应当", "录像", "录音", "执行", "承办", "表决"), ORDINARY),
    "可以": ORDINARY,
    "会议": ORDINARY,
    "文件": ORDINARY,
    "记录": ORDINARY,
    "集体决定": ORDINARY,
    "问责": "the domain the program serves, and what it is called; not used as a kind",
    "第六条": CITATION,
    "第六条第(七)项": CITATION,
    "第六条第（七）项": CITATION,
}


def strings_of(path: Path) -> Iterator[tuple[int, str]]:
    """Every string of a module with its line: constants, parts of f-strings, docstrings."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.lineno, node.value


WEB = (
    ROOT / "src/wenze/web"
)  # its pages speak in sentences, of recordings and of matters in charge: only a string that is the term is one


def test_no_string_of_any_instrument_occurs_in_the_sources() -> None:
    laws = [HARBOUR, *(Library(ROOT / "regulations").law(name) for name in Library(ROOT / "regulations").instruments())]
    own = {string: what for law in laws for what, string in everything(law) if string and string not in ALLOWED}
    found = []
    for path in sorted((ROOT / "src").rglob("*.py")):
        lines = list(strings_of(path))
        whole = "\n".join(text for _, text in lines)
        near = {string: what for string, what in own.items() if string in whole}  # each line is asked only for these
        found += [
            f"{path.relative_to(ROOT)}:{line}: the {what} {string}"
            for line, text in lines
            for string, what in near.items()
            if (text.strip() == string if what == "term" and WEB in path.parents else string in text)
        ]
    assert found == []


def test_what_is_allowed_in_the_sources_is_no_fact_reading_or_rule() -> None:
    laws = [HARBOUR, Library(ROOT / "regulations").law("dehong")]
    named = {name for law in laws for table in (law.facts, law.readings, law.rules) for name in table}
    assert not named & ALLOWED.keys()
