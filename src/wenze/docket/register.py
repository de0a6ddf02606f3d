"""The register of open readings: how many records would have another state under another option."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from wenze.docket.abreast import number_of
from wenze.docket.answers import asked_of
from wenze.docket.groups import Batch
from wenze.docket.inputs import used_bits
from wenze.docket.results import Engine
from wenze.docket.storage import Docket
from wenze.law import Asking, bits_of, of_pairs

_AT_ONCE = 1 << 12  # acts, after which is said how far it has come

Options = Mapping[str, str]


def hanging(
    docket: Docket, engine: Engine, readings: Sequence[str], done: Callable[[int], None] = lambda acts: None
) -> dict[str, int]:
    """Reading → the records (respondent × act) of which some target changes under some other option, the others in force.

    `done` whenever some acts are counted, with their number.
    """
    found = dict.fromkeys(readings, 0)
    for batch in docket.batches():
        others = list(_others(engine, batch, readings))
        for start in range(0, batch.group.acts, _AT_ONCE):
            acts = range(start, min(start + _AT_ONCE, batch.group.acts))
            if batch.group.entangled:
                _ask_singly(batch, engine, acts, engine.asked(batch), set(readings), found)
            else:
                _count(batch, engine, acts, others, found)
            done(len(acts))
    return found


def _others(engine: Engine, batch: Batch, readings: Sequence[str]) -> Iterator[tuple[str, Options]]:
    """Each reading and all options with another of its own taken."""
    options = engine.options(batch.group.rulings)
    for reading in readings:
        for option in engine.law.readings[reading].option_ids:
            if option != options[reading]:
                yield reading, {**options, reading: option}


def _count(
    batch: Batch, engine: Engine, acts: Sequence[int], others: Sequence[tuple[str, Options]], found: dict[str, int]
) -> None:
    """Counts what is told of many acts at once, and asks each of the few of which not all is told."""
    options = engine.options(batch.group.rulings)
    asked = engine.asked(batch)
    used = used_bits(batch.group.acts)
    for some in engine.abreast.tell(batch, acts, options, [other for _, other in others]):
        changed: dict[tuple[str, int], int] = {}  # (reading, participant) → acts
        untold: dict[int, int] = {}  # participant → acts
        for asking, hanging, turns in zip(
            asked, some.told.hanging, some.told.turns(options, [other for _, other in others]), strict=True
        ):
            counts = number_of(asked_of(batch, asking.target, asking.slot, used), some.acts)
            untold[asking.slot] = untold.get(asking.slot, 0) | counts & hanging.single
            for number, turned in turns.items():
                key = others[number][0], asking.slot
                changed[key] = changed.get(key, 0) | turned & counts
        for (reading, slot), where in changed.items():
            found[reading] += (where & ~untold[slot]).bit_count()
        for slot, where in untold.items():
            mine = [one for one in asked if one.slot == slot]
            _ask_singly(
                batch,
                engine,
                [some.acts[place] for place in bits_of(where)],
                mine,
                {reading for reading, _ in others},
                found,
            )


def _ask_singly(
    batch: Batch,
    engine: Engine,
    acts: Sequence[int],
    asked: Sequence[Asking],
    readings: set[str],
    found: dict[str, int],
) -> None:
    """The same read off the outcomes of the single case, which speak of all options at once."""
    options = engine.options(batch.group.rulings)
    pairs = batch.tables["participations"].column("pair").to_pylist()
    for act in acts:
        evaluation, layout, number = engine.single.evaluation((batch, act), options)
        changed = set[tuple[str, int]]()
        for target, slot in asked:
            if of_pairs(target) and not pairs[slot * batch.group.acts + act]:
                continue
            # of this very evaluation, whose diagrams `state_under` follows
            outcome = evaluation.said_of(target, layout.participants[number][slot], number)
            for reading in readings.intersection(outcome.depends):
                several = ({**options, reading: one} for one in engine.law.readings[reading].option_ids)
                if any(evaluation.state_under(outcome, one) is not outcome.state for one in several):
                    changed.add((reading, slot))
        for reading, _ in changed:
            found[reading] += 1
