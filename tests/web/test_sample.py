"""The sample: a fictional prefecture with work on its desks, told through the office's own doors."""

from __future__ import annotations

import re
from copy import deepcopy
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from staff import logged_in
from wenze.law import Library, case_to_json, read_cases, shipped
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


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # nothing here depends on the kind of database
def test_the_office_says_of_a_responsibility_what_may_not_be_relied_on_yet(database: str) -> None:
    """The circumstance rests on 7(1), which a safeguard holds back: so does the responsibility, here as on the printed page."""
    load(written("prefecture.json"), passwords=lambda _: PASSWORD, on=date.today())
    (case,) = tell(_of_the_squad(), Library(shipped()), today=date.today())
    for language, reservation in (
        ("zh-hans", "依文本成立，尚不可依据"),
        ("en", "made out by the text, not yet to be relied on"),
    ):
        visitor = logged_in(User.objects.get(username="handler"), password=PASSWORD, language=language)
        page = visitor.get(f"/cases/{case.reference}/determination").content.decode()
        circumstances, kinds = re.findall(r'<ul class="plain results">(.*?)</ul>', page, re.DOTALL)
        held = [each for each in re.findall("<li>(.*?)</li>", circumstances + kinds, re.DOTALL) if reservation in each]
        assert len(held) == 2, (language, held)
        assert all('class="badge open"' in each for each in held)
        assert reservation in kinds and 'class="badge made"' not in kinds


def _of_the_squad() -> dict[str, Any]:
    """The story of the one case that is investigated, told of the squad at the celebration, which the county manages."""
    story = deepcopy(written("sample.json"))
    (sample,) = read_cases(Library(shipped()).cases("dehong") / "sample.md")
    known = case_to_json(sample)
    wanted = {"units": {"U1", "U2", "U3"}, "posts": {"P6"}}
    records = [(name, each) for name, ids in wanted.items() for each in known[name] if each["id"] in ids]
    at = next(at for at, act in enumerate(story["acts"]) if "found" in act)
    story["acts"][at]["found"] |= {"respondent": "P6", "act": "A3"}
    story["acts"].insert(at, {"work": "enter", "by": "handler", "said": {"records": records}})
    story["cases"] = [each for each in story["cases"] if each["until"] == "investigated"]
    return story
