"""The page that checks an exported record, at an address of the office: the same file an auditor holds, which sends nothing."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from wenze.ledger import verifying_page, verifying_policy


@require_safe
def verify(request: HttpRequest) -> HttpResponse:
    """The page as it is, under its own policy: its script stands in it."""
    response = HttpResponse(verifying_page())
    response["Content-Security-Policy"] = f"{verifying_policy()}; frame-ancestors 'none'"
    return response
