"""The engine gives exactly what trying every completion gives: on random instruments, cases and readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations

from hypothesis import event, given
from hypothesis import strategies as st

from exact.circles import leads_back
from exact.generate import cases, instruments
from exact.oracle import Oracle, TooMany
from exact.table import Table
from exact.unknown import Answers, Stands
from wenze.law.casefile.asjson import case_to_json
from wenze.law.casefile.check import check_case
from wenze.law.compile import compile_sources
from wenze.law.conclude import Conclusion
from wenze.law.determine import Determination, determine
from wenze.law.establish import Status, establish
from wenze.law.evaluate import State
from wenze.law.missing import Direction, missing
from wenze.law.parse import source_of
from wenze.law.problems import Problems
from wenze.law.rules import Node, Scope, Source
from wenze.law.variables import Above

MOST = 5
SOME_WORLDS = 1 << 12


@dataclass(frozen=True)
class Trial:
    """One random instrument and case, as the engine sees it and as the oracle does."""

    text: str
    source: Source
    found: Determination
    oracle: Oracle


@st.composite
def trials(draw: st.DrawFn, ranked: bool = False) -> Trial:
    text, used, options = draw(instruments(ranked=ranked))
    case = draw(cases(used, ranked=ranked))
    source = source_of(text.encode(), "shi.md")
    law = compile_sources([source])
    found = determine(law, case, date(2020, 1, 1), options)
    return Trial(text, source, found, Oracle([source], case, options, most_worlds=SOME_WORLDS))


def tried(trial: Trial) -> Iterator[tuple[Conclusion, Table]]:
    """Every conclusion of the engine with the oracle's table of the same, as far as it can be tried out."""
    for conclusion in trial.found.all():
        replaced_by = conclusion.replaced_by.id if conclusion.replaced_by else ""
        try:
            table = trial.oracle.conclude(conclusion.rule.id, conclusion.respondent, conclusion.act, replaced_by)
        except TooMany:
            event("too many completions to try")
            continue
        event(f"compared {conclusion.state}")
        yield conclusion, table


def told(conclusion: Conclusion, trial: Trial) -> str:
    """Which conclusion differs, with the instrument from its first reading or block on and the case."""
    replaced = conclusion.replaced_by.id if conclusion.replaced_by else ""
    return "\n".join(
        [
            f"{conclusion.rule.id} {conclusion.respondent} {conclusion.act} {replaced}",
            trial.text,
            str(case_to_json(trial.found.case)),
        ]
    )


@given(st.one_of(trials(), trials(ranked=True)))
def test_every_state_is_the_one_that_trying_every_completion_gives(trial: Trial) -> None:
    for conclusion, table in tried(trial):
        verdict = table.verdict()
        outcome = conclusion.outcome
        assert outcome.state == State(verdict.state), told(conclusion, trial)
        assert frozenset(outcome.depends) == verdict.depends, told(conclusion, trial)
        assert outcome.gate_open == verdict.gate_open, told(conclusion, trial)
        if verdict.conflicts is None:
            event("too many facts in constraints")
        else:
            assert frozenset(outcome.conflict) in (verdict.conflicts or {frozenset()}), told(conclusion, trial)


@given(trials())
def test_constraints_that_are_not_connected_with_a_conclusion_cannot_change_it(trial: Trial) -> None:
    for conclusion, table in tried(trial):
        replaced_by = conclusion.replaced_by.id if conclusion.replaced_by else ""
        try:
            everywhere = trial.oracle.conclude(
                conclusion.rule.id, conclusion.respondent, conclusion.act, replaced_by, everywhere=True
            )
        except TooMany:
            continue
        if everywhere.possible:  # else the facts contradict elsewhere, and say nothing of this conclusion
            assert everywhere.verdict() == table.verdict(), told(conclusion, trial)
        else:
            event("contradictory elsewhere")


