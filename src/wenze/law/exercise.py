"""Which conditions and readings of a law its scenarios depend on: a condition nobody would miss is a condition nobody has tested.

Drops every leaf in turn and changes every reading, and asks the scenarios' expectations again until one breaks. Only what rests on
the changed block is evaluated anew; all else is shared, diagrams included, so that an unchanged function is recognised by its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from wenze.law.case import Case, Expectation, FactKey
from wenze.law.instrument import Law
from wenze.law.decide import Diagrams, deep
from wenze.law.establish import Established
from wenze.law.evaluate import Evaluation, Outcome
from wenze.law.expect import actual, evaluation_of, fits, functions_of
from wenze.law.formula import Formulas
from wenze.law.rules import Exemption, Node, Place, Rule
from wenze.law.tree import leaves
from wenze.law.variables import Function, Here
from wenze.law.walk import LEAVES, Block, Spot, fixed, put, rests_on, spots, trees, with_tree

_BUDGET = 4_000_000  # diagrams of one case under every changed law together


@dataclass(frozen=True, slots=True)
class Idle:
    """A part of the law that no scenario depends on: in which block, what it says, where it is written."""

    block: str
    words: str
    place: Place


@dataclass(frozen=True, slots=True)
class Exercise:
    """What the scenarios leave untested.

    `leaves`: conditions that can be dropped; `gates`: `适用` lines that can be dropped; `readings`: readings that can be changed to
    any option; `options`: single options that come out like the one in force; `unmet`: expectations that fail to begin with, which
    therefore test nothing. `tried` counts leaves, gates and readings.
    """

    leaves: tuple[Idle, ...]
    gates: tuple[Idle, ...]
    readings: tuple[str, ...]
    options: tuple[tuple[str, str], ...]
    unmet: tuple[tuple[str, Expectation], ...]
    tried: int


def exercise(law: Law, cases: Iterable[Case], on: date) -> Exercise:
    """What no expectation of the cases depends on."""
    with deep():
        bench = _Bench(law, tuple(cases), on)
        dropped = [(spot, bench.misses(changed, spot.block)) for spot, changed in _without_leaves(law) if spot.block in bench.reachable]
        gates = [(gate, bench.misses(changed, Block("rule", rule))) for rule, gate, changed in _without_gates(law)]
        options = [(reading.id, option) for reading in law.readings.values() for option in reading.option_ids]
        idle_options = tuple(pair for pair in options if not bench.depends_on(*pair))
    readings = tuple(id_ for id_, reading in law.readings.items() if all((id_, option) in idle_options for option in reading.option_ids))
    return Exercise(
        tuple(Idle(str(spot.block), _said(spot), spot.node.place) for spot, used in dropped if not used),
        tuple(gate for gate, used in gates if not used),
        readings,
        tuple(pair for pair in idle_options if pair[0] not in readings and pair[1] != law.readings[pair[0]].default),
        tuple((each.case.id, one) for each in bench.desks for one in each.unmet),
        len(dropped) + len(gates) + len(law.readings),
    )


def _without_leaves(law: Law) -> Iterator[tuple[Spot, Law]]:
    """The law without each leaf in turn: the leaf gives way to what leaves its surroundings as if it were not written."""
    for block, root in trees(law).items():
        for spot in spots(block, root):
            if spot.node.op in LEAVES:
                yield spot, with_tree(law, block, put(root, spot.path, fixed(spot.node.place, spot.neutral)))


def _without_gates(law: Law) -> Iterator[tuple[str, Idle, Law]]:
    for rule in law.rules.values():
        for gate in rule.gates:
            others = tuple(other for other in rule.gates if other is not gate)
            changed = replace(law, rules={**law.rules, rule.id: replace(rule, gates=others)})
            yield rule.id, Idle(f"rule {rule.id}", gate.name, gate.place), changed


def _said(spot: Spot) -> str:
    quoted = "".join(f"「{quote.words}」" for quote in spot.node.quotes)
    return f"{spot.node.name} {quoted}".strip()


class _Bench:
    """All cases side by side, and which of their expectations rest on which block."""

    def __init__(self, law: Law, cases: tuple[Case, ...], on: date) -> None:
        self.law = law
        self.desks = tuple(_Desk(law, case, on) for case in cases if case.expectations)
        self._rests_on = rests_on(law)
        self.reachable = frozenset().union(*(self._rests_on[block] for block in self._rests_on if block.kind in {"rule", "note", "guard"}))
        self._stale: dict[Block, frozenset[Block]] = {block: frozenset(other for other, on_ in self._rests_on.items() if block in on_) for block in self._rests_on}
        asked = [(self._roots(expectation), desk, expectation) for desk in self.desks for expectation in desk.met]
        # The narrowest first: an expectation that rests on little is soonest asked again, and soonest breaks.
        self._asked = sorted(asked, key=lambda one: len(one[0]))

    def _roots(self, expected: Expectation) -> frozenset[Block]:
        """The blocks an expectation rests on."""
        law = self.law
        if expected.kind == "contradiction":
            roots = [Block("rule", rule) for rule in law.rules]
        elif expected.kind in {"note", "no-note"}:
            roots = [Block("note", expected.rule)]
            roots += [Block("rule", rule) for name in law.notes[expected.rule].about for rule in law.rules_of[name]]
        else:
            rule = expected.rule if expected.rule in law.rules else expected.rule.rpartition("/")[0]
            roots = [Block("rule", rule)]
            if expected.kind == "reliance":
                roots += [Block("guard", guard.id) for guard in law.guards.values() if any(rule in law.rules_of[name] for name in guard.about)]
        return frozenset().union(*(self._rests_on[root] for root in roots))

    def misses(self, changed: Law, block: Block) -> bool:
        """Whether some expectation breaks under a law that differs in one block."""
        stale = self._stale[block]
        kept: dict[str, Evaluation] = {}
        for blocks, desk, expectation in self._asked:
            if block in blocks:
                if desk.case.id not in kept:
                    kept[desk.case.id] = desk.under(changed, stale)
                if desk.breaks(expectation, kept[desk.case.id]):
                    return True
        return False

    def depends_on(self, reading: str, option: str) -> bool:
        """Whether some expectation breaks when a reading is read so, where it is read otherwise."""
        for desk in self.desks:
            options = {**desk.evaluation.options, reading: option}
            if options != desk.evaluation.options and any(desk.breaks_under(expectation, options) for expectation in desk.met):
                return True
        return False


class _Desk:
    """One case with its expectations that hold, and the evaluation that unchanged parts are shared from."""

    def __init__(self, law: Law, case: Case, on: date) -> None:
        self.case = case
        self.evaluation = Evaluation(law, case, evaluation_of(law, case, on).options, Formulas(Diagrams(_BUDGET)))
        found = [(expectation, actual(self.evaluation, expectation).met) for expectation in case.expectations]
        self.met = tuple(expectation for expectation, met in found if met)
        self.unmet = tuple(expectation for expectation, met in found if not met)
        self._outcomes: dict[Expectation, Outcome] = {}
        self._same: dict[frozenset[Block], frozenset[int]] = {}

    def under(self, changed: Law, stale: frozenset[Block]) -> Evaluation:
        """The evaluation under a changed law, sharing every block but the stale ones."""
        if stale not in self._same:  # leaves come block by block, so the last one is enough
            law = self.evaluation.law
            roots = [root for block, root in trees(law).items() if block not in stale]
            roots += [part for constraint in law.constraints for part in constraint.parts]
            self._same = {stale: frozenset(id(node) for root in roots for node in leaves(root))}
        return _Changed(self.evaluation, changed, self.evaluation.options, self._same[stale], stale)

    def breaks(self, expected: Expectation, changed: Evaluation) -> bool:
        """Whether an expectation that holds fails in a changed evaluation."""
        if expected.kind == "state" and self._unchanged(expected, changed):
            return False
        return not actual(changed, expected).met

    def _unchanged(self, expected: Expectation, changed: Evaluation) -> bool:
        """Equal diagrams mean an equal outcome, unless facts spoken of only before, or only now, contradict."""
        before, after = (functions_of(each, expected.rule, expected.respondent, expected.act) for each in (self.evaluation, changed))
        if before is None or after is None or [one.node for one in before] != [one.node for one in after]:
            return False
        conflicts = [changed.constraints.around(gate.mentions | whole.mentions)[1] for gate, whole in (before, after)]
        return conflicts[0] == conflicts[1]

    def breaks_under(self, expected: Expectation, options: Mapping[str, str]) -> bool:
        """Whether an expectation that holds fails under other readings."""
        if expected.kind == "contradiction":
            return False  # which facts contradict is no matter of readings
        if expected.kind != "state":
            return not actual(_Changed(self.evaluation, self.evaluation.law, options, None, frozenset()), expected).met
        if expected not in self._outcomes:
            functions = functions_of(self.evaluation, expected.rule, expected.respondent, expected.act)
            if functions is None:
                raise AssertionError(f"{expected.rule}: an expectation of nothing was met")
            self._outcomes[expected] = self.evaluation.outcome(*functions)
        outcome = self._outcomes[expected]
        return not fits(expected, self.evaluation.state_under(outcome, options), outcome.depends)


class _Changed(Evaluation):
    """An evaluation of a changed law, or under other readings, that asks `base` for everything that stays the same."""

    def __init__(self, base: Evaluation, law: Law, options: Mapping[str, str], same: frozenset[int] | None, stale: frozenset[Block]) -> None:
        super().__init__(law, base.case, options, base.formulas)
        self.constraints = base.constraints  # no leaf of a constraint is ever dropped
        self._base = base
        self._same = same  # the nodes of `base.law` that mean what they meant; None for all
        self._stale = stale

    def fact(self, key: FactKey) -> Established:
        return self._base.fact(key)

    def ground(self, node: Node, here: Here) -> Function:
        # INVARIANT: `base.law` is kept alive, so the id of one of its nodes is never that of a new one.
        if self._same is None or id(node) in self._same:
            return self._base.ground(node, here)
        return super().ground(node, here)

    def conclusion(self, rule: Rule, respondent: str, act: str) -> tuple[Function, Function]:
        if Block("rule", rule.id) in self._stale:
            return super().conclusion(rule, respondent, act)
        return self._base.conclusion(rule, respondent, act)

    def exception(self, exception: Exemption, respondent: str, act: str) -> Function:
        if Block("exception", exception.id) in self._stale:
            return super().exception(exception, respondent, act)
        return self._base.exception(exception, respondent, act)
