"""What leads where in a law: nothing is circular, no chain is endless, every fact finds the entities it speaks of.

Follows 见, 成立, 适用 and 推翻 over all options of all readings. Every name is known to be there (`resolve`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from wenze.law.instrument import Law
from wenze.law.problems import Problem
from wenze.law.rules import ENTITIES, Definition, Exemption, Node, Op, Place, Rule, Scope
from wenze.law.tree import leaves, said

MAX_NESTING = 40  # definitions and rules referring to one another, one inside the other
# INVARIANT: what walks a tree of reasons, a receipt or a page goes a few frames a level, and Python allows a thousand.
MAX_LEVELS = 120  # conditions one inside the other, through what they refer to


def check_references(law: Law, problems: list[Problem]) -> None:
    """Add a problem for every circle, for a chain too deep, and for every fact read where its entities are unknown."""
    before = len(problems)
    _Graph(law, problems).check()
    if len(problems) == before:  # in a circle, contexts have no end
        _Contexts(law, problems).check()


class _Graph:
    """Blocks by `kind id` and the blocks each of them leads to."""

    def __init__(self, law: Law, problems: list[Problem]) -> None:
        self.law = law
        self.problems = problems
        self.blocks: dict[str, Definition | Rule | Exemption] = {
            **{f"define {name}": value for name, value in law.definitions.items()},
            **{f"rule {id_}": value for id_, value in law.rules.items()},
            **{f"exception {id_}": value for id_, value in law.exceptions.items()},
        }

    def check(self) -> None:
        graph = {name: list(self._leads_to(block)) for name, block in self.blocks.items()}
        depth: dict[str, int] = {}
        for start in graph:
            circle = _walk(graph, start, depth)
            if circle:
                message = f"`{' → '.join(circle)}` is circular"
                hint = "remove one of these references; 推翻, 成立, 适用 and 见 may not lead back, under any reading"
                self.problems.append(Problem(self.blocks[circle[0]].place, "L076", message, hint))
                return
        deepest = max(depth, key=lambda name: depth[name], default=None)
        if deepest is not None and depth[deepest] > MAX_NESTING:
            message = f"`{deepest}` leads through `{depth[deepest]}` definitions, rules and exceptions"
            hint = f"use at most {MAX_NESTING}, one inside the other"
            self.problems.append(Problem(self.blocks[deepest].place, "L077", message, hint))
            return
        self._check_levels(depth)

    def _check_levels(self, innermost_first: Iterable[str]) -> None:
        levels: dict[str, int] = {}
        for name in innermost_first:
            below = [
                level + max((levels[target] for target in self._referred(node)), default=0)
                for node, level in _leveled(self.blocks[name].condition)
            ]
            aside = [levels[target] for target in self._beside(self.blocks[name])]
            levels[name] = max([*below, *aside])
        highest = max(levels, key=lambda name: levels[name], default=None)
        if highest is not None and levels[highest] > MAX_LEVELS:
            message = f"`{highest}` leads through `{levels[highest]}` levels of conditions"
            hint = (
                f"use at most {MAX_LEVELS}, one inside the other, with those of what 见 (see) and 成立 (holds) refer to"
            )
            self.problems.append(Problem(self.blocks[highest].place, "L077", message, hint))

    def _leads_to(self, block: Definition | Rule | Exemption) -> Iterator[str]:
        for node in leaves(block.condition):
            yield from self._referred(node)
        yield from self._beside(block)

    def _referred(self, node: Node) -> Iterator[str]:
        if node.op is Op.SEE:
            yield f"define {node.name}"
        elif node.op is Op.HOLDS:
            yield from (f"rule {rule}" for rule in self.law.rules_of[node.name])

    def _beside(self, block: Definition | Rule | Exemption) -> Iterator[str]:
        """What is read beside a block's own condition: gates, modalities, exceptions."""
        if isinstance(block, Rule):
            yield from (f"define {gate.name}" for gate in block.gates)
            yield from (f"define {name}" for _, name, _ in block.conclusion.otherwise)
        if not isinstance(block, Definition):
            yield from (f"exception {exception.id}" for exception in self.law.overriding.get(block.id, ()))


def _leveled(root: Node) -> Iterator[tuple[Node, int]]:
    """Every condition of a tree with its level; the root is on the first."""
    stack = [(root, 1)]
    while stack:
        node, level = stack.pop()
        yield node, level
        stack += [(child, level + 1) for child in node.children]


