"""Conditions written out over every completion: one column of the truth table for each node of a parsed condition.

Knows the operators of the language; what names, facts and positions mean it asks the oracle.
"""

from __future__ import annotations

from collections.abc import Hashable
from itertools import combinations
from typing import TYPE_CHECKING

from exact.unknown import Here, Option, Ranking, Stands, Unlisted
from exact.worlds import Worlds, all_of, any_of
from wenze.law.case import FactKey
from wenze.law.rules import Constraint, Exemption, Node, Op

if TYPE_CHECKING:
    from exact.oracle import Oracle


class View:
    """Conditions as columns over some worlds; over no worlds it lists what they mention and what of it is unknown."""

    def __init__(self, oracle: Oracle, worlds: Worlds, *, all_of_it: bool = False) -> None:
        self.oracle = oracle
        self.worlds = worlds
        self.all_of_it = all_of_it  # whatever is written counts, even where an established fact decides
        self.mentioned: set[FactKey] = set()
        self.unknowns: dict[Hashable, int] = {}
        self._columns: dict[tuple[int, Here], int] = {}

    def _where(self, unknown: Hashable, values: int, value: int) -> int:
        self.unknowns[unknown] = values
        return self.worlds.where(unknown, value) if unknown in self.worlds.unknowns else 0

    def fact(self, key: FactKey) -> int:
        self.mentioned.add(key)
        known = self.oracle.known(key)
        if known is None:
            return self._where(key, 2, 1)
        return self.worlds.all if known else 0

    def no(self, column: int) -> int:
        return self.worlds.all & ~column

    def column(self, node: Node, here: Here) -> int:
        """The completions in which a condition holds."""
        found = self._columns.get((id(node), here))
        if found is None:
            found = self._columns[id(node), here] = self._column(node, here)
        return found

    def _column(self, node: Node, here: Here) -> int:
        oracle, everything = self.oracle, self.worlds.all
        certain = oracle.certain.of(node, here) if oracle.lean and not self.all_of_it else None
        if certain is not None and node.op is not Op.FACT:
            return everything if certain else 0
        if node.op is Op.FACT:
            return self.fact(oracle.key(node.name, here))
        if node.op in {Op.TRUE, Op.FALSE}:
            return everything if node.op is Op.TRUE else 0
        if node.op is Op.SEE:
            return self.column(oracle.definitions[node.name].condition, here)
        if node.op is Op.HOLDS:
            return any_of([self.rule(rule.id, here.respondent, here.act) for rule in oracle.rules_called(node.name)])
        if node.op in {Op.SOME, Op.EVERY}:
            return self._quantified(node, here)
        if node.op in {Op.HIGHEST, Op.LAST}:
            return self._extreme(node, here)
        if node.op is Op.CHOOSE:
            return self._chosen(node, here)
        return self._joined(node, [self.column(child, here) for child in node.children])

    def _joined(self, node: Node, columns: list[int]) -> int:
        everything = self.worlds.all
        if node.op is Op.ALL:
            return all_of(columns, everything)
        if node.op is Op.ANY:
            return any_of(columns)
        if node.op is Op.NOT:
            return self.no(columns[0])
        return any_of([all_of(some, everything) for some in combinations(columns, node.count)])

    def _chosen(self, node: Node, here: Here) -> int:
        if self.oracle.fixed and not self.all_of_it:
            return self.column(node.children[node.options.index(self.oracle.options[node.name])], here)
        columns = [self.column(child, here) for child in node.children]
        options = [option for option, _ in self.oracle.readings[node.name].options]
        found = 0
        for option, column in zip(node.options, columns, strict=True):
            found |= column & self._where(Option(node.name), len(options), options.index(option))
        return found

    def _quantified(self, node: Node, here: Here) -> int:
        columns = [self.column(node.children[0], place) for place in self.oracle.places(node, here)]
        outside = self._outside(node, here)
        if node.op is Op.SOME:
            return any_of(columns) | outside
        return all_of(columns, self.worlds.all) & self.no(outside)

    def _outside(self, node: Node, here: Here) -> int:
        """That somebody or something not listed decides: never once the list is complete."""
        complete = self.oracle.key(node.complete, here)
        incomplete = self.no(self.fact(complete))
        if self.oracle.known(complete):
            return 0
        depends = set(self.oracle.needs(node.children[0]))
        if node.op in {Op.HIGHEST, Op.LAST}:
            depends |= {"R", "A"}
        else:
            depends = depends - {"E" if node.over == "events" else "R"} | {"A"}
        at = {"R": here.respondent, "A": here.act, "E": here.event}
        return incomplete & self._where(Unlisted(id(node), tuple(at[letter] for letter in sorted(depends))), 2, 1)

    def _extreme(self, node: Node, here: Here) -> int:
        found = self.column(node.children[0], here)
        by = "rank" if node.op is Op.HIGHEST else "order"
        for other in self.oracle.participants(here.act):
            if other != here.respondent:
                theirs = self.column(node.children[0], here._replace(respondent=other))
                found &= self.no(theirs & self.stands(Stands(by, here.act, other, here.respondent)))
        return found & self.no(self._outside(node, here))

    def stands(self, question: Stands) -> int:
        """Where the first stands above the second. What has no position (a unit has no rank) stands above nothing."""
        members, known = self.oracle.positions(question.by, question.act)
        if question.first not in members or question.second not in members:
            return 0
        if question.first in known and question.second in known:
            return self.worlds.all if known[question.first] > known[question.second] else 0
        orders = self.oracle.rankings(question.by, question.act)
        return any_of(
            self._where(Ranking(question.by, question.act), len(orders), index)
            for index, order in enumerate(orders)
            if order[question.first] > order[question.second]
        )

    def rule(self, name: str, respondent: str, act: str) -> int:
        """A rule with its gate, after its exceptions."""
        certain = self.oracle.certain.rule(name, respondent, act) if self.oracle.lean and not self.all_of_it else None
        if certain is not None:
            return self.worlds.all if certain else 0
        found = self.gate(name, respondent, act) & self.body(name, respondent, act)
        for exception in self.oracle.against(name):
            found &= self.no(self.exception(exception, respondent, act))
        return found

    def whole(self, name: str, respondent: str, act: str, replaced_by: str) -> int:
        """A rule after its exceptions, or what one of them puts in its place unless another relieves altogether."""
        if not replaced_by:
            return self.rule(name, respondent, act)
        against = self.oracle.against(name)
        found = self.gate(name, respondent, act) & self.body(name, respondent, act)
        for exception in against:
            if exception.id == replaced_by:
                found &= self.exception(exception, respondent, act)
            elif not exception.replaced_by:
                found &= self.no(self.exception(exception, respondent, act))
        return found

    def gate(self, name: str, respondent: str, act: str) -> int:
        here = self.oracle.at(self.oracle.rules[name].scope, respondent, act)
        definitions = [self.oracle.definitions[gate.name] for gate in self.oracle.rules[name].gates]
        return all_of([self.column(definition.condition, here) for definition in definitions], self.worlds.all)

    def body(self, name: str, respondent: str, act: str) -> int:
        rule = self.oracle.rules[name]
        return self.column(rule.condition, self.oracle.at(rule.scope, respondent, act))

    def exception(self, exception: Exemption, respondent: str, act: str) -> int:
        """That an exception applies, after the exceptions to it."""
        found = self.column(exception.condition, self.oracle.at(exception.scope, respondent, act))
        for other in self.oracle.against(exception.id):
            found &= self.no(self.exception(other, respondent, act))
        return found

    def constraint(self, constraint: Constraint, here: Here) -> int:
        """The completions that a constraint allows."""
        parts = [self.column(part, here) for part in constraint.parts]
        if constraint.kind == "implies":
            return self.no(parts[0]) | parts[1]
        if constraint.kind == "exclusive":
            return self.no(all_of(parts, self.worlds.all))
        return self.no(any_of([one & other for one, other in combinations(parts, 2)]))
