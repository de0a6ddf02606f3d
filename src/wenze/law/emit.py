"""Law and shape → code on planes: every conclusion for every participant of an act, for as many acts at once as a plane has bits.

The one emitter. It grounds each conclusion on the shape with the evaluation of the single case and writes down what that says; of the
law it knows nothing that the evaluation does not. Results are those of `Outcome`, case by case; where the code cannot be sure it says so.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from wenze.law.case import FactKey
from wenze.law.clauses import Clause, TooManyClauses, implicates
from wenze.law.decide import TRUE, deep
from wenze.law.instrument import Law
from wenze.law.planes import ALWAYS, NEVER, Code, Planes
from wenze.law.rules import Scope
from wenze.law.settle import Clauses, Settler, filled_in
from wenze.law.shape import Given, Layout, Shape, Target, act, grounded, respondent, targets
from wenze.law.spread import Spreader
from wenze.law.variables import Function


class Said(NamedTuple):
    """What is said of one conclusion, a plane each. Nowhere of the first four: open.

    `never` not applicable, `made` made out, `out` not made out, `clash` the facts contradict, `gate` not made out whatever the gate is,
    `robust` depends on no reading; `doubt` the state, `unsure` the robustness is not decided here: the evaluation of the single case knows.
    """

    never: int
    made: int
    out: int
    clash: int
    gate: int
    robust: int
    doubt: int
    unsure: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A target asked of one participant (from 0). `favours`: fact → the value that favours it, None where it occurs both ways.

    What is said of the options in force goes before what is said of others.
    """

    target: Target
    slot: int
    favours: Mapping[Hashable, int | None]


@dataclass(frozen=True, slots=True)
class Program:
    """The code of one shape under some options. `asked`: in the order of the outputs, which are those of `Said` for each.

    Its inputs are each an `Input`.
    """

    shape: Shape
    code: Code
    asked: tuple[Asked, ...]
    clauses: tuple[Clause, ...]  # what the constraints say

    def filling(self, index: int, favoured: int, other: int) -> Mapping[Hashable, int]:
        """A value for everything that a target speaks of, as far as the constraints allow the one that favours an answer.

        What occurs both ways gets the value `other`.
        """
        favours = self.asked[index].favours
        wanted = {name: other if sign is None else favoured if sign else 1 - favoured for name, sign in favours.items()}
        bound = {name for clause in self.clauses for name, _ in clause}
        values = {name: value for name, value in wanted.items() if name not in bound}
        rest: Clauses | None = frozenset(self.clauses)
        for name in sorted(wanted.keys() & bound, key=str):
            for value in (wanted[name], 1 - wanted[name]):
                if name not in values and rest is not None:
                    filled, left = filled_in(rest, name, value)
                    if left is not None:
                        values |= filled
                        rest = left
        return values

    def said(self, index: int) -> Said:
        """The planes of what is asked at `index`."""
        size = len(Said._fields)
        return Said(*self.code.outputs[size * index : size * index + size])


def emit(law: Law, shape: Shape, options: Mapping[str, str]) -> Program:
    """The program of a shape under the options of the readings in force."""
    with deep():
        return Emitter(law, shape, options).program(targets(law))


def emit_states(law: Law, shape: Shape, options: Mapping[str, str]) -> Program:
    """The program without robustness, which nobody asks of options that are not in force; `robust` and `unsure` are never."""
    with deep():
        return Plain(law, shape, options).program(targets(law))


