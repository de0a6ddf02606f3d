"""Where a case stands for one user on a day: what is open and for whom, what is refused and why, which clocks run.

What pages show and forms offer; reads only, and asks the same law and the same access as the door.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import NamedTuple

from wenze.law import Bilingual, ClockState, Determination, Law, OpenStep, Problems, RefusedStep, Standing
from wenze.web.cases import access, reasoning
from wenze.web.cases.actions import STEPS, WHILE, WHOSE, WORK, procedure, standings
from wenze.web.cases.actions.collective import DECIDING, not_voted
from wenze.web.cases.models import Answer, Case, Move, Point, Receipt, Recusal, Subject
from wenze.web.cases.positions import positions
from wenze.web.cases.reasoning import CaseFile
from wenze.web.cases.saying import shown
from wenze.web.offices.models import User

MAIN, SIDE = "main", "side"

# What work is called; the law names steps only.
WORK_TITLES = {
    "assign": Bilingual("指定承办人、审核人", "assign handlers and reviewers"),
    "name-respondent": Bilingual("登记问责对象", "name a respondent"),
    "enter": Bilingual("登记案件资料", "enter a record of the case file"),
    "withdraw": Bilingual("撤回记录", "withdraw a record"),
    "withdraw-ruling": Bilingual("撤回裁定", "withdraw a ruling"),
    "admit-evidence": Bilingual("收入证据", "admit evidence"),
    "find": Bilingual("作出认定(判断)", "make a finding"),
    "rule": Bilingual("裁定解读", "rule on a reading"),
    "affirm": Bilingual("确认办理标准", "affirm the standards"),
    "answer": Bilingual("答复申辩", "answer a point of the defence"),
    "put-to-vote": Bilingual("付诸表决", "put to the vote"),
    "vote": Bilingual("表决", "vote"),
    "hand-up": Bilingual("报请上级决定", "refer to the superior unit for want of a quorum"),
    "establish": Bilingual("查明程序事项", "establish what the procedure depends on"),
}


class Clock(NamedTuple):
    """A clock of one respondent's procedure ("" where none is named yet)."""

    subject: str
    state: ClockState


