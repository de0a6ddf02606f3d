"""The shapes of a case: entities, evidence, facts, findings, rulings and, in scenarios, expectations.

Knows no law: names of facts and terms are still names; `casefile.check` holds them against an instrument.
No state of a fact is ever stored here: it follows from evidence and findings (`evaluate`). There is no place for a citizen.
Absent data is None or an empty tuple and means "not recorded", never "no".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from wenze.law.rules import Bilingual, Place

CONTINUING = date.max  # the end of an act that has not ended; written 持续 / "continuing"


class FactKey(NamedTuple):
    """An instance of a fact: its name and the entities of its scope, in the order respondent, act, event."""

    name: str
    entities: tuple[str, ...]

    def __str__(self) -> str:
        return " ".join((self.name, *self.entities))


@dataclass(frozen=True, slots=True)
class Unit:
    id: str
    title: str
    place: Place
    kind: str | None = None
    level: str | None = None
    parent: str | None = None
    manager: str | None = None  # the unit that manages this unit


@dataclass(frozen=True, slots=True)
class Post:
    """A capacity: an office held by somebody over time. `holder` is a code, never a name."""

    id: str
    title: str
    place: Place
    unit: str | None = None
    role: str | None = None
    rank: str | None = None
    mode: str | None = None
    manager: str | None = None  # the unit with management authority; None = unknown
    start: date | None = None
    end: date | None = None
    holder: str | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """A conduct, a link of the chain or a decision. `end` is CONTINUING for an omission that has not ended."""

    id: str
    title: str
    place: Place
    link: str | None = None
    form: str | None = None
    start: date | None = None
    end: date | None = None
    unit: str | None = None
    after: str | None = None
    events: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Participation:
    """A respondent (post or unit) in an act, with the parts taken in it and the evidence for and against that."""

    respondent: str
    act: str
    place: Place
    parts: tuple[str, ...] = ()
    order: int | None = None
    duties: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()
    evidence: tuple[str, ...] = ()
    against: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: date, grade and counts, never people."""

    id: str
    title: str
    place: Place
    date: date | None = None
    grade: str | None = None
    counts: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Duty:
    id: str
    title: str
    place: Place
    owed_by: tuple[str, ...] = ()
    source: str | None = None
    held: bool | None = None  # whether the text of the source is held


@dataclass(frozen=True, slots=True)
class Evidence:
    id: str
    title: str
    place: Place
    form: str | None = None
    source: str | None = None
    obtained: date | None = None
    obtained_by: str | None = None
    page: str | None = None
    digest: str | None = None
    lacks: str | None = None  # what is known to be missing from it, such as a page


@dataclass(frozen=True, slots=True)
class FactRecord:
    """Evidence for and against one instance of a fact."""

    key: FactKey
    place: Place
    supporting: tuple[str, ...] = ()
    opposing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """A judgement, or the resolution of contested evidence. Without author, day and reasons it has no effect."""

    key: FactKey
    holds: bool
    place: Place
    by: str | None = None
    day: date | None = None
    reasons: str | None = None
    basis: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Ruling:
    """A recorded ruling on a reading, effective from a day."""

    reading: str
    option: str
    place: Place
    by: str | None = None
    since: date | None = None
    source: str | None = None


@dataclass(frozen=True, slots=True)
class Expectation:
    """What a scenario says must come out.

    kind "state": `rule` has `state` for (respondent, act); `robust` True, or `depends` names the readings, or neither was said.
    kind "reliance": the guard's answer for `rule`, `state` one of "yes", "no", "open".
    kind "note" / "no-note": `rule` is the note's id. kind "contradiction": `conflict` is the smallest conflicting set.
    """

    kind: str
    place: Place
    respondent: str = ""
    act: str = ""
    rule: str = ""
    state: str = ""
    robust: bool | None = None
    depends: tuple[str, ...] = ()
    because: str = ""
    conflict: tuple[FactKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Case:
    """One case as entered. `pairs` is empty when every participation is to be evaluated."""

    id: str
    title: Bilingual
    instrument: str
    place: Place
    organ: str | None = None
    units: Mapping[str, Unit] = field(default_factory=dict)
    posts: Mapping[str, Post] = field(default_factory=dict)
    acts: Mapping[str, Act] = field(default_factory=dict)
    participations: Mapping[tuple[str, str], Participation] = field(default_factory=dict)
    events: Mapping[str, Event] = field(default_factory=dict)
    duties: Mapping[str, Duty] = field(default_factory=dict)
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    facts: Mapping[FactKey, FactRecord] = field(default_factory=dict)
    findings: Mapping[FactKey, Finding] = field(default_factory=dict)
    rulings: tuple[Ruling, ...] = ()
    pairs: tuple[tuple[str, str], ...] = ()
    expectations: tuple[Expectation, ...] = ()
    story: str = ""

    def all_pairs(self) -> tuple[tuple[str, str], ...]:
        """The pairs (respondent, conduct) to evaluate."""
        return self.pairs or tuple(self.participations)
