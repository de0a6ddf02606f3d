"""A case as JSON: reading it exactly, writing it in one canonical form, and the JSON Schema of the format.

Knows the syntax only; the records are those of `caserecords`. Every value has a path
(/units/0/kind), in a file also a line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from typing import Any  # JSON values have every type; each is checked by its Sort

from wenze.law.case import Case
from wenze.law.casefile.astext import Draft
from wenze.law.casefile.problems import Report, instead, show
from wenze.law.casefile.records import (
    CASE_KEYS,
    COLLECTIONS,
    FORMAT,
    RECORD_TYPES,
    TYPE_OF_KIND,
    Key,
    RecordType,
    conflict_of,
    records_of,
    type_of,
)
from wenze.law.casefile.values import IDENTIFIER, TEXT, Refused, Wrong, as_list, as_object
from wenze.law.rules import Place

MAX_DEPTH = 16  # a case needs 6
_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"?|[\[\]{},:\n]|[^\s\[\]{},:"]+', re.DOTALL)

Path = tuple[str | int, ...]
Where = Callable[[Path], Place]

_ID = Key("编号", "id", IDENTIFIER, required=True)
_STORY = Key("经过", "story", TEXT)
_HEADER = (_ID, *CASE_KEYS, _STORY)


def case_to_json(case: Case) -> dict[str, Any]:
    """`case` as plain JSON: English keys in one order, whole numbers only, nothing that is not recorded, no places."""
    values = {
        "id": case.id,
        "title": case.title,
        "instrument": case.instrument,
        "organ": case.organ,
        "story": case.story,
    }
    written: dict[str, Any] = {"format": FORMAT}
    written |= {key.en: key.sort.to_json(values[key.en]) for key in _HEADER if values[key.en]}
    for collection in COLLECTIONS:
        if records := records_of(case, collection):
            written[collection] = [record_to_json(collection, record) for record in records]
    return written


def record_to_json(collection: str, record: Any) -> dict[str, Any]:
    """One record of `collection` as plain JSON."""
    type_ = type_of(collection, record)
    values = type_.values_of(record)
    written = {"kind": type_.kind} if type_.kind else {}
    return written | {key.en: key.sort.to_json(values[key.en]) for key in type_.keys if key.en in values}


def load(text: str, file: str, report: Report) -> tuple[Any, Where] | None:
    """The value a JSON text holds and where its parts stand; None after a problem."""
    lines, repeated, deepest = _places(text, file)
    if deepest:
        report.add("C031", deepest, f"the JSON is nested deeper than `{MAX_DEPTH}` levels")
        return None
    try:
        value = json.loads(text, parse_float=Refused, parse_constant=Refused, parse_int=_integer)
    except json.JSONDecodeError as error:
        report.add("C030", Place(file, error.lineno), f"not JSON at column `{error.colno}`: {error.msg}")
        return None
    for key, place in repeated:
        report.add("C015", place, f"the key {show(key)} is given twice in one object", "keep one")
    return value, lambda path: _nearest(lines, path, file)


def _integer(written: str) -> int | Refused:
    return int(written) if len(written) <= 10 else Refused(written)


def _nearest(lines: dict[Path, Place], path: Path, file: str) -> Place:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, Place(file, 1))


def _places(text: str, file: str) -> tuple[dict[Path, Place], list[tuple[str, Place]], Place | None]:
    """The line of every value, the keys given twice, and where it gets too deep.

    Reads any text; means something for JSON only.
    """
    lines: dict[Path, Place] = {}
    repeated: list[tuple[str, Place]] = []
    open_: list[_Open] = []
    number = 1
    for match in _TOKEN.finditer(text):
        token = match[0]
        place = Place(file, number)
        inside = open_[-1] if open_ else None
        if token == "\n":
            number += 1
        elif token in "}]":
            open_ = open_[:-1]
        elif token == "," and inside:
            inside.step()
        elif token in ",:":
            pass
        elif inside and inside.awaits_key:
            if inside.name(_key(token)):
                repeated.append((str(inside.member), place))
            lines.setdefault(inside.path, place)
        else:
            path = inside.path if inside else ()
            lines.setdefault(path, place)
            if token in "{[":
                if len(open_) == MAX_DEPTH:
                    return lines, repeated, place
                open_.append(_Open(path, token == "{"))
    return lines, repeated, None


def _key(token: str) -> str:
    try:
        return str(json.loads(token))
    except ValueError:
        return token


class _Open:
    """An object or list the reader is inside of: which member comes next."""

    __slots__ = ("above", "awaits_key", "is_object", "member", "names")

    def __init__(self, above: Path, is_object: bool) -> None:
        self.above = above
        self.is_object = is_object
        self.awaits_key = is_object
        self.member: str | int = "" if is_object else 0
        self.names: set[str] = set()

    @property
    def path(self) -> Path:
        return (*self.above, self.member)

    def step(self) -> None:
        """A comma."""
        if isinstance(self.member, int):
            self.member += 1
        else:
            self.awaits_key = True

    def name(self, key: str) -> bool:
        """A key; whether it was there before."""
        known = key in self.names
        self.names.add(key)
        self.member, self.awaits_key = key, False
        return known


def pointers(file: str) -> Where:
    """Where parts of a JSON value stand that came without a file: `file#/units/0`."""

    def where(path: Path) -> Place:
        return Place(file + "".join(["#", *(f"/{str(part)[:40]}" for part in path)]) if path else file, 1)

    return where


def read_object(value: object, where: Where, report: Report) -> Draft | None:
    """The draft a JSON value gives; None after a problem."""
    known = len(report.problems)
    try:
        members = as_object(value)
    except Wrong as wrong:
        report.add(wrong.id, where(()), wrong.message, wrong.hint)
        return None
    check_format(members, FORMAT, where, report)
    refuse_unknown(
        members, ["format", *(key.en for key in _HEADER), *COLLECTIONS], _CHINESE, "a case", (), where, report
    )
    values = read_values(members, _HEADER, "a case", (), where, report)
    draft = Draft(values.get("id") or "", where(()), values.pop("story", None) or "")
    for collection in COLLECTIONS:
        if collection in members:
            draft.records[collection] = _read_records(collection, members[collection], where, report)
    if len(report.problems) > known:
        return Draft(draft.id, draft.place, broken=True) if draft.id else None
    draft.values = {name: found for name, found in values.items() if name != "id"}
    return draft


def check_format(members: dict[str, Any], format: str, where: Where, report: Report) -> None:
    if "format" not in members:
        report.add("C034", where(()), "the file does not name its `format`", f'add "format": `{format}`')
    elif members["format"] != format:
        report.add(
            "C034", where(("format",)), f"the format {show(members['format'])} is not known", f"write `{format}`"
        )


_CHINESE = {key.zh: key.en for key in _HEADER} | {
    type_.zh: type_.collection for type_ in RECORD_TYPES if type_.kind in ("", "state")
}


def refuse_unknown(
    members: dict[str, Any],
    known: list[str],
    chinese: dict[str, str],
    what: str,
    path: Path,
    where: Where,
    report: Report,
) -> None:
    for name in members:
        if name not in known:
            hint = f"in JSON write {show(chinese[name])}" if name in chinese else instead(name, known)
            report.add("C013", where((*path, name)), f"{what} has no key {show(name)}", hint)


def read_values(
    members: dict[str, Any], keys: tuple[Key, ...], what: str, path: Path, where: Where, report: Report
) -> dict[str, Any]:
    """The values of `keys` that are there and right."""
    values = {}
    for key in keys:
        if key.en in members:
            try:
                values[key.en] = key.sort.from_json(members[key.en])
            except Wrong as wrong:
                report.add(wrong.id, where((*path, key.en)), f"{show(key.en)}: {wrong.message}", wrong.hint)
        elif key.required:
            report.add("C017", where(path), f"{what} has no {show(key.en)}", f"add {show(key.en)}")
    return values


def _read_records(collection: str, value: object, where: Where, report: Report) -> list[Any]:
    try:
        items = as_list(value)
    except Wrong as wrong:
        report.add(wrong.id, where((collection,)), f"{show(collection)}: {wrong.message}", wrong.hint)
        return []
    read = (_read_record(collection, item, (collection, index), where, report) for index, item in enumerate(items))
    return [record for record in read if record is not None]


def _read_record(collection: str, item: object, path: Path, where: Where, report: Report) -> Any:
    known = len(report.problems)
    try:
        members = as_object(item)
        type_ = _type(collection, members)
    except Wrong as wrong:
        report.add(wrong.id, where(path), f"{show(collection)}: {wrong.message}", wrong.hint)
        return None
    what = f"`{type_.en}`"
    names = [*(["kind"] if type_.kind else []), *(key.en for key in type_.keys)]
    refuse_unknown(members, names, {key.zh: key.en for key in type_.keys}, what, path, where, report)
    values = read_values(members, type_.keys, what, path, where, report)
    if conflict_of(values):
        report.add(
            "C026", where(path), f"the expectation is robust and depends on {show('、'.join(values['depends']))}"
        )
    return type_.build(values, where(path)) if len(report.problems) == known else None


def _type(collection: str, members: dict[str, Any]) -> RecordType:
    if collection != "expectations":
        return next(type_ for type_ in RECORD_TYPES if type_.collection == collection)
    if "kind" not in members:
        raise Wrong("C017", "an expectation has no `kind`", instead("", TYPE_OF_KIND))
    kind = members["kind"]
    if not isinstance(kind, str) or kind not in TYPE_OF_KIND:
        raise Wrong("C024", f"the kind {show(kind)} is not possible here", instead(str(kind), TYPE_OF_KIND))
    return TYPE_OF_KIND[kind]


def case_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a case. The reader asks more: days that exist, unique ids, visible characters."""
    records: dict[str, list[dict[str, Any]]] = {}
    for type_ in RECORD_TYPES:
        records.setdefault(type_.collection, []).append(_record_schema(type_))
    lists = {
        collection: {
            "title": f"{shapes[0]['title'].partition(' / ')[0]} / {collection}",
            "type": "array",
            "items": shapes[0] if len(shapes) == 1 else {"oneOf": shapes},
        }
        for collection, shapes in records.items()
    }
    header = {key.en: key_schema(key) for key in _HEADER}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": f"urn:{FORMAT.replace('/', ':')}",
        "title": "案件 / a case",
        "type": "object",
        "properties": {"format": {"title": "格式 / format", "const": FORMAT}} | header | lists,
        "required": ["format", *(key.en for key in _HEADER if key.required)],
        "additionalProperties": False,
    }


def key_schema(key: Key) -> dict[str, Any]:
    title = {"title": f"{key.zh} / {key.en.replace('_', ' ')}"}
    return title | dict(key.sort.schema) | ({"description": f"vocabulary {key.vocabulary}"} if key.vocabulary else {})


def _record_schema(type_: RecordType) -> dict[str, Any]:
    kind = {"kind": {"title": "种类 / kind", "const": type_.kind}} if type_.kind else {}
    return {
        "title": f"{type_.zh} / {type_.en}",
        "type": "object",
        "properties": kind | {key.en: key_schema(key) for key in type_.keys},
        "required": [*kind, *(key.en for key in type_.keys if key.required)],
        "additionalProperties": False,
    }
