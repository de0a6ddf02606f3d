"""The readings a page speaks of: what is asked, what was taken and who set that, and what each other option would make of the results."""

from __future__ import annotations

from collections.abc import Iterable

import htpy as h

from wenze.law import Conclusion, State
from wenze.page.sheet import CLASSES, Sheet

_OF_ORGANS = {"competence", "channel"}
_WEIGHT = {State.OPEN: 1, State.MADE_OUT: 2}


def readings(sheet: Sheet) -> h.Node:
    """First those of which another option alone changes what is or would be made out, then those that matter together, then the rest."""
    depends = _depended_on(sheet)
    listed = list(dict.fromkeys((*sheet.numbers, *depends)))
    if not listed:
        return None
    for reading in listed:
        sheet.reading(reading)  # introduced at the latest here
    told = {reading: _told(sheet, reading) for reading in listed if reading in depends}
    together = _combinations(sheet)
    return sheet.section(
        "readings",
        "解读",
        "Readings",
        h.p(".soft")[sheet.text(_intro(sheet, listed))],
        [_alone(sheet, reading, told[reading]) for reading in listed if told.get(reading)],
        _plain(
            sheet,
            [reading for reading in listed if reading in depends and not told[reading]],
            "单独改变时,成立的仍然成立,也没有新的成立;与其他解读一并改变才会不同",
            "Alone, what is made out stays so and nothing more is made out; together with others they may change something",
        ),
        together
        and [
            h.h3[sheet.say("几项解读一并改变的结果", "What several readings changed together make out")],
            h.ul[together],
        ],
        _plain(
            sheet,
            [reading for reading in listed if reading not in depends],
            "理由中用到,就已经录入的事实改取任何选项,全部结论都不变的(尚不能认定的,缺的是事实)",
            "Used in the reasons; on the facts entered no option changes any result (what is open lacks facts)",
        ),
    )


def numbered(sheet: Sheet) -> None:
    """Gives numbers in the order of this section: those mentioned in the answer, the others with a table, those that matter together."""
    depends = _depended_on(sheet)
    for reading in sorted(depends, key=lambda reading: not _told(sheet, reading)):
        sheet.number(reading)


def _depended_on(sheet: Sheet) -> list[str]:
    found = {reading for one in sheet.determination.all() for reading in one.outcome.depends}
    return [one.reading for one in sheet.determination.in_force if one.reading in found]


def _intro(sheet: Sheet, listed: list[str]) -> str:
    """What a reading is, who set the defaults, and who may settle them."""
    interpreters = {sheet.determination.law.readings[reading].interpreter.in_(sheet.tongue.lang) for reading in listed}
    who = sheet.joined(sorted(interpreters))
    return sheet.say(
        f"条文不止一种读法的,逐项列出读法、本件所取的选项和改取其他选项的结果。没有另外注明的,本件取默认选项:由编写本规则的人暂定,不是有权解释。有权解释的是{who};办理机关也可以就本案作出裁定。",
        f"Where the text can be read in more than one way, each way is listed with the option taken here and what the others would change. Unless said otherwise the default is taken, set for the time being by those who encoded the text. To interpret it is for {who}; a ruling can also be recorded in the case.",
    )


def _told(sheet: Sheet, reading: str) -> list[tuple[Conclusion, dict[str, State]]]:
    """The conclusions that are, or would be, made out, and change with this reading alone."""
    found = [
        (one, sheet.determination.options(one)[reading])
        for one in sheet.determination.all()
        if reading in one.outcome.depends
    ]
    changed = [(one, states) for one, states in found if any(state is not one.state for state in states.values())]
    return [(one, states) for one, states in changed if _matters(sheet, one, states.values())]


def _matters(sheet: Sheet, one: Conclusion, states: Iterable[State]) -> bool:
    """Whether a reader has to know: the conclusion is made out or looked at, or would be made out."""
    looked_at = one.state in (State.MADE_OUT, State.CONTRADICTORY) or one in sheet.circumstances
    return looked_at or any(state in (State.MADE_OUT, State.CONTRADICTORY) for state in states)


def _alone(sheet: Sheet, reading: str, told: list[tuple[Conclusion, dict[str, State]]]) -> h.Node:
    return h.article(".reading")[_head(sheet, reading), _table(sheet, reading, told), _warnings(sheet, reading, told)]


def _head(sheet: Sheet, reading: str) -> h.Node:
    declared = sheet.determination.law.readings[reading]
    reason = declared.reason.in_(sheet.tongue.lang)
    return [
        h.h3[sheet.reading(reading), sheet.tongue.colon(), sheet.tongue.of(declared.question)],
        h.p(".soft")[
            sheet.text(
                sheet.say(
                    f"{_taken(sheet, reading)}。默认的理由:{reason}",
                    f"{_taken(sheet, reading)}. Reason for the default: {reason}",
                )
            )
        ],
    ]


