"""Readings left open: an expression put so that each reading can take everywhere at once the option that favours an answer.

Where it can, that something holds under all options, or under some, is read off operator by operator. A reading that cannot is chosen
first, option by option; where too many cannot, that is said.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping
from math import prod
from typing import NamedTuple

from wenze.law.condense import Condenser
from wenze.law.decide import FALSE, TRUE, Diagrams
from wenze.law.formula import Formulas, Kind
from wenze.law.variables import ReadingOf

MOST_WAYS = 8  # of choosing options for the readings that stand in the way
_FEW = 12  # variables of a branch that is compared with another


class Way(NamedTuple):
    """A choice of options for some readings, and the condition that is left.

    `exact`: no reading stands in the way. `firm`: nor does one if facts are tried out below: the option that favours an answer is the
    same whatever they are.
    """

    node: int
    exact: bool
    firm: bool


class Spreader:
    """Spreads conditions of one store over the readings."""

    def __init__(self, formulas: Formulas, condenser: Condenser) -> None:
        self._formulas = formulas
        self._condenser = condenser
        self._implied: dict[tuple[int, int], bool] = {}
        self._signed: dict[int, Mapping[Hashable, frozenset[int]]] = {}

    def ways(self, node: int) -> list[Way]:
        """The condition under every choice for the readings that stand in the way; as it is where there would be too many."""
        if self._hard(node):
            node = self._condenser.condense(node)
        found = list(self._each_way(node, MOST_WAYS))
        return found if all(way.exact for way in found) else [Way(node, False, False)]

    def _each_way(self, node: int, room: int) -> Iterator[Way]:
        hard = self._hard(node)
        if not hard:
            yield Way(node, True, all(self._ordered(node, *one) for one in self._choices(node).items()))
        elif room < prod(hard.values()):
            yield Way(node, False, False)
        else:
            name, arity = next(iter(hard.items()))
            for option in range(arity):
                child = self._condenser.condense(self._formulas.resolve(node, {name: option}))
                yield from self._each_way(child, room // arity)

    def _hard(self, node: int) -> dict[ReadingOf, int]:
        """The readings that stand in the way, with how many options they have."""
        choices = self._choices(node)
        return {name: self._arity(found) for name, found in choices.items() if not self._simple(node, name, found)}

    def _simple(self, node: int, name: ReadingOf, choices: list[int]) -> bool:
        if len(self._signs(node)[name]) > 1:
            return False
        return len(choices) == 1 or self._ordered(node, name, choices)

    def _ordered(self, node: int, name: ReadingOf, choices: list[int]) -> bool:
        return all(self._best(node, name, choices, favoured) is not None for favoured in (FALSE, TRUE))

    def _best(self, node: int, name: ReadingOf, choices: list[int], favoured: int) -> int | None:
        """An option that everywhere favours the answer at least as much as any other, if there is one."""
        signs = self._signs(node)[name]
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

    def _signs(self, node: int) -> Mapping[Hashable, frozenset[int]]:
        """How the choices by each reading occur in an expression: 1 asserted, 0 denied."""
        if node not in self._signed:
            found: dict[Hashable, frozenset[int]] = {}
            seen, pending = set[tuple[int, int]](), [(node, 1)]
            while pending:
                current = pending.pop()
                if current in seen or current[0] in (FALSE, TRUE):
                    continue
                seen.add(current)
                kind, detail, parts = self._formulas.expression(current[0])
                if kind is Kind.CHOICE:
                    found[detail] = found.get(detail, frozenset()) | {current[1]}
                sign = 1 - current[1] if kind is Kind.NOT else current[1]
                pending += [(part, sign) for part in parts]
            self._signed[node] = found
        return self._signed[node]
