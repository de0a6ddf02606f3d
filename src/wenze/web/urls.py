"""All URLs. Each has a name, and each name a row in `access.TABLE`."""

from django.urls import URLPattern, URLResolver, include, path

from wenze.web.language import choose_language
from wenze.web.verifying import verify

urlpatterns: list[URLPattern | URLResolver] = [
    path("language", choose_language, name="language"),
    path("verify", verify, name="verify"),
    path("", include("wenze.web.cases.urls")),
    path("", include("wenze.web.offices.urls")),
]

handler400 = "wenze.web.errors.bad_request"
handler403 = "wenze.web.errors.forbidden"
handler404 = "wenze.web.errors.not_found"
handler500 = "wenze.web.errors.failed"
