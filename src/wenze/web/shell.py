"""What every page shows around its own matter: where this user may go."""

from __future__ import annotations

from typing import NamedTuple

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from wenze.web.access import TABLE, allows
from wenze.web.offices.models import User


class Way(NamedTuple):
    """One entry of the navigation."""

    title: str
    address: str
    here: bool


def ways(request: HttpRequest) -> dict[str, list[Way]]:
    """For templates: `ways`, those the table of access opens to the user."""
    user = getattr(request, "user", None)
    if not isinstance(user, User):
        return {"ways": []}
    roles, match = user.roles(timezone.localdate()), request.resolver_match
    titles = {
        "cases:desk": _("我的桌面"),
        "cases:list": _("案件"),
        "offices:places": _("机构与职务"),
        "offices:relations": _("申报关系"),
        "offices:staff": _("工作人员"),
    }
    return {
        "ways": [
            Way(title, reverse(name), bool(match and match.view_name == name))
            for name, title in titles.items()
            if allows(TABLE[name], roles)
        ]
    }
