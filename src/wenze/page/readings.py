"""The readings a page speaks of: what is asked, what was taken and who set that, and what each other option would make of the results."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

import htpy as h

from wenze.law import Conclusion, Reason, State, reasons
from wenze.page.card import rules_deciding
from wenze.page.sheet import CLASSES, GUARDED, Sheet
from wenze.page.turned import turned

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
    weighing = _weighing(sheet)
    alone = [reading for reading in listed if reading in depends and not told[reading]]
    together = _combinations(sheet, [reading for reading in alone if reading in weighing])
    return sheet.section(
        "readings",
        "解读",
        "Readings",
        h.p(".soft")[sheet.text(_intro(sheet, listed))],
        [_alone(sheet, reading, told[reading]) for reading in listed if told.get(reading)],
        _plain(
            sheet,
            [reading for reading in alone if reading in weighing],
            "单独改变时,成立的仍然成立,也没有新的成立;与其他解读一并改变才会不同(见下)",
            "Alone, what is made out stays so and nothing more is made out; together with others they change something (below)",
        ),
        together
        and [
            h.h3[sheet.say("几项解读一并改变的结果", "What several readings changed together make out")],
            h.ul[together],
        ],
        _plain(
            sheet,
            [reading for reading in alone if reading not in weighing],
            "无论怎样取、与哪些解读一并改变,成立的仍然成立,也没有新的成立(只在不成立、不适用与尚不能认定之间有变化)",
            "However taken, alone or with others, what is made out stays so and nothing more is made out (only not made out, not applicable and not yet determinable change places)",
        ),
        _plain(
            sheet,
            [reading for reading in listed if reading not in depends],
            "理由中用到,就已经录入的事实改取任何选项,全部结论都不变的(尚不能认定的,缺的是事实)",
            "Used in the reasons; on the facts entered no option changes any result (what is open lacks facts)",
        ),
    )


def numbered(sheet: Sheet) -> None:
    """Gives numbers in the order of this section: those mentioned in the answer, the others with a table, those that matter together."""
    depends, weighing = _depended_on(sheet), _weighing(sheet)
    for reading in sorted(depends, key=lambda reading: (not _told(sheet, reading), reading not in weighing)):
        sheet.number(reading)


def _weighing(sheet: Sheet) -> set[str]:
    """The readings on which it can hang, alone or beside others, whether something is made out."""
    return {reading for one in sheet.determination.all() for reading in sheet.determination.decides(one)}


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
    return h.article(".reading")[
        _head(sheet, reading),
        _table(sheet, reading, told),
        _why(sheet, reading, told),
        _warnings(sheet, reading, told),
    ]


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
    alike: dict[tuple[tuple[State, str, str], ...], list[Conclusion]] = {}
    for one, states in told:
        cells = []
        for option, _ in options:
            other, state = sheet.under({reading: option}), states[option]
            cells.append((state, _state(other, one, state), _hangs(other, one, state)))
        alike.setdefault(tuple(cells), []).append(one)
    rows = [
        h.tr[
            h.th(scope="row")[[h.div[sheet.text(_name(sheet, one))] for one in found]],
            [_cell(sheet, *cell) for cell in each],
        ]
        for each, found in alike.items()
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


def _cell(sheet: Sheet, state: State, said: str, note: str) -> h.Node:
    """A state as the table shows it, with the reason why it is open."""
    look = GUARDED if said == sheet.words.guarded() else CLASSES[state]
    return h.td[h.span(f".chip.{look}")[sheet.words.sign(state), " ", said], note and h.div(".soft")[note]]


def _state(sheet: Sheet, one: Conclusion, state: State) -> str:
    """A conclusion's state under the options of a sheet, in words, with its reservation."""
    return sheet.words.worded(state, sheet.reserved(one))


def _hangs(sheet: Sheet, one: Conclusion, state: State) -> str:
    """Why something is open under the options of a sheet, where that is only what nobody entered anything about."""
    found = list(_circumstances(sheet, reasons(sheet.determination.evaluation, one))) if state is State.OPEN else []
    if not found or any(map(sheet.determination.touched, found)):
        return ""
    return sheet.say("只因其他情形尚未录入事实", "only because nothing is entered on other circumstances")


def _circumstances(sheet: Sheet, reason: Reason) -> Iterator[Conclusion]:
    """The circumstances that decide a condition, also by way of other conclusions."""
    known = {(one.rule.id, one.respondent, one.act): one for one in sheet.determination.circumstances}
    for child in rules_deciding(reason):
        one = known.get((child.name, child.here.respondent, child.here.act))
        if one:
            yield one
        else:
            yield from _circumstances(sheet, child)


def _why(sheet: Sheet, reading: str, told: list[tuple[Conclusion, dict[str, State]]]) -> h.Node:
    """What turns each conclusion under each other option; those turned alike in one line."""
    options: dict[tuple[tuple[tuple[str, ...], tuple[str, ...]], ...], list[str]] = {}
    for option in sheet.determination.law.readings[reading].option_ids:
        alike: dict[tuple[str, ...], list[str]] = {}
        for one, states in told:
            if states[option] is not one.state:
                said = turned(sheet, {reading: option}, one)
                state = _state(sheet.under({reading: option}), one, states[option])
                alike.setdefault((state, *said), []).append(_name(sheet, one))
        if alike:
            lines = tuple((said, tuple(names)) for said, names in alike.items())
            options.setdefault(lines, []).append(sheet.option(reading, option))
    parts = []
    for lines, chosen in options.items():
        items = [
            h.li[sheet.text(sheet.joined(names)), sheet.tongue.colon(), _because(sheet, state, said)]
            for (state, *said), names in lines
        ]
        listed = sheet.say("或者", " or ").join(chosen)
        parts.append([h.h4[sheet.text(sheet.say(f"改取{listed},理由:", f"Under {listed}, because:"))], h.ul[items]])
    return h.div(".turned")[parts]


def _because(sheet: Sheet, state: str, said: list[str]) -> h.Node:
    reason = sheet.joined(said)
    return [h.strong[state], sheet.text(sheet.say(f",因为{reason}", f", because {reason}")) if reason else None]


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


def _combinations(sheet: Sheet, listed: list[str]) -> list[h.Node]:
    """Where only several readings together change what is made out: each reading listed at least once, beside the fewest others it needs."""
    found: dict[str, dict[str, None]] = {}
    for reading in listed:
        for one in sheet.determination.all():
            if needed := sheet.determination.only_with(one, reading):
                others, option = needed
                line = _together(sheet, one, others, {**others, reading: option})
                found.setdefault(_name(sheet, one), {})[line] = None
    return [h.li[sheet.text(name), h.ul[[h.li[sheet.text(line)] for line in lines]]] for name, lines in found.items()]


def _together(sheet: Sheet, one: Conclusion, others: Mapping[str, str], all_: Mapping[str, str]) -> str:
    """What a choice of options makes of a conclusion, and what it is without the last of them."""
    without, under = (_turned_to(sheet, one, changed) for changed in (others, all_))
    *before, last = (
        sheet.say(
            f"{sheet.reading(reading)}取{sheet.option(reading, option)}",
            f"{sheet.reading(reading)} as {sheet.option(reading, option)}",
        )
        for reading, option in all_.items()
    )
    given = sheet.say(",", ", ").join(before)
    return sheet.say(f"{given}:{without};同时{last}:{under}", f"{given}: {without}; with {last} besides: {under}")


def _turned_to(sheet: Sheet, one: Conclusion, changed: Mapping[str, str]) -> str:
    return _state(sheet.under(changed), one, sheet.determination.state_under(one, changed))
