"""The steps, clocks, papers and measures of one day, put together from the layers: plain values, each with its basis.

Reads nothing and decides nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from wenze.law.days import Term
from wenze.law.procedure.basis import Basis
from wenze.law.procedure.measures import Measures
from wenze.law.rules import Bilingual
from wenze.law.steps import Alternatives


@dataclass(frozen=True, slots=True)
class Said:
    """A value and who says it."""

    value: str
    basis: Basis


@dataclass(frozen=True, slots=True)
class Requirement:
    """A condition of a step, when it is asked, and who asks it."""

    condition: Alternatives
    when: Alternatives
    basis: Basis


@dataclass(frozen=True, slots=True)
class Step:
    """A step as all layers together describe it."""

    id: str
    title: Bilingual
    basis: Basis
    roles: tuple[Said, ...]
    requirements: tuple[Requirement, ...]
    papers: tuple[tuple[Said, Alternatives], ...]  # the paper, and when it is asked
    outcomes: tuple[str, ...]
    excluded: tuple[Said, ...]  # relations that keep a person from acting
    actors: Said | None  # how many act at least
    receipt: tuple[Requirement, ...]  # when a day of receipt is asked (its `condition` is empty)
    reason: tuple[Requirement, ...]
    measures: tuple[Requirement, ...]
    not_heavier_than: tuple[tuple[Said, Alternatives], ...]  # steps whose measures it may not exceed, and when
    lifts: tuple[Requirement, ...]  # when it takes the measures away that were decided
    repeats: bool
    ends: bool
    side: bool
    after_end: bool
    notes: tuple[tuple[Bilingual, Basis], ...]
    also_said: tuple[tuple[Bilingual, Basis], ...]  # what other layers say differently

    @property
    def bases(self) -> tuple[Basis, ...]:
        """Every statement the step rests on, the one it is cited by first."""
        asked = (*self.requirements, *self.receipt, *self.reason, *self.measures)
        said = (
            *self.roles,
            *(paper for paper, _ in self.papers),
            *self.excluded,
            *(each for each, _ in self.not_heavier_than),
        )
        found = [self.basis, *(each.basis for each in asked), *(each.basis for each in said)]
        return tuple(dict.fromkeys(found + ([self.actors.basis] if self.actors else [])))


@dataclass(frozen=True, slots=True)
class Clock:
    """A period: what starts and ends it, how long it is, whose time it is. `term` is None where the paper sets the day."""

    id: str
    title: Bilingual
    basis: Basis
    start: Alternatives
    when: Alternatives
    from_receipt: bool
    until: Alternatives
    term: Term | None
    extension: tuple[str, Term] | None
    right: bool
    holders: tuple[str, ...]
    shown_to: tuple[str, ...]
    upward: bool
    notes: tuple[tuple[Bilingual, Basis], ...]
    also_said: tuple[tuple[Bilingual, Basis], ...]


@dataclass(frozen=True, slots=True)
class Paper:
    """A document and what it must contain, line by line, each with who says so."""

    id: str
    title: Bilingual
    basis: Basis
    contents: tuple[tuple[Bilingual, Basis], ...]
    notes: tuple[tuple[Bilingual, Basis], ...]


@dataclass(frozen=True, slots=True)
class Feature:
    """Something a case is or is not."""

    id: str
    title: Bilingual
    question: Bilingual
    basis: Basis


@dataclass(frozen=True, slots=True)
class Unheld:
    """Text that is not held and what it would decide (nothing named: all that the instrument says)."""

    id: str
    title: Bilingual
    note: Bilingual
    about: tuple[str, ...]
    basis: Basis


@dataclass(frozen=True)
class Table:
    """The procedure in force on a day."""

    steps: Mapping[str, Step]
    clocks: Mapping[str, Clock]
    papers: Mapping[str, Paper]
    features: Mapping[str, Feature]
    roles: Mapping[str, Bilingual]
    relations: Mapping[str, Bilingual]
    outcomes: Mapping[str, Bilingual]
    measures: Measures
    gaps: tuple[Unheld, ...]
    instruments: tuple[Basis, ...]  # the layers in force, by rank
    digest: str

    def unheld(self, id: str) -> tuple[Unheld, ...]:
        """The texts not held that would decide about a step, clock, paper, measure, band, ground or effect."""
        return tuple(gap for gap in self.gaps if id in gap.about)
