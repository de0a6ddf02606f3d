"""Cases as JSON: nothing is lost on the way there and back, and the published schema says what the reader accepts."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from law.fair import written_cases
from law.test_casefile import BASE, ENGLISH, HEIR
from wenze.law.casefile.cases import case_from_json, case_schema, case_to_json, parse_case_text, read_cases
from wenze.law.casefile.records import BASED_ON, CASE_KEYS, EXPECTATIONS, RECORD_TYPES, WITHDRAW, Key
from wenze.law.problems import Problems

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = case_schema()
_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "integer": int}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether `value` obeys `schema`, for the words of JSON Schema that the schema of cases uses."""
    known = {"$schema", "$id", "title", "description", "format"}  # say something, demand nothing
    return all(_CHECKS[word](value, schema) for word in schema if word not in known)


def _distinct(value: Any, schema: dict[str, Any]) -> bool:
    return len({json.dumps(member, sort_keys=True) for member in value}) == len(value)


_CHECKS: dict[str, Any] = {
    "type": lambda value, schema: type(value) is _TYPES[schema["type"]],
    "const": lambda value, schema: value == schema["const"],
    "enum": lambda value, schema: value in schema["enum"],
    "pattern": lambda value, schema: not isinstance(value, str) or bool(re.search(schema["pattern"], value)),
    "maxLength": lambda value, schema: not isinstance(value, str) or len(value) <= schema["maxLength"],
    "minimum": lambda value, schema: type(value) is not int or value >= schema["minimum"],
    "maximum": lambda value, schema: type(value) is not int or value <= schema["maximum"],
    "required": lambda value, schema: not isinstance(value, dict) or set(schema["required"]) <= set(value),
    "properties": lambda value, schema: (
        not isinstance(value, dict)
        or all(fits(value[name], each) for name, each in schema["properties"].items() if name in value)
    ),
    "additionalProperties": lambda value, schema: (
        not isinstance(value, dict) or set(value) <= set(schema["properties"])
    ),
    "items": lambda value, schema: not isinstance(value, list) or all(fits(each, schema["items"]) for each in value),
    "uniqueItems": lambda value, schema: not isinstance(value, list) or _distinct(value, schema),
    "oneOf": lambda value, schema: sum(fits(value, each) for each in schema["oneOf"]) == 1,
    "anyOf": lambda value, schema: any(fits(value, each) for each in schema["anyOf"]),
}


def objects_in(schema: Any) -> list[dict[str, Any]]:
    """Every schema of an object inside `schema`."""
    if isinstance(schema, list):
        return [found for each in schema for found in objects_in(each)]
    if not isinstance(schema, dict):
        return []
    own = [schema] if schema.get("type") == "object" else []
    return own + [found for each in schema.values() for found in objects_in(each)]


@given(written_cases())
def test_json_read_and_written_again_is_the_same(written: dict[str, Any]) -> None:
    again = case_to_json(case_from_json(copy.deepcopy(written), "x.json"))
    assert json.dumps(again, ensure_ascii=False) == json.dumps(written, ensure_ascii=False), "also in the same order"
    assert fits(written, SCHEMA)


@given(written_cases())
def test_a_case_is_the_same_after_json_wherever_it_came_from(written: dict[str, Any]) -> None:
    case = case_from_json(written, "x.json")
    assert case_from_json(case_to_json(case), "x.json") == case
    with TemporaryDirectory() as folder:
        path = Path(folder) / "x.json"
        path.write_text(json.dumps(written, indent=1), encoding="utf-8")
        (read,) = read_cases(path)
    assert case_to_json(read) == written


@pytest.mark.parametrize("text", [BASE, BASE + HEIR, ENGLISH])
def test_markdown_becomes_json_with_bases_resolved_and_without_places(text: str) -> None:
    for case in parse_case_text(text, "x.md"):
        written = case_to_json(case)
        assert fits(written, SCHEMA)
        assert "x.md" not in json.dumps(written)
        assert "float" not in {type(value).__name__ for value in _values(written)}
        assert case_to_json(case_from_json(written, "x.json")) == written


def _values(value: Any) -> list[Any]:
    if isinstance(value, dict | list):
        members = value.values() if isinstance(value, dict) else value
        return [found for member in members for found in _values(member)]
    return [value]


@given(written_cases(), st.data())
def test_what_the_schema_refuses_the_reader_refuses(written: dict[str, Any], data: st.DataObject) -> None:
    spoiled = spoil(copy.deepcopy(written), data)
    accepted = True
    try:
        case_from_json(spoiled, "x.json")
    except Problems:
        accepted = False
    assert fits(spoiled, SCHEMA) or not accepted


