"""Promise 9: who is accused is told the facts, basis and evidence, and every point of the defence is answered before any decision."""

from __future__ import annotations

import pytest

from web.cases.world import POST, PROPOSED, Desk, heard, investigated, opened, prefecture, recommended
from wenze.web.cases.actions import NotOpen, Refused


def refused(desk: Desk, name: str, by: str, **said: object) -> str:
    with pytest.raises(Refused) as found:
        (desk.step if name in ("decide", "answer-points", "statement") else desk.work)(name, by, **said)
    return str(found.value)


def test_no_decision_before_notice_statement_and_an_answer_to_each_point(database: str) -> None:
    desk = recommended(investigated(opened(prefecture())))
    vote = {"step": "decide", "proposed": PROPOSED}
    with pytest.raises(NotOpen):
        desk.work("put-to-vote", "handler", **vote)
    heard(desk, "一点", "又一点")
    desk.work("answer", "handler", number=2, accepted=False, reasons="会议记录载明")
    assert "Points without an answer: 1" in refused(desk, "answer-points", "handler")
    with pytest.raises(NotOpen):
        desk.work("put-to-vote", "handler", **vote)
    assert "decide" not in {one.step.id for one in _open(desk)}
    desk.work("answer", "handler", number=1, accepted=False, reasons="记录相反")
    desk.step("answer-points", "handler")
    lacking = _lacking(desk)
    assert len(lacking) == 6 and all("affirm" in each for each in lacking)
    desk.work("put-to-vote", "handler", **vote)


def _open(desk: Desk) -> tuple:
    from wenze.web.cases.actions import standings

    return standings(desk.case, desk.on)[POST].open


def _lacking(desk: Desk) -> list[str]:
    """What stands in the way of the decision when everything is answered: nobody has affirmed the standards yet."""
    from wenze.web.cases import reasoning, standards
    from wenze.web.cases.actions import procedure
    from wenze.web.cases.evidence import store

    file = reasoning.case_file(desk.case)
    measures = procedure("dehong").on(desk.on).measures
    matter = standards.Matter(desk.case, POST, PROPOSED, file.json, file.law, measures, store())
    return [each.en for each in standards.lacking(matter, "decide")]
