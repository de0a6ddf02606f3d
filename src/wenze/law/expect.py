"""What a scenario expects against what comes out, one expectation at a time.

Evaluates only what an expectation speaks of, so that a law with one condition changed can be asked the same question
again and again (`exercise`). Says the same as the whole determination; a test holds them together. Reads no clock:
`on` is passed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date

from wenze.law.case import Case, Expectation, FactKey
from wenze.law.determine import note_shown, readings_in_force
from wenze.law.evaluate import Evaluation, Outcome, State
from wenze.law.instrument import Law
from wenze.law.rules import Bilingual, Note, Rule, Scope
from wenze.law.variables import Function, Here

_ANSWERS = {
    "yes": Bilingual("可以依用", "may be relied on"),
    "no": Bilingual("不可依用", "may not be relied on"),
    "open": Bilingual("能否依用未定", "open whether it may be relied on"),
}
_REACHED = {State.MADE_OUT, State.OPEN}


@dataclass(frozen=True, slots=True)
class Met:
    """One expectation, whether it came out so, and what came out."""

    expectation: Expectation
    met: bool
    got: Bilingual


def check_case_expectations(law: Law, case: Case, on: date) -> tuple[Met, ...]:
    """Every expectation of a case against what the law gives on a day."""
    evaluation = evaluation_of(law, case, on)
    return tuple(actual(evaluation, expectation) for expectation in case.expectations)


def evaluation_of(law: Law, case: Case, on: date) -> Evaluation:
    """The evaluation of a case under the readings in force on a day."""
    return Evaluation(law, case, {one.reading: one.option for one in readings_in_force(law, case, on, {})})


def actual(evaluation: Evaluation, expectation: Expectation) -> Met:
    """One expectation against what comes out. An expectation that names what the law does not have is not met."""
    check = {"state": _state, "reliance": _reliance, "note": _note, "no-note": _note, "contradiction": _contradiction}
    met, got = check[expectation.kind](evaluation, expectation)
    return Met(expectation, met, got)


# States


def functions_of(evaluation: Evaluation, name: str, respondent: str, act: str) -> tuple[Function, Function] | None:
    """The gate and the function of a conclusion: a rule's own, or `RULE/EXCEPTION` for the kind an exception puts in
    its place."""
    law = evaluation.law
    if name in law.rules:
        return evaluation.conclusion(law.rules[name], respondent, act)
    for rule, exception in replacements(law):
        if name == f"{rule}/{exception}":
            gate, _ = evaluation.conclusion(law.rules[rule], respondent, act)
            return gate, evaluation.replaced(law.rules[rule], law.exceptions[exception], respondent, act)
    return None


def replacements(law: Law) -> Iterator[tuple[str, str]]:
    """Every rule with an exception that puts another kind in its place."""
    for rule in law.rules:
        yield from ((rule, exception.id) for exception in law.overriding.get(rule, ()) if exception.replaced_by)


def _state(evaluation: Evaluation, expected: Expectation) -> tuple[bool, Bilingual]:
    functions = functions_of(evaluation, expected.rule, expected.respondent, expected.act)
    if functions is None:
        return False, Bilingual(f"没有规则{expected.rule}", f"there is no rule {expected.rule}")
    outcome = evaluation.outcome(*functions)
    return fits(expected, outcome.state, outcome.depends), _said(outcome)


def fits(expected: Expectation, state: State, depends: tuple[str, ...]) -> bool:
    """Whether a state, with the readings it depends on, is what a scenario says."""
    if state != expected.state:
        return False
    if expected.depends and set(expected.depends) != set(depends):
        return False
    return expected.robust is None or expected.robust is not bool(depends)


def _said(outcome: Outcome) -> Bilingual:
    state = outcome.state.words
    if outcome.state is State.CONTRADICTORY:
        keys = _keys(outcome.conflict)
        return Bilingual(f"{state.zh}:{keys}", f"{state.en}: {keys}")
    if not outcome.depends:
        return Bilingual(f"{state.zh},稳健", f"{state.en}, robust")
    return Bilingual(
        f"{state.zh},取决于{'、'.join(outcome.depends)}", f"{state.en}, depends on {', '.join(outcome.depends)}"
    )


def _keys(keys: Iterable[FactKey]) -> str:
    return "、".join(map(str, keys))


# Reliance


def _reliance(evaluation: Evaluation, expected: Expectation) -> tuple[bool, Bilingual]:
    """The guards of a circumstance together: one no is no; otherwise one open is open."""
    law = evaluation.law
    if expected.rule not in law.rules:
        return False, Bilingual(f"没有规则{expected.rule}", f"there is no rule {expected.rule}")
    conditions = [
        guard.condition
        for guard in law.guards.values()
        if expected.rule in {rule for name in guard.about for rule in law.rules_of[name]}
    ]
    if not conditions:
        return False, Bilingual("没有保障涉及该规则", "no guard speaks of this rule")
    gate, whole = evaluation.conclusion(law.rules[expected.rule], expected.respondent, expected.act)
    state = evaluation.outcome(gate, whole).state
    if state not in _REACHED:
        return False, Bilingual(
            f"情形{state.words.zh},不问能否依用", f"the circumstance is {state.words.en}: reliance is not asked"
        )
    here = Here(expected.respondent, expected.act)
    settled = [evaluation.settled(evaluation.ground(condition, here)) for condition in conditions]
    if State.NOT_MADE_OUT in settled:
        answer = "no"
    else:
        answer = "yes" if all(one is State.MADE_OUT for one in settled) else "open"
    return answer == expected.state, _ANSWERS[answer]


# Notes


def _note(evaluation: Evaluation, expected: Expectation) -> tuple[bool, Bilingual]:
    note = evaluation.law.notes.get(expected.rule)
    if note is None:
        return False, Bilingual(f"没有提示{expected.rule}", f"there is no note {expected.rule}")
    shown = _note_state(evaluation, note, expected.respondent, expected.act)
    met = (shown in _REACHED) is (expected.kind == "note")
    if shown is State.MADE_OUT:
        return met, Bilingual("显示", "shown")
    return met, Bilingual("显示,但未定", "shown as open") if shown is State.OPEN else Bilingual("不显示", "not shown")


def _note_state(evaluation: Evaluation, note: Note, respondent: str, act: str) -> State:
    """Whether a note is shown: made out, open, or (not made out) not at all."""
    rules = [evaluation.law.rules[rule] for name in note.about for rule in evaluation.law.rules_of[name]]
    pairs = _asked(evaluation, any(evaluation.law.role_of(rule) == "responsibility" for rule in rules))
    at = {(one, "") for one, _ in pairs} if note.scope is Scope.RESPONDENT else set(pairs)
    if (respondent, act) not in at:
        return State.NOT_MADE_OUT
    states = [tuple(_states_in(evaluation, rule, respondent, act)) for rule in rules]
    return note_shown(evaluation, note, Here(respondent, act), states)


def _asked(evaluation: Evaluation, of_chain: bool) -> tuple[tuple[str, str], ...]:
    """Responsibility is asked of every participant, everything else of the pairs to evaluate."""
    return tuple(evaluation.case.participations) if of_chain else evaluation.case.all_pairs()


def _states_in(evaluation: Evaluation, rule: Rule, respondent: str, act: str) -> Iterator[State]:
    """The states of a rule, and of what takes its place, for a respondent: in one act, or ("") in any.

    A rule that speaks of no act has one state, which goes with every act.
    """
    asked = [
        pair for pair in _asked(evaluation, evaluation.law.role_of(rule) == "responsibility") if pair[0] == respondent
    ]
    if rule.scope is Scope.RESPONDENT:
        acts = [""] if asked else []
    else:
        acts = [each for _, each in asked if act in (each, "")]
    for each in acts:
        yield from _states_of(evaluation, rule, respondent, each)


def _states_of(evaluation: Evaluation, rule: Rule, respondent: str, act: str) -> Iterator[State]:
    gate, whole = evaluation.conclusion(rule, respondent, act)
    yield evaluation.outcome(gate, whole).state
    for exception in evaluation.law.overriding.get(rule.id, ()):
        if exception.replaced_by:
            yield evaluation.outcome(gate, evaluation.replaced(rule, exception, respondent, act)).state


# Contradictions


def _contradiction(evaluation: Evaluation, expected: Expectation) -> tuple[bool, Bilingual]:
    found = evaluation.constraints.conflicts()
    met = any(set(conflict) == set(expected.conflict) for conflict in found)
    if not found:
        return met, Bilingual("没有矛盾", "no contradiction")
    return met, Bilingual("矛盾:" + "；".join(map(_keys, found)), "contradiction: " + "; ".join(map(_keys, found)))
