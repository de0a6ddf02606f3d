"""Promise 15: staff log in with two factors, codes usable once; idle and absolute limits; proof again for what is weighty."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.test import Client, override_settings
from django.urls import path
from django.utils import timezone

from staff import PASSWORD, a_fresh_code, a_user, aged, logged_in
from wenze.web import urls
from wenze.web.access import CASE_STAFF, KEEPERS, TABLE, Role, Row
from wenze.web.offices.accounts import NotKnown, Paused, authenticate, current_code
from wenze.web.offices.models import User


def said_by(user: User, **other: str) -> dict[str, str]:
    return {"username": user.username, "password": PASSWORD, "code": a_fresh_code(user), **other}


def test_name_password_and_code_open_the_office(database: str) -> None:
    assert logged_in(a_user("li", Role.HANDLER)).get("/desk").status_code == 200


@pytest.mark.parametrize(
    "wrong", [{"password": "x"}, {"code": "000000"}, {"code": ""}, {"code": "１２３４５６"}, {"username": "nobody"}]
)
def test_one_factor_is_not_enough_and_which_failed_is_not_said(database: str, wrong: dict[str, str]) -> None:
    user = a_user("li", Role.HANDLER)
    client = Client()
    answer = client.post("/login", {**said_by(user), **wrong})
    assert answer.status_code == 422
    assert "sessionid" not in client.cookies
    if wrong != {"code": ""}:
        assert "登录名、口令或动态口令不对" in answer.content.decode()
    assert PASSWORD not in answer.content.decode()


def test_a_code_is_used_up(database: str) -> None:
    user, now = a_user("li"), timezone.now()
    code = current_code(user, at=now)
    authenticate("li", PASSWORD, code, at=now)
    with pytest.raises(NotKnown):
        authenticate("li", PASSWORD, code, at=now + timedelta(seconds=1))
    later = now + timedelta(seconds=30)
    authenticate("li", PASSWORD, current_code(user, at=later), at=later)


def test_an_earlier_code_does_not_count_after_a_later_one(database: str) -> None:
    user, now = a_user("li"), timezone.now()
    earlier = current_code(user, at=now - timedelta(seconds=30))
    authenticate("li", PASSWORD, current_code(user, at=now), at=now)
    with pytest.raises(NotKnown):
        authenticate("li", PASSWORD, earlier, at=now)


def test_of_two_who_send_the_same_code_at_the_same_moment_one_gets_in(committed_database: dict[str, Any]) -> None:
    user, now = a_user("li"), timezone.now()
    code = current_code(user, at=now)

    def attempt(_: int) -> bool:
        try:
            authenticate("li", PASSWORD, code, at=now)
        except (NotKnown, Paused):
            return False
        finally:
            connection.close()
        return True

    with ThreadPoolExecutor(6) as pool:
        assert sum(pool.map(attempt, range(6))) == 1


def test_after_failures_nothing_is_tried_for_a_while(database: str) -> None:
    user, now = a_user("li"), timezone.now()
    for _ in range(5):
        with pytest.raises(NotKnown):
            authenticate("li", "wrong", "000000", at=now)
    with pytest.raises(Paused) as paused:
        authenticate("li", PASSWORD, current_code(user, at=now), at=now)
    after = paused.value.until
    assert timedelta(0) < after - now <= timedelta(minutes=15)
    assert authenticate("li", PASSWORD, current_code(user, at=after), at=after) == user


def test_the_pause_grows_and_has_an_end(database: str) -> None:
    a_user("li")
    now, pauses = timezone.now(), []
    for _ in range(20):
        try:
            authenticate("li", "wrong", "000000", at=now)
        except NotKnown:
            now += timedelta(seconds=1)
        except Paused as paused:
            pauses.append(paused.until - now)
            now = paused.until
    assert pauses == sorted(pauses) and pauses[-1] <= timedelta(minutes=15)


@pytest.mark.parametrize(
    "minutes, open_", [({"seen": 14}, True), ({"seen": 16}, False), ({"began": 479}, True), ({"began": 481}, False)]
)
def test_a_log_in_ends_after_15_idle_minutes_and_after_8_hours(
    database: str, minutes: dict[str, float], open_: bool
) -> None:
    client = logged_in(a_user("li", Role.HANDLER))
    aged(client, **minutes)
    answer = client.get("/desk")
    assert (answer.status_code == 200) is open_
    if not open_:
        assert answer["Location"] == "/login?next=%2Fdesk"


def test_whoever_goes_on_working_is_not_thrown_out(database: str) -> None:
    client = logged_in(a_user("li", Role.HANDLER))
    for _ in range(5):
        aged(client, seen=14, began=14)
        assert client.get("/desk").status_code == 200


def test_logging_out_ends_it(database: str) -> None:
    client = logged_in(a_user("li", Role.HANDLER))
    kept = client.cookies["sessionid"].value
    client.post("/logout")
    stolen = Client()
    stolen.cookies["sessionid"] = kept
    assert stolen.get("/desk").status_code == 302


def test_a_user_who_was_put_out_is_out_at_once(database: str) -> None:
    user = a_user("li", Role.HANDLER)
    client = logged_in(user)
    User.objects.filter(pk=user.pk).update(is_active=False)
    assert client.get("/desk").status_code == 302
    with pytest.raises(NotKnown):
        authenticate("li", PASSWORD, a_fresh_code(user), at=timezone.now())


def test_no_address_and_no_browser_is_kept(database: str) -> None:
    user = a_user("li", Role.HANDLER)
    client = Client(REMOTE_ADDR="203.0.113.77", HTTP_USER_AGENT="Peculiar/1.0")
    client.post("/login", {**said_by(user), "password": "wrong"})
    client.post("/login", said_by(user))
    kept = [session.get_decoded() for session in Session.objects.all()]
    assert kept and "203.0.113" not in str(kept) and "Peculiar" not in str(kept)
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            rows = cursor.execute(f'SELECT * FROM "{table}"') or cursor
            assert not re.search(r"203\.0\.113\.77|Peculiar", str(rows.fetchall())), table


# --- what is weighty --------------------------------------------------------------------------------------------------


def weighty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("done " + "、".join(request.POST.getlist("reason")))


class WithWeighty:
    """The URLs, and a weighty one."""

    urlpatterns = [path("weighty", weighty, name="weighty"), *urls.urlpatterns]  # noqa: RUF012
    handler403, handler404 = urls.handler403, urls.handler404


@pytest.fixture
def with_weighty(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setitem(TABLE, "weighty", Row(frozenset({Role.DECIDER}), fresh=True))
    with override_settings(ROOT_URLCONF=WithWeighty):
        yield


def hidden(page: str) -> dict[str, list[str]]:
    """The hidden fields of a page."""
    found: dict[str, list[str]] = {}
    for name, value in re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page):
        found.setdefault(name, []).append(unescape(value))
    return found


def test_a_weighty_step_wants_password_and_code_within_five_minutes(database: str, with_weighty: None) -> None:
    client = logged_in(a_user("li", Role.DECIDER))
    assert client.post("/weighty").status_code == 200
    aged(client, proved=6)
    assert client.post("/weighty").status_code == 401
    assert client.get("/weighty")["Location"] == "/confirm?next=%2Fweighty"


@pytest.mark.parametrize("ending", [{"proved": 6}, {"proved": 20, "seen": 20}])
def test_what_was_typed_is_kept_over_the_confirmation_and_over_an_expired_log_in(
    database: str, with_weighty: None, ending: dict[str, float]
) -> None:
    user = a_user("li", Role.DECIDER)
    client = logged_in(user)
    aged(client, **ending)
    asked = client.post("/weighty", {"reason": ['第一点 <b>"&', "第二点"]})
    assert asked.status_code == 401
    assert "您刚才填写的内容都在" in asked.content.decode()
    where = "/confirm" if ending.keys() == {"proved"} else "/login"
    wrong = client.post(
        where, {**said_by(user), "password": "wrong", "kept": hidden(asked.content.decode())["kept"][0]}
    )
    again = client.post(where, {**said_by(user), "kept": hidden(wrong.content.decode())["kept"][0]})
    page = again.content.decode()
    assert 'action="/weighty"' in page and "继续提交" in page
    assert client.post("/weighty", {"reason": hidden(page)["reason"]}).content.decode() == 'done 第一点 <b>"&、第二点'


def test_a_kept_form_is_for_nobody_else(database: str, with_weighty: None) -> None:
    client = logged_in(a_user("li", Role.DECIDER))
    aged(client, seen=20)
    asked = client.post("/weighty", {"reason": "秘密"})
    other = a_user("wang", Role.DECIDER)
    answer = client.post("/login", {**said_by(other), "kept": hidden(asked.content.decode())["kept"][0]})
    assert answer.status_code == 302, "logged in, and nothing of the form is shown"
    for forged in ("", "x", "AAAA"):
        assert client.post("/login", {**said_by(other), "kept": forged}).status_code == 302


# --- roles apart ------------------------------------------------------------------------------------------------------


def test_who_keeps_the_system_reads_no_case() -> None:
    for name, row in TABLE.items():
        if row.relations is not None:
            assert row.roles is not None and row.roles <= CASE_STAFF, name
            assert not row.roles & KEEPERS, name
