"""An expression without what its neighbours already say: `B and own and not (B and other)` becomes `B and own and not other`.

Knows nothing of law. What is left is equal to what was given (Dillig, Dillig & Aiken 2010, "Small formulas for large programs"), and far
fewer variables occur in it both asserted and denied, so that far more of it can be read off one value at a time.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wenze.law.decide import FALSE, TRUE
from wenze.law.formula import Formulas, Kind

_JUNCTIONS = {Kind.ALL: TRUE, Kind.ANY: FALSE}  # with the value that a part says of its neighbours


class Condenser:
    """Condenses expressions of one store. What was condensed once is remembered."""

    def __init__(self, formulas: Formulas) -> None:
        self._formulas = formulas
        self._below: dict[int, frozenset[int]] = {FALSE: frozenset(), TRUE: frozenset()}
        self._done: dict[tuple[int, frozenset[tuple[int, int]]], int] = {}

    def condense(self, node: int) -> int:
        """An expression equal to `node`."""
        return self._condense(node, {})

    def _condense(self, node: int, known: Mapping[int, int]) -> int:
        """`node`, given the values of some expressions."""
        if node in (FALSE, TRUE):
            return node
        if node in known:
            return known[node]
        below = self.below(node)
        given = {other: value for other, value in known.items() if other in below}
        key = (node, frozenset(given.items()))
        found = self._done.get(key)
        if found is None:
            expression = self._formulas.expression(node)
            if expression.kind in _JUNCTIONS:
                found = self._junction(node, given)
            elif expression.kind is Kind.LITERAL:
                found = node
            else:
                found = self._formulas.rebuilt(node, tuple(self._condense(part, given) for part in expression.parts))
            self._done[key] = found
        return found

    def _junction(self, node: int, known: Mapping[int, int]) -> int:
        """Each part given all others. The largest first: small ones then still stand as they were written, to be recognised."""
        kind = self._formulas.expression(node).kind
        neutral = _JUNCTIONS[kind]
        flat = [part for part in dict.fromkeys(self._flat(kind, node, known)) if part != neutral]
        parts = list(flat)
        said: dict[int, dict[int, int]] = {}  # expression → {index of the part that says it: its value}
        for index, part in enumerate(parts):
            for other, value in self._says(part, neutral):
                said.setdefault(other, {})[index] = value
        for index in sorted(range(len(parts)), key=lambda index: (-len(self.below(parts[index])), index)):
            part = parts[index]
            given = dict(known)
            for other in self.below(part).intersection(said):
                given.update((other, value) for speaker, value in said[other].items() if speaker != index)
            parts[index] = new = self._condense(part, given)
            if new != part:
                for other, _ in self._says(part, neutral):
                    said[other].pop(index, None)
                for other, value in self._says(new, neutral):
                    said.setdefault(other, {})[index] = value
        return self._whole(kind, node, known, dict(zip(flat, parts, strict=True)))

    def _whole(self, kind: Kind, node: int, known: Mapping[int, int], left: dict[int, int]) -> int:
        """What is left of the parts, each once, joined as they were: what is shared with other expressions stays one."""
        found = []
        for part in self._formulas.expression(node).parts:
            now = known.get(part, part)
            nested = now not in (FALSE, TRUE) and self._formulas.expression(now).kind is kind
            found.append(self._whole(kind, now, known, left) if nested else left.pop(now, _JUNCTIONS[kind]))
        return self._formulas.all(found) if kind is Kind.ALL else self._formulas.any(found)

    def _flat(self, kind: Kind, node: int, known: Mapping[int, int]) -> Iterator[int]:
        for part in self._formulas.expression(node).parts:
            now = known.get(part, part)
            if now not in (FALSE, TRUE) and self._formulas.expression(now).kind is kind:
                yield from self._flat(kind, now, known)
            else:
                yield now

    def _says(self, node: int, value: int) -> Iterator[tuple[int, int]]:
        """Every expression whose value follows at once from that of `node`."""
        if node in (FALSE, TRUE):
            return
        yield node, value
        expression = self._formulas.expression(node)
        if expression.kind is Kind.NOT:
            yield from self._says(expression.parts[0], TRUE - value)
        elif _JUNCTIONS.get(expression.kind) == value:
            for part in expression.parts:
                yield from self._says(part, value)

    def below(self, node: int) -> frozenset[int]:
        """Every expression in `node`, itself included."""
        found = self._below.get(node)
        if found is None:
            parts = self._formulas.expression(node).parts
            found = self._below[node] = frozenset((node,)).union(*(self.below(part) for part in parts))
        return found
