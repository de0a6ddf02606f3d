"""Any case of some participants and events, for questions about two laws at once; and answers under which something holds.

Every fact is a variable, true or false: what a law reads from the records of a case (data) is one variable for each
comparison, held together by what records can be. Two laws ground on one store of expressions, so what they say alike is
one expression. A participant or event not listed meets nothing: whoever is to be reckoned with is listed. Knows no
finding and no page.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import product
from typing import NamedTuple

from wenze.law.case import Act, Case, Event, FactKey, Participation, Post
from wenze.law.decide import FALSE, TRUE, TooLarge
from wenze.law.establish import Established, Status
from wenze.law.evaluate import Evaluation
from wenze.law.facts import FIXED_VALUES, VOCABULARY_OF
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.rules import Bilingual, Comparison, Node, Op, Place, Scope
from wenze.law.tree import leaves
from wenze.law.variables import Above, Function, Here, ReadingOf
from wenze.law.lint.walk import Block, rests_on, trees

ACT = "A1"
LISTS = ("participation.parts", "participation.claims")
OF_POSTS = ("respondent.role", "respondent.rank", "respondent.mode")  # a unit has none of these
SORT = "respondent.sort"
RANKS = "职级"
_BEFORE = "before"  # the span before the first day a law names


class Size(NamedTuple):
    """How many take part in the act, and how many events follow it."""

    participants: int
    events: int


class Read(NamedTuple):
    """What a law reads from the records: a comparison with an attribute of entities."""

    source: Comparison
    entities: tuple[str, ...]


class Held(NamedTuple):
    """That a rule holds for a respondent, where a condition asks for it; `side` is "" where both laws say the same."""

    rule: str
    respondent: str
    side: str


Variable = FactKey | Read | Above | ReadingOf | Held
Answers = dict[Variable, int]


def respondents(size: Size) -> tuple[str, ...]:
    return tuple(f"R{number}" for number in range(1, size.participants + 1))


def events(size: Size) -> tuple[str, ...]:
    return tuple(f"V{number}" for number in range(1, size.events + 1))


def any_case(law: Law, size: Size) -> Case:
    """A case of this size of which nothing is recorded."""
    here = Place("any", 1)
    posts, of_act = respondents(size), events(size)
    return Case(
        id="any",
        title=Bilingual("任何案件", "any case"),
        instrument=law.id,
        place=here,
        posts={id_: Post(id_, id_, here) for id_ in posts},
        acts={ACT: Act(ACT, ACT, here, events=of_act)},
        events={id_: Event(id_, id_, here) for id_ in of_act},
        participations={(id_, ACT): Participation(id_, ACT, here) for id_ in posts},
    )


class Anything(Evaluation):
    """The evaluation of one law on any case of a size."""

    def __init__(self, law: Law, size: Size, options: Mapping[str, str], formulas: Formulas) -> None:
        super().__init__(law, any_case(law, size), options, formulas)
        self.expressions = formulas

    def place_variables(self) -> None:
        """In the order of the source, what is asked of several side by side."""
        entities: dict[Scope, list[tuple[str, ...]]] = {
            Scope.CASE: [()],
            Scope.RESPONDENT: [(one,) for one in self.case.posts],
            Scope.ACT: [(ACT,)],
            Scope.PARTICIPATION: list(self.case.participations),
            Scope.EVENT: [(one,) for one in self.case.events],
            Scope.OUTCOME: [(ACT, event) for event in self.case.events],
        }
        for op, name in self.law.spoken_order:
            if op is Op.CHOOSE:
                self.formulas.variable(ReadingOf(name), len(self.law.readings[name].option_ids))
            else:
                for instance in entities[self.law.facts[name].scope]:
                    self.literal(FactKey(name, instance))

    def fact(self, key: FactKey) -> Established:
        return Established(key, Status.OPEN)

    def literal(self, key: FactKey) -> int:
        source = self.law.facts[key.name].source
        return self.formulas.literal(Read(source, key.entities) if source else key)

    def _unlisted(self, node: Node, here: Here) -> tuple[int, FactKey]:
        return FALSE, self.key(node.complete, here)

    def constrained(self, function: Function) -> tuple[int, ...]:
        """What the law's constraints, and that an order is an order, allow for the facts a function speaks of."""
        return self.constraints.around(function.mentions)[0]


