"""Statement and defence: points one by one, each answered before any vote."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wenze.law import Bilingual
from wenze.web.cases import standards
from wenze.web.cases.actions.door import Act, Refused, Says, step, work
from wenze.web.cases.actions.proposal import respondent
from wenze.web.cases.models import Answer, Point


@step("statement")
def statement(
    act: Act,
    /,
    *,
    outcome: str,
    points: Sequence[str],
    papers: Sequence[str] = (),
    receipt: date | None = None,
    actors: int = 1,
    reasons: str = "",
) -> Says:
    """The respondent's statement, as heard and put on record; or that it was declined or not given."""
    subject = respondent(act)
    first = Point.objects.filter(case=act.case, subject=subject).count() + 1
    for number, text in enumerate(points, first):
        act.add(Point(subject=subject, number=number, text=text))
    return Says(outcome=outcome, papers=tuple(papers), receipt=receipt, actors=actors, data={"text": reasons})


@work("answer", during=("answer-points", "decide"), roles=("handler", "legal-reviewer"))
def answer(act: Act, /, *, number: int, accepted: bool, reasons: str) -> Says:
    """The answer to one point: accepted and what changes, or not and why. A later answer stands beside an earlier one."""
    subject = respondent(act)
    if not Point.objects.filter(case=act.case, subject=subject, number=number).exists():
        raise Refused(Bilingual("没有这一点申辩。", "There is no such point."))
    act.refuse_newer(Answer.objects.filter(case=act.case, subject=subject, number=number))
    act.add(Answer(subject=subject, number=number, accepted=accepted, reasons=reasons))
    return Says(data={"point": number, "accepted": accepted})


@step("answer-points")
def answer_points(act: Act, /, *, reasons: str = "", papers: Sequence[str] = ()) -> Says:
    """Every point is answered."""
    left = standards.unanswered(act.case, respondent(act))
    if left:
        numbers = ", ".join(map(str, left))
        raise Refused(
            Bilingual(
                f"申辩第 {numbers} 点还没有答复。请逐点答复后再办这一步。",
                f"Points without an answer: {numbers}. Answer each, then come back.",
            )
        )
    return Says(papers=tuple(papers), data={"text": reasons})
