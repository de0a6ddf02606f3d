"""The official words of an article as they stand in a case: met, failed, open; the text itself is never changed.

Every node of a tree of reasons quotes the words it encodes. Here the quotes are put back onto the paragraph they are taken from.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

import htpy as h

from wenze.law import Reason, State, half_width, on_screen, places_of
from wenze.page.sheet import Sheet

FAILED, OPEN, MET, NEEDLESS = 0, 1, 2, 3
CLASSES = {FAILED: "failed", OPEN: "undecided", MET: "met", NEEDLESS: ""}
_ALL = {"all", "every", "rule", "exception", "gate", "see", "place", "option", "choose"}

Standing = Mapping[tuple[str, str], int]  # (anchor, words) → FAILED, OPEN, MET or NEEDLESS


def standing(reason: Reason, turned: bool = False) -> dict[tuple[str, str], int]:
    """How each quoted word stands: what it asks for is met, failed or open. Below a negation, met means that it does not hold.

    Words quoted by several nodes stand as their nodes together do: the worst where all must be met, the best where one suffices.
    """
    found: dict[tuple[str, str], int] = {}
    worst = (reason.kind in _ALL) != turned
    for child in reason.children:
        if child.kind == "rule" or child.relieves:
            continue  # another conclusion, with a tree of its own
        below = standing(child, turned != (reason.kind == "not"))
        if _needless(reason, child):
            below = dict.fromkeys(below, NEEDLESS)
        if child.kind == "gate":  # whom an article is for is quoted as one
            below = {cited: state for cited, state in below.items() if state != NEEDLESS}
        for cited, state in below.items():
            found[cited] = _together(found.get(cited, NEEDLESS), state, worst)
    own = _stands(reason.state, turned)
    return found | {(cited.anchor, half_width(cited.words)): own for cited in reason.quotes}


def _together(one: int, other: int, worst: bool) -> int:
    if NEEDLESS in (one, other):
        return min(one, other)
    return (min if worst else max)(one, other)


def _needless(reason: Reason, child: Reason) -> bool:
    """An alternative that fails beside one that is met: its words are no condition here, neither met nor failed."""
    return reason.kind in {"any", "some"} and reason.state is State.MADE_OUT and child.state is not State.MADE_OUT


def _stands(state: State, turned: bool) -> int:
    if state is State.MADE_OUT:
        return FAILED if turned else MET
    if state is State.NOT_MADE_OUT:
        return MET if turned else FAILED
    return OPEN


def paragraphs(sheet: Sheet, anchor: str, found: Standing) -> h.Node:
    """The paragraphs the words are taken from, the article itself first, each word marked as it stands."""
    law = sheet.determination.law
    anchors = [one for one in law.articles if one == anchor or any(where == one for where, _ in found)]
    chapeau = anchor.partition(".")[0]
    shown = [one for one in anchors if one in (anchor, chapeau)]
    others = [one for one in anchors if one not in shown]
    elsewhere = h.details[
        h.summary[
            sheet.say("其他条文中的词语:", "Words of other articles: "),
            sheet.text(sheet.tongue.listed([sheet.words.cite(one) for one in others])),
        ],
        [_quoted(sheet, one, found) for one in others],
    ]
    return [[_quoted(sheet, one, found) for one in shown], others and elsewhere]


def _quoted(sheet: Sheet, anchor: str, found: Standing) -> h.Node:
    official = sheet.determination.law.paragraph(anchor)
    if not official:
        return None
    said = {CLASSES[state]: sheet.say(*names) for state, names in _SAID.items()}
    pieces = [
        h.mark(f".{class_}", title=said[class_])[words] if class_ else words
        for class_, words in _pieces(official, anchor, found)
    ]
    return h.blockquote(lang="zh-CN")[h.p[pieces]]


_SAID = {MET: ("具备", "met"), FAILED: ("不具备", "not met"), OPEN: ("尚不能认定", "open")}


def legend(sheet: Sheet) -> h.Node:
    keys = [h.span(".entry")[h.mark(f".{CLASSES[state]}")[sheet.say(*_SAID[state])]] for state in (MET, FAILED, OPEN)]
    return h.p(".legend")[
        sheet.say("条文中的词语:", "Words of the text: "),
        keys,
        sheet.say(
            "未标的词语,这一结论不靠它们:不是条件,或者是已有一项具备的选择项,或者是另行说明的例外;改取其他解读时它们是否具备,见“解读”。",
            "this result does not rest on unmarked words: no condition, an alternative beside one that is met, or an exception told apart; how they stand under another reading is said there.",
        ),
    ]


def _pieces(official: str, anchor: str, found: Standing) -> Iterator[tuple[str, str]]:
    """The text in runs of one standing: (class or "", words). Of quotes that overlap, the shorter says more."""
    marks = [""] * len(official)
    for (where, words), state in sorted(found.items(), key=lambda entry: -len(entry[0][1])):
        places = places_of(words, official) if where == anchor else []
        if len(words) == 1 and len(places) > 1:
            continue  # which 和 is meant, a quote does not say
        for start, end in places:
            marks[start:end] = [CLASSES[state]] * (end - start)
    shown = on_screen(official)  # INVARIANT: character for character
    for class_, run in groupby(range(len(official)), key=lambda at: marks[at]):
        yield class_, "".join(shown[at] for at in run)
