"""The form that registers a lead. It asks where the lead came from, never from whom."""

from __future__ import annotations

from datetime import date
from secrets import token_hex
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wenze.law import Library, shipped
from wenze.web.cases import reasoning
from wenze.web.cases.actions import procedure
from wenze.web.cases.forms.acts import not_to_come
from wenze.web.cases.forms.widgets import Day, Lines
from wenze.web.cases.saying import shown

CHANNELS = [
    ("report", _("检举、控告")),
    ("accident", _("事故、事件")),
    ("case-work", _("办案中发现")),
    ("audit", _("审计")),
    ("supervision", _("干部监督")),
    ("transferred", _("其他机关转来")),
]


class LeadForm(forms.Form):
    """One lead: title, where it came from, when, what it says, and what the procedure must know at once."""

    once = forms.CharField(widget=forms.HiddenInput, required=False, max_length=64, initial=token_hex)
    title = forms.CharField(label=_("标题"), max_length=200, help_text=_("写事，不写检举人。"))
    channel = forms.ChoiceField(label=_("来源"), choices=CHANNELS)
    receipt = forms.DateField(label=_("收到日期"), widget=Day)
    summary = forms.CharField(
        label=_("内容"), widget=Lines(6), help_text=_("写公务行为和事件；不写检举人、信访人和群众的姓名、号码。")
    )

    def __init__(self, *args: Any, lang: str, on: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        instrument, self.fields["on"] = self.instrument(), forms.DateField(label=_("登记日期"), widget=Day, initial=on)
        law = reasoning.law(instrument, None)
        rules = [rule for rule in law.rules.values() if law.role_of(rule) == "circumstance"]
        self.fields["alleged"] = forms.MultipleChoiceField(
            label=_("所反映的情形"),
            required=False,
            choices=[(rule.id, f"{rule.id} {shown(rule.title, lang)}") for rule in rules],
            help_text=_("只用来决定先问什么，不影响认定。"),
        )
        answers = [("", _("没有查明")), ("yes", _("是")), ("no", _("否"))]
        for id_, feature in procedure(instrument).on(on).features.items():
            self.fields[f"feature-{id_}"] = forms.ChoiceField(
                label=shown(feature.question, lang), choices=answers, required=False
            )

    def clean_on(self) -> date:
        day, first = not_to_come(self.cleaned_data["on"]), procedure(self.instrument()).days[0]
        if day < first:
            raise forms.ValidationError(_("早于 %(day)s，当时还没有办理程序。"), params={"day": first.isoformat()})
        return day

    def clean_receipt(self) -> date:
        return not_to_come(self.cleaned_data["receipt"])

    @staticmethod
    def instrument() -> str:
        """The instrument under which leads are registered here: the first that has a procedure."""
        library = Library(shipped())
        return next(name for name in library.instruments() if library.procedure(name).is_file())

    def said(self) -> dict[str, Any]:
        """What `register_lead` takes."""
        values = self.cleaned_data
        begun = "feature-"
        features = {
            key.removeprefix(begun): value == "yes" for key, value in values.items() if key.startswith(begun) and value
        }
        plain = {key: values[key] for key in ("title", "channel", "summary", "receipt", "alleged", "on", "once")}
        return plain | {"features": features, "instrument": self.instrument()}
