"""Acts of a group told of many at a time, under all options of the readings at once, and by the single case where that is not told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np

from wenze.docket.columns import words_of
from wenze.docket.groups import Batch
from wenze.docket.inputs import Inputs
from wenze.docket.kernel import Words
from wenze.docket.tables import Tables
from wenze.law import Above, Across, Input, Law, ManyTold, Recorded, Shape, TooLarge

_FEW = 6  # participants, of whom each is tried behind each
_AT_ONCE = 1 << 12  # participations: what is reckoned of so many fits in some hundred megabytes

Options = Mapping[str, str]


class Some(NamedTuple):
    """Acts of a group by number, and what is told of them, a bit each act in this order."""

    acts: Sequence[int]
    told: ManyTold


class Abreast:
    """What is made for a shape of act is kept."""

    def __init__(self, law: Law, tables: Tables) -> None:
        self._law, self._tables = law, tables
        self._made: dict[Shape, Across] = {}

    def across(self, shape: Shape) -> Across:
        if shape not in self._made:
            self._made[shape] = Across(self._law, shape)
        return self._made[shape]

    def tell(
        self, batch: Batch, acts: Sequence[int], options: Options, others: Sequence[Options] | None = None
    ) -> Iterator[Some]:
        """How some acts stand under the options in force and whether any others change it, or how they stand under some others."""
        step = max(1, _AT_ONCE // batch.group.participants)
        across, inputs = self.across(batch.group.shape), Inputs(self._tables, batch)
        pending = [acts[start : start + step] for start in range(0, len(acts), step)][::-1]
        while pending:
            some = pending.pop()
            facts = across.facts(_recorded(inputs, batch, some), len(some))
            try:
                told = across.tell(facts, options, others)
            except TooLarge:
                if len(some) > 1:
                    half = len(some) // 2
                    pending += (some[half:], some[:half])
                    continue
                told = across.untold(facts)
            yield Some(some, told)


def _recorded(inputs: Inputs, batch: Batch, acts: Sequence[int]) -> Recorded:
    """The planes of some acts, read off their group."""
    orders = list(_orders(batch.group.participants))

    def fact(one: Input) -> int:
        return number_of(inputs.plane(one), acts)

    def above(question: Above, order: int) -> int:
        return number_of(inputs.above_in_order(question, orders[order]), acts)

    return Recorded(fact, above, len(orders))


def number_of(words: Words, acts: Sequence[int]) -> int:
    """A plane as a whole number, a bit for each of some acts."""
    bits = np.unpackbits(words.view(np.uint8), bitorder="little")[np.asarray(acts, dtype=np.intp)]
    return int.from_bytes(np.packbits(bits, bitorder="little").tobytes(), "little")


def words_at(plane: int, acts: Sequence[int], among: int) -> Words:
    """A plane of some acts as one of all, so many, of their group."""
    whole = np.zeros(64 * words_of(among), dtype=np.uint8)
    taken = np.frombuffer(plane.to_bytes((len(acts) + 7) // 8, "little"), dtype=np.uint8)
    whole[np.asarray(acts, dtype=np.intp)] = np.unpackbits(taken, bitorder="little")[: len(acts)]
    return np.packbits(whole, bitorder="little").view(np.uint64)


def _orders(participants: int) -> Iterator[tuple[int, ...]]:
    """Who of those of whom nothing is recorded stands on top, in which order: nobody, each, each followed by one (of few) or all others."""
    yield ()
    for first in range(participants):
        rest = [(first + step) % participants for step in range(1, participants)]
        seconds = rest if participants <= _FEW else []
        for order in {(), *((one,) for one in seconds), tuple(rest), tuple(rest[::-1])}:
            yield (first, *order)
