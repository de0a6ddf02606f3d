"""The body of a block: its lines by key, in Chinese or English, and what may be wrong with them.

Knows every key of the language and how values are written; which keys a kind of block has is its `Form`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from wenze.law.facts import SCOPES, is_day
from wenze.law.problems import Problem, instead
from wenze.law.rules import Bilingual, Node, Op, Place, Scope
from wenze.law.tree import Entry, read_condition, read_entries, read_lines

KEYS = {
    "标题": "title",
    "名称": "title",
    "施行": "in-force",
    "公布": "published",
    "文本": "text-file",
    "散列": "digest",
    "组": "group",
    "对象": "scope",
    "适用": "applies",
    "结论": "conclusion",
    "情态": "modality",
    "后果": "consequence",
    "兜底": "catch-all",
    "一般": "general",
    "不引": "unencoded",
    "出处": "anchor",
    "条件": "condition",
    "问题": "question",
    "选项": "option",
    "默认": "default",
    "理由": "reason",
    "最轻": "mildest",
    "有权解释": "interpreter",
    "状态": "state",
    "若": "if",
    "则": "then",
    "互斥": "exclusive",
    "至多一": "at-most-one",
    "推翻": "overrides",
    "范围": "reach",
    "效果": "effect",
    "文字": "text",
    "关于": "about",
    "并存": "concurring",
    "持有": "held",
    "说明": "note",
    "由": "by",
    "须": "requires",
    "文书": "papers",
    "结果": "outcomes",
    "回避": "excluded",
    "人数": "actors",
    "收到": "receipt",
    "方式": "measures",
    "不重于": "not-heavier-than",
    "解除": "lifts",
    "多次": "repeats",
    "终结": "ends",
    "并行": "side",
    "终后": "after-end",
    "核对": "provenance",
    "自": "from",
    "至": "until",
    "期限": "term",
    "延长": "extension",
    "性质": "nature",
    "属": "holders",
    "逾期": "shown-to",
    "上报": "upward",
    "须载": "contents",
    "档": "bands",
    "作用": "direction",
    "层": "layer",
    "依据": "basis",
    "特征": "feature",
    "步": "move",
}
TREES = {"condition", "if", "then", "exclusive", "at-most-one"}  # keys that take a condition
_NESTED = TREES | {"move"}  # keys that have lines below them
_YES = {"是": True, "yes": True, "否": False, "no": False}


@dataclass(frozen=True, slots=True)
class Form:
    """The keys of one kind of block: all of them in the order in which an author is told, those it must have, those it may repeat."""

    allowed: str
    required: str
    repeated: str = ""


def bilingual(text: str) -> Bilingual:
    """`中文 / English` → both; without a slash the English is empty."""
    zh, _, en = text.replace(" ／ ", " / ").partition(" / ")
    return Bilingual(zh.strip(), en.strip())


def names(text: str) -> tuple[str, ...]:
    """A list written with 、 or commas."""
    return tuple(name.strip() for name in re.split(r"[、,，]", text) if name.strip())


@dataclass(slots=True)
class Body:
    """The entries of a block by English key, with what is needed to complain about them."""

    kind: str
    id: str
    place: Place
    anchor: str
    problems: list[Problem]
    entries: dict[str, list[Entry]] = field(default_factory=dict)

    def one(self, key: str) -> str:
        return self.entries[key][0].value if key in self.entries else ""

    def text(self, key: str) -> Bilingual:
        value = bilingual(self.one(key))
        if key in self.entries and not (value.zh and value.en):
            entry = self.entries[key][0]
            message = f"`{entry.key}` of `{self.kind} {self.id}` is not in both languages"
            self.complain("L044", message, "write 中文 / English, with a space on both sides of the slash", entry.place)
        return value

    def yes(self, key: str) -> bool:
        if key not in self.entries:
            return False
        entry = self.entries[key][0]
        value = _YES.get(entry.value.lower())
        if value is None:
            message = f"`{entry.value}` after `{entry.key}` is neither yes nor no"
            self.complain("L045", message, "write 是 (yes) or 否 (no)", entry.place)
        return bool(value)

    def scope(self, key: str, default: Scope) -> Scope:
        if key not in self.entries:
            return default
        entry = self.entries[key][0]
        scope = SCOPES.get(entry.value.lower())
        if scope not in {Scope.PARTICIPATION, Scope.RESPONDENT}:
            message = f"a {self.kind} is not read for `{entry.value}`"
            self.complain("L046", message, "write 参与 (participation) or 主体 (respondent)", entry.place)
            return default
        return scope

    def names(self, key: str) -> tuple[str, ...]:
        return tuple(dict.fromkeys(name for entry in self.entries.get(key, ()) for name in names(entry.value)))

    def condition(self) -> Node:
        entry = self.entries["condition"][0]
        node = read_condition(entry, self.problems)
        return node or Node(Op.FALSE, entry.place)  # a problem was collected; nothing is built from it

    def complain(self, id: str, message: str, hint: str, place: Place | None = None) -> None:
        self.problems.append(Problem(place or self.place, id, message, hint))

    def cited(self) -> str:
        """The anchor the block encodes: named, or the beginning of its id, or where it stands."""
        if "anchor" in self.entries:
            return self.one("anchor")
        match = re.match(r"^(?:R-)?(\d+(?:\.\d+)?)(?=$|[^\d.])", self.id)
        return match.group(1) if match else self.anchor


def fill(body: Body, content: str, first: Place, form: Form) -> bool:
    """Sort the lines of the block by key; False when it cannot be built."""
    allowed = form.allowed.split()
    repeated = form.repeated.split()
    before = len(body.problems)
    for entry in read_entries(read_lines(content.rstrip("\n"), first, body.problems), body.problems):
        key = KEYS.get(entry.key, entry.key.lower())
        if key not in allowed:
            known = [word for word, english in KEYS.items() if english in allowed]
            listed = f"a {body.kind} has {'、'.join(f'{chinese(key)} ({key})' for key in allowed)}"
            hint = instead(entry.key, [*known, *allowed], listed)
            body.complain("L042", f"`{entry.key}` is no key of `{body.kind} {body.id}`", hint, entry.place)
        elif key in body.entries and key not in repeated:
            hint = f"keep one; the first is in line {body.entries[key][0].place.line}"
            body.complain("L043", f"`{entry.key}` stands twice in `{body.kind} {body.id}`", hint, entry.place)
        elif not entry.value and not (entry.below and key in TREES):
            hint = "indent its condition below it" if key in TREES else "write the value, or leave the line out"
            body.complain("L043", f"`{entry.key}` of `{body.kind} {body.id}` has no value", hint, entry.place)
        else:
            body.entries.setdefault(key, []).append(entry)
            if entry.below and key not in _NESTED:
                message = f"`{entry.below[0].words}` is indented below `{entry.key}`"
                body.complain("L013", message, "only conditions have lines below them", entry.below[0].place)
    for key in form.required.split():
        if key not in body.entries and len(body.problems) == before:
            hint = f"add a line that begins with {chinese(key)} ({key})"
            body.complain("L043", f"`{body.kind} {body.id}` has no `{chinese(key)}`", hint)
    return len(body.problems) == before


def chinese(key: str) -> str:
    return next(word for word, english in KEYS.items() if english == key)


def check_day(body: Body, text: str, place: Place) -> None:
    if not is_day(text):
        body.complain("L048", f"`{text}` is no day of the calendar", "write it as 2014-05-01", place)
