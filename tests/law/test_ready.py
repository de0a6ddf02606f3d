"""Answers from code made beforehand against the evaluation of the single case: every conclusion and every line of every reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path
from random import Random

import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from exact.test_oracle import Trial, trials
from law.lamps import constraint, facts, rule
from law.lamps import law as lamps
from wenze.law import FactKey, Given, Law, Layout, Library, Ready, Shape, State, Told, shipped
from wenze.law.establish import Status
from wenze.law.reasons import Reason, of_rule
from wenze.law.rules import Scope
from wenze.law.shape import grounded

HARBOUR = Path(__file__).parents[1] / "instruments"


@pytest.fixture(scope="module", params=["dehong", "harbour"])
def ready(request: pytest.FixtureRequest) -> tuple[Law, Shape, Ready]:
    """A law and what is made ready of it: for a single respondent, and in the smaller instrument for two."""
    library, shape = (Library(shipped()), Shape(1, 1)) if request.param == "dehong" else (Library(HARBOUR), Shape(2, 1))
    law = library.law(request.param)
    return law, shape, Ready(law, shape, defaults(law))


def defaults(law: Law) -> dict[str, str]:
    return {reading.id: reading.default for reading in law.readings.values()}


def drawn(law: Law, shape: Shape, seed: int, share: float) -> dict[FactKey, bool]:
    """Some facts known, whether or not constraints allow it."""
    random = Random(seed)
    people, events = [f"P{n + 1}" for n in range(shape.participants)], [f"V{n + 1}" for n in range(shape.events)]
    entities = {
        Scope.CASE: [()],
        Scope.RESPONDENT: [(one,) for one in people],
        Scope.ACT: [("A1",)],
        Scope.PARTICIPATION: [(one, "A1") for one in people],
        Scope.EVENT: [(one,) for one in events],
        Scope.OUTCOME: [("A1", one) for one in events],
    }
    keys = [FactKey(fact.name, one) for fact in law.facts.values() for one in entities[fact.scope]]
    return {key: random.random() < 0.6 for key in keys if random.random() < share}


@pytest.mark.parametrize(("seed", "share"), [(1, 1.0), (2, 0.9), (3, 0.75), (4, 0.5), (5, 0.2)])
def test_what_is_ready_answers_as_the_single_case_does(
    ready: tuple[Law, Shape, Ready], seed: int, share: float
) -> None:
    law, shape, made = ready
    assert len(set(held(law, shape, made, drawn(law, shape, seed, share), defaults(law)))) > 1


@given(trials(), st.tuples(st.integers(1, 2), st.integers(0, 2)), st.integers(0, 1000))
def test_random_law_answers_as_its_single_case_does(trial: Trial, size: tuple[int, int], seed: int) -> None:
    law, options, shape = trial.found.law, trial.found.evaluation.options, Shape(*size)
    made = Ready(law, shape, options)
    for share in (0, 0.2, 0.4, 0.6, 0.8):
        for state in held(law, shape, made, drawn(law, shape, seed, share), options):
            event(str(state))


def held(
    law: Law, shape: Shape, made: Ready, known: Mapping[FactKey, bool], in_force: Mapping[str, str]
) -> Iterator[State]:
    """Every state, every option and every line against the evaluation of the single case."""
    states = {key: Status.PROVEN if holds else Status.DISPROVEN for key, holds in known.items()}
    evaluation = Given(law, Layout.of(shape), in_force, states)
    answer = made.answer(known)
    for asked, state, options in zip(made.asked, answer.states, answer.options(), strict=True):
        rule = asked.target.rule
        act = "" if rule and rule.scope is Scope.RESPONDENT else "A1"
        outcome = evaluation.outcome(*grounded(evaluation, asked.target, f"P{asked.slot + 1}", act))
        assert state is outcome.state, f"{asked.target.name} P{asked.slot + 1}"
        assert tuple(options) == outcome.depends, f"{asked.target.name} P{asked.slot + 1}"
        for reading, by_option in options.items():
            assert tuple(by_option) == law.readings[reading].option_ids
            for option, found in by_option.items():
                assert found is evaluation.state_under(outcome, {**in_force, reading: option}), (reading, option)
        yield state
    told = answer.reasons()
    for (rule_id, respondent), root in made.roots.items():
        act = "" if law.rules[rule_id].scope is Scope.RESPONDENT else "A1"
        for line, reason in side_by_side(told, root, of_rule(evaluation, rule_id, respondent, act), set()):
            assert (line.line.kind, line.line.name, line.line.here) == (reason.kind, reason.name, reason.here)
            assert line.state is reason.state, reason.id


def side_by_side(told: list[Told], number: int, reason: Reason, seen: set[int]) -> Iterator[tuple[Told, Reason]]:
    if number in seen:
        return
    seen.add(number)
    yield told[number], reason
    for below, child in zip(told[number].line.below, reason.children, strict=True):
        yield from side_by_side(told, below, child, seen)


def test_nothing_known_is_nothing_false(ready: tuple[Law, Shape, Ready]) -> None:
    """Unknown is an answer: with no fact at all, whatever is not open is so whichever way the facts turn out."""
    law, shape, made = ready
    evaluation = Given(law, Layout.of(shape), defaults(law))
    circumstances = [
        (asked, state)
        for asked, state in zip(made.asked, made.answer({}).states, strict=True)
        if asked.target.role == "circumstance"
    ]
    assert circumstances
    for asked, state in circumstances:
        gate, whole = grounded(evaluation, asked.target, f"P{asked.slot + 1}", "A1")
        assert state is evaluation.outcome(gate, whole).state


def test_what_a_constraint_binds_to_a_fact_no_rule_turns_on_is_ready_too() -> None:
    law = lamps(
        facts("灯.报 事实 行为", "灯.坏 事实 行为"),
        rule("乙", "全部\n  灯.报\n  恒假"),
        rule("甲", "全部\n  灯.坏\n  非 灯.坏"),
        constraint("报则坏", "若 灯.报\n则 灯.坏"),
    )
    made = Ready(law, Shape(1, 1), {})
    assert [asked.target.name for asked in made.asked] == ["乙", "甲"]
    assert set(made.answer({}).states) == {State.NOT_MADE_OUT}
