"""Steps and work: the form that the law and the case allow today, and what comes of it.

The weighty ones (vote, issue, transfer) have an address of their own, which the gate opens only shortly after password
and code were given.
"""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from wenze.web.access import INVOLVED
from wenze.web.cases.access import relations_to
from wenze.web.cases.actions import STEPS, WORK, WORKS, inquiry
from wenze.web.cases.forms import act_form, said
from wenze.web.cases.models import Move
from wenze.web.cases.saying import listed, shown, source
from wenze.web.cases.situation import WORK_TITLES, Situation
from wenze.web.cases.views.asking import after, page, situation_of, submitted

FRESH_STEPS = frozenset(
    {
        "recommend",
        "direct",
        "notice",
        "decide",
        "serve",
        "answer-complaint",
        "answer-review",
        "refer",
        "pass-up",
        "pass-on",
        "recommend-upward",
        "review-up",
    }
)
FRESH_WORK = frozenset({"vote", "hand-up"})
_OWN_PAGES = frozenset({"enter", "admit-evidence", "find"})  # forms of their own, in `particulars`
_FORMS = ["GET", "HEAD", "POST"]


@require_http_methods(_FORMS)
def step(request: HttpRequest, case: str, step: str) -> HttpResponse:
    """A step of the procedure."""
    if step in FRESH_STEPS:
        return _at(request, "cases:fresh-step", case, step)
    return _step(request, case, step)


@require_http_methods(_FORMS)
def fresh_step(request: HttpRequest, case: str, step: str) -> HttpResponse:
    """A step that is issued, voted on or transferred."""
    return _step(request, case, step)


@require_http_methods(_FORMS)
def work(request: HttpRequest, case: str, work: str) -> HttpResponse:
    """Work within a step."""
    if work in FRESH_WORK:
        return _at(request, "cases:fresh-work", case, work)
    return _work(request, case, work)


@require_http_methods(_FORMS)
def fresh_work(request: HttpRequest, case: str, work: str) -> HttpResponse:
    """A vote, or the case handed up."""
    return _work(request, case, work)


def _at(request: HttpRequest, name: str, case: str, what: str) -> HttpResponse:
    query = request.META.get("QUERY_STRING", "")
    return HttpResponseRedirect(reverse(name, args=[case, what]) + (f"?{query}" if query else ""))


def _step(request: HttpRequest, case: str, name: str) -> HttpResponse:
    if name not in STEPS:
        raise Http404(name)
    found = situation_of(request, case)
    opened = found.open.get(name)
    if opened is None or not found.may(opened) or name in found.not_voted:
        return _not_open(request, found, name)
    form = act_form(found, name, request.POST or None, **_initial(request))

    def do(common: dict[str, Any]) -> Move:
        take = inquiry.determine if name == "determine" else STEPS[name]
        values = said(form, name)
        values.pop("frozen", None)
        return take(found.case, **common, **values)

    if request.method == "POST" and submitted(request, found, form, do):
        return after(found) if relations_to(found.user, found.case, found.on) & INVOLVED else redirect("cases:desk")
    told = opened.step
    context = {
        "title": found.title(name),
        "basis": source(told.basis, found.lang),
        "notes": [shown(note, found.lang) for note, _basis in told.notes],
    }
    return page(request, "cases/step.html", found, form=form, **context)


def _work(request: HttpRequest, case: str, name: str) -> HttpResponse:
    if name not in WORKS or name in _OWN_PAGES:
        raise Http404(name)
    found = situation_of(request, case)
    if name not in found.work:
        return _not_open(request, found, WORK + name)
    form = act_form(found, WORK + name, request.POST or None, **_initial(request))

    def do(common: dict[str, Any]) -> Move:
        return WORKS[name](found.case, **common, **said(form, WORK + name))

    if request.method == "POST" and submitted(request, found, form, do):
        return after(found, _BACK.get(name, "cases:case"))
    title = shown(WORK_TITLES[name], found.lang)
    return page(request, "cases/step.html", found, form=form, title=title)


_BACK = {
    "withdraw": "cases:facts",
    "withdraw-ruling": "cases:facts",
    "rule": "cases:determination",
    "affirm": "cases:decision",
    "put-to-vote": "cases:decision",
    "vote": "cases:decision",
    "hand-up": "cases:decision",
    "answer": "cases:defence",
}


_LINKED = ("number", "subject", "step", "motion", "collection", "identity")


def _initial(request: HttpRequest) -> dict[str, str]:
    """What a link fills in: which point is answered, which step is affirmed, which record is withdrawn."""
    return {key: str(request.GET[key]) for key in _LINKED if key in request.GET}


def _not_open(request: HttpRequest, found: Situation, name: str) -> HttpResponse:
    """Why not: the law's reasons where nobody may, else whose step it is."""
    refused = next((one for one in found.refused if one.step.id == name), None)
    reasons = refused.reasons if refused else ()
    opened = found.open.get(name)
    held = (
        [shown(found.not_voted[name], found.lang)] if opened and found.may(opened) and name in found.not_voted else []
    )
    roles = [shown(found.table.roles[role], found.lang) for role in opened.roles] if opened else []
    context = {
        "title": found.title(name),
        "reasons": [
            *((shown(each.message, found.lang), each.basis.cite(found.lang) if each.basis else "") for each in reasons),
            *((why, "") for why in held),
        ],
        "whose": listed(roles, found.lang),
    }
    response = page(request, "cases/not_open.html", found, **context)
    response.status_code = 403 if opened and not held else 409
    return response
