"""The kinds of value a case file holds: how each is written in text and in JSON, and its schema.

Knows no record and no law. Text is generous (Chinese and English words, full-width digits, 2015年3月1日),
JSON is exact.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any  # values of every kind pass through here; each Sort writes only what it has read itself

from wenze.law.case import CONTINUING, FactKey
from wenze.law.casefile.problems import instead, mending, show, visible
from wenze.law.rules import Bilingual

LONGEST_IDENTIFIER = 100
IDENTIFIER_PATTERN = r"^[^\s,，、;；:：/／()（）「」#`\"'\-][^\s,，、;；:：/／()（）「」#`\"']*$"
_SEPARATOR = re.compile(r"[、,，;；]")
_DAY_PATTERN = r"^[12][0-9]{3}-[0-9]{2}-[0-9]{2}$"
_DAY_TEXT = re.compile(r"([12][0-9]{3})(?:-([0-9]{2})-([0-9]{2})|年([0-9]{1,2})月([0-9]{1,2})日)")
_DIGEST_PATTERN = r"^(sha256|sm3):[0-9a-f]{64}$"
_LARGEST = 999_999_999
_CONTINUING = ("持续", "continuing")
_YES, _NO = ("是", "yes"), ("否", "no")
ANSWERS = frozenset(_YES + _NO)


class Wrong(ValueError):
    """A value that cannot be read: the problem's id, the message and the hint; the caller knows the place."""

    def __init__(self, id: str, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.id, self.message, self.hint = id, message, hint or mending(id)


@dataclass(frozen=True, slots=True)
class Refused:
    """A JSON number that no case holds: a fraction, an exponent, NaN, or too many digits."""

    written: str


@dataclass(frozen=True, slots=True, eq=False)
class Sort:
    """A kind of value: reading it from words, reading it from JSON (both may raise Wrong), writing it as JSON."""

    name: str
    from_text: Callable[[str], Any]
    from_json: Callable[[Any], Any]
    to_json: Callable[[Any], Any]
    schema: Mapping[str, object]


def _json(value: object, kind: type, name: str) -> Any:
    if isinstance(value, Refused):
        raise Wrong("C032", f"the number {show(value.written)} is no whole number a case can hold")
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise Wrong(
            "C033",
            f"{show(_type_name(value))} stands where {name} is expected",
            f"write {name}; what is not recorded is left out",
        )
    return value


def _type_name(value: object) -> str:
    names = {
        dict: "an object",
        list: "a list",
        str: "a string",
        bool: "true or false",
        int: "a number",
        type(None): "null",
    }
    return names.get(type(value), "a value")


def as_object(value: object) -> dict[str, Any]:
    """`value` if it is a JSON object with string keys. Raises Wrong."""
    return {str(key): item for key, item in _json(value, dict, "an object").items()}


def as_list(value: object) -> list[Any]:
    """`value` if it is a JSON list. Raises Wrong."""
    items: list[Any] = list(_json(value, list, "a list"))
    return items


def _string(value: object) -> str:
    return str(_json(value, str, "a string"))


def as_text(value: object) -> str:
    text = _string(value)
    for char in text:
        if not visible(char):
            raise Wrong("C004", f"the text holds the character `U+{ord(char):04X}`, which cannot be seen")
    if not text.strip():
        raise Wrong("C014", "an empty text", mending("C014"))
    return text


def _as_conclusion(value: object) -> str:
    """A rule, or RULE/EXCEPTION for the kind that an exception puts in the place of the rule's own."""
    rule, slash, exception = as_text(value).partition("/")
    return as_identifier(rule) + (slash + as_identifier(exception) if slash else "")


def as_identifier(value: object) -> str:
    text = as_text(value)
    plain = unicodedata.normalize("NFKC", text)
    if plain != text and re.fullmatch(IDENTIFIER_PATTERN, plain):
        raise Wrong("C023", f"the identifier {show(text)} has characters that look like others", f"write {show(plain)}")
    if not re.fullmatch(IDENTIFIER_PATTERN, text) or plain != text or len(text) > LONGEST_IDENTIFIER:
        raise Wrong("C023", f"{show(text)} is no identifier")
    return text


def _day(text: str) -> date:
    match = _DAY_TEXT.fullmatch(unicodedata.normalize("NFKC", text).replace(" ", ""))
    if match:
        year, *parts = (int(part) for part in match.groups() if part)
        try:
            return date(year, *parts)
        except ValueError:
            raise Wrong("C020", f"the calendar has no day {show(text)}") from None
    raise Wrong("C020", f"{show(text)} is no day")


def _json_day(value: object) -> date:
    text = as_text(value)
    if not re.fullmatch(_DAY_PATTERN, text):
        raise Wrong("C020", f"{show(text)} is no day", "write it as 2015-03-01")
    return _day(text)


def _end(text: str) -> date:
    return CONTINUING if text.strip().lower() in _CONTINUING else _day(text)


def _json_end(value: object) -> date:
    return CONTINUING if value == "continuing" else _json_day(value)


def _write_end(value: date) -> str:
    return "continuing" if value == CONTINUING else value.isoformat()


def _number(text: str) -> int:
    plain = unicodedata.normalize("NFKC", text)
    if not re.fullmatch("[0-9]{1,9}", plain):
        raise Wrong("C021", f"{show(text)} is no whole number")
    return int(plain)


def _json_number(value: object) -> int:
    number = int(_json(value, int, "a whole number"))
    if not 0 <= number <= _LARGEST:
        raise Wrong("C021", f"{show(number)} is no whole number from 0 to {_LARGEST:,}")
    return number


def _answer(text: str) -> bool:
    if text.lower() not in ANSWERS:
        raise Wrong("C022", f"{show(text)} is neither yes nor no")
    return text.lower() in _YES


def _digest(value: object) -> str:
    text = as_text(value).replace("：", ":")
    if not re.fullmatch(_DIGEST_PATTERN, text):
        raise Wrong("C025", f"{show(text)} is no digest")
    return text


def _bilingual(text: str) -> Bilingual:
    zh, _, en = text.replace(" ／ ", " / ").partition(" / ")
    return Bilingual(as_text(zh.strip()), en.strip())


def _json_bilingual(value: object) -> Bilingual:
    texts = as_object(value)
    for name in texts:
        if name not in Bilingual._fields:
            raise Wrong("C013", f"a title has no key {show(name)}", "a title is {`zh`, `en`}")
    if "zh" not in texts:
        raise Wrong("C017", "a title without `zh`", "write the Chinese title; it is the authority")
    return Bilingual(as_text(texts["zh"]), as_text(texts["en"]) if "en" in texts else "")


def _write_bilingual(value: Bilingual) -> dict[str, str]:
    return {"zh": value.zh, "en": value.en} if value.en else {"zh": value.zh}


def split(text: str) -> list[str]:
    """The members of a list written with 、 or commas."""
    return [part.strip() for part in _SEPARATOR.split(text) if part.strip()]


def _count(text: str) -> tuple[str, int]:
    words = text.split()
    if len(words) != 2:
        raise Wrong("C027", f"{show(text)} is no name with its number")
    return words[0], _number(words[1])


def _fact_key(text: str) -> FactKey:
    name, *entities = (as_identifier(word) for word in text.split())
    return FactKey(name, tuple(entities))


def _exactly(value: object, keys: tuple[str, str], what: str) -> tuple[Any, Any]:
    members = as_object(value)
    if set(members) != set(keys):
        raise Wrong(
            "C013",
            f"{what} has the keys {show('、'.join(members))}",
            f"write exactly {show(keys[0])} and {show(keys[1])}",
        )
    return members[keys[0]], members[keys[1]]


def _json_count(value: object) -> tuple[str, int]:
    name, number = _exactly(value, ("name", "number"), "a count")
    return as_text(name), _json_number(number)


def _json_fact_key(value: object) -> FactKey:
    name, entities = _exactly(value, ("fact", "entities"), "a fact")
    return FactKey(as_identifier(name), ENTITIES.from_json(entities))


def _same(value: Any) -> Any:
    return value


def _distinct(members: Iterable[Any]) -> tuple[Any, ...]:
    seen: list[Any] = []
    known = set()
    for member in members:
        if member in known:
            raise Wrong("C015", f"{show(member)} stands twice in one list", "keep one")
        seen.append(member)
        known.add(member)
    return tuple(seen)


def _distinct_counts(members: Iterable[Any]) -> tuple[Any, ...]:
    counts = tuple(members)
    _distinct(name for name, _ in counts)
    return counts


def _list_of(
    one: Sort,
    name: str,
    parts: Callable[[str], list[str]] = split,
    unique: Callable[[Iterable[Any]], tuple[Any, ...]] = _distinct,
) -> Sort:
    return Sort(
        name,
        lambda text: unique(one.from_text(part) for part in parts(text)),
        lambda value: unique(one.from_json(member) for member in as_list(value)),
        lambda value: [one.to_json(member) for member in value],
        {"type": "array", "items": one.schema} | ({} if unique is tuple else {"uniqueItems": True}),
    )


def _words(text: str) -> list[str]:
    return _SEPARATOR.sub(" ", text).split()


def choice(**words: str) -> Sort:
    """One of some words: English (with _ for -) = Chinese. The English one is kept."""
    known = {en.replace("_", "-"): zh for en, zh in words.items()}
    english = {zh: en for en, zh in known.items()} | {en: en for en in known}

    def from_text(text: str) -> str:
        if text.lower() not in english:
            raise Wrong("C024", f"{show(text)} is not possible here", instead(text, english))
        return english[text.lower()]

    def from_json(value: object) -> str:
        if _string(value) not in known:
            raise Wrong("C024", f"{show(value)} is not possible here", instead(str(value), known))
        return str(value)

    return Sort("choice", from_text, from_json, _same, {"enum": list(known)})


def _object(**properties: Mapping[str, object]) -> dict[str, object]:
    return {"type": "object", "properties": properties, "required": list(properties), "additionalProperties": False}


_TEXT_SCHEMA = {"type": "string", "pattern": r"\S"}
_ID_SCHEMA = {"type": "string", "pattern": IDENTIFIER_PATTERN, "maxLength": LONGEST_IDENTIFIER}
_CONCLUSION_SCHEMA = {
    "type": "string",
    "pattern": f"{IDENTIFIER_PATTERN[:-1]}(/{IDENTIFIER_PATTERN[1:-1]})?$",
    "maxLength": 2 * LONGEST_IDENTIFIER + 1,
}
_DAY_SCHEMA = {"type": "string", "pattern": _DAY_PATTERN, "format": "date"}
_NUMBER_SCHEMA = {"type": "integer", "minimum": 0, "maximum": _LARGEST}

TEXT = Sort("text", as_text, as_text, _same, _TEXT_SCHEMA)
IDENTIFIER = Sort("identifier", as_identifier, as_identifier, _same, _ID_SCHEMA)
CONCLUSION = Sort("conclusion", _as_conclusion, _as_conclusion, _same, _CONCLUSION_SCHEMA)
IDENTIFIERS = _list_of(IDENTIFIER, "identifiers", _words)
# The entities of an instance may repeat here; whether the fact allows it is checked against its scope.
ENTITIES = _list_of(IDENTIFIER, "entities", _words, tuple)
TERMS = _list_of(TEXT, "terms")
DAY = Sort("day", _day, _json_day, date.isoformat, _DAY_SCHEMA)
END = Sort("end", _end, _json_end, _write_end, {"anyOf": [_DAY_SCHEMA, {"const": "continuing"}]})
NUMBER = Sort("number", _number, _json_number, _same, _NUMBER_SCHEMA)
ANSWER = Sort("answer", _answer, lambda value: _json(value, bool, "true or false"), _same, {"type": "boolean"})
DIGEST = Sort("digest", _digest, _digest, _same, {"type": "string", "pattern": _DIGEST_PATTERN})
TITLE = Sort(
    "title",
    _bilingual,
    _json_bilingual,
    _write_bilingual,
    _object(zh=_TEXT_SCHEMA, en=_TEXT_SCHEMA) | {"required": ["zh"]},
)
COUNTS = _list_of(
    Sort(
        "count",
        _count,
        _json_count,
        lambda value: {"name": value[0], "number": value[1]},
        _object(name=_TEXT_SCHEMA, number=_NUMBER_SCHEMA),
    ),
    "counts",
    unique=_distinct_counts,
)
FACT_KEYS = _list_of(
    Sort(
        "fact",
        _fact_key,
        _json_fact_key,
        lambda value: {"fact": value.name, "entities": list(value.entities)},
        _object(fact=_ID_SCHEMA, entities=ENTITIES.schema),
    ),
    "facts",
)
