"""Random walks through the procedure: what is open is lawful, what is lawful comes to an end, one unlawful step is refused.

The moves are built from what a standing says is open; what must hold of them is written here apart, article by article.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from wenze.law import (
    Library,
    Move,
    OpenStep,
    Procedure,
    Standing,
    check_history,
    read_procedure,
    refusals,
    shipped,
    stand,
)

ROOT = Path(__file__).parents[2]
DEHONG = read_procedure(Library(shipped()), "dehong")
HARBOUR = read_procedure(Library(ROOT / "tests/instruments"), "harbour")
BEGIN = date(2025, 9, 1)  # every layer is in force; the walk passes into the year not announced yet
LONGEST = 20
SLOW = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def chosen_measures(
    standing: Standing, opened: OpenStep, outcome: str, draw: Callable[[int], int]
) -> dict[str, object]:
    """Band and measures where the step carries them, no heavier than what it may not exceed."""
    measures, step = standing.table.measures, opened.step
    if not asked(standing, opened, outcome):
        return {}
    earlier = [
        move
        for said, _ in step.not_heavier_than
        for move in reversed(standing.history)
        if move.step == said.value and move.measures
    ]
    if earlier:  # the lightest there is can exceed nothing
        return {"band": measures.bands[0].id, "measures": (measures.ranked[0].id,), "reason": "理由"}
    band = measures.bands[draw(len(measures.bands))]
    within = measures.within(band.id)
    return {"band": band.id, "measures": (within[draw(len(within))].id,), "reason": "理由"}


def asked(standing: Standing, opened: OpenStep, outcome: str) -> bool:
    """Whether a move with this outcome is refused for want of a measure."""
    bare = lawful(standing, opened, outcome, {})
    return "measure" in {refusal.id for refusal in refusals(standing, bare)}


def lawful(standing: Standing, opened: OpenStep, outcome: str, more: dict[str, object]) -> Move:
    papers = (*opened.papers, *opened.papers_of.get(outcome, ()))
    until = standing.on + timedelta(10) if opened.step.id == "notice" else None
    fields: dict[str, object] = {"receipt": standing.on, "until": until, "actors": 9, "reason": "理由", **more}
    return Move(opened.step.id, standing.on, opened.roles[0], outcome, papers, **fields)  # type: ignore[arg-type]  # each field of its type


def walk(
    procedure: Procedure, features: dict[str, bool], draw: Callable[[int], int], begin: date, length: int
) -> list[Move]:
    """A lawful history: at each turn some days pass and one of the open steps is taken."""
    history: list[Move] = []
    day = begin
    for _ in range(length):
        day += timedelta((0, 1, 3, 9, 20)[draw(5)])
        standing = stand(procedure, history, features, day)
        assert standing.open or standing.ended, (history, day)
        if not standing.open:
            break
        opened = standing.open[draw(len(standing.open))]
        outcome = opened.outcomes[draw(len(opened.outcomes))] if opened.outcomes else ""
        move = lawful(standing, opened, outcome, chosen_measures(standing, opened, outcome, draw))
        assert refusals(standing, move) == (), (opened.step.id, refusals(standing, move))
        history.append(move)
    return history


def drawn(data: st.DataObject) -> Callable[[int], int]:
    return lambda number: data.draw(st.integers(0, number - 1))


FEATURES = st.fixed_dictionaries({name: st.booleans() for name in DEHONG.on(BEGIN).features})


@SLOW
@given(st.data(), FEATURES, st.integers(1, LONGEST))
def test_a_random_lawful_history_is_accepted_step_by_step(
    data: st.DataObject, features: dict[str, bool], length: int
) -> None:
    history = walk(DEHONG, features, drawn(data), BEGIN, length)
    assert check_history(DEHONG, history, features) == ()
    check_by_the_articles(history, features)


@SLOW
@given(st.data(), st.fixed_dictionaries({"tidal": st.booleans()}))
def test_a_random_lawful_history_of_the_second_procedure_is_accepted(
    data: st.DataObject, features: dict[str, bool]
) -> None:
    history = walk(HARBOUR, features, drawn(data), date(2022, 11, 1), 12)  # passes from one version into the next
    assert check_history(HARBOUR, history, features) == ()


@SLOW
@given(st.data(), FEATURES, st.integers(0, LONGEST))
def test_every_case_can_be_brought_to_its_end_and_every_clock_has_one(
    data: st.DataObject, features: dict[str, bool], length: int
) -> None:
    history = walk(DEHONG, features, drawn(data), BEGIN, length)
    whole = brought_to_its_end(DEHONG, history, features)
    standing = stand(DEHONG, whole, features, whole[-1].day)
    assert standing.ended == "archive"
    for run in standing.clocks:
        assert run.due >= run.start and run.state not in {"running", "overdue"}


def brought_to_its_end(procedure: Procedure, history: list[Move], features: dict[str, bool]) -> list[Move]:
    """The history, gone on with until nothing but the archive is left: the nearest way out first."""
    first = ("archive", "close", "pass-up", "recommend-upward", "lead", "check", "open", "inquire")
    moves, day = list(history), max([move.day for move in history], default=BEGIN)
    for _ in range(60):
        standing = stand(procedure, moves, features, day)
        if standing.ended == "archive":
            return moves
        ready = {opened.step.id: opened for opened in standing.open}
        due = [run.due for run in standing.clocks if run.state == "running" and run.right]
        fresh = [id for id in ready if id not in {move.step for move in moves} and not ready[id].step.side]
        needed = ("reporter-result", "correct", "answer-complaint", "answer-review", "execute", "serve", "determine")
        order = [id for id in (*first[:4], *needed, *first[4:], *fresh) if id in ready]
        order = [id for id in order if id not in {"complain", "review-up", "keep"}]
        order = [id for id in order if not (id == "determine" and features["managed-here"])] or order
        if not order:
            assert due, (standing.stage, [refused for refused in standing.refused if refused.step.id == "archive"])
            day = min(due) + timedelta(1)
            continue
        opened = ready[order[0]]
        outcome = opened.outcomes[0] if opened.outcomes else ""
        more = chosen_measures(standing, opened, outcome, lambda _: 0)
        moves.append(lawful(standing, opened, outcome, more))
        assert refusals(standing, moves[-1]) == ()
    raise AssertionError([move.step for move in moves])


@SLOW
@given(st.data(), FEATURES, st.integers(2, LONGEST))
def test_one_unlawful_step_in_a_lawful_history_is_refused_and_says_by_what(
    data: st.DataObject, features: dict[str, bool], length: int
) -> None:
    history = walk(DEHONG, features, drawn(data), BEGIN, length)
    at = data.draw(st.integers(0, len(history) - 1))
    standing = stand(DEHONG, history[:at], features, history[at].day)
    spoilt = data.draw(st.sampled_from(list(spoil(standing, history[at]))))
    found = refusals(standing, spoilt)
    assert found
    for refusal in found:
        assert refusal.message.zh and refusal.message.en
        assert refusal.basis is None or refusal.basis.cite("zh")
    assert [index for index, _ in check_history(DEHONG, [*history[:at], spoilt], features)] == [at] * len(found)


def spoil(standing: Standing, move: Move) -> list[Move]:
    """The move made unlawful in each way there is."""
    step = standing.table.steps[move.step]
    spoilt = [replace(move, step=refused.step.id, outcome="", papers=()) for refused in standing.refused]
    roles = [role for role in standing.table.roles if role not in {said.value for said in step.roles}]
    spoilt += [replace(move, role=role) for role in roles[:1]]
    spoilt += [replace(move, relations=(said.value,)) for said in step.excluded]
    spoilt += [replace(move, papers=move.papers[1:])] if move.papers else []
    spoilt += [replace(move, actors=int(step.actors.value) - 1)] if step.actors else []
    spoilt += [replace(move, outcome="nothing")]
    spoilt += [replace(move, receipt=move.day + timedelta(1))]
    spoilt += [replace(move, measures=("flogging",), band="cruel")]
    return spoilt


def check_by_the_articles(history: list[Move], features: dict[str, bool]) -> None:
    """What must hold of any lawful history, told from the articles and not from the steps' conditions."""
    steps = [move.step for move in history]
    for at, move in enumerate(history):
        before = history[:at]
        assert not at or steps[0] == "lead"
        if move.step in LAW:
            assert LAW[move.step](before, move, features), (move, steps[:at])
    ended = [at for at, step in enumerate(steps) if step in ENDS]
    if ended:
        after = {"archive", "clear-name", "correct", "refer", "reporter-result", "reporter-objection"}
        assert set(steps[ended[0] + 1 :]) <= after


