"""A case seen as acts with given states, and what the emitted code says of them, held against the evaluation of the case itself."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator, Mapping

from wenze.law.case import FactKey
from wenze.law.conclude import Conclusion
from wenze.law.determine import Determination
from wenze.law.emit import Program, Said, emit
from wenze.law.establish import Status
from wenze.law.evaluate import State
from wenze.law.instrument import Law
from wenze.law.planes import compiled
from wenze.law.rules import Scope
from wenze.law.shape import Shape, act, event, respondent
from wenze.law.variables import Above

SIZE = len(Said._fields)


class OneAct:
    """One act of a case: its participants and events by number, and the inputs of the code of its shape."""

    def __init__(self, determination: Determination, name: str) -> None:
        self.case = determination.case
        self.name = name
        self.evaluation = determination.evaluation
        self.participants = [one for one, other in self.case.participations if other == name]
        self.events = list(self.case.acts[name].events)
        self.shape = Shape(len(self.participants), len(self.events))

    def inputs(self, code_inputs: tuple[Hashable, ...]) -> dict[Hashable, int]:
        found: dict[Hashable, int] = {}
        for named in code_inputs:
            name, value = named  # type: ignore[misc]  # inputs of a program are pairs
            status = self.status(name)
            found[named] = int(status is (Status.PROVEN if value else Status.DISPROVEN))
        return found

    def status(self, name: FactKey | Above) -> Status:
        people = {respondent(number): one for number, one in enumerate(self.participants)}
        if isinstance(name, Above):
            function = self.evaluation.above(Above(name.by, self.name, people[name.first], people[name.second]))
            return {0: Status.DISPROVEN, 1: Status.PROVEN}.get(function.node, Status.OPEN)
        entities = people | {event(number): one for number, one in enumerate(self.events)} | {act(0): self.name}
        return self.evaluation.fact(FactKey(name.name, tuple(entities[one] for one in name.entities))).status


_MADE: dict[tuple[str, Shape, tuple[tuple[str, str], ...]], tuple[Program, Callable[..., tuple[int, ...]]]] = {}


def program(law: Law, shape: Shape, options: Mapping[str, str]) -> tuple[Program, Callable[..., tuple[int, ...]]]:
    """The program of a shape and its code as a function; made once."""
    key = (law.rules_digest, shape, tuple(sorted(options.items())))
    if key not in _MADE:
        made = emit(law, shape, options)
        _MADE[key] = made, compiled(made.code)
    return _MADE[key]


def compared(determination: Determination) -> Iterator[tuple[str, str, str, Said, Conclusion]]:
    """(target, respondent, act, what the code says, what the determination says) for every conclusion of every act."""
    conclusions: Mapping[tuple[str, str, str], Conclusion] = {
        (named(one), one.respondent, one.act): one for one in determination.all()
    }
    for name in determination.case.acts:
        one = OneAct(determination, name)
        if not one.participants:
            continue
        made, function = program(determination.law, one.shape, determination.evaluation.options)
        inputs = one.inputs(made.code.inputs)
        outputs = function([inputs[name] for name in made.code.inputs], 1)
        for index, asked in enumerate(made.asked):
            target, who = asked.target, one.participants[asked.slot]
            of_act = name if target.rule is None or target.rule.scope is not Scope.RESPONDENT else ""
            said = Said(*outputs[SIZE * index : SIZE * index + SIZE])
            if (target.name, who, of_act) in conclusions:
                yield target.name, who, of_act, said, conclusions[target.name, who, of_act]


def named(conclusion: Conclusion) -> str:
    return f"{conclusion.rule.id}/{conclusion.replaced_by.id}" if conclusion.replaced_by else conclusion.rule.id


def state(said: Said) -> State:
    found = [
        state
        for state, plane in (
            (State.CONTRADICTORY, said.clash),
            (State.NOT_APPLICABLE, said.never),
            (State.MADE_OUT, said.made),
            (State.NOT_MADE_OUT, said.out),
        )
        if plane
    ]
    assert len(found) <= 1, found
    return found[0] if found else State.OPEN
