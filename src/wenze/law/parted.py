"""Planes that hold a function of the choices for each case: cases that have the same one lie together.

Knows diagrams, and nothing of what they are over. Where no choice matters such a plane is an ordinary one, and costs no more; where one
does, cases are taken together by what hangs on it, of which there are few however many cases there are.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from operator import itemgetter
from typing import NamedTuple

from wenze.law.decide import FALSE, TRUE, Diagrams
from wenze.law.planes import AND, OR, TURNED, Code


class Parted(NamedTuple):
    """A plane where some choice matters. `true`: the cases where it is so on any choice. `hung`: diagram → the cases where it is so just
    where that holds; `some`: all of these, and not none. No other case has it on any choice."""

    true: int
    hung: Mapping[int, int]
    some: int


Plane = int | Parted  # cases are bits of whole numbers; where no choice matters such a number says all


class Held(NamedTuple):
    """Where something must hold and where it can."""

    must: Plane
    can: Plane

    def moved(self, move: Callable[[int], int]) -> Held:
        return Held(moved(self.must, move), moved(self.can, move))


def true(plane: Plane) -> int:
    """The cases where it is so on any choice."""
    return plane if isinstance(plane, int) else plane.true


def changing(plane: Plane) -> int:
    """The cases where it hangs on choices."""
    return 0 if isinstance(plane, int) else plane.some


def possible(plane: Plane) -> int:
    """The cases where it is so on some choice."""
    return plane if isinstance(plane, int) else plane.true | plane.some


def classes(plane: Plane) -> Iterator[tuple[int, int]]:
    """Each diagram but FALSE, and its cases."""
    if true(plane):
        yield TRUE, true(plane)
    if not isinstance(plane, int):
        yield from plane.hung.items()


def moved(plane: Plane, move: Callable[[int], int]) -> Plane:
    """The same with its cases at other places, or without some."""
    if isinstance(plane, int):
        return move(plane)
    return _plane(move(plane.true), ((one, move(cases)) for one, cases in plane.hung.items()))


class Parting:
    """The operators, on planes of as many cases as `every` has bits. Diagrams are of one store."""

    def __init__(self, diagrams: Diagrams, every: int) -> None:
        self.diagrams = diagrams
        self.every = every

    def everywhere(self, diagram: int) -> Plane:
        """What holds where a diagram does, in every case."""
        if diagram in (FALSE, TRUE):
            return self.every if diagram == TRUE else 0
        return _plane(0, ((diagram, self.every),))

    def both(self, left: Plane, right: Plane) -> Plane:
        if isinstance(left, int):
            if isinstance(right, int):
                return left & right
            left, right = right, left
        if isinstance(right, int):
            return _plane(left.true & right, ((one, cases & right) for one, cases in left.hung.items()))
        found: dict[int, int] = {}
        _add(found, left.hung, right.true)
        _add(found, right.hung, left.true)
        return _plane(left.true & right.true | self._paired(left, right, self.diagrams.both, found), found.items())

    def either(self, left: Plane, right: Plane) -> Plane:
        if isinstance(left, int):
            if isinstance(right, int):
                return left | right
            left, right = right, left
        if isinstance(right, int):
            return _plane(left.true | right, ((one, cases & ~right) for one, cases in left.hung.items()))
        found: dict[int, int] = {}
        _add(found, left.hung, self.every & ~possible(right))
        _add(found, right.hung, self.every & ~possible(left))
        return _plane(left.true | right.true | self._paired(left, right, self.diagrams.either, found), found.items())

    def opposite(self, plane: Plane) -> Plane:
        if isinstance(plane, int):
            return self.every & ~plane
        negate = self.diagrams.negate
        hung = {negate(one): cases for one, cases in plane.hung.items()}
        return Parted(self.every & ~(plane.true | plane.some), hung, plane.some)

    def without(self, left: Plane, right: Plane) -> Plane:
        """Where `left` is and `right` is not."""
        return self.both(left, self.opposite(right))

    def all(self, planes: Iterable[Plane]) -> Plane:
        found: Plane = self.every
        for plane in planes:
            found = found & plane if type(found) is int and type(plane) is int else self.both(found, plane)
        return found

    def any(self, planes: Iterable[Plane]) -> Plane:
        found: Plane = 0
        for plane in planes:
            found = found | plane if type(found) is int and type(plane) is int else self.either(found, plane)
        return found

    def at_least(self, count: int, planes: Iterable[Plane]) -> Plane:
        """Where so many of some planes are, or more."""
        reached: list[Plane] = [self.every, *[0] * count]
        for plane in planes:
            for number in range(count, 0, -1):
                reached[number] = self.either(reached[number], self.both(reached[number - 1], plane))
        return reached[count]

    def _paired(self, left: Parted, right: Parted, join: Callable[[int, int], int], found: dict[int, int]) -> int:
        """Joins the diagrams of cases that have one in both planes, into `found`; gives the cases where the outcome is TRUE."""
        true = 0
        if left.some & right.some:
            for one, cases in left.hung.items():
                rest = cases & right.some
                for other, others in right.hung.items() if rest else ():
                    here = rest & others
                    if here:
                        joined = join(one, other)
                        if joined == TRUE:
                            true |= here
                        elif joined != FALSE:
                            found[joined] = found.get(joined, 0) | here
                        rest ^= here
                        if not rest:
                            break
        return true

    def run(self, code: Code, inputs: Sequence[Plane], width: int = 0) -> list[Plane]:
        """The outputs of code. Planes of two halves have `width` cases in each."""
        half = self.every >> width
        last = {plane: number for number, (_, *operands) in enumerate(code.steps) for plane in operands}
        last.update(dict.fromkeys(code.outputs, len(code.steps)))
        values: list[Plane] = [0, self.every, *inputs]

        def turned(plane: int) -> int:
            return plane >> width | (plane & half) << width

        for number, (operator, *operands) in enumerate(code.steps):
            left, right = (values[one] for one in operands)
            if operator == AND:
                values.append(self.both(left, right))
            elif operator == OR:
                values.append(self.either(left, right))
            elif operator == TURNED:
                values.append(self.opposite(moved(left, turned)))
            else:
                values.append(self.without(left, right))
            for one in operands:
                if last[one] == number:
                    values[one] = 0  # a plane is some kilobytes, and there are thousands of steps
        return [values[plane] for plane in code.outputs]


class Places:
    """Some cases by their numbers among others, each as often as it is named, side by side. `among`: all of these others."""

    def __init__(self, numbers: Sequence[int], among: int) -> None:
        self._numbers = numbers
        self._width = width = among.bit_length()
        self.every = (1 << len(numbers)) - 1
        self._pick = itemgetter(*(width - 1 - number for number in reversed(numbers))) if numbers else None

    def taken(self, plane: int) -> int:
        """Of a plane of the others, what it says of these."""
        if not plane or not self._pick:
            return 0
        return int("".join(self._pick(format(plane, f"0{self._width}b"))), 2)

    def put_back(self, plane: int) -> int:
        """The others of whom a plane of these speaks."""
        return sum(1 << number for number in {self._numbers[number] for number in bits_of(plane)})

    def both(self, held: Held) -> Held:
        return held.moved(self.taken)

    def with_back(self, parting: Parting, before: Held, now: Held) -> Held:
        """What holds of the others, with what is found of these."""
        rest = parting.every & ~self.put_back(self.every)
        return Held(
            *(
                parting.either(moved(one, rest.__and__), moved(other, self.put_back))
                for one, other in zip(before, now, strict=True)
            )
        )


def bits_of(plane: int) -> Iterator[int]:
    """Where a plane is set, lowest first."""
    digits = format(plane, "b")[::-1]
    place = digits.find("1")
    while place >= 0:
        yield place
        place = digits.find("1", place + 1)


def chosen(diagrams: Diagrams, name: Hashable, option: int, options: int) -> int:
    """The diagram that holds where an option of so many is taken."""
    return diagrams.choice(name, tuple(TRUE if one == option else FALSE for one in range(options)))


def _add(found: dict[int, int], hung: Mapping[int, int], cases: int) -> None:
    if cases:
        for one, plane in hung.items():
            here = plane & cases
            if here:
                found[one] = found.get(one, 0) | here


def _plane(true: int, hung: Iterable[tuple[int, int]]) -> Plane:
    kept, some = {}, 0
    for one, cases in hung:
        if cases:
            kept[one] = cases
            some |= cases
    return Parted(true, kept, some) if some else true
