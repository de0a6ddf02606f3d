"""How long a log-in lasts, and what becomes of a form that was sent too late: it is kept, sealed, for the same user.

Idle 15 minutes, 8 hours at most; what is weighty wants password and code again within the last 5 minutes.
"""

from __future__ import annotations

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from wenze.web.offices.models import User
from wenze.web.sealing import Broken, seal, unseal

IDLE, ABSOLUTE, FRESH = timedelta(minutes=15), timedelta(hours=8), timedelta(minutes=5)
_KEPT_FOR = timedelta(hours=8)
_COUNTED = timedelta(seconds=20)  # a shorter pause is not written down
_CONTEXT = "form kept over a log-in"


class Sessions:
    """Middleware, after the user is known: ends what lasted too long. `request.late` then is the user it was."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user, now = request.user, timezone.now()
        if isinstance(user, User):
            if now - _moment(request, "seen") > IDLE or now - _moment(request, "began") > ABSOLUTE:
                logout(request)
                request.late = user  # type: ignore[attr-defined]  # ours
            elif now - _moment(request, "seen") > _COUNTED:
                request.session["seen"] = now.timestamp()
        return self._answer(request)


def begin(request: HttpRequest, user: User, *, at: datetime) -> None:
    """Logs in a user who has shown who they are."""
    login(request, user, "wenze.web.offices.backend.Accounts")
    request.session["began"] = at.timestamp()
    confirm(request, at=at)


def confirm(request: HttpRequest, *, at: datetime) -> None:
    """Notes that password and code were given just now."""
    request.session["seen"] = request.session["proved"] = at.timestamp()


def is_fresh(request: HttpRequest, *, at: datetime) -> bool:
    return at - _moment(request, "proved") <= FRESH


def _moment(request: HttpRequest, name: str) -> datetime:
    """Long ago where the session does not say."""
    return datetime.fromtimestamp(float(request.session.get(name, 0)), tz=timezone.get_default_timezone())


# --- the form ---------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class KeptForm:
    """What was sent: where to, and every field in its order. `files`: the names of the fields whose files are lost."""

    path: str
    fields: tuple[tuple[str, str], ...]
    files: tuple[str, ...] = ()


def keep(request: HttpRequest, user: User) -> str:
    """The form as sealed text that the log-in page carries and only `user` opens again."""
    fields = [
        (name, str(value)) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken" for value in values
    ]
    said = {
        "at": timezone.now().timestamp(),
        "user": user.pk,
        "path": request.get_full_path(),
        "fields": fields,
        "files": sorted(request.FILES),
    }
    return urlsafe_b64encode(seal(json.dumps(said).encode(), _CONTEXT)).decode()


def kept(sealed: str, user: User, *, at: datetime) -> KeptForm | None:
    """The form, if it is this user's and not too old."""
    try:
        said = json.loads(unseal(urlsafe_b64decode(sealed), _CONTEXT))
    except (Broken, ValueError):
        return None
    if said["user"] != user.pk or at.timestamp() - said["at"] > _KEPT_FOR.total_seconds():
        return None
    return KeptForm(said["path"], tuple((name, value) for name, value in said["fields"]), tuple(said["files"]))
