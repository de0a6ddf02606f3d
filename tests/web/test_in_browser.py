"""The office in a real browser, served as an office serves it."""

from __future__ import annotations

import http.client
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from django.test import override_settings

import databases
from ledger.page_in_browser import check_in_browser
from serving import Server
from staff import PASSWORD, a_fresh_code, logged_in
from web.cases.world import found_out, opened, prefecture

REAL_HASHERS = ["django.contrib.auth.hashers.ScryptPasswordHasher"]  # the server knows no other


class Served(NamedTuple):
    """An office being served: where, the number of its case, the code of a handler, the session of another."""

    address: str
    number: str
    code: str
    session: str


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A case that is open, with everything entered.

    Codes and sessions are made before the browser is there, beside whose event loop Django does not work.
    """
    with databases.copied("sqlite") as configuration, override_settings(PASSWORD_HASHERS=REAL_HASHERS):
        desk = found_out(opened(prefecture()))
        server = Server(configuration, tmp_path_factory.mktemp("served") / "log")
        try:
            wait_for(server.port)
            session = logged_in(desk.world.users["handler2"]).cookies["sessionid"].value
            code = a_fresh_code(desk.world.users["handler"])
            yield Served(f"http://127.0.0.1:{server.port}", desk.case.reference, code, session)
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


def test_a_handler_logs_in_finds_the_case_and_changes_the_language(served: Served, browser: Any) -> None:
    address, number, code, _ = served
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


def test_the_page_that_checks_a_record_works_at_its_address(served: Served, browser: Any) -> None:
    """Its script stands in the page, which the policy of the office's other pages would forbid."""
    address = served.address
    page = browser.new_page(locale="zh-CN")
    wrong: list[str] = []
    page.on("console", lambda message: wrong.append(message.text) if message.type == "error" else None)
    page.goto(f"{address}/verify")
    check_in_browser(page, b"no record\n", [], [])
    assert page.query_selector_all("#findings li") != []
    page.close()
    assert wrong == []


def of_handler2(served: Served, browser: Any, language: str, width: int) -> Any:
    """A page of somebody who is logged in, on a screen of some width."""
    context = browser.new_context(viewport={"width": width, "height": 844})
    cookies = {"sessionid": served.session, "language": language}
    context.add_cookies([{"name": name, "value": value, "url": served.address} for name, value in cookies.items()])
    return context.new_page()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_on_a_phone_nothing_is_wider_than_the_screen_and_no_column_narrower_than_a_word(
    served: Served, browser: Any, language: str
) -> None:
    page = of_handler2(served, browser, language, 390)
    case = f"/cases/{served.number}"
    for path in ("/desk", "/cases", "/offices", "/relations", case, *(f"{case}/{tab}" for tab in TABS)):
        page.goto(f"{served.address}{path}")
        wide = page.evaluate("""[document.documentElement, ...document.querySelectorAll('main :not(thead, thead *)')]
            .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).overflowX != 'visible')
            .map(one => one.outerHTML.slice(0, 80))""")
        assert wide == [], path
        narrow = page.evaluate("""[...document.querySelectorAll('main table:not(.dense) tbody :is(td, th)')]
            .filter(one => one.clientWidth && one.clientWidth < 200).map(one => one.textContent)""")
        assert narrow == [], path
    page.context.close()


TABS = ("facts", "determination", "defence", "decision", "record")


def test_what_was_entered_many_times_is_folded_on_the_screen_and_whole_on_paper(served: Served, browser: Any) -> None:
    page = of_handler2(served, browser, "zh-hans", 1000)
    page.goto(f"{served.address}/cases/{served.number}")
    folded = page.locator(".timeline details li")
    entered = page.locator(".timeline > li:has(details)").all_inner_texts()
    assert any("收入证据" in one for one in entered) and any("作出认定" in one for one in entered)
    seen = "all => all.filter(one => one.checkVisibility()).length"
    assert folded.count() > 20 and folded.evaluate_all(seen) == 0
    page.emulate_media(media="print")
    assert folded.evaluate_all(seen) == folded.count()
    page.context.close()
