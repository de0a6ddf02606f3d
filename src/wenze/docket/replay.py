"""Two laws, or two readings, on the same records: what turns, how often, on which clause, and in which records.

"The deciding clause" of a turn is what keeps the record from the heavier of its two states: looked for in the version that gives the
lighter one, gates first, then conditions from the top down, then exceptions.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

import numpy as np

from wenze.docket.answers import Answer, GroupAnswers
from wenze.docket.columns import count, unpacked
from wenze.docket.groups import Batch
from wenze.docket.inputs import Inputs
from wenze.docket.kernel import Kernel, Words
from wenze.docket.results import Engine
from wenze.docket.storage import Docket
from wenze.law import Bilingual, Deciding, Part, State, emit_deciding

STATES = (State.MADE_OUT, State.OPEN, State.NOT_MADE_OUT, State.NOT_APPLICABLE, State.CONTRADICTORY)
_WEIGHT = {State.MADE_OUT: 2, State.OPEN: 1}


class Turn(NamedTuple):
    """A target whose state is `before` under the one and `after` under the other."""

    target: str
    before: State
    after: State


class Record(NamedTuple):
    """One participation: the number of its case, and of act and respondent within it, counted from 1."""

    case: str
    act: int
    respondent: int


class Clause(NamedTuple):
    """A condition and where it is written."""

    title: Bilingual
    place: str


@dataclass
class Replayed:
    """What turned. `clauses`: how often each clause decided. `examples`: the first record of every turn."""

    records: int = 0
    turned: int = 0  # records of which anything turned
    turns: Counter[Turn] = field(default_factory=Counter)
    clauses: Counter[tuple[Turn, Clause]] = field(default_factory=Counter)
    examples: dict[Turn, Record] = field(default_factory=dict)
    only_before: tuple[str, ...] = ()
    only_after: tuple[str, ...] = ()


def replay(
    docket: Docket,
    old: Engine,
    new: Engine,
    told: Callable[[Record, Turn], None] = lambda record, turn: None,
    done: Callable[[int], None] = lambda acts: None,
) -> Replayed:
    """Determines every record twice and compares. `told` of every turn; `done` after each group with its number of acts."""
    names = [{target.name for target in engine.targets} for engine in (old, new)]
    found = Replayed(only_before=tuple(sorted(names[0] - names[1])), only_after=tuple(sorted(names[1] - names[0])))
    deciding = _Decider(old, new)
    for batch in docket.batches():
        before, after = _both(batch, old, new)
        turned = [np.zeros_like(after.used) for _ in range(batch.group.participants)]
        for turn, slot, where in _turns(before, after):
            turned[slot] |= where
            found.turns[turn] += count(where)
            for record in _records(batch, slot, where):
                found.examples.setdefault(turn, record)
                told(record, turn)
            for clause, times in deciding.clauses(batch, turn, slot, where):
                found.clauses[turn, clause] += times
        found.records += batch.group.acts * batch.group.participants
        found.turned += sum(count(one) for one in turned)
        done(batch.group.acts)
    return found


def _both(batch: Batch, old: Engine, new: Engine) -> Sequence[GroupAnswers]:
    """The states of a group by two engines: at once where they differ in what is chosen alone."""
    if old.law is new.law and old.on == new.on:
        return old.states(batch, new)
    return [*old.states(batch), *new.states(batch)]


def _turns(before: GroupAnswers, after: GroupAnswers) -> Iterator[tuple[Turn, int, Words]]:
    """Each turn of each target and participant, and the acts where it is had."""
    earlier: dict[tuple[str, int], Answer] = {(one.target.name, one.slot): one for one in before.answers}
    for now in after.answers:
        then = earlier.get((now.target.name, now.slot))
        if then is None:
            continue
        asked = after.asked(now)
        differs = (then.never ^ now.never) | (then.made ^ now.made) | (then.out ^ now.out) | (then.clash ^ now.clash)
        if not (differs & asked).any():
            continue
        for one in STATES:
            for other in STATES:
                where = differs & asked & then.plane(one, before.used) & now.plane(other, after.used)
                if one is not other and where.any():
                    yield Turn(now.target.name, one, other), now.slot, where


def _records(batch: Batch, slot: int, where: Words) -> Iterator[Record]:
    acts = batch.group.acts
    rows = batch.tables["participations"].slice(slot * acts, acts)
    for number in np.flatnonzero(unpacked(where, acts)):
        case, act, respondent = (rows.column(name)[int(number)].as_py() for name in ("case", "act", "respondent"))
        yield Record(case, act + 1, respondent + 1)


class _Decider:
    """Finds deciding clauses; the code of each target and shape is made once."""

    def __init__(self, old: Engine, new: Engine) -> None:
        self._engines = (old, new)
        self._made: dict[object, tuple[Deciding, Kernel]] = {}

    def clauses(self, batch: Batch, turn: Turn, slot: int, where: Words) -> Iterator[tuple[Clause, int]]:
        lighter = turn.after if _WEIGHT.get(turn.after, 0) < _WEIGHT.get(turn.before, 0) else turn.before
        engine = self._engines[0 if lighter is turn.before else 1]
        deciding, kernel = self._code(engine, batch, turn.target)
        inputs = Inputs(engine.tables, batch)
        words = np.flatnonzero(where)
        out = np.empty((len(deciding.code.outputs), len(words)), dtype=np.uint64)
        values = kernel.run([inputs.plane(name)[words] for name in deciding.code.inputs], out)
        found: Counter[Clause] = Counter()
        _descend(deciding.roots[slot], values, where[words], lighter is State.OPEN, found)
        yield from found.items()

    def _code(self, engine: Engine, batch: Batch, name: str) -> tuple[Deciding, Kernel]:
        options = engine.options(batch.group.rulings)
        key = (id(engine), batch.group.shape, tuple(sorted(options.items())), name)
        if key not in self._made:
            target = next(one for one in engine.targets if one.name == name)
            made = emit_deciding(engine.law, batch.group.shape, options, target)
            self._made[key] = made, Kernel(made.code)
        return self._made[key]


def _descend(part: Part, values: Words, where: Words, open_: bool, found: Counter[Clause]) -> None:
    """Follows the first part that stands in the way, down to one that has no such part."""
    left = where
    if part.each:
        for inner in part.parts:
            stands = ~values[inner.true] if open_ else values[inner.false]
            here = left & stands
            if here.any():
                _descend(inner, values, here, open_, found)
            left = left & ~stands
    if left.any():
        found[Clause(part.title, part.place)] += count(left)
