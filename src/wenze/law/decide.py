"""Decision diagrams: exact boolean functions over facts (two-valued) and readings (finite domains).

Knows nothing of law. A diagram is a number: 0 is false, 1 is true, others index nodes `(variable, children)` that are reduced and
shared (Bryant 1986; multi-valued as in Srinivasan et al. 1990), so two functions are equal exactly when their numbers are. Variables
are ordered as they are first named, which for a rule is the order of the source with readings beside the facts they govern.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType

FALSE, TRUE = 0, 1
MAX_NODES = 1_000_000  # a case a person can still understand needs some hundreds
_GAP = 1_000  # levels left free below each variable for what is melted there
_DEPTH = 20_000  # Python frames; each variable of a function costs a few

# INVARIANT: node n > 1 has a variable smaller than those of its children, and not all its children are equal.


class TooLarge(ValueError):
    """A function needs more nodes than the budget: the rule or the roster is too entangled to be decided exactly."""


@contextmanager
def deep() -> Iterator[None]:
    """Allow recursion as deep as there are variables. Pure Python frames do not use the C stack (CPython ≥ 3.11)."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(max(before, _DEPTH))
    try:
        yield
    except RecursionError as error:
        raise TooLarge(f"more than {_DEPTH} levels") from error
    finally:
        sys.setrecursionlimit(before)


