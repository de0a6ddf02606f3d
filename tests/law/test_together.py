"""Readings that matter only together, what would follow if they were taken otherwise, and those settled after the conduct."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

import pytest

from law.lamps import ON, conclusion, constraint, determined, facts, law, reading, rule, state
from wenze.law import Determination, Law, State
from wenze.law.determine import options_in_force

MADE, NOT, OPEN = State.MADE_OUT, State.NOT_MADE_OUT, State.OPEN
LAMP = facts("灯.坏 事实 行为", "灯.修 事实 行为", "灯.报 事实 行为")
BROKEN = "事实 灯.坏 A1 有 簿\n"


def take(name: str, **under: str) -> str:
    """A condition that a reading chooses: under each option a fact, 恒真 or 恒假."""
    return f"依解读 {name}\n" + "".join(f"  取 {option} {condition}\n" for option, condition in under.items())


def joined(operator: str, parts: Iterable[str]) -> str:
    return f"{operator}\n" + "".join(f"  {line}\n" for part in parts for line in part.splitlines())


def of_readings(condition: str, **options: str) -> Law:
    """A rule 甲 of this condition, and the readings R-… it speaks of with their options, one letter each."""
    return law(LAMP, *(reading(f"R-{name}", *each) for name, each in options.items()), rule("甲", condition))


EITHER = of_readings(
    joined("任一", [take("R-甲", 一="灯.坏", 二="恒假", 三="恒假"), take("R-乙", 一="灯.坏", 二="恒假")]),
    甲="一二三",
    乙="一二",
)
BOTH = of_readings(
    joined("全部", [take("R-甲", 一="灯.坏", 二="恒假"), take("R-乙", 一="灯.坏", 二="恒假")]), 甲="一二", 乙="一二"
)


# Which readings decide


@pytest.mark.parametrize("one", [EITHER, BOTH])
def test_a_reading_decides_where_it_turns_the_result_under_some_choice_of_the_others(one: Law) -> None:
    found = determined(one, BROKEN)
    assert found.decides(conclusion(found, "甲")) == {"R-甲", "R-乙"}


def test_a_reading_that_never_makes_a_result_out_decides_nothing() -> None:
    """It still tells what is open from what is not made out, so the state depends on it."""
    found = determined(of_readings(take("R-甲", 一="灯.坏", 二="恒假"), 甲="一二"))
    one = conclusion(found, "甲")
    assert (one.state, one.outcome.depends) == (OPEN, ("R-甲",))
    assert (found.decides(one), found.only_with(one, "R-甲")) == (frozenset(), None)


def test_a_reading_that_decides_alone_needs_no_other() -> None:
    found = determined(BOTH, BROKEN)
    assert found.only_with(conclusion(found, "甲"), "R-乙") == ({}, "二")


def test_a_reading_that_decides_only_beside_another_names_the_smallest_choice_it_needs() -> None:
    found = determined(EITHER, BROKEN)
    one = conclusion(found, "甲")
    assert found.only_with(one, "R-乙") == ({"R-甲": "二"}, "二")
    assert found.only_with(one, "R-甲") == ({"R-乙": "二"}, "二")


def test_a_reading_may_decide_only_with_all_the_others_taken_otherwise() -> None:
    parts = [take(f"R-{name}", 一="灯.坏", 二="恒假") for name in "甲乙丙"]
    found = determined(of_readings(joined("任一", parts), 甲="一二", 乙="一二", 丙="一二"), BROKEN)
    assert found.only_with(conclusion(found, "甲"), "R-乙") == ({"R-甲": "二", "R-丙": "二"}, "二")


def test_a_reading_on_which_nothing_hangs_is_needed_with_none() -> None:
    found = determined(EITHER, "事实 灯.坏 A1 反 簿")
    assert found.only_with(conclusion(found, "甲"), "R-甲") is None


# Which combinations change a result


def test_where_one_option_alone_changes_a_result_no_combination_is_shown() -> None:
    found = determined(BOTH, BROKEN)
    assert found.combinations(conclusion(found, "甲")) == ()


def test_combinations_that_hold_a_smaller_one_are_passed_over_and_the_others_still_tried() -> None:
    """二 and 二 of the first two readings change the result; so do 三 and 三 of them, but only with 二 of the third."""
    parts = [
        joined("任一", [take("R-甲", 一="恒真", 二="恒假", 三="恒真"), take("R-乙", 一="恒真", 二="恒假", 三="恒真")]),
        joined(
            "任一",
            [
                take("R-甲", 一="恒真", 二="恒真", 三="恒假"),
                take("R-乙", 一="恒真", 二="恒真", 三="恒假"),
                take("R-丙", 一="灯.坏", 二="恒假"),
            ],
        ),
    ]
    found = determined(of_readings(joined("全部", parts), 甲="一二三", 乙="一二三", 丙="一二"), BROKEN)
    one = conclusion(found, "甲")
    assert one.outcome.depends == ("R-甲", "R-乙", "R-丙")
    assert found.combinations(one) == (
        ({"R-甲": "二", "R-乙": "二"}, NOT),
        ({"R-甲": "三", "R-乙": "三", "R-丙": "二"}, NOT),
    )


# What would follow under other readings


def same(one: Determination, other: Determination) -> bool:
    return (one.in_force, [each.state for each in one.all()]) == (other.in_force, [each.state for each in other.all()])


def test_a_determination_under_other_readings_is_that_of_the_case_with_them_chosen() -> None:
    ruled = "裁定 R-乙 二\n  由 总所\n  自 2016-01-01\n  来源 某裁定\n"
    for records in (BROKEN, "", "事实 灯.坏 A1 反 簿", BROKEN + ruled):
        found = determined(EITHER, records)
        for changed in ({}, {"R-甲": "三"}, {"R-甲": "二", "R-乙": "二"}):
            assert same(found.under(changed), determined(EITHER, records, on=ON, **changed)), (records, changed)
        assert same(found, determined(EITHER, records))  # itself it stays as it was


def test_readings_not_changed_keep_their_ground() -> None:
    found = determined(EITHER, "裁定 R-乙 二\n  由 总所\n  自 2016-01-01\n  来源 某裁定\n").under({"R-甲": "三"})
    assert [(one.reading, one.option, one.ground, one.by) for one in found.in_force] == [
        ("R-甲", "三", "chosen", ""),
        ("R-乙", "二", "ruling", "总所"),
    ]


def test_facts_that_contradict_do_so_under_every_reading() -> None:
    one = law(
        LAMP,
        reading("R-甲", "宽", "严"),
        rule("甲", take("R-甲", 宽="灯.坏", 严="灯.修")),
        constraint("一", "互斥\n  灯.坏\n  灯.修"),
    )
    found = determined(one, f"{BROKEN}事实 灯.修 A1 有 簿")
    contradictory = conclusion(found, "甲")
    assert found.state_under(contradictory, {"R-甲": "严"}) is State.CONTRADICTORY
    assert found.heavier(contradictory) == () == found.combinations(contradictory)


# From which day


def settled(option: str, since: str) -> Law:
    more = f"状态 已决 {option} 自 {since} 由 总所 来源 总所复函"
    one = reading("R-甲", "宽", "严", default="严", more=more)
    return law(LAMP, one, rule("甲", take("R-甲", 宽="灯.坏", 严="灯.修")))


@pytest.mark.parametrize(
    ("act", "since", "flagged"),
    [
        ("  起 2015-05-01", "2015-05-02", ("R-甲",)),  # of which no end is recorded: it ended when it began
        ("  起 2015-05-01", "2015-05-01", ()),
        ("  起 2015-05-01\n  止 2015-06-30", "2015-06-30", ()),
        ("  起 2015-05-01\n  止 2015-06-30", "2015-07-01", ("R-甲",)),
        ("", "2015-05-02", ()),  # of which no day is recorded: nobody can say that it came before
    ],
)
def test_what_was_settled_after_the_conduct_is_told_by_the_day_it_ended(
    act: str, since: str, flagged: tuple[str, ...]
) -> None:
    found = determined(settled("宽", since), f"行为 A1 漏修\n{act}\n{BROKEN}事实 灯.修 A1 反 簿")
    assert (state(found, "甲"), found.heavier(conclusion(found, "甲"))) == (MADE, flagged)


def test_what_speaks_of_no_act_has_no_day_to_be_settled_after() -> None:
    more = "状态 已决 宽 自 2015-06-01 由 总所 来源 总所复函"
    one = law(
        facts("人.在 事实 主体"),
        reading("R-甲", "宽", "严", default="严", more=more),
        rule("甲", take("R-甲", 宽="恒真", 严="人.在"), "对象 主体", group="权限"),
    )
    found = determined(one, "事实 人.在 P1 反 簿")
    assert found.heavier(conclusion(found, "甲", act="")) == ()


def test_a_ruling_is_on_its_own_reading_only() -> None:
    found = determined(EITHER, "裁定 R-甲 二\n  由 总所\n  自 2016-01-01\n  来源 某裁定\n", on=date(2016, 1, 1))
    assert [(one.option, one.ground) for one in found.in_force] == [("二", "ruling"), ("一", "default")]


def test_a_ruling_that_says_not_by_whom_or_where_it_stands_says_nothing_of_it() -> None:
    found = determined(EITHER, "裁定 R-甲 二\n  自 2016-01-01", on=date(2016, 1, 1))
    assert [(one.by, one.source) for one in found.in_force] == [("", ""), ("", "")]


@pytest.mark.parametrize("on", [date(2015, 12, 31), date(2016, 1, 1), date(2016, 2, 1)])
@pytest.mark.parametrize("chosen", [{}, {"R-乙": "二"}])
def test_the_options_in_force_need_only_the_rulings_of_a_case(on: date, chosen: dict[str, str]) -> None:
    """The later of two rulings on a reading holds from its day, whichever is written first; a choice goes before both."""
    rulings = [("R-甲", "三", "2016-02-01"), ("R-甲", "二", "2016-01-01"), ("R-乙", "一", "2016-01-01")]
    written = "".join(f"裁定 {name} {option}\n  自 {since}\n" for name, option, since in rulings[1:])
    found = options_in_force(EITHER, rulings[1:], on, chosen)
    assert found == {one.reading: one.option for one in determined(EITHER, written, on=on, **chosen).in_force}
    assert options_in_force(EITHER, rulings, on, chosen)["R-甲"] == {1: "二", 2: "三"}.get(on.month, "一")
