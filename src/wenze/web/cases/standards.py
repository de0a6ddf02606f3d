"""The standards a decision must meet: for each, what stands against it, computed; a named person affirms it besides.

The standards' names are a vocabulary of the instrument, in the order of the checks here; without both the computed and
the person's part there is no recommendation and no decision. Knows what is missing, never whether something is right.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from wenze.law import Bilingual, Law, Measures, State, cite
from wenze.web.cases import evidence, reasoning
from wenze.web.cases.models import Affirmation, Answer, Case, EvidenceFile, Point, Receipt

VOCABULARY = "处理标准"
ACCOUNTABLE, NOT_ACCOUNTABLE = "accountable", "not-accountable"

Json = dict[str, Any]  # Any: JSON


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a recommendation proposes, or what is put to the vote, for one respondent.

    `rests_on` are the circumstances (rule, act), `kinds` the kinds of responsibility (rule, act, kind). `reason` is for
    measures outside their band, `departure` for what differs from determination or recommendation.
    """

    outcome: str = ACCOUNTABLE
    rests_on: tuple[tuple[str, str], ...] = ()
    kinds: tuple[tuple[str, str, str], ...] = ()
    band: str = ""
    measures: tuple[str, ...] = ()
    reason: str = ""
    departure: str = ""
    text: str = ""

    def as_json(self) -> Json:
        values = {
            "outcome": self.outcome,
            "rests_on": [list(each) for each in self.rests_on],
            "kinds": [list(each) for each in self.kinds],
            "band": self.band,
            "measures": list(self.measures),
            "reason": self.reason,
            "departure": self.departure,
            "text": self.text,
        }
        return {key: value for key, value in values.items() if value}


def proposal(value: Mapping[str, Any]) -> Proposal:
    """The proposal that a move holds."""
    return Proposal(
        value.get("outcome", ACCOUNTABLE),
        tuple((rule, act) for rule, act in value.get("rests_on", ())),
        tuple((rule, act, kind) for rule, act, kind in value.get("kinds", ())),
        value.get("band", ""),
        tuple(value.get("measures", ())),
        value.get("reason", ""),
        value.get("departure", ""),
        value.get("text", ""),
    )


def made_different(one: Proposal, other: Proposal) -> bool:
    """Whether two proposals would decide differently."""
    return (one.outcome, set(one.rests_on), set(one.kinds), one.band, set(one.measures)) != (
        other.outcome,
        set(other.rests_on),
        set(other.kinds),
        other.band,
        set(other.measures),
    )


@dataclass(frozen=True)
class Matter:
    """What is examined: a proposal for one respondent, on the last frozen determination, with the file as it is now."""

    case: Case
    subject: str
    proposal: Proposal
    file: Json
    law: Law
    measures: Measures
    store: evidence.Store
    papers_missing: tuple[Bilingual, ...] = field(default=())

    @cached_property
    def row(self) -> Receipt | None:
        return Receipt.objects.filter(case=self.case).order_by("-pk").first()

    @cached_property
    def receipt(self) -> Json | None:
        return reasoning.unpacked(self.row) if self.row else None

    def conclusions(self, group: str) -> Iterator[Json]:
        """The receipt's conclusions of a group against the respondent."""
        for one in (self.receipt or {}).get(group, ()):
            if one["respondent"] == self.subject:
                yield one

    def relied_on(self) -> Iterator[tuple[tuple[str, str], Json | None]]:
        """Each circumstance the proposal rests on, with what the receipt says of it."""
        found = {(one["rule"], one["act"]): one for one in self.conclusions("circumstances")}
        return ((each, found.get(each)) for each in self.proposal.rests_on)


def standards(law: Law) -> tuple[Bilingual, ...]:
    """The standards by name, in the order of the checks. Empty where the instrument names none."""
    vocabulary = law.vocabularies.get(VOCABULARY)
    return vocabulary.terms if vocabulary else ()


def obstacles(matter: Matter) -> dict[str, tuple[Bilingual, ...]]:
    """By standard, in order: what stands against it, each as a sentence that says what to do."""
    names = [name.zh for name in standards(matter.law)]
    return {name: tuple(check(matter)) for name, check in zip(names, _CHECKS, strict=False)}


