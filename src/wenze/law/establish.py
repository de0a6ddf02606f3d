"""What is established: the state of each fact, derived from evidence, findings and the case's own records. Nothing is ever assumed.

Source: rule-language section "Facts". Knows natures and forms of proof; knows no rule.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from typing import NoReturn

from wenze.law.case import Act, Case, Event, FactKey, Finding, Post, Unit
from wenze.law.instrument import Law
from wenze.law.rules import Comparison, Fact, Nature


class Status(StrEnum):
    """The three states of a fact; it has no truth value, since unknown is an answer."""

    PROVEN = "proven"
    DISPROVEN = "disproven"
    OPEN = "not-established"

    def __bool__(self) -> NoReturn:
        raise TypeError("a fact is proven, disproven or not established: compare with Status, do not test for truth")


@dataclass(frozen=True, slots=True)
class Established:
    """The state of one instance of a fact, and why.

    `ignored` is evidence in a form the law does not accept: shown, without effect. `incomplete` says what a finding lacks.
    """

    key: FactKey
    status: Status
    contested: bool = False
    supporting: tuple[str, ...] = ()
    opposing: tuple[str, ...] = ()
    ignored: tuple[str, ...] = ()
    finding: Finding | None = None
    incomplete: tuple[str, ...] = ()
    read: str | None = None  # for data facts: what the case records


def establish(law: Law, case: Case, key: FactKey) -> Established:
    """The state of one instance of a fact in a case."""
    fact = law.facts[key.name]
    if fact.nature is Nature.DATA:
        return _data(law, fact, case, key)
    record = case.facts.get(key)
    supporting, ignored_for = _admissible(law, case, record.supporting if record else (), fact.proof, fact.proof_only)
    opposing, ignored_against = _admissible(
        law, case, record.opposing if record else (), fact.disproof, fact.disproof_only
    )
    finding = case.findings.get(key)
    lacking = _lacking(finding) if finding else ()
    valid = finding if finding and not lacking else None
    if fact.nature is Nature.JUDGEMENT:
        status, contested = (_status(valid.holds), False) if valid else (Status.OPEN, False)
    else:
        status, contested = _weigh(bool(supporting), bool(opposing), valid)
    return Established(key, status, contested, supporting, opposing, ignored_for + ignored_against, finding, lacking)


def _status(holds: bool) -> Status:
    return Status.PROVEN if holds else Status.DISPROVEN


def _weigh(supports: bool, opposes: bool, finding: Finding | None) -> tuple[Status, bool]:
    """Status and whether contested. A finding resolves a contest; against evidence of one side only it contests it."""
    if not supports and not opposes:
        return Status.OPEN, False
    if supports and opposes:
        return (_status(finding.holds), True) if finding else (Status.OPEN, True)
    if finding and finding.holds is not supports:
        return Status.OPEN, True
    return _status(supports), False


def _admissible(
    law: Law, case: Case, ids: tuple[str, ...], forms: tuple[str, ...], only: bool
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Evidence that counts, and evidence whose form the law does not accept."""
    no_proof = law.terms("不作证明")
    accepted = tuple(id_ for id_ in ids if (form := case.evidence[id_].form) in forms or not (only or form in no_proof))
    return accepted, tuple(id_ for id_ in ids if id_ not in accepted)


def accepted_forms(law: Law, fact: Fact, *, holds: bool) -> tuple[str, ...]:
    """The forms in which evidence for a fact, or against it, counts: those the fact names first; no others where it says
    so, and none that proves nothing."""
    forms, only = (fact.proof, fact.proof_only) if holds else (fact.disproof, fact.disproof_only)
    others = () if only else tuple(form for form in law.terms("证据形式") if form not in law.terms("不作证明"))
    return tuple(dict.fromkeys((*forms, *others)))


def _lacking(finding: Finding) -> tuple[str, ...]:
    present = {"author": finding.by, "day": finding.day, "reasons": finding.reasons}
    return tuple(name for name, value in present.items() if not value)


def _data(law: Law, fact: Fact, case: Case, key: FactKey) -> Established:
    source = fact.source
    if source is None:
        raise AssertionError(f"{fact.name}: a data fact without source passed the compiler")
    if source.attribute.startswith("participation."):
        return _participation(law, source, case, key)
    value = _value(law, source.attribute, case, key.entities[0])
    if value is None:
        return Established(key, Status.OPEN)
    if value == "":
        return Established(key, Status.DISPROVEN)
    return Established(key, _status(meets(source, value)), read=_written(value))


def _written(value: str | date) -> str:
    if isinstance(value, date):
        return "…" if value == date.max else value.isoformat()
    return value


