"""What can be unknown in a case: shapes, and all the orders a group of people can stand in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import NamedTuple

from wenze.law.case import FactKey
from wenze.law.rules import Scope

LETTERS = {
    Scope.CASE: "",
    Scope.RESPONDENT: "R",
    Scope.ACT: "A",
    Scope.PARTICIPATION: "RA",
    Scope.EVENT: "E",
    Scope.OUTCOME: "AE",
}


class Here(NamedTuple):
    respondent: str
    act: str
    event: str = ""


class Option(NamedTuple):
    """The unknown: which option of a reading is right."""

    reading: str


class Ranking(NamedTuple):
    """The unknown: who of an act stands above whom, by rank or by order of signature."""

    by: str
    act: str


class Unlisted(NamedTuple):
    """The unknown: somebody or something not listed decides a quantifier."""

    node: int
    entities: tuple[str, ...]


class Stands(NamedTuple):
    """The question whether `first` stands above `second`."""

    by: str
    act: str
    first: str
    second: str


Question = FactKey | Stands
Answers = frozenset[tuple[Question, bool]]


def rankings(members: Sequence[str], known: Mapping[str, float]) -> list[dict[str, float]]:
    """Every way the members can stand, ties allowed, that keeps those known: all strict weak orders, each once."""
    found: dict[frozenset[tuple[str, str]], dict[str, float]] = {}
    levels = sorted({*known.values()}) or [0.0]
    unknown = [member for member in members if member not in known]
    steps = len(unknown) + 1
    # Between, below and above the known levels there is room for all unknown members at different heights.
    heights: list[float] = [levels[0] - steps + step for step in range(1, steps)]
    for low, high in zip(levels, [*levels[1:], levels[-1] + steps], strict=True):
        heights += [low + (high - low) * step / steps for step in range(steps)]
    for chosen in product(heights, repeat=len(unknown)):
        ranking = {**known, **dict(zip(unknown, chosen, strict=True))}
        above = frozenset((one, other) for one in members for other in members if ranking[one] > ranking[other])
        found.setdefault(above, ranking)
    return list(found.values())
