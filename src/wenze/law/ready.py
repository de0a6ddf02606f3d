"""One act at a time, answered at once: the states of all its conclusions, of every line of their reasons, and what other options change.

For whoever asks about one shape again and again, such as a form that shows what follows while facts come in. What is made beforehand is
the code of `lanes`, and the trees of `reasons` without their states; one run of it is states and reasons at once. Answers are those of
the evaluation of the single case: where the code is in doubt the bounds are reckoned for the facts at hand, and where these are, it is
asked. Knows which facts are proven and which disproven, not why: evidence belongs to a case.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from operator import getitem
from typing import NamedTuple, cast

from wenze.law.bounds import Bounds
from wenze.law.case import FactKey
from wenze.law.decide import FALSE, TRUE, Diagrams, deep
from wenze.law.establish import Status
from wenze.law.evaluate import Evaluation, State
from wenze.law.hinges import Ends, Hinges
from wenze.law.instrument import Law
from wenze.law.planes import compiled
from wenze.law.reasons import Cited, Reason, of_rule
from wenze.law.rules import Scope
from wenze.law.shape import Given, Layout, Shape, act, respondent, targets
from wenze.law.variables import Here, ReadingOf
from wenze.law.written import Asking, Written, gate_and_whole

Known = Mapping[FactKey, bool]  # proven facts and disproven ones; what is missing is not established


class Line(NamedTuple):
    """One line of reasons, whatever the facts are, as a `Reason`; `below` are the numbers of the lines under it."""

    kind: str
    name: str
    here: Here
    anchor: str
    quotes: tuple[Cited, ...]
    relieves: bool
    below: tuple[int, ...]


class Told(NamedTuple):
    """A line and its state under the facts at hand."""

    line: Line
    state: State


@dataclass(slots=True)
class _Facts:
    """What is known of a case, what the code says of it, and what is reckoned of it where the code is in doubt."""

    known: Known
    values: Sequence[bool | None]
    violated: set[int]
    said: Sequence[int]
    bounds: Bounds | None = None
    wide: Bounds | None = None  # over all options
    exactly: Given | None = None
    reasons: list[Reason] | None = None


class Answer:
    """What follows from some facts: `states`, in the order of `Ready.asked`. The rest is told when it is looked at."""

    __slots__ = ("_facts", "_ready", "states")

    def __init__(self, ready: Ready, facts: _Facts) -> None:
        self._ready, self._facts = ready, facts
        self.states = ready.states(facts)

    def reasons(self) -> list[Told]:
        """Every line with its state; `Ready.roots` says which is the root of which rule. Lines that trees share are there once."""
        return self._ready.told(self._facts)

    def options(self) -> list[dict[str, dict[str, State]]]:
        """For each of `Ready.asked`, as `Determination.options` has it: for every reading its state depends on the state under each
        option, the other readings being in force."""
        return self._ready.hinging(self._facts)


class Ready:
    """A shape of act under the options of the readings in force, ready to answer.

    `asked`: what the states are of. `roots`: (rule, respondent) → the number of the line its reasons begin with. Respondents are called
    P1, P2 …, the act A1, its events V1, V2 …, as in `Given`.
    """

    def __init__(self, law: Law, shape: Shape, options: Mapping[str, str]) -> None:
        self._law, self._shape, self._options = law, shape, options
        with deep():
            evaluation = Given(law, Layout.of(shape), options)
            self.asked = tuple(Asking(target, slot) for target in targets(law) for slot in range(shape.participants))
            trees = self.trees(evaluation)
            functions = [part for asking in self.asked for part in gate_and_whole(evaluation, asking)]
            functions += [reason.function for reason in trees.reasons]
            self._written = written = Written(evaluation, functions)
        self._run = compiled(written.code)
        self._in_force = [3 if written.chosen(one, options) else 0 for one in written.entries.choices]
        self._hinges = Hinges(written.code, written.entries, written.readings)
        self.roots = trees.roots
        self._rows = [
            (Told(line, State.NOT_MADE_OUT), Told(line, State.OPEN), Told(line, State.OPEN), Told(line, State.MADE_OUT))
            for line in trees.lines()
        ]
        self._first = 2 * len(self.asked)  # where lines begin among the functions

    def _option(self, reading: str) -> int:
        return self._law.readings[reading].option_ids.index(self._options[reading])

    # Answering

    def answer(self, known: Known) -> Answer:
        """What follows from the facts known."""
        values, violated = self._written.entries.values(
            cast("Mapping[Hashable, bool]", known)
        )  # only ever asked of names
        said = self._run(self._written.entries.planes(values, 1, self._in_force), 3, 1)
        return Answer(self, _Facts(known, values, self._written.broken.union(violated), said))

    def states(self, facts: _Facts) -> tuple[State, ...]:
        """The states of what is asked."""
        said, first = facts.said, self._first
        states = list(map(_CONCLUDED.__getitem__, zip(said[0:first:2], said[1:first:2], strict=True)))
        doubtful = {place // 2: False for place in self._written.unsure if place < first and said[place] == _OPEN}
        for index, contradict in (doubtful | self._spoilt(facts, 0, first, 2)).items():
            states[index] = State.CONTRADICTORY if contradict else self._outcome(facts, index)
        return tuple(states)

    def told(self, facts: _Facts) -> list[Told]:
        """Every line of the reasons with its state."""
        said, first = facts.said, self._first
        lines = list(map(getitem, self._rows, said[first:]))
        doubtful = {place - first: False for place in self._written.unsure if place >= first and said[place] == _OPEN}
        for index, contradict in (doubtful | self._spoilt(facts, first, len(said), 1)).items():
            state = State.CONTRADICTORY if contradict else self._settled(facts, index)
            lines[index] = lines[index]._replace(state=state)
        return lines

    def hinging(self, facts: _Facts) -> list[dict[str, dict[str, State]]]:
        """For each of what is asked, reading → option → state, for all readings the state depends on."""
        ends = self._hinges.of(self._hinges.on_any_choice(facts.values), range(self._first))
        doubtful = {place // 2 for place in self._written.unsure if place < self._first}
        spoilt = self._spoilt(facts, 0, self._first, 2)
        found: list[dict[str, dict[str, State]]] = []
        for index, (gate, whole) in enumerate(zip(ends[0::2], ends[1::2], strict=True)):
            if spoilt.get(index):
                found.append({})
            elif index in spoilt or (index in doubtful and (gate.must != gate.can or whole.must != whole.can)):
                found.append(self._under_each(facts, index))
            else:
                found.append(self._read_off(self._hinges.diagrams, gate, whole))
        return found

    def _spoilt(self, facts: _Facts, start: int, end: int, step: int) -> dict[int, bool]:
        """What the code does not decide, by its number: because the facts contradict, or (False) because they may."""
        spoilt: dict[int, bool] = {}
        if facts.violated or self._written.wild:
            for index, place in enumerate(range(start, end, step)):
                bearing = frozenset[int]().union(*self._written.bearing[place : place + step])
                if bearing & (facts.violated | self._written.wild):
                    spoilt[index] = bool(bearing & facts.violated)
        return spoilt

    # Where the code is in doubt

    def _bounds(self, facts: _Facts) -> Bounds:
        """Bounds for the facts at hand under the options in force."""
        if facts.bounds is None:
            chosen: dict[Hashable, int] = {ReadingOf(one): self._option(one) for one in self._options}
            facts.bounds = self._bounded(facts, chosen, self._hinges.every(facts.values, 1, self._in_force), 3)
        return facts.bounds

    def _bounds_on_any_choice(self, facts: _Facts) -> Bounds:
        if facts.wide is None:
            facts.wide = self._bounded(facts, {}, self._hinges.on_any_choice(facts.values), 0b1111)
        return facts.wide

    def _bounded(self, facts: _Facts, chosen: Mapping[Hashable, int], planes: Sequence[int], every: int) -> Bounds:
        f = self._written.evaluation.expressions
        known: dict[Hashable, int] = {key: TRUE if holds else FALSE for key, holds in facts.known.items()}
        decided = {
            node: planes[place] & 1 for node, place in self._written.places.items() if planes[place] in (0, every)
        }
        return Bounds(f, chosen, partial(self._written.evaluation.constraints.group, f), known, decided)

    def _exactly(self, facts: _Facts) -> Given:
        """The evaluation of the single case, which is never in doubt."""
        if facts.exactly is None:
            states = {key: Status.PROVEN if holds else Status.DISPROVEN for key, holds in facts.known.items()}
            facts.exactly = Given(self._law, Layout.of(self._shape), self._options, states)
        return facts.exactly

    def _outcome(self, facts: _Facts, index: int) -> State:
        with deep():
            gate, whole = (
                self._bounds(facts).of(one.node) for one in self._written.functions[2 * index : 2 * index + 2]
            )
        if gate.told and whole.told and not self._written.wild:
            return _CONCLUDED[2 * gate.can + gate.must, 2 * whole.can + whole.must]
        exact = self._exactly(facts)
        return exact.outcome(*gate_and_whole(exact, self.asked[index])).state

    def _settled(self, facts: _Facts, index: int) -> State:
        with deep():
            bound = self._bounds(facts).of(self._written.functions[self._first + index].node)
            if bound.told and not self._written.wild:
                return self._rows[index][2 * bound.can + bound.must].state
            if facts.reasons is None:
                facts.reasons = self.trees(self._exactly(facts)).reasons
            return facts.reasons[index].state

    def _under_each(self, facts: _Facts, index: int) -> dict[str, dict[str, State]]:
        with deep():
            bounds = self._bounds_on_any_choice(facts)
            gate, whole = (bounds.of(one.node) for one in self._written.functions[2 * index : 2 * index + 2])
        if gate.told and whole.told and not self._written.wild:
            ends = (Ends(one.must, one.can) for one in (gate, whole))
            return self._read_off(self._written.evaluation.diagrams, *ends)
        exact = self._exactly(facts)
        outcome = exact.outcome(*gate_and_whole(exact, self.asked[index]))
        return {
            reading: {
                option: exact.state_under(outcome, {**self._options, reading: option})
                for option in self._law.readings[reading].option_ids
            }
            for reading in outcome.depends
        }

    def _read_off(self, d: Diagrams, gate: Ends, whole: Ends) -> dict[str, dict[str, State]]:
        """What a conclusion depends on, from where it must and can apply and hold."""
        if max(*gate, *whole) <= TRUE:
            return {}
        never, out = d.negate(gate.can), d.both(d.negate(whole.can), gate.can)
        said = ((never, State.NOT_APPLICABLE), (whole.must, State.MADE_OUT), (out, State.NOT_MADE_OUT))
        levels = sorted(d.support(never) | d.support(whole.must) | d.support(out))
        readings = {level: name.reading for level in levels if isinstance(name := d.name(level), ReadingOf)}
        chosen = {level: self._option(reading) for level, reading in readings.items()}
        found: dict[str, dict[str, State]] = {}
        for level, reading in readings.items():
            found[reading] = {
                option: next(
                    (state for node, state in said if d.follow(node, {**chosen, level: value}) == TRUE), State.OPEN
                )
                for value, option in enumerate(self._law.readings[reading].option_ids)
            }
        return found

    def trees(self, evaluation: Evaluation) -> _Trees:
        """The reasons of every rule for every participant."""
        trees = _Trees()
        for slot in range(self._shape.participants):
            for rule in self._law.rules.values():
                where = act(0) if rule.scope is not Scope.RESPONDENT else ""
                root = of_rule(evaluation, rule.id, respondent(slot), where)
                trees.roots[rule.id, respondent(slot)] = trees.number(root)
        return trees


class _Trees:
    """Trees of reasons as one list of lines, each after those below it. The order is the same whatever the facts are."""

    def __init__(self) -> None:
        self.reasons: list[Reason] = []
        self.roots: dict[tuple[str, str], int] = {}
        self._below: list[tuple[int, ...]] = []
        self._numbers: dict[tuple[object, ...], int] = {}

    def number(self, reason: Reason) -> int:
        """The number of a line. INVARIANT: what the key holds decides everything below it."""
        key = (reason.kind, reason.name, reason.here, reason.anchor, reason.relieves, id(reason.node))
        found = self._numbers.get(key)
        if found is None:
            below = tuple(self.number(child) for child in reason.children)
            self.reasons.append(reason)
            self._below.append(below)
            found = self._numbers[key] = len(self._below) - 1
        return found

    def lines(self) -> list[Line]:
        return [
            Line(one.kind, one.name, one.here, one.anchor, one.quotes, one.relieves, below)
            for one, below in zip(self.reasons, self._below, strict=True)
        ]


_OPEN = 2  # of the two bits, must and can: it can, and need not

_CONCLUDED = {
    (gate, whole): State.NOT_APPLICABLE if gate < _OPEN else state
    for gate in range(4)
    for whole, state in enumerate((State.NOT_MADE_OUT, State.OPEN, State.OPEN, State.MADE_OUT))
}
