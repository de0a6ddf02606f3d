"""The pages of one case: facts and evidence, determination, defence, decision, record, export."""

from __future__ import annotations

import base64
import hashlib
import re
from contextlib import suppress
from typing import Any
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from wenze import __version__
from wenze.law import Conclusion, Determination, FactKey, State, Words, reserved
from wenze.ledger import KeyProblem, RecordProblem, read_checkpoint
from wenze.page import determination_page as whole_page
from wenze.web.cases import reasoning, standards
from wenze.web.cases.actions.collective import awaited, open_motion
from wenze.web.cases.actions.door import concerns
from wenze.web.cases.actions.inquiry import ruled_by
from wenze.web.cases.evidence import store
from wenze.web.cases.forms.particulars import COLLECTIONS
from wenze.web.cases.models import Affirmation, EvidenceFile, Motion, Particular
from wenze.web.cases.saying import listed, shown
from wenze.web.cases.situation import Situation
from wenze.web.cases.views.asking import as_of, collection_title, page, situation_of
from wenze.web.cases.views.progress import happened
from wenze.web.errors import refused
from wenze.web.journal.checkpoints import sign_if_due
from wenze.web.journal.reader import Recorded, excerpt, history, latest

# --- facts and evidence -----------------------------------------------------------------------------------------------


@require_safe
def facts(request: HttpRequest, case: str) -> HttpResponse:
    """What to ask first, what is entered, and every piece of evidence."""
    found = situation_of(request, case)
    made = found.determination
    alleged = found.moves[0].says.get("alleged", ())
    context = {
        "asked": [
            {"key": one.key, "text": one.text, "proof": one.proof, "about": listed(one.settles, found.lang)}
            for one in (reasoning.questions(made, alleged, found.lang) if made else ())
        ],
        "entered": _entered(found),
        "collections": [(each, collection_title(found, each)) for each in COLLECTIONS if each != "facts"],
        "can_enter": "enter" in found.work,
        "can_name": "name-respondent" in found.work,
    }
    return page(request, "cases/facts.html", found, tab="facts", **context)


def _entered(found: Situation) -> list[tuple[str, str, list[dict[str, Any]]]]:
    """The records by collection, each with the line that shows it, its file, and where it is put right."""
    file = found.file.json if found.file else {}
    words = Words(found.determination, found.lang) if found.determination else None
    files = {each.evidence: each for each in EvidenceFile.objects.filter(case=found.case).order_by("pk")}
    kept = reasoning.particulars(found.case)
    groups = []
    for collection in (each for each in reasoning.COLLECTIONS if file.get(each)):
        rows = [
            {
                "identity": (name := reasoning.identity(collection, values)),
                "text": _line(found, words, collection, values),
                "file": files.get(name) if collection == "evidence" else None,
                "edit": _edit(found, collection, values, name),
                "withdraw": _withdraw(found, collection, kept.get((collection, name))),
            }
            for values in file[collection]
        ]
        groups.append((collection_title(found, collection), collection, rows))
    return groups


def _withdraw(found: Situation, collection: str, row: Particular | None) -> str:
    """Where the user withdraws a record; a ruling only who reviews or made it."""
    work = "withdraw-ruling" if collection == "rulings" else "withdraw"
    may = work in found.work and row is not None
    if may and row and collection == "rulings" and "legal-reviewer" not in found.capacities:
        may = ruled_by(found.moves, row) == found.user
    if not may or row is None:
        return ""
    asked = {"identity": row.identity} | ({} if collection == "rulings" else {"collection": collection})
    return f"{reverse('cases:work', args=[found.case.reference, work])}?{urlencode(asked)}{as_of(found)['and_at']}"


