"""The form of a step or of work: one field for each thing the step takes, offered as the law and the case allow today."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from inspect import Parameter
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wenze.law import State, Words
from wenze.web.access import Relation, Role
from wenze.web.cases.actions import TAKES, WHILE, WORK
from wenze.web.cases.actions.aside import REFUSED
from wenze.web.cases.actions.collective import ABSTAIN, AGAINST, FOR, open_motion
from wenze.web.cases.actions.door import concerns
from wenze.web.cases.models import Move
from wenze.web.cases.saying import shown
from wenze.web.cases.situation import Situation
from wenze.web.cases.standards import Proposal, proposal, standards
from wenze.web.offices.models import Post, Unit, User

Choices = list[tuple[str, str]]


class Day(forms.DateInput):
    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


class Lines(forms.Textarea):
    def __init__(self, rows: int = 3) -> None:
        super().__init__(attrs={"rows": rows})


class Conditional(forms.ChoiceField):
    """Wanted or not as another answer has it: what helps with it says when, and it is not called optional."""

    conditional = True


def not_to_come(day: date) -> date:
    """A day on which something was done; nothing is registered before it happens."""
    if day > timezone.localdate():
        raise forms.ValidationError(_("这一天还没有到，不能预先登记。"))
    return day


class ActForm(forms.Form):
    """What every act says: on which day, for whom, and on what the user last saw."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**9)
    on = forms.DateField(label=_("办理日期"), widget=Day, help_text=_("实际办理的日期；记录上另有登记的日期。"))

    def clean_on(self) -> date:
        return not_to_come(self.cleaned_data["on"])

    def see(self, number: int) -> None:
        """After something else was recorded: what the user now sees is up to date; what was typed stays."""
        typed = QueryDict(mutable=True)
        typed.update(self.data)
        typed["seen"] = str(number)
        self.data = typed


def act_form(situation: Situation, name: str, data: Any = None, files: Any = None, **initial: Any) -> ActForm:
    """The form of a step (the law's id) or of work (`work/…`). `initial` is what is known before."""
    fields: dict[str, forms.Field] = {}  # in the order of the form
    taken = TAKES[name]
    if _asks_for_subject(situation, name):
        offered = _subjects(situation, name)
        fields["subject"] = forms.ChoiceField(label=_("问责对象"), choices=offered, required=bool(offered[0][0]))
    for parameter in taken:
        fields |= _fields(parameter, situation, name)
    known = {**_known(situation, name, str(initial.get("subject", ""))), **initial}
    return made_form(situation, fields, data, files, **known)


def made_form(
    situation: Situation, fields: Mapping[str, forms.Field], data: Any = None, files: Any = None, **initial: Any
) -> ActForm:
    """The form with these fields, and the day of the act below them."""
    made = type("Made", (ActForm,), dict(fields))
    form: ActForm = made(data, files, initial={"seen": situation.seen, "on": situation.on, **initial})
    form.order_fields(["seen", *fields, "on"])
    return form


def said(form: ActForm, name: str) -> dict[str, Any]:
    """What a valid form says, by the names of the step's own parameters."""
    values = form.cleaned_data
    found: dict[str, Any] = {"subject": values["subject"]} if "subject" in values else {}
    for parameter in TAKES[name]:
        read = _READ.get(parameter.name)
        if read:
            found[parameter.name] = read(values)
        elif parameter.name in values and values[parameter.name] not in (None, "", []):
            found[parameter.name] = values[parameter.name]
    return found


# --- fields by the name of what a step takes --------------------------------------------------------------------------


def _fields(parameter: Parameter, situation: Situation, name: str) -> dict[str, forms.Field]:
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


def _proposed(situation: Situation, name: str, required: bool) -> dict[str, forms.Field]:
    table, lang = situation.table, situation.lang
    measures = [(each.id, shown(each.title, lang)) for each in table.measures.ranked]
    bands = [(each.id, f"{shown(each.title, lang)} — {shown(each.condition, lang)}") for each in table.measures.bands]
    circumstances, kinds = _conclusions(situation)
    fields: dict[str, forms.Field] = {
        "result": forms.ChoiceField(label=_("结果"), choices=_results(situation, name), widget=forms.RadioSelect),
        "rests_on": forms.MultipleChoiceField(
            label=_("依据的情形"), choices=circumstances, required=False, widget=forms.CheckboxSelectMultiple
        ),
        "kinds": forms.MultipleChoiceField(
            label=_("责任种类"), choices=kinds, required=False, widget=forms.CheckboxSelectMultiple
        ),
        "band": Conditional(
            label=_("情节"),
            choices=[("", _("（未选）")), *bands],
            required=False,
            help_text=_("予以问责的须选；情节由人认定，程序不作选择。"),
        ),
        "measures": forms.MultipleChoiceField(
            label=_("问责方式"), choices=measures, required=False, widget=forms.CheckboxSelectMultiple
        ),
        "text": forms.CharField(label=_("事实和理由"), widget=Lines(4)),
        "reason": forms.CharField(label=_("方式不在情节对应范围内的理由"), required=False, widget=Lines(2)),
        "departure": forms.CharField(label=_("与认定或者建议不同的理由"), required=False, widget=Lines(2)),
    }
    return fields


