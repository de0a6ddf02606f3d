"""The collective decision: put to the vote, each member's vote with reasons, hidden until all are in, then the decision.

No layer held fixes a quorum or a majority: more than half of all members must be able to vote, and more than half of
those who vote must agree (default reading, shown where it decides). Who is recused or handled the case has no vote.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import date
from typing import Any

from wenze.law import Bilingual
from wenze.web.cases import access, reasoning
from wenze.web.cases.actions.door import Act, NotYours, Refused, Says, concerns, step, work
from wenze.web.cases.actions.proposal import require_standards, respondent
from wenze.web.cases.models import Case, Motion, Receipt, Vote
from wenze.web.cases.standards import ACCOUNTABLE, Proposal, made_different, proposal, unanswered
from wenze.web.offices.models import Unit, User

FOR, AGAINST, ABSTAIN = "for", "against", "abstain"
REJECTED = "returned"  # what becomes of a proposal that finds no majority
DECIDING = ("decide", "answer-complaint", "answer-review")


def voters(case: Case, unit: Unit, on: date, *, subject: str, step_id: str) -> tuple[tuple[User, ...], int]:
    """Who may vote, and how many members the collective has. A complaint is answered by others than those who decided."""
    members = access.collective(case, unit, on)
    decided = {
        vote.member_id for vote in Vote.objects.filter(case=case, motion__subject=subject).exclude(motion__step=step_id)
    }
    may = tuple(member for member in members if not access.excluded(member, case, on) and member.pk not in decided)
    return may, len(members)


def has_quorum(voting: int, members: int) -> bool:
    return 2 * voting > members


@work("put-to-vote", during=DECIDING, roles=("handler", "head", "decider"))
def put_to_vote(act: Act, /, *, step: str, proposed: Proposal) -> Says:
    """The whole decision as it would stand is put to the vote; an earlier motion that was not decided falls."""
    subject = respondent(act)
    if act.standings[subject].opened(step) is None:
        raise Refused(Bilingual("现在不能就此表决。", "This cannot be voted on now."))
    left = unanswered(act.case, subject)
    if left:
        raise Refused(
            Bilingual(
                "申辩还有没有答复的要点,不能表决。请先逐点答复。",
                "A point of the defence is unanswered. Answer it before any vote.",
            )
        )
    if step == "decide":
        _refuse_heavier(act, subject, proposed)
        _refuse_unreasoned(act, subject, proposed)
    may, members = voters(act.case, act.holder, act.on, subject=subject, step_id=step)
    if not has_quorum(len(may), members):
        raise Refused(no_quorum(len(may), members))
    act.add(Motion(subject=subject, step=step, proposes=proposed.as_json(), members=[member.pk for member in may]))
    return Says(data={"step": step})


def no_quorum(voting: int, members: int) -> Bilingual:
    return Bilingual(
        f"集体 {members} 人,可以表决的只有 {voting} 人,不过半数,不能作出决定。请报请上级单位办理。",
        f"Of {members} members only {voting} may vote, not more than half: no decision can be made. Refer it to the superior unit.",
    )


def _refuse_heavier(act: Act, subject: str, proposed: Proposal) -> None:
    """Nothing is newly made out since the notice: what was found independently needs a new notice, a defence adds nothing."""
    if proposed.outcome != ACCOUNTABLE:
        return
    told = _told(act, subject)
    last = Receipt.objects.filter(case=act.case).order_by("-pk").first()
    if told is None or last is None:
        return
    new = reasoning.newly_made_out(reasoning.unpacked(told), reasoning.unpacked(last), subject)
    relied = {(rule, where) for rule, where in proposed.rests_on} | {(rule, where) for rule, where, _ in proposed.kinds}
    named = [one for one in new if (one.rule, one.act) in relied]
    if named:
        words = "、".join(f"{one.rule} {one.act}" for one in named)
        raise Refused(
            Bilingual(
                f"{words} 是告知以后新认定成立的:不得因申辩加重;另行查明的,须重新告知并听取陈述申辩。",
                f"Newly made out since the notice: {words}. A defence makes nothing heavier; what was found independently "
                "needs a new notice and a new hearing.",
            )
        )


def _told(act: Act, subject: str) -> Receipt | None:
    told = [
        move.says["told"]
        for move in act.moves
        if move.step == "notice" and concerns(move, subject) and move.says.get("told")
    ]
    return Receipt.objects.filter(case=act.case, digest=told[-1]).first() if told else None


def _refuse_unreasoned(act: Act, subject: str, proposed: Proposal) -> None:
    """What differs from the recommendation is reasoned."""
    recommended = [
        move.says["proposal"]
        for move in act.moves
        if move.says.get("proposal") and move.step in ("recommend", "direct") and concerns(move, subject)
    ]
    if recommended and not proposed.departure and made_different(proposal(recommended[-1]), proposed):
        raise Refused(Bilingual("与问责建议不同的,请说明理由。", "It differs from the recommendation. Say why."))


@work("vote", during=DECIDING, roles=("decider",))
def vote(act: Act, /, *, motion: int, choice: str, reasons: str) -> Says:
    """One member's vote, with reasons; who is against has the dissent on record in these words."""
    put = _motion(act, motion)
    if act.by.pk not in put.members or access.excluded(act.by, act.case, act.on):
        raise NotYours(Bilingual("您对这一动议没有表决权。", "You have no vote on this motion."))
    if Vote.objects.filter(motion=put, member=act.by).exists():
        raise Refused(Bilingual("您已经表决,表决不能更改。", "You have voted; a vote is not changed."))
    if choice not in (FOR, AGAINST, ABSTAIN) or not reasons.strip():
        raise Refused(Bilingual("请选择意见并写明理由。", "Choose, and give your reasons."))
    act.add(Vote(motion=put, member=act.by, choice=choice, reasons=reasons, salt=secrets.token_hex(16)))
    return Says(data={"motion": put.pk})


