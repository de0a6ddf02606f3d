"""A determination: which readings are in force and since when, what a result depends on, notes, guards, alternatives."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from law.lamps import (
    ON,
    case,
    conclusion,
    constraint,
    determined,
    exception,
    facts,
    guard,
    law,
    note,
    reading,
    rule,
    state,
)
from wenze.law import Determination, Law, Problems, State, determine
from wenze.law.expect import check_case_expectations
from wenze.law.missing import missing

MADE, NOT, OPEN = State.MADE_OUT, State.NOT_MADE_OUT, State.OPEN
LAMP = facts("灯.坏 事实 行为", "灯.修 事实 行为", "灯.报 事实 行为")
BROKEN = "事实 灯.坏 A1 有 簿\n"
SETTLED = "状态 已决 严 自 2016-06-01 由 总所 来源 总所复函"
NARROW = "依解读 R-甲\n  取 宽 灯.坏\n  取 严 全部\n    灯.坏\n    灯.修"


def asked(more: str = "", default: str = "宽", mildest: str = "严") -> Law:
    """A circumstance that a reading makes wide (broken) or narrow (broken and repaired)."""
    return law(LAMP, reading("R-甲", "宽", "严", default=default, mildest=mildest, more=more), rule("甲", NARROW))


def in_force(law: Law, records: str = "", on: date = ON, **chosen: str) -> tuple[str, str]:
    found = determined(law, records, on=on, **chosen)
    [one] = found.in_force
    return one.option, one.ground


# Which option is in force


RULED = "裁定 R-甲 严\n  由 总所\n  自 2016-01-01\n  来源 某裁定\n"


def test_the_default_is_in_force_unless_something_else_is() -> None:
    assert in_force(asked()) == ("宽", "default")


@pytest.mark.parametrize(
    ("on", "option"), [(date(2016, 5, 31), "宽"), (date(2016, 6, 1), "严"), (date(2030, 1, 1), "严")]
)
def test_a_settled_reading_applies_from_its_day(on: date, option: str) -> None:
    assert in_force(asked(SETTLED), on=on) == (option, "settled" if option == "严" else "default")


@pytest.mark.parametrize(("on", "option"), [(date(2015, 12, 31), "宽"), (date(2016, 1, 1), "严")])
def test_a_ruling_in_the_case_applies_from_its_day(on: date, option: str) -> None:
    assert in_force(asked(), RULED, on=on) == (option, "ruling" if option == "严" else "default")


def test_a_ruling_goes_before_what_is_settled_and_a_choice_before_both() -> None:
    wide = RULED.replace("R-甲 严", "R-甲 宽")
    later = date(2017, 1, 1)
    assert in_force(asked(SETTLED), wide, on=later) == ("宽", "ruling")
    assert in_force(asked(SETTLED), wide, on=later, **{"R-甲": "严"}) == ("严", "chosen")
    assert in_force(asked(SETTLED), "", on=later, **{"R-甲": "宽"}) == ("宽", "chosen")


def test_a_ruling_says_by_whom_since_when_and_where_it_stands() -> None:
    [one] = determined(asked(), RULED).in_force
    assert (one.by, one.since, one.source) == ("总所", date(2016, 1, 1), "某裁定")


def test_of_several_rulings_the_latest_that_has_begun_applies() -> None:
    again = RULED.replace("R-甲 严", "R-甲 宽").replace("2016-01-01", "2016-01-10")
    first, second = case(RULED).rulings, case(again).rulings
    for rulings in ((*first, *second), (*second, *first)):
        both = replace(case(), rulings=rulings)
        assert [one.option for one in determine(asked(), both, date(2016, 1, 9)).in_force] == ["严"]
        assert [one.option for one in determine(asked(), both, date(2016, 1, 10)).in_force] == ["宽"]


def test_a_ruling_without_a_day_has_no_effect() -> None:
    assert in_force(asked(), "裁定 R-甲 严\n  由 总所\n") == ("宽", "default")


@pytest.mark.parametrize(
    ("chosen", "id", "known"), [({"R-无": "宽"}, "L062", "R-甲"), ({"R-甲": "中"}, "L072", "宽、严")]
)
def test_an_unknown_reading_or_option_is_refused_and_the_known_ones_are_named(
    chosen: dict[str, str], id: str, known: str
) -> None:
    with pytest.raises(Problems) as refused:
        determine(asked(), case(), ON, chosen)
    [problem] = refused.value.problems
    assert problem.id == id and known in problem.hint


# What a result depends on


def test_a_result_no_option_can_change_is_robust_though_its_rule_reads_a_reading() -> None:
    found = determined(asked(), f"{BROKEN}事实 灯.修 A1 有 簿")
    one = conclusion(found, "甲")
    assert (one.state, one.outcome.depends, found.options(one), found.combinations(one)) == (MADE, (), {}, ())


def test_a_result_that_depends_on_a_reading_shows_every_option() -> None:
    found = determined(asked(), f"{BROKEN}事实 灯.修 A1 反 簿")
    one = conclusion(found, "甲")
    assert (one.state, one.outcome.depends) == (MADE, ("R-甲",))
    assert found.options(one) == {"R-甲": {"宽": MADE, "严": NOT}}


def test_an_open_result_depends_on_a_reading_that_would_settle_it() -> None:
    found = determined(asked(), BROKEN, **{"R-甲": "严"})
    one = conclusion(found, "甲")
    assert (one.state, found.options(one)) == (OPEN, {"R-甲": {"宽": MADE, "严": OPEN}})


TOGETHER = law(
    LAMP,
    reading("R-甲", "一", "二", "三"),
    reading("R-乙", "一", "二"),
    reading("R-丙", "一", "二"),
    rule(
        "甲",
        """
        任一
          依解读 R-甲
            取 一 灯.坏
            取 二 恒假
            取 三 恒假
          依解读 R-乙
            取 一 灯.坏
            取 二 恒假
        """,
    ),
    rule("乙", "依解读 R-丙\n  取 一 灯.坏\n  取 二 恒假"),
)


def test_where_no_single_option_changes_a_result_the_smallest_combinations_are_shown() -> None:
    found = determined(TOGETHER, BROKEN)
    one = conclusion(found, "甲")
    assert (one.state, one.outcome.depends) == (MADE, ("R-甲", "R-乙"))
    assert {state for states in found.options(one).values() for state in states.values()} == {MADE}
    assert found.combinations(one) == (({"R-甲": "二", "R-乙": "二"}, NOT), ({"R-甲": "三", "R-乙": "二"}, NOT))


def test_a_combination_is_shown_without_what_it_does_not_need() -> None:
    """Three readings, of which any two together change the result: the three together are not shown again."""
    two = "至少 2\n" + "".join(f"  依解读 R-{name}\n    取 一 灯.坏\n    取 二 恒假\n" for name in "甲乙丙")
    names = [f"R-{name}" for name in "甲乙丙"]
    one = law(
        LAMP,
        *(reading(name, "一", "二") for name in names),
        rule("甲", f"任一\n  {two.rstrip().replace(chr(10), chr(10) + '  ')}"),
    )
    found = determined(one, BROKEN)
    combined = found.combinations(conclusion(found, "甲"))
    assert [list(options) for options, _ in combined] == [names[:2], [names[0], names[2]], names[1:]]


def test_where_one_option_changes_it_combinations_are_not_needed() -> None:
    found = determined(TOGETHER, BROKEN)
    assert found.combinations(conclusion(found, "乙")) == ()


def test_no_more_than_five_combinations_are_shown() -> None:
    options = "".join(f"  取 {option} {'灯.坏' if option == '一' else '恒假'}\n" for option in "一二三四")
    asked_twice = "任一\n" + "".join(
        f"  依解读 {name}\n" + options.replace("  取", "    取") for name in ("R-甲", "R-乙")
    )
    many = law(LAMP, reading("R-甲", *"一二三四"), reading("R-乙", *"一二三四"), rule("甲", asked_twice))
    found = determined(many, BROKEN)
    assert len(found.combinations(conclusion(found, "甲"))) == 5  # of nine


def test_a_result_that_rests_on_a_default_wider_than_the_mildest_says_so() -> None:
    for law_, records, expected in (
        (asked(default="宽", mildest="严"), BROKEN, ("R-甲",)),
        (asked(default="宽", mildest="宽"), BROKEN, ()),
        (asked(default="宽", mildest="严"), f"{BROKEN}事实 灯.修 A1 有 簿", ()),  # robust: it does not rest on it
    ):
        found = determined(law_, records)
        assert found.rests_on_wider(conclusion(found, "甲")) == expected


def test_a_ruled_or_chosen_reading_is_nobodys_default() -> None:
    found = determined(asked(mildest="严"), BROKEN, **{"R-甲": "宽"})
    assert found.rests_on_wider(conclusion(found, "甲")) == ()


@pytest.mark.parametrize(
    ("day", "default", "settled", "flagged"),
    [
        ("2015-04-01", "严", "宽", ("R-甲",)),  # settled the day after the conduct, and heavier
        ("2015-03-31", "严", "宽", ()),  # before the conduct ended: it was the law
        ("2015-04-01", "宽", "严", ()),  # milder
        ("2015-04-01", "严", "严", ()),  # as before
    ],
)
def test_a_reading_settled_after_the_conduct_and_heavier_than_before_is_flagged(
    day: str, default: str, settled: str, flagged: tuple[str, ...]
) -> None:
    more = f"状态 已决 {settled} 自 {day} 由 总所 来源 总所复函"
    found = determined(asked(more, default=default), f"{BROKEN}事实 灯.修 A1 反 簿")
    assert found.heavier(conclusion(found, "甲")) == flagged


def test_a_heavier_ruling_after_the_conduct_is_flagged_too() -> None:
    records = f"{BROKEN}事实 灯.修 A1 反 簿\n{RULED.replace('R-甲 严', 'R-甲 宽')}"
    found = determined(asked(default="严"), records)
    assert found.heavier(conclusion(found, "甲")) == ("R-甲",)


# Two items of which exactly one holds


def pair(*more: str) -> Law:
    return law(LAMP, rule("甲", "全部\n  灯.坏\n  灯.修"), rule("乙", "全部\n  灯.坏\n  非 灯.修"), *more)


def test_two_open_items_of_which_exactly_one_holds_are_reported() -> None:
    found = determined(pair(), BROKEN)
    assert [(one.rule.id, other.rule.id) for one, other in found.alternatives] == [("甲", "乙")]


def test_two_open_items_that_may_both_fail_are_no_alternatives() -> None:
    assert determined(pair()).alternatives == ()


def test_two_open_items_that_may_hold_together_are_no_alternatives() -> None:
    both = law(LAMP, rule("甲", "任一\n  灯.坏\n  灯.修"), rule("乙", "任一\n  灯.坏\n  非 灯.修"))
    assert determined(both).alternatives == ()


def test_constraints_may_make_two_items_alternatives() -> None:
    apart = law(
        LAMP,
        rule("甲", "灯.坏"),
        rule("乙", "灯.修"),
        constraint("一", "若 非 灯.坏\n则 灯.修"),
        constraint("二", "互斥\n  灯.坏\n  灯.修"),
    )
    assert len(determined(apart).alternatives) == 1


def test_constraints_on_many_facts_make_alternatives_of_items_that_share_none() -> None:
    """Exactly one of fourteen lamps is broken: either the first, or one of the others."""
    first, *others = names = [f"灯.{number}" for number in range(14)]
    listed, rest = ("".join(f"\n  {name}" for name in each) for each in (names, others))
    one = law(
        facts(*(f"{name} 事实 行为" for name in names)),
        rule("甲", first),
        rule("乙", f"任一{rest}"),
        constraint("一", f"至多一{listed}"),
        constraint("二", f"若 非 {first}\n则 任一{rest}"),
    )
    assert [(each.rule.id, other.rule.id) for each, other in determined(one).alternatives] == [("甲", "乙")]
    assert determined(one, f"事实 {names[-1]} A1 反 簿").alternatives != ()
    assert determined(one, f"事实 {first} A1 反 簿").alternatives == ()


def test_settled_items_and_items_of_different_pairs_are_no_alternatives() -> None:
    assert determined(pair(), f"{BROKEN}事实 灯.修 A1 有 簿").alternatives == ()
    of_each = law(facts("灯.齐 事实 行为", "灯.误 事实 参与"), rule("甲", "灯.误"), rule("乙", "非 灯.误"))
    names = [
        ((one.respondent, one.act), (other.respondent, other.act))
        for one, other in determined(of_each, "参与 P2 A1").alternatives
    ]
    assert names == [(("P1", "A1"), ("P1", "A1")), (("P2", "A1"), ("P2", "A1"))]


# Notes


def shown(found: Determination) -> list[tuple[str, str, str, bool]]:
    return [(one.note.id, one.respondent, one.act, one.open) for one in found.notes]


NOTED = law(LAMP, rule("甲", "灯.坏"), note("修", "灯.修"), note("甲修", "灯.修", "关于 甲"))


def test_a_note_is_shown_where_its_condition_holds_and_says_so_where_it_is_open() -> None:
    assert shown(determined(NOTED, f"{BROKEN}事实 灯.修 A1 有 簿")) == [
        ("修", "P1", "A1", False),
        ("甲修", "P1", "A1", False),
    ]
    assert shown(determined(NOTED)) == [("修", "P1", "A1", True), ("甲修", "P1", "A1", True)]
    assert shown(determined(NOTED, "事实 灯.修 A1 反 簿")) == []


def test_a_note_about_a_rule_is_shown_only_with_a_result_that_is_made_out_or_open() -> None:
    assert shown(determined(NOTED, "事实 灯.坏 A1 反 簿\n事实 灯.修 A1 有 簿")) == [("修", "P1", "A1", False)]


def test_a_note_changes_no_state() -> None:
    bare = law(LAMP, rule("甲", "灯.坏"))
    for records in ("", BROKEN, f"{BROKEN}事实 灯.修 A1 有 簿"):
        assert state(determined(NOTED, records), "甲") is state(determined(bare, records), "甲")


def test_a_note_on_responsibility_is_shown_for_every_participant_and_one_on_circumstances_for_the_pairs() -> None:
    both = law(
        facts("灯.误 事实 参与"),
        rule("甲", "灯.误"),
        rule("主", "成立 甲", group="责任"),
        note("情", "恒真", "关于 甲"),
        note("责", "恒真", "关于 甲、主"),
        note("仅责", "恒真", "关于 主"),
        note("总", "恒真"),
    )
    found = determined(both, "参与 P2 A1\n评价 P2 A1")
    assert shown(found) == [
        ("情", "P2", "A1", False),
        ("责", "P1", "A1", False),
        ("责", "P2", "A1", False),
        ("仅责", "P1", "A1", False),
        ("仅责", "P2", "A1", False),
        ("总", "P2", "A1", False),
    ]


def test_a_note_whose_facts_contradict_is_not_shown() -> None:
    one = law(
        LAMP, rule("甲", "灯.坏"), note("修报", "任一\n  灯.修\n  灯.报"), constraint("互斥", "互斥\n  灯.修\n  灯.报")
    )
    assert shown(determined(one, f"{BROKEN}事实 灯.修 A1 有 簿\n事实 灯.报 A1 有 簿")) == []
    assert len(shown(determined(one, f"{BROKEN}事实 灯.修 A1 有 簿"))) == 1


def test_a_concurring_note_is_shown_beside_several_results_and_is_open_while_one_of_them_is() -> None:
    one = law(
        LAMP, rule("甲", "灯.坏"), rule("乙", "灯.报"), rule("丙", "灯.修"), note("并", "恒真", "关于 情形\n并存 是")
    )
    rest = f"{BROKEN}事实 灯.修 A1 反 簿\n"
    assert shown(determined(one, f"{rest}事实 灯.报 A1 有 簿")) == [("并", "P1", "A1", False)]
    assert shown(determined(one, rest)) == [("并", "P1", "A1", True)]
    assert shown(determined(one, f"{rest}事实 灯.报 A1 反 簿")) == []


def test_a_note_on_a_respondent_is_shown_once_for_all_acts() -> None:
    one = law(facts("任.代 数据 主体 取 主体.任职方式 是 代任"), note("代", "任.代", "对象 主体"))
    assert shown(determined(one, "职务 P1 某职务\n  任职方式 代任\n参与 P1 A2")) == [("代", "P1", "", False)]


def test_a_note_on_a_respondent_about_a_rule_is_shown_when_one_of_the_acts_makes_it_out() -> None:
    one = law(
        LAMP,
        facts("任.代 数据 主体 取 主体.任职方式 是 代任"),
        rule("甲", "灯.坏"),
        note("代", "任.代", "对象 主体\n关于 甲"),
    )
    acting = "职务 P1 某职务\n  任职方式 代任\n参与 P1 A2\n评价 P1 A1\n评价 P1 A2\n"
    assert shown(determined(one, f"{acting}{BROKEN}事实 灯.坏 A2 反 簿")) == [("代", "P1", "", False)]
    assert shown(determined(one, f"{acting}事实 灯.坏 A1 反 簿\n事实 灯.坏 A2 反 簿")) == []


def test_a_note_on_a_part_about_a_rule_that_speaks_of_no_act_is_shown_with_every_act() -> None:
    acting = facts("任.代 数据 主体 取 主体.任职方式 是 代任")
    one = law(LAMP, acting, rule("代", "任.代", "对象 主体", group="权限"), note("修", "灯.修", "关于 代"))
    records = "职务 P1 某职务\n  任职方式 {}\n参与 P1 A2\n事实 灯.修 A1 有 簿\n期望 P1 A1 提示 修\n期望 P1 A2 提示 修"
    found = determined(one, records.format("代任"))
    assert shown(found) == [("修", "P1", "A1", False), ("修", "P1", "A2", True)]
    assert all(found.bears(each) for each in found.notes)
    assert [each.met for each in check_case_expectations(one, found.case, ON)] == [True, True]
    found = determined(one, records.format("常任"))
    assert shown(found) == []
    assert [each.met for each in check_case_expectations(one, found.case, ON)] == [False, False]


# Guards


GUARDED = law(LAMP, rule("甲", "灯.坏"), guard("复核", "甲", "灯.报"))


@pytest.mark.parametrize(("records", "answer"), [("有 簿", "yes"), ("反 簿", "no"), (None, "open")])
def test_a_guard_says_whether_a_state_may_be_relied_on_and_leaves_it_as_it_is(records: str | None, answer: str) -> None:
    found = determined(GUARDED, BROKEN + (f"事实 灯.报 A1 {records}" if records else ""))
    [one] = found.reliance
    assert (one.answer, one.conclusion.rule.id, state(found, "甲")) == (answer, "甲", MADE)


def test_a_guard_has_nothing_to_say_of_what_is_not_made_out() -> None:
    assert determined(GUARDED, "事实 灯.坏 A1 反 簿").reliance == ()
    assert [one.answer for one in determined(GUARDED).reliance] == ["open"]


def test_a_guard_speaks_of_its_own_rules_only() -> None:
    one = law(LAMP, rule("甲", "灯.坏"), rule("乙", "灯.坏"), guard("复核", "乙", "灯.报"))
    assert [each.conclusion.rule.id for each in determined(one, BROKEN).reliance] == ["乙"]


def test_what_is_missing_for_reliance_is_known_like_what_is_missing_for_a_state() -> None:
    found = determined(GUARDED, BROKEN)
    [one] = found.reliance
    needed = missing(found.evaluation, one.function)
    assert [[str(key) for key, _ in answers] for answers in needed.for_it.sets] == [["灯.报 A1"]]


# What nobody has looked at

EACH = [(who, act) for act in ("A1", "A2") for who in ("P1", "P2")]


def test_an_open_item_nobody_entered_anything_about_is_told_from_one_somebody_did() -> None:
    one = law(LAMP, rule("甲", "全部\n  灯.坏\n  灯.报"), rule("乙", "灯.修"))
    for records in (
        BROKEN,
        "事实 灯.坏 A1 有 簿 反 照",
        "事实 灯.坏 A1 有 信",
        "认定 灯.坏 A1 是 调查组 2015-06-01 看过",
    ):
        found = determined(one, records)  # proven, contested, ineffective: all of it was entered
        assert (found.touched(conclusion(found, "甲")), found.touched(conclusion(found, "乙"))) == (True, False), (
            records
        )
    found = determined(one)
    assert not found.touched(conclusion(found, "甲"))


def test_a_settled_item_is_looked_at_and_one_of_which_only_the_consequence_is_known_is_not() -> None:
    one = law(
        facts("灯.坏 事实 行为", "灯.齐 事实 行为", "摔.因 因果 结果", "据.起 数据 行为 取 行为.起 早于 2016-01-01"),
        rule("甲", "全部\n  行为 全部\n    灯.坏\n    据.起\n  后果 某 事件 名单 灯.齐\n    摔.因"),
        rule("乙", "恒假"),
    )
    event = "行为 A1 漏修\n  起 2015-03-01\n  事件 V1\n事件 V1 跌倒\n"
    found = determined(one, f"{event}事实 摔.因 A1 V1 有 照")
    assert (state(found, "甲"), found.touched(conclusion(found, "甲"))) == (OPEN, False)
    assert found.touched(conclusion(found, "乙"))
    found = determined(one, f"{event}事实 灯.坏 A1 有 照")
    assert found.touched(conclusion(found, "甲"))


def test_a_note_bears_on_what_was_looked_at() -> None:
    """A note on no rule always does; one on rules only where one of them is made out, or open and looked at."""
    notes = note("总", "灯.修"), note("仅甲", "灯.修", "关于 甲"), note("甲乙", "灯.修", "关于 甲、乙")
    one = law(LAMP, rule("甲", "灯.坏"), rule("乙", "灯.报"), *notes)
    for records, expected in (
        ("", {"总": True, "仅甲": False, "甲乙": False}),
        (BROKEN, {"总": True, "仅甲": True, "甲乙": True}),
        ("事实 灯.报 A1 有 信", {"总": True, "仅甲": False, "甲乙": True}),
        ("事实 灯.坏 A1 反 簿", {"总": True, "甲乙": False}),  # 甲 is settled, 乙 open and nobody looked
    ):
        found = determined(one, records)
        assert {shown.note.id: found.bears(shown) for shown in found.notes} == expected, records


def test_a_note_speaks_of_its_own_respondent_and_act_only() -> None:
    """Of four parts one is made out, one is settled the other way, and of two nobody has entered anything."""
    one = law(facts("灯.误 事实 参与", "灯.修 事实 参与"), rule("甲", "灯.误"), note("修", "灯.修", "关于 甲"))
    parts = "参与 P2 A1\n参与 P1 A2\n参与 P2 A2\n" + "\n".join(f"评价 {who} {act}" for who, act in EACH)
    found = determined(one, f"{parts}\n事实 灯.误 P1 A1 有 簿\n事实 灯.误 P2 A2 反 簿")
    assert [(each.respondent, each.act, found.bears(each)) for each in found.notes] == [
        ("P1", "A1", True),
        ("P2", "A1", False),
        ("P1", "A2", False),
    ]


def test_a_case_without_participations_has_no_conclusion() -> None:
    found = determined(law(LAMP, rule("甲", "灯.坏"), exception("夜", "甲", "灯.报")), "撤去 参与 P1 A1")
    assert (found.all(), found.notes, found.reliance, found.alternatives) == ((), (), (), ())


def test_a_determination_knows_no_clock() -> None:
    one, records = asked(SETTLED), f"{BROKEN}事实 灯.修 A1 反 簿"
    assert state(determined(one, records, on=date(1990, 1, 1)), "甲") is MADE
    assert state(determined(one, records, on=date(9999, 12, 31)), "甲") is NOT