class Diagrams:
    """A store of diagrams over named variables."""

    def __init__(self, budget: int = MAX_NODES) -> None:
        self._nodes: list[tuple[int, tuple[int, ...]]] = [(sys.maxsize, ()), (sys.maxsize, ())]
        self._unique: dict[tuple[int, tuple[int, ...]], int] = {}
        self._levels: dict[Hashable, int] = {}
        self._names: dict[int, Hashable] = {}
        self._arity: dict[int, int] = {}
        self._and: dict[tuple[int, int], int] = {}
        self._not: dict[int, int] = {FALSE: TRUE, TRUE: FALSE}
        self._budget = budget
        self._last = 0

    def __len__(self) -> int:
        """How many nodes there are, the two constants among them."""
        return len(self._nodes)

    def variable(self, name: Hashable, arity: int = 2) -> int:
        """The level of a variable, added as the last one when it is new."""
        found = self._levels.get(name)
        if found is None:
            found = self._add(name, arity, self._last + _GAP)
            self._last = found
        return found

    def _add(self, name: Hashable, arity: int, level: int) -> int:
        self._levels[name] = level
        self._names[level] = name
        self._arity[level] = arity
        return level

    def melted(self, name: Hashable, level: int) -> int:
        """A fresh variable standing for what is forgotten, placed right below the first variable forgotten so that order stays local."""
        if name not in self._levels:
            level += 1
            while level in self._names:
                level += 1
            self._add(name, 2, level)
            self._last = max(self._last, level)
        return self.literal(name)

    def name(self, level: int) -> Hashable:
        return self._names[level]

    def literal(self, name: Hashable) -> int:
        """The function that is true exactly when the two-valued variable `name` is."""
        return self._make(self.variable(name), (FALSE, TRUE))

    def choice(self, name: Hashable, branches: tuple[int, ...]) -> int:
        """The function that equals branch i when variable `name` has value i."""
        level = self.variable(name, len(branches))
        result = FALSE
        for value, branch in enumerate(branches):
            only = self._make(level, tuple(TRUE if other == value else FALSE for other in range(len(branches))))
            result = self.either(result, self.both(only, branch))
        return result

    def _make(self, level: int, children: tuple[int, ...]) -> int:
        first = children[0]
        if children.count(first) == len(children):
            return first
        key = (level, children)
        found = self._unique.get(key)
        if found is None:
            if len(self._nodes) >= self._budget:
                raise TooLarge(f"more than {self._budget} nodes")
            found = len(self._nodes)
            self._nodes.append(key)
            self._unique[key] = found
        return found

    def both(self, left: int, right: int) -> int:
        """left AND right."""
        if left == FALSE or right == FALSE:
            return FALSE
        if left in (TRUE, right):
            return right
        if right == TRUE:
            return left
        key = (left, right) if left < right else (right, left)
        found = self._and.get(key)
        if found is None:
            level = min(self._nodes[left][0], self._nodes[right][0])
            pairs = zip(self._at(left, level), self._at(right, level), strict=True)
            found = self._make(level, tuple([self.both(one, other) for one, other in pairs]))
            self._and[key] = found
        return found

    def negate(self, node: int) -> int:
        """NOT node."""
        found = self._not.get(node)
        if found is None:
            level, children = self._nodes[node]
            found = self._make(level, tuple([self.negate(child) for child in children]))
            self._not[node] = found
            self._not[found] = node
        return found

    def either(self, left: int, right: int) -> int:
        """left OR right."""
        if left in (FALSE, right):
            return right
        if right == FALSE:
            return left
        if TRUE in (left, right):
            return TRUE
        return self.negate(self.both(self.negate(left), self.negate(right)))

    def all(self, nodes: Iterable[int]) -> int:
        result = TRUE
        for node in nodes:
            result = self.both(result, node)
        return result

    def any(self, nodes: Iterable[int]) -> int:
        result = FALSE
        for node in nodes:
            result = self.either(result, node)
        return result

    def at_least(self, count: int, nodes: list[int]) -> int:
        """True when `count` or more of `nodes` are."""
        reached = [TRUE] + [FALSE] * count  # reached[k]: at least k of those seen so far
        for node in nodes:
            for k in range(count, 0, -1):
                reached[k] = self.either(reached[k], self.both(reached[k - 1], node))
        return reached[count]

    def _at(self, node: int, level: int) -> tuple[int, ...]:
        """The children of `node` as seen from `level`, at or above its own."""
        own, children = self._nodes[node]
        return children if own == level else (node,) * self._arity[level]

    def top(self, node: int) -> int:
        """The level of a node; sys.maxsize for the constants."""
        return self._nodes[node][0]

    def children(self, node: int) -> tuple[int, ...]:
        return self._nodes[node][1]

    def fix(self, node: int, values: Mapping[int, int]) -> int:
        """`node` with the variables at some levels set to values."""
        return self._rebuild(
            node, lambda level, children: children[values[level]] if level in values else self._make(level, children)
        )

    def follow(self, node: int, values: Mapping[int, int]) -> int:
        """`node` with every variable it meets set to a value: a constant."""
        while node > TRUE:
            level, children = self._nodes[node]
            node = children[values[level]]
        return node

    def for_all(self, node: int, quantified: Callable[[int], bool]) -> int:
        """True where `node` is true whatever the quantified levels are."""
        return self._rebuild(
            node, lambda level, children: self.all(children) if quantified(level) else self._make(level, children)
        )

    def exists(self, node: int, quantified: Callable[[int], bool]) -> int:
        """True where `node` can be true for some values of the quantified levels."""
        return self.negate(self.for_all(self.negate(node), quantified))

    def _rebuild(self, node: int, combine: Callable[[int, tuple[int, ...]], int]) -> int:
        memo = {FALSE: FALSE, TRUE: TRUE}

        def walk(current: int) -> int:
            if current not in memo:
                level, children = self._nodes[current]
                memo[current] = combine(level, tuple([walk(child) for child in children]))
            return memo[current]

        return walk(node)

    def support(self, node: int) -> frozenset[int]:
        """The levels a function really depends on."""
        seen, levels, stack = {FALSE, TRUE}, set(), [node]
        while stack:
            current = stack.pop()
            if current not in seen:
                seen.add(current)
                level, children = self._nodes[current]
                levels.add(level)
                stack += children
        return frozenset(levels)

    def example(self, node: int, liked: Mapping[int, int] = MappingProxyType({})) -> dict[int, int]:
        """Some assignment under which `node` is true, at each level the value that is liked if that can be; ValueError when there is none."""
        if node == FALSE:
            raise ValueError("no assignment satisfies a contradiction")
        values: dict[int, int] = {}
        while node != TRUE:
            level, children = self._nodes[node]
            value = liked.get(level, 0)
            if children[value] == FALSE:
                value = next(other for other, child in enumerate(children) if child != FALSE)
            values[level], node = value, children[value]
        return values
