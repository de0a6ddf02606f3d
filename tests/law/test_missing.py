"""What would settle an open result: the smallest sets of answers, both ways, what to ask first, what need not be asked any more."""

from __future__ import annotations

from itertools import combinations

import pytest

from law.lamps import conclusion, constraint, determined, exception, facts, law, reading, rule, state
from wenze.law import Determination, Direction, FactKey, Law, Missing, State
from wenze.law.missing import Question

NAMES = "坏修报缺旧错湿"
PLAIN = facts(*(f"灯.{name} 事实 行为" for name in NAMES))
ASIDE = rule("乙", "灯.湿")  # so that every fact is used
Sets = set[frozenset[tuple[str, bool]]]


def named(question: Question) -> str:
    if isinstance(question, FactKey):
        return question.name.partition(".")[2] + "".join(f" {entity}" for entity in question.entities if entity != "A1")
    return f"{question.first}>{question.second}"


def sets(direction: Direction) -> Sets:
    return {frozenset((named(question), answer) for question, answer in answers) for answers in direction.sets}


def asked(found: Determination, name: str = "甲", respondent: str = "P1") -> Missing:
    one = conclusion(found, name, respondent)
    assert one.state is State.OPEN
    return found.missing(one)


def on(condition: str, records: str = "", *parts: str) -> Missing:
    return asked(determined(law(PLAIN, rule("甲", condition), ASIDE, *parts), records))


def of(*answers: str) -> frozenset[tuple[str, bool]]:
    """`of("坏", "-修")`: 坏 yes, 修 no."""
    return frozenset((answer.lstrip("-"), not answer.startswith("-")) for answer in answers)


# The smallest sets, both ways


def test_all_of_several_facts_are_needed_for_and_any_one_against() -> None:
    needed = on("全部\n  灯.坏\n  非 灯.修")
    assert sets(needed.for_it) == {of("坏", "-修")}
    assert sets(needed.against_it) == {of("-坏"), of("修")}


def test_what_is_established_is_not_asked_again() -> None:
    needed = on("全部\n  灯.坏\n  非 灯.修\n  灯.报", "事实 灯.坏 A1 有 簿")
    assert sets(needed.for_it) == {of("-修", "报")}


def test_an_answer_that_settles_nothing_more_is_in_no_set() -> None:
    """¬approved ∨ (approved ∧ defect): a defect is enough, approved or not."""
    needed = on("任一\n  非 灯.报\n  全部\n    灯.报\n    灯.缺")
    assert sets(needed.for_it) == {of("-报"), of("缺")}
    assert sets(needed.against_it) == {of("报", "-缺")}


def test_two_of_three_are_asked_for_in_pairs() -> None:
    needed = on("至少 2\n  灯.坏\n  灯.修\n  灯.报")
    assert sets(needed.for_it) == {of(*pair) for pair in combinations("坏修报", 2)}
    assert sets(needed.against_it) == {of(f"-{one}", f"-{other}") for one, other in combinations("坏修报", 2)}


CONDITIONS = [
    "任一\n  非 灯.报\n  全部\n    灯.报\n    灯.缺",
    "全部\n  任一\n    灯.坏\n    灯.修\n  任一\n    非 灯.坏\n    灯.报",
    "至少 2\n  灯.坏\n  非 灯.修\n  全部\n    灯.报\n    灯.缺",
]


@pytest.mark.parametrize("condition", CONDITIONS)
def test_entering_the_answers_of_a_set_settles_the_result_and_fewer_do_not(condition: str) -> None:
    one = law(PLAIN, rule("甲", condition), ASIDE)
    needed = asked(determined(one))
    for direction, expected in ((needed.for_it, State.MADE_OUT), (needed.against_it, State.NOT_MADE_OUT)):
        assert direction.sets
        for answers in direction.sets:
            assert state(determined(one, entered(answers)), "甲") is expected
            for fewer in combinations(answers, len(answers) - 1):
                assert state(determined(one, entered(fewer)), "甲") is State.OPEN


def entered(answers: tuple[tuple[Question, bool], ...]) -> str:
    return "\n".join(f"事实 {question} {'有' if answer else '反'} 簿" for question, answer in answers)