def _results(situation: Situation, name: str) -> Choices:
    step = name if not name.startswith(WORK) else _voted_on(situation)
    opened, known = situation.open.get(step), situation.table.outcomes
    outcomes = [each for each in (opened.outcomes if opened else ()) if each != "returned"] or ["accountable"]
    return [(each, shown(known[each], situation.lang)) for each in outcomes]


def _voted_on(situation: Situation) -> str:
    """The step that a motion put now would be about."""
    return next((step for step in ("answer-complaint", "answer-review", "decide") if step in situation.open), "decide")


def _conclusions(situation: Situation) -> tuple[Choices, Choices]:
    """The circumstances and kinds that a proposal may rest on: what is made out or open against somebody here."""
    made = situation.determination
    if made is None:
        return [], []
    words = Words(made, situation.lang)
    circumstances = [
        (
            f"{one.rule.id}|{one.act}",
            f"{words.pair(one.respondent, one.act)} — {shown(words.answer(one), situation.lang)}",
        )
        for one in made.circumstances
        if one.state is State.MADE_OUT or (one.state is State.OPEN and made.touched(one))
    ]
    kinds = [
        (
            f"{one.rule.id}|{one.act}|{one.kind}",
            f"{words.kind(one)} · {words.cite(one.rule.anchor)} · {words.pair(one.respondent, one.act)} — {words.verdict(one)}",
        )
        for one in made.responsibilities
        if one.state is State.MADE_OUT
    ]
    return list(dict(circumstances).items()), list(dict(kinds).items())


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
    "proposed": _proposed,
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


def _proposal(values: Mapping[str, Any]) -> Proposal:
    accountable = bool(values["rests_on"] or values["measures"])
    return proposal(
        {
            "outcome": values["result"],
            "rests_on": [each.split("|") for each in values["rests_on"]],
            "kinds": [each.split("|") for each in values["kinds"]],
            "band": values["band"] if accountable else "",
            "measures": values["measures"],
            "reason": values["reason"],
            "departure": values["departure"],
            "text": values["text"],
        }
    )


def _established(values: Mapping[str, Any]) -> dict[str, bool]:
    begun = "feature-"
    return {key.removeprefix(begun): value == "yes" for key, value in values.items() if key.startswith(begun) and value}


def _affirmed(values: Mapping[str, Any]) -> dict[str, str]:
    begun = "affirm-"
    return {key.removeprefix(begun): value for key, value in values.items() if key.startswith(begun) and value}


_READ: dict[str, Callable[[Mapping[str, Any]], Any]] = {
    "points": lambda values: _split(values["points"]),
    "proposed": _proposal,
    "features": _established,
    "affirmations": _affirmed,
    "accepted": lambda values: values["accepted"] == "yes",
    "ended": lambda values: values["ended"],
    "motion": lambda values: int(values["motion"]),
    "papers": lambda values: tuple(values.get("papers", ())),
    "reading": lambda values: values["ruling"].split("|")[0],
    "option": lambda values: values["ruling"].split("|")[1],
}


# --- for whom ---------------------------------------------------------------------------------------------------------

_ABOUT_ONE = (
    "recommend",
    "direct",
    "notice",
    "statement",
    "answer-points",
    "decide",
    "serve",
    "complain",
    "answer-complaint",
    "review-up",
    "answer-review",
)
_WORK_ABOUT_ONE = ("affirm", "answer", "put-to-vote", "hand-up")
_WORK_ABOUT_SOME = ("establish",)
_NOT_ABOUT_ANYBODY = ("recuse", "refer", "extend", "inquire", "determine")


def _asks_for_subject(situation: Situation, name: str) -> bool:
    if len(situation.standings) < 2:
        return False
    if name.startswith(WORK):
        return name.removeprefix(WORK) in _WORK_ABOUT_ONE + _WORK_ABOUT_SOME
    return name not in _NOT_ABOUT_ANYBODY


def _subjects(situation: Situation, name: str) -> Choices:
    """The respondents for whom it is open; all together where it is open for each whose procedure goes on."""
    steps = WHILE[name.removeprefix(WORK)] if name.startswith(WORK) else (name,)
    fit = [each for each, standing in situation.standings.items() if any(standing.opened(step) for step in steps)]
    one = [(identity, situation.name(identity)) for identity in fit]
    alone = name in _ABOUT_ONE or name.removeprefix(WORK) in _WORK_ABOUT_ONE
    return one if alone or set(situation.going) - set(fit) else [("", str(_("全部"))), *one]


def _known(situation: Situation, name: str, subject: str) -> dict[str, Any]:
    """What a proposal begins with: what was last proposed for this respondent, or for the only one there is.

    Nothing while it is not said for which of several: what was proposed for one is never put before another.
    """
    if not any(parameter.name == "proposed" for parameter in TAKES[name]):
        return {}
    those = (
        [*situation.standings]
        if len(situation.standings) == 1
        else [each for each, _name in _subjects(situation, name)]
    )
    if not subject and len(those) != 1:
        return {}
    about = subject or those[0]
    proposed = (move for move in reversed(situation.moves) if move.says.get("proposal") and concerns(move, about))
    last = next(proposed, None)
    return _as_initial(last) if last else {}


def _as_initial(move: Move) -> dict[str, Any]:
    made = proposal(move.says["proposal"])
    return {
        "rests_on": ["|".join(each) for each in made.rests_on],
        "kinds": ["|".join(each) for each in made.kinds],
        "band": made.band,
        "measures": [*made.measures],
        "text": made.text,
    }
