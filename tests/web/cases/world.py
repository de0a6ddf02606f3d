"""A fictional prefecture for tests of cases: units, posts, officials, staff, and a lead about a celebration.

Whatever is done here is done through the doors that views use.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

from staff import a_user
from wenze.law import Library, case_to_json, read_cases, shipped
from wenze.web.access import Relation, Role
from wenze.web.cases import evidence
from wenze.web.cases.actions import STEPS, WORKS, inquiry
from wenze.web.cases.actions.collective import FOR, open_motion
from wenze.web.cases.actions.lead import register_lead
from wenze.web.cases.models import Case, Move
from wenze.web.cases.reasoning import law
from wenze.web.cases.standards import Proposal, standards
from wenze.web.offices.models import Management, Official, Post, Tenure, Unit, User

BEGUN = date(2026, 1, 12)
SINCE = date(2012, 1, 1)


@dataclass
class World:
    """Who is there, by code or user name."""

    units: dict[str, Unit] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    posts: dict[str, Post] = field(default_factory=dict)


def unit(world: World, code: str, name: str, kind: str, level: str, parent: str = "") -> None:
    above = world.units.get(parent)
    world.units[code] = Unit.objects.create(code=code, name=name, kind=kind, level=level, parent=above, manager=above)


def post(world: World, code: str, title: str, unit: str, role: str, rank: str, manager: str) -> None:
    made = Post.objects.create(code=code, title=title, unit=world.units[unit], role=role, rank=rank)
    official = Official.objects.create(code=f"o-{code}", name=f"某{code}")
    Tenure.objects.create(official=official, post=made, mode="正式", start=SINCE)
    Management.objects.create(post=made, manager=world.units[manager], start=SINCE)
    world.posts[code] = made


def user(world: World, name: str, unit: str, *roles: Role) -> User:
    world.users[name] = a_user(name, *roles, unit=world.units[unit])
    return world.users[name]


def prefecture() -> World:
    """One prefecture: its committee decides, its discipline organ inquires, a county government is below it."""
    world = World()
    unit(world, "sw", "某省委", "党委", "省")
    unit(world, "zw", "某州委", "党委", "州", "sw")
    unit(world, "zjw", "某州纪委", "纪检监察机关", "州", "zw")
    unit(world, "xzf", "某县政府", "政府", "县", "zw")
    unit(world, "other", "某邻州纪委", "纪检监察机关", "州", "sw")
    post(world, "xz", "某县县长", "xzf", "主要领导", "县处级正职", "zw")
    post(world, "fxz", "某县副县长", "xzf", "副职领导", "县处级副职", "zw")
    post(world, "zjws", "某州纪委书记", "zjw", "主要领导", "厅局级副职", "sw")
    user(world, "intake", "zjw", Role.INTAKE)
    user(world, "handler", "zjw", Role.HANDLER)
    user(world, "handler2", "zjw", Role.HANDLER)
    user(world, "reviewer", "zjw", Role.REVIEWER)
    user(world, "auditor", "zjw", Role.AUDITOR)
    head = user(world, "head", "zjw", Role.HEAD)
    head.official = Official.objects.get(code="o-zjws")
    head.save()
    for number in range(1, 6):
        user(world, f"decider{number}", "zw", Role.DECIDER)
    user(world, "chair", "zw", Role.HEAD, Role.DECIDER)
    for number in range(1, 4):
        user(world, f"superior{number}", "sw", Role.DECIDER)
    user(world, "stranger", "other", Role.INTAKE, Role.HANDLER, Role.HEAD, Role.DECIDER)
    user(world, "keeper", "zjw", Role.SYSTEM, Role.SECURITY, Role.AUDIT)
    return world


@dataclass
class Desk:
    """One case, and days going by: each act is done by a user on the day of the desk, on what was last there."""

    world: World
    case: Case
    on: date = BEGUN

    def later(self, days: int) -> Desk:
        self.on += timedelta(days=days)
        return self

    def at(self) -> datetime:
        return datetime(self.on.year, self.on.month, self.on.day, 2, tzinfo=UTC)

    @property
    def seen(self) -> int:
        last = self.case.moves.order_by("-number").first()
        return last.number if last else 0

    def _by(self, by: str) -> dict[str, Any]:
        return {"by": self.world.users[by], "on": self.on, "at": self.at(), "seen": self.seen}

    def step(self, name: str, by: str, /, **said: Any) -> Move:
        if name == "determine":
            return inquiry.determine(self.case, **self._by(by), **said)
        return STEPS[name](self.case, **self._by(by), **said)

    def work(self, name: str, by: str, /, **said: Any) -> Move:
        return WORKS[name](self.case, **self._by(by), **said)

    def assign(self, name: str, duty: Relation = Relation.HANDLER) -> None:
        self.work("assign", "head", user=self.world.users[name], duty=duty, ended=False, reasons="分工")

    def affirm(self, step: str, by: str = "handler", subject: str = "") -> None:
        names = [each.zh for each in standards(law(self.case.instrument, None))]
        self.work("affirm", by, subject=subject, step=step, affirmations=dict.fromkeys(names, "已逐项核对"))

    def vote_all(self, step: str, subject: str, choices: Mapping[str, str] | None = None) -> None:
        """Every member votes: for, unless said otherwise."""
        put = open_motion(self.case, subject, step)
        assert put is not None
        for member in User.objects.filter(pk__in=put.members):
            choice = (choices or {}).get(member.username, FOR)
            self.work("vote", member.username, motion=put.pk, choice=choice, reasons=f"{member.name}的理由")


def lead(world: World, **features: bool) -> Desk:
    """A lead registered by intake."""
    said = {"named-report": False, "superior-matter": False, "about-own-head": False, "transferred": False} | {
        key.replace("_", "-"): value for key, value in features.items()
    }
    desk = Desk(world, Case())
    desk.case = register_lead(
        by=world.users["intake"],
        on=desk.on,
        at=desk.at(),
        instrument="dehong",
        title="某县庆典安全问题线索",
        channel="信访举报",
        summary="某县举办庆典,没有做社会稳定风险评估。",
        receipt=desk.on,
        features=said,
        alleged=("6.7",),
    )
    return desk


SAMPLE_POST, POST, ACT, EVENT = "P3", "xz", "A1", "V1"


def celebration() -> dict[str, list[dict[str, Any]]]:
    """What the sample of the regulation says of its county head and the celebration, for the county head of this world."""
    (case,) = read_cases(Library(shipped()).cases("dehong") / "sample.md")
    written = case_to_json(case)
    names = {SAMPLE_POST: POST, "A2": ACT, "V1": EVENT, "D2": "D1"}
    known = {SAMPLE_POST, "A2", "V1"}

    def about(record: dict[str, Any]) -> bool:
        return set(record.get("entities", [])) <= known

    used = {
        piece
        for each in (*written["facts"], *written["participations"])
        if about(each) and each.get("respondent", SAMPLE_POST) == SAMPLE_POST
        for key in ("for", "against", "evidence")
        for piece in each.get(key, ())
    }
    pieces = [each for each in written["evidence"] if each["id"] in used]
    evidence_ids = {each["id"]: f"E{number}" for number, each in enumerate(pieces, 1)}

    def translated(value: Any) -> Any:
        if isinstance(value, list):
            return [translated(each) for each in value]
        if isinstance(value, dict):
            return {key: translated(each) for key, each in value.items()}
        return names.get(value, evidence_ids.get(value, value))

    return {
        "evidence": [{**each, "id": evidence_ids[each["id"]]} for each in pieces],
        "events": [translated(each) for each in written["events"]],
        "duties": [{**translated(each), "owed_by": [POST]} for each in written["duties"] if each["id"] == "D2"],
        "acts": [
            {key: value for key, value in translated(each).items() if key not in ("after", "unit")}
            for each in written["acts"]
            if each["id"] == "A2"
        ],
        "participations": [translated(each) for each in written["participations"] if each["respondent"] == SAMPLE_POST],
        "facts": [translated(each) for each in written["facts"] if about(each)],
        "findings": [translated(each) for each in written["findings"] if about(each)],
    }


def opened(world: World) -> Desk:
    """A case that is open, with two handlers and a reviewer."""
    desk = lead(world)
    for name in ("handler", "handler2"):
        desk.assign(name)
    desk.assign("reviewer", Relation.REVIEWER)
    desk.later(10).step("check", "handler", reasons="线索具体,可以核查")
    desk.work("name-respondent", "handler", post=desk.world.posts[POST], day=date(2015, 3, 6))
    desk.work("establish", "handler", features={"elected": False}, reasons="不是本级人大选举或者任命")
    desk.later(5).step("open", "head", reasons="有需要查清的事实")
    return desk


def investigated(desk: Desk) -> Desk:
    """With everything found out that the celebration gives, by an inquiry."""
    found_out(desk)
    desk.later(20).step("inquire", "handler", reasons="调取材料并谈话", actors=2)
    return desk


def found_out(desk: Desk) -> Desk:
    """With everything entered that the celebration gives."""
    found = celebration()
    for number, each in enumerate(found["evidence"]):
        kept = evidence.store().keep(f"材料 {number}".encode()) if number < 2 else None
        told = {**each, "source": "调取", "obtained": "2026-01-30", "obtained_by": "用户handler、用户handler2"}
        desk.work("admit-evidence", "handler", values=told, kept=kept, name="材料.txt")
    collections = ("events", "duties", "acts", "participations", "facts")
    desk.work("enter", "handler", records=[(each, values) for each in collections for values in found[each]])
    for each in found["findings"]:
        desk.work(
            "find",
            "handler",
            fact=each["fact"],
            entities=each["entities"],
            holds=each["holds"],
            reasons=each["reasons"],
        )
    return desk


PROPOSED = Proposal(
    rests_on=(("6.7", ACT),),
    kinds=(("10.3", ACT, "共同责任"), ("10.3-最高", ACT, "主要领导责任")),
    band="serious",
    measures=("public-apology", "circulated-criticism"),
    text="没有做社会稳定风险评估而举办大型庆典",
)


def ruled(desk: Desk) -> Desk:
    """The reading ruled on that the circumstance depends on."""
    said = {"option": "任缺", "since": desk.on, "source": "审核意见", "reasons": "所列三项各自独立"}
    desk.work("rule", "reviewer", reading="R-6.7-缺失", **said)
    return desk


def recommended(desk: Desk) -> Desk:
    """The reading ruled on, the determination frozen, the standards affirmed, the recommendation made to the committee."""
    ruled(desk)
    desk.step("determine", "handler", reasons="事实已经查清")
    desk.affirm("recommend")
    desk.step(
        "recommend",
        "handler",
        proposed=PROPOSED,
        papers=("recommendation", "fact-material"),
        to=desk.world.units["zw"],
    )
    return desk


def heard(desk: Desk, *points: str) -> Desk:
    """Told, and heard with these points of defence; they are not answered yet."""
    desk.later(2).step(
        "notice",
        "handler",
        facts="告知事实和依据",
        papers=("notice",),
        until=desk.on + timedelta(days=14),
        receipt=desk.on,
    )
    desk.later(10).step("statement", "handler", outcome="heard", points=points, papers=("statement-record",), actors=2)
    return desk
