"""Who stands how to a case: whose unit holds it, who handles it, who is out of it. Computed when asked, never stored.

Recusal is computed (the same person, the leadership of the same unit, a declared relation) and declared; who is out
neither acts nor reads. Knows no step: which of these relations excludes from what, the law says.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db.models import F, OuterRef, Q, QuerySet, Subquery

from wenze.web.access import CASE_STAFF, Relation, Role
from wenze.web.cases.models import Assignment, Case, Move, Recusal, Subject, Vote
from wenze.web.offices.models import Relationship, Unit, User

# Grounds as the procedure names relations.
SAME_PERSON, UNIT_LEADER, OTHER_BIAS = "same-person", "unit-leader", "other-bias"
HANDLED, DECIDED = "handled-case", "decided-before"
OWN_HEAD = "about-own-head"  # the feature of a case that keeps the head from it before a respondent is named
_LEADERS = frozenset({Role.HEAD, Role.DECIDER})


def holder(case: Case) -> Unit:
    """The unit the case is with: that of its last move. Whoever had it before goes on seeing it."""
    last = case.moves.order_by("-number").select_related("unit").first()
    return last.unit if last else case.unit


def relations(user: User, number: str, on: date) -> frozenset[Relation]:
    """How a user stands to the case of that number; empty where there is none."""
    case = Case.objects.filter(reference=number).first()
    return relations_to(user, case, on) if case else frozenset()


def relations_to(user: User, case: Case, on: date) -> frozenset[Relation]:
    """How a user stands to a case. Who is recused stands in no other relation."""
    roles = user.roles(on)
    if not roles & CASE_STAFF:
        return frozenset({Relation.OUTSIDE})
    if recused(user, case, roles):
        return frozenset({Relation.RECUSED})
    found = {Relation(duty) for duty in assigned(user, case)}
    if case.moves.filter(unit=user.unit_id).exists():
        found.add(Relation.UNIT)
    if Role.DECIDER in roles and holder(case).pk == user.unit_id:
        found.add(Relation.MEMBER)
    return frozenset(found or {Relation.OUTSIDE})


def recused(user: User, case: Case, roles: frozenset[Role]) -> tuple[str, ...]:
    """The grounds on which a user is out of a case, declared ones first."""
    grounds = list(Recusal.objects.filter(case=case, user=user).values_list("ground", flat=True))
    subjects = list(Subject.objects.filter(case=case))
    officials = {subject.official_id for subject in subjects if subject.official_id}
    if user.official_id and user.official_id in officials:
        grounds.append(SAME_PERSON)
    if Role.HEAD in roles and _about_head_of(user).filter(case=case).exists():
        grounds.append(SAME_PERSON)
    if roles & _LEADERS and any(subject.unit_id == user.unit_id for subject in subjects):
        grounds.append(UNIT_LEADER)
    if officials and Relationship.objects.filter(user=user, official__in=officials).exists():
        grounds.append(OTHER_BIAS)
    return tuple(dict.fromkeys(grounds))


def _about_head_of(user: User) -> QuerySet[Move]:
    """The moves that say, of a case with the user's unit, that it is about the unit's own head."""
    return Move.objects.filter(unit=user.unit_id, **{f"says__features__{OWN_HEAD}": True})


def assigned(user: User, case: Case) -> frozenset[str]:
    """The duties a user has in a case now: handler, reviewer."""
    last = dict(
        Assignment.objects.filter(case=case, user=user).order_by("pk").values_list("duty", "ended")
    )  # the last row of a duty counts
    return frozenset(duty for duty, ended in last.items() if not ended)


def earlier_parts(user: User, case: Case) -> tuple[str, ...]:
    """The user's part in earlier stages, as the procedure names relations: handled it, decided it before."""
    found = []
    if Assignment.objects.filter(case=case, user=user).exists():
        found.append(HANDLED)
    if Vote.objects.filter(case=case, member=user, motion__step="decide").exists():
        found.append(DECIDED)
    return tuple(found)


