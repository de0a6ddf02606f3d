"""The tables of a docket: which facts stand in which, and what else a row says. Three tables, keyed by the number of the case.

`acts` has a row an act, with the facts of the act and of the case; `participations` a row a respondent in an act, with the facts of both;
`events` a row an event of an act. Respondents, acts and events are numbers within their case: there is no place for a name.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import pyarrow as pa

from wenze.law import FactKey, Law, Shape

TABLES = ("acts", "participations", "events")
_OF_TABLE = {
    "acts": ("case", "act"),
    "participations": ("respondent", "participation"),
    "events": ("event", "outcome"),
}
FIXED = {
    "acts": (("case", pa.string()), ("act", pa.int32())),
    "participations": (
        ("case", pa.string()),
        ("act", pa.int32()),
        ("respondent", pa.int32()),
        ("pair", pa.bool_()),  # whether circumstances are asked of it
        ("rank", pa.int16()),  # its place in the instrument's ranks from 0; NO_RANK for a unit; null: not recorded
        ("order", pa.int32()),  # of signature; null: not recorded
    ),
    "events": (("case", pa.string()), ("act", pa.int32()), ("event", pa.int32())),
}
NO_RANK = -1

Facts = Mapping[str, tuple[str, ...]]  # table → the facts that have a column in it


@dataclass(frozen=True)
class Tables:
    """The tables of one law."""

    law: Law

    @cached_property
    def facts(self) -> dict[str, tuple[str, ...]]:
        """Table → its facts, in the order of the instrument."""
        return {
            table: tuple(fact.name for fact in self.law.facts.values() if fact.scope.value in scopes)
            for table, scopes in _OF_TABLE.items()
        }

    def headings(self, table: str) -> list[str]:
        """The names of the columns of a table, in order."""
        return [*(name for name, _ in FIXED[table]), *self.facts[table]]

    def schema(self, table: str) -> pa.Schema:
        return schema_of(table, self.facts)

    def place(self, key: FactKey) -> tuple[str, int]:
        """In which table an instance of a fact of a shape stands, and for which participant or event (from 0)."""
        scope = self.law.facts[key.name].scope.value
        table = next(table for table, scopes in _OF_TABLE.items() if scope in scopes)
        numbers = [int(entity[1:]) - 1 for entity in key.entities if entity[0] in "PV"]
        return table, numbers[0] if numbers else 0

    def definitions(self) -> dict[str, str]:
        """Fact → a short hash of what it asks and how it is read off the case: the same name may come to mean something else."""
        said = {}
        for fact in self.law.facts.values():
            source = [fact.source.attribute, fact.source.operator, list(fact.source.values)] if fact.source else None
            meaning = [
                fact.scope.value,
                fact.nature.value,
                list(fact.question),
                source,
                list(fact.proof),
                list(fact.disproof),
            ]
            said[fact.name] = hashlib.sha256(json.dumps(meaning, ensure_ascii=False).encode()).hexdigest()[:12]
        return said


def schema_of(table: str, facts: Facts) -> pa.Schema:
    """The columns of a table."""
    fixed = [pa.field(name, kind) for name, kind in FIXED[table]]
    return pa.schema(fixed + [pa.field(name, pa.bool_()) for name in facts[table]])


def rows_of(shape: Shape, acts: int) -> dict[str, int]:
    """How many rows each table has for so many acts of a shape."""
    return {"acts": acts, "participations": acts * shape.participants, "events": acts * shape.events}
