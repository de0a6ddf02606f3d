"""`?on=DAY`: a case as it stood, or will stand, on another day, said so on the page and kept by every link."""

from __future__ import annotations

import re
from datetime import timedelta

from django.utils import timezone

from .visitor import Visitor, forms_are_seen  # noqa: F401 -- a fixture
from .world import investigated, opened, prefecture


def test_a_page_of_another_day_says_so_and_its_links_and_forms_stay_there(database: str) -> None:
    desk = investigated(opened(prefecture()))
    handler, case = Visitor(desk.world, "handler"), f"/cases/{desk.case.reference}"
    day = desk.on.isoformat()
    html = handler.see(f"{case}?on={day}")
    assert day in html
    steps = re.findall(rf'href="({re.escape(case)}/(?:step|work|issue|vote)/[^"]*)"', html)
    assert steps and all(f"on={day}" in link for link in steps)
    answer = handler.client.get(f"{case}/step/inquire?on={day}", follow=True)
    assert answer.context["form"]["on"].value() == desk.on
    today = timezone.localdate()
    assert handler.client.get(f"{case}/step/inquire", follow=True).context["form"]["on"].value() == today


def test_a_day_that_is_none_or_has_not_come_harms_nothing(database: str) -> None:
    desk = opened(prefecture())
    handler, case = Visitor(desk.world, "handler"), f"/cases/{desk.case.reference}"
    for day in ("", "yesterday", "2026-02-30", "0000-00-00", "99999-01-01"):
        answer = handler.client.get(f"{case}?on={day}")
        assert answer.status_code in {200, 400}, day
        assert "Traceback" not in answer.content.decode()
    ahead = (timezone.localdate() + timedelta(days=400)).isoformat()
    before = desk.seen
    said = {"reasons": "取证", "actors": 2, "on": ahead, "seen": before}
    assert handler.client.post(f"{case}/step/inquire?on={ahead}", said).status_code in {403, 409, 422}
    assert desk.seen == before


def test_the_form_of_evidence_asks_what_is_missing_from_it(database: str) -> None:
    """A page lost from the minutes is entered with them and stands in the case file."""
    desk = opened(prefecture())
    handler, case = Visitor(desk.world, "handler"), f"/cases/{desk.case.reference}"
    day = desk.on.isoformat()
    told = {"title": "会议记录", "form": "会议记录", "source": "调取", "obtained": day, "obtained_by": "两名承办人"}
    handler.does(f"{case}/admit", on=day, lacks="第七页", **told)
    assert "缺失" in handler.see(f"{case}/admit?on={day}")
    assert "第七页" in handler.see(f"{case}/facts?on={day}")
