"""Finding out: who handles the case, who it is about, evidence, facts, judgements, rulings on readings, and the
determination that is frozen when a step rests on it.

A change is a further row; what was entered before stays beside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db.models import Max

from wenze.law import Bilingual, Problems
from wenze.web.access import Relation, Role
from wenze.web.cases import access, evidence, reasoning
from wenze.web.cases.actions.door import Act, NotYours, Refused, Says, Stale, capacities, step, work
from wenze.web.cases.actions.lead import unit_rows, unit_values
from wenze.web.cases.models import Assignment, Case, EvidenceFile, Move, Particular, Receipt, Subject
from wenze.web.offices.models import Management, Post, Tenure, Unit, User, on_day

# Work is open as long as a step is that it serves: up to the decision, and again while a complaint is examined.
INQUIRING = (
    "check",
    "open",
    "inquire",
    "determine",
    "recommend",
    "direct",
    "decide",
    "answer-complaint",
    "answer-review",
)
_HANDLING = ("handler",)
_RULING = ("legal-reviewer", "decider")
MANAGED_HERE = "managed-here"  # the feature of a case on which competence rests
_PREFIX = {"acts": "A", "events": "V", "duties": "D", "evidence": "E"}  # how records of a case are numbered


# --- people -----------------------------------------------------------------------------------------------------------


@work("assign", during=("check", "letter", "open", "close", "refer"), roles=("head",))
def assign(act: Act, /, *, user: User, duty: str, ended: bool, reasons: str) -> Says:
    """A user handles the case, or reviews it, from now on; or (`ended`) no longer does."""
    wanted = {Relation.HANDLER: Role.HANDLER, Relation.REVIEWER: Role.REVIEWER}[Relation(duty)]
    if not ended and wanted not in user.roles(act.on):
        raise Refused(
            Bilingual(
                f"{user.name}没有相应的角色,不能指定。请先由系统管理员授予角色,或者另选他人。",
                f"{user.name} has not the role for this. Have it granted first, or choose somebody else.",
            )
        )
    if not ended and Relation.RECUSED in access.relations_to(user, act.case, act.on):
        raise Refused(
            Bilingual(
                f"{user.name}应当回避本案,不能指定。请另选他人。", f"{user.name} is recused. Choose somebody else."
            )
        )
    act.add(Assignment(user=user, duty=duty, ended=ended))
    return Says(data={"text": reasons})


@work("name-respondent", during=INQUIRING, roles=_HANDLING)
def name_respondent(act: Act, /, *, post: Post | None = None, unit: Unit | None = None, day: date) -> Says:
    """The case is about whoever held a post on a day, or about a unit. What the registers say of them is entered."""
    if post and not unit:
        subject = _name_post(act, post, day)
    elif unit and not post:
        subject = _name_unit(act, unit)
    else:
        raise Refused(Bilingual("请选择一个职务,或者一个单位。", "Choose either a post or a unit."))
    if Subject.objects.filter(case=act.case, identity=subject.identity).exists():
        raise Refused(Bilingual("这个问责对象已经在案。", "This respondent is in the case already."))
    act.add(subject)
    known = {} if subject.manager is None else {MANAGED_HERE: _manages(act.holder, subject.manager)}
    return Says(data={"respondent": subject.identity, "features_of": {subject.identity: known}})


def _manages(holder: Unit, manager: Unit) -> bool:
    """Whether a unit, or one above it on its own level, manages: a discipline organ acts for its committee's cadres."""
    return manager in (holder, *(above for above in holder.superiors() if above.level == holder.level))


def _name_post(act: Act, post: Post, day: date) -> Subject:
    tenure = Tenure.objects.filter(on_day(day), post=post).select_related("official").first()
    managed = Management.objects.filter(on_day(day), post=post).select_related("manager").first()
    if tenure is None:
        raise Refused(
            Bilingual(
                f"登记的任职中,{day.isoformat()}没有人担任这一职务。请核对日期,或者先补录任职。",
                f"By the register nobody held this post on {day.isoformat()}. Check the day, or complete the register.",
            )
        )
    manager = managed.manager if managed else None
    for unit in (post.unit, *([manager] if manager else [])):
        act.rows += unit_rows(act.case, act.number, unit)
    values = {
        "id": post.code,
        "title": post.title,
        "unit": post.unit.code,
        "role": post.role,
        "rank": post.rank,
        "mode": tenure.mode,
        "manager": manager.code if manager else "",
        "start": tenure.start.isoformat(),
        "end": tenure.end.isoformat() if tenure.end else "",
        "holder": tenure.official.code,
    }
    _put(act, "posts", {key: value for key, value in values.items() if value})
    return Subject(identity=post.code, official=tenure.official, unit=post.unit, manager=manager)


