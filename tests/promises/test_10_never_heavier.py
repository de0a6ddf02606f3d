"""Promise 10: a defence never makes the outcome heavier; “not made out” is as easy to issue as a finding."""

from __future__ import annotations

from dataclasses import replace

import pytest

from web.cases.world import ACT, POST, PROPOSED, Desk, heard, investigated, opened, prefecture, recommended
from wenze.web.cases.actions import NotOpen, Refused, standings
from wenze.web.cases.standards import Proposal


def answered(*, accepted: bool) -> Desk:
    desk = heard(recommended(investigated(opened(prefecture()))), "评估实际做过")
    desk.work("answer", "handler", number=1, accepted=accepted, reasons="已核对")
    if accepted:
        made = desk.work(
            "find", "handler", fact="活动.风险评估", entities=[ACT], evidence_for=["E1"], evidence_against=[]
        )
        assert made.number
        desk.work("find", "handler", fact="活动.评估虚假", entities=[ACT], evidence_for=[], evidence_against=["E1"])
        desk.step("determine", "handler", reasons="采纳申辩,重新认定")
    desk.step("answer-points", "handler")
    desk.affirm("decide")
    return desk


def decide(desk: Desk, proposed: Proposal) -> str:
    desk.work("put-to-vote", "handler", step="decide", proposed=proposed)
    desk.vote_all("decide", POST)
    return str(desk.step("decide", "decider1", papers=("minutes",)).says["outcome"])


@pytest.mark.parametrize(
    "heavier",
    [
        replace(PROPOSED, band="especially-serious", measures=("ordered-resignation",), departure="更重"),
        replace(PROPOSED, measures=("circulated-criticism", "suspension"), departure="更重"),
        replace(PROPOSED, measures=("public-apology", "circulated-criticism", "transfer-of-post"), departure="更多"),
    ],
)
def test_no_higher_band_and_no_heavier_measure_after_a_defence(database: str, heavier: Proposal) -> None:
    desk = answered(accepted=False)
    with pytest.raises(NotOpen, match="heavier"):
        decide(desk, heavier)


def test_an_accepted_point_that_changes_the_determination_ends_without_accountability(database: str) -> None:
    desk = answered(accepted=True)
    with pytest.raises(Refused, match="Not made out: "):
        decide(desk, replace(PROPOSED, text="仍按原建议"))
    nothing = Proposal(outcome="not-accountable", text="评估实际做过,情形不成立", departure="采纳第一点申辩")
    assert decide(desk, nothing) == "not-accountable"
    assert standings(desk.case, desk.on)[POST].stage == "decide"


def test_what_is_newly_made_out_needs_a_new_notice(database: str) -> None:
    desk = heard(recommended(investigated(opened(prefecture()))), "一点")
    desk.work("answer", "handler", number=1, accepted=False, reasons="不成立")
    found = {"fact": "领导.独立失职", "entities": [POST, ACT], "holds": True, "reasons": "另行查明没有建立制度"}
    desk.work("find", "handler", **found)
    desk.step("determine", "handler", reasons="另行查明")
    desk.step("answer-points", "handler")
    from wenze.web.cases import reasoning
    from wenze.web.cases.models import Receipt

    before, after = (reasoning.unpacked(each) for each in Receipt.objects.filter(case=desk.case).order_by("pk"))
    new = reasoning.newly_made_out(before, after, POST)
    assert new
    heavier = replace(PROPOSED, kinds=((new[0].rule, new[0].act, new[0].kind),), departure="新查明")
    with pytest.raises(Refused, match="needs a new notice"):
        desk.work("put-to-vote", "handler", step="decide", proposed=heavier)


def test_a_case_is_closed_as_not_made_out_in_one_step_at_any_time_before_the_decision(database: str) -> None:
    desk = opened(prefecture())
    desk.step("close", "head", outcome="not-made-out", reasons="事实不存在", papers=("no-action-notice",))
    assert standings(desk.case, desk.on)[POST].ended == "close"
