"""One determination being written in one language: its words, and what a reader looks at first. Decides no state."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

import htpy as h

from wenze.law import Conclusion, Determination, Missing, State, Words, in_reading_order
from wenze.page.tongue import Tongue

CLASSES = {
    State.MADE_OUT: "made",
    State.NOT_MADE_OUT: "not",
    State.OPEN: "open",
    State.NOT_APPLICABLE: "na",
    State.CONTRADICTORY: "clash",
}
OPEN_OR_MADE = (State.MADE_OUT, State.OPEN, State.CONTRADICTORY)


@dataclass(frozen=True)
class Sheet:
    """A determination in one language."""

    determination: Determination
    tongue: Tongue
    kept: dict[tuple[str, ...], Missing] = field(
        default_factory=dict
    )  # what is missing, computed once for both languages

    @cached_property
    def words(self) -> Words:
        return Words(self.determination, self.tongue.lang)

    def say(self, zh: str, en: str) -> str:
        return self.tongue.say(zh, en)

    def text(self, text: str) -> h.Node:
        return self.tongue.text(text)

    def id(self, name: str) -> str:
        """An id of this page; each language has its own."""
        return f"{self.tongue.lang}-{name}"

    def section(self, name: str, zh: str, en: str, *parts: h.Node) -> h.Element:
        return h.section(f".{name}", id=self.id(name), aria_labelledby=self.id(f"{name}-title"))[
            h.h2(id=self.id(f"{name}-title"))[self.say(zh, en)], parts
        ]

    def badge(self, state: State) -> h.Element:
        """A state with its sign, in words."""
        return h.span(f".badge.{CLASSES[state]}")[
            h.span(aria_hidden="true")[self.words.sign(state)], " ", self.words.state(state)
        ]

    def sign(self, state: State) -> h.Node:
        """A state as its sign; its words for those who hear the page."""
        return [h.span(aria_hidden="true")[self.words.sign(state)], h.span(".heard")[" ", self.words.state(state)]]

    def marked(self, conclusion: Conclusion) -> dict[str, str]:
        """The attributes by which a page says of which conclusion it gives the state: for programs and tests."""
        named = {"data-rule": conclusion.rule.id, "data-respondent": conclusion.respondent, "data-act": conclusion.act}
        return {**named, "data-kind": conclusion.kind, "data-state": str(conclusion.state)}

    def pair(self, respondent: str, act: str) -> h.Node:
        return self.text(self.words.pair(respondent, act))

    def cited(self, conclusion: Conclusion) -> h.Node:
        return self.text(f"{self.words.cite(conclusion.rule.anchor)} {self.words.rule_title(conclusion)}")

    def looked_at(self, found: Iterable[Conclusion]) -> list[Conclusion]:
        """Those made out, contradictory, or open with something entered that bears on them."""
        return [one for one in in_reading_order(found) if one.state in OPEN_OR_MADE and self.determination.touched(one)]

    def missing(self, one: Conclusion) -> Missing:
        name = (one.rule.id, one.respondent, one.act, one.kind)
        if name not in self.kept:
            self.kept[name] = self.determination.missing(one)
        return self.kept[name]

    @cached_property
    def circumstances(self) -> list[Conclusion]:
        return self.looked_at(self.determination.circumstances)

    @cached_property
    def borne(self) -> list[Conclusion]:
        """The responsibilities made out."""
        return [one for one in self.determination.responsibilities if one.state is State.MADE_OUT]

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Respondents and acts of which something is evaluated, in the order of the case."""
        listed = (*self.determination.circumstances, *self.determination.responsibilities)
        return list(dict.fromkeys((one.respondent, one.act) for one in listed if one.act))
