"""Any case at all, for questions about the law itself: one case in which nothing is known.

Two participants of one act with two events; every fact is open, and a list may be complete or not: somebody or
something unlisted stands for the third. What a case would record (kinds of unit, ranks, days, parts taken) stands as
variables too, so that facts read from the same record exclude and imply each other as they do in a real case. Two
things are left open that a real case decides, so that "can never hold" is right where it is said and may be missed:
who stands higher is not held against facts about ranks; that some rule of a *group* holds (成立 情形) is open rule by
rule, since all circumstances in one function are too many where everything is open. Knows no finding.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from functools import cached_property
from typing import NamedTuple

from wenze.law.case import Act, Case, Event, FactKey, Participation, Post
from wenze.law.decide import FALSE, TRUE, Diagrams
from wenze.law.establish import Established, Status, turn
from wenze.law.evaluate import Evaluation
from wenze.law.facts import ATTRIBUTES, FIXED_VALUES, VOCABULARY_OF
from wenze.law.formula import Direct
from wenze.law.instrument import Law
from wenze.law.lint.walk import trees
from wenze.law.rules import Bilingual, Comparison, Node, Op, Place
from wenze.law.tree import leaves
from wenze.law.variables import Above, Function, Here, ReadingOf, Unlisted

SELF, OTHER, ACT, EVENTS = "R1", "R2", "A1", ("V1", "V2")
HERE = Here(SELF, ACT)
ANYWHERE = Here(SELF, ACT, EVENTS[0])

_DAYS = ("act.start", "act.end", "event.date")
_OF_POSTS = ("respondent.role", "respondent.rank", "respondent.mode")  # a unit has none of these
_SORT = "respondent.sort"
_NONE = ""
_ZH = {english: chinese for chinese, english in ATTRIBUTES.items()}
_FIXED_ZH = {english: zh for values in FIXED_VALUES.values() for zh, english in values.items() if not zh.isascii()}


class Record(NamedTuple):
    """What the case records as an attribute of an entity: one of several values, or one of several spans of days."""

    attribute: str
    entity: str


class Listed(NamedTuple):
    """That a value stands in a list of a participation; "" for a value the law does not name."""

    attribute: str
    value: str
    respondent: str


class Held(NamedTuple):
    """That a rule holds for a respondent, where a condition asks for some rule of its group."""

    rule: str
    respondent: str


_Way = tuple[int, tuple[tuple[int, int], ...]]  # the price of answers, and the answers as (level, value)


class Abstract(Evaluation):
    """The evaluation of a law on any case at all. Functions are over facts, records and readings."""

    def __init__(self, law: Law, diagrams: Diagrams | None = None) -> None:
        defaults = {reading.id: reading.default for reading in law.readings.values()}
        super().__init__(law, _case(law), defaults, Direct(diagrams or Diagrams()))
        self._held: list[
            Node
        ] = []  # INVARIANT: `_grounded` knows a node by its id, so no node it has seen may be freed
        self._ordered: set[tuple[int, tuple[Here, ...]]] = set()
        for rule in law.rules.values():
            self._order_rule(rule.id, (HERE, HERE._replace(respondent=OTHER)))

    def place_variables(self) -> None:
        """Not in the order of the source alone, but beside the records they are read from: see `_order`."""

    def keep(self, node: Node) -> Node:
        """A node made for a question, kept as long as this evaluation."""
        self._held.append(node)
        return node

    # Order: what is asked of both participants or of both events stands side by side, in the order of the text.
    # Grounding one
    # participant after the other would let diagrams remember every answer about the first until the second is asked.

    def _order_rule(self, id_: str, places: tuple[Here, ...]) -> None:
        rule = self.law.rules[id_]
        roots = [self.law.definitions[gate.name].condition for gate in rule.gates]
        for root in (*roots, rule.condition, *self._reliefs(id_)):
            self._order(root, places)

    def _reliefs(self, id_: str) -> Iterator[Node]:
        for exception in self.law.overriding.get(id_, ()):
            yield exception.condition
            yield from self._reliefs(exception.id)

    def _order(self, node: Node, places: tuple[Here, ...]) -> None:
        if (id(node), places) in self._ordered:
            return
        self._ordered.add((id(node), places))
        if node.op is Op.SEE:
            self._order(self.law.definitions[node.name].condition, places)
        elif node.op is Op.HOLDS and node.name in self.law.rules:
            self._order_rule(node.name, places)
        else:
            self._order_own(node, places)
        if node.over == "events":
            within = tuple(here._replace(event=event) for here in places for event in EVENTS)
        else:
            within = places  # both participants are there already
        for child in node.children:
            self._order(child, tuple(dict.fromkeys(within)))
        for here in places if node.complete else ():
            self._unlisted(node, here)

    def _order_own(self, node: Node, places: tuple[Here, ...]) -> None:
        if node.op is Op.CHOOSE:
            self.diagrams.variable(ReadingOf(node.name), len(node.options))
        for here in places:
            if node.op is Op.FACT:
                self.literal(self.key(node.name, here))
            elif node.op is Op.HOLDS:
                self.holds(node.name, here)

    def fact(self, key: FactKey) -> Established:
        return Established(key, Status.OPEN)

    def literal(self, key: FactKey) -> int:
        source = self.law.facts[key.name].source
        if source is None:
            return self.diagrams.literal(key)
        if source.attribute.startswith("participation."):
            return self._listed(source, key)
        if source.operator == "present":
            return self.diagrams.literal(key)
        if source.attribute in _DAYS:
            return self._day(source, key.entities[0])
        wanted = [value in source.values for value in self.values(source.attribute)]
        return self.diagrams.choice(
            Record(source.attribute, key.entities[0]), tuple(TRUE if yes else FALSE for yes in wanted)
        )

    def holds(self, name: str, here: Here) -> Function:
        if name in self.law.rules:
            return super().holds(name, here)
        rules = [Held(rule, here.respondent) for rule in self.law.rules_of[name]]
        return Function(self.diagrams.any(map(self.diagrams.literal, rules)), frozenset())

    def held(self, rule: str) -> Function:
        """A rule made out for the first participant, wherever it is asked for by its own name or by a group's."""
        _, whole = self.conclusion(self.law.rules[rule], SELF, ACT)
        return Function(self.diagrams.both(whole.node, self.diagrams.literal(Held(rule, SELF))), whole.mentions)

    def values(self, attribute: str) -> tuple[str, ...]:
        """What may be recorded as an attribute; last "" where an entity may have none."""
        if attribute in FIXED_VALUES:
            return tuple(dict.fromkeys(FIXED_VALUES[attribute].values()))
        terms = self.law.terms(VOCABULARY_OF[attribute])
        return (*terms, _NONE) if attribute in _OF_POSTS else terms

    def _listed(self, source: Comparison, key: FactKey) -> int:
        respondent = key.entities[0]
        # Present: one of the values the law names, or one it does not name.
        names = (*self._named(source.attribute), "") if source.operator == "present" else source.values
        return self.diagrams.any(self.diagrams.literal(Listed(source.attribute, name, respondent)) for name in names)

    def _named(self, attribute: str) -> tuple[str, ...]:
        sources = [
            fact.source for fact in self.law.facts.values() if fact.source and fact.source.attribute == attribute
        ]
        return tuple(dict.fromkeys(value for source in sources for value in source.values))

    # Days: the spans between the days the law names.

    @cached_property
    def turns(self) -> tuple[date, ...]:
        """The days on which some comparison of the law changes, ascending."""
        sources = [
            fact.source
            for fact in self.law.facts.values()
            if fact.source and fact.source.attribute in _DAYS and fact.source.values
        ]
        return tuple(sorted({turn(source) for source in sources}))

    def _day(self, source: Comparison, entity: str) -> int:
        at = bisect_left(self.turns, turn(source))
        later = source.operator in {"from", "after"}
        spans = tuple(TRUE if (span > at) is later else FALSE for span in range(len(self.turns) + 1))
        return self.diagrams.choice(Record(source.attribute, entity), spans)

    # What is possible

    def possible(self, mentions: Iterable[FactKey | Above]) -> int:
        """Which combinations the constraints and the nature of records allow for the facts mentioned."""
        mentioned = frozenset(mentions)
        constrained, _ = self.constraints.around(mentioned)
        return self.diagrams.both(self.diagrams.all(constrained), self._real(mentioned))

    def _real(self, mentioned: frozenset[FactKey | Above]) -> int:
        d = self.diagrams
        facts = sorted(key for key in mentioned if isinstance(key, FactKey))
        pairs = [(key, self.law.facts[key.name].source) for key in facts]
        records = {
            Record(source.attribute, key.entities[0])
            for key, source in pairs
            if source and source.operator != "present"
        }
        parts = [self._post_only(record) for record in sorted(records) if record.attribute in _OF_POSTS]
        if {Record("act.start", ACT), Record("act.end", ACT)} <= records:
            parts.append(self._in_order())
        # INVARIANT: a unit stands neither above nor below anybody (Evaluation.position).
        for key in sorted(mentioned - set(facts), key=str):
            if isinstance(key, Above) and key.by == "rank":
                ranked = [self._official(key.first), self._official(key.second)]
                parts.append(d.either(d.negate(d.literal(key)), d.all(ranked)))
        return d.all(parts)

    def _official(self, respondent: str) -> int:
        values = self.values(_SORT)
        return self.diagrams.choice(
            Record(_SORT, respondent), tuple(TRUE if value == "official" else FALSE for value in values)
        )

    def _post_only(self, record: Record) -> int:
        """A post has a role, a rank and a mode; a unit has none."""
        d = self.diagrams
        some = d.choice(record, tuple(FALSE if value == _NONE else TRUE for value in self.values(record.attribute)))
        official = self._official(record.entity)
        return d.either(d.both(some, official), d.both(d.negate(some), d.negate(official)))

    def _in_order(self) -> int:
        """An act does not end before it starts."""
        d = self.diagrams
        spans = range(len(self.turns) + 1)
        ends = [
            d.choice(Record("act.end", ACT), tuple(TRUE if end >= start else FALSE for end in spans)) for start in spans
        ]
        return d.choice(Record("act.start", ACT), tuple(ends))

    @cached_property
    def lists(self) -> frozenset[str]:
        """The facts that a list is complete."""
        return frozenset(node.complete for root in trees(self.law).values() for node in leaves(root) if node.complete)

    @cached_property
    def complete(self) -> int:
        """That every list the law asks about is complete."""
        return self.diagrams.all(self.literal(self.key(name, HERE)) for name in sorted(self.lists))

    # Questions

    def never(self, function: Function) -> bool:
        """Whether a function is false in every possible case."""
        return self.diagrams.both(function.node, self.possible(function.mentions)) == FALSE

    def always(self, function: Function) -> bool:
        """Whether a function is true in every possible case."""
        return self.never(Function(self.diagrams.negate(function.node), function.mentions))

    def same(self, one: Function, other: Function) -> bool:
        """Whether two functions agree in every possible case."""
        possible = self.possible(one.mentions | other.mentions)
        return self.diagrams.both(one.node, possible) == self.diagrams.both(other.node, possible)

    def both(self, *functions: Function) -> Function:
        node = self.diagrams.all(function.node for function in functions)
        return Function(node, frozenset().union(*(function.mentions for function in functions)))

    def but(self, one: Function, other: Function) -> Function:
        """One without the other."""
        return self.both(one, Function(self.diagrams.negate(other.node), other.mentions))

    def by_default(self, function: Function) -> Function:
        """A function under the default readings."""
        return Function(self.choose(function.node), function.mentions)

    # Words

    def example(self, function: Function) -> Bilingual | None:
        """A possible case in which a function is true, as few answers as a diagram shows; None when there is none."""
        node = self.diagrams.both(function.node, self.possible(function.mentions))
        if node == FALSE:
            return None
        said = [self._say(self.diagrams.name(level), value) for level, value in self._shortest(node)]
        return Bilingual("；".join(one.zh for one in said), "; ".join(one.en for one in said))

    def _shortest(self, node: int) -> list[tuple[int, int]]:
        """The fewest answers along a diagram that make `node` true, of the first participant and event if possible."""
        d = self.diagrams
        best: dict[int, _Way | None] = {TRUE: (0, ()), FALSE: None}

        def walk(current: int) -> _Way | None:
            if current not in best:
                level = d.top(current)
                price = 3 if {OTHER, EVENTS[1]} & set(_entities(d.name(level))) else 1
                ways = [(walk(child), value) for value, child in enumerate(d.children(current))]
                found = [(price + way[0], ((level, value), *way[1])) for way, value in ways if way is not None]
                best[current] = min(found, key=lambda way: way[0]) if found else None
            return best[current]

        way = walk(node)
        return list(way[1]) if way else []

    def _say(self, name: object, value: int) -> Bilingual:
        """One answer in words."""
        yes = Bilingual("是", "yes") if value else Bilingual("否", "no")
        if isinstance(name, FactKey):
            question, of = self.law.facts[name.name].question, _whose(*name.entities)
            return Bilingual(f"{question.zh}{of.zh}{yes.zh}", f"{question.en}{of.en} {yes.en}")
        if isinstance(name, Record):
            what, of = self._recorded(name, value), _whose(name.entity)
            return Bilingual(f"{_ZH[name.attribute]}{of.zh}:{what.zh}", f"{name.attribute}{of.en}: {what.en}")
        if isinstance(name, Listed):
            of, term = _whose(name.respondent), self._term(name.attribute, name.value)
            return Bilingual(
                f"{_ZH[name.attribute]}{of.zh}含“{term.zh}”:{yes.zh}",
                f"{name.attribute}{of.en} include “{term.en}”: {yes.en}",
            )
        if isinstance(name, ReadingOf):
            reading = self.law.readings[name.reading]
            option, described = reading.options[value]
            return Bilingual(f"解读{name.reading}:{option}", f"reading {name.reading}: {described.en}")
        if isinstance(name, Held):
            of = _whose(name.respondent)
            return Bilingual(f"`{name.rule}`成立{of.zh}:{yes.zh}", f"`{name.rule}` made out{of.en}: {yes.en}")
        if isinstance(name, Above):
            by = Bilingual("职级", "rank") if name.by == "rank" else Bilingual("次序", "order")
            return Bilingual(
                f"{name.first}的{by.zh}高于{name.second}:{yes.zh}",
                f"{name.first} above {name.second} by {by.en}: {yes.en}",
            )
        if isinstance(name, Unlisted):
            return Bilingual(
                f"名单以外另有决定{name.place}一处的:{yes.zh}",
                f"somebody or something unlisted decides {name.place}: {yes.en}",
            )
        raise AssertionError(f"{name!r} is no variable of an abstract case")

    def _recorded(self, record: Record, value: int) -> Bilingual:
        if record.attribute not in _DAYS:
            return self._term(record.attribute, self.values(record.attribute)[value])
        if value == 0:
            return Bilingual(f"{self.turns[0]}以前", f"before {self.turns[0]}")
        first = self.turns[value - 1]
        if value == len(self.turns):
            return Bilingual(f"{first}以后(含当日)", f"on or after {first}")
        last = self.turns[value] - timedelta(days=1)
        return Bilingual(f"{first}至{last}", f"{first} to {last}")

    def _term(self, attribute: str, value: str) -> Bilingual:
        if value == _NONE:
            return Bilingual("其他", "other") if attribute.startswith("participation.") else Bilingual("无", "none")
        if attribute in FIXED_VALUES:
            return Bilingual(_FIXED_ZH[value], value)
        return Bilingual(value, self.law.term(VOCABULARY_OF[attribute], value, "en"))


def _entities(name: object) -> tuple[str, ...]:
    """Whom and what a variable is about."""
    if isinstance(name, FactKey):
        return name.entities
    if isinstance(name, Record):
        return (name.entity,)
    if isinstance(name, Listed | Held):
        return (name.respondent,)
    return (name.first, name.second) if isinstance(name, Above) else ()


def _whose(*entities: str) -> Bilingual:
    """Which of the two participants or events is meant; nothing for the first."""
    if OTHER in entities:
        return Bilingual("(另一参与人)", " (the other participant)")
    if EVENTS[1] in entities:
        return Bilingual("(另一事件)", " (the other event)")
    return Bilingual("", "")


def _case(law: Law) -> Case:
    """The case in which everything is open."""
    here = Place("abstract", 1)
    return Case(
        id="abstract",
        title=Bilingual("任何案件", "any case"),
        instrument=law.id,
        place=here,
        posts={id_: Post(id_, id_, here) for id_ in (SELF, OTHER)},
        acts={ACT: Act(ACT, ACT, here, events=EVENTS)},
        events={id_: Event(id_, id_, here) for id_ in EVENTS},
        participations={(id_, ACT): Participation(id_, ACT, here) for id_ in (SELF, OTHER)},
    )