def _edit(found: Situation, collection: str, values: dict[str, Any], name: str) -> str:
    """Where a further row is entered in the place of this one."""
    number, at = found.case.reference, as_of(found)["and_at"]
    if collection in ("facts", "findings"):
        about = {"fact": values["fact"], "entities": " ".join(values.get("entities", ()))}
        return f"{reverse('cases:finding', args=[number])}?{urlencode(about)}{at}"
    if collection == "evidence":
        return f"{reverse('cases:admit', args=[number])}?{urlencode({'identity': name})}{at}"
    if collection in COLLECTIONS:
        return f"{reverse('cases:particular', args=[number, collection])}?{urlencode({'identity': name})}{at}"
    return ""


def _line(found: Situation, words: Words | None, collection: str, values: dict[str, Any]) -> str:
    if collection in ("facts", "findings"):
        key = FactKey(values["fact"], tuple(values.get("entities", ())))
        if words is None:
            return str(key)
        return f"{words.question(key)} — {words.established(words.determination.evaluation.fact(key))}"
    if collection in ("participations", "pairs"):
        names = [found.name(values["respondent"]), found.name(values["act"])]
        return " · ".join(filter(None, [*names, _text(found, values.get("parts", []))]))
    if collection == "rulings":
        return " · ".join(filter(None, [*_ruled(found, values), values.get("by", ""), values.get("since", "")]))
    rest = [_text(found, value) for key, value in values.items() if key not in ("id", "title", "digest") and value]
    return " · ".join([f"{values['id']} {values['title']}", *rest])


def _ruled(found: Situation, values: dict[str, Any]) -> list[str]:
    """A question of interpretation and the option that was chosen."""
    reading = found.law.readings.get(values["reading"])
    if reading is None:
        return [values["reading"], values["option"]]
    return [shown(reading.question, found.lang), shown(dict(reading.options)[values["option"]], found.lang)]


def _text(found: Situation, value: Any) -> str:
    """A value of a record: a term, a day, names of other records, numbers of something."""
    if isinstance(value, list):
        parts = [f"{each['name']} {each['number']}" if isinstance(each, dict) else found.name(each) for each in value]
        return listed(parts, found.lang)
    if isinstance(value, bool):
        return _("是") if value else _("否")
    return found.name(str(value))


# --- determination ----------------------------------------------------------------------------------------------------


@require_safe
def determination(request: HttpRequest, case: str) -> HttpResponse:
    """What follows today, what was frozen, and what that no longer reflects."""
    found = situation_of(request, case)
    frozen = reasoning.unpacked(found.receipt) if found.receipt else None
    changes = reasoning.unreflected(frozen, found.file.json) if frozen and found.file else ()
    how = {"added": _("新增"), "changed": _("更正"), "withdrawn": _("撤回")}
    context = {
        "answers": _answers(found),
        "kinds": _kinds(found),
        "changes": [
            (collection_title(found, each.collection), _what(found, each.collection, each.identity), how[each.how])
            for each in changes
        ],
        "readings": _readings(found),
        "can_rule": "rule" in found.work,
    }
    return page(request, "cases/determination.html", found, tab="determination", **context)


def _what(found: Situation, collection: str, identity: str) -> str:
    """A record by what it is about; by its identity where nothing says more."""
    name, *entities = identity.split(" ")
    if collection in ("facts", "findings") and found.determination and name in found.law.facts:
        return Words(found.determination, found.lang).question(FactKey(name, tuple(entities)))
    if collection == "rulings" and name in found.law.readings:
        return shown(found.law.readings[name].question, found.lang)
    return found.name(identity)


def _worth_showing(found: Situation, one: Conclusion) -> bool:
    """What somebody entered something about; the rest is open only because nobody looked."""
    made = found.determination
    return made is not None and made.touched(one) and one.state is not State.NOT_APPLICABLE


def _look(made: Determination, one: Conclusion) -> str:
    """The class of a conclusion's badge: what may not be relied on yet does not look made out."""
    plain = {State.MADE_OUT: "open" if reserved(made, one) else "made", State.OPEN: "open"}
    return plain.get(one.state, "")


