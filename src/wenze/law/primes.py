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
    search = _Search(diagrams)
    return tuple(sorted((search.literals(mask) for mask in search.primes(node, most)), key=order))


class _Search:
    """Literals are bits while the search runs: two for each level, in the order in which levels are met."""

    def __init__(self, diagrams: Diagrams) -> None:
        self._diagrams = diagrams
        self._memo: dict[tuple[int, int], frozenset[int]] = {}
        self._bits: dict[tuple[int, int], int] = {}

    def literals(self, mask: int) -> Literals:
        return frozenset(literal for literal, bit in self._bits.items() if mask & bit)

    def primes(self, node: int, room: int) -> frozenset[int]:
        if node == TRUE:
            return frozenset((0,))
        if node == FALSE or room <= 0:
            return frozenset()
        found = self._memo.get((node, room))
        if found is None:
            found = self._memo[node, room] = self._find(node, room)
        return found

    def _find(self, node: int, room: int) -> frozenset[int]:
        level, (low, high) = self._diagrams.top(node), self._diagrams.children(node)
        either_way = self._diagrams.both(low, high)
        without = self.primes(either_way, room)
        found = set(without)
        for value, branch in ((0, low), (1, high)):
            if branch == either_way:
                continue  # whatever implies this branch implies the node without the literal
            bit = self._bits.setdefault((level, value), 1 << len(self._bits))
            for mask in self.primes(branch, room - 1):
                # INVARIANT: literals of a branch that also imply the other one are already in `without`, or contain one that is.
                if not any(shorter & mask == shorter for shorter in without):
                    found.add(mask | bit)
        if len(found) > MOST_SETS:
            raise TooLarge(f"more than {MOST_SETS} sets of answers")
        return frozenset(found)


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
