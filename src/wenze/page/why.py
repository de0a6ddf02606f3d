"""Why: the article with its words marked, and the conditions as a tree; folded to those that decide, or whole.

Folding follows `Reason.deciding`: what could not change the state is left out, an operator with one deciding condition gives way to it.
"""

from __future__ import annotations

import htpy as h

from wenze.law import Conclusion, Reason, State, Words, reasons
from wenze.page import official
from wenze.page.sheet import CLASSES, Sheet

_TITLED = {"see", "place", "option", "gate", "exception"}  # conditions whose line says that all below is asked for
_BARE = {"all", "any", "see"}  # operators that say nothing of their own when one child decides


def why(sheet: Sheet) -> h.Node:
    shown = [_circumstance(sheet, one) for one in sheet.circumstances]
    shown += [_responsibility(sheet, one) for one in sheet.borne]
    if not shown:
        return None
    return sheet.section(
        "why", "理由:起决定作用的条件", "Why: the conditions that decide", official.legend(sheet), shown
    )


def whole(sheet: Sheet) -> h.Node:
    """The whole trees, closed until opened."""
    found = [*sheet.circumstances, *sheet.borne]
    if not found:
        return None
    trees = [h.details[h.summary[_heading(sheet, one)], _tree(sheet, one, folded=False)] for one in found]
    hint = h.p(".soft.only-paper")[
        sheet.say(
            "完整的理由在屏幕上展开,也在回执之中。", "The whole trees unfold on the screen, and are in the receipt."
        )
    ]
    return sheet.section("trees", "完整的理由", "The whole tree of reasons", hint, trees)


def _heading(sheet: Sheet, one: Conclusion) -> h.Node:
    what = sheet.words.rule_title(one) if one in sheet.circumstances else sheet.words.kind(one)
    return sheet.text(
        f"{sheet.words.pair(one.respondent, one.act)}{sheet.tongue.colon()}{sheet.words.cite(one.rule.anchor)} {what}"
    )


def _circumstance(sheet: Sheet, one: Conclusion) -> h.Node:
    reason = reasons(sheet.determination.evaluation, one)
    return h.article(".because")[
        h.h3[sheet.pair(one.respondent, one.act)],
        h.p(".result")[sheet.badge(one.state), " ", sheet.cited(one)],
        h.div(".official")[official.paragraphs(sheet, one.rule.anchor, official.standing(reason))],
        _tree(sheet, one, folded=True),
    ]


def _responsibility(sheet: Sheet, one: Conclusion) -> h.Node:
    reason = reasons(sheet.determination.evaluation, one)
    return h.article(".because")[
        h.h3[sheet.pair(one.respondent, one.act)],
        h.p(".result")[
            sheet.badge(one.state),
            " ",
            sheet.text(f"{sheet.words.kind(one)} — {sheet.words.cite(one.rule.anchor)} {sheet.words.rule_title(one)}"),
        ],
        h.div(".official")[official.paragraphs(sheet, reason.anchor, official.standing(reason))],
        _tree(sheet, one, folded=True),
    ]


def _tree(sheet: Sheet, one: Conclusion, *, folded: bool) -> h.Node:
    words = sheet.words.below(one)
    return h.ul(".tree")[_children(sheet, words, reasons(sheet.determination.evaluation, one), folded)]


def _children(sheet: Sheet, words: Words, reason: Reason, folded: bool) -> list[h.Element]:
    return [_node(sheet, words, child, folded) for child in _shown(reason, folded)]


def _shown(reason: Reason, folded: bool) -> list[Reason]:
    """What stands below a node: where a titled condition or a reading asks for all of several, those."""
    children = _below(reason, folded)
    if (
        len(children) == 1
        and children[0].kind == "all"
        and reason.kind in _TITLED
        and not children[0].quotes
        and not children[0].mark
    ):
        return _shown(children[0], folded)
    return children


def _taken(reason: Reason) -> Reason:
    """A reading and its option in force are one line."""
    return reason.children[0] if reason.kind == "choose" else reason


def _node(sheet: Sheet, words: Words, reason: Reason, folded: bool) -> h.Element:
    inner = (
        None if reason.kind == "rule" else _children(sheet, words, _taken(reason), folded)
    )  # a rule has a tree of its own
    return h.li(f".{CLASSES[reason.state]}")[
        h.span(".sign")[sheet.sign(reason.state)],
        " ",
        _line(sheet, words, reason),
        h.ul[inner] if inner else None,
    ]


def _line(sheet: Sheet, words: Words, reason: Reason) -> h.Node:
    leaf = reason.children[0] if _negated_leaf(reason) else reason
    found = leaf.established
    if found:
        said = "".join(words.quoted(cited) for cited in dict.fromkeys((*reason.quotes, *leaf.quotes)))
        return [
            reason.mark and [h.span(".part")[words.say(*_PARTS[str(reason.mark)])], " "],
            said and [h.span(".quoted")[sheet.text(said)], " "],
            sheet.text(words.question(found.key)),
            " ",
            h.span(".evidence")[sheet.text(words.established(found))],
        ]
    if reason.kind == "choose":
        option = dict(sheet.determination.law.readings[reason.name].options)[_taken(reason).name]
        return [sheet.text(words.reason(reason)), h.span(".taken")["→ ", sheet.tongue.of(option)]]
    return sheet.text(words.reason(reason))


_PARTS = {"conduct": ("行为", "conduct"), "consequence": ("后果", "consequence")}


def _below(reason: Reason, folded: bool) -> list[Reason]:
    """The children to show. Folded, a bare operator with one deciding condition gives way to that condition."""
    if _negated_leaf(reason):
        return []
    if not folded:
        return list(reason.children)
    if reason.kind == "gate" and reason.state is State.MADE_OUT:
        return []
    children: list[Reason] = []
    for child in (_through(child) for child in reason.deciding() if not _says_nothing(child)):
        same = child.kind == {"rule": "all", "exception": "all"}.get(reason.kind, reason.kind) and child.kind in _BARE
        children += _below(child, folded) if same and not child.quotes and not child.mark else [child]
    return children


def _through(reason: Reason) -> Reason:
    while reason.kind in _BARE and not reason.quotes and not reason.mark:
        deciding = reason.deciding()
        if len(deciding) != 1:
            break
        reason = deciding[0]
    return reason


def _says_nothing(reason: Reason) -> bool:
    """A reading whose option in force asks for nothing here."""
    options = reason.children if reason.kind == "choose" else ()
    return any(child.kind == "true" for option in options for child in option.children)


def _negated_leaf(reason: Reason) -> bool:
    """非 and a fact are one line: the question says what is asked, the sign what follows."""
    return reason.kind == "not" and len(reason.children) == 1 and reason.children[0].kind == "leaf"
