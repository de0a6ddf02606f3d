"""Expressions → code that tells what must and what can hold, exactly, whatever is known and whatever options are chosen.

Knows expressions and constraints on their variables. What `bounds` reckons of one case, this writes down beforehand for all cases
of a kind: a plane has two halves, what must hold and what can, so that one `&` or `|` does for both, and readings are inputs like facts.
Which parts of an operator can collide is found once, as if nothing were known: the ways in which what they collide over can be are then
tried out in the code, and those that are impossible in the case at hand do not count. Where these are too many what is said stays
true, and whether it is all is not told.
"""

from __future__ import annotations

from collections.abc import Callable, Container, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, reduce
from itertools import islice, product
from math import prod
from operator import and_
from typing import NamedTuple

from wenze.law.bounds import MOST_WAYS, UNTRIED, Group, Trying, bits, shared
from wenze.law.clauses import implicates, ways
from wenze.law.decide import FALSE, TRUE
from wenze.law.formula import Expression, Formulas, Kind
from wenze.law.planes import ALWAYS, NEVER, Code, Planes

MOST_LISTED = 256  # ways in which what a constraint binds can be

MUST, CAN = "must", "can"  # inputs: the halves of a plane


class Needed(NamedTuple):
    """An input: that a variable has a value. What constraints make of what is known counts as known."""

    name: Hashable
    value: int


@dataclass(frozen=True)
class Binding:
    """Variables that a constraint binds together, the ways they can be, and its clauses: the variables asserted and denied in each.

    None for ways or clauses that are too many.
    """

    group: Group
    clauses: tuple[tuple[int, int], ...] | None = ()

    @cached_property
    def together(self) -> Mapping[tuple[int, int], tuple[int, int]]:
        """(variable, its value in a clause) → the variables that some such clause denies and asserts beside it."""
        found: dict[tuple[int, int], tuple[int, int]] = {}
        for asserted, denied in self.clauses or ():
            for value, side in ((1, asserted), (0, denied)):
                for bit in bits(side):
                    before = found.get((bit, value), (0, 0))
                    found[bit, value] = before[0] | denied & ~bit, before[1] | asserted & ~bit
        return found


def binding(formulas: Formulas, node: int) -> Binding:
    """What an expression that always holds binds together."""
    mask = formulas.mask(node)
    clauses = implicates(formulas, node)
    if clauses is None:
        return Binding(Group(mask, None), None)

    def side(literals: Iterable[tuple[Hashable, int]], value: int) -> int:
        return sum(formulas.bit(name) for name, wanted in literals if wanted == value)

    listed = tuple((side(way.items(), 1), side(way.items(), 0)) for way in islice(ways(clauses), MOST_LISTED + 1))
    group = Group(mask, listed if len(listed) <= MOST_LISTED else None)
    return Binding(group, tuple((side(clause, 1), side(clause, 0)) for clause in clauses))


class Wire(NamedTuple):
    """The plane of an expression, and what speaks in it, as in `bounds.Bound`."""

    plane: int
    up: int = 0
    down: int = 0
    tried: int = 0
    reach: int = 0
    told: bool = True