def _walk(graph: Mapping[str, list[str]], start: str, depth: dict[str, int]) -> list[str]:
    """Depth first without recursion; fills `depth`; returns the first circle found."""
    if start in depth:
        return []
    path: dict[str, None] = {start: None}
    pending = [iter(graph[start])]
    while pending:
        following = next(pending[-1], None)
        if following is None:
            done = path.popitem()[0]
            pending.pop()
            depth[done] = 1 + max((depth[name] for name in graph[done]), default=0)
        elif following in path:
            names = list(path)
            return [*names[names.index(following) :], following]
        elif following not in depth:
            path[following] = None
            pending.append(iter(graph[following]))
    return []


class _Contexts:
    """Walks every condition with the entities at hand where it is read."""

    def __init__(self, law: Law, problems: list[Problem]) -> None:
        self.law = law
        self.problems = problems

    def check(self) -> None:
        for rule in self.law.rules.values():
            named = [gate.name for gate in rule.gates] + [name for _, name, _ in rule.conclusion.otherwise]
            for root in (rule.condition, *(self.law.definitions[name].condition for name in named)):
                self._context(root, rule.scope, f"rule {rule.id}")
        for exception in self.law.exceptions.values():
            self._context(exception.condition, exception.scope, f"exception {exception.id}")
            self._reach(exception)
        for note in self.law.notes.values():
            self._context(note.condition, note.scope, f"note {note.id}")
        for guard in self.law.guards.values():
            rules = (self.law.rules[id_] for name in guard.about for id_ in self.law.rules_of.get(name, ()))
            of_no_act = any(rule.scope is Scope.RESPONDENT for rule in rules)
            scope = Scope.RESPONDENT if of_no_act else Scope.PARTICIPATION
            self._context(guard.condition, scope, f"guard {guard.id}")

    def _reach(self, exception: Exemption) -> None:
        """An exception cannot speak of an act where what it overrides has none."""
        targets: list[Any] = [
            self.law.rules[id_] for name in exception.overrides for id_ in self.law.rules_of.get(name, ())
        ]
        targets += [self.law.exceptions[name] for name in exception.overrides if name in self.law.exceptions]
        for target in targets:
            if not ENTITIES[exception.scope] <= ENTITIES[target.scope]:
                message = f"the exception `{exception.id}` speaks of an act, `{target.id}`, which it overrides, of none"
                self.problems.append(
                    Problem(exception.place, "L078", message, "give it the reach 主体: 范围 主体 (respondent)")
                )

    def _context(self, root: Node, scope: Scope, reader: str) -> None:
        """Walk with a stack of (node, entities at hand); definitions are walked where they are used."""
        stack, seen = [(root, ENTITIES[scope])], set()
        while stack:
            node, at_hand = stack.pop()
            if (id(node), at_hand) in seen:
                continue
            seen.add((id(node), at_hand))
            lacking = self._needs(node) - at_hand
            if lacking:
                self._complain(node.place, said(node), lacking, reader)
            bound = {"participants": frozenset("R"), "events": frozenset("E")}.get(node.over, frozenset())
            stack += [(child, at_hand | bound) for child in node.children]
            if node.op is Op.SEE:
                stack.append((self.law.definitions[node.name].condition, at_hand))

    def _complain(self, place: Place, what: str, lacking: frozenset[str], reader: str) -> None:
        words = {"R": "a respondent", "A": "an act", "E": "an event"}
        message = (
            f"{what} is about {' and '.join(words[letter] for letter in sorted(lacking))}; `{reader}` has none there"
        )
        hint = "give the reader the scope 参与 (participation)"
        if reader.startswith("guard "):
            hint = "what this guard is about has the scope 主体 (respondent): let it be about a rule of acts"
        if "E" in lacking:
            hint = "read it below 某 事件 (some events) or 每 事件 (every events)"
        self.problems.append(Problem(place, "L079", message, f"{hint}, or use a fact of another scope"))

    def _needs(self, node: Node) -> frozenset[str]:
        if node.op is Op.FACT:
            return ENTITIES[self.law.facts[node.name].scope]
        if node.op is Op.HOLDS:
            return _union(ENTITIES[self.law.rules[rule].scope] for rule in self.law.rules_of[node.name])
        if node.op in {Op.SOME, Op.EVERY}:
            return frozenset("A")
        return frozenset("RA") if node.op in {Op.HIGHEST, Op.LAST} else frozenset()


def _union(sets: Iterable[frozenset[str]]) -> frozenset[str]:
    return frozenset().union(*sets)
