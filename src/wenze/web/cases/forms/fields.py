"""The fields of acts, by the name of what a step or work takes; each offers what the law and the case allow today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from inspect import Parameter
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wenze.web.access import Relation, Role
from wenze.web.cases.actions import WORK
from wenze.web.cases.actions.aside import REFUSED
from wenze.web.cases.actions.collective import ABSTAIN, AGAINST, FOR, open_motion
from wenze.web.cases.forms.proposals import proposal_fields, typed_proposal
from wenze.web.cases.forms.widgets import Day, Lines
from wenze.web.cases.saying import shown
from wenze.web.cases.situation import Situation
from wenze.web.cases.standards import standards
from wenze.web.offices.models import Post, Unit, User


def fields_of(parameter: Parameter, situation: Situation, name: str) -> dict[str, forms.Field]:
    """The fields in which one thing that a step (the law's id) or work (`work/…`) takes is typed."""
    made = _MADE[parameter.name](situation, name, parameter.default is Parameter.empty)
    return made if isinstance(made, dict) else {parameter.name: made}


Maker = Callable[[Situation, str, bool], "forms.Field | dict[str, forms.Field]"]


def _text(label: Any, rows: int = 3, help_text: Any = "") -> Maker:
    return lambda situation, name, required: forms.CharField(
        label=label, required=required, widget=Lines(rows), help_text=help_text
    )


def _line(label: Any, help_text: Any = "") -> Maker:
    return lambda situation, name, required: forms.CharField(
        label=label, required=required, max_length=300, help_text=help_text
    )


def _date(label: Any, help_text: Any = "") -> Maker:
    return lambda situation, name, required: forms.DateField(
        label=label, required=required, widget=Day, help_text=help_text
    )


def _papers(situation: Situation, name: str, required: bool) -> forms.Field | dict[str, forms.Field]:
    opened = situation.open.get(name)
    asked = opened.papers if opened else ()
    besides = [paper for papers in (opened.papers_of.values() if opened else ()) for paper in papers]
    known = situation.table.papers
    choices = [(paper, shown(known[paper].title, situation.lang)) for paper in dict.fromkeys((*asked, *besides))]
    if not choices:
        return {}
    return forms.MultipleChoiceField(
        label=_("所附文书"),
        required=False,
        choices=choices,
        initial=[*asked],
        widget=forms.CheckboxSelectMultiple,
        help_text=_("勾选已经制作、随本步骤入卷的文书。"),
    )


def _outcome(situation: Situation, name: str, required: bool) -> forms.Field | dict[str, forms.Field]:
    opened = situation.open.get(name)
    known = situation.table.outcomes
    choices = [(each, shown(known[each], situation.lang)) for each in (opened.outcomes if opened else ())]
    if name == "recuse" and "head" not in situation.capacities:
        choices = [choice for choice in choices if choice[0] != REFUSED]
    if not choices:
        return {}
    only = choices[0][0] if len(choices) == 1 else None
    return forms.ChoiceField(label=_("结果"), choices=choices, widget=forms.RadioSelect, required=True, initial=only)


def _units(situation: Situation, name: str, required: bool) -> forms.Field:
    holder = situation.moves[-1].unit
    preferred = [holder, *holder.superiors()] if name in ("recommend", "direct") else list(Unit.objects.all())
    managers = [subject.manager.code for subject in situation.subjects if subject.manager in preferred]
    return forms.ModelChoiceField(
        label=_("送往单位"),
        queryset=Unit.objects.filter(pk__in=[unit.pk for unit in preferred]),
        required=required,
        to_field_name="code",
        initial=managers[0] if managers and not required else None,
        help_text=_("由这个单位集体讨论决定；先填的是管理该职务的单位。") if not required else "",
    )


def _users(situation: Situation, name: str, required: bool) -> forms.Field:
    if name == "recuse" and "head" not in situation.capacities:  # of others the head decides
        oneself = User.objects.filter(pk=situation.user.pk)
        return forms.ModelChoiceField(
            label=_("人员"),
            queryset=oneself,
            to_field_name="username",
            initial=situation.user.username,
            empty_label=None,
        )
    wanted = (Role.HANDLER, Role.REVIEWER) if name == f"{WORK}assign" else tuple(Role)
    users = User.objects.filter(is_active=True, unit__in=[move.unit_id for move in situation.moves])
    return forms.ModelChoiceField(
        label=_("人员"),
        queryset=users.filter(grants__role__in=wanted, grants__end__isnull=True).distinct(),
        to_field_name="username",
    )


def _actors(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.IntegerField(label=_("办理人数"), min_value=1, max_value=99, initial=2)


def _points(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.CharField(
        label=_("申辩要点"),
        required=False,
        widget=Lines(6),
        help_text=_("一点一段，空一行分开；每一点都要答复。"),
    )


def _features(situation: Situation, name: str, required: bool) -> dict[str, forms.Field]:
    answers = [("", _("没有查明")), ("yes", _("是")), ("no", _("否"))]
    return {
        f"feature-{id_}": forms.ChoiceField(
            label=shown(feature.question, situation.lang), choices=answers, required=False
        )
        for id_, feature in situation.table.features.items()
    }


def _grounds(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.ChoiceField(
        label=_("回避理由"),
        choices=[(id_, shown(title, situation.lang)) for id_, title in situation.table.relations.items()],
    )


def _duty(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.ChoiceField(
        label=_("职责"), choices=[(Relation.HANDLER, _("承办")), (Relation.REVIEWER, _("法制审核"))]
    )


def _ended(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.BooleanField(label=_("不再担任"), required=False)


def _post(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.ModelChoiceField(
        label=_("职务"), queryset=Post.objects.select_related("unit"), required=False, to_field_name="code"
    )


def _unit(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.ModelChoiceField(
        label=_("或者单位"), queryset=Unit.objects.all(), required=False, to_field_name="code"
    )


def _steps(situation: Situation, name: str, required: bool) -> forms.Field:
    wanted = {
        f"{WORK}affirm": ("recommend", "direct", "decide"),
        f"{WORK}put-to-vote": ("decide", "answer-complaint", "answer-review"),
        f"{WORK}hand-up": ("decide", "answer-complaint", "answer-review"),
    }[name]
    return forms.ChoiceField(
        label=_("所为步骤"), choices=[(step, situation.title(step)) for step in wanted if step in situation.open]
    )


def _affirmations(situation: Situation, name: str, required: bool) -> dict[str, forms.Field]:
    return {
        f"affirm-{each.zh}": forms.CharField(
            label=shown(each, situation.lang),
            required=False,
            widget=Lines(2),
            help_text=_("确认的写明理由；不确认的留空。"),
        )
        for each in standards(situation.law)
    }


def _number(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.IntegerField(label=_("第几点"), min_value=1)


def _accepted(situation: Situation, name: str, required: bool) -> forms.Field:
    return forms.ChoiceField(
        label=_("是否采纳"), choices=[("yes", _("采纳")), ("no", _("不采纳"))], widget=forms.RadioSelect
    )


def _motion(situation: Situation, name: str, required: bool) -> forms.Field:
    puts = [
        put
        for subject in situation.going
        for step in ("decide", "answer-complaint", "answer-review")
        if (put := open_motion(situation.case, subject, step))
    ]
    return forms.ChoiceField(
        label=_("动议"),
        choices=[(str(put.pk), f"{situation.title(put.step)} · {situation.name(put.subject)}") for put in puts],
    )


def _choice(situation: Situation, name: str, required: bool) -> forms.Field:
    choices = [(FOR, _("同意")), (AGAINST, _("不同意")), (ABSTAIN, _("弃权"))]
    return forms.ChoiceField(label=_("意见"), choices=choices, widget=forms.RadioSelect)


def _reading(situation: Situation, name: str, required: bool) -> dict[str, forms.Field]:
    """One list of options of all readings that some result here depends on, so that nobody pairs what does not belong."""
    made = situation.determination
    touched = [one for one in made.all() if made.touched(one)] if made else []
    depends = {each for one in touched for each in one.outcome.depends}
    lang, readings = situation.lang, situation.law.readings
    choices = [
        (
            shown(reading.question, lang),
            [(f"{reading.id}|{option}", shown(text, lang)) for option, text in reading.options],
        )
        for reading in readings.values()
        if reading.id in depends
    ]
    return {
        "ruling": forms.ChoiceField(
            label=_("解读和选项"),
            choices=choices,
            widget=forms.RadioSelect,
            help_text=_("只列出本案结果所取决于的解读。"),
        )
    }


def _fixed(situation: Situation, name: str, required: bool) -> forms.Field:
    """Said by the link that leads here."""
    return forms.CharField(widget=forms.HiddenInput)


def _nothing(situation: Situation, name: str, required: bool) -> dict[str, forms.Field]:
    return {}


_MADE: dict[str, Maker] = {
    "reasons": _text(_("情况和理由")),
    "facts": _text(_("告知的事实和依据"), rows=5),
    "papers": _papers,
    "outcome": _outcome,
    "receipt": _date(_("收到日期")),
    "until": _date(_("答复期限"), _("文书上写明的最后一日。")),
    "actors": _actors,
    "points": _points,
    "to": _units,
    "organ": _line(_("移送机关")),
    "proposed": proposal_fields,
    "features": _features,
    "user": _users,
    "ground": _grounds,
    "duty": _duty,
    "ended": _ended,
    "post": _post,
    "unit": _unit,
    "day": _date(_("任职之日"), _("行为发生时由谁担任这一职务，以这一日为准。")),
    "step": _steps,
    "affirmations": _affirmations,
    "number": _number,
    "accepted": _accepted,
    "motion": _motion,
    "choice": _choice,
    "reading": _reading,
    "option": _nothing,  # with the reading
    "frozen": _nothing,  # made from the case itself
    "since": _date(_("自何日起适用")),
    "source": _line(_("出处"), _("文号或者会议。")),
    "collection": _fixed,
    "identity": _fixed,
}


def _split(text: str) -> list[str]:
    paragraphs = text.replace("\r\n", "\n").split("\n\n")
    return [each.strip() for each in paragraphs if each.strip()]


def _established(values: Mapping[str, Any]) -> dict[str, bool]:
    begun = "feature-"
    return {key.removeprefix(begun): value == "yes" for key, value in values.items() if key.startswith(begun) and value}


def _affirmed(values: Mapping[str, Any]) -> dict[str, str]:
    begun = "affirm-"
    return {key.removeprefix(begun): value for key, value in values.items() if key.startswith(begun) and value}


READ: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "points": lambda values: _split(values["points"]),
    "proposed": typed_proposal,
    "features": _established,
    "affirmations": _affirmed,
    "accepted": lambda values: values["accepted"] == "yes",
    "ended": lambda values: values["ended"],
    "motion": lambda values: int(values["motion"]),
    "papers": lambda values: tuple(values.get("papers", ())),
    "reading": lambda values: values["ruling"].split("|")[0],
    "option": lambda values: values["ruling"].split("|")[1],
}
"""By the name of what an act takes: how it is read from a valid form, where it is not one field as typed."""
