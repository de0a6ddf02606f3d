"""The clocks of a history: when each run began, which days count, when it is due, how it ended.

A run is counted by the law of the day it began on, and with the calendar as it was known while it ran: a notice that comes
after its end, or after the day asked, does not move it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from wenze.law.days import Calendar, Day, Period, Term, count, until
from wenze.law.procedure.basis import Basis
from wenze.law.procedure.compose import Procedure
from wenze.law.procedure.past import Past
from wenze.law.procedure.table import Clock
from wenze.law.rules import Bilingual
from wenze.law.steps import Alternatives, Move

_MOST_NOTICES = 8  # that move one run one after the other; a year has one notice, rarely two


@dataclass(frozen=True, slots=True)
class ClockState:
    """One run of a clock on a day.

    `state`: running; overdue (a duty not met in time); met, late (ended by what it waits for, in time or not); lapsed (a
    right not used); restarted (begun anew by a later move); closed (the case ended).
    """

    clock: Clock
    start: date
    started_by: Move
    period: Period
    ended_by: Move | None
    state: str

    @property
    def id(self) -> str:
        return self.clock.id

    @property
    def title(self) -> Bilingual:
        return self.clock.title

    @property
    def basis(self) -> Basis:
        return self.clock.basis

    @property
    def due(self) -> date:
        """The last day of the period."""
        return self.period.due

    @property
    def days(self) -> tuple[Day, ...]:
        """Every day from the start to the end, counted or skipped, and why."""
        return self.period.days

    @property
    def provisional(self) -> bool:
        """Whether the end may move, because a year's rest days are not announced yet."""
        return self.ended_by is None and self.period.provisional

    @property
    def holders(self) -> tuple[str, ...]:
        return self.clock.holders

    @property
    def shown_to(self) -> tuple[str, ...]:
        return self.clock.shown_to

    @property
    def upward(self) -> bool:
        return self.clock.upward

    @property
    def right(self) -> bool:
        return self.clock.right


def clocks(
    procedure: Procedure, moves: tuple[Move, ...], features: Mapping[str, bool], on: date
) -> tuple[ClockState, ...]:
    """Every run of every clock that the moves began, in the order of their beginning."""
    found = []
    for at, move in enumerate(moves):
        table = procedure.on(move.day)
        for clock in table.clocks.values():
            past = Past(moves[: at + 1], features, lambda _: ())
            if names(clock.start, move) and past.holds(clock.when, move.outcome):
                run = _run(procedure, clock, moves, at, on)
                if run:
                    found.append(run)
    return tuple(found)


def _run(procedure: Procedure, clock: Clock, moves: tuple[Move, ...], at: int, on: date) -> ClockState | None:
    begun = moves[at]
    if clock.term is None and begun.until is None:
        return None
    start = (begun.receipt or begun.day) if clock.from_receipt else begun.day
    ended, how = _ending(procedure, clock, moves[at + 1 :])
    last = ended.day if ended else on
    extended = [
        move for move in moves[at + 1 :] if clock.extension and move.step == clock.extension[0] and move.day <= last
    ]
    period = _known(procedure.calendar, last, lambda known: _period(clock, start, begun.until, known, bool(extended)))
    state = _state(clock, period, ended, how, on)
    return ClockState(clock, start, begun, period, None if state == "lapsed" else ended, state)


def _known(calendar: Calendar, last: date, counted: Callable[[Calendar], Period]) -> Period:
    """The period by what was announced while it ran: a notice inside it may move its end, and so let a further one count."""
    period = counted(calendar.known(last))
    for _ in range(_MOST_NOTICES):
        again = counted(calendar.known(min(last, period.due)))
        if again.due == period.due:
            break
        period = again
    return period


def _period(clock: Clock, start: date, named: date | None, calendar: Calendar, extended: bool) -> Period:
    if clock.term is None:
        return until(start, named or start)
    term = clock.term
    if extended and clock.extension:
        term = Term(term.number + clock.extension[1].number, term.unit)
    return count(start, term, calendar)


def _ending(procedure: Procedure, clock: Clock, later: tuple[Move, ...]) -> tuple[Move | None, str]:
    for move in later:
        if names(clock.until, move):
            return move, "met"
        if names(clock.start, move):
            return move, "restarted"
        step = procedure.on(move.day).steps.get(move.step)
        if step and step.ends:
            return move, "closed"
    return None, ""


def _state(clock: Clock, period: Period, ended: Move | None, how: str, on: date) -> str:
    day = ended.day if ended else on
    if ended and how != "met":
        return how if day <= period.due or not clock.right else "lapsed"
    if day <= period.due:
        return "met" if ended else "running"
    if clock.right:
        return "lapsed"
    return "late" if ended else "overdue"


def names(condition: Alternatives, move: Move) -> bool:
    """Whether a move is one of the steps (with the outcome) a clock begins or ends with."""
    return any(
        atom.kind == "done" and atom.name == move.step and atom.outcome in {"", move.outcome}
        for part in condition
        for atom in part
    )
