"""What is added, removed or declared differently, apart from conditions: what they change is said by the conclusions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import fields
from typing import Any  # blocks of every kind are compared

from wenze.law.compare.difference import Declared
from wenze.law.compare.shapes import same
from wenze.law.instrument import Law
from wenze.law.lint.walk import Block, rests_on, trees
from wenze.law.rules import Op
from wenze.law.tree import leaves

_TABLES = {
    "article": "articles",
    "vocabulary": "vocabularies",
    "fact": "facts",
    "define": "definitions",
    "rule": "rules",
    "reading": "readings",
    "exception": "exceptions",
    "note": "notes",
    "guard": "guards",
    "duty-source": "duty_sources",
}
_UNSAID = {"condition", "place", "conclusion"}  # said by the changes they make


def declared_differently(
    old: Law, new: Law, old_options: Mapping[str, str], new_options: Mapping[str, str]
) -> Iterator[Declared]:
    """Every block that one side alone has, or that says something else; every reading put to another option."""
    for kind, attribute in _TABLES.items():
        tables = [getattr(law, attribute) for law in (old, new)]
        yield from _between(kind, tables[0], tables[1], old, new)
    constraints = [{one.id: one for one in law.constraints} for law in (old, new)]
    yield from _between("constraint", constraints[0], constraints[1], old, new)
    for id_ in old_options.keys() & new_options.keys():
        if old_options[id_] != new_options[id_]:
            how = f"{old_options[id_]} → {new_options[id_]}"
            yield Declared("reading", id_, "in-force", (how,), _resting(new, "reading", id_))


def _between(kind: str, old: Mapping[str, Any], new: Mapping[str, Any], one: Law, other: Law) -> Iterator[Declared]:
    for name in dict.fromkeys((*old, *new)):
        if name not in new:
            yield Declared(kind, name, "removed", (), _resting(one, kind, name))
        elif name not in old:
            yield Declared(kind, name, "added", (), _resting(other, kind, name))
        else:
            parts = tuple(
                each.name
                for each in fields(old[name])
                if each.name not in _UNSAID and not same(getattr(old[name], each.name), getattr(new[name], each.name))
            )
            if parts:
                yield Declared(kind, name, "changed", parts, _resting(other, kind, name))


def _resting(law: Law, kind: str, name: str) -> tuple[str, ...]:
    """The rules that rest on a fact, definition, reading or exception."""
    if kind not in {"fact", "define", "reading", "exception"}:
        return ()
    roots = trees(law)
    asked = {"fact": Op.FACT, "reading": Op.CHOOSE}.get(kind)
    holding = {
        block
        for block, root in roots.items()
        for node in leaves(root)
        if (asked and node.op is asked and node.name == name) or (kind == "fact" and node.complete == name)
    } | ({Block(kind, name)} if asked is None else set())
    return tuple(
        block.id for block, below in rests_on(law).items() if block.kind == "rule" and not holding.isdisjoint(below)
    )