@dataclass(frozen=True)
class Situation:
    """One case as one user sees it on a day, in one language."""

    case: Case
    user: User
    on: date
    lang: str

    @cached_property
    def moves(self) -> tuple[Move, ...]:
        return tuple(self.case.moves.select_related("unit", "by"))

    @property
    def seen(self) -> int:
        return len(self.moves)

    @cached_property
    def standings(self) -> dict[str, Standing]:
        return standings(self.case, self.on, self.moves)

    @cached_property
    def going(self) -> dict[str, Standing]:
        """The respondents whose procedure goes on; all once none does."""
        found = {name: standing for name, standing in self.standings.items() if not standing.ended}
        return found or self.standings

    @cached_property
    def capacities(self) -> frozenset[str]:
        return access.capacities(self.user, self.case, self.on)

    @cached_property
    def table(self):  # type: ignore[no-untyped-def]  # the law's table of steps, which it exports under no name
        return procedure(self.case.instrument).on(self.on)

    @cached_property
    def law(self) -> Law:
        return self.file.law if self.file else reasoning.law(self.case.instrument, None)

    @cached_property
    def file(self) -> CaseFile | None:
        try:
            return reasoning.case_file(self.case)
        except Problems:
            return None

    @cached_property
    def determination(self) -> Determination | None:
        """As it would be today; None where nobody is entered whose part in an act could be determined."""
        return self.file.determination(self.on) if self.file and self.file.respondents else None

    @cached_property
    def subjects(self) -> tuple[Subject, ...]:
        return tuple(Subject.objects.filter(case=self.case).select_related("official", "unit", "manager"))

    @cached_property
    def receipt(self) -> Receipt | None:
        return Receipt.objects.filter(case=self.case).order_by("-pk").first()

    @cached_property
    def points(self) -> tuple[Point, ...]:
        return tuple(Point.objects.filter(case=self.case).order_by("pk"))

    @cached_property
    def answers(self) -> dict[tuple[str, int], Answer]:
        """The last answer to each point."""
        return {(each.subject, each.number): each for each in Answer.objects.filter(case=self.case).order_by("pk")}

    @cached_property
    def recusals(self) -> tuple[Recusal, ...]:
        return tuple(Recusal.objects.filter(case=self.case).select_related("user"))

    # --- steps and work -----------------------------------------------------------------------------------------------

    @cached_property
    def open(self) -> dict[str, OpenStep]:
        """The steps open for some respondent, in the order of the procedure, that a case in this office can take.

        Also for one whose procedure has ended while another's goes on: a name is cleared, what is over is archived.
        """
        found: dict[str, OpenStep] = {}
        for standing in {**self.going, **self.standings}.values():
            found |= {one.step.id: one for one in standing.open if one.step.id in STEPS and one.step.id not in found}
        return found

    def may(self, step: OpenStep) -> bool:
        return bool(self.capacities & set(step.roles))

    @cached_property
    def not_voted(self) -> dict[str, Bilingual]:
        """The steps of the collective that wait for its votes for every respondent for whom they are open, and why."""
        found = {}
        for step in DECIDING:
            opened = [each for each, standing in self.standings.items() if standing.opened(step)]
            waiting = [why for each in opened if (why := not_voted(self.case, each, step, self.on))]
            if waiting and len(waiting) == len(opened):
                found[step] = waiting[0]
        return found

    @property
    def mine(self) -> tuple[OpenStep, ...]:
        """The steps the user may take now; what waits for votes is not offered."""
        return tuple(one for one in self.open.values() if self.may(one) and one.step.id not in self.not_voted)

    @property
    def others(self) -> tuple[OpenStep, ...]:
        return tuple(one for one in self.open.values() if not self.may(one))

    @property
    def refused(self) -> tuple[RefusedStep, ...]:
        """Steps open for nobody, with the law's reasons."""
        found = {
            one.step.id: one
            for standing in self.going.values()
            for one in standing.refused
            if one.step.id in STEPS and one.step.id not in self.open
        }
        return tuple(found.values())

    @property
    def work(self) -> tuple[str, ...]:
        """The work that is open to the user."""
        return tuple(
            name
            for name in WORK_TITLES
            if any(step in self.open for step in WHILE[name]) and self.capacities & set(WHOSE[name])
        )

    def title(self, step: str) -> str:
        """What a step or work is called."""
        if step.startswith(WORK):
            return shown(WORK_TITLES[step.removeprefix(WORK)], self.lang)
        known = self.table.steps.get(step)
        return shown(known.title, self.lang) if known else step

    # --- stage, clocks, names -----------------------------------------------------------------------------------------

    def stage_of(self, standing: Standing) -> str:
        return self.title(standing.ended or standing.stage) if standing.ended or standing.stage else ""

    @property
    def stage(self) -> str:
        """The stage of the case: that of each respondent, told once where they agree."""
        stages = dict.fromkeys(self.stage_of(standing) for standing in self.standings.values())
        return " · ".join(stages)

    @property
    def ended(self) -> bool:
        return all(standing.ended for standing in self.standings.values())

    @cached_property
    def clocks(self) -> tuple[Clock, ...]:
        """Every clock, the earliest due first; one that runs alike for several respondents once."""
        found: dict[tuple[str, date, date, str], Clock] = {}
        for subject, standing in self.standings.items():
            for state in standing.clocks:
                found.setdefault((state.id, state.start, state.due, state.state), Clock(subject, state))
        return tuple(sorted(found.values(), key=lambda clock: clock.state.due))

    @property
    def running(self) -> tuple[Clock, ...]:
        return tuple(clock for clock in self.clocks if clock.state.state in ("running", "overdue"))

    @property
    def due(self) -> date | None:
        """The first day by which something must be done."""
        return next((clock.state.due for clock in self.running if not clock.state.right), None)

    def name(self, identity: str) -> str:
        """What an entity of the case file is called."""
        case = self.file.case if self.file else None
        for table in (case.posts, case.units, case.acts, case.events, case.evidence) if case else ():
            if identity in table:
                return table[identity].title
        return identity

    def names(self) -> Iterator[tuple[str, str]]:
        """The respondents by identity and name."""
        return ((subject.identity, self.name(subject.identity)) for subject in self.subjects)


def situations(cases: Iterable[Case], user: User, on: date, lang: str) -> list[Situation]:
    """Many cases as one user sees them, each of which the user may read; what was kept of them is not computed again."""
    found = [Situation(case, user, on, lang) for case in cases]
    stand = positions([one.case for one in found], on)
    may = access.capacities_in(user, [one.case for one in found], on)
    for one in found:
        vars(one).update(standings=stand[one.case.pk], capacities=may[one.case.pk])
    return found
