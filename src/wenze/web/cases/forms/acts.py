"""The form of a step or of work: one field for each thing the step takes, offered as the law and the case allow today."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from wenze.web.cases.actions import TAKES, WHILE, WORK
from wenze.web.cases.forms.fields import READ, fields_of
from wenze.web.cases.forms.proposals import last_proposed
from wenze.web.cases.forms.widgets import Choices, Day
from wenze.web.cases.situation import Situation


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
        fields |= fields_of(parameter, situation, name)
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
        read = READ.get(parameter.name)
        if read:
            found[parameter.name] = read(values)
        elif parameter.name in values and values[parameter.name] not in (None, "", []):
            found[parameter.name] = values[parameter.name]
    return found


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
    return last_proposed(situation, subject or those[0])
