"""Promise 18: Content-Security-Policy default none, no third-party asset, no-store on pages, nothing sensitive in a URL."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.test import Client

from staff import a_user, logged_in
from wenze.web.access import Role
from wenze.web.headers import POLICY

WEB = Path(__file__).parents[2] / "src" / "wenze" / "web"
TEMPLATES = sorted(WEB.rglob("*.html"))


def test_the_policy_begins_with_nothing_and_allows_no_inline_and_no_eval() -> None:
    assert POLICY.startswith("default-src 'none'")
    assert "unsafe" not in POLICY and "http" not in POLICY and "*" not in POLICY


def test_every_page_says_so_and_is_kept_nowhere(database: str) -> None:
    for client, address in (
        (Client(), "/login"),
        (Client(), "/no-such-page"),
        (logged_in(a_user("li", Role.HANDLER)), "/desk"),
    ):
        answer = client.get(address)
        assert answer["Content-Security-Policy"] == POLICY
        assert answer["Cache-Control"] == "no-store"
        assert answer["Referrer-Policy"] == "same-origin"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_no_template_needs_what_the_policy_forbids(template: Path) -> None:
    text = template.read_text("utf-8")
    assert not re.search(r"<style|\sstyle=|\son[a-z]+=|hx-on|\bjs:|<script(?![^>]*\ssrc=)|javascript:", text)
    assert not re.search(r"(?:src|href|action)=[\"'](?:https?:)?//", text)


@pytest.mark.parametrize("sheet", sorted(WEB.rglob("static/**/*.css")), ids=lambda path: path.name)
def test_no_stylesheet_fetches_anything(sheet: Path) -> None:
    text = sheet.read_text("utf-8")
    assert "@import" not in text
    assert all(address.startswith(("data:", "#")) for address in re.findall(r"url\([\"']?([^\"')]*)", text))


def test_stylesheets_and_script_are_our_own_files(database: str) -> None:
    page = Client().get("/login").content.decode()
    addresses = re.findall(r'(?:src|href)="(/static/[^"]+)"', page)
    assert len(addresses) >= 3
    for address in addresses:
        answer = Client().get(address)
        answer.close()
        assert answer.status_code == 200, address
        assert answer["Content-Security-Policy"] == POLICY