def affirmed(matter: Matter, step: str) -> dict[str, Affirmation]:
    """The affirmations that count for a step: made on the last frozen determination, after the last answer."""
    row = matter.row
    rows = Affirmation.objects.filter(
        case=matter.case, subject=matter.subject, step=step, receipt=row.digest if row else ""
    )
    last = Answer.objects.filter(case=matter.case, subject=matter.subject).order_by("-pk").first()
    since = last.move if last else 0
    return {each.standard: each for each in rows if each.move > max(since, row.move if row else 0)}


def lacking(matter: Matter, step: str) -> tuple[Bilingual, ...]:
    """Everything that stands in the way of a recommendation or a decision, standard by standard."""
    found, done = obstacles(matter), affirmed(matter, step)
    reasons: list[Bilingual] = []
    for name in standards(matter.law):
        reasons += [Bilingual(f"{name.zh}:{each.zh}", f"{name.en}: {each.en}") for each in found.get(name.zh, ())]
        if name.zh not in done:
            reasons.append(
                Bilingual(
                    f"{name.zh}:还没有人署名确认并说明理由。",
                    f"{name.en}: no named person has affirmed it with reasons.",
                )
            )
    return tuple(reasons)


# --- the checks, in the order of the vocabulary -----------------------------------------------------------------------


def _facts(matter: Matter) -> Iterator[Bilingual]:
    """Nothing the proposal rests on is unresolved, and the frozen determination reflects the file."""
    if matter.receipt is None:
        yield Bilingual("还没有定格的认定。请先作出认定。", "No determination is frozen. Determine first.")
        return
    changes = reasoning.unreflected(matter.receipt, matter.file)
    if changes:
        yield Bilingual(
            f"认定之后又有 {len(changes)} 处变动没有反映。请重新作出认定。",
            f"{len(changes)} changes since the determination are not reflected in it. Determine again.",
        )
    if matter.receipt["contradictions"]:
        yield Bilingual(
            "已认定的事实互相矛盾。请先解决矛盾。", "Established facts contradict each other. Resolve that first."
        )
    for (rule, act), one in matter.relied_on():
        name = _named(matter, rule, act)
        if one is None or (one["state"] == str(State.OPEN) and not matter.proposal.departure):
            yield Bilingual(
                f"所依据的情形尚不能认定:{name.zh}。请补充事实,或者不以它为依据。",
                f"Not yet determinable: {name.en}. Complete the facts, or do not rest on it.",
            )


def _evidence(matter: Matter) -> Iterator[Bilingual]:
    """Nothing spoken of is contested and unresolved; every piece says where it comes from; no byte changed."""
    for fact in (matter.receipt or {}).get("facts", ()):
        if fact["contested"] and fact["status"] == "not-established" and _concerns(matter, fact):
            asked = matter.law.facts[fact["name"]].question
            yield Bilingual(
                f"“{asked.zh}”两方面都有证据,还没有署名的认定。请作出认定并说明理由。",
                f"“{asked.in_('en')}” is contested and no finding resolves it. Make one, with reasons.",
            )
    for piece in matter.file.get("evidence", ()):
        absent = [key for key in ("form", "source", "obtained", "obtained_by") if not piece.get(key)]
        if absent:
            yield Bilingual(
                f"证据“{piece['title']}”没有写全形式、来源、取得日期和取得人。请补充。",
                f"The evidence “{piece['title']}” lacks {', '.join(absent)}. Complete it.",
            )
    for file in EvidenceFile.objects.filter(case=matter.case):
        try:
            matter.store.read(file.digest)
        except evidence.Altered:
            yield Bilingual(
                f"证据 {file.evidence} 的文件与收入时不同,或者不见了。请从备份恢复,或者重新收入并说明。",
                f"The file of evidence {file.evidence} is not what was let in. Restore it, or admit it again and say so.",
            )


def _named(matter: Matter, rule: str, act: str) -> Bilingual:
    """A circumstance in an act, as lawyers cite it."""
    anchor = matter.law.rules[rule].anchor if rule in matter.law.rules else rule
    title = next((each["title"] for each in matter.file.get("acts", ()) if each["id"] == act), act)
    return Bilingual(f"{cite(anchor, 'zh')}“{title}”", f"{cite(anchor, 'en')} “{title}”")


def _concerns(matter: Matter, fact: Json) -> bool:
    """Whether a fact belongs to the respondent or to an act the proposal rests on."""
    acts = {act for _, act in matter.proposal.rests_on}
    return not fact["entities"] or bool({matter.subject, *acts} & set(fact["entities"]))


