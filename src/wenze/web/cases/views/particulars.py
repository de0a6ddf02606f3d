"""The case file: records, evidence with its bytes, and what is found of each fact."""

from __future__ import annotations

from mimetypes import guess_extension
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from wenze.law import FactKey, Words
from wenze.web.cases import reasoning
from wenze.web.cases.actions import WORKS
from wenze.web.cases.evidence import Altered, Kept, NotLetIn, store
from wenze.web.cases.forms import ActForm, evidence_form, finding_form, particular_form
from wenze.web.cases.forms.particulars import COLLECTIONS, record
from wenze.web.cases.models import EvidenceFile, Move
from wenze.web.cases.saying import shown
from wenze.web.cases.situation import Situation
from wenze.web.cases.views.asking import after, collection_title, page, situation_of, submitted
from wenze.web.errors import refused

_FORMS = ["GET", "HEAD", "POST"]


def _current(found: Situation, collection: str, identity: str) -> dict[str, Any]:
    file = found.file.json if found.file else {}
    records = {reasoning.identity(collection, each): each for each in file.get(collection, [])}
    return dict(records.get(identity, {}))


@require_http_methods(_FORMS)
def particular(request: HttpRequest, case: str, collection: str) -> HttpResponse:
    """A record of the case file, new (or `?identity=` to put another in its place)."""
    if collection not in COLLECTIONS:
        raise Http404(collection)
    found = situation_of(request, case)
    known = _current(found, collection, request.GET.get("identity", ""))
    form = particular_form(found, collection, request.POST or None, **known)

    def do(common: dict[str, Any]) -> Move:
        return WORKS["enter"](found.case, **common, records=[(collection, record(form, collection))])

    if request.method == "POST" and submitted(request, found, form, do):
        return after(found, "cases:facts")
    return page(
        request, "cases/step.html", found, form=form, name=collection, title=collection_title(found, collection)
    )


@require_http_methods(_FORMS)
def admit(request: HttpRequest, case: str) -> HttpResponse:
    """A piece of evidence, with its file where there is one."""
    found = situation_of(request, case)
    known = _current(found, "evidence", request.GET.get("identity", ""))
    form = evidence_form(found, request.POST or None, request.FILES or None, **known)
    kept = _kept(form, found) if request.method == "POST" and form.is_valid() else None
    upload = request.FILES.get("file")

    def do(common: dict[str, Any]) -> Move:
        name = str(upload.name) if upload else ""
        return WORKS["admit-evidence"](found.case, **common, values=record(form, "evidence"), kept=kept, name=name)

    if request.method == "POST" and not form.errors and submitted(request, found, form, do):
        return after(found, "cases:facts")
    return page(
        request, "cases/step.html", found, form=form, name="evidence", title=collection_title(found, "evidence")
    )


def _kept(form: ActForm, found: Situation) -> Kept | None:
    """The file let in and kept, before the row that names it; or the form says why it is not."""
    upload = form.cleaned_data.get("file")
    if not upload:
        return None
    limit = store().limits.size
    try:
        return store().keep(upload.read(limit + 1))
    except NotLetIn as refusal:
        form.add_error("file", shown(refusal.said, found.lang))
        return None


@require_http_methods(_FORMS)
def finding(request: HttpRequest, case: str) -> HttpResponse:
    """What is found of one fact (`?fact=` and its entities): evidence for and against, and a judgement."""
    found = situation_of(request, case)
    key = FactKey(request.GET.get("fact", ""), tuple(request.GET.get("entities", "").split()))
    known = found.law.facts.get(key.name)
    if known is None or found.determination is None:
        raise Http404(key.name)
    form = finding_form(found, key, request.POST or None)

    def do(common: dict[str, Any]) -> Move:
        return _find(found, form, key, common)

    if request.method == "POST" and submitted(request, found, form, do):
        return after(found, "cases:facts")
    words = Words(found.determination, found.lang)
    return page(
        request,
        "cases/step.html",
        found,
        form=form,
        name="fact",
        title=words.question(key),
        proof=words.proof(key),
    )


def _find(found: Situation, form: ActForm, key: FactKey, common: dict[str, Any]) -> Move:
    """One act: evidence only where it was changed, a judgement only where one was chosen."""
    values = form.cleaned_data
    said: dict[str, Any] = {"fact": key.name, "entities": [*key.entities]}
    if "supporting" in form.changed_data or "opposing" in form.changed_data:
        said |= {"evidence_for": values["supporting"], "evidence_against": values["opposing"]}
    if values["holds"]:
        said |= {"holds": values["holds"] == "yes", "reasons": values["reasons"]}
    return WORKS["find"](found.case, **common, **said)


@require_safe
def download(request: HttpRequest, case: str, evidence: str) -> HttpResponse:
    """The bytes of a piece of evidence, checked, as an attachment under a neutral name."""
    found = situation_of(request, case)
    file = EvidenceFile.objects.filter(case=found.case, evidence=evidence).order_by("-pk").first()
    if file is None:
        raise Http404(evidence)
    try:
        content = store().read(file.digest)
    except Altered:
        return refused(
            request,
            status=409,
            title=_("证据文件与收入时不同"),
            what=_("读出的文件与收入时的散列不符，或者文件已经不在，所以不提供。"),
            todo=_("请通知系统管理员从备份恢复，并在案件中说明。"),
        )
    response = HttpResponse(content, content_type="application/octet-stream")
    suffix = guess_extension(file.media_type) or ""
    response["Content-Disposition"] = f'attachment; filename="{found.case.reference}-{evidence}{suffix}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
