"""Who withdraws a ruling on a reading: who reviews or made it, and nobody else."""

from __future__ import annotations

import pytest

from wenze.web.cases.actions import NotYours
from wenze.web.cases.models import Particular
from wenze.web.cases.reasoning import particulars

from .visitor import Visitor, forms_are_seen  # noqa: F401 -- a fixture
from .world import Desk, investigated, opened, prefecture, recommended, ruled

RULING = "R-6.7-缺失"
WITHDRAWS = {
    "auditor": 404,
    "stranger": 404,
    "handler": 409,
    "handler2": 409,
    "head": 409,
    "intake": 409,
    "chair": 404,
    "decider1": 404,
    "reviewer": 302,
}
"""who tries to withdraw the reviewer's ruling → what comes of it; the reviewer, who may, comes last"""


def _withdraws(desk: Desk, who: str) -> tuple[int, bool]:
    """What comes of it when somebody withdraws the ruling, and whether it was offered."""
    visitor = Visitor(desk.world, who)
    case, at = f"/cases/{desk.case.reference}", f"on={desk.on.isoformat()}"
    there = visitor.client.get(f"{case}/facts?{at}", follow=True)
    offered = there.status_code == 200 and "/work/withdraw-ruling" in there.content.decode()
    said = {"identity": RULING, "reasons": "理由有误", "on": desk.on.isoformat(), "seen": desk.seen}
    return visitor.client.post(f"{case}/work/withdraw-ruling", said).status_code, offered


def test_a_reviewers_ruling_is_withdrawn_by_the_reviewer_alone(database: str) -> None:
    desk = ruled(investigated(opened(prefecture())))
    for who, expected in WITHDRAWS.items():
        status, offered = _withdraws(desk, who)
        assert (who, status, offered) == (who, expected, expected == 302)
        assert (("rulings", RULING) in particulars(desk.case)) is (expected != 302)


def test_a_ruling_is_no_record_a_handler_withdraws(database: str) -> None:
    desk = ruled(investigated(opened(prefecture())))
    with pytest.raises(NotYours):
        desk.work("withdraw", "handler", collection="rulings", identity=RULING, reasons="不同意")
    assert Particular.objects.filter(case=desk.case, collection="rulings").count() == 1


def test_who_ruled_withdraws_the_own_ruling_and_not_anothers(database: str) -> None:
    desk = recommended(investigated(opened(prefecture())))
    said = {"option": "任缺", "since": desk.on, "source": "集体", "reasons": "同意"}
    desk.work("rule", "decider1", reading=RULING, **said)
    with pytest.raises(NotYours):
        desk.work("withdraw-ruling", "decider2", identity=RULING, reasons="不同意")
    desk.work("withdraw-ruling", "decider1", identity=RULING, reasons="误裁")
    assert ("rulings", RULING) not in particulars(desk.case)
