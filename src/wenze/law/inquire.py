"""The next question to ask: the answer that settles most of what is open, and what it would settle.

Knows open conclusions and what is missing for each; asks nobody and keeps nothing. Circumstances come before what
follows from them; within each, what somebody has begun to look at comes first.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction

from wenze.law.case import FactKey
from wenze.law.conclude import Conclusion
from wenze.law.determine import Determination
from wenze.law.establish import Status
from wenze.law.evaluate import State
from wenze.law.missing import Missing, Question
from wenze.law.rules import Nature

_COST = {Nature.DATA: 0, Nature.FACT: 1, Nature.CAUSE: 2, Nature.JUDGEMENT: 3}  # cheapest proof first


@dataclass(frozen=True, slots=True)
class Inquiry:
    """A question and why it is asked.

    `settles`: the conclusions one answer alone settles, with that answer and the state it gives. `helps`: the other
    open conclusions it is part of settling. `left`: how many conclusions are open in this round.
    """

    question: Question
    settles: tuple[tuple[Conclusion, bool, State], ...]
    helps: tuple[Conclusion, ...]
    left: int


def inquire(
    determination: Determination, skipped: frozenset[Question], rules: frozenset[str] = frozenset()
) -> Inquiry | None:
    """The question that helps most, of those not skipped; only about some rules where any are named. None when nothing
    that is open can be settled by an answer."""
    for round_ in _rounds(determination, rules):
        asked = [(one, determination.missing(one)) for one in round_]
        found = _most(determination, asked, skipped)
        if found is not None:
            return _why(found, asked, len(round_))
    return None


def _rounds(determination: Determination, rules: frozenset[str]) -> Iterator[list[Conclusion]]:
    """Open conclusions in the order in which they are looked at."""
    circumstances = [one for one in determination.circumstances if one.state is State.OPEN]
    named = [one for one in circumstances if not rules or one.rule.id in rules]
    begun = [one for one in named if determination.touched(one)]
    yield begun
    yield named
    follows = (*determination.responsibilities, *determination.competences, *determination.channels)
    yield [one for one in follows if one.state is State.OPEN and (not rules or _reached(determination, one))]


def _reached(determination: Determination, conclusion: Conclusion) -> bool:
    """Whether a circumstance is made out in the act a conclusion is about."""
    made = {(one.respondent, one.act) for one in determination.circumstances if one.state is State.MADE_OUT}
    return any(act in (conclusion.act, "") or conclusion.act == "" for _, act in made)


def _most(
    determination: Determination, asked: list[tuple[Conclusion, Missing]], skipped: frozenset[Question]
) -> Question | None:
    """Every conclusion has one vote, shared among the sets of answers that would settle it."""
    votes: dict[Question, Fraction] = {}
    for conclusion, missing in asked:
        sets = [answers for direction in (missing.for_it, missing.against_it) for answers in direction.sets]
        usable = [answers for answers in sets if not any(question in skipped for question, _ in answers)]
        for answers in usable:
            for question, _ in answers:
                votes[question] = votes.get(question, Fraction(0)) + Fraction(1, len(usable) * len(answers))
        if not sets:  # every way takes more answers than are listed: begin with what is asked first
            for question in _named(determination, conclusion, missing):
                if question not in skipped:
                    votes.setdefault(question, Fraction(0))

    def rank(question: Question) -> tuple[Fraction, int, int, str]:
        fact = determination.law.facts[question.name] if isinstance(question, FactKey) else None
        order = list(determination.law.facts).index(fact.name) if fact else -1
        return -votes[question], _COST[fact.nature] if fact else 0, order, str(question)

    return min(votes, key=rank, default=None)


def _named(determination: Determination, conclusion: Conclusion, missing: Missing) -> Iterable[FactKey]:
    """The open facts a conclusion speaks of that can still change it."""
    for key in sorted(one for one in conclusion.function.mentions if isinstance(one, FactKey)):
        if key not in missing.idle and determination.evaluation.fact(key).status is Status.OPEN:
            yield key


def _why(question: Question, asked: list[tuple[Conclusion, Missing]], left: int) -> Inquiry:
    settles, helps = [], []
    for conclusion, missing in asked:
        alone = False
        for direction, state in ((missing.for_it, State.MADE_OUT), (missing.against_it, State.NOT_MADE_OUT)):
            for answers in direction.sets:
                if len(answers) == 1 and answers[0][0] == question:
                    settles.append((conclusion, answers[0][1], state))
                    alone = True
        if not alone and question in missing.ask:
            helps.append(conclusion)
    return Inquiry(question, tuple(settles), tuple(helps), left)
