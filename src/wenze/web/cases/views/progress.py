"""Where a case stands: what is next and for whom, what is refused and why, every clock, everything done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wenze.law import FactKey, OpenStep, Refusal, Words
from wenze.web.access import Relation
from wenze.web.cases.actions import WORK
from wenze.web.cases.models import Answer, Assignment, Move, Particular, Recusal
from wenze.web.cases.saying import listed, shown, source
from wenze.web.cases.situation import Clock, Situation
from wenze.web.cases.views.asking import collection_title, page, situation_of

_OFFERED = ("assign", "name-respondent", "establish", "affirm", "put-to-vote", "vote", "hand-up")
"""work that is begun from here; the rest is begun from the page it belongs to"""
_FIRST = ("vote", "put-to-vote")
"""work that the next step waits for"""
_LAST = "archive"
_SHOWN = 3
"""of what is alike, so many are shown one by one; more are folded"""


@require_safe
def overview(request: HttpRequest, case: str) -> HttpResponse:
    """The first page of a case."""
    found = situation_of(request, case)
    context = {
        **_mine(found),
        "work": [(name, found.title(WORK + name)) for name in found.work if name in _OFFERED and name not in _FIRST],
        "waiting": [(found.title(one.step.id), _whose(found, one.roles)) for one in found.others],
        "refusals": [
            *((found.title(step), [(shown(why, found.lang), "")]) for step, why in found.not_voted.items()),
            *((found.title(one.step.id), [_reason(found, each) for each in one.reasons]) for one in found.refused),
        ],
        "subjects": [
            (found.name(each), found.stage_of(standing)) for each, standing in found.standings.items() if each
        ],
        "clocks": [_clock(found, clock) for clock in found.clocks],
        "done": list(_runs(happened(found)[::-1])),
    }
    return page(request, "cases/case.html", found, tab="case", **context)


def _mine(found: Situation) -> dict[str, list[tuple[str, str]]]:
    """The user's open steps: those that go on, those that end the case, those taken before, those beside the path."""
    taken = {move.step for move in found.moves}
    groups: dict[str, list[tuple[str, str]]] = {"onward": [], "ending": [], "again": [], "beside": []}
    for one in found.mine:
        groups[_group(one, taken)].append((one.step.id, found.title(one.step.id)))
    if not groups["onward"]:
        groups["onward"], groups["again"] = groups["again"], []
    first = [(name, found.title(WORK + name)) for name in found.work if name in _FIRST]
    return groups | {"first": first}


def _group(one: OpenStep, taken: set[str]) -> str:
    if one.step.ends and one.step.id != _LAST:
        return "ending"
    if one.step.side:
        return "beside"
    return "again" if one.step.id in taken else "onward"


def _whose(found: Situation, roles: tuple[str, ...]) -> str:
    return listed((shown(found.table.roles[role], found.lang) for role in roles), found.lang)


def _reason(found: Situation, refusal: Refusal) -> tuple[str, str]:
    """Why not, and by which article."""
    return shown(refusal.message, found.lang), refusal.basis.cite(found.lang) if refusal.basis else ""


def _clock(found: Situation, clock: Clock) -> dict[str, Any]:
    state = clock.state
    return {
        "title": shown(state.title, found.lang),
        "who": found.name(clock.subject) if clock.subject and len(found.standings) > 1 else "",
        "start": state.start,
        "due": state.due,
        "provisional": state.provisional,
        "state": state.state,
        "says": {
            "running": _("进行中"),
            "overdue": _("逾期"),
            "met": _("按期"),
            "late": _("迟延"),
            "lapsed": _("期满"),
            "restarted": _("重新起算"),
            "closed": _("办结"),
        }[state.state],
        "source": source(state.basis, found.lang),
        "days": [{"day": each.day, "counted": each.counted, "why": shown(each.why, found.lang)} for each in state.days],
    }


# --- everything done --------------------------------------------------------------------------------------------------


def happened(found: Situation) -> list[dict[str, Any]]:
    """Every act, the first one first; what a vote says stays closed until all are in."""
    about = _about(found)
    return [
        {
            "move": move,
            "title": found.title(move.step),
            "subject": found.name(move.subject) if move.subject else "",
            "late": timezone.localdate(move.at) > move.on,
            "side": move.step.startswith(WORK),
            "to": move.unit if before and before.unit_id != move.unit_id else None,
            "about": listed(about[move.number], found.lang) if len(about[move.number]) <= _SHOWN else "",
            "entered": about[move.number] if len(about[move.number]) > _SHOWN else [],
            "text": _said(found, move),
        }
        for before, move in zip((None, *found.moves), found.moves, strict=False)
    ]


def _runs(done: list[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    """Acts one by one; work of one kind that was done many times in a row together, as one thing that was done."""
    for side, alike in groupby(done, key=lambda each: each["title"] if each["side"] else ""):
        run = list(alike)
        if side and len(run) > _SHOWN:
            yield run
        else:
            yield from ([each] for each in run)


def _about(found: Situation) -> dict[int, list[str]]:
    """By act: who was assigned or recused, which point was answered, what was entered."""
    about: dict[int, list[str]] = defaultdict(list)
    duties = {Relation.HANDLER: _("承办"), Relation.REVIEWER: _("法制审核")}
    for each in Assignment.objects.filter(case=found.case).select_related("user"):
        duty = duties[Relation(each.duty)]
        about[each.move].append(f"{each.user.name} · {_('不再担任') if each.ended else ''}{duty}")
    for recusal in Recusal.objects.filter(case=found.case).select_related("user"):
        about[recusal.move].append(recusal.user.name)
    for answer in Answer.objects.filter(case=found.case):
        says = _("采纳") if answer.accepted else _("不采纳")
        about[answer.move].append(_("第 %(number)s 点：%(says)s") % {"number": answer.number, "says": says})
    words = Words(found.determination, found.lang) if found.determination else None
    for row in Particular.objects.filter(case=found.case).exclude(collection="units").order_by("pk"):
        about[row.move].append(_entered(found, words, row))
    return about


def _entered(found: Situation, words: Words | None, row: Particular) -> str:
    """What a record that was entered is about."""
    values = row.values
    title = str(values.get("title", "")) or found.name(str(values.get("respondent", "")))
    if row.collection in ("facts", "findings"):
        known = values["fact"] in found.law.facts
        title = words.question(FactKey(values["fact"], tuple(values.get("entities", ())))) if words and known else ""
    elif row.collection == "rulings":
        reading = found.law.readings.get(values["reading"])
        title = shown(reading.question, found.lang) if reading else values["reading"]
    return title or collection_title(found, row.collection)


def _said(found: Situation, move: Move) -> str:
    says, table = move.says, found.table
    words = says.get("text", "") or says.get("summary", "") or says.get("reason", "")
    outcome = shown(table.outcomes[says["outcome"]], found.lang) if says.get("outcome") in table.outcomes else ""
    papers = [shown(table.papers[each].title, found.lang) for each in says.get("papers", ()) if each in table.papers]
    return " · ".join(part for part in (outcome, words, listed(papers, found.lang)) if part)
