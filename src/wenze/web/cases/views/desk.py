"""The desk: what a user has to do, by the day it is due; the list of cases; a new lead."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.core.paginator import Paginator
from django.db.models import OuterRef, Q, Subquery
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from wenze.web.access import CASE_STAFF, Role
from wenze.web.cases import access
from wenze.web.cases.actions import WORK, Refused
from wenze.web.cases.actions.lead import register_lead
from wenze.web.cases.forms import LeadForm
from wenze.web.cases.models import Move
from wenze.web.cases.positions import positions, unarchived
from wenze.web.cases.saying import shown
from wenze.web.cases.situation import Situation, situations
from wenze.web.cases.views.asking import lang, today, user_of
from wenze.web.offices.models import User

PER_PAGE = 50


@dataclass(frozen=True)
class Task:
    """One case on the desk: what the user may do on it, and by when something must be done."""

    situation: Situation

    @property
    def steps(self) -> tuple[tuple[str, str], ...]:
        return tuple(
            (one.step.id, self.situation.title(one.step.id)) for one in self.situation.mine if not one.step.side
        )

    @property
    def due(self) -> date | None:
        return self.situation.due

    @property
    def overdue(self) -> bool:
        return any(clock.state.state == "overdue" for clock in self.situation.clocks)

    @property
    def mine(self) -> bool:
        if all(standing.ended == "archive" for standing in self.situation.standings.values()):
            return False
        return bool(self.steps) or bool(set(self.situation.work) & {"vote", "assign"})


@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """Tasks by due day; on a head's desk also what is overdue and nobody's step of the head."""
    user = user_of(request)
    roles = user.roles(today())
    going = unarchived(access.visible(user, today()))
    tasks = [Task(one) for one in situations(going, user, today(), lang())]
    head = Role.HEAD in roles
    shown = [task for task in tasks if task.mine or (head and task.overdue)]
    shown.sort(key=lambda task: (not task.overdue, task.due or date.max, task.situation.case.pk))
    context = {
        "below": _overdue_below(user),
        "tasks": shown,
        "reads_cases": bool(roles & CASE_STAFF),
        "may_register": Role.INTAKE in roles,
        "today": today(),
    }
    return render(request, "cases/desk.html", context)


def _overdue_below(user: User) -> list[dict[str, object]]:
    """What is overdue in the units below, where the rule says that it is told upward: number, unit, period, day; no contents."""
    cases = {case.pk: case for case in unarchived(access.below(user, today()))}
    found = {
        (pk, clock.id, clock.start): clock
        for pk, standings in positions(cases.values(), today()).items()
        for standing in standings.values()
        for clock in standing.clocks
        if clock.state == "overdue" and clock.upward
    }
    return [
        {
            "case": cases[pk].reference,
            "unit": cases[pk].unit,
            "title": shown(clock.title, lang()),
            "basis": clock.basis.cite(lang()),
            "due": clock.due,
        }
        for (pk, _, _), clock in sorted(found.items(), key=lambda item: item[1].due)
    ]


@require_safe
def listing(request: HttpRequest) -> HttpResponse:
    """Cases a user may read, with filters in the address. No list of people, and no search for any."""
    user = user_of(request)
    cases = access.visible(user, today()).select_related("unit")
    last = Move.objects.filter(case=OuterRef("pk")).exclude(step__startswith=WORK).order_by("-number")
    cases = cases.annotate(last_step=Subquery(last.values("step")[:1]), last_on=Subquery(last.values("on")[:1]))
    steps = list(cases.order_by().values_list("last_step", flat=True).distinct())
    words, step = request.GET.get("q", "").strip()[:100], request.GET.get("step", "")
    if words:
        cases = cases.filter(Q(reference__icontains=words) | Q(title__icontains=words))
    if step:
        cases = cases.filter(last_step=step)
    found = Paginator(cases.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page"))
    rows = situations(found, user, today(), lang())
    titles = {each: rows[0].title(each) for each in steps if each} if rows else {step: step}
    query = urlencode({key: value for key, value in (("q", words), ("step", step)) if value})
    context = {"page": found, "rows": rows, "q": words, "step": step, "steps": titles, "query": query}
    return render(request, "cases/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new_lead(request: HttpRequest) -> HttpResponse:
    """The registration of a lead."""
    form = LeadForm(request.POST or None, lang=lang(), on=today(), initial={"on": today(), "receipt": today()})
    if request.method == "POST" and form.is_valid():
        try:
            case = register_lead(by=user_of(request), at=timezone.now(), **form.said())
        except Refused as refused:
            for reason in refused.reasons:
                form.add_error(None, shown(reason, lang()))
        else:
            return HttpResponseRedirect(reverse("cases:case", args=[case.reference]))
    return render(request, "cases/lead.html", {"form": form}, status=422 if form.errors else 200)