def _answers(found: Situation) -> list[dict[str, str]]:
    if found.determination is None:
        return []
    words = Words(found.determination, found.lang)
    return [
        {
            "pair": words.pair(one.respondent, one.act),
            "answer": shown(words.answer(one), found.lang),
            "sign": words.sign(one.state),
            "look": _look(found.determination, one),
        }
        for one in found.determination.circumstances
        if _worth_showing(found, one)
    ]


def _kinds(found: Situation) -> list[dict[str, str]]:
    if found.determination is None:
        return []
    words = Words(found.determination, found.lang)
    return [
        {
            "pair": words.pair(one.respondent, one.act),
            "kind": words.kind(one),
            "cited": words.cite(one.rule.anchor),
            "sign": words.sign(one.state),
            "look": _look(found.determination, one),
            "says": words.verdict(one),
            "depends": shown(words.robustness(one), found.lang),
        }
        for one in found.determination.responsibilities
        if one.state is State.MADE_OUT or (one.state is State.OPEN and found.determination.touched(one))
    ]


def _readings(found: Situation) -> list[dict[str, str]]:
    made = found.determination
    if made is None:
        return []
    depends = {each for one in made.all() for each in one.outcome.depends if made.touched(one)}
    return [
        {
            "id": one.reading,
            "question": shown(made.law.readings[one.reading].question, found.lang),
            "option": shown(dict(made.law.readings[one.reading].options)[one.option], found.lang),
            "by": " · ".join(filter(None, [one.by, one.since.isoformat() if one.since else "", one.source])),
            "ground": one.ground,
        }
        for one in made.in_force
        if one.reading in depends
    ]


@require_safe
def determination_page(request: HttpRequest, case: str) -> HttpResponse:
    """The determination as one page of its own, with every reason."""
    found = situation_of(request, case)
    if found.determination is None:
        return refused(
            request,
            status=404,
            title=_("还没有认定"),
            what=_("案件还没有登记问责对象、行为和参与情况。"),
            todo=_("请先在“事实和证据”中登记。"),
        )
    html = whole_page(found.determination, __version__, found.lang)
    response = HttpResponse(html)
    policy = f"default-src 'none'; style-src {_styles(html)}; img-src data:; base-uri 'none'; frame-ancestors 'none'"
    response["Content-Security-Policy"] = policy
    return response


def _styles(html: str) -> str:
    """The page's own style sheet by its hash: no other is let in."""
    sheets = re.findall(r"<style>(.*?)</style>", html, re.DOTALL)
    hashes = (base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode() for sheet in sheets)
    return " ".join(f"'sha256-{each}'" for each in hashes) or "'none'"


# --- defence, decision, record ----------------------------------------------------------------------------------------


@require_safe
def defence(request: HttpRequest, case: str) -> HttpResponse:
    """What the respondent was told and said, point by point, with the answers."""
    found = situation_of(request, case)
    context = {
        "rows": [
            {
                "point": point,
                "who": found.name(point.subject),
                "answer": found.answers.get((point.subject, point.number)),
            }
            for point in found.points
        ],
        "told": [done for done in happened(found) if done["move"].step in ("notice", "statement")],
        "can_answer": "answer" in found.work,
    }
    return page(request, "cases/defence.html", found, tab="defence", **context)


_DECIDING = ("decide", "answer-complaint", "answer-review")


@require_safe
def decision(request: HttpRequest, case: str) -> HttpResponse:
    """The standards, what stands against them, the vote as far as it may be seen, the decisions."""
    found = situation_of(request, case)
    context = {
        "matters": [_matter(found, subject) for subject in found.standings if subject and found.file],
        "motions": [_motion(found, put) for put in Motion.objects.filter(case=found.case).order_by("-pk")],
        "can_affirm": "affirm" in found.work,
        "can_put": "put-to-vote" in found.work,
        "can_decide": [(each, found.title(each)) for each in _DECIDING if each in {one.step.id for one in found.mine}],
    }
    return page(request, "cases/decision.html", found, tab="decision", **context)