def test_a_reading_is_not_asked_but_taken_as_in_force() -> None:
    one = law(
        PLAIN,
        reading("R-甲", "宽", "严"),
        rule("甲", "依解读 R-甲\n  取 宽 灯.坏\n  取 严 全部\n    灯.坏\n    灯.修"),
        ASIDE,
    )
    assert sets(asked(determined(one)).for_it) == {of("坏")}
    assert sets(asked(determined(one, **{"R-甲": "严"})).for_it) == {of("坏", "修")}


def test_exceptions_and_gates_are_part_of_what_is_missing() -> None:
    one = law(PLAIN, rule("甲", "灯.坏"), exception("夜", "甲", "灯.旧"), ASIDE)
    assert sets(asked(determined(one)).for_it) == {of("坏", "-旧")}
    assert sets(asked(determined(one)).against_it) == {of("-坏"), of("旧")}


# Within the constraints


def test_what_a_constraint_says_follows_is_not_asked() -> None:
    needed = on("全部\n  灯.坏\n  灯.报", "", constraint("坏则报", "若 灯.坏\n则 灯.报"))
    assert sets(needed.for_it) == {of("坏")}
    assert sets(needed.against_it) == {of("-坏"), of("-报")}


def test_answers_that_cannot_come_together_are_no_set() -> None:
    needed = on("任一\n  灯.旧\n  全部\n    灯.坏\n    灯.报", "", constraint("互斥", "互斥\n  灯.坏\n  灯.报"))
    assert sets(needed.for_it) == {of("旧")}
    assert sets(needed.against_it) == {of("-旧")}


def test_an_answer_may_settle_what_it_is_no_part_of() -> None:
    needed = on("灯.坏", "", constraint("错则坏", "若 灯.错\n则 灯.坏"))
    assert of("坏") in sets(needed.for_it)


def test_where_the_facts_contradict_nothing_would_settle_it_however_many_answers_came() -> None:
    one = law(PLAIN, rule("甲", "全部\n  灯.坏\n  灯.修"), ASIDE, constraint("互斥", "互斥\n  灯.坏\n  灯.报"))
    found = determined(one, "事实 灯.坏 A1 有 簿\n事实 灯.报 A1 有 簿")
    contradicted = conclusion(found, "甲")
    assert contradicted.state is State.CONTRADICTORY
    assert found.missing(contradicted) == Missing(Direction((), False), Direction((), False), (), ())


# Five answers at most


ALL_SIX = "全部\n" + "".join(f"  灯.{name}\n" for name in NAMES[:6])


def test_where_more_than_five_answers_are_needed_it_says_that_none_is_that_short() -> None:
    needed = on(ALL_SIX)
    assert (needed.for_it.sets, needed.for_it.longer) == ((), True)
    assert (sets(needed.against_it), needed.against_it.longer) == ({of(f"-{name}") for name in NAMES[:6]}, False)


def test_five_answers_are_not_too_many() -> None:
    needed = on(ALL_SIX, "事实 灯.坏 A1 有 簿")
    assert (sets(needed.for_it), needed.for_it.longer) == ({of(*NAMES[1:6])}, False)


def test_short_sets_are_shown_and_that_there_are_longer_ones() -> None:
    needed = on("任一\n  灯.湿\n  全部\n" + "".join(f"    灯.{name}\n" for name in NAMES[:6]))
    assert (sets(needed.for_it), needed.for_it.longer) == ({of("湿")}, True)


