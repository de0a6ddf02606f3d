"""Units, posts, who holds and who manages them on a day; and what a user declares of their own relations."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.contrib import messages
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wenze.web.offices import register
from wenze.web.offices.forms import RelationshipForm
from wenze.web.offices.models import Charge, Management, Post, Relationship, Tenure, Unit, User, on_day


@dataclass(frozen=True, slots=True)
class Held:
    """A post on a day. `tenures` empty: vacant. `manager` None: not known."""

    post: Post
    tenures: list[Tenure]
    manager: Unit | None
    charges: list[Charge]


@require_safe
def places(request: HttpRequest) -> HttpResponse:
    """Every unit with its posts, as they were on the day in the address, today without one."""
    on = _day(request.GET.get("on", ""))
    units = [(unit, depth, [_held(post) for post in unit.posts.all()]) for unit, depth in _tree(on)]
    return render(request, "offices/places.html", {"units": units, "on": on, "today": timezone.localdate()})


@require_http_methods(["GET", "HEAD", "POST"])
def relations(request: HttpRequest) -> HttpResponse:
    """A user declares how they are related to an official; it stays, and keeps them out of a case about that official."""
    assert isinstance(request.user, User)  # the gate let no one else in
    form = RelationshipForm(request.POST or None)
    if form.is_valid():
        said = Relationship(user=request.user, declared=timezone.localdate(), **form.cleaned_data)
        register.declare_relationship(said, by=request.user)
        messages.success(request, _("已申报，并已记入存证。涉及此人的案件，您将自动回避。"))
        return HttpResponseRedirect(request.path)
    declared = request.user.relationships.select_related("official").order_by("declared")
    context = {"form": form, "declared": declared}
    return render(request, "offices/relations.html", context, status=422 if form.errors else 200)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return timezone.localdate()


def _tree(on: date) -> list[tuple[Unit, int]]:
    """The units, those below after those above, each with its depth; posts with what holds on the day."""
    posts = Post.objects.prefetch_related(
        Prefetch("tenures", Tenure.objects.filter(on_day(on)).select_related("official"), to_attr="now_held"),
        Prefetch("managements", Management.objects.filter(on_day(on)).select_related("manager"), to_attr="now_managed"),
        Prefetch(
            "charges", Charge.objects.filter(on_day(on, "paper__")).select_related("paper"), to_attr="now_charged"
        ),
    )
    units = list(Unit.objects.prefetch_related(Prefetch("posts", posts)))
    below: dict[int | None, list[Unit]] = {}
    for unit in units:
        below.setdefault(unit.parent_id, []).append(unit)
    found: list[tuple[Unit, int]] = []

    def descend(parent: int | None, depth: int) -> None:
        for unit in below.get(parent, ()):
            found.append((unit, depth))
            descend(unit.pk, depth + 1)

    descend(None, 0)
    return found


def _held(post: Post) -> Held:
    managed: list[Management] = post.now_managed  # type: ignore[attr-defined]  # prefetched in `_tree`
    held: list[Tenure] = post.now_held  # type: ignore[attr-defined]
    charged: list[Charge] = post.now_charged  # type: ignore[attr-defined]
    return Held(post, held, managed[-1].manager if managed else None, charged)
