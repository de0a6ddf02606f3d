"""The engine against the oracle on the regulation itself: every rule, in random cases near to one in which it holds."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from functools import cache
from random import Random

import pytest

from exact.cases import Maker
from exact.oracle import Oracle, TooMany
from exact.test_oracle import answers_of, compared_in
from wenze.law.casefile.check import check_case
from wenze.law.conclude import Conclusion, conclude
from wenze.law.determine import Determination, determine
from wenze.law.evaluate import State
from wenze.law.instrument import Law
from wenze.law.library import Library, shipped
from wenze.law.missing import missing
from wenze.law.rules import Scope

MOST_OPEN = 12
MOST = 3  # answers in a set; more take long on twelve open facts
FEW, MANY = 2, 60  # cases for each rule


@cache
def regulation() -> Law:
    return Library(shipped()).law("dehong")


RULES = tuple(regulation().rules)


def drawn(law: Law, rule: str, seed: int) -> tuple[Random, Determination, Conclusion]:
    """A random case about a rule with random readings, and the engine's conclusion."""
    random = Random(f"{rule} {seed}")
    options = {
        reading.id: random.choice(reading.option_ids) if random.random() < 0.3 else reading.default
        for reading in law.readings.values()
    }
    act = "A1" if law.rules[rule].scope is Scope.PARTICIPATION else ""
    for _ in range(8):
        maker = Maker(law, random)
        respondent = random.choice(maker.joined)
        case = maker.about(rule, respondent, options, MOST_OPEN)
        certain = Oracle(law.sources, case, options, fixed=True).certain
        here = Oracle.at(law.rules[rule].scope, respondent, act)
        if all(certain.of(law.definitions[gate.name].condition, here) is not False for gate in law.rules[rule].gates):
            break
    assert check_case(case, law) == []
    found = determine(law, case, date(2020, 1, 1), options)
    return random, found, next(iter(conclude(found.evaluation, law.rules[rule], respondent, act)))


def choices(random: Random, law: Law, found: Determination, conclusion: Conclusion) -> Iterator[Mapping[str, str]]:
    """The readings in force, each option of those the state depends on, random choices, and some of the others only."""
    options = found.evaluation.options
    yield options
    for reading in conclusion.outcome.depends:
        for option in law.readings[reading].option_ids:
            yield {**options, reading: option}
    for _ in range(3):
        yield {reading.id: random.choice(reading.option_ids) for reading in law.readings.values()}
    for _ in range(3):
        others = {
            reading.id: random.choice(reading.option_ids)
            for reading in law.readings.values()
            if reading.id not in conclusion.outcome.depends
        }
        yield {**options, **others}


def agree(rule: str, seed: int) -> str:
    """Hold one random case about `rule` against the oracle; what came out."""
    law = regulation()
    random, found, conclusion = drawn(law, rule, seed)
    outcome, evaluation = conclusion.outcome, found.evaluation
    where = f"{rule} {conclusion.respondent}, seed {seed}"
    for options in choices(random, law, found, conclusion):
        oracle = Oracle(law.sources, found.case, options, fixed=True, lean=True)
        try:
            table = oracle.conclude(rule, conclusion.respondent, conclusion.act)
        except TooMany:
            return "too many completions"
        if outcome.state is State.CONTRADICTORY:
            assert not table.possible, where
            return "contradictory"
        assert table.possible, where
        assert evaluation.state_under(outcome, options) == State(table.state(options)), f"{where}, {options}"
        if options == evaluation.options:
            assert outcome.gate_open == table.verdict().gate_open, where
        if options == evaluation.options and outcome.state is State.OPEN:
            _settles_alike(found, conclusion, oracle, where)
    return str(outcome.state)


def _settles_alike(found: Determination, conclusion: Conclusion, oracle: Oracle, where: str) -> None:
    table = oracle.conclude(conclusion.rule.id, conclusion.respondent, conclusion.act)
    asked = missing(found.evaluation, conclusion.function, MOST)
    compared = compared_in(conclusion)
    for direction, goal in ((asked.for_it, True), (asked.against_it, False)):
        settling = table.settling(goal, MOST, compared)
        assert answers_of(direction) == settling.sets, where
        assert direction.longer == settling.beyond, where


@pytest.mark.parametrize("rule", RULES)
def test_every_rule_of_the_regulation_comes_out_as_trying_every_completion_gives(rule: str) -> None:
    results = Counter(agree(rule, seed) for seed in range(FEW))
    assert results["too many completions"] < FEW


@pytest.mark.long
@pytest.mark.parametrize("rule", RULES)
def test_many_cases_of_every_rule(rule: str) -> None:
    results = Counter(agree(rule, seed) for seed in range(FEW, FEW + MANY))
    assert len(results) > 1, f"{rule} always comes out the same: {results}"
