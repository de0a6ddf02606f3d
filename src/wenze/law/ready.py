"""One act at a time, answered at once: the states of all its conclusions, and of every line of their reasons, from code made beforehand.

For whoever asks about one shape again and again, such as a form that shows what follows while facts come in. What is made beforehand is
the code of `emit`, and the trees of `reasons` without their states. Answers are those of the evaluation of the single case, which is
asked wherever the code is in doubt. Knows which facts are proven and which disproven, not why: evidence belongs to a case.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from itertools import product
from typing import NamedTuple, cast

from wenze.law.case import FactKey
from wenze.law.decide import deep
from wenze.law.emit import Asked, Emitter, emit_states
from wenze.law.establish import Status
from wenze.law.evaluate import Evaluation, State
from wenze.law.instrument import Law
from wenze.law.planes import Code, compiled
from wenze.law.reasons import Cited, Reason, of_rule
from wenze.law.rules import Scope
from wenze.law.shape import Given, Layout, Shape, act, grounded, respondent
from wenze.law.variables import Here

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


class Answer:
    """What follows from some facts: `states`, in the order of `Ready.asked`. Reasons are told when they are looked at."""

    __slots__ = ("_known", "_ready", "states")

    def __init__(self, ready: Ready, known: Known) -> None:
        self._ready = ready
        self._known = known
        self.states = ready.states(known)

    def reasons(self) -> list[Told]:
        """Every line with its state; `Ready.roots` says which is the root of which rule. Lines that trees share are there once."""
        return self._ready.told(self._known)


class Ready:
    """A shape of act under the options of the readings in force, ready to answer.

    `asked`: what the states are of. `roots`: (rule, respondent) → the number of the line its reasons begin with. Respondents are called
    P1, P2 …, the act A1, its events V1, V2 …, as in `Given`.
    """

    def __init__(self, law: Law, shape: Shape, options: Mapping[str, str]) -> None:
        self._law, self._shape, self._options = law, shape, options
        program = emit_states(law, shape, options)
        self.asked: tuple[Asked, ...] = program.asked
        self._conclusions = _Runner(program.code)
        with deep():
            emitter = Emitter(law, shape, options)
            trees = self._trees(emitter.evaluation)
            self._lines = trees.lines()
            self._conditions = _Runner(emitter.conditions([reason.function for reason in trees.reasons]))
        self.roots = trees.roots

    def answer(self, known: Known) -> Answer:
        """What follows from the facts known."""
        return Answer(self, known)

    def states(self, known: Known) -> tuple[State, ...]:
        """The states of what is asked."""
        out = self._conclusions.run(known)
        found = list(
            map(_CONCLUDED.__getitem__, zip(out[0::8], out[1::8], out[2::8], out[3::8], out[6::8], strict=True))
        )
        if None not in found:
            return cast("tuple[State, ...]", tuple(found))  # checked in the line above
        exact = self._exactly(known)
        return tuple(
            self._outcome(exact, asked) if state is None else state
            for state, asked in zip(found, self.asked, strict=True)
        )

    def told(self, known: Known) -> list[Told]:
        """Every line of the reasons with its state."""
        out = self._conditions.run(known)
        states = list(map(_SETTLED.__getitem__, zip(out[0::4], out[1::4], out[2::4], out[3::4], strict=True)))
        if None in states:
            with deep():
                exact = self._trees(self._exactly(known)).reasons
                states = [one.state if state is None else state for state, one in zip(states, exact, strict=True)]
        return list(map(Told._make, zip(self._lines, states, strict=True)))

    def _exactly(self, known: Known) -> Evaluation:
        """The evaluation of the single case, which is never in doubt."""
        states = {key: Status.PROVEN if holds else Status.DISPROVEN for key, holds in known.items()}
        return Given(self._law, Layout.of(self._shape), self._options, states)

    def _outcome(self, evaluation: Evaluation, asked: Asked) -> State:
        rule = asked.target.rule
        of_act = rule is None or rule.scope is not Scope.RESPONDENT
        functions = grounded(evaluation, asked.target, respondent(asked.slot), act(0) if of_act else "")
        return evaluation.outcome(*functions).state

    def _trees(self, evaluation: Evaluation) -> _Trees:
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


class _Runner:
    """Code run on one case: every plane is 0 or 1."""

    def __init__(self, code: Code) -> None:
        self._code = compiled(code)
        self._width = len(code.inputs)
        self._places: tuple[dict[object, int], dict[object, int]] = ({}, {})
        for place, named in enumerate(code.inputs):
            name, value = cast("tuple[Hashable, int]", named)  # the inputs of `emit` are such pairs
            self._places[value][name] = place

    def run(self, known: Known) -> tuple[int, ...]:
        planes = [0] * self._width
        disproven, proven = self._places
        for key, holds in known.items():
            place = (proven if holds else disproven).get(key)
            if place is not None:
                planes[place] = 1
        return self._code(planes, 1)


def _table(
    size: int, states: Sequence[tuple[int, State | None]], otherwise: State
) -> dict[tuple[int, ...], State | None]:
    """What planes say together: the state of the first of `states` whose plane holds."""
    return {
        planes: next((state for plane, state in states if planes[plane]), otherwise)
        for planes in product((0, 1), repeat=size)
    }


_CONCLUDED = _table(
    5,
    [(3, State.CONTRADICTORY), (4, None), (0, State.NOT_APPLICABLE), (1, State.MADE_OUT), (2, State.NOT_MADE_OUT)],
    State.OPEN,
)
_SETTLED = _table(4, [(2, State.CONTRADICTORY), (3, None), (0, State.MADE_OUT), (1, State.NOT_MADE_OUT)], State.OPEN)
