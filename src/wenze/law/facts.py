"""A table of facts → Fact declarations. Knows the columns and the attributes of a case; resolves no names."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date

from wenze.law.problems import Problem, instead
from wenze.law.rules import Bilingual, Comparison, Fact, Nature, Place, Scope

_IDENTIFIER = re.compile(r"[^\s,，、;；:：/／()（）「」#`\"'|｜@\-][^\s,，、;；:：/／()（）「」#`\"'|｜@]*")
_DAY = re.compile(r"[12][0-9]{3}-[0-9]{2}-[0-9]{2}")
_COLUMNS = {
    "事实": "name",
    "fact": "name",
    "english": "english",
    "问题": "zh",
    "question": "en",
    "性质": "nature",
    "nature": "nature",
    "对象": "scope",
    "scope": "scope",
    "证明": "proof",
    "proof": "proof",
    "反证": "disproof",
    "disproof": "disproof",
    "取自": "from",
    "from": "from",
}
_REQUIRED = {"name": "事实", "english": "English", "zh": "问题", "en": "Question", "nature": "性质", "scope": "对象"}
NATURES = {
    "事实": Nature.FACT,
    "判断": Nature.JUDGEMENT,
    "因果": Nature.CAUSE,
    "数据": Nature.DATA,
    **{str(nature): nature for nature in Nature},
}
SCOPES = {
    "案件": Scope.CASE,
    "主体": Scope.RESPONDENT,
    "行为": Scope.ACT,
    "参与": Scope.PARTICIPATION,
    "事件": Scope.EVENT,
    "结果": Scope.OUTCOME,
    **{str(scope): scope for scope in Scope},
}
ATTRIBUTES = {
    "主体.种类": "respondent.sort",
    "主体.单位类型": "respondent.unit-kind",
    "主体.层级": "respondent.level",
    "主体.角色": "respondent.role",
    "主体.职级": "respondent.rank",
    "主体.任职方式": "respondent.mode",
    "主体.管理": "respondent.management",
    "行为.起": "act.start",
    "行为.止": "act.end",
    "行为.环节": "act.link",
    "行为.形式": "act.form",
    "参与.部分": "participation.parts",
    "参与.主张": "participation.claims",
    "参与.职责": "participation.duties",
    "事件.等级": "event.grade",
    "事件.日期": "event.date",
}
_VOCABULARIES = {
    "unit-kind": "单位类型",
    "level": "层级",
    "role": "职务角色",
    "rank": "职级",
    "mode": "任职方式",
    "part": "部分",
    "claim": "主张",
    "link": "环节",
    "form-of-act": "行为形式",
    "form": "证据形式",
    "no-proof": "不作证明",
    "grade": "事件等级",
    "kind": "种类",
    "modality": "情态",
    "standard": "处理标准",
    "step-role": "办理角色",
    "relation": "办理关系",
    "outcome": "办理结果",
}
# The vocabularies an instrument may have, by either name → the Chinese name, which every other module uses.
VOCABULARIES = {**_VOCABULARIES, **{name: name for name in _VOCABULARIES.values()}}
VOCABULARY_OF = {
    "respondent.unit-kind": "单位类型",
    "respondent.level": "层级",
    "respondent.role": "职务角色",
    "respondent.rank": "职级",
    "respondent.mode": "任职方式",
    "act.link": "环节",
    "act.form": "行为形式",
    "participation.parts": "部分",
    "participation.claims": "主张",
    "event.grade": "事件等级",
}
FIXED_VALUES = {
    "respondent.sort": {"机关": "organ", "个人": "official", "organ": "organ", "official": "official"},
    "respondent.management": {
        "本级": "own",
        "下级": "lower",
        "上级": "higher",
        "其他": "elsewhere",
        **{word: word for word in ("own", "lower", "higher", "elsewhere")},
    },
}
_OPERATORS = {
    "是": "is",
    "含": "includes",
    "不早于": "from",
    "早于": "before",
    "不晚于": "until",
    "晚于": "after",
    "有": "present",
}
_LISTS = {"participation.parts", "participation.claims", "participation.duties"}
_DAYS = {"act.start", "act.end", "event.date"}
_SCOPES_OF = {
    "respondent": Scope.RESPONDENT,
    "act": Scope.ACT,
    "participation": Scope.PARTICIPATION,
    "event": Scope.EVENT,
}


def is_identifier(word: str) -> bool:
    """Whether a case file can name it: Chinese, letters, digits, `.` and `-`, written the one way it can be written."""
    return bool(_IDENTIFIER.fullmatch(word)) and len(word) <= 100 and unicodedata.normalize("NFKC", word) == word


def is_day(text: str) -> bool:
    """Whether the calendar has the day, written 2014-05-01."""
    try:
        return bool(_DAY.fullmatch(text)) and bool(date.fromisoformat(text))
    except ValueError:
        return False


def read_facts(rows: list[tuple[Place, list[str]]], anchor: str, problems: list[Problem]) -> list[Fact]:
    """The facts of one table; the first row is the heading."""
    place, headings = rows[0]
    columns = [_COLUMNS.get(heading.strip().lower(), "") for heading in headings]
    wrong = [heading for heading, column in zip(headings, columns, strict=True) if not column]
    missing = [word for column, word in _REQUIRED.items() if column not in columns]
    doubled = [
        heading for heading, column in zip(headings, columns, strict=True) if columns.count(column) > 1 and column
    ]
    for words, what in ((wrong, "knows no column"), (missing, "lacks the column"), (doubled, "has one column twice:")):
        if words:
            message = f"a table of facts {what} `{'`, `'.join(words)}`"
            hint = "use 事实, English, 问题, Question, 性质, 对象 and where needed 证明, 反证, 取自"
            problems.append(Problem(place, "L030", message, hint))
    if wrong or missing or doubled:
        return []
    read = (_fact(dict(zip(columns, cells, strict=True)), row, anchor, problems) for row, cells in rows[1:])
    return [fact for fact in read if fact]


def _fact(row: dict[str, str], place: Place, anchor: str, problems: list[Problem]) -> Fact | None:
    before = len(problems)
    name = row["name"]
    if "." not in name or not all(name.split(".")) or not is_identifier(name):
        hint = "write two or more words with dots between them, no spaces, half-width, such as 设备.查验"
        problems.append(Problem(place, "L031", f"`{name}` is no name of a fact", hint))
    nature, scope = NATURES.get(row["nature"].lower()), SCOPES.get(row["scope"].lower())
    for word, allowed, what in ((row["nature"], NATURES, "nature"), (row["scope"], SCOPES, "scope")):
        if word.lower() not in allowed:
            message = f"the fact `{name}` has the {what} `{word}`, which is none"
            problems.append(Problem(place, "L032", message, f"use one of {_chinese(allowed)}"))
    for key, what in (("english", "English"), ("zh", "问题"), ("en", "Question")):
        if not row[key]:
            hint = "give the name in English and the question in both languages"
            problems.append(Problem(place, "L033", f"the fact `{name}` has no `{what}`", hint))
    if nature is None or scope is None:
        return None
    source = _source(row.get("from", ""), name, nature, scope, place, problems)
    if len(problems) > before:
        return None
    proof, proof_only = _forms(row.get("proof", ""))
    disproof, disproof_only = _forms(row.get("disproof", "") or row.get("proof", ""))
    guidance = ""
    if nature in {Nature.JUDGEMENT, Nature.DATA}:
        guidance = row.get("proof", "")
        proof, proof_only, disproof, disproof_only = (), False, (), False
    question = Bilingual(row["zh"], row["en"])
    forms = (proof, proof_only, disproof, disproof_only)
    return Fact(name, row["english"], question, nature, scope, place, anchor, *forms, guidance, source)


def _chinese(words: Mapping[str, object]) -> str:
    return "、".join(word for word in words if not word.isascii())


def _forms(cell: str) -> tuple[tuple[str, ...], bool]:
    """Forms of evidence and whether only they count."""
    match = re.match(r"^(?:限|only)\s+", cell, re.IGNORECASE)
    body = cell[match.end() :] if match else cell
    return tuple(form.strip() for form in re.split(r"[、,，]", body) if form.strip()), bool(match)


def _source(
    cell: str, name: str, nature: Nature, scope: Scope, place: Place, problems: list[Problem]
) -> Comparison | None:
    """What a data fact reads, with English names; None for other facts and after a problem."""
    if (nature is Nature.DATA) != bool(cell):
        message = (
            f"the fact `{name}` is {'data and' if nature is Nature.DATA else 'no data but'} says `{cell}` under 取自"
        )
        if not cell:
            message = f"the fact `{name}` is data and says nothing under 取自 (from)"
        problems.append(
            Problem(place, "L034", message, "facts of nature 数据 (data) fill in 取自 (from), and only they")
        )
    if not cell:
        return None
    words = cell.split(None, 2)
    attribute = ATTRIBUTES.get(words[0], words[0])
    if attribute not in ATTRIBUTES.values():
        hint = instead(words[0], [*ATTRIBUTES, *ATTRIBUTES.values()], f"use one of {_chinese(ATTRIBUTES)}")
        problems.append(Problem(place, "L035", f"`{words[0]}` is nothing a case records: fact `{name}`", hint))
        return None
    if _SCOPES_OF[attribute.partition(".")[0]] is not scope:
        message = f"`{words[0]}` does not belong to the scope of the fact `{name}`"
        hint = "the scope 对象 and the attribute under 取自 speak of the same entity"
        problems.append(Problem(place, "L037", message, hint))
        return None
    return _comparison(cell, words, attribute, name, place, problems)


def _comparison(
    cell: str, words: list[str], attribute: str, name: str, place: Place, problems: list[Problem]
) -> Comparison | None:
    operator = _OPERATORS.get(words[1], words[1]) if len(words) > 1 else ""
    values = tuple(value.strip() for value in re.split(r"[|｜、]", words[2])) if len(words) > 2 else ()
    allowed = _operators(attribute)
    lacking = ""
    if operator not in allowed:
        known = [f"{zh} ({en})" for zh, en in _OPERATORS.items() if en in allowed]
        lacking = f"after {words[0]} write one of {'、'.join(known)}"
    elif operator == "present":
        lacking = "有 (present) takes no value" if values else ""
    elif attribute in _DAYS:
        lacking = "" if len(values) == 1 and is_day(values[0]) else "compare with one day, written 2014-05-01"
    elif not values or not all(values):
        lacking = "write the values after the operator, 、 between them"
    elif attribute in FIXED_VALUES and not set(values) <= set(FIXED_VALUES[attribute]):
        lacking = f"use one of {_chinese(FIXED_VALUES[attribute])}"
    if lacking:
        message = f"`{cell}` cannot be read from a case: fact `{name}`"
        problems.append(Problem(place, "L036", message, lacking))
        return None
    fixed = FIXED_VALUES.get(attribute, {})
    return Comparison(attribute, operator, tuple(fixed.get(value, value) for value in values))


def _operators(attribute: str) -> set[str]:
    if attribute == "participation.duties":  # which duties there are is known to the case only
        return {"present"}
    if attribute in _LISTS:
        return {"present", "includes"}
    return {"from", "before", "until", "after", "present"} if attribute in _DAYS else {"is", "present"}
