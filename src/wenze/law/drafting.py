"""What a drafter of the law can learn from it: what each circumstance needs, what turns on each reading, where articles
speak alike.

Exact where it speaks of conclusions (through `compare`); where it speaks of words it only counts them. Knows no page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

from wenze.law import text
from wenze.law.case import FactKey
from wenze.law.compare import compare
from wenze.law.compare.anything import ACT, Answers, Anything, Size, complete_lists
from wenze.law.compare.records import Records
from wenze.law.compare.search import Search
from wenze.law.decide import Diagrams, deep
from wenze.law.formula import Formulas
from wenze.law.instrument import Law
from wenze.law.lint.walk import Block, rests_on, trees
from wenze.law.rules import Nature, Op, Reading, Rule
from wenze.law.tree import leaves
from wenze.law.variables import Above, Function

_LEAST_ALIKE = 3  # characters of a run of words that two items share
_MOST_ITEMS = 3  # a run that more items have says nothing of two of them


@dataclass(frozen=True, slots=True)
class Needs:
    """What a circumstance asks for: to whom it applies, of which nature its facts are, and whether it can be made out
    where nothing happened (no event follows the act) under the default readings, or under any."""

    rule: Rule
    subjects: tuple[str, ...]
    natures: tuple[tuple[Nature, int], ...]
    strict: bool
    strict_by_reading: bool


@dataclass(frozen=True, slots=True)
class Turn:
    """What one option of a reading changes against the default, the other readings at theirs: (rule, before, after)."""

    reading: Reading
    option: str
    changes: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Alike:
    """Two circumstances of different articles that share words."""

    one: Rule
    other: Rule
    words: tuple[str, ...]


def defaults(law: Law) -> dict[str, str]:
    return {reading.id: reading.default for reading in law.readings.values()}


class Items:
    """Every circumstance on any case of one person, one act and one event (or none), under the default readings."""

    def __init__(self, law: Law, events: int = 1) -> None:
        self._law = law
        self._f = Formulas(Diagrams())
        self._case = Anything(law, Size(1, events), defaults(law), self._f)
        self._records = Records((law,), self._f)
        lists = complete_lists(law)
        self._search = Search(
            self._f, lambda name: (1, 0) if isinstance(name, FactKey) and name.name in lists else (0, 1)
        )
        self._whole: dict[str, Function] = {}
        self._gates: dict[str, Function] = {}
        self._least: dict[str, Answers] = {}
        with deep():
            for rule in law.by_role("circumstance"):
                gate, whole = self._case.conclusion(rule, "R1", ACT)
                self._gates[rule.id] = gate
                self._whole[rule.id] = Function(self._f.both(gate.node, whole.node), gate.mentions | whole.mentions)

    def can(self, *rules: str, by_any_reading: bool = False) -> bool:
        """Whether circumstances can be made out together."""
        both = self._both([self._whole[rule] for rule in rules], {} if by_any_reading else defaults(self._law))
        with deep():
            return self._search.can(both.node, self._possible(both))

    def can_apply(self, one: str, other: str, options: Mapping[str, str]) -> bool:
        """Whether two circumstances can apply to one respondent and act, under some readings."""
        both = self._both([self._gates[one], self._gates[other]], options)
        with deep():
            return self._search.can(both.node, self._possible(both))

    def least(self, rule: str) -> Answers:
        """Answers that make a circumstance certain, none of which can be left out."""
        if rule not in self._least:
            whole = self._both([self._whole[rule]], defaults(self._law))
            with deep():
                self._least[rule] = self._search.example(whole.node, self._possible(whole))
        return self._least[rule]

    def besides(self, one: str, other: str) -> Answers | None:
        """What has to be answered besides `least(one)` for another circumstance to be made out too; None where it cannot
        be with these answers."""
        both = self._both([self._whole[one], self._whole[other]], defaults(self._law))
        with deep():
            goal, within = self._search.given(both.node, self._possible(both), self.least(one))
            return self._search.example(goal, within) if self._search.can(goal, within) else None

    def _both(self, functions: Sequence[Function], options: Mapping[str, str]) -> Function:
        node = self._f.all(function.node for function in functions)
        mentions = frozenset[FactKey | Above]().union(*(function.mentions for function in functions))
        return Function(self._case.choose(node, options) if options else node, mentions)

    def _possible(self, function: Function) -> tuple[int, ...]:
        return self._f.apart([*self._near(function)])

    def _near(self, function: Function) -> list[int]:
        """What the constraints and the nature of records allow, for what a function speaks of."""
        constrained = self._case.constrained(function)
        names = dict.fromkeys(name for node in (function.node, *constrained) for name in self._f.names(node))
        while True:
            records = self._records.possible(names)
            more = [name for one in records for name in self._f.names(one) if name not in names]
            if not more:
                return [*constrained, *records]
            names |= dict.fromkeys(more)


def needs(law: Law) -> tuple[Needs, ...]:
    """Every circumstance in the order of the text."""
    below, roots = rests_on(law), trees(law)
    without = Items(law, events=0)
    found = []
    for rule in law.by_role("circumstance"):
        blocks = [block for block in below[Block("rule", rule.id)] if block.kind != "exception"]
        facts = {node.name for block in blocks for node in leaves(roots[block]) if node.op is Op.FACT}
        natures = Counter(law.facts[name].nature for name in facts)
        ordered = tuple((nature, natures[nature]) for nature in Nature)
        strict, by_reading = without.can(rule.id), without.can(rule.id, by_any_reading=True)
        found.append(Needs(rule, tuple(gate.name for gate in rule.gates), ordered, strict, by_reading))
    return tuple(found)


def opening(law: Law, items: Items, one: str, other: str) -> tuple[tuple[str, str], ...]:
    """The options that, chosen alone against the defaults, let two circumstances apply to one respondent and act."""
    gates = {Block("define", gate.name) for rule in (one, other) for gate in law.rules[rule].gates}
    roots, below = trees(law), rests_on(law)
    read = {
        node.name for gate in gates for block in below[gate] for node in leaves(roots[block]) if node.op is Op.CHOOSE
    }
    return tuple(
        (reading.id, option)
        for reading in law.readings.values()
        for option in reading.option_ids
        if reading.id in read
        and option != reading.default
        and items.can_apply(one, other, defaults(law) | {reading.id: option})
    )


def turns(law: Law, reading: Reading) -> Iterator[Turn]:
    """For every other option of a reading, the circumstances that come out differently. Raises nothing."""
    base = defaults(law)
    asked = set(asking(law, reading.id))
    rules = {id_: rule for id_, rule in law.rules.items() if id_ in asked and law.role_of(rule) == "circumstance"}
    exceptions = {id_: one for id_, one in law.exceptions.items() if set(one.overrides) & rules.keys()}
    part = replace(law, rules=rules, exceptions=exceptions, notes={}, guards={})
    for option in reading.option_ids:
        if option != reading.default:
            found = compare(part, part, base, base | {reading.id: option}) if rules else None
            changes = tuple((one.name, one.before, one.after) for one in found.changes) if found else ()
            yield Turn(reading, option, changes)


def asking(law: Law, reading: str) -> tuple[str, ...]:
    """The rules that are read by a reading in themselves, other rules apart."""
    roots = trees(law)
    holding = {
        block for block, root in roots.items() if any(n.op is Op.CHOOSE and n.name == reading for n in leaves(root))
    }
    return tuple(rule for rule in law.rules if not holding.isdisjoint(_own(law, Block("rule", rule))))


def _own(law: Law, block: Block) -> set[Block]:
    """A rule, its exceptions and the definitions they use."""
    trees_ = trees(law)
    found, pending = {block}, [block]
    while pending:
        current = pending.pop()
        following = {Block("define", node.name) for node in leaves(trees_[current]) if node.op is Op.SEE}
        if current.kind == "rule":
            following |= {Block("define", gate.name) for gate in law.rules[current.id].gates}
        if current.kind in {"rule", "exception"}:
            following |= {Block("exception", one.id) for one in law.overriding.get(current.id, ())}
        pending += following - found
        found |= following
    return found


def alike(law: Law) -> tuple[Alike, ...]:
    """Circumstances of different articles that share runs of words that few others have, most shared first."""
    rules = {rule.anchor: rule for rule in law.by_role("circumstance")}
    runs = {anchor: _runs(law.paragraph(anchor)) for anchor in rules}
    counts = Counter(run for found in runs.values() for run in found)
    found = []
    for one, other in combinations(rules, 2):
        if text.article_of(one) != text.article_of(other):
            shared = {run for run in runs[one] & runs[other] if counts[run] <= _MOST_ITEMS}
            longest = [run for run in shared if not any(run != more and run in more for more in shared)]
            if longest:
                words = tuple(sorted(longest, key=lambda run: (-len(run), run)))
                found.append(Alike(rules[one], rules[other], words))
    return tuple(sorted(found, key=lambda pair: -sum(map(len, pair.words))))


def _runs(paragraph: str) -> set[str]:
    """Every run of words of the least length or longer, punctuation never inside."""
    found: set[str] = set()
    body = paragraph[text.item_body(paragraph) :]
    run = ""
    for char in f"{body} ":
        if text.is_word(char):
            run += char
            continue
        for start in range(len(run)):
            for end in range(start + _LEAST_ALIKE, len(run) + 1):
                found.add(run[start:end])
        run = ""
    return found