def _name_unit(act: Act, unit: Unit) -> Subject:
    for each in (unit, *([unit.manager] if unit.manager else [])):
        act.rows += unit_rows(act.case, act.number, each)
    values = unit_values(unit) | ({"manager": unit.manager.code} if unit.manager else {})
    _put(act, "units", values)
    return Subject(identity=unit.code, unit=unit, manager=unit.manager)


# --- evidence, facts, judgements --------------------------------------------------------------------------------------


@work("enter", during=INQUIRING, roles=_HANDLING)
def enter_particulars(act: Act, /, *, records: Sequence[tuple[str, Mapping[str, Any]]]) -> Says:
    """Records of the case file (collection, values), each new or in the place of the last one of its identity.

    All or none. A judgement needs `find`, a ruling `rule`, a piece of evidence `admit-evidence`.
    """
    for collection, values in records:
        if collection not in reasoning.COLLECTIONS or collection in ("findings", "rulings", "evidence"):
            raise Refused(Bilingual("请用相应的表单登记。", "Use the form for it."))
        _put(act, collection, values)
    _refuse_faulty(act)
    return Says(data={"collections": sorted({collection for collection, _ in records})})


@work("withdraw", during=INQUIRING, roles=_HANDLING)
def withdraw(act: Act, /, *, collection: str, identity: str, reasons: str) -> Says:
    """A record no longer counts, and why; it stays readable."""
    if collection == "rulings":
        raise NotYours(
            Bilingual(
                "对解读的裁定由法制审核人或者作出裁定的人撤回。",
                "A ruling on a reading is withdrawn by the legal reviewer or by who ruled.",
            )
        )
    return _withdrawn(act, collection, _standing(act.case, collection, identity), reasons)


@work("withdraw-ruling", during=INQUIRING, roles=_RULING)
def withdraw_ruling(act: Act, /, *, identity: str, reasons: str) -> Says:
    """A ruling no longer counts: by the reviewer, or by the member of the collective who made it."""
    before = _standing(act.case, "rulings", identity)
    if "legal-reviewer" not in capacities(act) and ruled_by(act.moves, before) != act.by:
        raise NotYours(Bilingual("这一裁定不是您作出的。", "You did not make this ruling."))
    return _withdrawn(act, "rulings", before, reasons)


def ruled_by(moves: Iterable[Move], ruling: Particular) -> User | None:
    """Who made a ruling."""
    return next((move.by for move in moves if move.number == ruling.move), None)


def _standing(case: Case, collection: str, identity: str) -> Particular:
    """The record of an identity that counts. Refused where there is none."""
    found = reasoning.particulars(case).get((collection, identity))
    if found is None:
        raise Refused(Bilingual("没有这条记录,或者已经撤回。", "There is no such record, or it is withdrawn already."))
    return found


def _withdrawn(act: Act, collection: str, before: Particular, reasons: str) -> Says:
    identity = before.identity
    act.refuse_newer([before])
    act.add(Particular(collection=collection, identity=identity, values=before.values, withdrawn=True, reason=reasons))
    _refuse_faulty(act)
    return Says(data={"collection": collection, "text": reasons})


@work("admit-evidence", during=INQUIRING, roles=_HANDLING)
def admit_evidence(
    act: Act, /, *, values: Mapping[str, Any], kept: evidence.Kept | None = None, name: str = ""
) -> Says:
    """A piece of evidence, with its bytes where there are some: `kept` is what the store gave for them."""
    told = dict(values) | ({"digest": f"sha256:{kept.digest}"} if kept else {})
    row = _put(act, "evidence", told)
    if kept:
        act.add(
            EvidenceFile(
                evidence=row.identity,
                digest=kept.digest,
                media_type=kept.media_type,
                size=kept.size,
                name=name[:200],
            )
        )
    _refuse_faulty(act)
    return Says(data={"collection": "evidence", "evidence": row.identity})


