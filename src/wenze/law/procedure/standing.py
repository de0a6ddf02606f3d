"""Where a case stands on a day: which steps are open and for whom, which are refused and why, which clocks run.

`stand` answers for a history, `refusals` for one move about to be made. Each refusal names who says so. Steps are judged
by the law of their own day; nothing is chosen, and nothing is forgotten: a refused step says every reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from wenze.law.problems import instead
from wenze.law.procedure import wording
from wenze.law.procedure.basis import Basis
from wenze.law.procedure.clocks import ClockState, clocks, names
from wenze.law.procedure.compose import Procedure
from wenze.law.procedure.past import Past, up_to
from wenze.law.procedure.table import Feature, Requirement, Step, Table, Unheld
from wenze.law.rules import Bilingual
from wenze.law.steps import Alternatives, Move


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a step may not be taken: a stable id, the reason, and who says so (None: the order of days itself)."""

    id: str
    message: Bilingual
    basis: Basis | None


@dataclass(frozen=True, slots=True)
class OpenStep:
    """A step that may be taken today, and what it asks for."""

    step: Step
    roles: tuple[str, ...]
    papers: tuple[str, ...]  # for every outcome
    papers_of: Mapping[str, tuple[str, ...]]  # outcome → the papers asked besides
    outcomes: tuple[str, ...]  # those that are open today
    barred: tuple[tuple[str, Refusal], ...]  # an outcome that is not, and why
    unheld: tuple[Unheld, ...]  # texts not held that would decide about it


@dataclass(frozen=True, slots=True)
class RefusedStep:
    """A step that may not be taken today, and every reason."""

    step: Step
    reasons: tuple[Refusal, ...]


@dataclass(frozen=True)
class Standing:
    """Where a history stands on a day."""

    procedure: Procedure
    on: date
    history: tuple[Move, ...]
    features: Mapping[str, bool]
    table: Table
    open: tuple[OpenStep, ...]
    refused: tuple[RefusedStep, ...]
    clocks: tuple[ClockState, ...]
    ended: str  # the step that ended the case, or ""
    stage: str  # the last step of the main path, or ""
    questions: tuple[Feature, ...]  # features not established on which something rests today
    _view: _View = field(repr=False, compare=False)

    @property
    def decided(self) -> Move | None:
        """The move whose measures stand: the last one that carried some with an outcome, unless a later one lifted them."""
        found: Move | None = None
        for move in self.history:
            step = self.procedure.on(move.day).steps.get(move.step)
            if step and any(self._view.past.holds(line.when, move.outcome) for line in step.lifts):
                found = None
            elif move.measures and move.outcome:
                found = move
        return found

    def opened(self, step: str) -> OpenStep | None:
        return next((each for each in self.open if each.step.id == step), None)


def stand(procedure: Procedure, history: Iterable[Move], features: Mapping[str, bool], on: date) -> Standing:
    """Where a history (oldest move first) stands on a day; later moves are not looked at."""
    view = _View(procedure, up_to(history, on), dict(features), on)
    open_steps: list[OpenStep] = []
    refused: list[RefusedStep] = []
    for step in view.table.steps.values():
        reasons, outcomes, barred = view.of(step)
        if reasons:
            refused.append(RefusedStep(step, reasons))
        else:
            open_steps.append(view.opened(step, outcomes, barred))
    return Standing(
        procedure,
        on,
        view.past.moves,
        view.past.features,
        view.table,
        tuple(open_steps),
        tuple(refused),
        view.clocks,
        view.ended,
        view.stage,
        view.questions(),
        view,
    )


