"""Promise 19: bad input gets a sentence that says what is wrong and what to do; no stack trace reaches a browser."""

from __future__ import annotations

import re
from typing import ClassVar

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path

from wenze.web import urls
from wenze.web.access import ANYBODY, TABLE


def fails(request: HttpRequest) -> HttpResponse:
    raise RuntimeError("an inner matter")


class WithOneThatFails:
    """The URLs, and one more."""

    urlpatterns: ClassVar = [path("broken", fails, name="broken"), *urls.urlpatterns]
    handler500 = urls.handler500


def test_no_trace_reaches_a_browser(
    database: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setitem(TABLE, "broken", ANYBODY)
    client = Client(raise_request_exception=False)
    with override_settings(ROOT_URLCONF=WithOneThatFails):
        answer = client.get("/broken")
    page = answer.content.decode()
    assert answer.status_code == 500
    assert "系统出错" in page and "inner matter" not in page and "RuntimeError" not in page
    number = re.search(r"<code>(\w+)</code>", page)
    assert number and number[1] in caplog.text


def test_a_page_that_is_not_there_says_so_in_the_users_language(database: str) -> None:
    assert "没有这个页面" in Client().get("/no-such-page").content.decode()
    client = Client()
    client.cookies["language"] = "en"
    assert "There is no such page" in client.get("/no-such-page").content.decode()


def test_a_forged_form_is_refused_in_a_sentence(database: str) -> None:
    answer = Client(enforce_csrf_checks=True).post("/login", {"username": "a"})
    assert answer.status_code == 403 and "表单已过期" in answer.content.decode()


def test_a_url_without_a_row_is_not_there(database: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(TABLE, "offices:login")
    assert Client().get("/login").status_code == 404


@pytest.mark.parametrize(
    "address",
    ["/%00", "/login?next=%FF%FE", "/login?next=" + "a" * 5000, "/../../etc/passwd", "/static/../settings.py"],
)
def test_a_strange_address_gets_a_page(database: str, address: str) -> None:
    answer = Client(raise_request_exception=False).get(address)
    answer.close()
    assert answer.status_code in {200, 302, 400, 404}


def test_a_strange_form_gets_a_sentence(database: str) -> None:
    client = Client(raise_request_exception=False)
    for said in (
        {"username": "\0", "password": "\0", "code": "\0"},
        {"username": "a" * 10000},
        {"code": "½½½½½½", "username": "a", "password": "b"},
    ):
        answer = client.post("/login", said)
        assert answer.status_code == 422 and "Traceback" not in answer.content.decode()