@work("find", during=INQUIRING, roles=_HANDLING)
def find(
    act: Act,
    /,
    *,
    fact: str,
    entities: Sequence[str],
    evidence_for: Sequence[str] | None = None,
    evidence_against: Sequence[str] | None = None,
    holds: bool | None = None,
    reasons: str = "",
) -> Says:
    """What is found of one fact: the evidence for and against it, and a judgement where there is one.

    A judgement, or the resolution of contested evidence, is by a named person, on a day, with reasons.
    """
    about: dict[str, Any] = {"fact": fact, "entities": [*entities]}
    sides = {"for": [*(evidence_for or ())], "against": [*(evidence_against or ())]}
    if evidence_for is not None or evidence_against is not None:
        _put(act, "facts", about | {side: pieces for side, pieces in sides.items() if pieces})
    if holds is not None:
        if not reasons.strip():
            raise Refused(Bilingual("署名认定须写明理由。", "A finding needs its reasons."))
        values = about | {"holds": holds, "by": act.by.name, "date": act.on.isoformat(), "reasons": reasons}
        basis = [*sides["for"], *sides["against"]]
        _put(act, "findings", values | ({"basis": basis} if basis else {}))
    if not act.rows:
        raise Refused(
            Bilingual("请选择证据,或者作出署名的认定。", "Choose evidence, or make a finding."),
        )
    _refuse_faulty(act)
    return Says(data={"collection": "findings", "fact": fact, "text": reasons})


@work("rule", during=INQUIRING, roles=_RULING)
def rule(act: Act, /, *, reading: str, option: str, since: date, source: str, reasons: str) -> Says:
    """A ruling on an open question of interpretation: who, why, from which day."""
    values = {
        "reading": reading,
        "option": option,
        "by": f"{act.by.unit.name} {act.by.name}",
        "since": since.isoformat(),
        "source": source,
    }
    _put(act, "rulings", {key: value for key, value in values.items() if value})
    _refuse_faulty(act)
    return Says(data={"collection": "rulings", "reading": reading, "option": option, "text": reasons})


def _put(act: Act, collection: str, values: Mapping[str, Any]) -> Particular:
    """A record beside the last one of its identity; where that is newer than what the user saw, Stale."""
    told = dict(values)
    if collection in _PREFIX and not told.get("id"):
        told = {"id": _next_id(act.case, collection)} | told
    name = reasoning.identity(collection, told)
    act.refuse_newer(Particular.objects.filter(case=act.case, collection=collection, identity=name).order_by("-pk")[:1])
    row = Particular(collection=collection, identity=name, values=told)
    act.add(row)
    return row


def _next_id(case: Case, collection: str) -> str:
    prefix = _PREFIX[collection]
    taken = set(
        Particular.objects.filter(case=case, collection=collection).values_list("identity", flat=True).distinct()
    )
    number = len(taken) + 1
    while f"{prefix}{number}" in taken:
        number += 1
    return f"{prefix}{number}"


def _refuse_faulty(act: Act) -> None:
    """The law reads the whole file as it would now stand; what it cannot read is not kept."""
    try:
        file = reasoning.case_file(act.case)
        problems = file.problems
    except Problems as found:
        problems = found.problems
    if problems:
        raise Refused(*map(reasoning.title, problems))


# --- steps ------------------------------------------------------------------------------------------------------------


@step("inquire")
def inquire(act: Act, /, *, reasons: str, papers: Sequence[str] = (), actors: int = 1, outcome: str = "") -> Says:
    """A part of the inquiry: what was done, by how many officers."""
    return Says(papers=tuple(papers), actors=actors, outcome=outcome, data={"text": reasons})


@step("extend")
def extend(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """The inquiry takes longer."""
    return Says(papers=tuple(papers), reason=reasons)


def freeze(case: Case, *, on: date, seen: int) -> tuple[str, bytes]:
    """The receipt of the case as the user saw it: made before the door, since it takes longer than a lock should."""
    last = case.moves.aggregate(Max("number"))["number__max"] or 0
    if last != seen:
        raise Stale(case.moves.filter(number__gt=seen))
    file = reasoning.case_file(case)
    if not file.respondents:
        raise Refused(
            Bilingual(
                "还没有可以认定的内容:请先登记问责对象、行为和参与情况。",
                "There is nothing to determine yet: enter the respondent, the act and the part taken in it first.",
            )
        )
    return reasoning.freeze(file.determination(on))


PAPER = "determination-receipt"


@step("determine")
def _determine(act: Act, /, *, frozen: tuple[str, bytes], reasons: str) -> Says:
    digest, content = frozen
    act.add(Receipt(digest=digest, content=content))
    return Says(papers=(PAPER,), data={"text": reasons, "frozen": digest})


def determine(case: Case, /, *, by: User, on: date, at: datetime, seen: int, reasons: str, subject: str = "") -> Move:
    """The determination as it stands today, frozen: what later steps rest on."""
    frozen = freeze(case, on=on, seen=seen)
    return _determine(case, by=by, on=on, at=at, seen=seen, subject=subject, frozen=frozen, reasons=reasons)
