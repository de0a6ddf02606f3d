"""What is certain of a condition by its parts alone: true, false, or None where they do not tell (Kleene's values).

Lets the oracle leave out what cannot matter in a large law, before it tries every completion of the rest. Never says
more than trying every completion would: `test_oracle` holds it to that.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from wenze.law.rules import Constraint, Exemption, Node, Op

if TYPE_CHECKING:
    from exact.oracle import Oracle
    from exact.unknown import Here

Three = bool | None


def all_of(parts: Iterable[Three]) -> Three:
    found: Three = True
    for part in parts:
        if part is False:
            return False
        found = None if part is None else found
    return found


def no(part: Three) -> Three:
    return None if part is None else not part


def any_of(parts: Iterable[Three]) -> Three:
    return no(all_of(no(part) for part in parts))


class Certain:
    """Three-valued answers for one oracle, each worked out once."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self._found: dict[tuple[int, Here], Three] = {}
        self._rules: dict[tuple[str, str, str], Three] = {}

    def of(self, node: Node, here: Here) -> Three:
        key = (id(node), here)
        if key not in self._found:
            self._found[key] = self._of(node, here)
        return self._found[key]

    def _of(self, node: Node, here: Here) -> Three:
        oracle = self.oracle
        if node.op is Op.FACT:
            return oracle.known(oracle.key(node.name, here))
        if node.op in {Op.TRUE, Op.FALSE}:
            return node.op is Op.TRUE
        if node.op is Op.SEE:
            return self.of(oracle.definitions[node.name].condition, here)
        if node.op is Op.HOLDS:
            return any_of(self.rule(rule.id, here.respondent, here.act) for rule in oracle.rules_called(node.name))
        if node.op is Op.CHOOSE:
            return self._chosen(node, here)
        if node.op in {Op.SOME, Op.EVERY, Op.HIGHEST, Op.LAST}:
            return self._listed(node, here)
        parts = [self.of(child, here) for child in node.children]
        if node.op is Op.NOT:
            return no(parts[0])
        if node.op is Op.AT_LEAST:
            sure, may = parts.count(True), parts.count(True) + parts.count(None)
            return True if sure >= node.count else None if may >= node.count else False
        return all_of(parts) if node.op is Op.ALL else any_of(parts)

    def _chosen(self, node: Node, here: Here) -> Three:
        if self.oracle.fixed:
            return self.of(node.children[node.options.index(self.oracle.options[node.name])], here)
        parts = {self.of(child, here) for child in node.children}
        return parts.pop() if len(parts) == 1 else None

    def _listed(self, node: Node, here: Here) -> Three:
        complete = self.oracle.known(self.oracle.key(node.complete, here))
        outside = False if complete else None
        if node.op in {Op.HIGHEST, Op.LAST}:
            return (
                all_of([self.of(node.children[0], here), None])
                if len(self.oracle.participants(here.act)) > 1 or outside is None
                else self.of(node.children[0], here)
            )
        parts = [self.of(node.children[0], place) for place in self.oracle.places(node, here)]
        return any_of([*parts, outside]) if node.op is Op.SOME else all_of([*parts, no(outside)])

    def rule(self, name: str, respondent: str, act: str) -> Three:
        key = (name, respondent, act)
        if key not in self._rules:
            rule = self.oracle.rules[name]
            here = self.oracle.at(rule.scope, respondent, act)
            gates = [self.of(self.oracle.definitions[gate.name].condition, here) for gate in rule.gates]
            relief = [no(self.exception(one, respondent, act)) for one in self.oracle.against(name)]
            self._rules[key] = all_of([*gates, self.of(rule.condition, here), *relief])
        return self._rules[key]

    def exception(self, exception: Exemption, respondent: str, act: str) -> Three:
        own = self.of(exception.condition, self.oracle.at(exception.scope, respondent, act))
        return all_of(
            [own, *(no(self.exception(other, respondent, act)) for other in self.oracle.against(exception.id))]
        )

    def constraint(self, constraint: Constraint, here: Here) -> Three:
        """Whether a constraint is kept."""
        parts = [self.of(part, here) for part in constraint.parts]
        if constraint.kind == "implies":
            return any_of([no(parts[0]), parts[1]])
        if constraint.kind == "exclusive":
            return no(all_of(parts))
        return True if len(parts) - parts.count(False) < 2 else False if parts.count(True) > 1 else None
