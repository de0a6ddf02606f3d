"""The measures: bands, order, grounds, effects with their end dates. Chooses nothing.

One layer's list is taken whole, the first by rank that has one; the lists of the others are shown beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wenze.law.days import Term, after, year_end
from wenze.law.procedure.basis import Basis
from wenze.law.rules import Bilingual


@dataclass(frozen=True, slots=True)
class Band:
    """A degree of gravity with the words that describe it: a finding of people, with reasons."""

    id: str
    title: Bilingual
    condition: Bilingual
    basis: Basis


@dataclass(frozen=True, slots=True)
class Measure:
    """A method of accountability and the bands it belongs to."""

    id: str
    title: Bilingual
    bands: tuple[str, ...]
    note: Bilingual
    basis: Basis


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground for a heavier or lighter measure or for exemption; `direction` is heavier, lighter or exempt."""

    id: str
    title: Bilingual
    direction: str
    note: Bilingual
    basis: Basis


@dataclass(frozen=True, slots=True)
class Effect:
    """What follows a measure; `term` is None for the rest of the year, `measures` empty for any measure."""

    id: str
    title: Bilingual
    measures: tuple[str, ...]
    term: Term | None
    note: Bilingual
    basis: Basis


@dataclass(frozen=True, slots=True)
class EffectState:
    """An effect of a decided measure, from the day it takes effect to its last day."""

    effect: Effect
    since: date
    until: date


@dataclass(frozen=True)
class Measures:
    """The measures in force, from the lightest; `others` are the lists of layers of lower rank."""

    bands: tuple[Band, ...]
    ranked: tuple[Measure, ...]
    grounds: tuple[Ground, ...]
    lasting: tuple[Effect, ...]
    others: Mapping[str, tuple[Measure, ...]]

    def measure(self, id: str) -> Measure | None:
        return next((measure for measure in self.ranked if measure.id == id), None)

    def band(self, id: str) -> Band | None:
        return next((band for band in self.bands if band.id == id), None)

    def within(self, band: str) -> tuple[Measure, ...]:
        """The measures of a band, from the lightest."""
        return tuple(measure for measure in self.ranked if band in measure.bands)

    def not_heavier(self, new: Iterable[str], old: Iterable[str]) -> bool:
        """Whether each new measure can be matched to a different old one that is at least as heavy.

        Both lists sorted from the heaviest, that is: the new one is no longer, and no heavier at any place.
        """
        order = [measure.id for measure in self.ranked]
        heaviest_first = [sorted((order.index(id) for id in chosen), reverse=True) for chosen in (new, old)]
        mine, theirs = heaviest_first
        return len(mine) <= len(theirs) and all(one <= other for one, other in zip(mine, theirs, strict=False))

    def band_not_higher(self, new: str, old: str) -> bool:
        order = [band.id for band in self.bands]
        return order.index(new) <= order.index(old)

    def effects(self, chosen: Iterable[str], day: date) -> tuple[EffectState, ...]:
        """What follows the measures decided with effect from `day`, each with its last day."""
        decided = set(chosen)
        return tuple(
            EffectState(effect, day, after(day, effect.term) if effect.term else year_end(day))
            for effect in self.lasting
            if decided and (not effect.measures or decided & set(effect.measures))
        )
