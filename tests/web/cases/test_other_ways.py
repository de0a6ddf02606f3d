"""The ways beside the main path, each by filling in the forms there are: what they open, what they end, what they refuse."""

from __future__ import annotations

from datetime import date
from typing import Any

from wenze.web.access import Relation, Role
from wenze.web.cases import access
from wenze.web.cases.actions import standings
from wenze.web.cases.models import Case
from wenze.web.cases.standards import Proposal
from wenze.web.journal.reader import history

from .test_path import decided
from .visitor import Visitor, forms_are_seen, refusal  # noqa: F401 -- a fixture
from .world import (
    POST,
    PROPOSED,
    Desk,
    World,
    found_out,
    heard,
    investigated,
    lead,
    opened,
    prefecture,
    recommended,
    ruled,
    user,
)


class Clerk:
    """Users of a world at their browsers, each on the day of the desk."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self._visitors = desk, dict[str, Visitor]()

    def at(self, who: str) -> Visitor:
        if who not in self._visitors:
            self._visitors[who] = Visitor(self.desk.world, who)
        return self._visitors[who]

    def where(self, what: str, case: Case | None = None) -> str:
        return f"/cases/{(case or self.desk.case).reference}/{what}"

    def does(self, who: str, what: str, /, case: Case | None = None, **said: Any) -> None:
        self.at(who).does(self.where(what, case), on=self.desk.on.isoformat(), **said)

    def refused(self, who: str, what: str, /, **said: Any) -> str:
        """What the form says that refuses; nothing was done."""
        before = self.desk.seen
        answer = self.at(who).fill(self.where(what), on=self.desk.on.isoformat(), **said)
        assert answer.status_code == 422 and self.desk.seen == before
        return " ".join(map(str, refusal(answer.content.decode())))

    def closed(self, who: str, what: str) -> str:
        """The page that says why this cannot be done now."""
        return self.at(who).see(f"{self.where(what)}?on={self.desk.on.isoformat()}", 409)


def recorded(desk: Desk) -> bool:
    """The record tells of exactly the moves there are, in their order."""
    told = [(entry.data["number"], entry.data["step"]) for entry in history(f"case/{desk.case.reference}")]
    return told == list(desk.case.moves.values_list("number", "step"))


def ended(desk: Desk, subject: str = "") -> str:
    return standings(desk.case, desk.on)[subject].ended


def handled(desk: Desk) -> Clerk:
    desk.assign("handler")
    desk.assign("handler2")
    return Clerk(desk)


# --- a lead that becomes no case --------------------------------------------------------------------------------------


def test_a_lead_is_asked_about_by_letter_answered_kept_and_settled(database: str) -> None:
    desk = lead(prefecture())
    clerk = handled(desk)
    clerk.does("handler", "step/letter", reasons="函询情况说明")
    desk.later(40)
    assert "函询答复的期限" in clerk.at("handler").see(clerk.where(f"?on={desk.on}").replace("/?", "?"))
    assert [one.state for one in standings(desk.case, desk.on)[""].clocks if one.id == "reply"] == ["overdue"]
    clerk.does("handler", "step/reply", reasons="书面说明已收到", receipt=desk.on.isoformat())
    clerk.does("handler", "step/keep", reasons="线索不具体,待查")
    assert clerk.refused("head", "step/settle", reasons="")
    clerk.does("head", "step/settle", reasons="说明属实,予以了结")
    assert ended(desk) == "settle"
    for closed in ("letter", "check", "open", "close"):
        assert "终结" in clerk.closed("handler", f"step/{closed}")
    clerk.does("head", "step/clear-name", reasons="所反映的问题不存在,在本单位说明", papers=["clearing"])
    clerk.does("handler", "step/archive")
    assert ended(desk) == "archive" and recorded(desk)


def test_a_lead_of_another_unit_is_passed_on_and_begins_there(database: str) -> None:
    desk = lead(prefecture(), transferred=True)
    clerk = handled(desk)
    assert "本单位" in clerk.refused("intake", "issue/pass-on", to="zjw", reasons="不属本机关管辖")
    clerk.does("intake", "issue/pass-on", to="other", reasons="不属本机关管辖")
    assert ended(desk) == "pass-on"
    received = Case.objects.get(received_from=desk.case)
    first = received.moves.get()
    assert (received.unit.code, first.step, first.says["features"]) == ("other", "lead", {})
    assert desk.case.moves.last().says["received_as"] == received.reference
    clerk.at("stranger").see(f"/cases/{received.reference}")
    clerk.at("stranger").see(f"/cases/{desk.case.reference}", 404)
    for name in ("intake", "handler", "head"):
        clerk.at(name).see(f"/cases/{received.reference}", 404)
        clerk.closed(name, "step/check")
    assert recorded(desk) and [entry.data["step"] for entry in history(f"case/{received.reference}")] == ["lead"]


def test_a_matter_of_the_superior_goes_up_and_is_not_touched_here(database: str) -> None:
    desk = lead(prefecture(), superior_matter=True)
    clerk = handled(desk)
    assert "上级" in clerk.closed("handler", "step/check")
    clerk.does("intake", "issue/pass-up", reasons="属上级受理")
    received = Case.objects.get(received_from=desk.case)
    assert received.unit.code == "zw" and ended(desk) == "pass-up"
    clerk.at("chair").see(f"/cases/{received.reference}")
    clerk.at("chair").see(f"/cases/{desk.case.reference}", 404)
    clerk.does("handler", "step/archive")
    assert recorded(desk)


# --- to others, beside what goes on -----------------------------------------------------------------------------------


def test_a_referral_stops_nothing_and_may_come_at_any_time(database: str) -> None:
    desk = opened(prefecture())
    clerk = Clerk(desk)
    said = {"outcome": "to-judiciary", "organ": "某州公安局", "reasons": "涉嫌的事实另行查处"}
    assert "移送函" in clerk.refused("handler", "issue/refer", **said, papers=[])
    clerk.does("handler", "issue/refer", **said, papers=["referral-letter"])
    clerk.does("handler", "step/inquire", reasons="继续调查", actors=2)
    clerk.does("head", "step/close", outcome="not-made-out", reasons="不属问责情形", papers=["no-action-notice"])
    again = {**said, "outcome": "to-discipline", "organ": "某州纪委", "papers": ["referral-letter"]}
    clerk.does("head", "issue/refer", **again)
    assert ended(desk, POST) == "close"
    assert [move.says["to"] for move in desk.case.moves.filter(step="refer")] == ["某州公安局", "某州纪委"]
    assert recorded(desk)


def test_a_case_is_closed_as_not_competent_and_the_reporter_is_told(database: str) -> None:
    desk = lead(prefecture(), named_report=True)
    clerk = handled(desk)
    clerk.does("intake", "step/reporter-accepted", papers=["acceptance-notice"], reasons="当面告知")
    clerk.does("handler", "step/check", reasons="所反映的人员由省管理")
    said = {"outcome": "not-competent", "reasons": "没有管理权限"}
    assert "通知" in clerk.refused("head", "step/close", **said, papers=[])
    clerk.at("handler").see(clerk.where("step/close"), 403)
    clerk.does("head", "step/close", **said, papers=["no-action-notice"])
    assert ended(desk) == "close"
    assert "反馈" in clerk.closed("handler", "step/archive")
    clerk.does("handler", "step/reporter-result", papers=["feedback"], reasons="已反馈")
    clerk.does("handler", "step/reporter-objection", reasons="举报人不同意", receipt=desk.on.isoformat())
    clerk.does("handler", "step/archive")
    assert ended(desk) == "archive" and recorded(desk)


# --- straight to the notice, and statutory procedure ------------------------------------------------------------------


def committee(world: World) -> None:
    """The committee has staff of its own, so that a lead can be registered where it is decided."""
    for name, role in (("clerk", Role.INTAKE), ("officer", Role.HANDLER)):
        user(world, name, "zw", role)
    world.users |= {"intake": world.users["clerk"], "handler": world.users["officer"], "head": world.users["chair"]}


def test_where_the_facts_are_clear_the_collective_decides_directly_and_the_defence_is_heard_all_the_same(
    database: str,
) -> None:
    world = prefecture()
    committee(world)
    desk = lead(world)
    desk.assign("handler")
    world.users["reviewer"] = user(world, "lawyer", "zw", Role.REVIEWER)
    desk.assign("reviewer", Relation.REVIEWER)
    desk.step("check", "handler", reasons="事实清楚")
    desk.work("name-respondent", "handler", post=world.posts[POST], day=date(2015, 3, 6))
    desk.work("establish", "handler", features={"elected": False}, reasons="不是选举任命")
    desk.step("open", "head", reasons="立案")
    found_out(desk)
    ruled(desk).step("determine", "handler", reasons="事实清楚")
    desk.affirm("direct")
    clerk = Clerk(desk)
    assert "必填" in clerk.refused("decider1", "issue/direct", reasons="", **typed(PROPOSED))
    clerk.at("handler").see(clerk.where("issue/direct"), 403)
    clerk.does("decider1", "issue/direct", reasons="事实清楚,不需要调查", **typed(PROPOSED))
    for closed in ("direct", "decide"):
        clerk.closed("decider1", f"issue/{closed}")
    heard(desk, "一点")
    clerk.does("handler", "work/answer", number=1, accepted="no", reasons="记录载明")
    clerk.does("handler", "step/answer-points")
    desk.affirm("decide")
    clerk.does("handler", "work/put-to-vote", step="decide", **typed(PROPOSED))
    desk.vote_all("decide", POST)
    clerk.does("decider1", "issue/decide", papers=["minutes"])
    assert standings(desk.case, desk.on)[POST].stage == "decide" and recorded(desk)


def typed(proposed: Proposal) -> dict[str, Any]:
    """A proposal as it is filled in."""
    return {
        "result": proposed.outcome,
        "rests_on": ["|".join(each) for each in proposed.rests_on],
        "kinds": ["|".join(each) for each in proposed.kinds],
        "band": proposed.band,
        "measures": [*proposed.measures],
        "text": proposed.text,
        "departure": proposed.departure,
    }


def answered(desk: Desk) -> Desk:
    """Recommended, and heard on one point, which is answered."""
    heard(recommended(investigated(desk)), "一点")
    desk.work("answer", "handler", number=1, accepted=False, reasons="不成立")
    desk.step("answer-points", "handler")
    return desk


def served(desk: Desk) -> Desk:
    """Decided and served."""
    return decided(desk).later(2) and _serve(desk)


def _serve(desk: Desk) -> Desk:
    desk.step("serve", "handler", receipt=desk.on, papers=("decision", "service-receipt"))
    return desk


def new_members(desk: Desk) -> list[str]:
    """Seven others come into the committee, where the six who decided stay."""
    names = [f"new{number}" for number in range(1, 8)]
    for name in names:
        user(desk.world, name, "zw", Role.DECIDER)
    return names


def test_who_was_elected_keeps_the_post_until_the_statutory_procedure_and_is_heard_by_others_up_to_the_next_level(
    database: str,
) -> None:
    desk = served(answered(opened(prefecture())))
    clerk = Clerk(desk)
    clerk.does("handler", "work/establish", reasons="由本级人大选举", **{"feature-elected": "yes"})
    assert "法定任免程序" in clerk.closed("handler", "step/execute")
    clerk.does("handler", "step/statutory", reasons="依法提请罢免程序")
    clerk.does("handler", "step/execute", reasons="已执行")

    clerk.does("handler", "step/complain", receipt=desk.on.isoformat(), reasons="处理过重", papers=["complaint"])
    uphold = {"result": "uphold", "rests_on": [], "kinds": [], "measures": [], "band": "", "text": "维持原决定"}
    motion = {"step": "answer-complaint", **uphold}
    assert "不过半数" in clerk.refused("handler", "work/put-to-vote", **motion)
    names = new_members(desk)
    clerk.does("handler", "work/put-to-vote", **motion)
    assert "没有表决权" in clerk.refused("decider1", "vote/vote", choice="against", reasons="我作过决定")
    for name in names:
        clerk.does(name, "vote/vote", choice="for", reasons=f"{name}的理由")
    assert "参与过原决定" in clerk.refused("decider1", "issue/answer-complaint", papers=["complaint-decision"])
    clerk.does(names[0], "issue/answer-complaint", papers=["complaint-decision"])

    desk.later(5)
    clerk.does("handler", "issue/review-up", receipt=desk.on.isoformat(), reasons="不服申诉处理决定")
    assert access.holder(desk.case).code == "sw"
    clerk.closed(names[0], "issue/answer-complaint")
    clerk.at(names[0]).see(clerk.where("issue/answer-review"), 403)
    revoke = {"step": "answer-review", **uphold, "result": "revoke", "text": "事实不清"}
    clerk.does("superior1", "work/put-to-vote", **revoke)
    for name in ("superior1", "superior2", "superior3"):
        clerk.does(name, "vote/vote", choice="for", reasons="事实不清")
    clerk.does("superior1", "issue/answer-review", papers=[])
    assert "纠正" in clerk.closed("handler", "step/archive")

    assert "纠正决定" in clerk.refused("superior2", "step/correct", reasons="撤销原决定", papers=[])
    clerk.at("handler").see(clerk.where("step/correct"), 403)
    clerk.does("superior2", "step/correct", reasons="撤销原决定,恢复待遇", papers=["correction"])
    clerk.does("chair", "step/clear-name", reasons="在原公布范围内澄清", papers=["clearing"])
    desk.later(40)
    clerk.does("handler", "step/archive")
    assert ended(desk, POST) == "archive" and recorded(desk)


def test_a_review_may_lighten_what_was_decided_and_never_makes_it_heavier(database: str) -> None:
    desk = served(answered(opened(prefecture())))
    desk.step("complain", "handler", receipt=desk.on, papers=("complaint",), reasons="处理过重")
    new_members(desk)
    desk.work("put-to-vote", "handler", step="answer-complaint", proposed=Proposal(outcome="uphold", text="维持"))
    desk.vote_all("answer-complaint", POST)
    desk.step("answer-complaint", "new1", papers=("complaint-decision",))
    desk.later(5).step("review-up", "handler", receipt=desk.on, reasons="不服")
    clerk = Clerk(desk)
    heavier = {"band": "especially-serious", "measures": ["ordered-resignation"]}
    common = {"step": "answer-review", "result": "vary", "rests_on": [], "kinds": [], "text": "另行处理"}
    clerk.does("superior1", "work/put-to-vote", **common, **heavier)
    desk.vote_all("answer-review", POST)
    assert "不得" in clerk.refused("superior1", "issue/answer-review", papers=[])
    clerk.does("superior1", "work/put-to-vote", **common, band="light", measures=["written-self-examination"])
    desk.vote_all("answer-review", POST)
    clerk.does("superior1", "issue/answer-review", papers=[])
    standing = standings(desk.case, desk.on)[POST]
    assert standing.decided and standing.decided.measures == ("written-self-examination",)
    clerk.does("handler", "issue/serve", receipt=desk.on.isoformat(), papers=["decision", "service-receipt"])
    clerk.does("handler", "step/execute", reasons="已作书面检查")
    assert recorded(desk)


# --- the collective ---------------------------------------------------------------------------------------------------


def test_a_collective_without_a_quorum_hands_the_decision_up(database: str) -> None:
    desk = answered(opened(prefecture()))
    desk.affirm("decide")
    clerk = Clerk(desk)
    assert "过半数" in clerk.refused("handler", "vote/hand-up", step="decide", reasons="不该上报")
    own = {"ground": "other-bias", "reasons": "与当事人有其他关系", "outcome": "granted"}
    for name in ("decider1", "decider2"):
        clerk.does(name, "step/recuse", user=name, **own)
        clerk.at(name).see(f"/cases/{desk.case.reference}", 404)
    clerk.does("handler", "work/put-to-vote", step="decide", **typed(PROPOSED))
    clerk.does("decider4", "vote/vote", choice="for", reasons="同意")
    clerk.does("decider3", "step/recuse", user="decider3", **own)
    assert "不过半数" in clerk.refused("handler", "work/put-to-vote", step="decide", **typed(PROPOSED))
    clerk.does("handler", "vote/hand-up", step="decide", reasons="可以表决的不过半数")
    assert access.holder(desk.case).code == "sw"
    clerk.at("decider4").see(clerk.where("issue/decide"), 403)
    clerk.does("handler", "work/put-to-vote", step="decide", **typed(PROPOSED))
    for name in ("superior1", "superior2", "superior3"):
        clerk.does(name, "vote/vote", choice="for", reasons="同意")
    clerk.does("superior2", "issue/decide", papers=["minutes"])
    assert standings(desk.case, desk.on)[POST].stage == "decide" and recorded(desk)


# --- two respondents --------------------------------------------------------------------------------------------------

OTHER = "fxz"


def test_of_two_respondents_one_is_held_accountable_and_the_other_is_not(database: str) -> None:
    desk = opened(prefecture())
    clerk = Clerk(desk)
    clerk.does("handler", "work/name-respondent", post=OTHER, day="2015-03-06")
    desk.work("establish", "handler", subject=OTHER, features={"elected": False}, reasons="不是选举任命")
    investigated(desk)
    ruled(desk).step("determine", "handler", reasons="事实已经查清")
    for subject in (POST, OTHER):
        desk.affirm("recommend", subject=subject)
    to = {"to": "zw", "papers": ["recommendation", "fact-material"]}
    assert clerk.refused("handler", "issue/recommend", subject="", **to, **typed(PROPOSED))
    nothing = Proposal(outcome="not-accountable", text="没有参与决策,不成立")
    assert "不能认定" in clerk.refused("handler", "issue/recommend", subject=OTHER, **to, **typed(PROPOSED))
    clerk.does("handler", "issue/recommend", subject=POST, **to, **typed(PROPOSED))
    clerk.does(
        "chair", "step/close", subject=OTHER, outcome="not-made-out", reasons=nothing.text, papers=["no-action-notice"]
    )
    assert (ended(desk, OTHER), ended(desk, POST)) == ("close", "")
    clerk.does("chair", "step/clear-name", subject=OTHER, reasons="在原范围内澄清", papers=["clearing"])
    heard(desk, "一点")
    desk.work("answer", "handler", number=1, accepted=False, reasons="不成立")
    desk.step("answer-points", "handler")
    decided(desk)
    _serve(desk)
    assert not standings(desk.case, desk.on)[OTHER].decided
    for name in ("execute", "file-upward", "file-personal", "report-execution"):
        clerk.does("handler", f"step/{name}", reasons="已办")
    clerk.does("handler", "step/publish", outcome="published", reasons="已公开")
    desk.later(60)
    clerk.does("handler", "step/archive", subject=POST)
    assert (ended(desk, OTHER), ended(desk, POST)) == ("close", "archive")
    assert desk.case.reference in clerk.at("handler").see("/desk")
    clerk.does("handler", "step/archive", subject=OTHER)
    assert {ended(desk, POST), ended(desk, OTHER)} == {"archive"} and recorded(desk)
