"""The slow, obviously right evaluator the engine is held against: it tries every completion.

Reads the parsed sources (`wenze.law.rules`) and the case (`wenze.law.case`) and nothing else of the engine: the states
of facts, the grounding and the constraints are worked out here a second time, by writing out truth tables (`worlds`).

What somebody not on an incomplete list would do is unknown: one yes-or-no unknown for each quantifier as written, and
for each choice of those entities on which its condition really depends.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from itertools import product
from math import prod

from exact.certain import Certain
from exact.known import state_of
from exact.table import Table
from exact.unknown import LETTERS, Here, rankings
from exact.view import View
from exact.worlds import Worlds, all_of
from wenze.law.case import Case, FactKey
from wenze.law.rules import Constraint, Exemption, Node, Op, Rule, Scope, Source

MOST_WORLDS = 1 << 21

Bound = tuple[Constraint, Here]


class TooMany(ValueError):
    """More completions than can be tried."""


@dataclass
class Oracle:
    """One case under the sources of one law with one option for every reading. `given` replaces the states of facts.

    `fixed`: readings have their options and are not unknown. `lean`: what is certain by its parts is not tried.
    """

    sources: Sequence[Source]
    case: Case
    options: Mapping[str, str]
    given: Mapping[FactKey, bool | None] | None = None
    most_worlds: int = MOST_WORLDS
    fixed: bool = False
    lean: bool = False
    _known: dict[FactKey, bool | None] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        sources = self.sources
        self.facts = {one.name: one for source in sources for one in source.facts}
        self.definitions = {one.name: one for source in sources for one in source.definitions}
        self.rules = {one.id: one for source in sources for one in source.rules}
        self.readings = {one.id: one for source in sources for one in source.readings}
        self.exceptions = {one.id: one for source in sources for one in source.exceptions}
        self.notes = {one.id: one for source in sources for one in source.notes}
        self.guards = {one.id: one for source in sources for one in source.guards}
        constraints = [one for source in sources for one in source.constraints]
        self.bound = [(constraint, here) for constraint in constraints for here in self._places(constraint)]
        self.certain = Certain(self)
        self.needs = cache(self._needs)
        self.rankings = cache(lambda by, act: rankings(*self.positions(by, act)))

    # What the law's names mean

    def rules_called(self, name: str) -> list[Rule]:
        return [rule for rule in self.rules.values() if rule.id == name or name in rule.groups]

    def against(self, name: str) -> list[Exemption]:
        """The exceptions that override a rule or exception, whether they name it or a group of it."""
        groups = self.rules[name].groups if name in self.rules else ()
        return [
            one
            for one in self.exceptions.values()
            if name in one.overrides or any(group in one.overrides for group in groups)
        ]

    def key(self, name: str, here: Here) -> FactKey:
        letters = LETTERS[self.facts[name].scope]
        at = {"R": here.respondent, "A": here.act, "E": here.event}
        return FactKey(name, tuple(at[letter] for letter in letters))

    def known(self, key: FactKey) -> bool | None:
        if self.given is not None:
            return self.given.get(key)
        if key not in self._known:
            self._known[key] = state_of(self.facts[key.name], self.case, key, self.words)
        return self._known[key]

    def words(self, vocabulary: str) -> tuple[str, ...]:
        return tuple(
            term.zh
            for source in self.sources
            for one in source.vocabularies
            if one.name == vocabulary
            for term in one.terms
        )

    def instances(self) -> Iterator[FactKey]:
        """Every instance of every fact that the entities of the case make."""
        case = self.case
        at: dict[Scope, list[tuple[str, ...]]] = {
            Scope.CASE: [()],
            Scope.RESPONDENT: [(each,) for each in (*case.units, *case.posts)],
            Scope.ACT: [(act,) for act in case.acts],
            Scope.PARTICIPATION: list(case.participations),
            Scope.EVENT: [(event,) for event in case.events],
            Scope.OUTCOME: [(act, event) for act in case.acts for event in case.acts[act].events],
        }
        for fact in self.facts.values():
            yield from (FactKey(fact.name, entities) for entities in at[fact.scope])

    def participants(self, act: str) -> list[str]:
        return [respondent for respondent, of in self.case.participations if of == act]

    def places(self, node: Node, here: Here) -> list[Here]:
        """Where a quantifier looks."""
        if node.over == "events":
            return [here._replace(event=event) for event in self.case.acts[here.act].events]
        others = self.participants(here.act)
        return [here._replace(respondent=other) for other in others if other != here.respondent or not node.except_self]

    @staticmethod
    def at(scope: Scope, respondent: str, act: str) -> Here:
        return Here(respondent, act if scope is Scope.PARTICIPATION else "")

    def _needs(self, node: Node) -> frozenset[str]:
        """The entities (R, A, E) on which a condition depends where it stands."""
        if node.op is Op.FACT:
            return frozenset(LETTERS[self.facts[node.name].scope])
        if node.op is Op.SEE:
            return self.needs(self.definitions[node.name].condition)
        if node.op is Op.HOLDS:
            return frozenset().union(*(self._rule_needs(rule) for rule in self.rules_called(node.name)))
        inner = frozenset().union(*(self.needs(child) for child in node.children))
        if node.complete:
            bound = {"participants": "R", "events": "E"}.get(node.over, "")
            own = "RA" if node.op in {Op.HIGHEST, Op.LAST} or node.except_self else "A"
            return inner - set(bound) | set(own) | set(LETTERS[self.facts[node.complete].scope])
        return inner

    def _rule_needs(self, rule: Rule) -> frozenset[str]:
        parts = [rule.condition, *(self.definitions[gate.name].condition for gate in rule.gates)]
        pending = self.against(rule.id)
        while pending:
            exception = pending.pop()
            parts.append(exception.condition)
            pending += self.against(exception.id)
        return frozenset().union(*(self.needs(part) for part in parts))

    def positions(self, by: str, act: str) -> tuple[list[str], dict[str, float]]:
        """Who of an act has a position, and the positions that are recorded; higher numbers stand above."""
        case = self.case
        if by == "order":
            orders = {each: case.participations[each, act].order for each in self.participants(act)}
            return list(orders), {each: float(order) for each, order in orders.items() if order is not None}
        ranks = self.words("职级")
        posts = [each for each in self.participants(act) if each in case.posts]
        known = {each: -float(ranks.index(rank)) for each in posts if (rank := case.posts[each].rank) is not None}
        return posts, known

    # Constraints

    def _places(self, constraint: Constraint) -> Iterator[Here]:
        """Every respondent, act and event of the case to which the facts of a constraint belong together."""
        scopes = {self.facts[name].scope for name in _facts(constraint)}
        letters = {letter for scope in scopes for letter in LETTERS[scope]}
        respondents = [*self.case.units, *self.case.posts] if "R" in letters else [""]
        acts = list(self.case.acts) if "A" in letters else [""]
        events = list(self.case.events) if "E" in letters else [""]
        for here in (Here(*chosen) for chosen in product(respondents, acts, events)):
            if here.respondent and here.act and (here.respondent, here.act) not in self.case.participations:
                continue
            if here.act and here.event and here.event not in self.case.acts[here.act].events:
                continue
            yield here

    def spoken_of(self, bound: Bound) -> frozenset[FactKey]:
        return frozenset(self.key(name, bound[1]) for name in _facts(bound[0]))

    def connected(self, facts: Iterable[FactKey]) -> list[Bound]:
        """The constraints that speak of these facts, of facts those speak of, and so on."""
        reached, found = set(facts), []
        grown = True
        while grown:
            more = [bound for bound in self.bound if bound not in found and self.spoken_of(bound) & reached]
            found += more
            for bound in more:
                reached |= self.spoken_of(bound)
            grown = bool(more)
        return found

    # Conclusions

    def table(self, build: Callable[[View], list[int]], *, everywhere: bool = False) -> Table:
        """What `build` asks for over every completion, under the constraints connected with it or under all."""
        everything = View(self, Worlds({}), all_of_it=True)
        build(everything)
        bound = self.bound if everywhere else self.connected(everything.mentioned)
        listing = View(self, Worlds({}))
        build(listing)
        if self.lean:
            bound = self._bearing(bound, listing)
        for one in bound:
            listing.constraint(*one)
        if prod(listing.unknowns.values()) > self.most_worlds:
            raise TooMany(f"{len(listing.unknowns)} unknowns")
        view = View(self, Worlds(listing.unknowns))
        columns = build(view)
        return Table(self, view, columns, all_of([view.constraint(*one) for one in bound], view.worlds.all), bound)

    def _bearing(self, bound: list[Bound], listing: View) -> list[Bound]:
        """Of some constraints those that share something unknown with a condition, directly or through others.

        The others must allow some completion of their own, or all are kept: then nothing is possible.
        """
        groups: list[tuple[list[Bound], set[Hashable]]] = [([], set(listing.unknowns))]
        for one in bound:
            if self.certain.constraint(*one):
                continue
            view = View(self, Worlds({}))
            view.constraint(*one)
            joined: tuple[list[Bound], set[Hashable]] = ([one], set(view.unknowns))
            for group in [group for group in groups if group[1] & joined[1]]:
                groups.remove(group)
                joined = (group[0] + joined[0], group[1] | joined[1])
            groups.append(joined)
        own = next((group for group in groups if group[1] & listing.unknowns.keys()), ([], set()))
        for group in groups:
            if group is not own and group[0]:
                view = View(self, Worlds(dict.fromkeys(group[1], 2)))
                if not all_of([view.constraint(*one) for one in group[0]], view.worlds.all):
                    return group[0]
        return own[0]

    def conclude(
        self, rule: str, respondent: str, act: str, replaced_by: str = "", *, everywhere: bool = False
    ) -> Table:
        """The gate of a rule and the rule, or what an exception puts in its place, over every completion."""

        def build(view: View) -> list[int]:
            return [view.gate(rule, respondent, act), view.whole(rule, respondent, act, replaced_by)]

        return self.table(build, everywhere=everywhere)

    def condition(self, node: Node, respondent: str, act: str) -> Table:
        return self.table(lambda view: [view.worlds.all, view.column(node, Here(respondent, act))])


def _facts(constraint: Constraint) -> Iterator[str]:
    pending = list(constraint.parts)
    while pending:
        node = pending.pop()
        pending += node.children
        if node.op is Op.FACT:
            yield node.name
