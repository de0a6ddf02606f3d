"""What is still open: what is missing for each conclusion, with the proof the law accepts, and the readings results depend on."""

from __future__ import annotations

from collections.abc import Iterable

import htpy as h

from wenze.law import Conclusion, Direction, State, Words
from wenze.page.sheet import CLASSES, Sheet

_MOST_SETS = 6  # of the sets that would settle a conclusion; the JSON form has all


def missing(sheet: Sheet) -> h.Node:
    determination = sheet.determination
    made = {one.act for one in determination.circumstances if one.state is State.MADE_OUT}
    found = [one for one in sheet.circumstances if one.state is State.OPEN]
    found += [one for one in determination.responsibilities if one.state is State.OPEN and one.act in made]
    if not found:
        return None
    return sheet.section("missing", "还缺什么", "What is missing", [_needs(sheet, one) for one in found])


def _needs(sheet: Sheet, one: Conclusion) -> h.Node:
    needed = sheet.missing(one)
    words = sheet.words.below(one)
    first = needed.ask[0] if needed.ask else None
    return h.article(".needs")[
        h.h3[sheet.pair(one.respondent, one.act)],
        h.p(".result")[sheet.badge(one.state), " ", sheet.cited(one)],
        first
        and h.p(".ask")[
            h.strong[sheet.say("先问:", "Ask first: ")],
            sheet.text(words.question(first)),
            " ",
            h.span(".evidence")[sheet.say("可以证明:", "accepted proof: "), sheet.text(words.proof(first))],
        ],
        needed.beyond and h.p(".soft")[sheet.text(words.beyond())],
        not needed.beyond
        and h.div(".ways")[
            _sets(sheet, words, needed.for_it, "足以认定成立的答案", "Answers that would make it out"),
            _sets(sheet, words, needed.against_it, "足以认定不成立的答案", "Answers that would defeat it"),
        ],
        _proofs(sheet, words, one),
        needed.idle
        and h.details(".idle")[
            h.summary[sheet.say(f"不必再问的事实 {len(needed.idle)} 项", f"{len(needed.idle)} facts no longer needed")],
            h.p(".soft")[sheet.text(sheet.say("、", "; ").join(words.fact(key) for key in needed.idle))],
        ],
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
                        [h.span(".and")[sheet.say(" 并且 ", " and ")] if at else None, sheet.text(words.reply(answer))]
                        for at, answer in enumerate(answers)
                    ]
                ]
                for answers in direction.sets[:_MOST_SETS]
            ]
        ],
        more and h.p(".soft")[sheet.say("还有其他组合(见 JSON)。", "There are more (see the JSON form).")],
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


# Readings


def readings(sheet: Sheet) -> h.Node:
    """Every reading some result depends on, and what each other option would make of it."""
    determination = sheet.determination
    depends = {reading for one in determination.all() for reading in one.outcome.depends}
    shown = [one for one in determination.in_force if one.reading in depends]
    if not shown:
        return None
    items = [
        h.article(".reading")[
            h.h3[h.code[sheet.text(one.reading)]],
            h.p[sheet.tongue.of(determination.law.readings[one.reading].question)],
            h.p(".result")[h.strong[sheet.text(sheet.words.in_force(one).rpartition(" → ")[2])]],
            _options(sheet, one.reading),
        ]
        for one in shown
    ]
    return sheet.section(
        "readings", "结论所取决的解读", "Readings that the results depend on", items, _combinations(sheet)
    )


def _options(sheet: Sheet, reading: str) -> h.Node:
    determination = sheet.determination
    found = [
        (one, determination.options(one)[reading]) for one in determination.all() if reading in one.outcome.depends
    ]
    changed = [(one, states) for one, states in found if any(state is not one.state for state in states.values())]
    told = [(one, states) for one, states in changed if _matters(sheet, one, states.values())]
    rest = len(changed) - len(told)
    others = (
        rest > 0
        and h.p(".soft")[
            sheet.say(
                f"另有 {rest} 项结论在“不成立”“不适用”和未录入事实的“尚不能认定”之间改变(见回执)。",
                f"{rest} further results move between not made out, not applicable and open with nothing entered (see the receipt).",
            )
        ]
    )
    if not told:
        return (
            others
            or h.p(".soft")[sheet.say("这一解读单独改变时没有结果改变。", "Changed alone, it changes no result.")]
        )
    options = determination.law.readings[reading].options
    rows = [
        h.tr[
            h.th(scope="row")[
                sheet.text(
                    f"{sheet.words.pair(one.respondent, one.act)} {sheet.words.cite(one.rule.anchor)} {sheet.words.kind(one)}"
                ),
                _flags(sheet, one, reading),
            ],
            [
                h.td[
                    h.span(f".chip.{CLASSES[states[option]]}")[
                        sheet.words.sign(states[option]), " ", sheet.words.state(states[option])
                    ]
                ]
                for option, _ in options
            ],
        ]
        for one, states in told
    ]
    in_force = determination.evaluation.options[reading]
    heads = [
        h.th(scope="col")[
            sheet.tongue.of(text), option == in_force and h.span(".inforce")[sheet.say("(采用)", " (in force)")]
        ]
        for option, text in options
    ]
    table = h.table(".options")[h.thead[h.tr[h.th(scope="col")[sheet.say("结论", "result")], heads]], h.tbody[rows]]
    return [
        h.div(".wide", tabindex="0", role="region", aria_label=sheet.say("各选项的结果", "results by option"))[table],
        others or None,
    ]


def _matters(sheet: Sheet, one: Conclusion, states: Iterable[State]) -> bool:
    """Whether a reader has to know: the conclusion is made out or looked at, or would be made out."""
    looked_at = one.state in (State.MADE_OUT, State.CONTRADICTORY) or one in sheet.circumstances
    return looked_at or any(state in (State.MADE_OUT, State.CONTRADICTORY) for state in states)


def _flags(sheet: Sheet, one: Conclusion, reading: str) -> h.Node:
    wider = reading in sheet.determination.rests_on_wider(one)
    heavier = reading in sheet.determination.heavier(one)
    return [
        wider
        and h.span(".soft")[sheet.say("(默认解读宽于最轻的解读)", " (the default is wider than the mildest reading)")],
        heavier
        and h.p(".warning")[
            sheet.say(
                "此解读在行为之后确定,且使结果更重,须由人决定是否适用。",
                "This reading was settled after the conduct and makes the result heavier: a person must decide whether it applies.",
            )
        ],
    ]


def _combinations(sheet: Sheet) -> h.Node:
    """Where only several readings together change a result."""
    lines = []
    for one in sheet.determination.all():
        for options, state in sheet.determination.combinations(one) if one.outcome.depends else ():
            chosen = sheet.say("、", ", ").join(
                f"{reading} = {_option(sheet, reading, option)}" for reading, option in options.items()
            )
            lines.append(
                h.li[
                    sheet.pair(one.respondent, one.act),
                    " ",
                    sheet.text(
                        f"{sheet.words.cite(one.rule.anchor)}{sheet.tongue.colon()}{chosen} → {sheet.words.state(state)}"
                    ),
                ]
            )
    return lines and [
        h.h3[sheet.say("几项解读一起改变时", "Where only several readings together change a result")],
        h.ul[lines],
    ]


def _option(sheet: Sheet, reading: str, option: str) -> str:
    return dict(sheet.determination.law.readings[reading].options)[option].in_(sheet.tongue.lang)
