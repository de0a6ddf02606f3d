"""The reasons of a conclusion: its rule as a tree whose nodes are views on the functions already computed, made when looked at.

There is no evaluation without reasons and no second evaluator: a node's state is that of its own function under the readings in force.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from wenze.law.conclude import Conclusion
from wenze.law.decide import deep
from wenze.law.establish import Established
from wenze.law.evaluate import Evaluation, State
from wenze.law.rules import Bilingual, Exemption, Mark, Node, Op, Quote
from wenze.law.variables import Function, Here


class Cited(NamedTuple):
    """Words of the official text and the anchor where they stand."""

    words: str
    anchor: str


@dataclass(frozen=True)
class Reason:
    """One node of the tree.

    `kind` is the operator of the rule language, or "rule" (a conclusion), "gate", "exception", "place" (one participant or event
    a quantifier looked at), "option" (the option of a reading in force). `name` is the fact, definition, rule, exception or reading.
    `relieves` marks exceptions, which work against what stands above them.
    """

    evaluation: Evaluation
    id: str
    kind: str
    name: str
    here: Here
    anchor: str
    function: Function
    node: Node | None = None
    quotes: tuple[Cited, ...] = ()
    relieves: bool = False

    @cached_property
    def state(self) -> State:
        return self.evaluation.settled(self.function)

    @property
    def mark(self) -> Mark | None:
        return self.node.mark if self.node else None

    @property
    def established(self) -> Established | None:
        """For a fact: its state and evidence."""
        if self.kind != Op.FACT:
            return None
        return self.evaluation.fact(self.evaluation.key(self.name, self.here))

    @property
    def title(self) -> Bilingual | None:
        """What a named node is called."""
        law = self.evaluation.law
        if self.kind in {"gate", Op.SEE}:
            return law.definitions[self.name].title
        if self.kind == "rule":
            return law.rules[self.name].title
        if self.kind == "exception":
            return law.exceptions[self.name].title
        return None

    @cached_property
    def children(self) -> tuple[Reason, ...]:
        return tuple(self._children())

    @property
    def asks_nothing(self) -> bool:
        """Whether it is a reading whose option in force asks for nothing here."""
        options = self.children if self.kind == "choose" else ()
        return any(child.kind == "true" for option in options for child in option.children)

    @property
    def negates_leaf(self) -> bool:
        """非 and a fact, which are drawn as one line: the question says what is asked, the sign what follows."""
        return self.kind == "not" and len(self.children) == 1 and self.children[0].kind == "leaf"

    def deciding(self) -> tuple[Reason, ...]:
        """The children that decide this state, those that could not change it folded away; exceptions stay when they matter."""
        same = [child for child in self.children if not child.relieves and child.state is self._wanted()]
        relief = [child for child in self.children if child.relieves and child.state is not State.NOT_MADE_OUT]
        plain = [child for child in self.children if not child.relieves]
        if self.state is State.MADE_OUT and not self._all_count() and not same:
            same = [
                child for child in plain if child.state is State.OPEN
            ]  # made out whichever way the open ones turn out
        if self.state is State.NOT_MADE_OUT and self._all_count() and not same and not relief:
            same = [child for child in plain if child.state is State.OPEN]
        return (*(same or ([] if relief else plain)), *relief)

    def _wanted(self) -> State:
        return _OPPOSITE.get(self.state, self.state) if self.kind == Op.NOT else self.state

    def _all_count(self) -> bool:
        return self.kind in {Op.ALL, Op.EVERY, "rule", "exception"}

    def _children(self) -> Iterator[Reason]:
        if self.kind == "rule":
            yield from self._of_rule()
        elif self.kind == "exception":
            yield from self._of_exception()
        elif self.kind in {"gate", Op.SEE}:
            definition = self.evaluation.law.definitions[self.name]
            yield self._of_node(definition.condition, self.here, "0", definition.anchor)
        elif self.kind in {"place", "option"} and self.node:
            yield self._of_node(self.node, self.here, "0", self.anchor)
        elif self.kind == Op.HOLDS:
            for rule in self.evaluation.law.rules_of[self.name]:
                yield of_rule(self.evaluation, rule, self.here.respondent, self.here.act, f"{self.id}/{rule}")
        elif self.node:
            yield from self._of_operator(self.node)

    def _of_rule(self) -> Iterator[Reason]:
        law, evaluation = self.evaluation.law, self.evaluation
        rule = law.rules[self.name]
        for gate in rule.gates:
            function = evaluation.ground(law.definitions[gate.name].condition, self.here)
            yield Reason(
                evaluation,
                f"{self.id}/gate-{gate.name}",
                "gate",
                gate.name,
                self.here,
                rule.anchor,
                function,
                None,
                _cited(gate.quotes, rule.anchor),
            )
        yield self._of_node(rule.condition, self.here, "0", rule.anchor)
        yield from self._of_exceptions(rule.id)

    def _of_exception(self) -> Iterator[Reason]:
        exception = self.evaluation.law.exceptions[self.name]
        yield self._of_node(exception.condition, self.here, "0", exception.anchor)
        yield from self._of_exceptions(exception.id)

    def _of_exceptions(self, overridden: str) -> Iterator[Reason]:
        for exception in self.evaluation.law.overriding.get(overridden, ()):
            function = self.evaluation.exception(exception, self.here.respondent, self.here.act)
            yield Reason(
                self.evaluation,
                f"{self.id}/{exception.id}",
                "exception",
                exception.id,
                self.here,
                exception.anchor,
                function,
                relieves=True,
            )

    def _of_node(self, node: Node, here: Here, step: str, anchor: str) -> Reason:
        function = self.evaluation.ground(node, here)
        return Reason(
            self.evaluation,
            f"{self.id}/{step}",
            str(node.op),
            node.name,
            here,
            anchor,
            function,
            node,
            _cited(node.quotes, anchor),
        )

    def _of_operator(self, node: Node) -> Iterator[Reason]:
        if node.op in {Op.SOME, Op.EVERY}:
            for there in self.evaluation.places_of(node, self.here):
                yield self._of_place(node.children[0], there)
        elif node.op in {Op.HIGHEST, Op.LAST}:
            yield self._of_place(node.children[0], self.here)
        elif node.op is Op.CHOOSE:
            option = self.evaluation.options[node.name]
            chosen = node.children[node.options.index(option)]
            function = self.evaluation.ground(chosen, self.here)
            yield Reason(
                self.evaluation, f"{self.id}/{option}", "option", option, self.here, self.anchor, function, chosen
            )
        else:
            for index, child in enumerate(node.children):
                yield self._of_node(child, self.here, str(index), self.anchor)

    def _of_place(self, node: Node, there: Here) -> Reason:
        function = self.evaluation.ground(node, there)
        entity = there.event or there.respondent
        return Reason(self.evaluation, f"{self.id}/@{entity}", "place", entity, there, self.anchor, function, node)


_OPPOSITE = {State.MADE_OUT: State.NOT_MADE_OUT, State.NOT_MADE_OUT: State.MADE_OUT}


def _cited(quotes: tuple[Quote, ...], anchor: str) -> tuple[Cited, ...]:
    return tuple(Cited(quote.words, quote.anchor or anchor) for quote in quotes)


def of_rule(evaluation: Evaluation, rule: str, respondent: str, act: str, id_: str = "") -> Reason:
    """The tree of one rule for one respondent and act."""
    with deep():
        declared = evaluation.law.rules[rule]
        _, whole = evaluation.conclusion(declared, respondent, act)
        return Reason(evaluation, id_ or rule, "rule", rule, Here(respondent, act), declared.anchor, whole)


def reasons(evaluation: Evaluation, conclusion: Conclusion) -> Reason:
    """The tree of a conclusion; for one that an exception put in a rule's place, the tree of that exception."""
    if conclusion.replaced_by:
        return of_exception(evaluation, conclusion.replaced_by, conclusion)
    return of_rule(evaluation, conclusion.rule.id, conclusion.respondent, conclusion.act)


def of_exception(evaluation: Evaluation, exception: Exemption, conclusion: Conclusion) -> Reason:
    """The tree of an exception as it reaches a conclusion."""
    with deep():
        function = evaluation.exception(exception, conclusion.respondent, conclusion.act)
        here = Here(conclusion.respondent, conclusion.act)
        return Reason(evaluation, exception.id, "exception", exception.id, here, exception.anchor, function)
