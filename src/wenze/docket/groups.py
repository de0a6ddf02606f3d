"""What lies together in a docket: acts of one shape, side by side, under the same rulings, with their rows in each table."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa

from wenze.law import Shape

MOST_ACTS = 65_536  # of one group: what is in memory at once

Rulings = tuple[tuple[str, str, str], ...]  # (reading, option, day from which it holds)


@dataclass(frozen=True, slots=True)
class Group:
    """Acts of one shape under the same rulings. `entangled`: they do not stand alone, and are determined case by case."""

    participants: int
    events: int
    acts: int
    rulings: Rulings = ()
    entangled: bool = False

    @property
    def shape(self) -> Shape:
        return Shape(self.participants, self.events)


@dataclass(frozen=True)
class Batch:
    """One group with its rows: a record batch a table."""

    number: int
    group: Group
    tables: Mapping[str, pa.RecordBatch]


class Batches(Protocol):
    """Where groups are looked for: a docket, or as much of one as is at hand."""

    def batches(self) -> Iterator[Batch]: ...
