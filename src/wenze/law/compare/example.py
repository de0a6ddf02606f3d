"""An example of a comparison as a case: in words, and as a case that can be determined under either law.

Knows how an answer comes about: evidence in an accepted form, a finding of a judgement, a record. Invents nothing but
titles; a part of a list that the answers leave open is left out.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

from wenze.law.case import Act, Case, Duty, Event, Evidence, FactKey, FactRecord, Finding, Participation, Post, Unit
from wenze.law.casefile.records import Pair
from wenze.law.compare.anything import (
    ACT,
    LISTS,
    RANKS,
    SORT,
    Answers,
    Read,
    Size,
    Variable,
    any_case,
    complete_lists,
    events,
    respondents,
)
from wenze.law.compare.difference import Comparison, Example
from wenze.law.compare.records import Records, compares
from wenze.law.establish import accepted_forms
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.rules import Bilingual, Nature, Place, Scope
from wenze.law.variables import Above, ReadingOf

HERE = Place("example", 1)
_ORGAN, _HIGHER, _LOWER, _ELSEWHERE = "U0", "U8", "U7", "U9"
_NAMES = {"R1": "甲", "R2": "乙", "R3": "丙", "R4": "丁"}
_DAY = date(2024, 1, 2)


def in_words(comparison: Comparison, example: Example) -> tuple[Bilingual, ...]:
    """The answers of an example, one by one, in the words of the facts' questions; the newer wording where both have it.
    Where all the rest is answered no, what is read from records is said only where it is so."""
    said = [
        (name, value)
        for name, value in example.answers.items()
        if value or example.rest == "any" or not isinstance(name, Read)
    ]
    return tuple(answer_in_words((comparison.new, comparison.old), name, value) for name, value in said)


def answer_in_words(laws: Sequence[Law], name: Variable, value: int) -> Bilingual:
    """One answer in the words of the first of some laws that asks for it; an option of a reading is one all of them know."""
    yes = Bilingual("是" if value else "否", "yes" if value else "no")
    if isinstance(name, ReadingOf):
        reading = laws[-1].readings[name.reading]
        known = [one for one in reading.options if all(one[0] in law.readings[name.reading].option_ids for law in laws)]
        option, described = known[value]
        return Bilingual(f"解读{name.reading}取“{option}”", f"reading {name.reading}: {option} ({described.en})")
    if isinstance(name, Above):
        first, second = _who(name.first), _who(name.second)
        by = (
            Bilingual("职级是否高于", "rank above") if name.by == "rank" else Bilingual("是否在其后签批:", "sign after")
        )
        return Bilingual(f"{first.zh}{by.zh}{second.zh}? {yes.zh}", f"Does {first.en} {by.en} {second.en}? {yes.en}")
    question = _question(laws, name)
    about = [_who(entity) for entity in name.entities if entity not in {"R1", ACT, "V1"}]  # type: ignore[union-attr]
    whose = Bilingual(f"({'、'.join(one.zh for one in about)})", f" ({', '.join(one.en for one in about)})")
    zh, en = (whose.zh, whose.en) if about else ("", "")
    return Bilingual(f"{question.zh}{zh} {yes.zh}", f"{question.en}{en} {yes.en}")


def _question(laws: Sequence[Law], name: Variable) -> Bilingual:
    for law in laws:
        for fact in law.facts.values():
            if (isinstance(name, FactKey) and fact.name == name.name) or (
                isinstance(name, Read) and fact.source == name.source
            ):
                return fact.question
    raise AssertionError(f"{name!r} is asked by no law")


def _who(entity: str) -> Bilingual:
    if entity in _NAMES:
        return Bilingual(f"参与人{_NAMES[entity]}", f"participant {entity.removeprefix('R')}")
    return Bilingual(f"事件{entity.removeprefix('V')}", f"event {entity.removeprefix('V')}")


def case_of(comparison: Comparison, example: Example, law: Law) -> Case:
    """The example as a case under one of the two laws. Raises ValueError where its records cannot say what is answered
    (a value that only the other law knows)."""
    return _Builder(comparison, example, law).case()


class _Builder:
    def __init__(self, comparison: Comparison, example: Example, law: Law) -> None:
        self.law = law
        self.size = example.size
        self.answers = _complete(example, (comparison.old, comparison.new))
        self.records = Records((comparison.old, comparison.new), Formulas())

    def case(self) -> Case:
        base = any_case(self.law, self.size)
        units = {
            _ORGAN: Unit(_ORGAN, "本机关", HERE, parent=_HIGHER),
            _HIGHER: Unit(_HIGHER, "上级机关", HERE),
            _LOWER: Unit(_LOWER, "下级机关", HERE, parent=_ORGAN),
            _ELSEWHERE: Unit(_ELSEWHERE, "其他机关", HERE),
        }
        posts: dict[str, Post] = {}
        ranks = self._ranks()
        for id_ in respondents(self.size):
            self._respondent(id_, ranks.get(id_), units, posts)
        facts, findings = self._facts()
        return replace(
            base,
            id="example",
            title=Bilingual("举例", "example"),
            organ=_ORGAN,
            units=units,
            posts=posts,
            acts={ACT: self._act()},
            events={id_: self._event(event) for id_, event in base.events.items()},
            participations=dict(self._participations()),
            duties={"D1": Duty("D1", "职责", HERE)},
            evidence=self._evidence(),
            facts=facts,
            findings=findings,
            pairs=(Pair("R1", ACT),),
        )

    # Records

    def _recorded(self, attribute: str, entity: str, allowed: tuple[str, ...] | None = None) -> str | None:
        """A value that gives all that is answered of an attribute; None where nothing is."""
        asked = [
            (name.source, value)
            for name, value in self.answers.items()
            if isinstance(name, Read) and name.source.attribute == attribute and name.entities == (entity,)
        ]
        if not asked:
            return None
        for recorded in allowed or self.records.values(attribute):
            if all(compares(source, recorded) == bool(value) for source, value in asked):
                return recorded
        raise ValueError(f"{attribute} of {entity}: no record says this")

    def _respondent(self, id_: str, rank: str | None, units: dict[str, Unit], posts: dict[str, Post]) -> None:
        sort = self._sort(id_)
        kind, level = self._recorded("respondent.unit-kind", id_), self._recorded("respondent.level", id_)
        management = self._recorded("respondent.management", id_)
        manager = {"own": _ORGAN, "lower": _LOWER, "higher": _HIGHER, "elsewhere": _ELSEWHERE}.get(management or "")
        if sort == "organ":
            units[id_] = Unit(id_, f"单位{_NAMES[id_]}", HERE, kind, level, manager=manager)
            return
        units[f"U{id_}"] = Unit(f"U{id_}", f"{_NAMES[id_]}的单位", HERE, kind, level)
        role, mode = self._recorded("respondent.role", id_), self._recorded("respondent.mode", id_)
        posts[id_] = Post(id_, f"参与人{_NAMES[id_]}", HERE, f"U{id_}", role, rank, mode, manager)

    def _sort(self, id_: str) -> str:
        """What is answered of it; else a post where something is answered that only posts have."""
        asked = self._recorded(SORT, id_)
        if asked:
            return asked
        for attribute in ("respondent.role", "respondent.rank", "respondent.mode"):
            values = [
                bool(value)
                for name, value in self.answers.items()
                if isinstance(name, Read) and name.source.attribute == attribute and name.entities == (id_,)
            ]
            if values:
                try:
                    self._recorded(attribute, id_)
                except ValueError:
                    return "organ"
        return "official"

    def _ranks(self) -> dict[str, str]:
        """Ranks that stand to one another as answered."""
        order = self.law.terms(RANKS)
        above = [(one, value) for one, value in self.answers.items() if isinstance(one, Above) and one.by == "rank"]
        who = sorted({id_ for one, _ in above for id_ in (one.first, one.second) if self._sort(id_) == "official"})
        asked = {
            id_: rank
            for id_ in respondents(self.size)
            if self._sort(id_) == "official" and (rank := self._recorded("respondent.rank", id_))
        }
        for chosen in product(order, repeat=len(who)):
            ranks = dict(zip(who, chosen, strict=True))
            if all(
                (
                    one.first in ranks
                    and one.second in ranks
                    and order.index(ranks[one.first]) < order.index(ranks[one.second])
                )
                == bool(value)
                for one, value in above
            ) and all(self._fits_rank(id_, rank) for id_, rank in ranks.items()):
                return asked | ranks
        raise ValueError("no ranks stand to one another like this")

    def _fits_rank(self, id_: str, rank: str) -> bool:
        return all(
            compares(name.source, rank) == bool(value)
            for name, value in self.answers.items()
            if isinstance(name, Read) and name.source.attribute == "respondent.rank" and name.entities == (id_,)
        )

    def _act(self) -> Act:
        link, form = self._recorded("act.link", ACT), self._recorded("act.form", ACT)
        start, end = self._span()
        return Act(ACT, "行为", HERE, link, form, start, end, events=events(self.size))

    def _span(self) -> tuple[date | None, date | None]:
        """Days on which the act starts and ends, as answered, not ending before it starts."""
        days = self.records.values("act.start")
        asked = [
            (name.source, value)
            for name, value in self.answers.items()
            if isinstance(name, Read) and name.source.attribute in {"act.start", "act.end"}
        ]
        if not asked:
            return None, None
        for start, end in product(days, days):
            told = {"act.start": start, "act.end": end}
            if start <= end and all(compares(one, told[one.attribute]) == bool(value) for one, value in asked):
                return date.fromisoformat(start), date.fromisoformat(end)
        raise ValueError("no days of the act say this")

    def _event(self, event: Event) -> Event:
        day = self._recorded("event.date", event.id)
        grade = self._recorded("event.grade", event.id)
        return replace(event, grade=grade, date=date.fromisoformat(day) if day else None)

    def _participations(self) -> Iterator[tuple[tuple[str, str], Participation]]:
        orders = self._orders()
        for id_ in respondents(self.size):
            parts, claims = (self._listed(attribute, id_) for attribute in LISTS)
            duties = any(
                value
                and isinstance(name, Read)
                and name.source.attribute == "participation.duties"
                and name.entities == (id_, ACT)
                for name, value in self.answers.items()
            )
            yield (
                (id_, ACT),
                Participation(
                    id_,
                    ACT,
                    HERE,
                    parts,
                    orders.get(id_),
                    ("D1",) if duties else (),
                    claims,
                    ("证据1",) if parts else (),
                ),
            )

    def _listed(self, attribute: str, id_: str) -> tuple[str, ...]:
        asked = [
            (name.source, value)
            for name, value in self.answers.items()
            if isinstance(name, Read) and name.source.attribute == attribute and name.entities == (id_, ACT)
        ]
        excluded = {value for source, holds in asked if not holds for value in source.values}
        listed = {value for source, holds in asked if holds for value in source.values} - excluded
        if any(holds and source.operator == "present" for source, holds in asked) and not listed:
            terms = self.records.values(attribute)
            listed = {next(term for term in terms if term not in excluded)}
        return tuple(sorted(listed))

    def _orders(self) -> dict[str, int]:
        above = [(one, value) for one, value in self.answers.items() if isinstance(one, Above) and one.by == "order"]
        who = sorted({id_ for one, _ in above for id_ in (one.first, one.second)})
        for chosen in product(range(1, len(who) + 1), repeat=len(who)):
            orders = dict(zip(who, chosen, strict=True))
            if all((orders[one.first] > orders[one.second]) == bool(value) for one, value in above):
                return orders
        raise ValueError("no orders stand to one another like this")

    # Facts

    def _evidence(self) -> dict[str, Evidence]:
        """One piece of every form: 证据1 is of a form that no rule refuses."""
        forms = [form for form in self.law.terms("证据形式") if form not in self.law.terms("不作证明")]
        return {f"证据{number}": Evidence(f"证据{number}", form, HERE, form) for number, form in enumerate(forms, 1)}

    def _of_form(self, forms: tuple[str, ...]) -> str:
        for id_, piece in self._evidence().items():
            if piece.form in forms:
                return id_
        raise ValueError(f"no evidence is of a form {forms}")

    def _facts(self) -> tuple[Mapping[FactKey, FactRecord], Mapping[FactKey, Finding]]:
        facts, findings = {}, {}
        for key, value in self.answers.items():
            fact = self.law.facts.get(key.name) if isinstance(key, FactKey) else None
            if fact is None or not isinstance(key, FactKey):
                continue
            if fact.nature is Nature.JUDGEMENT:
                findings[key] = Finding(key, bool(value), HERE, "调查组", _DAY, "举例")
            else:
                proof = (self._of_form(accepted_forms(self.law, fact, holds=bool(value))),)
                facts[key] = FactRecord(key, HERE, *((proof, ()) if value else ((), proof)))
        return facts, findings


def _complete(example: Example, laws: tuple[Law, Law]) -> Answers:
    """The answers with those an example leaves unsaid: lists are complete; every other question is answered no where
    `rest` says so."""
    answers = dict(example.answers)
    lists = complete_lists(laws[0]) | complete_lists(laws[1])
    for law in laws:
        for fact in law.facts.values():
            if fact.source is None and (example.rest == "no" or fact.name in lists):
                for entities in _instances(fact.scope, example.size):
                    answers.setdefault(FactKey(fact.name, entities), int(fact.name in lists))
    return answers


def _instances(scope: Scope, size: Size) -> list[tuple[str, ...]]:
    instances: dict[Scope, list[tuple[str, ...]]] = {
        Scope.CASE: [()],
        Scope.RESPONDENT: [(one,) for one in respondents(size)],
        Scope.ACT: [(ACT,)],
        Scope.PARTICIPATION: [(one, ACT) for one in respondents(size)],
        Scope.EVENT: [(one,) for one in events(size)],
        Scope.OUTCOME: [(ACT, one) for one in events(size)],
    }
    return instances[scope]
