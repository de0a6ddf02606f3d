"""Whether something can hold within what is possible, and a smallest set of answers that makes it certain."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence

from wenze.law.case import FactKey
from wenze.law.compare.anything import Answers, Held, Read, Variable
from wenze.law.decide import FALSE, TRUE, TooLarge
from wenze.law.formula import Formulas
from wenze.law.variables import Above, ReadingOf


class Search:
    """Whether something can hold within what is possible, and a smallest set of answers that makes it certain."""

    def __init__(self, formulas: Formulas, values: Callable[[Variable], Sequence[int]]) -> None:
        """`values`: the possible answers to a question, the one that says least first."""
        self._f = formulas
        self._values = values
        self._alone: dict[int, bool] = {}

    def can(self, goal: int, within: Sequence[int]) -> bool:
        """Whether the goal can hold. `within` share no variable with one another (`Formulas.apart`)."""
        f = self._f
        if goal == FALSE or FALSE in within:
            return False
        named = set(f.names(goal))
        near = [one for one in within if named.intersection(f.names(one))]
        if any(not self._can_alone(one) for one in within if one not in near):
            return False
        (holds,), rest = f.forget((goal,), near, _nothing)
        return f.project(f.diagrams.both(rest, holds), _nothing) != FALSE

    def _can_alone(self, node: int) -> bool:
        if node not in self._alone:
            self._alone[node] = self._f.possible(node, _nothing) != FALSE
        return self._alone[node]

    def example(self, goal: int, within: Sequence[int], given: Answers | None = None) -> Answers:
        """Answers that make the goal certain, none of which can be left out, besides some given. The goal must be
        possible with these."""
        goal, within = self.given(goal, within, given or {})
        if self._certain(goal, within, ()):
            return {}
        answers = self.witness(goal, within)
        needed = self._explain(goal, within, [], list(answers.items()), False)
        return {name: value for name, value in answers.items() if (name, value) in needed}

    def fewest(self, goal: int, within: Sequence[int], guess: Answers) -> Answers | None:
        """Answers other than the quiet ones, as few as can be taken back one by one, with which the goal holds when all
        others are quiet, and all that is read from records; None when no case that fits the guess has it, or none is found."""
        state = self._given((goal, tuple(within)), guess)
        try:
            if not self.can(*state):
                return None
            total = guess | self.witness(*state)
        except TooLarge:
            return None
        named = {_variable(name) for node in (goal, *within) for name in self._f.names(node)}
        total = {name: value for name, value in total.items() if name in named}
        for name, value in list(total.items()):
            quiet = self._values(name)[0]
            if value != quiet and self._given((goal, tuple(within)), total | {name: quiet}) == (TRUE, ()):
                total[name] = quiet
        return {
            name: value for name, value in total.items() if isinstance(name, Read) or value != self._values(name)[0]
        }

    def given(self, goal: int, within: Sequence[int], answers: Answers) -> tuple[int, tuple[int, ...]]:
        """A goal, and what is possible, once some answers are known."""
        return self._given((goal, tuple(within)), answers)

    def witness(self, goal: int, within: Sequence[int]) -> Answers:
        """An answer to every question, the quiet one wherever possible."""
        named = dict.fromkeys([_variable(name) for node in (goal, *within) for name in self._f.names(node)])
        found: Answers = {}
        pending = [tuple(named)]
        state = (goal, tuple(within))
        while pending:
            rest = pending.pop()
            quiet = {name: self._values(name)[0] for name in rest}
            trial = self._given(state, quiet)
            if self.can(*trial):
                found |= quiet
                state = trial
            elif len(rest) == 1:
                state, found[rest[0]] = self._other(state, rest[0])
            else:
                pending += [rest[len(rest) // 2 :], rest[: len(rest) // 2]]
        return found

    def _other(self, state: tuple[int, tuple[int, ...]], name: Variable) -> tuple[tuple[int, tuple[int, ...]], int]:
        for value in self._values(name)[1:]:
            trial = self._given(state, {name: value})
            if self.can(*trial):
                return trial, value
        raise AssertionError(f"{name!r} has no possible value: the goal was not possible")

    def _given(
        self, state: tuple[int, tuple[int, ...]], answers: Mapping[Variable, int]
    ) -> tuple[int, tuple[int, ...]]:
        goal, within = state
        values: dict[Hashable, int] = {name: value for name, value in answers.items()}  # keys of a wider type
        parts = [self._f.resolve(one, values) for one in within]
        return self._f.resolve(goal, values), tuple(one for one in parts if one != TRUE)

    def _certain(self, goal: int, within: Sequence[int], given: Iterable[tuple[Variable, int]]) -> bool:
        return not self.can(*self._given((self._f.negate(goal), tuple(within)), dict(given)))

    def _explain(
        self,
        goal: int,
        within: Sequence[int],
        base: list[tuple[Variable, int]],
        rest: list[tuple[Variable, int]],
        grown: bool,
    ) -> list[tuple[Variable, int]]:
        """A smallest part of `rest` that makes the goal certain with `base` (QuickXplain, Junker 2004)."""
        if not rest or (grown and self._certain(goal, within, base)):
            return []
        if len(rest) == 1:
            return rest
        first, second = rest[: len(rest) // 2], rest[len(rest) // 2 :]
        late = self._explain(goal, within, base + first, second, True)
        early = self._explain(goal, within, base + late, first, bool(late))
        return early + late


def _nothing(_: Hashable) -> bool:
    return False


def _variable(name: Hashable) -> Variable:
    if isinstance(name, (FactKey, Read, Above, ReadingOf, Held)):
        return name
    raise AssertionError(f"{name!r} is no question of any case")
