"""Somebody at a browser, for the tests of pages and of steps through them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.forms import Select
from django.http import HttpResponse
from django.test import Client
from django.test.utils import setup_test_environment, teardown_test_environment

from staff import logged_in

from .world import World


@pytest.fixture(autouse=True, scope="module")
def forms_are_seen() -> Iterator[None]:
    """The test client sees the form a page was made from."""
    setup_test_environment()
    yield
    teardown_test_environment()


class Visitor:
    """Somebody at a browser: opens pages, fills in the form there is, and sends what the form holds."""

    def __init__(self, world: World, name: str, language: str = "zh-hans") -> None:
        self.client: Client = logged_in(world.users[name], language=language)

    def see(self, url: str, status: int = 200) -> str:
        answer = self.client.get(url, follow=True)
        assert answer.status_code == status, (url, answer.status_code)
        return answer.content.decode()

    def fill(self, url: str, **said: Any) -> HttpResponse:
        """The form at an address with its hidden fields and defaults, and what is typed; follows where it leads."""
        mark = "&" if "?" in url else "?"
        answer = self.client.get(f"{url}{mark}on={said['on']}", follow=True)
        assert answer.status_code == 200, (url, answer.status_code, refusal(answer.content.decode()))
        where = answer.redirect_chain[-1][0] if answer.redirect_chain else url
        form = answer.context["form"]
        typed = {name: _typed(form, name) for name in form.fields}
        typed = {name: value for name, value in typed.items() if value not in (None, "", [])} | said
        return self.client.post(where, {name: value for name, value in typed.items() if value is not None})

    def does(self, url: str, **said: Any) -> None:
        answer = self.fill(url, **said)
        assert answer.status_code == 302, (url, refusal(answer.content.decode()))


def _typed(form: Any, name: str) -> Any:
    value, widget = form[name].value(), form.fields[name].widget
    if value is None and type(widget) is Select and widget.choices:
        value = next(iter(widget.choices))[0]  # what a browser shows as chosen
    return value.isoformat() if isinstance(value, date) else value


def refusal(page: str) -> list[str]:
    return re.findall(
        r'(?:<div class="note error" role="alert">(.*?)</div>|<small class="wrong"[^>]*>(.*?)</small>)', page, re.S
    ) or [page[-600:]]
