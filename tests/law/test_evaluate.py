"""What a result means: exact over all completions of what is open, under the readings in force and within the constraints."""

from __future__ import annotations

from itertools import product

import pytest

from law.lamps import conclusion, constraint, define, determined, exception, facts, law, reading, rule, state, states
from wenze.law import Determination, FactKey, Law, State

MADE, NOT, OPEN, NEVER = State.MADE_OUT, State.NOT_MADE_OUT, State.OPEN, State.NOT_APPLICABLE
PLAIN = facts("灯.报 事实 行为", "灯.缺 事实 行为", "灯.坏 事实 行为")
RECORD = {True: "事实 {} A1 有 簿", False: "事实 {} A1 反 簿", None: ""}


def known(**states: bool | None) -> str:
    """Evidence that proves (True) or disproves (False) facts of A1; None leaves them open. `报=True` speaks of 灯.报."""
    return "\n".join(RECORD[value].format(f"灯.{name}") for name, value in states.items())


# Exact, where three-valued logic is not


UNAPPROVED_OR_DEFECTIVE = law(
    PLAIN,
    rule(
        "甲",
        """
        任一
          非 灯.报
          全部
            灯.报
            灯.缺
        """,
    ),
)


@pytest.mark.parametrize(
    ("approved", "defect", "expected"),
    [
        (None, True, MADE),  # whichever way approval turns out; three-valued logic says unknown
        (None, None, OPEN),
        (None, False, OPEN),
        (False, None, MADE),
        (True, None, OPEN),
        (True, True, MADE),
        (True, False, NOT),
        (False, False, MADE),
    ],
)
def test_what_holds_however_the_open_facts_turn_out_is_made_out(
    approved: bool | None, defect: bool | None, expected: State
) -> None:
    assert state(determined(UNAPPROVED_OR_DEFECTIVE, known(报=approved, 缺=defect)), "甲") is expected


def test_what_can_hold_in_no_completion_is_not_made_out() -> None:
    both = law(PLAIN, rule("甲", "全部\n  灯.报\n  非 灯.报"), rule("乙", "任一\n  灯.报\n  非 灯.报"))
    found = determined(both)
    assert (state(found, "甲"), state(found, "乙")) == (NOT, MADE)


CONDITIONS = {
    "全部\n  灯.报\n  灯.缺\n  灯.坏": all,
    "任一\n  灯.报\n  灯.缺\n  灯.坏": any,
    "至少 2\n  灯.报\n  灯.缺\n  灯.坏": lambda values: sum(values) >= 2,
    "非 至少 2\n  灯.报\n  灯.缺\n  灯.坏": lambda values: sum(values) < 2,
    "全部\n  非 灯.报\n  任一\n    灯.缺\n    灯.坏": lambda values: not values[0] and (values[1] or values[2]),
}


@pytest.mark.parametrize("condition", CONDITIONS)
def test_each_operator_means_what_it_says_for_every_state_of_its_facts(condition: str) -> None:
    """By trying every completion of the open facts."""
    one = law(PLAIN, rule("甲", condition))
    for given in product((True, False, None), repeat=3):
        options = [(True, False) if value is None else (value,) for value in given]
        results = {bool(CONDITIONS[condition](values)) for values in product(*options)}
        expected = OPEN if len(results) == 2 else MADE if results == {True} else NOT
        assert state(determined(one, known(报=given[0], 缺=given[1], 坏=given[2])), "甲") is expected, given


def test_contested_evidence_leaves_a_result_open_until_a_finding_resolves_it() -> None:
    one = law(PLAIN, rule("甲", "灯.坏"))
    contested = "事实 灯.坏 A1 有 簿 反 照\n"
    finding = "认定 灯.坏 A1 {} 调查组 2015-06-01 照片是旧的"
    assert state(determined(one, contested), "甲") is OPEN
    assert state(determined(one, contested + finding.format("是")), "甲") is MADE
    assert state(determined(one, contested + finding.format("否")), "甲") is NOT


