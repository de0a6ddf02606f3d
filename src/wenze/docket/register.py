"""The register of open readings: how many records would have another state under another option."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from wenze.docket.answers import asked_of
from wenze.docket.groups import Batch
from wenze.docket.inputs import Inputs, used_bits
from wenze.docket.kernel import Words
from wenze.docket.results import Engine
from wenze.docket.storage import Docket
from wenze.law import Across, Input, Shape, of_pairs

_AT_ONCE = 1 << 16  # acts: what is reckoned of so many fits in some ten megabytes

Left = dict[
    tuple[int, int], dict[int, set[str]]
]  # (act, participant) → what is asked, by its number → readings in doubt


def hanging(
    docket: Docket, engine: Engine, readings: Sequence[str], done: Callable[[int], None] = lambda acts: None
) -> dict[str, int]:
    """Reading → the records (respondent × act) of which some target changes under some other option, the others in force.

    `done` after each group with its number of acts.
    """
    found = dict.fromkeys(readings, 0)
    made: dict[Shape, Across] = {}
    for batch in docket.batches():
        group = batch.group
        if group.shape not in made:
            made[group.shape] = Across(engine.law, group.shape)
        across = made[group.shape]
        if group.entangled:
            every = {index: set(readings) for index, _ in enumerate(across.asked)}
            places = ((act, slot) for act in range(group.acts) for slot in range(group.participants))
            _ask_singly(batch, engine, across, {place: every for place in places}, found)
        else:
            for start in range(0, group.acts, _AT_ONCE):
                left = _by_code(batch, engine, across, range(start, min(start + _AT_ONCE, group.acts)), found)
                _ask_singly(batch, engine, across, left, found)
        done(group.acts)
    return found


def _by_code(batch: Batch, engine: Engine, across: Across, acts: range, found: dict[str, int]) -> Left:
    """Counts what the code shows of some acts; what it leaves in doubt."""
    inputs, words = Inputs(engine.tables, batch), slice(acts.start // 64, (acts.stop + 63) // 64)

    def recorded(one: Input) -> int:
        return _number(inputs.plane(one)[words], len(acts))

    options = engine.options(batch.group.rulings)
    facts = across.facts(recorded, len(acts))
    asked = [_asked(batch, across, index, words, len(acts)) for index in range(len(across.asked))]
    before = across.under(facts, options)
    left: Left = {}
    for reading in found.keys() & set(across.readings):
        changed = [0] * batch.group.participants
        doubts = [0] * len(asked)
        for option in engine.law.readings[reading].option_ids:
            if option == options[reading]:
                continue
            for index, (then, now) in enumerate(
                zip(before, across.under(facts, {**options, reading: option}), strict=True)
            ):
                differs = (then.never ^ now.never) | (then.made ^ now.made) | (then.out ^ now.out)
                doubt = (then.doubt | now.doubt) & asked[index]
                changed[across.asked[index].slot] |= differs & asked[index] & ~doubt
                doubts[index] |= doubt
        found[reading] += sum(plane.bit_count() for plane in changed)
        for index, doubt in enumerate(doubts):
            slot = across.asked[index].slot
            for act in _bits(doubt & ~changed[slot]):
                left.setdefault((acts.start + act, slot), {}).setdefault(index, set()).add(reading)
    return left


def _asked(batch: Batch, across: Across, index: int, words: slice, acts: int) -> int:
    """The acts of which something is asked."""
    target, slot = across.asked[index]
    return _number(asked_of(batch, target, slot, used_bits(batch.group.acts))[words], acts)


def _ask_singly(batch: Batch, engine: Engine, across: Across, left: Left, found: dict[str, int]) -> None:
    """The same read off the outcomes of the single case, which speak of all options at once."""
    options = engine.options(batch.group.rulings)
    pairs = batch.tables["participations"].column("pair").to_pylist()
    for (act, slot), doubts in left.items():
        evaluation, layout, number = engine.single.evaluation((batch, act), options)
        here: set[str] = set()
        for index, readings in doubts.items():
            target, of = across.asked[index]
            if of != slot or not (pairs[slot * batch.group.acts + act] or not of_pairs(target)):
                continue
            # of this evaluation: the diagrams of what was said earlier are those of another
            outcome = evaluation.said_of(target, layout.participants[number][slot], number)
            for reading in (readings - here) & set(outcome.depends):
                others = [{**options, reading: one} for one in engine.law.readings[reading].option_ids]
                if any(evaluation.state_under(outcome, other) is not outcome.state for other in others):
                    here.add(reading)
        for reading in here:
            found[reading] += 1


def _number(words: Words, acts: int) -> int:
    """A plane as a whole number, a bit an act."""
    return int.from_bytes(words.tobytes(), "little") & ((1 << acts) - 1)


def _bits(plane: int) -> Iterator[int]:
    """Where a plane is set."""
    while plane:
        lowest = plane & -plane
        yield lowest.bit_length() - 1
        plane ^= lowest