class Emitter:
    """One shape under some options. Everything is grounded when asked and kept."""

    def __init__(self, law: Law, shape: Shape, options: Mapping[str, str]) -> None:
        self.shape = shape
        self.evaluation = Given(law, Layout.of(shape), options)
        self.formulas = self.evaluation.expressions
        self.planes = Planes()
        self._implicates: dict[int, Clauses] = {}
        self._wild: set[object] = set()  # variables whose constraints have no short form
        self._groups: dict[FactKey, tuple[int, ...]] = {}

    def program(self, wanted: tuple[Target, ...]) -> Program:
        places = [(target, slot) for target in wanted for slot in range(self.shape.participants)]
        functions = [self.grounded(target, slot) for target, slot in places]
        settler = self.settler(functions)
        spreader = Spreader(self.formulas, self.planes, settler)
        outputs = [plane for gate, whole in functions for plane in self._said(gate, whole, settler, spreader)]
        asked = tuple(
            Asked(target, slot, self._favours(whole, settler))
            for (target, slot), (_, whole) in zip(places, functions, strict=True)
        )
        return Program(self.shape, self.planes.code(outputs), asked, tuple(settler.clauses))

    def conditions(self, functions: Sequence[Function]) -> Code:
        """The code for conditions of `evaluation`: for each where it must hold, where it cannot, where the facts contradict, and the doubt."""
        p, nothing = self.planes, Function(TRUE, frozenset())
        settler = self.settler([(nothing, one) for one in functions])
        outputs: list[int] = []
        for one in functions:
            if self._wild & one.mentions:
                outputs += (NEVER, NEVER, NEVER, ALWAYS)
                continue
            holds = settler.settle(self.evaluation.choose(one.node))
            clash = p.any(settler.violated(self._clauses(group)) for group in self._around(nothing, one))
            outputs += (holds.true, holds.false, clash, p.without(holds.doubt, clash))
        return p.code(outputs)

    def _favours(self, whole: Function, settler: Settler) -> Mapping[Hashable, int | None]:
        in_force = settler.signs(settler.condensed(self.evaluation.choose(whole.node)))
        signs = {**settler.signs(settler.condensed(whole.node)), **in_force}
        return {name: next(iter(how)) if len(how) == 1 else None for name, how in signs.items()}

    def settler(self, functions: Iterable[tuple[Function, Function]]) -> Settler:
        """What settles conditions under the constraints that bear on some functions."""
        clauses = {clause for pair in functions for group in self._around(*pair) for clause in self._clauses(group)}
        return Settler(self.formulas, self.planes, frozenset(clauses))

    def grounded(self, target: Target, slot: int) -> tuple[Function, Function]:
        """The gate and the whole of a target for one participant."""
        of_act = target.rule is None or target.rule.scope is not Scope.RESPONDENT
        return grounded(self.evaluation, target, respondent(slot), act(0) if of_act else "")

    def _around(self, gate: Function, whole: Function) -> tuple[int, ...]:
        """The constraints a conclusion is subject to, in groups that share no variable."""
        found: dict[int, None] = {}
        for key in sorted(name for name in gate.mentions | whole.mentions if isinstance(name, FactKey)):
            if key not in self._groups:
                self._groups[key], _ = self.evaluation.constraints.around(frozenset((key,)))
            found.update(dict.fromkeys(self._groups[key]))
        return tuple(found)

    def _clauses(self, group: int) -> Clauses:
        if group not in self._implicates:
            try:
                self._implicates[group] = implicates(self.formulas, group)
            except TooManyClauses:
                self._wild.update(self.formulas.names(group))
                self._implicates[group] = frozenset()
        return self._implicates[group]

    def _said(self, gate: Function, whole: Function, settler: Settler, spreader: Spreader) -> Said:
        p = self.planes
        if self._wild & (gate.mentions | whole.mentions):
            return Said(NEVER, NEVER, NEVER, NEVER, NEVER, NEVER, ALWAYS, ALWAYS)
        applies, holds = (settler.settle(self.evaluation.choose(one.node)) for one in (gate, whole))
        clash = p.any(settler.violated(self._clauses(group)) for group in self._around(gate, whole))
        never, made = p.without(applies.false, clash), p.without(holds.true, clash)
        out = p.without(p.without(holds.false, never), clash)
        doubt = p.without(p.either(applies.doubt, holds.doubt), clash)
        robust, unsure = self._robust(gate.node, whole.node, clash, spreader)
        return Said(never, made, out, clash, p.without(out, applies.true), robust, doubt, unsure)

    def _robust(self, gate: int, whole: int, clash: int, spreader: Spreader) -> tuple[int, int]:
        """Where a conclusion depends on no reading: each state is had under every choice of options or under none; and the doubt."""
        p = self.planes
        applies, holds = spreader.spread(gate), spreader.spread(whole)
        changes = p.either(p.without(holds.some_true, holds.all_true), p.without(holds.some_false, holds.all_false))
        robust = p.any((clash, applies.all_false, p.without(ALWAYS, p.either(changes, applies.some_false))))
        return robust, NEVER if applies.exact and holds.exact else p.without(ALWAYS, robust)


class Plain(Emitter):
    """An emitter that does not ask about other options."""

    def _robust(self, gate: int, whole: int, clash: int, spreader: Spreader) -> tuple[int, int]:
        return NEVER, NEVER