class Given(Anything):
    """The same with the holding of rules that ask for no other rule given: a question like any other, asked once where
    both laws agree. A rule so given applies at least: its gate holds."""

    def __init__(
        self, law: Law, size: Size, options: Mapping[str, str], formulas: Formulas, side: Callable[[str], str]
    ) -> None:
        self._side = side
        self._asking = asking_rules(law)
        super().__init__(law, size, options, formulas)

    def holds(self, name: str, here: Here) -> Function:
        ways, mentions = [], set[FactKey | Above]()
        for rule in self.law.rules_of[name]:
            gate, whole = self.conclusion(self.law.rules[rule], here.respondent, here.act)
            if rule in self._asking:
                ways.append(whole.node)
                mentions |= whole.mentions
            else:
                side = self._side(rule)
                for twin in ("old", "new") if side else ():  # side by side, so that diagrams stay small
                    self.formulas.literal(Held(rule, here.respondent, twin))
                held = self.formulas.literal(Held(rule, here.respondent, side))
                ways.append(self.formulas.both(gate.node, held))
                mentions |= gate.mentions
        return Function(self.formulas.any(ways), frozenset(mentions))


def asking_rules(law: Law) -> frozenset[str]:
    """The rules that ask whether another one holds."""
    below = rests_on(law)
    return frozenset(rule for rule in law.rules if sum(one.kind == "rule" for one in below[Block("rule", rule)]) > 1)


def complete_lists(law: Law) -> frozenset[str]:
    """The facts that say a list is complete."""
    return frozenset(node.complete for root in trees(law).values() for node in leaves(root) if node.complete)


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
    """Whether a comparison holds for a recorded value (a term, or a day in ISO form)."""
    if source.operator == "present":
        return True
    if not _is_day(source):
        return value in source.values
    day = source.values[0]
    return {"from": value >= day, "before": value < day, "until": value <= day, "after": value > day}[source.operator]


def _is_day(source: Comparison) -> bool:
    return source.operator in {"from", "before", "until", "after"}


def turn(source: Comparison) -> date:
    """The first day on the later side of a comparison."""
    day = date.fromisoformat(source.values[0])
    return day + timedelta(days=1) if source.operator in {"until", "after"} else day


