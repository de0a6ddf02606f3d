"""Why: the article with its words marked, and the conditions as a tree; folded to those that decide, or whole.

Folding follows `Reason.deciding`: what could not change the state is left out, an operator with one deciding condition gives way to it,
and what was said above is not said again but pointed to.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import htpy as h

from wenze.law import Conclusion, Exemption, Nature, Reason, State, Words, of_exception, reasons
from wenze.page import official
from wenze.page.sheet import CLASSES, Sheet

_TITLED = {"see", "place", "option", "gate", "exception"}  # conditions whose line says that all below is asked for
_BARE = {"all", "any", "see"}  # operators that say nothing of their own when one child decides


def why(sheet: Sheet) -> h.Node:
    told = _Told(sheet)
    shown = [_circumstance(told, one) for one in sheet.circumstances]
    shown += [_responsibility(told, one) for one in sheet.borne]
    shown += [_relief(told, *found) for found in sheet.relieved.values()]
    if not shown:
        return None
    return sheet.section(
        "why", "理由:起决定作用的条件", "Why: the conditions that decide", official.legend(sheet), shown
    )


def whole(sheet: Sheet) -> h.Node:
    """The whole trees, closed until opened: for the screen. Paper has the conditions that decide."""
    found = [*sheet.circumstances, *sheet.borne]
    if not found:
        return None
    trees = [h.details[h.summary[_heading(sheet, one)], _whole_tree(sheet, one)] for one in found]
    return sheet.section("trees", "完整的理由", "The whole tree of reasons", trees)


def _heading(sheet: Sheet, one: Conclusion) -> h.Node:
    what = sheet.words.rule_title(one) if one in sheet.circumstances else sheet.words.kind(one)
    return sheet.text(
        f"{sheet.words.pair(one.respondent, one.act)}{sheet.tongue.colon()}{sheet.words.cite(one.rule.anchor)} {what}"
    )


@dataclass
class _Told:
    """What the section has said so far: conditions and articles, with where they were said."""

    sheet: Sheet
    conditions: dict[tuple[object, ...], str] = field(default_factory=dict)
    articles: dict[str, str] = field(default_factory=dict)


def _circumstance(told: _Told, one: Conclusion) -> h.Node:
    sheet = told.sheet
    reason = reasons(sheet.determination.evaluation, one)
    result: h.Node = [sheet.verdict(one), " ", sheet.cited(one)]
    return _article(told, one, reason, result, sheet.words.cite(one.rule.anchor))


def _responsibility(told: _Told, one: Conclusion) -> h.Node:
    sheet = told.sheet
    reason = reasons(sheet.determination.evaluation, one)
    what = f"{sheet.words.kind(one)} — {sheet.words.cite(one.rule.anchor)} {sheet.words.rule_title(one)}"
    return _article(told, one, reason, [sheet.verdict(one), " ", sheet.text(what)], sheet.words.kind(one))


def _relief(told: _Told, exception: Exemption, one: Conclusion) -> h.Node:
    sheet = told.sheet
    reason = of_exception(sheet.determination.evaluation, exception, one)
    title = f"{sheet.words.cite(exception.anchor)} {exception.title.in_(sheet.tongue.lang)}"
    result: h.Node = [
        h.span(".badge.not")[sheet.say("不承担:例外", "relieved by an exception")],
        " ",
        sheet.text(title),
    ]
    return _article(told, one, reason, result, title)


def _article(told: _Told, one: Conclusion, reason: Reason, result: h.Node, name: str) -> h.Node:
    sheet = told.sheet
    here = f"{sheet.words.entity(one.respondent)}{sheet.say('，', ', ')}{name}"
    quoted = official.paragraphs(sheet, reason.anchor, official.standing(reason))
    before = told.articles.setdefault(str(h.div[quoted]), here)
    same = h.p(".soft")[
        sheet.text(sheet.say(f"条文及所标词语同上({before})", f"the text and its marks as above ({before})"))
    ]
    tree = h.ul(".tree")[_children(told, sheet.words.below(one), reason, here)]
    return h.article(".because")[
        h.h3[sheet.pair(one.respondent, one.act)],
        h.p(".result")[result],
        same if before != here else h.div(".official")[quoted],
        tree,
        one.state is State.MADE_OUT and not one.outcome.depends and h.p(".soft")[sheet.words.robustness(one)],
    ]


def _whole_tree(sheet: Sheet, one: Conclusion) -> h.Node:
    words = sheet.words.below(one)
    return h.ul(".tree")[
        [_whole_node(sheet, words, child) for child in _shown(reasons(sheet.determination.evaluation, one), False)]
    ]


def _whole_node(sheet: Sheet, words: Words, reason: Reason) -> h.Element:
    inner = (
        None if reason.kind == "rule" else [_whole_node(sheet, words, child) for child in _shown(_taken(reason), False)]
    )
    line = _line(sheet, words, reason, words.reason(reason) if reason.kind != "rule" else _said(sheet, words, reason))
    return h.li(f".{CLASSES[reason.state]}")[
        h.div(".said")[h.span(".sign")[_sign(sheet, reason)], " ", line], h.ul[inner] if inner else None
    ]


def _children(told: _Told, words: Words, reason: Reason, here: str) -> list[h.Element]:
    return [_node(told, words, child, here) for child in _shown(reason, True)]


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


def _node(told: _Told, words: Words, reason: Reason, here: str) -> h.Element:
    sheet = told.sheet
    below = [] if reason.kind == "rule" else _shown(_taken(reason), True)  # a rule has a tree of its own
    before = told.conditions.setdefault(_same(words, reason), here) if below else here
    line = _line(sheet, words, reason, _said(sheet, words, reason))
    inner: h.Node = h.ul[[_node(told, words, child, here) for child in below]] if below else None
    if before != here:
        inner = h.span(".evidence")[
            sheet.text(sheet.say(f"各项条件和证据同上({before})", f"conditions and evidence as above ({before})"))
        ]
    return h.li(f".{CLASSES[reason.state]}")[h.div(".said")[h.span(".sign")[_sign(sheet, reason)], " ", line], inner]


def _same(words: Words, reason: Reason) -> tuple[object, ...]:
    """All that is said of a condition, and of whom: two with the same are said once."""
    found = reason.established
    said = words.question(found.key) + words.established(found) if found else ""
    case = reason.evaluation.case
    of = tuple(one for one in found.key.entities if one in case.posts or one in case.units) if found else ()
    below = () if reason.kind == "rule" else tuple(_same(words, child) for child in _shown(_taken(reason), True))
    return (reason.kind, reason.name, str(reason.state), reason.quotes, said, of, below)


def _said(sheet: Sheet, words: Words, reason: Reason) -> str:
    """The line of a condition; readings by their numbers, with the option taken."""
    if reason.kind != "choose":
        return words.said(reason)
    known = reason.name in sheet.introduced
    named = sheet.reading(reason.name)
    if not known:
        return sheet.say(f"依{named}", f"by {named}")
    taken = sheet.option(reason.name, _taken(reason).name)
    return sheet.say(f"依{named},取{taken}", f"by {named}: {taken}")


def _sign(sheet: Sheet, reason: Reason) -> h.Node:
    """The sign of a condition; its words for those who hear the page."""
    return [
        h.span(aria_hidden="true")[sheet.words.sign(reason.state)],
        h.span(".heard")[" ", sheet.words.verdict_within(reason)],
    ]


def _line(sheet: Sheet, words: Words, reason: Reason, said: str) -> h.Node:
    leaf = reason.children[0] if reason.negates_leaf else reason
    found = leaf.established
    quoted = "".join(words.quoted(cited) for cited in dict.fromkeys((*reason.quotes, *leaf.quotes)))
    begun: h.Node = [
        reason.mark and [h.span(".part")[words.say(*_PARTS[str(reason.mark)])], " "],
        quoted and [h.span(".quoted")[sheet.text(quoted)], " "],
    ]
    if found:
        evidence = h.span(".evidence")[sheet.text(words.established(found))]
        return [begun, sheet.text(words.question(found.key)), " ", evidence]
    return [begun, sheet.text(said)]


_PARTS = {"conduct": ("行为", "conduct"), "consequence": ("后果", "consequence")}


def _below(reason: Reason, folded: bool) -> list[Reason]:
    """The children to show. Folded, a bare operator with one deciding condition gives way to that condition."""
    if reason.negates_leaf:
        return []
    if not folded:
        return list(reason.children)
    if reason.kind == "gate" and reason.state is State.MADE_OUT:
        return []
    children: list[Reason] = []
    for child in (_through(child) for child in reason.deciding() if not (child.asks_nothing or _recorded(child))):
        same = child.kind == {"rule": "all", "exception": "all"}.get(reason.kind, reason.kind) and child.kind in _BARE
        children += _below(child, folded) if same and not child.quotes and not child.mark else [child]
    return children


def _through(reason: Reason) -> Reason:
    while reason.kind in _BARE | {"holds"} and not reason.quotes and not reason.mark:
        deciding = reason.deciding()
        if len(deciding) != 1:
            break
        reason = deciding[0]
    return reason


def _recorded(reason: Reason) -> bool:
    """What does not apply by the very kind of unit, post or act recorded: nobody argues over it, so it is not said."""
    return reason.kind == "not" and reason.state is State.MADE_OUT and all(_is_data(child) for child in reason.children)


def _is_data(reason: Reason) -> bool:
    if reason.kind == "leaf":
        return reason.evaluation.law.facts[reason.name].nature is Nature.DATA
    return bool(reason.children) and all(_is_data(child) for child in reason.children)
