"""Straight-line code of `&`, `|` and `& not` on planes, a bit a case: made once, run on anything that has these operators.

Knows nothing of law. A plane is a number: 0 is never, 1 is always, then the inputs in their order, then the steps in theirs. Equal steps
are stored once; what no output needs is left out by `code`. A plane can have two halves, the lower for what must and the upper for what can
be: `turned` is then the opposite. Code without it knows no halves.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

NEVER, ALWAYS = 0, 1

AND, OR, WITHOUT, TURNED = "&", "|", "-", "~"

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
        """The code as a Python function of a sequence of inputs, the plane that is always true, and the width of half a plane.

        It returns the outputs. What is used once is written where it is used.
        """
        first = 2 + len(self.inputs)
        uses = Counter(plane for _, *operands in self.steps for plane in operands)
        uses.update(2 * self.outputs)
        words = ["z", "o", *(f"i{number}" for number in range(len(self.inputs)))]
        taken = "".join(f"{word}, " for word in words[2:])
        lines = [f"def {name}(i, o, w=0):", "    z = o ^ o", *([f"    {taken}= i"] if taken else [])]
        for number, (operator, left, right) in enumerate(self.steps):
            written = _FORMS[operator].format(words[left], words[right])
            if uses[first + number] == 1 and len(written) < _LONGEST:
                words.append(written)
            else:
                words.append(f"t{number}")
                lines.append(f"    t{number} = {written}")
        return "\n".join([*lines, f"    return ({''.join(f'{words[plane]}, ' for plane in self.outputs)})", ""])


_FORMS = {AND: "({} & {})", OR: "({} | {})", WITHOUT: "({} & ({} ^ o))", TURNED: "((({0} << w | {0} >> w) & o) ^ o)"}
_LONGEST = 400  # characters: Python reads parentheses a hundred deep and no deeper


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

    def turned(self, plane: int) -> int:
        """The opposite of a plane of two halves: it must be where the plane cannot, and can be where the plane need not."""
        return ALWAYS - plane if plane in (NEVER, ALWAYS) else self._step(TURNED, plane, plane)

    def at_least(self, count: int, planes: Iterable[int]) -> int:
        """Where so many are, or more."""
        reached = [ALWAYS] + [NEVER] * count
        for plane in planes:
            for k in range(count, 0, -1):
                reached[k] = self.either(reached[k], self.both(reached[k - 1], plane))
        return reached[count]

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


class Run(Protocol):
    """Code made ready to run: `i` are the inputs, `o` the plane that is always true, `w` the width of half a plane in bits."""

    def __call__(self, i: Sequence[T], o: T, w: int = 0) -> tuple[T, ...]: ...


def compiled(code: Code) -> Run:
    """The code as a function."""
    names: dict[str, Run] = {}
    exec(code.text(), {"__builtins__": {}}, names)  # nosec B102  # text of our own making: letters, numbers and operators
    return names["run"]
