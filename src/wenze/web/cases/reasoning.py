"""From the rows of a case to what the law makes of it: its file, its determination, what to ask first, what a frozen
receipt no longer reflects.

Knows how rows become the law's case and how its answers are compared; decides nothing and writes nothing.
"""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from wenze import __version__
from wenze.law import (
    Bilingual,
    Conclusion,
    Determination,
    FactKey,
    Law,
    Library,
    Problem,
    State,
    Words,
    canonical,
    case_from_json,
    case_schema,
    check_case,
    determine,
    receipt,
    shipped,
)
from wenze.law import Case as LawCase
from wenze.web.cases.models import Case, Particular, Receipt

Json = dict[str, Any]  # Any: JSON

MOST_QUESTIONS = 12  # as many as a person looks at before asking anew

# What tells the records of a collection apart; the law's reader refuses two of one identity.
_IDENTITY: dict[str, tuple[str, ...]] = {
    "units": ("id",),
    "posts": ("id",),
    "acts": ("id",),
    "events": ("id",),
    "duties": ("id",),
    "evidence": ("id",),
    "participations": ("respondent", "act"),
    "pairs": ("respondent", "act"),
    "facts": ("fact", "entities"),
    "findings": ("fact", "entities"),
    "rulings": ("reading",),
}
COLLECTIONS = tuple(_IDENTITY)


def library() -> Library:
    """The instruments that came with the program."""
    return Library(shipped())


@lru_cache(maxsize=16)
def _law(version: Path) -> Law:
    return library().read(version)


def law(instrument: str, on: date | None) -> Law:
    """The instrument as in force on the day of the conduct; the newest where that day is not known. Raises Problems."""
    return _law(library().version(instrument, on))


def identity(collection: str, values: Mapping[str, Any]) -> str:
    """What a record is called among those of its collection."""
    words: list[str] = []
    for key in _IDENTITY[collection]:
        value = values.get(key, [])
        words += value if isinstance(value, list) else [str(value)]
    return " ".join(words)


# --- the case file ----------------------------------------------------------------------------------------------------


def particulars(case: Case, until: int | None = None) -> dict[tuple[str, str], Particular]:
    """The rows that count, by collection and identity, in the order the identities were first entered."""
    rows = Particular.objects.filter(case=case)
    found: dict[tuple[str, str], Particular] = {}
    for row in rows if until is None else rows.filter(move__lte=until):
        found[row.collection, row.identity] = row
    return {key: row for key, row in found.items() if not row.withdrawn}


def written(case: Case, rows: Iterable[Particular]) -> Json:
    """The case file as the law's JSON. The organ that acts is the unit where the lead was registered, whoever decides."""
    made: Json = {
        "format": case_schema()["properties"]["format"]["const"],
        "id": case.reference,
        "title": {"zh": case.title},
        "instrument": case.instrument,
        "organ": case.unit.code,
    }
    for row in rows:
        made.setdefault(row.collection, []).append(row.values)
    return made


@dataclass(frozen=True)
class CaseFile:
    """A case file read by the law. `problems` is empty where it is in order."""

    json: Json
    case: LawCase
    law: Law

    @cached_property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(check_case(self.case, self.law))

    def determination(self, on: date) -> Determination:
        """The determination on a day. The same file gives the same one, kept for a while."""
        return _determination(canonical(self.json), on)

    @property
    def respondents(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(respondent for respondent, _ in self.case.all_pairs()))


def read(json_: Json) -> CaseFile:
    """The file as the law reads it. Raises Problems for what is no case at all."""
    case = case_from_json(json_, json_["id"])
    return CaseFile(json_, case, law(case.instrument, _substance(case)))


def case_file(case: Case, until: int | None = None) -> CaseFile:
    """The file of a case as it stands, or as it stood after a move."""
    return read(written(case, particulars(case, until).values()))


def _substance(case: LawCase) -> date | None:
    """The day whose version of the instrument applies: that of the latest conduct (substance follows the conduct)."""
    return max((day for act in case.acts.values() for day in (act.end or act.start,) if day), default=None)


@lru_cache(maxsize=32)
def _determination(raw: bytes, on: date) -> Determination:
    file = read(json.loads(raw))
    return determine(file.law, file.case, on)


# --- what to ask ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Asked:
    """A question whose answer would settle most of what is open; `key` is None where the records must be completed."""

    key: FactKey | None
    text: str
    proof: str
    settles: tuple[str, ...]
    judgement: bool


