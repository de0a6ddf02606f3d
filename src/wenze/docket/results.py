"""A group of a docket → what the law says of each participation in it: the code first, then, where it is in doubt, the single case.

Results are those of `wenze.law.determine`, record by record. Shapes: planes of one bit an act, a row a participant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

import numpy as np

from wenze.docket.answers import PLANES, Answer, GroupAnswers
from wenze.docket.columns import packed, unpacked, words_of
from wenze.docket.groups import Batch, Batches, Rulings
from wenze.docket.inputs import Inputs, on_bitmaps, used_bits
from wenze.docket.kernel import Kernel, Words
from wenze.docket.single import Single
from wenze.docket.tables import Tables
from wenze.docket.trials import Trials
from wenze.law import Law, Outcome, Program, Said, Shape, Target, emit, emit_states, options_in_force, targets

FEW = 24  # acts of a shape for which the single case is sooner done than code is made

_SAID = len(Said._fields)


@dataclass
class Worked:
    """How many results came from where: `code`, `trials` (filling in everything both ways), `single` (the single case)."""

    code: int = 0
    trials: int = 0
    single: int = 0
    patterns: int = 0  # different ones among `single`


@dataclass
class Engine:
    """Determines groups under one law on one day, with some readings chosen for the occasion. Code is made once a shape."""

    law: Law
    on: date
    chosen: Mapping[str, str] = field(default_factory=dict)
    docket: Batches | None = None  # where the other acts of an entangled case are
    few: int = FEW
    worked: Worked = field(default_factory=Worked)

    def __post_init__(self) -> None:
        self.tables = Tables(self.law)
        self.targets = targets(self.law)
        self._programs: dict[tuple[Shape, tuple[tuple[str, str], ...], bool], tuple[Program, Kernel]] = {}
        self.single = Single(self.law, self.tables, self.docket)

    def options(self, rulings: Rulings) -> dict[str, str]:
        """The options in force for cases with these rulings."""
        return options_in_force(self.law, rulings, self.on, self.chosen)

    def outcome(self, place: tuple[Batch, int], slot: int, target: Target) -> Outcome:
        """The outcome of a target for one participant (from 0) of an act, as the single case has it."""
        return self.single.outcome(place, target, slot, self.options(place[0].group.rulings))

    def with_reading(self, reading: str, option: str) -> Engine:
        """The same engine with another option chosen."""
        return replace(self, chosen={**self.chosen, reading: option}, worked=Worked())

    def singly(self, batch: Batch) -> bool:
        """Whether a group is determined act by act."""
        return batch.group.entangled or batch.group.acts < self.few

    def determine(self, batch: Batch) -> GroupAnswers:
        """What the law says of every participation of a group."""
        options = self.options(batch.group.rulings)
        if self.singly(batch):
            return self._one_by_one(batch, options)
        return self._by_code(batch, *self.program(batch.group.shape, options), options)

    def states(self, batch: Batch) -> GroupAnswers:
        """The same without saying what depends on readings: nothing is `robust`."""
        options = self.options(batch.group.rulings)
        if self.singly(batch):
            return self._one_by_one(batch, options)
        return self._by_code(batch, *self.program(batch.group.shape, options, states_only=True), options)

    def _by_code(self, batch: Batch, program: Program, kernel: Kernel, options: Mapping[str, str]) -> GroupAnswers:
        group = batch.group
        inputs = Inputs(self.tables, batch)
        found = kernel.run(
            [inputs.given(name) for name in kernel.code.inputs],
            np.empty((len(program.code.outputs), words_of(group.acts)), np.uint64),
        )
        used = used_bits(group.acts)
        answers, doubts = [], []
        for index, asked in enumerate(program.asked):
            *planes, doubt, unsure = (row & used for row in found[_SAID * index : _SAID * index + _SAID])
            answers.append(Answer(asked.target, asked.slot, *planes))
            doubts.append((doubt, unsure))
        whole = GroupAnswers(batch, tuple(answers), used)
        self.worked.code += len(answers) * group.acts
        return self._refined(whole, program, kernel, inputs, doubts, options)

    def program(self, shape: Shape, options: Mapping[str, str], *, states_only: bool = False) -> tuple[Program, Kernel]:
        key = (shape, tuple(sorted(options.items())), states_only)
        if key not in self._programs:
            made = (emit_states if states_only else emit)(self.law, shape, options)
            self._programs[key] = made, Kernel(on_bitmaps(made.code))
        return self._programs[key]

    def _refined(
        self,
        whole: GroupAnswers,
        program: Program,
        kernel: Kernel,
        inputs: Inputs,
        doubts: list[tuple[Words, Words]],
        options: Mapping[str, str],
    ) -> GroupAnswers:
        """The answers with what was in doubt decided: by trials where they show it, by the single case where they do not."""
        if not any(doubt.any() or unsure.any() for doubt, unsure in doubts):
            return whole
        trials = Trials(
            inputs.plane,
            program,
            [self.program(program.shape, other, states_only=True)[0] for other in self._others(options)],
        )
        answers = list(whole.answers)
        left: dict[int, Words] = {}
        for index, (doubt, unsure) in enumerate(doubts):
            if not (doubt.any() or unsure.any()):
                continue
            answer = whole.answers[index]
            open_here = trials.open(index, doubt) if doubt.any() else doubt
            decided = unsure & (~doubt | open_here)
            dependent = trials.dependent(index, answer, decided) if decided.any() else decided
            undecided = decided & ~dependent & ~(answer.never | answer.made | answer.out | answer.clash)
            steadfast = trials.steadfast(index, undecided) if undecided.any() else undecided
            if steadfast.any():
                answers[index] = replace(answer, robust=answer.robust | steadfast)
            rest = (doubt & ~open_here) | (decided & ~dependent & ~steadfast)
            self.worked.trials += int(np.bitwise_count((doubt | unsure) & ~rest).sum())
            if rest.any():
                left[index] = rest
        return self._asked_singly(replace(whole, answers=tuple(answers)), left, options)

    def _others(self, options: Mapping[str, str]) -> Iterator[dict[str, str]]:
        """Options to try: the mildest of every reading, one that is not, one that is not in force, and the last."""
        readings = self.law.readings.values()
        yield {one.id: one.mildest for one in readings}
        yield {one.id: next((id_ for id_ in one.option_ids if id_ != one.mildest), one.mildest) for one in readings}
        yield {one.id: next((id_ for id_ in one.option_ids if id_ != options[one.id]), one.mildest) for one in readings}
        yield {one.id: one.option_ids[-1] for one in readings}

    def _asked_singly(self, whole: GroupAnswers, left: Mapping[int, Words], options: Mapping[str, str]) -> GroupAnswers:
        answers = list(whole.answers)
        by_act: dict[int, list[int]] = {}
        for index, plane in left.items():
            for one in np.flatnonzero(unpacked(plane, whole.batch.group.acts)):
                by_act.setdefault(int(one), []).append(index)
        changed = {
            index: {name: unpacked(getattr(answers[index], name), whole.batch.group.acts) for name in PLANES}
            for index in left
        }
        for act, indices in by_act.items():
            for index in indices:
                outcome = self.single.flags((whole.batch, act), answers[index].target, answers[index].slot, options)
                self.worked.single += 1
                for name, value in outcome.items():
                    changed[index][name][act] = value
        for index, planes in changed.items():
            answers[index] = Answer(
                answers[index].target, answers[index].slot, *(packed(planes[name]) for name in PLANES)
            )
        self.worked.patterns = self.single.patterns
        return GroupAnswers(whole.batch, tuple(answers), whole.used)

    def _one_by_one(self, batch: Batch, options: Mapping[str, str]) -> GroupAnswers:
        """Every act by the evaluation of the single case; of a case whose acts do not stand alone, the whole case."""
        group = batch.group
        asked = [(target, slot) for target in self.targets for slot in range(group.participants)]
        flags = [{name: np.zeros(group.acts, dtype=np.bool_) for name in PLANES} for _ in asked]
        for act in range(group.acts):  # an act is evaluated once and asked everything
            for found, (target, slot) in zip(flags, asked, strict=True):
                for name, value in self.single.flags((batch, act), target, slot, options).items():
                    found[name][act] = value
        answers = [
            Answer(target, slot, *(packed(found[name]) for name in PLANES))
            for found, (target, slot) in zip(flags, asked, strict=True)
        ]
        self.worked.single += len(answers) * group.acts
        self.worked.patterns = self.single.patterns
        return GroupAnswers(batch, tuple(answers), used_bits(group.acts))
