"""The state of a fact, read a second time from the evidence, findings and records of a case as `docs/language.md` says.

True is proven, False disproven, None not established.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

from wenze.law.case import Case, FactKey
from wenze.law.rules import Comparison, Fact, Nature

Words = Callable[[str], tuple[str, ...]]


def state_of(fact: Fact, case: Case, key: FactKey, words: Words) -> bool | None:
    """`words` gives the terms of a vocabulary."""
    if fact.nature is Nature.DATA:
        assert fact.source is not None
        return _recorded(fact.source, case, key, words)
    finding = case.findings.get(key)
    found = finding.holds if finding and finding.by and finding.day and finding.reasons else None
    if fact.nature is Nature.JUDGEMENT:
        return found
    record = case.facts.get(key)
    for_it = _counting(case, record.supporting if record else (), words, fact.proof, only=fact.proof_only)
    against = _counting(case, record.opposing if record else (), words, fact.disproof, only=fact.disproof_only)
    if for_it and against:  # contested until a finding resolves it
        return found
    if not for_it and not against:
        return None
    says = bool(for_it)
    return None if found is not None and found is not says else says


def _counting(
    case: Case, evidence: Sequence[str], words: Words, forms: Sequence[str] = (), *, only: bool = False
) -> list[str]:
    """Evidence of the forms named; of others too unless only those count or the form proves nothing by itself."""
    return [
        one
        for one in evidence
        if (form := case.evidence[one].form) in forms or (not only and form not in words("不作证明"))
    ]


def _recorded(source: Comparison, case: Case, key: FactKey, words: Words) -> bool | None:
    of, _, name = source.attribute.partition(".")
    if of == "participation":
        return _taken_part(source, case, key, name, words)
    entity = key.entities[0]
    value: str | date | bool | None
    if name == "management":
        value = _management(case, (case.units.get(entity) or case.posts[entity]).manager, words("层级"))
    else:
        value = {"respondent": _of_respondent, "act": _of_act, "event": _of_event}[of](case, entity, name)
    if value is None:
        return None
    if value is False:
        return False
    if source.operator == "present":
        return True
    if source.operator == "is":
        return value in source.values
    assert isinstance(value, date)
    day = date.fromisoformat(source.values[0])
    return {"from": value >= day, "before": value < day, "until": value <= day, "after": value > day}[source.operator]


def _taken_part(source: Comparison, case: Case, key: FactKey, name: str, words: Words) -> bool | None:
    participation = case.participations.get((key.entities[0], key.entities[1]))
    if participation is None:
        return False
    listed = {"parts": participation.parts, "claims": participation.claims, "duties": participation.duties}[name]
    if source.operator == "present":
        return True if listed else None
    if not set(listed) & set(source.values):
        return False
    if name == "parts" and (
        not _counting(case, participation.evidence, words) or _counting(case, participation.against, words)
    ):
        return None
    return True


def _of_respondent(case: Case, respondent: str, name: str) -> str | bool | None:
    """A term; False where the respondent can have none; None where nothing is recorded."""
    is_unit = respondent in case.units
    if name == "sort":
        return "organ" if is_unit else "official"
    if name in {"role", "rank", "mode"}:
        return False if is_unit else getattr(case.posts[respondent], name)
    unit = case.units[respondent] if is_unit else case.units.get(case.posts[respondent].unit or "")
    if unit is None:
        return None
    return unit.kind if name == "unit-kind" else unit.level


def _management(case: Case, manager: str | None, levels: tuple[str, ...]) -> str | None:
    """How the managing unit stands to the acting organ, or to a superior of the organ on the organ's own level."""
    if manager is None or case.organ is None:
        return None
    above = _superiors(case, case.organ)
    level, theirs = case.units[case.organ].level, case.units[manager].level
    own = {case.organ} | {unit for unit in above if level is not None and case.units[unit].level == level}
    if manager in own:
        return "own"
    if own & _superiors(case, manager):
        return "lower"
    if manager in above:
        return "higher"
    if level not in levels or theirs not in levels:
        return None
    return "higher" if levels.index(theirs) < levels.index(level) else "elsewhere"


def _superiors(case: Case, unit: str) -> set[str]:
    found: set[str] = set()
    above = case.units[unit].parent
    while above and above not in found:
        found.add(above)
        above = case.units[above].parent
    return found


def _of_act(case: Case, act: str, name: str) -> str | date | None:
    found = case.acts[act]
    return {"start": found.start, "end": found.end or found.start, "link": found.link, "form": found.form}[name]


def _of_event(case: Case, event: str, name: str) -> str | date | None:
    return {"grade": case.events[event].grade, "date": case.events[event].date}[name]
