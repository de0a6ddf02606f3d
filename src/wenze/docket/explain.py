"""Why a record has its state: a set of what is recorded that suffices for it and of which nothing can be left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np
import pyarrow.compute as pc

from wenze.docket.groups import Batch
from wenze.docket.results import Engine
from wenze.docket.storage import Docket
from wenze.docket.whole import DocketError
from wenze.law import FactKey, Given, Outcome, State, Status, Target


class Explained(NamedTuple):
    """The outcome of a target, and the states of facts that alone give it."""

    target: Target
    outcome: Outcome
    facts: tuple[tuple[FactKey, Status], ...]
    evaluation: Given


def find(docket: Docket, case: str) -> list[tuple[Batch, int]]:
    """Where the acts of a case are. DocketError where there is none."""
    found = [
        (batch, int(number))
        for batch in docket.batches()
        for number in np.flatnonzero(pc.equal(batch.tables["acts"].column("case"), case).to_numpy(zero_copy_only=False))
    ]
    if not found:
        raise DocketError(f"{docket.folder}: 没有案件 {case} · has no case {case}")
    return sorted(found, key=lambda place: int(place[0].tables["acts"].column("act")[place[1]].as_py()))


def explained(engine: Engine, place: tuple[Batch, int], slot: int, target: Target) -> Explained:
    """The state of a target for a participant of an act, and an irreducible reason for it."""
    options = engine.options(place[0].group.rulings)
    evaluation, layout, number = engine.single.evaluation(place, options)
    who = layout.participants[number][slot]
    outcome = evaluation.said_of(target, who, number)
    states, positions = evaluation.given
    if outcome.state is State.OPEN:
        return Explained(target, outcome, (), evaluation)

    def suffices(kept: Mapping[FactKey, Status]) -> bool:
        fresh = Given(engine.law, layout, options, kept, positions)
        return fresh.said_of(target, who, number).state is outcome.state

    return Explained(target, outcome, tuple(_irreducible(dict(states), suffices).items()), evaluation)


def _irreducible(
    states: dict[FactKey, Status], suffices: Callable[[Mapping[FactKey, Status]], bool]
) -> dict[FactKey, Status]:
    """Leaves out half, a quarter … as long as what is left suffices, then one by one."""

    kept, size = list(states.items()), max(1, len(states) // 2)
    while True:
        start = 0
        while start < len(kept):
            less = kept[:start] + kept[start + size :]
            if suffices(dict(less)):
                kept = less
            else:
                start += size
        if size == 1:
            return dict(kept)
        size = max(1, size // 2)
