"""Staff of a fictional prefecture for the tests, who log in through the office's own door."""

from __future__ import annotations

from datetime import date

from django.contrib.auth.hashers import make_password
from django.test import Client
from django.utils import timezone

from wenze.web.access import Role
from wenze.web.offices.accounts import current_code, new_secret
from wenze.web.offices.models import Grant, Unit, User

PASSWORD = "长而无用的口令 of no use"


def a_unit(code: str = "u1", **said: object) -> Unit:
    """A unit of this code; made where there is none."""
    defaults = {"name": f"某单位{code}", "kind": "纪检监察机关", "level": "县", **said}
    return Unit.objects.get_or_create(code=code, defaults=defaults)[0]


def a_user(username: str, *roles: Role, unit: Unit | None = None) -> User:
    """A user with a password, a TOTP secret and roles."""
    user = User(username=username, name=f"用户{username}", unit=unit or a_unit(), password=make_password(PASSWORD))
    new_secret(user)
    user.save()
    for role in roles:
        Grant.objects.create(user=user, role=role, start=date(2020, 1, 1))
    return user


def a_fresh_code(user: User) -> str:
    """The code the user's authenticator shows; made as if none had been used yet, so that a test need not wait for the next."""
    User.objects.filter(pk=user.pk).update(totp_step=0)
    return current_code(user, at=timezone.now())


def logged_in(user: User, *, language: str = "zh-hans", password: str = PASSWORD) -> Client:
    client = Client()
    client.cookies["language"] = language
    said = {"username": user.username, "password": password, "code": a_fresh_code(user)}
    answer = client.post("/login", said)
    assert answer.status_code == 302, answer.content.decode()
    return client


def aged(client: Client, **minutes: float) -> None:
    """The session as it would be after so many minutes: `seen`, `began`, `proved`."""
    session = client.session
    for name, passed in minutes.items():
        session[name] = session[name] - passed * 60
    session.save()
