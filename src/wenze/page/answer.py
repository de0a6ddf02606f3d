"""The head of the page and the answer: what is made out and open, a card for each respondent, what contradicts; safeguards and notes."""

from __future__ import annotations

from collections.abc import Iterable, Sized

import htpy as h

from wenze.law import State
from wenze.page.card import card, has_card
from wenze.page.sheet import Sheet

_ANSWERS = {
    "yes": ("可以依据", "may be relied on"),
    "no": ("不可依据", "may not be relied on"),
    "open": ("尚不可依据", "may not be relied on yet"),
}


def head(sheet: Sheet) -> h.Node:
    determination, say = sheet.determination, sheet.say
    law, day = determination.law, sheet.words.day
    return h.header(".head")[
        h.p(".kind")[say("问责情形认定意见", "Determination")],
        h.h1[sheet.tongue.of(determination.case.title)],
        h.p(".law")[
            say("依据:", "Under: "),
            sheet.tongue.of(law.title),
            h.span(".nowrap")[say(f"({day(law.in_force)}起施行)", f" (in force from {day(law.in_force)})")],
        ],
        h.p(".law")[say(f"认定日期:{day(determination.on)}", f"Determined on {day(determination.on)}")],
        h.p(".caution")[
            say(
                "本意见由下列事实、证据和对条文的解读推出,供集体研究,不是决定;是否问责、如何问责,由有权机关集体决定。",
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
    shown = [pair for pair in sheet.pairs if has_card(sheet, *pair)]
    rest = [pair for pair in sheet.pairs if pair not in shown]
    return sheet.section(
        "answer",
        "结论",
        "Answer",
        h.p(".lead")[_lead(sheet)],
        _alternatives(sheet),
        len(shown) > 1
        and h.p(".soft")[
            sheet.say(
                f"以下逐一说明,共{len(shown)}项,接续各页。",
                f"Each is set out below, {len(shown)} in all, on the following pages.",
            )
        ],
        [card(sheet, *pair) for pair in shown],
        rest
        and h.p(".rest")[
            sheet.say(
                "就已经录入的事实,没有情形成立或者有待认定:",
                "No circumstance made out, none open on what was entered: ",
            ),
            sheet.text(sheet.joined(sheet.words.pair(*pair) for pair in rest)),
        ],
    )


def _lead(sheet: Sheet) -> list[h.Node]:
    """How many, at a glance: what may be relied on and what may not are never counted together."""
    made, guarded, still, clash = (
        [one for one in sheet.circumstances if one.state is state and sheet.guarded(one) is held]
        for state, held in (
            (State.MADE_OUT, False),
            (State.MADE_OUT, True),
            (State.OPEN, False),
            (State.CONTRADICTORY, False),
        )
    )
    circumstances = [
        (made, f"成立{len(made)}项", f"{len(made)} made out"),
        (
            guarded,
            f"依文本成立而尚不可依据{len(guarded)}项",
            f"{len(guarded)} made out by the text, not yet to be relied on",
        ),
        (still, f"尚不能认定{len(still)}项", f"{len(still)} not yet determinable"),
        (clash, f"事实相互矛盾{len(clash)}项", f"{len(clash)} on contradictory facts"),
    ]
    bear = {one.respondent for one in sheet.borne if not sheet.guarded(one)}
    held = {one.respondent for one in sheet.borne} - bear
    unsettled = {one.respondent for one in sheet.unsettled} - bear - held
    relieved = {who for who, _, _ in sheet.relieved} - bear - held - unsettled
    unit = (
        "个" if sheet.determination.case.units.keys() & (bear | held | unsettled | relieved) else "人"
    )  # organs are no persons
    people = [
        (bear, f"应承担{len(bear)}{unit}", f"{len(bear)} respondent{_s(bear)} responsible"),
        (held, f"依文本应承担而尚不可依据{len(held)}{unit}", f"{len(held)} by the text only, not yet to be relied on"),
        (unsettled, f"尚待查清{len(unsettled)}{unit}", f"{len(unsettled)} still to be established"),
        (relieved, f"因例外不承担{len(relieved)}{unit}", f"{len(relieved)} relieved by an exception"),
    ]
    named = [(who, f"{zh}({_named(sheet, who)})", f"{en} ({_named(sheet, who)})") for who, zh, en in people]
    return [
        h.span(".line")[sheet.say("情形:", "Circumstances: "), sheet.text(_counted(sheet, circumstances))],
        h.span(".line")[sheet.say("责任:", "Responsibility: "), sheet.text(_counted(sheet, named))],
    ]


def _named(sheet: Sheet, found: set[str]) -> str:
    """Respondents in the order of the case."""
    listed = dict.fromkeys(who for who, _ in sheet.pairs if who in found)
    return sheet.say("、", ", ").join(map(sheet.words.entity, listed))


def _counted(sheet: Sheet, counts: Iterable[tuple[Sized, str, str]]) -> str:
    listed = [sheet.say(zh, en) for found, zh, en in counts if found]
    none = sheet.say("没有成立或者有待认定的", "nothing made out or open")
    return sheet.say(f"{';'.join(listed) or none}。", f"{'; '.join(listed) or none}.")


def _s(found: Sized) -> str:
    return "" if len(found) == 1 else "s"


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
    """What the safeguards say, each once with those it is said of."""
    shown = [one for one in sheet.determination.reliance if sheet.determination.touched(one.conclusion)]
    if not shown:
        return None
    said: dict[tuple[str, str], list[str]] = {}
    guards = {one.guard.id: one.guard for one in shown}
    for one in shown:
        where = f"{sheet.words.pair(one.conclusion.respondent, one.conclusion.act)} {sheet.words.cite(one.conclusion.rule.anchor)}"
        said.setdefault((one.guard.id, one.answer), []).append(where)
    items = [
        h.li[
            h.strong[sheet.tongue.of(guards[guard].title), sheet.tongue.colon(), sheet.say(*_ANSWERS[answer])],
            " ",
            h.span(".soft")[sheet.text(sheet.say(f"({sheet.joined(who)})", f" ({sheet.joined(who)})"))],
            answer != "yes" and h.p[sheet.tongue.of(guards[guard].text)],
        ]
        for (guard, answer), who in said.items()
    ]
    intro = sheet.say(
        "条文没有这些要求,它们不改变文本上的结论:为了不让一般条款、兜底条款绕开专门条款的要件,编写本规则的人另外要求满足以下条件,才把结论作为决定的依据。",
        "The text does not ask for this, and no state changes by it: so that general and catch-all items do not get round what the specific items require, those who encoded the text ask for the following before a result may be relied on.",
    )
    return sheet.section("reliance", "可否依据", "May it be relied on?", h.p(".soft")[intro], h.ul[items])


def notes(sheet: Sheet) -> h.Node:
    bearing = [one for one in sheet.determination.notes if sheet.determination.bears(one)]
    shown = [one for one in bearing if not one.open]
    maybe = dict.fromkeys(one.note.title.in_(sheet.tongue.lang) for one in bearing if one.open)
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
            sheet.say(
                "事实查清以后才知道是否适用的提示:", "Whether these notes apply is not known until the facts are: "
            ),
            sheet.text(sheet.say(";", "; ").join(maybe)),
        ],
    )
