"""What every view needs to begin: who asks about which case, on which day, in which language; and how an act is handed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from wenze.web.cases import reasoning
from wenze.web.cases.actions import Refused, Stale
from wenze.web.cases.forms import ActForm
from wenze.web.cases.models import Case, Move
from wenze.web.cases.saying import shown
from wenze.web.cases.situation import Situation
from wenze.web.offices.models import User


def lang() -> str:
    return "en" if get_language() == "en" else "zh"


def user_of(request: HttpRequest) -> User:
    """Who asks; the gate let no one else in."""
    if not isinstance(request.user, User):
        raise AssertionError("the gate lets in only who is logged in")
    return request.user


def situation_of(request: HttpRequest, number: str) -> Situation:
    """The case as of the day that is asked about or typed: what was done then may be registered later."""
    case = get_object_or_404(Case.objects.select_related("unit"), reference=number)
    begun = case.moves.values_list("on", flat=True).order_by("number")[0]  # before that there was nothing to ask about
    return Situation(case, user_of(request), max(_day(request), begun), lang())


def _day(request: HttpRequest) -> date:
    asked = request.POST.get("on") or request.GET.get("on") or ""
    try:
        return min(date.fromisoformat(asked), today())
    except ValueError:
        return today()


def submitted(
    request: HttpRequest, situation: Situation, form: ActForm, do: Callable[[dict[str, Any]], Move]
) -> Move | None:
    """What came of a form: the move; or None, and the form says why, with all that was typed."""
    if form.is_valid() and form.cleaned_data["on"] < situation.moves[0].on:
        form.add_error("on", _("这一天在登记线索以前。"))
    if not form.is_valid():
        return None
    common = {
        "by": situation.user,
        "on": form.cleaned_data["on"],
        "at": timezone.now(),
        "seen": form.cleaned_data["seen"],
    }
    try:
        move = do(common)
    except Stale as stale:
        form.see(situation.case.moves.count())
        for reason in stale.reasons:
            form.add_error(None, shown(reason, situation.lang))
        for each in stale.since:
            form.add_error(
                None, f"{each.number}. {situation.title(each.step)} · {each.by.name} · {each.on.isoformat()}"
            )
        return None
    except Refused as refused:
        for reason in refused.reasons:
            form.add_error(None, shown(reason, situation.lang))
        return None
    messages.success(request, _("已记录：%(step)s") % {"step": situation.title(move.step)})
    return move


def collection_title(situation: Situation, collection: str) -> str:
    """What the law calls the records of a collection."""
    zh, _bar, en = reasoning.titles()[collection].partition(" / ")
    return en if situation.lang == "en" else zh


def after(situation: Situation, name: str = "cases:case") -> HttpResponse:
    """Where an act leads: as of the day it was done, so that what was done on paper then can be entered in a row."""
    return HttpResponseRedirect(reverse(name, args=[situation.case.reference]) + as_of(situation)["at"])


def as_of(situation: Situation) -> dict[str, str]:
    """What a link begins or goes on with to stay at a day that is not today: `at`, `and_at`."""
    query = "" if situation.on == today() else f"on={situation.on.isoformat()}"
    return {"at": query and f"?{query}", "and_at": query and f"&{query}"}


def page(request: HttpRequest, template: str, situation: Situation, **context: Any) -> HttpResponse:
    """A page of a case; 422 where a form on it was refused."""
    form = context.get("form")
    status = 422 if isinstance(form, ActForm) and form.is_bound and form.errors else 200
    known = {"situation": situation, "case": situation.case, "today": today(), **as_of(situation)}
    return render(request, template, known | context, status=status)


def today() -> date:
    return timezone.localdate()