@given(trials())
def test_what_the_oracle_leaves_out_does_not_matter(trial: Trial) -> None:
    """The lean oracle, used on large laws, says what the one says that leaves nothing out."""
    options = trial.oracle.options
    lean = Oracle([trial.source], trial.found.case, options, most_worlds=SOME_WORLDS, fixed=True, lean=True)
    for conclusion, table in tried(trial):
        replaced_by = conclusion.replaced_by.id if conclusion.replaced_by else ""
        other = lean.conclude(conclusion.rule.id, conclusion.respondent, conclusion.act, replaced_by)
        assert bool(other.possible) == bool(table.possible), told(conclusion, trial)
        assert not table.possible or other.state(options) == table.state(options), told(conclusion, trial)


@given(trials())
def test_the_options_of_a_reading_are_shown_with_the_state_each_gives(trial: Trial) -> None:
    for conclusion, table in tried(trial):
        if conclusion.state is State.CONTRADICTORY:
            continue
        for reading, states in trial.found.options(conclusion).items():
            for option, state in states.items():
                assert state == State(table.state({**trial.oracle.options, reading: option})), told(conclusion, trial)
        _combinations_are_the_smallest(trial, conclusion, table)


def _combinations_are_the_smallest(trial: Trial, conclusion: Conclusion, table: Table) -> None:
    """Combinations that change the state: shown when no single option does, no part of them does, at most five."""
    changing = {}
    for choice in table.every_choice():
        changed = frozenset(
            (reading, option) for reading, option in choice.items() if option != trial.oracle.options[reading]
        )
        state = table.state(choice)
        if state != table.state(trial.oracle.options):
            changing[changed] = state
    smallest = {changed: state for changed, state in changing.items() if not any(other < changed for other in changing)}
    expected = {} if any(len(changed) == 1 for changed in smallest) else smallest
    shown = {frozenset(changed.items()): state for changed, state in trial.found.combinations(conclusion)}
    assert len(shown) == min(5, len(expected)), told(conclusion, trial)
    assert all(state == State(expected[changed]) for changed, state in shown.items()), told(conclusion, trial)
    event(f"{len(shown)} combinations")


def answers_of(direction: Direction) -> frozenset[Answers]:
    return frozenset(
        frozenset((Stands(*one) if isinstance(one, Above) else one, answer) for one, answer in answers)
        for answers in direction.sets
    )


@given(st.one_of(trials(), trials(ranked=True)))
def test_what_is_missing_is_every_smallest_set_of_answers_that_settles(trial: Trial) -> None:
    for conclusion, table in tried(trial):
        if conclusion.state is not State.OPEN:
            continue
        asked = missing(trial.found.evaluation, conclusion.function, MOST)
        idle = frozenset(asked.idle)
        compared = {
            one for question in conclusion.function.mentions if isinstance(question, Above) for one in question[2:]
        }
        for direction, goal in ((asked.for_it, True), (asked.against_it, False)):
            settling = table.settling(goal, MOST, compared)
            assert answers_of(direction) == settling.sets, told(conclusion, trial)
            assert direction.longer == settling.beyond, told(conclusion, trial)
            assert not idle & settling.asked, told(conclusion, trial)
            event(f"{min(len(settling.sets), 5)} sets, longer: {settling.longer}")
        assert set(asked.ask) == {
            question for one in (asked.for_it, asked.against_it) for answers in one.sets for question, _ in answers
        }


@given(trials())
def test_the_modalities_are_those_that_may_apply(trial: Trial) -> None:
    for conclusion in trial.found.all():
        otherwise = conclusion.rule.conclusion.otherwise
        if otherwise and conclusion.state is not State.CONTRADICTORY:
            definitions = [trial.oracle.definitions[definition].condition for _, definition, _ in otherwise]
            here = (conclusion.respondent, conclusion.act)
            tables = [trial.oracle.condition(definition, *here) for definition in definitions]
            if any(not table.possible for table in tables):
                continue
            states = [table.state(trial.oracle.options) for table in tables]
            expected = [modality for (modality, _, _), state in zip(otherwise, states, strict=True) if state == "open"]
            certain = [
                modality for (modality, _, _), state in zip(otherwise, states, strict=True) if state == "made-out"
            ]
            if certain:
                first = states.index("made-out")
                expected = [
                    modality
                    for (modality, _, _), state in zip(otherwise[:first], states, strict=False)
                    if state == "open"
                ]
                expected.append(certain[0])
            else:
                expected.append(conclusion.rule.conclusion.modality)
            assert list(conclusion.modalities) == expected, told(conclusion, trial)