def open_motion(case: Case, subject: str, step_id: str) -> Motion | None:
    """The motion that is before the collective: the last one, unless a decision was taken on it."""
    last = Motion.objects.filter(case=case, subject=subject, step=step_id).order_by("-pk").first()
    taken = last and case.moves.filter(number__gt=last.move, step=step_id, subject__in=("", subject)).exists()
    return None if taken else last


def _motion(act: Act, id_: int) -> Motion:
    put = Motion.objects.filter(case=act.case, pk=id_).first()
    if put is None or open_motion(act.case, put.subject, put.step) != put:
        raise Refused(Bilingual("这一动议不在表决之中。", "This motion is not before the collective."))
    return put


def awaited(put: Motion, case: Case, on: date) -> tuple[User, ...]:
    """The members whose vote is still out; who was recused since the motion is not waited for."""
    voted = set(put.votes.values_list("member_id", flat=True))
    members = User.objects.filter(pk__in=put.members).order_by("pk")
    return tuple(each for each in members if each.pk not in voted and not access.excluded(each, case, on))


_NOTHING_PUT = Bilingual("还没有付诸表决。请先提出决定草案。", "Nothing was put to the vote. Put a draft to it first.")


def _still_out(put: Motion, case: Case, on: date) -> Bilingual | None:
    out = awaited(put, case, on)
    if not out:
        return None
    return Bilingual(
        f"还有 {len(out)} 人没有表决。全部表决以后才能作出决定。",
        f"{len(out)} members have not voted. The decision is taken when all votes are in.",
    )


def not_voted(case: Case, subject: str, step_id: str, on: date) -> Bilingual | None:
    """Why the collective cannot take one of its steps yet: nothing was put to it, or votes are out. None once all are in."""
    put = open_motion(case, subject, step_id)
    return _NOTHING_PUT if put is None else _still_out(put, case, on)


