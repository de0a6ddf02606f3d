"""One determination being written in one language: its words, and what a reader looks at first. Decides no state.

Knows by which plain names a page speaks: a reading goes by a number, where first mentioned with its question and the option
taken; and it tells what is made out and may be relied on from what is made out and may not yet.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

import htpy as h

from wenze.law import Conclusion, Determination, Exemption, Missing, State, Words, in_reading_order, reserved
from wenze.page.tongue import Tongue

CLASSES = {
    State.MADE_OUT: "made",
    State.NOT_MADE_OUT: "not",
    State.OPEN: "open",
    State.NOT_APPLICABLE: "na",
    State.CONTRADICTORY: "clash",
}
OPEN_OR_MADE = (State.MADE_OUT, State.OPEN, State.CONTRADICTORY)
GUARDED = "guarded"  # the look of what is made out by the text and may not, or not yet, be relied on


@dataclass(frozen=True)
class Sheet:
    """A determination in one language."""

    determination: Determination
    tongue: Tongue
    kept: dict[tuple[str, ...], Missing] = field(
        default_factory=dict
    )  # what is missing, computed once for both languages
    numbers: dict[str, int] = field(default_factory=dict)  # of the readings, in the order in which they are listed
    introduced: set[str] = field(default_factory=set)  # the readings of which the question has been said
    others: dict[tuple[tuple[str, str], ...], Sheet] = field(default_factory=dict)  # under other options

    @cached_property
    def words(self) -> Words:
        return Words(self.determination, self.tongue.lang)

    def say(self, zh: str, en: str) -> str:
        return self.tongue.say(zh, en)

    def text(self, text: str) -> h.Node:
        return self.tongue.text(text)

    def joined(self, said: Iterable[str]) -> str:
        """Sentences one after another."""
        return self.say("；", "; ").join(said)

    def id(self, name: str) -> str:
        """An id of this page; each language has its own."""
        return f"{self.tongue.lang}-{name}"

    def section(self, name: str, zh: str, en: str, *parts: h.Node) -> h.Element:
        return h.section(f".{name}", id=self.id(name), aria_labelledby=self.id(f"{name}-title"))[
            h.h2(id=self.id(f"{name}-title"))[self.say(zh, en)], parts
        ]

    # States

    def look(self, one: Conclusion) -> str:
        """The class of a conclusion's state."""
        return GUARDED if self.guarded(one) else CLASSES[one.state]

    def verdict(self, one: Conclusion) -> h.Element:
        """A conclusion's state with its sign, in words; not the same words where it may not be relied on."""
        return h.span(f".badge.{self.look(one)}")[
            h.span(aria_hidden="true")[self.words.sign(one.state)], " ", self.words.verdict(one)
        ]

    def sign(self, one: Conclusion) -> h.Node:
        """A conclusion's state as its sign; its words for those who hear the page."""
        return [h.span(aria_hidden="true")[self.words.sign(one.state)], h.span(".heard")[" ", self.words.verdict(one)]]

    def guarded(self, one: Conclusion) -> bool:
        """Whether a conclusion is made out by the text but a safeguard says that it, or all it rests on, may not be relied on yet."""
        return one.state is State.MADE_OUT and self.reserved(one)

    def reserved(self, one: Conclusion) -> bool:
        """Whether a safeguard says that a conclusion made out, or all that makes it or may still make it out, may not be relied on yet."""
        return reserved(self.determination, one)

    def under(self, changed: Mapping[str, str]) -> Sheet:
        """The same in the case of other options."""
        key = tuple(sorted(changed.items()))
        if key not in self.others:
            other = self.determination.under(changed)
            self.others[key] = Sheet(other, self.tongue, {}, self.numbers, self.introduced)
        return self.others[key]

    def marked(self, conclusion: Conclusion) -> dict[str, str]:
        """The attributes by which a page says of which conclusion it gives the state: for programs and tests."""
        named = {"data-rule": conclusion.rule.id, "data-respondent": conclusion.respondent, "data-act": conclusion.act}
        return {**named, "data-kind": conclusion.kind, "data-state": str(conclusion.state)}

    # Names

    def pair(self, respondent: str, act: str) -> h.Node:
        return self.text(self.words.pair(respondent, act))

    def cited(self, conclusion: Conclusion) -> h.Node:
        return self.text(f"{self.words.cite(conclusion.rule.anchor)} {self.words.rule_title(conclusion)}")

    def reading(self, reading: str) -> str:
        """A reading by its number on this page; where first mentioned, with its question and the option taken."""
        number = self.number(reading)
        name = self.say(f"解读{number}", f"reading {number}")
        if reading in self.introduced:
            return name
        self.introduced.add(reading)
        question = self.determination.law.readings[reading].question.in_(self.tongue.lang)
        taken = self.option(reading, self.determination.evaluation.options[reading])
        return self.say(f"{name}({question}本件取{taken})", f"{name} ({question} Taken here: {taken})")

    def number(self, reading: str) -> int:
        return self.numbers.setdefault(reading, len(self.numbers) + 1)

    def option(self, reading: str, option: str) -> str:
        """An option of a reading in quotation marks; those inside it become single ones."""
        said = dict(self.determination.law.readings[reading].options)[option].in_(self.tongue.lang)
        return f"“{said.replace('“', '‘').replace('”', '’')}”"

    def turning(self, one: Conclusion) -> dict[str, dict[str, State]]:
        """The readings that alone change a conclusion's state, with the options that do and the states they give."""
        found = {
            reading: {option: state for option, state in states.items() if state is not one.state}
            for reading, states in self.determination.options(one).items()
        }
        return {reading: states for reading, states in found.items() if states}

    # What a reader looks at

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
    def unsettled(self) -> list[Conclusion]:
        """The responsibilities still open, of those who took part in an act for which a circumstance is made out."""
        made = {one.act for one in self.determination.circumstances if one.state is State.MADE_OUT}
        return [one for one in self.determination.responsibilities if one.state is State.OPEN and one.act in made]

    def in_suspense(self, respondent: str, act: str) -> bool:
        """Whether it is still open if somebody answers for an act, and no kind of responsibility is made out yet."""
        borne, unsettled = ({(one.respondent, one.act) for one in found} for found in (self.borne, self.unsettled))
        return (respondent, act) in unsettled - borne

    @cached_property
    def relieved(self) -> dict[tuple[str, str, str], tuple[Exemption, Conclusion]]:
        """The exceptions that relieve somebody, each once: (respondent, act, exception) → it and a conclusion it reaches."""
        listed = (*self.determination.circumstances, *self.determination.responsibilities)
        return {
            (one.respondent, one.act, exception.id): (exception, one)
            for one in listed
            for exception, state in one.exceptions
            if state is State.MADE_OUT
        }

    @cached_property
    def pairs(self) -> list[tuple[str, str]]:
        """Respondents and acts of which something is evaluated, in the order of the case."""
        listed = (*self.determination.circumstances, *self.determination.responsibilities)
        return list(dict.fromkeys((one.respondent, one.act) for one in listed if one.act))
