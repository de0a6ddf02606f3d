"""The head of the page and the answer: what is made out for whom, what each bears, what is still open, what contradicts."""

from __future__ import annotations

import htpy as h

from wenze.law import Conclusion, State
from wenze.page.sheet import CLASSES, Sheet

_ANSWERS = {
    "yes": ("可以依据", "may be relied on"),
    "no": ("不可依据", "may not be relied on"),
    "open": ("尚不可依据", "may not be relied on yet"),
}


def head(sheet: Sheet) -> h.Node:
    determination, say = sheet.determination, sheet.say
    law, case = determination.law, determination.case
    return h.header(".head")[
        h.p(".kind")[say("认定", "Determination")],
        h.h1[sheet.tongue.of(case.title)],
        h.p(".law")[
            sheet.tongue.of(law.title),
            h.span(".nowrap")[say(f"(自{law.in_force}起施行)", f" (in force from {law.in_force})")],
        ],
        h.p(".law")[
            say("案件编号 ", "Case "),
            h.code[sheet.text(case.id)],
            say(f" · 认定日期 {determination.on}", f" · determined on {determination.on}"),
        ],
        h.p(".caution")[
            say(
                "本件是依据所列事实、证据和解读得出的推理结果,不是决定;是否问责、如何问责由有权机关集体决定。",
                "This is what follows from the facts, evidence and readings shown. It is not a decision: people decide.",
            )
        ],
    ]


def contradictions(sheet: Sheet) -> h.Node:
    found = sheet.determination.contradictions
    if not found:
        return None
    listed = [h.li[h.span(aria_hidden="true")["! "], sheet.text(sheet.words.conflict(conflict))] for conflict in found]
    return sheet.section("contradictions", "事实相互矛盾", "The facts contradict", h.ul(".plain")[listed])


def answer(sheet: Sheet) -> h.Node:
    shown = [pair for pair in sheet.pairs if _circumstances(sheet, *pair) or _borne(sheet, *pair)]
    rest = [pair for pair in sheet.pairs if pair not in shown]
    return sheet.section(
        "answer",
        "结论",
        "Answer",
        h.p(".lead")[_lead(sheet)],
        [_card(sheet, *pair) for pair in shown],
        rest
        and h.p(".rest")[
            sheet.say(
                "没有情形成立或者有待认定(已录入的事实之内):",
                "No circumstance made out, none open on what was entered: ",
            ),
            _row(sheet, rest),
        ],
        _alternatives(sheet),
    )


def _row(sheet: Sheet, pairs: list[tuple[str, str]]) -> h.Node:
    return sheet.text(sheet.say(";", "; ").join(sheet.words.pair(*pair) for pair in pairs))


def _lead(sheet: Sheet) -> str:
    """How many, at a glance."""
    made, still, clash = (
        sum(one.state is state for one in sheet.circumstances)
        for state in (State.MADE_OUT, State.OPEN, State.CONTRADICTORY)
    )
    who = len({one.respondent for one in sheet.borne})
    if sheet.tongue.lang == "zh":
        contradictory = f",事实相互矛盾的 {clash} 项" if clash else ""
        return sheet.say(
            f"成立的情形 {made} 项,尚不能认定的 {still} 项{contradictory};已认定承担责任的 {who} 个主体。", ""
        )
    contradictory = f", {clash} on contradictory facts" if clash else ""
    circumstances = (
        f"{made} circumstance{'' if made == 1 else 's'} made out, {still} not yet determinable{contradictory}"
    )
    bearing = f"{who} respondent{'' if who == 1 else 's'}" if who else "nobody"
    return f"{circumstances}; responsibility is made out for {bearing}."


def _circumstances(sheet: Sheet, respondent: str, act: str) -> list[Conclusion]:
    return [one for one in sheet.circumstances if (one.respondent, one.act) == (respondent, act)]


def _borne(sheet: Sheet, respondent: str, act: str) -> list[Conclusion]:
    return [one for one in sheet.borne if (one.respondent, one.act) == (respondent, act)]


def _card(sheet: Sheet, respondent: str, act: str) -> h.Node:
    circumstances, borne = _circumstances(sheet, respondent, act), _borne(sheet, respondent, act)
    return h.div(".card")[
        h.h3[sheet.text(sheet.words.entity(respondent)), " ", h.span(".act")[sheet.text(sheet.words.entity(act))]],
        h.ul(".plain.results")[[_result(sheet, one) for one in circumstances]] if circumstances else None,
        h.p(".bears")[_bears(sheet, borne)]
        if borne or any(one.state is State.MADE_OUT for one in circumstances)
        else None,
    ]


def _result(sheet: Sheet, one: Conclusion) -> h.Node:
    answers = [said.answer for said in sheet.determination.reliance if said.conclusion == one]
    return h.li(f".{CLASSES[one.state]}", sheet.marked(one))[
        sheet.badge(one.state),
        h.span(".what")[sheet.cited(one), one.outcome.gate_open and sheet.say("(或者不适用)", " (or not applicable)")],
        h.span(".ground")[
            sheet.text(sheet.words.robustness(one)),
            [[sheet.say(";保障:", "; safeguard: "), sheet.say(*_ANSWERS[answer])] for answer in dict.fromkeys(answers)],
        ],
    ]


