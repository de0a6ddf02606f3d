"""An instrument as deep as the language allows is decided, explained and shown; a deeper one is refused with a problem."""

from __future__ import annotations

import pytest

from exact.test_unlisted import states
from wenze.law import Problems
from wenze.law.evaluate import State


def nested(definitions: int) -> str:
    """Definitions of 37 levels each, one inside the other; the innermost asks for a fact."""
    inner = [f"见 乙{number + 1}" for number in range(definitions - 1)] + ["参.负责"]
    return "".join(
        f"```define 乙{number}\n标题 乙 / b\n条件 {_levels(condition)}\n```\n" for number, condition in enumerate(inner)
    )


def _levels(innermost: str) -> str:
    return "全部\n" + "".join("  " * level + "全部\n" for level in range(1, 37)) + "  " * 37 + innermost


def _beside(definitions: str) -> str:
    return f"恒真\n```\n\n{definitions}```define 丙\n标题 丙 / c\n条件 恒真"


def test_definitions_nested_in_one_another_are_decided_and_explained() -> None:
    assert states("见 乙0", [("参.负责", "P1 A1", True)], _beside(nested(3))) == [State.MADE_OUT, State.OPEN]


def test_conditions_one_inside_the_other_beyond_what_can_be_followed_are_a_problem() -> None:
    """Sixteen definitions: each well within the levels of one condition, together too deep to explain."""
    with pytest.raises(Problems, match=r"L077 .* leads through `609` levels of conditions") as refused:
        states("见 乙0", [], _beside(nested(16)))
    assert len(refused.value.problems) == 1
