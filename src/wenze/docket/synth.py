"""Corpora for trials and benchmarks: as many acts as wanted, seeded, their facts dependent on one another as in the scenarios.

An act begins as that of a scenario of its shape. Some take over what another scenario knows and the first does not; then a share of what
is known is forgotten. So facts that occur together in stories occur together here. Nothing is about anybody.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wenze.docket.columns import column_of, packed
from wenze.docket.groups import Group
from wenze.docket.rows import ActRows, CaseRows, Row
from wenze.docket.storage import Writer
from wenze.docket.tables import FIXED, TABLES, Tables
from wenze.law import Shape

CHUNK = 32_768  # acts made at once
OVERLAID, FORGOTTEN = 0.3, 0.15  # the share of acts that take over, and of known facts that are forgotten

_NUMBERS = ("rank", "order")


@dataclass(frozen=True)
class _Patterns:
    """The acts of one shape: table → column → a row a pattern, a column a participant or event; 1 proven, 2 disproven, 0 neither."""

    shape: Shape
    count: int
    columns: dict[str, dict[str, NDArray[np.int32]]]


def synthesise(
    writer: Writer, cases: Iterable[CaseRows], acts: int, seed: int, made: Callable[[int], None] = lambda _: None
) -> None:
    """Writes `acts` acts shaped by cases; `made` is told of every chunk. The same seed makes the same docket."""
    random = np.random.default_rng(seed)
    patterns = list(_patterns(writer, cases))
    if not patterns:
        raise ValueError("no case to begin from has an act with participants")
    weights = np.array([one.count for one in patterns], dtype=float)
    shares = random.multinomial(acts, weights / weights.sum())
    first = 1
    for one, share in zip(patterns, shares, strict=True):
        for start in range(0, int(share), CHUNK):
            count = min(CHUNK, int(share) - start)
            writer.write(Group(*one.shape, count), _chunk(writer, one, count, first, random))
            first += count
            made(count)


def _patterns(writer: Writer, cases: Iterable[CaseRows]) -> Iterator[_Patterns]:
    by_shape: dict[Shape, list[ActRows]] = {}
    for case in cases:
        if not case.entangled:
            for act in case.acts:
                by_shape.setdefault(act.shape, []).append(act)
    for shape, acts in sorted(by_shape.items()):
        columns = {
            table: _columns(
                writer.tables, table, [[act.own] if table == "acts" else getattr(act, table) for act in acts]
            )
            for table in TABLES
        }
        yield _Patterns(shape, len(acts), columns)


def _columns(tables: Tables, table: str, rows: list[list[Row]]) -> dict[str, NDArray[np.int32]]:
    """Column → its values, a row an act. A rank or an order is 10 more than it is; 0 stays for what is not recorded."""
    found = {}
    for place, name in enumerate(tables.facts[table]):
        found[name] = np.array([[row.facts[place] for row in one] for one in rows], dtype=np.int32)
    for place, (name, _) in enumerate(FIXED[table][2:]):
        if name in _NUMBERS:
            numbers = [[row.numbers[place] for row in one] for one in rows]
            values = [[0 if number is None else number + 10 for number in one] for one in numbers]
            found[name] = np.array(values, dtype=np.int32)
    return {name: values.reshape(len(rows), -1) for name, values in found.items()}


def _chunk(
    writer: Writer, patterns: _Patterns, acts: int, first: int, random: np.random.Generator
) -> dict[str, pa.RecordBatch]:
    chosen, other = (random.integers(0, patterns.count, acts) for _ in range(2))
    overlaid = random.random(acts) < OVERLAID
    made = {}
    for table in TABLES:
        slots = {"acts": 1, "participations": patterns.shape.participants, "events": patterns.shape.events}[table]
        rows = acts * slots
        numbers = np.tile(np.arange(first, first + acts), slots)
        fixed: dict[str, pa.Array] = {
            "case": pa.array([f"S{number:09d}" for number in numbers], pa.string()),
            "act": pa.array(np.zeros(rows, dtype=np.int32)),
            "respondent": pa.array(np.repeat(np.arange(slots, dtype=np.int32), acts)),
            "event": pa.array(np.repeat(np.arange(slots, dtype=np.int32), acts)),
            "pair": pa.array(np.ones(rows, dtype=np.bool_)),
        }
        schema = writer.tables.schema(table)
        columns = []
        for field in schema:
            if field.name in fixed:
                columns.append(fixed[field.name])
                continue
            values = patterns.columns[table][field.name]
            sampled = values[chosen].T.reshape(-1)
            if field.name in _NUMBERS:
                columns.append(pa.array(np.maximum(sampled - 10, -1), field.type, mask=sampled == 0))
                continue
            over = values[other].T.reshape(-1)
            sampled = np.where((sampled == 0) & np.tile(overlaid, slots), over, sampled)
            sampled[random.random(rows) < FORGOTTEN] = 0
            columns.append(column_of(packed(sampled == 1), packed(sampled == 2), rows))
        made[table] = pa.RecordBatch.from_arrays(columns, schema=schema)
    return made
