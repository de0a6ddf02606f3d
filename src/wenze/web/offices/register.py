"""How units, posts, holders and staff come to be and end: one function per act, each on the record.

Nothing is edited: what holds gets an end, and what follows begins. Terms are held against the vocabularies of the
instruments. `by` is the user who does it, None the machine itself.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import cache
from typing import Any, TypeVar

from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext as _

from wenze.law import Library, shipped
from wenze.web.access import KEEPERS, Role
from wenze.web.journal.writer import record
from wenze.web.offices.accounts import new_secret
from wenze.web.offices.models import (
    Charge,
    Dated,
    DivisionPaper,
    Grant,
    Management,
    Official,
    Post,
    Relationship,
    Tenure,
    Unit,
    User,
    on_day,
)

Row = TypeVar("Row", bound=models.Model)

_SECRET = {"password", "totp", "totp_step", "last_login", "failures", "locked_until"}
_VOCABULARIES = {"kind": "单位类型", "level": "层级", "role": "职务角色", "rank": "职级", "mode": "任职方式"}


class Unfit(ValueError):
    """What was to be entered cannot be: the message says why and what to do."""


# --- units and posts --------------------------------------------------------------------------------------------------


@transaction.atomic
def found_unit(unit: Unit, *, by: User | None) -> Unit:
    """Enters a unit below its parent."""
    _refuse_unknown(kind=unit.kind, level=unit.level)
    return _entered(unit, "unit.founded", by)


@transaction.atomic
def create_post(post: Post, *, by: User | None) -> Post:
    """Enters a post; its rank may be left open."""
    _refuse_unknown(role=post.role, **({"rank": post.rank} if post.rank else {}))
    return _entered(post, "post.created", by)


@transaction.atomic
def appoint(tenure: Tenure, *, by: User | None) -> Tenure:
    """An official holds a post from a day on, in a mode (regular, acting, on loan …)."""
    _refuse_unknown(mode=tenure.mode)
    _refuse_overlap(tenure, Tenure.objects.filter(post=tenure.post, official=tenure.official))
    return _entered(tenure, "post.held", by)


@transaction.atomic
def put_under(management: Management, *, by: User | None) -> Management:
    """From a day on, a unit manages whoever holds the post. One unit at a time."""
    _refuse_overlap(management, Management.objects.filter(post=management.post))
    return _entered(management, "post.managed", by)


@transaction.atomic
def divide_work(paper: DivisionPaper, charges: Iterable[tuple[Post, str]], *, by: User | None) -> DivisionPaper:
    """Enters a paper with what it puts in whose charge, in its own words."""
    said = [(post, matter) for post, matter in charges]
    paper.save()
    for post, matter in said:
        if post.unit_id != paper.unit_id:
            raise Unfit(_("%(post)s不是该文件所属单位的职务。") % {"post": post.title})
        Charge.objects.create(paper=paper, post=post, matter=matter)
    data = _data(paper) | {"charges": [[post.code, matter] for post, matter in said]}
    record("work.divided", about=[_reference(paper)], by=_who(by), data=data)
    return paper


@transaction.atomic
def end(held: Dated, on: date, *, by: User | None) -> None:
    """The last day on which something held: a tenure, a management, a paper, a role. Once."""
    now = type(held).objects.select_for_update().get(pk=held.pk)  # type: ignore[attr-defined]  # every model has it
    if now.end is not None:
        raise Unfit(_("已于 %(day)s 终止，不能再改。") % {"day": now.end.isoformat()})
    if on < now.start:
        raise Unfit(_("不能在开始之日 %(day)s 以前终止。") % {"day": now.start.isoformat()})
    held.end = now.end = on
    now.save(update_fields=["end"])
    record(f"{type(held).__name__.lower()}.ended", about=[_reference(now)], by=_who(by), data=_data(now))


@transaction.atomic
def register_official(official: Official, *, by: User | None) -> Official:
    """Enters somebody who holds or held a post here."""
    return _entered(official, "official.registered", by)


# --- staff ------------------------------------------------------------------------------------------------------------


@transaction.atomic
def enlist(user: User, password: str, *, by: User | None) -> str:
    """Adds a staff user; gives the address an authenticator reads (once: it is not shown again). Roles are granted apart."""
    address = _equip(user, password)
    _entered(user, "user.enlisted", by)
    return address


@transaction.atomic
def grant(user: User, role: Role, on: date, *, by: User | None) -> Grant:
    """A role from a day on. Who keeps the system works on no case, and only one of the three keeps it."""
    held = user.roles(on)
    if role in held:
        raise Unfit(_("%(user)s已有这一角色。") % {"user": user.name})
    if held and (role in KEEPERS or held & KEEPERS):
        raise Unfit(_("系统管理、安全管理、审计管理须各由专人担任，不得兼任，也不得办案。"))
    return _entered(Grant(user=user, role=role, start=on), "role.granted", by)


@transaction.atomic
def revoke(user: User, role: Role, on: date, *, by: User | None) -> None:
    """The last day of a role."""
    held = user.grants.filter(on_day(on), role=role).first()
    if held is None:
        raise Unfit(_("%(user)s没有这一角色。") % {"user": user.name})
    end(held, on, by=by)


def role_named(name: str) -> Role:
    if name not in {*Role}:
        raise Unfit(_("没有角色 %(role)s；可用：%(roles)s。") % {"role": name, "roles": "、".join(Role)})
    return Role(name)


@transaction.atomic
def renew(user: User, password: str, *, by: User | None) -> str:
    """Another password and authenticator; every log-in of the user ends. Gives what the authenticator reads."""
    address = _equip(user, password)
    user.save(update_fields=["password", "totp", "totp_step"])
    record("user.renewed", about=[_reference(user)], by=_who(by), data={})
    return address


@transaction.atomic
def put_out(user: User, *, by: User | None) -> None:
    """The user cannot log in any more, from this moment; what they did stays theirs."""
    User.objects.filter(pk=user.pk).update(is_active=False)
    user.is_active = False
    record("user.put-out", about=[_reference(user)], by=_who(by), data={})


@transaction.atomic
def declare_relationship(relationship: Relationship, *, by: User | None) -> Relationship:
    """A user declares a relation to an official: a ground of recusal from now on. It is not taken back."""
    return _entered(relationship, "relationship.declared", by)


def _equip(user: User, password: str) -> str:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise Unfit(" ".join(error.messages)) from error
    user.password = make_password(password)
    return new_secret(user)


# --- what they share --------------------------------------------------------------------------------------------------


def _entered(row: Row, kind: str, by: User | None) -> Row:
    try:
        row.full_clean()
    except ValidationError as error:
        raise Unfit(_in_words(row, error)) from error
    row.save(force_insert=True)
    record(kind, about=[_reference(row)], by=_who(by), data=_data(row))
    return row


def _in_words(row: models.Model, error: ValidationError) -> str:
    names = {field.name: str(field.verbose_name) for field in row._meta.concrete_fields}
    return " ".join(f"{names.get(name, '')} {' '.join(said)}".strip() for name, said in error.message_dict.items())


def _data(row: models.Model) -> dict[str, Any]:
    """The row as plain JSON, by the codes of what it refers to; no secret."""
    found: dict[str, Any] = {}
    for field in row._meta.concrete_fields:
        value = getattr(row, field.name)
        if field.primary_key or field.name in _SECRET:
            continue
        found[field.name] = _reference(value) if isinstance(value, models.Model) else _plain(value)
    return found


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value if isinstance(value, bool | None) else str(value)


def _reference(row: models.Model) -> str:
    """What an entry is filed under: `unit/u1`, `post/p1`, `staff/7`. No name of a person."""
    if isinstance(row, User):
        return f"staff/{row.pk}"
    if isinstance(row, Tenure | Management):
        return _reference(row.post)
    if isinstance(row, Grant | Relationship):
        return _reference(row.user)
    if isinstance(row, DivisionPaper):
        return _reference(row.unit)
    return f"{type(row).__name__.lower()}/{getattr(row, 'code', row.pk)}"


def _who(user: User | None) -> str:
    return _reference(user) if user else "office"


def _refuse_unknown(**said: str) -> None:
    """Terms that no instrument here has in its vocabulary."""
    for field, term in said.items():
        terms = _terms(_VOCABULARIES[field])
        if term not in terms:
            raise Unfit(_("“%(term)s”不是规范中的用语；可用：%(terms)s。") % {"term": term, "terms": "、".join(terms)})


@cache
def _terms(vocabulary: str) -> tuple[str, ...]:
    library = Library(shipped())
    laws = [library.law(instrument) for instrument in library.instruments()]
    return tuple(dict.fromkeys(term for law in laws for term in law.terms(vocabulary)))


def _refuse_overlap(row: Dated, others: models.QuerySet[Any]) -> None:
    """INVARIANT: of one thing only one holds at a time."""
    clashing = others.filter(on_day(row.start) | models.Q(start__gte=row.start))
    if row.end is not None:
        clashing = clashing.filter(start__lte=row.end)
    if clashing.exists():
        raise Unfit(_("与已登记的期间重叠，请先终止前一段。"))
