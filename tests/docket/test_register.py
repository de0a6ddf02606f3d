"""The register says how many records hang on each reading: as many as change when every case is determined under each option."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import event, given

from docket.held import DAY, built
from exact.test_oracle import Trial, trials
from wenze.docket import Docket, Engine, NotForDocket, Writer, case_rows, register
from wenze.docket.groups import Batch
from wenze.docket.register import hanging
from wenze.docket.synth import synthesise
from wenze.law import Case, Law, Library, State, determine, of_pairs, read_cases, shipped, targets
from wenze.law.rules import Scope
from wenze.law.shape import grounded


def counted(law: Law, case: Case, on: date, options: Mapping[str, str], readings: list[str]) -> dict[str, int]:
    """The same, the long way: the case is determined anew under every option."""
    before = states(law, case, on, options)
    found = {}
    for reading in readings:
        changed = set[tuple[str, str]]()
        for option in law.readings[reading].option_ids:
            now = states(law, case, on, {**options, reading: option})
            changed |= {record for record, name in before if now[record, name] is not before[record, name]}
        found[reading] = len(changed)
    return found


def states(law: Law, case: Case, on: date, options: Mapping[str, str]) -> dict[tuple[tuple[str, str], str], State]:
    """(respondent, act), target → state of all that a docket is asked of a case."""
    evaluation = determine(law, case, on, options).evaluation
    found = {}
    for who, act in case.participations:
        for target in targets(law):
            if not of_pairs(target) or (who, act) in case.all_pairs():
                of_act = target.rule is None or target.rule.scope is not Scope.RESPONDENT
                functions = grounded(evaluation, target, who, act if of_act else "")
                found[(who, act), target.name] = evaluation.outcome(*functions).state
    return found


@given(trials(ranked=True))
def test_random_law_and_records(trial: Trial) -> None:
    case, law, options, on = trial.found.case, trial.found.law, trial.found.evaluation.options, date(2020, 1, 1)
    with TemporaryDirectory() as place:
        try:
            docket = built(Path(place) / "d", law, [case])
        except NotForDocket:
            event("connected with what has no part in an act")
            return
        readings = list(law.readings)
        found = hanging(docket, Engine(law, on, options, docket=docket), readings)
    assert found == counted(law, case, on, options, readings)
    event("something hangs on a reading" if any(found.values()) else "nothing does")


def test_the_real_regulation(tmp_path: Path) -> None:
    library = Library(shipped())
    law = library.law("dehong")
    small = [
        case
        for case in read_cases(library.cases("dehong"))
        if case.expectations and not case.rulings and len(case.participations) == 1
    ]
    some = [*small[::120], *small[7:8]]
    docket = built(tmp_path / "d", law, some)
    done: list[int] = []
    found = hanging(docket, Engine(law, DAY, docket=docket), list(law.readings), done.append)
    assert sum(done) == docket.acts
    looked = sorted(found, key=lambda reading: -found[reading])[:3] + list(found)[::23]
    wanted = [counted(law, case, DAY, {}, looked) for case in some]
    assert {reading: found[reading] for reading in looked} == {
        reading: sum(one[reading] for one in wanted) for reading in looked
    }
    assert max(found.values()) > 1


def test_acts_of_many_participants_of_whom_little_is_known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Record by record what the evaluation of the single case says of each option; nearly all of it is told without asking it."""
    singly_asked, ask = list[int](), register._ask_singly

    def asking(batch: Batch, engine: Engine, acts: Sequence[int], *rest: Any) -> None:  # Any: handed on
        singly_asked.append(len(acts))
        ask(batch, engine, acts, *rest)

    monkeypatch.setattr(register, "_ask_singly", asking)
    library = Library(shipped())
    law = library.law("dehong")
    with Writer(tmp_path / "d", law) as writer:
        cases = [case for case in read_cases(library.cases("dehong")) if 2 <= len(case.participations) <= 4]
        synthesise(writer, [case_rows(law, writer.tables, case) for case in cases], 4, seed=3)
    docket = Docket(tmp_path / "d")
    engine = Engine(law, DAY, docket=docket)
    found = hanging(docket, engine, list(law.readings))
    assert found == singly(docket, engine)
    assert sum(singly_asked) <= 1
    assert sum(times > 0 for times in found.values()) >= 10


def singly(docket: Docket, engine: Engine) -> dict[str, int]:
    """Reading → the records that change under some other option, each asked of its own evaluation."""
    found = dict.fromkeys(engine.law.readings, 0)
    for batch in docket.batches():
        options = engine.options(batch.group.rulings)
        for act in range(batch.group.acts):
            evaluation, _, _ = engine.single.evaluation((batch, act), options)
            for slot in range(batch.group.participants):
                outcomes = [engine.outcome((batch, act), slot, target) for target in engine.targets]
                for reading in {one for outcome in outcomes for one in outcome.depends}:
                    others = [{**options, reading: one} for one in engine.law.readings[reading].option_ids]
                    found[reading] += any(
                        evaluation.state_under(outcome, other) is not outcome.state
                        for outcome in outcomes
                        if reading in outcome.depends
                        for other in others
                    )
    return found
