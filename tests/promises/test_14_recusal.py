"""Promise 14: recusal is computed and declared; who is recused can neither act on nor read the case from then on."""

from __future__ import annotations

import pytest

from staff import logged_in
from web.cases.world import BEGUN, World, lead, opened, prefecture
from wenze.web.access import Relation
from wenze.web.cases.access import relations, visible
from wenze.web.cases.actions import NotYours, Refused
from wenze.web.cases.models import Case
from wenze.web.offices.models import Official, Relationship


def stands(world: World, name: str, case: Case) -> frozenset[Relation]:
    return relations(world.users[name], case.reference, BEGUN)


def out_of(world: World, name: str, case: Case) -> bool:
    """Neither listed nor opened, whichever page is asked for."""
    user = world.users[name]
    assert (case in visible(user, BEGUN)) == (stands(world, name, case) - {Relation.RECUSED, Relation.OUTSIDE} != set())
    answers = {logged_in(user).get(f"/cases/{case.reference}{page}").status_code for page in ("", "/facts", "/record")}
    assert answers in ({200}, {404})
    return answers == {404}


def test_the_respondent_is_out_of_the_own_case(database: str) -> None:
    world = prefecture()
    user = world.users["handler2"]
    user.official = Official.objects.get(code="o-xz")
    user.save()
    desk = opened(world)
    assert stands(world, "handler2", desk.case) == {Relation.RECUSED}
    assert out_of(world, "handler2", desk.case)


def test_a_case_about_the_head_is_hidden_from_the_head_and_goes_up(database: str) -> None:
    world = prefecture()
    desk = lead(world, about_own_head=True)
    assert out_of(world, "head", desk.case) and not out_of(world, "auditor", desk.case)
    with pytest.raises(Refused):
        desk.step("check", "handler", reasons="不该在这里办")
    desk.step("pass-up", "intake", reasons="涉及本单位负责人")
    above = Case.objects.get(received_from=desk.case)
    assert above.unit.code == "zw" and stands(world, "chair", above) >= {Relation.UNIT}
    assert stands(world, "head", above) == {Relation.OUTSIDE}


def test_a_declared_relation_keeps_out(database: str) -> None:
    world = prefecture()
    desk = opened(world)
    assert not out_of(world, "decider1", desk.case) or stands(world, "decider1", desk.case) == {Relation.OUTSIDE}
    Relationship.objects.create(
        user=world.users["handler2"], official=Official.objects.get(code="o-xz"), nature="同学", declared=BEGUN
    )
    assert out_of(world, "handler2", desk.case)


def test_who_declares_a_recusal_neither_acts_nor_reads_from_then_on(database: str) -> None:
    world = prefecture()
    desk = opened(world)
    assert not out_of(world, "handler2", desk.case)
    with pytest.raises(NotYours):
        desk.step(
            "recuse", "handler2", user=world.users["handler"], ground="other-bias", reasons="他人", outcome="granted"
        )
    desk.step(
        "recuse", "handler2", user=world.users["handler2"], ground="other-bias", reasons="本人", outcome="granted"
    )
    assert out_of(world, "handler2", desk.case)
    with pytest.raises(NotYours):
        desk.step("inquire", "handler2", reasons="取证", actors=2)
    with pytest.raises(Refused, match="recused"):
        desk.assign("handler2")


def test_who_handled_the_case_has_no_vote_and_another_unit_sees_nothing(database: str) -> None:
    world = prefecture()
    desk = opened(world)
    assert stands(world, "stranger", desk.case) == {Relation.OUTSIDE}
    assert out_of(world, "stranger", desk.case)
