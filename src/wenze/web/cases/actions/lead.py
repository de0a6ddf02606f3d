"""From a lead to an open case, or to its other ends: letter, kept, settled, passed up or on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction

from wenze.law import Bilingual, refusals
from wenze.law import Move as LawMove
from wenze.web.access import Role
from wenze.web.cases import access
from wenze.web.cases.actions.door import (
    Act,
    NotOpen,
    NotYours,
    Refused,
    Says,
    enter,
    procedure,
    reason,
    standings,
    step,
)
from wenze.web.cases.models import Case, Move, Particular, Row
from wenze.web.cases.reasoning import identity
from wenze.web.offices.models import Unit, User


def register_lead(
    *,
    by: User,
    on: date,
    at: datetime,
    instrument: str,
    title: str,
    channel: str,
    summary: str,
    receipt: date,
    features: Mapping[str, bool],
    alleged: Sequence[str] = (),
    once: str = "",
) -> Case:
    """The first move of a case. `channel` is where the lead came from, `receipt` when; nothing is kept of who reported it.

    `once` is a word of the form's own: sent twice, it gives the case that was registered the first time.
    """
    roles = by.roles(on)
    if not roles & {Role.INTAKE, Role.HANDLER}:
        raise NotYours(
            Bilingual("登记线索由受理人员或者承办人办理。", "Leads are registered by intake staff or handlers.")
        )
    role = "intake" if Role.INTAKE in roles else "handler"
    says = {"title": title, "channel": channel, "summary": summary, "features": dict(features), "alleged": [*alleged]}
    says |= {"receipt": receipt.isoformat()} | ({"once": once} if once else {})
    with transaction.atomic():
        return _begin(_Lead(by.unit, by, on, at, instrument, title, role, says))


@dataclass(frozen=True)
class _Lead:
    """A lead as it comes to a unit."""

    unit: Unit
    by: User
    on: date
    at: datetime
    instrument: str
    title: str
    role: str
    says: dict[str, Any]
    received_from: Case | None = None


def _begin(lead: _Lead) -> Case:
    unit, on = lead.unit, lead.on
    Unit.objects.select_for_update().get(pk=unit.pk)  # two leads at the same moment get two numbers
    if once := lead.says.get("once"):
        before = Move.objects.filter(step="lead", by=lead.by, unit=unit, says__once=once).select_related("case").first()
        if before:
            return before.case
    case = Case.objects.create(
        reference=_reference(unit, on),
        title=lead.title,
        instrument=lead.instrument,
        unit=unit,
        received_from=lead.received_from,
    )
    standing = standings(case, on, ())[""]
    received = date.fromisoformat(lead.says["receipt"])
    found = refusals(standing, LawMove("lead", on, lead.role, receipt=received))
    if found:
        raise NotOpen(*map(reason, found))
    move = Move.objects.create(
        case=case,
        number=1,
        step="lead",
        on=on,
        at=lead.at,
        by=lead.by,
        role=lead.role,
        unit=unit,
        table=procedure(lead.instrument).digest(on),
        says=lead.says,
    )
    rows = unit_rows(case, 1, unit)
    enter(move, rows)
    return case


def _reference(unit: Unit, on: date) -> str:
    """`code-year-number`: the unit's register of the year."""
    begun = f"{unit.code}-{on.year}-"
    last = Case.objects.filter(reference__startswith=begun).order_by("-pk").first()
    number = int(last.reference.removeprefix(begun)) + 1 if last else 1
    return f"{begun}{number:04d}"


def unit_rows(case: Case, move: int, unit: Unit) -> list[Row]:
    """The unit and those above it, as records of the case file; written where they are not there as they are now."""
    rows: list[Row] = []
    for each in (unit, *unit.superiors()):
        values = unit_values(each)
        last = Particular.objects.filter(case=case, collection="units", identity=each.code).order_by("-pk").first()
        if last is None or last.values != values:
            row = Particular(
                case=case, move=move, collection="units", identity=identity("units", values), values=values
            )
            row.save(force_insert=True)
            rows.append(row)
    return rows


def unit_values(unit: Unit) -> dict[str, str]:
    """A unit as the case file writes it."""
    values = {
        "id": unit.code,
        "title": unit.name,
        "kind": unit.kind,
        "level": unit.level,
        "parent": unit.parent.code if unit.parent else "",
        "manager": unit.manager.code if unit.manager and unit.manager in unit.superiors() else "",
    }
    return {key: value for key, value in values.items() if value}


# --- steps ------------------------------------------------------------------------------------------------------------


@step("check")
def check(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """Preliminary check."""
    return Says(papers=tuple(papers), data={"text": reasons})


@step("letter")
def letter(act: Act, /, *, reasons: str, papers: Sequence[str] = (), until: date | None = None) -> Says:
    """A talk or letter of inquiry."""
    return Says(papers=tuple(papers), until=until, data={"text": reasons})


@step("reply")
def reply(act: Act, /, *, reasons: str, papers: Sequence[str] = (), receipt: date | None = None) -> Says:
    """The reply to a letter."""
    return Says(papers=tuple(papers), receipt=receipt, data={"text": reasons})


@step("keep")
def keep(act: Act, /, *, reasons: str) -> Says:
    """The lead is kept for later."""
    return Says(reason=reasons)


@step("settle")
def settle(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """The lead is closed and cleared."""
    return Says(papers=tuple(papers), reason=reasons)


@step("pass-up")
def pass_up(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """The lead goes to the superior unit, where it begins anew; the contents are not copied, only that it was passed."""
    superior = act.holder.parent
    if superior is None:
        raise Refused(
            Bilingual(
                "本单位没有登记上级单位,无法上报。请系统管理员补录。",
                "No superior unit is registered for this one. Ask the system administrator to add it.",
            )
        )
    return _pass(act, superior, reasons, papers)


@step("pass-on")
def pass_on(act: Act, /, *, to: Unit, reasons: str, papers: Sequence[str] = ()) -> Says:
    """The lead belongs to another unit and goes there."""
    if to == act.holder:
        raise Refused(
            Bilingual("线索已在本单位,请选择别的单位。", "The lead is with this unit already. Choose another.")
        )
    return _pass(act, to, reasons, papers)


def _pass(act: Act, to: Unit, reasons: str, papers: Sequence[str]) -> Says:
    begun = act.moves[0].says
    lead = {key: begun[key] for key in ("title", "channel", "summary", "alleged", "features") if key in begun}
    # whether it is about the head or belongs to a superior is another question there
    lead |= {"features": {}, "receipt": act.on.isoformat()}
    case = act.case
    received = _begin(
        _Lead(to, act.by, act.on, act.at, case.instrument, case.title, act.moves[0].role, lead, received_from=case)
    )
    return Says(papers=tuple(papers), reason=reasons, data={"passed_to": to.code, "received_as": received.reference})


@step("open")
def open_case(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """The lead becomes a case. It needs somebody to handle it."""
    if not any(access.assigned(user, act.case) for user in User.objects.filter(is_active=True, unit=act.holder)):
        raise Refused(
            Bilingual(
                "立案前须先指定承办人。请单位负责人指定。", "Before a case is opened the head assigns its handlers."
            )
        )
    return Says(papers=tuple(papers), data={"text": reasons})