def _character(matter: Matter) -> Iterator[Bilingual]:
    """What the proposal rests on is made out, may be relied on, and rests on no reading that nobody has ruled on."""
    if matter.proposal.outcome != ACCOUNTABLE:
        return
    if not matter.proposal.rests_on:
        yield Bilingual("没有写明依据哪一种情形。请选择。", "It names no circumstance it rests on. Choose one.")
    by_default = {one["reading"] for one in (matter.receipt or {}).get("readings", ()) if one["ground"] == "default"}
    for (rule, act), one in matter.relied_on():
        if one is None:
            continue
        name = _named(matter, rule, act)
        if one["state"] not in (str(State.MADE_OUT), str(State.OPEN)) and not matter.proposal.departure:
            yield Bilingual(
                f"没有认定成立:{name.zh}。与认定不同的,请说明理由。",
                f"Not made out: {name.en}. Say why the proposal departs from the determination.",
            )
        for reading in one["depends"]:
            if reading in by_default:
                asked = matter.law.readings[reading].question
                yield Bilingual(
                    f"{name.zh}取决于解读“{asked.zh}”({reading}),还没有裁定。请由有权的人裁定并说明理由。",
                    f"{name.en} depends on a reading on which nobody has ruled: {asked.in_('en')} ({reading}) Have it ruled on, with reasons.",
                )
        yield from _reliance(matter, rule, act)


def _reliance(matter: Matter, rule: str, act: str) -> Iterator[Bilingual]:
    for one in (matter.receipt or {}).get("reliance", ()):
        if (one["rule"], one["respondent"], one["act"]) == (rule, matter.subject, act) and one["answer"] != "yes":
            guard, name = matter.law.guards[one["guard"]], _named(matter, rule, act)
            yield Bilingual(
                f"{name.zh}还不能依用:{guard.text.zh}",
                f"{name.en} may not be relied on yet: {guard.text.in_('en')}",
            )


def _handling(matter: Matter) -> Iterator[Bilingual]:
    """A band and measures are chosen, within the band or with a reason; the kinds are those of the determination, or a reason is given."""
    chosen = matter.proposal
    if chosen.outcome != ACCOUNTABLE:
        return
    if not chosen.band or not chosen.measures:
        yield Bilingual(
            "没有写明情节轻重和问责方式。请选择并说明。", "It names no degree of gravity or no measure. Choose both."
        )
        return
    within = {measure.id for measure in matter.measures.within(chosen.band)}
    outside = [measure for measure in chosen.measures if measure not in within]
    if outside and not chosen.reason:
        names = {measure.id: measure.title for measure in matter.measures.ranked}
        zh, en = "、".join(names[each].zh for each in outside), ", ".join(names[each].en for each in outside)
        yield Bilingual(
            f"{zh}不在所选的档次之内。请说明理由,或者另选。",
            f"Not within the chosen degree: {en}. Give the reason, or choose others.",
        )
    found = {
        (one["rule"], one["act"], one["kind"])
        for one in matter.conclusions("responsibilities")
        if one["state"] == str(State.MADE_OUT)
    }
    if any(kind not in found for kind in chosen.kinds) and not chosen.departure:
        yield Bilingual(
            "所写的责任种类与认定不同。请说明理由。",
            "The kinds of responsibility differ from the determination. Say why.",
        )


def _procedure(matter: Matter) -> Iterator[Bilingual]:
    """Every point of the defence is answered. What steps are missed, the law says at the door."""
    for number in unanswered(matter.case, matter.subject):
        yield Bilingual(
            f"申辩第 {number} 点还没有答复。请逐点答复:采纳的写明改变什么,不采纳的写明理由。",
            f"Point {number} of the defence is unanswered. Answer it: what changes, or why not.",
        )


def _formalities(matter: Matter) -> Iterable[Bilingual]:
    """The papers the step requires."""
    return matter.papers_missing


def unanswered(case: Case, subject: str) -> tuple[int, ...]:
    """The numbers of the points of a defence without an answer."""
    points = Point.objects.filter(case=case, subject=subject).values_list("number", flat=True)
    answered = set(Answer.objects.filter(case=case, subject=subject).values_list("number", flat=True))
    return tuple(number for number in points if number not in answered)


_CHECKS: tuple[Callable[[Matter], Iterable[Bilingual]], ...] = (
    _facts,
    _evidence,
    _character,
    _handling,
    _procedure,
    _formalities,
)
