"""The register of open readings: how many records would have another state under another option."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from wenze.docket.answers import asked_of
from wenze.docket.groups import Batch
from wenze.docket.inputs import Inputs, used_bits
from wenze.docket.kernel import Words
from wenze.docket.results import Engine
from wenze.docket.storage import Docket
from wenze.law import Above, Across, Input, Recorded, Shape, Stands, Wanted, bits_of, of_pairs

_AT_ONCE = 1 << 12  # acts: what is reckoned of so many fits in some ten megabytes
_FEW = 8  # acts of a group asked each by itself: what is made for a shape takes as long as that
_SIDE_BY_SIDE = 1 << 16  # acts, each as often as there are options, of which examples are looked for at once

Left = dict[
    tuple[int, int], dict[int, set[str]]
]  # (act, participant) → what is asked, by its number → readings in doubt


class _Other(NamedTuple):
    """Another option of a reading, and how everything asked stands under it."""

    reading: str
    options: Mapping[str, str]
    stands: list[Stands]


def hanging(
    docket: Docket, engine: Engine, readings: Sequence[str], done: Callable[[int], None] = lambda acts: None
) -> dict[str, int]:
    """Reading → the records (respondent × act) of which some target changes under some other option, the others in force.

    `done` whenever some acts are counted, with their number.
    """
    found = dict.fromkeys(readings, 0)
    made: dict[Shape, Across] = {}
    for batch in docket.batches():
        group = batch.group
        if group.shape not in made:
            made[group.shape] = Across(engine.law, group.shape)
        across = made[group.shape]
        for start in range(0, group.acts, _AT_ONCE):
            acts = range(start, min(start + _AT_ONCE, group.acts))
            _ask_singly(batch, engine, across, _left(batch, engine, across, acts, found), found)
            done(len(acts))
    return found


def _left(batch: Batch, engine: Engine, across: Across, acts: range, found: dict[str, int]) -> Left:
    """Counts what can be told of many acts at once; what that leaves to be asked of each."""
    if batch.group.entangled or batch.group.acts < _FEW:
        every = {index: set(found) for index, _ in enumerate(across.asked)}
        return {(act, slot): every for act in acts for slot in range(batch.group.participants)}
    counted = _Counted(batch, engine, across, acts, found)
    for index in range(len(across.asked)):
        counted.compare(index)
    for (reading, _), plane in counted.changed.items():
        found[reading] += plane.bit_count()
    return counted.left()


class _Counted:
    """Some acts of a shape. `changed`: (reading, participant) → the acts where something asked of him changes."""

    def __init__(self, batch: Batch, engine: Engine, across: Across, acts: range, readings: Mapping[str, int]) -> None:
        self._batch, self._across, self._acts = batch, across, acts
        self._facts = across.facts(_recorded(engine, batch, acts), len(acts))
        self._options = engine.options(batch.group.rulings)
        self._before = across.under(self._facts, self._options)
        spoken = frozenset().union(*(across.readings(index) for index in range(len(across.asked))))
        self._others = [
            _Other(reading, options, across.under(self._facts, options))
            for reading in readings
            if reading in spoken
            for option in engine.law.readings[reading].option_ids
            if (options := {**self._options, reading: option}) != self._options
        ]
        self._doubts: dict[tuple[str, int], int] = {}  # (reading, what is asked) → acts
        self.changed: dict[tuple[str, int], int] = {}

    def compare(self, index: int) -> None:
        """How many acts change of one thing asked; examples are looked for where the code does not tell."""
        slot = self._across.asked[index].slot
        asked, before = self._asked(index), self._before[index]
        others = [one for one in self._others if one.reading in self._across.readings(index)]
        wanted = [(one, asked & ~self._already(one, slot) & before.unsettled(one.stands[index])) for one in others]
        in_doubt = 0
        for _, where in wanted:
            in_doubt |= where
        if in_doubt:
            (before,) = self._across.shown(self._facts, index, [Wanted(self._options, before, in_doubt)])
        for one, then in self._stands(index, wanted):
            key = one.reading, slot
            self.changed[key] = self.changed.get(key, 0) | asked & before.differs(then) & ~before.single & ~then.single
            doubt = asked & (before.unsettled(then) | before.single | then.single)
            self._doubts[one.reading, index] = self._doubts.get((one.reading, index), 0) | doubt

    def left(self) -> Left:
        """What only the single case knows of records that are not counted."""
        found: Left = {}
        for (reading, index), doubt in self._doubts.items():
            slot = self._across.asked[index].slot
            for act in bits_of(doubt & ~self.changed.get((reading, slot), 0)):
                found.setdefault((self._acts.start + act, slot), {}).setdefault(index, set()).add(reading)
        return found

    def _already(self, other: _Other, slot: int) -> int:
        return self.changed.get((other.reading, slot), 0)

    def _stands(self, index: int, wanted: Sequence[tuple[_Other, int]]) -> Iterator[tuple[_Other, Stands]]:
        """How one thing asked stands under other options, with what examples show of the acts wanted."""
        yield from ((one, one.stands[index]) for one, where in wanted if not where)
        doubtful = [(one, where) for one, where in wanted if where]
        step = max(1, _SIDE_BY_SIDE // len(self._acts))
        for start in range(0, len(doubtful), step):
            some = doubtful[start : start + step]
            shown = self._across.shown(
                self._facts, index, [Wanted(one.options, one.stands[index], where) for one, where in some]
            )
            yield from ((one, stands) for (one, _), stands in zip(some, shown, strict=True))

    def _asked(self, index: int) -> int:
        """The acts of which something is asked."""
        target, slot = self._across.asked[index]
        words = asked_of(self._batch, target, slot, used_bits(self._batch.group.acts))
        return _number(words[_words(self._acts)], len(self._acts))


def _recorded(engine: Engine, batch: Batch, acts: range) -> Recorded:
    """The planes of some acts, read off their group."""
    inputs = Inputs(engine.tables, batch)

    def fact(one: Input) -> int:
        return _number(inputs.plane(one)[_words(acts)], len(acts))

    orders = list(_orders(batch.group.participants))

    def above(question: Above, order: int) -> int:
        return _number(inputs.above_in_order(question, orders[order])[_words(acts)], len(acts))

    return Recorded(fact, above, len(orders))


def _orders(participants: int) -> Iterator[tuple[int, ...]]:
    """Who of those of whom nothing is recorded stands on top, in which order: nobody, each, each followed by one or by all others."""
    yield ()
    for first in range(participants):
        rest = [(first + step) % participants for step in range(1, participants)]
        for order in {(), *((one,) for one in rest), tuple(rest), tuple(rest[::-1])}:
            yield (first, *order)


def _ask_singly(batch: Batch, engine: Engine, across: Across, left: Left, found: dict[str, int]) -> None:
    """The same read off the outcomes of the single case, which speak of all options at once."""
    options = engine.options(batch.group.rulings)
    pairs = batch.tables["participations"].column("pair").to_pylist()
    for (act, slot), doubts in left.items():
        evaluation, layout, number = engine.single.evaluation((batch, act), options)
        here: set[str] = set()
        for index, readings in doubts.items():
            target, of = across.asked[index]
            if of != slot or readings <= here or not (pairs[slot * batch.group.acts + act] or not of_pairs(target)):
                continue
            # of this very evaluation, whose diagrams `state_under` follows
            outcome = evaluation.said_of(target, layout.participants[number][slot], number)
            for reading in (readings - here) & set(outcome.depends):
                others = [{**options, reading: one} for one in engine.law.readings[reading].option_ids]
                if any(evaluation.state_under(outcome, other) is not outcome.state for other in others):
                    here.add(reading)
        for reading in here:
            found[reading] += 1


def _words(acts: range) -> slice:
    return slice(acts.start // 64, (acts.stop + 63) // 64)


def _number(words: Words, acts: int) -> int:
    """A plane as a whole number, a bit an act."""
    return int.from_bytes(words.tobytes(), "little") & ((1 << acts) - 1)
