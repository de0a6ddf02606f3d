"""The engine gives exactly what trying every completion gives: on random instruments, cases and readings."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial
from itertools import combinations

from hypothesis import event, given
from hypothesis import strategies as st

from exact.circles import leads_back
from exact.generate import cases, instruments
from exact.oracle import Oracle, TooMany
from exact.table import Table
from exact.unknown import Answers, Stands
from exact.view import View
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


class Trial:
    """One random instrument and case, as the engine sees it and as the oracle does."""

    def __init__(self, text: str, source: Source, found: Determination, oracle: Oracle) -> None:
        self.text = text
        self.source = source
        self.found = found
        self.oracle = oracle

    def __repr__(self) -> str:
        """The instrument from its facts on, and the case: what somebody needs to see the difference."""
        return f"{self.text[self.text.index('| 事实') :]}\n{self.oracle.options}\n{case_to_json(self.found.case)}"


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


def told(conclusion: Conclusion) -> str:
    """Which conclusion differs; hypothesis shows the instrument and the case."""
    replaced = conclusion.replaced_by.id if conclusion.replaced_by else ""
    return f"{conclusion.rule.id} {conclusion.respondent} {conclusion.act} {replaced}"


@given(st.one_of(trials(), trials(ranked=True)))
def test_every_state_is_the_one_that_trying_every_completion_gives(trial: Trial) -> None:
    for conclusion, table in tried(trial):
        verdict = table.verdict()
        outcome = conclusion.outcome
        assert outcome.state == State(verdict.state), told(conclusion)
        assert frozenset(outcome.depends) == verdict.depends, told(conclusion)
        assert outcome.gate_open == verdict.gate_open, told(conclusion)
        if verdict.conflicts is None:
            event("too many facts in constraints")
        else:
            assert frozenset(outcome.conflict) in (verdict.conflicts or {frozenset()}), told(conclusion)


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
            assert everywhere.verdict() == table.verdict(), told(conclusion)
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
        assert bool(other.possible) == bool(table.possible), told(conclusion)
        assert not table.possible or other.state(options) == table.state(options), told(conclusion)


@given(trials())
def test_the_options_of_a_reading_are_shown_with_the_state_each_gives(trial: Trial) -> None:
    for conclusion, table in tried(trial):
        if conclusion.state is State.CONTRADICTORY:
            continue
        for reading, states in trial.found.options(conclusion).items():
            for option, state in states.items():
                assert state == State(table.state({**trial.oracle.options, reading: option})), told(conclusion)
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
    assert len(shown) == min(5, len(expected)), told(conclusion)
    assert all(state == State(expected[changed]) for changed, state in shown.items()), told(conclusion)
    event(f"{len(shown)} combinations")


def compared_in(conclusion: Conclusion) -> frozenset[tuple[str, str, str]]:
    """Whose standing the conclusion asks about, by what and in which act."""
    asked = [question for question in conclusion.function.mentions if isinstance(question, Above)]
    return frozenset((question.by, question.act, member) for question in asked for member in question[2:])


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
        compared = compared_in(conclusion)
        for direction, goal in ((asked.for_it, True), (asked.against_it, False)):
            settling = table.settling(goal, MOST, compared)
            assert answers_of(direction) == settling.sets, told(conclusion)
            assert direction.longer == settling.beyond, told(conclusion)
            assert not idle & settling.asked, told(conclusion)
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
            try:
                tables = [trial.oracle.condition(definition, *here) for definition in definitions]
            except TooMany:
                continue
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
            assert list(conclusion.modalities) == expected, told(conclusion)


@given(trials())
def test_notes_and_guards_come_out_as_trying_every_completion_gives(trial: Trial) -> None:
    """Of what is made out or open, by whoever it is; a note about nothing in particular is shown for every pair.

    What speaks of no act goes with every act: a rule with any note about it, a note with any act of the rule it is about.
    """
    answers = {"made-out": "yes", "not-made-out": "no", "open": "open", "contradictory": "open"}
    reached = [one for one in trial.found.all() if one.state in {State.MADE_OUT, State.OPEN}]
    shown = {(one.note.id, one.respondent, one.act): one.open for one in trial.found.notes}
    for note in trial.oracle.notes.values():
        for respondent, act in trial.found.case.participations:
            act = act if note.scope is Scope.PARTICIPATION else ""
            state = _state_of(trial, note.condition, respondent, act)
            if note.about and not any(
                (one.rule.id, one.respondent) == (note.about[0], respondent)
                and (one.act == act or not one.act or not act)
                for one in reached
            ):
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
    shown = {frozenset(map(_named, pair)) for pair in trial.found.alternatives}
    open_ones = [one for one in trial.found.circumstances if one.state is State.OPEN]
    for one, other in combinations(open_ones, 2):
        if (one.respondent, one.act) == (other.respondent, other.act):
            try:
                table = trial.oracle.table(partial(_both, one, other))
            except TooMany:
                continue
            first, second = table.columns
            exactly_one = not table.under(trial.oracle.options) & ~(first ^ second)
            event(f"alternatives: {exactly_one}")
            assert (frozenset((_named(one), _named(other))) in shown) == exactly_one, (told(one), told(other))


def _named(one: Conclusion) -> tuple[str, str, str, str]:
    return one.rule.id, one.replaced_by.id if one.replaced_by else "", one.respondent, one.act


def _both(one: Conclusion, other: Conclusion, view: View) -> list[int]:
    columns = []
    for conclusion in (one, other):
        rule, instead, respondent, act = _named(conclusion)
        columns.append(view.whole(rule, respondent, act, instead))
    return columns


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