ENDS = {"close", "pass-up", "pass-on", "settle", "recommend-upward"}
Rule = Callable[[list[Move], Move, dict[str, bool]], bool]


def last(history: list[Move], *steps: str) -> int:
    return max((at for at, each in enumerate(history) if each.step in steps), default=-1)


def may_decide(before: list[Move], _: Move, features: dict[str, bool]) -> bool:
    told, heard, answered = (last(before, step) for step in ("notice", "statement", "answer-points"))
    proposed = last(before, "recommend", "direct")  # central 13, 15
    spoken = before[heard].outcome != "heard" or answered > heard  # central 14
    return features["managed-here"] and -1 < proposed < told < heard and spoken


def may_complain(before: list[Move], move: Move, _: dict[str, bool]) -> bool:
    served = before[last(before, "serve")].receipt
    return served is not None and (move.day - served).days <= 15 + 10  # central 22, and a holiday at the end


LAW: dict[str, Rule] = {
    "open": lambda before, move, features: features["managed-here"],  # dehong 4
    "inquire": lambda before, move, features: features["managed-here"] and last(before, "open") >= 0,
    "recommend-upward": lambda before, move, features: not features["managed-here"],  # dehong 15
    "check": lambda before, move, features: not features["superior-matter"] and not features["about-own-head"],
    "decide": may_decide,
    "serve": lambda before, move, features: any(
        each.step == "decide" and each.outcome == "accountable" for each in before
    ),
    "execute": lambda before, move, features: not features["elected"] or last(before, "statutory") >= 0,  # central 21
    "complain": may_complain,
    "archive": lambda before, move, features: (
        last(before, "serve", *ENDS) >= 0
        and (last(before, "complain") < 0 or last(before, "answer-complaint") > last(before, "complain"))
    ),
}


@pytest.mark.long
@settings(max_examples=1_000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.data(), FEATURES, st.integers(1, 60))
def test_many_random_lawful_histories_are_accepted(data: st.DataObject, features: dict[str, bool], length: int) -> None:
    history = walk(DEHONG, features, drawn(data), BEGIN, length)
    assert check_history(DEHONG, history, features) == ()
    check_by_the_articles(history, features)
