"""The one door every act on a case passes: transaction and lock, what the law has open today, whether this user may,
the act itself, then the move and its entry in the record. What is refused leaves nothing behind.

A *step* is one of the procedure and moves the case; *work* is done within it and is open while a step is that needs it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import lru_cache
from inspect import Parameter, signature
from typing import Any, Concatenate, Protocol

from django.db import transaction
from django.utils import timezone

from wenze.law import Bilingual, OpenStep, Procedure, Refusal, Standing, read_procedure, refusals, stand
from wenze.law import Move as LawMove
from wenze.web.cases import access
from wenze.web.cases.models import Case, Move, Row, Subject, said
from wenze.web.cases.reasoning import library
from wenze.web.journal.writer import record
from wenze.web.offices.models import Unit, User

_CONCERNS = "concerns"  # of what a move says: the respondents it is about, where it is not about all
WORK = "work/"  # what the names of work begin with, so that none is taken for a step of the law


class Refused(Exception):
    """An act that is not done, with every reason, each a sentence that says what to do. Nothing was written."""

    def __init__(self, *reasons: Bilingual) -> None:
        self.reasons = reasons
        super().__init__("\n".join(reason.en for reason in reasons))


class NotOpen(Refused):
    """The law does not have this step open today, or not like this."""


class NotYours(Refused):
    """The step is open, but not to this user."""


class Stale(Refused):
    """Somebody did something since the user looked; `since` are those moves."""

    def __init__(self, since: Iterable[Move]) -> None:
        self.since = tuple(since)
        super().__init__(
            Bilingual(
                "在您打开这一页以后,案件有了新的记录,所以这一步没有执行。您填写的内容还在:请看过新的记录后再提交。",
                "Something was recorded in this case since you opened the page, so nothing was done. What you typed is "
                "still here: look at what is new, then submit again.",
            )
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """What is said with a step: what the law looks at, and `data`, which is kept beside it as plain JSON."""

    outcome: str = ""
    papers: tuple[str, ...] = ()
    receipt: date | None = None
    until: date | None = None
    actors: int = 1
    band: str = ""
    measures: tuple[str, ...] = ()
    reason: str = ""
    relations: tuple[str, ...] = ()
    data: Mapping[str, Any] = field(default_factory=dict)
    unit: Unit | None = None  # to whom the case goes with this move


@dataclass
class Act:
    """One act while it is being done: the case under lock, who does it, and where it stands in law."""

    case: Case
    by: User
    on: date
    at: datetime
    subject: str
    moves: tuple[Move, ...]
    standings: Mapping[str, Standing]
    seen: int
    rows: list[Row] = field(default_factory=list)

    @property
    def number(self) -> int:
        return len(self.moves) + 1

    @property
    def holder(self) -> Unit:
        return self.moves[-1].unit

    def add(self, row: Row) -> None:
        """Writes a row of this move."""
        row.case, row.move = self.case, self.number
        row.save(force_insert=True)
        self.rows.append(row)

    def refuse_newer(self, rows: Iterable[Row]) -> None:
        """Stale where one of the rows was written after the user looked: two people editing lose nothing."""
        newer = {row.move for row in rows if row.move > self.seen}
        if newer:
            raise Stale(move for move in self.moves if move.number in newer)


Run = Callable[Concatenate[Act, ...], Says]
"""A step's own part: what is written down, and what is said."""


class Doing(Protocol):
    """A step as others call it."""

    def __call__(
        self,
        case: Case,
        /,
        *,
        by: User,
        on: date,
        at: datetime,
        seen: int,
        subject: str = "",
        **said: Any,  # Any: what the step takes; its own signature says
    ) -> Move: ...


STEPS: dict[str, Doing] = {}
"""Every step of the procedure by the law's id."""
WORKS: dict[str, Doing] = {}
"""All work by its name."""
WHILE: dict[str, tuple[str, ...]] = {}
"""By the name of work: the steps of which one must be open."""
WHOSE: dict[str, tuple[str, ...]] = {}
"""By the name of work: the roles of the procedure in which it is done."""
TAKES: dict[str, tuple[Parameter, ...]] = {}
"""By step, or by work with `WORK` before its name: what it takes, from its own signature; forms follow it."""


def _takes(run: Run) -> tuple[Parameter, ...]:
    return tuple(each for each in signature(run).parameters.values() if each.kind is Parameter.KEYWORD_ONLY)


def step(id_: str) -> Callable[[Run], Doing]:
    """A function of one step of the procedure, taken through the door."""

    def through(run: Run) -> Doing:
        def done(act: Act, told: Mapping[str, Any]) -> Move:
            if act.seen != len(act.moves):
                raise Stale(act.moves[act.seen :])
            found = _open(act, id_)
            role = _role(act, found.roles)
            says = _with_relations(act, run(act, **told))
            _refuse_unlawful(act, id_, role, says)
            return _write(act, id_, role, says)

        STEPS[id_], TAKES[id_] = _door(done), _takes(run)
        return STEPS[id_]

    return through


