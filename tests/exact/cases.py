"""Random cases of a given law: near to one in which a rule holds, so that something hangs on what is left open.

Wishes run down the parsed conditions: to make this hold, make that hold. Nothing depends on a wish coming true.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date
from random import Random
from typing import Any

from exact.oracle import Oracle
from exact.unknown import Here
from exact.view import View
from exact.worlds import Worlds
from wenze.law.case import Case, FactKey
from wenze.law.casefile.cases import case_from_json
from wenze.law.instrument import Law
from wenze.law.rules import Fact, Nature, Node, Op, Scope

_DAYS = ("2013-03-01", "2014-05-05", "2015-03-01", "2017-01-01")
_MANAGERS = {"own": "U0", "lower": "U1", "higher": "U8", "elsewhere": "U9"}
_VOCABULARIES = {
    "respondent.unit-kind": "单位类型",
    "respondent.level": "层级",
    "respondent.role": "职务角色",
    "respondent.rank": "职级",
    "respondent.mode": "任职方式",
    "act.link": "环节",
    "act.form": "行为形式",
    "event.grade": "事件等级",
}
_LISTS = {"participation.parts": "部分", "participation.claims": "主张"}


class Maker:
    """Draws cases of one law about one rule, one respondent and one act."""

    def __init__(self, law: Law, random: Random) -> None:
        self.law = law
        self.random = random
        self.posts = [f"P{number}" for number in range(1, random.randint(1, 3) + 1)]
        self.events = [f"V{number}" for number in range(1, random.randint(0, 2) + 1)]
        self.joined = [*self.posts, *(["U1"] if random.random() < 0.4 else [])]
        self.wanted: dict[FactKey, bool] = {}
        self.recorded: dict[tuple[str, str], str] = {}
        self.listed: dict[tuple[str, str], set[str]] = {}
        self.frame = self._case({}, {})
        self.oracle = Oracle(
            law.sources, self.frame, {reading.id: reading.default for reading in law.readings.values()}, {}
        )

    def about(self, rule: str, respondent: str, options: Mapping[str, str], most_open: int) -> Case:
        """A case near to one in which the rule holds; up to `most_open` of its facts are open."""
        random, scope = self.random, self.law.rules[rule].scope
        self.oracle.options = dict(options)
        here = self.oracle.at(scope, respondent, "A1")
        for gate in self.law.rules[rule].gates:
            self.wish(self.law.definitions[gate.name].condition, here, True)
        self.wish(self.law.rules[rule].condition, here, True)
        for exception in self.oracle.against(rule):
            self.wish(exception.condition, self.oracle.at(exception.scope, respondent, "A1"), random.random() < 0.3)
        view = View(self.oracle, Worlds({}), all_of_it=True)
        view.rule(rule, respondent, "A1" if scope is Scope.PARTICIPATION else "")
        return self._case(self._states(sorted(view.mentioned), most_open), self.recorded)

    def _states(self, keys: list[FactKey], most_open: int) -> dict[FactKey, bool]:
        """Wished or random answers, some of them turned round, without those left open."""
        random = self.random
        keys = [key for key in keys if self.law.facts[key.name].nature is not Nature.DATA]
        states = {key: self.wanted.get(key, random.random() < 0.3) for key in keys}
        for key in random.sample(keys, min(len(keys), random.choice([0, 0, 1, 2]))):
            states[key] = not states[key]
        if random.random() < 0.9:
            self._mend(states)
        wished = [key for key in keys if key in self.wanted]
        pool = [*random.sample(wished, len(wished)), *random.sample(keys, len(keys))]
        left_open = list(dict.fromkeys(pool if random.random() < 0.5 else random.sample(pool, len(pool))))
        for key in left_open[: random.randint(1, most_open)]:
            del states[key]
        return states

    def _mend(self, states: dict[FactKey, bool]) -> None:
        """Turn answers round until they contradict no constraint, or patience ends."""
        for _ in range(100):
            known = Oracle(self.law.sources, self.frame, self.oracle.options, states)
            broken = [bound for bound in known.bound if known.certain.constraint(*bound) is False]
            keys = sorted(key for bound in broken for key in known.spoken_of(bound) if key in states)
            if not keys:
                return
            key = self.random.choice(keys)
            states[key] = not states[key]

    def wish(self, node: Node, here: Here, value: bool) -> None:
        """Answer so that a condition holds, or does not, where nothing else was wished before."""
        oracle, random = self.oracle, self.random
        if node.op is Op.FACT:
            self._wish_fact(self.law.facts[node.name], oracle.key(node.name, here), value)
        elif node.op is Op.SEE:
            self.wish(self.law.definitions[node.name].condition, here, value)
        elif node.op is Op.HOLDS:
            rules = oracle.rules_called(node.name)
            for rule in [random.choice(rules)] if value else rules:
                self._wish_rule(rule.id, here, value)
        elif node.op is Op.NOT:
            self.wish(node.children[0], here, not value)
        elif node.op is Op.CHOOSE:
            self.wish(node.children[node.options.index(oracle.options[node.name])], here, value)
        elif node.op in {Op.SOME, Op.EVERY, Op.HIGHEST, Op.LAST}:
            self._wish_list(node, here, value)
        elif node.children:
            all_of_them = (node.op is Op.ALL) == value
            for child in node.children if all_of_them or node.op is Op.AT_LEAST else [random.choice(node.children)]:
                self.wish(child, here, value)

    def _wish_rule(self, rule: str, here: Here, value: bool) -> None:
        there = self.oracle.at(self.law.rules[rule].scope, here.respondent, here.act)
        self.wish(self.law.rules[rule].condition, there, value)
        if value:
            for gate in self.law.rules[rule].gates:
                self.wish(self.law.definitions[gate.name].condition, there, True)

    def _wish_list(self, node: Node, here: Here, value: bool) -> None:
        self._wish_fact(self.law.facts[node.complete], self.oracle.key(node.complete, here), self.random.random() < 0.8)
        if node.op in {Op.HIGHEST, Op.LAST}:
            self.wish(node.children[0], here, value)
            return
        places = self.oracle.places(node, here)
        one_is_enough = (node.op is Op.SOME) == value
        for place in [self.random.choice(places)] if one_is_enough and places else places:
            self.wish(node.children[0], place, value)

    def _wish_fact(self, fact: Fact, key: FactKey, value: bool) -> None:
        if fact.source is None:
            self.wanted.setdefault(key, value)
            return
        attribute, values = fact.source.attribute, fact.source.values
        if attribute in _LISTS:
            listed = self.listed.setdefault((attribute, key.entities[0]), set())
            if value and not listed & set(values):
                listed.add(self.random.choice(values))
        elif attribute in {"act.start", "act.end", "event.date"}:
            fitting = [day for day in _DAYS if _compared(fact.source.operator, day, values[0]) == value]
            self.recorded.setdefault((attribute, key.entities[0]), self.random.choice(fitting or list(_DAYS)))
        elif attribute in _VOCABULARIES or attribute == "respondent.management":
            words = self.law.terms(_VOCABULARIES[attribute]) if attribute in _VOCABULARIES else tuple(_MANAGERS)
            fitting = [word for word in words if (word in values) == value]
            entity = "U1" if attribute in {"respondent.unit-kind", "respondent.level"} else key.entities[0]
            self.recorded.setdefault((attribute, entity), self.random.choice(fitting or list(words)))

    def _record(self, attribute: str, entity: str, words: Collection[str]) -> str | None:
        """What the case records: what was wished, seldom nothing, else anything."""
        if self.random.random() < 0.07:
            return None
        return self.recorded.get((attribute, entity)) or self.random.choice([*words])

    def _case(self, states: Mapping[FactKey, bool], _: Mapping[tuple[str, str], str]) -> Case:
        """The case as JSON, read by the project's own reader."""
        written: dict[str, Any] = {
            "format": "wenze-case/1",
            "id": "随机",
            "title": {"zh": "随机"},
            "instrument": self.law.id,
            "organ": "U0",
            "units": self._units(),
            "posts": [self._post(post) for post in self.posts],
            "acts": [self._act()],
            "events": [
                _present(id=event, title=event, grade=self._term("event.grade", event)) for event in self.events
            ],
            "duties": [{"id": "D1", "title": "职责"}],
            "evidence": [{"id": f"证{form}", "title": form, "form": form} for form in self.law.terms("证据形式")],
            "participations": [self._participation(respondent) for respondent in self.joined],
            "facts": [],
            "findings": [],
        }
        for key, holds in states.items():
            self._prove(written, key, holds)
        return case_from_json(written, "random.json")

    def _term(self, attribute: str, entity: str) -> str | None:
        return self._record(attribute, entity, self.law.terms(_VOCABULARIES[attribute]) or [""]) or None

    def _units(self) -> list[dict[str, Any]]:
        manager = self._record("respondent.management", "U1", tuple(_MANAGERS))
        kind, level = self._term("respondent.unit-kind", "U1"), self._term("respondent.level", "U1")
        own = _present(
            id="U1", title="县", parent="U0", kind=kind, level=level, manager=_MANAGERS[manager] if manager else None
        )
        return [
            {"id": "U8", "title": "省"},
            {"id": "U0", "title": "州", "parent": "U8"},
            own,
            {"id": "U9", "title": "他处"},
        ]

    def _post(self, post: str) -> dict[str, Any]:
        manager = self._record("respondent.management", post, tuple(_MANAGERS))
        terms = {name: self._term(f"respondent.{name}", post) for name in ("role", "rank", "mode")}
        return _present(id=post, title=post, unit="U1", manager=_MANAGERS[manager] if manager else None, **terms)

    def _act(self) -> dict[str, Any]:
        days = [day for name in ("act.start", "act.end") if (day := self._record(name, "A1", _DAYS))]
        start, end = (min(days), max(days)) if days else (None, None)
        return _present(
            id="A1",
            title="行为",
            start=start,
            end=end,
            events=self.events,
            link=self._term("act.link", "A1"),
            form=self._term("act.form", "A1"),
        )

    def _participation(self, respondent: str) -> dict[str, Any]:
        random = self.random
        found: dict[str, Any] = {"respondent": respondent, "act": "A1"}
        for attribute, vocabulary in _LISTS.items():
            words = self.listed.get((attribute, respondent), set()) | {
                word for word in self.law.terms(vocabulary) if random.random() < 0.1
            }
            found[attribute.partition(".")[2]] = sorted(words)
        forms = self.law.terms("证据形式")
        found |= {"evidence": [f"证{forms[0]}"]} if random.random() < 0.9 else {}
        found |= {"against": [f"证{forms[-1]}"]} if random.random() < 0.05 else {}
        found |= {"order": random.randint(1, 3)} if random.random() < 0.8 else {}
        return found | ({"duties": ["D1"]} if random.random() < 0.6 else {})

    def _prove(self, written: dict[str, Any], key: FactKey, holds: bool) -> None:
        """Evidence in a form the law accepts, or a finding."""
        fact = self.law.facts[key.name]
        named = {"fact": key.name, "entities": list(key.entities)}
        if fact.nature is Nature.JUDGEMENT:
            written["findings"].append(
                {**named, "holds": holds, "by": "调查组", "date": "2015-05-06", "reasons": "理由"}
            )
        else:
            forms = (fact.proof if holds else fact.disproof) or self.law.terms("证据形式")
            written["facts"].append({**named, "for" if holds else "against": [f"证{self.random.choice(forms)}"]})


def _present(**values: Any) -> dict[str, Any]:
    return {name: value for name, value in values.items() if value is not None}


def _compared(operator: str, one: str, other: str) -> bool:
    day, limit = date.fromisoformat(one), date.fromisoformat(other)
    return {"from": day >= limit, "before": day < limit, "until": day <= limit, "after": day > limit}.get(
        operator, True
    )