def test_a_definition_is_read_in_the_place_where_it_is_seen() -> None:
    seen = law(
        facts("灯.修 事实 参与"),
        define("都没修", "每 参与 名单 灯.齐\n  见 没修"),
        define("没修", "非 灯.修"),
        facts("灯.齐 事实 行为"),
        rule("甲", "见 没修"),
        rule("乙", "见 都没修"),
    )
    records = "参与 P1 A1\n参与 P2 A1\n事实 灯.齐 A1 有 簿\n事实 灯.修 P1 A1 反 簿\n事实 灯.修 P2 A1 有 簿"
    found = determined(seen, records)
    assert states(found, "甲", ("P1", "P2")) == {"P1": "made-out", "P2": "not-made-out"}
    assert states(found, "乙", ("P1", "P2")) == {"P1": "not-made-out", "P2": "not-made-out"}


# The unit: one respondent, one conduct


def test_two_failings_of_one_person_are_never_mixed() -> None:
    one = law(
        facts("灯.坏 事实 行为", "灯.齐 事实 行为", "摔.因 因果 结果"),
        rule("甲", "全部\n  行为 灯.坏\n  后果 某 事件 名单 灯.齐\n    摔.因"),
    )
    acts = (
        "行为 A1 三月\n  起 2015-03-01\n  事件 V1\n行为 A2 五月\n  起 2015-05-01\n  事件 V1\n事件 V1 跌倒\n参与 P1 A2\n"
    )
    records = (
        acts
        + "事实 灯.坏 A1 有 簿\n事实 摔.因 A1 V1 反 照\n事实 灯.坏 A2 反 簿\n事实 摔.因 A2 V1 有 照\n事实 灯.齐 A1 有 簿\n事实 灯.齐 A2 有 簿"
    )
    found = determined(one, records)
    assert (state(found, "甲", act="A1"), state(found, "甲", act="A2")) == (NOT, NOT)


def test_one_persons_two_capacities_are_two_respondents() -> None:
    one = law(facts("任.所 数据 主体 取 主体.角色 是 所长", "任.误 事实 参与"), rule("甲", "全部\n  任.所\n  任.误"))
    records = "职务 P1 所长\n  角色 所长\n  任职人 甲\n职务 P2 班长\n  角色 班长\n  任职人 甲\n参与 P2 A1\n"
    found = determined(one, f"{records}事实 任.误 P2 A1 有 簿")
    assert states(found, "甲", ("P1", "P2")) == {"P1": "open", "P2": "not-made-out"}


# The gate


GATED = law(
    PLAIN,
    define("前提", "任一\n  灯.报\n  灯.缺"),
    define("次前提", "灯.报"),
    rule("甲", "灯.坏", "适用 前提"),
    rule("乙", "灯.坏", "适用 前提", "适用 次前提"),
    rule("丙", "全部\n  灯.报\n  灯.坏", "适用 前提"),
)


def gated(**states: bool | None) -> Determination:
    return determined(GATED, known(**states))


def test_a_rule_whose_gate_fails_in_every_completion_does_not_apply() -> None:
    assert state(gated(报=False, 缺=False, 坏=True), "甲") is NEVER
    assert state(gated(报=False, 缺=False, 坏=None), "甲") is NEVER
    assert state(gated(报=False, 缺=False, 坏=False), "甲") is NEVER


def test_every_gate_must_hold() -> None:
    assert state(gated(报=False, 缺=True, 坏=True), "甲") is MADE
    assert state(gated(报=False, 缺=True, 坏=True), "乙") is NEVER
    assert state(gated(报=True, 缺=False, 坏=True), "乙") is MADE


def test_an_open_gate_leaves_a_rule_open_that_would_be_made_out() -> None:
    assert state(gated(报=None, 缺=False, 坏=True), "甲") is OPEN


def test_not_made_out_whatever_the_gate_says_that_it_may_not_apply_at_all() -> None:
    found = conclusion(gated(报=None, 缺=False, 坏=False), "甲")
    assert (found.state, found.outcome.gate_open) == (NOT, True)
    found = conclusion(gated(报=True, 缺=None, 坏=False), "甲")
    assert (found.state, found.outcome.gate_open) == (NOT, False)  # the gate holds however 灯.缺 turns out


