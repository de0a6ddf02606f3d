"""Law, case and day → Determination: the states of all conclusions with everything they rest on.

A determination is its reasons: it keeps the evaluation, and every view of it (what is missing, options, reasons) is computed from
the same functions when looked at. Reads no clock: `on` is passed in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property
from itertools import chain, combinations, islice, product

from wenze.law.case import Case, FactKey, Ruling
from wenze.law.conclude import Conclusion, conclusions
from wenze.law.evaluate import Evaluation, State
from wenze.law.instrument import Law
from wenze.law.missing import Missing, missing
from wenze.law.problems import Problem, Problems
from wenze.law.rules import Guard, Note, Place, Scope
from wenze.law.shape import Layout, skeleton
from wenze.law.variables import Function, Here, ReadingOf

MOST_COMBINATIONS = 5
_WEIGHT = {
    State.NOT_APPLICABLE: 0,
    State.NOT_MADE_OUT: 0,
    State.CONTRADICTORY: 0,
    State.OPEN: 1,
    State.MADE_OUT: 2,  # equivalent: any number above that of what is open
}


@dataclass(frozen=True, slots=True)
class InForce:
    """The option of a reading that a determination uses, and why: "default", "settled", "ruling" or "chosen"."""

    reading: str
    option: str
    ground: str
    by: str = ""
    since: date | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A note of the instrument that is shown here; `open` when it is not settled whether it applies."""

    note: Note
    respondent: str
    act: str
    open: bool


@dataclass(frozen=True, slots=True)
class Reliance:
    """What a guard says of a circumstance: may it be relied on ("yes", "no", "open"), and what is missing for it."""

    guard: Guard
    conclusion: Conclusion
    answer: str
    function: Function