def _bears(sheet: Sheet, borne: list[Conclusion]) -> h.Node:
    if not borne:
        return sheet.say("责任:尚无一种已认定(见“责任划分”)", "Responsibility: no kind is made out yet (see below)")
    items = [
        h.span(sheet.marked(one))[
            h.strong[sheet.text(sheet.words.kind(one))],
            sheet.text(
                sheet.say(
                    f"({sheet.words.cite(one.rule.anchor)};{sheet.words.robustness(one)})",
                    f" ({sheet.words.cite(one.rule.anchor)}; {sheet.words.robustness(one)})",
                )
            ),
        ]
        for one in borne
    ]
    return [
        sheet.say("承担 ", "Bears "),
        [[sheet.say("、", ", ") if at else None, item] for at, item in enumerate(items)],
    ]


def _alternatives(sheet: Sheet) -> h.Node:
    lines = []
    for pair in sheet.determination.alternatives:
        first, second = (sheet.words.cite(conclusion.rule.anchor) for conclusion in pair)
        zh = f"{first}与{second}必有一项成立,但不能同时成立;在查清之前不得据以作出决定。"
        lines.append(
            h.p(".warning")[
                sheet.text(
                    sheet.say(
                        zh,
                        f"Exactly one of {first} and {second} holds; nothing can rest on either until it is known which.",
                    )
                )
            ]
        )
    return lines


def reliance(sheet: Sheet) -> h.Node:
    shown = [one for one in sheet.determination.reliance if sheet.determination.touched(one.conclusion)]
    if not shown:
        return None
    items = [
        h.li[
            h.strong[
                sheet.text(
                    f"{sheet.words.pair(one.conclusion.respondent, one.conclusion.act)} {sheet.words.cite(one.conclusion.rule.anchor)}{sheet.tongue.colon()}{sheet.say(*_ANSWERS[one.answer])}"
                )
            ],
            h.br,
            sheet.tongue.of(one.guard.title),
            one.answer != "yes" and h.p(".soft")[sheet.tongue.of(one.guard.text)],
        ]
        for one in shown
    ]
    intro = sheet.say(
        "这是软件自设的保障,与文本上的结论分开:不改变任何状态。",
        "The software's own safeguards, apart from what follows from the text: they change no state.",
    )
    return sheet.section("reliance", "可否依据", "May it be relied on?", h.p(".soft")[intro], h.ul[items])


def competence(sheet: Sheet) -> h.Node:
    made = {
        (one.respondent, act)
        for one in sheet.determination.circumstances
        if one.state is State.MADE_OUT
        for act in (one.act, "")
    }
    listed = (*sheet.determination.competences, *sheet.determination.channels)
    found = [
        one
        for one in listed
        if one.state is State.MADE_OUT or (one.state is State.OPEN and (one.respondent, one.act) in made)
    ]
    if not found:
        return None
    rows = [
        h.tr(sheet.marked(one))[
            h.th(scope="row")[sheet.pair(one.respondent, one.act)],
            h.td[
                sheet.text(
                    f"{sheet.words.kind(one)}{sheet.say('(', ' (')}{sheet.words.modality(one)}{sheet.say(')', ')')}"
                )
            ],
            h.td[sheet.text(sheet.words.cite(one.rule.anchor))],
            h.td[sheet.badge(one.state)],
        ]
        for one in found
    ]
    heads = [
        h.th(scope="col")[sheet.say(*name)]
        for name in (("对象", "respondent"), ("机关或渠道", "organ or channel"), ("依据", "basis"), ("状态", "state"))
    ]
    table = h.div(".wide", tabindex="0", role="region", aria_labelledby=sheet.id("competence-title"))[
        h.table[h.thead[h.tr[heads]], h.tbody[rows]]
    ]
    return sheet.section("competence", "谁可以处理、经哪些渠道", "Who may act, and by which channels", table)


def notes(sheet: Sheet) -> h.Node:
    shown = [one for one in sheet.determination.notes if not one.open]
    maybe = dict.fromkeys(one.note.title.in_(sheet.tongue.lang) for one in sheet.determination.notes if one.open)
    if not shown and not maybe:
        return None
    said: dict[str, list[str]] = {}
    for one in shown:
        said.setdefault(one.note.text.in_(sheet.tongue.lang), []).append(sheet.words.pair(one.respondent, one.act))
    items = [
        h.li[sheet.text(text), h.span(".soft")[sheet.text(sheet.say(f"({';'.join(who)})", f" ({'; '.join(who)})"))]]
        for text, who in said.items()
    ]
    return sheet.section(
        "notes",
        "提示",
        "Notes",
        items and h.ul[items],
        maybe
        and h.p(".soft")[
            sheet.say("可能适用,尚待认定:", "May apply, not yet settled: "),
            sheet.text(sheet.say(";", "; ").join(maybe)),
        ],
    )