class Search:
    """Whether something can hold within what is possible, and a smallest set of answers that makes it certain."""

    def __init__(self, formulas: Formulas, values: Callable[[Variable], Sequence[int]]) -> None:
        """`values`: the possible answers to a question, the one that says least first."""
        self._f = formulas
        self._values = values
        self._alone: dict[int, bool] = {}

    def can(self, goal: int, within: Sequence[int]) -> bool:
        """Whether the goal can hold. `within` share no variable with one another (`Formulas.apart`)."""
        f = self._f
        if goal == FALSE or FALSE in within:
            return False
        named = set(f.names(goal))
        near = [one for one in within if named.intersection(f.names(one))]
        if any(not self._can_alone(one) for one in within if one not in near):
            return False
        (holds,), rest = f.forget((goal,), near, _nothing)
        return f.project(f.diagrams.both(rest, holds), _nothing) != FALSE

    def _can_alone(self, node: int) -> bool:
        if node not in self._alone:
            self._alone[node] = self._f.possible(node, _nothing) != FALSE
        return self._alone[node]

    def example(self, goal: int, within: Sequence[int], given: Answers | None = None) -> Answers:
        """Answers that make the goal certain, none of which can be left out, besides some given. The goal must be
        possible with these."""
        goal, within = self.given(goal, within, given or {})
        if self._certain(goal, within, ()):
            return {}
        answers = self.witness(goal, within)
        needed = self._explain(goal, within, [], list(answers.items()), False)
        return {name: value for name, value in answers.items() if (name, value) in needed}

    def fewest(self, goal: int, within: Sequence[int], guess: Answers) -> Answers | None:
        """Answers other than the quiet ones, as few as can be taken back one by one, with which the goal holds when all
        others are quiet; None when no case that fits the guess has it, or none is found."""
        state = self._given((goal, tuple(within)), guess)
        try:
            if not self.can(*state):
                return None
            total = guess | self.witness(*state)
        except TooLarge:
            return None
        named = {_variable(name) for node in (goal, *within) for name in self._f.names(node)}
        total = {name: value for name, value in total.items() if name in named}
        for name, value in list(total.items()):
            quiet = self._values(name)[0]
            if value != quiet and self._given((goal, tuple(within)), total | {name: quiet}) == (TRUE, ()):
                total[name] = quiet
        return {name: value for name, value in total.items() if value != self._values(name)[0]}

    def given(self, goal: int, within: Sequence[int], answers: Answers) -> tuple[int, tuple[int, ...]]:
        """A goal, and what is possible, once some answers are known."""
        return self._given((goal, tuple(within)), answers)

    def witness(self, goal: int, within: Sequence[int]) -> Answers:
        """An answer to every question, the quiet one wherever possible."""
        named = dict.fromkeys([_variable(name) for node in (goal, *within) for name in self._f.names(node)])
        found: Answers = {}
        pending = [tuple(named)]
        state = (goal, tuple(within))
        while pending:
            rest = pending.pop()
            quiet = {name: self._values(name)[0] for name in rest}
            trial = self._given(state, quiet)
            if self.can(*trial):
                found |= quiet
                state = trial
            elif len(rest) == 1:
                state, found[rest[0]] = self._other(state, rest[0])
            else:
                pending += [rest[len(rest) // 2 :], rest[: len(rest) // 2]]
        return found

    def _other(self, state: tuple[int, tuple[int, ...]], name: Variable) -> tuple[tuple[int, tuple[int, ...]], int]:
        for value in self._values(name)[1:]:
            trial = self._given(state, {name: value})
            if self.can(*trial):
                return trial, value
        raise AssertionError(f"{name!r} has no possible value: the goal was not possible")

    def _given(
        self, state: tuple[int, tuple[int, ...]], answers: Mapping[Variable, int]
    ) -> tuple[int, tuple[int, ...]]:
        goal, within = state
        values: dict[Hashable, int] = dict(answers)
        parts = [self._f.resolve(one, values) for one in within]
        return self._f.resolve(goal, values), tuple(one for one in parts if one != TRUE)

    def _certain(self, goal: int, within: Sequence[int], given: Iterable[tuple[Variable, int]]) -> bool:
        return not self.can(*self._given((self._f.negate(goal), tuple(within)), dict(given)))

    def _explain(
        self,
        goal: int,
        within: Sequence[int],
        base: list[tuple[Variable, int]],
        rest: list[tuple[Variable, int]],
        grown: bool,
    ) -> list[tuple[Variable, int]]:
        """A smallest part of `rest` that makes the goal certain with `base` (QuickXplain, Junker 2004)."""
        if not rest or (grown and self._certain(goal, within, base)):
            return []
        if len(rest) == 1:
            return rest
        first, second = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        late = self._explain(goal, within, base + first, second, True)
        early = self._explain(goal, within, base + late, first, bool(late))
        return early + late


def _nothing(_: Hashable) -> bool:
    return False


def _variable(name: Hashable) -> Variable:
    if isinstance(name, (FactKey, Read, Above, ReadingOf, Held)):
        return name
    raise AssertionError(f"{name!r} is no question of any case")
