"""Which combinations of open facts are possible: the instrument's constraints, and that an order is an order.

Knows how constraints bind to the entities of a case, and which of them bear on a function. A constraint none of whose facts a
conclusion speaks of, directly or through others, cannot change it and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator
from itertools import combinations, permutations
from typing import NamedTuple, Protocol

from wenze.law.bounds import Group
from wenze.law.case import Case, FactKey
from wenze.law.decide import FALSE, TRUE, Diagrams
from wenze.law.establish import Established, Status
from wenze.law.formula import Direct, Formulas
from wenze.law.instrument import Law
from wenze.law.primes import smallest_conflicts
from wenze.law.rules import Constraint, Node, Op, Scope
from wenze.law.tree import leaves
from wenze.law.variables import Above, Function, Here

MAX_RANKED = 5  # of whom some have no recorded rank or order: 541 possible orders, 4683 of one more

_Bound = tuple[Constraint, Here]


class Ground(Protocol):
    """What constraints need of the evaluation they belong to."""

    formulas: Formulas | Direct

    def fact(self, key: FactKey) -> Established: ...
    def key(self, name: str, here: Here) -> FactKey: ...
    def ground(self, node: Node, here: Here) -> Function: ...
    def above(self, question: Above) -> Function: ...


class _Component(NamedTuple):
    """Bound constraints that speak of the same facts, directly or through others, established ones included.

    `nodes`: what they leave open, in groups that share no variable. `conflict`: the smallest contradicting set, if they contradict.
    """

    nodes: tuple[int, ...]
    conflict: tuple[FactKey, ...]


class Constraints:
    """The constraints of one evaluation, grounded on the whole case when first needed."""

    def __init__(self, law: Law, case: Case, evaluation: Ground) -> None:
        self._law = law
        self._case = case
        self._evaluation = evaluation
        self._of_key: dict[FactKey, _Component] | None = None
        self._around: dict[frozenset[FactKey | Above], tuple[tuple[int, ...], tuple[FactKey, ...]]] = {}
        self._orders: dict[tuple[str, str, tuple[str, ...]], int] = {}

    def around(self, mentions: frozenset[FactKey | Above]) -> tuple[tuple[int, ...], tuple[FactKey, ...]]:
        """The constraints on the facts mentioned, and the smallest contradicting set if nothing is possible."""
        found = self._around.get(mentions)
        if found is None:
            found = self._around[mentions] = self._find_around(mentions)
        return found

    def _find_around(self, mentions: frozenset[FactKey | Above]) -> tuple[tuple[int, ...], tuple[FactKey, ...]]:
        of_key = self._components()
        touched = {
            id(component): component for key in mentions if isinstance(key, FactKey) and (component := of_key.get(key))
        }
        conflicts = sorted(
            (component.conflict for component in touched.values() if component.conflict),
            key=lambda found: (len(found), found),
        )
        if conflicts:
            return (FALSE,), conflicts[0]
        compared: dict[tuple[str, str], set[str]] = {}
        for question in mentions:
            if not isinstance(question, FactKey):
                compared.setdefault((question.by, question.act), set()).update((question.first, question.second))
        orders = [self._order(by, act, tuple(sorted(members))) for (by, act), members in sorted(compared.items())]
        nodes = (*(node for component in touched.values() for node in component.nodes), *orders)
        return tuple(sorted(node for node in nodes if node != TRUE)), ()

    def group(self, formulas: Formulas, name: Hashable) -> Group | None:
        """What the constraints bind an open variable to. Who stands above whom binds all who are compared: too many ways to list."""
        if isinstance(name, Above):
            return Group(formulas.bit(name), None)
        component = self._components().get(name) if isinstance(name, FactKey) else None
        bit = formulas.bit(name)
        nodes = component.nodes if component and not component.conflict else ()
        return next(
            (Group(formulas.mask(node), formulas.ways(node)) for node in nodes if formulas.mask(node) & bit), None
        )

    def conflicts(self) -> tuple[tuple[FactKey, ...], ...]:
        """The smallest contradicting sets of established facts, one for each group of facts that contradict."""
        return tuple(sorted({component.conflict for component in self._components().values() if component.conflict}))

    def _components(self) -> dict[FactKey, _Component]:
        """Fact → the component that speaks of it."""
        if self._of_key is None:
            groups: dict[FactKey, tuple[list[_Bound], set[FactKey]]] = {}
            for constraint in self._law.constraints:
                names = sorted(set(facts_of(constraint)))
                for here in self._places({self._law.facts[name].scope for name in names}):
                    keys = {self._evaluation.key(name, here) for name in names}
                    bound: list[_Bound] = [(constraint, here)]
                    for group in {id(groups[key]): groups[key] for key in keys if key in groups}.values():
                        bound = group[0] + bound
                        keys |= group[1]
                    groups.update(dict.fromkeys(keys, (bound, keys)))
            each = {id(group): group for group in groups.values()}
            made = {number: self._component(bound) for number, (bound, _) in each.items()}
            self._of_key = {key: made[id(group)] for key, group in groups.items()}
        return self._of_key

    def _component(self, bound: list[_Bound]) -> _Component:
        f = self._evaluation.formulas
        grounded = [
            node for constraint, here in bound if (node := _ground(f, constraint, here, self._evaluation)) != TRUE
        ]
        groups = f.apart(grounded)
        if any(f.possible(group, lambda _: False) == FALSE for group in groups if group != TRUE):
            return _Component((FALSE,), self._conflict(bound))
        return _Component(groups, ())

    def _places(self, scopes: set[Scope]) -> Iterator[Here]:
        respondents = bool(scopes & {Scope.RESPONDENT, Scope.PARTICIPATION})
        acts = bool(scopes & {Scope.ACT, Scope.PARTICIPATION, Scope.OUTCOME})
        events = bool(scopes & {Scope.EVENT, Scope.OUTCOME})
        case = self._case
        if respondents and acts:
            pairs: Iterable[tuple[str, str]] = case.participations
        elif respondents:
            pairs = [(respondent, "") for respondent in (*case.units, *case.posts)]
        else:
            pairs = [("", act) for act in case.acts] if acts else [("", "")]
        for respondent, act in pairs:
            of_act = case.acts[act].events if act else tuple(case.events)
            for event in of_act if events else ("",):
                yield Here(respondent, act, event)

    def _order(self, by: str, act: str, members: tuple[str, ...]) -> int:
        """Standing above is a strict weak order: never both ways, and who stands above one stands above, or has below, any third.

        The possible orders of many are too many to list. Beyond MAX_RANKED members only the first half is asked for; what follows
        from the second alone is then left open, which a recorded rank or order settles.
        """
        evaluation, d = self._evaluation, self._evaluation.formulas
        found = self._orders.get((by, act, members))
        if found is not None:
            return found

        def above(first: str, second: str) -> int:
            return evaluation.above(Above(by, act, first, second)).node

        rules = [d.negate(d.both(above(one, other), above(other, one))) for one, other in combinations(members, 2)]
        if len(members) <= MAX_RANKED:
            for one, other, third in permutations(members, 3):
                rules.append(d.either(d.negate(above(one, other)), d.either(above(one, third), above(third, other))))
        found = self._orders[by, act, members] = d.all(rules)
        return found

    def _conflict(self, bound: list[_Bound]) -> tuple[FactKey, ...]:
        """The smallest set of established facts that no completion allows."""
        d = Diagrams()
        known: dict[int, int] = {}

        def literal(key: FactKey) -> int:
            status = self._evaluation.fact(key).status
            if status is not Status.OPEN:
                known[d.variable(key)] = 1 if status is Status.PROVEN else 0
            return d.literal(key)

        node = d.all(
            _express(d, constraint, [self._tree(d, part, here, literal) for part in constraint.parts])
            for constraint, here in bound
        )
        smallest = smallest_conflicts(d, node, known)[0]
        return tuple(key for level, _ in sorted(smallest) if isinstance(key := d.name(level), FactKey))

    def _tree(self, d: Diagrams, node: Node, here: Here, literal: Callable[[FactKey], int]) -> int:
        if node.op is Op.FACT:
            return literal(self._evaluation.key(node.name, here))
        nodes = [self._tree(d, child, here, literal) for child in node.children]
        if node.op is Op.ALL:
            return d.all(nodes)
        if node.op is Op.ANY:
            return d.any(nodes)
        return d.negate(nodes[0]) if node.op is Op.NOT else d.at_least(node.count, nodes)


def facts_of(constraint: Constraint) -> Iterator[str]:
    """The names of the facts a constraint speaks of."""
    for part in constraint.parts:
        yield from (node.name for node in leaves(part) if node.op is Op.FACT)


def _ground(d: Formulas | Direct, constraint: Constraint, here: Here, evaluation: Ground) -> int:
    return _express(d, constraint, [evaluation.ground(part, here).node for part in constraint.parts])


def _express(d: Formulas | Direct | Diagrams, constraint: Constraint, parts: list[int]) -> int:
    if constraint.kind == "implies":
        return d.either(d.negate(parts[0]), parts[1])
    if constraint.kind == "exclusive":
        return d.negate(d.all(parts))
    return d.negate(d.at_least(2, parts))
