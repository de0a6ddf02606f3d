"""A file of units, posts, holders and staff → the register: how an office begins. `docs/running.md` shows one.

Everything or nothing: one transaction. What is there already, under its code, stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from wenze.web.offices import register
from wenze.web.offices.models import (
    DivisionPaper,
    Management,
    Official,
    Post,
    Tenure,
    Unit,
    User,
)
from wenze.web.offices.register import Unfit

Said = Mapping[str, Any]  # Any: JSON as it was written; what does not fit is refused


@transaction.atomic
def load(said: Said, *, passwords: Callable[[str], str], on: date, by: User | None = None) -> dict[str, str]:
    """Enters what `said` lists; `passwords` gives the password of a user name. Gives the authenticator address of each new user."""
    addresses: dict[str, str] = {}
    parts: dict[str, Callable[[Said], None]] = {
        "units": lambda one: _unit(one, by),
        "posts": lambda one: _post(one, by),
        "officials": lambda one: _official(one, by),
        "tenures": lambda one: _tenure(one, by),
        "managements": lambda one: _management(one, by),
        "papers": lambda one: _paper(one, by),
        "users": lambda one: _user(one, passwords, on, by, addresses),
    }
    unknown = sorted(said.keys() - parts.keys())
    if unknown:
        raise Unfit(_("不认识的部分：%(parts)s。") % {"parts": "、".join(unknown)})
    for name, enter in parts.items():
        for number, one in enumerate(said.get(name, ()), 1):
            _placed(name, number, one, enter)
    return addresses


def _placed(name: str, number: int, one: object, enter: Callable[[Said], None]) -> None:
    """What does not fit says in which entry it is."""
    try:
        if not isinstance(one, dict):
            raise Unfit(_("应为一组键和值。"))
        enter(one)
    except KeyError as error:
        raise Unfit(
            _("%(name)s 第 %(number)s 项缺少 %(key)s。") % {"name": name, "number": number, "key": error.args[0]}
        ) from error
    except Unfit as error:
        raise Unfit(
            _("%(name)s 第 %(number)s 项：%(why)s") % {"name": name, "number": number, "why": str(error)}
        ) from error


def _unit(one: Said, by: User | None) -> None:
    if Unit.objects.filter(code=one["code"]).exists():
        return
    said = {key: one[key] for key in ("code", "name", "kind", "level")}
    above = {key: _by_code(Unit, one[key]) for key in ("parent", "manager") if one.get(key)}
    register.found_unit(Unit(**said, **above, name_en=one.get("name_en", "")), by=by)


def _post(one: Said, by: User | None) -> None:
    if Post.objects.filter(code=one["code"]).exists():
        return
    said = {key: one[key] for key in ("code", "title", "role")}
    more = {key: one.get(key, "") for key in ("rank", "title_en")}
    register.create_post(Post(unit=_by_code(Unit, one["unit"]), **said, **more), by=by)


def _official(one: Said, by: User | None) -> None:
    if not Official.objects.filter(code=one["code"]).exists():
        register.register_official(Official(code=one["code"], name=one["name"]), by=by)


def _tenure(one: Said, by: User | None) -> None:
    post, official = _by_code(Post, one["post"]), _by_code(Official, one["official"])
    start = _day(one["start"])
    if not Tenure.objects.filter(post=post, official=official, start=start).exists():
        register.appoint(Tenure(post=post, official=official, mode=one["mode"], start=start, end=_end(one)), by=by)


def _management(one: Said, by: User | None) -> None:
    post, manager = _by_code(Post, one["post"]), _by_code(Unit, one["manager"])
    start = _day(one["start"])
    if not Management.objects.filter(post=post, manager=manager, start=start).exists():
        register.put_under(Management(post=post, manager=manager, start=start, end=_end(one)), by=by)


def _paper(one: Said, by: User | None) -> None:
    unit = _by_code(Unit, one["unit"])
    if DivisionPaper.objects.filter(unit=unit, number=one["number"]).exists():
        return
    start = _day(one["start"])
    paper = DivisionPaper(unit=unit, number=one["number"], title=one["title"], start=start, end=_end(one))
    charges = [(_by_code(Post, charge["post"]), charge["matter"]) for charge in one["charges"]]
    register.divide_work(paper, charges, by=by)


def _user(one: Said, passwords: Callable[[str], str], on: date, by: User | None, addresses: dict[str, str]) -> None:
    username = one["username"]
    if User.objects.filter(username=username).exists():
        return
    official = _by_code(Official, one["official"]) if one.get("official") else None
    user = User(username=username, name=one["name"], unit=_by_code(Unit, one["unit"]), official=official)
    addresses[username] = register.enlist(user, passwords(username), by=by)
    for role in one["roles"]:
        register.grant(user, register.role_named(role), _day(one["start"]) if "start" in one else on, by=by)


def _end(one: Said) -> date | None:
    return _day(one["end"]) if one.get("end") else None


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError) as error:
        raise Unfit(_("“%(text)s”不是日期，应写成 2026-01-31。") % {"text": text}) from error


def _by_code(model: type[Unit | Post | Official], code: str) -> Any:
    found = model._default_manager.filter(code=code).first()
    if found is None:
        called = {Unit: _("单位"), Post: _("职务"), Official: _("人员")}
        raise Unfit(_("没有代码为 %(code)s 的%(what)s。") % {"code": code, "what": called[model]})
    return found
