"""Periods that run out are found by the clock, once, and told; desks say the same from what was kept as from the rows."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from wenze.web.cases import access, evidence
from wenze.web.cases.models import Case, EvidenceFile, Overdue
from wenze.web.cases.overdue import push
from wenze.web.cases.positions import positions
from wenze.web.cases.situation import Situation, situations
from wenze.web.journal.reader import history
from wenze.web.ticking import tick

from .visitor import Visitor
from .world import Desk, World, investigated, lead, opened, prefecture, recommended


def told(case: Case) -> list[dict[str, Any]]:
    return [entry.data for entry in history(f"case/{case.reference}") if entry.kind == "case.overdue"]


def test_a_period_that_ran_out_is_found_once_and_told_upward_where_the_rule_says_so(database: str) -> None:
    world = prefecture()
    to_pass, to_check = lead(world, superior_matter=True), lead(world)
    assert push(to_pass.on) == []
    later = to_pass.on + timedelta(days=60)
    found = {(row.case.reference, row.clock): row for row in push(later)}
    up, opinion = found[to_pass.case.reference, "pass-up"], found[to_check.case.reference, "opinion"]
    assert (up.upward, opinion.upward) == (True, False)
    assert up.due < later and up.found == later
    assert {row["clock"]: row["told"] for row in told(to_pass.case)}["pass-up"] == ["zjw", "zw"]
    assert [row["told"] for row in told(to_check.case)] == [["zjw"]]
    assert push(later) == push(later + timedelta(days=30)) == []
    to_pass.on = later
    to_pass.step("pass-up", "intake", reasons="补报")
    assert push(later) == [] and Overdue.objects.filter(case=to_pass.case, clock="pass-up").count() == 1


def test_what_was_done_in_time_is_never_told(database: str) -> None:
    desk = opened(prefecture())
    assert [row.clock for row in push(desk.on)] == []
    assert {row.clock for row in push(desk.on + timedelta(days=400))} == {"inquiry"}


def test_tick_finds_signs_and_sweeps_and_once_more_does_nothing(committed_database: dict[str, object]) -> None:
    desk = lead(prefecture(), superior_matter=True)
    folder = evidence.store().folder
    kept = evidence.store().keep("没有案件使用".encode())
    at = timezone.now() + timedelta(days=2)
    lines = tick(at=at)
    assert (
        [line.split()[3] for line in lines if "overdue" in line].count(desk.case.reference) == len(told(desk.case)) > 0
    )
    assert any("removed" in line for line in lines) and "checkpoint" in lines[-1]
    assert not (folder / kept.digest[:2] / kept.digest).exists()
    assert tick(at=at) == []


def test_a_file_that_a_case_names_or_that_is_just_let_in_is_not_swept(database: str) -> None:
    desk = investigated(opened(prefecture()))
    named = set(EvidenceFile.objects.filter(case=desk.case).values_list("digest", flat=True))
    young = evidence.store().keep("刚刚收入".encode()).digest
    evidence.store().sweep(named, before=(timezone.now() - timedelta(days=1)).timestamp())
    for digest in named | {young}:
        assert evidence.store().read(digest)
    later = (timezone.now() + timedelta(days=1)).timestamp()
    half = evidence.store().folder / young[:2] / f".{young}.killed"
    half.write_bytes(b"half")
    assert evidence.store().sweep(named, before=later) >= 2
    assert not half.exists()
    for digest in named:
        assert evidence.store().read(digest)


def test_what_was_found_is_never_changed(database: str) -> None:
    desk = lead(prefecture(), superior_matter=True)
    assert push(desk.on + timedelta(days=60))
    for statement in ("UPDATE cases_overdue SET upward = NOT upward", "DELETE FROM cases_overdue"):
        with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
            connection.cursor().execute(statement)


def test_the_record_of_a_case_names_the_period_that_ran_out(database: str) -> None:
    desk = lead(prefecture(), superior_matter=True)
    push(desk.on + timedelta(days=60))
    page = Visitor(desk.world, "head", "en").see(f"/cases/{desk.case.reference}/record")
    assert "time to pass up" in page and "case.overdue" not in page


# --- desks ------------------------------------------------------------------------------------------------------------


def several(world: World) -> list[Desk]:
    first = recommended(investigated(opened(world)))
    second, third = lead(world), lead(world, superior_matter=True)
    second.assign("handler")
    third.step("pass-up", "intake", reasons="属上级受理")
    fourth = opened(world)
    fourth.step(
        "recuse", "handler2", user=world.users["handler2"], ground="other-bias", reasons="本人", outcome="granted"
    )
    fourth.work("assign", "head", user=world.users["handler"], duty="handler", ended=True, reasons="调整")
    return [first, second, third, fourth]


def test_many_cases_at_once_are_seen_as_each_alone_by_everybody(database: str) -> None:
    world = prefecture()
    on = max(desk.on for desk in several(world))
    for user in world.users.values():
        for one in situations(access.visible(user, on), user, on, "zh"):
            alone = Situation(one.case, user, on, "zh")
            assert (one.capacities, one.standings, one.work, one.due) == (
                alone.capacities,
                alone.standings,
                alone.work,
                alone.due,
            ), (user, one.case)


def test_what_is_kept_of_a_case_is_gone_with_the_next_thing_recorded_in_it_and_on_another_day(database: str) -> None:
    world = prefecture()
    desk, other = lead(world), lead(world)
    cases = [desk.case, other.case]
    before = positions(cases, desk.on)
    assert positions(cases, desk.on)[desk.case.pk] is before[desk.case.pk]
    desk.assign("handler")
    desk.step("check", "handler", reasons="线索具体")
    after = positions(cases, desk.on)
    assert after[desk.case.pk][""].stage == "check" and after[other.case.pk] is before[other.case.pk]
    late = positions(cases, desk.on + timedelta(days=60))
    assert late[other.case.pk][""].clocks[0].state == "overdue"


def test_a_step_that_was_taken_back_with_its_transaction_leaves_nothing_kept(database: str) -> None:
    desk = lead(prefecture())
    desk.assign("handler")
    with transaction.atomic():
        desk.step("check", "handler", reasons="线索具体")
        assert positions([desk.case], desk.on)[desk.case.pk][""].stage == "check"
        transaction.set_rollback(True)
    assert positions([desk.case], desk.on)[desk.case.pk][""].stage == "lead"
    desk.step("letter", "handler", reasons="函询")
    assert positions([desk.case], desk.on)[desk.case.pk][""].stage == "letter"


def test_a_desk_asks_the_database_as_often_for_many_cases_as_for_few(database: str) -> None:
    world = prefecture()

    def asked(who: str) -> int:
        visitor = Visitor(world, who)
        visitor.see("/desk")
        with CaptureQueriesContext(connection) as queries:
            visitor.see("/desk")
        return len(queries)

    lead(world)
    few = {who: asked(who) for who in ("head", "intake", "chair")}
    for _ in range(8):
        lead(world)
    assert {who: asked(who) for who in few} == few


def test_the_day_is_that_of_the_office(database: str) -> None:
    """Late in the evening of UTC it is the next day where the office is."""
    lead(prefecture(), superior_matter=True)
    first = Case.objects.get()
    due = next(
        clock.due for clock in positions([first], date(2026, 3, 1))[first.pk][""].clocks if clock.id == "pass-up"
    )
    evening = datetime(due.year, due.month, due.day, 20, tzinfo=UTC)
    assert any("pass-up" in line for line in tick_overdue(evening))


def tick_overdue(at: datetime) -> list[str]:
    from wenze.web.ticking import overdue

    return overdue(at=at)
