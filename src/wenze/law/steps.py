"""The shapes of procedure as it is written: steps, clocks, measures, papers, histories.

Knows no meaning: names are still names, nothing is resolved, every piece carries its line. The written form is
described in `docs/language.md`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from wenze.law.days import Term
from wenze.law.rules import Bilingual, Place, Stated


class Provenance(StrEnum):
    """How far a statement of law was checked."""

    TEXT = "text"  # 文本: the article itself was read
    COPY = "copy"  # 转录: read in a second-hand copy or an excerpt
    KNOWN = "known"  # 所知: general knowledge, to be confirmed
    MISSING = "missing"  # 未掌握: no text is held


class Atom(NamedTuple):
    """One condition: a step done (with an outcome, after another), a feature, the move's own outcome, or a clock."""

    kind: str  # done | own | lapsed | within | ended; feature once names are resolved
    name: str
    outcome: str = ""
    since: str = ""
    negated: bool = False


Alternatives = tuple[tuple[Atom, ...], ...]  # some of them, all of each
ALWAYS: Alternatives = ((),)


class Line(NamedTuple):
    """Something required: the names or the condition, when it is required, and where it says so."""

    names: tuple[str, ...]
    condition: Alternatives
    when: Alternatives
    place: Place


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement(Stated):
    """What every statement of procedure carries: its title, its modality, how far it was checked."""

    title: Bilingual
    modality: str
    provenance: str
    note: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class StepText(Statement):
    """What one layer says of a step; empty where it says nothing."""

    by: tuple[str, ...] = ()
    requires: tuple[Line, ...] = ()
    papers: tuple[Line, ...] = ()
    outcomes: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()
    actors: int = 0
    receipt: tuple[Line, ...] = ()
    reason: tuple[Line, ...] = ()
    measures: tuple[Line, ...] = ()
    not_heavier_than: tuple[Line, ...] = ()
    lifts: tuple[Line, ...] = ()
    repeats: bool = False
    ends: bool = False
    side: bool = False
    after_end: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockText(Statement):
    """What one layer says of a period; `term` is None where the paper that starts it sets the day."""

    start: Line | None = None
    from_receipt: bool = False
    until: Line | None = None
    term: Term | None = None
    by_paper: bool = False
    extension: tuple[str, Term] | None = None  # the step that extends it, and by how much
    right: bool | None = None  # a right that lapses, or a duty that becomes overdue
    holders: tuple[str, ...] = ()
    shown_to: tuple[str, ...] = ()
    upward: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperText(Statement):
    """A document and what it must contain."""

    contents: tuple[Bilingual, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FeatureText(Statement):
    """Something a case is or is not, on which steps depend; not established until somebody says so."""

    question: Bilingual


@dataclass(frozen=True, slots=True, kw_only=True)
class BandText(Statement):
    """A degree of gravity, found by people with reasons; in the order of the text from the lightest."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasureText(Statement):
    """A method of accountability; in the order of the text from the lightest."""

    bands: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class GroundText(Statement):
    """A ground that makes the measure heavier or lighter, or exempts: a human finding."""

    direction: str = ""  # heavier | lighter | exempt


@dataclass(frozen=True, slots=True, kw_only=True)
class EffectText(Statement):
    """What follows a decided measure, and for how long; `term` is None for the rest of the year."""

    measures: tuple[str, ...] = ()  # none: any measure
    term: Term | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Gap(Statement):
    """Text that is not held, and the steps, clocks or measures it would decide (none: all of that instrument)."""

    about: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame(Statement):
    """The `procedure` block: its layers from the first to the last in rank, the optional ones marked."""

    layers: tuple[tuple[str, bool], ...] = ()


@dataclass(frozen=True, slots=True)
class Move:
    """One step that was taken, or is about to be, for one respondent.

    `receipt` is the day of receipt, `until` a day the paper itself sets, `relations` how those who act stand to the case,
    `actors` how many they are. Days are days of the office.
    """

    step: str
    day: date
    role: str
    outcome: str = ""
    papers: tuple[str, ...] = ()
    receipt: date | None = None
    until: date | None = None
    relations: tuple[str, ...] = ()
    actors: int = 1
    band: str = ""
    measures: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryText(Statement):
    """A case on paper: what it is, and what was done, in order."""

    basis: str = ""
    features: tuple[tuple[str, bool], ...] = ()
    moves: tuple[tuple[Move, Place], ...] = ()
