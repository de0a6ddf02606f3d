"""What the variables of a grounded condition stand for. Shapes only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

from wenze.law.case import FactKey


class Here(NamedTuple):
    """The entities at hand: respondent, act, event; "" where there is none."""

    respondent: str
    act: str
    event: str = ""


class ReadingOf(NamedTuple):
    """The variable of a reading."""

    reading: str


class Unlisted(NamedTuple):
    """Somebody or something not on the list meets (some) or fails (every) the condition written at `place`."""

    place: str
    here: Here


class Above(NamedTuple):
    """`first` stands above `second`: by rank, or by order of signature in an act."""

    by: str  # "rank" or "order"
    act: str
    first: str
    second: str


@dataclass(frozen=True, slots=True)
class Function:
    """A grounded condition: its diagram, and every instance of a fact it speaks of, established or not."""

    node: int
    mentions: frozenset[FactKey | Above]
