"""Straight-line code of `&`, `|` and `& not` on planes, a bit a case: made once, run on anything that has these operators.

Knows nothing of law. A plane is a number: 0 is never, 1 is always, then the inputs in their order, then the steps in theirs. Equal steps
are stored once; what no output needs is left out by `code`.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

NEVER, ALWAYS = 0, 1

AND, OR, WITHOUT = "&", "|", "-"

Step = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Code:
    """`inputs`: what each input plane stands for. `steps`: operator and two earlier planes. `outputs`: the planes asked for."""

    inputs: tuple[Hashable, ...]
    steps: tuple[Step, ...]
    outputs: tuple[int, ...]

    def part(self, outputs: Sequence[int]) -> Code:
        """The code for some of its planes."""
        first = 2 + len(self.inputs)
        needed, pending = set[int](), list(outputs)
        while pending:
            plane = pending.pop()
            if plane not in needed:
                needed.add(plane)
                if plane >= first:
                    pending += self.steps[plane - first][1:]
        kept = [plane for plane in range(2, first) if plane in needed]
        steps = [plane for plane in sorted(needed) if plane >= first]
        place = {plane: number for number, plane in enumerate((NEVER, ALWAYS, *kept, *steps))}
        return Code(
            tuple(self.inputs[plane - 2] for plane in kept),
            tuple(
                (operator, place[left], place[right])
                for operator, left, right in (self.steps[plane - first] for plane in steps)
            ),
            tuple(place[plane] for plane in outputs),
        )

    def text(self, name: str = "run") -> str:
        """The code as a Python function of a sequence of inputs and the plane that is always true; it returns the outputs."""
        first = 2 + len(self.inputs)
        lines = [f"def {name}(i, o):", "    z = o ^ o"]

        def word(plane: int) -> str:
            return "zo"[plane] if plane < 2 else f"i[{plane - 2}]" if plane < first else f"t{plane - first}"

        for number, (operator, left, right) in enumerate(self.steps):
            second = word(right) if operator != WITHOUT else f"({word(right)} ^ o)"
            lines.append(f"    t{number} = {word(left)} {operator.replace(WITHOUT, AND)} {second}")
        return "\n".join([*lines, f"    return ({''.join(f'{word(plane)}, ' for plane in self.outputs)})", ""])


class Planes:
    """Builds code."""

    def __init__(self) -> None:
        self._inputs: dict[Hashable, int] = {}
        self._steps: list[Step] = []
        self._numbers: dict[Step, int] = {}

    def input(self, name: Hashable) -> int:
        """An input plane. INVARIANT: steps refer to inputs by negative numbers until `code` knows how many there are."""
        return self._inputs.setdefault(name, -1 - len(self._inputs))

    def both(self, left: int, right: int) -> int:
        if left == NEVER or right == NEVER:
            return NEVER
        if left in (ALWAYS, right):
            return right
        return left if right == ALWAYS else self._step(AND, *sorted((left, right)))

    def either(self, left: int, right: int) -> int:
        if left == ALWAYS or right == ALWAYS:
            return ALWAYS
        if left in (NEVER, right):
            return right
        return left if right == NEVER else self._step(OR, *sorted((left, right)))

    def without(self, left: int, right: int) -> int:
        """Where `left` is and `right` is not."""
        if right == ALWAYS or left in (NEVER, right):
            return NEVER
        return left if right == NEVER else self._step(WITHOUT, left, right)

    def all(self, planes: Iterable[int]) -> int:
        found = ALWAYS
        for plane in planes:
            found = self.both(found, plane)
        return found

    def any(self, planes: Iterable[int]) -> int:
        found = NEVER
        for plane in planes:
            found = self.either(found, plane)
        return found

    def _step(self, operator: str, left: int, right: int) -> int:
        step = (operator, left, right)
        found = self._numbers.get(step)
        if found is None:
            self._steps.append(step)
            found = self._numbers[step] = len(self._steps) + 1
        return found

    def code(self, outputs: Sequence[int]) -> Code:
        """The code for some outputs: inputs and steps that one of them needs."""
        needed, pending = set[int](), list(outputs)
        while pending:
            plane = pending.pop()
            if plane not in needed:
                needed.add(plane)
                if plane > ALWAYS:
                    pending += self._steps[plane - 2][1:]
        inputs = [name for name, number in self._inputs.items() if number in needed]
        place = {NEVER: NEVER, ALWAYS: ALWAYS}
        place |= {self._inputs[name]: 2 + index for index, name in enumerate(inputs)}
        steps: list[Step] = []
        for plane in sorted(plane for plane in needed if plane > ALWAYS):
            operator, left, right = self._steps[plane - 2]
            place[plane] = 2 + len(inputs) + len(steps)
            steps.append((operator, place[left], place[right]))
        return Code(tuple(inputs), tuple(steps), tuple(place[plane] for plane in outputs))


class Operand(Protocol):
    """What code runs on: whole numbers, arrays of them, sets of bits."""

    def __and__(self, other: Operand, /) -> Operand: ...
    def __or__(self, other: Operand, /) -> Operand: ...
    def __xor__(self, other: Operand, /) -> Operand: ...


T = TypeVar("T")


def compiled(code: Code) -> Callable[[Sequence[T], T], tuple[T, ...]]:
    """The code as a function of its inputs and of the plane that is always true."""
    names: dict[str, Callable[[Sequence[T], T], tuple[T, ...]]] = {}
    exec(code.text(), {"__builtins__": {}}, names)  # nosec B102  # text of our own making: letters, numbers and three operators
    return names["run"]
