"""Readings of two laws at once: which ones are varied together, and a law with the others put to the option in force."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from wenze.law.instrument import Law
from wenze.law.lint.walk import trees, with_tree
from wenze.law.rules import Node, Op


def shared_readings(
    old: Law, new: Law, old_options: Mapping[str, str], new_options: Mapping[str, str]
) -> tuple[dict[str, tuple[str, ...]], tuple[str, ...]]:
    """The readings both laws can be read by, with the options both know; and those that are left as they are in force."""
    shared, unmatched = {}, []
    for id_ in dict.fromkeys((*old.readings, *new.readings)):
        options: tuple[str, ...] = ()
        if id_ in old.readings and id_ in new.readings:
            options = tuple(one for one in old.readings[id_].option_ids if one in new.readings[id_].option_ids)
        if len(options) > 1 and old_options[id_] in options and new_options[id_] in options:
            shared[id_] = options
        else:
            unmatched.append(id_)
    return shared, tuple(unmatched)


def pinned(law: Law, options: Mapping[str, str], varied: Mapping[str, tuple[str, ...]]) -> Law:
    """The law with every reading that is not varied read as in force, and the varied ones with the shared options."""
    for block, root in trees(law).items():
        changed = _read(root, options, varied)
        if changed is not root:
            law = with_tree(law, block, changed)
    readings = {
        id_: replace(reading, options=tuple((one, dict(reading.options)[one]) for one in varied[id_]))
        for id_, reading in law.readings.items()
        if id_ in varied
    }
    return replace(law, readings={**law.readings, **readings})


def _read(node: Node, options: Mapping[str, str], varied: Mapping[str, tuple[str, ...]]) -> Node:
    if node.op is Op.CHOOSE and node.name not in varied:
        return _read(node.children[node.options.index(options[node.name])], options, varied)
    children = tuple(_read(child, options, varied) for child in node.children)
    if node.op is Op.CHOOSE:
        by_option = dict(zip(node.options, children, strict=True))
        children = tuple(by_option[option] for option in varied[node.name])
        return replace(node, children=children, options=varied[node.name])
    return (
        node
        if all(one is other for one, other in zip(children, node.children, strict=True))
        else replace(node, children=children)
    )