def test_a_missing_element_is_no_failing_gate() -> None:
    assert state(gated(报=False, 缺=True, 坏=True), "丙") is NOT


# Exceptions


def test_an_open_exception_leaves_the_conclusion_open_and_is_never_taken_for_absent() -> None:
    one = law(PLAIN, rule("甲", "灯.坏"), exception("夜", "甲", "灯.报"))
    assert state(determined(one, known(坏=True)), "甲") is OPEN
    assert state(determined(one, known(坏=True, 报=False)), "甲") is MADE
    assert state(determined(one, known(坏=True, 报=True)), "甲") is NOT
    assert state(determined(one, known(坏=False)), "甲") is NOT


@pytest.mark.parametrize(
    ("excused", "undone", "expected"),
    [
        (True, True, MADE),
        (True, False, NOT),
        (True, None, OPEN),
        (False, None, MADE),
        (None, True, MADE),
        (None, False, OPEN),
    ],
)
def test_an_exception_to_an_exception_restores_what_it_took(
    excused: bool | None, undone: bool | None, expected: State
) -> None:
    one = law(PLAIN, rule("甲", "灯.坏"), exception("夜", "甲", "灯.报"), exception("夜外", "夜", "灯.缺"))
    assert state(determined(one, known(坏=True, 报=excused, 缺=undone)), "甲") is expected


PERSONAL = facts("灯.误 事实 参与", "灯.异 事实 参与", "灯.病 事实 主体")
FOUR = "参与 P1 A1\n参与 P2 A1\n参与 P1 A2\n参与 P2 A2\n" + "\n".join(
    f"事实 灯.误 {who} {act} 有 簿" for who in ("P1", "P2") for act in ("A1", "A2")
)


def test_an_exception_reaches_this_person_in_this_act_and_no_further() -> None:
    one = law(PERSONAL, rule("甲", "灯.误"), exception("异议", "甲", "灯.异"))
    records = "\n".join(f"事实 灯.异 {who} {act} 反 簿" for who, act in (("P1", "A2"), ("P2", "A1"), ("P2", "A2")))
    found = determined(one, f"{FOUR}\n事实 灯.异 P1 A1 有 簿\n{records}")
    assert states(found, "甲", ("P1", "P2"), "A1") == {"P1": "not-made-out", "P2": "made-out"}
    assert states(found, "甲", ("P1", "P2"), "A2") == {"P1": "made-out", "P2": "made-out"}


def test_an_exception_of_the_person_reaches_every_act_of_that_person() -> None:
    one = law(PERSONAL, rule("甲", "灯.误"), exception("病", "甲", "灯.病", reach="主体"))
    found = determined(one, f"{FOUR}\n事实 灯.病 P1 有 簿\n事实 灯.病 P2 反 簿")
    for act in ("A1", "A2"):
        assert states(found, "甲", ("P1", "P2"), act) == {"P1": "not-made-out", "P2": "made-out"}


def test_an_overridden_group_stands_for_all_its_rules() -> None:
    one = law(
        PLAIN,
        rule("甲", "灯.坏"),
        rule("乙", "灯.缺"),
        rule("丙", "灯.坏", group="责任"),
        exception("夜", "情形", "灯.报"),
    )
    found = determined(one, known(坏=True, 缺=True, 报=True))
    assert [state(found, name) for name in ("甲", "乙", "丙")] == [NOT, NOT, MADE]


REPLACED = law(
    facts("灯.误 事实 参与", "灯.骗 事实 参与", "灯.急 事实 参与"),
    rule("主", "灯.误", group="责任", says="主责 应"),
    exception("代", "主", "灯.骗", effect="替代 代责"),
    exception("急", "主", "灯.急"),
)


def kinds(records: str) -> dict[str, str]:
    return {one.kind: str(one.state) for one in determined(REPLACED, records).responsibilities}


