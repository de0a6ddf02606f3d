"""Some and every, highest and last: what needs a complete list, what an unknown rank or order leaves open."""

from __future__ import annotations

import pytest

from law.lamps import define, determined, facts, law, rule, state, states
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


def test_a_unit_has_no_rank_and_stands_above_nobody() -> None:
    found = determined(RANKED, f"{COMPLETE[True]}参与 U1 A1\n事实 灯.误 P1 A1 有 簿\n事实 灯.误 U1 A1 有 簿")
    assert states(found, "高", ("P1", "U1")) == {"P1": "made-out", "U1": "made-out"}


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
