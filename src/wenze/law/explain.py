"""Sentences, made once, in Chinese and English, from states, facts and reasons. Templates only; nothing is parsed back.

Knows how a state is said; decides nothing. Titles of posts, acts and evidence are shown as they were entered.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from wenze.law import text
from wenze.law.case import FactKey
from wenze.law.conclude import Conclusion
from wenze.law.determine import Determination, InForce
from wenze.law.establish import Established, Status
from wenze.law.evaluate import State
from wenze.law.missing import Answer, Question
from wenze.law.reasons import Cited, Reason
from wenze.law.reservation import reserved, reserved_within
from wenze.law.rules import Mark, Nature, Op
from wenze.law.variables import Above

_SIGNS = {
    State.MADE_OUT: "✓",
    State.NOT_MADE_OUT: "✗",
    State.OPEN: "?",
    State.NOT_APPLICABLE: "–",
    State.CONTRADICTORY: "!",
}
_STATUS = {
    Status.PROVEN: ("是(已认定)", "yes (proven)"),
    Status.DISPROVEN: ("否(已否定)", "no (disproven)"),
    Status.OPEN: ("未认定", "not established"),
}
_PHRASES = {
    Op.ALL: ("同时具备以下各项", "all of the following"),
    Op.ANY: ("具备以下任何一项", "any of the following"),
    Op.NOT: ("不属于以下情形", "not the following"),
    Op.EVERY: ("每一个都具备以下条件", "every one of them meets the following"),
    Op.TRUE: ("依此解读无须另行证明", "under this reading nothing further is required"),
    Op.FALSE: ("依此解读不包括这种情形", "under this reading this is not covered"),
}
_GROUNDS = {
    "default": ("默认解读", "default reading"),
    "settled": ("已有有权解释", "settled reading"),
    "ruling": ("本案裁定", "ruling in this case"),
    "chosen": ("本次指定", "chosen for this determination"),
}
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_LACKING = {"author": ("作出人", "its author"), "day": ("日期", "its day"), "reasons": ("理由", "its reasons")}


class Words:
    """The sentences of one determination in one language ("zh" or "en")."""

    def __init__(
        self, determination: Determination, lang: str, unsaid: frozenset[str] = frozenset(), home: str = ""
    ) -> None:
        self.determination = determination
        self.law = determination.law
        self.case = determination.case
        self.lang = lang
        self._unsaid = unsaid
        self._home = home

    def below(self, conclusion: Conclusion) -> Words:
        """The same words under the heading of a conclusion, whose respondent, act and article are then not repeated.

        Nor is the event, where the case has but one.
        """
        only = tuple(self.case.events) if len(self.case.events) == 1 else ()
        unsaid = frozenset((conclusion.respondent, conclusion.act, *only))
        return Words(self.determination, self.lang, unsaid, conclusion.rule.anchor)

    def say(self, zh: str, en: str) -> str:
        return en if self.lang == "en" else text.on_screen(zh)

    def state(self, state: State) -> str:
        return self.say(*state.words)

    def verdict(self, conclusion: Conclusion) -> str:
        """A conclusion's state in words, with its reservation."""
        return self.worded(conclusion.state, reserved(self.determination, conclusion))

    def verdict_within(self, reason: Reason) -> str:
        """The same of a condition within the reasons of a conclusion."""
        return self.worded(reason.state, reserved_within(self.determination, reason))

    def worded(self, state: State, reserved: bool) -> str:
        """A state in words. INVARIANT: the only words for the state of a conclusion, so that no reservation is said here and left out there."""
        return self.guarded() if reserved and state is State.MADE_OUT else self.state(state)

    def guarded(self) -> str:
        """What is made out by the text while a safeguard says that it, or all it rests on, may not be relied on yet."""
        return self.say("依文本成立,尚不可依据", "made out by the text, not yet to be relied on")

    def sign(self, state: State) -> str:
        return _SIGNS[state]

    def cite(self, anchor: str) -> str:
        return text.cite(anchor, self.lang)

    def quote(self, words: str) -> str:
        return f"“{text.on_screen(words)}”"

    def day(self, day: date | str) -> str:
        """A day as people write it: 2015年3月8日, 8 March 2015."""
        one = date.fromisoformat(day) if isinstance(day, str) else day
        return self.say(f"{one.year}年{one.month}月{one.day}日", f"{one.day} {_MONTHS[one.month - 1]} {one.year}")

    def quoted(self, cited: Cited) -> str:
        """Quoted words, with their article where it is another one than the heading's."""
        where = (
            ""
            if cited.anchor == self._home
            else self.say(f"({self.cite(cited.anchor)})", f" ({self.cite(cited.anchor)})")
        )
        return f"{self.quote(cited.words)}{where}"

    def term(self, vocabulary: str, word: str) -> str:
        return (
            text.on_screen(self.law.term(vocabulary, word, self.lang))
            if self.lang == "zh"
            else self.law.term(vocabulary, word, "en")
        )

    def entity(self, id_: str) -> str:
        """What an entity of the case is called: its title, or its id."""
        for table in (self.case.posts, self.case.units, self.case.acts, self.case.events):
            if id_ in table and table[id_].title:
                return text.on_screen(table[id_].title)
        return id_

    def pair(self, respondent: str, act: str) -> str:
        who = self.entity(respondent)
        return f"{who} · {self.entity(act)}" if act else who

    def rule_title(self, conclusion: Conclusion) -> str:
        title = (
            self.law.exceptions[conclusion.replaced_by.id].title if conclusion.replaced_by else conclusion.rule.title
        )
        return text.on_screen(title.in_(self.lang)) if self.lang == "zh" else title.in_("en")

    def kind(self, conclusion: Conclusion) -> str:
        return self.term("种类", conclusion.kind)

    def modality(self, conclusion: Conclusion) -> str:
        return self.say("或", " or ").join(self.term("情态", modality) for modality in conclusion.modalities)

    def answer(self, conclusion: Conclusion) -> str:
        """One line: the article, what it is, the state with its reservation, and whether the state depends on readings."""
        line = f"{self.cite(conclusion.rule.anchor)} {self.rule_title(conclusion)}{self.say(':', ': ')}{self.verdict(conclusion)}"
        if conclusion.outcome.gate_open:
            line += self.say("(或者不适用)", " (or not applicable)")
        return line + self.say(";", "; ") + self.robustness(conclusion)

    def robustness(self, conclusion: Conclusion) -> str:
        if conclusion.state is State.CONTRADICTORY:
            return self.say("先解决矛盾", "resolve the contradiction first")
        if not conclusion.outcome.depends:
            if conclusion.state is State.OPEN:
                return self.say("缺的是事实,任何解读都不能代替", "facts are missing; no reading can stand in for them")
            return self.say("无论采用哪一种解读,结论不变", "the same under every reading")
        return self.say("取决于解读 ", "depends on the reading ") + self.say("、", ", ").join(
            conclusion.outcome.depends
        )

    # Facts

    def question(self, question: Question) -> str:
        """A fact's question, with the entities it is asked of."""
        if isinstance(question, Above):
            first, second = self.entity(question.first), self.entity(question.second)
            if question.by == "rank":
                return self.say(f"{first}的职级是否高于{second}?", f"Does {first} rank above {second}?")
            return self.say(f"{first}是否在{second}之后签批?", f"Did {first} sign after {second}?")
        asked = self.law.facts[question.name].question.in_(self.lang)
        about = self.say("、", ", ").join(
            self.entity(entity) for entity in question.entities if entity not in self._unsaid
        )
        asked = text.on_screen(asked) if self.lang == "zh" else asked
        return f"{asked}{self.say(f'({about})', f' ({about})')}" if about else asked

    def fact(self, key: FactKey) -> str:
        """A fact in a few words."""
        return key.name if self.lang == "zh" else self.law.facts[key.name].english

    def reply(self, answer: Answer) -> str:
        question, holds = answer
        return f"{self.question(question)} {self.say('是' if holds else '否', 'yes' if holds else 'no')}"

    def beyond(self) -> str:
        """What to say where too much is open at once for sets of answers to be listed."""
        return self.say(
            "未决的事实过多,暂列不出组合;先补充行为本身的事实。",
            "Too much is open for sets to be listed; enter the facts of the conduct first.",
        )

    def proof(self, question: Question) -> str:
        """What would prove a fact: accepted forms, or what the reasons of a judgement must say."""
        if isinstance(question, Above):
            return self.say("补录职级或者次序", "record the rank or the order")
        fact = self.law.facts[question.name]
        if fact.nature is Nature.JUDGEMENT:
            how = self.say("由有权的人认定并说明理由", "a finding by a named person with reasons")
            return (
                f"{how}{self.say('——', ': ')}{text.on_screen(fact.guidance)}"
                if fact.guidance and self.lang == "zh"
                else how
            )
        if fact.nature is Nature.DATA:
            return self.say("补录案件资料", "complete the records of the case")
        forms = self.say("、", ", ").join(self.term("证据形式", form) for form in fact.proof)
        only = self.say("只认 ", "only ") if fact.proof_only else ""
        return f"{only}{forms}" if forms else self.say("任何合法证据", "any lawful evidence")

    def established(self, found: Established) -> str:
        """The state of a fact with its evidence."""
        contested = found.contested and found.status is Status.OPEN
        state = (
            self.say("未认定,有争议", "not established, contested") if contested else self.say(*_STATUS[found.status])
        )
        return self.say(";", "; ").join((state, *self._shown(found)))

    def shown(self, found: Established) -> str:
        """What shows a fact: its evidence and finding, without its state."""
        return self.say(";", "; ").join(self._shown(found))

    def _shown(self, found: Established) -> list[str]:
        parts = []
        if found.read:
            parts.append(self.say(f"记载为“{self._read(found)}”", f"recorded as “{self._read(found)}”"))
        for ids, zh, en in self._sides(found):
            if ids:
                parts.append(f"{self.say(zh, en)}{self.say(':', ': ')}{self.evidence(ids)}")
        if found.finding:
            parts.append(self._finding(found))
        return parts

    def _sides(self, found: Established) -> tuple[tuple[tuple[str, ...], str, str], ...]:
        """Its evidence, as it stands to the answer: what the answer rests on, what speaks against it, what does not count."""
        ignored = (
            found.ignored,
            "形式不合要求、不起作用的证据",
            "evidence in a form the law does not accept, without effect",
        )
        if found.status is Status.OPEN:
            return (
                (found.supporting, "证明“是”的证据", "evidence for"),
                (found.opposing, "证明“否”的证据", "evidence against"),
                ignored,
            )
        rests, against = found.supporting, found.opposing
        if found.status is Status.DISPROVEN:
            rests, against = against, rests
        return (rests, "证据", "evidence"), (against, "相反的证据", "evidence to the contrary"), ignored

    def _read(self, found: Established) -> str:
        source = self.law.facts[found.key.name].source
        from wenze.law.facts import FIXED_VALUES, VOCABULARY_OF

        if source and source.attribute in VOCABULARY_OF:
            each = (found.read or "").split("、")
            return self.say("、", ", ").join(self.term(VOCABULARY_OF[source.attribute], one) for one in each)
        if source and source.attribute in FIXED_VALUES and self.lang == "zh":
            return next(zh for zh, en in FIXED_VALUES[source.attribute].items() if en == found.read)
        if found.read == "…":
            return self.say("持续", "continuing")
        if found.read and source and source.operator in {"from", "before", "until", "after"}:
            return self.day(found.read)
        return found.read or ""

    def _finding(self, found: Established) -> str:
        finding = found.finding
        if finding is None:
            return ""
        if found.incomplete:
            lacks = self.say("、", ", ").join(self.say(*_LACKING[name]) for name in found.incomplete)
            return self.say(f"认定缺少{lacks},不起作用", f"a finding without {lacks} has no effect")
        day = self.day(finding.day) if finding.day else ""
        line = self.say(
            f"{finding.by}{day}认定:{finding.reasons}",
            f"found by {finding.by} on {day}: {finding.reasons}",
        )
        return (
            f"{line}{self.say('(依据 ', ' (basis ')}{self.evidence(finding.basis)}{self.say(')', ')')}"
            if finding.basis
            else line
        )

    def evidence(self, ids: Iterable[str]) -> str:
        return self.say("、", ", ").join(self._evidence(id_) for id_ in ids)

    def _evidence(self, id_: str) -> str:
        """Its title, which says more than its id, and its form where the title does not name it."""
        piece = self.case.evidence[id_]
        title, form = text.on_screen(piece.title), self.term("证据形式", piece.form) if piece.form else ""
        same = any(other.title == piece.title for other in self.case.evidence.values() if other.id != id_)
        details = [
            id_ if same and title else "",
            form if form not in title else "",
            self.say(f"第{piece.page}页", f"p. {piece.page}") if piece.page else "",
            self.say("有缺失", "incomplete") if piece.lacks else "",
        ]
        inside = self.say(",", ", ").join(detail for detail in details if detail)
        return (title or id_) + (self.say(f"({inside})", f" ({inside})") if inside else "")

    # Reasons

    def reason(self, reason: Reason) -> str:
        """One line for one node."""
        quotes = "".join(self.quoted(cited) for cited in reason.quotes)
        mark = (
            {
                Mark.CONDUCT: self.say("【行为】", "[conduct]"),
                Mark.CONSEQUENCE: self.say("【后果】", "[consequence]"),
            }.get(reason.mark or Mark.CONDUCT, "")
            if reason.mark
            else ""
        )
        return " ".join(part for part in (mark, quotes, self.said(reason)) if part)

    def said(self, reason: Reason) -> str:
        """What one node asks for, without the words it quotes."""
        found = reason.established
        if found:
            return f"{self.question(found.key)} {self.say('——', '— ')}{self.established(found)}"
        node = reason.node
        if reason.kind == "rule":
            rule = self.law.rules[reason.name]
            return f"{self.cite(rule.anchor)} {self.say(*rule.title)}{self.say(':', ': ')}{self.verdict_within(reason)}"
        if reason.title:
            title = text.on_screen(reason.title.zh) if self.lang == "zh" else reason.title.en
            prefix = {"gate": self.say("适用前提:", "applies to: "), "exception": self.say("例外:", "exception: ")}.get(
                reason.kind, ""
            )
            return f"{prefix}{title}"
        if reason.kind == "place":
            return self.say(f"{self.entity(reason.name)}:", f"{self.entity(reason.name)}:")
        if reason.kind == "option":
            return self.say(f"取“{reason.name}”", f"option “{reason.name}”")
        return self._operator(reason, node.count if node else 0, node.over if node else "")

    def _operator(self, reason: Reason, count: int, over: str) -> str:
        if reason.kind == Op.AT_LEAST:
            return self.say(f"以下各项至少具备{count}项", f"at least {count} of the following")
        if reason.kind == Op.SOME:
            return (
                self.say("有参与者符合", "some participant meets")
                if over == "participants"
                else self.say("有事件符合", "some event meets")
            )
        if reason.kind == Op.CHOOSE:
            question = self.law.readings[reason.name].question.in_(self.lang)
            return self.say(f"依解读 {reason.name}:{question}", f"by reading {reason.name}: {question}")
        if reason.kind == Op.HIGHEST:
            return self.say("符合以下条件的人中职务最高", "of those who meet the following, the highest post")
        if reason.kind == Op.LAST:
            return self.say("符合以下条件的人中最后签批", "of those who meet the following, the last to sign")
        if reason.kind == Op.HOLDS:
            return self._held(reason.name)
        return self.say(*_PHRASES[Op(reason.kind)])

    def _held(self, name: str) -> str:
        """That a rule, or one of a group, holds."""
        if name not in self.law.rules:
            return self.say(f"“{name}”中已有一项成立", f"one of “{name}” is made out")
        rule = self.law.rules[name]
        said = f"{self.cite(rule.anchor)}{self.say('', ' ')}{rule.title.in_(self.lang)}"
        return self.say(f"已经符合{said}", f"this is met: {said}")

    # Readings and conflicts

    def in_force(self, one: InForce) -> str:
        reading = self.law.readings[one.reading]
        option = dict(reading.options)[one.option].in_(self.lang)
        line = f"{one.reading}{self.say(':', ': ')}{text.on_screen(reading.question.zh) if self.lang == 'zh' else reading.question.en} → {text.on_screen(option) if self.lang == 'zh' else option}"
        return f"{line}{self.say('(', ' (')}{self.ground(one)}{self.say(')', ')')}"

    def ground(self, one: InForce) -> str:
        """Why an option is taken, and who settled it."""
        ground = self.say(*_GROUNDS[one.ground])
        if not one.by:
            return ground
        since = self.day(one.since) if one.since else ""
        return ground + self.say(f",{one.by},自{since}起,{one.source}", f", {one.by}, since {since}, {one.source}")

    def conflict(self, keys: Iterable[FactKey]) -> str:
        evaluation = self.determination.evaluation
        return self.say(";", "; ").join(
            f"{self.question(key)} {self.established(evaluation.fact(key))}" for key in keys
        )
