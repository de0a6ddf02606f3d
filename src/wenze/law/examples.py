"""Completions that show what an answer can still be, looked for in many cases at once.

Knows expressions, clauses, and planes of one bit a case. What code tells of bounds is true though it may not be all; one
completion in which a condition holds, and one in which it does not, show that nothing is settled. From the answer wanted down to the facts
each operator says what its parts had better be (justification, as in making tests for circuits: Roth 1966, Goel 1981); what then comes out
is reckoned, so that a bad guess shows nothing and never shows what is not so.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, reduce
from operator import and_, or_
from typing import NamedTuple

from wenze.law.clauses import Clause
from wenze.law.decide import TRUE
from wenze.law.formula import Expression, Formulas, Kind
from wenze.law.variables import Above

_MOST_WAYS = 64  # of one case


@dataclass(frozen=True)
class Cases:
    """Many cases side by side. `every`: a bit for each.

    `known`: where a variable has a value, what follows from constraints included; `chosen`: where an option of a choice is taken;
    `above`: an answer to who stands above whom wherever it is not recorded, one order of all for each number below `orders`.
    """

    every: int
    known: Callable[[Hashable, int], int]
    chosen: Callable[[Hashable, int], int]
    above: Callable[[Above, int], int]
    orders: int

    def picked(self, some: Sequence[int]) -> Cases:
        """Some of the cases, by number."""
        pick, width = _picking(some), self.every.bit_length()
        return Cases(
            (1 << len(some)) - 1,
            cache(lambda name, value: pick(self.known(name, value), width)),
            cache(lambda name, option: pick(self.chosen(name, option), width)),
            cache(lambda question, order: pick(self.above(question, order), width)),
            self.orders,
        )


class Shown(NamedTuple):
    """Where a completion was found in which a condition holds, and where one in which it does not."""

    true: int
    false: int


class _Step(NamedTuple):
    """An expression, its parts by their places among the steps, and these again in the order in which it is easiest to have one."""

    expression: Expression
    parts: tuple[int, ...]
    easiest: tuple[int, ...]


class _Bound(NamedTuple):
    """Facts that constraints bind together, and for each value of each the clauses that may ask for it, without it."""

    names: tuple[Hashable, ...]
    asking: Mapping[tuple[Hashable, int], tuple[Clause, ...]]


class Examples:
    """The completions of one expression. `constraints`: all prime implicates of each group of facts that is bound together."""

    def __init__(self, formulas: Formulas, node: int, constraints: Iterable[frozenset[Clause]]) -> None:
        order = list(_below(formulas, node))
        place = {one: number for number, one in enumerate(order)}
        self._steps = [self._step(formulas, formulas.expression(one), place) for one in order]
        literals = {
            step.expression.detail: number
            for number, step in enumerate(self._steps)
            if step.expression.kind is Kind.LITERAL
        }
        self._places = literals
        self._orders = {name: number for name, number in literals.items() if isinstance(name, Above)}
        groups = [_bound(clauses) for clauses in constraints]
        self._groups = [group for group in groups if not literals.keys().isdisjoint(group.names)]
        bound = {name for group in self._groups for name in group.names}
        self._alone = {
            name: number for name, number in literals.items() if name not in bound and name not in self._orders
        }

    def _step(self, formulas: Formulas, expression: Expression, place: Mapping[int, int]) -> _Step:
        parts = tuple(place[part] for part in expression.parts)
        sizes = [formulas.mask(part).bit_count() for part in expression.parts]
        return _Step(expression, parts, tuple(part for _, part in sorted(zip(sizes, parts, strict=True))))

    def show(self, cases: Cases, true: int, false: int, rounds: int) -> Shown:
        """Examples for as many as can be found of the cases where one of the condition, and of its opposite, is wanted."""
        search = _Search(self._steps, cases)
        found_true = found_false = 0
        for number in range(rounds):
            left_true, left_false = true & ~found_true, false & ~found_false
            if not left_true | left_false:
                break
            for value, left in ((1, left_true), (0, left_false)):
                if left:
                    wanted = search.wanted(value, left, number)
                    holds = search.holds(self._filled(cases, wanted, number))
                    found_true |= true & holds
                    found_false |= false & ~holds
        return Shown(found_true, found_false)

    def settle(self, cases: Cases, value: int) -> Shown:
        """Where the whole can be `value`, and where it cannot, for as many cases as can be told; dearer, so for what else is left.

        Where what is wanted gainsays itself over a fact, both its values are tried, and so on. What takes too many ways is in neither.
        """
        known = {(name, way): cases.known(name, way) for name in self._variables() for way in (0, 1)}
        lanes = _Lanes(cases, known, {}, list(range(cases.every.bit_length())))
        shown, given_up = set[int](), set[int]()
        while lanes.owners:
            side = lanes.side_by_side()
            search = _Search(self._steps, side, lanes.supposed)
            wanted = search.conflicting(value)
            holds = search.holds(self._filled(side, wanted, 1 - value))
            shows = holds if value else side.every & ~holds
            shown |= lanes.owners_of(shows)
            left = side.every & ~search.excluded(value) & ~lanes.of(shown)
            split = self._split(wanted, lanes, left)
            tried = reduce(or_, split.values(), 0)
            ways = Counter(lanes.owners[lane] for lane in bits_of(tried))
            given_up |= lanes.owners_of(left & ~tried)  # nothing is left to try, and it is not told
            given_up |= {owner for owner, times in ways.items() if times > _MOST_WAYS}
            told = lanes.of(given_up)
            lanes = lanes.split({place: plane & ~told for place, plane in split.items()}, self._steps)
            self._follow(lanes)
        never = set(range(cases.every.bit_length())) - shown - given_up
        return Shown(sum(1 << case for case in shown), sum(1 << case for case in never))

    def _variables(self) -> Iterator[Hashable]:
        yield from self._places
        yield from (name for group in self._groups for name in group.names if name not in self._places)

    def _split(self, wanted: _Wanted, lanes: _Lanes, left: int) -> dict[int, int]:
        """Step → where to suppose both its values: one each, the uppermost that is wanted both ways, else a fact that is wanted at all."""
        found: dict[int, int] = {}
        for joined, places in ((and_, range(len(self._steps) - 1, -1, -1)), (or_, self._places.values())):
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

    def _filled(self, cases: Cases, wanted: _Wanted, number: int) -> dict[int, int]:
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

    def _liked(self, cases: Cases, place: int | None, wanted: _Wanted, number: int) -> int:
        """Where a literal is to be true if it can be: what nobody wants is now so, now otherwise."""
        if place is None:
            return 0
        return cases.every & ~wanted.false[place] if number & 1 else wanted.true[place]

    def _group(self, cases: Cases, group: _Bound, wanted: _Wanted, number: int) -> dict[int, int]:
        """One fact after the other, as is liked where no clause asks for the opposite.

        INVARIANT: some completion is left at each step: were there none, an implicate would have all its literals false but this one.
        """
        values = {(name, value): cases.known(name, value) for name in group.names for value in (0, 1)}
        turn = number // 2 % len(group.names)
        for name in (*group.names[turn:], *group.names[:turn]):
            true, false = (
                values[name, value] | self._asked_for(cases, group, (name, value), values) for value in (1, 0)
            )
            true |= self._liked(cases, self._places.get(name), wanted, number) & ~false
            values[name, 1], values[name, 0] = true, cases.every & ~true
        return {self._places[name]: values[name, 1] for name in group.names if name in self._places}

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

    def _order(self, cases: Cases, by: str, wanted: _Wanted, number: int) -> dict[int, int]:
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
    supposed: dict[tuple[int, int], int]
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

    def settled(self, place: int, step: _Step) -> int:
        """Where a step has a value already."""
        if step.expression.kind is Kind.LITERAL:
            return self.known[step.expression.detail, 0] | self.known[step.expression.detail, 1]
        return self.supposed.get((place, 0), 0) | self.supposed.get((place, 1), 0)

    def split(self, by: Mapping[int, int], steps: Sequence[_Step]) -> _Lanes:
        """Two ways in place of each one in which a step is to be tried: it holds in the first and not in the second. Others are dropped."""
        kept = list(bits_of(reduce(or_, by.values(), 0)))
        pick, width, count = _picking(kept), len(self.owners), len(kept)

        def twice(plane: int) -> int:
            half = pick(plane, width)
            return half | half << count

        known = {one: twice(plane) for one, plane in self.known.items()}
        supposed = {one: twice(plane) for one, plane in self.supposed.items()}
        for place, plane in by.items():
            here, expression = pick(plane, width), steps[place].expression
            for value, half in ((1, here), (0, here << count)):
                if expression.kind is Kind.LITERAL:
                    known[expression.detail, value] |= half
                else:
                    supposed[place, value] = supposed.get((place, value), 0) | half
        return _Lanes(self.cases, known, supposed, [self.owners[lane] for lane in kept] * 2)


class _Wanted(NamedTuple):
    """By step: where it had better be so, and where not."""

    true: list[int]
    false: list[int]


class _Search:
    """One expression on some cases: what is certain of each step, what is wanted of it, what comes of completions."""

    def __init__(
        self, steps: Sequence[_Step], cases: Cases, supposed: Mapping[tuple[int, int], int] | None = None
    ) -> None:
        self._steps, self._cases, self._supposed = steps, cases, supposed or {}
        self._one: list[int] = []
        self._zero: list[int] = []
        self._clash = 0  # where what is supposed cannot be
        self._both_ways = False
        for place, step in enumerate(steps):
            one, zero = self._certain(step)
            self._clash |= one & self._supposed.get((place, 0), 0) | zero & self._supposed.get((place, 1), 0)
            self._one.append(one | self._supposed.get((place, 1), 0))
            self._zero.append(zero | self._supposed.get((place, 0), 0))

    def _certain(self, step: _Step) -> tuple[int, int]:
        kind, detail, _ = step.expression
        every = self._cases.every
        if kind is Kind.CONSTANT:
            return (every, 0) if detail == TRUE else (0, every)
        if kind is Kind.LITERAL:
            return self._cases.known(detail, 1), self._cases.known(detail, 0)
        ones, zeros = [self._one[part] for part in step.parts], [self._zero[part] for part in step.parts]
        if kind is Kind.NOT:
            return zeros[0], ones[0]
        if kind is Kind.AT_LEAST and isinstance(detail, int):
            return _at_least(detail, ones, every), _at_least(len(zeros) - detail + 1, zeros, every)
        return self._joined(step, ones), every & ~self._joined(step, [every & ~zero for zero in zeros])

    def _joined(self, step: _Step, planes: Sequence[int]) -> int:
        """An operator on planes that are certain."""
        kind, detail, _ = step.expression
        every = self._cases.every
        if kind is Kind.ALL:
            found = every
            for plane in planes:
                found &= plane
            return found
        if kind is Kind.ANY:
            return reduce(or_, planes, 0)
        if kind is Kind.CHOICE:
            return reduce(or_, (self._cases.chosen(detail, option) & plane for option, plane in enumerate(planes)), 0)
        if kind is Kind.NOT:
            return every & ~planes[0]
        if kind is Kind.AT_LEAST and isinstance(detail, int):
            return _at_least(detail, planes, every)
        raise AssertionError(f"{kind} has no parts to join")

    def holds(self, filled: Mapping[int, int]) -> int:
        """Where the whole holds when every literal has a value."""
        values: list[int] = []
        for place, step in enumerate(self._steps):
            if step.expression.kind is Kind.LITERAL:
                values.append(filled[place])
            elif step.expression.kind is Kind.CONSTANT:
                values.append(self._cases.every if step.expression.detail == TRUE else 0)
            else:
                values.append(self._joined(step, [values[part] for part in step.parts]))
        return values[-1]

    def wanted(self, value: int, where: int, number: int) -> _Wanted:
        """What the steps had better be for the whole to be `value`. `number`: which of the parts that would do is taken first."""
        found = _Wanted([0] * len(self._steps), [0] * len(self._steps))
        (found.true if value else found.false)[-1] = where
        for place in range(len(self._steps) - 1, -1, -1):
            step = self._steps[place]
            true, false = found.true[place] & ~self._one[place], found.false[place] & ~self._zero[place]
            true |= self._supposed.get((place, 1), 0)  # supposed, but still to be brought about
            false |= self._supposed.get((place, 0), 0)
            if true | false and step.parts:
                self._pass_on(step, true, false if self._both_ways else false & ~true, found, number)
        return found

    def conflicting(self, value: int) -> _Wanted:
        """The same, followed down to the facts also where an operator is wanted both ways."""
        self._both_ways = True
        return self.wanted(value, self._cases.every & ~self._one[-1] & ~self._zero[-1], 0)

    def excluded(self, value: int) -> int:
        """Where the whole certainly is not `value`."""
        return self._clash | (self._zero[-1] if value else self._one[-1])

    def _pass_on(self, step: _Step, true: int, false: int, found: _Wanted, number: int) -> None:
        kind, detail, _ = step.expression
        if kind is Kind.NOT:
            found.false[step.parts[0]] |= true
            found.true[step.parts[0]] |= false
        elif kind is Kind.CHOICE:
            for option, part in enumerate(step.parts):
                chosen = self._cases.chosen(detail, option)
                found.true[part] |= true & chosen
                found.false[part] |= false & chosen
        elif kind is Kind.ALL:
            for part in step.parts:
                found.true[part] |= true
            self._any_of(step, 0, false, found, number)
        elif kind is Kind.ANY:
            for part in step.parts:
                found.false[part] |= false
            self._any_of(step, 1, true, found, number)
        else:  # as many as there are
            for part in step.parts:
                found.true[part] |= true
                found.false[part] |= false

    def _any_of(self, step: _Step, value: int, where: int, found: _Wanted, number: int) -> None:
        """One of the parts will do: one that is wanted anyway, else one that can be and of which nobody wants the opposite."""
        if not where:
            return
        wanted, against = (found.true, found.false) if value else (found.false, found.true)
        never = self._zero if value else self._one
        for part in step.parts:
            where &= ~wanted[part]
        turn = number // 2 % len(step.easiest)
        order = (*step.easiest[turn:], *step.easiest[:turn])
        for part in order:
            taken = where & ~never[part] & ~against[part]
            wanted[part] |= taken
            where &= ~taken
        for part in order:
            taken = where & ~never[part]
            wanted[part] |= taken
            where &= ~taken


def _at_least(count: int, planes: Sequence[int], every: int) -> int:
    """Where so many of some planes are set."""
    reached = [every] + [0] * count
    for plane in planes:
        for number in range(count, 0, -1):
            reached[number] |= reached[number - 1] & plane
    return reached[count]


def _below(formulas: Formulas, node: int) -> Iterator[int]:
    """An expression and all it is made of, each after its parts, which have smaller numbers."""
    seen, pending = set[int](), [node]
    while pending:
        current = pending.pop()
        if current not in seen:
            seen.add(current)
            pending += formulas.expression(current).parts
    yield from sorted(seen)


def _picking(lanes: Sequence[int]) -> Callable[[int, int], int]:
    """Takes some bits of a plane of a width, in their order."""
    highest_first = lanes[::-1]

    def pick(plane: int, width: int) -> int:
        if not lanes:
            return 0
        digits = format(plane, f"0{width}b")
        return int("".join([digits[width - 1 - lane] for lane in highest_first]), 2)

    return pick


def bits_of(plane: int) -> Iterator[int]:
    """Where a plane is set, lowest first."""
    digits = format(plane, "b")[::-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def _bound(clauses: frozenset[Clause]) -> _Bound:
    names = sorted({name for clause in clauses for name, _ in clause}, key=str)
    asking = {
        (name, value): tuple(clause - {(name, value)} for clause in clauses if (name, value) in clause)
        for name in names
        for value in (0, 1)
    }
    return _Bound(tuple(names), asking)
