"""Files become one law: names resolved, groups and exceptions laid out, the same law in any layout."""

from __future__ import annotations

import hashlib
import re
from datetime import date
from pathlib import Path

import pytest

from wenze.law import Law, Problems, compile_sources
from wenze.law.parse import source_of
from wenze.law.rules import Bilingual, Nature, Scope

HARBOUR = Path(__file__).parents[1] / "instruments/harbour"
TEXT = (HARBOUR / "2020-01-01.md").read_text(encoding="utf-8")
GUARDS = (HARBOUR / "guards.md").read_text(encoding="utf-8")


def law_of(text: str = TEXT, guards: str = GUARDS) -> Law:
    return compile_sources(
        [source_of(text.encode(), "harbour/2020-01-01.md"), source_of(guards.encode(), "harbour/guards.md")]
    )


LAW = law_of()


def test_the_header_says_what_the_law_is() -> None:
    assert (LAW.id, LAW.in_force, LAW.published) == ("harbour", date(2020, 1, 1), date(2019, 12, 16))
    assert LAW.title == Bilingual(
        "某港务局渡轮安全责任办法", "Ferry Safety Responsibility Measures of Some Harbour Bureau"
    )
    assert law_of(re.sub("公布 .*\n", "", TEXT)).published is None


def test_everything_is_found_by_its_name_in_the_order_of_the_text() -> None:
    assert list(LAW.rules)[:4] == ["23.1", "23.2", "23.3", "23.4"]
    assert list(LAW.exceptions) == ["26-反对", "26-又执行", "28-蒙蔽", "28-代行", "29-抢险"]
    assert (list(LAW.readings), list(LAW.notes), list(LAW.guards)) == (["R-23.1-查验"], ["始于施行前"], ["K-复核"])
    assert [constraint.id for constraint in LAW.constraints] == ["逐件即抽查", "三者择一"]
    assert LAW.rule_ids() == (*LAW.rules, "27-签发/28-代行")
    assert (LAW.note_ids(), LAW.reading_ids()) == (("始于施行前",), ("R-23.1-查验",))
    assert LAW.fact_scope("令.签发") is Scope.PARTICIPATION and LAW.fact_nature("令.签发") is Nature.FACT
    assert LAW.fact_scope("令.不存在") is None and LAW.fact_nature("令.不存在") is None
    assert LAW.reading_options("R-23.1-查验") == ("逐件", "抽查") and LAW.reading_options("R-9") is None


@pytest.mark.parametrize(("id", "anchor"), [("23.1", "23.1"), ("25-连带", "25"), ("30-总局", "30"), ("31", "31")])
def test_a_rule_encodes_the_anchor_its_id_begins_with(id: str, anchor: str) -> None:
    assert LAW.rules[id].anchor == anchor


def test_a_block_that_names_no_anchor_belongs_to_the_article_it_stands_below() -> None:
    assert LAW.definitions["港务人员"].anchor == "22"
    assert LAW.facts["天气.恶劣"].anchor == "23.1"
    assert LAW.duty_sources["检修规程"].anchor == "21"  # named


def test_an_article_has_its_text_and_says_why_it_has_no_rule() -> None:
    assert LAW.paragraph("31") == "第三十一条 涉嫌犯罪的,移送检察机关。"
    assert LAW.paragraph("99") == ""
    assert LAW.articles["21"].reason_not_encoded == Bilingual(
        "本条只说明目的。", "This article states the purpose only."
    )


def test_a_group_stands_for_its_rules_and_a_rule_for_itself() -> None:
    assert LAW.rules_of["追责情形"] == ("23.1", "23.2", "23.3", "23.4")
    assert LAW.rules_of["会商责任"] == ("25-连带",)
    assert LAW.rules_of["25-连带"] == ("25-连带",)
    assert law_of(TEXT.replace("组 会商责任\n", "组 会商责任\n组 空组\n")).rules_of["空组"] == ()


def test_the_role_of_a_rule_is_that_of_its_group() -> None:
    assert LAW.role_of(LAW.rules["25-连带"]) == "responsibility"  # its other group is a plain label
    assert [rule.id for rule in LAW.by_role("competence")] == ["30-本局", "30-航站", "30-总局"]
    assert [rule.id for rule in LAW.by_role("channel")] == ["31"]
    assert [rule.id for rule in LAW.by_role("circumstance")] == ["23.1", "23.2", "23.3", "23.4"]


def test_exceptions_are_found_by_what_they_override() -> None:
    found = {target: [exception.id for exception in exceptions] for target, exceptions in LAW.overriding.items()}
    assert found == {
        "25-连带": ["26-反对"],
        "26-反对": ["26-又执行"],
        "27-签发": ["28-蒙蔽", "28-代行"],
        "23.1": ["29-抢险"],
        "23.2": ["29-抢险"],
        "23.3": ["29-抢险"],
        "23.4": ["29-抢险"],
    }


def test_an_exception_that_names_a_rule_and_its_group_overrides_it_once() -> None:
    text = TEXT.replace("overrides 追责情形", "overrides 追责情形、23.1, 追责情形")
    assert [exception.id for exception in law_of(text).overriding["23.1"]] == ["29-抢险"]


def test_terms_are_given_in_both_languages() -> None:
    assert LAW.terms("职级") == ("甲等", "乙等", "丙等")  # declared by its English name
    assert LAW.vocabularies["职级"].ordered and not LAW.vocabularies["部分"].ordered
    assert (LAW.term("职级", "甲等", "en"), LAW.term("职级", "甲等", "zh")) == ("first grade", "甲等")
    assert LAW.term("职级", "丁等", "en") == "丁等"
    assert (LAW.terms("不存在"), LAW.term("不存在", "甲", "en")) == ((), "甲")