def meets(source: Comparison, value: str | date) -> bool:
    """Whether a comparison holds for what is recorded: a term, or a day."""
    if source.operator == "present":
        return True
    if isinstance(value, str):
        return value in source.values
    days = [date.fromisoformat(day) for day in source.values]
    return {
        "from": value >= days[0],
        "before": value < days[0],
        "until": value <= days[0],
        "after": value > days[0],
    }[source.operator]


def turn(source: Comparison) -> date:
    """The first day on the later side of a comparison of days."""
    day = date.fromisoformat(source.values[0])
    return day + timedelta(days=1) if source.operator in {"until", "after"} else day


def _participation(law: Law, source: Comparison, case: Case, key: FactKey) -> Established:
    """Parts, claims and duties are lists: what is not listed is not alleged. A part also needs evidence."""
    participation = case.participations.get((key.entities[0], key.entities[1]))
    if participation is None:
        return Established(key, Status.DISPROVEN)
    if source.attribute == "participation.duties":
        return Established(
            key, Status.PROVEN if participation.duties else Status.OPEN, read="、".join(participation.duties) or None
        )
    listed = participation.parts if source.attribute == "participation.parts" else participation.claims
    found = [value for value in source.values if value in listed]
    if source.operator == "present":
        return Established(key, Status.PROVEN if listed else Status.OPEN, read="、".join(listed) or None)
    if not found:
        return Established(key, Status.DISPROVEN)
    if source.attribute == "participation.claims":
        return Established(key, Status.PROVEN, read="、".join(found))
    supporting, ignored_for = _admissible(law, case, participation.evidence, (), False)
    opposing, ignored_against = _admissible(law, case, participation.against, (), False)
    status, contested = _part(bool(supporting), bool(opposing))
    return Established(
        key, status, contested, supporting, opposing, ignored_for + ignored_against, read="、".join(found)
    )


def _part(supported: bool, opposed: bool) -> tuple[Status, bool]:
    """A listed part is alleged; evidence makes it proven, evidence against makes it contested."""
    if not supported:
        return Status.OPEN, opposed
    return (Status.OPEN, True) if opposed else (Status.PROVEN, False)


def _value(law: Law, attribute: str, case: Case, entity: str) -> str | date | None:
    """What the case records: a term, a day, "" where the entity can have none, None where nothing is recorded."""
    owner, _, name = attribute.partition(".")
    if owner == "act":
        return _of_act(case.acts[entity], name)
    if owner == "event":
        return _of_event(case.events[entity], name)
    if entity in case.units:
        return _of_unit(law, case, case.units[entity], name)
    return _of_post(law, case, case.posts[entity], name)


def _of_act(act: Act, name: str) -> str | date | None:
    if name == "end":
        return act.end or act.start
    return {"start": act.start, "link": act.link, "form": act.form}[name]


def _of_event(event: Event, name: str) -> str | date | None:
    return event.date if name == "date" else event.grade


def _of_unit(law: Law, case: Case, unit: Unit, name: str) -> str | None:
    if name == "management":
        return _management(law, case, unit.manager)
    return {"sort": "organ", "unit-kind": unit.kind, "level": unit.level}.get(name, "")


def _of_post(law: Law, case: Case, post: Post, name: str) -> str | None:
    unit = case.units.get(post.unit or "")
    if name == "management":
        return _management(law, case, post.manager)
    return {
        "sort": "official",
        "unit-kind": unit.kind if unit else None,
        "level": unit.level if unit else None,
        "role": post.role,
        "rank": post.rank,
        "mode": post.mode,
    }[name]


def _management(law: Law, case: Case, manager: str | None) -> str | None:
    """Where the managing unit stands as seen from the acting organ; None where the records do not tell.

    Units above the organ on its own level are its own: a discipline organ acts for the cadres its committee manages.
    """
    organ = case.organ
    if manager is None or organ is None:
        return None
    level = case.units[organ].level
    own = {organ, *(unit for unit in _above(case, organ) if level and case.units[unit].level == level)}
    if manager in own:
        return "own"
    if own & set(_above(case, manager)):
        return "lower"
    if manager in _above(case, organ):
        return "higher"
    levels = law.terms("层级")
    theirs = case.units[manager].level
    if level not in levels or theirs not in levels:
        return None
    return "higher" if levels.index(theirs) < levels.index(level) else "elsewhere"


def _above(case: Case, unit: str) -> list[str]:
    found: list[str] = []
    parent = case.units[unit].parent
    while parent is not None and parent not in found:
        found.append(parent)
        parent = case.units[parent].parent
    return found
