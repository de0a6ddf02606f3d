"""What stands for one respondent and one act, on one card: the circumstance, the responsibility or what relieves of it, and
who may do what about it, each with its reason in one breath.

The whole reasons stand further down the page (`why`).
"""

from __future__ import annotations

from collections.abc import Iterator

import htpy as h

from wenze.law import Conclusion, Established, Exemption, Reason, State, of_exception, reasons
from wenze.page.sheet import CLASSES, Sheet
from wenze.page.turned import not_relieving


def has_card(sheet: Sheet, respondent: str, act: str) -> bool:
    """Whether there is something to say of this respondent in this act."""
    listed = (*sheet.circumstances, *sheet.borne, *sheet.unsettled)
    relieved = {(who, where) for who, where, _ in sheet.relieved}
    return (respondent, act) in relieved or any((one.respondent, one.act) == (respondent, act) for one in listed)


def card(sheet: Sheet, respondent: str, act: str) -> h.Node:
    rows = [
        (("情形", "Circumstance"), _circumstances(sheet, respondent, act)),
        (("责任", "Responsibility"), _responsibility(sheet, respondent, act)),
        (("处理", "What may be done"), _handling(sheet, respondent, act)),
    ]
    return h.div(".card")[
        h.h3[sheet.text(sheet.words.entity(respondent)), " ", h.span(".act")[sheet.text(sheet.words.entity(act))]],
        h.dl(".rows")[[[h.dt[sheet.say(*name)], h.dd[h.ul(".plain")[items]]] for name, items in rows if items]],
    ]


def _here(found: list[Conclusion], respondent: str, act: str) -> list[Conclusion]:
    return [one for one in found if (one.respondent, one.act) == (respondent, act)]


# Circumstances


def _circumstances(sheet: Sheet, respondent: str, act: str) -> list[h.Node]:
    return [
        h.li(f".{CLASSES[one.state]}", sheet.marked(one))[
            sheet.verdict(one),
            " ",
            sheet.cited(one),
            one.outcome.gate_open and sheet.say("(或者不适用)", " (or not applicable)"),
            _ground(sheet, _grounds(sheet, one)),
        ]
        for one in _here(sheet.circumstances, respondent, act) or _spared(sheet, respondent, act)
    ]


def _spared(sheet: Sheet, respondent: str, act: str) -> list[Conclusion]:
    """The circumstances that others in this act make out and this respondent does not: somebody will ask why."""
    others = {one.rule.id for one in sheet.circumstances if one.act == act and one.state is State.MADE_OUT}
    return [
        one
        for one in _here(list(sheet.determination.circumstances), respondent, act)
        if one.rule.id in others | _relieved_of(sheet, respondent, act) and one.state is State.NOT_MADE_OUT
    ]


def _relieved_of(sheet: Sheet, respondent: str, act: str) -> set[str]:
    """The rules an exception relieves a respondent of."""
    listed = (*sheet.determination.circumstances, *sheet.determination.responsibilities)
    return {
        one.rule.id
        for one in _here(list(listed), respondent, act)
        if any(state is State.MADE_OUT for _, state in one.exceptions)
    }


def _ground(sheet: Sheet, said: list[str]) -> h.Node:
    return h.span(".ground")[sheet.text(sheet.joined(said))] if said else None


def _grounds(sheet: Sheet, one: Conclusion) -> list[str]:
    """What a reader must know beside the state: what it hangs on, and what is lacking."""
    said = []
    if sheet.guarded(one):
        titles = dict.fromkeys(
            each.guard.title.in_(sheet.tongue.lang)
            for each in sheet.determination.reliance
            if each.conclusion == one and each.answer != "yes"
        )
        listed = sheet.joined(titles)
        said.append(
            sheet.say(
                f"编写本规则的人另设的保障还没有满足(见“可否依据”):{listed}",
                f"what those who encoded the text ask for besides is not satisfied yet (see below): {listed}",
            )
        )
    if one.state is State.OPEN:
        said += asked(sheet, one)
    if one.state is State.MADE_OUT and sheet.in_suspense(one.respondent, one.act):
        said.append(
            sheet.say(
                "说的是其行为;是否承担责任另行认定,尚待查清(见下)",
                "this speaks of the conduct; whether there is responsibility for it is another question, still open (below)",
            )
        )
    if one.state is State.NOT_MADE_OUT:
        said += _defeated(sheet, one)
    return said if one.state is State.CONTRADICTORY else said + hangs_on(sheet, [one])


