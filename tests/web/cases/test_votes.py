"""When the decision of the collective is offered: once all votes are in."""

from __future__ import annotations

from .visitor import Visitor, forms_are_seen  # noqa: F401 -- a fixture
from .world import POST, PROPOSED, heard, investigated, opened, prefecture, recommended


def test_a_collective_decision_is_offered_once_all_votes_are_in(database: str) -> None:
    """Before, the page says why not; who opens the address all the same is told the same."""
    desk = heard(recommended(investigated(opened(prefecture()))), "一点")
    desk.work("answer", "handler", number=1, accepted=False, reasons="不成立")
    desk.step("answer-points", "handler")
    desk.affirm("decide")
    member, at = Visitor(desk.world, "decider1"), f"?on={desk.on.isoformat()}"
    case = f"/cases/{desk.case.reference}"

    def offered() -> bool:
        return f"{case}/step/decide" in member.see(f"{case}{at}")

    assert not offered() and "还没有付诸表决" in member.see(f"{case}/issue/decide{at}", 409)
    desk.work("put-to-vote", "handler", step="decide", proposed=PROPOSED)
    assert not offered() and "还有 6 人没有表决" in member.see(f"{case}{at}")
    assert "还有 6 人没有表决" in member.see(f"{case}/issue/decide{at}", 409)
    desk.vote_all("decide", POST)
    assert offered()
    assert member.see(f"{case}/issue/decide{at}")
