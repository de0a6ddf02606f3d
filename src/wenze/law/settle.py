"""Expressions → planes: where a condition must hold and where it cannot, exactly over everything not known, for many cases at once.

Reading values off one by one (Kleene 1938) is exact where no fact occurs both asserted and denied and no constraint stands between two
of them: all facts can then take the value that favours the answer. Where a fact stands in the way both its values are tried; where too
many do, what is said stays true and the rest is marked as in doubt, for the diagrams of the single case to decide.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import NamedTuple

from wenze.law.clauses import Clause, reduced
from wenze.law.condense import Condenser
from wenze.law.decide import FALSE, TRUE
from wenze.law.formula import Formulas, Kind
from wenze.law.planes import ALWAYS, NEVER, Planes
from wenze.law.variables import Above, ReadingOf, Unlisted

Clauses = frozenset[Clause]
Signs = dict[Hashable, set[int]]  # variable → how it occurs: 1 asserted, 0 denied

MOST_LEAVES = 8  # ways of filling in the facts that stand in the way


class Input(NamedTuple):
    """An input plane: where a fact, or who stands above whom, is proven (value 1) or disproven (value 0)."""

    name: Hashable
    value: int


class Bounds(NamedTuple):
    """Where a condition must hold, where it cannot, and where neither is certain though it may be decided."""

    true: int
    false: int
    doubt: int


class Leaf(NamedTuple):
    """One way of filling in some facts: what is left of the condition and of the constraints. `hard`: what still stands in the way."""

    filled: dict[Hashable, int]
    node: int
    clauses: Clauses
    hard: frozenset[Hashable]


class Settler:
    """Settles conditions of one store under one set of constraints (all their prime implicates)."""

    def __init__(self, formulas: Formulas, planes: Planes, clauses: Clauses) -> None:
        self._formulas = formulas
        self._planes = planes
        self._condenser = Condenser(formulas)
        self.clauses = clauses
        self._touching: dict[Clauses, dict[Hashable, list[Clause]]] = {}
        self._read: dict[tuple[Clauses, str], dict[int, tuple[int, int]]] = {}
        self._signs: dict[int, Signs] = {}

    def condensed(self, node: int) -> int:
        return self._condenser.condense(node)

    def settle(self, node: int) -> Bounds:
        """A condition without open readings."""
        node = self.condensed(node)
        leaves = self.leaves(node)
        true, false = self.over(leaves, "")
        if not any(leaf.hard for leaf in leaves):
            return Bounds(true, false, NEVER)
        p = self._planes
        hard = frozenset().union(*(leaf.hard for leaf in leaves))
        doubt = p.without(p.without(p.any(self._open(name) for name in sorted(hard, key=str)), true), false)
        return Bounds(true, false, doubt)

    def over(self, leaves: Iterable[Leaf], mode: str) -> tuple[int, int]:
        """Where the condition must hold, and cannot, in every way of filling in that is possible."""
        p = self._planes
        true = false = ALWAYS
        for leaf in leaves:
            impossible = self._impossible(leaf)
            must, cannot = self.read(leaf.node, leaf.clauses, mode)
            true, false = p.both(true, p.either(must, impossible)), p.both(false, p.either(cannot, impossible))
        return true, false

    # Reading values off one by one

    def read(self, node: int, clauses: Clauses, mode: str) -> tuple[int, int]:
        """Kleene's value. `mode` says what an open reading is: "some" option makes it so, or "all" do; "" where none is open."""
        memo = self._read.setdefault((clauses, mode), {FALSE: (NEVER, ALWAYS), TRUE: (ALWAYS, NEVER)})
        pending = [node]
        while pending:
            current = pending[-1]
            if current in memo:
                pending.pop()
                continue
            kind, detail, parts = self._formulas.expression(current)
            lacking = [part for part in parts if part not in memo]
            if lacking:
                pending += lacking
            elif kind is Kind.LITERAL:
                memo[current] = self.literal(detail, clauses)
            else:
                memo[current] = self._joined(kind, detail, [memo[part] for part in parts], mode)
        return memo[node]

    def _joined(self, kind: Kind, detail: Hashable, parts: list[tuple[int, int]], mode: str) -> tuple[int, int]:
        p = self._planes
        trues, falses = [true for true, _ in parts], [false for _, false in parts]
        if kind is Kind.NOT:
            return falses[0], trues[0]
        if kind is Kind.ALL:
            return p.all(trues), p.any(falses)
        if kind is Kind.ANY:
            return p.any(trues), p.all(falses)
        if kind is Kind.CHOICE:
            join = p.any if mode == "some" else p.all
            return join(trues), join(falses)
        if kind is Kind.AT_LEAST and isinstance(detail, int):
            return p.at_least(detail, trues), p.at_least(len(parts) - detail + 1, falses)
        raise AssertionError(f"{kind} has no parts to join")

    def literal(self, name: Hashable, clauses: Clauses) -> tuple[int, int]:
        """Where a variable is true, and false, by what is recorded and what follows from that by the constraints."""
        p = self._planes
        true, false = self._recorded(name)
        for clause in self._clauses_of(name, clauses):
            value = next(value for other, value in clause if other == name)
            others = p.all(self._recorded(other)[wanted] for other, wanted in _sorted(clause) if other != name)
            true, false = (p.either(true, others), false) if value else (true, p.either(false, others))
        return true, false

    def _recorded(self, name: Hashable) -> tuple[int, int]:
        """INVARIANT: `_recorded(name)[value]` is where the literal (name, value) is false."""
        if isinstance(name, Unlisted):
            return NEVER, NEVER
        return self._planes.input(Input(name, 1)), self._planes.input(Input(name, 0))

    def _clauses_of(self, name: Hashable, clauses: Clauses) -> list[Clause]:
        index = self._touching.get(clauses)
        if index is None:
            index = self._touching[clauses] = {}
            for clause in sorted(clauses, key=_sorted):
                for other, _ in clause:
                    index.setdefault(other, []).append(clause)
        return index.get(name, [])

    def _open(self, name: Hashable) -> int:
        p = self._planes
        true, false = self.literal(name, self.clauses)
        return p.without(p.without(ALWAYS, true), false)

    def violated(self, clauses: Iterable[Clause]) -> int:
        """Where what is recorded leaves nothing that the constraints allow."""
        p = self._planes
        return p.any(
            p.all(self._recorded(name)[value] for name, value in _sorted(clause))
            for clause in sorted(clauses, key=_sorted)
        )

    # Filling in what stands in the way

    def leaves(self, node: int) -> list[Leaf]:
        """The ways of filling in the facts that stand in the way; one way with nothing filled in where there would be too many."""
        found = list(self._leaves(node, self.clauses, MOST_LEAVES))
        if any(leaf.hard for leaf in found):
            return [Leaf({}, node, self.clauses, self.hard(node, self.clauses))]
        return found

    def _leaves(self, node: int, clauses: Clauses, room: int) -> Iterator[Leaf]:
        hard = self.hard(node, clauses)
        name = next((name for name in sorted(hard, key=str) if not isinstance(name, Above)), None)
        if name is None or room < 1 << len(hard) or any(isinstance(other, Above) for other in hard):
            yield Leaf({}, node, clauses, hard)
            return
        for value in (FALSE, TRUE):
            filled, rest = filled_in(clauses, name, value)
            if rest is None:
                continue
            child = self._condenser.condense(self._formulas.resolve(node, filled))
            for leaf in self._leaves(child, rest, room // 2):
                yield leaf._replace(filled={name: value, **leaf.filled})

    def _impossible(self, leaf: Leaf) -> int:
        if not leaf.filled:
            return NEVER
        p = self._planes
        denied = p.any(self._denied(name, value) for name, value in leaf.filled.items())
        return p.either(denied, self.violated(leaf.clauses - self.clauses))

    def _denied(self, name: Hashable, value: int) -> int:
        true, false = self.literal(name, self.clauses)
        return false if value else true

    def hard(self, node: int, clauses: Clauses) -> frozenset[Hashable]:
        """The facts for which reading values off may say too little."""
        signs = self.signs(node)
        found = {name for name, how in signs.items() if len(how) > 1 and not isinstance(name, ReadingOf)}
        for name in signs:
            for clause in self._clauses_of(
                name, clauses
            ):  # what nothing asks about may be known, and leave these two only
                asked = [(other, value) for other, value in clause if other in signs]
                for favoured in (FALSE, TRUE):
                    against = [other for other, value in asked if (value in signs[other]) != bool(favoured)]
                    found |= set(against) if len(against) > 1 else set()
        return frozenset(found) | _disordered(signs)

    def signs(self, node: int) -> Signs:
        """Every variable in an expression, and whether it occurs asserted, denied or both; a reading where its choice does."""
        found = self._signs.get(node)
        if found is None:
            found = self._signs[node] = {}
            seen, pending = set[tuple[int, int]](), [(node, 1)]
            while pending:
                current = pending.pop()
                if current in seen or current[0] in (FALSE, TRUE):
                    continue
                seen.add(current)
                kind, detail, parts = self._formulas.expression(current[0])
                if kind in (Kind.LITERAL, Kind.CHOICE):
                    found.setdefault(detail, set()).add(current[1])
                sign = 1 - current[1] if kind is Kind.NOT else current[1]
                pending += [(part, sign) for part in parts]
        return found


def filled_in(clauses: Clauses, name: Hashable, value: int) -> tuple[dict[Hashable, int], Clauses | None]:
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


def _disordered(signs: Mapping[Hashable, set[int]]) -> frozenset[Hashable]:
    """Who stands above whom, unless it is asked of one respondent only: everybody may then stand above, or below."""
    asked = [name for name in signs if isinstance(name, Above)]
    one = len({(name.by, name.act, name.second) for name in asked}) <= 1
    return frozenset() if one else frozenset(asked)


def _sorted(clause: Clause) -> list[tuple[Hashable, int]]:
    return sorted(clause, key=str)
