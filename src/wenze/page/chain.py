"""The chain information → decision → handling as a picture: what was done when, by whom in which part, and what was found in it.

Time runs downward; each link has a track. Drawn twice, for a wide sheet and for a narrow screen; the style shows one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from unicodedata import east_asian_width

import htpy as h

from wenze.law import Act, Event, State
from wenze.page.sheet import CLASSES, GUARDED, Sheet
from wenze.page.tongue import visible

_TOP, _LINE, _GAP = 18, 19, 16  # pixels: per heading, per line of text, between rows
_WIDTHS = {"wide-screen": (720, 46), "narrow-screen": (340, 20)}  # of the picture, and between tracks
_WEIGHT = (State.MADE_OUT, State.CONTRADICTORY, State.OPEN)


@dataclass(frozen=True, slots=True)
class _Row:
    """An act or an event on the picture: its track, its lines of text as (class, text), and the acts it comes from."""

    id: str
    track: int
    look: str
    sign: str
    lines: tuple[tuple[str, str], ...]
    after: tuple[str, ...]
    x: int = 0
    y: int = 0


def chain(sheet: Sheet) -> h.Node:
    case = sheet.determination.case
    if not case.acts:
        return None
    tracks = _tracks(sheet)
    pictures = [_picture(sheet, tracks, name, *sizes) for name, sizes in _WIDTHS.items()]
    return sheet.section("chain", "各个环节", "The chain, link by link", _legend(sheet), pictures)


def _legend(sheet: Sheet) -> h.Node:
    case = sheet.determination.case
    follows = any(act.after for act in case.acts.values())
    events = any(act.events for act in case.acts.values())
    said = [
        sheet.say("自上而下为时间先后", "time runs downward"),
        *([sheet.say("实线箭头:承接前一行为", "solid arrow: follows from the act before")] if follows else []),
        *(
            [
                sheet.say(
                    "虚线箭头:该行为所涉的事件(是否由它引起,见理由)",
                    "dashed arrow: an event the act is about (whether caused by it, see Why)",
                )
            ]
            if events
            else []
        ),
    ]
    return h.p(".legend")[sheet.joined(said), sheet.say("。", ".")]


def _tracks(sheet: Sheet) -> list[str]:
    """The links in the order of the instrument, those the case has; then acts of no link, then events."""
    case, vocabularies = sheet.determination.case, sheet.determination.law.vocabularies
    used = {act.link or "" for act in case.acts.values()}
    known = [term.zh for term in vocabularies["环节"].terms] if "环节" in vocabularies else []
    tracks = known + ([""] if "" in used else [])
    return tracks + (["*"] if case.events else [])


def _rows(sheet: Sheet, tracks: list[str]) -> list[_Row]:
    case = sheet.determination.case
    dated = [(act.start or date.max, 0, at, _act(sheet, act, tracks)) for at, act in enumerate(case.acts.values())]
    causes = {event: tuple(act.id for act in case.acts.values() if event in act.events) for event in case.events}
    dated += [
        (event.date or date.max, 1, at, _event(sheet, event, tracks, causes[event.id]))
        for at, event in enumerate(case.events.values())
    ]
    return [row for *_, row in sorted(dated, key=lambda entry: entry[:3])]


def _act(sheet: Sheet, act: Act, tracks: list[str]) -> _Row:
    words, say = sheet.words, sheet.say
    found = [one for one in sheet.determination.circumstances if one.act == act.id]
    states = {one.state for one in found}
    guarded = all(sheet.guarded(one) for one in found if one.state is State.MADE_OUT)
    state = next(
        (state for state in _WEIGHT if state in states and (state is not State.OPEN or _looked_at(sheet, act.id))), None
    )
    when = say("日期不明", "date unknown") if act.start is None else words.day(act.start)
    if act.end and act.end != act.start:
        when += say(" 起持续", " onward, continuing") if act.end == date.max else say("至", " – ") + words.day(act.end)
    head = f"{when} · {words.term('环节', act.link)}" if act.link else when
    lines = [
        ("when", head),
        ("title", words.entity(act.id)),
        *_people(sheet, act.id),
        (f"found {_look(state, guarded)}" if state is not None else "found", _found(sheet, act.id, state, bool(found))),
    ]
    return _Row(
        act.id,
        tracks.index(act.link or ""),
        "none" if state is None else _look(state, guarded),
        "" if state is None else words.sign(state),
        tuple(lines),
        (act.after,) if act.after else (),
    )


def _look(state: State, guarded: bool) -> str:
    return GUARDED if state is State.MADE_OUT and guarded else CLASSES[state]


def _looked_at(sheet: Sheet, act: str) -> bool:
    return any(one.act == act for one in sheet.circumstances)


def _people(sheet: Sheet, act: str) -> list[tuple[str, str]]:
    """Who took part, in which parts: who sat on what."""
    lines = []
    for (respondent, where), part in sheet.determination.case.participations.items():
        if where == act:
            parts = [sheet.words.term("部分", one) for one in part.parts]
            sat = sheet.tongue.listed(parts) if parts else sheet.say("参与部分未登记", "part not recorded")
            order = sheet.say(f"(次序 {part.order})", f" (order {part.order})") if part.order is not None else ""
            lines.append(("who", f"{sheet.words.entity(respondent)}{sheet.tongue.colon()}{sat}{order}"))
    return lines


def _found(sheet: Sheet, act: str, state: State | None, evaluated: bool) -> str:
    if not evaluated:
        return sheet.say("未评价", "not evaluated")
    if state is None:
        open_ones = any(one.act == act and one.state is State.OPEN for one in sheet.determination.circumstances)
        return (
            sheet.say("尚未录入涉及的事实,不能认定", "nothing entered that bears on a circumstance")
            if open_ones
            else sheet.say("此环节没有发现问责情形", "no finding in this link")
        )
    found = [one for one in sheet.circumstances if one.act == act and one.state is state]
    cited = dict.fromkeys(sheet.words.cite(one.rule.anchor) for one in found)
    guarded = state is State.MADE_OUT and all(map(sheet.guarded, found))
    said = sheet.words.worded(state, guarded)
    return f"{sheet.words.sign(state)} {sheet.tongue.listed(list(cited))} {said}"


def _event(sheet: Sheet, event: Event, tracks: list[str], causes: tuple[str, ...]) -> _Row:
    when = sheet.words.day(event.date) if event.date else sheet.say("日期不明", "date unknown")
    grade = [sheet.words.term("事件等级", event.grade)] if event.grade else []
    counts = [f"{name} {count}" for name, count in event.counts]
    inside = " · ".join([*grade, *counts])
    lines = [
        ("when", f"{when} · {sheet.say('事件', 'event')}"),
        ("title", sheet.words.entity(event.id)),
        *([("who", inside)] if inside else []),
    ]
    return _Row(event.id, tracks.index("*"), "event", "", tuple(lines), causes)


# Drawing


def _picture(sheet: Sheet, tracks: list[str], name: str, width: int, apart: int) -> h.Node:
    left = 20 + len(tracks) * apart
    top = 10 + _TOP * len(tracks)
    rows, y = [], top + 14
    for row in _rows(sheet, tracks):
        lines = tuple(
            (class_, piece)
            for class_, text in row.lines
            for piece in _wrapped(visible(text), width - left - 6, 15 if class_ == "title" else 13)
        )
        rows.append(replace(row, lines=lines, x=16 + row.track * apart, y=y))
        y += len(lines) * _LINE + _GAP
    at = {row.id: row for row in rows}
    edges = [_edge(at[before], row) for row in rows for before in row.after if before in at]
    heads = [_head(sheet, track, index, 16 + index * apart, y) for index, track in enumerate(tracks)]
    label = sheet.say("各个环节的时间顺序图", "the links of the chain in order of time")
    view = {"viewBox": f"0 0 {width} {y}", "preserveAspectRatio": "xMinYMin meet"}
    return h.svg(f".chain-picture.{name}", view, width=str(width), height=str(y), role="group", aria_label=label)[
        heads, edges, [_drawn(sheet, row, left) for row in rows]
    ]


def _head(sheet: Sheet, track: str, index: int, x: int, bottom: int) -> h.Node:
    said = {"": sheet.say("环节未登记", "link not recorded"), "*": sheet.say("事件", "events")}.get(
        track
    ) or sheet.words.term("环节", track)
    y = 6 + _TOP * (index + 1) - 6
    return [
        _shape("line", "track", x1=x, y1=y + 4, x2=x, y2=bottom - _GAP),
        _shape("text", "head", x=x - 4, y=y)[sheet.tongue.drawn(said)],
    ]


def _edge(before: _Row, row: _Row) -> h.Node:
    """A line from one act to what follows it, ending in an arrow."""
    x1, y1, x2, y2 = before.x, before.y + 16, row.x, row.y - 4
    bend = max(12, (y2 - y1) // 2)
    return [
        _shape(
            "path", f"edge {row.look}", d=f"M{x1} {y1}C{x1} {y1 + bend} {x2} {y2 - bend} {x2} {y2 - 2}", fill="none"
        ),
        _shape("path", "arrow", d=f"M{x2 - 4} {y2 - 8}L{x2} {y2 - 1}L{x2 + 4} {y2 - 8}z"),
    ]


def _drawn(sheet: Sheet, row: _Row, left: int) -> h.Node:
    x, y = row.x, row.y + 6
    if row.look == "event":
        node = _shape("path", "node event", d=f"M{x} {y - 9}L{x + 9} {y}L{x} {y + 9}L{x - 9} {y}z")
    else:
        node = _shape("circle", f"node {row.look}", cx=x, cy=y, r=9)
    lines = [
        _shape("text", class_, x=left, y=row.y + 10 + at * _LINE)[sheet.tongue.drawn(text)]
        for at, (class_, text) in enumerate(row.lines)
    ]
    return [
        _shape("line", "lead", x1=x + 10, y1=y, x2=left - 6, y2=y),
        node,
        row.sign and _shape("text", f"glyph {row.look}", x=x, y=y + 5, text_anchor="middle")[row.sign],
        lines,
    ]


def _shape(name: str, class_: str, **attributes: object) -> h.Element:
    return h.Element(name)(
        {"class": class_, **{key.replace("_", "-"): str(value) for key, value in attributes.items()}}
    )


def _wrapped(text: str, width: int, size: int) -> list[str]:
    """`text` in lines of at most `width` pixels: broken at spaces, in Chinese anywhere, and where one word is too long."""
    lines, line, used = [], "", 0.0
    for word in _words(text):
        wide = _wide(word, size)
        if line and used + wide > width:
            lines.append(line.rstrip())
            line, used = "", 0.0
            word = word.lstrip()
            wide = _wide(word, size)
        line, used = line + word, used + wide
    return [*lines, line.rstrip()] if line.strip() else lines


def _words(text: str) -> list[str]:
    """The pieces a line may be broken between: a Chinese character with the punctuation after it, a Latin word, 12 letters of it."""
    pieces: list[str] = []
    for char in text:
        last = pieces[-1] if pieces else ""
        latin = not _is_wide(char) and char != " "
        joins = bool(last) and (
            (latin and not _is_wide(last[-1]) and last[-1] != " " and len(last) < 12)
            or char in "，。；：、）」”’！？·)"
        )
        if joins or (char == " " and last):
            pieces[-1] += char
        else:
            pieces.append(char)
    return pieces


def _is_wide(char: str) -> bool:
    return east_asian_width(char) in {"W", "F"}


def _wide(text: str, size: int) -> float:
    return sum(size if _is_wide(char) else size * 0.58 for char in text)
