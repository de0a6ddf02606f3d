"""Which conditions and readings of a law its scenarios depend on: a condition nobody would miss is a condition nobody
has tested.

Drops every leaf in turn and changes every reading, and asks the scenarios' expectations again until one breaks. Only
what rests on the changed block is evaluated anew; all else is shared, diagrams included, so that an unchanged function
is recognised by its number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date

from wenze.law.case import Case, Expectation, FactKey
from wenze.law.decide import Diagrams, deep
from wenze.law.establish import Established
from wenze.law.evaluate import Evaluation, Outcome
from wenze.law.expect import actual, evaluation_of
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.lint.walk import LEAVES, Block, Spot, fixed, put, rests_on, spots, trees, with_tree
from wenze.law.rules import Exemption, Node, Place, Rule
from wenze.law.tree import leaves
from wenze.law.variables import Function, Here

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

    `leaves`: conditions that can be dropped; `gates`: `适用` lines that can be dropped; `readings`: readings that can
    be changed to any option; `options`: single options that come out like the one in force; `unmet`: expectations that
    fail to begin with, which therefore test nothing. `tried` counts leaves, gates and readings.
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
        dropped = [
            (spot, bench.misses(changed, spot.block))
            for spot, changed in _without_leaves(law)
            if spot.block in bench.reachable
        ]
        gates = [(gate, bench.misses(changed, Block("rule", rule))) for rule, gate, changed in _without_gates(law)]
        options = [(reading.id, option) for reading in law.readings.values() for option in reading.option_ids]
        idle_options = tuple(pair for pair in options if not bench.depends_on(*pair))
    readings = tuple(
        id_
        for id_, reading in law.readings.items()
        if all((id_, option) in idle_options for option in reading.option_ids)
    )
    return Exercise(
        tuple(Idle(str(spot.block), _said(spot), spot.node.place) for spot, used in dropped if not used),
        tuple(gate for gate, used in gates if not used),
        readings,
        tuple(pair for pair in idle_options if pair[0] not in readings and pair[1] != law.readings[pair[0]].default),
        tuple((each.case.id, one) for each in bench.desks for one in each.unmet),
        len(dropped) + len(gates) + len(law.readings),
    )


def _without_leaves(law: Law) -> Iterator[tuple[Spot, Law]]:
    """The law without each leaf in turn: the leaf gives way to what leaves its surroundings as if it were not
    written."""
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
        shown = [blocks for block, blocks in self._rests_on.items() if block.kind in {"rule", "note", "guard"}]
        self.reachable = frozenset().union(*shown)
        asked = [(self._blocks(expectation), desk, expectation) for desk in self.desks for expectation in desk.met]
        # The narrowest first: an expectation that rests on little is soonest asked again, and soonest breaks.
        self._asked = sorted(asked, key=lambda one: len(one[0]))
        self._last: tuple[Block, frozenset[Block], frozenset[int]] | None = None

    def _blocks(self, expected: Expectation) -> frozenset[Block]:
        """The blocks an expectation rests on. Which facts contradict rests on none: constraints are not dropped."""
        law = self.law
        roots: list[Block] = []
        if expected.kind in {"note", "no-note"}:
            roots.append(Block("note", expected.rule))
            roots += [Block("rule", rule) for name in law.notes[expected.rule].about for rule in law.rules_of[name]]
        elif expected.kind != "contradiction":
            rule = expected.rule if expected.rule in law.rules else expected.rule.rpartition("/")[0]
            roots.append(Block("rule", rule))
            if expected.kind == "reliance":
                about = {
                    one.id: [each for name in one.about for each in law.rules_of[name]] for one in law.guards.values()
                }
                roots += [Block("guard", guard) for guard, rules in about.items() if rule in rules]
        return frozenset().union(*(self._rests_on[root] for root in roots))

    def misses(self, changed: Law, block: Block) -> bool:
        """Whether some expectation breaks under a law that differs in one block."""
        stale, same = self._around(block)
        evaluations: dict[str, _Changed] = {}
        for blocks, desk, expectation in self._asked:
            if block not in blocks:
                continue
            if desk.case.id not in evaluations:
                evaluations[desk.case.id] = _Changed(desk, changed, stale=stale, same=same)
            if not actual(evaluations[desk.case.id], expectation).met:
                return True
        return False

    def _around(self, block: Block) -> tuple[frozenset[Block], frozenset[int]]:
        """What rests on a block, and the nodes (by id) of all that does not."""
        if self._last is None or self._last[0] != block:  # leaves come block by block: the last one is kept
            stale = frozenset(other for other, blocks in self._rests_on.items() if block in blocks)
            roots = [root for other, root in trees(self.law).items() if other not in stale]
            roots += [part for constraint in self.law.constraints for part in constraint.parts]
            self._last = block, stale, frozenset(id(node) for root in roots for node in leaves(root))
        return self._last[1], self._last[2]

    def depends_on(self, reading: str, option: str) -> bool:
        """Whether some expectation breaks when a reading is read so, where it is read otherwise."""
        for desk in self.desks:
            if desk.evaluation.options[reading] != option:
                changed = _Changed(desk, self.law, options={**desk.evaluation.options, reading: option})
                if any(not actual(changed, expectation).met for expectation in desk.met):
                    return True
        return False


class _Desk:
    """One case with its expectations that hold, and the evaluation and outcomes that changed laws share."""

    def __init__(self, law: Law, case: Case, on: date) -> None:
        self.case = case
        self.evaluation = Evaluation(law, case, evaluation_of(law, case, on).options, Formulas(Diagrams(_BUDGET)))
        found = [(expectation, actual(self.evaluation, expectation).met) for expectation in case.expectations]
        self.met = tuple(expectation for expectation, met in found if met)
        self.unmet = tuple(expectation for expectation, met in found if not met)
        self._outcomes: dict[tuple[int, int, tuple[int, ...], tuple[FactKey, ...]], Outcome] = {}

    def outcome(self, gate: Function, whole: Function) -> Outcome:
        """The outcome under the readings in force; computed once for equal expressions within equal constraints."""
        key = (gate.node, whole.node, *self.evaluation.constraints.around(gate.mentions | whole.mentions))
        if key not in self._outcomes:
            self._outcomes[key] = self.evaluation.outcome(gate, whole)
        return self._outcomes[key]


class _Changed(Evaluation):
    """A case under a changed law, or under other readings, that takes everything that stays the same from its desk.

    `stale`: the blocks that mean something else now. `same`: the nodes, by id, of all others; None when nothing is
    stale.
    """

    def __init__(
        self,
        desk: _Desk,
        law: Law,
        *,
        options: Mapping[str, str] | None = None,
        stale: frozenset[Block] = frozenset(),
        same: frozenset[int] | None = None,
    ) -> None:
        base = desk.evaluation
        super().__init__(law, base.case, options or base.options, base.formulas)
        self.constraints = base.constraints
        self._on_any_reading = base._on_any_reading
        self._desk = desk
        self._base = base
        self._stale = stale
        self._same = same

    def place_variables(self) -> None:
        """They have their places already."""

    def fact(self, key: FactKey) -> Established:
        return self._base.fact(key)

    def ground(self, node: Node, here: Here) -> Function:
        # INVARIANT: the desk keeps its law, so the id of one of its nodes is never that of a new one.
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

    def outcome(self, gate: Function, whole: Function) -> Outcome:
        found = self._desk.outcome(gate, whole)
        if found.conflict or self.options == self._base.options:
            return found
        return replace(found, state=self.state_under(found, self.options))
