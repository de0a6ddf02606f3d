"""The law as plain boolean rules over named facts, taken from the compiled law: what every peer is given.

One respondent, one act, one event, all lists complete, the readings in force chosen: what is left are definitions and conclusions over
facts. The same grounding that determines a case makes them, so that nothing of the law is written twice.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from random import Random
from typing import NamedTuple

from wenze.law import Case, Law, determine
from wenze.law.case import Act, Event, FactKey, Participation, Post
from wenze.law.establish import Established, Status
from wenze.law.evaluate import Evaluation
from wenze.law.formula import Formulas, Kind
from wenze.law.lint.walk import trees
from wenze.law.rules import Bilingual, Place
from wenze.law.tree import leaves

ROLES = ("circumstance", "responsibility", "competence", "channel")
POST, ACT, EVENT = "P1", "A1", "V1"
_HERE = Place("-", 1)


class Term(NamedTuple):
    """`op`: "fact" or "see" (a definition), by `name`; "not", "all", "any", "at-least" (`count`); "true", "false"."""

    op: str
    name: str = ""
    parts: tuple[Term, ...] = ()
    count: int = 0


@dataclass(frozen=True)
class Rules:
    """`facts`: identifier → the fact. `definitions`: in an order in which each uses earlier ones only. `conclusions`: identifier →
    (rule, whether the rule applies at all, whether it holds). `bound`: facts constraints bind, with the ways they can be, as values.
    `complete`: the lists that are complete.
    """

    facts: Mapping[str, FactKey]
    definitions: Mapping[str, Term]
    conclusions: Mapping[str, tuple[str, Term, Term]]
    bound: tuple[tuple[Mapping[str, bool], ...], ...]
    complete: tuple[FactKey, ...]

    def known(self, random: Random) -> dict[str, bool]:
        """Some case in which every fact is known, and that the constraints allow."""
        values = {name: random.random() < 0.5 for name in self.facts}
        for ways in self.bound:
            values.update(random.choice(ways))
        return values


def template(law: Law) -> Case:
    """One post in one act with one event, of which nothing else is recorded."""
    return Case(
        "-",
        Bilingual("", ""),
        law.id,
        _HERE,
        posts={POST: Post(POST, "", _HERE)},
        acts={ACT: Act(ACT, "", _HERE, events=(EVENT,))},
        participations={(POST, ACT): Participation(POST, ACT, _HERE)},
        events={EVENT: Event(EVENT, "", _HERE)},
    )


class _Open(Evaluation):
    """An evaluation in which nothing is established."""

    def fact(self, key: FactKey) -> Established:
        return Established(key, Status.OPEN)


def rules_of(law: Law, on: date) -> Rules:
    """The rules that a law says for one respondent, under the readings in force on a day."""
    case = template(law)
    formulas = Formulas()
    evaluation = _Open(law, case, determine(law, case, on).evaluation.options, formulas)
    found = {one.id: tuple(evaluation.conclusion(one, POST, ACT)) for role in ROLES for one in law.by_role(role)}
    complete = {node.complete for tree in trees(law).values() for node in leaves(tree)}
    names = {name for pair in found.values() for function in pair for name in formulas.names(function.node)}
    given = {name: 1 for name in names if isinstance(name, FactKey) and name.name in complete}
    roots = {
        rule: tuple(formulas.resolve(evaluation.choose(function.node), given) for function in pair)
        for rule, pair in found.items()
    }
    writer = _Writer(formulas, [node for pair in roots.values() for node in pair])
    conclusions = {
        f"c{number}": (rule, writer.term(gate), writer.term(whole))
        for number, (rule, (gate, whole)) in enumerate(roots.items())
    }
    groups = {evaluation.constraints.group(formulas, key) for key in writer.facts}
    bound = tuple(
        tuple(
            {**_values(writer, formulas, true, True), **_values(writer, formulas, false, False)}
            for true, false in group.ways
        )
        for group in sorted(filter(None, groups))
        if group.ways
    )
    facts = {identifier: key for key, identifier in writer.facts.items()}
    return Rules(facts, writer.definitions, conclusions, bound, tuple(sorted(given)))


def _values(writer: _Writer, formulas: Formulas, mask: int, value: bool) -> dict[str, bool]:
    return {writer.facts[name]: value for name in formulas.named(mask) if name in writer.facts}


class _Writer:
    """Expressions as terms; what several speak of becomes a definition."""

    def __init__(self, formulas: Formulas, roots: Iterable[int]) -> None:
        self._formulas = formulas
        self._uses = Counter(roots)
        for node in sorted(self._below(self._uses), reverse=True):
            self._uses.update(set(formulas.expression(node).parts))
        self.facts: dict[Hashable, str] = {}
        self.definitions: dict[str, Term] = {}
        self._terms: dict[int, Term] = {0: Term("false"), 1: Term("true")}

    def _below(self, roots: Iterable[int]) -> set[int]:
        seen, pending = set[int](), list(roots)
        while pending:
            node = pending.pop()
            if node not in seen:
                seen.add(node)
                pending += self._formulas.expression(node).parts
        return seen

    def term(self, node: int) -> Term:
        found = self._terms.get(node)
        if found is None:
            kind, detail, parts = self._formulas.expression(node)
            if kind is Kind.LITERAL:
                found = Term("fact", self.facts.setdefault(detail, f"f{len(self.facts)}"))
            else:
                count = detail if isinstance(detail, int) else 0
                found = Term(_OPS[kind], "", tuple(self.term(part) for part in parts), count)
                if self._uses[node] > 1 and kind is not Kind.NOT:
                    name = f"d{len(self.definitions)}"
                    self.definitions[name] = found
                    found = Term("see", name)
            self._terms[node] = found
        return found


_OPS = {Kind.NOT: "not", Kind.ALL: "all", Kind.ANY: "any", Kind.AT_LEAST: "at-least"}