def test_an_exception_that_replaces_puts_its_kind_in_the_place_of_the_rules() -> None:
    wrong, calm = "事实 灯.误 P1 A1 有 簿\n", "事实 灯.急 P1 A1 反 簿\n"
    assert kinds(f"{wrong}{calm}事实 灯.骗 P1 A1 有 簿") == {"主责": "not-made-out", "代责": "made-out"}
    assert kinds(f"{wrong}{calm}事实 灯.骗 P1 A1 反 簿") == {"主责": "made-out", "代责": "not-made-out"}
    assert kinds(f"{wrong}{calm}") == {"主责": "open", "代责": "open"}
    assert kinds("事实 灯.误 P1 A1 反 簿\n事实 灯.骗 P1 A1 有 簿") == {"主责": "not-made-out", "代责": "not-made-out"}


def test_who_is_relieved_altogether_does_not_bear_the_replacing_kind_either() -> None:
    deceived = "事实 灯.误 P1 A1 有 簿\n事实 灯.骗 P1 A1 有 簿\n"
    assert kinds(f"{deceived}事实 灯.急 P1 A1 有 簿") == {"主责": "not-made-out", "代责": "not-made-out"}
    assert kinds(deceived) == {"主责": "not-made-out", "代责": "open"}


def test_a_rule_that_asks_for_another_asks_for_it_after_its_exceptions() -> None:
    one = law(
        PLAIN,
        rule("甲", "灯.坏", group="情形、会签"),
        exception("夜", "甲", "灯.报"),
        rule("乙", "成立 甲", group="责任"),
        rule("丙", "成立 会签", group="责任"),
    )
    for given, expected in ((True, NOT), (False, MADE), (None, OPEN)):
        found = determined(one, known(坏=True, 报=given))
        assert (state(found, "乙"), state(found, "丙")) == (expected, expected)


def test_some_rule_of_a_group_is_enough() -> None:
    one = law(PLAIN, rule("甲", "灯.坏"), rule("乙", "灯.缺"), rule("丙", "成立 情形", group="责任"))
    assert state(determined(one, known(坏=False, 缺=True)), "丙") is MADE
    assert state(determined(one, known(坏=False, 缺=None)), "丙") is OPEN
    assert state(determined(one, known(坏=False, 缺=False)), "丙") is NOT


# Constraints


TRUE_OR_FALSE_REPORT = constraint("报-互斥", "互斥\n  灯.报\n  灯.缺")


def test_what_the_constraints_exclude_is_no_completion() -> None:
    rules = rule("甲", "非 灯.缺"), rule("乙", "全部\n  灯.报\n  灯.缺")
    one = law(PLAIN, *rules, TRUE_OR_FALSE_REPORT)
    found = determined(one, known(报=True))
    assert (state(found, "甲"), state(found, "乙")) == (MADE, NOT)
    assert state(determined(one), "乙") is NOT  # both open, yet never both
    assert state(determined(law(PLAIN, *rules), known(报=True)), "甲") is OPEN


def test_a_constraint_may_say_what_follows_from_what() -> None:
    one = law(PLAIN, rule("甲", "任一\n  灯.报\n  非 灯.缺"), constraint("缺则报", "若 灯.缺\n则 灯.报"))
    assert state(determined(one), "甲") is MADE


def test_a_constraint_may_allow_at_most_one() -> None:
    one = law(
        PLAIN, rule("甲", "至少 2\n  灯.报\n  灯.缺\n  灯.坏"), constraint("择一", "至多一\n  灯.报\n  灯.缺\n  灯.坏")
    )
    assert state(determined(one), "甲") is NOT


def test_facts_that_contradict_leave_no_state_and_the_smallest_set_is_named() -> None:
    one = law(
        PLAIN,
        facts("灯.旧 事实 行为"),
        rule("甲", "任一\n  灯.坏\n  灯.缺"),
        rule("乙", "灯.旧"),
        TRUE_OR_FALSE_REPORT,
        constraint("坏则报", "若 灯.坏\n则 灯.报"),
    )
    found = determined(one, known(报=True, 缺=True, 坏=True) + "\n事实 灯.旧 A1 有 簿")
    clash = (FactKey("灯.缺", ("A1",)), FactKey("灯.报", ("A1",)))
    assert state(found, "甲") is State.CONTRADICTORY
    assert [set(conflict) for conflict in found.contradictions] == [set(clash)]
    assert set(conclusion(found, "甲").outcome.conflict) == set(clash)
    assert not conclusion(found, "甲").outcome.gate_open
    assert state(found, "乙") is MADE  # what does not speak of them keeps its state