def _defeated(sheet: Sheet, one: Conclusion) -> list[str]:
    """The first fact that defeats a circumstance where no exception does."""
    if any(state is State.MADE_OUT for _, state in one.exceptions):
        return [sheet.say("因下述例外", "by the exception below")]
    words = sheet.words.below(one)
    found = list(_facts(reasons(sheet.determination.evaluation, one)))
    return [f"{words.question(fact.key)} {words.established(fact)}" for fact in found[:1]]


def hangs_on(sheet: Sheet, found: list[Conclusion]) -> list[str]:
    """On which readings conclusions that stand together depend, and what another option would make of them."""
    turning = sheet.turning(found[0])
    if any(
        sheet.turning(one) != turning or bool(one.outcome.depends) != bool(found[0].outcome.depends) for one in found
    ):
        return [
            f"{sheet.words.kind(one)}{sheet.tongue.colon()}{line}" for one in found for line in hangs_on(sheet, [one])
        ]
    if turning:
        return [_turn(sheet, found[0], reading, states) for reading, states in turning.items()]
    if any(one.outcome.depends for one in found):
        return [
            sheet.say(
                "单独改变任何一项解读,结论不变;几项一并改变才会不同(见“解读”)",
                "no reading alone changes it; several together do (see Readings)",
            )
        ]
    if all(one.state is State.MADE_OUT for one in found):
        return [sheet.words.robustness(found[0])]
    return []


def _turn(sheet: Sheet, one: Conclusion, reading: str, states: dict[str, State]) -> str:
    named = sheet.reading(reading)
    alike: dict[str, list[str]] = {}
    for option, state in states.items():
        other = sheet.under({reading: option})
        lost = not_relieving(sheet, other, one)
        said = other.words.worded(state, other.reserved(one))
        said += (
            sheet.say("(例外不再适用,理由见“解读”)", " (the exception no longer applies: see Readings)") if lost else ""
        )
        said += _instead(sheet, other, one, {reading: option}) if state is State.NOT_MADE_OUT else ""
        alike.setdefault(said, []).append(sheet.option(reading, option))
    others = sheet.say(",", ", ").join(
        sheet.say(f"改取{'或者'.join(options)}则{said}", f"under {' or '.join(options)} {said}")
        for said, options in alike.items()
    )
    return sheet.say(f"取决于{named},{others}", f"depends on {named}: {others}")


def _instead(sheet: Sheet, other: Sheet, one: Conclusion, changed: dict[str, str]) -> str:
    """What kinds of responsibility come in the place of one that another option takes away: nobody goes free by it."""
    if sheet.determination.law.role_of(one.rule) != "responsibility":
        return ""
    instead = [
        f"{sheet.words.cite(each.rule.anchor)} {sheet.words.kind(each)} {other.words.worded(State.MADE_OUT, other.reserved(each))}"
        for each in _here(list(sheet.determination.responsibilities), one.respondent, one.act)
        if each.state is not State.MADE_OUT and sheet.determination.state_under(each, changed) is State.MADE_OUT
    ]
    listed = sheet.say("、", ", ").join(instead)
    return sheet.say(f"(而{listed})", f" (but {listed})") if instead else ""


def asked(sheet: Sheet, one: Conclusion) -> list[str]:
    """The question to ask first of what is open, and what could be done with the answer."""
    ask = sheet.missing(one).ask
    question = sheet.words.below(one).question(ask[0]) if ask else ""
    said = [sheet.say(f"须先查清:{question}", f"to be established first: {question}")] if question else []
    if sheet.reserved(one):
        made_out = sheet.words.worded(State.MADE_OUT, True)
        said.append(sheet.say(f"查清后至多是“{made_out}”", f"at most it will then be {made_out}"))
    return said


# Responsibility


