"""The part of a form that is a proposal: what it rests on, what it may say, how it is read, and with what it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from wenze.law import State, Words
from wenze.web.cases.actions import WORK
from wenze.web.cases.actions.door import concerns
from wenze.web.cases.forms.widgets import Choices, Conditional, Lines
from wenze.web.cases.saying import shown
from wenze.web.cases.situation import Situation
from wenze.web.cases.standards import Proposal, proposal


def proposal_fields(situation: Situation, name: str, required: bool) -> dict[str, forms.Field]:
    """The fields of a proposal in a step, or in work within it."""
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


def typed_proposal(values: Mapping[str, Any]) -> Proposal:
    """The proposal that a valid form says."""
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


def last_proposed(situation: Situation, about: str) -> dict[str, Any]:
    """What was last proposed for a respondent, as the fields begin with it."""
    moves = (move for move in reversed(situation.moves) if move.says.get("proposal") and concerns(move, about))
    last = next(moves, None)
    if last is None:
        return {}
    made = proposal(last.says["proposal"])
    return {
        "rests_on": ["|".join(each) for each in made.rests_on],
        "kinds": ["|".join(each) for each in made.kinds],
        "band": made.band,
        "measures": [*made.measures],
        "text": made.text,
    }
