"""The pages of units, posts and staff: what they show on which day, who may change what."""

from __future__ import annotations

import json
from datetime import date

import pytest

from staff import a_user, logged_in
from wenze.law import shipped
from wenze.web.access import Role
from wenze.web.journal.reader import history
from wenze.web.offices import directory, register
from wenze.web.offices.models import Official, Tenure, Unit, User

PREFECTURE = json.loads((shipped() / "dehong" / "prefecture.json").read_text("utf-8"))
DAY = date(2026, 1, 1)


@pytest.fixture
def prefecture(database: str) -> None:
    organs = {name: part for name, part in PREFECTURE.items() if name != "users"}
    directory.load(organs, passwords=lambda _: "", on=DAY)


def shown(username: str, *roles: Role, address: str, language: str = "zh-hans") -> str:
    user = a_user(username, *roles, unit=Unit.objects.get(code="U0"))
    return logged_in(user, language=language).get(address).content.decode()


def test_posts_are_shown_as_they_were_on_the_day(prefecture: None) -> None:
    page = shown("li", Role.HANDLER, address="/offices?on=2026-01-01")
    assert "挂职" in page and "代理" in page
    assert page.count("空缺") == 1, "the head of the bureau"
    assert page.count("未登记，权限待查明") == 2
    assert "分管公安、信访、文化旅游" in page


def test_on_an_earlier_day_nobody_held_what_came_later(prefecture: None) -> None:
    page = shown("li", Role.HANDLER, address="/offices?on=2023-01-01")
    assert "挂职" not in page and "代理" not in page and "分管公安" not in page


@pytest.mark.parametrize("on", ["", "tomorrow", "2026-99-99", "0000-00-00"])
def test_a_day_that_is_none_is_today(prefecture: None, on: str) -> None:
    assert "稻香县公安局" in shown("li", Role.HANDLER, address=f"/offices?on={on}")


def test_the_page_is_complete_in_english(prefecture: None) -> None:
    page = shown("li", Role.HANDLER, address="/offices", language="en")
    assert "Units and posts" in page and "vacant" in page and "Public Security Bureau of Daoxiang County" in page


def test_a_relation_is_declared_and_recorded(prefecture: None) -> None:
    user = a_user("li", Role.HANDLER, unit=Unit.objects.get(code="U0"))
    client = logged_in(user)
    official = Official.objects.get(code="O3")
    assert client.post("/relations", {"official": official.pk, "nature": ""}).status_code == 422
    answer = client.post("/relations", {"official": official.pk, "nature": "同学"}, follow=True)
    assert "王丙" in answer.content.decode() and "自动回避" in answer.content.decode()
    assert history(f"staff/{user.pk}")[-1].kind == "relationship.declared"


def test_roles_are_given_and_taken_back_by_the_security_administrator_on_the_record(prefecture: None) -> None:
    security, other = a_user("anquan", Role.SECURITY), a_user("li")
    client = logged_in(security)
    page = client.post(f"/staff/{other.pk}/role", {"role": "handler"}, follow=True).content.decode()
    assert "承办" in page and other.roles(date.today()) == {Role.HANDLER}
    client.post(f"/staff/{other.pk}/role", {"role": "handler", "act": "revoke"})
    assert history(f"staff/{other.pk}")[-1].kind == "grant.ended"
    client.post(f"/staff/{other.pk}/out")
    assert not User.objects.get(pk=other.pk).is_active
    assert {entry.by for entry in history(f"staff/{other.pk}")} == {f"staff/{security.pk}"}


@pytest.mark.parametrize("said", [{"role": "king"}, {}, {"role": "handler", "act": "revoke"}])
def test_what_cannot_be_changed_is_said_in_a_sentence(prefecture: None, said: dict[str, str]) -> None:
    other = a_user("li")
    page = logged_in(a_user("anquan", Role.SECURITY)).post(f"/staff/{other.pk}/role", said, follow=True)
    assert 'class="note error"' in page.content.decode()


def test_nobody_changes_their_own_roles(prefecture: None) -> None:
    user = a_user("anquan", Role.SECURITY)
    client = logged_in(user)
    for address, said in (
        (f"/staff/{user.pk}/role", {"role": "security", "act": "revoke"}),
        (f"/staff/{user.pk}/out", {}),
    ):
        assert "由他人办理" in client.post(address, said, follow=True).content.decode()
    assert User.objects.get(pk=user.pk).is_active


def test_the_auditor_of_the_system_sees_staff_and_changes_nothing(prefecture: None) -> None:
    client = logged_in(a_user("shenji", Role.AUDIT))
    assert "收回" not in client.get("/staff").content.decode()
    assert client.post(f"/staff/{a_user('li').pk}/role", {"role": "handler"}).status_code == 403


def test_who_comes_after_is_shown_from_the_first_day(prefecture: None) -> None:
    tenure = Tenure.objects.get(post__code="P2")
    register.end(tenure, date(2026, 3, 31), by=None)
    register.appoint(
        Tenure(post=tenure.post, official=Official.objects.get(code="O1"), mode="代理", start=date(2026, 4, 1)), by=None
    )
    client = logged_in(a_user("li", Role.HANDLER, unit=Unit.objects.get(code="U0")))
    before, after = (client.get(f"/offices?on=2026-0{day}").content.decode() for day in ("3-31", "4-01"))
    assert before.count("李乙") == 1 and after.count("李乙") == 0 and after.count("张甲") == 2
