"""What is established: the state of a fact follows from evidence, findings and the case's records; nothing is assumed."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from law.lamps import ON, case, established, facts, law
from wenze.law import FactKey, Law, Problems, State, determine
from wenze.law.establish import Established, Status, accepted_forms, meets, turn

PLAIN = law(facts("灯.坏 事实 行为", "摔.因 因果 结果", "灯.久 判断 行为"))
FOUND = "认定 灯.坏 A1 {} 调查组 2015-06-01 比对两份记录"


def broken(records: str, law: Law = PLAIN) -> Established:
    return established(law, records, "灯.坏", "A1")


# Evidence


@pytest.mark.parametrize(
    ("records", "status"),
    [
        ("", Status.OPEN),
        ("事实 灯.坏 A1 有 簿", Status.PROVEN),
        ("事实 灯.坏 A1 有 簿、照", Status.PROVEN),
        ("事实 灯.坏 A1 反 照", Status.DISPROVEN),
        ("事实 灯.坏 A1 有 簿 反 照", Status.OPEN),
        ("事实 灯.坏 A2 有 簿", Status.OPEN),
    ],
)
def test_a_fact_follows_the_evidence_and_is_never_false_by_default(records: str, status: Status) -> None:
    assert broken(records).status is status


def test_evidence_on_both_sides_contests_a_fact() -> None:
    found = broken("事实 灯.坏 A1 有 簿 反 照")
    assert (found.contested, found.supporting, found.opposing) == (True, ("簿",), ("照",))
    assert not broken("事实 灯.坏 A1 有 簿、照").contested


@pytest.mark.parametrize(("answer", "status"), [("是", Status.PROVEN), ("否", Status.DISPROVEN)])
def test_a_finding_resolves_a_contest_either_way_and_the_contest_stays_visible(answer: str, status: Status) -> None:
    found = broken(f"事实 灯.坏 A1 有 簿 反 照\n{FOUND.format(answer)}")
    assert (found.status, found.contested) == (status, True)
    assert found.finding is not None and found.finding.reasons == "比对两份记录"


def test_a_finding_puts_nothing_in_the_place_of_evidence() -> None:
    assert broken(FOUND.format("是")).status is Status.OPEN


def test_a_finding_against_all_the_evidence_contests_it() -> None:
    found = broken(f"事实 灯.坏 A1 有 簿\n{FOUND.format('否')}")
    assert (found.status, found.contested) == (Status.OPEN, True)
    found = broken(f"事实 灯.坏 A1 反 照\n{FOUND.format('是')}")
    assert (found.status, found.contested) == (Status.OPEN, True)


def test_a_finding_that_agrees_with_the_evidence_changes_nothing() -> None:
    found = broken(f"事实 灯.坏 A1 有 簿\n{FOUND.format('是')}")
    assert (found.status, found.contested) == (Status.PROVEN, False)


@pytest.mark.parametrize(
    ("written", "lacks"),
    [
        ("认定 灯.坏 A1 是", ("author", "day", "reasons")),
        ("认定 灯.坏 A1 是\n  日期 2015-06-01\n  理由 比对", ("author",)),
        ("认定 灯.坏 A1 是\n  作出人 调查组\n  理由 比对", ("day",)),
        ("认定 灯.坏 A1 是 调查组 2015-06-01", ("reasons",)),
    ],
)
def test_a_finding_without_author_day_or_reasons_has_no_effect_and_says_what_it_lacks(
    written: str, lacks: tuple[str, ...]
) -> None:
    found = broken(f"事实 灯.坏 A1 有 簿 反 照\n{written}")
    assert (found.status, found.contested, found.incomplete) == (Status.OPEN, True, lacks)


def test_a_causal_link_is_proven_by_evidence_like_a_fact() -> None:
    records = "行为 A1 三月漏修\n  起 2015-03-01\n  事件 V1\n事件 V1 跌倒\n"
    assert established(PLAIN, records, "摔.因", "A1", "V1").status is Status.OPEN
    assert established(PLAIN, f"{records}事实 摔.因 A1 V1 有 照", "摔.因", "A1", "V1").status is Status.PROVEN


# Forms of proof


def test_any_admissible_form_counts_where_the_law_only_names_examples() -> None:
    named = law(facts("灯.坏 事实 行为 证 照片"))
    assert broken("事实 灯.坏 A1 有 簿", named).status is Status.PROVEN


def test_where_the_law_accepts_one_form_only_another_is_shown_without_effect() -> None:
    only = law(facts("灯.坏 事实 行为 证 限 值班簿"))
    found = broken("事实 灯.坏 A1 有 照", only)
    assert (found.status, found.supporting, found.ignored) == (Status.OPEN, (), ("照",))
    assert broken("事实 灯.坏 A1 有 簿、照", only).status is Status.PROVEN


def test_the_forms_against_are_those_for_unless_others_are_named() -> None:
    same = law(facts("灯.坏 事实 行为 证 限 值班簿"))
    assert broken("事实 灯.坏 A1 反 照", same).status is Status.OPEN
    assert broken("事实 灯.坏 A1 反 簿", same).status is Status.DISPROVEN
    other = law(facts("灯.坏 事实 行为 证 限 值班簿 反证 限 照片"))
    assert broken("事实 灯.坏 A1 反 照", other).status is Status.DISPROVEN
    assert broken("事实 灯.坏 A1 反 簿", other).status is Status.OPEN


def test_evidence_that_does_not_count_contests_nothing() -> None:
    only = law(facts("灯.坏 事实 行为 证 限 值班簿"))
    found = broken("事实 灯.坏 A1 有 簿 反 照", only)
    assert (found.status, found.contested, found.ignored) == (Status.PROVEN, False, ("照",))


def test_what_proves_nothing_by_itself_proves_nothing_unless_a_fact_names_it() -> None:
    found = broken("事实 灯.坏 A1 有 信")
    assert (found.status, found.ignored) == (Status.OPEN, ("信",))
    assert broken("事实 灯.坏 A1 反 信").status is Status.OPEN
    assert broken("事实 灯.坏 A1 有 信", law(facts("灯.坏 事实 行为 证 匿名信"))).status is Status.PROVEN


def test_evidence_of_no_recorded_form_counts_unless_the_law_asks_for_a_form() -> None:
    piece = "证据 物 现场灯泡\n"
    assert broken(f"{piece}事实 灯.坏 A1 有 物").status is Status.PROVEN
    assert broken(f"{piece}事实 灯.坏 A1 有 物", law(facts("灯.坏 事实 行为 证 限 照片"))).status is Status.OPEN


FORMS = ("值班簿", "照片", "匿名信")  # the last proves nothing by itself


@pytest.mark.parametrize(
    ("written", "holds", "fails"),
    [
        ("证 照片", ("照片", "值班簿"), ("照片", "值班簿")),  # what the fact names stands first
        ("证 匿名信", ("匿名信", "值班簿", "照片"), ("匿名信", "值班簿", "照片")),
        ("证 限 照片", ("照片",), ("照片",)),
        ("证 限 匿名信、照片", ("匿名信", "照片"), ("匿名信", "照片")),
        ("证 限 照片 反证 值班簿", ("照片",), ("值班簿", "照片")),
        ("证 照片 反证 限 值班簿", ("照片", "值班簿"), ("值班簿",)),
    ],
)
def test_the_forms_asked_for_are_those_that_count_and_what_a_fact_names_comes_first(
    written: str, holds: tuple[str, ...], fails: tuple[str, ...]
) -> None:
    one = law(facts(f"灯.坏 事实 行为 {written}"))
    for side, status, forms in (("有", Status.PROVEN, holds), ("反", Status.DISPROVEN, fails)):
        assert accepted_forms(one, one.facts["灯.坏"], holds=side == "有") == forms
        for form in FORMS:
            found = broken(f"证据 件 某件\n  形式 {form}\n事实 灯.坏 A1 {side} 件", one)
            assert (found.status is status) is (form in forms), (side, form)


# Judgements


def long_dark(records: str) -> Established:
    return established(PLAIN, records, "灯.久", "A1")


def test_a_judgement_needs_an_author_a_day_and_reasons_and_no_evidence_makes_it() -> None:
    assert long_dark("").status is Status.OPEN
    assert long_dark("事实 灯.久 A1 有 簿、照").status is Status.OPEN
    assert long_dark("认定 灯.久 A1 是 调查组 2015-06-01 三十日不亮").status is Status.PROVEN
    assert long_dark("认定 灯.久 A1 否 调查组 2015-06-01 只一夜").status is Status.DISPROVEN


@pytest.mark.parametrize("lines", ["", "  作出人 调查组\n  理由 三十日", "  作出人 调查组\n  日期 2015-06-01"])
def test_a_judgement_that_nobody_signed_and_reasoned_is_not_established(lines: str) -> None:
    found = long_dark(f"认定 灯.久 A1 是\n{lines}")
    assert found.status is Status.OPEN and found.incomplete


def test_evidence_for_and_against_does_not_unmake_a_judgement() -> None:
    records = "事实 灯.久 A1 有 簿 反 照\n认定 灯.久 A1 是 调查组 2015-06-01 三十日不亮"
    found = long_dark(records)
    assert (found.status, found.contested) == (Status.PROVEN, False)


# Data: what the case records, and nothing where it records nothing


def data(comparison: str, scope: str, records: str, *entities: str) -> Status:
    return established(law(facts(f"据.录 数据 {scope} 取 {comparison}")), records, "据.录", *entities).status


EVENT = "行为 A1 漏修\n  起 2015-03-01\n  事件 V1\n事件 V1 跌倒\n  日期 2015-03-10\n  等级 大\n"
BARE = "行为 A1 漏修\n  事件 V1\n事件 V1 跌倒\n职务 P1 某职务\n单位 U2 某所\n"
YES, NO, UNKNOWN = Status.PROVEN, Status.DISPROVEN, Status.OPEN


@pytest.mark.parametrize(
    ("comparison", "scope", "entities", "recorded", "bare"),
    [
        ("主体.种类 是 个人", "主体", ["P1"], YES, YES),
        ("主体.种类 是 个人", "主体", ["U1"], NO, NO),
        ("主体.种类 是 机关", "主体", ["U1"], YES, YES),
        ("主体.单位类型 是 路灯所", "主体", ["P1"], YES, UNKNOWN),
        ("主体.单位类型 是 电力站", "主体", ["U2"], NO, UNKNOWN),
        ("主体.单位类型 是 电力站|路灯所", "主体", ["U2"], YES, UNKNOWN),
        ("主体.层级 是 小区", "主体", ["P1"], YES, UNKNOWN),
        ("主体.层级 是 大区", "主体", ["U2"], NO, UNKNOWN),
        ("主体.角色 是 所长", "主体", ["P1"], YES, UNKNOWN),
        ("主体.职级 是 乙级|丙级", "主体", ["P1"], NO, UNKNOWN),
        ("主体.任职方式 是 常任", "主体", ["P1"], YES, UNKNOWN),
        ("主体.任职方式 有", "主体", ["P1"], YES, UNKNOWN),
        ("行为.起 不早于 2015-03-01", "行为", ["A1"], YES, UNKNOWN),
        ("行为.起 早于 2015-03-01", "行为", ["A1"], NO, UNKNOWN),
        ("行为.起 不晚于 2015-03-01", "行为", ["A1"], YES, UNKNOWN),
        ("行为.起 晚于 2015-03-01", "行为", ["A1"], NO, UNKNOWN),
        ("行为.止 有", "行为", ["A1"], YES, UNKNOWN),
        ("行为.环节 有", "行为", ["A1"], UNKNOWN, UNKNOWN),
        ("事件.日期 早于 2015-03-11", "事件", ["V1"], YES, UNKNOWN),
        ("事件.等级 是 小", "事件", ["V1"], NO, UNKNOWN),
    ],
)
def test_data_is_read_from_the_records_and_what_is_not_recorded_is_not_established(
    comparison: str, scope: str, entities: list[str], recorded: Status, bare: Status
) -> None:
    assert data(comparison, scope, EVENT, *entities) is recorded
    assert data(comparison, scope, BARE, *entities) is bare


@pytest.mark.parametrize("operator", ["早于", "不早于", "不晚于", "晚于"])
def test_a_comparison_of_days_turns_on_the_first_day_of_its_later_side(operator: str) -> None:
    source = law(facts(f"据.录 数据 行为 取 行为.起 {operator} 2015-03-31")).facts["据.录"].source
    assert source is not None
    on = turn(source)
    assert on == {"早于": date(2015, 3, 31), "不早于": date(2015, 3, 31)}.get(operator, date(2015, 4, 1))
    answers = [meets(source, on + timedelta(days=days)) for days in range(-3, 4)]
    assert answers == [operator in {"早于", "不晚于"}] * 3 + [operator in {"不早于", "晚于"}] * 4


@pytest.mark.parametrize("attribute", ["角色 是 所长", "职级 是 甲级", "任职方式 是 常任"])
def test_a_unit_has_no_role_rank_or_mode(attribute: str) -> None:
    assert data(f"主体.{attribute}", "主体", "", "U1") is NO


@pytest.mark.parametrize(
    ("written", "reaches"),
    [
        ("  起 2014-12-01\n  止 持续", YES),
        ("  起 2014-12-01\n  止 2015-01-01", YES),
        ("  起 2014-12-01\n  止 2014-12-31", NO),
        ("  起 2014-12-31", NO),
        ("  起 2015-01-01", YES),
        ("", UNKNOWN),
    ],
)
def test_an_act_ends_on_its_day_unless_it_continues_which_reaches_any_day(written: str, reaches: Status) -> None:
    assert data("行为.止 不早于 2015-01-01", "行为", f"行为 A1 漏修\n{written}", "A1") is reaches


@pytest.mark.parametrize(
    ("comparison", "scope", "entities", "lines", "read"),
    [
        ("行为.止 有", "行为", ["A1"], "行为 A1 漏修\n  起 2015-03-01\n  止 持续", "…"),
        ("行为.止 有", "行为", ["A1"], "行为 A1 漏修\n  起 2015-03-01", "2015-03-01"),
        ("主体.角色 是 班长", "主体", ["P1"], "", "所长"),
        ("主体.角色 是 班长", "主体", ["U1"], "", None),
        ("参与.部分 含 签字", "参与", ["P1", "A1"], "参与 P1 A1\n  部分 在场、签字\n  证据 簿", "签字"),
        ("参与.主张 有", "参与", ["P1", "A1"], "参与 P1 A1\n  主张 停电", "停电"),
        ("参与.主张 有", "参与", ["P1", "A1"], "", None),
        ("参与.职责 有", "参与", ["P1", "A1"], "职责 D1 巡灯\n参与 P1 A1\n  职责 D1", "D1"),
        ("参与.职责 有", "参与", ["P1", "A1"], "", None),
    ],
)
def test_data_says_what_was_read(
    comparison: str, scope: str, entities: list[str], lines: str, read: str | None
) -> None:
    found = established(law(facts(f"据.录 数据 {scope} 取 {comparison}")), lines, "据.录", *entities)
    assert found.read == read


@pytest.mark.parametrize(
    ("lines", "status"),
    [
        ("", NO),
        ("  部分 在场\n  证据 簿", NO),
        ("  部分 签字", UNKNOWN),
        ("  部分 签字\n  证据 信", UNKNOWN),
        ("  部分 签字、在场\n  证据 簿", YES),
        ("  部分 签字\n  证据 簿\n  反证 照", UNKNOWN),
        ("  部分 签字\n  证据 簿\n  反证 信", YES),
    ],
)
def test_a_part_is_alleged_by_listing_and_proven_by_evidence(lines: str, status: Status) -> None:
    assert data("参与.部分 含 签字", "参与", f"参与 P1 A1\n{lines}", "P1", "A1") is status


def test_who_takes_no_part_in_an_act_has_none_of_its_parts() -> None:
    assert data("参与.部分 含 签字", "参与", "参与 P1 A1\n  部分 签字\n  证据 簿\n职务 P9 某职务", "P9", "A1") is NO


def test_a_part_with_evidence_against_is_contested() -> None:
    signed = law(facts("据.录 数据 参与 取 参与.部分 含 签字"))
    found = established(signed, "参与 P1 A1\n  部分 签字\n  证据 簿\n  反证 照", "据.录", "P1", "A1")
    assert (found.contested, found.supporting, found.opposing) == (True, ("簿",), ("照",))


@pytest.mark.parametrize(
    ("comparison", "lines", "status"),
    [
        ("主张 含 停电", "  主张 停电", YES),
        ("主张 含 停电", "", NO),
        ("主张 有", "", UNKNOWN),
        ("主张 有", "  主张 停电", YES),
        ("职责 有", "", UNKNOWN),
        ("职责 有", "  职责 D1", YES),
        ("部分 有", "", UNKNOWN),
    ],
)
def test_claims_and_duties_count_as_listed(comparison: str, lines: str, status: Status) -> None:
    records = f"职责 D1 每夜巡灯\n参与 P1 A1\n{lines}"
    assert data(f"参与.{comparison}", "参与", records, "P1", "A1") is status


@pytest.mark.parametrize(
    ("manager", "where"),
    [("U1", "own"), ("U2", "lower"), ("U0", "higher")],
)
@pytest.mark.parametrize("asked", ["own", "lower", "higher", "elsewhere"])
def test_who_manages_a_post_is_read_off_the_tree_of_units(manager: str, where: str, asked: str) -> None:
    comparison = f"respondent.management is {asked}"
    assert data(comparison, "主体", f"职务 P1 某职务\n  管理 {manager}", "P1") is (YES if asked == where else NO)
    assert data(comparison, "主体", f"单位 U9 某所\n  管理 {manager}", "U9") is (YES if asked == where else NO)


def test_units_without_a_recorded_connection_leave_management_open() -> None:
    assert data("主体.管理 是 其他", "主体", "职务 P1 某职务\n  管理 U3", "P1") is UNKNOWN


@pytest.mark.parametrize(("level", "where"), [("小区", "elsewhere"), ("大区", "higher")])
def test_a_unit_outside_the_line_stands_where_its_level_says(level: str, where: str) -> None:
    records = f"单位 U3 电力站\n  层级 {level}\n职务 P1 某职务\n  管理 U3"
    for asked in ("own", "lower", "higher", "elsewhere"):
        assert data(f"respondent.management is {asked}", "主体", records, "P1") is (YES if asked == where else NO)


def test_a_unit_outside_the_line_tells_nothing_where_either_level_is_not_recorded() -> None:
    outside = "单位 U3 电力站\n  层级 小区\n职务 P1 某职务\n  管理 U3\n"
    for records in (f"{outside}单位 U1 东所\n  上级 U0", outside.replace("  层级 小区\n", "")):
        assert data("respondent.management is elsewhere", "主体", records, "P1") is UNKNOWN


def test_units_above_the_acting_organ_on_its_own_level_are_its_own() -> None:
    """A discipline organ acts for the cadres whom the committee above it manages, and for those of units below that."""
    units = "单位 U1 东所\n  层级 小区\n  上级 U4\n单位 U4 东委\n  层级 {}\n  上级 U0\n单位 U5 西所\n  上级 U4\n"
    for level, manager, where in (
        ("小区", "U4", "own"),
        ("小区", "U5", "lower"),
        ("大区", "U4", "higher"),
        ("小区", "U0", "higher"),
    ):
        records = f"{units.format(level)}职务 P1 某职务\n  管理 {manager}"
        assert data(f"respondent.management is {where}", "主体", records, "P1") is YES


def test_an_unrecorded_manager_or_acting_organ_leaves_management_open() -> None:
    assert data("主体.管理 是 本级", "主体", "职务 P1 某职务", "P1") is UNKNOWN
    nobody = case("依据 lamps\n职务 P1 某职务\n  管理 U1\n单位 U1 某所", base="# 案\n\n```case 案\n标题 案 / case\n")
    managed = law(facts("据.录 数据 主体 取 主体.管理 是 本级"))
    assert determine(managed, nobody, ON).evaluation.fact(FactKey("据.录", ("P1",))).status is UNKNOWN


# No truth value, no stored state


def test_a_state_cannot_be_taken_for_true_or_false() -> None:
    for value in (*Status, *State):
        with pytest.raises(TypeError, match="compare with Stat"):
            bool(value)
        with pytest.raises(TypeError, match="compare with Stat"):
            _ = not value


@pytest.mark.parametrize("key", ["状态 已认定", "state proven"])
def test_a_case_cannot_state_what_is_established(key: str) -> None:
    with pytest.raises(Problems) as refused:
        case(f"事实 灯.坏 A1\n  {key}")
    assert {problem.id for problem in refused.value.problems} == {"C013"}
