"""A story of cases, written as data beside the instrument → cases at work, each act done by its user through the office's door.

Knows how what is written becomes what an act takes; what happens, the story says. Days are counted back from today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import takewhile
from typing import Any

from django.utils import timezone

from wenze.law import Library, case_to_json, read_cases
from wenze.web.access import Relation
from wenze.web.cases import evidence
from wenze.web.cases.actions import STEPS, WORKS, inquiry
from wenze.web.cases.actions.lead import register_lead
from wenze.web.cases.models import Case
from wenze.web.cases.reasoning import law
from wenze.web.cases.standards import Proposal, standards
from wenze.web.offices.models import Post, Unit, User

Said = Mapping[str, Any]  # Any: JSON, as the story is written
_MORNING = time(9, 30)
_ORDER = ("events", "duties", "acts", "participations", "facts")
_WORDS = {"form", "title"}  # which may read like the name of a piece of evidence
_FILES = 2  # how many pieces of evidence come with a file


def tell(story: Said, library: Library, *, today: date) -> list[Case]:
    """Every case of the story, as far as it is told."""
    return [_one(story, written, library, today) for written in story["cases"]]


@dataclass
class _Desk:
    """One case, and the day it is at."""

    case: Case
    on: date
    library: Library

    def act(self, written: Said) -> None:
        self.on += timedelta(days=written.get("after", 0))
        if "found" in written:
            self.enter(written)
        elif "affirm" in written:
            self.affirm(written)
        else:
            said = {name: _READ.get(name, _as_it_is)(value, self.on) for name, value in written["said"].items()}
            kind, name = ("step", written["step"]) if "step" in written else ("work", written["work"])
            self.do(kind, name, written["by"], **said)

    def do(self, kind: str, act: str, doer: str, /, **said: Any) -> None:  # Any: each act takes its own
        last = self.case.moves.order_by("-number").first()
        common: dict[str, Any] = {
            "by": _user(doer, self.on),
            "on": self.on,
            "at": _moment(self.on),
            "seen": last.number if last else 0,
        }
        if kind == "work":
            WORKS[act](self.case, **common, **said)
        elif act == "determine":
            inquiry.determine(self.case, **common, **said)
        else:
            STEPS[act](self.case, **common, **said)

    def affirm(self, written: Said) -> None:
        names = [each.zh for each in standards(law(self.case.instrument, None))]
        affirmed = dict.fromkeys(names, written["reasons"])
        said = {"subject": "", "step": written["affirm"], "affirmations": affirmed}
        self.do("work", "affirm", written["by"], **said)

    def enter(self, written: Said) -> None:
        """What a scenario of the instrument says of one respondent and one conduct, entered piece by piece."""
        found, by = _scenario(self.library, self.case.instrument, written["found"]), written["by"]
        for number, each in enumerate(found["evidence"]):
            kept = evidence.store().keep(f"{each['title']}\n".encode()) if number < _FILES else None
            told = {**each, **written["told"], "obtained": self.on.isoformat()}
            self.do("work", "admit-evidence", by, values=told, kept=kept, name=f"{each['title']}.txt" if kept else "")
        records = [(collection, each) for collection in _ORDER for each in found[collection]]
        self.do("work", "enter", by, records=records)
        for each in found["findings"]:
            said = {key: each[key] for key in ("fact", "entities", "holds", "reasons")}
            self.do("work", "find", by, **said)


def _one(story: Said, written: Said, library: Library, today: date) -> Case:
    lead, on = dict(story["lead"]), today - timedelta(days=written["began"])
    by = _user(lead.pop("by"), on)
    told = {"title": written["title"], "summary": written["summary"], "receipt": on}
    desk = _Desk(register_lead(by=by, on=on, at=_moment(on), **lead, **told), on, library)
    for act in _until(story["acts"], written["until"]):
        desk.act(act)
    return desk.case


def _until(acts: list[Said], stop: str) -> Iterator[Said]:
    return (act for act in takewhile(lambda act: act.get("stop") != stop, acts) if "stop" not in act)


def _scenario(library: Library, instrument: str, wanted: Said) -> dict[str, list[dict[str, Any]]]:
    """The parts of a scenario that are about these entities alone; evidence gets plain numbers."""
    case = next(each for each in read_cases(library.cases(instrument)) if each.id == wanted["case"])
    written = case_to_json(case)
    known = {wanted["respondent"], wanted["act"], wanted["event"]}
    numbers = {each["id"]: f"E{number}" for number, each in enumerate(written["evidence"], 1)}

    def renamed(value: Any) -> Any:
        if isinstance(value, list):
            return [renamed(each) for each in value]
        if isinstance(value, dict):
            return {key: each if key in _WORDS else renamed(each) for key, each in value.items()}
        return numbers.get(value, value)

    def about(name: str) -> list[dict[str, Any]]:
        return [renamed(each) for each in written[name] if set(each.get("entities", ())) <= known]

    acts = [each for each in about("acts") if each["id"] == wanted["act"]]
    taking_part = [each for each in about("participations") if each["respondent"] == wanted["respondent"]]
    duties = {duty for each in taking_part for duty in each.get("duties", ())}
    return {
        "evidence": about("evidence"),
        "events": [each for each in about("events") if each["id"] == wanted["event"]],
        "duties": [{**each, "owed_by": [wanted["respondent"]]} for each in about("duties") if each["id"] in duties],
        "acts": [{key: value for key, value in each.items() if key not in ("after", "unit")} for each in acts],
        "participations": taking_part,
        "facts": about("facts"),
        "findings": about("findings"),
    }


# --- what is written → what an act takes ------------------------------------------------------------------------------


def _user(username: str, on: date) -> User:
    return User.objects.get(username=username)


def _moment(on: date) -> datetime:
    return datetime.combine(on, _MORNING, timezone.get_default_timezone())


def _day(said: int | str, on: date) -> date:
    """A day by itself, or so many days after the act."""
    return date.fromisoformat(said) if isinstance(said, str) else on + timedelta(days=said)


def _proposal(said: Said, on: date) -> Proposal:
    lists = {name: tuple(tuple(each) for each in said.get(name, ())) for name in ("rests_on", "kinds")}
    return Proposal(**{**said, **lists, "measures": tuple(said.get("measures", ()))})


def _as_it_is(said: Any, on: date) -> Any:
    return tuple(said) if isinstance(said, list) else said


_READ: dict[str, Callable[[Any, date], Any]] = {
    "user": _user,
    "duty": lambda said, on: Relation(said),
    "post": lambda said, on: Post.objects.get(code=said),
    "to": lambda said, on: Unit.objects.get(code=said),
    "proposed": _proposal,
    **dict.fromkeys(("day", "since", "until", "receipt"), _day),
}
