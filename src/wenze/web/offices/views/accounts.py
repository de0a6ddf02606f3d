"""Logging in and out, showing again who one is, and the first page."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wenze.web.access import CASE_STAFF, TABLE, allows
from wenze.web.offices import sessions
from wenze.web.offices.accounts import NotKnown, Paused, authenticate
from wenze.web.offices.forms import ConfirmForm, LoginForm
from wenze.web.offices.models import User


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Name, password and code on one page; one refusal for all three."""
    form = LoginForm(request.POST or None)
    now = timezone.now()
    user = _shown(form, form.cleaned_data["username"], now) if form.is_valid() else None
    if user is None:
        return _ask(request, "offices/login.html", form)
    sessions.begin(request, user, at=now)
    return _go_on(request, user, now)


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest) -> HttpResponse:
    """Password and code once more, before a weighty step."""
    assert isinstance(request.user, User)  # the gate let no one else in
    form = ConfirmForm(request.POST or None)
    now = timezone.now()
    user = _shown(form, request.user.username, now) if form.is_valid() else None
    if user is None:
        return _ask(request, "offices/confirm.html", form)
    sessions.confirm(request, at=now)
    return _go_on(request, user, now)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/login")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    """Whoever works on cases begins at the desk, whoever keeps the system with the staff or the units."""
    assert isinstance(request.user, User)  # the gate let no one else in
    roles = request.user.roles(timezone.localdate())
    first = (
        "cases:desk"
        if roles & CASE_STAFF
        else "offices:staff"
        if allows(TABLE["offices:staff"], roles)
        else "offices:places"
    )
    return HttpResponseRedirect(reverse(first))


def _shown(form: ConfirmForm, username: str, now: datetime) -> User | None:
    """Who password and code show; None where the form now says what is wrong."""
    try:
        return authenticate(username, form.cleaned_data["password"], form.cleaned_data["code"], at=now)
    except NotKnown:
        form.refuse()
    except Paused as paused:
        form.pause(paused.until)
    return None


def _ask(request: HttpRequest, template: str, form: ConfirmForm) -> HttpResponse:
    context = {"form": form, "next": _next(request), "kept": request.POST.get("kept", "")}
    return render(request, template, context, status=422 if form.errors else 200)


def _go_on(request: HttpRequest, user: User, now: datetime) -> HttpResponse:
    """To where the user wanted to go; with a form that was kept, by one more press."""
    form = sessions.kept(request.POST.get("kept", ""), user, at=now)
    if form:
        return render(request, "offices/resume.html", {"kept": form})
    wanted = _next(request)
    page = _page_of_file(wanted)
    if page:
        messages.success(request, _("身份已经确认。请再点一次要下载的文件。"))
    return HttpResponseRedirect(page or wanted)


def _page_of_file(address: str) -> str:
    """Where the file at an address is asked for, on which page the user goes on; "" where the address is a page itself."""
    try:
        match = resolve(urlsplit(address).path)
    except Resolver404:
        return ""
    page = TABLE[match.view_name].page if match.view_name in TABLE else ""
    return reverse(page, args=[match.kwargs["case"]]) if page else ""


def _next(request: HttpRequest) -> str:
    wanted = request.POST.get("next") or request.GET.get("next") or "/"
    return wanted if url_has_allowed_host_and_scheme(wanted, allowed_hosts=None) else "/"
