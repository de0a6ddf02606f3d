"""Completions that show what an answer can still be, looked for in many cases at once, whatever options are chosen.

Knows expressions, clauses, and planes of one bit a case. What code tells of bounds is true though it may not be all; one completion in
which a condition holds, and one in which it does not, show that nothing is settled. They are looked for under some options each; what comes
out is reckoned with the choices left open, so that one completion shows what it shows under all of them, and a bad guess shows nothing and
never shows what is not so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import and_, or_
from typing import NamedTuple

from wenze.law.clauses import Clause
from wenze.law.decide import FALSE, TRUE, Diagrams
from wenze.law.formula import Formulas, Kind
from wenze.law.justify import Search, Step, Steps, Supposed, Wanted
from wenze.law.parted import Held, Parting, Places, Plane, bits_of, classes, moved, possible, true
from wenze.law.variables import Above

_ROUNDS = (2, 16)  # of looking for examples: for all together, and for those that are left
_HELPS = 0.9  # two rounds after which more than this is left do not help any more
_MOST_WAYS = 64, 1 << 16  # of one case at least, and of all together: some kilobytes a step

Roots = Mapping[int, int]  # step → the cases where it is asked about
Options = Mapping[Hashable, int]  # choice → the option to be taken rather than others


@dataclass(frozen=True)
class Cases:
    """Many cases side by side. `every`: a bit for each.

    `known`: where a variable has a value, what follows from constraints included; `above`: an answer to who stands above whom wherever it
    is not recorded, one order of all for each number below `orders`.
    """

    every: int
    known: Callable[[Hashable, int], int]
    above: Callable[[Above, int], int]
    orders: int

    def picked(self, some: Sequence[int]) -> Cases:
        """Some of the cases, by number."""
        place = Places(some, self.every)
        return Cases(
            (1 << len(some)) - 1,
            cache(lambda name, value: place.taken(self.known(name, value))),
            cache(lambda question, order: place.taken(self.above(question, order))),
            self.orders,
        )


class _Bound(NamedTuple):
    """Facts that constraints bind together, and for each value of each the clauses that may ask for it, without it."""

    names: tuple[Hashable, ...]
    asking: Mapping[tuple[Hashable, int], tuple[Clause, ...]]


class Sought(NamedTuple):
    """What is to be known of the options. `care`: the diagram of the choices that matter; `chosen`: (choice, option) → a diagram that holds
    there where that is taken; `liked`: the options tried first. `any_change`: of a condition that hangs on any choice it is enough to know
    that, and how it stands under those liked."""

    care: int
    chosen: Mapping[tuple[Hashable, int], int]
    liked: Options
    any_change: bool = False

    def left_open(self, parting: Parting) -> Callable[[Hashable, int], Plane]:
        """Where an option is taken, with the choice left open."""
        return lambda name, option: parting.everywhere(self.chosen[name, option])


@dataclass
class _Shown:
    """`held`: where a condition must hold at least, and where it can at most. `must` at most, and `can` at least, by what is shown.
    `gates`: the cases where a change of whether it must hold is no change of anything asked."""

    parting: Parting
    held: Held
    must: Plane
    can: Plane
    sought: Sought
    gates: int

    def in_doubt(self, value: int) -> Plane:
        """Where it is not known whether it can be so, or not so."""
        p = self.parting
        return p.without(self.held.can, self.can) if value else p.without(self.must, self.held.must)

    def enough(self) -> int:
        """Where no more need be known."""
        if not self.sought.any_change:
            return 0
        changing = possible(self.can) & ~true(self.held.can)
        changing |= possible(self.held.must) & ~true(self.must) & ~self.gates
        d = self.parting.diagrams
        levels = {d.variable(name): option for name, option in self.sought.liked.items()}
        doubts = (one for value in (0, 1) for one in classes(self.in_doubt(value)))
        return changing & ~reduce(or_, (cases for diagram, cases in doubts if d.follow(diagram, levels) == TRUE), 0)

    @property
    def found(self) -> Held:
        """What holds where no doubt is left."""
        return Held(self.must, self.can)

    def at(self, place: Places, held: Held | None = None) -> _Shown:
        """The same of other cases, which are ways of these; `held` of them, if more is known."""
        parting = Parting(self.parting.diagrams, place.every)
        return _Shown(
            parting, held or place.both(self.held), *place.both(self.found), self.sought, place.taken(self.gates)
        )

    def show(self, outcome: Plane, where: int) -> None:
        """Completions of some cases, and what comes out."""
        p, care = self.parting, self.parting.everywhere(self.sought.care)
        self.can = p.either(self.can, p.all((outcome, care, where)))
        self.must = p.both(self.must, p.either(outcome, p.every & ~where))


class _Aim(NamedTuple):
    """What is looked for: cases where it is to hold, others where it is to fail, and on which choices that would say more."""

    true: int
    false: int
    doubt: Plane

    @property
    def cases(self) -> int:
        return self.true | self.false

    def of(self, roots: Roots) -> Iterator[tuple[int, int, int]]:
        """Step, and the cases where it is to hold and to fail."""
        for place, cases in roots.items():
            yield place, self.true & cases, self.false & cases


def _aim(shown: _Shown, enough: int, first: int = 1) -> _Aim:
    p, left = shown.parting, shown.parting.every & ~enough
    doubts = {value: p.both(shown.in_doubt(value), left) for value in (first, 1 - first)}
    here = possible(doubts[first])
    other = possible(doubts[1 - first]) & ~here
    doubt = p.either(doubts[first], p.both(doubts[1 - first], other))
    return _Aim(here, other, doubt) if first else _Aim(other, here, doubt)


class Examples:
    """The completions of conditions. `constraints`: all prime implicates of each group of facts that is bound together."""

    def __init__(
        self, formulas: Formulas, nodes: Sequence[int], constraints: Iterable[frozenset[Clause]], diagrams: Diagrams
    ) -> None:
        self._diagrams = diagrams
        self._steps = steps = Steps(formulas, nodes)
        self._orders = {name: number for name, number in steps.places.items() if isinstance(name, Above)}
        groups = [_bound(clauses) for clauses in constraints]
        self._groups = [group for group in groups if not steps.places.keys().isdisjoint(group.names)]
        bound = {name for group in self._groups for name in group.names}
        self._alone = {
            name: number for name, number in steps.places.items() if name not in bound and name not in self._orders
        }

    def settle(
        self, cases: Cases, asked: Sequence[int], held: Held, sought: Sought, gates: int = 0
    ) -> tuple[Held, int]:
        """Where conditions must hold and where they can, from where they must at least and can at most, as far as is sought; and the cases
        where this takes too many ways and is not told. `asked`: the cases where each of the conditions is asked about, another in each;
        `gates`: those where it is asked whether a condition can hold, and of a change nothing else."""
        p = Parting(self._diagrams, cases.every)
        held = Held(*(p.both(plane, p.everywhere(sought.care)) for plane in held))
        shown = _Shown(p, held, held.can, held.must, sought, gates)
        roots = self._roots(asked)
        self._look(cases, roots, shown, range(_ROUNDS[0]))
        left = list(bits_of(_aim(shown, shown.enough()).cases))
        if not left:
            return shown.found, 0
        some, place = cases.picked(left), Places(left, cases.every)
        rest = shown.at(place)
        roots = {step: plane for step, every in roots.items() if (plane := place.taken(every))}
        self._look(some, roots, rest, range(*_ROUNDS))
        untold = self._branch(some, roots, rest)
        return place.with_back(p, shown.found, rest.found), place.put_back(untold)

    def _look(self, cases: Cases, roots: Roots, shown: _Shown, rounds: Iterable[int]) -> None:
        """Looks for an example in each case, again and again as long as that helps."""
        before = 2 * cases.every.bit_length()
        for number in rounds:
            aim = _aim(shown, shown.enough(), 1 - number % 2)
            left = aim.cases.bit_count()
            if not left or (number % 2 and left > before * _HELPS):
                break
            before = left if number % 2 else before
            search = Search(self._steps, shown.parting, cases.known, self._taken(shown, aim.doubt), {})
            wanted = search.wanted(aim.of(roots), number // 2, steadfast=number < _ROUNDS[0])
            shown.show(self._outcome(shown, roots, self._filled(cases, wanted, number)), cases.every)

    def _roots(self, asked: Sequence[int]) -> Roots:
        found: dict[int, int] = {}
        for place, plane in zip(self._steps.roots, asked, strict=True):
            found[place] = found.get(place, 0) | plane
        return found

    def _branch(self, cases: Cases, asked: Roots, shown: _Shown) -> int:
        """The same for the few cases that are left: where what is wanted gainsays itself over a fact, both its values are tried, and so on.
        Gives the cases where that takes too many ways."""
        known = {(name, way): cases.known(name, way) for name in self._variables() for way in (0, 1)}
        lanes = _Lanes(cases, known, {}, list(range(cases.every.bit_length())))
        untold = set[int]()
        turn = 0
        while lanes.owners:
            side = lanes.side_by_side()
            parting, place = Parting(self._diagrams, side.every), Places(lanes.owners, cases.every)
            roots = {step: plane for step, every in asked.items() if (plane := place.taken(every))}
            held = self._held(parting, roots, side, lanes.supposed, shown.sought)
            rest = shown.at(place, held)
            aim = _aim(rest, place.taken(shown.enough()))  # what holds in one way says nothing of the case
            if not aim.cases:
                break
            search = Search(self._steps, parting, side.known, self._taken(rest, aim.doubt), lanes.supposed)
            wanted = search.wanted(aim.of(roots), 0, both_ways=True)
            _show_owners(lanes, shown, self._outcome(rest, roots, self._filled(side, wanted, turn)), aim.cases)
            left = _aim(shown.at(place, held), place.taken(shown.enough())).cases
            split = self._split(wanted, lanes, left)
            tried = reduce(or_, split.values(), 0)
            ways = Counter(lanes.owners[lane] for lane in bits_of(tried))
            untold |= lanes.owners_of(left & ~tried)  # nothing is left to try, and it is not told
            most = max(_MOST_WAYS[0], _MOST_WAYS[1] // (2 * len(ways) or 1))
            untold |= {owner for owner, times in ways.items() if times > most}
            given_up = lanes.of(untold)
            lanes = lanes.split({step: plane & ~given_up for step, plane in split.items()}, self._steps)
            self._follow(lanes)
            turn += 1
        return sum(1 << owner for owner in untold)

    def _held(self, parting: Parting, roots: Roots, cases: Cases, supposed: Supposed, sought: Sought) -> Held:
        """Where what is asked about must hold at least, and where it can at most, with what is supposed."""
        marks = self._steps.marks(parting, cases.known, sought.left_open(parting), supposed)
        one, zero = _at(parting, roots, marks.ones), _at(parting, roots, marks.zeros)
        held = Held(parting.either(one, marks.clash), parting.without(parting.opposite(zero), marks.clash))
        return Held(*(parting.both(plane, parting.everywhere(sought.care)) for plane in held))

    def _outcome(self, shown: _Shown, roots: Roots, filled: Mapping[int, int]) -> Plane:
        """Where what is asked about holds when every literal has a value."""
        parting = shown.parting

        def known(name: Hashable, value: int) -> int:
            plane = filled[self._steps.places[name]]
            return plane if value else parting.every & ~plane

        return _at(parting, roots, self._steps.marks(parting, known, shown.sought.left_open(parting), {}).ones)

    def _taken(self, shown: _Shown, doubt: Plane) -> Callable[[Hashable, int], int]:
        """Options under which there is doubt, for each case, those liked wherever that leaves any."""
        liked, every = shown.sought.liked, shown.parting.every
        levels = {self._diagrams.variable(name): option for name, option in liked.items()}
        otherwise: dict[tuple[Hashable, int], int] = {}
        for diagram, cases in classes(doubt):
            for level, option in self._diagrams.example(diagram, levels).items():
                if option != levels[level]:
                    one = self._diagrams.name(level), option
                    otherwise[one] = otherwise.get(one, 0) | cases

        @cache
        def taken(name: Hashable, option: int) -> int:
            if option != liked[name]:
                return otherwise.get((name, option), 0)
            others = (plane for (other, _), plane in otherwise.items() if other == name)
            return every & ~reduce(or_, others, 0)

        return taken

    def _variables(self) -> Iterator[Hashable]:
        yield from self._steps.places
        yield from (name for group in self._groups for name in group.names if name not in self._steps.places)

    def _split(self, wanted: Wanted, lanes: _Lanes, left: int) -> dict[int, int]:
        """Step → where to suppose both its values: one each, the uppermost that is wanted both ways, else a fact that is wanted at all."""
        found: dict[int, int] = {}
        for joined, places in ((and_, range(len(self._steps) - 1, -1, -1)), (or_, self._steps.places.values())):
            for place in places:
                here = (
                    left & joined(wanted.true[place], wanted.false[place]) & ~lanes.settled(place, self._steps[place])
                )
                if here:
                    found[place] = found.get(place, 0) | here
                    left &= ~here
        return found

    def _follow(self, lanes: _Lanes) -> None:
        """Write down what follows by the constraints, by prime implicates in one step, and that nobody stands above who stands below."""
        side = lanes.side_by_side()
        for group in self._groups:
            for name in group.names:
                for value in (1, 0):
                    lanes.known[name, value] |= self._asked_for(side, group, (name, value), lanes.known)
        for name in self._orders:
            opposite = name._replace(first=name.second, second=name.first)
            if opposite in self._orders:
                lanes.known[name, 0] |= lanes.known[opposite, 1]

    # Filling in

    def _filled(self, cases: Cases, wanted: Wanted, number: int) -> dict[int, int]:
        """A value for every literal, as wanted wherever what is known and the constraints leave that."""
        found = {}
        for name, place in self._alone.items():
            liked = self._liked(cases, place, wanted, number)
            found[place] = cases.known(name, 1) | liked & ~cases.known(name, 0)
        for group in self._groups:
            found |= self._group(cases, group, wanted, number)
        for by in sorted({name.by for name in self._orders}):
            found |= self._order(cases, by, wanted, number)
        return found

    def _liked(self, cases: Cases, place: int | None, wanted: Wanted, number: int) -> int:
        """Where a literal is to be true if it can be: what nobody wants is now so, now otherwise."""
        if place is None:
            return 0
        return cases.every & ~wanted.false[place] if number & 1 else wanted.true[place]

    def _group(self, cases: Cases, group: _Bound, wanted: Wanted, number: int) -> dict[int, int]:
        """One fact after the other, as is liked where no clause asks for the opposite.

        INVARIANT: some completion is left at each step: were there none, an implicate would have all its literals false but this one.
        """
        values = {(name, value): cases.known(name, value) for name in group.names for value in (0, 1)}
        turn = number // 2 % len(group.names)
        for name in (*group.names[turn:], *group.names[:turn]):
            true, false = (
                values[name, value] | self._asked_for(cases, group, (name, value), values) for value in (1, 0)
            )
            true |= self._liked(cases, self._steps.places.get(name), wanted, number) & ~false
            values[name, 1], values[name, 0] = true, cases.every & ~true
        return {self._steps.places[name]: values[name, 1] for name in group.names if name in self._steps.places}

    def _asked_for(
        self,
        cases: Cases,
        group: _Bound,
        literal: tuple[Hashable, int],
        values: Mapping[tuple[Hashable, int], int],
    ) -> int:
        found = 0
        for clause in group.asking[literal]:
            asks = cases.every
            for name, value in clause:
                asks &= values[name, 1 - value]
            found |= asks
        return found

    def _order(self, cases: Cases, by: str, wanted: Wanted, number: int) -> dict[int, int]:
        """One of the orders in each case, the one wanted if there is one."""
        asked = {name: place for name, place in self._orders.items() if name.by == by}
        found = dict.fromkeys(asked.values(), 0)
        left = cases.every
        for turn in range(cases.orders):
            planes = {place: cases.above(name, (turn + number) % cases.orders) for name, place in asked.items()}
            against = 0
            for place, plane in planes.items():
                against |= wanted.true[place] & ~plane | wanted.false[place] & plane
            taken = left if turn == cases.orders - 1 else left & ~against
            for place, plane in planes.items():
                found[place] |= taken & plane
            left &= ~taken
        return found


@dataclass(frozen=True)
class _Lanes:
    """Ways in which cases can be, side by side. `owners`: whose case each is a way of; `known`: what holds of their variables;
    `supposed`: of other steps, by place and value."""

    cases: Cases
    known: dict[tuple[Hashable, int], int]
    supposed: Supposed
    owners: list[int]

    def side_by_side(self) -> Cases:
        cases, known = self.cases.picked(self.owners), self.known
        return replace(
            cases, known=lambda name, value: known[name, value] if (name, value) in known else cases.known(name, value)
        )

    def owners_of(self, lanes: int) -> set[int]:
        return {self.owners[lane] for lane in bits_of(lanes)}

    def of(self, owners: Container[int]) -> int:
        return sum(1 << lane for lane, owner in enumerate(self.owners) if owner in owners)

    def settled(self, place: int, step: Step) -> int:
        """Where a step has a value already."""
        if step.expression.kind is Kind.LITERAL:
            return self.known[step.expression.detail, 0] | self.known[step.expression.detail, 1]
        return self.supposed.get((place, 0), 0) | self.supposed.get((place, 1), 0)

    def split(self, by: Mapping[int, int], steps: Steps) -> _Lanes:
        """Two ways in place of each one in which a step is to be tried: it holds in the first and not in the second. Others are dropped."""
        kept = list(bits_of(reduce(or_, by.values(), 0)))
        place, count = Places(kept, (1 << len(self.owners)) - 1), len(kept)

        def twice(plane: int) -> int:
            half = place.taken(plane)
            return half | half << count

        known = {one: twice(plane) for one, plane in self.known.items()}
        supposed = {one: twice(plane) for one, plane in self.supposed.items()}
        for step, plane in by.items():
            here, expression = place.taken(plane), steps[step].expression
            for value, half in ((1, here), (0, here << count)):
                if expression.kind is Kind.LITERAL:
                    known[expression.detail, value] |= half
                else:
                    supposed[step, value] = supposed.get((step, value), 0) | half
        return _Lanes(self.cases, known, supposed, [self.owners[lane] for lane in kept] * 2)


def _at(parting: Parting, roots: Roots, values: Sequence[Plane]) -> Plane:
    """The values of the steps that are asked about."""
    return parting.any(parting.both(values[place], cases) for place, cases in roots.items())


def _show_owners(lanes: _Lanes, shown: _Shown, outcome: Plane, where: int) -> None:
    """What comes out of completions of lanes, of the cases whose ways these are."""
    for diagram, plane in ((FALSE, where & ~possible(outcome)), *classes(moved(outcome, where.__and__))):
        cases = sum(1 << owner for owner in lanes.owners_of(plane))
        if cases:
            shown.show(shown.parting.everywhere(diagram), cases)


def _bound(clauses: frozenset[Clause]) -> _Bound:
    names = sorted({name for clause in clauses for name, _ in clause}, key=str)
    asking = {
        (name, value): tuple(clause - {(name, value)} for clause in clauses if (name, value) in clause)
        for name in names
        for value in (0, 1)
    }
    return _Bound(tuple(names), asking)
