"""The `case` blocks of a Markdown file → drafts of cases: records with their values, not yet put on their bases.

Knows the written form of `docs/language.md` section 6; resolves no references and knows no instrument.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Any, NamedTuple  # Any: a value has the type its Sort gives it

from markdown_it import MarkdownIt
from markdown_it.token import Token

from wenze.law.case import FactKey
from wenze.law.casefile.problems import Report, TooMany, instead, mending, show
from wenze.law.casefile.records import (
    BASED_ON,
    CASE_KEYS,
    RECORD_TYPES,
    TYPE_OF_KIND,
    TYPE_OF_WORD,
    WITHDRAW,
    Key,
    Pair,
    RecordType,
    conflict_of,
)
from wenze.law.casefile.values import ANSWERS, Wrong, as_identifier, split
from wenze.law.rules import Place

MAX_STORIES = 20_000_000  # characters of one file; cases under one heading tell the same story, each once more
_BLOCK_WORDS = ("case", "案件")
_FOR, _AGAINST = ("有", "for"), ("反", "against")
_HEADERS = {word: key for key in (*CASE_KEYS, BASED_ON, WITHDRAW) for word in (key.zh, key.en)}
_FIRST_WORDS = (*_HEADERS, *TYPE_OF_WORD)
# Words people try that have no place in a case, and why.
_NO_PLACE = {
    word: hint
    for words, hint in (
        (
            "状态 state 已认定 已否定 未认定",
            "a state is never written; it follows from evidence (有, 反) and findings (认定)",
        ),
        (
            "姓名 名字 name 身份证 电话 手机 phone 住址 address 举报人 群众 公民 citizen",
            "people are not recorded here; an office-holder has a code under 任职人 (holder)",
        ),
    )
    for word in words.split()
}


class Withdrawal(NamedTuple):
    """An inherited record to be taken away."""

    type: RecordType
    identity: Any
    words: str
    place: Place


@dataclass(slots=True, eq=False)
class Draft:
    """A case as one block or file gives it. `values` are those of the case itself, `records` by collection."""

    id: str
    place: Place
    story: str = ""
    values: dict[str, Any] = field(default_factory=dict)
    records: dict[str, list[Any]] = field(default_factory=dict)
    based_on: str = ""
    based_on_place: Place | None = None
    withdrawals: list[Withdrawal] = field(default_factory=list)
    broken: bool = False  # a problem was noted; nothing is built on it


class _Line(NamedTuple):
    word: str
    rest: str
    place: Place


def read_drafts(text: str, file: str, report: Report) -> Iterator[Draft]:
    """The drafts of all case blocks of a Markdown text. Lines end in \\n."""
    text = text if text.endswith("\n") else text + "\n"
    lines = text.split("\n")
    told = 0
    start, story = 0, list[str]()  # where the prose not yet told begins, and what is told since the heading
    for token in MarkdownIt("commonmark").disable("inline").parse(text):
        if token.type == "heading_open" and token.map:
            start, story = token.map[1], []
        elif token.type == "fence" and token.map:
            place = Place(file, token.map[0] + 1)
            story += filter(str.strip, ["\n".join(lines[start : token.map[0]]).strip()])
            start = token.map[1]
            if id := _opening(token, place, report):
                told += sum(map(len, story))
                if told > MAX_STORIES:
                    message = f"with {show(id)} the stories have more than `{MAX_STORIES:,}` characters"
                    report.add("C053", place, message, "give every case its own heading with its own story")
                    raise TooMany
                yield _read_block(id, token.content, place, "\n\n".join(story), report)


def _opening(token: Token, place: Place, report: Report) -> str:
    """The id of a case block; "" when the fence is none or is wrong."""
    first, end = token.map or (0, 0)
    if token.content.count("\n") != end - first - 2:  # no closing line was counted
        report.add("C006", place, f"the block {show(token.markup + token.info)} is not closed")
    words = token.info.split()
    if not words or words[0] not in _BLOCK_WORDS:
        if words and len(words[0]) <= 8 and SequenceMatcher(None, words[0].lower(), "case").ratio() > 0.8:
            report.add("C007", place, f"the block {show(token.info)} is not read", "did you mean `case`?")
        return ""
    if len(words) != 2:
        report.add("C007", place, f"the opening line {show(token.info)} is not `case ID`")
        return ""
    try:
        return as_identifier(words[1])
    except Wrong as wrong:
        report.add(wrong.id, place, wrong.message, wrong.hint)
        return ""


def _read_block(id: str, content: str, place: Place, story: str, report: Report) -> Draft:
    draft = Draft(id, place, story)
    known = len(report.problems)
    seen: dict[str, Place] = {}
    for head, attributes in _records(_lines(content, place, report), report):
        if head.word in _HEADERS:
            _read_header(head, draft, seen, report)
            for line in attributes:
                report.add(
                    "C011",
                    line.place,
                    f"the line {show(line.word)} belongs to no record",
                    f"{show(head.word)} has no attributes",
                )
        elif head.word in TYPE_OF_WORD:
            _read_record(head, attributes, draft, report)
        else:
            hint = _NO_PLACE.get(head.word.lower()) or instead(head.word, _FIRST_WORDS, _first_words())
            report.add("C012", head.place, f"{show(head.word)} begins no record", hint)
    draft.broken = len(report.problems) > known
    return draft


def _first_words() -> str:
    headers = "、".join(f"`{key.zh}`" for key in (*CASE_KEYS, BASED_ON, WITHDRAW))
    return f"a line begins with {headers} or " + "、".join(
        f"`{type_.zh}`" for type_ in dict.fromkeys(TYPE_OF_WORD.values())
    )


def _lines(content: str, opening: Place, report: Report) -> Iterator[tuple[int, _Line]]:
    """The lines that say something: depth 0 or 1, the first word, the rest."""
    for number, raw in enumerate(content.split("\n"), opening.line + 1):
        line = _without_comment(raw).rstrip()
        place = Place(opening.file, number)
        if not line.strip():
            continue
        indent = line[: len(line) - len(line.lstrip())]
        if "\t" in line:
            report.add("C010", place, f"a tab in the line {show(line)}", "write two spaces for it")
        elif indent not in ("", "  "):
            report.add(
                "C010",
                place,
                f"the line {show(line)} is indented by `{len(indent)}`{'' if indent.isascii() else ' (wide spaces)'}",
            )
        word, rest = _first_word(line.strip())
        yield (1 if indent else 0), _Line(word, rest, place)


def _without_comment(line: str) -> str:
    """`line` up to a # that begins it or follows a space."""
    start = 0
    while (at := line.find("#", start)) >= 0:
        if at == 0 or line[at - 1].isspace():
            return line[:at]
        start = at + 1
    return line


