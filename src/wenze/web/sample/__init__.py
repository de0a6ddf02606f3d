"""A fictional prefecture to try the office with: on SQLite, in a folder of its own, on a loopback address only.

Its users and their one password are known to everybody, so what holds it is marked, and is never served to others.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.management import call_command
from django.db import transaction

from wenze.law import Library, shipped
from wenze.web.cases.models import Case
from wenze.web.journal.keys import prepare
from wenze.web.offices.accounts import current_code
from wenze.web.offices.directory import load
from wenze.web.offices.models import User
from wenze.web.sample.story import tell
from wenze.web.site import SAMPLE, Site

PASSWORD = "sample prefecture"  # nosec B105 -- of fictional users, on a loopback address
_DIRECTORY, _STORY = "prefecture.json", "sample.json"


@dataclass(frozen=True, slots=True)
class LogIn:
    """One sample user, with the code an authenticator would show now."""

    username: str
    name: str
    unit: str
    roles: tuple[str, ...]
    code: str


def fill(site: Site, *, on: date) -> None:
    """Makes the database and enters the prefecture, where that has not been done."""
    call_command("migrate", verbosity=0, interactive=False)
    prepare()
    (site.data / SAMPLE).touch()
    load(written(_DIRECTORY), passwords=lambda _: PASSWORD, on=on)
    if not Case.objects.exists():
        with transaction.atomic():  # the whole story or nothing of it
            tell(written(_STORY), Library(shipped()), today=on)


def log_ins(*, at: datetime) -> list[LogIn]:
    """The users who can log in, in the order of the prefecture's file."""
    return [
        LogIn(
            user.username,
            user.name,
            user.unit.name,
            tuple(sorted(user.roles(at.date()))),
            current_code(user, at=at),
        )
        for user in User.objects.filter(is_active=True).select_related("unit").order_by("pk")
    ]


def written(name: str) -> dict[str, Any]:  # Any: JSON
    """A file of the sample, from beside the instrument that has one."""
    library = Library(shipped())
    paths = [library.root / instrument / name for instrument in library.instruments()]
    said: dict[str, Any] = json.loads(next(path for path in paths if path.is_file()).read_text("utf-8"))
    return said
