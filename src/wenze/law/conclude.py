"""Every conclusion of a law for a case: which rule, for whom, for which act, of which kind, in which state.

Circumstances for the pairs to evaluate; responsibility for every participant in every link of the chain; competence for every
respondent; channels for the pairs. A set of conclusions each: several kinds for several people at once, nothing is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from wenze.law.evaluate import Evaluation, Outcome, State
from wenze.law.rules import Exemption, Rule, Scope
from wenze.law.variables import Function, Here


@dataclass(frozen=True, slots=True)
class Conclusion:
    """One conclusion: `rule` for `respondent` and `act` ("" for rules that speak of no act).

    `kind` is the rule's own, or that of `replaced_by`, the exception that takes its place. `modalities` has more than one
    element while it is open which one applies. `exceptions` are those that reach here, with their states: none where the rule would
    not hold anyway.
    """

    rule: Rule
    respondent: str
    act: str
    kind: str
    modalities: tuple[str, ...]
    outcome: Outcome
    gate: Function
    function: Function
    exceptions: tuple[tuple[Exemption, State], ...]
    replaced_by: Exemption | None = None

    @property
    def state(self) -> State:
        return self.outcome.state


def conclusions(evaluation: Evaluation, role: str) -> tuple[Conclusion, ...]:
    """All conclusions of one role, in the order of the case and of the text."""
    rules = evaluation.law.by_role(role)
    pairs = tuple(evaluation.case.participations) if role == "responsibility" else evaluation.case.all_pairs()
    found: list[Conclusion] = []
    for respondent in dict.fromkeys(respondent for respondent, _ in pairs):
        for rule in rules:
            if rule.scope is Scope.RESPONDENT:
                found += conclude(evaluation, rule, respondent, "")
    for respondent, act in pairs:
        for rule in rules:
            if rule.scope is not Scope.RESPONDENT:
                found += conclude(evaluation, rule, respondent, act)
    return tuple(found)


def conclude(evaluation: Evaluation, rule: Rule, respondent: str, act: str) -> Iterator[Conclusion]:
    """A rule's conclusion here, then those of the exceptions that put another kind in its place."""
    gate, whole = evaluation.conclusion(rule, respondent, act)
    relief = evaluation.law.overriding.get(rule.id, ())
    otherwise = evaluation.settled(evaluation.unrelieved(rule, respondent, act)) if relief else State.NOT_MADE_OUT
    reached = relief if otherwise is not State.NOT_MADE_OUT else ()
    exceptions = tuple(
        (exception, evaluation.settled(evaluation.exception(exception, respondent, act))) for exception in reached
    )
    modalities = _modalities(evaluation, rule, Here(respondent, act))
    yield Conclusion(
        rule,
        respondent,
        act,
        rule.conclusion.kind,
        modalities,
        evaluation.outcome(gate, whole),
        gate,
        whole,
        exceptions,
    )
    for exception in relief:
        if exception.replaced_by:
            instead = evaluation.replaced(rule, exception, respondent, act)
            outcome = evaluation.outcome(gate, instead)
            yield Conclusion(
                rule, respondent, act, exception.replaced_by, modalities, outcome, gate, instead, exceptions, exception
            )


def _modalities(evaluation: Evaluation, rule: Rule, here: Here) -> tuple[str, ...]:
    """The modality that applies: the first whose definition holds, else the rule's own; several while that is open."""
    found: list[str] = []
    for modality, definition, _ in rule.conclusion.otherwise:
        state = evaluation.settled(evaluation.ground(evaluation.law.definitions[definition].condition, here))
        if state is State.MADE_OUT:
            return (*found, modality)
        if state is State.OPEN:
            found.append(modality)
    return (*found, rule.conclusion.modality)


def in_reading_order(found: Iterable[Conclusion]) -> tuple[Conclusion, ...]:
    """As a person reads them: made out first, then open; the specific before the general and the catch-all; else the text's order."""

    def place(one: Conclusion) -> tuple[bool, ...]:
        return one.state is not State.MADE_OUT, one.state is not State.OPEN, one.rule.catch_all, one.rule.general

    return tuple(sorted(found, key=place))