def _taken(sheet: Sheet, reading: str) -> str:
    """What was taken, and by whom it was set where that is not the default."""
    one = next(each for each in sheet.determination.in_force if each.reading == reading)
    taken = sheet.option(reading, one.option)
    ground = "" if one.ground == "default" else sheet.words.ground(one)
    if not ground:
        return sheet.say(f"本件取{taken}", f"Taken here: {taken}")
    return sheet.say(f"本件取{taken}({ground})", f"Taken here: {taken} ({ground})")


def _others(sheet: Sheet, reading: str) -> str:
    """The options not taken, to end a line with."""
    taken = sheet.determination.evaluation.options[reading]
    options = sheet.determination.law.readings[reading].option_ids
    listed = sheet.say("、", ", ").join(sheet.option(reading, option) for option in options if option != taken)
    return sheet.say(f";另可取{listed}。", f"; otherwise {listed}.")


def _table(sheet: Sheet, reading: str, told: list[tuple[Conclusion, dict[str, State]]]) -> h.Node:
    """Rows: the conclusions that change, those that change alike in one; columns: the options."""
    options = sheet.determination.law.readings[reading].options
    in_force = sheet.determination.evaluation.options[reading]
    alike: dict[tuple[State, ...], list[Conclusion]] = {}
    for one, states in told:
        alike.setdefault(tuple(states[option] for option, _ in options), []).append(one)
    rows = [
        h.tr[
            h.th(scope="row")[[h.div[sheet.text(_name(sheet, one))] for one in found]],
            [
                h.td[h.span(f".chip.{CLASSES[state]}")[sheet.words.sign(state), " ", sheet.words.state(state)]]
                for state in states
            ],
        ]
        for states, found in alike.items()
    ]
    heads = [
        h.th(scope="col")[
            sheet.tongue.of(text), option == in_force and h.span(".inforce")[sheet.say("(本件所取)", " (taken)")]
        ]
        for option, text in options
    ]
    return h.div(".wide", tabindex="0", role="region", aria_label=sheet.say("各选项的结果", "results by option"))[
        h.table(".options")[h.thead[h.tr[h.th(scope="col")[sheet.say("结论", "result")], heads]], h.tbody[rows]]
    ]


def _name(sheet: Sheet, one: Conclusion) -> str:
    """A conclusion; what organs may do about a respondent does not read as if he did it."""
    if sheet.determination.law.role_of(one.rule) in _OF_ORGANS:
        pair, cited, kind = (
            sheet.words.pair(one.respondent, one.act),
            sheet.words.cite(one.rule.anchor),
            sheet.words.kind(one),
        )
        return sheet.say(f"对{pair}:{kind}({cited})", f"towards {pair}: {kind} ({cited})")
    return f"{sheet.words.pair(one.respondent, one.act)}{sheet.tongue.colon()}{sheet.words.cite(one.rule.anchor)} {sheet.words.kind(one)}"


def _warnings(sheet: Sheet, reading: str, told: list[tuple[Conclusion, dict[str, State]]]) -> h.Node:
    mildest = sheet.determination.law.readings[reading].mildest
    wider = any(
        reading in sheet.determination.rests_on_wider(one)
        and _WEIGHT.get(states[mildest], 0) < _WEIGHT.get(one.state, 0)
        for one, states in told
    )
    heavier = any(reading in sheet.determination.heavier(one) for one, _ in told)
    return [
        wider
        and h.p(".soft")[
            sheet.say(
                "注意:默认的选项不是对当事人最轻的选项。",
                "Note: the default is not the option mildest to those concerned.",
            )
        ],
        heavier
        and h.p(".warning")[
            sheet.say(
                "此解读在行为之后确定,且使结果更重,须由人决定是否适用。",
                "This reading was settled after the conduct and makes the result heavier: a person must decide whether it applies.",
            )
        ],
    ]


def _plain(sheet: Sheet, found: list[str], zh: str, en: str) -> h.Node:
    """Readings without a table: what is asked and what was taken."""
    if not found:
        return None
    declared = sheet.determination.law.readings
    items = [
        h.li[
            sheet.reading(reading),
            sheet.tongue.colon(),
            sheet.tongue.of(declared[reading].question),
            " ",
            sheet.text(_taken(sheet, reading)),
            sheet.text(_others(sheet, reading)),
        ]
        for reading in found
    ]
    return [h.h3[sheet.say(zh, en)], h.ul[items]]


def _combinations(sheet: Sheet) -> list[h.Node]:
    """Where only several readings together change a result; conclusions that the same options change alike in one line."""
    found: dict[str, list[str]] = {}
    for one in sheet.determination.all():
        for options, state in sheet.determination.combinations(one) if one.outcome.depends else ():
            if not _matters(sheet, one, (state,)):
                continue
            chosen = sheet.say(",", ", ").join(
                sheet.say(
                    f"{sheet.reading(reading)}取{sheet.option(reading, option)}",
                    f"{sheet.reading(reading)} as {sheet.option(reading, option)}",
                )
                for reading, option in options.items()
            )
            found.setdefault(_name(sheet, one), []).append(f"{chosen}{sheet.tongue.colon()}{sheet.words.state(state)}")
    return [h.li[sheet.text(name), h.ul[[h.li[sheet.text(line)] for line in lines]]] for name, lines in found.items()]
