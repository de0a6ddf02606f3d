"""The main path: a lead taken to the archive, every step through the door, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, connection, transaction
from django.db.models import Model

from wenze.web.cases import access
from wenze.web.cases.actions import standings
from wenze.web.cases.actions.collective import AGAINST
from wenze.web.cases.models import Case, Move
from wenze.web.cases.overdue import push
from wenze.web.cases.standards import Proposal
from wenze.web.journal.reader import history

from .world import POST, PROPOSED, Desk, heard, investigated, lead, opened, prefecture, recommended


def decided(desk: Desk) -> Desk:
    desk.affirm("decide", by="handler")
    desk.work("put-to-vote", "handler", step="decide", proposed=PROPOSED)
    desk.vote_all("decide", POST, {"decider2": AGAINST})
    desk.step("decide", "decider1", papers=("minutes",))
    return desk


def test_a_lead_is_taken_to_the_archive(database: str) -> None:
    desk = heard(recommended(investigated(opened(prefecture()))), "没有人向我报告过须做评估", "活动经州批准")
    for number in (1, 2):
        desk.work("answer", "handler", number=number, accepted=False, reasons="会议记录载明已经知道")
    desk.later(3).step("answer-points", "handler")
    decided(desk.later(2))
    desk.later(2).step("serve", "handler", receipt=desk.on, papers=("decision", "service-receipt"))
    desk.later(3).step("execute", "handler", reasons="已公开道歉")
    desk.step("file-upward", "handler", reasons="报省备案")
    desk.step("file-personal", "handler", reasons="归入")
    desk.step("publish", "handler", outcome="withheld", reasons="涉及工作秘密")
    desk.step("report-execution", "handler", reasons="已执行")
    desk.later(5).step("complain", "handler", receipt=desk.on, papers=("complaint",), reasons="处理过重")
    desk.later(5).work("hand-up", "handler", step="answer-complaint", reasons="原决定人不得办理申诉")
    assert access.holder(desk.case).code == "sw"
    lighter = Proposal(outcome="vary", band="light", measures=("written-self-examination",), text="情节较轻")
    desk.work("put-to-vote", "handler", step="answer-complaint", proposed=lighter)
    desk.vote_all("answer-complaint", POST)
    desk.step("answer-complaint", "superior1", papers=("complaint-decision",))
    desk.later(2).step("serve", "handler", receipt=desk.on, papers=("decision", "service-receipt"))
    desk.later(2).step("execute", "handler", reasons="已作书面检查")
    desk.later(40).step("archive", "handler")
    standing = standings(desk.case, desk.on)[POST]
    assert standing.ended == "archive"
    entries = history(f"case/{desk.case.reference}")
    assert [entry.data["number"] for entry in entries] == list(range(1, desk.seen + 1))


def test_no_row_of_a_case_is_changed_or_removed(database: str) -> None:
    desk = heard(recommended(investigated(opened(prefecture()))), "一点")
    desk.work("answer", "handler", number=1, accepted=False, reasons="不成立")
    desk.later(3).step("answer-points", "handler")
    decided(desk)
    assert push(lead(desk.world).on + timedelta(days=60))
    tables = {model._meta.db_table: model for model in apps.get_app_config("cases").get_models()}
    assert {table for table, model in tables.items() if not model._default_manager.exists()} <= {"cases_recusal"}
    truncating = ["TRUNCATE {} CASCADE"] if database == "postgresql" else []
    connection.check_constraints()  # else PostgreSQL refuses to truncate for another reason
    for table, model in tables.items():
        for statement in ("UPDATE {} SET id = id", "DELETE FROM {}", *truncating):
            if model._default_manager.exists():
                with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
                    connection.cursor().execute(statement.format(table))


def test_no_row_of_a_case_is_replaced_by_another_program(database: str) -> None:
    """With SQLite's own defaults `INSERT OR REPLACE` deletes past the triggers, by whatever key is taken."""
    if database == "postgresql":
        return  # which has no such statement
    desk = heard(recommended(investigated(opened(prefecture()))), "一点")
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA recursive_triggers = OFF")
        try:
            for model in apps.get_app_config("cases").get_models():
                if model._default_manager.exists():
                    replace_a_row(cursor, model, id="id")
                    if model in (Case, Move):  # by the reference, by the number in the case
                        replace_a_row(cursor, model, id="id + 100000")
        finally:
            cursor.execute("PRAGMA recursive_triggers = ON")
    assert desk.case.moves.count() == desk.seen


def replace_a_row(cursor: Any, model: type[Model], *, id: str) -> None:
    table, names = model._meta.db_table, [field.column for field in model._meta.concrete_fields]
    columns = ", ".join(f'"{name}"' for name in names)
    values = ", ".join(id if name == "id" else f'"{name}"' for name in names)
    with pytest.raises(DatabaseError, match="only added"), transaction.atomic():
        cursor.execute(f"INSERT OR REPLACE INTO {table} ({columns}) SELECT {values} FROM {table} LIMIT 1")
