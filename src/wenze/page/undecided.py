"""What is still open: what is missing for each conclusion, with the proof the law accepts, and where the evidence is weak."""

from __future__ import annotations

import htpy as h

from wenze.law import Conclusion, Direction, Established, Missing, Question, State, Words
from wenze.page.sheet import Sheet

_MOST_SETS = 6  # of the sets that would settle a conclusion; the JSON form has all


def missing(sheet: Sheet) -> h.Node:
    found = [one for one in sheet.circumstances if one.state is State.OPEN] + sheet.unsettled
    parts = [_needs(sheet, one) for one in found]
    evidence = weaknesses(sheet)
    if evidence:
        parts.append(h.article(".needs")[h.h3[sheet.say("证据上的问题", "Questions of evidence")], h.ul[evidence]])
    if not parts:
        return None
    return sheet.section("missing", "还没有查清的", "What is still open", parts)


def _needs(sheet: Sheet, one: Conclusion) -> h.Node:
    needed = sheet.missing(one)
    words = sheet.words.below(one)
    first = needed.ask[0] if needed.ask else None
    return h.article(".needs")[
        h.h3[sheet.pair(one.respondent, one.act)],
        h.p(".result")[sheet.verdict(one), " ", sheet.cited(one)],
        first
        and h.p(".ask")[
            h.strong[sheet.say("先问:", "Ask first: ")],
            sheet.text(words.question(first)),
            " ",
            h.span(".evidence")[sheet.say("可以证明:", "accepted proof: "), sheet.text(words.proof(first))],
        ],
        needed.beyond and h.p(".soft")[sheet.text(words.beyond())],
        not needed.beyond and _ways(sheet, words, needed, sheet.words.worded(State.MADE_OUT, sheet.reserved(one))),
        _proofs(sheet, words, one),
        needed.idle
        and h.details(".idle")[
            h.summary[sheet.say(f"不必再问的事实 {len(needed.idle)} 项", f"{len(needed.idle)} facts no longer needed")],
            h.p(".soft")[sheet.text(sheet.say("、", "; ").join(words.fact(key) for key in needed.idle))],
        ],
    ]


def _ways(sheet: Sheet, words: Words, needed: Missing, made_out: str) -> h.Node:
    """What answers would settle it; where it is one question, in one line. `made_out`: what it would then be, in words."""
    one = len(needed.ask) == 1 and len(needed.for_it.sets) == len(needed.against_it.sets) == 1
    if one and needed.for_it.sets[0] and needed.for_it.sets[0][0][0] == needed.ask[0]:
        yes, no = sheet.say("是", "yes"), sheet.say("否", "no")
        made, not_ = (yes, no) if needed.for_it.sets[0][0][1] else (no, yes)
        return h.p[
            sheet.say(
                f"只差这一项:答“{made}”即{made_out},答“{not_}”即不成立。",
                f"This alone is lacking: on “{made}” it is {made_out}, “{not_}” defeats it.",
            )
        ]
    return h.div(".ways")[
        _sets(sheet, words, needed.for_it, f"有以下回答即{made_out}", f"Answers on which it would be {made_out}"),
        _sets(sheet, words, needed.against_it, "有以下回答即不成立", "Answers that would defeat it"),
    ]


def _sets(sheet: Sheet, words: Words, direction: Direction, zh: str, en: str) -> h.Node:
    if not direction.sets:
        none = (
            sheet.say("没有五项以内的组合", "no set of five or fewer")
            if direction.longer
            else sheet.say("没有", "none")
        )
        return h.div[h.h4[sheet.say(zh, en)], h.p(".soft")[none]]
    more = len(direction.sets) > _MOST_SETS or direction.longer
    return h.div[
        h.h4[sheet.say(zh, en)],
        h.ul[
            [
                h.li[
                    [
                        [at > 0 and h.span(".and")[sheet.say(",并且", ", and ")], _reply(sheet, words, answer)]
                        for at, answer in enumerate(answers)
                    ]
                ]
                for answers in direction.sets[:_MOST_SETS]
            ]
        ],
        more and h.p(".soft")[sheet.say("此外还有其他组合。", "There are others besides.")],
    ]


def _reply(sheet: Sheet, words: Words, answer: tuple[Question, bool]) -> h.Node:
    question, holds = answer
    return [
        sheet.text(words.question(question)),
        " ",
        h.strong[sheet.say("是", "Yes") if holds else sheet.say("否", "No")],
    ]


def _proofs(sheet: Sheet, words: Words, one: Conclusion) -> h.Node:
    """What would prove each fact still to be asked, in the order to ask."""
    asked = sheet.missing(one).ask
    if len(asked) < 2:
        return None
    rows = [
        h.tr[h.th(scope="row")[sheet.text(words.question(question))], h.td[sheet.text(words.proof(question))]]
        for question in asked
    ]
    return h.details[
        h.summary[
            sheet.say(
                f"按提问次序的 {len(asked)} 项事实和可以证明它的材料",
                f"the {len(asked)} facts in the order to ask, with accepted proof",
            )
        ],
        h.div(".wide", tabindex="0", role="region", aria_label=sheet.say("事实和证明", "facts and proof"))[
            h.table[
                h.thead[
                    h.tr[
                        h.th(scope="col")[sheet.say("事实", "fact")],
                        h.th(scope="col")[sheet.say("可以证明", "accepted proof")],
                    ]
                ],
                h.tbody[rows],
            ]
        ],
    ]


# Evidence


def weaknesses(sheet: Sheet) -> list[h.Element]:
    """Where the evidence entered is weak, whatever the state: both sides, no effect, something missing from it, a source not held."""
    case = sheet.determination.case
    found = [sheet.determination.evaluation.fact(key) for key in dict.fromkeys((*case.facts, *case.findings))]
    lines = [
        *(line for one in found if (line := _weak(sheet, one))),
        *(
            sheet.say(f"材料不完整:{one.title},缺{one.lacks}", f"incomplete: {one.title} lacks {one.lacks}")
            + _rest_on(sheet, one.id)
            for one in case.evidence.values()
            if one.lacks
        ),
        *(
            sheet.say(f"职责“{one.title}”的出处不在案", f"the source of the duty “{one.title}” is not on file")
            for one in case.duties.values()
            if one.held is False
        ),
    ]
    return [h.li[sheet.text(line)] for line in lines]


def _rest_on(sheet: Sheet, evidence: str) -> str:
    """Of whom and of which acts a piece of evidence proves or disproves something, to end a line with."""
    case = sheet.determination.case
    records = (record for record in case.facts.values() if evidence in (*record.supporting, *record.opposing))
    spoken_of = {entity for record in records for entity in record.key.entities}
    found = [one for one in (*case.units, *case.posts, *case.acts) if one in spoken_of]
    listed = sheet.say("、", ", ").join(map(sheet.words.entity, found))
    return sheet.say(f";以它为据的事实涉及:{listed}", f"; facts rest on it about: {listed}") if found else ""


def _weak(sheet: Sheet, found: Established) -> str:
    question = sheet.words.question(found.key)
    if found.contested:
        return f"{sheet.say('证据相反', 'evidence on both sides')}{sheet.tongue.colon()}{question} {sheet.words.established(found)}"
    if found.ignored or found.incomplete:
        return f"{sheet.say('没有效力', 'without effect')}{sheet.tongue.colon()}{question} {sheet.words.established(found)}"
    return ""
