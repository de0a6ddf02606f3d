"""What stands beside each article of a law: its text, rules, facts, readings, scenarios and findings. Links, no verdicts."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import htpy as h

from wenze.law import (
    FINDINGS,
    FLAGS,
    Bilingual,
    Case,
    Expectation,
    Finding,
    Law,
    Node,
    Place,
    Provenance,
    Reading,
    Rule,
    Statement,
    cite,
    on_screen,
    places_of,
)
from wenze.page.conditions import condition
from wenze.page.tongue import Tongue

_LISTS = {"readings": ("解读", "Readings"), "findings": ("发现", "Findings"), "scenarios": ("案例", "Scenarios")}
_STATES = {
    "made-out": ("成立", "made out"),
    "not-made-out": ("不成立", "not made out"),
    "open": ("尚不能认定", "not yet determinable"),
    "not-applicable": ("不适用", "not applicable"),
}
_LOOKS = {"made-out": "made", "not-made-out": "not", "open": "open", "not-applicable": "na"}
_NATURES = {
    "fact": ("事实", "fact"),
    "judgement": ("判断", "judgement"),
    "cause": ("因果", "cause"),
    "data": ("数据", "data"),
}
_SCOPES = {
    "case": ("案件", "case"),
    "respondent": ("主体", "respondent"),
    "act": ("行为", "act"),
    "participation": ("参与", "participation"),
    "event": ("事件", "event"),
    "outcome": ("结果", "outcome"),
}


def list_title(tongue: Tongue, name: str) -> str:
    return tongue.say(*_LISTS[name])


@dataclass(frozen=True)
class Beside:
    """A law in one language with all that is shown beside its articles."""

    law: Law
    tongue: Tongue
    cases: tuple[Case, ...]
    found: tuple[Finding, ...]

    @cached_property
    def anchors(self) -> list[str]:
        return [anchor for anchor in self.law.articles if anchor != "0"]

    def where(self, place: Place) -> str:
        """The anchor under which something is written; "" outside every article."""
        starts = [
            (article.place.line, article.anchor)
            for source in self.law.sources
            if source.file == place.file
            for article in source.articles
        ]
        before = [anchor for line, anchor in starts if line <= place.line]
        return before[-1] if before else ""

    def link(self, kind: str, name: str) -> str:
        if kind == "reading":
            return f"readings.html#{_id('reading', name)}"
        anchor = self.where(self.law.definitions[name].place)
        return f"{anchor if anchor in self.anchors else 'index'}.html#{_id('define', name)}"

    def title(self, anchor: str) -> str:
        rules = [rule for rule in self.law.rules.values() if rule.anchor == anchor]
        said = rules[0].title.in_(self.tongue.lang) if rules else ""
        return on_screen(said) if self.tongue.lang == "zh" else said

    def section(self, zh: str, en: str, found: Sequence[h.Node]) -> h.Node:
        return h.section[h.h2[self.tongue.say(zh, en)], found] if found else None


def _id(kind: str, name: str) -> str:
    return f"{kind}-{name}"


# Pages


def contents(beside: Beside) -> h.Node:
    law, tongue = beside.law, beside.tongue
    counts = (len(law.rules), len(law.facts), len(law.readings), len(law.exceptions), len(beside.found))
    rows: list[h.Node] = []
    for article in (article for source in law.sources for article in source.articles):
        if not article.anchor:
            rows.append(h.li(".chapter", lang="zh-CN")[on_screen(article.heading)])
        elif article.anchor != "0":
            text = _without_number(on_screen("".join(article.paragraphs)), article.anchor)
            inner = h.span(".soft", lang="zh-CN")[text[:60] + ("…" if len(text) > 60 else "")]
            rows.append(
                h.li(".item" if "." in article.anchor else ".article")[
                    h.a(href=f"{article.anchor}.html")[cite(article.anchor, tongue.lang)],
                    " ",
                    tongue.text(beside.title(article.anchor)),
                    " ",
                    inner,
                ]
            )
    said = tongue.say(
        "规则 {} 条、事实 {} 项、解读 {} 项、例外 {} 项、发现 {} 项",
        "{} rules, {} facts, {} readings, {} exceptions, {} findings",
    ).format(*counts)
    elsewhere = _definitions(beside, "0") + _definitions(beside, "")
    return [
        h.h1[tongue.of(law.title)],
        h.p(".law")[tongue.say(f"自{law.in_force}起施行 · ", f"in force from {law.in_force} · "), said],
        h.ul(".contents")[rows],
        beside.section("共同的定义", "Shared definitions", elsewhere),
        _facts(beside, "0"),
        h.p(".soft")[tongue.say("规范文件散列 ", "instrument "), h.code[law.digest]],
    ]


def article(beside: Beside, anchor: str) -> h.Node:
    law, tongue = beside.law, beside.tongue
    declared = law.articles[anchor]
    rules = [rule for rule in law.rules.values() if rule.anchor == anchor]
    inner = [one for one in beside.anchors if one.startswith(f"{anchor}.")]
    chapeau = anchor.partition(".")[0]
    return [
        h.h1[cite(anchor, tongue.lang), h.span(".act")[" ", tongue.text(beside.title(anchor))] if rules else None],
        chapeau != anchor
        and h.p(".soft")[
            h.a(href=f"{chapeau}.html")[cite(chapeau, tongue.lang)],
            " ",
            h.span(lang="zh-CN")[_without_number(on_screen(law.paragraph(chapeau)), chapeau)],
        ],
        _text(beside, anchor),
        declared.reason_not_encoded
        and h.p(".soft")[tongue.say("不编码:", "Not encoded: "), tongue.of(declared.reason_not_encoded)],
        h.ul(".contents")[
            [
                h.li(".item")[h.a(href=f"{one}.html")[cite(one, tongue.lang)], " ", tongue.text(beside.title(one))]
                for one in inner
            ]
        ]
        if inner
        else None,
        beside.section("规则", "Rules", [_rule(beside, rule) for rule in rules]),
        beside.section("例外", "Exceptions", list(_exceptions(beside, anchor))),
        beside.section("定义", "Definitions", _definitions(beside, anchor)),
        beside.section("程序和方式", "Procedure and methods", list(_statements(beside, anchor))),
        _facts(beside, anchor),
        beside.section(
            "解读",
            "Readings",
            [_reading(beside, one) for one in law.readings.values() if beside.where(one.place) == anchor],
        ),
        beside.section("提示和保障", "Notes and safeguards", list(_remarks(beside, anchor, rules))),
        beside.section("案例", "Scenarios", _scenarios_of(beside, {rule.id for rule in rules})),
        beside.section(
            "发现", "Findings", [_finding(beside, one) for one in beside.found if beside.where(one.place) == anchor]
        ),
    ]


def readings(beside: Beside) -> h.Node:
    return [
        h.h1[list_title(beside.tongue, "readings")],
        [_reading(beside, one, level=h.h2) for one in beside.law.readings.values()],
    ]


def all_findings(beside: Beside) -> h.Node:
    """No errors: for drafters and reviewers to judge."""
    intro = beside.tongue.say(
        "发现不是错误,供起草和审查的人判断;每一项对任何案件都精确。",
        "Findings are no errors: they are for drafters and reviewers to judge. Each is exact for any case at all.",
    )
    ids = dict.fromkeys(one.id for one in beside.found)
    kinds = [
        h.section(".kind-of-finding")[
            h.h2[h.code[id_], " ", beside.tongue.of(FINDINGS[id_])],
            [_finding(beside, one) for one in beside.found if one.id == id_],
        ]
        for id_ in ids
    ]
    return [h.h1[list_title(beside.tongue, "findings")], h.p(".soft")[intro], kinds]


def scenarios(beside: Beside) -> h.Node:
    told = [case for case in beside.cases if case.expectations]
    return [
        h.h1[list_title(beside.tongue, "scenarios")],
        [_story(beside, case, case.expectations, level=h.h2) for case in told],
    ]


# Parts


def _without_number(text: str, anchor: str) -> str:
    """Official text after its own number, where a link says that."""
    return text.removeprefix(cite(anchor, "zh")).lstrip()


def _coded(tongue: Tongue, text: str) -> h.Node:
    """A sentence whose names stand in `backticks`."""
    return [h.code[tongue.text(part)] if at % 2 else tongue.text(part) for at, part in enumerate(text.split("`"))]


def _text(beside: Beside, anchor: str) -> h.Node:
    """The official text; words that some condition quotes are marked."""
    official = beside.law.paragraph(anchor)
    marked = [False] * len(official)
    for words in _quoted(beside.law, anchor):
        for start, end in places_of(words, official):
            marked[start:end] = [True] * (end - start)
    shown, pieces, start = on_screen(official), [], 0
    for at in range(1, len(official) + 1):
        if at == len(official) or marked[at] != marked[start]:
            pieces.append(h.mark(".encoded")[shown[start:at]] if marked[start] else shown[start:at])
            start = at
    legend = (
        h.p(".legend")[beside.tongue.say("下划线:由规则引用的词语", "underlined: words that a rule quotes")]
        if any(marked)
        else None
    )
    return [h.blockquote(lang="zh-CN")[h.p[pieces]], legend]


def _quoted(law: Law, anchor: str) -> Iterator[str]:
    """The words of an anchor that some condition quotes."""
    trees = [(rule.anchor, rule.condition) for rule in law.rules.values()]
    trees += [(one.anchor, one.condition) for one in law.exceptions.values()] + [
        (one.anchor, one.condition) for one in law.definitions.values()
    ]
    for own, root in trees:
        pending = [root]
        while pending:
            node = pending.pop()
            pending += node.children
            yield from (quote.words for quote in node.quotes if (quote.anchor or own) == anchor)
    for rule in law.rules.values():
        quotes = (*rule.conclusion.quotes, *(quote for gate in rule.gates for quote in gate.quotes))
        yield from (quote.words for quote in quotes if (quote.anchor or rule.anchor) == anchor)


def _tree(beside: Beside, node: Node) -> h.Node:
    return condition(beside.law, beside.tongue, node, beside.link)


def _rule(beside: Beside, rule: Rule) -> h.Node:
    law, tongue = beside.law, beside.tongue
    gates = [
        [
            "；" if at and tongue.lang == "zh" else "; " if at else None,
            h.a(href=beside.link("define", gate.name))[tongue.of(law.definitions[gate.name].title)],
        ]
        for at, gate in enumerate(rule.gates)
    ]
    concludes = f"{law.term('种类', rule.conclusion.kind, tongue.lang)} · {law.term('情态', rule.conclusion.modality, tongue.lang)}"
    left = [h.li[tongue.text(f"「{on_screen(one.words)}」 "), tongue.of(one.reason)] for one in rule.unencoded]
    return h.article(id=_id("rule", rule.id))[
        h.h3[h.code[tongue.text(rule.id)], " ", tongue.of(rule.title)],
        h.p(".soft")[
            tongue.say("适用:", "Applies to: "), gates, h.br, tongue.say("结论:", "Concludes: "), tongue.text(concludes)
        ],
        _tree(beside, rule.condition),
        h.details[h.summary[tongue.say("不引的词语", "words not quoted")], h.ul[left]] if left else None,
    ]


def _exceptions(beside: Beside, anchor: str) -> Iterator[h.Node]:
    tongue = beside.tongue
    for one in beside.law.exceptions.values():
        if one.anchor == anchor:
            effect = (
                [
                    tongue.say("替代为 ", "replaced by "),
                    tongue.text(beside.law.term("种类", one.replaced_by, tongue.lang)),
                ]
                if one.replaced_by
                else tongue.say("免除", "relieves")
            )
            yield h.article(id=_id("exception", one.id))[
                h.h3[h.code[tongue.text(one.id)], " ", tongue.of(one.title)],
                h.p(".soft")[
                    tongue.say("推翻:", "Overrides: "), tongue.text(tongue.listed(list(one.overrides))), " · ", effect
                ],
                _tree(beside, one.condition),
            ]


def _definitions(beside: Beside, anchor: str) -> list[h.Node]:
    return [
        h.article(id=_id("define", one.name))[h.h3[beside.tongue.of(one.title)], _tree(beside, one.condition)]
        for one in beside.law.definitions.values()
        if beside.where(one.place) == anchor or (anchor == "" and beside.where(one.place) not in (*beside.anchors, "0"))
    ]


def _statements(beside: Beside, anchor: str) -> Iterator[h.Node]:
    """What an article says of procedure and methods, each with its modality and how far it was checked."""
    tongue = beside.tongue
    for each in beside.law.stated:
        if isinstance(each, Statement) and anchor in each.anchors:
            term = getattr(each, "term", None)
            said = [each.title, Bilingual(term.in_("zh"), term.in_("en")) if term else Bilingual("", ""), each.note]
            flag = FLAGS[Provenance(each.provenance or Provenance.MISSING)]
            modality = Bilingual(each.modality, beside.law.term("情态", each.modality, "en"))
            yield h.p[
                h.code[each.id],
                [[" · ", tongue.of(words)] for words in said if words.zh],
                h.span(".soft")[[[" · ", tongue.of(words)] for words in (modality, flag) if words.zh]],
            ]


def _facts(beside: Beside, anchor: str) -> h.Node:
    law, tongue = beside.law, beside.tongue
    facts = [fact for fact in law.facts.values() if beside.where(fact.place) == anchor]
    rows = [
        h.tr[
            h.th(scope="row")[tongue.text(fact.name if tongue.lang == "zh" else fact.english)],
            h.td[tongue.of(fact.question)],
            h.td[tongue.say(*_NATURES[str(fact.nature)])],
            h.td[tongue.say(*_SCOPES[str(fact.scope)])],
            h.td[
                tongue.text(
                    tongue.listed([law.term("证据形式", form, tongue.lang) for form in fact.proof]) or fact.guidance
                )
            ],
        ]
        for fact in facts
    ]
    heads = (("事实", "fact"), ("问题", "question"), ("性质", "nature"), ("对象", "scope"), ("证明", "proof"))
    table = h.table[h.thead[h.tr[[h.th(scope="col")[tongue.say(*name)] for name in heads]]], h.tbody[rows]]
    return beside.section(
        "事实",
        "Facts",
        [h.div(".wide", tabindex="0", role="region", aria_label=tongue.say("事实", "facts"))[table]] if rows else [],
    )


def _reading(beside: Beside, one: Reading, level: h.Element = h.h3) -> h.Node:
    tongue = beside.tongue
    options = [
        h.li[
            tongue.of(text),
            option == one.default and h.strong[tongue.say("(默认)", " (default)")],
            option == one.mildest and h.span(".soft")[tongue.say("(最轻)", " (mildest)")],
        ]
        for option, text in one.options
    ]
    settled = tongue.say("未决", "open")
    if one.settled:
        settled = tongue.say(
            f"已决:{one.settled.option},自{one.settled.since},{one.settled.by},{one.settled.source}",
            f"settled: {one.settled.option}, since {one.settled.since}, {one.settled.by}, {one.settled.source}",
        )
    return h.article(".reading", id=_id("reading", one.id))[
        level[h.code[tongue.text(one.id)]],
        h.p(".question")[tongue.of(one.question)],
        h.ul[options],
        h.p(".soft")[tongue.say("理由:", "Reasons: "), tongue.of(one.reason)],
        h.p(".soft")[
            tongue.say("有权解释:", "May settle it: "), tongue.of(one.interpreter), " · ", tongue.text(settled)
        ],
    ]


def _remarks(beside: Beside, anchor: str, rules: Sequence[Rule]) -> Iterator[h.Node]:
    tongue, ids = beside.tongue, {rule.id for rule in rules}
    for note in beside.law.notes.values():
        if note.anchor == anchor:
            yield h.article[h.h3[tongue.of(note.title)], h.p[tongue.of(note.text)], _tree(beside, note.condition)]
    for guard in beside.law.guards.values():
        if ids.intersection(guard.about):
            yield h.article[
                h.h3[tongue.say("保障:", "Safeguard: "), tongue.of(guard.title)],
                h.p[tongue.of(guard.text)],
                _tree(beside, guard.condition),
            ]


def _scenarios_of(beside: Beside, rules: set[str]) -> list[h.Node]:
    found = [
        (case, [one for one in case.expectations if one.kind == "state" and one.rule in rules]) for case in beside.cases
    ]
    return [_story(beside, case, expected) for case, expected in found if expected]


def _story(beside: Beside, case: Case, expected: Sequence[Expectation], level: h.Element = h.h3) -> h.Node:
    tongue = beside.tongue
    lines = [h.li[_expected(beside, case, one)] for one in case.expectations if one in expected and one.kind == "state"]
    return h.article(".scenario")[
        level[tongue.of(case.title)],
        case.story and h.p(".story", lang="zh-CN")[on_screen(case.story)],
        lines and h.ul(".plain")[lines],
    ]


def _expected(beside: Beside, case: Case, one: Expectation) -> h.Node:
    """One expectation: who, for what, which rule, the state; `wenze cases` proves that it comes out."""
    law, tongue = beside.law, beside.tongue
    who = case.posts.get(one.respondent) or case.units.get(one.respondent)
    act = case.acts.get(one.act)
    names = " · ".join(named.title or named.id for named in (who, act) if named)
    anchor = law.rules[one.rule].anchor if one.rule in law.rules else ""
    turns = tongue.say("稳健", "robust") if one.robust else ""
    if one.depends:
        turns = tongue.say("取决于解读 ", "depends on the reading ") + tongue.listed(list(one.depends))
    return [
        h.span(f".badge.{_LOOKS[one.state]}")[tongue.say(*_STATES[one.state])],
        " ",
        h.a(href=f"{anchor}.html")[cite(anchor, tongue.lang)] if anchor in beside.anchors else None,
        " ",
        tongue.text(names),
        turns and h.span(".soft")[" — ", tongue.text(turns)],
        one.because and h.span(".evidence")[tongue.text(one.because)],
    ]


def _finding(beside: Beside, one: Finding) -> h.Node:
    tongue, anchor = beside.tongue, beside.where(one.place)
    return h.article(".finding")[
        h.p[
            h.code[one.id],
            " ",
            anchor in beside.anchors and [h.a(href=f"{anchor}.html")[cite(anchor, tongue.lang)], tongue.colon()],
            _coded(tongue, one.message.in_(tongue.lang)),
        ],
        one.example
        and h.details[
            h.summary[tongue.say("例", "Example")], h.p(".soft")[_coded(tongue, one.example.in_(tongue.lang))]
        ],
    ]
