"""A meeting of many is decided exactly, or refused at once with a sentence: however many take part, nothing grows without end."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from wenze.law import Case, Determination, Law, Library, State, TooLarge, determine, shipped
from wenze.law.casefile.cases import case_from_json
from wenze.law.evaluate import MAX_PARTICIPANTS

RANKS = ("县处级正职", "县处级副职", "乡科级正职", "乡科级副职", "科员")


@pytest.fixture(scope="module")
def law() -> Law:
    return Library(shipped()).law("dehong")


def meeting(size: int) -> Case:
    """A meeting of which only who took part, their ranks and that every third acted himself is known."""
    posts = [f"P{number}" for number in range(size)]
    written: dict[str, Any] = {
        "format": "wenze-case/1",
        "id": "会议",
        "title": {"zh": "会议"},
        "instrument": "dehong",
        "units": [{"id": "U1", "title": "县政府", "kind": "政府", "level": "县"}],
        "posts": [
            {
                "id": post,
                "title": post,
                "unit": "U1",
                "role": "副职领导" if number else "主要领导",
                "mode": "正式",
                "rank": RANKS[number % len(RANKS)],
            }
            for number, post in enumerate(posts)
        ],
        "acts": [{"id": "A1", "title": "决定", "form": "会议", "start": "2015-03-01", "events": ["V1"]}],
        "events": [{"id": "V1", "title": "群体性事件"}],
        "evidence": [{"id": "证1", "title": "记录", "form": "会议记录"}],
        "participations": [{"respondent": post, "act": "A1", "parts": ["讨论"], "evidence": ["证1"]} for post in posts],
        "facts": [{"fact": "本人.作为", "entities": [post, "A1"], "for": ["证1"]} for post in posts[::3]],
    }
    return case_from_json(written, "case.json")


def decided(law: Law, size: int) -> Determination:
    made = determine(law, meeting(size), date(2020, 1, 1))
    assert {one.state for one in made.all()} <= {State.OPEN, State.NOT_MADE_OUT, State.NOT_APPLICABLE}
    return made


def test_a_meeting_of_which_next_to_nothing_is_known_is_decided(law: Law) -> None:
    made = decided(law, 12)
    highest = {one.respondent: one.state for one in made.responsibilities if one.rule.id == "10.3-最高"}
    assert set(highest.values()) == {State.OPEN}


def test_what_is_kept_grows_with_the_participants_and_does_not_double_with_each(law: Law) -> None:
    """Nodes and not seconds: of eight, where each stands above the next, at most three times those of four."""
    few, many = (len(decided(law, size).evaluation.diagrams) for size in (4, 8))
    assert many < 3 * few


def test_a_gathering_nobody_could_decide_about_is_refused_at_once(law: Law) -> None:
    with pytest.raises(TooLarge, match=f"{MAX_PARTICIPANTS + 1} participants of A1, more than {MAX_PARTICIPANTS}"):
        determine(law, meeting(MAX_PARTICIPANTS + 1), date(2020, 1, 1))