def _first_word(line: str) -> tuple[str, str]:
    """The first word, a colon behind it dropped, and the rest."""
    for index, char in enumerate(line):
        if char.isspace() or char in ":：":
            return line[:index], line[index + 1 :].strip()
    return line, ""


def _records(lines: Iterator[tuple[int, _Line]], report: Report) -> Iterator[tuple[_Line, list[_Line]]]:
    """Every line of depth 0 with the lines indented below it."""
    head: _Line | None = None
    attributes: list[_Line] = []
    for depth, line in lines:
        if depth and head is None:
            report.add("C011", line.place, f"the line {show(line.word)} belongs to no record")
        elif depth:
            attributes.append(line)
        else:
            if head:
                yield head, attributes
            head, attributes = line, []
    if head:
        yield head, attributes


def _read_header(line: _Line, draft: Draft, seen: dict[str, Place], report: Report) -> None:
    key = _HEADERS[line.word]
    if not line.rest:
        report.add("C014", line.place, f"{show(line.word)} has no value")
    elif key is WITHDRAW:
        _read_withdrawal(line, draft, report)
    elif key.en in seen:
        report.add(
            "C015", line.place, f"{show(line.word)} is given twice; first in line `{seen[key.en].line}`", "keep one"
        )
    else:
        seen[key.en] = line.place
        value = _value(key, line, report)
        if key is BASED_ON:
            draft.based_on, draft.based_on_place = value or "", line.place
        elif value is not None:
            draft.values[key.en] = value


