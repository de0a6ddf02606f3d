"""Every complete case of a small size under a law, tried one by one: the slow, obviously right side of `test_compare`.

Evaluates the rules' trees directly on yes and no; shares with the engine only the shapes of a law.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product

from wenze.law import Law
from wenze.law.rules import Node, Op, Scope
from wenze.law.tree import leaves

World = dict[tuple[str, ...], bool]
MOST = 1 << 13


class TooMany(Exception):
    """More complete cases than can be tried."""


def name_of(law: Law, fact: str) -> str:
    """What a fact asks: its name, or what it reads from the records."""
    source = law.facts[fact].source
    return f"{source.attribute} {source.operator} {'|'.join(source.values)}" if source else fact


class Tried:
    """One law, evaluated on complete cases of `people` and `events`."""

    def __init__(self, law: Law, people: int, events: int, options: Mapping[str, str]) -> None:
        self.law = law
        self.people = [f"R{number}" for number in range(1, people + 1)]
        self.events = [f"V{number}" for number in range(1, events + 1)]
        self.options = options

    def state(self, rule: str, world: World) -> str:
        if rule not in self.law.rules:
            return "absent"
        found = self.law.rules[rule]
        if not all(self.holds(self.law.definitions[gate.name].condition, "R1", "", world) for gate in found.gates):
            return "not-applicable"
        return "made-out" if self.rule(rule, "R1", world) else "not-made-out"

    def rule(self, id_: str, who: str, world: World) -> bool:
        rule = self.law.rules[id_]
        roots = [*(self.law.definitions[gate.name].condition for gate in rule.gates), rule.condition]
        return all(self.holds(root, who, "", world) for root in roots) and not self.relieved(id_, who, world)

    def relieved(self, id_: str, who: str, world: World) -> bool:
        for exception in self.law.exceptions.values():
            targets = {rule for name in exception.overrides for rule in self.law.rules_of.get(name, (name,))}
            met = id_ in targets and self.holds(exception.condition, who, "", world)
            if met and not self.relieved(exception.id, who, world):
                return True
        return False

    def holds(self, node: Node, who: str, event: str, world: World) -> bool:
        below = (self.holds(child, who, event, world) for child in node.children)
        if node.op is Op.FACT:
            return world[self.key(node.name, who, event)]
        if node.op in {Op.TRUE, Op.FALSE}:
            return node.op is Op.TRUE
        if node.op is Op.SEE:
            return self.holds(self.law.definitions[node.name].condition, who, event, world)
        if node.op is Op.HOLDS:
            return any(self.rule(rule, who, world) for rule in self.law.rules_of[node.name])
        if node.op is Op.CHOOSE:
            return self.holds(node.children[node.options.index(self.options[node.name])], who, event, world)
        if node.op in {Op.SOME, Op.EVERY}:
            join = any if node.op is Op.SOME else all
            if node.over == "events":
                return join(self.holds(node.children[0], who, each, world) for each in self.events)
            others = [each for each in self.people if not (node.except_self and each == who)]
            return join(self.holds(node.children[0], each, event, world) for each in others)
        if node.op in {Op.HIGHEST, Op.LAST}:
            by = "rank" if node.op is Op.HIGHEST else "order"
            higher = [each for each in self.people if each != who and world[by, each, who]]
            child = node.children[0]
            return self.holds(child, who, event, world) and not any(
                self.holds(child, each, event, world) for each in higher
            )
        if node.op is Op.NOT:
            return not next(below)
        met = sum(below)
        return met >= {Op.ALL: len(node.children), Op.ANY: 1, Op.AT_LEAST: node.count}[node.op]

    def key(self, fact: str, who: str, event: str) -> tuple[str, ...]:
        name = name_of(self.law, fact)
        return {
            Scope.CASE: (name,),
            Scope.ACT: (name, "A1"),
            Scope.RESPONDENT: (name, who),
            Scope.PARTICIPATION: (name, who, "A1"),
            Scope.EVENT: (name, event),
            Scope.OUTCOME: (name, "A1", event),
        }[self.law.facts[fact].scope]

    def questions(self) -> set[tuple[str, ...]]:
        """Everything a rule can ask."""
        roots = [definition.condition for definition in self.law.definitions.values()]
        roots += [rule.condition for rule in self.law.rules.values()]
        roots += [exception.condition for exception in self.law.exceptions.values()]
        roots += [part for constraint in self.law.constraints for part in constraint.parts]
        asked: set[tuple[str, ...]] = set()
        for node in (node for root in roots for node in leaves(root)):
            if node.op is Op.FACT:
                events = self.events if self.law.facts[node.name].scope in {Scope.EVENT, Scope.OUTCOME} else [""]
                asked |= {self.key(node.name, who, event) for who in self.people for event in events}
            elif node.op in {Op.HIGHEST, Op.LAST}:
                by = "rank" if node.op is Op.HIGHEST else "order"
                asked |= {(by, one, other) for one, other in product(self.people, self.people) if one != other}
        return asked

    def allowed(self, world: World) -> bool:
        """Whether the law's constraints allow a case."""
        for constraint in self.law.constraints:
            for who, event in product(self.people, self.events or [""]):
                if not event and any(
                    self.law.facts[node.name].scope in {Scope.EVENT, Scope.OUTCOME}
                    for part in constraint.parts
                    for node in leaves(part)
                    if node.op is Op.FACT
                ):
                    continue
                met = [self.holds(part, who, event, world) for part in constraint.parts]
                if constraint.kind == "implies":
                    fine = not met[0] or met[1]
                else:
                    fine = not all(met) if constraint.kind == "exclusive" else sum(met) < 2
                if not fine:
                    return False
        return True


def real(world: World) -> bool:
    """Whether records can be so: a unit has no rank, nobody stands above who stands above him."""
    for key, value in world.items():
        if key[0] in {"rank", "order"} and value:
            by, one, other = key
            organ = "respondent.sort is organ"
            if world[by, other, one]:
                return False
            if by == "rank" and (world.get((organ, one), False) or world.get((organ, other), False)):
                return False
            grade = "respondent.rank is 科级"
            if by == "rank" and world.get((grade, one), False) and world.get((grade, other), False):
                return False
        if key[0].startswith("respondent.rank") and value and world.get(("respondent.sort is organ", key[1]), False):
            return False
    return True


def worlds(*sides: Tried) -> Iterator[World]:
    """Every complete case that all sides allow."""
    asked = sorted(set().union(*(side.questions() for side in sides)))
    if 1 << len(asked) > MOST:
        raise TooMany(len(asked))
    for values in product((False, True), repeat=len(asked)):
        world = dict(zip(asked, values, strict=True))
        if real(world) and all(side.allowed(world) for side in sides):
            yield world
