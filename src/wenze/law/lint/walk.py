"""The trees of a law and what they lead to: every condition with its path, a law with one condition changed.

Knows which blocks hold a condition and how blocks refer to one another; evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from wenze.law.instrument import Law
from wenze.law.rules import Node, Op, Place
from wenze.law.tree import leaves

LEAVES = frozenset({Op.FACT, Op.SEE, Op.HOLDS})
_NEUTRAL = {Op.ALL: True, Op.ANY: False, Op.AT_LEAST: False}


class Block(NamedTuple):
    """A block with a condition: `kind` is rule, define, exception, note or guard."""

    kind: str
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True)
class Spot:
    """A condition where it stands: the block, the way down from its root, and the value that leaves its surroundings as
    if the condition were not written (true below 全部 all, false below 任一 any, turned by 非 not)."""

    block: Block
    path: tuple[int, ...]
    node: Node
    neutral: bool


def trees(law: Law) -> dict[Block, Node]:
    """The condition of every block that has one, constraints apart, in the order definitions, rules, exceptions,
    notes, guards."""
    found = {Block("define", name): definition.condition for name, definition in law.definitions.items()}
    found |= {Block("rule", id_): rule.condition for id_, rule in law.rules.items()}
    found |= {Block("exception", id_): exception.condition for id_, exception in law.exceptions.items()}
    found |= {Block("note", id_): note.condition for id_, note in law.notes.items()}
    return found | {Block("guard", id_): guard.condition for id_, guard in law.guards.items()}


def spots(block: Block, root: Node) -> Iterator[Spot]:
    """Every condition of a tree, the outer before the inner."""
    stack = [Spot(block, (), root, True)]
    while stack:
        spot = stack.pop()
        yield spot
        node = spot.node
        neutral = not spot.neutral if node.op is Op.NOT else _NEUTRAL.get(node.op, spot.neutral)
        inner = [Spot(block, (*spot.path, index), child, neutral) for index, child in enumerate(node.children)]
        stack += reversed(inner)


def fixed(place: Place, value: bool) -> Node:
    """A condition that is always, or never, met."""
    return Node(Op.TRUE if value else Op.FALSE, place)


def put(root: Node, path: tuple[int, ...], node: Node) -> Node:
    """`root` with `node` at the end of `path`; what is beside the path stays the same object."""
    if not path:
        return node
    at = path[0]
    children = (*root.children[:at], put(root.children[at], path[1:], node), *root.children[at + 1 :])
    return replace(root, children=children)


def with_tree(law: Law, block: Block, root: Node) -> Law:
    """The law with another condition in one block."""
    if block.kind == "define":
        definition = replace(law.definitions[block.id], condition=root)
        return replace(law, definitions={**law.definitions, block.id: definition})
    if block.kind == "rule":
        return replace(law, rules={**law.rules, block.id: replace(law.rules[block.id], condition=root)})
    if block.kind == "exception":
        exception = replace(law.exceptions[block.id], condition=root)
        return replace(law, exceptions={**law.exceptions, block.id: exception})
    if block.kind == "note":
        return replace(law, notes={**law.notes, block.id: replace(law.notes[block.id], condition=root)})
    return replace(law, guards={**law.guards, block.id: replace(law.guards[block.id], condition=root)})


def rests_on(law: Law) -> dict[Block, frozenset[Block]]:
    """For every block, itself and every block its condition leads to; for a rule or exception also those that override
    it."""
    graph = {block: frozenset(_next(law, block, root)) for block, root in trees(law).items()}
    found: dict[Block, frozenset[Block]] = {}
    for block in graph:
        reached, pending = {block}, [block]
        while pending:
            for other in graph[pending.pop()] - reached:
                reached.add(other)
                pending.append(other)
        found[block] = frozenset(reached)
    return found


def _next(law: Law, block: Block, root: Node) -> Iterator[Block]:
    for node in leaves(root):
        if node.op is Op.SEE:
            yield Block("define", node.name)
        elif node.op is Op.HOLDS:
            yield from (Block("rule", rule) for rule in law.rules_of[node.name])
    if block.kind == "rule":
        yield from (Block("define", gate.name) for gate in law.rules[block.id].gates)
    if block.kind in {"rule", "exception"}:
        yield from (Block("exception", exception.id) for exception in law.overriding.get(block.id, ()))


def named_facts(nodes: Mapping[Block, Node]) -> Iterator[str]:
    """Every fact some tree names, as a leaf or as the fact that a list is complete."""
    for root in nodes.values():
        for node in leaves(root):
            if node.op is Op.FACT:
                yield node.name
            if node.complete:
                yield node.complete
