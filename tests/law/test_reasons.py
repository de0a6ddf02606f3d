"""The reasons are the determination itself: a tree of the rule with the state, words and evidence of every node."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from law.lamps import conclusion, constraint, define, determined, exception, facts, law, reading, rule
from wenze.law import Determination, Law, Reason, State, Words, reasons
from wenze.law.establish import Status
from wenze.law.rules import Mark

MADE, NOT, OPEN, NEVER = State.MADE_OUT, State.NOT_MADE_OUT, State.OPEN, State.NOT_APPLICABLE
PLAIN = facts("灯.坏 事实 行为", "灯.修 事实 行为", "灯.报 事实 行为", "灯.缺 事实 行为")


def tree(found: Determination, name: str = "甲", respondent: str = "P1") -> Reason:
    return reasons(found.evaluation, conclusion(found, name, respondent))


def below(reason: Reason) -> Iterator[Reason]:
    yield reason
    for child in reason.children:
        yield from below(child)


def outline(reason: Reason) -> list[object]:
    """Kinds and names, nested."""
    return [f"{reason.kind} {reason.name}".strip(), *(outline(child) for child in reason.children)]


def decided(reason: Reason) -> list[tuple[str, str]]:
    """The facts at the ends of the deciding conditions, with their states."""
    if not reason.children:
        return [(reason.name, str(reason.state))]
    return [leaf for child in reason.deciding() for leaf in decided(child)]


WHOLE = law(
    PLAIN,
    define("前提", "灯.缺"),
    rule("甲", "全部  「不亮」\n  灯.坏  「路灯不亮」\n  非 灯.修  「而不修」", "适用 前提  「路灯」"),
    exception("报过", "甲", "灯.报"),
    exception("又坏", "报过", "灯.缺"),
)


def test_a_tree_is_the_rule_with_its_gates_condition_and_exceptions() -> None:
    assert outline(tree(determined(WHOLE))) == [
        "rule 甲",
        ["gate 前提", ["leaf 灯.缺"]],
        ["all", ["leaf 灯.坏"], ["not", ["leaf 灯.修"]]],
        ["exception 报过", ["leaf 灯.报"], ["exception 又坏", ["leaf 灯.缺"]]],
    ]


def test_every_node_has_the_words_it_encodes_and_where_they_stand() -> None:
    nodes = {(node.kind, node.name): node for node in below(tree(determined(WHOLE)))}
    assert [tuple(cited) for cited in nodes["leaf", "灯.坏"].quotes] == [("路灯不亮", "1")]
    assert [tuple(cited) for cited in nodes["gate", "前提"].quotes] == [("路灯", "1")]
    assert [tuple(cited) for cited in nodes["all", ""].quotes] == [("不亮", "1")]
    assert {node.anchor for node in nodes.values()} == {"1"}


def test_every_node_has_an_id_of_its_own_that_stays_the_same() -> None:
    first, again = (
        [node.id for node in below(tree(determined(WHOLE, records)))] for records in ("", "事实 灯.坏 A1 有 簿")
    )
    assert first == again and len(set(first)) == len(first)


def test_a_leaf_has_its_evidence() -> None:
    [leaf] = [node for node in below(tree(determined(WHOLE, "事实 灯.坏 A1 有 簿 反 信"))) if node.name == "灯.坏"]
    assert leaf.established is not None
    assert (leaf.established.status, leaf.established.supporting, leaf.established.ignored) == (
        Status.PROVEN,
        ("簿",),
        ("信",),
    )
    assert {node.established for node in below(tree(determined(WHOLE))) if node.kind != "leaf"} == {None}


@pytest.mark.parametrize(
    ("records", "expected"),
    [
        ("事实 灯.坏 A1 有 簿\n事实 灯.修 A1 反 簿\n事实 灯.缺 A1 有 簿\n事实 灯.报 A1 反 簿", MADE),
        ("事实 灯.修 A1 有 簿\n事实 灯.缺 A1 有 簿", NOT),
        ("事实 灯.缺 A1 有 簿", OPEN),
    ],
)
def test_the_state_at_the_root_is_that_of_the_conclusion(records: str, expected: State) -> None:
    found = determined(WHOLE, records)
    assert tree(found).state is conclusion(found, "甲").state is expected


# The conditions that decide


def law_of(condition: str, *parts: str) -> Law:
    used = rule("乙", "全部\n  灯.坏\n  灯.修\n  灯.报\n  灯.缺")
    return law(PLAIN, rule("甲", condition), used, *parts)


def test_of_alternatives_only_those_that_hold_decide_that_it_is_made_out() -> None:
    one = law_of("任一\n  灯.坏\n  灯.修\n  灯.报")
    records = "事实 灯.坏 A1 有 簿\n事实 灯.修 A1 反 簿"
    assert decided(tree(determined(one, records))) == [("灯.坏", "made-out")]


def test_of_requirements_only_those_that_fail_decide_that_it_is_not_made_out() -> None:
    one = law_of("全部\n  灯.坏\n  灯.修\n  灯.报")
    records = "事实 灯.坏 A1 有 簿\n事实 灯.修 A1 反 簿"
    assert decided(tree(determined(one, records))) == [("灯.修", "not-made-out")]


def test_of_an_open_result_the_open_conditions_decide() -> None:
    one = law_of("全部\n  灯.坏\n  灯.修\n  灯.报")
    assert decided(tree(determined(one, "事实 灯.坏 A1 有 簿"))) == [("灯.修", "open"), ("灯.报", "open")]


def test_what_is_denied_decides_by_its_opposite() -> None:
    one = law_of("非 任一\n  灯.坏\n  灯.修")
    both = "事实 灯.坏 A1 反 簿\n事实 灯.修 A1 反 簿"
    assert decided(tree(determined(one, both))) == [("灯.坏", "not-made-out"), ("灯.修", "not-made-out")]
    assert decided(tree(determined(one, "事实 灯.修 A1 有 簿"))) == [("灯.修", "made-out")]


def test_a_result_that_holds_whichever_way_the_open_facts_turn_out_shows_them() -> None:
    one = law_of("任一\n  非 灯.报\n  全部\n    灯.报\n    灯.缺")
    found = determined(one, "事实 灯.缺 A1 有 簿")
    assert tree(found).state is MADE
    assert {name for name, _ in decided(tree(found))} >= {"灯.报"}
    assert all(node.deciding() for node in below(tree(found)) if node.children)


def test_a_result_that_fails_whichever_way_the_open_facts_turn_out_shows_them_only() -> None:
    one = law_of("全部\n  灯.缺\n  灯.报\n  任一\n    非 灯.报\n    灯.坏")
    found = determined(one, "事实 灯.缺 A1 有 簿\n事实 灯.坏 A1 反 簿")
    root = tree(found)
    assert root.state is NOT
    assert [name for name, _ in decided(root)] == ["灯.报", "灯.报"]  # not 灯.缺, which holds


def test_of_conditions_that_together_hold_whichever_way_those_that_fail_are_folded_away() -> None:
    one = law_of("任一\n  灯.坏\n  灯.报\n  非 灯.报")
    found = determined(one, "事实 灯.坏 A1 反 簿")
    assert [name for name, _ in decided(tree(found))] == ["灯.报", "灯.报"]


def test_a_node_says_which_part_of_the_circumstance_it_is() -> None:
    one = law(
        PEOPLE,
        facts("灯.坏 事实 行为", "摔.因 因果 结果"),
        rule("甲", "全部\n  行为 灯.坏\n  后果 某 事件 名单 灯.齐\n    摔.因"),
        rule("乙", "灯.误"),
    )
    found = determined(one, "行为 A1 漏修\n  事件 V1、V2\n事件 V1 跌倒\n事件 V2 撞车")
    root = tree(found)
    assert [node.mark for node in root.children[0].children] == [Mark.CONDUCT, Mark.CONSEQUENCE]
    assert root.mark is None
    assert [node.name for node in below(root) if node.kind == "place"] == ["V1", "V2"]


def test_an_exception_that_applies_decides_and_one_that_fails_is_folded_away() -> None:
    one = law_of("灯.坏", exception("报过", "甲", "灯.报"))
    broken = "事实 灯.坏 A1 有 簿\n事实 灯.报 A1 {} 簿"
    assert decided(tree(determined(one, broken.format("有")))) == [("灯.报", "made-out")]
    assert decided(tree(determined(one, broken.format("反")))) == [("灯.坏", "made-out")]


def test_a_rule_that_does_not_apply_shows_the_gate_that_fails() -> None:
    found = determined(WHOLE, "事实 灯.坏 A1 有 簿\n事实 灯.修 A1 反 簿\n事实 灯.缺 A1 反 簿\n事实 灯.报 A1 反 簿")
    assert conclusion(found, "甲").state is NEVER
    assert [node.kind for node in tree(found).deciding()] == ["gate"]


# What a quantifier, a reading, another rule looked at

PEOPLE = facts("灯.齐 事实 行为", "灯.误 事实 参与")


def test_a_quantifier_shows_everybody_it_looked_at() -> None:
    one = law(PEOPLE, rule("甲", "某 参与 名单 灯.齐\n  灯.误"), rule("乙", "某 参与 除本人 名单 灯.齐\n  灯.误"))
    found = determined(one, "参与 P2 A1\n参与 U1 A1\n事实 灯.误 P2 A1 有 簿")
    assert outline(tree(found)) == [
        "rule 甲",
        ["some", ["place P1", ["leaf 灯.误"]], ["place P2", ["leaf 灯.误"]], ["place U1", ["leaf 灯.误"]]],
    ]
    assert [node.name for node in below(tree(found, "乙", "P2")) if node.kind == "place"] == ["P1", "U1"]
    [leaf] = [node for node in below(tree(found)) if node.established and node.established.key.entities[0] == "P2"]
    assert leaf.state is MADE


def test_a_reading_shows_the_option_in_force_only() -> None:
    one = law(
        PLAIN,
        reading("R-甲", "宽", "严"),
        rule("甲", "依解读 R-甲\n  取 宽 灯.坏\n  取 严 灯.修"),
        rule("乙", "至少 2\n  灯.报\n  灯.缺\n  灯.坏"),
    )
    assert outline(tree(determined(one))) == ["rule 甲", ["choose R-甲", ["option 宽", ["leaf 灯.坏"]]]]
    assert outline(tree(determined(one, **{"R-甲": "严"}))) == [
        "rule 甲",
        ["choose R-甲", ["option 严", ["leaf 灯.修"]]],
    ]


def test_a_rule_that_asks_for_a_group_shows_every_rule_of_it() -> None:
    one = law(
        PLAIN,
        rule("甲", "灯.坏"),
        rule("乙", "任一\n  灯.修\n  灯.报\n  灯.缺"),
        rule("丙", "成立 情形", group="责任", says="主责 应"),
    )
    holds = tree(determined(one), "丙").children[0]
    assert [(child.kind, child.name) for child in holds.children] == [("rule", "甲"), ("rule", "乙")]


def test_a_kind_that_an_exception_puts_in_a_rules_place_has_the_tree_of_the_exception() -> None:
    one = law(
        PLAIN,
        rule("主", "灯.坏", group="责任", says="主责 应"),
        exception("代", "主", "至少 1\n  灯.修\n  灯.报\n  灯.缺", effect="替代 代责"),
    )
    found = determined(one, "事实 灯.坏 A1 有 簿\n事实 灯.修 A1 有 簿")
    [instead] = [each for each in found.responsibilities if each.replaced_by]
    root = reasons(found.evaluation, instead)
    assert (instead.state, root.kind, root.name, root.state) == (MADE, "exception", "代", MADE)


# Sentences


SPOKEN = law(
    PLAIN,
    PEOPLE,
    facts("灯.久 判断 行为", "摔.因 因果 结果", "签.字 数据 参与 取 参与.部分 含 签字"),
    define("前提", "灯.缺"),
    reading("R-甲", "宽", "严"),
    rule(
        "甲",
        """
        行为 全部
          依解读 R-甲
            取 宽 灯.坏
            取 严 恒真
          至少 2
            灯.修
            灯.报
            灯.久
          每 参与 名单 灯.齐
            非 灯.误
          某 事件 名单 灯.齐
            摔.因
        """,
        "适用 前提",
        "后果 无",
    ),
    rule("高", "最高 名单 灯.齐\n  成立 情形", group="责任", says="主责 应"),
    rule("末", "最后 名单 灯.齐\n  签.字", group="责任", says="主责 应"),
    exception("夜", "甲", "任一\n  灯.久\n  恒假"),
    constraint("报或修", "至多一\n  灯.报\n  灯.修"),
)
STORIES = [
    "",
    "行为 A1 漏修\n  事件 V1\n事件 V1 跌倒\n参与 P2 A1\n事实 灯.坏 A1 有 簿 反 照\n事实 灯.缺 A1 有 簿\n认定 灯.久 A1 是 调查组 2015-06-01 久了",
    "事实 灯.报 A1 有 簿\n事实 灯.修 A1 有 信\n认定 灯.久 A1 是\n事实 灯.缺 A1 反 簿",
    "事实 灯.报 A1 有 簿\n事实 灯.修 A1 有 簿",
]


@pytest.mark.parametrize("records", STORIES)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_node_and_every_question_is_a_sentence_in_both_languages(records: str, lang: str) -> None:
    found = determined(SPOKEN, records)
    words = Words(found, lang)
    for one in found.all():
        said = [words.answer(one), *(words.reason(node) for node in below(reasons(found.evaluation, one)))]
        if one.state is OPEN:
            needed = found.missing(one)
            said += [words.question(question) for question in needed.ask]
            said += [
                words.reply(answer)
                for way in (needed.for_it, needed.against_it)
                for each in way.sets
                for answer in each
            ]
        assert all(sentence.strip() for sentence in said)
        assert not any(
            mark in sentence for sentence in said for mark in ("None", "Op.", "State.", "Status.", "{", "Bilingual")
        )


def test_what_is_said_of_a_node_shows_its_words_and_the_evidence() -> None:
    found = determined(WHOLE, "事实 灯.坏 A1 有 簿 反 照")
    [leaf] = [node for node in below(tree(found)) if node.name == "灯.坏"]
    for lang in ("zh", "en"):
        said = Words(found, lang).reason(leaf)
        assert "“路灯不亮”" in said and "值班簿" in said and "现场照片" in said
