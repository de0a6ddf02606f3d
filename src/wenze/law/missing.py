"""What is missing for a conclusion that is not yet determinable: the smallest sets of answers that would settle it, either way.

Knows how to turn prime implicants into questions; nothing is scored. Source: rule-language section "What is missing".
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from wenze.law.case import FactKey
from wenze.law.decide import FALSE, Diagrams, TooLarge, deep
from wenze.law.establish import Status
from wenze.law.evaluate import Evaluation
from wenze.law.primes import Literals, prime_implicants
from wenze.law.rules import Nature
from wenze.law.variables import Above, Function, Unlisted

MOST_FACTS = 5
_MOST_NODES = 200_000  # equivalent: a bound; past it the answer says so

_COST = {Nature.DATA: 0, Nature.FACT: 1, Nature.CAUSE: 2, Nature.JUDGEMENT: 3}  # cheapest proof first

Question = FactKey | Above
Answer = tuple[Question, bool]


_MOST_STEPS = 20_000  # of the search for ways of settling that no short set covers # equivalent: a bound; past it the answer says so


@dataclass(frozen=True, slots=True)
class Direction:
    """The smallest sets of answers that settle a conclusion one way.

    `longer`: some ways of settling it take more than MOST_FACTS answers, or so many sets exist that this was not excluded.
    """

    sets: tuple[tuple[Answer, ...], ...]
    longer: bool


@dataclass(frozen=True, slots=True)
class Missing:
    """What would settle an open conclusion: made out, or not; which question to ask first; which need not be asked any more.

    `beyond`: too much is open at once for sets to be listed; nothing is said then.
    """

    for_it: Direction
    against_it: Direction
    ask: tuple[Question, ...]
    idle: tuple[FactKey, ...]
    beyond: bool = False


def missing(evaluation: Evaluation, function: Function, most: int = MOST_FACTS) -> Missing:
    """What is missing for a condition under the readings in force."""
    constraints, contradiction = evaluation.constraints.around(function.mentions)
    if contradiction:
        return Missing(Direction((), False), Direction((), False), (), ())
    try:
        with deep():
            return _missing(evaluation, function, constraints, most)
    except TooLarge:
        return Missing(Direction((), True), Direction((), True), (), (), beyond=True)


def _missing(evaluation: Evaluation, function: Function, constraints: tuple[int, ...], most: int) -> Missing:
    f = evaluation.formulas
    open_node = evaluation.choose(function.node)
    named = set(f.names(open_node))
    within = f.all(constraint for constraint in constraints if named & set(f.names(constraint)))
    d = Diagrams(_MOST_NODES)  # a store of its own: what is too large here must not fill that of the evaluation
    for name in sorted({*f.names(within), *f.names(open_node)}, key=evaluation.diagrams.variable):
        d.variable(name)
    possible, node = f.drawn(within, d), f.drawn(open_node, d)
    toward, away = (d.either(d.negate(possible), part) for part in (node, d.negate(node)))
    for_it, against_it = (_direction(d, part, possible, most) for part in (toward, away))
    needed = {d.name(level) for level in d.support(toward) | d.support(away)}
    idle = sorted(
        key for key in function.mentions if isinstance(key, FactKey) and _is_open(evaluation, key) and key not in needed
    )
    return Missing(for_it, against_it, _order(evaluation, [for_it, against_it]), tuple(idle))


def _is_open(evaluation: Evaluation, key: FactKey) -> bool:
    return evaluation.fact(key).status is Status.OPEN


def _direction(d: Diagrams, goal: int, possible: int, most: int) -> Direction:
    """The answers that make `goal` certain whoever else may turn up, as far as they are possible together."""
    certain = d.for_all(goal, lambda level: isinstance(d.name(level), Unlisted))
    found = [literals for literals in prime_implicants(d, certain, most) if _can(d, possible, literals)]
    sets = tuple(tuple((_question(d, level), bool(value)) for level, value in sorted(literals)) for literals in found)
    return Direction(sets, _uncovered(d, d.both(certain, possible), found))


def _can(d: Diagrams, node: int, literals: Literals) -> bool:
    """Whether `node` can be true where the literals are."""
    return d.fix(node, dict(literals)) != FALSE


def _uncovered(d: Diagrams, node: int, sets: list[Literals]) -> bool:
    """Whether `node` is true somewhere that no set reaches; also when the search takes too long to tell."""
    seen = set[tuple[int, frozenset[Literals]]]()
    pending = [(node, frozenset(sets))]
    while pending:
        state = current, left = pending.pop()
        if current == FALSE or frozenset() in left or state in seen:
            continue
        if not left or len(seen) >= _MOST_STEPS:
            return True
        seen.add(state)
        level = min(d.top(current), min(min(literals)[0] for literals in left))
        for value in (0, 1):
            child = d.children(current)[value] if d.top(current) == level else current
            rest = frozenset(literals - {(level, value)} for literals in left if (level, 1 - value) not in literals)
            pending.append((child, rest))
    return False


def _question(d: Diagrams, level: int) -> Question:
    name = d.name(level)
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
