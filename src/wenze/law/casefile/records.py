"""The records of a case file: one table of types and keys, Chinese and English.

Reading text, reading JSON, checking, writing and the schema all follow it; nothing is named twice.

Knows where a record stands in `Case` and what each key refers to; knows no syntax and no law.
The names are those of `docs/language.md`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from operator import attrgetter
from typing import Any, NamedTuple  # Any: values and records of every type pass through; the table says which

from wenze.law.case import (
    Act,
    Case,
    Duty,
    Event,
    Evidence,
    Expectation,
    FactKey,
    FactRecord,
    Finding,
    Participation,
    Post,
    Ruling,
    Unit,
)
from wenze.law.casefile import values as sorts
from wenze.law.casefile.values import Sort
from wenze.law.rules import Place

FORMAT = "wenze-case/1"


class Pair(NamedTuple):
    """A pair to evaluate."""

    respondent: str
    act: str


@dataclass(frozen=True, slots=True, eq=False)
class Key:
    """One piece of a record. `attribute` is its place in the shape (`key.name`, `key.entities`: parts of a FactKey).

    `vocabulary` names the terms it is taken from; `refers` the types of record it may name.
    """

    zh: str
    en: str
    sort: Sort
    attribute: str = ""
    vocabulary: str = ""
    refers: tuple[str, ...] = ()
    required: bool = False

    @property
    def field(self) -> str:
        return self.attribute or self.en


@dataclass(frozen=True, slots=True, eq=False)
class RecordType:
    """A type of record. Its first `head` keys stand only on its own line in text; `form` shows that line.

    `kind` tells apart the types that share a collection. `identity` is what must not occur twice.
    """

    zh: str
    en: str
    collection: str
    shape: Callable[..., Any]
    identity: Callable[[Any], Hashable]
    form: str
    head: int
    keys: tuple[Key, ...]
    kind: str = ""

    def build(self, values: Mapping[str, Any], place: Place) -> Any:
        """The record with `values` by English key. All required keys must be there."""
        fields = {key.field: values[key.en] for key in self.keys if key.en in values}
        if "key.name" in fields:
            fields["key"] = FactKey(fields.pop("key.name"), fields.pop("key.entities", ()))
        if self.kind:
            fields["kind"] = self.kind
        if self.shape is Act and "start" in fields:
            fields.setdefault("end", fields["start"])  # an act without an end is of one day
        return self.shape(**fields) if self.shape is Pair else self.shape(place=place, **fields)

    def values_of(self, record: Any) -> dict[str, Any]:
        """What `record` says, by English key, without what is not recorded. The inverse of `build`."""
        found = {key.en: attrgetter(key.field)(record) for key in self.keys}
        return {name: value for name, value in found.items() if value is not None and value != () and value != ""}


def _titled(zh: str, en: str) -> tuple[Key, Key]:
    return Key(zh, en, sorts.IDENTIFIER, required=True), Key("名称", "title", sorts.TEXT, required=True)


_R = Key("主体", "respondent", sorts.IDENTIFIER, refers=("unit", "post"), required=True)
_A = Key("行为", "act", sorts.IDENTIFIER, refers=("act",), required=True)
_FACT = (
    Key("名称", "fact", sorts.IDENTIFIER, "key.name", required=True),
    Key("对象", "entities", sorts.ENTITIES, "key.entities"),
)
_BECAUSE = Key("因", "because", sorts.TEXT)
_EXPECTED = attrgetter("kind", "respondent", "act", "rule", "conflict")
_STATES = sorts.choice(made_out="成立", not_made_out="不成立", open="尚不能认定", not_applicable="不适用")
_RELIANCE = sorts.choice(yes="是", no="否", open="未定")
# The act of an expectation is left out (text: -) for a rule that judges the respondent alone.
_EXPECTED_PAIR = (_R, replace(_A, required=False))
_RULE = Key("规则", "rule", sorts.CONCLUSION, required=True)
_NOTE = Key("提示", "note", sorts.IDENTIFIER, "rule", required=True)


def _expectation(
    kind: str, words: tuple[str, str], form: str, head: tuple[Key, ...], more: tuple[Key, ...] = ()
) -> RecordType:
    return RecordType(*words, "expectations", Expectation, _EXPECTED, form, len(head), (*head, *more, _BECAUSE), kind)


def _evidence(zh: str, en: str, attribute: str = "") -> Key:
    return Key(zh, en, sorts.IDENTIFIERS, attribute, refers=("evidence",))


CASE_KEYS = (
    Key("标题", "title", sorts.TITLE, required=True),
    Key("依据", "instrument", sorts.IDENTIFIER, required=True),
    Key("机关", "organ", sorts.IDENTIFIER, refers=("unit",)),
)
BASED_ON = Key("基于", "based_on", sorts.IDENTIFIER)
WITHDRAW = Key("撤去", "withdraw", sorts.TEXT)

RECORD_TYPES: tuple[RecordType, ...] = (
    RecordType(
        "单位", "unit", "units", Unit, attrgetter("id"), "单位 U1 某机关", 2,
        (
            *_titled("编号", "id"),
            Key("类型", "kind", sorts.TEXT, vocabulary="单位类型"),
            Key("层级", "level", sorts.TEXT, vocabulary="层级"),
            Key("上级", "parent", sorts.IDENTIFIER, refers=("unit",)),
            Key("管理", "manager", sorts.IDENTIFIER, refers=("unit",)),
        ),
    ),
    RecordType(
        "职务", "post", "posts", Post, attrgetter("id"), "职务 P1 某机关负责人", 2,
        (
            *_titled("编号", "id"),
            Key("单位", "unit", sorts.IDENTIFIER, refers=("unit",)),
            Key("角色", "role", sorts.TEXT, vocabulary="职务角色"),
            Key("职级", "rank", sorts.TEXT, vocabulary="职级"),
            Key("任职方式", "mode", sorts.TEXT, vocabulary="任职方式"),
            Key("管理", "manager", sorts.IDENTIFIER, refers=("unit",)),
            Key("起", "start", sorts.DAY),
            Key("止", "end", sorts.DAY),
            Key("任职人", "holder", sorts.IDENTIFIER),
        ),
    ),
    RecordType(
        "行为", "act", "acts", Act, attrgetter("id"), "行为 A1 作出决定", 2,
        (
            *_titled("编号", "id"),
            Key("环节", "link", sorts.TEXT, vocabulary="环节"),
            Key("形式", "form", sorts.TEXT, vocabulary="行为形式"),
            Key("起", "start", sorts.DAY),
            Key("止", "end", sorts.END),
            Key("单位", "unit", sorts.IDENTIFIER, refers=("unit",)),
            Key("承接", "after", sorts.IDENTIFIER, refers=("act",)),
            Key("事件", "events", sorts.IDENTIFIERS, refers=("event",)),
        ),
    ),
    RecordType(
        "参与", "participation", "participations", Participation, attrgetter("respondent", "act"), "参与 P1 A1", 2,
        (
            _R,
            _A,
            Key("部分", "parts", sorts.TERMS, vocabulary="部分"),
            Key("次序", "order", sorts.NUMBER),
            Key("职责", "duties", sorts.IDENTIFIERS, refers=("duty",)),
            Key("主张", "claims", sorts.TERMS, vocabulary="主张"),
            _evidence("证据", "evidence"),
            _evidence("反证", "against"),
        ),
    ),
    RecordType(
        "事件", "event", "events", Event, attrgetter("id"), "事件 V1 发生何事", 2,
        (
            *_titled("编号", "id"),
            Key("日期", "date", sorts.DAY),
            Key("等级", "grade", sorts.TEXT, vocabulary="事件等级"),
            Key("数量", "counts", sorts.COUNTS),
        ),
    ),
    RecordType(
        "职责", "duty", "duties", Duty, attrgetter("id"), "职责 D1 应做何事", 2,
        (
            *_titled("编号", "id"),
            Key("承担", "owed_by", sorts.IDENTIFIERS, refers=("unit", "post")),
            Key("来源", "source", sorts.TEXT),
            Key("持有", "held", sorts.ANSWER),
        ),
    ),
    RecordType(
        "证据", "evidence", "evidence", Evidence, attrgetter("id"), "证据 证1 某次会议的记录", 2,
        (
            *_titled("编号", "id"),
            Key("形式", "form", sorts.TEXT, vocabulary="证据形式"),
            Key("来源", "source", sorts.TEXT),
            Key("取得", "obtained", sorts.DAY),
            Key("取得人", "obtained_by", sorts.TEXT),
            Key("页", "page", sorts.TEXT),
            Key("摘要", "digest", sorts.DIGEST),
            Key("缺失", "lacks", sorts.TEXT),
        ),
    ),
    RecordType(
        "事实", "fact", "facts", FactRecord, attrgetter("key"), "事实 名称 P1 A1 有 证1 反 证2", 2,
        (*_FACT, _evidence("有", "for", "supporting"), _evidence("反", "against", "opposing")),
    ),
    RecordType(
        "认定", "finding", "findings", Finding, attrgetter("key"), "认定 名称 A1 是 调查组 2015-05-06 理由", 3,
        (
            *_FACT,
            Key("结果", "holds", sorts.ANSWER, required=True),
            Key("作出人", "by", sorts.TEXT),
            Key("日期", "date", sorts.DAY, "day"),
            Key("理由", "reasons", sorts.TEXT),
            _evidence("依据", "basis"),
        ),
    ),
    RecordType(
        "裁定", "ruling", "rulings", Ruling, attrgetter("reading"), "裁定 解读 选项", 2,
        (
            Key("解读", "reading", sorts.IDENTIFIER, required=True),
            Key("选项", "option", sorts.IDENTIFIER, required=True),
            Key("由", "by", sorts.TEXT),
            Key("自", "since", sorts.DAY),
            Key("来源", "source", sorts.TEXT),
        ),
    ),
    RecordType("评价", "pair", "pairs", Pair, Pair._make, "评价 P1 A1", 2, (_R, _A)),
    _expectation(
        "state", ("期望", "expect"), "期望 P1 A1 规则 成立",
        (*_EXPECTED_PAIR, _RULE, Key("状态", "state", _STATES, required=True)),
        (Key("稳健", "robust", sorts.ANSWER), Key("取决", "depends", sorts.IDENTIFIERS)),
    ),
    _expectation(
        "reliance", ("可依", "reliance"), "期望 P1 A1 规则 可依 否",
        (*_EXPECTED_PAIR, _RULE, Key("答案", "state", _RELIANCE, required=True)),
    ),
    _expectation(
        "note", ("提示", "note"), "期望 P1 A1 提示 编号", (*_EXPECTED_PAIR, _NOTE),
    ),
    _expectation(
        "no-note", ("无提示", "no-note"), "期望 P1 A1 无提示 编号",
        (*_EXPECTED_PAIR, _NOTE),
    ),
    _expectation(
        "contradiction", ("矛盾", "contradiction"), "期望 矛盾 名称 P1 A1、名称 P2 A1",
        (Key("事实", "conflict", sorts.FACT_KEYS, required=True),),
    ),
)  # fmt: skip
EXPECTATIONS = tuple(type_ for type_ in RECORD_TYPES if type_.kind)
COLLECTIONS = tuple(dict.fromkeys(type_.collection for type_ in RECORD_TYPES))
TYPE_OF_KIND = {type_.kind: type_ for type_ in EXPECTATIONS}
TYPE_OF_WORD = {word: type_ for type_ in RECORD_TYPES if type_.kind in ("", "state") for word in (type_.zh, type_.en)}
_IN_TUPLES = frozenset({"rulings", "pairs", "expectations"})


def type_of(collection: str, record: Any) -> RecordType:
    """The type of a record that stands in `collection`."""
    if collection == "expectations":
        return TYPE_OF_KIND[record.kind]
    return next(type_ for type_ in RECORD_TYPES if type_.collection == collection)


def identity_of(collection: str, record: Any) -> Hashable:
    """What tells `record` from the others of its collection."""
    return type_of(collection, record).identity(record)


def records_of(case: Case, collection: str) -> tuple[Any, ...]:
    """The records of one collection, in the order they were written."""
    held = getattr(case, collection)
    return tuple(held.values() if isinstance(held, Mapping) else held)


def held(collection: str, records: Iterable[Any]) -> Any:
    """`records` as `Case` holds that collection: by identity, or in a row."""
    return (
        tuple(records) if collection in _IN_TUPLES else {identity_of(collection, record): record for record in records}
    )


def conflict_of(values: Mapping[str, Any]) -> bool:
    """Whether an expectation says both that it is robust and that it depends on readings."""
    return values.get("robust") is True and bool(values.get("depends"))