@dataclass(frozen=True)
class Determination:
    """The engine's answer for one case; never a decision."""

    law: Law
    case: Case
    on: date
    in_force: tuple[InForce, ...]
    evaluation: Evaluation

    @cached_property
    def circumstances(self) -> tuple[Conclusion, ...]:
        return conclusions(self.evaluation, "circumstance")

    @cached_property
    def responsibilities(self) -> tuple[Conclusion, ...]:
        return conclusions(self.evaluation, "responsibility")

    @cached_property
    def competences(self) -> tuple[Conclusion, ...]:
        return conclusions(self.evaluation, "competence")

    @cached_property
    def channels(self) -> tuple[Conclusion, ...]:
        return conclusions(self.evaluation, "channel")

    def all(self) -> tuple[Conclusion, ...]:
        return (*self.circumstances, *self.responsibilities, *self.competences, *self.channels)

    @cached_property
    def notes(self) -> tuple[Shown, ...]:
        """The notes of the instrument that hold here, or may."""
        return tuple(
            shown
            for note in self.law.notes.values()
            for respondent, act in self._places(note)
            if (shown := self._note(note, respondent, act))
        )

    def bears(self, shown: Shown) -> bool:
        """Whether a note speaks of something that was looked at here; notes on no rule in particular always do."""
        spoken_of = self._spoken_of(shown.note, shown.respondent, shown.act)
        return not shown.note.about or any(_WEIGHT[one.state] and self.touched(one) for one in spoken_of)

    @cached_property
    def reliance(self) -> tuple[Reliance, ...]:
        """The guards' answers for every circumstance made out or open that they speak of."""
        return tuple(self._reliance())

    @cached_property
    def withheld(self) -> frozenset[tuple[str, str, str]]:
        """The circumstances made out or open that some guard does not let through: (rule, respondent, act)."""
        return frozenset(
            (said.conclusion.rule.id, said.conclusion.respondent, said.conclusion.act)
            for said in self.reliance
            if said.answer != "yes"
        )

    @property
    def contradictions(self) -> tuple[tuple[FactKey, ...], ...]:
        """The smallest contradicting sets of established facts; conclusions that speak of such facts have no state."""
        return self.evaluation.constraints.conflicts()

    @cached_property
    def alternatives(self) -> tuple[tuple[Conclusion, Conclusion], ...]:
        """Open circumstances of one pair of which exactly one holds in every completion: nothing can rest on either."""
        return tuple(self._alternatives())

    def touched(self, conclusion: Conclusion) -> bool:
        """Whether anything was entered about the conduct this circumstance describes.

        Nothing is false by default, so a case leaves every circumstance open that nobody has looked at; pages fold those away.
        """
        if conclusion.state is not State.OPEN:
            return True
        conduct = self.law.conduct_facts(conclusion.rule)
        keys = (key for key in conclusion.function.mentions if isinstance(key, FactKey) and key.name in conduct)
        return any(key in self.case.facts or key in self.case.findings for key in keys)

    def missing(self, conclusion: Conclusion) -> Missing:
        """What would settle an open conclusion."""
        return missing(self.evaluation, conclusion.function)

    def options(self, conclusion: Conclusion) -> dict[str, dict[str, State]]:
        """For each reading the state depends on: the state under each option, the other readings being in force."""
        return {
            reading: {
                option: self.state_under(conclusion, {reading: option})
                for option in self.law.readings[reading].option_ids
            }
            for reading in conclusion.outcome.depends
        }

    def combinations(self, conclusion: Conclusion) -> tuple[tuple[Mapping[str, str], State], ...]:
        """Where no single option changes the state: up to five of the smallest combinations of options that do."""
        if any(
            state is not conclusion.state for states in self.options(conclusion).values() for state in states.values()
        ):
            return ()
        return tuple(islice(self._changing(conclusion), MOST_COMBINATIONS))

    def decides(self, conclusion: Conclusion) -> frozenset[str]:
        """The readings on which it hangs, under some choice of the others, whether a conclusion is made out."""
        d = self.evaluation.diagrams
        readings = {d.variable(ReadingOf(reading)): reading for reading in conclusion.outcome.depends}
        return frozenset(readings[level] for level in d.support(conclusion.outcome.made))

    def only_with(self, conclusion: Conclusion, reading: str) -> tuple[Mapping[str, str], str] | None:
        """The smallest choice of other readings under which `reading` decides whether a conclusion is made out.

        That choice, none where the reading decides alone, and the option of `reading` that then differs from the one in force.
        """
        deciding = self.decides(conclusion)
        if reading not in deciding:
            return None
        others = [one for one in conclusion.outcome.depends if one in deciding - {reading}]  # equivalent: only sooner
        for size in range(len(others) + 1):
            for chosen in chain.from_iterable(map(self._other_options, combinations(others, size))):
                without = self.state_under(conclusion, chosen)
                for option in self.law.readings[reading].option_ids:
                    state = self.state_under(conclusion, {**chosen, reading: option})
                    if (state is State.MADE_OUT) is not (without is State.MADE_OUT):
                        return chosen, option
        return None

    def under(self, changed: Mapping[str, str]) -> Determination:
        """What would follow if these readings were taken otherwise, chosen for the occasion."""
        in_force = tuple(
            InForce(one.reading, changed[one.reading], "chosen") if one.reading in changed else one
            for one in self.in_force
        )
        evaluation = self.evaluation.under({one.reading: one.option for one in in_force})
        return replace(self, in_force=in_force, evaluation=evaluation)

    def rests_on_wider(self, conclusion: Conclusion) -> tuple[str, ...]:
        """The default readings this result depends on that are wider than the mildest one."""
        by_default = {one.reading for one in self.in_force if one.ground == "default"}
        return tuple(
            reading
            for reading in conclusion.outcome.depends
            if reading in by_default and self.law.readings[reading].default != self.law.readings[reading].mildest
        )

    def heavier(self, conclusion: Conclusion) -> tuple[str, ...]:
        """Readings settled after the conduct ended that make this result heavier than the former default did: for a person to weigh."""
        act = self.case.acts.get(conclusion.act)
        ended = (act.end or act.start) if act else None
        return tuple(
            one.reading
            for one in self.in_force
            if one.since
            and ended
            and ended < one.since
            and _WEIGHT[self.state_under(conclusion, {one.reading: self.law.readings[one.reading].default})]
            < _WEIGHT[conclusion.state]
        )

    def state_under(self, conclusion: Conclusion, changed: Mapping[str, str]) -> State:
        """A conclusion's state if these readings were taken otherwise."""
        if conclusion.state is State.CONTRADICTORY:
            return State.CONTRADICTORY
        return self.evaluation.state_under(conclusion.outcome, {**self.evaluation.options, **changed})

    def _changing(self, conclusion: Conclusion) -> Iterator[tuple[Mapping[str, str], State]]:
        """Combinations of options that change the state, smallest first, none of them part of a later one."""
        found: list[dict[str, str]] = []
        depends = conclusion.outcome.depends
        for size in range(2, len(depends) + 1):
            for readings in combinations(depends, size):
                for changed in self._other_options(readings):
                    if any(smaller.items() <= changed.items() for smaller in found):  # equivalent: none comes twice
                        continue
                    state = self.state_under(conclusion, changed)
                    if state is not conclusion.state:
                        found.append(changed)
                        yield changed, state

    def _other_options(self, readings: Iterable[str]) -> Iterator[dict[str, str]]:
        """Every choice of options not in force for all of some readings."""
        in_force = self.evaluation.options
        others = [
            [  # equivalent: with an option in force a choice is a smaller one, and that was tried before
                (reading, option) for option in self.law.readings[reading].option_ids if option != in_force[reading]
            ]
            for reading in readings
        ]
        return (dict(chosen) for chosen in product(*others))

    def _places(self, note: Note) -> tuple[tuple[str, str], ...]:
        pairs = tuple(self.case.participations) if self._about_responsibility(note) else self.case.all_pairs()
        if note.scope is Scope.RESPONDENT:
            return tuple((respondent, "") for respondent in dict.fromkeys(respondent for respondent, _ in pairs))
        return pairs

    def _about_responsibility(self, note: Note) -> bool:
        rules = [self.law.rules[rule] for name in note.about for rule in self.law.rules_of[name]]
        return any(self.law.role_of(rule) == "responsibility" for rule in rules)

    def _note(self, note: Note, respondent: str, act: str) -> Shown | None:
        states: dict[str, list[State]] = {}
        for one in self._spoken_of(note, respondent, act):
            states.setdefault(one.rule.id, []).append(one.state)
        state = note_shown(self.evaluation, note, Here(respondent, act), states.values())
        return None if state is State.NOT_MADE_OUT else Shown(note, respondent, act, state is State.OPEN)

    def _spoken_of(self, note: Note, respondent: str, act: str) -> Iterator[Conclusion]:
        """The conclusions here of the rules a note is about; what speaks of no act goes with every act."""
        rules = {rule for name in note.about for rule in self.law.rules_of[name]}
        for one in self.all():
            if one.rule.id in rules and one.respondent == respondent and (one.act == act or "" in (one.act, act)):
                yield one

    def _reliance(self) -> Iterator[Reliance]:
        answers = {State.MADE_OUT: "yes", State.NOT_MADE_OUT: "no", State.OPEN: "open", State.CONTRADICTORY: "open"}
        for guard in self.law.guards.values():
            rules = {rule for name in guard.about for rule in self.law.rules_of[name]}
            for conclusion in self.circumstances:
                if conclusion.rule.id in rules and _WEIGHT[conclusion.state]:
                    function = self.evaluation.ground(guard.condition, Here(conclusion.respondent, conclusion.act))
                    yield Reliance(guard, conclusion, answers[self.evaluation.settled(function)], function)

    def _alternatives(self) -> Iterator[tuple[Conclusion, Conclusion]]:
        f = self.evaluation.formulas
        open_ones = [one for one in self.circumstances if one.state is State.OPEN]
        for one, other in combinations(open_ones, 2):
            if (one.respondent, one.act) != (other.respondent, other.act):
                continue
            constraints, _ = self.evaluation.constraints.around(one.function.mentions | other.function.mentions)
            first, second = one.function.node, other.function.node
            neither = f.both(f.negate(first), f.negate(second))
            if all(self.evaluation.impossible(node, constraints) for node in (f.both(first, second), neither)):
                yield one, other


