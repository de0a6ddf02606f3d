"""Cases that would try an engine: dozens of contested facts at once, facts that contradict, a receipt whose writer was killed."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from wenze.law import (
    Case,
    Determination,
    Law,
    Library,
    Problems,
    State,
    canonical,
    check_case,
    determine,
    read_cases,
    read_receipt,
    receipt,
    recheck,
    shipped,
)
from wenze.law.case import FactKey, FactRecord, Finding
from wenze.law.rules import Nature, Scope

ROOT = Path(__file__).parents[2]
CASES = ROOT / "regulations/dehong/cases"
ON = date(2020, 1, 1)
HERE = {
    Scope.CASE: (),
    Scope.RESPONDENT: ("P1",),
    Scope.ACT: ("A1",),
    Scope.PARTICIPATION: ("P1", "A1"),
    Scope.EVENT: ("V1",),
    Scope.OUTCOME: ("A1", "V1"),
}


@pytest.fixture(scope="module")
def law() -> Law:
    return Library(shipped()).law("dehong", date(2014, 5, 1))


@cache
def scenarios() -> dict[str, Case]:
    return {case.id: case for case in read_cases(CASES, root=CASES)}


@pytest.fixture(scope="module")
def contested(law: Law) -> Determination:
    """Evidence for and against every fact about one person's act, of which nothing was found."""
    plain = scenarios()["10-基础"]
    asked = [
        FactKey(fact.name, HERE[fact.scope])
        for fact in law.facts.values()
        if fact.nature in (Nature.FACT, Nature.CAUSE) and not fact.proof_only and not fact.disproof_only
    ]
    facts = {key: FactRecord(key, plain.place, ("书证",), ("笔录",)) for key in asked}
    alone = {pair: part for pair, part in plain.participations.items() if pair == ("P1", "A1")}
    case = replace(plain, facts=facts, findings={}, participations=alone, expectations=())
    assert check_case(case, law) == []
    return determine(law, case, ON)


def test_a_case_with_over_64_open_facts_is_decided_exactly_and_says_what_is_missing(contested: Determination) -> None:
    open_ = {key for one in contested.all() for key in one.function.mentions if isinstance(key, FactKey)}
    assert len({key for key in open_ if contested.evaluation.fact(key).contested}) > 64
    undecided = [one for one in contested.circumstances if one.state is State.OPEN and contested.touched(one)]
    assert len(undecided) >= 8
    for one in undecided:
        needed = contested.missing(one)
        assert needed.against_it.sets and (needed.for_it.sets or needed.for_it.longer)


def test_what_it_says_would_settle_it_settles_it(law: Law, contested: Determination) -> None:
    """By the front door: the answer is entered as a finding and the case determined again."""
    for one in contested.circumstances:
        if one.state is not State.OPEN or not contested.touched(one):
            continue
        (key, holds), *others = contested.missing(one).against_it.sets[0]
        assert isinstance(key, FactKey) and not others
        found = Finding(key, holds, contested.case.place, "调查组", date(2015, 6, 1), "两方证据核对后认定")
        again = determine(law, replace(contested.case, findings={key: found}), ON)
        after = next(each for each in again.circumstances if each.rule.id == one.rule.id and each.respondent == "P1")
        assert after.state is State.NOT_MADE_OUT


@pytest.mark.long
def test_its_receipt_derives_again(law: Law, contested: Determination) -> None:
    raw = canonical(receipt(contested, "0"))
    assert recheck(read_receipt(raw, "r.json"), law, "0") == []


def test_facts_that_contradict_have_no_state_name_the_smallest_conflict_and_derive_again(law: Law) -> None:
    made = determine(law, scenarios()["10.5-矛盾"], ON)
    assert made.contradictions and all(len(conflict) == 2 for conflict in made.contradictions)
    assert {key.name for conflict in made.contradictions for key in conflict} == {"欺骗.存在", "欺骗.编造材料"}
    held = [one for one in made.responsibilities if one.rule.id == "10.5"]
    assert held and {one.state for one in held if one.respondent == "P5"} == {State.CONTRADICTORY}
    raw = canonical(receipt(made, "0"))
    assert recheck(read_receipt(raw, "r.json"), law, "0") == []


def test_a_receipt_whose_writer_was_killed_is_none_and_is_said_so() -> None:
    """The reader takes one page of it and the writer is killed while the rest waits in the pipe."""
    command = [sys.executable, "-m", "wenze", "determine", "--sample", "--format", "json"]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=env) as writer:
        assert writer.stdout is not None
        head = writer.stdout.read(4096)
        writer.kill()
    assert writer.returncode < 0 and len(head) == 4096
    with pytest.raises(Problems, match=r"L090 r\.json:1: not a receipt"):
        read_receipt(head, "r.json")
