"""Two tables: respondents × circumstances at a glance, and participants × kinds of responsibility."""

from __future__ import annotations

from itertools import groupby

import htpy as h

from wenze.law import Conclusion, Rule, State
from wenze.page.sheet import CLASSES, GUARDED, OPEN_OR_MADE, Sheet


def glance(sheet: Sheet) -> h.Node:
    """Every circumstance of every pair: one cell each, its state the determination's."""
    found = sheet.determination.circumstances
    if not found:
        return None
    rules = list({one.rule.id: one.rule for one in found}.values())
    cells = {(one.respondent, one.act, one.rule.id): one for one in found}
    rows = [
        h.tr[
            h.th(scope="row")[_who(sheet, respondent, act)],
            [_small(sheet, cells.get((respondent, act, rule.id))) for rule in rules],
        ]
        for respondent, act in dict.fromkeys((one.respondent, one.act) for one in found)
    ]
    looked_at = {(one.respondent, one.act) for one in found}
    rows += [
        h.tr[
            h.th(scope="row")[_who(sheet, respondent, act)],
            h.td(".aside", colspan=str(len(rules)))[
                sheet.say(
                    "本件没有就各项情形对其逐项认定,只认定责任:见“责任划分”",
                    "not examined item by item in this case, only for responsibility: see Responsibility",
                )
            ],
        ]
        for respondent, act in sheet.pairs
        if (respondent, act) not in looked_at
    ]
    articles = [
        (article, list(columns)) for article, columns in groupby(rules, key=lambda rule: rule.anchor.partition(".")[0])
    ]
    table = h.table(".glance")[
        h.thead[
            h.tr[
                h.th(rowspan="2", scope="col")[sheet.say("问责对象 · 行为", "respondent · act")],
                [
                    h.th(scope="colgroup", colspan=str(len(columns)))[_article(sheet, article, columns)]
                    for article, columns in articles
                ],
            ],
            h.tr[[h.th(scope="col", title=sheet.words.cite(rule.anchor))[_item(sheet, rule)] for rule in rules]],
        ],
        h.tbody[rows],
    ]
    return sheet.section("glance", "一览", "At a glance", _scrolled(sheet, "glance", table), _legend(sheet))


def _scrolled(sheet: Sheet, name: str, table: h.Node) -> h.Node:
    return h.div(".wide", tabindex="0", role="region", aria_labelledby=sheet.id(f"{name}-title"))[table]


def _who(sheet: Sheet, respondent: str, act: str) -> h.Node:
    return [
        sheet.text(sheet.words.entity(respondent)),
        act and [" ", h.span(".act")[sheet.text(sheet.words.entity(act))]],
    ]


def _article(sheet: Sheet, article: str, columns: list[Rule]) -> h.Node:
    title = sheet.words.cite(article)
    return title if len(columns) > 2 else h.span(title=title)[article]


def _item(sheet: Sheet, rule: Rule) -> str:
    """The number of the item alone: (七) or 7."""
    _, _, item = rule.anchor.partition(".")
    if not item:
        return "·"
    return (
        item if sheet.tongue.lang == "en" else sheet.words.cite(rule.anchor).partition("（")[2].rstrip("）项") or item
    )


def _small(sheet: Sheet, one: Conclusion | None) -> h.Node:
    if one is None:
        return h.td
    untouched = ".untouched" if not sheet.determination.touched(one) else ""
    return h.td(
        f".{sheet.look(one)}{untouched}",
        sheet.marked(one),
        title=f"{sheet.words.cite(one.rule.anchor)}{sheet.tongue.colon()}{sheet.words.verdict(one)}",
    )[sheet.sign(one)]


def _legend(sheet: Sheet) -> h.Node:
    states = (State.MADE_OUT, State.OPEN, State.NOT_MADE_OUT, State.NOT_APPLICABLE, State.CONTRADICTORY)
    untouched: h.Node = [
        h.span(".key.open.untouched", aria_hidden="true")["?"],
        sheet.say("尚未录入涉及的事实,不能认定", "open: nothing entered that bears on it"),
    ]
    return h.p(".legend")[
        [
            h.span(".entry")[
                h.span(f".key.{CLASSES[state]}", aria_hidden="true")[sheet.words.sign(state)], sheet.words.state(state)
            ]
            for state in states[:2]
        ],
        any(map(sheet.guarded, sheet.circumstances))
        and h.span(".entry")[h.span(f".key.{GUARDED}", aria_hidden="true")["✓"], sheet.words.guarded()],
        h.span(".entry")[untouched],
        [
            h.span(".entry")[
                h.span(f".key.{CLASSES[state]}", aria_hidden="true")[sheet.words.sign(state)], sheet.words.state(state)
            ]
            for state in states[2:]
        ],
    ]


def responsibility(sheet: Sheet) -> h.Node:
    """Rows: participants of each act; columns: the kinds some rule gives somebody; cells: state and article."""
    determination = sheet.determination
    found = [one for one in determination.responsibilities if one.state in OPEN_OR_MADE]
    kinds = list(dict.fromkeys(one.kind for one in found))
    parts: list[h.Node] = []
    if not found:
        parts.append(h.p[sheet.say("没有人的责任成立或者有待认定。", "No responsibility is made out or open.")])
    else:
        pairs = [
            pair
            for pair in determination.case.participations
            if any((one.respondent, one.act) == pair for one in found)
        ]
        rows = [
            h.tr[
                h.th(scope="row")[_who(sheet, *pair)],
                [
                    _cell(sheet, [one for one in found if (one.respondent, one.act, one.kind) == (*pair, kind)])
                    for kind in kinds
                ],
            ]
            for pair in pairs
        ]
        heads = [h.th(scope="col")[sheet.text(sheet.words.term("种类", kind))] for kind in kinds]
        table = h.table(".kinds")[
            h.thead[h.tr[h.th(scope="col")[sheet.say("问责对象 · 行为", "respondent · act")], heads]], h.tbody[rows]
        ]
        parts.append(_scrolled(sheet, "responsibility", table))
        others = [pair for pair in determination.case.participations if pair not in pairs]
        none = sheet.say("就已经录入的事实不承担:", "None, on what was entered, for: ")
        parts.append(
            others
            and h.p(".rest")[none, sheet.text(sheet.say(";", "; ").join(sheet.words.pair(*pair) for pair in others))]
        )
        parts.append(
            h.p(".legend")[
                sheet.say(
                    "空格:依文本不成立。每格注明依据的条文;虚线框:依文本成立,尚不可依据。",
                    "Blank: not made out by the text. Each cell names its article; a dashed frame: made out by the text, not yet to be relied on.",
                )
            ]
        )
    return sheet.section("responsibility", "责任划分", "Responsibility", *parts)


def _cell(sheet: Sheet, found: list[Conclusion]) -> h.Node:
    return h.td[
        [
            h.span(f".chip.{sheet.look(one)}", sheet.marked(one))[
                sheet.sign(one), " ", sheet.text(sheet.words.cite(one.rule.anchor))
            ]
            for one in found
        ]
    ]
