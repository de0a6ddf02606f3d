"""Plain diagrams answer what expressions answer: an evaluation is the same over either."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from law.lamps import ON, case, constraint, define, exception, facts, law, reading, rule
from wenze.law import Law, check_case
from wenze.law.conclude import conclusions
from wenze.law.decide import Diagrams
from wenze.law.determine import readings_in_force
from wenze.law.evaluate import Evaluation
from wenze.law.formula import Direct
from wenze.law.missing import Missing, missing

LAW = law(
    facts("灯.坏 事实 行为", "灯.修 事实 行为", "灯.齐 事实 行为", "灯.误 事实 参与", "灯.异 事实 参与"),
    reading("R-甲", "宽", "严", "无"),
    reading("R-乙", "宽", "严"),
    define("坏未修", "全部\n  灯.坏\n  非 灯.修"),
    rule("甲", "依解读 R-甲\n  取 宽 任一\n    灯.坏\n    灯.修\n  取 严 见 坏未修\n  取 无 恒假", "适用 坏"),
    define("坏", "任一\n  灯.坏\n  灯.误"),
    rule("乙", "至少 2\n  灯.坏\n  灯.修\n  依解读 R-乙\n    取 宽 灯.误\n    取 严 灯.异"),
    rule("丙", "每 参与 名单 灯.齐\n  灯.误", group="责任"),
    rule("丁", "最高 名单 灯.齐\n  灯.误", group="责任"),
    rule("戊", "成立 情形", group="责任"),
    exception("异议", "丙、戊", "灯.异", effect="替代 代责"),
    constraint("误异", "互斥\n  灯.误\n  灯.异"),
    constraint("修则坏", "若 灯.修\n则 灯.坏"),
)
PARTS = "职务 P2 某职务\n参与 P2 A1\n评价 P1 A1\n评价 P2 A1\n"
RECORDS = {
    "nothing": "",
    "broken": "事实 灯.坏 A1 有 簿",
    "mended": "事实 灯.修 A1 有 簿",
    "somebody": "事实 灯.误 P1 A1 有 簿\n事实 灯.齐 A1 有 簿",
    "nobody": "事实 灯.误 P1 A1 反 簿\n事实 灯.误 P2 A1 反 簿\n事实 灯.坏 A1 反 簿",
    "contradiction": "事实 灯.误 P1 A1 有 簿\n事实 灯.异 P1 A1 有 簿",
    "through what is open": "事实 灯.修 A1 有 簿\n事实 灯.坏 A1 反 簿",
}


def answers(law: Law, evaluation: Evaluation) -> Iterator[tuple[object, ...]]:
    """All that an evaluation says of every conclusion, apart from the numbers of its own store."""
    for role in ("circumstance", "responsibility"):
        for one in conclusions(evaluation, role):
            told = one.outcome
            yield (
                *(one.rule.id, one.respondent, one.act, one.kind, one.modalities, one.state, told.depends),
                *(told.gate_open, told.conflict, [(each.id, state) for each, state in one.exceptions]),
                *(evaluation.settled(one.gate), evaluation.settled(one.function)),
                needed(missing(evaluation, one.function)),
            )


def needed(found: Missing) -> list[object]:
    return [(direction.sets, direction.longer) for direction in (found.for_it, found.against_it)]


@pytest.mark.parametrize("records", RECORDS)
@pytest.mark.parametrize("option", ["宽", "严", "无"])
def test_plain_diagrams_answer_what_expressions_answer(option: str, records: str) -> None:
    found = case(PARTS + RECORDS[records])
    assert check_case(found, LAW) == []
    options = {one.reading: one.option for one in readings_in_force(LAW, found, ON, {"R-甲": option})}
    plain = Evaluation(LAW, found, options, Direct(Diagrams()))
    assert list(answers(LAW, plain)) == list(answers(LAW, Evaluation(LAW, found, options)))
