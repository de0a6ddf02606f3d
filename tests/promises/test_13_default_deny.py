"""Promise 13: every URL has one row in one table; what has none does not open; the answers are those of the table."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from staff import a_user, logged_in
from wenze.web import urls
from wenze.web.access import TABLE, Relation, Role, allows


def names(patterns: list[URLPattern | URLResolver], space: str = "", route: str = "") -> Iterator[tuple[str, str]]:
    """The name of every URL, with its namespace, and its route."""
    for pattern in patterns:
        here = route + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            inner = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from names(pattern.url_patterns, inner, here)
        else:
            assert pattern.name, f"{here} has no name"
            yield space + pattern.name, here


URLS = list(names(urls.urlpatterns))


def test_every_url_has_a_row_and_every_row_a_url() -> None:
    assert {name for name, _ in URLS} == TABLE.keys()
    assert len(URLS) == len(TABLE), "no name twice"


def test_a_url_names_a_case_exactly_where_its_row_asks_for_a_relation() -> None:
    for name, route in URLS:
        assert ("<str:case>" in route) == (TABLE[name].relations is not None), name


def test_no_row_lets_in_who_is_recused_or_of_another_unit() -> None:
    for name, row in TABLE.items():
        for role in Role:
            assert row.relations is None or not allows(row, frozenset({role}), frozenset({Relation.OUTSIDE})), name
            assert row.relations is None or not allows(row, frozenset({role}), frozenset({Relation.RECUSED})), name
            assert row.relations is None or not allows(row, frozenset({role})), name


WITHOUT_CASE = [(name, f"/{route}") for name, route in URLS if "<" not in route]


@pytest.mark.parametrize("name, address", WITHOUT_CASE)
def test_who_is_not_logged_in_is_asked_to(database: str, name: str, address: str) -> None:
    answer = Client().get(address)
    if TABLE[name].roles is None:
        assert answer.status_code in {200, 302, 405}
    else:
        assert answer.status_code == 302 and answer["Location"].startswith("/login?next=")


@pytest.mark.parametrize("role", [None, *Role])
def test_each_role_opens_what_its_rows_say_and_nothing_else(database: str, role: Role | None) -> None:
    client = logged_in(a_user("li", *([role] if role else [])))
    for name, address in WITHOUT_CASE:
        if name == "offices:logout":
            continue  # last, below
        allowed = allows(TABLE[name], frozenset([role] if role else []))
        for answer in (client.get(address), client.post(address)):
            assert (answer.status_code != 403) == allowed, f"{name}: {answer.status_code}"
            assert answer.status_code not in {404, 500}, name
    assert client.post("/logout").status_code == 302


def test_a_role_that_ended_or_has_not_begun_opens_nothing(database: str) -> None:
    user = a_user("li", Role.HANDLER)
    client = logged_in(user)
    assert client.get("/").status_code == 200
    user.grants.update(end="2021-01-01")
    assert client.get("/").status_code == 403
    user.grants.update(start="2999-01-01", end=None)
    assert client.get("/").status_code == 403
