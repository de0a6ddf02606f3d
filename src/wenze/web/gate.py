"""The gate every request passes: without a row in `access.TABLE` nothing opens.

Knows who asks and, where the URL names a case, how they stand to it; the table says what follows. A form that comes after
the log-in ended, or without the proof that a weighty step wants, is kept and goes on once that is made good.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from wenze.web.access import TABLE, allows
from wenze.web.cases.access import relations
from wenze.web.errors import bad_request, forbidden, refused
from wenze.web.offices import sessions
from wenze.web.offices.forms import ConfirmForm, LoginForm
from wenze.web.offices.models import User


class Gate:
    """Middleware, after the session and the user are known."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Before anything of a request is read: too much of it, or what no database holds (a zero), goes no further."""
        if _length(request) > settings.REQUEST_MAX_SIZE:
            return _too_much(request)
        if "\0" in request.path or any("\0" in value for values in request.GET.lists() for value in values[1]):
            return bad_request(request)
        return self._answer(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],  # Any: what the URL names
    ) -> HttpResponse | None:
        row = TABLE.get(request.resolver_match.view_name) if request.resolver_match else None
        if row is None:
            raise Http404("no row in the table of access")
        if row.roles is None:
            return None
        user = request.user
        if not isinstance(user, User):
            return _ask(request, "offices:login", getattr(request, "late", None))
        roles = user.roles(timezone.localdate())
        if row.relations is None and not allows(row, roles):
            return forbidden(request)
        if row.relations is not None and not allows(
            row, roles, relations(user, str(kwargs["case"]), timezone.localdate())
        ):
            raise Http404("not open to this user, who is not told whether it is there")
        if row.fresh and not sessions.is_fresh(request, at=timezone.now()):
            return _ask(request, "offices:confirm", user)
        return None


def _length(request: HttpRequest) -> int:
    """Bytes of the body, as announced; the server takes no more than that."""
    said = request.META.get("CONTENT_LENGTH") or "0"
    return int(said) if said.isdecimal() else 0


def _too_much(request: HttpRequest) -> HttpResponse:
    most = settings.REQUEST_MAX_SIZE // 2**20
    return refused(
        request,
        status=413,
        title=_("文件太大"),
        what=_("一次最多提交 %(most)s MB，所以没有接收。") % {"most": most},
        todo=_("请把文件分成几份，分别上传。"),
    )


def _ask(request: HttpRequest, page: str, user: User | None) -> HttpResponse:
    """For a log-in or a confirmation; a form that was sent goes along, sealed for the user who sent it."""
    if request.method == "POST" and user:
        form, template = (
            (LoginForm(initial={"username": user.username}), "offices/login.html")
            if page == "offices:login"
            else (ConfirmForm(), "offices/confirm.html")
        )
        context = {"form": form, "kept": sessions.keep(request, user), "next": "/"}
        response = render(request, template, context, status=200 if _by_htmx(request) else 401)
        response["HX-Retarget"], response["HX-Reswap"] = "body", "innerHTML"
        return response
    wanted = request.get_full_path() if request.method in {"GET", "HEAD"} else "/"
    if _by_htmx(request):  # the whole page goes there, not the part that was asked for
        current = urlsplit(request.headers.get("HX-Current-URL", "/"))
        wanted = f"{current.path}?{current.query}" if current.query else current.path
    where = f"{reverse(page)}?{urlencode({'next': wanted})}"
    return (
        HttpResponse(status=204, headers={"HX-Redirect": where}) if _by_htmx(request) else HttpResponseRedirect(where)
    )


def _by_htmx(request: HttpRequest) -> bool:
    return request.headers.get("HX-Request") == "true"
