"""What may happen beside the main path: recusal, referral, closing, statutory procedure, and what a reporter is told."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from wenze.law import Bilingual
from wenze.web.cases.actions.door import Act, NotYours, Refused, Says, capacities, step, work
from wenze.web.cases.models import Recusal
from wenze.web.offices.models import User

REFUSED = "refused"  # the outcome of a request for recusal that the head does not grant


@step("recuse")
def recuse(
    act: Act, /, *, user: User, ground: str, reasons: str, outcome: str = "", papers: Sequence[str] = ()
) -> Says:
    """Somebody is out of the case from now on: declared for oneself, or decided by the head, who may also refuse it."""
    if user != act.by and "head" not in capacities(act):
        raise NotYours(
            Bilingual(
                "只能申报本人回避;责令他人回避由单位负责人决定。",
                "You can declare your own recusal only; the head decides on that of others.",
            )
        )
    if Recusal.objects.filter(case=act.case, user=user).exists():
        raise Refused(Bilingual("此人已经回避。", "This person is recused already."))
    if outcome == REFUSED:
        return Says(outcome=outcome, papers=tuple(papers), reason=reasons, data={"asked_of": user.pk})
    act.add(Recusal(user=user, ground=ground, reasons=reasons))
    return Says(outcome=outcome, papers=tuple(papers), reason=reasons)


@step("close")
def close(act: Act, /, *, outcome: str, reasons: str, papers: Sequence[str]) -> Says:
    """Not made out, or not competent: as easy as going on."""
    return Says(outcome=outcome, reason=reasons, papers=tuple(papers), data={"text": reasons})


@step("refer")
def refer(act: Act, /, *, outcome: str, organ: str, reasons: str, papers: Sequence[str]) -> Says:
    """To the discipline organ or the judiciary, with no conclusion on guilt. `organ` names whom."""
    return Says(outcome=outcome, papers=tuple(papers), reason=reasons, data={"to": organ})


@step("statutory")
def statutory(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """Elected persons: the statutory procedure comes first."""
    return Says(papers=tuple(papers), data={"text": reasons})


@step("reporter-accepted")
def reporter_accepted(act: Act, /, *, papers: Sequence[str], reasons: str = "", outcome: str = "") -> Says:
    """A real-name reporter was told of acceptance; who that is stands nowhere here."""
    return Says(papers=tuple(papers), outcome=outcome, data={"text": reasons})


@step("reporter-result")
def reporter_result(act: Act, /, *, papers: Sequence[str], reasons: str = "") -> Says:
    return Says(papers=tuple(papers), data={"text": reasons})


@step("reporter-objection")
def reporter_objection(act: Act, /, *, reasons: str, receipt: date | None = None) -> Says:
    """What a reporter objected, on record; new evidence is checked."""
    return Says(receipt=receipt, data={"text": reasons})


@work(
    "establish",
    during=("check", "pass-up", "open", "inquire", "determine", "recommend", "decide", "serve", "execute"),
    roles=("intake", "handler", "legal-reviewer"),
)
def establish(act: Act, /, *, features: Mapping[str, bool], reasons: str) -> Says:
    """Something the procedure depends on is established: a real-name report, an elected post, a superior's matter."""
    return Says(data={"features": dict(features), "text": reasons})
