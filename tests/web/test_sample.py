"""The sample: a fictional prefecture with work on its desks, told through the office's own doors."""

from __future__ import annotations

from datetime import date

from django.utils import timezone

from staff import logged_in
from wenze.law import Library, shipped
from wenze.web.access import Role
from wenze.web.cases.models import Case
from wenze.web.offices.accounts import authenticate
from wenze.web.offices.directory import load
from wenze.web.offices.models import User
from wenze.web.sample import PASSWORD, log_ins, written
from wenze.web.sample.story import tell


def test_the_sample_has_cases_at_several_stages_and_everybody_can_log_in(database: str) -> None:
    load(written("prefecture.json"), passwords=lambda _: PASSWORD, on=date.today())
    cases = tell(written("sample.json"), Library(shipped()), today=date.today())
    last = [case.moves.order_by("number").last().step for case in cases]
    assert last == ["work/assign", "inquire", "statement", "work/assign"]
    now = timezone.now()
    shown = log_ins(at=now)
    assert {role for each in shown for role in each.roles} == {*Role}
    for each in shown[:3]:
        assert authenticate(each.username, PASSWORD, each.code, at=now).username == each.username
    page = logged_in(User.objects.get(username="handler"), password=PASSWORD).get("/desk").content.decode()
    assert all(case.reference in page for case in Case.objects.all())
