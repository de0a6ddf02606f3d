"""Every completion of what is unknown, written out. A set of completions is a number with one bit for each of them.

Knows no law and no diagrams: `where(unknown, value)` is the set of completions in which it has that value, and sets are
joined with `&`, `|` and `^`. That is a truth table, column by column.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping
from math import prod


class Worlds:
    """All completions of `unknowns`, given as name → number of values."""

    def __init__(self, unknowns: Mapping[Hashable, int]) -> None:
        self.unknowns = dict(unknowns)
        self.count = prod(self.unknowns.values())
        self.all = (1 << self.count) - 1
        self._stride: dict[Hashable, int] = {}
        self._where: dict[tuple[Hashable, int], int] = {}
        stride = 1
        for name, values in self.unknowns.items():
            self._stride[name] = stride
            stride *= values

    def where(self, name: Hashable, value: int) -> int:
        """The completions in which `name` has `value`."""
        found = self._where.get((name, value))
        if found is None:
            stride, width = self._stride[name], self._stride[name] * self.unknowns[name]
            found = ((1 << stride) - 1) << (value * stride)
            while width < self.count:  # the pattern repeats: double it until it is wide enough
                found |= found << width
                width *= 2
            found = self._where[name, value] = found & self.all
        return found

    def whatever(self, name: Hashable, column: int) -> int:
        """The completions in which `column` holds whatever value `name` has, the others being the same."""
        stride, values = self._stride[name], self.unknowns[name]
        always = self.where(name, 0)
        for value in range(values):
            always &= (column & self.where(name, value)) >> (value * stride)
        found = 0
        for value in range(values):
            found |= always << (value * stride)
        return found


def all_of(columns: Iterable[int], everything: int) -> int:
    found = everything
    for column in columns:
        found &= column
    return found


def any_of(columns: Iterable[int]) -> int:
    found = 0
    for column in columns:
        found |= column
    return found