@given(trials())
def test_notes_and_guards_come_out_as_trying_every_completion_gives(trial: Trial) -> None:
    """Of what is made out or open, by whoever it is; a note about nothing in particular is shown for every pair."""
    answers = {"made-out": "yes", "not-made-out": "no", "open": "open", "contradictory": "open"}
    reached = {
        (one.rule.id, one.respondent, one.act) for one in trial.found.all() if one.state in {State.MADE_OUT, State.OPEN}
    }
    shown = {(one.note.id, one.respondent, one.act): one.open for one in trial.found.notes}
    for note in trial.oracle.notes.values():
        for respondent, act in trial.found.case.participations:
            act = act if note.scope is Scope.PARTICIPATION else ""
            state = _state_of(trial, note.condition, respondent, act)
            if note.about and (note.about[0], respondent, act) not in reached:
                state = "not reached"
            expected = {"made-out": False, "open": True}.get(state)
            if state != "too many":
                assert shown.get((note.id, respondent, act)) is expected, (note.id, respondent, act, trial.text)
    for one in trial.found.reliance:
        state = _state_of(trial, one.guard.condition, one.conclusion.respondent, one.conclusion.act)
        assert state == "too many" or one.answer == answers[state], (one.guard.id, trial.text)


def _state_of(trial: Trial, condition: Node, respondent: str, act: str) -> str:
    try:
        table = trial.oracle.condition(condition, respondent, act)
    except TooMany:
        return "too many"
    return table.verdict().state


@given(trials())
def test_circumstances_of_which_exactly_one_holds_are_shown_as_alternatives(trial: Trial) -> None:
    shown = {(one.rule.id, other.rule.id, one.respondent, one.act) for one, other in trial.found.alternatives}
    open_ones = [one for one in trial.found.circumstances if one.state is State.OPEN and not one.replaced_by]
    for one, other in combinations(open_ones, 2):
        if (one.respondent, one.act) == (other.respondent, other.act):
            try:
                table = trial.oracle.both(one.rule.id, other.rule.id, one.respondent, one.act)
            except TooMany:
                continue
            possible = table.under(trial.oracle.options)
            first, second = table.columns
            either_way = not possible & ~(first ^ second)
            event(f"alternatives: {either_way}")
            assert ((one.rule.id, other.rule.id, one.respondent, one.act) in shown) == either_way, trial.text


@given(trials())
def test_every_fact_has_the_state_that_evidence_and_findings_give_it(trial: Trial) -> None:
    states = {True: Status.PROVEN, False: Status.DISPROVEN, None: Status.OPEN}
    case, law = trial.found.case, trial.found.law
    assert check_case(case, law) == [], "a case drawn is one a person could enter"
    for key in trial.oracle.instances():
        assert establish(law, case, key).status is states[trial.oracle.known(key)], (key, trial.text, case)


@given(instruments(circular=True))
def test_what_leads_back_to_itself_is_refused_and_nothing_else(
    drawn: tuple[str, frozenset[str], Mapping[str, str]],
) -> None:
    source = source_of(drawn[0].encode(), "shi.md")
    try:
        compile_sources([source])
        refused: set[str] = set()
    except Problems as problems:
        refused = {problem.id for problem in problems.problems}
    circular = leads_back(source)
    event(f"circular: {circular}")
    assert refused == ({"L076"} if circular else set()), drawn[0]
