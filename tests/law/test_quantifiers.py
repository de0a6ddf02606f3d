"""Some and every, highest and last: what needs a complete list, what an unknown rank or order leaves open."""

from __future__ import annotations

import pytest

from law.lamps import constraint, define, determined, facts, law, rule, state, states
from wenze.law import Determination, State

MADE, NOT, OPEN = State.MADE_OUT, State.NOT_MADE_OUT, State.OPEN
RECORD = {True: "事实 {} A1 有 簿", False: "事实 {} A1 反 簿", None: ""}


# Quantifiers


LISTED = facts("灯.齐 事实 行为", "灯.误 事实 参与", "摔.因 因果 结果")
SOME = law(
    LISTED,
    rule("某", "某 参与 名单 灯.齐\n  灯.误"),
    rule("每", "每 参与 名单 灯.齐\n  灯.误"),
    rule("他", "某 参与 除本人 名单 灯.齐\n  灯.误"),
)
COMPLETE = {True: "事实 灯.齐 A1 有 簿\n", False: "事实 灯.齐 A1 反 簿\n", None: ""}


@pytest.mark.parametrize(
    ("one", "other", "complete", "some", "every"),
    [
        (True, False, True, MADE, NOT),
        (True, False, None, MADE, NOT),  # a list with gaps is enough for these two
        (True, True, True, MADE, MADE),
        (True, True, None, MADE, OPEN),  # somebody not listed may be otherwise
        (True, True, False, MADE, OPEN),  # that the list is incomplete says no more than not knowing
        (False, False, True, NOT, NOT),
        (False, False, None, OPEN, NOT),
        (False, False, False, OPEN, NOT),
        (None, False, True, OPEN, NOT),
        (None, True, True, MADE, OPEN),
    ],
)
def test_some_and_every_need_a_complete_list_where_somebody_not_listed_could_decide(
    one: bool | None, other: bool | None, complete: bool | None, some: State, every: State
) -> None:
    said = "\n".join(
        RECORD[value].format("灯.误").replace(" A1", f" {who} A1") for who, value in (("P1", one), ("P2", other))
    )
    found = determined(SOME, f"参与 P2 A1\n{COMPLETE[complete]}{said}")
    assert (state(found, "某"), state(found, "每")) == (some, every)


def test_except_self_asks_of_the_others_only() -> None:
    found = determined(SOME, f"参与 P2 A1\n{COMPLETE[True]}事实 灯.误 P1 A1 有 簿\n事实 灯.误 P2 A1 反 簿")
    assert states(found, "他", ("P1", "P2")) == {"P1": "not-made-out", "P2": "made-out"}


EVENTS = law(LISTED, rule("某", "某 事件 名单 灯.齐\n  摔.因"), rule("每", "每 事件 名单 灯.齐\n  摔.因"))


@pytest.mark.parametrize(("complete", "some", "every"), [(True, NOT, MADE), (None, OPEN, OPEN), (False, OPEN, OPEN)])
def test_an_act_without_events_has_none_once_the_list_is_complete(
    complete: bool | None, some: State, every: State
) -> None:
    found = determined(EVENTS, COMPLETE[complete])
    assert (state(found, "某"), state(found, "每")) == (some, every)


def test_only_the_events_of_the_act_count() -> None:
    acts = "行为 A1 三月\n  事件 V1\n行为 A2 五月\n  事件 V2\n事件 V1 跌倒\n事件 V2 撞车\n"
    found = determined(EVENTS, f"{acts}{COMPLETE[True]}事实 摔.因 A1 V1 反 照\n事实 摔.因 A2 V2 有 照")
    assert state(found, "某") is NOT


def test_the_same_unlisted_person_is_meant_wherever_the_same_question_is_asked() -> None:
    """Somebody wrong and everybody right cannot both hold, whoever may not be listed."""
    one = law(
        LISTED,
        define("有人误", "某 参与 名单 灯.齐\n  灯.误"),
        rule("甲", "全部\n  见 有人误\n  非 见 有人误"),
        rule("乙", "任一\n  见 有人误\n  非 见 有人误"),
    )
    found = determined(one)
    assert (state(found, "甲"), state(found, "乙")) == (NOT, MADE)


# What is not listed: one question for all of whom the condition speaks alike


