"""What must and what can hold of an expression, told operator by operator wherever that is exact.

Knows expressions and constraints on their variables, no law. Told so (Kleene 1952), must and can are exact as long as no two parts
of an operator speak of the same open facts, or of facts that a constraint binds together, or all speak on one side: then all facts
that speak for true and all against false is one possible completion, the best for every part at once, and its opposite the worst.
Where parts collide (`a ∨ ¬a`), the ways in which what they collide over can be are tried out there, and so no further up. Where
these are too many the expression is left untold, and `Formulas.forget` decides.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from itertools import product
from typing import NamedTuple

from wenze.law.decide import FALSE, TRUE
from wenze.law.formula import Formulas, Kind

MOST_WAYS = 64  # to try out at one operator; one constraint in words has two to six

Ways = tuple[
    tuple[int, int], ...
]  # each: the variables that are true and those that are false, a bit each; others are free


class Group(NamedTuple):
    """Variables that constraints bind together, and the ways they can be; None where these are too many to be listed."""

    mask: int
    ways: Ways | None


class Bound(NamedTuple):
    """`must` and `can` are diagrams over the choices not made; exact if `told`, else bounds.

    `up` and `down`: the open facts that speak for and against, a bit each. `tried`: those tried out below. `reach`: all of these
    and what constraints bind them to. All are empty where must and can are equal.
    """

    must: int
    can: int
    up: int = 0
    down: int = 0
    tried: int = 0
    reach: int = 0
    told: bool = True


class Trying(NamedTuple):
    """What is being tried: the variables set true, those set false, and the groups they were taken from."""

    true: int = 0
    false: int = 0
    groups: int = 0

    def within(self, mask: int) -> Trying:
        return Trying(self.true & mask, self.false & mask, self.groups & mask)

    def and_also(self, true: int, false: int, group: int) -> Trying:
        return Trying(self.true | true, self.false | false, self.groups | group)


UNTRIED = Trying()


class Bounds:
    """The bounds of a store's expressions with some choices made, each reckoned once, when first asked for.

    `group` gives the constraint that binds a variable, if one does. `known`: variables that have a value, which constraints must allow;
    `decided`: expressions that have one for that reason.
    """

    def __init__(
        self,
        formulas: Formulas,
        chosen: Mapping[Hashable, int],
        group: Callable[[Hashable], Group | None],
        known: Mapping[Hashable, int] | None = None,
        decided: Mapping[int, int] | None = None,
    ) -> None:
        self._formulas = formulas
        self._chosen = chosen
        self._group = group
        self._known = known or {}
        self._decided = decided or {}
        self._groups: dict[int, Group] = {}  # bit of a variable → what binds it
        self._bounds: dict[int, Bound] = {FALSE: Bound(FALSE, FALSE), TRUE: Bound(TRUE, TRUE)}
        self._under: dict[tuple[int, Trying], Bound] = {}

    def of(self, node: int, given: Trying = UNTRIED) -> Bound:
        """The bounds of an expression within the constraints, with some variables given."""
        if node in self._decided:
            return self._bounds[self._decided[node]]
        if given is not UNTRIED:
            given = given.within(self._formulas.mask(node))
            if given != UNTRIED:
                found = self._under.get((node, given))
                if found is None:
                    found = self._under[node, given] = self._reckon(node, given)
                return found
        found = self._bounds.get(node)
        if found is None:
            found = self._bounds[node] = self._reckon(node, UNTRIED)
        return found

    def _reckon(self, node: int, given: Trying) -> Bound:
        f, d = self._formulas, self._formulas.diagrams
        expression = f.expression(node)
        if expression.kind is Kind.LITERAL:
            return self._literal(expression.detail, given)
        if expression.kind is Kind.CHOICE and expression.detail in self._chosen:
            return self.of(expression.parts[self._chosen[expression.detail]], given)
        parts = [self.of(part, given) for part in expression.parts]
        if expression.kind is Kind.NOT:
            part = parts[0]
            return part._replace(must=d.negate(part.can), can=d.negate(part.must), up=part.down, down=part.up)
        bound = _joined(
            f.apply(expression, [part.must for part in parts], d),
            f.apply(expression, [part.can for part in parts], d),
            parts,
        )
        if bound.must == bound.can or expression.kind is Kind.CHOICE or not bound.told:
            return bound  # of the branches of a choice only one counts: they cannot collide
        groups = list(self._collisions(bound, shared(part.reach for part in parts), given))
        return self._try_out(node, bound, groups, given) if groups else bound

    def _literal(self, name: Hashable, given: Trying) -> Bound:
        if name in self._known:
            return self._bounds[self._known[name]]
        bit = self._formulas.bit(name)
        if bit & (given.true | given.false):
            return self._bounds[TRUE if bit & given.true else FALSE]
        if bit & given.groups:  # free in the way that is being tried
            return Bound(FALSE, TRUE, up=bit, reach=bit)
        if bit not in self._groups:
            self._groups[bit] = self._left(self._group(name) or Group(bit, ((bit, 0), (0, bit))))
        mask, ways = self._groups[bit]
        if ways is None:
            return Bound(FALSE, TRUE, up=bit, reach=mask, told=False)
        if all(bit & true for true, _ in ways) or all(bit & false for _, false in ways):
            return self._bounds[TRUE if bit & ways[0][0] else FALSE]
        return Bound(FALSE, TRUE, up=bit, reach=mask)

    def _left(self, group: Group) -> Group:
        """What a constraint leaves of its ways under what is known."""
        if not self._known or group.ways is None:
            return group
        true = false = 0
        for name in self._formulas.named(group.mask):
            if name in self._known:
                true, false = (
                    (true | self._formulas.bit(name), false)
                    if self._known[name]
                    else (true, false | self._formulas.bit(name))
                )
        return group._replace(ways=tuple(way for way in group.ways if not (way[0] & false or way[1] & true)))

    def _collisions(self, bound: Bound, colliding: int, given: Trying) -> Iterator[Group]:
        """What the parts of an operator collide over: groups or single variables."""
        seen = 0
        for bit in bits(colliding):
            if bit & seen:
                continue
            alone = Group(bit, ((bit, 0), (0, bit)))
            group = alone if bit & given.groups else self._groups.get(bit, alone)
            seen |= group.mask
            if group.mask & (bound.tried | bound.up & bound.down) or not _leaves_both_ends(group.ways or (), bound):
                yield group

    def _try_out(self, node: int, bound: Bound, groups: list[Group], given: Trying) -> Bound:
        """The bounds of an expression over all ways of what its parts collide over."""
        mask, count = 0, 1 if given == UNTRIED else MOST_WAYS // 8
        for group in groups:
            mask, count = mask | group.mask, count * len(group.ways or ())
        if count > MOST_WAYS:
            return bound._replace(told=False)
        d = self._formulas.diagrams
        must, can, told = TRUE, FALSE, True
        for ways in product(*(group.ways or () for group in groups)):
            trying = given
            for group, (true, false) in zip(groups, ways, strict=True):
                trying = trying.and_also(true, false, group.mask)
            tried = self.of(node, trying)
            must, can, told = d.both(must, tried.must), d.either(can, tried.can), told and tried.told
        if must == can:
            return Bound(must, can)
        return Bound(must, can, bound.up & ~mask, bound.down & ~mask, bound.tried | mask, bound.reach | mask, told)


def _joined(must: int, can: int, parts: Iterable[Bound]) -> Bound:
    if must == can:
        return Bound(must, can)
    up = down = tried = reach = 0
    told = True
    for part in parts:
        up |= part.up
        down |= part.down
        tried |= part.tried
        reach |= part.reach
        told = told and part.told
    return Bound(must, can, up, down, tried, reach, told)


def shared(reaches: Iterable[int]) -> int:
    """What more than one of some parts speaks of or is bound to."""
    seen = found = 0
    for reach in reaches:
        found |= seen & reach
        seen |= reach
    return found


def _leaves_both_ends(ways: Ways, bound: Bound) -> bool:
    """Whether the best completion of a bound is among the ways of a group, and the worst."""
    return any(not (true & bound.down or false & bound.up) for true, false in ways) and any(
        not (true & bound.up or false & bound.down) for true, false in ways
    )


def bits(mask: int) -> Iterator[int]:
    """The single bits of a mask, lowest first."""
    while mask:
        bit = mask & -mask
        yield bit
        mask ^= bit
