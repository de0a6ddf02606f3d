"""A docket says of every record what the single case says of it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import event, given
from hypothesis import strategies as st

from docket.held import DAY, built, held, records
from docket.rows import states, tiny
from exact.test_oracle import Trial, trials
from wenze.docket import Docket, Engine, Group, GroupAnswers, NotForDocket, Writer, case_rows, single
from wenze.docket.answers import PLANES
from wenze.docket.kernel import BLOCK
from wenze.docket.single import Single
from wenze.docket.synth import synthesise
from wenze.docket.tables import TABLES, Tables, rows_of
from wenze.law import Case, Law, Library, State, across, examples, lanes, read_cases, shipped


@given(trials(ranked=True))
def test_random_law_and_records(trial: Trial) -> None:
    case, law, options = trial.found.case, trial.found.law, trial.found.evaluation.options
    with TemporaryDirectory() as place:
        try:
            docket = built(Path(place) / "d", law, [case])
        except NotForDocket:
            event("connected with what has no part in an act")
            return
        for many in (0, 1000):  # in code, and side by side
            engine = Engine(law, date(2020, 1, 1), options, docket=docket, many=many)
            for state in held(docket, engine, [case], date(2020, 1, 1)):
                event(f"many {many}: {state}")


@given(trials(ranked=True), st.sampled_from([(0, 0), (1, 1), (2, 6)]))
def test_what_code_leaves_in_doubt_is_settled(trial: Trial, rounds: tuple[int, int]) -> None:
    """Code that tries nothing out doubts all it can; then both values of facts are tried at once, or after some looking for examples."""
    case, law, options = trial.found.case, trial.found.law, trial.found.evaluation.options
    with TemporaryDirectory() as place, pytest.MonkeyPatch.context() as patch:
        patch.setattr(lanes, "MOST_WAYS", 0)
        patch.setattr(examples, "_ROUNDS", rounds)
        try:
            docket = built(Path(place) / "d", law, [case])
        except NotForDocket:
            event("connected with what has no part in an act")
            return
        engine = Engine(law, date(2020, 1, 1), options, docket=docket)
        held(docket, engine, [case], date(2020, 1, 1))
        others = [{**options, one.id: other} for one in law.readings.values() for other in one.option_ids]
        engines = [Engine(law, date(2020, 1, 1), other, docket=docket) for other in others]
        for batch in docket.batches():
            for said, one in zip(engine.states(batch, *engines), (engine, *engines), strict=True):
                assert states_of(said) == states_of(one.determine(batch))


def states_of(group: GroupAnswers) -> list[list[list[int]]]:
    return [[getattr(one, name).tolist() for name in PLANES[:-1]] for one in group.answers]


@pytest.fixture(scope="module")
def scenarios() -> tuple[Law, list[Case]]:
    library = Library(shipped())
    return library.law("dehong"), [case for case in read_cases(library.cases("dehong")) if case.expectations]


@pytest.mark.parametrize("every", [40, pytest.param(3, marks=pytest.mark.long)])
def test_the_real_regulation(scenarios: tuple[Law, list[Case]], tmp_path: Path, every: int) -> None:
    law, cases = scenarios
    some = cases[::every]
    docket = built(tmp_path / "d", law, some)
    engine = Engine(law, DAY, docket=docket)
    seen = held(docket, engine, some)
    assert min(seen[state] for state in State if state is not State.CONTRADICTORY) > 5
    assert engine.worked.abreast > 2000 > 20 > engine.worked.single


def test_the_real_regulation_in_code(scenarios: tuple[Law, list[Case]], tmp_path: Path) -> None:
    law, cases = scenarios
    some = [case for case in cases if len(case.participations) == 1 and not case.events][::40]
    docket = built(tmp_path / "d", law, some)
    engine = Engine(law, DAY, docket=docket, many=0)
    held(docket, engine, some)
    assert engine.worked.code + engine.worked.abreast > 100 and not engine.worked.single


def test_every_option_of_a_reading_gives_what_it_gives_the_single_case(
    scenarios: tuple[Law, list[Case]], tmp_path: Path
) -> None:
    law, cases = scenarios
    alike = [case for case in cases if len(case.acts) == len(case.participations) == 1 and not case.events][:4]
    docket = built(tmp_path / "d", law, alike)
    engine = Engine(law, DAY, docket=docket)
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
    engine = Engine(law, DAY, docket=docket)
    batches = list(docket.batches())
    answers = [engine.determine(batch).answers for batch in batches]
    for one in range(0, 60, 3):
        for batch, mine in zip(batches, answers, strict=True):  # each pushes out the one before
            asked = mine[one % len(mine)]
            flags = engine.single.flags((batch, 0), asked.target, asked.slot, engine.options(batch.group.rulings))
            assert flags == {name: bool(getattr(asked, name)[0] & 1) for name in PLANES}
    assert engine.single.patterns > 20


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
    engine = Engine(law, DAY, docket=docket, many=0)
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
    with Writer(tmp_path / "blank", law) as writer:
        writer.write(Group(1, 0, 3), blank(writer.tables, rows_of(Group(1, 0, 3).shape, 3)))
    docket = Docket(tmp_path / "blank")
    found = records(Engine(law, DAY, docket=docket, many=0).determine(docket.batch(0)))
    assert {state for _, _, _, state, _, _ in found} == {State.OPEN}


def test_many_participants_are_decided_like_few(tmp_path: Path) -> None:
    law = tiny()
    group = Group(12, 0, 40)
    with Writer(tmp_path / "d", law) as writer:
        writer.write(group, states(law, 40, 12, 5))
    with Writer(tmp_path / "e", law) as writer:
        writer.write(replace(group, entangled=True), states(law, 40, 12, 5))
    together, one_by_one = (Docket(tmp_path / name) for name in "de")
    wanted = records(Engine(law, DAY, docket=one_by_one).determine(one_by_one.batch(0)))
    for many in (0, 1000):  # in code, and side by side
        assert records(Engine(law, DAY, docket=together, many=many).determine(together.batch(0))) == wanted


def test_what_is_too_much_for_many_acts_at_once_is_told_of_fewer(
    scenarios: tuple[Law, list[Case]], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    law, cases = scenarios
    with Writer(tmp_path / "d", law) as writer:
        synthesise(writer, [case_rows(law, writer.tables, case) for case in cases if len(case.posts) == 1], 40, seed=3)
    docket = Docket(tmp_path / "d")
    batch = max(docket.batches(), key=lambda one: one.group.acts)
    whole = records(Engine(law, DAY, docket=docket).determine(batch))
    monkeypatch.setattr(across, "_MOST", 1000)
    monkeypatch.setattr(across, "_KEPT", 0)
    engine = Engine(law, DAY, docket=docket)
    assert records(engine.determine(batch)) == whole
    assert min(engine.worked.abreast, engine.worked.single) > 0


def test_states_alone_are_those_of_the_whole_answer(scenarios: tuple[Law, list[Case]], tmp_path: Path) -> None:
    law, cases = scenarios
    with Writer(tmp_path / "d", law) as writer:
        some = [case for case in cases if case.id.startswith("6.7-")][:12]
        synthesise(writer, [case_rows(law, writer.tables, case) for case in some], 100, seed=5)
    docket = Docket(tmp_path / "d")
    now = Engine(law, DAY, docket=docket)
    then = now.with_reading("R-6.7-缺失", law.readings["R-6.7-缺失"].option_ids[-1])
    differs = 0
    for batch in docket.batches():
        both = now.states(batch, then)
        for said, engine in zip(both, (now, then), strict=True):
            for one, whole in zip(said.answers, engine.determine(batch).answers, strict=True):
                assert not one.robust.any()
                for name in PLANES[:-1]:
                    assert np.array_equal(getattr(one, name), getattr(whole, name)), (one.target.name, name)
        out = ([one.out for one in said.answers] for said in both)
        differs += sum(not np.array_equal(*pair) for pair in zip(*out, strict=True))
    assert differs


def test_a_dozen_participants_of_whom_nothing_is_known_are_told_side_by_side(
    scenarios: tuple[Law, list[Case]], tmp_path: Path
) -> None:
    """Who of them stands highest can be in more ways than the single case can reckon."""
    law, _ = scenarios
    group = Group(12, 1, 3)
    wanted = rows_of(group.shape, group.acts)
    with Writer(tmp_path / "d", law) as writer:
        writer.write(group, blank(writer.tables, wanted))
    engine = Engine(law, DAY, docket=Docket(tmp_path / "d"))
    found = records(engine.determine(Docket(tmp_path / "d").batch(0)))
    assert not engine.worked.single
    highest = {state for _, target, _, state, _, _ in found if target == "10.3-最高"}
    assert highest == {State.OPEN}


def blank(tables: Tables, rows: Mapping[str, int]) -> dict[str, pa.RecordBatch]:
    """Tables in which nothing is known but that everybody is to be evaluated."""
    return {
        name: pa.RecordBatch.from_arrays(
            [
                pa.nulls(rows[name], field.type) if field.name != "pair" else pa.array([True] * rows[name])
                for field in tables.schema(name)
            ],
            schema=tables.schema(name),
        )
        for name in TABLES
    }