def visible(user: User, on: date) -> QuerySet[Case]:
    """The cases a user may read on a day; lists, counts and searches begin here."""
    roles = user.roles(on)
    if not roles & CASE_STAFF:
        return Case.objects.none()
    handling = (
        Assignment.objects.filter(user=user)
        .annotate(
            latest=Subquery(
                Assignment.objects.filter(case=OuterRef("case"), user=user, duty=OuterRef("duty"))
                .order_by("-pk")
                .values("pk")[:1]
            )
        )
        .filter(pk=F("latest"), ended=False)
    )
    had = Move.objects.filter(unit=user.unit_id).values("case")
    cases = Case.objects.filter(Q(pk__in=had) | Q(pk__in=handling.values("case")))
    return cases.exclude(_out(user, roles))


def _out(user: User, roles: frozenset[Role]) -> Q:
    """The cases a user is out of: as `recused` says of one."""
    out = Q(pk__in=Recusal.objects.filter(user=user).values("case"))
    if user.official_id:
        out |= Q(pk__in=Subject.objects.filter(official=user.official_id).values("case"))
    if Role.HEAD in roles:
        out |= Q(pk__in=_about_head_of(user).values("case"))
    if roles & _LEADERS:
        out |= Q(pk__in=Subject.objects.filter(unit=user.unit_id).values("case"))
    related = Relationship.objects.filter(user=user).values("official")
    out |= Q(pk__in=Subject.objects.filter(official__in=related).values("case"))
    return out


def below(user: User, on: date) -> QuerySet[Case]:
    """The cases that are with a unit directly below the user's, of which the head learns what is overdue and no more."""
    last = Move.objects.filter(case=OuterRef("pk")).order_by("-number")
    cases = Case.objects.annotate(holding=Subquery(last.values("unit__parent")[:1])).filter(holding=user.unit_id)
    roles = user.roles(on)
    return cases.exclude(_out(user, roles)) if Role.HEAD in roles else cases.none()


def capacities(user: User, case: Case, on: date) -> frozenset[str]:
    """The roles of the procedure in which a user may act on a case.

    What a respondent or a reporter does is entered for them by who handles the case, or by intake.
    """
    return _capacities(user.roles(on), relations_to(user, case, on))


def capacities_in(user: User, cases: Collection[Case], on: date) -> dict[int, frozenset[str]]:
    """The same for many cases at once, by primary key: of those the user may read (`visible`)."""
    roles, found = user.roles(on), {case.pk: set[Relation]() for case in cases}
    moves = Move.objects.filter(case__in=[*found])
    for pk in moves.filter(unit=user.unit_id).values_list("case", flat=True).distinct():
        found[pk].add(Relation.UNIT)
    last = Assignment.objects.filter(case__in=[*found], user=user).order_by("pk")
    duties = {(pk, duty): ended for pk, duty, ended in last.values_list("case", "duty", "ended")}
    for (pk, duty), ended in duties.items():
        found[pk] |= set() if ended else {Relation(duty)}
    if Role.DECIDER in roles:
        holding = moves.order_by("case", "number").values_list("case", "unit")
        for pk, unit in dict(holding).items():
            found[pk] |= {Relation.MEMBER} if unit == user.unit_id else set()
    return {pk: _capacities(roles, frozenset(stands)) for pk, stands in found.items()}


def _capacities(roles: frozenset[Role], stands: frozenset[Relation]) -> frozenset[str]:
    here = Relation.UNIT in stands
    found = {
        "intake": here and Role.INTAKE in roles,
        "handler": Relation.HANDLER in stands and Role.HANDLER in roles,
        "legal-reviewer": Relation.REVIEWER in stands and Role.REVIEWER in roles,
        "decider": Relation.MEMBER in stands,
        "head": here and Role.HEAD in roles,
        "superior": Relation.MEMBER in stands,  # of the next level up, once the case is there
    }
    for_others = found["handler"] or found["intake"]
    return frozenset([name for name, may in found.items() if may] + (["respondent", "reporter"] if for_others else []))


def collective(case: Case, unit: Unit, on: date) -> tuple[User, ...]:
    """The members of the collective that decides in a unit, whoever of them is excluded."""
    members = User.objects.filter(unit=unit, is_active=True).order_by("pk")
    return tuple(member for member in members if Role.DECIDER in member.roles(on))


def excluded(member: User, case: Case, on: date) -> tuple[str, ...]:
    """Why a member of the collective has no vote on a case: recused, or handled it."""
    grounds = recused(member, case, member.roles(on))
    parts = tuple(part for part in earlier_parts(member, case) if part == HANDLED)
    return grounds + parts
