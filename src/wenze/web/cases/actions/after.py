"""After the decision: service, execution, filing, publication, complaint, correction, the name cleared, the archive."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wenze.law import Bilingual
from wenze.web.cases.actions.door import Act, Refused, Says, step
from wenze.web.cases.actions.proposal import respondent


@step("serve")
def serve(act: Act, /, *, receipt: date, papers: Sequence[str], reasons: str = "") -> Says:
    """The decision is served on the person and the unit; the day of receipt starts the time for a complaint."""
    return Says(receipt=receipt, papers=tuple(papers), data={"text": reasons})


@step("execute")
def execute(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    return Says(papers=tuple(papers), data={"text": reasons})


@step("file-upward")
def file_upward(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """Filed with the next higher organisation department."""
    return Says(papers=tuple(papers), data={"text": reasons})


@step("file-personal")
def file_personal(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    return Says(papers=tuple(papers), data={"text": reasons})


@step("report-execution")
def report_execution(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    return Says(papers=tuple(papers), data={"text": reasons})


@step("publish")
def publish(act: Act, /, *, outcome: str, reasons: str, papers: Sequence[str] = ()) -> Says:
    """Published, or the reason against it."""
    return Says(outcome=outcome, reason=reasons, papers=tuple(papers))


@step("complain")
def complain(act: Act, /, *, receipt: date, reasons: str, papers: Sequence[str]) -> Says:
    """The respondent's complaint, as received; it does not suspend execution."""
    respondent(act)  # whose it is must be said where there are several
    return Says(receipt=receipt, papers=tuple(papers), data={"text": reasons})


@step("review-up")
def review_up(act: Act, /, *, receipt: date, reasons: str, papers: Sequence[str] = ()) -> Says:
    """A further complaint, to the next level up, where the case goes with it."""
    respondent(act)
    superior = act.holder.parent
    if superior is None:
        raise Refused(Bilingual("没有登记上级单位。", "No superior unit is registered."))
    return Says(receipt=receipt, papers=tuple(papers), data={"text": reasons}, unit=superior)


@step("correct")
def correct(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """What was wrongly decided is corrected, by a further step."""
    return Says(papers=tuple(papers), reason=reasons)


@step("clear-name")
def clear_name(act: Act, /, *, reasons: str, papers: Sequence[str] = ()) -> Says:
    """What was wrongly alleged or decided is said to be so, in the circle that heard of it."""
    return Says(papers=tuple(papers), reason=reasons)


@step("archive")
def archive(act: Act, /, *, reasons: str = "", papers: Sequence[str] = ()) -> Says:
    return Says(papers=tuple(papers), data={"text": reasons})