def test_a_search_that_is_cut_short_says_that_there_may_be_longer_sets(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = on("全部\n  灯.坏\n  灯.修")
    assert (whole.for_it.longer, whole.against_it.longer) == (False, False)
    monkeypatch.setattr("wenze.law.missing._MOST_STEPS", 1)
    cut = on("全部\n  灯.坏\n  灯.修")
    assert (cut.for_it.longer, cut.against_it.longer) == (True, True)
    assert (cut.for_it.sets, cut.against_it.sets) == (whole.for_it.sets, whole.against_it.sets)


def test_where_too_much_is_open_at_once_it_says_so_and_lists_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("wenze.law.missing._MOST_NODES", 3)
    needed = on(ALL_SIX)
    assert needed.beyond
    assert (needed.for_it, needed.against_it, needed.ask, needed.idle) == (
        Direction((), True),
        Direction((), True),
        (),
        (),
    )


# What to ask first, what not to ask


def test_the_question_in_most_sets_is_asked_first() -> None:
    needed = on("全部\n  任一\n    灯.坏\n    灯.修\n    灯.报\n  灯.缺")
    assert named(needed.ask[0]) == "缺"
    assert {named(question) for question in needed.ask} == {"坏", "修", "报", "缺"}


def test_of_equal_use_the_cheapest_proof_is_asked_first_then_the_order_of_the_text() -> None:
    natures = facts(
        "灯.久 判断 行为",
        "灯.因 因果 行为",
        "灯.晚 事实 行为",
        "灯.早 事实 行为",
        "灯.类 数据 行为 取 行为.环节 是 维修",
    )
    one = law(natures, rule("甲", "全部\n  灯.久\n  灯.因\n  灯.晚\n  灯.早\n  灯.类"))
    assert [named(question) for question in asked(determined(one)).ask] == ["类", "晚", "早", "因", "久"]


def test_facts_that_cannot_change_the_result_any_more_are_listed_as_no_longer_needed() -> None:
    needed = on("全部\n  灯.坏\n  任一\n    灯.修\n    灯.报\n    灯.缺", "事实 灯.修 A1 有 簿")
    assert [named(key) for key in needed.idle] == ["报", "缺"]
    assert sets(needed.for_it) == {of("坏")}


def test_a_fact_of_another_option_is_not_needed() -> None:
    one = law(PLAIN, reading("R-甲", "宽", "严"), rule("甲", "依解读 R-甲\n  取 宽 灯.坏\n  取 严 灯.修"), ASIDE)
    assert [named(key) for key in asked(determined(one)).idle] == ["修"]


# Lists, ranks and orders


PEOPLE = law(
    facts("灯.齐 事实 行为", "灯.误 事实 参与"),
    rule("某", "某 参与 名单 灯.齐\n  灯.误"),
    rule("每", "每 参与 名单 灯.齐\n  灯.误"),
    rule("高", "最高 名单 灯.齐\n  灯.误"),
)


def people(records: str, name: str, law: Law = PEOPLE) -> Missing:
    return asked(determined(law, f"参与 P2 A1\n{records}"), name)


def test_that_the_list_is_complete_is_asked_where_somebody_not_listed_could_decide() -> None:
    wrong = "事实 灯.误 P1 A1 有 簿\n事实 灯.误 P2 A1 有 簿"
    needed = people(wrong, "每")
    assert (sets(needed.for_it), sets(needed.against_it)) == ({of("齐")}, set())
    right = wrong.replace("有", "反")
    needed = people(right, "某")
    assert (sets(needed.for_it), sets(needed.against_it)) == (set(), {of("齐")})


def test_an_unknown_rank_is_asked_for() -> None:
    records = "职务 P1 某职务\n事实 灯.齐 A1 有 簿\n事实 灯.误 P1 A1 有 簿\n事实 灯.误 P2 A1 有 簿"
    needed = people(records, "高")
    assert sets(needed.for_it) == {of("-P2>P1"), of("P1>P2")}
    assert sets(needed.against_it) == {of("P2>P1")}
    assert named(needed.ask[0]) == "P2>P1"  # it settles the result either way


def test_the_same_fact_of_two_people_is_two_questions() -> None:
    needed = people("事实 灯.齐 A1 有 簿", "每")
    assert sets(needed.for_it) == {of("误 P1", "误 P2")}


# Where nothing is missing


def test_contradicting_facts_are_to_be_resolved_not_completed() -> None:
    one = law(PLAIN, rule("甲", "全部\n  灯.坏\n  灯.修\n  灯.报"), ASIDE, constraint("互斥", "互斥\n  灯.坏\n  灯.修"))
    found = determined(one, "事实 灯.坏 A1 有 簿\n事实 灯.修 A1 有 簿")
    needed = found.missing(conclusion(found, "甲"))
    assert (needed.for_it.sets, needed.against_it.sets, needed.ask, needed.idle) == ((), (), (), ())