def refusals(standing: Standing, move: Move) -> tuple[Refusal, ...]:
    """Why this move may not be made where the case stands; () when it may. The move is of the day of the standing."""
    if move.day != standing.on:
        raise ValueError(f"the move is of {move.day}, the standing of {standing.on}: stand on the day of the move")
    view = standing._view
    step = view.table.steps.get(move.step)
    if step is None:
        known = instead(move.step, view.table.steps, "-")
        message = Bilingual(f"没有“{move.step}”这一步骤({known})", f"there is no step `{move.step}` ({known})")
        return (Refusal("step", message, None),)
    return (*view.structural(step), *view.required(step, move.outcome), *_Attempt(view, step, move).refusals())


def check_history(
    procedure: Procedure, history: Iterable[Move], features: Mapping[str, bool]
) -> tuple[tuple[int, Refusal], ...]:
    """What is unlawful in a history, move by move: (index, reason)."""
    moves, found = tuple(history), []
    for at, move in enumerate(moves):
        earlier = moves[:at]
        if earlier and move.day < earlier[-1].day:
            message = Bilingual(
                f"步骤的日期{move.day}早于前一步骤的日期{earlier[-1].day}", f"{move.day} is before the step before it"
            )
            found.append((at, Refusal("order", message, None)))
            continue
        standing = stand(procedure, earlier, features, move.day)
        found += [(at, refusal) for refusal in refusals(standing, move)]
    return tuple(found)


class _View:
    """A history on a day, with the table in force and the clocks that run."""

    def __init__(self, procedure: Procedure, moves: tuple[Move, ...], features: Mapping[str, bool], on: date) -> None:
        self.procedure = procedure
        self.on = on
        self.table = procedure.on(on)
        self.clocks = clocks(procedure, moves, features, on)
        taken = [(move, procedure.on(move.day).steps.get(move.step)) for move in moves]
        self.ended = next((move.step for move, step in reversed(taken) if step and step.ends), "")
        runs = self.clocks
        self.past = Past(moves, features, lambda id: tuple(run.state for run in runs if run.id == id), bool(self.ended))
        self.stage = next((move.step for move, step in reversed(taken) if step and not step.side), "")

    def of(self, step: Step) -> tuple[tuple[Refusal, ...], tuple[str, ...], tuple[tuple[str, Refusal], ...]]:
        """The reasons against a step; its open outcomes; its barred ones."""
        reasons = self.structural(step)
        if reasons:
            return reasons, (), ()
        found = {outcome: tuple(self.required(step, outcome)) for outcome in step.outcomes or ("",)}
        if all(found.values()):
            return tuple(dict.fromkeys(reason for each in found.values() for reason in each)), (), ()
        barred = tuple((outcome, reason) for outcome, reasons in found.items() for reason in reasons)
        return (), tuple(outcome for outcome, reasons in found.items() if outcome and not reasons), barred

    def structural(self, step: Step) -> tuple[Refusal, ...]:
        """What bars a step whatever it carries: the case has ended, or it was taken."""
        if self.ended and not step.after_end:
            title = self.procedure.on(self.on).steps[self.ended].title if self.ended in self.table.steps else None
            zh, en = title or (self.ended, self.ended)
            return (Refusal("ended", Bilingual(f"本案已因“{zh}”终结", f"the case ended with “{en}”"), step.basis),)
        last = self.past.last(step.id)
        if last and not step.repeats:
            message = Bilingual(f"已于{last.day}办理,不重复办理", f"it was done on {last.day} and is not done twice")
            return (Refusal("done", message, step.basis),)
        return ()

    def required(self, step: Step, outcome: str) -> Iterator[Refusal]:
        """The requirements that are not met by a move of this outcome."""
        for asked in step.requirements:
            holds = self.past.holds(asked.condition, outcome)
            when = self.past.holds(asked.when, outcome)
            if holds is True or when is False:
                continue
            if holds is False and when is True:
                yield self._unmet(asked)
            else:
                named = (*self.past.open_features(asked.when), *self.past.open_features(asked.condition))
                for name in dict.fromkeys(named):
                    feature = self.table.features[name]
                    zh, en = feature.question
                    yield Refusal("unknown", Bilingual(f"须先查明:{zh}", f"to be established first: {en}"), asked.basis)

    def _unmet(self, asked: Requirement) -> Refusal:
        kinds = {atom.kind for part in asked.condition for atom in part}
        id = "late" if "within" in kinds else "early" if "lapsed" in kinds else "before"
        return Refusal(id, wording.required(self.table, asked.condition, asked.when), asked.basis)

    def opened(self, step: Step, outcomes: tuple[str, ...], barred: tuple[tuple[str, Refusal], ...]) -> OpenStep:
        always = [paper.value for paper, when in step.papers if self.past.holds(when)]
        more = {
            outcome: tuple(
                paper.value
                for paper, when in step.papers
                if paper.value not in always and self.past.holds(when, outcome)
            )
            for outcome in outcomes
        }
        named = (step.id, *always, *(run.id for run in self.clocks if run.started_by.step == step.id))
        unheld = tuple(gap for gap in self.table.gaps if set(gap.about) & set(named))
        roles = tuple(said.value for said in step.roles)
        return OpenStep(step, roles, tuple(always), more, outcomes, barred, unheld)

    def questions(self) -> tuple[Feature, ...]:
        """The features not established on which a step not yet barred, or a clock, rests."""
        resting = [*self._open_conditions(), *self._clock_conditions()]
        named = dict.fromkeys(name for each in resting for name in self.past.open_features(each))
        return tuple(self.table.features[name] for name in named if name in self.table.features)

    def _open_conditions(self) -> Iterator[Alternatives]:
        for step in self.table.steps.values():
            outcomes = () if self.structural(step) else step.outcomes or ("",)
            if any(all(each.id == "unknown" for each in self.required(step, outcome)) for outcome in outcomes):
                yield from (condition for asked in step.requirements for condition in (asked.when, asked.condition))

    def _clock_conditions(self) -> Iterator[Alternatives]:
        for move in self.past.moves:
            for clock in self.procedure.on(move.day).clocks.values():
                if any(atom.name == move.step for part in clock.start for atom in part):
                    yield clock.when


