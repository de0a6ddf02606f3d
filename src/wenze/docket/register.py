"""The register of open readings: how many records would have another state under another option."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np

from wenze.docket.answers import GroupAnswers
from wenze.docket.columns import count
from wenze.docket.groups import Batch
from wenze.docket.results import Engine
from wenze.docket.storage import Docket
from wenze.law import of_pairs


def hanging(
    docket: Docket, engine: Engine, readings: Sequence[str], done: Callable[[int], None] = lambda readings: None
) -> dict[str, int]:
    """Reading → the records (respondent × act) of which some target changes under some other option, the others in force."""
    found = dict.fromkeys(readings, 0)
    before: dict[int, GroupAnswers] = {}
    for batch in docket.batches():
        if engine.singly(batch):
            _one_by_one(batch, engine, found)
        else:
            before[batch.number] = engine.determine(batch)
    for reading in readings:
        others = [option for option in engine.law.readings[reading].option_ids if option != engine.options(())[reading]]
        engines = [engine.with_reading(reading, option) for option in others]
        for number, then in before.items():
            changed = [np.zeros_like(then.used) for _ in range(then.batch.group.participants)]
            for other in engines:
                for one, now in zip(then.answers, other.states(docket.batch(number)).answers, strict=True):
                    differs = (one.never ^ now.never) | (one.made ^ now.made) | (one.out ^ now.out)
                    changed[now.slot] |= differs & then.asked(now)
            found[reading] += sum(count(one) for one in changed)
        done(1)
    return found


def _one_by_one(batch: Batch, engine: Engine, found: dict[str, int]) -> None:
    """The same read off the outcomes of the single case, which speak of all options at once."""
    options = engine.options(batch.group.rulings)
    pairs = batch.tables["participations"].column("pair").to_pylist()
    for act in range(batch.group.acts):
        evaluation, _, _ = engine.single.evaluation((batch, act), options)
        for slot in range(batch.group.participants):
            hanging_here = set()
            for target in engine.targets:
                if not (pairs[slot * batch.group.acts + act] or not of_pairs(target)):
                    continue
                outcome = engine.outcome((batch, act), slot, target)
                for reading in found.keys() & set(outcome.depends):
                    others = [{**options, reading: one} for one in engine.law.readings[reading].option_ids]
                    if any(evaluation.state_under(outcome, other) is not outcome.state for other in others):
                        hanging_here.add(reading)
            for reading in hanging_here:
                found[reading] += 1
