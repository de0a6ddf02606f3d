"""A case held against an instrument: words, facts, entities, readings and expectations that cannot be meant.

Knows what a scope asks for, and nothing else of the law: the instrument answers through `CaseVocabulary`.
What is merely unwise (a post no longer held on the day of the act) is for people to judge and no problem here.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any, Protocol  # Any: records of every type pass through the table

from wenze.law.case import Case, Expectation, FactKey
from wenze.law.casefile.asjson import record_to_json
from wenze.law.casefile.problems import Report, TooMany, instead, mending, show
from wenze.law.casefile.records import COLLECTIONS, RecordType, records_of, type_of
from wenze.law.problems import Problem
from wenze.law.rules import Nature, Place, Scope

# Identity cards (17 digits and a check digit or X) and mobile numbers (11 digits), also in the usual groups.
_PERSONAL = (
    (re.compile(r"(?<![0-9])[0-9]{6}[ -]?[0-9]{8}[ -]?[0-9]{3}[0-9Xx](?![0-9A-Za-z])"), "an identity card"),
    (re.compile(r"(?<![0-9])1[3-9][0-9][ -]?[0-9]{4}[ -]?[0-9]{4}(?![0-9])"), "a mobile telephone"),
)
# For each scope: what an instance is given, in this order.
_SCOPES: dict[Scope, tuple[str, ...]] = {
    Scope.CASE: (),
    Scope.RESPONDENT: ("respondent",),
    Scope.ACT: ("act",),
    Scope.PARTICIPATION: ("respondent", "act"),
    Scope.EVENT: ("event",),
    Scope.OUTCOME: ("act", "event"),
}
_WANTED = {"respondent": "a post or unit", "act": "an act", "event": "an event"}


class CaseVocabulary(Protocol):
    """What a case is held against: an instrument, as far as cases speak of it."""

    @property
    def id(self) -> str: ...

    def terms(self, name: str) -> tuple[str, ...]:
        """The words of a vocabulary by its Chinese name; empty when the instrument has none: nothing is checked."""

    def fact_names(self) -> Collection[str]: ...

    def fact_scope(self, name: str) -> Scope | None: ...

    def fact_nature(self, name: str) -> Nature | None: ...

    def reading_ids(self) -> Collection[str]: ...

    def reading_options(self, id: str) -> tuple[str, ...] | None: ...

    def rule_ids(self) -> Collection[str]: ...

    def note_ids(self) -> Collection[str]: ...


def check_case(case: Case, law: CaseVocabulary) -> list[Problem]:
    """Everything in `case` that the instrument or the case itself does not bear out, in the order of the lines."""
    report = Report()
    check = _Check(case, law, report)
    with suppress(TooMany):  # the report says so itself
        check.instrument()
        check.personal_numbers()
        for collection in COLLECTIONS:
            for record in records_of(case, collection):
                check.record(type_of(collection, record), record)
        check.circles()
    return sorted(set(report.problems))


class _Check:
    def __init__(self, case: Case, law: CaseVocabulary, report: Report) -> None:
        self.case = case
        self.law = law
        self.report = report
        self.events = {id: frozenset(act.events) for id, act in case.acts.items()}
        self.declared: dict[str, str] = {}  # id → type of record
        for collection in ("units", "posts", "acts", "events", "duties", "evidence"):
            for record in records_of(case, collection):
                self.declared[record.id] = type_of(collection, record).en

    def instrument(self) -> None:
        if self.case.instrument != self.law.id:
            message = f"the case is one of {show(self.case.instrument)}, not of {show(self.law.id)}"
            self.report.add("C060", self.case.place, message)
        if self.case.organ is not None:
            self._named("机关", self.case.organ, ("unit",), self.case.place)

    def personal_numbers(self) -> None:
        """People are not recorded: neither their identity cards nor their telephones."""
        case = self.case
        for text in (case.id, *case.title, case.story, case.instrument, case.organ or ""):
            self._personal(text, case.place)
        for collection in COLLECTIONS:
            for record in records_of(case, collection):
                written = {key: value for key, value in record_to_json(collection, record).items() if key != "digest"}
                for text in _texts(written):
                    self._personal(text, getattr(record, "place", case.place))

    def _personal(self, text: str, place: Place) -> None:
        plain = unicodedata.normalize("NFKC", text)
        for pattern, what in _PERSONAL:
            if match := pattern.search(plain):
                masked = f"{match[0][:3]}…{match[0][-2:]}"  # the problem itself must not carry the number further
                hint = mending("C073") + "; write the number of a document with its words, an amount in 万 or 亿"
                self.report.add("C073", place, f"{show(masked)} looks like the number of {what}", hint)
                return

    def record(self, type_: RecordType, record: Any) -> None:
        place: Place = getattr(record, "place", self.case.place)
        values = type_.values_of(record)
        for key in type_.keys:
            if key.en in values:
                given = values[key.en]
                members = given if isinstance(given, tuple) else (given,)
                for member in members if key.vocabulary else ():
                    self._term(key.zh, key.vocabulary, member, place)
                for member in members if key.refers else ():
                    self._named(key.zh, member, key.refers, place)
        start, end = values.get("start"), values.get("end")
        if start and end and end < start:
            self.report.add("C068", place, f"{show(record.id)} ends on `{end}`, before it starts on `{start}`")
        self._by_type(type_.collection, record, place)

    def _by_type(self, collection: str, record: Any, place: Place) -> None:
        if collection in ("facts", "findings"):
            self._fact(record.key, place)
            if self.law.fact_nature(record.key.name) is Nature.DATA:
                self.report.add("C067", place, f"the fact {show(record.key.name)} is read from the case's own data")
        elif collection == "rulings":
            self._reading(record.reading, place)
            self._option(record.reading, record.option, place)
        elif collection == "pairs":
            self._participates(record[0], record[1], place)
        elif collection == "expectations":
            self._expectation(record)

    def _term(self, what: str, vocabulary: str, word: str, place: Place) -> None:
        terms = self.law.terms(vocabulary)
        if terms and word not in terms:
            message = f"{show(what)}: {show(word)} is not in the vocabulary {show(vocabulary)}"
            self.report.add("C061", place, message, instead(word, terms))

    def _named(self, what: str, id: str, types: Collection[str], place: Place) -> bool:
        """Whether `id` is declared as one of `types`."""
        found = self.declared.get(id)
        if found in types:
            return True
        wanted = " or ".join(types)
        if found is None:
            known = [name for name, type_ in self.declared.items() if type_ in types]
            otherwise = "" if known else f"declare it: the case has no {wanted}"
            hint = instead(id, known, otherwise)
            hint += " If not, declare it" if hint.endswith("?") else ""
            self.report.add("C064", place, f"{show(what)}: no {wanted} {show(id)} is declared", hint)
        else:
            self.report.add(
                "C064",
                place,
                f"{show(what)}: {show(id)} is declared as {show(found)}, not as {wanted}",
                f"name a {wanted}",
            )
        return False

    def _fact(self, key: FactKey, place: Place) -> None:
        scope = self.law.fact_scope(key.name)
        if scope is None:
            hint = instead(key.name, self.law.fact_names(), "use a fact of the instrument")
            self.report.add("C062", place, f"the instrument has no fact {show(key.name)}", hint)
            return
        wanted = _SCOPES[scope]
        if len(wanted) != len(key.entities):
            words = " and ".join(_WANTED[each] for each in wanted) or "no entity"
            message = f"the fact {show(key.name)} is given `{len(key.entities)}` of `{len(wanted)}` entities"
            self.report.add("C063", place, message, f"its scope is {show(scope.value)}: name {words}")
            return
        if all([self._entity(key, each, id, place) for each, id in zip(wanted, key.entities, strict=True)]):
            self._together(scope, key.entities, place)

    def _entity(self, key: FactKey, wanted: str, id: str, place: Place) -> bool:
        types = ("unit", "post") if wanted == "respondent" else (wanted,)
        found = self.declared.get(id)
        if found is not None and found not in types:
            message = f"the fact {show(key.name)} is given {show(id)}, which is declared as {show(found)}"
            self.report.add("C063", place, message, f"name {_WANTED[wanted]} there")
            return False
        return self._named(key.name, id, types, place)

    def _together(self, scope: Scope, entities: tuple[str, ...], place: Place) -> None:
        if scope is Scope.PARTICIPATION:
            self._participates(entities[0], entities[1], place)
        elif scope is Scope.OUTCOME and entities[1] not in self.events[entities[0]]:
            message = f"the act {show(entities[0])} does not name the event {show(entities[1])}"
            self.report.add("C066", place, message, f"add `事件 {entities[1]}` to the act {show(entities[0])}")

    def _participates(self, respondent: str, act: str, place: Place) -> None:
        known = (respondent, act) in self.case.participations
        if not known and respondent in self.declared and act in self.declared:  # else that is the problem
            message = f"{show(respondent)} is not declared to take part in {show(act)}"
            self.report.add("C065", place, message, f"add `参与 {respondent} {act}` or mend the ids")

    def _reading(self, id: str, place: Place) -> None:
        if self.law.reading_options(id) is None:
            hint = instead(id, self.law.reading_ids(), "use a reading of the instrument")
            self.report.add("C069", place, f"the instrument has no reading {show(id)}", hint)

    def _option(self, id: str, option: str, place: Place) -> None:
        options = self.law.reading_options(id)
        if options is not None and option not in options:
            self.report.add(
                "C070", place, f"the reading {show(id)} has no option {show(option)}", instead(option, options)
            )

    def _expectation(self, expected: Expectation) -> None:
        place = expected.place
        for key in expected.conflict:
            self._fact(key, place)
        for id in expected.depends:
            self._reading(id, place)
        if expected.act:
            self._participates(expected.respondent, expected.act, place)
        noted = expected.kind in ("note", "no-note")
        known = self.law.note_ids() if noted else self.law.rule_ids()
        if expected.kind != "contradiction" and expected.rule not in known:
            what = "note" if noted else "rule"
            hint = instead(expected.rule, known, f"use a {what} of the instrument")
            self.report.add("C071", place, f"the instrument has no {what} {show(expected.rule)}", hint)

    def circles(self) -> None:
        """A chain of acts, of superior units or of management that comes back to itself has no beginning."""
        case = self.case
        for what, records, step in (
            ("承接", case.acts, lambda record: record.after),
            ("上级", case.units, lambda record: record.parent),
            ("管理", case.units, lambda record: record.manager),
        ):
            # A unit that manages itself is the top of its line, not a circle.
            for circle in _circles(records, step, ignore_self=what == "管理"):
                words = " → ".join((*circle, circle[0]))
                self.report.add("C072", records[circle[0]].place, f"{show(what)}: {show(words)} is a circle")


def _circles(
    records: Mapping[str, Any], step: Callable[[Any], str | None], *, ignore_self: bool
) -> Iterator[list[str]]:
    """Every circle once, beginning at its first record as written."""
    done: set[str] = set()
    for first in records:
        path: dict[str, None] = {}
        current: str | None = first
        while current is not None and current in records and current not in done and current not in path:
            path[current] = None
            current = step(records[current])
        if current in path:
            names = list(path)
            circle = names[names.index(str(current)) :]
            if len(circle) > 1 or not ignore_self:
                yield circle
        done.update(path)


def _texts(value: object) -> Iterator[str]:
    """Every string in a JSON value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        yield from _texts(list(value.values()))
    elif isinstance(value, Iterable):
        for member in value:
            yield from _texts(member)
