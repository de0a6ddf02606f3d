"""What the records of a case can be, in words that either of two laws knows."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import date, timedelta
from itertools import product

from wenze.law.compare.anything import LISTS, OF_POSTS, RANKS, SORT, Read
from wenze.law.establish import meets, turn
from wenze.law.facts import FIXED_VALUES, VOCABULARY_OF
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.rules import Comparison
from wenze.law.variables import Above

_BEFORE = "before"  # the span before the first day a law names


class Records:
    """What the records of a case can be, in words that either of two laws knows."""

    def __init__(self, laws: Sequence[Law], formulas: Formulas) -> None:
        self._laws = laws
        self._f = formulas
        sources = [fact.source for law in laws for fact in law.facts.values() if fact.source]
        self._days = sorted({turn(source) for source in sources if _is_day(source)})

    def values(self, attribute: str) -> tuple[str, ...]:
        """Everything that may be recorded as an attribute; for a day, a first day of each span the laws tell apart."""
        if attribute in FIXED_VALUES:
            return tuple(dict.fromkeys(FIXED_VALUES[attribute].values()))
        if attribute in VOCABULARY_OF:
            return tuple(dict.fromkeys(term for law in self._laws for term in law.terms(VOCABULARY_OF[attribute])))
        before = (min(self._days) - timedelta(days=1)).isoformat() if self._days else _BEFORE
        return (before, *(day.isoformat() for day in self._days))

    def possible(self, names: Iterable[Hashable]) -> list[int]:
        """The expressions that hold of the variables named because records are records."""
        reads = sorted((name for name in names if isinstance(name, Read)), key=str)
        compared = sorted((name for name in names if isinstance(name, Above)), key=str)
        return [*self._lists(reads), *self._people(reads), *self._acts(reads), *self._ranked(reads, compared)]

    def _lists(self, reads: list[Read]) -> Iterator[int]:
        """A fact read from a list is true by a value that all others who name that value are true by, too."""
        f = self._f
        for group in _grouped([read for read in reads if read.source.attribute in LISTS]).values():
            named = tuple(dict.fromkeys(value for read in group for value in read.source.values))
            for read in group:
                own = (*named, "") if read.source.operator == "present" else read.source.values
                ways = [f.all(f.literal(other) for other in group if _listed_by(other, value)) for value in own]
                yield f.either(f.negate(f.literal(read)), f.any(ways))

    def _people(self, reads: list[Read]) -> Iterator[int]:
        f = self._f
        groups = _grouped([read for read in reads if read.source.operator != "present"])
        for (attribute, entities), group in groups.items():
            owner = attribute.partition(".")[0]
            if attribute in LISTS or owner == "act" or attribute == "participation.duties":
                continue
            some = f.any(self._vector(group, value) for value in self.values(attribute))
            if attribute in OF_POSTS:
                none = f.all(f.negate(f.literal(read)) for read in group)
                sorts = groups.get((SORT, entities), [])
                some = f.any(
                    f.both(self._vector(sorts, sort), some if sort == "official" else none)
                    for sort in self.values(SORT)
                )
            yield some

    def _acts(self, reads: list[Read]) -> Iterator[int]:
        """Link and form each have one value; an act does not end before it starts."""
        f = self._f
        groups = _grouped([read for read in reads if read.source.operator != "present"])
        for entities in dict.fromkeys(entities for attribute, entities in groups if attribute.startswith("act.")):
            starts, ends = groups.get(("act.start", entities), []), groups.get(("act.end", entities), [])
            days = self.values("act.start")
            if starts or ends:
                yield f.any(
                    f.both(self._vector(starts, start), self._vector(ends, end))
                    for start, end in product(days, days)
                    if start <= end
                )
            for attribute in ("act.link", "act.form"):
                if group := groups.get((attribute, entities)):
                    yield f.any(self._vector(group, value) for value in self.values(attribute))

    def _ranked(self, reads: list[Read], compared: list[Above]) -> Iterator[int]:
        """Only an official stands above or below anybody; whoever stands above has the higher rank."""
        f = self._f
        groups = _grouped(reads)
        orders = {law.terms(RANKS) for law in self._laws}
        for above in (one for one in compared if one.by == "rank"):
            sorts = [groups.get((SORT, (one,)), []) for one in (above.first, above.second)]
            both = f.all(self._vector(sort, "official") for sort in sorts)
            yield f.either(f.negate(f.literal(above)), both)
            ranks = [groups.get(("respondent.rank", (one,)), []) for one in (above.first, above.second)]
            if all(ranks) and len(orders) == 1:
                order = next(iter(orders))
                ways = [
                    f.all(
                        [
                            self._vector(ranks[0], first),
                            self._vector(ranks[1], second),
                            _signed(f, above, order.index(first) < order.index(second)),
                        ]
                    )
                    for first, second in product(order, order)
                ]
                yield f.either(f.negate(both), f.any(ways))

    def _vector(self, group: list[Read], value: str) -> int:
        """That a value is recorded, as far as some facts tell."""
        return self._f.all(_signed(self._f, read, compares(read.source, value)) for read in group)


def _signed(formulas: Formulas, name: Hashable, holds: bool) -> int:
    return formulas.literal(name) if holds else formulas.negate(formulas.literal(name))


def _grouped(reads: Iterable[Read]) -> dict[tuple[str, tuple[str, ...]], list[Read]]:
    found: dict[tuple[str, tuple[str, ...]], list[Read]] = {}
    for read in reads:
        found.setdefault((read.source.attribute, read.entities), []).append(read)
    return found


def _listed_by(read: Read, value: str) -> bool:
    return read.source.operator == "present" or value in read.source.values


def compares(source: Comparison, value: str) -> bool:
    """Whether a comparison holds for a recorded value: a term, or a day in ISO form."""
    return meets(source, date.fromisoformat(value) if _is_day(source) else value)


def _is_day(source: Comparison) -> bool:
    return source.operator in {"from", "before", "until", "after"}
