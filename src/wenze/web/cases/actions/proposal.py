"""From the determination to the notice: the standards affirmed, the recommendation, and what the respondent is told.

Nothing is recommended and nothing told that the standards of decision do not carry.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from wenze.law import Bilingual, OpenStep
from wenze.web.cases import reasoning, standards
from wenze.web.cases.actions.door import Act, Refused, Says, procedure, step, work
from wenze.web.cases.evidence import store
from wenze.web.cases.models import Affirmation, Receipt
from wenze.web.cases.standards import Matter, Proposal
from wenze.web.offices.models import Unit

_AFFIRMING = ("handler", "legal-reviewer", "decider", "head")


def matter(act: Act, subject: str, proposed: Proposal, papers_missing: tuple[Bilingual, ...] = ()) -> Matter:
    """What is examined before a step rests on it."""
    file = reasoning.case_file(act.case)
    measures = procedure(act.case.instrument).on(act.on).measures
    return Matter(act.case, subject, proposed, file.json, file.law, measures, store(), papers_missing)


def respondent(act: Act) -> str:
    """The one respondent an act concerns. Refused where several are going and none was named."""
    if act.subject:
        return act.subject
    going = [name for name, standing in act.standings.items() if name and not standing.ended]
    if len(going) != 1:
        raise Refused(Bilingual("请选择问责对象。", "Choose the respondent this concerns."))
    return going[0]


def papers_missing(act: Act, found: OpenStep, outcome: str, papers: Sequence[str]) -> tuple[Bilingual, ...]:
    """The papers a step requires today that are not there."""
    known = procedure(act.case.instrument).on(act.on).papers
    wanted = (*found.papers, *found.papers_of.get(outcome, ()))
    absent = [known[paper].title for paper in wanted if paper not in papers]
    return tuple(Bilingual(f"缺少{name.zh}。", f"Missing: {name.en}.") for name in absent)


def require_standards(act: Act, step_id: str, proposed: Proposal, papers: Sequence[str]) -> str:
    """The digest of the frozen determination the proposal rests on. Refused with all that stands in the way."""
    subject = respondent(act)
    found = act.standings[subject].opened(step_id)
    missing = papers_missing(act, found, proposed.outcome, papers) if found else ()
    examined = matter(act, subject, proposed, missing)
    reasons = standards.lacking(examined, step_id)
    if reasons:
        raise Refused(*reasons)
    return examined.row.digest if examined.row else ""


@work("affirm", during=("recommend", "direct", "decide"), roles=_AFFIRMING)
def affirm(act: Act, /, *, step: str, affirmations: dict[str, str]) -> Says:
    """A named person affirms standards, each with reasons, before a step, on the last frozen determination."""
    subject = respondent(act)
    last = Receipt.objects.filter(case=act.case).order_by("-pk").first()
    if last is None:
        raise Refused(
            Bilingual(
                "还没有定格的认定可供确认。请先作出认定。",
                "There is no frozen determination to affirm. Determine first.",
            )
        )
    known = {name.zh for name in standards.standards(matter(act, subject, Proposal()).law)}
    if not affirmations or not affirmations.keys() <= known:
        raise Refused(Bilingual("请至少确认一项标准,并写明理由。", "Affirm at least one standard, with reasons."))
    for standard, reasons in affirmations.items():
        act.add(Affirmation(subject=subject, step=step, standard=standard, reasons=reasons, receipt=last.digest))
    return Says(data={"step": step, "frozen": last.digest})


@step("recommend")
def recommend(act: Act, /, *, proposed: Proposal, papers: Sequence[str], to: Unit | None = None) -> Says:
    """What is proposed to the organ that decides; the case goes there with it."""
    digest = require_standards(act, "recommend", proposed, papers)
    return _proposing(proposed, papers, digest, to)


@step("direct")
def direct(act: Act, /, *, proposed: Proposal, papers: Sequence[str], reasons: str, to: Unit | None = None) -> Says:
    """Where facts are clear and need no inquiry: straight to the notice; the defence is heard all the same."""
    digest = require_standards(act, "direct", proposed, papers)
    return _proposing(proposed, papers, digest, to, reasons)


def _proposing(proposed: Proposal, papers: Sequence[str], digest: str, to: Unit | None, reasons: str = "") -> Says:
    return Says(
        papers=tuple(papers),
        band=proposed.band,
        measures=proposed.measures,
        reason=proposed.reason or reasons,
        data={"proposal": proposed.as_json(), "frozen": digest, "text": reasons},
        unit=to,
    )


@step("recommend-upward")
def recommend_upward(act: Act, /, *, to: Unit, reasons: str, papers: Sequence[str]) -> Says:
    """A recommendation to the unit that manages the respondent; a preliminary finding, no decision."""
    return Says(papers=tuple(papers), data={"to": to.code, "text": reasons})


@step("notice")
def notice(act: Act, /, *, facts: str, papers: Sequence[str], until: date, receipt: date | None = None) -> Says:
    """What the respondent is told: facts, basis, the right to state and defend, the time to answer.

    What is frozen then is what no later decision may exceed without a new notice.
    """
    subject = respondent(act)
    last = Receipt.objects.filter(case=act.case).order_by("-pk").first()
    if last is None:
        raise Refused(
            Bilingual(
                "还没有定格的认定可供告知。请先作出认定。", "There is no frozen determination to tell. Determine first."
            )
        )
    changes = reasoning.unreflected(reasoning.unpacked(last), reasoning.case_file(act.case).json)
    if changes:
        raise Refused(
            Bilingual(
                f"认定之后又有 {len(changes)} 处变动没有反映,不能据以告知。请重新作出认定。",
                f"{len(changes)} changes since the determination are not reflected in it. Determine again before telling.",
            )
        )
    return Says(
        papers=tuple(papers),
        until=until,
        receipt=receipt,
        data={"text": facts, "told": last.digest, "respondent": subject},
    )
