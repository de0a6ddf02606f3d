"""The fenced blocks of an instrument: header lines and trees → rules, readings, exceptions and the rest.

Knows which keys each block has, in Chinese and English. Resolves no names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from wenze.law.facts import SCOPES, VOCABULARIES, is_day, is_identifier
from wenze.law.problems import Problem, instead
from wenze.law.rules import (
    Bilingual,
    Conclusion,
    Constraint,
    Definition,
    DutySource,
    Exemption,
    Gate,
    Guard,
    Node,
    Note,
    Op,
    Place,
    Quote,
    Reading,
    Rule,
    Scope,
    Settlement,
    Unencoded,
    Vocabulary,
)
from wenze.law.tree import Entry, read_condition, read_entries, read_lines, read_parts

_BLOCKS = {
    "规范": "instrument",
    "词汇": "vocabulary",
    "规则": "rule",
    "定义": "define",
    "解读": "reading",
    "约束": "constraint",
    "例外": "exception",
    "提示": "note",
    "保障": "guard",
    "职责来源": "duty-source",
}
_KEYS = {
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
    "持有": "held",
    "说明": "note",
}
_ALLOWED = {
    "instrument": "title in-force published text-file digest group",
    "rule": "title group scope applies conclusion modality consequence catch-all general unencoded anchor condition",
    "define": "title anchor condition",
    "reading": "question option default reason mildest interpreter state anchor",
    "constraint": "title if then exclusive at-most-one",
    "exception": "title anchor overrides reach effect condition",
    "note": "title anchor scope text about condition",
    "guard": "title about text condition",
    "duty-source": "title held anchor note",
}
_REQUIRED = {
    "instrument": "title in-force group",
    "rule": "title group conclusion condition",
    "define": "title condition",
    "reading": "question option default reason mildest interpreter",
    "constraint": "title",
    "exception": "title overrides effect condition",
    "note": "title text condition",
    "guard": "title about text condition",
    "duty-source": "title held",
}
_REPEATED = {"group", "applies", "option", "unencoded", "modality"}
_TREES = {"condition", "if", "then", "exclusive", "at-most-one"}  # keys that take a condition
_SETTLED = re.compile(
    r"(?:已决|settled)\s+(\S+)\s+(?:自|since)\s+(\S+)\s+(?:由|by)\s+(\S+)\s+(?:来源|source)\s+(.+)", re.IGNORECASE
)
_ROLES = ("circumstance", "responsibility", "competence", "channel")
_YES = {"是": True, "yes": True, "否": False, "no": False}


@dataclass(frozen=True, slots=True)
class Header:
    """The `instrument` block: plain values, and the groups with their roles ("" for a plain label)."""

    id: str
    values: dict[str, str]
    groups: tuple[tuple[str, str], ...]


Block = Header | Vocabulary | Rule | Definition | Reading | Constraint | Exemption | Note | Guard | DutySource
FIELD_OF: dict[type, str] = {
    Vocabulary: "vocabularies",
    Rule: "rules",
    Definition: "definitions",
    Reading: "readings",
    Constraint: "constraints",
    Exemption: "exceptions",
    Note: "notes",
    Guard: "guards",
    DutySource: "duty_sources",
}


def is_block(word: str) -> bool:
    """Whether a block begins with this word."""
    return word in _BLOCKS or word in _BLOCKS.values()


def bilingual(text: str) -> Bilingual:
    """`中文 / English` → both; without a slash the English is empty."""
    zh, _, en = text.replace(" ／ ", " / ").partition(" / ")
    return Bilingual(zh.strip(), en.strip())


def names(text: str) -> tuple[str, ...]:
    """A list written with 、 or commas."""
    return tuple(name.strip() for name in re.split(r"[、,，]", text) if name.strip())


@dataclass(slots=True)
class _Body:
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


def read_block(info: str, content: str, first: Place, anchor: str, problems: list[Problem]) -> Block | None:
    """The block of a fence whose first body line is `first`; None after a problem."""
    words = info.split()
    kind = _BLOCKS.get(words[0], words[0]) if words else ""
    place = Place(first.file, first.line - 1)
    if kind not in _BLOCKS.values():
        message = f"`{info.strip()}` is no kind of block" if words else "a block of no kind"
        listed = f"use one of {'、'.join(_BLOCKS.values())}"
        hint = instead(kind, [*_BLOCKS, *_BLOCKS.values()], listed) if words else listed
        problems.append(Problem(place, "L040", message, hint))
        return None
    if len(words) < 2 or (len(words) > 2 and kind != "vocabulary") or not is_identifier(words[1]):
        message = f"`{info.strip()}` does not name the block by one word"
        hint = f"after {words[0]} write one name of Chinese, letters, digits, . and -, half-width"
        problems.append(Problem(place, "L041", message, hint))
        return None
    if kind == "vocabulary":
        return _vocabulary(words, content, place, problems)
    body = _Body(kind, words[1], place, anchor, problems)
    before = len(problems)
    if not _fill(body, content, first):
        return None
    block = _BUILDERS[kind](body)
    return block if len(problems) == before else None


def _fill(body: _Body, content: str, first: Place) -> bool:
    """Sort the lines of the block by key; False when it cannot be built."""
    allowed = _ALLOWED[body.kind].split()
    before = len(body.problems)
    for entry in read_entries(read_lines(content.rstrip("\n"), first, body.problems), body.problems):
        key = _KEYS.get(entry.key, entry.key.lower())
        if key not in allowed:
            known = [word for word, english in _KEYS.items() if english in allowed]
            listed = f"a {body.kind} has {'、'.join(f'{_chinese(key)} ({key})' for key in allowed)}"
            hint = instead(entry.key, [*known, *allowed], listed)
            body.complain("L042", f"`{entry.key}` is no key of `{body.kind} {body.id}`", hint, entry.place)
        elif key in body.entries and key not in _REPEATED:
            hint = f"keep one; the first is in line {body.entries[key][0].place.line}"
            body.complain("L043", f"`{entry.key}` stands twice in `{body.kind} {body.id}`", hint, entry.place)
        elif not entry.value and not (entry.below and key in _TREES):
            hint = "indent its condition below it" if key in _TREES else "write the value, or leave the line out"
            body.complain("L043", f"`{entry.key}` of `{body.kind} {body.id}` has no value", hint, entry.place)
        else:
            body.entries.setdefault(key, []).append(entry)
            if entry.below and key not in _TREES:
                message = f"`{entry.below[0].words}` is indented below `{entry.key}`"
                body.complain("L013", message, "only conditions have lines below them", entry.below[0].place)
    for key in _REQUIRED[body.kind].split():
        if key not in body.entries and len(body.problems) == before:
            hint = f"add a line that begins with {_chinese(key)} ({key})"
            body.complain("L043", f"`{body.kind} {body.id}` has no `{_chinese(key)}`", hint)
    return len(body.problems) == before


def _chinese(key: str) -> str:
    return next(word for word, english in _KEYS.items() if english == key)


def _vocabulary(words: list[str], content: str, place: Place, problems: list[Problem]) -> Vocabulary | None:
    before = len(problems)
    name = VOCABULARIES.get(words[1], words[1])
    if name not in VOCABULARIES.values():
        listed = f"use one of {'、'.join(dict.fromkeys(VOCABULARIES.values()))}"
        hint = instead(words[1], VOCABULARIES, listed)
        problems.append(Problem(place, "L052", f"the language knows no vocabulary `{words[1]}`", hint))
    if words[2:] not in ([], ["有序"], ["ordered"]):
        message = f"`{' '.join(words[2:])}` follows the name of the vocabulary `{words[1]}`"
        problems.append(Problem(place, "L041", message, "only 有序 (ordered) may follow the name"))
    terms: dict[str, Bilingual] = {}
    for number, line in enumerate(content.split("\n"), place.line + 1):
        if line.strip():
            term = _term(line.strip(), name, terms, Place(place.file, number), problems)
            terms.setdefault(term.zh, term)
    if not terms:
        problems.append(
            Problem(place, "L051", f"the vocabulary `{words[1]}` has no term", "write one a line: 中文 | English")
        )
    return Vocabulary(name, len(words) > 2, tuple(terms.values()), place) if len(problems) == before else None


def _term(line: str, vocabulary: str, known: Iterable[str], place: Place, problems: list[Problem]) -> Bilingual:
    zh, en, *more = [*(part.strip() for part in re.split(r"[|｜]", line)), ""]
    if not zh or not en or any(more):
        problems.append(Problem(place, "L044", f"the term `{line}` is not in two languages", "write 中文 | English"))
    elif re.search(r"[\s、,，;；「」]", zh):
        hint = "a term is one word, since blocks and cases list terms with 、 between them"
        problems.append(Problem(place, "L051", f"the term `{zh}` holds a space or a separator", hint))
    elif zh in known:
        message = f"`{zh}` stands twice in the vocabulary `{vocabulary}`"
        problems.append(Problem(place, "L051", message, "keep one; in an ordered vocabulary its line is its rank"))
    return Bilingual(zh, en)


def _header(body: _Body) -> Header:
    groups: dict[str, str] = {}
    for entry in body.entries["group"]:
        name, role, *more = [*entry.value.split(), "", ""]
        if not is_identifier(name) or (role and role not in _ROLES) or any(more):
            hint = f"write a name, and one of {'、'.join(_ROLES)} where the language must know its role"
            body.complain("L047", f"`{entry.value}` is no group", hint, entry.place)
        elif name in groups:
            body.complain("L061", f"the group `{name}` is declared twice", "keep one of the lines", entry.place)
        groups[name] = role
    for key in ("in-force", "published"):
        if key in body.entries:
            _day(body, body.one(key), body.entries[key][0].place)
    title = " / ".join(body.text("title"))
    values = {key: entries[0].value for key, entries in body.entries.items() if key != "group"}
    return Header(body.id, {"id": body.id, **values, "title": title}, tuple(groups.items()))


def _day(body: _Body, text: str, place: Place) -> None:
    if not is_day(text):
        body.complain("L048", f"`{text}` is no day of the calendar", "write it as 2014-05-01", place)


def _rule(body: _Body) -> Rule:
    conclusion = body.entries["conclusion"][0]
    words = conclusion.value.split()
    if len(words) != 2:
        hint = "write 结论, a kind and a modality"
        body.complain("L049", f"`{conclusion.value}` is no conclusion", hint, conclusion.place)
        words = ["", ""]
    if "consequence" in body.entries and body.one("consequence").lower() not in {"无", "none"}:
        message = f"`{body.one('consequence')}` says nothing of the consequence in the header of `rule {body.id}`"
        hint = "write 后果 无 (consequence none), or leave the line out"
        body.complain("L045", message, hint, body.entries["consequence"][0].place)
    return Rule(
        body.id,
        body.cited(),
        body.text("title"),
        body.names("group"),
        body.scope("scope", Scope.PARTICIPATION),
        tuple(Gate(entry.value, entry.quotes, entry.place) for entry in body.entries.get("applies", ())),
        Conclusion(words[0], words[1], conclusion.quotes, conclusion.place, _otherwise(body)),
        body.condition(),
        body.place,
        "consequence" in body.entries,
        body.yes("catch-all"),
        body.yes("general"),
        _unencoded(body),
    )


def _otherwise(body: _Body) -> tuple[tuple[str, str, tuple[Quote, ...]], ...]:
    found = []
    for entry in body.entries.get("modality", ()):
        words = entry.value.split()
        if len(words) != 3 or words[1].lower() not in {"若", "if"}:
            hint = "write 情态, the modality, 若 (if) and a definition"
            body.complain("L049", f"`{entry.value}` is no modality with its condition", hint, entry.place)
        else:
            found.append((words[0], words[2], entry.quotes))
    return tuple(found)


def _unencoded(body: _Body) -> tuple[Unencoded, ...]:
    """`不引 「的」 reason / reason`: the quote comes first here, so it is read from the line itself."""
    found = []
    for entry in body.entries.get("unencoded", ()):
        match = re.match(r"^「([^」]+)」\s*(.+)$", entry.value)
        reason = bilingual(match[2]) if match else Bilingual("", "")
        if not match or not (reason.zh and reason.en):
            message = f"`{entry.value}` does not say which words are left out and why"
            body.complain("L049", message, "write 不引 「words」 中文 / English", entry.place)
        else:
            found.append(Unencoded(match[1], reason, entry.place))
    return tuple(found)


def _definition(body: _Body) -> Definition:
    return Definition(body.id, body.cited(), body.text("title"), body.condition(), body.place)


def _reading(body: _Body) -> Reading:
    options = []
    for entry in body.entries["option"]:
        id_, _, text = entry.value.partition(" ")
        described = bilingual(text)
        if not is_identifier(id_) or not (described.zh and described.en):
            message = f"the option `{entry.value}` has no name or is not in both languages"
            body.complain("L044", message, "write 选项, its name, then 中文 / English", entry.place)
        options.append((id_, described))
    return Reading(
        body.id,
        body.cited(),
        body.text("question"),
        tuple(options),
        body.one("default"),
        body.text("reason"),
        body.one("mildest"),
        body.text("interpreter"),
        _settlement(body),
        body.place,
    )


def _settlement(body: _Body) -> Settlement | None:
    state = body.one("state")
    if state.lower() in {"", "未决", "open"}:
        return None
    place = body.entries["state"][0].place
    match = _SETTLED.fullmatch(state)
    if not match:
        hint = "write 未决 (open), or 已决 OPTION 自 DAY 由 WHO 来源 WHERE (settled … since … by … source …)"
        body.complain("L049", f"`{state}` is no state of a reading", hint, place)
        return None
    option, since, by, source = match.groups()
    _day(body, since, place)
    return Settlement(option, since, by, source)


def _constraint(body: _Body) -> Constraint:
    title = body.text("title")
    given = [key for key in ("if", "then", "exclusive", "at-most-one") if key in body.entries]
    if given == ["if", "then"]:
        parts = tuple(node for key in given if (node := read_condition(body.entries[key][0], body.problems)))
        return Constraint(body.id, title, "implies", parts, body.place)
    if given in (["exclusive"], ["at-most-one"]):
        entry = body.entries[given[0]][0]
        parts = read_parts(entry, body.problems)
        if len(entry.below) < 2:
            message = f"`{entry.key}` of `constraint {body.id}` names fewer than two conditions"
            body.complain("L050", message, "indent two or more below it", entry.place)
        return Constraint(body.id, title, given[0], parts, body.place)
    says = f"says `{' '.join(_chinese(key) for key in given)}`" if given else "says nothing"
    hint = "write 若 … and 则 … (if, then), or 互斥 (exclusive), or 至多一 (at-most-one): one of the three"
    body.complain("L050", f"`constraint {body.id}` {says}", hint)
    return Constraint(body.id, title, "exclusive", (), body.place)


def _exception(body: _Body) -> Exemption:
    words = body.one("effect").split()
    replaced = words[1] if len(words) == 2 and words[0].lower() in {"替代", "replace"} else ""
    if not replaced and [word.lower() for word in words] not in (["免除"], ["relieve"]):
        message = f"`{body.one('effect')}` is no effect of an exception"
        hint = "write 免除 (relieve), or 替代 (replace) and a kind"
        body.complain("L049", message, hint, body.entries["effect"][0].place)
    return Exemption(
        body.id,
        body.cited(),
        body.text("title"),
        body.names("overrides"),
        body.scope("reach", Scope.PARTICIPATION),
        replaced,
        body.condition(),
        body.place,
    )


def _note(body: _Body) -> Note:
    scope = body.scope("scope", Scope.PARTICIPATION)
    return Note(
        body.id,
        body.cited(),
        body.text("title"),
        body.text("text"),
        scope,
        body.names("about"),
        body.condition(),
        body.place,
    )


def _guard(body: _Body) -> Guard:
    return Guard(body.id, body.text("title"), body.text("text"), body.names("about"), body.condition(), body.place)


def _duty_source(body: _Body) -> DutySource:
    return DutySource(body.id, body.text("title"), body.cited(), body.yes("held"), body.text("note"), body.place)


_BUILDERS: dict[str, Callable[[_Body], Block]] = {
    "instrument": _header,
    "rule": _rule,
    "define": _definition,
    "reading": _reading,
    "constraint": _constraint,
    "exception": _exception,
    "note": _note,
    "guard": _guard,
    "duty-source": _duty_source,
}
