"""Users who send what no form of theirs offers: other cases' numbers, other units, other days, old forms, the same form twice."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.http import HttpResponse
from django.utils import timezone

from staff import logged_in
from wenze.web.access import Role
from wenze.web.cases.actions import STEPS, WORKS, NotYours, Stale
from wenze.web.cases.actions.collective import open_motion
from wenze.web.cases.models import Case, Motion, Recusal
from wenze.web.offices.models import Grant

from .test_other_ways import answered
from .visitor import Visitor, forms_are_seen  # noqa: F401 -- a fixture
from .world import POST, PROPOSED, Desk, investigated, lead, opened, prefecture


def motion_of(case: Case) -> Motion:
    put = open_motion(case, POST, "decide")
    assert put
    return put


def post(desk: Desk, who: str, where: str, **said: Any) -> HttpResponse:
    """A form made by hand, without looking at the one there is."""
    typed = {"seen": desk.seen, "on": desk.on.isoformat(), **said}
    return logged_in(desk.world.users[who], language="en").post(f"/cases/{desk.case.reference}/{where}", typed)


def refused(desk: Desk, who: str, where: str, status: int = 422, **said: Any) -> str:
    before = desk.seen
    answer = post(desk, who, where, **said)
    assert (answer.status_code, desk.seen) == (status, before), answer.content.decode()[-800:]
    return answer.content.decode()


def test_hidden_fields_of_another_case_or_unit_are_refused(database: str) -> None:
    world = prefecture()
    desk, other = answered(opened(world)), answered(opened(world))
    for each in (desk, other):
        each.work("put-to-vote", "handler", step="decide", proposed=PROPOSED)
    theirs = motion_of(other.case)
    refused(desk, "decider1", "vote/vote", motion=theirs.pk, choice="for", reasons="票投别案")
    refused(desk, "decider1", "vote/vote", motion="1 OR 1=1", choice="for", reasons="票投别案")
    refused(desk, "decider1", "vote/vote", motion=motion_of(desk.case).pk, choice="yes please", reasons="未列选项")
    refused(desk, "handler", "work/put-to-vote", step="answer-complaint", result="revoke", text="越过步骤")
    refused(
        desk, "handler", "work/put-to-vote", step="decide", result="accountable", rests_on="9.9|A1", text="没有的情形"
    )
    refused(desk, "handler", "work/answer", number=10**30, accepted="no", reasons="没有的要点")
    refused(desk, "handler", "issue/recommend", to="other", result="accountable", text="送往无权的单位")
    assert post(desk, "handler", "issue/decide", papers=["minutes"]).status_code == 403
    assert not theirs.votes.exists()


def test_nobody_of_another_unit_is_assigned_and_nobody_is_put_out_of_a_case_by_a_colleague(database: str) -> None:
    desk = opened(prefecture())
    for name in ("stranger", "keeper", "auditor", "decider1"):
        refused(desk, "head", "work/assign", user=name, duty="handler", reasons="越权指定")
    own = {"ground": "other-bias", "reasons": "排除他人", "outcome": "granted"}
    refused(desk, "handler", "step/recuse", user="handler2", **own)
    assert not Recusal.objects.exists()


def test_a_case_that_is_not_theirs_takes_no_form_whatever_it_says(database: str) -> None:
    desk = opened(prefecture())
    desk.step(
        "recuse", "handler2", user=desk.world.users["handler2"], ground="other-bias", reasons="本人", outcome="granted"
    )
    forms = ("step/inquire", "issue/serve", "work/affirm", "vote/vote", "admit", "enter/acts", "find?fact=x", "export")
    for who in ("stranger", "handler2", "keeper", "decider1", "superior1"):
        for where in forms:
            refused(desk, who, where, 404, reasons="越权", title="越权")
    for where in forms[:-1]:
        refused(desk, "auditor", where, 404, reasons="只读")


def test_nothing_is_registered_before_it_happens(database: str) -> None:
    """Else one wrong year would close a case until that year."""
    desk = opened(prefecture())
    tomorrow = (timezone.localdate() + timedelta(days=1)).isoformat()
    page = refused(desk, "handler", "step/inquire", on=tomorrow, reasons="取证", actors=2)
    assert "has not come yet" in page
    for day in ("9999-12-31", "0001-01-01", "1900-01-01", "", "昨天"):
        before = desk.seen
        answer = post(desk, "handler", "step/inquire", on=day, reasons="取证", actors=2)
        assert answer.status_code in (409, 403, 422) and desk.seen == before, day
        Visitor(desk.world, "handler").see(f"/cases/{desk.case.reference}?on={day}")
    intake = Visitor(desk.world, "intake")
    for name in ("on", "receipt"):
        said = {"title": "题", "channel": "report", "summary": "事", "on": "2026-01-12", "receipt": "2026-01-12"}
        assert intake.fill("/leads/new", **(said | {name: "9999-12-31"})).status_code == 422
    assert intake.fill("/leads/new", **(said | {"on": "1900-01-01", "receipt": "1900-01-01"})).status_code == 422
    assert Case.objects.count() == 1


def test_a_role_that_has_ended_is_not_used_for_an_earlier_day(database: str) -> None:
    desk = lead(prefecture())
    desk.assign("handler")
    desk.step("check", "handler", reasons="具体")
    head = desk.world.users["head"]
    Grant.objects.filter(user=head, role=Role.HEAD).update(end=desk.on)
    Grant.objects.create(user=head, role=Role.HANDLER, start=date(2020, 1, 1))
    said = {"outcome": "not-made-out", "reasons": "倒填", "papers": ["no-action-notice"]}
    assert post(desk, "head", "step/close", **said).status_code in (403, 422) and not desk.case.moves.filter(
        step="close"
    )
    with pytest.raises(NotYours):
        later = Desk(desk.world, desk.case, desk.on + timedelta(days=5))
        earlier = {"by": head, "on": desk.on, "at": later.at(), "seen": desk.seen}
        STEPS["close"](desk.case, **earlier, **said)


@pytest.mark.parametrize("seen", ["-1", "0", "999999", "1e3", str(10**30), "x", ""])
def test_an_old_or_forged_position_does_nothing_twice(database: str, seen: str) -> None:
    desk = opened(prefecture())
    desk.work("enter", "handler", records=[("acts", {"title": "行为"})])
    before = desk.seen
    answer = post(desk, "handler", "step/inquire", seen=seen, reasons="取证", actors=2)
    assert answer.status_code == 422 and desk.seen == before
    assert "取证" in answer.content.decode(), "what was typed stays"


def test_the_same_form_sent_twice_is_one_act(database: str) -> None:
    desk = opened(prefecture())
    seen = desk.seen
    for where, said in (
        ("enter/acts", {"title": "行为"}),
        ("admit", {"title": "材料", "form": "书证", "source": "调取", "obtained": "2026-01-20", "obtained_by": "两人"}),
        ("work/establish", {"feature-elected": "no", "reasons": "不是"}),
        ("step/inquire", {"reasons": "取证", "actors": 2}),
    ):
        seen = desk.seen
        answers = [post(desk, "handler", where, seen=seen, **said).status_code for _ in range(2)]
        assert (answers, desk.seen) == ([302, 422], seen + 1), where
    common = {"by": desk.world.users["handler"], "on": desk.on, "at": desk.at(), "seen": desk.seen}
    WORKS["enter"](desk.case, **common, records=[("acts", {"title": "又一行为"})])
    with pytest.raises(Stale):
        WORKS["enter"](desk.case, **common, records=[("acts", {"title": "又一行为"})])


def test_a_lead_sent_twice_is_one_lead(database: str) -> None:
    world = prefecture()
    client = logged_in(world.users["intake"])
    said = {"title": "题", "channel": "report", "summary": "事", "on": "2026-01-12", "receipt": "2026-01-12"}
    once = client.get("/leads/new").context["form"]["once"].value()
    first, second = (client.post("/leads/new", said | {"once": once}) for _ in range(2))
    assert first["Location"] == second["Location"] and Case.objects.count() == 1
    other = client.get("/leads/new").context["form"]["once"].value()
    assert other != once
    client.post("/leads/new", said | {"once": other})
    assert Case.objects.count() == 2


def test_what_looks_like_a_page_or_a_statement_is_shown_as_words(database: str) -> None:
    evil = "<script>alert(1)</script>'; DROP TABLE cases_case; --{{ 7|add:7 }}"
    desk = investigated(opened(prefecture()))
    desk.work("enter", "handler", records=[("acts", {"title": evil})])
    for page in ("", "/facts", "/determination", "/determination/page", "/decision", "/record"):
        html = Visitor(desk.world, "handler").see(f"/cases/{desk.case.reference}{page}")
        assert "<script>alert" not in html, page
    Visitor(desk.world, "handler").see("/cases?q='%20OR%201=1%20--&step=%22%3E%3Cscript%3E&page=-5")


@pytest.mark.parametrize(
    "where",
    ["", "/evidence/E1%00", "/work/withdraw?collection=acts%00", "/find?fact=a%00&entities=%00", "/facts?on=%00"],
)
def test_a_zero_in_an_address_gets_a_page(database: str, where: str) -> None:
    desk = opened(prefecture())
    client = logged_in(desk.world.users["handler"])
    client.raise_request_exception = False
    number = desk.case.reference + ("%00" if not where else "")
    assert client.get(f"/cases/{number}{where}").status_code in (400, 404)
    assert client.get("/cases?q=%00").status_code == 400
    assert client.post(f"/cases/{desk.case.reference}/step/inquire", {"reasons": "\0", "seen": 1}).status_code == 422
