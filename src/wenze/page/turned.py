"""Why a result is another one under another option: the conditions that come out differently, down to the facts and articles that do it.

Goes down the tree of reasons under the option and stays on what is settled differently from what is in force. Decides no state.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from wenze.law import Conclusion, Exemption, Reason, State, Status, Words, reasons
from wenze.page.sheet import Sheet


def not_relieving(sheet: Sheet, other: Sheet, one: Conclusion) -> list[Exemption]:
    """The exceptions that relieve here and no longer do under the other options."""
    evaluation = other.determination.evaluation
    return [
        exception
        for exception, state in one.exceptions
        if state is State.MADE_OUT
        and evaluation.settled(evaluation.exception(exception, one.respondent, one.act)) is not State.MADE_OUT
    ]


def turned(sheet: Sheet, changed: Mapping[str, str], one: Conclusion) -> list[str]:
    """What turns a conclusion under other options, each in a sentence; where an exception falls away, also what then remains of the conduct."""
    other = sheet.under(changed)
    tree = reasons(other.determination.evaluation, one)
    words = sheet.words.below(one)
    said = list(dict.fromkeys(_Turns(sheet, other, changed, one, words).of(tree)))
    if tree.state is State.MADE_OUT and not_relieving(sheet, other, one):
        conduct = dict.fromkeys(_fact(words, leaf) for leaf in _conduct(tree))
        if conduct:
            listed = sheet.joined(conduct)
            said.append(sheet.say(f"而其行为具备:{listed}", f"and the conduct is there: {listed}"))
    if tree.state is State.MADE_OUT and sheet.determination.law.role_of(one.rule) == "responsibility":
        below = (leaf for child in tree.deciding() if child.kind != "gate" for leaf in child.deciding())
        own = [_fact(words, leaf) for leaf in below if leaf.kind == "leaf"]
        said += own if said and own else []
    return said


class _Turns:
    """The conditions of one conclusion that other options turn."""

    def __init__(self, sheet: Sheet, other: Sheet, changed: Mapping[str, str], one: Conclusion, words: Words) -> None:
        self._sheet = sheet
        self._other = other
        self._changed = changed
        self._one = one
        self._words = words

    def of(self, reason: Reason, barred: bool = False) -> Iterator[str]:
        """What turns a condition, from the first thing a reader can look up on each way down. `barred`: below a negation."""
        if self._elsewhere(reason):
            bars = barred and reason.state is State.NOT_MADE_OUT
            more = self._sheet.say(",不再排除本条", ", which no longer bars this") if bars else ""
            yield self._rule(reason) + more
        elif reason.kind == "exception" and reason.relieves:
            yield self._exception(reason)
        elif reason.kind == "choose" and reason.name in self._changed:
            yield from self._decided(reason)
        else:
            for child in reason.children:
                if self._differs(child):
                    yield from self.of(child, barred != (reason.kind == "not"))

    def _elsewhere(self, reason: Reason) -> bool:
        own = (self._one.rule.id, self._one.respondent)
        return reason.kind == "rule" and (reason.name, reason.here.respondent) != own

    def _differs(self, reason: Reason) -> bool:
        return self._sheet.determination.evaluation.settled(reason.function) is not reason.state

    def _rule(self, reason: Reason) -> str:
        """Another conclusion, which has lines of its own."""
        who = "" if reason.here.respondent == self._one.respondent else f"{self._words.entity(reason.here.respondent)} "
        state = self._other.words.verdict_within(reason)
        cited = self._words.cite(reason.anchor)
        return self._sheet.say(f"{who}{cited}{state}", f"{who}{cited} is {state}")

    def _exception(self, reason: Reason) -> str:
        title = reason.title.in_(self._sheet.tongue.lang) if reason.title else ""
        quoted = "".join(dict.fromkeys(map(self._words.quote, _quotes(reason))))
        cited = self._words.cite(reason.anchor)
        zh = {State.MADE_OUT: "适用", State.NOT_MADE_OUT: "不再适用"}.get(reason.state, "是否适用尚不能认定")
        en = {State.MADE_OUT: "applies", State.NOT_MADE_OUT: "no longer applies"}.get(
            reason.state, "may or may not apply"
        )
        return self._sheet.say(
            f"{cited}的例外“{title}”{zh}(原文{quoted})",
            f"the exception of {cited}, “{title}”, {en} (its words: {quoted})",
        )

    def _decided(self, reason: Reason) -> Iterator[str]:
        """Under the option itself: the facts and articles that decide."""
        found = list(_deciding(reason))
        for leaf in found:
            yield self._rule(leaf) if leaf.kind == "rule" else _fact(self._words, leaf)
        if not found:
            option = self._sheet.option(reason.name, reason.children[0].name)
            holds = reason.state is State.MADE_OUT
            yield self._sheet.say(
                f"取{option},就无须另行证明" if holds else f"取{option},就不包括这种情形",
                f"under {option} nothing further is required" if holds else f"under {option} this is not covered",
            )


def _deciding(reason: Reason) -> Iterator[Reason]:
    """The facts, and other conclusions, that decide a condition."""
    for child in reason.deciding():
        if child.kind in {"leaf", "rule"}:
            yield child
        else:
            yield from _deciding(child)


def _fact(words: Words, leaf: Reason) -> str:
    """A fact with its state and what shows it; of the part somebody took, also the part recorded."""
    found = leaf.established
    if not found:
        return words.said(leaf)
    evaluation = leaf.evaluation
    part = evaluation.case.participations.get((leaf.here.respondent, leaf.here.act))
    recorded = ""
    source = evaluation.law.facts[leaf.name].source
    if part and found.status is Status.DISPROVEN and source and source.attribute == "participation.parts":
        listed = words.say("、", ", ").join(words.term("部分", one) for one in part.parts)
        recorded = words.say(f";记载的参与是“{listed}”", f"; the part recorded is “{listed}”")
    return f"{words.question(found.key)} {words.established(found)}{recorded}"


def _conduct(reason: Reason) -> Iterator[Reason]:
    """The facts that make out what a rule marks as conduct."""
    for child in reason.deciding():
        if child.mark and str(child.mark) == "conduct":
            yield from _deciding(child)
        elif child.kind != "rule":
            yield from _conduct(child)


def _quotes(reason: Reason) -> Iterator[str]:
    """The words an exception rests on, the outermost first."""
    for child in reason.children:
        if child.quotes:
            yield from (cited.words for cited in child.quotes)
        else:
            yield from _quotes(child)
