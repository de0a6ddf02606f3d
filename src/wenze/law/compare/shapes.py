"""What blocks say, without their place and their words: two blocks with the same sign mean the same."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import fields, is_dataclass
from typing import Any  # shapes of every kind are compared

from wenze.law.instrument import Law
from wenze.law.lint.walk import Block, trees
from wenze.law.rules import Node, Op, Place


class Signs:
    """What a block says, without its place and its words: two blocks with the same sign mean the same."""

    def __init__(self, law: Law) -> None:
        self._law = law
        self._trees = trees(law)
        self._known: dict[tuple[Block, bool], Hashable] = {}

    def of(self, block: Block) -> Hashable:
        """With everything it leads to."""
        return self._sign(block, True)

    def own(self, block: Block) -> Hashable:
        """With its definitions, gates and exceptions, and the names of the rules it asks for."""
        return self._sign(block, False)

    def definition(self, name: str) -> Hashable:
        return self._sign(Block("define", name), True)

    def node(self, node: Node) -> Hashable:
        return self._node(node, True)

    def _sign(self, block: Block, deep_: bool) -> Hashable:
        key = (block, deep_)
        if key not in self._known:
            law, around = self._law, tuple[Hashable, ...]()
            if block.kind == "rule":
                rule = law.rules[block.id]
                around = (rule.scope, *(self._sign(Block("define", gate.name), deep_) for gate in rule.gates))
            if block.kind == "exception":
                around = (law.exceptions[block.id].scope, bool(law.exceptions[block.id].replaced_by))
            if block.kind in {"rule", "exception"}:
                relief = law.overriding.get(block.id, ())
                around += tuple((one.id, self._sign(Block("exception", one.id), deep_)) for one in relief)
            self._known[key] = (self._node(self._trees[block], deep_), around)
        return self._known[key]

    def _node(self, node: Node, deep_: bool) -> Hashable:
        name: Hashable = node.name
        if node.op is Op.FACT:
            name = self._fact(node.name)
        elif node.op is Op.SEE:
            return self._sign(Block("define", node.name), deep_)
        elif node.op is Op.HOLDS:
            rules = self._law.rules_of[node.name]
            name = tuple((rule, self._sign(Block("rule", rule), True) if deep_ else "") for rule in rules)
        complete = self._fact(node.complete) if node.complete else ""
        children = tuple(self._node(child, deep_) for child in node.children)
        return (node.op, name, node.options, node.count, node.over, node.except_self, complete, children)

    def _fact(self, name: str) -> Hashable:
        fact = self._law.facts[name]
        return (name if fact.source is None else "", fact.scope, fact.source)


def same(one: Any, other: Any) -> bool:
    """Whether two shapes say the same, wherever they are written."""
    if isinstance(one, Place) and isinstance(other, Place):
        return True
    if isinstance(one, tuple) and isinstance(other, tuple):
        return len(one) == len(other) and all(map(same, one, other))
    if is_dataclass(one) and type(one) is type(other):
        return all(same(getattr(one, each.name), getattr(other, each.name)) for each in fields(one))
    return bool(one == other)
