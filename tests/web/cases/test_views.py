"""The pages: every one of them opens in both languages at every stage, and the whole path is taken by filling in forms."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from wenze.web.cases.actions import standings
from wenze.web.cases.models import Case, Particular

from .visitor import Visitor, forms_are_seen, refusal  # noqa: F401 -- a fixture
from .world import (
    ACT,
    POST,
    celebration,
    heard,
    investigated,
    lead,
    opened,
    prefecture,
    recommended,
)

PAGES = ("", "/facts", "/determination", "/defence", "/decision", "/record")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_page_opens_at_every_stage(database: str, language: str) -> None:
    world = prefecture()
    desk = lead(world)
    head = Visitor(world, "head", language)
    for page in PAGES:
        head.see(f"/cases/{desk.case.reference}{page}")
    desk = heard(recommended(investigated(opened(world))), "一点", "又一点")
    visitors = [Visitor(world, name, language) for name in ("handler", "decider1", "auditor")]
    for visitor in visitors:
        for page in ("/desk", "/cases", *(f"/cases/{desk.case.reference}{page}" for page in PAGES)):
            html = visitor.see(page)
            assert "Traceback" not in html
    page = visitors[0].client.get(f"/cases/{desk.case.reference}/determination/page")
    assert page.status_code == 200
    assert "'sha256-" in page["Content-Security-Policy"]


def test_a_lead_is_taken_to_the_archive_by_filling_in_forms(database: str) -> None:
    world = prefecture()
    day = timezone.localdate() - timedelta(days=150)
    visitors = {name: Visitor(world, name) for name in world.users if name != "keeper"}

    def does(who: str, where: str, **said: Any) -> None:
        visitors[who].does(f"/cases/{case}{where}", on=day.isoformat(), **said)

    answer = visitors["intake"].fill(
        "/leads/new",
        title="某县庆典安全问题线索",
        channel="report",
        summary="没有做评估",
        on=day.isoformat(),
        receipt=day.isoformat(),
        alleged=["6.7"],
        **{f"feature-{name}": "no" for name in ("named-report", "superior-matter", "about-own-head", "transferred")},
    )
    assert answer.status_code == 302, refusal(answer.content.decode())
    case = answer["Location"].rsplit("/", 1)[1]
    for name, duty in (("handler", "handler"), ("handler2", "handler"), ("reviewer", "reviewer")):
        does("head", "/work/assign", user=name, duty=duty, reasons="分工")
    does("handler", "/step/check", reasons="具体")
    does("handler", "/work/name-respondent", post=POST, day="2015-03-06")
    does("handler", "/work/establish", reasons="不是选举任命", **{"feature-elected": "no"})
    does("head", "/step/open", reasons="须查清")
    _enter_the_celebration(visitors["handler"], case, day)
    day += timedelta(days=30)
    does("handler", "/step/inquire", reasons="取证", actors=2)
    does("reviewer", "/work/rule", ruling="R-6.7-缺失|任缺", since=day.isoformat(), source="意见", reasons="各自独立")
    does("handler", "/step/determine", reasons="已查清")
    standards = {f"affirm-{name}": "已核对" for name in _standards()}
    does("reviewer", "/work/affirm", step="recommend", **standards)
    chosen = {
        "rests_on": [f"6.7|{ACT}"],
        "kinds": [f"10.3|{ACT}|共同责任"],
        "band": "serious",
        "measures": ["public-apology", "circulated-criticism"],
        "text": "没有做评估而举办",
    }
    does(
        "handler",
        "/step/recommend",
        result="accountable",
        to="zw",
        papers=["recommendation", "fact-material"],
        **chosen,
    )
    does(
        "handler",
        "/step/notice",
        facts="告知",
        until=(day + timedelta(days=14)).isoformat(),
        receipt=day.isoformat(),
        papers=["notice"],
    )
    day += timedelta(days=5)
    does(
        "handler",
        "/step/statement",
        outcome="heard",
        points="没有人报告\n\n经州批准",
        papers=["statement-record"],
        actors=2,
    )
    for number in (1, 2):
        does("handler", "/work/answer", number=number, accepted="no", reasons="会议记录载明")
    does("handler", "/step/answer-points")
    does("reviewer", "/work/affirm", step="decide", **standards)
    does("handler", "/work/put-to-vote", step="decide", result="accountable", **chosen)
    for name in ("decider1", "decider2", "decider3", "decider4", "decider5", "chair"):
        does(name, "/work/vote", choice="against" if name == "decider2" else "for", reasons=f"{name}的理由")
    assert "decider2的理由" in visitors["handler"].see(f"/cases/{case}/decision")
    does("decider1", "/step/decide", papers=["minutes"])
    does("handler", "/step/serve", receipt=day.isoformat(), papers=["decision", "service-receipt"])
    for name in ("execute", "file-upward", "file-personal", "report-execution"):
        does("handler", f"/step/{name}", reasons="已办")
    does("handler", "/step/publish", outcome="withheld", reasons="工作秘密")
    does("handler", "/step/complain", receipt=day.isoformat(), reasons="过重", papers=["complaint"])
    does("handler", "/work/hand-up", step="answer-complaint", reasons="原决定人不得办理")
    does(
        "handler",
        "/work/put-to-vote",
        step="answer-complaint",
        result="vary",
        rests_on=[],
        kinds=[],
        band="light",
        measures=["written-self-examination"],
        text="情节较轻",
    )
    for name in ("superior1", "superior2", "superior3"):
        does(name, "/work/vote", choice="for", reasons="情节较轻")
    does("superior1", "/step/answer-complaint", papers=["complaint-decision"])
    does("handler", "/step/serve", receipt=day.isoformat(), papers=["decision", "service-receipt"])
    does("handler", "/step/execute", reasons="已作检查")
    day += timedelta(days=60)
    does("handler", "/step/archive")
    assert standings(Case.objects.get(reference=case), day)[POST].ended == "archive"
    visitors["auditor"].see(f"/cases/{case}/record")


def _standards() -> list[str]:
    from wenze.web.cases.reasoning import law
    from wenze.web.cases.standards import standards

    return [each.zh for each in standards(law("dehong", None))]


def _enter_the_celebration(visitor: Visitor, case: str, day: date) -> None:
    """Evidence, records and findings, each by its own form."""
    found = celebration()
    for each in found["evidence"]:
        visitor.does(
            f"/cases/{case}/admit",
            title=each["title"],
            form=each["form"],
            source="调取",
            obtained=day.isoformat(),
            obtained_by="两名承办人",
            on=day.isoformat(),
        )
    for collection in ("events", "duties", "acts", "participations"):
        for each in found[collection]:
            typed = {key: _as_typed(value) for key, value in each.items() if key != "id"}
            visitor.does(f"/cases/{case}/enter/{collection}", on=day.isoformat(), **typed)
    records: dict[tuple[str, str], dict[str, Any]] = {}
    for each in (*found["facts"], *found["findings"]):
        typed = records.setdefault((each["fact"], " ".join(each.get("entities", []))), {})
        typed |= {name: each[key] for name, key in (("supporting", "for"), ("opposing", "against")) if key in each}
        if "holds" in each:
            typed |= {"holds": "yes" if each["holds"] else "no", "reasons": each["reasons"]}
    for (fact, entities), typed in records.items():
        visitor.does(
            f"/cases/{case}/find?fact={fact}&entities={entities.replace(' ', '+')}", on=day.isoformat(), **typed
        )


def _as_typed(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "、".join(f"{each['name']} {each['number']}" for each in value)
    return value


def test_a_record_is_withdrawn_with_its_reason_and_stays_readable(database: str) -> None:
    world = prefecture()
    desk = opened(world)
    desk.work("enter", "handler", records=[("acts", {"title": "误记的行为"})])
    visitor = Visitor(world, "handler")
    page = f"/cases/{desk.case.reference}/facts"
    assert "误记的行为" in visitor.see(page)
    where = f"/cases/{desk.case.reference}/work/withdraw?collection=acts&identity=A1"
    visitor.does(where, on=desk.on.isoformat(), reasons="重复登记")
    assert "误记的行为" not in visitor.see(page)
    assert Particular.objects.filter(case=desk.case, identity="A1").count() == 2


def test_what_is_overdue_below_is_told_to_the_head_above_without_contents(database: str) -> None:
    world = prefecture()
    desk = lead(world, superior_matter=True)  # to be passed up within some working days of January
    above = Visitor(world, "chair").see("/desk")
    assert desk.case.reference in above and desk.case.title not in above
    assert desk.case.reference not in Visitor(world, "stranger").see("/desk")
    assert desk.case.title in Visitor(world, "head").see("/desk")
