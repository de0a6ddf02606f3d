"""Circumstances held against one another and against the rules of responsibility: contained, overlapping, without
attribution.

Compared with complete lists; a containment is exact for any case of two participants and two events.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import permutations

from wenze.law import text
from wenze.law.case import FactKey
from wenze.law.decide import FALSE
from wenze.law.lint.abstract import ACT, HERE, OTHER, SELF, Abstract, Listed, Record
from wenze.law.lint.finding import Finding, listed
from wenze.law.lint.walk import Block, rests_on, trees
from wenze.law.rules import Bilingual, DutySource, Nature, Rule
from wenze.law.tree import leaves
from wenze.law.variables import Function


def contained_items(case: Abstract) -> Iterator[Finding]:
    """F010: circumstances that are made out whenever another one is, under every reading or under the default ones."""
    bodies = _bodies(case)
    for inner, outer in permutations(bodies, 2):
        small, large = bodies[inner], bodies[outer]
        if _implies(case, small, large):
            under = Bilingual("依任何解读", "under every reading")
        elif _implies(case, case.by_default(small), case.by_default(large)):
            under = Bilingual("依默认解读", "under the default readings")
        else:
            continue
        gates = _gates(case, inner, outer)
        zh = f"`{inner}`的条件包含在`{outer}`之中({under.zh}):前者具备,后者必然具备;{gates.zh}"
        en = (
            f"`{inner}` is contained in `{outer}` ({under.en}): whenever the first is met, so is the second; {gates.en}"
        )
        both = case.by_default(case.both(small, large, _complete(case)))
        yield Finding("F010", case.law.rules[inner].place, Bilingual(zh, en), case.example(both))


def _bodies(case: Abstract) -> dict[str, Function]:
    """The conditions of the circumstances that can be met at all."""
    bodies = {rule.id: case.ground(rule.condition, HERE) for rule in case.law.by_role("circumstance")}
    return {id_: body for id_, body in bodies.items() if not case.never(body)}


def _complete(case: Abstract) -> Function:
    return Function(case.complete, frozenset())


def _implies(case: Abstract, small: Function, large: Function) -> bool:
    inside = case.both(small, _complete(case))
    return not case.never(inside) and case.never(case.but(inside, large))


def _gates(case: Abstract, inner: str, outer: str) -> Bilingual:
    """Whether the gates keep two circumstances apart whose conditions are contained."""
    first, second = (case.conclusion(case.law.rules[id_], SELF, ACT)[0] for id_ in (inner, outer))
    first, second = case.by_default(first), case.by_default(second)
    if case.never(case.both(first, second)):
        return Bilingual("但两者的适用对象不同,不会同时成立", "but their gates keep them apart")
    if _implies(case, first, second):
        return Bilingual("适用对象也是如此", "and so with their gates")
    return Bilingual("适用对象只有一部分相同", "their gates coincide in part")


def overlapping_items(case: Abstract) -> Iterator[Finding]:
    """F011: for each circumstance, those that can be made out together with it for the same respondent and act."""
    wholes = {rule.id: case.conclusion(rule, SELF, ACT)[1] for rule in case.law.by_role("circumstance")}
    for id_, whole in wholes.items():
        others = [other for other in wholes if other != id_]
        own = case.by_default(whole)
        by_default = [other for other in others if not case.never(case.both(own, case.by_default(wholes[other])))]
        otherwise = [
            other for other in others if other not in by_default and not case.never(case.both(whole, wholes[other]))
        ]
        if by_default or otherwise:
            zh = "；".join(
                filter(None, (listed(by_default).zh, f"只依其他解读:{listed(otherwise).zh}" if otherwise else ""))
            )
            en = "; ".join(
                filter(
                    None,
                    (listed(by_default).en, f"under other readings only: {listed(otherwise).en}" if otherwise else ""),
                )
            )
            example = case.example(case.both(own, case.by_default(wholes[by_default[0]]))) if by_default else None
            message = Bilingual(f"`{id_}`可能与下列情形同时成立:{zh}", f"`{id_}` can be made out together with: {en}")
            yield Finding("F011", case.law.rules[id_].place, message, example)


# Duties and attribution


def unfounded_duties(case: Abstract) -> Iterator[Finding]:
    """F050: articles that name a source of duty and on which no circumstance is founded, by its place or by a quote."""
    law = case.law
    founded = set[str]()
    leads_to, roots = rests_on(law), trees(law)
    for rule in law.by_role("circumstance"):
        quotes = [*rule.conclusion.quotes, *(quote for gate in rule.gates for quote in gate.quotes)]
        blocks = [block for block in leads_to[Block("rule", rule.id)] if block.kind != "exception"]
        quotes += [quote for block in blocks for node in leaves(roots[block]) for quote in node.quotes]
        founded |= {text.article_of(quote.anchor) for quote in quotes if quote.anchor} | {text.article_of(rule.anchor)}
    by_anchor: dict[str, list[DutySource]] = {}
    for source in law.duty_sources.values():
        by_anchor.setdefault(source.anchor, []).append(source)
    for anchor, sources in by_anchor.items():
        if text.article_of(anchor) not in founded:
            names = listed(source.id for source in sources)
            zh = f"{text.cite(anchor, 'zh')}所列职责来源({names.zh})没有相应的情形:违反这些职责,只能另依其他各项"
            cited = text.cite(anchor, "en")
            en = f"no circumstance is founded on the duties of {cited} ({names.en}): a breach must fit another item"
            yield Finding("F050", sources[0].place, Bilingual(zh, en))


def unattributed(case: Abstract) -> Iterator[Finding]:
    """F051: no rule of responsibility but the general ones can hold with a circumstance.
    F052: none follows from the circumstance's own facts with the positions and parts recorded; each asks for more.

    General is a rule that can follow from positions and from what all circumstances have in common, whatever the other
    facts and the parts taken are: it says nothing of any one circumstance. Under the default readings.
    """
    circumstances = {rule.id: case.by_default(case.held(rule.id)) for rule in case.law.by_role("circumstance")}
    circumstances = {id_: whole for id_, whole in circumstances.items() if not case.never(whole)}
    own = {id_: _facts(case, whole) for id_, whole in circumstances.items()}
    shared = frozenset.intersection(*own.values()) if len(own) > 1 else frozenset[str]()
    special = [rule for rule in case.law.by_role("responsibility") if not _is_general(case, rule, shared)]
    more: list[Rule] = []
    for id_, whole in circumstances.items():
        rule = case.law.rules[id_]
        if not any(_together(case, whole, one) for one in special):
            zh = f"情形`{id_}`没有责任划分规则:成立时,除人人可及的一般规则外,没有一项责任规则可能成立"
            en = f"the circumstance `{id_}` has no attribution rule: only general rules can hold with it"
            yield Finding("F051", rule.place, Bilingual(zh, en), case.example(whole))
        elif not any(_follows(case, whole, one, own[id_]) for one in special):
            more.append(rule)
    if more:
        names = listed(rule.id for rule in more)
        zh = (
            f"下列情形没有自己的责任划分规则:{names.zh}。"
            "凭其自身的事实和已登记的职位、部分,只能得出一般规则的责任;其余责任规则都须另有事实"
        )
        en = (
            f"circumstances without an attribution rule of their own: {names.en}. From their own facts, positions and "
            "parts only general rules of responsibility follow; every other one asks for further facts"
        )
        yield Finding("F052", more[0].place, Bilingual(zh, en))


def _facts(case: Abstract, function: Function) -> frozenset[str]:
    """The facts a function speaks of that people have to find: neither records nor lists."""
    names = {key.name for key in function.mentions if isinstance(key, FactKey)}
    return frozenset(names - case.lists - {name for name in names if case.law.facts[name].nature is Nature.DATA})


def _together(case: Abstract, whole: Function, rule: Rule) -> bool:
    wholes = (case.conclusion(rule, respondent, ACT)[1] for respondent in (SELF, OTHER))
    return any(not case.never(case.both(whole, case.by_default(one))) for one in wholes)


def _is_general(case: Abstract, rule: Rule, shared: frozenset[str]) -> bool:
    """Whether a rule can follow whatever the acts, the parts and all facts but the shared ones are."""

    def open_(name: object) -> bool:
        if isinstance(name, Record):
            return name.attribute in {"act.link", "act.form"}
        return isinstance(name, Listed) or _beyond(case, name, shared)

    return _certain(case, [], rule, open_)


def _follows(case: Abstract, whole: Function, rule: Rule, own: frozenset[str]) -> bool:
    """Whether a rule follows in some case of a circumstance whatever the facts are that are not its own."""
    return _certain(case, [whole], rule, lambda name: _beyond(case, name, own))


def _beyond(case: Abstract, name: object, given: frozenset[str]) -> bool:
    """Whether a variable is a fact that people have to find and that is not given."""
    if not isinstance(name, FactKey) or name.name in given or name.name in case.lists:
        return False
    return case.law.facts[name.name].nature is not Nature.DATA


def _certain(case: Abstract, given: list[Function], rule: Rule, open_: Callable[[object], bool]) -> bool:
    """Whether in some case a rule, exceptions apart, holds for one of the two participants whatever is left open."""
    d = case.diagrams
    for respondent in (SELF, OTHER):
        gate, _ = case.conclusion(rule, respondent, ACT)
        condition = case.ground(rule.condition, HERE._replace(respondent=respondent))
        both = case.both(case.by_default(gate), case.by_default(condition), _complete(case), *given)
        possible = case.possible(both.mentions)
        certain = d.for_all(d.either(d.negate(possible), both.node), lambda level: open_(d.name(level)))
        if d.both(certain, possible) != FALSE:
            return True
    return False
