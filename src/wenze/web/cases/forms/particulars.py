"""Forms of the records of a case file, made from the law's own schema: a field for each key, terms from its vocabularies."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wenze.law import FactKey, case_schema
from wenze.web.cases.forms.acts import ActForm, made_form
from wenze.web.cases.forms.widgets import Day, Lines
from wenze.web.cases.saying import shown
from wenze.web.cases.situation import Situation

# Which records a key may name; the schema says only that it is an identifier.
_NAMES: dict[str, tuple[str, ...]] = {
    "unit": ("units",),
    "parent": ("units",),
    "manager": ("units",),
    "respondent": ("posts", "units"),
    "owed_by": ("posts", "units"),
    "act": ("acts",),
    "after": ("acts",),
    "events": ("events",),
    "duties": ("duties",),
    "evidence": ("evidence",),
    "against": ("evidence",),
    "for": ("evidence",),
    "basis": ("evidence",),
}
_NUMBERED = ("acts", "events", "duties", "evidence")
COLLECTIONS = ("acts", "events", "duties", "participations", "posts", "units", "facts")


def particular_form(situation: Situation, collection: str, data: Any = None, **initial: Any) -> ActForm:
    """The form of one record of a collection; `initial` is the record as it stands, to be put in its place."""
    item = case_schema()["properties"][collection]["items"]
    required = set(item["required"])
    fields = {
        key: _field(
            situation, collection, key, shape, key in required and not (key == "id" and collection in _NUMBERED)
        )
        for key, shape in item["properties"].items()
        if key != "digest"
    }
    if collection in _NUMBERED:
        fields["id"].widget = forms.HiddenInput()
    return made_form(situation, fields, data, **{key: _shown(value) for key, value in initial.items()})


def record(form: ActForm, collection: str) -> dict[str, Any]:
    """The record a valid form says, as the schema writes it; what was left empty is not recorded."""
    shapes = case_schema()["properties"][collection]["items"]["properties"]
    found = {key: _value(form.cleaned_data.get(key), shape) for key, shape in shapes.items() if key in form.fields}
    return {key: value for key, value in found.items() if value not in (None, "", [])}


def _field(situation: Situation, collection: str, key: str, shape: Mapping[str, Any], required: bool) -> forms.Field:
    zh, _bar, en = shape["title"].partition(" / ")
    label = en.capitalize() if situation.lang == "en" else zh
    vocabulary = shape.get("description", "").removeprefix("vocabulary ")
    many = shape.get("type") == "array"
    if key == "counts":
        return forms.CharField(
            label=label, required=False, help_text=_("名称和数目，如：死亡 3、受伤 27。只写数目，不写人。")
        )
    if vocabulary:
        terms = situation.law.vocabularies[vocabulary].terms
        return _choices(label, [(term.zh, shown(term, situation.lang)) for term in terms], many, required)
    if key in _NAMES:
        return _choices(label, _records(situation, _NAMES[key]), many, required)
    if shape.get("format") == "date":
        return forms.DateField(label=label, required=required, widget=Day)
    if key == "end":
        return forms.CharField(label=label, required=False, help_text=_("日期如 2015-03-08；仍在持续的写 continuing。"))
    return _plain_field(label, key, shape, required)


def _plain_field(label: str, key: str, shape: Mapping[str, Any], required: bool) -> forms.Field:
    if shape.get("type") == "boolean":
        choices = [("", "—"), ("yes", _("是")), ("no", _("否"))]
        return forms.ChoiceField(label=label, required=required, choices=choices)
    if shape.get("type") == "integer":
        return forms.IntegerField(label=label, required=required, min_value=0)
    if shape.get("type") == "array":
        return forms.CharField(label=label, required=required, help_text=_("多个用空格分开。"))
    return forms.CharField(
        label=label, required=required, max_length=400, widget=Lines(2) if key == "reasons" else None
    )


def _choices(label: str, choices: list[tuple[str, str]], many: bool, required: bool) -> forms.Field:
    if many:
        return forms.MultipleChoiceField(
            label=label, required=required, choices=choices, widget=forms.CheckboxSelectMultiple
        )
    return forms.ChoiceField(label=label, required=required, choices=[("", "—"), *choices])


def _records(situation: Situation, collections: tuple[str, ...]) -> list[tuple[str, str]]:
    file = situation.file.json if situation.file else {}
    return [
        (each["id"], f"{each['id']} {each['title']}") for collection in collections for each in file.get(collection, [])
    ]


def _value(value: Any, shape: Mapping[str, Any]) -> Any:
    if value in (None, "", []):
        return None
    if shape.get("title", "").startswith("数量"):
        return _counts(value)
    if shape.get("type") == "boolean":
        return value == "yes"
    if shape.get("type") == "array":
        return value.split() if isinstance(value, str) else list(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _counts(text: str) -> list[dict[str, Any]]:
    words = text.replace("、", " ").replace(",", " ").replace(",", " ").split()
    pairs = zip(words[::2], words[1::2], strict=False)
    return [{"name": name, "number": int(number)} for name, number in pairs if number.isdigit()]


def _shown(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list) and value and isinstance(value[0], dict):
        return "、".join(f"{each['name']} {each['number']}" for each in value)
    return value


# --- evidence and findings --------------------------------------------------------------------------------------------


def evidence_form(situation: Situation, data: Any = None, files: Any = None, **initial: Any) -> ActForm:
    """A piece of evidence: form, source, when and by whom it was obtained, page, and the file where there is one."""
    shaped = particular_form(situation, "evidence", **initial)
    fields: dict[str, forms.Field] = {
        name: field for name, field in shaped.fields.items() if name not in ("seen", "on")
    }
    for name in ("form", "source", "obtained", "obtained_by"):
        fields[name].required = True
    fields["file"] = forms.FileField(
        label=_("文件"), required=False, help_text=_("按内容识别类型；加密保存，读取时核对。")
    )
    return made_form(situation, fields, data, files, **shaped.initial)


def finding_form(situation: Situation, key: FactKey, data: Any = None) -> ActForm:
    """What is found of one fact: the evidence for and against it, and a judgement where one is needed."""
    offered = _records(situation, ("evidence",))
    fields: dict[str, forms.Field] = {
        "supporting": _choices(str(_("支持的证据")), offered, True, False),
        "opposing": _choices(str(_("反对的证据")), offered, True, False),
        "holds": forms.ChoiceField(
            label=_("署名认定"),
            required=False,
            choices=[("", _("不作认定")), ("yes", _("是")), ("no", _("否"))],
            help_text=_("判断，或者证据有争议时，由承办人署名认定并说明理由。"),
        ),
        "reasons": forms.CharField(label=_("认定理由"), required=False, widget=Lines(3)),
    }
    return made_form(situation, fields, data, **_entered(situation, key))


def _entered(situation: Situation, key: FactKey) -> dict[str, Any]:
    case = situation.file.case if situation.file else None
    record, finding = (case.facts.get(key), case.findings.get(key)) if case else (None, None)
    known: dict[str, Any] = {}
    if record:
        known |= {"supporting": [*record.supporting], "opposing": [*record.opposing]}
    if finding:
        known |= {"holds": "yes" if finding.holds else "no", "reasons": finding.reasons or ""}
    return known
