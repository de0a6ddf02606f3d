"""Whether a law leads back to itself: by taking away what leads nowhere until nothing changes. No search, no order."""

from __future__ import annotations

from collections.abc import Iterator

from wenze.law.rules import Node, Op, Source


def leads_back(source: Source) -> bool:
    """Whether some definition, rule or exception leads to itself, over all options of all readings."""
    leads = _leads(source)
    shrinking = True
    while shrinking:
        ends = [name for name, others in leads.items() if not others & leads.keys()]
        for name in ends:
            del leads[name]
        shrinking = bool(ends)
    return bool(leads)


def _leads(source: Source) -> dict[str, set[str]]:
    """Where each definition, rule and exception leads: what it asks for, and what may override it."""
    leads = {f"define {one.name}": _spoken_of(source, one.condition) for one in source.definitions}
    leads |= {f"exception {one.id}": _spoken_of(source, one.condition) for one in source.exceptions}
    for rule in source.rules:
        named = {gate.name for gate in rule.gates} | {definition for _, definition, _ in rule.conclusion.otherwise}
        leads[f"rule {rule.id}"] = _spoken_of(source, rule.condition) | {f"define {name}" for name in named}
    for exception in source.exceptions:
        for name in exception.overrides:
            for target in _called(source, name) | ({f"exception {name}"} & set(leads)):
                leads[target].add(f"exception {exception.id}")
    return leads


def _called(source: Source, name: str) -> set[str]:
    return {f"rule {rule.id}" for rule in source.rules if name == rule.id or name in rule.groups}


def _spoken_of(source: Source, root: Node) -> set[str]:
    found: set[str] = set()
    for node in _nodes(root):
        if node.op is Op.SEE:
            found.add(f"define {node.name}")
        elif node.op is Op.HOLDS:
            found |= _called(source, node.name)
    return found


def _nodes(root: Node) -> Iterator[Node]:
    yield root
    for child in root.children:
        yield from _nodes(child)