TWO_EVENTS = "行为 A1 三月\n  事件 V1、V2\n事件 V1 跌倒\n事件 V2 撞车\n参与 P1 A1\n参与 P2 A1\n"


def differs(over: str, condition: str) -> State:
    """That a condition holds of one and fails of another of two participants or events, all of whom are listed.

    Where participants are asked of, one of them is wrong and one is not, and no event that is listed counts; where events are,
    nobody who is listed is wrong.
    """
    listed, unlisted = {"参与": ("列.人", "列.事"), "事件": ("列.事", "列.人")}[over]
    one = law(
        facts("列.人 事实 行为", "列.事 事实 行为", "灯.误 事实 参与", "摔.因 因果 结果"),
        rule("误", "灯.误", group="责任"),
        define("误者", "灯.误"),
        define("此", condition.replace("…", f"名单 {unlisted}")),
        rule("异", f"全部\n  某 {over} 名单 {listed}\n    见 此\n  某 {over} 名单 {listed}\n    非 见 此"),
    )
    known = {
        "参与": "事实 灯.误 P1 A1 有 簿\n事实 灯.误 P2 A1 反 簿\n事实 摔.因 A1 V1 反 簿\n事实 摔.因 A1 V2 反 簿",
        "事件": "事实 灯.误 P1 A1 反 簿\n事实 灯.误 P2 A1 反 簿",
    }[over]
    return state(determined(one, f"{TWO_EVENTS}事实 {listed} A1 有 簿\n{known}"), "异")


def test_somebody_not_listed_of_whom_no_event_is_asked_is_the_same_for_every_event() -> None:
    assert differs("事件", "某 参与 …\n  灯.误") is NOT


def test_somebody_not_listed_may_have_caused_one_event_and_not_another() -> None:
    assert differs("事件", "某 参与 …\n  全部\n    灯.误\n    摔.因") is OPEN


def test_an_event_not_listed_is_the_same_for_all_of_whom_it_is_not_asked() -> None:
    assert differs("参与", "某 事件 …\n  摔.因") is NOT


@pytest.mark.parametrize(
    "of_each", ["灯.误", "见 误者", "成立 误", "最高 名单 列.人\n  灯.误", "最高 名单 列.人\n  恒真"]
)
def test_an_event_not_listed_may_count_for_one_participant_and_not_for_another(of_each: str) -> None:
    of_each = of_each.replace("\n", "\n    ")
    assert differs("参与", f"某 事件 …\n  全部\n    {of_each}\n    摔.因") is OPEN


# Highest and last


RANKED = law(
    facts("灯.齐 事实 行为", "灯.误 事实 参与", "签.字 数据 参与 取 参与.部分 含 签字"),
    rule("高", "最高 名单 灯.齐\n  灯.误"),
    rule("末", "最后 名单 灯.齐\n  签.字"),
    rule("有高", "某 参与 名单 灯.齐\n  最高 名单 灯.齐\n    灯.误"),
)


def ranked(ranks: dict[str, str], wrong: str, right: str = "", complete: bool | None = True) -> Determination:
    """Posts with these ranks ("" = not recorded) take part; evidence that some are wrong and some right."""
    lines = [
        f"职务 {who} 某职务" + (f"\n  职级 {rank}" if rank else "") + f"\n参与 {who} A1" for who, rank in ranks.items()
    ]
    lines += [f"事实 灯.误 {who} A1 {side} 簿" for side, whom in (("有", wrong), ("反", right)) for who in whom.split()]
    return determined(RANKED, COMPLETE[complete] + "\n".join(lines))


def test_the_highest_is_highest_among_those_who_meet_the_condition() -> None:
    found = ranked({"P1": "甲级", "P2": "乙级", "P3": "丙级"}, wrong="P2 P3", right="P1")
    assert states(found, "高", ("P1", "P2", "P3")) == {"P1": "not-made-out", "P2": "made-out", "P3": "not-made-out"}


def test_ties_for_the_highest_are_a_set() -> None:
    found = ranked({"P1": "乙级", "P2": "乙级", "P3": "丙级"}, wrong="P1 P2 P3")
    assert states(found, "高", ("P1", "P2", "P3")) == {"P1": "made-out", "P2": "made-out", "P3": "not-made-out"}


def test_an_unknown_rank_leaves_open_who_is_highest() -> None:
    found = ranked({"P1": "乙级", "P2": ""}, wrong="P1 P2")
    assert states(found, "高", ("P1", "P2")) == {"P1": "open", "P2": "open"}


