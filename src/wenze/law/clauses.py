"""What constraints say, as clauses: which of their literals cannot all be false. Knows nothing of law.

Prime implicates (Quine 1955, by saturation): what follows from them and some known literals follows in one step.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Mapping
from itertools import combinations

from wenze.law.decide import FALSE, TRUE
from wenze.law.formula import Formulas, Kind

Clause = frozenset[tuple[Hashable, int]]  # (variable, the value that satisfies it)

MOST_CLAUSES = 400  # a constraint of a person's making has a handful


class _TooMany(ValueError):
    """A constraint has no short form as clauses."""


def implicates(formulas: Formulas, node: int) -> frozenset[Clause] | None:
    """All prime implicates of an expression; None beyond MOST_CLAUSES, or where it has choices."""
    try:
        found = _minimal(_clauses(formulas, node, TRUE))
        while True:
            made = {one for left, right in combinations(found, 2) for one in _resolvents(left, right)}
            grown = _minimal(found | made)
            if grown == found:
                return found
            found = grown
    except _TooMany:
        return None


def reduced(clauses: Iterable[Clause], values: Mapping[Hashable, int]) -> frozenset[Clause] | None:
    """The clauses under some values, with all that follows; None when the values are impossible. Prime implicates stay prime enough:
    a clause left with one literal is a value that follows.

    None of the clauses given contains another, so only what a value made shorter can be contained in others.
    """
    satisfied = frozenset(values.items())
    touched = satisfied.union((name, 1 - value) for name, value in values.items())
    same, shorter = [], set()
    for clause in clauses:
        if clause.isdisjoint(touched):
            same.append(clause)
        elif clause.isdisjoint(satisfied):
            shorter.add(clause - touched)
    if frozenset() in shorter:
        return None
    least = _minimal(shorter)
    return least.union(clause for clause in same if not any(rest <= clause for rest in least))


def filled_in(
    clauses: frozenset[Clause], name: Hashable, value: int
) -> tuple[dict[Hashable, int], frozenset[Clause] | None]:
    """A variable and all that follows from it by the clauses, and the clauses left; None where it is impossible."""
    filled = {name: value}
    while True:
        rest = reduced(clauses, filled)
        if rest is None:
            return filled, None
        follows = {literal for clause in rest if len(clause) == 1 for literal in clause}
        if not follows:
            return filled, rest
        filled |= dict(follows)


def ways(clauses: frozenset[Clause]) -> Iterator[dict[Hashable, int]]:
    """The ways in which clauses, all prime implicates of a constraint, can be satisfied; what a way does not name is free in it.

    What most clauses speak of is tried first: `a` and `b` and `c` that each imply `d` can be in two ways, not in nine.
    """
    if frozenset() in clauses:
        return
    spoken = Counter(name for clause in clauses for name, _ in clause)
    if not spoken:
        yield {}
        return
    name = min(spoken, key=lambda one: (-spoken[one], str(one)))
    for value in (FALSE, TRUE):
        filled, rest = filled_in(clauses, name, value)
        if rest is not None:
            yield from ({**filled, **way} for way in ways(rest))


def _clauses(formulas: Formulas, node: int, wanted: int) -> frozenset[Clause]:
    """Clauses that say together that `node` has the value `wanted`."""
    if node in (FALSE, TRUE):
        return frozenset() if node == wanted else frozenset({frozenset()})
    kind, detail, parts = formulas.expression(node)
    if kind is Kind.LITERAL:
        return frozenset({frozenset({(detail, wanted)})})
    if kind is Kind.NOT:
        return _clauses(formulas, parts[0], TRUE - wanted)
    if kind is Kind.AT_LEAST and isinstance(detail, int):
        size = len(parts) - detail + 1 if wanted else detail  # of any so many parts, one has the wanted value
        groups: Iterable[tuple[int, ...]] = combinations(parts, size)
        return frozenset().union(*(_some(formulas, group, wanted) for group in groups))
    if kind is Kind.CHOICE:
        raise _TooMany("a constraint speaks of facts only")
    if (kind is Kind.ALL) == bool(wanted):
        return frozenset().union(*(_clauses(formulas, part, wanted) for part in parts))
    return _some(formulas, parts, wanted)


def _some(formulas: Formulas, parts: Iterable[int], wanted: int) -> frozenset[Clause]:
    """Clauses that say that one of the parts has the value `wanted`."""
    found: frozenset[Clause] = frozenset({frozenset()})
    for part in parts:
        found = _minimal(left | right for left in found for right in _clauses(formulas, part, wanted))
    return found


def _resolvents(left: Clause, right: Clause) -> list[Clause]:
    opposed = [(name, value) for name, value in left if (name, 1 - value) in right]
    if len(opposed) != 1:  # none, or what is left says nothing
        return []
    name, value = opposed[0]
    return [(left - {(name, value)}) | (right - {(name, 1 - value)})]


def _minimal(clauses: Iterable[Clause]) -> frozenset[Clause]:
    """Without those that say nothing or contain another."""
    kept: list[Clause] = []
    for clause in sorted(set(clauses), key=len):
        says_nothing = any((name, 1 - value) in clause for name, value in clause)
        if not says_nothing and not any(smaller <= clause for smaller in kept):
            kept.append(clause)
            if len(kept) > MOST_CLAUSES:
                raise _TooMany(f"more than {MOST_CLAUSES} clauses")
    return frozenset(kept)