def note_shown(evaluation: Evaluation, note: Note, here: Here, states: Iterable[Iterable[State]]) -> State:
    """Whether a note is shown (made out), may be (open) or is not. `states`: here, of each rule it speaks of."""
    made = sum(State.MADE_OUT in each for each in states)
    reached = sum(any(_WEIGHT[state] for state in each) for each in states)
    wanted = 2 if note.concurring else 1 if note.about else 0
    if reached < wanted:
        return State.NOT_MADE_OUT
    state = evaluation.settled(evaluation.ground(note.condition, here))
    if not _WEIGHT[state]:
        return State.NOT_MADE_OUT
    return State.OPEN if note.concurring and made < wanted else state


def determine(law: Law, case: Case, on: date, chosen: Mapping[str, str] | None = None) -> Determination:
    """The determination of a case under one law on a day, with some readings chosen for the occasion. Raises Problems."""
    in_force = readings_in_force(law, case, on, chosen or {})
    return Determination(law, case, on, in_force, Evaluation(law, case, {one.reading: one.option for one in in_force}))


def readings_in_force(law: Law, case: Case, on: date, chosen: Mapping[str, str]) -> tuple[InForce, ...]:
    """The option of every reading: chosen for the occasion, else ruled in the case, else settled, else the default; each from its day."""
    for id_, option in chosen.items():
        _known(law, id_, option)
    found = []
    for reading in law.readings.values():
        rulings = [
            ruling for ruling in case.rulings if ruling.reading == reading.id and ruling.since and ruling.since <= on
        ]
        if reading.id in chosen:
            found.append(InForce(reading.id, chosen[reading.id], "chosen"))
        elif rulings:
            last = max(rulings, key=lambda ruling: ruling.since or date.min)  # equivalent: for the type alone
            found.append(InForce(reading.id, last.option, "ruling", last.by or "", last.since, last.source or ""))
        elif reading.settled and date.fromisoformat(reading.settled.since) <= on:
            settled = reading.settled
            found.append(
                InForce(
                    reading.id, settled.option, "settled", settled.by, date.fromisoformat(settled.since), settled.source
                )
            )
        else:
            found.append(InForce(reading.id, reading.default, "default"))
    return tuple(found)


def options_in_force(
    law: Law, rulings: Iterable[tuple[str, str, str]], on: date, chosen: Mapping[str, str]
) -> dict[str, str]:
    """The option of every reading for a case of which only the rulings are known: (reading, option, day from which it holds)."""
    here = Place("-", 1)
    made = tuple(Ruling(reading, option, here, since=date.fromisoformat(since)) for reading, option, since in rulings)
    case = replace(skeleton(law, Layout((), ())), rulings=made)
    return {one.reading: one.option for one in readings_in_force(law, case, on, chosen)}


def _known(law: Law, reading: str, option: str) -> None:
    if reading not in law.readings:
        raise Problems(
            [
                Problem(
                    Place("--reading", 1),
                    "L062",
                    f"no reading is called `{reading}`",
                    f"use one of {'、'.join(law.readings)}",
                )
            ]
        )
    if option not in law.readings[reading].option_ids:
        known = "、".join(law.readings[reading].option_ids)
        raise Problems(
            [Problem(Place("--reading", 1), "L072", f"`{option}` is no option of `{reading}`", f"use one of {known}")]
        )
