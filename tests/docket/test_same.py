"""A docket says of every record what the single case says of it."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa
import pytest
from hypothesis import event, given

from docket.held import DAY, built, held, records
from docket.rows import states, tiny
from exact.test_oracle import Trial, trials
from wenze.docket import Docket, Engine, Group, NotForDocket, Writer, single
from wenze.docket.kernel import BLOCK
from wenze.docket.single import Single
from wenze.docket.tables import TABLES, Tables, rows_of
from wenze.law import Case, Law, Library, State, read_cases, shipped


@given(trials(ranked=True))
def test_random_law_and_records(trial: Trial) -> None:
    case, law, options = trial.found.case, trial.found.law, trial.found.evaluation.options
    with TemporaryDirectory() as place:
        try:
            docket = built(Path(place) / "d", law, [case])
        except NotForDocket:
            event("connected with what has no part in an act")
            return
        for few in (0, 1000):  # by code, and one by one
            engine = Engine(law, date(2020, 1, 1), options, docket=docket, few=few)
            for state in held(docket, engine, [case], date(2020, 1, 1)):
                event(f"few {few}: {state}")


@pytest.fixture(scope="module")
def scenarios() -> tuple[Law, list[Case]]:
    library = Library(shipped())
    return library.law("dehong"), [case for case in read_cases(library.cases("dehong")) if case.expectations]


@pytest.mark.parametrize("every", [40, pytest.param(3, marks=pytest.mark.long)])
def test_the_real_regulation(scenarios: tuple[Law, list[Case]], tmp_path: Path, every: int) -> None:
    law, cases = scenarios
    some = cases[::every]
    docket = built(tmp_path / "d", law, some)
    engine = Engine(law, DAY, docket=docket, few=5)
    seen = held(docket, engine, some)
    assert min(seen[state] for state in State if state is not State.CONTRADICTORY) > 5
    assert engine.worked.code and engine.worked.trials and engine.worked.single


def test_every_option_of_a_reading_gives_what_it_gives_the_single_case(
    scenarios: tuple[Law, list[Case]], tmp_path: Path
) -> None:
    law, cases = scenarios
    alike = [case for case in cases if len(case.acts) == len(case.participations) == 1 and not case.events][:4]
    docket = built(tmp_path / "d", law, alike)
    engine = Engine(law, DAY, docket=docket, few=2)
    reading = "R-6.7-缺失"
    seen = [held(docket, engine.with_reading(reading, option), alike) for option in law.readings[reading].option_ids]
    assert len(seen) > 1 and all(one.total() > 100 for one in seen)


def test_what_was_forgotten_is_reckoned_again(
    scenarios: tuple[Law, list[Case]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law, cases = scenarios
    monkeypatch.setattr(single, "_MOST_REMEMBERED", 1)
    monkeypatch.setattr(single, "_MOST_EVALUATED", 1)
    docket = built(tmp_path / "d", law, cases[:2])
    engine = Engine(law, DAY, docket=docket, few=1000)
    held(docket, engine, cases[:2])
    assert engine.single.patterns > 1


def test_an_outcome_goes_with_the_evaluation_of_now(
    scenarios: tuple[Law, list[Case]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law, cases = scenarios
    monkeypatch.setattr(single, "_MOST_EVALUATED", 1)
    docket = built(tmp_path / "d", law, cases[:2])
    engine = Engine(law, DAY, docket=docket)
    for target in [*engine.targets[:20], *engine.targets[:20]]:
        for batch in docket.batches():  # each pushes out the one before
            options = engine.options(batch.group.rulings)
            evaluation, _, _ = engine.single.evaluation((batch, 0), options)
            outcome = engine.outcome((batch, 0), 0, target)
            if outcome.state is not State.CONTRADICTORY:
                assert evaluation.state_under(outcome, options) is outcome.state


def test_readings_chosen_and_rulings_made_change_what_they_change_in_the_single_case(
    scenarios: tuple[Law, list[Case]], tmp_path: Path
) -> None:
    law, cases = scenarios
    ruled = [case for case in cases if case.rulings][:3]
    some = ruled + [case for case in cases if case not in ruled][:2]
    assert some[0].rulings
    docket = built(tmp_path / "d", law, some)
    assert any(group.rulings for group in docket.groups)
    held(docket, Engine(law, DAY, {"R-14-清单": "第六条"}, docket=docket), some)


@pytest.mark.parametrize("acts", [1, 2, 63, 64, 65, 127, 128, 64 * BLOCK - 1, 64 * BLOCK, 64 * BLOCK + 1])
def test_any_number_of_acts_and_any_edge_of_a_word_or_block(acts: int, tmp_path: Path) -> None:
    law = tiny()
    group = Group(2, 0, acts)
    with Writer(tmp_path / "d", law) as writer:
        writer.write(group, states(law, acts, 2, acts))
    docket = Docket(tmp_path / "d")
    engine = Engine(law, DAY, docket=docket, few=0)
    batch = docket.batch(0)
    answers = engine.determine(batch)
    single, options = Single(law, engine.tables, docket), engine.options(())
    looked = sorted({0, 1, acts // 2, acts - 2, acts - 1, *range(max(0, acts - 66), acts)} & set(range(acts)))
    compared = Counter[State]()
    for answer in answers.answers:
        flags = {name: getattr(answer, name) for name in ("never", "made", "out", "clash", "gate", "robust")}
        for act in looked:
            wanted = single.flags((batch, act), answer.target, answer.slot, options)
            found = {name: bool(int(plane[act // 64]) >> act % 64 & 1) for name, plane in flags.items()}
            assert found == wanted, (answer.target.name, answer.slot, act)
            compared[State.MADE_OUT if found["made"] else State.OPEN] += 1
        assert int(answer.plane(State.OPEN, answers.used)[-1]) & ~int(answers.used[-1]) == 0, "nothing behind the end"
    assert sum(compared.values()) == len(looked) * len(answers.answers)


def test_no_acts_and_nothing_known(tmp_path: Path) -> None:
    law = tiny()
    with Writer(tmp_path / "none", law):
        pass
    assert Docket(tmp_path / "none").acts == 0 and list(Docket(tmp_path / "none").batches()) == []
    tables = Tables(law)
    wanted = rows_of(Group(1, 0, 3).shape, 3)
    blank = {
        name: pa.RecordBatch.from_arrays(
            [
                pa.nulls(wanted[name], field.type) if field.name != "pair" else pa.array([True] * wanted[name])
                for field in tables.schema(name)
            ],
            schema=tables.schema(name),
        )
        for name in TABLES
    }
    with Writer(tmp_path / "blank", law) as writer:
        writer.write(Group(1, 0, 3), blank)
    docket = Docket(tmp_path / "blank")
    found = records(Engine(law, DAY, docket=docket, few=0).determine(docket.batch(0)))
    assert {state for _, _, _, state, _, _ in found} == {State.OPEN}


def test_many_participants_are_decided_like_few(tmp_path: Path) -> None:
    law = tiny()
    with Writer(tmp_path / "d", law) as writer:
        writer.write(Group(12, 0, 40), states(law, 40, 12, 5))
    docket = Docket(tmp_path / "d")
    by_code, singly = (Engine(law, DAY, docket=docket, few=few) for few in (0, 1000))
    assert records(by_code.determine(docket.batch(0))) == records(singly.determine(docket.batch(0)))