def _read_withdrawal(line: _Line, draft: Draft, report: Report) -> None:
    word, *rest = line.rest.split()
    type_ = TYPE_OF_WORD.get(word)
    count = 2 if type_ and type_.collection in ("participations", "pairs") else 1
    if type_ is None or type_.kind:
        hint = (
            "expectations are not inherited"
            if type_
            else instead(word, [each.zh for each in RECORD_TYPES if not each.kind])
        )
        report.add("C052", line.place, f"{show(word)} cannot be taken away", hint)
    elif not rest or (type_.collection not in ("facts", "findings") and len(rest) != count):
        report.add(
            "C016",
            line.place,
            f"{show(line.rest)} names no record",
            f"write the type and what tells the record from others, as in {show(type_.form)}",
        )
    elif type_.collection in ("facts", "findings"):
        draft.withdrawals.append(Withdrawal(type_, FactKey(rest[0], tuple(rest[1:])), line.rest, line.place))
    else:
        draft.withdrawals.append(Withdrawal(type_, Pair(*rest) if count == 2 else rest[0], line.rest, line.place))


def _read_record(head: _Line, attributes: list[_Line], draft: Draft, report: Report) -> None:
    known = len(report.problems)
    type_ = TYPE_OF_WORD[head.word]
    if not head.rest:
        report.add("C016", head.place, f"{show(head.word)} names nothing", f"write {show(type_.form)}")
        return
    try:
        type_, words = _HEADS.get(type_.collection, _plain_head)(type_, head.rest)
    except Wrong as wrong:
        report.add(wrong.id, head.place, wrong.message, wrong.hint)
        return
    lines = {name: _Line(name, rest, head.place) for name, rest in words.items()}
    for line in attributes:
        key = _attribute(type_, line, report)
        if key and key.en in lines:
            report.add("C015", line.place, f"{show(line.word)} is given twice", mending("C015"))
        elif key and not line.rest:
            report.add("C014", line.place, f"{show(line.word)} has no value")
        elif key:
            lines[key.en] = line
    values = {key.en: _value(key, lines[key.en], report) for key in type_.keys if key.en in lines}
    if conflict_of(values):
        report.add(
            "C026",
            head.place,
            f"the expectation {show(head.rest)} is robust and depends on {show('、'.join(values['depends']))}",
        )
    if len(report.problems) == known:
        draft.records.setdefault(type_.collection, []).append(type_.build(values, head.place))


def _attribute(type_: RecordType, line: _Line, report: Report) -> Key | None:
    """The key an indented line gives; None after a problem."""
    allowed = type_.keys[type_.head :]
    word = line.word.lower().replace("-", "_")
    for key in allowed:
        if word in (key.zh, key.en):
            return key
    names = [name for key in allowed for name in (key.zh, key.en)]
    listed = "、".join(f"`{key.zh}` ({key.en})" for key in allowed)
    hint = _NO_PLACE.get(word) or instead(
        line.word, names, f"a line below {show(type_.zh)} begins with {listed}" if listed else ""
    )
    report.add("C013", line.place, f"{show(type_.zh)} has no key {show(line.word)}", hint)
    return None


def _value(key: Key, line: _Line, report: Report) -> Any:
    try:
        return key.sort.from_text(line.rest)
    except Wrong as wrong:
        report.add(wrong.id, line.place, f"{show(key.zh)}: {wrong.message}", wrong.hint)
        return None


