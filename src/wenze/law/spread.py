"""Whether an answer changes with the readings: where a condition holds under all, under some, under no choice of options.

"All" is exact where each reading can take everywhere at once the option that weighs against the answer; "some" where it can take the one
that favours it. A reading that cannot is tried option by option, and where too many cannot, the rest is marked as in doubt.
"""

from __future__ import annotations

from collections.abc import Iterator
from math import prod
from typing import NamedTuple

from wenze.law.condense import Condenser
from wenze.law.decide import FALSE, TRUE, Diagrams
from wenze.law.formula import Formulas, Kind
from wenze.law.planes import ALWAYS, NEVER, Planes
from wenze.law.settle import Leaf, Settler
from wenze.law.variables import ReadingOf

MOST_WAYS = 8  # of choosing options for the readings that stand in the way
_FEW = 12  # variables of a branch that is compared with another


class Spread(NamedTuple):
    """Where a condition must hold under all and under some choice of options, and where it cannot. Not `exact`: "all" may be
    too small and "some" too large."""

    all_true: int
    some_true: int
    all_false: int
    some_false: int
    exact: bool


class Way(NamedTuple):
    """A choice of options for some readings, and the condition that is left; `hard` readings still stand in the way."""

    node: int
    hard: frozenset[str]


class Spreader:
    """Spreads conditions of one store over the readings."""

    def __init__(self, formulas: Formulas, planes: Planes, settler: Settler) -> None:
        self._formulas = formulas
        self._planes = planes
        self._settler = settler
        self._condenser = Condenser(formulas)
        self._implied: dict[tuple[int, int], bool] = {}

    def spread(self, node: int) -> Spread:
        p = self._planes
        all_true = all_false = ALWAYS
        some_true = some_false = NEVER
        exact = True
        for way in self._ways(self._condenser.condense(node)):
            leaves = self._settler.leaves(way.node)
            true, false = self._settler.over(leaves, "all")
            all_true, all_false = p.both(all_true, true), p.both(all_false, false)
            true, false = self._settler.over(leaves, "some")
            some_true, some_false = p.either(some_true, true), p.either(some_false, false)
            exact = exact and not way.hard and not any(leaf.hard for leaf in leaves) and self._one_for_all(way, leaves)
        return Spread(all_true, some_true, all_false, some_false, exact)

    def _ways(self, node: int) -> list[Way]:
        """The condition under every choice for the readings that stand in the way; as it is where there would be too many."""
        found = list(self._each_way(node, MOST_WAYS))
        return [Way(node, found[0].hard)] if any(way.hard for way in found) else found

    def _each_way(self, node: int, room: int) -> Iterator[Way]:
        choices = self._choices(node)
        hard = [name for name, found in choices.items() if not self._simple(node, name, found)]
        if not hard or room < prod(self._arity(choices[name]) for name in hard):
            yield Way(node, frozenset(name.reading for name in hard))
            return
        arity = self._arity(choices[hard[0]])
        for option in range(arity):
            child = self._condenser.condense(self._formulas.resolve(node, {hard[0]: option}))
            yield from self._each_way(child, room // arity)

    def _simple(self, node: int, name: ReadingOf, choices: list[int]) -> bool:
        if len(self._settler.signs(node)[name]) > 1:
            return False
        return len(choices) == 1 or self._ordered(node, name, choices)

    def _ordered(self, node: int, name: ReadingOf, choices: list[int]) -> bool:
        return all(self._best(node, name, choices, favoured) is not None for favoured in (FALSE, TRUE))

    def _one_for_all(self, way: Way, leaves: list[Leaf]) -> bool:
        """Whether the option that favours an answer is the same however facts were filled in."""
        if len(leaves) < 2:
            return True
        return all(self._ordered(way.node, name, found) for name, found in self._choices(way.node).items())

    def _best(self, node: int, name: ReadingOf, choices: list[int], favoured: int) -> int | None:
        """An option that everywhere favours the answer at least as much as any other, if there is one."""
        signs = self._settler.signs(node)[name]
        if len(signs) > 1:
            return None
        wide = bool(favoured) == (1 in signs)
        for option in range(self._arity(choices)):
            if all(self._widest(choice, option, wide) for choice in choices):
                return option
        return None

    def _widest(self, choice: int, option: int, wide: bool) -> bool:
        branches = self._formulas.expression(choice).parts
        own = branches[option]
        return all(self._implies(other, own) if wide else self._implies(own, other) for other in branches)

    def _implies(self, one: int, other: int) -> bool:
        """Whether one expression implies another; no where they are too large to tell at once."""
        if one in (other, FALSE) or other == TRUE:
            return True
        found = self._implied.get((one, other))
        if found is None:
            names = sorted({*self._formulas.names(one), *self._formulas.names(other)}, key=str)
            found = len(names) <= _FEW and self._compare(one, other)
            self._implied[one, other] = found
        return found

    def _compare(self, one: int, other: int) -> bool:
        d = Diagrams()
        f = self._formulas
        return d.both(f.drawn(one, d), d.negate(f.drawn(other, d))) == FALSE

    def _arity(self, choices: list[int]) -> int:
        return len(self._formulas.expression(choices[0]).parts)

    def _choices(self, node: int) -> dict[ReadingOf, list[int]]:
        """Reading → the choices by it in an expression."""
        found: dict[ReadingOf, list[int]] = {}
        for part in sorted(self._condenser.below(node)):
            kind, detail, _ = self._formulas.expression(part)
            if kind is Kind.CHOICE and isinstance(detail, ReadingOf):
                found.setdefault(detail, []).append(part)
        return found
