"""A condition of a law as a tree of sentences, before any case: what a rule asks for, in the order it was written."""

from __future__ import annotations

from collections.abc import Callable

import htpy as h

from wenze.law import Law, Node, on_screen
from wenze.page.tongue import Tongue

_PHRASES = {
    "all": ("以下各项须全部具备", "all of the following"),
    "any": ("以下各项具备其一即可", "any of the following"),
    "not": ("须不具备", "not"),
    "true": ("无须另行证明", "nothing further is required"),
    "false": ("不包括这种情形", "this is not covered"),
    "highest": ("符合以下条件的人中职务最高", "of those who meet the following, the highest post"),
    "last": ("符合以下条件的人中最后签批", "of those who meet the following, the last to sign"),
}
_OVER = {
    ("some", "participants"): ("有参与者符合", "some participant meets"),
    ("every", "participants"): ("每一参与者都符合", "every participant meets"),
    ("some", "events"): ("有事件符合", "some event meets"),
    ("every", "events"): ("每一事件都符合", "every event meets"),
}
_MARKS = {"conduct": ("行为", "conduct"), "consequence": ("后果", "consequence")}

Link = Callable[[str, str], str]  # (kind, name) → where it is explained


def condition(law: Law, tongue: Tongue, node: Node, link: Link) -> h.Element:
    return h.ul(".tree.law-tree")[_item(law, tongue, node, link)]


def _item(law: Law, tongue: Tongue, node: Node, link: Link) -> h.Element:
    quotes = _quotes(node)
    if node.op == "not" and node.children[0].op == "leaf":
        leaf = node.children[0]
        said = _quotes(node) + _quotes(leaf)
        return h.li[
            (node.mark or leaf.mark) and [h.span(".part")[tongue.say(*_MARKS[str(node.mark or leaf.mark)])], " "],
            said and [h.span(".quoted")[tongue.text(said)], " "],
            _said(law, tongue, leaf, link),
            h.strong[tongue.say(" 须为否", " — must be no")],
        ]
    if node.op == "choose":
        inner = [_option(law, tongue, node, at, link) for at in range(len(node.options))]
    else:
        inner = [_item(law, tongue, child, link) for child in node.children]
    return h.li[
        node.mark and [h.span(".part")[tongue.say(*_MARKS[str(node.mark)])], " "],
        quotes and [h.span(".quoted")[tongue.text(quotes)], " "],
        _said(law, tongue, node, link),
        h.ul[inner] if inner else None,
    ]


def _quotes(node: Node) -> str:
    return "".join(f"「{on_screen(quote.words)}」" for quote in node.quotes)


def _option(law: Law, tongue: Tongue, node: Node, at: int, link: Link) -> h.Element:
    option = node.options[at]
    texts = dict(law.readings[node.name].options)
    return h.li[
        h.span(".soft")[tongue.say("取 ", "option ")],
        tongue.of(texts[option]),
        h.ul[_item(law, tongue, node.children[at], link)],
    ]


def _said(law: Law, tongue: Tongue, node: Node, link: Link) -> h.Node:
    if node.op == "leaf":
        return tongue.of(law.facts[node.name].question)
    if node.op == "see":
        return h.a(href=link("define", node.name))[tongue.of(law.definitions[node.name].title)]
    if node.op == "choose":
        question = law.readings[node.name].question
        return [
            tongue.say("依解读 ", "by reading "),
            h.a(href=link("reading", node.name))[tongue.text(node.name)],
            tongue.colon(),
            tongue.of(question),
        ]
    if node.op == "holds":
        return [tongue.say("以下规则成立:", "a rule holds: "), tongue.text(node.name)]
    if node.op == "at-least":
        return tongue.say(f"以下各项至少具备{node.count}项", f"at least {node.count} of the following")
    if node.over:
        said = tongue.say(*_OVER[str(node.op), node.over])
        return [said, node.except_self and tongue.say("(除本人)", " (other than the respondent)")]
    return tongue.say(*_PHRASES[str(node.op)])
