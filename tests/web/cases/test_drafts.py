"""Where the draft of a proposal begins: with what was last proposed for the same respondent, never with another's."""

from __future__ import annotations

from datetime import date
from typing import Any

from .visitor import Visitor, forms_are_seen, refusal  # noqa: F401 -- a fixture
from .world import POST, PROPOSED, Desk, investigated, opened, prefecture, recommended, ruled

OTHER = "fxz"


def _form(visitor: Visitor, desk: Desk, what: str) -> Any:
    answer = visitor.client.get(f"/cases/{desk.case.reference}/{what}", follow=True)
    assert answer.status_code == 200, refusal(answer.content.decode())
    return answer.context["form"]


def test_a_proposal_begins_with_what_was_last_proposed_for_the_same_respondent_only(database: str) -> None:
    desk = opened(prefecture())
    desk.work("name-respondent", "handler", post=desk.world.posts[OTHER], day=date(2015, 3, 6))
    desk.work("establish", "handler", subject=OTHER, features={"elected": False}, reasons="不是选举任命")
    ruled(investigated(desk)).step("determine", "handler", reasons="事实已经查清")
    desk.affirm("recommend", subject=POST)
    papers = ("recommendation", "fact-material")
    desk.step("recommend", "handler", subject=POST, proposed=PROPOSED, papers=papers, to=desk.world.units["zw"])
    handler, at = Visitor(desk.world, "handler"), f"on={desk.on.isoformat()}"
    assert _form(handler, desk, f"issue/recommend?{at}&subject={POST}")["text"].value() == PROPOSED.text
    for other in (f"&subject={OTHER}", ""):
        form = _form(handler, desk, f"issue/recommend?{at}{other}")
        assert not form["text"].value() and not form["measures"].value() and not form["band"].value()
    matters = handler.client.get(f"/cases/{desk.case.reference}/decision?{at}").context["matters"]
    assert len(matters) == 2
    [other] = [one for one in matters if one["who"] == "某县副县长"]
    against = " ".join(line for row in other["rows"] for line in row["against"])
    assert "没有写明依据哪一种情形" in against and "第六条第（七）项" not in against


def test_the_only_respondents_last_proposal_is_where_the_next_begins(database: str) -> None:
    desk = recommended(investigated(opened(prefecture())))
    form = _form(Visitor(desk.world, "handler"), desk, f"issue/recommend?on={desk.on.isoformat()}")
    assert form["text"].value() == PROPOSED.text
