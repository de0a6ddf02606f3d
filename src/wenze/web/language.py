"""Chinese or English: the switch on every page, kept in a cookie."""

from __future__ import annotations

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    """Back to where the switch was pressed, in the language it named."""
    next_, chosen = request.POST.get("next", "/"), request.POST.get("language", "")
    safe = url_has_allowed_host_and_scheme(next_, allowed_hosts=None)
    response = HttpResponseRedirect(next_ if safe else "/")
    if chosen in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            chosen,
            max_age=365 * 24 * 3600,
            secure=settings.SESSION_COOKIE_SECURE,
            httponly=True,
            samesite="Lax",
        )
    return response
