"""How a day, a text of several lines and an answer that depends on another are typed."""

from __future__ import annotations

from django import forms

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
