"""Code of two halves → plain code, a plane for what must be and one for what cannot: of many cases there are planes, and not halves of them.

Knows variables and constraints on them. An opposite then costs nothing: what must be and what cannot change places.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable
from typing import NamedTuple

from wenze.law.clauses import Clause
from wenze.law.lanes import MUST, Needed
from wenze.law.planes import ALWAYS, AND, NEVER, OR, TURNED, Code, Planes
from wenze.law.variables import Unlisted


class Input(NamedTuple):
    """An input plane: where a fact, or who stands above whom, is proven (value 1) or disproven (value 0)."""

    name: Hashable
    value: int


class Pair(NamedTuple):
    """Where something must hold and where it cannot."""

    true: int
    false: int

    @property
    def opposite(self) -> Pair:
        return Pair(self.false, self.true)


class Premises:
    """What is recorded of variables, as inputs of `planes`, and what follows from it by clauses (all prime implicates)."""

    def __init__(self, planes: Planes, clauses: Iterable[Clause]) -> None:
        self._planes = planes
        self._touching: dict[Hashable, list[Clause]] = {}
        for clause in sorted(clauses, key=_sorted):
            for name, _ in clause:
                self._touching.setdefault(name, []).append(clause)
        self._known: dict[Hashable, Pair] = {}

    def known(self, name: Hashable) -> Pair:
        """Where a variable is true, and false, by what is recorded or by what follows."""
        if name not in self._known:
            p, (true, false) = self._planes, self._recorded(name)
            for clause in self._touching.get(name, ()):
                others = p.all(self._denied(*one) for one in _sorted(clause) if one[0] != name)
                true, false = (
                    (p.either(true, others), false) if (name, 1) in clause else (true, p.either(false, others))
                )
            self._known[name] = Pair(true, false)
        return self._known[name]

    def violated(self, clauses: Iterable[Clause]) -> int:
        """Where what is recorded leaves nothing that the clauses allow."""
        p = self._planes
        return p.any(p.all(self._denied(*one) for one in _sorted(clause)) for clause in sorted(clauses, key=_sorted))

    def _denied(self, name: Hashable, value: int) -> int:
        """Where a variable is recorded not to have a value."""
        true, false = self._recorded(name)
        return false if value else true

    def _recorded(self, name: Hashable) -> Pair:
        if isinstance(name, Unlisted):
            return Pair(NEVER, NEVER)
        return Pair(self._planes.input(Input(name, 1)), self._planes.input(Input(name, 0)))


def unfolded(
    code: Code, planes: Planes, known: Callable[[Hashable], Pair], chosen: Callable[[Needed], Pair | None]
) -> list[Pair]:
    """The outputs of `code` written into `planes`. `chosen`: what an input says that is a choice; None where it is none."""
    p, pairs = planes, [Pair(NEVER, ALWAYS), Pair(ALWAYS, NEVER)]
    for one in code.inputs:
        if not isinstance(one, Needed):
            pairs.append(Pair(ALWAYS, ALWAYS) if one == MUST else Pair(NEVER, NEVER))
        elif (choice := chosen(one)) is not None:
            pairs.append(choice)
        else:
            pairs.append(known(one.name) if one.value else known(one.name).opposite)
    for operator, *operands in code.steps:
        left, right = (pairs[one] for one in operands)
        if operator == TURNED:
            pairs.append(left.opposite)
        elif operator == AND:
            pairs.append(Pair(p.both(left.true, right.true), p.either(left.false, right.false)))
        elif operator == OR:
            pairs.append(Pair(p.either(left.true, right.true), p.both(left.false, right.false)))
        else:
            raise AssertionError(f"{operator} knows no halves")
    return [pairs[one] for one in code.outputs]


def _sorted(clause: Clause) -> list[tuple[Hashable, int]]:
    return sorted(clause, key=str)
