"""A truth table read: states, what they depend on, contradictions, and what would settle a conclusion."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import combinations, permutations, product
from typing import TYPE_CHECKING

from exact.unknown import Answers, Option, Question, Ranking, Stands, Unlisted
from exact.view import View
from exact.worlds import Worlds, all_of, any_of
from wenze.law.case import FactKey
from wenze.law.rules import Constraint

if TYPE_CHECKING:
    from exact.oracle import Oracle
    from exact.unknown import Here

MOST_KEYS = 12  # so many facts that constraints speak of are tried for contradictions
MOST_QUESTIONS = 8  # so many questions are tried in sets of every size


@dataclass(frozen=True)
class Verdict:
    """What the oracle says of one conclusion."""

    state: str
    depends: frozenset[str] = frozenset()
    gate_open: bool = False
    conflicts: frozenset[frozenset[FactKey]] | None = (
        frozenset()
    )  # all smallest contradicting sets; None: too many facts to try


@dataclass(frozen=True)
class Settling:
    """The smallest consistent sets of answers that settle a conclusion one way: those of at most a number of answers.

    `longer`: there are others, with more answers; None when there were too many questions to try them all.
    `beyond`: some possible settled completion is reached by none of `sets`. `asked`: what occurs in a set tried.
    """

    sets: frozenset[Answers]
    longer: bool | None
    beyond: bool
    asked: frozenset[Question]


class Table:
    """A gate and a whole condition over every completion, and which completions are possible."""

    def __init__(
        self, oracle: Oracle, view: View, columns: list[int], possible: int, bound: list[tuple[Constraint, Here]]
    ) -> None:
        self.oracle = oracle
        self.view = view
        self.worlds = view.worlds
        self.columns = columns
        self.possible = possible
        self.bound = bound

    @property
    def readings(self) -> tuple[str, ...]:
        return tuple(name.reading for name in self.worlds.unknowns if isinstance(name, Option))

    def under(self, options: Mapping[str, str]) -> int:
        """The possible completions in which readings have these options."""
        found = self.possible
        for reading in self.readings:
            order = [option for option, _ in self.oracle.readings[reading].options]
            found &= self.worlds.where(Option(reading), order.index(options[reading]))
        return found

    def state(self, options: Mapping[str, str]) -> str:
        return _state(self.under(options), *self.columns[:2])

    def verdict(self) -> Verdict:
        if not self.possible:
            return Verdict("contradictory", conflicts=self.smallest_conflicts())
        state = self.state(self.oracle.options)
        gate_open = state == "not-made-out" and bool(self.under(self.oracle.options) & ~self.columns[0])
        return Verdict(state, self.depends(), gate_open)

    def every_choice(self) -> Iterator[dict[str, str]]:
        for chosen in product(
            *([option for option, _ in self.oracle.readings[reading].options] for reading in self.readings)
        ):
            yield dict(zip(self.readings, chosen, strict=True))

    def depends(self) -> frozenset[str]:
        """The readings whose change alone makes another state, somewhere among all choices."""
        states = {tuple(choice.items()): self.state(choice) for choice in self.every_choice()}
        found = set()
        for choice in self.every_choice():
            for reading in self.readings:
                for option, _ in self.oracle.readings[reading].options:
                    changed = {**choice, reading: option}
                    if states[tuple(changed.items())] != states[tuple(choice.items())]:
                        found.add(reading)
        return frozenset(found)

    def smallest_conflicts(self) -> frozenset[frozenset[FactKey]] | None:
        """Of the established facts that constraints speak of, the smallest sets that alone leave no completion."""
        keys = sorted({key for bound in self.bound for key in self.oracle.spoken_of(bound)})
        if len(keys) > MOST_KEYS:
            return None
        established = {key: known for key in keys if (known := self.oracle.known(key)) is not None}
        for size in range(len(established) + 1):
            found = [
                chosen
                for chosen in combinations(established, size)
                if not self._possible_with({key: established[key] for key in chosen})
            ]
            if found:
                return frozenset(frozenset(chosen) for chosen in found)
        raise AssertionError("the established facts contradict together, so some set of them does")

    def _possible_with(self, given: Mapping[FactKey, bool]) -> bool:
        """Whether the constraints here allow a completion when only `given` is established."""
        other = replace(self.oracle, given=given, lean=False)
        listing = View(other, Worlds({}))
        for one in self.bound:
            listing.constraint(*one)
        view = View(other, Worlds(listing.unknowns))
        return bool(all_of([view.constraint(*one) for one in self.bound], view.worlds.all))

    # What is missing

    def questions(self, compared: Collection[tuple[str, str, str]]) -> dict[Question, int]:
        """Every question that may be put, and where its answer is yes; standing only among those `compared`."""
        found: dict[Question, int] = {}
        for name in self.worlds.unknowns:
            if isinstance(name, FactKey):
                found[name] = self.worlds.where(name, 1)
            elif isinstance(name, Ranking):
                members, known = self.oracle.positions(*name)
                for first, second in permutations([member for member in members if (*name, member) in compared], 2):
                    if not (first in known and second in known):
                        question = Stands(*name, first, second)
                        found[question] = self.view.stands(question)
        return found

    def settling(self, goal: bool, most: int, compared: Collection[tuple[str, str, str]] = ()) -> Settling:
        """The smallest consistent sets of answers after which the whole is certainly `goal`, whoever else turns up."""
        possible = self.under(self.oracle.options)
        reached = self.columns[1] if goal else self.worlds.all & ~self.columns[1]
        questions = self.questions(compared)
        all_sizes = len(questions) <= MOST_QUESTIONS
        found = self._smallest(possible, reached, questions, len(questions) if all_sizes else most)
        sets = {answers: left for answers, left in found.items() if len(answers) <= most}
        certain = possible & reached
        for name in self.worlds.unknowns:
            if isinstance(name, Unlisted):
                certain = self.worlds.whatever(name, certain)
        return Settling(
            frozenset(sets),
            len(sets) < len(found) if all_sizes else None,
            bool(certain & ~any_of(sets.values())),
            frozenset(question for answers in found for question, _ in answers),
        )

    def _smallest(
        self, possible: int, reached: int, questions: Mapping[Question, int], most: int
    ) -> dict[Answers, int]:
        """Every consistent set of up to `most` answers that settles and has no part that does, and what is left."""
        names, found = list(questions), dict[Answers, int]()
        waiting: list[tuple[Answers, int, int]] = [(frozenset(), 0, possible)]
        for size in range(most + 1):
            following = []
            for answers, start, left in waiting:
                if not left & ~reached:
                    found[answers] = left
                    continue
                for index in range(start, len(names) if size < most else 0):
                    for answer in (True, False):
                        yes = questions[names[index]]
                        rest = left & (yes if answer else ~yes)
                        if rest:
                            following.append((answers | {(names[index], answer)}, index + 1, rest))
            waiting = [one for one in following if not any(answers <= one[0] for answers in found)]
        return found


def _state(possible: int, gate: int, whole: int) -> str:
    if not possible & gate:
        return "not-applicable"
    if not possible & ~whole:
        return "made-out"
    return "open" if possible & whole else "not-made-out"