# The digest of the rules: the same law in another layout has the same one, another law another one.

LAYOUTS = {
    "empty lines": lambda text: text.replace("\n\n", "\n\n\n\n"),
    "CRLF": lambda text: text.replace("\n", "\r\n"),
    "prose": lambda text: text.replace("行为有两种", "说明改写过了"),
    "comments": lambda text: text.replace("condition all\n", "condition all  # 全部\n\n  # 说明\n"),
    "the other keywords": lambda text: text.replace("条件 全部", "condition: all").replace("取 逐件", "take 逐件"),
    "wide punctuation": lambda text: text.replace("标题 ", "标题：").replace("责任分担、会商", "责任分担，会商"),
    "columns in another order": lambda text: re.sub(r"(?m)^\|([^|]*)\|([^|]*)\|", r"|\2|\1|", text),
}  # fmt: skip
CHANGES = {
    "a condition": ("      天气.明知  「明知」\n", ""),
    "an operator": ("至少 2  「有两项", "至少 3  「有两项"),
    "the order of ranks": ("甲等 | first grade\n乙等 | second grade", "乙等 | second grade\n甲等 | first grade"),
    "the name of an option": ("选项 抽查 抽查即可", "选项 抽查 抽样即可"),
    "a default": ("默认 逐件", "默认 抽查"),
    "a proof": ("限 开航令副本", "开航令副本"),
    "a data fact": ("act.end from 2020-01-01", "act.start from 2020-01-01"),
    "what an exception overrides": ("overrides 26-反对", "overrides 25-连带"),
    "an effect": ("effect replace 补充责任", "effect replace 协同责任"),
    "a constraint": ("at-most-one\n", "exclusive\n"),
    "the role of a group": ("组 去向 channel", "组 去向 competence"),
    "a quote": ("「承担连带责任」", "「连带责任」"),
    "a modality": ("情态 比照 若", "情态 酌情 若"),
    "a sentence of a note": ("只看施行以后的部分。", "只看施行以后的部分!"),
}  # fmt: skip


@pytest.mark.parametrize("layout", LAYOUTS)
def test_another_layout_has_the_same_digest_of_rules_and_another_of_files(layout: str) -> None:
    text = LAYOUTS[layout](TEXT)
    assert text != TEXT
    assert law_of(text).rules_digest == LAW.rules_digest
    assert law_of(text).digest != LAW.digest


@pytest.mark.parametrize("change", CHANGES)
def test_another_rule_has_another_digest(change: str) -> None:
    before, after = CHANGES[change]
    assert TEXT.count(before) == 1
    assert law_of(TEXT.replace(before, after)).rules_digest != LAW.rules_digest


def test_the_guards_are_part_of_the_rules() -> None:
    assert law_of(guards=GUARDS.replace("条件 复核.已做", "条件 非 复核.已做")).rules_digest != LAW.rules_digest


def test_the_digest_of_the_files_is_over_their_names_and_bytes() -> None:
    lines = [f"harbour/2020-01-01.md {hashlib.sha256(TEXT.encode()).hexdigest()}"]
    lines.append(f"harbour/guards.md {hashlib.sha256(GUARDS.encode()).hexdigest()}")
    assert LAW.digest == hashlib.sha256("\n".join(lines).encode()).hexdigest()


# What may not lead back.


def circle(condition: str, *more: str) -> str:
    rule = "```define 回\ntitle 回 / back\ncondition {}\n```\n\n"
    return TEXT.replace("```rule 31\n", rule.format(condition) + "".join(more) + "```rule 31\n", 1)


def test_a_definition_may_be_seen_twice_but_not_from_itself() -> None:
    twice = circle("all\n  see 港务人员\n  see 港务人员")
    assert "回" in law_of(twice).definitions
    with pytest.raises(Problems, match="`define 回 → define 回` is circular"):
        law_of(circle("all\n  see 回"))


def test_an_exception_may_override_an_exception_but_not_the_one_that_overrides_it() -> None:
    with pytest.raises(Problems, match="L076"):
        law_of(TEXT.replace("overrides 25-连带", "overrides 25-连带、26-又执行"))


def test_a_group_may_not_hold_where_its_own_rule_asks_for_it() -> None:
    with pytest.raises(Problems, match="rule 25-连带 → rule 25-连带"):
        law_of(TEXT.replace("    holds 追责情形\n```\n\n```rule 25-首要", "    holds 会商责任\n```\n\n```rule 25-首要"))


def test_a_circle_under_an_option_that_is_not_the_default_is_a_circle() -> None:
    assert LAW.readings["R-23.1-查验"].default == "逐件"
    with pytest.raises(Problems, match="L076"):
        law_of(TEXT.replace("        取 抽查 全部\n", "        取 抽查 全部\n          成立 23.1\n"))


def test_forty_definitions_one_inside_the_other_are_as_many_as_may_be() -> None:
    def chain(length: int) -> str:
        blocks = [
            f"```define 层{n}\ntitle 层 / level\ncondition {f'see 层{n + 1}' if n < length else '职.违反'}\n```\n\n"
            for n in range(1, length + 1)
        ]
        return TEXT.replace("```rule 31\n", "".join(blocks) + "```rule 31\n", 1)

    assert "层40" in law_of(chain(40)).definitions
    with pytest.raises(Problems, match="L077"):
        law_of(chain(41))