def work(name: str, *, during: tuple[str, ...], roles: tuple[str, ...]) -> Callable[[Run], Doing]:
    """A function of work that is done while one of some steps is open, by who acts in one of some roles."""

    def through(run: Run) -> Doing:
        def done(act: Act, told: Mapping[str, Any]) -> Move:
            _refuse_closed(act, during)
            role = _role(act, roles)
            twice = [move for move in act.moves[act.seen :] if (move.by, move.step) == (act.by, WORK + name)]
            if twice:  # the same form sent again, or another that does not show yet what the first did
                raise Stale(twice)
            return _write(act, WORK + name, role, run(act, **told))

        WORKS[name], WHILE[name], WHOSE[name], TAKES[WORK + name] = _door(done), during, roles, _takes(run)
        return WORKS[name]

    return through


def _door(done: Callable[[Act, Mapping[str, Any]], Move]) -> Doing:
    """The way in, the same for all: one transaction, the case under lock, where it stands today; then what is done."""

    def take(
        case: Case,
        /,
        *,
        by: User,
        on: date,
        at: datetime,
        seen: int,
        subject: str = "",
        **told: Any,
    ) -> Move:
        with transaction.atomic():
            return done(_enter(case, by=by, on=on, at=at, seen=seen, subject=subject), told)

    return take


# --- where a case stands ----------------------------------------------------------------------------------------------


@lru_cache(maxsize=8)
def procedure(instrument: str) -> Procedure:
    """The steps, clocks and measures that go with an instrument, read once."""
    return read_procedure(library(), instrument)


def standings(case: Case, on: date, moves: Iterable[Move] | None = None) -> dict[str, Standing]:
    """Where each respondent's procedure stands on a day; under "" where no respondent is named yet."""
    done = tuple(case.moves.select_related("unit", "by") if moves is None else moves)
    names = tuple(dict.fromkeys(Subject.objects.filter(case=case).values_list("identity", flat=True)))
    return {name: _stand(case, done, name, on) for name in names or ("",)}


def features(moves: Iterable[Move], subject: str) -> dict[str, bool]:
    """What was established of the case, or of one respondent: the last word counts."""
    found: dict[str, bool] = {}
    for move in moves:
        if concerns(move, subject):
            found |= move.says.get("features", {}) | move.says.get("features_of", {}).get(subject, {})
    return found


def concerns(move: Move, subject: str) -> bool:
    """Whether a move is about a respondent: named alone, or one of those whose procedure went on when it was made."""
    return move.subject == subject or (not move.subject and subject in move.says.get(_CONCERNS, (subject,)))


def _stand(case: Case, moves: Iterable[Move], subject: str, on: date) -> Standing:
    done = tuple(moves)
    history = tuple(as_law(move) for move in done if not move.step.startswith(WORK) and concerns(move, subject))
    return stand(procedure(case.instrument), history, features(done, subject), on=on)


def as_law(move: Move) -> LawMove:
    """A move as the law sees it."""
    says = move.says
    return LawMove(
        move.step,
        move.on,
        move.role,
        outcome=says.get("outcome", ""),
        papers=tuple(says.get("papers", ())),
        receipt=_day(says.get("receipt")),
        until=_day(says.get("until")),
        relations=tuple(says.get("relations", ())),
        actors=says.get("actors", 1),
        band=says.get("band", ""),
        measures=tuple(says.get("measures", ())),
        reason=says.get("reason", ""),
    )


def _day(written: str | None) -> date | None:
    return date.fromisoformat(written) if written else None


# --- the parts of the door --------------------------------------------------------------------------------------------


def _enter(case: Case, *, by: User, on: date, at: datetime, seen: int, subject: str) -> Act:
    locked = Case.objects.select_for_update().get(pk=case.pk)
    moves = tuple(locked.moves.select_related("unit", "by"))
    found = standings(locked, on, moves)
    if subject and subject not in found:
        raise Refused(Bilingual("案件没有这个问责对象。请重新选择。", "The case has no such respondent. Choose again."))
    live = {name: one for name, one in found.items() if not subject or name == subject}
    return Act(locked, by, on, at, subject, moves, live, seen)


def _concerned(act: Act) -> dict[str, Standing]:
    """The respondents an act concerns: the one named, else all whose procedure has not ended; all where none is left."""
    going = {name: standing for name, standing in act.standings.items() if not standing.ended}
    return going or dict(act.standings)


def _open(act: Act, id_: str) -> OpenStep:
    """The step as open today for every respondent concerned. NotOpen with the law's own reasons."""
    reasons: list[Bilingual] = []
    found: OpenStep | None = None
    for standing in _concerned(act).values():
        found = standing.opened(id_) or found
        refused = next((one for one in standing.refused if one.step.id == id_), None)
        if refused:
            reasons += [reason(each) for each in refused.reasons]
    if reasons or found is None:
        raise NotOpen(*dict.fromkeys(reasons), *([] if reasons else [_UNKNOWN]))
    return found


_UNKNOWN = Bilingual("这一步今天不在程序之内。", "This step is not part of the procedure today.")


