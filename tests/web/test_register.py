"""Units, posts, holders, who manages whom, staff: entered through one door, on the record, and never edited."""

from __future__ import annotations

import json
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from staff import a_unit, a_user
from wenze.law import Library, State, shipped
from wenze.web.access import Role
from wenze.web.journal.reader import history
from wenze.web.offices import directory, register
from wenze.web.offices.competence import competence
from wenze.web.offices.models import (
    DivisionPaper,
    Grant,
    Management,
    Official,
    Post,
    Relationship,
    Tenure,
    Unit,
    User,
)
from wenze.web.offices.register import Unfit

DAY = date(2026, 1, 1)
PREFECTURE = json.loads((shipped() / "dehong" / "prefecture.json").read_text("utf-8"))
ORGANS = {name: part for name, part in PREFECTURE.items() if name != "users"}


def load(said: dict[str, Any] = PREFECTURE) -> dict[str, str]:
    return directory.load(said, passwords=lambda name: f"{name} 的长口令 long enough", on=DAY)


def a_post(code: str = "p1", **said: Any) -> Post:
    post = Post(code=code, unit=a_unit(), title=f"某职务{code}", **{"role": "副职领导", "rank": "县处级副职", **said})
    return register.create_post(post, by=None)


# --- acts are recorded ------------------------------------------------------------------------------------------------


def test_every_act_stands_in_the_record_under_what_it_is_about(database: str) -> None:
    by = a_user("li", Role.SYSTEM)
    unit = register.found_unit(Unit(code="u9", name="某州委", kind="党委", level="州"), by=by)
    post = register.create_post(Post(code="p9", unit=unit, title="书记", role="主要领导"), by=by)
    official = register.register_official(Official(code="o9", name="甲"), by=by)
    tenure = register.appoint(Tenure(post=post, official=official, mode="代理", start=DAY), by=by)
    register.put_under(Management(post=post, manager=unit, start=DAY), by=by)
    register.divide_work(DivisionPaper(unit=unit, number="1号", title="分工", start=DAY), [(post, "全面工作")], by=by)
    register.end(tenure, date(2026, 6, 30), by=by)
    assert [entry.kind for entry in history("unit/u9")] == ["unit.founded", "work.divided"]
    assert [entry.kind for entry in history("post/p9")] == ["post.created", "post.held", "post.managed", "tenure.ended"]
    assert {entry.by for entry in history("post/p9")} == {f"staff/{by.pk}"}
    assert history("post/p9")[-1].data["end"] == "2026-06-30"


def test_no_secret_is_recorded(database: str) -> None:
    user = User(username="li", name="李", unit=a_unit())
    address = register.enlist(user, "长而无用的口令 of no use", by=None)
    [entry] = history(f"staff/{user.pk}")
    secret = address.split("secret=")[1].split("&")[0]
    assert entry.data == {"name": "李", "official": None, "unit": "unit/u1", "username": "li", "is_active": True}
    assert secret not in str(entry.data)


def test_what_holds_is_ended_once_and_not_before_it_began(database: str) -> None:
    post, official = a_post(), register.register_official(Official(code="o1", name="甲"), by=None)
    tenure = register.appoint(Tenure(post=post, official=official, mode="正式", start=DAY), by=None)
    with pytest.raises(Unfit, match="2026-01-01"):
        register.end(tenure, date(2025, 12, 31), by=None)
    register.end(tenure, DAY, by=None)
    with pytest.raises(Unfit, match="不能再改"):
        register.end(tenure, date(2026, 5, 1), by=None)


@pytest.mark.parametrize("unit", [{"kind": "公司"}, {"level": "国"}, {"name": ""}, {"code": "有 空格"}, {"code": "u1"}])
def test_a_unit_that_no_instrument_knows_or_that_is_there_already_is_refused(
    database: str, unit: dict[str, str]
) -> None:
    a_unit("u1")
    with pytest.raises(Unfit):
        register.found_unit(Unit(**{"code": "u2", "name": "某", "kind": "政府", "level": "县", **unit}), by=None)


def test_who_manages_a_post_may_be_unknown_and_is_one_at_a_time(database: str) -> None:
    post = a_post()
    assert not post.managements.exists()
    first = register.put_under(Management(post=post, manager=a_unit(), start=DAY), by=None)
    with pytest.raises(Unfit, match="重叠"):
        register.put_under(Management(post=post, manager=a_unit("u2"), start=date(2026, 3, 1)), by=None)
    register.end(first, date(2026, 2, 28), by=None)
    register.put_under(Management(post=post, manager=a_unit("u2"), start=date(2026, 3, 1)), by=None)


def test_a_paper_divides_the_work_of_its_own_unit_only(database: str) -> None:
    paper = DivisionPaper(unit=a_unit("u2"), number="1号", title="分工", start=DAY)
    with pytest.raises(Unfit):
        register.divide_work(paper, [(a_post(), "公安")], by=None)


