"""Conditions of one shape of act as code of `lanes`, with what is needed to run it: inputs, constraints, where it can be in doubt.

Grounds nothing by itself: the functions are those of the evaluation of the shape, of which nothing is known.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from functools import cached_property
from itertools import combinations
from typing import NamedTuple

from wenze.law.bounds import Group
from wenze.law.case import FactKey
from wenze.law.decide import FALSE
from wenze.law.lanes import Binding, Entries, Lanes, Needed, binding
from wenze.law.planes import Code, Planes
from wenze.law.rules import Scope
from wenze.law.shape import Given, Target, act, grounded, respondent
from wenze.law.variables import Above, Function, ReadingOf


class Asking(NamedTuple):
    """A target asked of one participant (from 0)."""

    target: Target
    slot: int


class Written:
    """The code of some functions. `unsure`: those of which it may not tell all; `places`: expression → the number of its plane.

    `otherwise` gives another form of the function at a place, written instead if the code may not tell all of it as it is.
    """

    def __init__(
        self, evaluation: Given, functions: Sequence[Function], otherwise: Callable[[int], int] | None = None
    ) -> None:
        self.evaluation, self.functions = evaluation, functions
        formulas, planes = evaluation.expressions, Planes()
        named = dict.fromkeys(name for function in functions for name in formulas.names(function.node))
        self._named = [name for name in named if isinstance(name, Above)]
        nodes = {node for name in named if (node := self._constraint(name)) is not None}
        self.bindings = {node: binding(formulas, node) for node in sorted(nodes)}
        groups = [(node, one.group) for node, one in self.bindings.items()]
        self.readings = self._readings()
        lanes = Lanes(formulas, planes, self._bind)
        together = (name for _, group in groups for name in formulas.named(group.mask))
        lanes.declare(dict.fromkeys((*(one for one in named if one not in self.readings), *together)), self.readings)
        self.wires = wires = [lanes.of(function.node) for function in functions]
        for place, wire in enumerate(wires):
            if otherwise and not wire.told:
                other = lanes.of(otherwise(place))
                wires[place] = other if other.told else wire
        whole = planes.code([wire.plane for wire in (*wires, *lanes.wires.values())])
        self.places = dict(zip(lanes.wires, whole.outputs[len(wires) :], strict=True))
        self.code = Code(whole.inputs, whole.steps, whole.outputs[: len(wires)])
        self.unsure = [place for place, wire in enumerate(wires) if not wire.told]
        self.wild = {node for node, group in groups if group.ways is None}  # the code does not see them violated
        self.broken = {FALSE} if evaluation.constraints.conflicts() else set[int]()  # whatever the facts are
        self.entries = Entries(formulas, self.code, groups, self.readings)

    def _readings(self) -> dict[Hashable, int]:
        """Reading → how many options it has, in the order of the evaluation."""
        law, level = self.evaluation.law, self.evaluation.diagrams.variable
        arity: dict[Hashable, int] = {ReadingOf(one.id): len(one.option_ids) for one in law.readings.values()}
        return dict(sorted(arity.items(), key=lambda one: level(*one)))

    def chosen(self, choice: Needed, options: Mapping[str, str]) -> bool:
        """Whether an input of a choice is the option taken."""
        if not isinstance(choice.name, ReadingOf):
            raise AssertionError(f"{choice!r} is no choice")
        reading = choice.name.reading
        return self.evaluation.law.readings[reading].option_ids[choice.value] == options[reading]

    def _constraint(self, name: Hashable) -> int | None:
        """The expression of the constraint that binds a variable."""
        if not isinstance(name, FactKey):
            return None
        formulas = self.evaluation.expressions
        nodes, _ = self.evaluation.constraints.around(frozenset((name,)))
        return next((node for node in nodes if formulas.mask(node) & formulas.bit(name)), None)

    def _bind(self, name: Hashable) -> Binding | None:
        if isinstance(name, Above):
            return self._order
        node = self._constraint(name)
        return None if node is None else self.bindings[node]

    @cached_property
    def _order(self) -> Binding:
        """Who stands above whom: too many ways to list. Everybody may stand above one respondent, or nobody, but not some and others not:
        that hangs on where these stand among themselves; and who stands above one may not stand above another."""
        bit = self.evaluation.expressions.bit
        clauses = []
        for one, other in combinations(self._named, 2):
            left, right = bit(one), bit(other)
            clauses += [(left, right), (right, left)]
            if (one.by, one.act, one.second) != (other.by, other.act, other.second):
                clauses += [(left | right, 0), (0, left | right)]
        return Binding(Group(sum(map(bit, self._named)), None), tuple(clauses))

    @cached_property
    def bearing(self) -> list[frozenset[int]]:
        """The constraints that bear on each function."""
        return [frozenset(self.evaluation.constraints.around(one.mentions)[0]) for one in self.functions]


def gate_and_whole(evaluation: Given, asking: Asking) -> tuple[Function, Function]:
    """The gate of what is asked and the whole."""
    rule = asking.target.rule
    of_act = rule is None or rule.scope is not Scope.RESPONDENT
    return grounded(evaluation, asking.target, respondent(asking.slot), act(0) if of_act else "")
