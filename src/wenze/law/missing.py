"""What is missing for a conclusion that is not yet determinable: the smallest sets of answers that would settle it, either way.

Knows how to turn prime implicants into questions; nothing is scored. Source: rule-language section "What is missing".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from wenze.law.case import FactKey
from wenze.law.decide import FALSE, TRUE, deep
from wenze.law.establish import Status
from wenze.law.evaluate import Evaluation
from wenze.law.primes import Literals, prime_implicants
from wenze.law.rules import Nature
from wenze.law.variables import Above, Function, Unlisted

MOST_FACTS = 5

_COST = {Nature.DATA: 0, Nature.FACT: 1, Nature.CAUSE: 2, Nature.JUDGEMENT: 3}  # cheapest proof first

Question = FactKey | Above
Answer = tuple[Question, bool]


@dataclass(frozen=True, slots=True)
class Direction:
    """The smallest sets of answers that settle a conclusion one way; `longer`: some ways of settling it take more than MOST_FACTS answers."""

    sets: tuple[tuple[Answer, ...], ...]
    longer: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """What would settle an open conclusion: made out, or not; which question to ask first; which need not be asked any more."""

    for_it: Direction
    against_it: Direction
    ask: tuple[Question, ...]
    idle: tuple[FactKey, ...]


def missing(evaluation: Evaluation, function: Function, most: int = MOST_FACTS) -> Missing:
    """What is missing for a condition under the readings in force."""
    with deep():
        d = evaluation.diagrams
        constraints, contradiction = evaluation.constraints.around(function.mentions)
        if contradiction:
            nothing = Direction((), False)
            return Missing(nothing, nothing, (), ())
        possible = d.all(evaluation.formulas.diagram(constraint) for constraint in constraints)
        node = evaluation.formulas.diagram(evaluation.choose(function.node))
        toward, away = (d.either(d.negate(possible), part) for part in (node, d.negate(node)))
        for_it, against_it = (_direction(evaluation, part, possible, most) for part in (toward, away))
        needed = d.support(toward) | d.support(away)
    idle = [key for key in function.mentions if _is_open(evaluation, key) and d.variable(key) not in needed]
    return Missing(
        for_it,
        against_it,
        _order(evaluation, [for_it, against_it]),
        tuple(sorted(key for key in idle if isinstance(key, FactKey))),
    )


def _is_open(evaluation: Evaluation, key: Question) -> bool:
    return isinstance(key, FactKey) and evaluation.fact(key).status is Status.OPEN


def _direction(evaluation: Evaluation, goal: int, possible: int, most: int) -> Direction:
    """The answers that make `goal` certain whoever else may turn up, as far as they are possible together."""
    d = evaluation.diagrams
    certain = d.for_all(goal, lambda level: isinstance(d.name(level), Unlisted))
    sets: list[tuple[Answer, ...]] = []
    covered = d.negate(possible)
    for literals in prime_implicants(d, certain, most):
        cube = _cube(evaluation, literals)
        if d.both(cube, possible) != FALSE:
            sets.append(tuple((_question(evaluation, level), bool(value)) for level, value in sorted(literals)))
            covered = d.either(covered, cube)
    return Direction(tuple(sets), d.both(certain, d.negate(covered)) != FALSE)


def _cube(evaluation: Evaluation, literals: Literals) -> int:
    d = evaluation.diagrams
    node = TRUE
    for level, value in literals:
        literal = d.literal(d.name(level))
        node = d.both(node, literal if value else d.negate(literal))
    return node


def _question(evaluation: Evaluation, level: int) -> Question:
    name = evaluation.diagrams.name(level)
    if isinstance(name, (FactKey, Above)):
        return name
    raise AssertionError(f"{name!r} is no question: readings are chosen and the unlisted quantified before")


def _order(evaluation: Evaluation, directions: list[Direction]) -> tuple[Question, ...]:
    """The question in most sets first, then the cheapest proof, then the order of the source."""
    counts = Counter(question for direction in directions for answers in direction.sets for question, _ in answers)

    def rank(question: Question) -> tuple[int, int, int]:
        nature = evaluation.law.facts[question.name].nature if isinstance(question, FactKey) else Nature.DATA
        return -counts[question], _COST[nature], evaluation.diagrams.variable(question)

    return tuple(sorted(counts, key=rank))
