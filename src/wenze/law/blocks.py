"""The fenced blocks of an instrument: header lines and trees → rules, readings, exceptions and the rest.

Knows which keys each block has, in Chinese and English. Resolves no names.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from wenze.law import stepblocks
from wenze.law.body import Body, Form, bilingual, check_day, chinese, fill
from wenze.law.facts import VOCABULARIES, is_identifier
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
    Note,
    Place,
    Quote,
    Reading,
    Rule,
    Scope,
    Settlement,
    Stated,
    Unencoded,
    Vocabulary,
)
from wenze.law.tree import read_condition, read_parts

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
    **stepblocks.KINDS,
}
_FORMS = {
    "instrument": Form(
        "title in-force published text-file digest group",
        "title in-force",
        "group",
    ),
    "rule": Form(
        "title group scope applies conclusion modality consequence catch-all general unencoded anchor condition",
        "title group conclusion condition",
        "group applies modality unencoded",
    ),
    "define": Form(
        "title anchor condition",
        "title condition",
    ),
    "reading": Form(
        "question option default reason mildest interpreter state anchor",
        "question option default reason mildest interpreter",
        "option",
    ),
    "constraint": Form(
        "title if then exclusive at-most-one",
        "title",
    ),
    "exception": Form(
        "title anchor overrides reach effect condition",
        "title overrides effect condition",
    ),
    "note": Form(
        "title anchor scope text about concurring condition",
        "title text condition",
    ),
    "guard": Form(
        "title about text condition",
        "title about text condition",
    ),
    "duty-source": Form(
        "title held anchor note",
        "title held",
    ),
    **stepblocks.FORMS,
}
_SETTLED = re.compile(
    r"(?:已决|settled)\s+(\S+)\s+(?:自|since)\s+(\S+)\s+(?:由|by)\s+(\S+)\s+(?:来源|source)\s+(.+)", re.IGNORECASE
)
_ROLES = ("circumstance", "responsibility", "competence", "channel")


@dataclass(frozen=True, slots=True)
class Header:
    """The `instrument` block: plain values, and the groups with their roles ("" for a plain label)."""

    id: str
    values: dict[str, str]
    groups: tuple[tuple[str, str], ...]


Block = Header | Vocabulary | Rule | Definition | Reading | Constraint | Exemption | Note | Guard | DutySource | Stated
_FIELDS: dict[type, str] = {
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


def field_of(block: Block) -> str:
    """The field of a Source that keeps blocks of this type."""
    return _FIELDS.get(type(block), "stated")


def is_block(word: str) -> bool:
    """Whether a block begins with this word."""
    return word in _BLOCKS or word in _BLOCKS.values()


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
    body = Body(kind, words[1], place, anchor, problems)
    before = len(problems)
    if not fill(body, content, first, _FORMS[kind]):
        return None
    block = stepblocks.build(body) if kind in stepblocks.FORMS else _BUILDERS[kind](body)
    return block if len(problems) == before else None


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


def _header(body: Body) -> Header:
    groups: dict[str, str] = {}
    for entry in body.entries.get("group", ()):
        name, role, *more = [*entry.value.split(), "", ""]
        if not is_identifier(name) or (role and role not in _ROLES) or any(more):
            hint = f"write a name, and one of {'、'.join(_ROLES)} where the language must know its role"
            body.complain("L047", f"`{entry.value}` is no group", hint, entry.place)
        elif name in groups:
            body.complain("L061", f"the group `{name}` is declared twice", "keep one of the lines", entry.place)
        groups[name] = role
    for key in ("in-force", "published"):
        if key in body.entries:
            check_day(body, body.one(key), body.entries[key][0].place)
    title = " / ".join(body.text("title"))
    values = {key: entries[0].value for key, entries in body.entries.items() if key != "group"}
    return Header(body.id, {"id": body.id, **values, "title": title}, tuple(groups.items()))


def _rule(body: Body) -> Rule:
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


def _otherwise(body: Body) -> tuple[tuple[str, str, tuple[Quote, ...]], ...]:
    found = []
    for entry in body.entries.get("modality", ()):
        words = entry.value.split()
        if len(words) != 3 or words[1].lower() not in {"若", "if"}:
            hint = "write 情态, the modality, 若 (if) and a definition"
            body.complain("L049", f"`{entry.value}` is no modality with its condition", hint, entry.place)
        else:
            found.append((words[0], words[2], entry.quotes))
    return tuple(found)


def _unencoded(body: Body) -> tuple[Unencoded, ...]:
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


def _definition(body: Body) -> Definition:
    return Definition(body.id, body.cited(), body.text("title"), body.condition(), body.place)


def _reading(body: Body) -> Reading:
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


def _settlement(body: Body) -> Settlement | None:
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
    check_day(body, since, place)
    return Settlement(option, since, by, source)


def _constraint(body: Body) -> Constraint:
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
    says = f"says `{' '.join(chinese(key) for key in given)}`" if given else "says nothing"
    hint = "write 若 … and 则 … (if, then), or 互斥 (exclusive), or 至多一 (at-most-one): one of the three"
    body.complain("L050", f"`constraint {body.id}` {says}", hint)
    return Constraint(body.id, title, "exclusive", (), body.place)


def _exception(body: Body) -> Exemption:
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


def _note(body: Body) -> Note:
    scope = body.scope("scope", Scope.PARTICIPATION)
    concurring = body.yes("concurring")
    if concurring and not body.names("about"):
        hint = "add 关于 (about) with the rules or groups whose results are counted, or leave 并存 (concurring) out"
        body.complain("L043", f"`note {body.id}` is concurring and has no `关于`", hint)
    return Note(
        body.id,
        body.cited(),
        body.text("title"),
        body.text("text"),
        scope,
        body.names("about"),
        body.condition(),
        body.place,
        concurring,
    )


def _guard(body: Body) -> Guard:
    return Guard(body.id, body.text("title"), body.text("text"), body.names("about"), body.condition(), body.place)


def _duty_source(body: Body) -> DutySource:
    return DutySource(body.id, body.text("title"), body.cited(), body.yes("held"), body.text("note"), body.place)


_BUILDERS: dict[str, Callable[[Body], Block]] = {
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