def spoil(value: Any, data: st.DataObject) -> Any:
    """`value` with one thing in it removed, added or replaced."""
    here = not isinstance(value, dict | list) or not value or data.draw(st.integers(0, 3)) == 0
    other = st.sampled_from([None, 1.5, -1, True, "", "x y", "状态", [], {}, ["a", "a"], {"zh": ""}, "2015-02-30"])
    if not here:
        key = data.draw(st.sampled_from(sorted(value) if isinstance(value, dict) else range(len(value))))
        value[key] = spoil(value[key], data)
    elif isinstance(value, dict) and value and data.draw(st.booleans()):
        del value[data.draw(st.sampled_from(sorted(value)))]
    elif isinstance(value, dict):
        value[data.draw(st.sampled_from(["state", "name", "robust", "kind", "end"]))] = data.draw(other)
    else:
        return data.draw(other)
    return value


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    )
)
def test_any_json_gives_a_case_or_problems(value: Any) -> None:
    for thing in (
        value,
        {
            "format": "wenze-case/1",
            "id": "甲",
            "title": value,
            "instrument": value,
            "units": value,
            "expectations": [value],
        },
    ):
        with pytest.raises(Problems):
            case_from_json(thing, "x.json")


def test_objects_nested_beyond_every_limit_are_refused_and_not_a_crash(tmp_path: Path) -> None:
    deep: Any = []
    for _ in range(100_000):
        deep = [deep]
    with pytest.raises(Problems, match="C033"):
        case_from_json({"format": "wenze-case/1", "id": "甲", "title": deep, "instrument": "fair"}, "x.json")
    (tmp_path / "x.json").write_text('{"title": ' + '{"zh": ' * 100_000, encoding="utf-8")
    with pytest.raises(Problems, match="C031"):
        read_cases(tmp_path / "x.json")


def test_problems_of_json_without_a_file_name_the_path_of_the_value() -> None:
    written = {
        "format": "wenze-case/1",
        "id": "甲",
        "title": {"zh": "甲"},
        "instrument": "fair",
        "units": [{"id": "U1", "titel": "办"}],
    }
    with pytest.raises(Problems) as raised:
        case_from_json(written, "request")
    assert [str(problem.place) for problem in raised.value.problems] == [
        "request#/units/0:1",
        "request#/units/0/titel:1",
    ]


def test_records_read_from_a_json_file_carry_their_line(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text(
        '{"format": "wenze-case/1",\n "id": "甲", "title": {"zh": "\\"],{"}, "instrument": "fair",\n'
        ' "units": [\n  {"id": "U1",\n   "title": "办"},\n  {"id": "U2", "title": "会"}\n ]\n}',
        encoding="utf-8",
    )
    (case,) = read_cases(tmp_path / "x.json")
    assert [unit.place.line for unit in case.units.values()] == [4, 6]


def test_every_object_of_the_schema_is_closed_and_everything_has_both_languages() -> None:
    for schema in objects_in(SCHEMA):
        assert schema["additionalProperties"] is False
    records = [shape for each in SCHEMA["properties"].values() for shape in _items(each)]
    assert len(records) == len(RECORD_TYPES)
    for schema in (SCHEMA, *records):
        for each in (schema, *schema["properties"].values()):
            assert re.fullmatch(r"[^ -~]+ / [ -~]+", each["title"]), each["title"]
    assert SCHEMA["properties"]["format"]["const"] == "wenze-case/1"


def _items(schema: dict[str, Any]) -> list[dict[str, Any]]:
    items = schema.get("items", {"oneOf": []})
    return list(items.get("oneOf", [items]))


def keys_page() -> str:
    """`docs/case-keys.md`, from the table of records."""
    lines = [
        "# Words of a case file",
        "",
        "Chinese and English words are equal in Markdown; JSON uses the English ones.",
        "How they are written: `language.md`, section 6.",
        "",
        *_table("Case", "标题", "", (*CASE_KEYS, BASED_ON, WITHDRAW)),
    ]
    for type_ in RECORD_TYPES:
        word = "期望 expect" if type_ in EXPECTATIONS else f"{type_.zh} {type_.en}"
        name = f"{word} ({type_.zh} {type_.kind})" if type_ in EXPECTATIONS else word
        lines += _table(name, type_.form, type_.collection, type_.keys)
    return "\n".join(lines)


def _table(name: str, form: str, collection: str, keys: tuple[Key, ...]) -> list[str]:
    head = [f"## {name}", ""]
    if collection:
        head += [f"First line: `{form}`. In JSON under `{collection}`.", ""]
    rows = []
    for key in keys:
        required = "yes" if key.required else ""
        taken = key.vocabulary or "、".join(key.refers)
        rows.append(f"| {key.zh} | {key.en} | {key.sort.name} | {required} | {taken} |")
    return [*head, "| 中文 | English | value | must be there | taken from |", "|---|---|---|---|---|", *rows, ""]


def test_the_page_of_words_is_the_table() -> None:
    assert (DOCS / "case-keys.md").read_text(encoding="utf-8") == keys_page()
