"""What a docket says held against the determinations of its cases, record by record."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path

from law.acts import named
from wenze.docket import Docket, Engine, GroupAnswers, Writer, building, case_rows
from wenze.docket.columns import unpacked
from wenze.law import Case, Conclusion, Determination, Law, Outcome, State, determine
from wenze.law.decide import TRUE
from wenze.law.variables import Function, Here

DAY = date(2026, 1, 31)
EVERYWHERE = Function(TRUE, frozenset())  # a guard is asked of everybody
ANSWERS = {State.MADE_OUT: "yes", State.NOT_MADE_OUT: "no", State.OPEN: "open", State.CONTRADICTORY: "open"}
STATES = (State.NOT_APPLICABLE, State.MADE_OUT, State.NOT_MADE_OUT, State.CONTRADICTORY, State.OPEN)


def built(folder: Path, law: Law, cases: Sequence[Case]) -> Docket:
    with Writer(folder, law) as writer, building(writer) as builder:
        for case in cases:
            builder.add(case_rows(law, writer.tables, case))
    return Docket(folder)


def held(docket: Docket, engine: Engine, cases: Sequence[Case], on: date = DAY) -> Counter[State]:
    """Every answer of a docket against the determination of its case; how often each state was compared."""
    by_id = {case.id: case for case in cases}
    found = {id_: determine(engine.law, case, on, engine.chosen) for id_, case in by_id.items()}
    said = {id_: {(named(one), one.respondent, one.act): one for one in made.all()} for id_, made in found.items()}
    seen = Counter[State]()
    for batch in docket.batches():
        for number, target, slot, state, gate, robust in records(engine.determine(batch)):
            case = by_id[batch.tables["acts"].column("case")[number].as_py()]
            row = slot * batch.group.acts + number
            respondents = [*case.units, *case.posts]
            who = respondents[batch.tables["participations"].column("respondent")[row].as_py()]
            act = list(case.acts)[batch.tables["acts"].column("act")[number].as_py()]
            where = f"{case.id} {target} {who} {act}"
            outcome = _said_of_guard(found[case.id], target, who, act) or _said_of_rule(said[case.id], target, who, act)
            seen[state] += 1
            assert (state, gate, robust) == (outcome.state, outcome.gate_open, not outcome.depends), where
    return seen


def _said_of_rule(said: Mapping[tuple[str, str, str], Conclusion], target: str, who: str, act: str) -> Outcome:
    return (said.get((target, who, act)) or said[target, who, ""]).outcome


def _said_of_guard(made: Determination, target: str, who: str, act: str) -> Outcome | None:
    """A guard has no conclusion of its own: its condition, which is what its answer on a circumstance rests on."""
    guard = made.law.guards.get(target)
    if guard is None:
        return None
    outcome = made.evaluation.outcome(EVERYWHERE, made.evaluation.ground(guard.condition, Here(who, act)))
    for one in made.reliance:
        if (one.guard.id, one.conclusion.respondent, one.conclusion.act) == (target, who, act):
            assert one.answer == ANSWERS[outcome.state], (target, who, act)
    return outcome


def records(group: GroupAnswers) -> list[tuple[int, str, int, State, bool, bool]]:
    """(act, target, participant, state, gate, robust) of all that was asked."""
    acts = group.batch.group.acts
    found = []
    for answer in group.answers:
        asked = unpacked(group.asked(answer), acts)
        planes = {state: unpacked(answer.plane(state, group.used), acts) for state in STATES}
        gate, robust = unpacked(answer.gate, acts), unpacked(answer.robust, acts)
        for number in range(acts):
            states = [state for state in STATES if planes[state][number]]
            assert len(states) == 1, (answer.target.name, states)
            if asked[number]:
                found.append(
                    (number, answer.target.name, answer.slot, states[0], bool(gate[number]), bool(robust[number]))
                )
    return found
