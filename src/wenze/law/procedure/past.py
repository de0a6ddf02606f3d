"""What was done so far, and whether a condition holds in it: yes, no, or not established.

A history is of one respondent; what concerned several stands in the history of each.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wenze.law.steps import Alternatives, Atom, Move


@dataclass(frozen=True, slots=True)
class Past:
    """The moves up to a day, the features established, and how clocks stand (asked by id: lapsed, within, or never started)."""

    moves: tuple[Move, ...]
    features: Mapping[str, bool]
    clock: Callable[[str], tuple[str, ...]]  # the states of a clock's runs
    ended: bool = False

    def holds(self, condition: Alternatives, outcome: str = "") -> bool | None:
        """Whether the condition holds for a move with this outcome; None while a feature it rests on is not established."""
        return _some(_every(self._atom(atom, outcome) for atom in part) for part in condition)

    def last(self, step: str) -> Move | None:
        return next((move for move in reversed(self.moves) if move.step == step), None)

    def open_features(self, condition: Alternatives) -> tuple[str, ...]:
        """The features a condition rests on that nobody has established."""
        named = (atom.name for part in condition for atom in part if atom.kind == "feature")
        return tuple(dict.fromkeys(name for name in named if name not in self.features))

    def _atom(self, atom: Atom, outcome: str) -> bool | None:
        if atom.kind == "own":
            holds: bool | None = outcome == atom.outcome
        elif atom.kind == "ended":
            holds = self.ended
        elif atom.kind == "feature":
            holds = self.features.get(atom.name)
        elif atom.kind == "done":
            holds = self._done(atom)
        else:
            states = self.clock(atom.name)
            within = any(state == "running" for state in states)
            holds = within if atom.kind == "within" else bool(states) and not within
        return None if holds is None else holds != atom.negated

    def _done(self, atom: Atom) -> bool:
        """Done, the last time with this outcome, and later in the history than the last step it must come after."""
        at = max((at for at, move in enumerate(self.moves) if move.step == atom.name), default=-1)
        if at < 0 or (atom.outcome and self.moves[at].outcome != atom.outcome):
            return False
        return not atom.since or at > max(
            (at for at, move in enumerate(self.moves) if move.step == atom.since), default=-1
        )


def _every(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return False if False in found else None if None in found else True


def _some(values: Iterable[bool | None]) -> bool | None:
    found = list(values)
    return True if True in found else None if None in found else False


def up_to(history: Iterable[Move], on: date) -> tuple[Move, ...]:
    """The moves of a history that were made by a day."""
    return tuple(move for move in history if move.day <= on)