def test_the_unknown_rank_of_somebody_who_does_not_meet_the_condition_does_not_matter() -> None:
    found = ranked({"P1": "乙级", "P2": ""}, wrong="P1", right="P2")
    assert states(found, "高", ("P1", "P2")) == {"P1": "made-out", "P2": "not-made-out"}


def test_whoever_is_outranked_is_not_highest_however_long_the_list() -> None:
    found = ranked({"P1": "甲级", "P2": "乙级"}, wrong="P1 P2", complete=None)
    assert states(found, "高", ("P1", "P2")) == {"P1": "open", "P2": "not-made-out"}


def test_while_it_is_open_whether_a_higher_post_meets_the_condition_the_next_is_open() -> None:
    found = ranked({"P1": "甲级", "P2": "乙级"}, wrong="P2")
    assert states(found, "高", ("P1", "P2")) == {"P1": "open", "P2": "open"}


@pytest.mark.parametrize("ranks", [["", ""], ["", "", ""], ["", "乙级", ""]])
def test_of_several_who_meet_it_somebody_is_highest_whatever_the_ranks_are(ranks: list[str]) -> None:
    """An unknown order is an order: not everybody stands below somebody."""
    posts = dict(zip(("P1", "P2", "P3"), ranks, strict=False))
    found = ranked(posts, wrong=" ".join(posts))
    assert state(found, "有高") is MADE
    assert set(states(found, "高", posts).values()) == {"open"}


@pytest.mark.parametrize("rank", ["", "\n  职级 乙级"])
def test_a_unit_has_no_rank_and_stands_above_nobody_whatever_the_others_are(rank: str) -> None:
    found = determined(
        RANKED, f"{COMPLETE[True]}职务 P1 某职务{rank}\n参与 U1 A1\n事实 灯.误 P1 A1 有 簿\n事实 灯.误 U1 A1 有 簿"
    )
    assert states(found, "高", ("P1", "U1")) == {"P1": "made-out", "U1": "made-out"}


def test_what_is_known_of_one_participant_may_contradict_who_is_highest() -> None:
    """Who is highest speaks of every participant, and there is no state where what is known of one of them cannot be."""
    one = law(
        facts("灯.齐 事实 行为", "灯.误 事实 参与", "灯.异 事实 参与"),
        rule("高", "最高 名单 灯.齐\n  灯.误"),
        rule("误", "灯.误"),
        constraint("误异", "互斥\n  灯.误\n  灯.异"),
    )
    wrong = "".join(f"事实 灯.误 {who} A1 有 簿\n" for who in ("P1", "P2"))
    records = f"参与 P2 A1\n{COMPLETE[True]}{wrong}事实 灯.异 P2 A1 {{}} 簿"
    found = determined(one, records.format("有"))
    assert (state(found, "高"), state(found, "误")) == (State.CONTRADICTORY, MADE)
    assert state(determined(one, records.format("反")), "高") is MADE


def signed(orders: dict[str, str], complete: bool | None = True) -> dict[str, str]:
    lines = [
        f"参与 {who} A1\n  部分 签字\n  证据 簿" + (f"\n  次序 {order}" if order else "")
        for who, order in orders.items()
    ]
    return states(determined(RANKED, COMPLETE[complete] + "\n".join(lines)), "末", orders)


def test_the_last_is_last_by_the_recorded_order() -> None:
    assert signed({"P1": "1", "P2": "3", "P3": "2"}) == {"P1": "not-made-out", "P2": "made-out", "P3": "not-made-out"}
    assert signed({"P1": "10", "P2": "9"}) == {"P1": "made-out", "P2": "not-made-out"}  # a number, not its digits
    assert signed({"P1": "2", "P2": "2"}) == {"P1": "made-out", "P2": "made-out"}


def test_an_unknown_order_leaves_the_last_open_and_an_incomplete_list_too() -> None:
    assert signed({"P1": "1", "P2": ""}) == {"P1": "open", "P2": "open"}
    assert signed({"P1": "1", "P2": "2"}, complete=None) == {"P1": "not-made-out", "P2": "open"}


def test_who_is_alone_is_last_without_an_order() -> None:
    assert signed({"P1": ""}) == {"P1": "made-out"}
