"""What a reader of the law should look at: conditions without effect, items inside others, words without a rule, gaps.

Findings are no problems: the law runs. They are exact for any case at all (`abstract`). A rule that is too large to be
decided exactly is a problem: `too_large`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import groupby

from wenze.law import text
from wenze.law.decide import FALSE, MAX_NODES, Diagrams, TooLarge, deep
from wenze.law.instrument import Law
from wenze.law.lint import conditions, items
from wenze.law.lint.abstract import ACT, ANYWHERE, SELF, Abstract
from wenze.law.lint.coverage import coverage
from wenze.law.lint.finding import Finding, listed
from wenze.law.lint.walk import Block, named_facts, rests_on, trees
from wenze.law.problems import Problem
from wenze.law.procedure.basis import FLAGS
from wenze.law.rules import Bilingual, Fact, Nature
from wenze.law.steps import ClockText, EffectText, Gap, Provenance, StepText
from wenze.law.tree import leaves

__all__ = ["FINDINGS", "Finding", "findings", "too_large"]

FINDINGS = {
    "F001": Bilingual("条件不可能具备", "a condition that can never be met"),
    "F002": Bilingual("条件总是具备", "a condition that is always met"),
    "F003": Bilingual("条件在其所在之处不起作用", "a condition that changes nothing where it stands"),
    "F004": Bilingual("规则不可能成立", "a rule that can never be made out"),
    "F005": Bilingual("约束不可能同时满足", "constraints that no case can meet"),
    "F009": Bilingual("规模过大,未能核对", "too large to be compared"),
    "F010": Bilingual("一项包含在另一项之中", "an item contained in another"),
    "F011": Bilingual("可能同时成立的各项", "items that can hold together"),
    "F020": Bilingual("解读不影响任何结论", "a reading that never matters"),
    "F021": Bilingual("例外从不适用", "an exception that never applies"),
    "F022": Bilingual("例外不改变任何结论", "an exception that changes nothing"),
    "F030": Bilingual("事实没有用到", "a fact never used"),
    "F031": Bilingual("定义没有用到", "a definition never used"),
    "F032": Bilingual("提示或者保障从不显示", "a note or guard that is never shown"),
    "F040": Bilingual("文本中没有引用的词句", "words of the text that no node quotes"),
    "F041": Bilingual("没有标准的程度用语", "degree words without a standard"),
    "F050": Bilingual("没有情形的职责", "a duty without a circumstance"),
    "F051": Bilingual("没有责任划分规则的情形", "a circumstance without an attribution rule"),
    "F052": Bilingual("没有自己的责任划分规则的情形", "circumstances without an attribution rule of their own"),
    "F053": Bilingual("所引文件的文本没有掌握", "an instrument referred to whose text is not held"),
    "F054": Bilingual("条文没有掌握", "a part of the instrument whose text is not held"),
    "F055": Bilingual("数字没有对照条文核对", "a number not checked against the article"),
}

MOST_NODES = 4_000_000  # of all rules of a law in one store
# What shows that a finding can be measured against something: the title of an instrument, or that one has to be named.
_STANDARD = re.compile(r"《|标准|规定|法律|法规|条文|条款|\bstandards?\b|\brules?\b|\blaws?\b", re.IGNORECASE)
_CHECKS: tuple[Callable[[Abstract], Iterator[Finding]], ...] = (
    conditions.idle_conditions,
    conditions.idle_rules,
    conditions.idle_readings,
    conditions.idle_exceptions,
    conditions.idle_remarks,
    items.contained_items,
    items.overlapping_items,
    items.unfounded_duties,
    items.unattributed,
)


def findings(law: Law, *, budget: int = MOST_NODES) -> tuple[Finding, ...]:
    """Every finding on a law, by kind and then in the order of the text."""
    found = [*_unused(law), *_uncovered(law), *_degree_words(law), *_not_held(law), *_gaps(law), *_unchecked(law)]
    with deep():
        case = Abstract(law, Diagrams(budget))
        impossible = list(_checked(case, _constraints))
        found += impossible or [finding for check in _CHECKS for finding in _checked(case, check)]
    files = [source.file for source in law.sources]
    return tuple(sorted(found, key=lambda one: (one.id, files.index(one.place.file), one.place.line)))


def _checked(case: Abstract, check: Callable[[Abstract], Iterator[Finding]]) -> Iterator[Finding]:
    try:
        yield from check(case)
    except TooLarge as error:
        title, what = FINDINGS["F009"], check.__name__.strip("_").replace("_", " ")
        zh, en = f"{title.zh}({what}:{error})", f"{title.en} ({what}: {error})"
        yield Finding("F009", next(iter(case.law.rules.values())).place, Bilingual(zh, en))


def too_large(law: Law, *, budget: int = MAX_NODES) -> tuple[Problem, ...]:
    """The rules that alone exceed the budget of nodes in the abstract case, whatever their groups are made of."""
    problems = []
    for rule in law.rules.values():
        try:
            with deep():
                case = Abstract(law, Diagrams(budget))
                for function in case.conclusion(rule, SELF, ACT):
                    case.never(function)
        except TooLarge as error:
            hint = "split the rule, or let fewer readings and quantifiers meet in it"
            problems.append(Problem(rule.place, "L083", f"`{rule.id}` cannot be decided exactly: {error}", hint))
    return tuple(problems)


def _constraints(case: Abstract) -> Iterator[Finding]:
    """F005: constraints that exclude every case; nothing else can be asked then."""
    mentions = frozenset(case.key(name, ANYWHERE) for name in case.law.facts)
    if case.law.constraints and case.possible(mentions) == FALSE:
        names = listed(constraint.id for constraint in case.law.constraints)
        message = Bilingual(f"约束{names.zh}不可能同时满足", f"the constraints {names.en} can never be met together")
        yield Finding("F005", case.law.constraints[0].place, message)


# What is declared and not used


def _unused(law: Law) -> Iterator[Finding]:
    used = _used(law)
    roots = trees(law)
    named = set(named_facts({block: roots[block] for block in used}))
    constrained = {node.name for constraint in law.constraints for part in constraint.parts for node in leaves(part)}
    for fact in law.facts.values():
        if fact.name not in named:
            only = fact.name in constrained
            zh = f"事实`{fact.name}`" + ("只在约束中用到,不影响任何结论" if only else "没有用到")
            en = f"the fact `{fact.name}` " + (
                "is used in constraints only and bears on no conclusion" if only else "is never used"
            )
            yield Finding("F030", fact.place, Bilingual(zh, en), fact.question)
    for name, definition in law.definitions.items():
        if Block("define", name) not in used:
            zh, en = f"定义`{name}`没有用到", f"the definition `{name}` is never used"
            yield Finding("F031", definition.place, Bilingual(zh, en))


def _used(law: Law) -> frozenset[Block]:
    """The blocks that something shown rests on."""
    leads_to = rests_on(law)
    reached = [blocks for block, blocks in leads_to.items() if block.kind != "define"]
    modal = (name for rule in law.rules.values() for _, name, _ in rule.conclusion.otherwise)
    return frozenset().union(*reached, *(leads_to[Block("define", name)] for name in modal))


# The text


def _uncovered(law: Law) -> Iterator[Finding]:
    """F040: the words of an article or item that are neither quoted nor explained."""
    for one in coverage(law):
        if one.left:
            place, cited = (
                law.articles[one.anchor].place,
                Bilingual(text.cite(one.anchor, "zh"), text.cite(one.anchor, "en")),
            )
            words, share = "".join(f"「{words}」" for words in one.left), one.share(one.uncovered)
            zh = f"{cited.zh}有{share}%的词句没有条件引用,也没有说明:{words}"
            en = f"{share} % of the words of {cited.en} are neither quoted nor explained: {words}"
            yield Finding("F040", place, Bilingual(zh, en))


def _degree_words(law: Law) -> Iterator[Finding]:
    """F041: judgements whose guidance names nothing to measure them by, article by article."""
    roots, used = trees(law), _used(law)
    named = set(named_facts({block: roots[block] for block in used if block.kind != "guard"}))
    bare = [
        fact
        for fact in law.facts.values()
        if fact.nature is Nature.JUDGEMENT and fact.name in named and not _STANDARD.search(fact.guidance)
    ]
    order = list(law.articles)
    bare.sort(key=lambda fact: order.index(fact.anchor) if fact.anchor in order else -1)
    for anchor, group in groupby(bare, key=lambda fact: fact.anchor):
        yield _degree(anchor, list(group))


def _degree(anchor: str, facts: list[Fact]) -> Finding:
    names = listed(fact.name for fact in facts)
    zh = f"{text.cite(anchor, 'zh')}的判断没有可以援引的标准:{names.zh}"
    en = f"judgements of {text.cite(anchor, 'en')} name no standard to measure them by: {names.en}"
    return Finding("F041", facts[0].place, Bilingual(zh, en), facts[0].question)


def _not_held(law: Law) -> Iterator[Finding]:
    """F053: instruments the law refers to whose text is not held."""
    for source in law.duty_sources.values():
        if not source.held:
            zh = f"没有掌握《{source.title.zh}》的文本({source.id})"
            en = f"the text of “{source.title.en}” is not held ({source.id})"
            yield Finding("F053", source.place, Bilingual(zh, en))


def _gaps(law: Law) -> Iterator[Finding]:
    """F054: parts of an instrument of procedure that are not held, and what they would decide."""
    for stated in law.stated:
        if isinstance(stated, Gap):
            about = listed(stated.about)
            zh = f"没有掌握{stated.title.zh}" + (f",它可能决定:{about.zh}" if stated.about else "")
            en = f"not held: {stated.title.en}" + (f"; it would decide about {about.en}" if stated.about else "")
            yield Finding("F054", stated.place, Bilingual(zh, en), stated.note)


def _unchecked(law: Law) -> Iterator[Finding]:
    """F055: periods and numbers of persons that were not read in the article itself."""
    for stated in law.stated:
        if isinstance(stated, ClockText | EffectText) and stated.term:
            number = Bilingual(stated.term.in_("zh"), stated.term.in_("en"))
        elif isinstance(stated, StepText) and stated.actors:
            number = Bilingual(f"{stated.actors}人", f"{stated.actors} persons")
        else:
            continue
        if stated.provenance != Provenance.TEXT:
            how = FLAGS[Provenance(stated.provenance)]
            zh = f"`{stated.id}`的{number.zh}没有对照条文核对:{how.zh}"
            en = f"{number.en} of `{stated.id}` is not checked against the article: {how.en}"
            yield Finding("F055", stated.place, Bilingual(zh, en))
