"""Cases on paper as JSON: the same as a `history` block, exact, with a published schema. Resolves no names."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any  # JSON as the standard library reads it; each key writes only what it has read itself

from wenze.law.casefile.asjson import check_format, key_schema, load, read_values, refuse_unknown
from wenze.law.casefile.cases import text_of
from wenze.law.casefile.problems import Report, TooMany
from wenze.law.casefile.records import Key
from wenze.law.casefile.values import (
    ANSWER,
    DAY,
    IDENTIFIER,
    NUMBER,
    TERMS,
    TEXT,
    TITLE,
    Sort,
    Wrong,
    as_list,
    as_object,
)
from wenze.law.problems import Problems
from wenze.law.rules import Bilingual
from wenze.law.steps import HistoryText, Move

FORMAT = "wenze-history/1"
_MOST_ACTORS = 99


def _actors(value: object) -> int:
    number = int(NUMBER.from_json(value))
    if not 1 <= number <= _MOST_ACTORS:
        raise Wrong("C021", f"`{number}` is no number of persons", f"write a number from 1 to {_MOST_ACTORS}")
    return number


_ACTORS = Sort(
    "number", NUMBER.from_text, _actors, NUMBER.to_json, {"type": "integer", "minimum": 1, "maximum": _MOST_ACTORS}
)
_HEAD = (
    Key("编号", "id", IDENTIFIER, required=True),
    Key("标题", "title", TITLE, required=True),
    Key("依据", "instrument", IDENTIFIER, "basis", required=True),
    Key("说明", "note", TITLE),
)
_FEATURE = (Key("特征", "feature", TEXT, required=True), Key("是否", "holds", ANSWER, required=True))
_MOVE = (
    Key("步", "step", TEXT, required=True),
    Key("日期", "day", DAY, required=True),
    Key("由", "role", TEXT, required=True),
    Key("结果", "outcome", TEXT),
    Key("文书", "papers", TERMS),
    Key("收到", "receipt", DAY),
    Key("至", "until", DAY),
    Key("关系", "relations", TERMS),
    Key("人数", "actors", _ACTORS),
    Key("档", "band", TEXT),
    Key("方式", "measures", TERMS),
    Key("理由", "reason", TEXT),
)
_LISTS = {"features": ("特征 / features", _FEATURE, "a feature"), "moves": ("步骤 / moves", _MOVE, "a move")}


def history_to_json(text: HistoryText) -> dict[str, Any]:
    """A case on paper as plain JSON; what it does not say is left out."""
    features = [{"feature": name, "holds": holds} for name, holds in text.features]
    moves = [_written(_MOVE, move) for move, _ in text.moves]
    return {"format": FORMAT, **_written(_HEAD, text), "features": features, "moves": moves}


def _written(keys: tuple[Key, ...], value: object) -> dict[str, Any]:
    said = {key.en: (key.sort.to_json, getattr(value, key.field)) for key in keys}
    absent = ("", (), None, Bilingual("", ""))
    return {name: to_json(found) for name, (to_json, found) in said.items() if found not in absent}


def read_history(path: Path) -> HistoryText:
    """The case on paper that a JSON file holds. Raises Problems."""
    report, found = Report(), None
    with suppress(TooMany):  # the report says so itself
        text = text_of(path, path.name, report)
        loaded = load(text, path.name, report) if text is not None else None
        found = _history(*loaded, report) if loaded else None
    if found is None or report.problems:
        raise Problems(report.problems)
    return found


def _history(value: object, where: Any, report: Report) -> HistoryText | None:
    try:
        members = as_object(value)
    except Wrong as wrong:
        report.add(wrong.id, where(()), wrong.message, wrong.hint)
        return None
    check_format(members, FORMAT, where, report)
    refuse_unknown(members, ["format", *(key.en for key in _HEAD), *_LISTS], {}, "a history", (), where, report)
    said = read_values(members, _HEAD, "a history", (), where, report)
    if "moves" not in members:
        report.add(
            "C017", where(()), "a history has no `moves`", "add `moves`, an empty list where nothing was done yet"
        )
    lists = {name: list(_records(name, members[name], where, report)) for name in _LISTS if name in members}
    if report.problems:
        return None
    return HistoryText(
        id=said["id"],
        anchors=(),
        place=where(()),
        title=said["title"],
        modality="",
        provenance="",
        note=said.get("note", Bilingual("", "")),
        basis=said["instrument"],
        features=tuple((each["feature"], each["holds"]) for each, _ in lists.get("features", ())),
        moves=tuple((Move(**each), place) for each, place in lists["moves"]),
    )


def _records(name: str, value: object, where: Any, report: Report) -> Any:
    """The values of each object of a list, with its place; what is wrong is in the report."""
    _, keys, what = _LISTS[name]
    try:
        items = as_list(value)
    except Wrong as wrong:
        report.add(wrong.id, where((name,)), f"`{name}`: {wrong.message}", wrong.hint)
        return
    for at, item in enumerate(items):
        path = (name, at)
        try:
            members = as_object(item)
        except Wrong as wrong:
            report.add(wrong.id, where(path), f"`{name}`: {wrong.message}", wrong.hint)
            continue
        refuse_unknown(members, [key.en for key in keys], {key.zh: key.en for key in keys}, what, path, where, report)
        yield read_values(members, keys, what, path, where, report), where(path)


def history_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a case on paper. The reader asks more: days that exist, names the procedure knows."""
    lists = {
        name: {"title": title, "type": "array", "items": _object_schema(keys)}
        for name, (title, keys, _) in _LISTS.items()
    }
    head = _object_schema(_HEAD)
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "案件经过 / a case on paper",
        **head,
        "properties": {"format": {"title": "格式 / format", "const": FORMAT}, **head["properties"], **lists},
        "required": ["format", *head["required"], "moves"],
    }


def _object_schema(keys: tuple[Key, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {key.en: key_schema(key) for key in keys},
        "required": [key.en for key in keys if key.required],
        "additionalProperties": False,
    }