def _responsibility(sheet: Sheet, respondent: str, act: str) -> list[h.Node]:
    borne = _here(sheet.borne, respondent, act)
    alike = [[one for one in borne if sheet.guarded(one) is held] for held in (False, True)]
    items: list[h.Node] = [_borne(sheet, found) for found in alike if found]
    items += [
        h.li(".open", sheet.marked(one))[
            sheet.verdict(one),
            " ",
            _kind(sheet, one),
            _ground(sheet, asked(sheet, one)),
        ]
        for one in _here(sheet.unsettled, respondent, act)
    ]
    items += _reliefs(sheet, respondent, act)
    if not items and _here(sheet.circumstances, respondent, act):
        items.append(h.li[sheet.say("还没有一种责任成立。", "No kind is made out yet.")])
    return items


def _kind(sheet: Sheet, one: Conclusion) -> h.Node:
    cited = sheet.words.cite(one.rule.anchor)
    return [h.strong[sheet.text(sheet.words.kind(one))], sheet.text(sheet.say(f"({cited})", f" ({cited})"))]


def _borne(sheet: Sheet, borne: list[Conclusion]) -> h.Node:
    kinds = [
        [sheet.say("、", ", ") if at else None, h.span(sheet.marked(one))[_kind(sheet, one)]]
        for at, one in enumerate(borne)
    ]
    guarded = sheet.guarded(borne[0])
    said = [
        sheet.say("所依据的情形尚不可依据,责任也尚不可依据", "it rests on a circumstance that may not yet be relied on")
    ]
    said = (said if guarded else []) + hangs_on(sheet, borne)
    return h.li(".made")[
        h.span(f".badge.{sheet.look(borne[0])}")[
            h.span(aria_hidden="true")["✓ "],
            sheet.words.guarded() if guarded else sheet.say("应承担", "bears"),
        ],
        " ",
        kinds,
        _ground(sheet, said),
    ]


def _reliefs(sheet: Sheet, respondent: str, act: str) -> list[h.Node]:
    """The exceptions that relieve of responsibility, those with the same article and evidence in one."""
    found: dict[tuple[str, str], list[str]] = {}
    for (who, where, _), (exception, one) in sheet.relieved.items():
        if (who, where) == (respondent, act):
            tree = of_exception(sheet.determination.evaluation, exception, one)
            pieces = dict.fromkeys(id_ for fact in _facts(tree) for id_ in _rests_on(fact))
            name = (sheet.words.cite(exception.anchor), sheet.words.evidence(pieces))
            title, of = exception.title.in_(sheet.tongue.lang), _spares(sheet, exception, respondent, act)
            found.setdefault(name, []).append(sheet.say(f"{title}(免于{of})", f"{title} (relieves of {of})"))
    return [
        h.li(".not")[
            h.span(".badge.not")[sheet.say("不承担", "relieved")],
            " ",
            sheet.text(
                sheet.say(f"{cited}的例外:{sheet.joined(titles)}", f"exception of {cited}: {sheet.joined(titles)}")
            ),
            _ground(sheet, [sheet.say(f"证据:{evidence}", f"evidence: {evidence}")] if evidence else []),
        ]
        for (cited, evidence), titles in found.items()
    ]


def _spares(sheet: Sheet, exception: Exemption, respondent: str, act: str) -> str:
    """What an exception relieves of: circumstances by their articles, responsibility by its kinds."""
    circumstances, responsibilities = (
        [one for one in _here(list(found), respondent, act) if (exception, State.MADE_OUT) in one.exceptions]
        for found in (sheet.determination.circumstances, sheet.determination.responsibilities)
    )
    names = [sheet.words.cite(one.rule.anchor) for one in circumstances]
    names += [sheet.words.kind(one) for one in responsibilities]
    return sheet.say("、", ", ").join(dict.fromkeys(names))


def _facts(reason: Reason) -> Iterator[Established]:
    """The facts that decide a condition."""
    if reason.established:
        yield reason.established
    for child in reason.deciding():
        yield from _facts(child)


def _rests_on(found: Established) -> tuple[str, ...]:
    """The evidence a fact's state rests on."""
    basis = found.finding.basis if found.finding else ()
    return (*(found.supporting or found.opposing), *basis)


