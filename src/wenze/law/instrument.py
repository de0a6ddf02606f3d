"""The Law: one instrument in one version, checked, its names resolved. Shapes and look-ups only.

Knows neither files nor cases; `compile` makes it, `evaluate` runs it, the pages show it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from wenze.law.rules import (
    Article,
    Bilingual,
    Constraint,
    Definition,
    DutySource,
    Exemption,
    Fact,
    Guard,
    Mark,
    Nature,
    Note,
    Op,
    Place,
    Reading,
    Rule,
    Scope,
    Source,
    Stated,
    Vocabulary,
)
from wenze.law.tree import leaves


@dataclass(frozen=True)
class Law:
    """One instrument in one version, checked: what `evaluate` runs and the pages show."""

    id: str
    title: Bilingual
    in_force: date
    published: date | None
    sources: tuple[Source, ...]
    groups: Mapping[str, str]  # group → role ("" for a plain label)
    articles: Mapping[str, Article]
    vocabularies: Mapping[str, Vocabulary]
    facts: Mapping[str, Fact]
    definitions: Mapping[str, Definition]
    rules: Mapping[str, Rule]
    readings: Mapping[str, Reading]
    constraints: tuple[Constraint, ...]
    exceptions: Mapping[str, Exemption]
    notes: Mapping[str, Note]
    guards: Mapping[str, Guard]
    duty_sources: Mapping[str, DutySource]
    stated: tuple[Stated, ...] = ()  # what it says of procedure

    @property
    def header_place(self) -> Place:
        """Where its `instrument` block stands; exactly one of its files has one."""
        return next(source.header_place for source in self.sources if source.header_place)

    @cached_property
    def rules_of(self) -> Mapping[str, tuple[str, ...]]:
        """Group → its rules in the order of the text; a rule's own id stands for itself."""
        groups: dict[str, tuple[str, ...]] = {group: () for group in self.groups}
        for rule in self.rules.values():
            groups[rule.id] = (rule.id,)
            for group in rule.groups:
                groups[group] = (*groups.get(group, ()), rule.id)
        return groups

    @cached_property
    def overriding(self) -> Mapping[str, tuple[Exemption, ...]]:
        """Rule or exception → the exceptions that may override it."""
        found: dict[str, tuple[Exemption, ...]] = {}
        for exception in self.exceptions.values():
            for name in exception.overrides:
                for target in self.rules_of.get(name, (name,)):
                    if exception not in found.get(target, ()):
                        found[target] = (*found.get(target, ()), exception)
        return found

    @cached_property
    def spoken_order(self) -> tuple[tuple[Op, str], ...]:
        """Every fact and reading that rules speak of, in the order of the text, definitions read where they are used."""
        found: dict[tuple[Op, str], None] = {}
        seen: set[str] = set()
        for rule in self.rules.values():
            pending = [self.definitions[gate.name].condition for gate in rule.gates][::-1]
            pending.insert(0, rule.condition)
            while pending:
                node = pending.pop()
                if node.op in {Op.FACT, Op.CHOOSE}:
                    found.setdefault((node.op, node.name))
                elif node.op is Op.SEE and node.name not in seen:
                    seen.add(node.name)
                    pending.append(self.definitions[node.name].condition)
                pending += reversed(node.children)
        return tuple(found)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the digests of the files, in order."""
        joined = "\n".join(f"{source.file} {source.digest}" for source in self.sources)
        return hashlib.sha256(joined.encode()).hexdigest()

    @cached_property
    def rules_digest(self) -> str:
        """SHA-256 of all that decides a result, as canonical JSON; the same in another layout."""
        said = (self.vocabularies, self.facts, self.definitions, self.rules, self.readings, self.exceptions)
        tables = [tuple(table.values()) for table in (*said, self.notes, self.guards)]
        plain = _plain((tuple(self.groups.items()), self.constraints, *tables))
        written = json.dumps(plain, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        return hashlib.sha256(written.encode()).hexdigest()

    def conduct_facts(self, rule: Rule) -> frozenset[str]:
        """The facts read where a rule is marked as conduct; all of them where nothing is marked."""
        marked = [node for node in leaves(rule.condition) if node.mark is Mark.CONDUCT] or [rule.condition]
        found: set[str] = set()
        while marked:
            for node in leaves(marked.pop()):
                if node.op is Op.FACT:
                    found.add(node.name)
                elif node.op is Op.SEE:
                    marked.append(self.definitions[node.name].condition)
        return frozenset(found)

    @cached_property
    def _terms(self) -> dict[str, tuple[str, ...]]:
        return {name: tuple(term.zh for term in vocabulary.terms) for name, vocabulary in self.vocabularies.items()}

    def role_of(self, rule: Rule) -> str:
        """circumstance, responsibility, competence or channel."""
        return next((self.groups[group] for group in rule.groups if self.groups[group]), "")

    def by_role(self, role: str) -> tuple[Rule, ...]:
        return tuple(rule for rule in self.rules.values() if self.role_of(rule) == role)

    def paragraph(self, anchor: str) -> str:
        """The official text under an anchor, paragraphs joined by line breaks."""
        article = self.articles.get(anchor)
        return "\n".join(article.paragraphs) if article else ""

    def term(self, vocabulary: str, word: str, lang: str) -> str:
        """A term of a vocabulary in `lang`; the word itself where the vocabulary does not have it."""
        if vocabulary in self.vocabularies:
            for term in self.vocabularies[vocabulary].terms:
                if term.zh == word:
                    return term.in_(lang)
        return word

    # What `casefile.check_case` asks of an instrument.
    def terms(self, name: str) -> tuple[str, ...]:
        return self._terms.get(name, ())

    def fact_names(self) -> tuple[str, ...]:
        return tuple(self.facts)

    def fact_scope(self, name: str) -> Scope | None:
        return self.facts[name].scope if name in self.facts else None

    def fact_nature(self, name: str) -> Nature | None:
        return self.facts[name].nature if name in self.facts else None

    def reading_ids(self) -> tuple[str, ...]:
        return tuple(self.readings)

    def reading_options(self, id: str) -> tuple[str, ...] | None:
        return self.readings[id].option_ids if id in self.readings else None

    def rule_ids(self) -> tuple[str, ...]:
        """What an expectation may name: a rule, or RULE/EXCEPTION for the kind an exception puts in its place."""
        pairs = [(rule, exception) for rule in self.rules for exception in self.overriding.get(rule, ())]
        return (*self.rules, *(f"{rule}/{exception.id}" for rule, exception in pairs if exception.replaced_by))

    def note_ids(self) -> tuple[str, ...]:
        return tuple(self.notes)


_LATER = {"concurring"}  # keys the language learned later: a law that does not use them keeps its digest


def _plain(value: Any) -> Any:  # Any: a walk over every shape of rules.py
    """A shape as plain JSON without its places."""
    if isinstance(value, Place):
        return None
    if hasattr(value, "__dataclass_fields__"):
        said = {name: getattr(value, name) for name in value.__dataclass_fields__ if name != "place"}
        return {name: _plain(part) for name, part in said.items() if part or name not in _LATER}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value if value is None or isinstance(value, int) else str(value)