class Lanes:
    """Writes the code for expressions of one store. `bind` gives what binds a variable, if anything does."""

    def __init__(self, formulas: Formulas, planes: Planes, bind: Callable[[Hashable], Binding | None]) -> None:
        self._formulas = formulas
        self._planes = planes
        self._bind = bind
        self._bindings: dict[int, Binding] = {}  # bit of a variable → what binds it
        self.wires = {FALSE: Wire(NEVER), TRUE: Wire(ALWAYS)}  # what was written with nothing given
        self._under: dict[tuple[int, Trying], Wire] = {}

    def declare(self, names: Iterable[Hashable], arity: Mapping[Hashable, int]) -> None:
        """Give the inputs the order that `Entries` fills them in: for variables, and for choices with so many options."""
        p, listed = self._planes, list(names)
        for value in (1, 0):
            for name in listed:
                p.input(Needed(name, value))
        p.input(MUST)
        p.input(CAN)
        for name, options in arity.items():
            for option in range(options):
                p.input(Needed(name, option))

    def of(self, node: int, given: Trying = UNTRIED) -> Wire:
        """The code of an expression, with some variables given."""
        given = given.within(self._formulas.mask(node))
        if given == UNTRIED:
            if node not in self.wires:
                self.wires[node] = self._write(node, UNTRIED)
            return self.wires[node]
        found = self._under.get((node, given))
        if found is None:
            found = self._under[node, given] = self._write(node, given)
        return found

    def _write(self, node: int, given: Trying) -> Wire:
        expression = self._formulas.expression(node)
        if expression.kind is Kind.LITERAL:
            return self._literal(expression.detail, 1, given)
        if expression.kind is Kind.NOT:
            return self._opposite(expression.parts[0], given)
        parts = [self.of(part, given) for part in expression.parts]
        wire = _joined(self._operator(expression, [part.plane for part in parts]), parts)
        if wire.plane in (NEVER, ALWAYS) or expression.kind is Kind.CHOICE or not wire.told:
            return wire  # of the branches of a choice only one counts: they cannot collide
        groups = list(self._collisions(wire, shared(part.reach for part in parts), given))
        return self._try_out(node, wire, groups, given) if groups else wire

    def _operator(self, expression: Expression, parts: Sequence[int]) -> int:
        p = self._planes
        if expression.kind is Kind.ALL:
            return p.all(parts)
        if expression.kind is Kind.ANY:
            return p.any(parts)
        if expression.kind is Kind.CHOICE:  # that all branches say so adds nothing, unless no option is chosen
            chosen = (p.input(Needed(expression.detail, option)) for option in range(len(parts)))
            return p.either(p.any(p.both(*pair) for pair in zip(chosen, parts, strict=True)), p.all(parts))
        if expression.kind is Kind.AT_LEAST and isinstance(expression.detail, int):
            return p.at_least(expression.detail, parts)
        raise AssertionError(f"{expression.kind} has no parts to join")

    def _opposite(self, part: int, given: Trying) -> Wire:
        expression = self._formulas.expression(part)
        if expression.kind is Kind.LITERAL:
            return self._literal(expression.detail, 0, given)
        wire = self.of(part, given)
        return wire._replace(plane=self._planes.turned(wire.plane), up=wire.down, down=wire.up)

    def _literal(self, name: Hashable, value: int, given: Trying) -> Wire:
        bit = self._formulas.bit(name)
        if bit & (given.true | given.false):
            return self.wires[TRUE if bool(bit & given.true) == bool(value) else FALSE]
        bound = self._binding(name)
        free = bool(bit & given.groups)  # in the way that is being tried
        up, down = (bit, 0) if value else (0, bit)
        plane = self._planes.input(Needed(name, value))
        return Wire(plane, up, down, 0, bit if free else bound.group.mask, free or bound.clauses is not None)

    def _binding(self, name: Hashable) -> Binding:
        bit = self._formulas.bit(name)
        if bit not in self._bindings:
            found = self._bind(name) or Binding(_alone(bit))
            self._bindings.update(dict.fromkeys(bits(found.group.mask), found))
        return self._bindings[bit]

    def _collisions(self, wire: Wire, colliding: int, given: Trying) -> Iterator[Group]:
        """What the parts of an operator can collide over, whatever is known: groups or single variables."""
        seen = 0
        for bit in bits(colliding):
            if bit & seen:
                continue
            # A constraint may bind what is spoken of to a variable that is not.
            binding = Binding(_alone(bit)) if bit & given.groups else self._binding(self._formulas.named(bit)[0])
            seen |= binding.group.mask
            if binding.group.mask & (wire.tried | wire.up & wire.down) or _against(binding, wire):
                yield binding.group

    def _try_out(self, node: int, wire: Wire, groups: list[Group], given: Trying) -> Wire:
        """The code of an expression over all ways of what its parts collide over."""
        if any(group.ways is None for group in groups):
            return wire._replace(told=False)
        count = prod(len(group.ways or ()) for group in groups) * (1 if given == UNTRIED else MOST_WAYS // 8)
        if count > MOST_WAYS:
            return wire._replace(told=False)
        p = self._planes
        mask, must, can, told = 0, ALWAYS, NEVER, True
        for group in groups:
            mask |= group.mask
        for chosen in product(*(group.ways or () for group in groups)):
            trying, possible, impossible = given, ALWAYS, NEVER
            for group, (true, false) in zip(groups, chosen, strict=True):
                trying = trying.and_also(true, false, group.mask)
                for side, value in ((true, 1), (false, 0)):
                    for name in self._formulas.named(side):
                        possible = p.both(possible, p.input(Needed(name, value)))
                        impossible = p.either(impossible, p.input(Needed(name, 1 - value)))
            tried = self.of(node, trying)
            must = p.both(must, p.either(tried.plane, impossible))  # read off the half that must
            can = p.either(can, p.both(tried.plane, possible))  # read off the half that can
            told = told and tried.told
        plane = p.either(p.both(must, p.input(MUST)), p.both(can, p.input(CAN)))
        return Wire(plane, wire.up & ~mask, wire.down & ~mask, wire.tried | mask, wire.reach | mask, told)


def _alone(bit: int) -> Group:
    return Group(bit, ((bit, 0), (0, bit)))


def _joined(plane: int, parts: Sequence[Wire]) -> Wire:
    up = down = tried = reach = 0
    for part in parts:
        up, down, tried, reach = up | part.up, down | part.down, tried | part.tried, reach | part.reach
    return Wire(plane, up, down, tried, reach, plane in (NEVER, ALWAYS) or all(part.told for part in parts))


def _against(binding: Binding, wire: Wire) -> bool:
    """Whether some clause stands between two variables that would both take the value it denies, if all favour one answer.

    What is left of the clause when its others are known may be just these two; one alone follows from what is known.
    """
    together = binding.together
    for favoured, against in ((wire.up, wire.down), (wire.down, wire.up)):
        for value, denied in (
            (1, against),
            (0, favoured),
        ):  # what a literal of this value would be, if all favour one answer: false
            for bit in bits(denied & binding.group.mask):
                beside = together.get((bit, value), (0, 0))
                if beside[0] & favoured or beside[1] & against:
                    return True
    return False


class Entries:
    """What is known of a case → the inputs of code, which are Needed(…, 1), Needed(…, 0), MUST, CAN and those of choices in this order.

    `groups`: the expressions of the constraints that bind variables of the code. `choices`: the variables that are choices.
    """

    def __init__(
        self, formulas: Formulas, code: Code, groups: Iterable[tuple[int, Group]], choices: Container[Hashable]
    ) -> None:
        needed = [one for one in code.inputs if isinstance(one, Needed)]
        facts = [one for one in needed if one.name not in choices]
        self.choices = tuple(one for one in needed if one.name in choices)
        listed = [(node, group, formulas.named(group.mask)) for node, group in groups]
        bound = {name for _, _, names in listed for name in names}
        self._names = list(dict.fromkeys(one.name for one in facts if one.name not in bound))
        self._groups: list[_Closing] = []
        for node, group, together in listed:
            self._groups.append(_Closing(formulas, node, group, len(self._names)))
            self._names += together
        place = {name: index for index, name in enumerate(self._names)}
        self._asserted = [place[one.name] for one in facts if one.value]
        self._denied = [place[one.name] for one in facts if not one.value]
        self._halves = [half for half in code.inputs if half in (MUST, CAN)]
        if [*sorted(facts, key=lambda one: -one.value), *self._halves, *self.choices] != list(code.inputs):
            raise AssertionError("inputs in another order")

    def values(self, known: Mapping[Hashable, bool]) -> tuple[list[bool | None], list[int]]:
        """The value of every variable, by what is known and what follows from it; and the constraints that are violated."""
        values = list(map(known.get, self._names))
        violated = [group.node for group in self._groups if group.close(values)]
        return values, violated

    def planes(self, values: Sequence[bool | None], width: int, chosen: Iterable[int]) -> list[int]:
        """The inputs, `width` bits each half; `chosen`: for each of `choices` the plane that says where it is chosen."""
        every, must = (1 << 2 * width) - 1, (1 << width) - 1
        can = every ^ must
        holds, fails = {None: can, True: every, False: 0}, {None: can, True: 0, False: every}
        halves = [must if half == MUST else can for half in self._halves]
        return [
            *[holds[values[place]] for place in self._asserted],
            *[fails[values[place]] for place in self._denied],
            *halves,
            *chosen,
        ]


class _Closing:
    """What follows within the variables of one constraint, remembered by what is known of them."""

    def __init__(self, formulas: Formulas, node: int, group: Group, start: int) -> None:
        self.node = node
        self._bits = [formulas.bit(name) for name in formulas.named(group.mask)]
        self._ways = group.ways
        self._place = slice(start, start + len(self._bits))
        self._known: dict[tuple[bool | None, ...], list[bool | None] | None] = {}

    def close(self, values: list[bool | None]) -> bool:
        """Write down what follows; whether the constraint is violated."""
        known = tuple(values[self._place])
        if known not in self._known:
            self._known[known] = self._close(known)
        found = self._known[known]
        if found is None:
            return True
        values[self._place] = found
        return False

    def _close(self, known: tuple[bool | None, ...]) -> list[bool | None] | None:
        if self._ways is None:
            return list(known)
        true = sum(bit for bit, value in zip(self._bits, known, strict=True) if value is True)
        false = sum(bit for bit, value in zip(self._bits, known, strict=True) if value is False)
        left = [way for way in self._ways if not (way[0] & false or way[1] & true)]
        if not left:
            return None
        always = [reduce(and_, sides) for sides in zip(*left, strict=True)]
        true, false = true | always[0], false | always[1]
        return [True if bit & true else False if bit & false else None for bit in self._bits]
