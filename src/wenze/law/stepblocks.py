"""The blocks of procedure: header lines → steps, clocks, measures, papers, histories. Resolves no names."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from wenze.law.body import Body, Form, bilingual, check_day, names
from wenze.law.days import Term, read_term
from wenze.law.facts import is_day, is_identifier
from wenze.law.rules import Place, Stated
from wenze.law.steps import (
    ALWAYS,
    Alternatives,
    Atom,
    BandText,
    ClockText,
    EffectText,
    FeatureText,
    Frame,
    Gap,
    GroundText,
    HistoryText,
    Line,
    MeasureText,
    Move,
    PaperText,
    Provenance,
    StepText,
)
from wenze.law.tree import Entry, split_key

KINDS = {
    "程序": "procedure",
    "步骤": "step",
    "时限": "clock",
    "文书": "paper",
    "特征": "feature",
    "档次": "band",
    "方式": "measure",
    "事由": "ground",
    "后效": "effect",
    "缺口": "gap",
    "经过": "history",
}
_SAID = "title anchor modality provenance note"
_STEP = "by requires papers outcomes excluded actors receipt reason measures not-heavier-than lifts repeats ends side after-end"
_CLOCK = "from until term extension nature holders shown-to upward"
FORMS = {
    "procedure": Form("title layer note", "title layer", "layer"),
    "step": Form(f"{_SAID} {_STEP}", "provenance", "requires papers receipt reason measures not-heavier-than lifts"),
    "clock": Form(f"{_SAID} {_CLOCK}", "provenance"),
    "paper": Form(f"{_SAID} contents", "provenance", "contents"),
    "feature": Form(f"{_SAID} question", "title question provenance"),
    "band": Form(_SAID, "title note provenance"),
    "measure": Form(f"{_SAID} bands", "title provenance"),
    "ground": Form(f"{_SAID} direction", "title direction modality provenance"),
    "effect": Form(f"{_SAID} measures term", "title term modality provenance"),
    "gap": Form("title anchor note about", "title note"),
    "history": Form("title note basis feature move", "title basis move", "feature move"),
}
_PROVENANCE = {
    "文本": Provenance.TEXT,
    "转录": Provenance.COPY,
    "所知": Provenance.KNOWN,
    "未掌握": Provenance.MISSING,
    **{str(each): each for each in Provenance},
}
_NATURE = {"权利": True, "right": True, "义务": False, "duty": False}
_DIRECTION = {
    "从重": "heavier",
    "从轻": "lighter",
    "免除": "exempt",
    **{w: w for w in ("heavier", "lighter", "exempt")},
}
_REST_OF_YEAR = {"当年", "rest-of-year"}
_BY_PAPER = {"文书", "paper"}
_OPTIONAL = {"可选", "optional"}
_YES = {"是", "yes"}
_OR, _AND, _NOT, _IF, _SINCE = {"或", "or"}, {"且", "and"}, {"非", "not"}, {"若", "if"}, {"晚于", "after"}
_ENDED = {"已终结", "ended"}
_CLOCKS = {"期满": "lapsed", "lapsed": "lapsed", "期内": "within", "within": "within"}
_KEY = {  # of what is indented below 步
    "结果": "outcome",
    "文书": "papers",
    "收到": "receipt",
    "至": "until",
    "关系": "relations",
    "人数": "actors",
    "档": "band",
    "方式": "measures",
    "理由": "reason",
}


def build(body: Body) -> Stated:
    """The statement in the body of a block. Complains in the body."""
    return _BUILDERS[body.kind](body)


def _said(body: Body) -> dict[str, Any]:  # Any: the fields every statement has
    word = body.one("provenance")
    if word and word.lower() not in _PROVENANCE:
        _odd(body, "provenance", "write 文本 (text), 转录 (copy), 所知 (known) or 未掌握 (missing)")
    return {
        "id": body.id,
        "anchors": body.names("anchor") or ((body.anchor,) if body.anchor else ()),
        "place": body.place,
        "title": body.text("title"),
        "modality": body.one("modality"),
        "provenance": _PROVENANCE.get(word.lower(), ""),
        "note": body.text("note"),
    }


def _odd(body: Body, key: str, hint: str, entry: Entry | None = None) -> None:
    entry = entry or body.entries[key][0]
    body.complain("L049", f"`{entry.value}` after `{entry.key}` is not in its form", hint, entry.place)


def _step(body: Body) -> StepText:
    return StepText(
        **_said(body),
        by=body.names("by"),
        requires=_lines(body, "requires", _required),
        papers=_lines(body, "papers", _listed),
        outcomes=body.names("outcomes"),
        excluded=body.names("excluded"),
        actors=_number(body, "actors"),
        receipt=_lines(body, "receipt", _yes),
        reason=_lines(body, "reason", _yes),
        measures=_lines(body, "measures", _yes),
        not_heavier_than=_lines(body, "not-heavier-than", _listed),
        lifts=_lines(body, "lifts", _yes),
        repeats=body.yes("repeats"),
        ends=body.yes("ends"),
        side=body.yes("side"),
        after_end=body.yes("after-end"),
    )


def _number(body: Body, key: str) -> int:
    value = body.one(key)
    if key in body.entries and not re.fullmatch("[1-9][0-9]?", value):
        _odd(body, key, "write a number from 1 to 99")
        return 0
    return int(value or 0)


# Lines with conditions


def _lines(
    body: Body, key: str, read: Callable[[str], tuple[tuple[str, ...], Alternatives] | None]
) -> tuple[Line, ...]:
    """Each line `WHAT [若 CONDITION]`."""
    found = []
    for entry in body.entries.get(key, ()):
        what, when = _split_if(entry.value)
        said, condition = read(what), _condition(when) if when else ALWAYS
        if said is None or condition is None:
            hint = "write names or a condition: `A 且 B 或 非 C`, `A=outcome`, `A 晚于 B`, `期内 CLOCK`, and 若 CONDITION behind it"
            _odd(body, key, hint, entry)
        else:
            found.append(Line(*said, condition, entry.place))
    return tuple(found)


def _split_if(text: str) -> tuple[str, str]:
    words = text.split()
    at = next((at for at, word in enumerate(words) if word.lower() in _IF), len(words))
    return " ".join(words[:at]), " ".join(words[at + 1 :])


def _required(text: str) -> tuple[tuple[str, ...], Alternatives] | None:
    condition = _condition(text)
    return None if condition is None else ((), condition)


def _listed(text: str) -> tuple[tuple[str, ...], Alternatives] | None:
    found = names(text)
    return (found, ALWAYS) if found and all(map(is_identifier, found)) else None


def _yes(text: str) -> tuple[tuple[str, ...], Alternatives] | None:
    return ((), ALWAYS) if text.lower() in _YES else None


def _condition(text: str) -> Alternatives | None:
    """`A 且 B 或 C`: some of what stands between 或, all of what stands between 且. None when it is no condition."""
    parts: list[list[list[str]]] = [[[]]]
    for word in text.split():
        if word.lower() in _OR:
            parts.append([[]])
        elif word.lower() in _AND:
            parts[-1].append([])
        else:
            parts[-1][-1].append(word)
    atoms = [[_atom(words) for words in part] for part in parts]
    if any(atom is None for part in atoms for atom in part):
        return None
    return tuple(tuple(atom for atom in part if atom) for part in atoms)


def _atom(words: list[str]) -> Atom | None:
    negated = bool(words) and words[0].lower() in _NOT
    words = words[negated:]
    if len(words) == 2 and words[0].lower() in _CLOCKS and is_identifier(words[1]):
        return Atom(_CLOCKS[words[0].lower()], words[1], negated=negated)
    if len(words) == 3 and words[1].lower() in _SINCE and is_identifier(words[2]):
        since, words = words[2], words[:1]
    else:
        since = ""
    if len(words) != 1:
        return None
    if words[0].lower() in _ENDED and not since:
        return Atom("ended", "", negated=negated)
    name, equals, outcome = words[0].partition("=")
    if (name and not is_identifier(name)) or (equals and not is_identifier(outcome)) or not (name or outcome):
        return None
    return Atom("done" if name else "own", name, outcome, since, negated)


# The other blocks


def _clock(body: Body) -> ClockText:
    start, receipt = body.one("from"), False
    if re.search(r"\s(收到|receipt)(\s|$)", start):
        start, receipt = re.sub(r"\s(收到|receipt)(?=\s|$)", "", start), True
        body.entries["from"][0].value = start
    begin, end = _lines(body, "from", _required), _lines(body, "until", _required)
    word = body.one("term")
    term = read_term(word)
    if word and not term and word.lower() not in _BY_PAPER:
        _odd(
            body,
            "term",
            "write a number and 日, 工作日, 个月 or 年 (days, working-days, months, years), or 文书 (paper)",
        )
    nature = body.one("nature").lower()
    if nature and nature not in _NATURE:
        _odd(body, "nature", "write 权利 (right) or 义务 (duty)")
    return ClockText(
        **_said(body),
        start=begin[0] if begin else None,
        from_receipt=receipt,
        until=end[0] if end else None,
        term=term,
        by_paper=word.lower() in _BY_PAPER,
        extension=_extension(body),
        right=_NATURE.get(nature),
        holders=body.names("holders"),
        shown_to=body.names("shown-to"),
        upward=body.yes("upward"),
    )


def _extension(body: Body) -> tuple[str, Term] | None:
    if "extension" not in body.entries:
        return None
    step, _, length = body.one("extension").partition(" ")
    term = read_term(length)
    if not is_identifier(step) or not term:
        _odd(body, "extension", "write the step that extends it and by how much: extend 90 日")
        return None
    return step, term


def _paper(body: Body) -> PaperText:
    contents = tuple(bilingual(entry.value) for entry in body.entries.get("contents", ()))
    for entry, said in zip(body.entries.get("contents", ()), contents, strict=True):
        if not (said.zh and said.en):
            message = f"`{entry.key}` of `paper {body.id}` is not in both languages"
            body.complain("L044", message, "write 中文 / English, with a space on both sides of the slash", entry.place)
    return PaperText(**_said(body), contents=contents)


def _feature(body: Body) -> FeatureText:
    return FeatureText(**_said(body), question=body.text("question"))


def _band(body: Body) -> BandText:
    return BandText(**_said(body))


def _measure(body: Body) -> MeasureText:
    return MeasureText(**_said(body), bands=body.names("bands"))


def _ground(body: Body) -> GroundText:
    direction = _DIRECTION.get(body.one("direction").lower(), "")
    if not direction:
        _odd(body, "direction", "write 从重 (heavier), 从轻 (lighter) or 免除 (exempt)")
    return GroundText(**_said(body), direction=direction)


def _effect(body: Body) -> EffectText:
    word = body.one("term")
    term = read_term(word)
    if not term and word.lower() not in _REST_OF_YEAR:
        _odd(body, "term", "write a number and 日, 个月 or 年 (days, months, years), or 当年 (rest-of-year)")
    return EffectText(**_said(body), measures=body.names("measures"), term=term)


def _gap(body: Body) -> Gap:
    return Gap(**_said(body), about=body.names("about"))


def _frame(body: Body) -> Frame:
    layers = []
    for entry in body.entries["layer"]:
        name, *more = entry.value.split()
        if not is_identifier(name) or (more and (len(more) > 1 or more[0].lower() not in _OPTIONAL)):
            _odd(
                body,
                "layer",
                "write the name of an instrument, and 可选 (optional) where an office may leave it out",
                entry,
            )
        layers.append((name, bool(more)))
    return Frame(**_said(body), layers=tuple(layers))


def _history(body: Body) -> HistoryText:
    features = []
    for entry in body.entries.get("feature", ()):
        name, _, value = entry.value.partition(" ")
        if value.lower() not in {"是", "yes", "否", "no"}:
            _odd(body, "feature", "write a feature and 是 (yes) or 否 (no); leave out what is not established", entry)
        features.append((name, value.lower() in _YES))
    moves = [move for entry in body.entries["move"] if (move := _move(body, entry))]
    return HistoryText(**_said(body), basis=body.one("basis"), features=tuple(features), moves=tuple(moves))


def _move(body: Body, entry: Entry) -> tuple[Move, Place] | None:
    """`步 STEP DAY ROLE`, and what it carries indented below it."""
    words = entry.value.split()
    if len(words) != 3 or not is_day(words[1]):
        _odd(body, "move", "write the step, the day and who: open 2026-03-02 head", entry)
        return None
    carried: dict[str, Any] = {}  # Any: each field of Move has a type of its own
    for line in entry.below:
        key, value = split_key(line.words)
        name = _KEY.get(key, key.lower())
        if name not in _KEY.values() or not value or line.level != 1:
            listed = "、".join(f"{zh} ({en})" for zh, en in _KEY.items())
            body.complain("L042", f"`{line.words}` is nothing a step carries", f"use one of {listed}", line.place)
        elif name in {"receipt", "until"}:
            check_day(body, value, line.place)
            carried[name] = date.fromisoformat(value) if is_day(value) else None
        elif name == "actors" and not re.fullmatch("[1-9][0-9]?", value):
            body.complain("L049", f"`{value}` is no number of persons", "write a number from 1 to 99", line.place)
        elif name == "actors":
            carried[name] = int(value)
        else:
            carried[name] = value if name in {"outcome", "band", "reason"} else names(value)
    return Move(words[0], date.fromisoformat(words[1]), words[2], **carried), entry.place


_BUILDERS: dict[str, Callable[[Body], Stated]] = {
    "procedure": _frame,
    "step": _step,
    "clock": _clock,
    "paper": _paper,
    "feature": _feature,
    "band": _band,
    "measure": _measure,
    "ground": _ground,
    "effect": _effect,
    "gap": _gap,
    "history": _history,
}
