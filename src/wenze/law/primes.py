"""What would settle a function: its prime implicants up to a size. Knows diagrams and sizes, no law.

An implicant is a set of literals `(level, value)`; it is prime when no part of it suffices (Quine 1952; on diagrams Coudert & Madre 1992).
"""

from __future__ import annotations

from collections.abc import Iterable

from wenze.law.decide import FALSE, TRUE, Diagrams, TooLarge

MOST_SETS = 2_000  # a person reads a handful; beyond this the question itself is too wide

Literals = frozenset[tuple[int, int]]


def prime_implicants(diagrams: Diagrams, node: int, most: int) -> tuple[Literals, ...]:
    """Every prime implicant of `node` (two-valued variables only) with at most `most` literals, shortest first.

    The constant true has the empty one; the constant false has none. TooLarge beyond MOST_SETS of them.
    """
    memo: dict[tuple[int, int], frozenset[Literals]] = {}

    def primes(current: int, room: int) -> frozenset[Literals]:
        if current == TRUE:
            return frozenset({frozenset()})
        if current == FALSE or room < 0:
            return frozenset()
        key = (current, room)
        if key not in memo:
            level = diagrams.top(current)
            low, high = diagrams.children(current)
            without = primes(diagrams.both(low, high), room)
            found = set(without)
            for value, branch in ((0, low), (1, high)):
                for literals in primes(branch, room - 1):
                    # INVARIANT: literals of a branch that also imply the other one are already in `without`, or contain one that is.
                    if not any(shorter <= literals for shorter in without):
                        found.add(literals | {(level, value)})
            if len(found) > MOST_SETS:
                raise TooLarge(f"more than {MOST_SETS} sets of answers")
            memo[key] = frozenset(found)
        return memo[key]

    return tuple(sorted((literals for literals in primes(node, most) if len(literals) <= most), key=order))


def order(literals: Literals) -> tuple[int, tuple[tuple[int, int], ...]]:
    """Shortest first, then in the order of the source."""
    return len(literals), tuple(sorted(literals))


def smallest_conflicts(diagrams: Diagrams, node: int, known: dict[int, int]) -> tuple[Literals, ...]:
    """The smallest sets of known values that alone make `node` impossible; empty when together they do not."""
    memo: dict[int, frozenset[Literals]] = {}

    def conflicts(current: int) -> frozenset[Literals]:
        if current == FALSE:
            return frozenset({frozenset()})
        if current == TRUE:
            return frozenset()
        if current not in memo:
            level, children = diagrams.top(current), diagrams.children(current)
            whichever: frozenset[Literals] = frozenset({frozenset()})
            for child in children:
                whichever = _minimal(one | other for one in whichever for other in conflicts(child))
            own = frozenset[Literals]()
            if level in known:
                own = frozenset(literals | {(level, known[level])} for literals in conflicts(children[known[level]]))
            memo[current] = _minimal([*whichever, *own])
        return memo[current]

    found = sorted(conflicts(node), key=order)
    return tuple(literals for literals in found if len(literals) == len(found[0]))


def _minimal(sets: Iterable[Literals]) -> frozenset[Literals]:
    kept: list[Literals] = []
    for candidate in sorted(sets, key=len):
        if not any(smaller <= candidate for smaller in kept):
            kept.append(candidate)
    return frozenset(kept)