# Who may do what


def _handling(sheet: Sheet, respondent: str, act: str) -> list[h.Node]:
    determination = sheet.determination
    channels = [one for one in _here(list(determination.channels), respondent, act) if one.state is State.MADE_OUT]
    if not channels and not _here(sheet.circumstances, respondent, act):
        return []
    powers = [one for one in determination.competences if one.respondent == respondent and one.act in (act, "")]
    made = [one for one in powers if one.state is not State.NOT_APPLICABLE and _said(sheet, one)]
    return [_organs(sheet, respondent, made), *(_channel(sheet, one) for one in channels)]


def _said(sheet: Sheet, one: Conclusion) -> bool:
    """Whether a power is worth a line: it is there, it is open, or only the reading taken denies it."""
    return one.state in (State.MADE_OUT, State.OPEN) or State.MADE_OUT in {
        state for states in sheet.turning(one).values() for state in states.values()
    }


def _organs(sheet: Sheet, respondent: str, powers: list[Conclusion]) -> h.Node:
    """Which organ acts, which unit manages the respondent, and what the first may do."""
    case = sheet.determination.case
    entity = case.posts.get(respondent) or case.units.get(respondent)
    acting, managing = (
        sheet.words.entity(unit) if unit else sheet.say("未登记", "not recorded")
        for unit in (case.organ, entity.manager if entity else None)
    )
    organs = sheet.say(f"办理机关{acting},管理单位{managing}", f"acting organ {acting}, managed by {managing}")
    said = [h.span(sheet.marked(one))[sheet.text(_power(sheet, one))] for one in powers]
    return h.li[
        sheet.text(organs),
        sheet.tongue.colon() if said else None,
        [[sheet.joined(["", ""]) if at else None, one] for at, one in enumerate(said)],
    ]


def _power(sheet: Sheet, one: Conclusion) -> str:
    cited, kind, modality = sheet.words.cite(one.rule.anchor), sheet.words.kind(one), sheet.words.modality(one)
    if one.state is State.NOT_MADE_OUT:
        other = [reading for reading, states in sheet.turning(one).items() if State.MADE_OUT in states.values()]
        by = sheet.say("、", ", ").join(map(sheet.reading, other))
        return sheet.say(f"不得{kind}({cited},依{by})", f"may not: {kind} ({cited}, by {by})")
    plain = one.state is State.MADE_OUT and not sheet.reserved(one)
    state = "" if plain else sheet.say(",", ", ") + sheet.words.verdict(one)
    return sheet.say(f"{modality}{kind}({cited}{state})", f"{modality}: {kind} ({cited}{state})")


def _channel(sheet: Sheet, one: Conclusion) -> h.Node:
    reason = reasons(sheet.determination.evaluation, one)
    said = list(dict.fromkeys(_because(sheet, reason)))
    if sheet.in_suspense(one.respondent, one.act) and any(rules_deciding(reason)):
        said.append(sheet.say("责任尚待查清", "responsibility still to be established"))
    kind, modality, cited = sheet.words.kind(one), sheet.words.modality(one), sheet.words.cite(one.rule.anchor)
    return h.li(sheet.marked(one))[
        h.strong[sheet.text(kind)],
        sheet.text(
            sheet.say(f"({modality},{cited}):{sheet.joined(said)}", f" ({modality}, {cited}): {sheet.joined(said)}")
        ),
    ]


def rules_deciding(reason: Reason) -> Iterator[Reason]:
    """The circumstances that decide a condition."""
    for child in reason.deciding():
        if child.kind == "rule":
            yield child
        else:
            yield from rules_deciding(child)


def _because(sheet: Sheet, reason: Reason) -> Iterator[str]:
    """Why a channel is open: the circumstances made out, or the facts found."""
    for child in reason.deciding():
        if child.kind == "gate":
            continue
        if child.kind == "rule":
            cited, state = sheet.words.cite(child.anchor), sheet.words.verdict_within(child)
            yield sheet.say(f"因{cited}{state}", f"because {cited} is {state}")
        elif child.established:
            yield sheet.words.shown(child.established)
        else:
            yield from _because(sheet, child)
