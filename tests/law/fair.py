"""A small fictitious instrument, and random cases as JSON, for the tests of case files."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from wenze.law.casefile.records import CASE_KEYS, COLLECTIONS, FORMAT, RECORD_TYPES, RecordType
from wenze.law.casefile.values import Sort
from wenze.law.compile import compile_sources
from wenze.law.instrument import Law
from wenze.law.parse import read_source

HERE = Path(__file__).parent


def _title(zh: str, en: str | None) -> dict[str, str]:
    return {"zh": zh} | ({"en": en} if en else {})


_TEXT = st.text(st.sampled_from("甲集市 ab1,。/#、有反是\n\"'\\"), min_size=1, max_size=8).filter(str.strip)
_IDS = st.sampled_from(["P1", "A1", "甲", "6.7-缺失", "a_b", "活动.举办", "证1"])
_DAYS = st.dates(date(1949, 10, 1), date(2999, 12, 31)).map(date.isoformat)
_BY_SORT: dict[str, st.SearchStrategy[Any]] = {
    "text": _TEXT,
    "identifier": _IDS,
    "conclusion": _IDS | st.just("10.3/10.3-异议"),
    "identifiers": st.lists(_IDS, min_size=1, max_size=3, unique=True),
    "entities": st.lists(_IDS, min_size=1, max_size=3),
    "terms": st.lists(_TEXT, min_size=1, max_size=3, unique=True),
    "day": _DAYS,
    "end": _DAYS | st.just("continuing"),
    "number": st.integers(0, 999_999_999),
    "answer": st.booleans(),
    "digest": st.sampled_from(["sha256:" + "0f" * 32, "sm3:" + "a" * 64]),
    "title": st.builds(_title, _TEXT, st.none() | _TEXT),
    "counts": st.lists(
        st.builds(lambda name, number: {"name": name, "number": number}, _TEXT, st.integers(0, 99)),
        min_size=1,
        max_size=3,
        unique_by=lambda count: count["name"],
    ),
    "facts": st.lists(
        st.builds(lambda fact, entities: {"fact": fact, "entities": entities}, _IDS, st.lists(_IDS, max_size=2)),
        min_size=1,
        max_size=3,
        unique_by=lambda key: json.dumps([key["fact"], key["entities"]]),
    ),
}


def fair() -> Law:
    """The fictitious measures on fairs: six facts of the six scopes and one of data, a rule, a reading, a note."""
    return compile_sources([read_source(HERE / "fair.md")])


def _value(sort: Sort) -> st.SearchStrategy[Any]:
    return st.sampled_from(sort.schema["enum"]) if sort.name == "choice" else _BY_SORT[sort.name]


@st.composite
def _record(draw: Any, type_: RecordType) -> dict[str, Any]:
    """A record with its keys in the order of the table, as canonical JSON has them."""
    written: dict[str, Any] = {"kind": type_.kind} if type_.kind else {}
    for key in type_.keys:
        if key.required or draw(st.booleans()):
            written[key.en] = draw(_value(key.sort))
    if type_.en == "act" and "start" in written:  # an act without an end is given one
        written = {key.en: written.get(key.en, "continuing") for key in type_.keys if key.en in {*written, "end"}}
    if written.get("robust"):
        written.pop("depends", None)
    if "id" in written:  # an id names one thing in the whole case
        written["id"] = f"{type_.en}-{written['id']}"
    return written


def _identity(record: dict[str, Any]) -> str:
    names = (
        ("id",)
        if "id" in record
        else ("kind", "respondent", "act", "rule", "note", "conflict", "fact", "entities", "reading")
    )
    return json.dumps([record.get(name) for name in names])


@st.composite
def written_cases(draw: Any) -> dict[str, Any]:
    """A case as canonical JSON: every record and key may occur; what it says need not make sense."""
    written: dict[str, Any] = {"format": FORMAT, "id": draw(_IDS)}
    for key in CASE_KEYS:
        if key.required or draw(st.booleans()):
            written[key.en] = draw(_value(key.sort))
    if draw(st.booleans()):
        written["story"] = draw(_TEXT)
    chosen = draw(st.sets(st.sampled_from(COLLECTIONS), max_size=4))
    for collection in (collection for collection in COLLECTIONS if collection in chosen):
        types = [type_ for type_ in RECORD_TYPES if type_.collection == collection]
        records = draw(st.lists(st.one_of([_record(type_) for type_ in types]), max_size=3, unique_by=_identity))
        if records:
            written[collection] = records
    return written
