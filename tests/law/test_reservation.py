"""What may not be relied on yet: what a safeguard holds back, and what is made out, or may be, by nothing else."""

from __future__ import annotations

import pytest

from law.lamps import conclusion, determined, exception, facts, guard, law, rule
from wenze.law import State, Words, reasons, reserved

LAMP = facts("灯.坏 事实 行为", "灯.修 事实 行为", "灯.报 事实 行为", "灯.误 事实 行为")
BROKEN = "事实 灯.坏 A1 有 簿\n"
HELD = (LAMP, rule("甲", "灯.坏"), rule("乙", "灯.修"), guard("复核", "甲", "灯.报"))


def follows(condition: str, records: str = BROKEN) -> tuple[State, bool]:
    """State and reservation of a responsibility with this condition, where the circumstance 甲 is held back and 乙 is not."""
    found = determined(law(*HELD, rule("丙", condition, group="责任", says="主责 应")), records)
    one = conclusion(found, "丙")
    return one.state, reserved(found, one)


@pytest.mark.parametrize(
    ("condition", "held"),
    [
        ("成立 甲", True),
        ("成立 乙", False),
        ("任一\n  成立 甲\n  成立 乙", False),  # the other carries it alone
        ("全部\n  成立 甲\n  成立 乙", True),  # without the one it does not stand
        ("任一\n  成立 甲\n  灯.坏", False),
        ("全部\n  成立 甲\n  灯.坏", True),
        ("成立 情形", False),
        ("灯.坏", False),
    ],
)
def test_a_responsibility_is_reserved_where_nothing_but_a_reserved_circumstance_makes_it_out(
    condition: str, held: bool
) -> None:
    assert follows(condition, f"{BROKEN}事实 灯.修 A1 有 簿\n") == (State.MADE_OUT, held)


def test_what_is_met_by_the_absence_of_a_reserved_circumstance_rests_on_no_circumstance() -> None:
    assert follows("非 成立 乙", f"{BROKEN}事实 灯.修 A1 反 簿\n") == (State.MADE_OUT, False)


def test_what_is_open_is_reserved_where_it_can_only_become_so() -> None:
    assert follows("全部\n  成立 甲\n  灯.误") == (State.OPEN, True)
    assert follows("任一\n  成立 乙\n  灯.误") == (State.OPEN, False)


@pytest.mark.parametrize(("records", "held"), [("有 簿", False), ("反 簿", True), ("", True)])
def test_it_is_reserved_until_the_safeguard_lets_it_through(records: str, held: bool) -> None:
    checked = f"事实 灯.报 A1 {records}\n" if records else ""
    assert follows("成立 甲", BROKEN + checked) == (State.MADE_OUT, held)


def test_a_state_is_said_with_its_reservation_in_the_line_and_in_the_reasons_and_in_no_other_words() -> None:
    found = determined(law(*HELD), BROKEN)
    words = {lang: Words(found, lang) for lang in ("zh", "en")}
    for lang, said in (("zh", "依文本成立，尚不可依据"), ("en", "made out by the text, not yet to be relied on")):
        one = conclusion(found, "甲")
        assert words[lang].verdict(one) == said and said in words[lang].answer(one)
        assert words[lang].said(reasons(found.evaluation, one)).endswith(said)
        assert words[lang].verdict(conclusion(found, "乙")) in ("尚不能认定", "not yet determinable")


def test_an_exception_that_does_not_apply_reserves_nothing() -> None:
    parts = (*HELD, exception("免", "丙", "成立 甲"), rule("丙", "灯.坏", group="责任", says="主责 应"))
    found = determined(law(*parts), "事实 灯.坏 A1 有 簿\n")
    assert conclusion(found, "丙").state is State.NOT_MADE_OUT
    found = determined(
        law(*parts[:-1], rule("丙", "灯.修", group="责任", says="主责 应")),
        "事实 灯.坏 A1 反 簿\n事实 灯.修 A1 有 簿\n",
    )
    one = conclusion(found, "丙")
    assert (one.state, reserved(found, one)) == (State.MADE_OUT, False)
