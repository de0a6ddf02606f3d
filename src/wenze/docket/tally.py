"""How many records have each state: a row a target, a column a kind. Tallies of groups are added up."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from wenze.docket.answers import GroupAnswers
from wenze.docket.columns import count
from wenze.docket.results import Engine
from wenze.law import State, Target

STATES = (State.MADE_OUT, State.OPEN, State.NOT_MADE_OUT, State.NOT_APPLICABLE, State.CONTRADICTORY)

Tally = NDArray[np.int64]  # shape (targets, states and whether it is robust)


def no_tally(targets: Iterable[Target]) -> Tally:
    return np.zeros((len(tuple(targets)), len(STATES) + 1), dtype=np.int64)


def tally(engine: Engine, group: GroupAnswers) -> Tally:
    """The tally of one group, its rows in the order of the engine's targets."""
    found = no_tally(engine.targets)
    place = {target.name: number for number, target in enumerate(engine.targets)}
    for answer in group.answers:
        asked = group.asked(answer)
        planes = [answer.plane(state, group.used) for state in STATES]
        found[place[answer.target.name]] += [count(plane & asked) for plane in (*planes, answer.robust)]
    return found