def _matter(found: Situation, subject: str) -> dict[str, Any]:
    """The standards for one respondent: on what was last put to the vote or recommended, else on what is made out."""
    made, file = found.determination, found.file
    relied = tuple((one.rule.id, one.act) for one in reasoning.made_out_now(made, subject)) if made else ()
    put = Motion.objects.filter(case=found.case, subject=subject).order_by("-pk").first()
    proposals = (move for move in reversed(found.moves) if move.says.get("proposal") and concerns(move, subject))
    last = next((move.says["proposal"] for move in proposals), None)
    last = put.proposes if put else last
    proposed = standards.proposal(last) if last else standards.Proposal(rests_on=relied)
    if file is None:
        raise AssertionError("asked only where there is a file")
    examined = standards.Matter(found.case, subject, proposed, file.json, file.law, found.table.measures, store())
    against = standards.obstacles(examined)
    rows = Affirmation.objects.filter(case=found.case, subject=subject).order_by("pk")
    affirmed = {each.standard: each for each in rows}
    lines = [
        {
            "name": shown(name, found.lang),
            "against": [shown(each, found.lang) for each in against.get(name.zh, ())],
            "affirmed": affirmed.get(name.zh),
            "by": found.moves[affirmed[name.zh].move - 1].by.name if name.zh in affirmed else "",
        }
        for name in standards.standards(file.law)
    ]
    return {"who": found.name(subject), "rows": lines}


def _motion(found: Situation, put: Motion) -> dict[str, Any]:
    """A motion as it may be seen: votes only when all are in."""
    proposed = standards.proposal(put.proposes)
    table, lang = found.table, found.lang
    before = open_motion(found.case, put.subject, put.step) == put
    out = awaited(put, found.case, found.on) if before else ()
    measures = {each.id: shown(each.title, lang) for each in table.measures.ranked}
    return {
        "step": found.title(put.step),
        "who": found.name(put.subject),
        "outcome": shown(table.outcomes[proposed.outcome], lang) if proposed.outcome in table.outcomes else "",
        "band": next((shown(each.title, lang) for each in table.measures.bands if each.id == proposed.band), ""),
        "measures": listed((measures[each] for each in proposed.measures if each in measures), lang),
        "proposed": proposed,
        "awaited": len(out),
        "mine": any(member.pk == found.user.pk for member in out),
        "votes": [] if out else list(put.votes.select_related("member").order_by("pk")),
    }


@require_safe
def record(request: HttpRequest, case: str) -> HttpResponse:
    """The entries of the record about this case, in order, each with whether a checkpoint covers it already."""
    found = situation_of(request, case)
    note = latest()
    covered = read_checkpoint(note).size if note else 0
    entries = [
        {
            "entry": entry,
            "proved": entry.n < covered,
            "number": entry.data.get("number", ""),
            "title": _told(found, entry),
        }
        for entry in history(f"case/{found.case.reference}")
    ]
    return page(request, "cases/record.html", found, tab="record", entries=entries)


def _told(found: Situation, entry: Recorded) -> str:
    """What an entry is called: the step or work, or the period that ran out."""
    if "step" in entry.data:
        return found.title(entry.data["step"])
    clock = found.table.clocks.get(entry.data.get("clock", ""))
    return f"{_('逾期')} · {shown(clock.title, found.lang)}" if clock else entry.kind


@require_safe
def export(request: HttpRequest, case: str) -> StreamingHttpResponse:
    """The case as a bundle of the record, to be verified by anybody, offline; a checkpoint covers all of it where one can be signed."""
    found = situation_of(request, case)
    with suppress(KeyProblem, RecordProblem):  # then the page of the record says what is not signed yet
        sign_if_due()
    lines = list(excerpt(f"case/{found.case.reference}"))
    response = StreamingHttpResponse(lines, content_type="application/octet-stream")
    response["Content-Disposition"] = f'attachment; filename="{found.case.reference}.jsonl"'
    return response
