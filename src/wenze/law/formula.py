"""Grounded conditions as shared expressions, and exact questions about them that forget each variable as early as possible.

Knows nothing of law. An expression is a number like a diagram is; equal ones are stored once. A variable all of whose uses lie inside
one part is *private* to it: all the rest can learn of that part is whether it must, can or cannot hold. So the part is replaced by
`must ∨ (can ∧ t)` with a fresh `t` for what its private variables decide. This is exact (for all and exists move inward past everything
that does not name the variable; early quantification, Burch, Clarke & Long 1991), and it keeps a meeting of twelve, of whom nothing is
known, as easy as a case of one. The innermost part that holds all uses of a variable is its immediate dominator (Cooper, Harvey &
Kennedy 2001).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from enum import IntEnum
from itertools import chain
from typing import NamedTuple

from wenze.law.decide import FALSE, TRUE, Diagrams

_TOP = -1  # above all roots
_FEW = 12  # variables that need no care; a constraint in words has two to six


class Kind(IntEnum):
    """What an expression does with its parts."""

    CONSTANT = 0
    LITERAL = 1
    NOT = 2
    ALL = 3
    ANY = 4
    AT_LEAST = 5
    CHOICE = 6


class Expression(NamedTuple):
    """`detail` is the variable of a literal or choice, the count of an at-least."""

    kind: Kind
    detail: Hashable
    parts: tuple[int, ...]


class _Sign(NamedTuple):
    """How an expression was melted: how its parts were, the levels private to it, the constraints that bind it."""

    node: int
    parts: tuple[int, ...]
    own: tuple[int, ...]
    bound: tuple[int, ...]


class _Melted(NamedTuple):
    """What is left of an expression: `whole` is must ∨ (can ∧ t), and `fresh` the level of t; nothing melted where it is None."""

    whole: int
    must: int
    can: int
    fresh: int | None


class Formulas:
    """A store of expressions over named variables, and the diagrams made of them."""

    def __init__(self, diagrams: Diagrams | None = None) -> None:
        self.diagrams = diagrams or Diagrams()
        self._expressions = [Expression(Kind.CONSTANT, value, ()) for value in (FALSE, TRUE)]
        self._unique: dict[Expression, int] = {}
        self._masks = [0, 0]  # which variables an expression names, a bit each
        self._bits: dict[Hashable, int] = {}
        self._names: list[Hashable] = []
        self._literals: dict[Hashable, int] = {}
        self._diagram: dict[int, int] = {FALSE: FALSE, TRUE: TRUE}
        self._signs: dict[_Sign, int] = {}  # how an expression was melted → a number
        self._ways: dict[int, tuple[tuple[int, int], ...] | None] = {}
        self._melted = {constant: _Melted(constant, constant, constant, None) for constant in (FALSE, TRUE)}
        self._resolved: dict[tuple[int, tuple[tuple[Hashable, int], ...]], int] = {}

    # Building

    def variable(self, name: Hashable, arity: int = 2) -> None:
        """Give a variable its place in the order: after all those placed before."""
        self.diagrams.variable(name, arity)
        if name not in self._bits:
            self._bits[name] = 1 << len(self._names)
            self._names.append(name)

    def literal(self, name: Hashable) -> int:
        found = self._literals.get(name)
        if found is None:
            self.variable(name)
            found = self._literals[name] = self._store(Expression(Kind.LITERAL, name, ()))
        return found

    def choice(self, name: Hashable, branches: tuple[int, ...]) -> int:
        self.variable(name, len(branches))
        if len(set(branches)) == 1:
            return branches[0]
        return self._store(Expression(Kind.CHOICE, name, branches))

    def negate(self, node: int) -> int:
        if node in (FALSE, TRUE):
            return TRUE - node
        expression = self._expressions[node]
        return expression.parts[0] if expression.kind is Kind.NOT else self._store(Expression(Kind.NOT, None, (node,)))

    def all(self, nodes: Iterable[int]) -> int:
        return self._join(Kind.ALL, nodes, TRUE)

    def any(self, nodes: Iterable[int]) -> int:
        return self._join(Kind.ANY, nodes, FALSE)

    def both(self, left: int, right: int) -> int:
        return self.all((left, right))

    def either(self, left: int, right: int) -> int:
        return self.any((left, right))

    def at_least(self, count: int, nodes: list[int]) -> int:
        wanted = count - nodes.count(TRUE)
        open_ones = [node for node in nodes if node not in (FALSE, TRUE)]
        if wanted <= 0 or wanted > len(open_ones):
            return TRUE if wanted <= 0 else FALSE
        if wanted == 1:
            return self.any(open_ones)
        if wanted == len(open_ones):
            return self.all(open_ones)
        return self._store(Expression(Kind.AT_LEAST, wanted, tuple(open_ones)))

    def _join(self, kind: Kind, nodes: Iterable[int], neutral: int) -> int:
        parts = [node for node in dict.fromkeys(nodes) if node != neutral]
        if TRUE - neutral in parts:
            return TRUE - neutral
        if len(parts) < 2:
            return parts[0] if parts else neutral
        return self._store(Expression(kind, None, tuple(parts)))

    def _store(self, expression: Expression) -> int:
        found = self._unique.get(expression)
        if found is None:
            found = self._unique[expression] = len(self._expressions)
            self._expressions.append(expression)
            mask = self._bits[expression.detail] if expression.kind in (Kind.LITERAL, Kind.CHOICE) else 0
            for part in expression.parts:
                mask |= self._masks[part]
            self._masks.append(mask)
        return found

    # Asking

    def expression(self, node: int) -> Expression:
        """What an expression is made of; parts have smaller numbers."""
        return self._expressions[node]

    def rebuilt(self, node: int, parts: tuple[int, ...]) -> int:
        """The operator of an expression over other parts."""
        return self.apply(self._expressions[node], parts, self)

    def mask(self, node: int) -> int:
        """Which variables an expression names, a bit each."""
        return self._masks[node]

    def bit(self, name: Hashable) -> int:
        """The bit of a variable that has its place."""
        return self._bits[name]

    def names(self, node: int) -> tuple[Hashable, ...]:
        """The variables an expression names, in their order."""
        return self.named(self._masks[node])

    def named(self, mask: int) -> tuple[Hashable, ...]:
        """The variables of some bits, in their order."""
        found = []
        while mask:
            lowest = mask & -mask
            found.append(self._names[lowest.bit_length() - 1])
            mask ^= lowest
        return tuple(found)

    def resolve(self, node: int, values: Mapping[Hashable, int]) -> int:
        """The expression with some choices made and some literals given."""
        made = tuple(sorted(((name, values[name]) for name in self.names(node) if name in values), key=str))
        return self._resolve(node, made, dict(made)) if made else node

    def _resolve(self, node: int, key: tuple[tuple[Hashable, int], ...], values: Mapping[Hashable, int]) -> int:
        if node in (FALSE, TRUE):
            return node
        found = self._resolved.get((node, key))
        if found is None:
            expression = self._expressions[node]
            if expression.kind is Kind.CHOICE and expression.detail in values:
                found = self._resolve(expression.parts[values[expression.detail]], key, values)
            elif expression.kind is Kind.LITERAL and expression.detail in values:
                found = values[expression.detail]
            else:
                parts = tuple([self._resolve(part, key, values) for part in expression.parts])
                found = node if parts == expression.parts else self.apply(expression, parts, self)
            self._resolved[node, key] = found
        return found

    def apply(self, expression: Expression, parts: Sequence[int], store: Formulas | Diagrams) -> int:
        """The operator of an expression over other parts, built in `store`."""
        if expression.kind is Kind.ALL:
            return store.all(parts)
        if expression.kind is Kind.ANY:
            return store.any(parts)
        if expression.kind is Kind.NOT:
            return store.negate(parts[0])
        if expression.kind is Kind.CHOICE:
            return store.choice(expression.detail, tuple(parts))
        if expression.kind is Kind.AT_LEAST and isinstance(expression.detail, int):  # equivalent: for the type alone
            return store.at_least(expression.detail, list(parts))
        return store.literal(expression.detail)

    def diagram(self, node: int) -> int:
        """The diagram of an expression over all its variables."""
        found = self._diagram.get(node)
        if found is None:
            expression = self._expressions[node]
            found = self._diagram[node] = self.apply(
                expression, tuple([self.diagram(part) for part in expression.parts]), self.diagrams
            )
        return found

    def ways(self, node: int) -> tuple[tuple[int, int], ...] | None:
        """The ways an expression can be true: which variables are true and which false in each, a bit each, the others being free.

        None where it names too many for them to be listed. Two-valued variables only.
        """
        if node not in self._ways:
            self._ways[node] = None if self._masks[node].bit_count() > _FEW else tuple(self._paths(node))
        return self._ways[node]

    def _paths(self, node: int) -> Iterator[tuple[int, int]]:
        d = self.diagrams
        stack = [(self.diagram(node), 0, 0)]
        while stack:
            current, true, false = stack.pop()
            if current == TRUE:
                yield true, false
            elif current != FALSE:
                bit = self._bits[d.name(d.top(current))]
                low, high = d.children(current)
                stack += ((low, true, false | bit), (high, true | bit, false))

    def drawn(self, node: int, store: Diagrams) -> int:
        """The diagram of an expression in a store of its own, whose variables have been placed."""
        memo = {FALSE: FALSE, TRUE: TRUE}
        for part in reversed(self._below((node,))):
            expression = self._expressions[part]
            memo[part] = self.apply(expression, tuple([memo[inner] for inner in expression.parts]), store)
        return memo[node]

    def forget(
        self, roots: tuple[int, ...], within: Iterable[int], kept: Callable[[Hashable], bool]
    ) -> tuple[tuple[int, ...], int]:
        """The roots as diagrams, and what of `within` (constraints that all hold) still binds them, everything but the kept variables
        melted as early as possible. What else is left is shared between the roots: quantify it when they have been combined.
        """
        order = self._below(roots)
        dominator = self._dominators(order, roots)
        private: dict[int, list[int]] = {}  # expression → levels whose uses all lie inside it
        binding: dict[int, list[int]] = {}  # expression → constraints all of whose variables are used inside it only
        free = [
            node
            for node in order
            if self._expressions[node].kind is Kind.LITERAL and not kept(self._expressions[node].detail)
        ]
        for node in free:
            private.setdefault(dominator[node], []).append(self.diagrams.variable(self._expressions[node].detail))
        named = 0
        for root in roots:
            named |= self._masks[root]
        for constraint in within:
            if self._masks[constraint] & named:
                self._bind(constraint, dominator, private, binding)
        users = self._users(order, roots)
        signs: dict[int, int] = {FALSE: FALSE, TRUE: TRUE}
        for node in reversed(order):
            expression = self._expressions[node]
            own, bound = tuple(sorted(private.get(node, ()))), tuple(binding.get(node, ()))
            sign = _Sign(node, tuple([signs[part] for part in expression.parts]), own, bound)
            signs[node] = number = self._signs.setdefault(sign, len(self._signs) + 2)
            if number not in self._melted:
                only = {part for part in expression.parts if users.get(part) == 1}
                self._melted[number] = self._melt(sign, [signs[part] for part in only], number)
            fresh = self._melted[number].fresh
            if fresh is not None:
                private.setdefault(dominator[node], []).append(fresh)
        return tuple(self._melted[signs[root]].whole for root in roots), self.diagrams.all(binding.get(_TOP, ()))

    def apart(self, nodes: Iterable[int]) -> tuple[int, ...]:
        """Expressions that all hold, joined into ones that share no variable with one another."""
        groups: list[tuple[list[int], int]] = []
        for node in nodes:
            joined, mask = [node], self._masks[node]
            for other in [group for group in groups if group[1] & mask]:
                groups.remove(other)
                joined, mask = other[0] + joined, mask | other[1]
            groups.append((joined, mask))
        return tuple(self.all(joined) for joined, _ in groups)

    def _bind(
        self, node: int, dominator: dict[int, int], private: dict[int, list[int]], binding: dict[int, list[int]]
    ) -> None:
        """Hang a constraint on the innermost expression that holds all uses of its variables; forget them there, not before."""
        d = self.diagrams
        literals = {d.variable(name): self._literals[name] for name in self.names(node)}
        used = {level: literal for level, literal in literals.items() if literal in dominator}
        diagram = d.exists(self.diagram(node), lambda level: level not in used)
        if not used or diagram == TRUE:
            return
        inner = [dominator[literal] for literal in used.values()]
        anchor = inner[0]
        for other in inner[1:]:
            anchor = self._common(anchor, other, dominator)
        for level, place in zip(used, inner, strict=True):
            if level in private.get(place, ()):
                private[place].remove(level)
        private.setdefault(anchor, []).extend(used)
        binding.setdefault(anchor, []).append(diagram)

    def possible(self, node: int, kept: Callable[[Hashable], bool]) -> int:
        """A diagram over the kept variables: where the expression can be true for some values of the others."""
        if self._masks[node].bit_count() <= _FEW:  # equivalent: the same another way, sooner for a few
            return self.project(self.diagram(node), kept)
        (reduced,), _ = self.forget((node,), (), kept)
        return self.project(reduced, kept)

    def project(self, diagram: int, kept: Callable[[Hashable], bool]) -> int:
        """Where a diagram can be true for some values of all but the kept variables."""
        return self.diagrams.exists(diagram, lambda level: not kept(self.diagrams.name(level)))

    def _below(self, roots: tuple[int, ...]) -> list[int]:
        """Every expression in the roots, each after all those it is part of."""
        seen, stack = {FALSE, TRUE}, list(roots)
        while stack:
            node = stack.pop()
            if node not in seen:
                seen.add(node)
                stack += self._expressions[node].parts
        return sorted(
            seen - {FALSE, TRUE}, reverse=True
        )  # INVARIANT: parts have smaller numbers than what they are part of

    def _dominators(self, order: list[int], roots: tuple[int, ...]) -> dict[int, int]:
        """For each expression the innermost one through which every way from the roots leads; _TOP for none."""
        dominator = dict.fromkeys((root for root in roots if root > TRUE), _TOP)
        for node in order:
            for part in self._expressions[node].parts:
                if part <= TRUE:
                    continue
                dominator[part] = self._common(dominator[part], node, dominator) if part in dominator else node
        return dominator

    def _common(self, one: int, other: int, dominator: dict[int, int]) -> int:
        """The innermost expression through which every way to both leads. A dominator has a larger number than what it dominates."""
        while one != other:
            if other == _TOP or (one != _TOP and one < other):
                one = dominator[one]
            else:
                other = dominator[other]
        return one

    def _users(self, order: list[int], roots: tuple[int, ...]) -> Counter[int]:
        """How many expressions each one is a part of; a root is used once more."""
        return Counter(chain(roots, *(set(self._expressions[node].parts) for node in order)))

    def _melt(self, sign: _Sign, only: list[int], number: int) -> _Melted:
        """What is left of a part once its private variables are forgotten. `only`: those of its own parts that are used nowhere else.

        Such a part lies between its `must` and its `can` whatever all else is. Every operator but *not* follows its parts, and *not*
        turns them round, so the ends of the whole come of the ends of the parts: the fresh variables of many never meet in one diagram.
        """
        d = self.diagrams
        expression = self._expressions[sign.node]
        between = {fresh for part in only if (fresh := self._melted[part].fresh) is not None}

        def end(upper: bool) -> int:
            take_can = upper is (expression.kind is not Kind.NOT)
            parts = [self._melted[part] for part in sign.parts]
            ends = [part.whole if part.fresh not in between else part.can if take_can else part.must for part in parts]
            return self.apply(expression, tuple(ends), d)

        must = end(upper=False)
        can = end(upper=True) if between else must
        forgotten = (frozenset(sign.own) - between) & (d.support(must) | d.support(can))
        if forgotten:
            within = d.all(sign.bound)
            forgotten |= frozenset(sign.own) & d.support(within)  # also those that only the constraint still speaks of
            must = d.for_all(d.either(d.negate(within), must), forgotten.__contains__)
            can = d.exists(d.both(within, can), forgotten.__contains__)
        if must == can:
            return _Melted(must, must, must, None)
        fresh = d.melted(("melted", number), min(forgotten | between))
        return _Melted(d.either(must, d.both(can, fresh)), must, can, d.top(fresh))


class Direct:
    """The same questions asked of plain diagrams, for whoever needs every variable at hand."""

    def __init__(self, diagrams: Diagrams) -> None:
        self.diagrams = diagrams
        self.variable = diagrams.variable  # equivalent: asked of expressions only; for the type
        self.literal = diagrams.literal
        self.choice = diagrams.choice
        self.negate = diagrams.negate
        self.all = diagrams.all
        self.any = diagrams.any
        self.both = diagrams.both
        self.either = diagrams.either
        self.at_least = diagrams.at_least

    def names(self, node: int) -> tuple[Hashable, ...]:
        return tuple(self.diagrams.name(level) for level in sorted(self.diagrams.support(node)))

    def resolve(self, node: int, values: Mapping[Hashable, int]) -> int:
        return self.diagrams.fix(
            node, {self.diagrams.variable(name): values[name] for name in self.names(node) if name in values}
        )

    def drawn(self, node: int, store: Diagrams) -> int:
        if node in (FALSE, TRUE):
            return node
        branches = tuple([self.drawn(child, store) for child in self.diagrams.children(node)])
        return store.choice(self.diagrams.name(self.diagrams.top(node)), branches)

    def apart(self, nodes: Iterable[int]) -> tuple[int, ...]:
        return (self.diagrams.all(nodes),)

    def forget(
        self, roots: tuple[int, ...], within: Iterable[int], kept: Callable[[Hashable], bool]
    ) -> tuple[tuple[int, ...], int]:
        return roots, self.diagrams.all(within)

    def possible(self, node: int, kept: Callable[[Hashable], bool]) -> int:
        return self.project(node, kept)

    def project(self, diagram: int, kept: Callable[[Hashable], bool]) -> int:
        return self.diagrams.exists(diagram, lambda level: not kept(self.diagrams.name(level)))
