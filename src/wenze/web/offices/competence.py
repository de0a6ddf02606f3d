"""Who may act for a post on a day: the records of `offices` put as the law's own units and posts, and what the law says of them.

What the records do not say stays unknown, and so may the answer. Decides nothing itself; reads no clock.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from wenze.law import Conclusion, Law, case_from_json, determine
from wenze.web.offices.models import Post, Tenure, Unit, on_day

_FORMAT = "wenze-case/1"
_ACT = "A"  # the law answers for a respondent in some conduct; which, does not bear on this


def competence(law: Law, organ: Unit, posts: Iterable[Post], on: date) -> dict[str, tuple[Conclusion, ...]]:
    """By code of the post: what the law concludes on who may act, as seen from `organ` (Arts. 4, 15)."""
    asked = list(posts)
    records = {
        "format": _FORMAT,
        "id": "competence",
        "title": {"zh": "权限", "en": "competence"},
        "instrument": law.id,
        "organ": organ.code,
        **places(organ, asked, on),
        "acts": [{"id": _ACT, "title": "-"}],
        "participations": [{"respondent": post.code, "act": _ACT} for post in asked],
    }
    made = determine(law, case_from_json(records, "competence"), on)
    return {post.code: tuple(one for one in made.competences if one.respondent == post.code) for post in asked}


def places(organ: Unit, posts: Iterable[Post], on: date) -> dict[str, list[dict[str, Any]]]:
    """`units` and `posts` of a case file, as they were on a day: with all units above, and who managed whom."""
    capacities = [_post(post, on) for post in posts]
    codes = {organ.code, *(capacity["unit"] for capacity in capacities)}
    codes |= {capacity["manager"] for capacity in capacities if "manager" in capacity}
    return {"units": [_unit(unit) for unit in _with_those_above(codes)], "posts": capacities}


def _post(post: Post, on: date) -> dict[str, Any]:
    tenure = post.tenures.filter(on_day(on)).select_related("official").last()
    management = post.managements.filter(on_day(on)).select_related("manager").last()
    said = {"id": post.code, "title": post.title, "unit": post.unit.code, "role": post.role, "rank": post.rank}
    if management:
        said["manager"] = management.manager.code
    return {key: value for key, value in (said | _held(tenure)).items() if value}


def _held(tenure: Tenure | None) -> dict[str, Any]:
    """Nothing for a vacant post."""
    if tenure is None:
        return {}
    held = {"mode": tenure.mode, "holder": tenure.official.code, "start": tenure.start.isoformat()}
    return held | ({"end": tenure.end.isoformat()} if tenure.end else {})


def _with_those_above(codes: set[str]) -> list[Unit]:
    """The units of these codes and every unit above or managing one of them."""
    known = {unit.pk: unit for unit in Unit.objects.all()}
    wanted = [unit for unit in known.values() if unit.code in codes]
    found: dict[int, Unit] = {}
    while wanted:
        unit = wanted.pop()
        if unit.pk not in found:
            found[unit.pk] = unit
            wanted += [known[above] for above in (unit.parent_id, unit.manager_id) if above]
    return sorted(found.values(), key=lambda unit: unit.code)


def _unit(unit: Unit) -> dict[str, Any]:
    said = {"id": unit.code, "title": unit.name, "kind": unit.kind, "level": unit.level}
    if unit.parent:
        said["parent"] = unit.parent.code
    if unit.manager:
        said["manager"] = unit.manager.code
    return said
