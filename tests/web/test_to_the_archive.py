"""The office as its users have it: the sample lead taken to the archive by clicking, in both languages, on both databases.

`WENZE_SCREENSHOTS=FOLDER` keeps a picture of every kind of page on the way, wide and narrow, light and dark.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.contrib.sessions.backends.db import SessionStore
from django.contrib.sessions.models import Session
from django.db import connections
from django.test import override_settings

import databases
from browser import launched, violations
from ledger.page_in_browser import check_in_browser
from offices import skip_without
from serving import Server
from staff import a_fresh_code
from web.clicking import PATIENCE, Office, Somebody
from web.test_in_browser import REAL_HASHERS, wait_for
from wenze.law import Library, shipped
from wenze.ledger import check_bundle, verifying_page
from wenze.web.cases.reasoning import law
from wenze.web.journal import keys
from wenze.web.offices.directory import load
from wenze.web.offices.models import User
from wenze.web.sample import PASSWORD, written
from wenze.web.sample.story import tell

pytestmark = pytest.mark.begins_first

# The answers to what the page of facts asks: which evidence is for or against it, or what is judged of it.
FOR = {
    "名单.事件完整": "E5", "名单.参与完整": "E1", "职责.具体": "E2", "职责.属本工作": "E2", "本人.作为": "E1", "活动.获批": "E3",
    "活动.安全预案": "E4", "活动.举办": "E4", "事件.由行为引发": "E5", "集体.作出决定": "E1",
}  # fmt: skip
AGAINST = {"活动.风险评估": "E1", "异议.有记录": "E1", "异议.记录灭失": "E1", "欺骗.存在": "E1", "上令.存在": "E2"}
JUDGED = {
    "活动.所列种类": "yes", "活动.大型": "yes", "事件.不稳定事件": "yes", "事件.造成社会不稳定": "yes", "决定.依当时错误": "yes",
    "活动.所缺可应对": "yes", "领导.独立失职": "yes", "违纪.党纪政纪": "no", "涉嫌.犯罪": "no",
}  # fmt: skip
EVIDENCE = (
    ("县政府常务会议完整会议记录", "完整会议记录"),
    ("县政府领导分工文件", "编制与分工文件"),
    ("州关于同意举办庙会的批复", "批复"),
    ("庙会方案和安全预案", "文件"),
    ("现场情况报告", "报告"),
)
KINDS = ("10.3|A1|共同责任", "10.3-最高|A1|主要领导责任")
INDEPENDENT = "8.主要领导|A1|全面领导责任"
STANDARDS = dict.fromkeys(
    (f"affirm-{name}" for name in ("事实清楚", "证据确凿", "定性准确", "处理恰当", "程序合法", "手续完备")),
    "已逐项核对",
)


@pytest.fixture(params=["sqlite-zh", pytest.param("postgresql-en", marks=pytest.mark.long)])
def served(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[tuple[Office, str, str]]:
    """The sample as it is after the first start, the number of its case on paper, and the language to click in."""
    kind, _, language = request.param.partition("-")
    skip_without(kind)
    with databases.copied(kind) as configuration, override_settings(PASSWORD_HASHERS=REAL_HASHERS):
        today = date.today()
        load(written("prefecture.json"), passwords=lambda _: PASSWORD, on=today)
        story = written("sample.json")
        case = tell({**story, "cases": story["cases"][-1:]}, Library(shipped()), today=today)[0]
        server = Server(configuration, tmp_path / "log")
        # beside the browser an event loop runs in this thread, where Django refuses to work
        with ThreadPoolExecutor(1) as aside:

            def alone(work: Callable[[], Any]) -> Any:
                def closing() -> Any:
                    try:
                        return work()
                    finally:
                        connections.close_all()

                return aside.submit(closing).result()

            def code(username: str) -> str:
                return alone(lambda: a_fresh_code(User.objects.get(username=username)))

            try:
                wait_for(server.port)
                address = f"http://127.0.0.1:{server.port}"
                yield Office(address, PASSWORD, code, lambda: alone(age)), case.reference, language
            finally:
                server.kill()


def age() -> None:
    """Every log-in as if an hour had passed without a request."""
    for row in Session.objects.all():
        session = SessionStore(row.session_key)
        session["seen"] -= 3600
        session.save()


class Tour:
    """One case and the people who take it along, each in a browser of their own; every kind of page is looked at once."""

    def __init__(self, browser: Any, office: Office, case: str, language: str) -> None:
        self.browser, self.office, self.case, self.language = browser, office, case, language
        self.public = keys.public()  # whom the record is to be signed by
        self.people: dict[str, Somebody] = {}
        self.looked: set[str] = set()
        self.against: list[str] = []
        self.day = date.today()

    def by(self, username: str, page: str = "") -> Somebody:
        """Somebody at one of the pages of the case, as of the day of the tour."""
        who = self.people.get(username)
        if who is None:
            who = self.people[username] = Somebody(self.browser, self.office, username, self.language)
            who.open(self.case)
        if who.day != self.day:
            who.at(self.day)
        who.tab(page)
        return who

    def later(self, days: int) -> str:
        self.day += timedelta(days=days)
        return self.day.isoformat()

    def look(self, who: Somebody, name: str) -> None:
        """Nothing is held against the page, light or dark; a picture is kept where one is wanted."""
        if name in self.looked:
            return
        self.looked.add(name)
        for scheme in ("light", "dark"):
            who.page.emulate_media(color_scheme=scheme)
            self.against += [f"{name}, {scheme}: {each}" for each in violations(who.page)]
            self._picture(who, name, scheme)
        who.page.emulate_media(color_scheme="light")

    def _picture(self, who: Somebody, name: str, scheme: str) -> None:
        folder = os.environ.get("WENZE_SCREENSHOTS")
        for width in (1280, 390) if folder else ():
            who.page.set_viewport_size({"width": width, "height": 800})
            who.page.screenshot(path=f"{folder}/{self.language}-{name}-{scheme}-{width}.png", full_page=True)
        who.page.set_viewport_size({"width": 1280, "height": 720})

    def leave(self) -> None:
        for who in self.people.values():
            who.leave()
        assert not self.against, "\n".join(self.against)


@pytest.mark.browser
def test_the_sample_lead_is_taken_to_the_archive_by_clicking(served: tuple[Office, str, str], tmp_path: Path) -> None:
    office, case, language = served
    with launched() as browser:
        tour = Tour(browser, office, case, language)
        tour.day = date.today() - timedelta(days=170)
        open_the_case(tour)
        find_the_facts(tour)
        recommend_on_a_ruling(tour)
        hear_the_defence(tour)
        decide_with_a_dissent_and_without_the_recused(tour)
        execute(tour)
        complain_and_partly_succeed(tour)
        archive(tour)
        verify_offline(tour, tmp_path)
        tour.leave()


def open_the_case(tour: Tour) -> None:
    tour.later(10)
    handler = tour.by("handler")
    tour.look(handler, "case-lead")
    for address, name in (("/desk", "desk"), ("/cases", "cases")):
        handler.page.click(f'header nav a[href="{address}"]')
        handler.page.wait_for_selector(f'header nav a[href="{address}"][aria-current]')
        tour.look(handler, name)
    handler.open(tour.case)
    handler.at(tour.day)
    handler.follow("/step/check")
    handler.fill(reasons="线索具体，可以核查")
    tour.office.expire()
    assert handler.send() == []
    tour.look(handler, "log-in-ended")
    handler.prove()  # the name is filled in; what was typed for the step comes through
    tour.look(handler, "go-on")
    assert handler.send() == []
    assert "线索具体，可以核查" in handler.page.inner_text("ol.timeline")
    handler.does("/work/name-respondent", post="P3", day="2025-03-06")
    tour.by("handler").does("/work/establish", **{"feature-elected": "no"}, reasons="不是本级人大选举或者任命")
    tour.later(3)
    tour.by("head").does("/step/open", reasons="有需要查清的事实")


def find_the_facts(tour: Tour) -> None:
    """What the page asks is answered until it asks no more that this case has evidence on."""
    day = tour.day.isoformat()
    handler = tour.by("handler", "facts")
    tour.look(handler, "facts-empty")
    for title, form in EVIDENCE:
        handler.does("/admit", title=title, form=form, source="调取", obtained=day, obtained_by="冯承办、陈协办")
    handler.does("/enter/events", title="庙会现场拥挤踩踏", date="2025-03-08", counts="受伤 27")
    handler.does("/enter/duties", title="审议和组织大型活动", owed_by=["P3"], source="县政府领导分工文件", held="yes")
    handler.does(
        "/enter/acts",
        title="决定举办庙会",
        link="决策",
        form="会议",
        start="2025-03-06",
        end="2025-03-08",
        events=["V1"],
    )
    handler.does(
        "/enter/participations", respondent="P3", act="A1", parts=["主持", "表决"], duties=["D1"], evidence=["E1"]
    )
    tour.look(handler, "facts-asked")
    for _ in range(60):
        asked = [link for link in handler.asked() if fact_of(link) in {*FOR, *AGAINST, *JUDGED}]
        if not asked:
            break
        handler.does(asked[0], **answered(fact_of(asked[0])))
    tour.look(handler, "facts-found")


def fact_of(link: str) -> str:
    return parse_qs(urlsplit(link).query)["fact"][0]


def answered(fact: str) -> dict[str, object]:
    if fact in JUDGED:
        return {"holds": JUDGED[fact], "reasons": "已核对材料，逐项说明"}
    return {"supporting": [FOR[fact]]} if fact in FOR else {"opposing": [AGAINST[fact]]}


def recommend_on_a_ruling(tour: Tour) -> None:
    """The result depends on readings: nobody may recommend on it before somebody has ruled."""
    proposed = {
        "result": "accountable",
        "rests_on": ["6.7|A1"],
        "kinds": [*KINDS, INDEPENDENT],
        "band": "serious",
        "measures": ["public-apology", "circulated-criticism"],
        "text": "没有做社会稳定风险评估而举办大型庙会",
        "papers": ["recommendation", "fact-material"],
        "to": "U9",
    }
    tour.later(27)
    tour.by("handler").does("/step/inquire", reasons="调取材料并谈话", actors="2")
    handler = tour.by("handler")
    handler.does("/step/determine", reasons="事实已经查清")
    tour.by("handler", "decision").does("/work/affirm", step="recommend", **STANDARDS)
    handler = tour.by("handler")
    handler.follow("/step/recommend")
    handler.fill(**proposed)
    refused = handler.send()
    readings = [found[0] for each in refused if (found := re.search(r"R-[^()（）]+", each))]
    assert len(readings) == len(refused) > 0, refused
    assert handler.page.input_value("[name=text]") == proposed["text"], "what was typed is kept"
    tour.look(handler, "recommend-refused")
    reviewer = tour.by("reviewer", "determination")
    tour.look(reviewer, "determination-by-default")
    for reading in readings:
        reviewer.follow("/work/rule")
        tour.look(reviewer, "rule")
        ruling = f"{reading}|{law('dehong', None).readings[reading].default}"
        reviewer.fill(ruling=ruling, since=tour.day.isoformat(), source="审核意见", reasons="按条文的文义")
        assert reviewer.send() == []
    tour.by("handler").does("/step/determine", reasons="已经裁定解读")
    tour.by("handler", "decision").does("/work/affirm", step="recommend", **STANDARDS)
    tour.by("handler").does("/step/recommend", **proposed)


def hear_the_defence(tour: Tour) -> None:
    """One point is accepted: a finding changes, and with it the determination."""
    told = tour.later(2)
    until = (tour.day + timedelta(days=14)).isoformat()
    tour.by("handler").does("/step/notice", facts="告知事实和依据", until=until, receipt=told, papers=["notice"])
    tour.later(8)
    points = "制度健全，也逐级检查过，除这一决定以外没有另外的失职\n\n活动经州里批准"
    handler = tour.by("handler")
    handler.does("/step/statement", outcome="heard", points=points, papers=["statement-record"], actors="2")
    tour.look(handler, "case-heard")
    handler = tour.by("handler", "defence")
    handler.does(
        "/work/answer?number=1", accepted="yes", reasons="制度和检查记录已经核对：改变另有失职的认定，重新认定"
    )
    handler.does("/work/answer?number=2", accepted="no", reasons="批准不免除评估")
    tour.look(handler, "defence")
    handler = tour.by("handler", "facts")
    handler.follow(next(link for link in handler.found() if fact_of(link) == "领导.独立失职"))
    tour.look(handler, "finding")
    handler.fill(holds="no", reasons="制度健全，没有另外的失职")
    assert handler.send() == []
    handler = tour.by("handler", "determination")
    assert handler.page.locator(".note.warning[role=status] li").count() == 1, "one change is not reflected"
    tour.look(handler, "determination-outdated")
    tour.by("handler").does("/step/determine", reasons="采纳第一点申辩")
    assert tour.by("handler", "determination").page.locator(".note.success").count() == 1
    tour.by("handler").does("/step/answer-points")
    tour.by("handler", "decision").does("/work/affirm", step="decide", **STANDARDS)


def decide_with_a_dissent_and_without_the_recused(tour: Tour) -> None:
    tour.later(3)
    related = tour.by("member5")
    related.does("/step/recuse", ground="close-relative", reasons="与问责对象是近亲属")
    answer = related.page.goto(f"{tour.office.address}/cases/{tour.case}")
    assert answer.status == 404, "who is recused does not read on"
    tour.look(related, "not-found")
    handler = tour.by("handler", "decision")
    handler.follow("/work/put-to-vote")
    tour.look(handler, "put-to-vote")
    handler.fill(kinds=[*KINDS], measures=["public-apology"], result="accountable")
    handler.fill(departure="采纳第一点申辩，不再认定全面领导责任，方式从轻")
    assert handler.send() == []
    for number in range(1, 5):
        member = tour.by(f"member{number}", "decision")
        tour.look(member, "decision-awaited")
        member.follow("/work/vote")
        tour.look(member, "vote")
        member.fill(choice="against" if number == 2 else "for", reasons=f"第{number}人的理由")
        assert member.send() == []
    member = tour.by("member1", "decision")
    assert "第2人的理由" in member.page.inner_text("main"), "the dissent is on record in its own words"
    tour.look(member, "decision-voted")
    member.does("/step/decide", papers=["minutes"])


def execute(tour: Tour) -> None:
    tour.later(2)
    serve(tour)
    for name in ("execute", "file-upward", "file-personal", "report-execution"):
        tour.by("handler").does(f"/step/{name}", reasons="已办")
    tour.by("handler").does("/step/publish", outcome="withheld", reasons="涉及工作秘密")


def serve(tour: Tour) -> None:
    said = {"receipt": tour.day.isoformat(), "papers": ["decision", "service-receipt"]}
    tour.by("handler").does("/step/serve", **said)


def complain_and_partly_succeed(tour: Tour) -> None:
    """Who decided does not answer it: it goes up, and becomes lighter."""
    tour.later(5)
    handler = tour.by("handler")
    handler.does("/step/complain", receipt=tour.day.isoformat(), reasons="处理过重", papers=["complaint"])
    tour.by("handler").does("/work/hand-up", step="answer-complaint", reasons="原决定人不得办理申诉")
    lighter = {"rests_on": [], "kinds": [], "band": "light", "measures": ["written-self-examination"]}
    handler = tour.by("handler", "decision")
    handler.does("/work/put-to-vote", step="answer-complaint", result="vary", text="情节较轻，部分采纳", **lighter)
    for number in range(1, 4):
        member = tour.by(f"province-member{number}", "decision")
        member.does("/work/vote", choice="for", reasons="情节较轻")
    tour.by("province-member1").does("/step/answer-complaint", papers=["complaint-decision"])
    tour.later(2)
    serve(tour)
    tour.by("handler").does("/step/execute", reasons="已作书面检查")


def archive(tour: Tour) -> None:
    handler = tour.by("handler")
    handler.page.goto(handler.page.url.replace(f"/cases/{tour.case}", f"/cases/{tour.case}/step/archive"))
    assert handler.page.locator("article.refusal li").count(), "not before the times to complain have run out"
    tour.look(handler, "archive-refused")
    tour.later(45)
    handler.tab()
    tour.by("handler").does("/step/archive")
    tour.look(handler, "case-archived")


def verify_offline(tour: Tour, folder: Path) -> None:
    handler = tour.by("handler", "record")
    tour.look(handler, "record")
    handler.page.goto(f"{tour.office.address}/confirm?next=/cases/{tour.case}/record")
    handler.prove()  # an export is asked for it too
    with handler.page.expect_download() as downloading:
        handler.page.click(f'main a[href*="/cases/{tour.case}/export"]')
    bundle = folder / "case.jsonl"
    downloading.value.save_as(bundle)
    trusted = tour.public
    with bundle.open("rb") as lines:
        assert check_bundle(lines, trusted=[trusted]).findings == []
    context = tour.browser.new_context(locale="zh-CN", offline=True)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    (folder / "check.html").write_text(verifying_page(), encoding="utf-8")
    page.goto((folder / "check.html").as_uri())
    check_in_browser(page, bundle.read_bytes(), [trusted], [])
    assert page.query_selector_all("#findings li") == []
    assert page.inner_text("#verdict").startswith("没有发现问题")
    context.close()
