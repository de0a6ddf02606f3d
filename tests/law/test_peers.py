"""The rules that `benchmarks/` gives to other engines say what the law says: clingo, given them, answers as the engine does."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path
from random import Random

import pytest

from wenze.law import Law, Library, Ready, Shape, State, shipped

sys.path.insert(0, str(Path(__file__).parents[2] / "benchmarks"))

from peers.asp import Clingo
from peers.rules import Rules, rules_of

DAY = date(2026, 1, 31)


@pytest.fixture(scope="module")
def made() -> tuple[Rules, Clingo, Ready]:
    law: Law = Library(shipped()).law("dehong")
    rules = rules_of(law, DAY)
    return rules, Clingo(rules), Ready(law, Shape(1, 1), {one.id: one.default for one in law.readings.values()})


def states(made: tuple[Rules, Clingo, Ready], values: dict[str, bool]) -> dict[str, State]:
    rules, _, ready = made
    known = {rules.facts[name]: value for name, value in values.items()} | dict.fromkeys(rules.complete, True)
    names = (asked.target.name for asked in ready.asked)
    return dict(zip(names, ready.answer(known).states, strict=True))


@pytest.mark.parametrize("seed", range(8))
def test_a_peer_given_our_rules_answers_alike_where_every_fact_is_known(
    made: tuple[Rules, Clingo, Ready], seed: int
) -> None:
    rules, clingo, _ = made
    values = rules.known(Random(seed))
    said, found = clingo.answer(values), states(made, values)
    for identifier, (rule, _, _) in rules.conclusions.items():
        assert said[identifier] is (found[rule] is State.MADE_OUT), rule
        assert said[f"a{identifier[1:]}"] is (found[rule] is not State.NOT_APPLICABLE), rule


@pytest.mark.parametrize("seed", range(8))
def test_a_peer_given_our_rules_answers_alike_where_facts_are_open(
    made: tuple[Rules, Clingo, Ready], seed: int
) -> None:
    rules, clingo, _ = made
    random = Random(seed)
    values = {name: value for name, value in rules.known(random).items() if random.random() < 0.7}
    (must, can), found = clingo.bounds(values), states(made, values)
    for identifier, (rule, _, _) in rules.conclusions.items():
        assert must[identifier] is (found[rule] is State.MADE_OUT), rule
        assert can[identifier] is (found[rule] in {State.MADE_OUT, State.OPEN}), rule


def test_the_benchmark_of_one_case_runs_and_ends_with_its_targets() -> None:
    """With whichever engines are installed; how fast it is, is no matter of a test."""
    program = Path(__file__).parents[2] / "benchmarks" / "single.py"
    run = subprocess.run([sys.executable, program, "--smoke"], capture_output=True, encoding="utf-8", check=False)
    assert run.returncode == 0, run.stdout + run.stderr
    targets = [line.split() for line in run.stdout.splitlines() if line.startswith("target ")]
    assert {one[1] for one in targets} >= {
        "case.states",
        "case.tree",
        "case.readings",
        "case.missing",
        "case.blank",
        "cli.cold",
    }
    assert all(
        float(value) > 0 and float(limit) > 0 and said in {"ok", "short"} for _, _, value, limit, said in targets
    )
