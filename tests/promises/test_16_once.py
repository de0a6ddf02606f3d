"""Promise 16: steps happen in lawful order, atomically, once: two who decide at the same moment yield one decision and one refusal."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from web.cases.world import POST, PROPOSED, Desk, heard, investigated, opened, prefecture, recommended
from wenze.web.cases.actions import STEPS, WORKS, NotOpen, Refused, Stale


def ready() -> Desk:
    """All have voted; the decision can be taken."""
    desk = heard(recommended(investigated(opened(prefecture()))), "一点")
    desk.work("answer", "handler", number=1, accepted=False, reasons="不成立")
    desk.step("answer-points", "handler")
    desk.affirm("decide")
    desk.work("put-to-vote", "handler", step="decide", proposed=PROPOSED)
    desk.vote_all("decide", POST)
    return desk


def together(*acts: Any) -> list[BaseException | None]:
    """Each act in a thread of its own, begun at the same moment; what each raised."""
    barrier = Barrier(len(acts))

    def run(act: Any) -> BaseException | None:
        try:
            barrier.wait()
            act()
        except Refused as refused:
            return refused
        finally:
            connection.close()
        return None

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def test_two_deciders_at_the_same_moment_take_one_decision(committed_database: dict[str, object]) -> None:
    desk = ready()
    said = {"on": desk.on, "at": desk.at(), "seen": desk.seen, "papers": ("minutes",)}
    users = desk.world.users
    done = together(
        lambda: STEPS["decide"](desk.case, by=users["decider1"], **said),
        lambda: STEPS["decide"](desk.case, by=users["decider2"], **said),
    )
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "Stale"]
    assert desk.case.moves.filter(step="decide").count() == 1


def test_two_who_edit_the_same_record_lose_nothing(committed_database: dict[str, object]) -> None:
    desk = opened(prefecture())
    seen = desk.seen
    acts = [("handler", "行为一"), ("handler2", "行为二")]

    def edit(by: str, title: str) -> None:
        common = {"by": desk.world.users[by], "on": desk.on, "at": desk.at(), "seen": seen}
        WORKS["enter"](desk.case, **common, records=[("acts", {"id": "A1", "title": title})])

    done = together(*(lambda by=by, title=title: edit(by, title) for by, title in acts))
    assert sorted(type(each).__name__ for each in done) == ["NoneType", "Stale"]
    (late,) = [each for each in done if isinstance(each, Stale)]
    assert [move.step for move in late.since] == ["work/enter"]


def test_a_step_out_of_order_is_refused_with_its_article_and_leaves_nothing(database: str) -> None:
    desk = opened(prefecture())
    before = desk.seen
    for name, by, said in (
        ("serve", "handler", {"receipt": desk.on, "papers": ("decision", "service-receipt")}),
        ("decide", "chair", {"papers": ("minutes",)}),
        ("archive", "handler", {}),
    ):
        with pytest.raises(Refused) as refused:
            desk.step(name, by, **said)
        assert "(" in str(refused.value) or not isinstance(refused.value, NotOpen)
    assert desk.seen == before
