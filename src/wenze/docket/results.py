"""A group of a docket → what the law says of each participation in it: many acts at a time, and the single case where that is not told.

Results are those of `wenze.law.determine`, record by record. Acts are told under all options at once (`abreast`); where there are very many
of a shape, code in planes is made for the options in force, which takes longer to make and is far faster to run. Shapes: planes of one bit
an act, a row a participant.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from wenze.docket.abreast import Abreast, words_at
from wenze.docket.answers import PLANES, Answer, GroupAnswers
from wenze.docket.columns import unpacked, words_of
from wenze.docket.groups import Batch, Batches, Rulings
from wenze.docket.inputs import Inputs, on_bitmaps, used_bits
from wenze.docket.kernel import Kernel, Words
from wenze.docket.single import Single
from wenze.docket.tables import Tables
from wenze.law import (
    Asking,
    Law,
    Outcome,
    Program,
    Said,
    Shape,
    Target,
    bits_of,
    emit,
    emit_states,
    options_in_force,
    targets,
)

MANY = 1 << 18  # participations of a shape, from which on its code is made

_SAID = len(Said._fields)

Options = Mapping[str, str]
_Planes = list[dict[str, Words]]  # the planes of an answer, for everything asked


@dataclass
class Worked:
    """How many results came from where: `abreast` (many acts at a time), `code` (in planes), `single` (the single case)."""

    abreast: int = 0
    code: int = 0
    single: int = 0
    patterns: int = 0  # different ones among `single`


@dataclass
class Engine:
    """Determines groups under one law on one day, with some readings chosen for the occasion. What is made for a shape is made once."""

    law: Law
    on: date
    chosen: Mapping[str, str] = field(default_factory=dict)
    docket: Batches | None = None  # where the other acts of an entangled case are
    many: int = MANY
    worked: Worked = field(default_factory=Worked)

    def __post_init__(self) -> None:
        self.tables = Tables(self.law)
        self.targets = targets(self.law)
        self.single = Single(self.law, self.tables, self.docket)
        self.abreast = Abreast(self.law, self.tables)
        self._programs: dict[tuple[Shape, tuple[tuple[str, str], ...], bool], tuple[Program, Kernel]] = {}
        self._seen = Counter[Shape]()
        self._left_open = set[Shape]()  # of whose acts code does not tell most

    def options(self, rulings: Rulings) -> dict[str, str]:
        """The options in force for cases with these rulings."""
        return options_in_force(self.law, rulings, self.on, self.chosen)

    def outcome(self, place: tuple[Batch, int], slot: int, target: Target) -> Outcome:
        """The outcome of a target for one participant (from 0) of an act, as the single case has it."""
        return self.single.outcome(place, target, slot, self.options(place[0].group.rulings))

    def asked(self, batch: Batch) -> list[Asking]:
        """What is asked of each act of a group, in the order of its answers."""
        return [Asking(target, slot) for target in self.targets for slot in range(batch.group.participants)]

    def with_reading(self, reading: str, option: str) -> Engine:
        """The same engine with another option chosen."""
        return replace(self, chosen={**self.chosen, reading: option}, worked=Worked())

    def determine(self, batch: Batch) -> GroupAnswers:
        """What the law says of every participation of a group."""
        options = self.options(batch.group.rulings)
        if batch.group.entangled:
            return self._one_by_one(batch, options)
        if self._in_code(batch):
            return self._by_code(batch, options, robust=True)
        return self._abreast(batch, (options,), robust=True)[0]

    def states(self, batch: Batch, *engines: Engine) -> tuple[GroupAnswers, ...]:
        """The same without saying what depends on readings (nothing is `robust`), here and by engines that have other options chosen."""
        several = [one.options(batch.group.rulings) for one in (self, *engines)]
        if batch.group.entangled:
            return tuple(self._one_by_one(batch, options) for options in several)
        if self._in_code(batch):
            return tuple(self._by_code(batch, options, robust=False) for options in several)
        return self._abreast(batch, several, robust=False)

    def _in_code(self, batch: Batch) -> bool:
        self._seen[batch.group.shape] += batch.group.acts * batch.group.participants
        return self._seen[batch.group.shape] > self.many and batch.group.shape not in self._left_open

    def _abreast(self, batch: Batch, several: Sequence[Options], *, robust: bool) -> tuple[GroupAnswers, ...]:
        acts = range(batch.group.acts)
        told = self._told(batch, acts, several, robust=robust)
        self.worked.abreast += sum(map(len, told)) * len(acts)
        asked, used = self.asked(batch), used_bits(len(acts))
        return tuple(
            GroupAnswers(
                batch,
                tuple(Answer(one.target, one.slot, **said) for one, said in zip(asked, planes, strict=True)),
                used,
            )
            for planes in told
        )

    def _told(self, batch: Batch, acts: Sequence[int], several: Sequence[Options], *, robust: bool) -> list[_Planes]:
        """For each of several options what is told of some acts; the planes are those of the group."""
        asked, among = self.asked(batch), batch.group.acts
        found = [[_blank(among) for _ in asked] for _ in several]
        for some in self.abreast.tell(batch, acts, several[0], None if robust else several[1:]):
            for options, planes in zip(several, found, strict=True):
                for index, (asking, mine) in enumerate(zip(asked, planes, strict=True)):
                    single = some.told.hanging[index].single
                    said = {**some.told.under(index, options)._asdict(), "robust": robust and some.told.robust(index)}
                    for name, plane in said.items():
                        mine[name] |= words_at(plane & ~single, some.acts, among)
                    self._ask(batch, [some.acts[place] for place in bits_of(single)], asking, options, mine)
        return found

    def _ask(
        self, batch: Batch, acts: Sequence[int], asking: Asking, options: Options, planes: dict[str, Words]
    ) -> None:
        """Asks the single case of one target in some acts."""
        for act in acts:
            for name, value in self.single.flags((batch, act), asking.target, asking.slot, options).items():
                planes[name][act // 64] |= np.uint64(value) << np.uint64(act % 64)
        self.worked.single += len(acts)
        self.worked.patterns = self.single.patterns

    def _by_code(self, batch: Batch, options: Options, *, robust: bool) -> GroupAnswers:
        program, kernel = self.program(batch.group.shape, options, states_only=not robust)
        inputs, acts = Inputs(self.tables, batch), batch.group.acts
        found = kernel.run(
            [inputs.given(name) for name in kernel.code.inputs],
            np.empty((len(program.code.outputs), words_of(acts)), np.uint64),
        )
        used = used_bits(acts)
        answers, doubt = [], np.zeros_like(used)
        for index, asked in enumerate(program.asked):
            *planes, in_doubt, unsure = (row & used for row in found[_SAID * index : _SAID * index + _SAID])
            answers.append(Answer(*asked, *planes))
            doubt |= in_doubt | unsure
        self.worked.code += len(answers) * acts
        some = np.flatnonzero(unpacked(doubt, acts)).tolist()
        if some:
            if 2 * len(some) > acts:
                self._left_open.add(batch.group.shape)
            (told,) = self._told(batch, some, (options,), robust=robust)
            answers = [
                replace(one, **{name: getattr(one, name) & ~doubt | said[name] for name in PLANES})
                for one, said in zip(answers, told, strict=True)
            ]
            self.worked.code -= len(answers) * len(some)
            self.worked.abreast += len(answers) * len(some)
        return GroupAnswers(batch, tuple(answers), used)

    def program(self, shape: Shape, options: Options, *, states_only: bool = False) -> tuple[Program, Kernel]:
        """The code of a shape."""
        key = (shape, tuple(sorted(options.items())), states_only)
        if key not in self._programs:
            made = (emit_states if states_only else emit)(self.law, shape, options)
            self._programs[key] = made, Kernel(on_bitmaps(made.code))
        return self._programs[key]

    def _one_by_one(self, batch: Batch, options: Options) -> GroupAnswers:
        """Every act by the evaluation of the single case; of a case whose acts do not stand alone, the whole case."""
        group = batch.group
        asked = self.asked(batch)
        planes = [_blank(group.acts) for _ in asked]
        for act in range(group.acts):  # an act is evaluated once and asked everything
            for one, mine in zip(asked, planes, strict=True):
                self._ask(batch, (act,), one, options, mine)
        answers = (Answer(one.target, one.slot, **mine) for one, mine in zip(asked, planes, strict=True))
        return GroupAnswers(batch, tuple(answers), used_bits(group.acts))


def _blank(acts: int) -> dict[str, Words]:
    """Planes of an answer that say nothing yet."""
    return {name: np.zeros(words_of(acts), np.uint64) for name in PLANES}