def test_a_contradiction_may_follow_through_an_open_fact() -> None:
    one = law(
        PLAIN, rule("甲", "灯.报"), constraint("一", "若 灯.报\n则 灯.缺"), constraint("二", "若 灯.缺\n则 灯.坏")
    )
    found = determined(one, known(报=True, 坏=False))
    assert state(found, "甲") is State.CONTRADICTORY
    assert {key.name for key in found.contradictions[0]} == {"灯.报", "灯.坏"}


def test_a_constraint_on_persons_is_read_also_for_who_takes_part_in_nothing() -> None:
    one = law(
        PLAIN,
        facts("人.在 事实 主体", "人.离 事实 主体"),
        rule("甲", "全部\n  灯.报\n  人.在\n  非 人.离"),
        constraint("在离", "互斥\n  人.在\n  人.离"),
    )
    found = determined(one, "职务 P9 某职务\n事实 人.在 P9 有 簿\n事实 人.离 P9 有 簿")
    assert [set(conflict) for conflict in found.contradictions] == [
        {FactKey("人.在", ("P9",)), FactKey("人.离", ("P9",))}
    ]


def test_a_constraint_is_read_for_every_respondent_and_act_apart() -> None:
    one = law(
        facts("灯.误 事实 参与", "灯.异 事实 参与"),
        rule("甲", "灯.误"),
        constraint("异", "互斥\n  灯.误\n  灯.异"),
    )
    found = determined(one, f"{FOUR}\n事实 灯.异 P1 A1 有 簿")
    assert states(found, "甲", ("P1", "P2"), "A1") == {"P1": "contradictory", "P2": "made-out"}
    assert states(found, "甲", ("P1", "P2"), "A2") == {"P1": "made-out", "P2": "made-out"}
    assert [key.entities for conflict in found.contradictions for key in conflict] == [("P1", "A1"), ("P1", "A1")]


# Readings


def readable(option: str | None = None, records: str = "") -> Determination:
    one = law(
        PLAIN,
        reading("R-1", "宽", "严", "无"),
        rule("甲", "依解读 R-1\n  取 宽 任一\n    灯.报\n    灯.缺\n  取 严 全部\n    灯.报\n    灯.缺\n  取 无 恒假"),
        rule("乙", "依解读 R-1\n  取 宽 恒真\n  取 严 灯.报\n  取 无 恒假"),
    )
    return determined(one, records, **({"R-1": option} if option else {}))


def test_a_reading_chooses_between_conditions() -> None:
    records = known(报=True, 缺=False)
    assert [state(readable(option, records), "甲") for option in (None, "宽", "严", "无")] == [MADE, MADE, NOT, NOT]
    assert [state(readable(option), "乙") for option in ("宽", "严", "无")] == [MADE, OPEN, NOT]


def test_one_reading_chooses_the_same_wherever_it_is_read() -> None:
    one: Law = law(
        PLAIN,
        reading("R-1", "甲说", "乙说"),
        rule(
            "同",
            "全部\n  依解读 R-1\n    取 甲说 灯.报\n    取 乙说 灯.缺\n  依解读 R-1\n    取 甲说 灯.报\n    取 乙说 灯.缺",
        ),
        rule(
            "异",
            "全部\n  依解读 R-1\n    取 甲说 恒真\n    取 乙说 恒假\n  依解读 R-1\n    取 甲说 恒假\n    取 乙说 恒真",
        ),
    )
    found = conclusion(determined(one, known(报=True, 缺=True)), "同")
    assert (found.state, found.outcome.depends) == (MADE, ())
    found = conclusion(determined(one), "异")
    assert (found.state, found.outcome.depends) == (NOT, ())