def _wrong_head(type_: RecordType, rest: str, form: str = "") -> Wrong:
    message = f"{show(type_.zh + ' ' + rest)} is not in the form of this record"
    return Wrong("C016", message, f"write {show(form or type_.form)}")


# The first line of a record: what follows the type word → the type and its words by English key.
_Head = Callable[[RecordType, str], tuple[RecordType, Mapping[str, str]]]


def _plain_head(type_: RecordType, rest: str) -> tuple[RecordType, Mapping[str, str]]:
    """`id title …`, `respondent act`, `reading option`: one word a key, the rest for a title."""
    keys = type_.keys[: type_.head]
    words = rest.split(None, 1) if keys[-1].en == "title" else rest.split()
    if len(words) != len(keys):
        raise _wrong_head(type_, rest)
    return type_, {key.en: word for key, word in zip(keys, words, strict=True)}


def _fact_head(type_: RecordType, rest: str) -> tuple[RecordType, Mapping[str, str]]:
    """`name entities… [有 evidence…] [反 evidence…]`."""
    parts: dict[str, list[str]] = {"entities": []}
    name, *words = rest.split()
    current = "entities"
    for word in words:
        side = "for" if word.lower() in _FOR else "against" if word.lower() in _AGAINST else ""
        if side in parts:
            raise _wrong_head(type_, rest)
        current = side or current
        parts.setdefault(current, [])
        if not side:
            parts[current].append(word)
    if not all(parts[side] for side in parts if side != "entities"):
        raise _wrong_head(type_, rest)
    return type_, {"fact": name} | {key: " ".join(found) for key, found in parts.items()}


def _finding_head(type_: RecordType, rest: str) -> tuple[RecordType, Mapping[str, str]]:
    """`name entities… 是|否 [by day reasons…]`."""
    name, *words = rest.split()
    at = next((index for index, word in enumerate(words) if word.lower() in ANSWERS), None)
    if at is None:
        raise Wrong("C022", f"the finding {show(rest)} says neither yes nor no", f"write {show(type_.form)}")
    found = {"fact": name, "entities": " ".join(words[:at]), "holds": words[at]}
    more = rest.split(None, at + 4)[at + 2 :]  # by, day, and the reasons as they are written
    if len(more) == 1:
        raise _wrong_head(type_, rest)
    return type_, found | dict(zip(("by", "date", "reasons"), more, strict=False))


def _expectation_head(type_: RecordType, rest: str) -> tuple[RecordType, Mapping[str, str]]:
    """Five forms, told apart by a word: 矛盾 …, R A 提示 n, R A 无提示 n, R A rule 可依 answer, R A rule state."""
    words = rest.split()
    conflict = TYPE_OF_KIND["contradiction"]
    if words[0] in (conflict.zh, conflict.en):
        keys = " ".join(words[1:])
        if not split(keys):
            raise _wrong_head(type_, rest, conflict.form)
        return conflict, {"conflict": keys}
    for kind, at in (("note", 2), ("no-note", 2), ("reliance", 3)):
        found = TYPE_OF_KIND[kind]
        if len(words) == at + 2 and words[at].lower() in (found.zh, found.en):
            return found, _expected(found, [*words[:at], words[at + 1]])
    if len(words) == 4:
        return type_, _expected(type_, words)
    forms = "、".join(show(each.form) for each in TYPE_OF_KIND.values())
    raise Wrong("C016", f"the expectation {show(rest)} is in no known form", f"write one of {forms}")


def _expected(type_: RecordType, words: list[str]) -> Mapping[str, str]:
    """The words of an expectation by key; the act may be - (none)."""
    keys = [key.en for key in type_.keys[: type_.head]]
    return {key: word for key, word in zip(keys, words, strict=True) if not (key == "act" and word in "-－")}


_HEADS: dict[str, _Head] = {"facts": _fact_head, "findings": _finding_head, "expectations": _expectation_head}
