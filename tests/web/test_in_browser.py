"""The office in a real browser, served as an office serves it."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import override_settings

import databases
from ledger.page_in_browser import check_in_browser
from serving import Server
from staff import PASSWORD, a_fresh_code
from web.cases.world import opened, prefecture

REAL_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]  # the server knows no other


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[str, str, str]]:
    """Address, the number of a case that is open, and the code of its handler.

    The code is asked for before the browser is there, beside whose event loop Django does not work.
    """
    with databases.copied("sqlite") as configuration, override_settings(PASSWORD_HASHERS=REAL_HASHERS):
        desk = opened(prefecture())
        server = Server(configuration, tmp_path_factory.mktemp("served") / "log")
        try:
            wait_for(server.port)
            code = a_fresh_code(desk.world.users["handler"])
            yield f"http://127.0.0.1:{server.port}", desk.case.reference, code
        finally:
            server.kill()


def wait_for(port: int) -> None:
    for _ in range(600):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        try:
            connection.request("GET", "/login")
            connection.getresponse().read()
            return
        except (OSError, http.client.HTTPException):
            time.sleep(0.1)
        finally:
            connection.close()
    raise AssertionError("the server did not answer")


def test_a_handler_logs_in_finds_the_case_and_changes_the_language(served: tuple[str, str, str], browser: Any) -> None:
    address, number, code = served
    page = browser.new_page(locale="zh-CN")
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.on("request", lambda request: wrong.append(request.url) if not request.url.startswith(address) else None)
    page.goto(address)
    page.fill("#id_username", "handler")
    page.fill("#id_password", PASSWORD)
    page.fill("#id_code", code)
    page.press("#id_code", "Enter")
    page.wait_for_url("**/desk")
    page.click(f'main a[href="/cases/{number}"]')
    page.wait_for_url(f"**/cases/{number}")
    page.click("text=English")
    page.wait_for_selector('html[lang="en"]')
    page.click("text=Log out")
    page.wait_for_url("**/login")
    page.close()
    assert wrong == [], "nothing is fetched from elsewhere, nothing breaks the policy"


def test_the_page_that_checks_a_record_works_at_its_address(served: tuple[str, str, str], browser: Any) -> None:
    """Its script stands in the page, which the policy of the office's other pages would forbid."""
    address, _, _ = served
    page = browser.new_page(locale="zh-CN")
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/verify")
    check_in_browser(page, b"no record\n", [], [])
    assert page.query_selector_all("#findings li") != []
    page.close()
    assert wrong == []
