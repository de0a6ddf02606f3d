"""One act seen from outside: how many take part and how many events follow, with the states of its facts given and not derived.

Many cases differ only in the states of their facts. What the law says of a shape is grounded once, by the same evaluation that
determines a single case; `Given` is that evaluation. Knows what the conclusions of a law are called in a table.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from wenze.law.case import Act, Case, Event, FactKey, Participation, Post
from wenze.law.constrain import facts_of
from wenze.law.decide import TRUE
from wenze.law.establish import Established, Status, establish
from wenze.law.evaluate import Evaluation, Outcome
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.rules import ENTITIES, Bilingual, Exemption, Guard, Place, Rule, Scope
from wenze.law.variables import Function, Here

_NOWHERE = Place("-", 1)


class Shape(NamedTuple):
    """An act with so many participants and events."""

    participants: int
    events: int


class Layout(NamedTuple):
    """The entities of a case by number, counted from 0: who takes part in each act, and which events follow it."""

    participants: tuple[tuple[int, ...], ...]
    events: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, shape: Shape) -> Layout:
        return cls((tuple(range(shape.participants)),), (tuple(range(shape.events)),))


def respondent(number: int) -> str:
    return f"P{number + 1}"


def act(number: int) -> str:
    return f"A{number + 1}"


def event(number: int) -> str:
    return f"V{number + 1}"


def entity(letter: str, number: int) -> str:
    """What the respondent R, act A or event E of that number is called in a skeleton."""
    return {"R": respondent, "A": act, "E": event}[letter](number)


def instance(law: Law, name: str, entities: Mapping[str, str]) -> FactKey:
    """The instance of a fact for the entities at hand: R a respondent, A an act, E an event."""
    letters = ENTITIES[law.facts[name].scope]
    return FactKey(name, tuple(entities[letter] for letter in "RAE" if letter in letters))


def fact_states(law: Law, case: Case, names: Iterable[str], entities: Mapping[str, str]) -> dict[str, bool | None]:
    """Fact → True where it is proven, False where it is disproven, None where it is not established."""
    said = {Status.PROVEN: True, Status.DISPROVEN: False, Status.OPEN: None}
    return {name: said[establish(law, case, instance(law, name, entities)).status] for name in names}


def skeleton(law: Law, layout: Layout) -> Case:
    """A case of that layout of which nothing else is recorded."""
    people = sorted({number for row in layout.participants for number in row})
    events = sorted({number for row in layout.events for number in row})
    return Case(
        "-",
        Bilingual("", ""),
        law.id,
        _NOWHERE,
        posts={respondent(number): Post(respondent(number), "", _NOWHERE) for number in people},
        acts={
            act(number): Act(act(number), "", _NOWHERE, events=tuple(event(one) for one in row))
            for number, row in enumerate(layout.events)
        },
        participations={
            (respondent(one), act(number)): Participation(respondent(one), act(number), _NOWHERE)
            for number, row in enumerate(layout.participants)
            for one in row
        },
        events={event(number): Event(event(number), "", _NOWHERE) for number in events},
    )


class Given(Evaluation):
    """The evaluation of a skeleton whose facts have the given states; what is not given is not established.

    `positions`: by ("rank" or "order", act or "", respondent), as `Evaluation.position` has them; what is missing is not recorded.
    """

    def __init__(
        self,
        law: Law,
        layout: Layout,
        options: Mapping[str, str],
        states: Mapping[FactKey, Status] | None = None,
        positions: Mapping[tuple[str, str, str], tuple[int, ...]] | None = None,
    ) -> None:
        self._states = states or {}
        self._positions = positions or {}
        self.expressions = Formulas()
        super().__init__(law, skeleton(law, layout), options, self.expressions)

    @property
    def given(self) -> tuple[Mapping[FactKey, Status], Mapping[tuple[str, str, str], tuple[int, ...]]]:
        """The states and positions that were given."""
        return self._states, self._positions

    def fact(self, key: FactKey) -> Established:
        return Established(key, self._states.get(key, Status.OPEN))

    def said_of(self, target: Target, who: int, number: int) -> Outcome:
        """The outcome of a target for a respondent in an act, both by number."""
        of_act = target.rule is None or target.rule.scope is not Scope.RESPONDENT
        return self.outcome(*grounded(self, target, respondent(who), act(number) if of_act else ""))

    def position(self, by: str, act: str, respondent: str) -> tuple[int, ...] | None:
        return self._positions.get((by, act if by == "order" else "", respondent))


@dataclass(frozen=True, slots=True)
class Target:
    """Something a table has a column for: a rule's conclusion, the kind an exception puts in its place, or a guard.

    `name`: "6.7", "10.3/10.3-代替", "K6-一般条款". `role`: that of the rule, or "guard".
    """

    name: str
    role: str
    rule: Rule | None = None
    replaced_by: Exemption | None = None
    guard: Guard | None = None

    @property
    def title(self) -> Bilingual:
        said = self.guard or self.replaced_by or self.rule
        return said.title if said else Bilingual(self.name, self.name)


def targets(law: Law) -> tuple[Target, ...]:
    """Everything a table has a column for, in the order of the text; guards last."""
    return tuple(_targets(law))


def _targets(law: Law) -> Iterator[Target]:
    for rule in law.rules.values():
        role = law.role_of(rule)
        yield Target(rule.id, role, rule)
        for exception in law.overriding.get(rule.id, ()):
            if exception.replaced_by:
                yield Target(f"{rule.id}/{exception.id}", role, rule, exception)
    for guard in law.guards.values():
        yield Target(guard.id, "guard", guard=guard)


def grounded(evaluation: Evaluation, target: Target, respondent: str, act: str) -> tuple[Function, Function]:
    """The gate of a target and the target itself, for one respondent and act."""
    if target.guard:
        return Function(TRUE, frozenset()), evaluation.ground(target.guard.condition, Here(respondent, act))
    if target.rule is None:
        raise AssertionError(f"{target.name}: neither a rule nor a guard")
    gate, whole = evaluation.conclusion(target.rule, respondent, act)
    if target.replaced_by:
        whole = evaluation.replaced(target.rule, target.replaced_by, respondent, act)
    return gate, whole


def of_pairs(target: Target) -> bool:
    """Whether a target is asked of the pairs to evaluate only; responsibility is asked of every participant."""
    return target.role != "responsibility"


def entangled(law: Law, layout: Layout) -> bool:
    """Whether a constraint can carry what is known of one act of a case over to another: then no act stands alone."""
    if len(layout.participants) < 2:
        return False
    shared = {Scope.CASE}
    if _repeats(layout.participants):
        shared.add(Scope.RESPONDENT)
    if _repeats(layout.events):
        shared.add(Scope.EVENT)
    return any(shared & scopes for scopes in carrying(law))


def reaches_outside(law: Law) -> bool:
    """Whether a constraint connects an act with respondents or events that have no part in it, through nothing but the case."""
    return any(Scope.CASE in scopes or {Scope.RESPONDENT, Scope.EVENT} <= scopes for scopes in carrying(law))


def carrying(law: Law) -> tuple[frozenset[Scope], ...]:
    """The scopes of each group of facts that constraints connect, where there is more than one."""
    groups: list[set[str]] = []
    for constraint in law.constraints:
        names = set(facts_of(constraint))
        for group in [group for group in groups if group & names]:
            groups.remove(group)
            names |= group
        groups.append(names)
    scopes = [frozenset(law.facts[name].scope for name in group) for group in groups]
    return tuple(found for found in scopes if len(found) > 1)


def _repeats(rows: tuple[tuple[int, ...], ...]) -> bool:
    every = [number for row in rows for number in set(row)]
    return len(every) > len(set(every))
