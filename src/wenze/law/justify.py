"""From an answer that is wanted of an expression down to the facts: what each operator says its parts had better be.

Knows expressions and planes of one bit a case, no law (justification, as in making tests for circuits: Roth 1966, Goel 1981).
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from typing import NamedTuple

from wenze.law.decide import TRUE
from wenze.law.formula import Expression, Formulas, Kind
from wenze.law.parted import Parting, Plane, true

Supposed = Mapping[tuple[int, int], int]  # step and value → the cases where it is supposed to have it


class Step(NamedTuple):
    """An expression, its parts by their places among the steps, and these again in the order in which it is easiest to have one."""

    expression: Expression
    parts: tuple[int, ...]
    easiest: tuple[int, ...]


class Marks(NamedTuple):
    """Of each step where it certainly holds and where it certainly fails; `clash`: where what is supposed cannot be."""

    ones: list[Plane]
    zeros: list[Plane]
    clash: Plane


class Wanted(NamedTuple):
    """By step: where it had better be so, and where not."""

    true: list[int]
    false: list[int]


class Steps:
    """Expressions and all they are made of, each after its parts. `roots`: the numbers of the steps that are the expressions themselves;
    `places`: literal → the number of its step."""

    def __init__(self, formulas: Formulas, nodes: Sequence[int]) -> None:
        order = list(_below(formulas, nodes))
        number = {one: place for place, one in enumerate(order)}
        self.roots = [number[node] for node in nodes]
        self._steps = [_step(formulas, formulas.expression(one), number) for one in order]
        self.places: dict[Hashable, int] = {
            step.expression.detail: place
            for place, step in enumerate(self._steps)
            if step.expression.kind is Kind.LITERAL
        }

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, place: int) -> Step:
        return self._steps[place]

    @cached_property
    def choices(self) -> dict[Hashable, int]:
        """The choices, and how many options each has."""
        found = (step for step in self._steps if step.expression.kind is Kind.CHOICE)
        return {step.expression.detail: len(step.parts) for step in found}

    def marks(
        self,
        parting: Parting,
        known: Callable[[Hashable, int], int],
        chosen: Callable[[Hashable, int], Plane],
        supposed: Supposed,
    ) -> Marks:
        """What is certain, operator by operator. `known`: where a literal has a value; `chosen`: where an option is taken."""
        clash: Plane = 0
        ones, zeros = list[Plane](), list[Plane]()
        for place, step in enumerate(self._steps):
            one, zero = self._certain(parting, step, (ones, zeros), known, chosen)
            holds, fails = supposed.get((place, 1), 0), supposed.get((place, 0), 0)
            if holds or fails:
                clash = parting.any((clash, parting.both(one, fails), parting.both(zero, holds)))
                one, zero = parting.either(one, holds), parting.either(zero, fails)
            ones.append(one)
            zeros.append(zero)
        return Marks(ones, zeros, clash)

    def _certain(
        self,
        p: Parting,
        step: Step,
        marked: tuple[list[Plane], list[Plane]],
        known: Callable[[Hashable, int], int],
        chosen: Callable[[Hashable, int], Plane],
    ) -> tuple[Plane, Plane]:
        (kind, detail, _), parts, _ = step
        if kind is Kind.LITERAL:
            return known(detail, 1), known(detail, 0)
        if kind is Kind.CONSTANT:
            return (p.every, 0) if detail == TRUE else (0, p.every)
        ones, zeros = ([values[part] for part in parts] for values in marked)
        if kind is Kind.NOT:
            return zeros[0], ones[0]
        if kind is Kind.ALL:
            return p.all(ones), p.any(zeros)
        if kind is Kind.ANY:
            return p.any(ones), p.all(zeros)
        if kind is Kind.AT_LEAST and isinstance(detail, int):
            return p.at_least(detail, ones), p.at_least(len(zeros) - detail + 1, zeros)
        if kind is Kind.CHOICE:
            taken = [chosen(detail, option) for option in range(len(parts))]
            one, zero = (p.any(map(p.both, taken, values)) for values in (ones, zeros))
            return one, zero
        raise AssertionError(f"{kind} has no parts to join")


class Search:
    """Cases that each have some options taken: what is certain of each step, and what is wanted of it."""

    def __init__(
        self,
        steps: Steps,
        parting: Parting,
        known: Callable[[Hashable, int], int],
        chosen: Callable[[Hashable, int], int],
        supposed: Supposed,
    ) -> None:
        self._steps, self._chosen, self._supposed = steps, chosen, supposed
        marks = steps.marks(parting, known, chosen, supposed)
        self._one = list(map(true, marks.ones))
        self._zero = list(map(true, marks.zeros))

    def wanted(
        self, aims: Iterable[tuple[int, int, int]], turn: int, *, both_ways: bool = False, steadfast: bool = False
    ) -> Wanted:
        """What the steps had better be. `aims`: a step, the cases where it is to hold, and those where it is to fail.

        `turn`: which of the parts that would do is taken first. `both_ways`: what is wanted both ways is followed down all the same. `steadfast`: all branches of a
        choice, not that of the option taken, had better be so.
        """
        found = Wanted([0] * len(self._steps), [0] * len(self._steps))
        for place, holds, fails in aims:
            found.true[place] |= holds
            found.false[place] |= fails
        for place in range(len(self._steps) - 1, -1, -1):
            step = self._steps[place]
            holds, fails = found.true[place] & ~self._one[place], found.false[place] & ~self._zero[place]
            holds |= self._supposed.get((place, 1), 0)  # supposed, but still to be brought about
            fails |= self._supposed.get((place, 0), 0)
            if holds | fails and step.parts:
                self._pass_on(step, holds, fails if both_ways else fails & ~holds, found, turn, steadfast)
        return found

    def _pass_on(self, step: Step, true: int, false: int, found: Wanted, turn: int, steadfast: bool) -> None:
        kind, detail, _ = step.expression
        if kind is Kind.NOT:
            found.false[step.parts[0]] |= true
            found.true[step.parts[0]] |= false
        elif kind is Kind.CHOICE and not steadfast:
            for option, part in enumerate(step.parts):
                chosen = self._chosen(detail, option)
                found.true[part] |= true & chosen
                found.false[part] |= false & chosen
        elif kind is Kind.ALL:
            for part in step.parts:
                found.true[part] |= true
            self._any_of(step, 0, false, found, turn)
        elif kind is Kind.ANY:
            for part in step.parts:
                found.false[part] |= false
            self._any_of(step, 1, true, found, turn)
        else:  # as many as there are, or every branch
            for part in step.parts:
                found.true[part] |= true
                found.false[part] |= false

    def _any_of(self, step: Step, value: int, where: int, found: Wanted, turn: int) -> None:
        """One of the parts will do: one that is wanted anyway, else one that can be and of which nobody wants the opposite."""
        if not where:
            return
        wanted, against = (found.true, found.false) if value else (found.false, found.true)
        never = self._zero if value else self._one
        for part in step.parts:
            where &= ~wanted[part]
        first = turn % len(step.easiest)
        order = (*step.easiest[first:], *step.easiest[:first])
        for part in order:
            taken = where & ~never[part] & ~against[part]
            wanted[part] |= taken
            where &= ~taken
        for part in order:
            taken = where & ~never[part]
            wanted[part] |= taken
            where &= ~taken


def _step(formulas: Formulas, expression: Expression, number: Mapping[int, int]) -> Step:
    parts = tuple(number[part] for part in expression.parts)
    sizes = [formulas.mask(part).bit_count() for part in expression.parts]
    return Step(expression, parts, tuple(part for _, part in sorted(zip(sizes, parts, strict=True))))


def _below(formulas: Formulas, nodes: Iterable[int]) -> Iterator[int]:
    """Expressions and all they are made of, each after its parts, which have smaller numbers."""
    seen, pending = set[int](), list(nodes)
    while pending:
        current = pending.pop()
        if current not in seen:
            seen.add(current)
            pending += formulas.expression(current).parts
    yield from sorted(seen)
