"""The gate every request passes: without a row in `access.TABLE` nothing opens.

Knows who asks and, where the URL names a case, how they stand to it; the table says what follows.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from wenze.web.access import TABLE, Relation, allows
from wenze.web.errors import forbidden
from wenze.web.offices.models import User


class Gate:
    """Middleware, after the session and the user are known."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self._answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self._answer(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., HttpResponse],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],  # Any: what the URL names
    ) -> HttpResponse | None:
        match = request.resolver_match
        row = TABLE.get(match.view_name) if match else None
        if row is None:
            raise Http404("no row in the table of access")
        if row.roles is None:
            return None
        if not isinstance(request.user, User):
            return redirect_to_login(request.get_full_path(), reverse("offices:login"))
        if row.relations is None:
            return None if allows(row, request.user.roles()) else forbidden(request)
        if not allows(row, request.user.roles(), _relations(request.user, str(kwargs["case"]))):
            raise Http404("not open to this user, who is not told whether it is there")
        return None


def _relations(user: User, case: str) -> frozenset[Relation]:
    """No case is kept here yet, so nobody stands in any relation to one."""
    return frozenset()
