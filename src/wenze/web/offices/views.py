"""Logging in and out, and the first page."""

from __future__ import annotations

from django.contrib.auth import login, logout
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from wenze.web.offices.accounts import NotKnown, Paused, authenticate
from wenze.web.offices.forms import LoginForm


@sensitive_post_parameters()
@require_http_methods(["GET", "HEAD", "POST"])
def log_in(request: HttpRequest) -> HttpResponse:
    """Name, password and code on one page; one refusal for all three."""
    form, next_ = LoginForm(request.POST or None), request.POST.get("next", request.GET.get("next", "/"))
    if request.method == "POST" and form.is_valid():
        try:
            user = authenticate(**form.cleaned_data, at=timezone.now())
        except NotKnown:
            form.refuse()
        except Paused as paused:
            form.pause(paused.until)
        else:
            login(request, user, "wenze.web.offices.backend.Accounts")
            return HttpResponseRedirect(next_ if url_has_allowed_host_and_scheme(next_, allowed_hosts=None) else "/")
    return render(request, "offices/login.html", {"form": form, "next": next_}, status=422 if form.errors else 200)


@require_POST
def log_out(request: HttpRequest) -> HttpResponse:
    logout(request)
    return HttpResponseRedirect("/login")


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    return render(request, "offices/home.html")