def questions(made: Determination, alleged: Iterable[str], lang: str) -> tuple[Asked, ...]:
    """What to ask first, in the law's order: for the circumstances alleged, or those that something was entered on; once
    one is made out, for the responsibilities that follow, then for competence and other channels."""
    words = Words(made, lang)
    for round_ in _rounds(made, frozenset(alleged)):
        found: dict[Any, list[str]] = {}  # a question of the law: a fact, or an order of two posts
        places: dict[Any, int] = {}
        for one in round_:
            for place, question in enumerate(made.missing(one).ask):
                found.setdefault(question, []).append(words.cite(one.rule.anchor))
                places[question] = min(place, places.get(question, place))
        first = sorted(found, key=lambda question: (-len(found[question]), places[question]))[:MOST_QUESTIONS]
        if first:
            return tuple(_asked(made, words, question, found[question]) for question in first)
    return ()


def _rounds(made: Determination, wanted: frozenset[str]) -> Iterator[list[Conclusion]]:
    """Open conclusions in the order in which they are looked at; what follows, only of conduct in which something is made out."""
    yield [
        one
        for one in made.circumstances
        if one.state is State.OPEN and (one.rule.id in wanted or (not wanted and made.touched(one)))
    ]
    reached = {(one.respondent, one.act) for one in made.circumstances if one.state is State.MADE_OUT}
    for follows in (made.responsibilities, (*made.competences, *made.channels)):
        yield [one for one in follows if one.state is State.OPEN and _follows(one, reached)]


def _follows(one: Conclusion, reached: set[tuple[str, str]]) -> bool:
    return any(one.respondent in ("", who) and one.act in ("", act) for who, act in reached)


def _asked(made: Determination, words: Words, question: Any, settles: list[str]) -> Asked:
    key = question if isinstance(question, FactKey) else None
    nature = made.law.facts[key.name].nature if key else None
    return Asked(
        key if nature != "data" else None,
        words.question(question),
        words.proof(question),
        tuple(dict.fromkeys(settles)),
        nature == "judgement",
    )


# --- frozen receipts --------------------------------------------------------------------------------------------------


def freeze(made: Determination) -> tuple[str, bytes]:
    """The receipt of a determination, as its digest and its canonical JSON, packed."""
    content = receipt(made, __version__)
    return str(content["digest"]), zlib.compress(canonical(content), 9)


def unpacked(row: Receipt) -> Json:
    """The receipt as it was frozen."""
    value: Json = json.loads(zlib.decompress(bytes(row.content)))
    return value


class Change(NamedTuple):
    """A record that differs from what a receipt rests on: `how` is added, changed or withdrawn."""

    collection: str
    identity: str
    how: str


def unreflected(frozen: Json, now: Json) -> tuple[Change, ...]:
    """What was entered, changed or withdrawn since a receipt was frozen; empty where it still rests on the whole file."""
    return tuple(_changes(frozen["case"], now))


def _changes(then: Json, now: Json) -> Iterator[Change]:
    for collection in COLLECTIONS:
        before, after = _by_identity(collection, then), _by_identity(collection, now)
        for name in dict.fromkeys((*before, *after)):
            if name not in before:
                yield Change(collection, name, "added")
            elif name not in after:
                yield Change(collection, name, "withdrawn")
            elif before[name] != after[name]:
                yield Change(collection, name, "changed")


def _by_identity(collection: str, file: Json) -> dict[str, Json]:
    return {identity(collection, values): values for values in file.get(collection, [])}


class Result(NamedTuple):
    """A conclusion of a receipt against one respondent: what makes a decision heavier when it is new."""

    rule: str
    act: str
    kind: str


def made_out(frozen: Json, subject: str) -> dict[str, frozenset[Result]]:
    """The circumstances and the kinds of responsibility made out against a respondent, by `circumstances`, `responsibilities`."""
    return {
        group: frozenset(
            Result(one["rule"], one["act"], one["kind"])
            for one in frozen[group]
            if one["respondent"] == subject and one["state"] == str(State.MADE_OUT)
        )
        for group in ("circumstances", "responsibilities")
    }


def newly_made_out(before: Json, after: Json, subject: str) -> tuple[Result, ...]:
    """What a later receipt has against a respondent that an earlier one had not."""
    old, new = made_out(before, subject), made_out(after, subject)
    return tuple(sorted(result for group in new for result in new[group] - old[group]))


def made_out_now(made: Determination, subject: str) -> tuple[Conclusion, ...]:
    """The circumstances made out against a respondent, as the determination stands."""
    return tuple(one for one in made.circumstances if one.respondent == subject and one.state is State.MADE_OUT)


def title(problem: Problem) -> Bilingual:
    """A problem of the case file as a sentence; the law writes problems in one language."""
    sentence = f"{problem.message}。{problem.hint}"
    return Bilingual(sentence, f"{problem.message}: {problem.hint}")


def titles() -> dict[str, str]:
    """What the law's schema calls each collection, `中文 / English`."""
    properties = case_schema()["properties"]
    return {collection: str(properties[collection]["title"]) for collection in COLLECTIONS}