# --- staff ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("password", ["short", "123456789012", "password1234567"[:8]])
def test_a_weak_password_is_refused(database: str, password: str) -> None:
    with pytest.raises(Unfit):
        register.enlist(User(username="li", name="李", unit=a_unit()), password, by=None)


@pytest.mark.parametrize(
    "held, wanted", [(Role.SYSTEM, Role.HANDLER), (Role.HANDLER, Role.AUDIT), (Role.SECURITY, Role.SYSTEM)]
)
def test_who_keeps_the_system_does_nothing_else(database: str, held: Role, wanted: Role) -> None:
    user = a_user("li", held)
    with pytest.raises(Unfit, match="不得兼任"):
        register.grant(user, wanted, DAY, by=None)


def test_a_role_can_follow_another_that_ended(database: str) -> None:
    user = a_user("li", Role.HANDLER)
    register.end(Grant.objects.get(user=user), date(2025, 12, 31), by=None)
    register.grant(user, Role.SYSTEM, DAY, by=None)
    assert user.roles(DAY) == {Role.SYSTEM}
    assert user.roles(date(2025, 1, 1)) == {Role.HANDLER}


def test_a_declared_relation_stays(database: str) -> None:
    user, official = a_user("li"), Official.objects.create(code="o1", name="甲")
    register.declare_relationship(Relationship(user=user, official=official, nature="同学", declared=DAY), by=user)
    assert [entry.kind for entry in history(f"staff/{user.pk}")] == ["relationship.declared"]


# --- a whole directory ------------------------------------------------------------------------------------------------


def test_a_prefecture_is_loaded_once(database: str) -> None:
    addresses = load()
    assert addresses.keys() == {user["username"] for user in PREFECTURE["users"]}
    assert all(address.startswith("otpauth://totp/") for address in addresses.values())
    counted = {model: model.objects.count() for model in (Unit, Post, Official, Tenure, Management, Grant)}
    assert load() == {}
    assert counted == {model: model.objects.count() for model in counted}


@pytest.mark.parametrize(
    "said, wrong",
    [
        ({"units": [{"code": "u1"}]}, "units 第 1 项缺少 name"),
        (
            {"posts": [{"code": "p", "unit": "nowhere", "title": "t", "role": "干部"}]},
            "posts 第 1 项：没有代码为 nowhere 的单位",
        ),
        ({"citizens": []}, "不认识的部分：citizens"),
        ({"tenures": [{"post": "P1", "official": "O1", "mode": "正式", "start": "昨天"}]}, "tenures 第 1 项"),
    ],
)
def test_a_directory_that_does_not_fit_leaves_nothing(database: str, said: dict[str, Any], wrong: str) -> None:
    before = Unit.objects.count()
    with pytest.raises(Unfit, match=wrong):
        load({"units": [*PREFECTURE["units"], *said.get("units", [])][-1:] if "units" in said else [], **said})
    assert Unit.objects.count() == before


# --- competence -------------------------------------------------------------------------------------------------------


def states(organ: str, post: str, on: date = DAY) -> dict[str, State]:
    law = Library(shipped()).law("dehong")
    found = competence(law, Unit.objects.get(code=organ), [Post.objects.get(code=post)], on)
    return {one.rule.id: one.state for one in found[post]}


def test_competence_follows_who_manages_the_post_on_the_day(database: str) -> None:  # dehong 4, 15
    load(ORGANS)
    assert states("U90", "P3")["4.本级"] is State.MADE_OUT
    assert states("U0", "P3")["4.本级"] is State.NOT_MADE_OUT
    assert states("U0", "P2")["4.本级"] is State.MADE_OUT
    assert states("U90", "P2")["4.下级"] is State.MADE_OUT
    assert states("U10", "P2")["4.本级"] is State.NOT_MADE_OUT


def test_an_unknown_manager_keeps_competence_open(database: str) -> None:
    load(ORGANS)
    assert states("U0", "P7")["4.本级"] is State.OPEN
    assert states("U0", "P2", date(2020, 1, 1))["4.本级"] is State.OPEN, "nobody is recorded as managing it that day"


def test_competence_changes_with_the_day(database: str) -> None:
    load(ORGANS)
    post = Post.objects.get(code="P2")
    register.end(Management.objects.get(post=post), date(2026, 3, 31), by=None)
    register.put_under(Management(post=post, manager=Unit.objects.get(code="U11"), start=date(2026, 4, 1)), by=None)
    assert states("U0", "P2", date(2026, 3, 31))["4.本级"] is State.MADE_OUT
    assert states("U0", "P2", date(2026, 4, 1))["4.本级"] is State.NOT_MADE_OUT


@given(
    start=st.dates(date(2020, 1, 1), date(2020, 3, 1)),
    length=st.none() | st.integers(0, 60),
    day=st.dates(date(2019, 12, 1), date(2020, 6, 1)),
)
def test_a_period_holds_on_both_its_days_and_between(start: date, length: int | None, day: date) -> None:
    end = None if length is None else date.fromordinal(start.toordinal() + length)
    assert Tenure(start=start, end=end).holds(day) == (start <= day and (end is None or day <= end))