def _role(act: Act, wanted: tuple[str, ...]) -> str:
    """The first of the roles wanted in which the user acts. NotYours where there is none."""
    mine = capacities(act)
    role = next((each for each in wanted if each in mine), None)
    if role:
        return role
    table = procedure(act.case.instrument).on(act.on)
    named = _listed(table.roles[each] for each in wanted if each in table.roles)
    raise NotYours(
        Bilingual(
            f"这一步由{named.zh}办理。请转交有此职责的人;需要调整承办人的,由单位负责人指定。",
            f"This step is for: {named.en}. Pass it to whoever has that duty; the head of the unit assigns handlers.",
        )
    )


def capacities(act: Act) -> frozenset[str]:
    """The roles in which the user acts: held on the day of the act, and still when it is registered."""
    now = timezone.localdate(act.at)
    return access.capacities(act.by, act.case, act.on) & access.capacities(act.by, act.case, now)


def _listed(names: Iterable[Bilingual]) -> Bilingual:
    named = tuple(names)
    return Bilingual("、".join(name.zh for name in named), ", ".join(name.en for name in named))


def _refuse_closed(act: Act, during: tuple[str, ...]) -> None:
    for standing in _concerned(act).values():
        if any(standing.opened(each) for each in during):
            return
    steps = procedure(act.case.instrument).on(act.on).steps
    named = _listed(steps[each].title for each in during if each in steps)
    raise NotOpen(
        Bilingual(
            f"现在不能办这件事:只有在可以进行下列步骤之一时才能办:{named.zh}。",
            f"This cannot be done now: only while one of these steps is open: {named.en}.",
        )
    )


def _with_relations(act: Act, says: Says) -> Says:
    """With the part the user had in earlier stages: what that excludes from, the law says."""
    parts = access.earlier_parts(act.by, act.case)
    return replace(says, relations=tuple(dict.fromkeys((*says.relations, *parts))))


def _refuse_unlawful(act: Act, id_: str, role: str, says: Says) -> None:
    """The law's last word, with everything that was said."""
    move = LawMove(
        id_,
        act.on,
        role,
        outcome=says.outcome,
        papers=says.papers,
        receipt=says.receipt,
        until=says.until,
        relations=says.relations,
        actors=says.actors,
        band=says.band,
        measures=says.measures,
        reason=says.reason,
    )
    found = [reason(each) for standing in _concerned(act).values() for each in refusals(standing, move)]
    if found:
        raise NotOpen(*dict.fromkeys(found))


def reason(refusal: Refusal) -> Bilingual:
    """A refusal of the law as a sentence with its source."""
    basis, message = refusal.basis, refusal.message
    if basis is None:
        return message
    return Bilingual(f"{message.zh}({basis.cite('zh')})", f"{message.en} ({basis.cite('en')})")


def _write(act: Act, name: str, role: str, says: Says) -> Move:
    move = Move(
        case=act.case,
        number=act.number,
        step=name,
        subject=act.subject,
        on=act.on,
        at=act.at,
        by=act.by,
        role=role,
        unit=says.unit or act.holder,
        table=procedure(act.case.instrument).digest(act.on),
        says=_plain(says) | _concerning(act),
    )
    move.save(force_insert=True)
    enter(move, act.rows)
    return move


def _concerning(act: Act) -> dict[str, list[str]]:
    """Whom a move is about that names nobody, where others' procedure has ended: it adds nothing to theirs."""
    concerned = _concerned(act)
    return {} if act.subject or len(concerned) == len(act.standings) else {_CONCERNS: [*concerned]}


def enter(move: Move, rows: Iterable[Row]) -> int:
    """The entry in the record of a move and all rows it wrote: the last thing that happens. Gives its number."""
    written = [{"table": row._meta.model_name, **said(row)} for row in rows]
    return record(
        f"case.{move.step.replace('/', '.')}",
        about=[f"case/{move.case.reference}"],
        by=f"staff/{move.by_id}",
        data={
            "number": move.number,
            "step": move.step,
            "subject": move.subject,
            "on": move.on.isoformat(),
            "at": move.at.isoformat(),
            "role": move.role,
            "unit": move.unit.code,
            "table": move.table,
            "says": move.says,
            "rows": written,
        },
    )


def _plain(says: Says) -> dict[str, Any]:
    """What is said, as plain JSON; what was not said is left out."""
    values: dict[str, Any] = {
        "outcome": says.outcome,
        "papers": list(says.papers),
        "receipt": says.receipt.isoformat() if says.receipt else None,
        "until": says.until.isoformat() if says.until else None,
        "actors": says.actors if says.actors != 1 else None,
        "band": says.band,
        "measures": list(says.measures),
        "reason": says.reason,
        "relations": list(says.relations),
    }
    shared = values.keys() & says.data.keys()
    if shared:
        raise AssertionError(f"{shared} is what the law looks at and cannot be said besides")
    values |= says.data
    return {key: value for key, value in values.items() if value not in (None, "", [], {})}
