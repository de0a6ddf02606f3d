"""Who logs in, with which roles: for the security administrator. Each change is an act on the record, by that user."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wenze.web.access import Role
from wenze.web.offices import register
from wenze.web.offices.forms import role_titles
from wenze.web.offices.models import User
from wenze.web.offices.register import Unfit


@require_safe
def staff(request: HttpRequest) -> HttpResponse:
    """All users with the roles they hold today; only the security administrator is shown how to change them."""
    assert isinstance(request.user, User)  # the gate let no one else in
    titles, on = role_titles(), timezone.localdate()
    users = [
        (user, [(role, titles[role]) for role in sorted(user.roles(on))])
        for user in User.objects.select_related("unit").order_by("unit__code", "username")
    ]
    may_change = Role.SECURITY in request.user.roles(on)
    return render(request, "offices/staff.html", {"users": users, "titles": titles.items(), "may_change": may_change})


@require_POST
def change_role(request: HttpRequest, user: int) -> HttpResponse:
    """Gives or takes back a role, from today."""
    assert isinstance(request.user, User)  # the gate let no one else in
    whom, on = get_object_or_404(User, pk=user), timezone.localdate()
    try:
        role = register.role_named(request.POST.get("role", ""))
        _refuse_own(whom, request.user)
        if request.POST.get("act") == "revoke":
            register.revoke(whom, role, on, by=request.user)
        else:
            register.grant(whom, role, on, by=request.user)
    except Unfit as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已办，并已记入存证：%(user)s，%(role)s。") % _said(whom, role))
    return HttpResponseRedirect(reverse("offices:staff"))


@require_POST
def put_out(request: HttpRequest, user: int) -> HttpResponse:
    """The user cannot log in any more."""
    assert isinstance(request.user, User)  # the gate let no one else in
    whom = get_object_or_404(User, pk=user)
    try:
        _refuse_own(whom, request.user)
        register.put_out(whom, by=request.user)
    except Unfit as problem:
        messages.error(request, str(problem))
    else:
        messages.success(request, _("已停用，并已记入存证：%(user)s。") % {"user": whom.name})
    return HttpResponseRedirect(reverse("offices:staff"))


def _refuse_own(whom: User, by: User) -> None:
    if whom.pk == by.pk:
        raise Unfit(_("自己的角色由他人办理。"))


def _said(user: User, role: Role) -> dict[str, str]:
    return {"user": user.name, "role": role_titles()[role]}