def _counted(act: Act, step_id: str) -> tuple[Motion, bool, list[dict[str, Any]]]:
    """The motion, whether it was carried, and every vote with its words. Refused until all are in."""
    subject = respondent(act)
    put = open_motion(act.case, subject, step_id)
    if put is None:
        raise Refused(_NOTHING_PUT)
    if out := _still_out(put, act.case, act.on):
        raise Refused(out)
    votes = [
        each
        for each in put.votes.select_related("member")
        if not access.recused(each.member, act.case, each.member.roles(act.on))
    ]
    members = len(access.collective(act.case, act.holder, act.on))
    if not has_quorum(len(votes), members):
        raise Refused(no_quorum(len(votes), members))
    carried = 2 * sum(each.choice == FOR for each in votes) > len(votes)
    opened = [
        {
            "member": each.member_id,
            "name": each.member.name,
            "choice": each.choice,
            "reasons": each.reasons,
            "salt": each.salt,
        }
        for each in votes
    ]
    return put, carried, opened


@step("decide")
def decide(act: Act, /, *, papers: Sequence[str]) -> Says:
    """The decision as voted: what was proposed if it was carried, else the case goes back."""
    put, carried, votes = _counted(act, "decide")
    proposed = proposal(put.proposes)
    if not carried:
        return Says(
            outcome=REJECTED,
            papers=tuple(papers),
            actors=len(votes),
            reason=_against(votes),
            data={"motion": put.pk, "votes": votes},
        )
    digest = require_standards(act, "decide", proposed, papers)
    _refuse_heavier(act, put.subject, proposed)
    return Says(
        outcome=proposed.outcome,
        papers=tuple(papers),
        band=proposed.band,
        measures=proposed.measures,
        actors=len(votes),
        reason=proposed.reason or proposed.departure or proposed.text,
        data={"motion": put.pk, "votes": votes, "proposal": proposed.as_json(), "frozen": digest},
    )


def _against(votes: Sequence[dict[str, Any]]) -> str:
    """Why a proposal was not carried: in the words of those who did not agree."""
    return ";".join(f"{each['name']}:{each['reasons']}" for each in votes if each["choice"] != FOR)


@step("answer-complaint")
def answer_complaint(act: Act, /, *, papers: Sequence[str]) -> Says:
    """The answer to a complaint, by others than those who decided; a motion that is not carried leaves the decision as it is."""
    return _answered(act, "answer-complaint", papers)


@step("answer-review")
def answer_review(act: Act, /, *, papers: Sequence[str]) -> Says:
    """The answer of the next level up."""
    return _answered(act, "answer-review", papers)


def _answered(act: Act, step_id: str, papers: Sequence[str]) -> Says:
    put, carried, votes = _counted(act, step_id)
    if not carried:
        raise Refused(
            Bilingual(
                "这一答复没有过半数同意。请另提答复草案再行表决。",
                "This answer found no majority. Put another draft to the vote.",
            )
        )
    proposed = proposal(put.proposes)
    return Says(
        outcome=proposed.outcome,
        papers=tuple(papers),
        band=proposed.band,
        measures=proposed.measures,
        actors=len(votes),
        reason=proposed.reason or proposed.text,
        data={"motion": put.pk, "votes": votes, "proposal": proposed.as_json(), "text": proposed.text},
    )


@work("hand-up", during=DECIDING, roles=("handler", "head", "decider"))
def hand_up(act: Act, /, *, step: str, reasons: str) -> Says:
    """The collective cannot decide for want of a quorum: the superior unit does."""
    may, members = voters(act.case, act.holder, act.on, subject=respondent(act), step_id=step)
    if has_quorum(len(may), members):
        raise Refused(
            Bilingual(
                "集体可以表决的人过半数,由本单位决定。", "More than half of the collective may vote: it decides itself."
            )
        )
    superior = act.holder.parent
    if superior is None:
        raise Refused(Bilingual("没有登记上级单位。", "No superior unit is registered."))
    return Says(data={"text": reasons}, unit=superior)
