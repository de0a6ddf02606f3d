"""One answer into a case: evidence, a finding, a record. Each function gives a new case; none changes one.

Knows where an answer is written down; never writes a state: what an answer establishes follows from it (`establish`).
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from wenze.law.case import Case, Duty, Evidence, FactKey, FactRecord, Finding, Unit
from wenze.law.facts import VOCABULARY_OF
from wenze.law.rules import Comparison, Place

ENTERED = Place("entered", 1)  # an answer has no line of its own


def enter_piece(case: Case, form: str, title: str, source: str) -> tuple[Case, str]:
    """A piece of evidence under the next free id, which is returned too."""
    used = {*case.evidence, *case.units, *case.posts, *case.acts, *case.events, *case.duties}
    id_ = next(name for number in range(1, len(used) + 2) if (name := f"证{number}") not in used)
    piece = Evidence(id_, title, ENTERED, form=form, source=source or None)
    return replace(case, evidence={**case.evidence, id_: piece}), id_


def enter_evidence(case: Case, key: FactKey, piece: str, *, holds: bool) -> Case:
    """A piece of evidence for a fact, or against it."""
    known = case.facts.get(key) or FactRecord(key, ENTERED)
    if holds:
        record = replace(known, supporting=tuple(dict.fromkeys((*known.supporting, piece))))
    else:
        record = replace(known, opposing=tuple(dict.fromkeys((*known.opposing, piece))))
    return replace(case, facts={**case.facts, key: record})


def enter_finding(case: Case, key: FactKey, *, holds: bool, by: str, day: date, reasons: str) -> Case:
    """A judgement, or the resolution of contested evidence."""
    finding = Finding(key, holds, ENTERED, by, day, reasons)
    return replace(case, findings={**case.findings, key: finding})


def enter_record(case: Case, source: Comparison, entities: tuple[str, ...], value: str) -> Case:
    """What a data fact reads: a term, a day in ISO form, or the id of the managing unit."""
    owner, _, name = source.attribute.partition(".")
    if owner == "respondent":
        return _of_respondent(case, entities[0], name, value)
    if owner == "event":
        event = case.events[entities[0]]
        changed = replace(event, date=date.fromisoformat(value)) if name == "date" else replace(event, grade=value)
        return replace(case, events={**case.events, event.id: changed})
    act = case.acts[entities[0]]
    if name == "start":
        day = date.fromisoformat(value)
        act = replace(act, start=day, end=act.end or day)
    elif name == "end":
        act = replace(act, end=date.fromisoformat(value))
    else:
        act = replace(act, link=value) if name == "link" else replace(act, form=value)
    return replace(case, acts={**case.acts, act.id: act})


def vocabulary_of(source: Comparison) -> str:
    """The vocabulary from which a data fact's record is taken."""
    return VOCABULARY_OF[source.attribute]


def _of_respondent(case: Case, id_: str, name: str, value: str) -> Case:
    if name in {"unit-kind", "level"} or (name == "management" and id_ in case.units):
        return _of_unit(case, id_, name, value)
    post = case.posts[id_]
    if name == "management":
        changed = replace(post, manager=value)
    elif name == "role":
        changed = replace(post, role=value)
    else:
        changed = replace(post, rank=value) if name == "rank" else replace(post, mode=value)
    return replace(case, posts={**case.posts, id_: changed})


def _of_unit(case: Case, id_: str, name: str, value: str) -> Case:
    """A unit's own, or that of the unit of a post; a post without one is given one."""
    if id_ in case.posts and case.posts[id_].unit is None:
        made = Unit(f"U-{id_}", case.posts[id_].title, ENTERED)
        post = replace(case.posts[id_], unit=made.id)
        case = replace(case, units={**case.units, made.id: made}, posts={**case.posts, id_: post})
    unit = case.units[id_ if id_ in case.units else case.posts[id_].unit or ""]
    if name == "management":
        unit = replace(unit, manager=value)
    else:
        unit = replace(unit, kind=value) if name == "unit-kind" else replace(unit, level=value)
    return replace(case, units={**case.units, unit.id: unit})


def enter_part(case: Case, respondent: str, act: str, piece: str, *, part: str = "", holds: bool = True) -> Case:
    """Evidence for the parts recorded of a participation, or against them; with a further part where one is named."""
    known = case.participations[respondent, act]
    parts = tuple(dict.fromkeys((*known.parts, part))) if part else known.parts
    if holds:
        changed = replace(known, parts=parts, evidence=tuple(dict.fromkeys((*known.evidence, piece))))
    else:
        changed = replace(known, parts=parts, against=tuple(dict.fromkeys((*known.against, piece))))
    return replace(case, participations={**case.participations, (respondent, act): changed})


def enter_claim(case: Case, respondent: str, act: str, claim: str) -> Case:
    """What the respondent pleads of an act."""
    known = case.participations[respondent, act]
    changed = replace(known, claims=tuple(dict.fromkeys((*known.claims, claim))))
    return replace(case, participations={**case.participations, (respondent, act): changed})


def enter_duty(case: Case, respondent: str, act: str, title: str, source: str) -> Case:
    """A duty of a participation, with where it comes from."""
    id_ = next(name for number in range(1, len(case.duties) + 2) if (name := f"D{number}") not in case.duties)
    duty = Duty(id_, title, ENTERED, (respondent,), source or None)
    known = case.participations[respondent, act]
    changed = replace(known, duties=(*known.duties, id_))
    return replace(
        case,
        duties={**case.duties, id_: duty},
        participations={**case.participations, (respondent, act): changed},
    )


def enter_order(case: Case, respondent: str, act: str, order: int) -> Case:
    """The place of a signature."""
    changed = replace(case.participations[respondent, act], order=order)
    return replace(case, participations={**case.participations, (respondent, act): changed})


def enter_rank(case: Case, post: str, rank: str) -> Case:
    """The rank of a post."""
    return replace(case, posts={**case.posts, post: replace(case.posts[post], rank=rank)})


def enter_organ(case: Case, unit: str) -> Case:
    """The organ that handles the case."""
    return replace(case, organ=unit)