class _Attempt:
    """A move about to be made, held against what its step asks of those who make it and of what it carries."""

    def __init__(self, view: _View, step: Step, move: Move) -> None:
        self.view = view
        self.table = view.table
        self.step = step
        self.move = move

    def refusals(self) -> Iterator[Refusal]:
        yield from self._who()
        yield from self._outcome()
        yield from self._papers()
        yield from self._days()
        yield from self._measures()

    def _asked(self, lines: tuple[Requirement, ...]) -> Basis | None:
        """Who asks for it in this move; None where nobody does."""
        return next((line.basis for line in lines if self.view.past.holds(line.when, self.move.outcome)), None)

    def _who(self) -> Iterator[Refusal]:
        step, move = self.step, self.move
        if move.role not in {said.value for said in step.roles}:
            named = [self.table.roles[said.value] for said in step.roles]
            zh, en = "、".join(role.zh for role in named), ", ".join(role.en for role in named)
            yield Refusal("role", Bilingual(f"须由{zh}办理", f"to be taken by: {en}"), step.roles[0].basis)
        for said in step.excluded:
            if said.value in move.relations:
                zh, en = self.table.relations[said.value]
                message = Bilingual(f"有“{zh}”情形的人员须回避", f"who stands in the relation “{en}” takes no part")
                yield Refusal("relation", message, said.basis)
        if step.actors and move.actors < int(step.actors.value):
            number = step.actors.value
            message = Bilingual(f"不得少于{number}人", f"at least {number} persons act")
            yield Refusal("actors", message, step.actors.basis)

    def _outcome(self) -> Iterator[Refusal]:
        step, move = self.step, self.move
        if (move.outcome or step.outcomes) and move.outcome not in step.outcomes:
            named = [self.table.outcomes[outcome] for outcome in step.outcomes]
            zh = f"结果应为{'、'.join(each.zh for each in named)}之一" if named else "这一步骤没有结果之分"
            en = f"the outcome is one of {', '.join(each.en for each in named)}" if named else "it has no outcome"
            yield Refusal("outcome", Bilingual(zh, en), step.basis)

    def _papers(self) -> Iterator[Refusal]:
        for said, when in self.step.papers:
            if said.value not in self.move.papers and self.view.past.holds(when, self.move.outcome):
                zh, en = self.table.papers[said.value].title
                yield Refusal("paper", Bilingual(f"须附“{zh}”", f"it needs the document “{en}”"), said.basis)
        basis = self._asked(self.step.reason)
        if basis and not self.move.reason.strip():
            yield Refusal("reason", Bilingual("须写明理由", "it needs a reason"), basis)

    def _days(self) -> Iterator[Refusal]:
        move, last = self.move, self.view.past.moves[-1:]
        if last and move.day < last[0].day:  # only for a standing made by hand: stand() drops later moves
            yield Refusal("order", Bilingual("早于前一步骤", "before the step before it"), None)
        basis = self._asked(self.step.receipt)
        if basis and move.receipt is None:
            yield Refusal("receipt", Bilingual("须载明收到的日期", "it needs the day of receipt"), basis)
        if move.receipt and move.receipt > move.day:
            message = Bilingual("收到的日期晚于办理的日期", "the day of receipt is after the day of the step")
            yield Refusal("receipt", message, basis)
        for clock in self.table.clocks.values():
            begun = names(clock.start, move) and self.view.past.holds(clock.when, move.outcome)
            if begun and clock.term is None and move.until is None:
                zh, en = clock.title
                message = Bilingual(f"须载明“{zh}”届满的日期", f"it needs the day on which “{en}” ends")
                yield Refusal("until", message, clock.basis)
        if move.until and move.until < move.day:
            message = Bilingual("所定期限早于办理的日期", "the time it sets ends before the day of the step")
            yield Refusal("until", message, self.step.basis)

    def _measures(self) -> Iterator[Refusal]:
        basis, move, measures = self._asked(self.step.measures), self.move, self.table.measures
        if basis is None:
            if move.measures or move.band:
                message = Bilingual("这一步骤不载明问责方式", "this step carries no measure")
                yield Refusal("measure", message, self.step.basis)
            return
        unknown = [id for id in move.measures if not measures.measure(id)]
        if unknown or not move.measures or not measures.band(move.band):
            message = Bilingual("须载明档次和方式,且为规定所有", "it names a band and measures that the instrument has")
            yield Refusal("measure", message, basis)
            return
        outside = [each for id in move.measures if (each := measures.measure(id)) and move.band not in each.bands]
        if outside and not move.reason.strip():
            zh, en = "、".join(each.title.zh for each in outside), ", ".join(each.title.en for each in outside)
            message = Bilingual(
                f"{zh}不在所认定的档次之内,须写明理由", f"outside the band found, so a reason is needed: {en}"
            )
            yield Refusal("measure", message, outside[0].basis)
        yield from self._heavier()

    def _heavier(self) -> Iterator[Refusal]:
        """Against the last time each step named carried measures."""
        measures, move = self.table.measures, self.move
        for said, when in self.step.not_heavier_than:
            before = next((m for m in reversed(self.view.past.moves) if m.step == said.value and m.measures), None)
            if before is None or not self.view.past.holds(when, move.outcome):
                continue
            known = all(measures.measure(id) for id in before.measures) and measures.band(before.band)
            lighter = known and measures.not_heavier(move.measures, before.measures)
            if not (lighter and measures.band_not_higher(move.band, before.band)):
                zh, en = self.table.steps[said.value].title
                message = Bilingual(
                    f"不得重于最近一次“{zh}”所载的档次和方式",
                    f"no heavier than the last “{en}”: neither band nor measures",
                )
                yield Refusal("heavier", message, said.basis)
