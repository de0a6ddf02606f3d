"""Promise 13: every URL has one row in one table; what has none does not open; the answers are those of the table."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver

from staff import a_user, logged_in
from web.cases.world import Desk, investigated, opened, prefecture, recommended
from wenze.web import urls
from wenze.web.access import TABLE, Relation, Role, allows
from wenze.web.cases.actions import WHOSE
from wenze.web.cases.models import Assignment, Recusal
from wenze.web.offices.models import User


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


def test_what_may_be_undone_is_undone_by_who_may_do_it() -> None:
    """Work shares one URL: whose each kind is, its own table says. A record is the handlers', a ruling those who rule."""
    assert WHOSE["withdraw"] == WHOSE["enter"] == ("handler",)
    assert WHOSE["withdraw-ruling"] == WHOSE["rule"] == ("legal-reviewer", "decider")


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
    assert client.get("/desk").status_code == 200
    user.grants.update(end="2021-01-01")
    assert client.get("/desk").status_code == 403
    user.grants.update(start="2999-01-01", end=None)
    assert client.get("/desk").status_code == 403


# --- every URL of a case × every role × every relation to the case ----------------------------------------------------

SAID = {"evidence": "E1", "collection": "facts", "step": "inquire", "work": "affirm"}
OF_A_CASE = [(name, route) for name, route in URLS if TABLE[name].relations is not None]


def standing(desk: Desk, role: Role, relation: Relation) -> User:
    """A user with that role who stands in that relation to the case, and in no nearer one."""
    unit = desk.world.units["other" if relation is Relation.OUTSIDE else "zjw"]
    user = a_user(f"{role}-{relation}", role, unit=unit)
    if relation in {Relation.HANDLER, Relation.REVIEWER}:
        Assignment.objects.create(case=desk.case, move=desk.seen, user=user, duty=relation)
    if relation is Relation.RECUSED:
        Assignment.objects.create(case=desk.case, move=desk.seen, user=user, duty=Relation.HANDLER)
        Recusal.objects.create(case=desk.case, move=desk.seen, user=user, ground="other-bias", reasons="自行申报")
    return user


@pytest.mark.parametrize("relation", [each for each in Relation if each is not Relation.MEMBER])
def test_a_case_opens_as_the_table_says_and_is_not_there_for_anybody_else(database: str, relation: Relation) -> None:
    """PUT is a method that no page takes: 405 from the page, once the gate has let it through."""
    desk = opened(prefecture())
    for role in Role:
        client = logged_in(standing(desk, role, relation))
        for name, route in OF_A_CASE:
            allowed = allows(TABLE[name], frozenset({role}), frozenset({relation}))
            address = f"/{route}".replace("<str:case>", desk.case.reference)
            for key, value in SAID.items():
                address = address.replace(f"<str:{key}>", value)
            assert client.put(address).status_code == (405 if allowed else 404), f"{role} {relation} {name}"
            assert client.put(address.replace(desk.case.reference, "2026-9999")).status_code == 404, "no such case"


def test_a_member_of_the_collective_reads_it_once_it_is_with_the_collective(database: str) -> None:
    desk = investigated(opened(prefecture()))
    client = logged_in(desk.world.users["decider1"])
    assert client.get(f"/cases/{desk.case.reference}").status_code == 404
    recommended(desk)
    assert client.get(f"/cases/{desk.case.reference}").status_code == 200


def test_the_answer_for_a_strangers_case_is_that_for_none(database: str) -> None:
    desk = opened(prefecture())
    client = logged_in(desk.world.users["stranger"])
    there, nowhere = (client.get(f"/cases/{number}") for number in (desk.case.reference, "2026-9999"))
    assert there.status_code == nowhere.status_code == 404
    same = re.compile(r'value="[^"]*"|FToken": "[^"]*"')  # the token, and the way back
    assert same.sub("", there.content.decode()) == same.sub("", nowhere.content.decode())


def test_no_list_shows_a_case_of_another_unit_or_to_who_keeps_the_system(database: str) -> None:
    desk = opened(prefecture())
    for name in ("stranger", "keeper"):
        client = logged_in(desk.world.users[name])
        for address in ("/desk", "/cases"):
            assert desk.case.reference not in client.get(address).content.decode()
