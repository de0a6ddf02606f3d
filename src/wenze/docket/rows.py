"""Cases → rows: the states of all facts, derived once from evidence and findings; then numbers and three states, no names, no texts.

`Builder` gathers acts of one shape until there are enough for a group. A case that cannot stand in a docket is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from wenze.docket.groups import MOST_ACTS, Group, Rulings
from wenze.docket.storage import Writer
from wenze.docket.tables import NO_RANK, TABLES, Tables
from wenze.law import Case, Law, Layout, Shape, entangled, fact_states, reaches_outside

Row = dict[str, object]  # column → value; a fact is True, False or None


@dataclass
class ActRows:
    """One act: its own row, one row a participant, one row an event."""

    act: Row
    participations: list[Row]
    events: list[Row]

    @property
    def shape(self) -> Shape:
        return Shape(len(self.participations), len(self.events))


@dataclass(frozen=True)
class CaseRows:
    """One case: its acts, the rulings made in it, and whether its acts stand alone."""

    acts: list[ActRows]
    rulings: Rulings
    entangled: bool


class NotForDocket(ValueError):
    """A case that cannot stand in a docket, and why."""


def case_rows(law: Law, tables: Tables, case: Case) -> CaseRows:
    """The rows of a case file. NotForDocket where a constraint connects it with respondents or events outside its acts."""
    participating = {respondent for respondent, _ in case.participations}
    respondents = list((*case.units, *case.posts))
    loose = set(respondents) - participating or set(case.events) - {
        one for act in case.acts.values() for one in act.events
    }
    if loose and reaches_outside(law):
        raise NotForDocket(
            f"{case.id}: 有约束涉及没有参与任何行为的对象或者事件 · a constraint connects respondents or events that have no part in an act"
        )
    events = list(case.events)
    acts = []
    for number, act in enumerate(case.acts):
        people = [one for one, other in case.participations if other == act]
        acts.append(_act(law, tables, case, act, (number, people, respondents, events)))
    layout = Layout(
        tuple(tuple(int(str(row["respondent"])) for row in one.participations) for one in acts),
        tuple(tuple(int(str(row["event"])) for row in one.events) for one in acts),
    )
    rulings = tuple((one.reading, one.option, one.since.isoformat()) for one in case.rulings if one.since)
    return CaseRows([one for one in acts if one.participations], rulings, entangled(law, layout))


def _act(law: Law, tables: Tables, case: Case, act: str, place: tuple[int, list[str], list[str], list[str]]) -> ActRows:
    number, people, respondents, events = place
    key: Row = {"case": case.id, "act": number}
    pairs = set(case.all_pairs())
    ranks = law.terms("职级")
    happened = case.acts[act].events

    def facts(table: str, entities: Mapping[str, str]) -> Row:
        return dict(fact_states(law, case, tables.facts[table], entities))

    rows = []
    for one in people:
        rank = case.posts[one].rank if one in case.posts else None
        found: Row = {
            **key,
            "respondent": respondents.index(one),
            "pair": (one, act) in pairs,
            "rank": NO_RANK if one in case.units else ranks.index(rank) if rank in ranks else None,
            "order": case.participations[one, act].order,
        }
        rows.append(found | facts("participations", {"R": one, "A": act}))
    return ActRows(
        key | facts("acts", {"A": act}),
        rows,
        [{**key, "event": events.index(one)} | facts("events", {"A": act, "E": one}) for one in happened],
    )


@dataclass
class Builder:
    """Gathers acts by shape and rulings and writes each group when it is full."""

    writer: Writer
    _waiting: dict[tuple[Shape, Rulings, bool], list[ActRows]] = field(default_factory=dict)

    def add(self, rows: CaseRows) -> None:
        for act in rows.acts:
            key = (act.shape, rows.rulings, rows.entangled)
            waiting = self._waiting.setdefault(key, [])
            waiting.append(act)
            if len(waiting) >= MOST_ACTS:
                self._write(key)

    def finish(self) -> None:
        for key in list(self._waiting):
            self._write(key)

    def _write(self, key: tuple[Shape, Rulings, bool]) -> None:
        acts = self._waiting.pop(key)
        shape, rulings, tangled = key
        slots = {
            "acts": [one.act for one in acts],
            "participations": [one.participations[slot] for slot in range(shape.participants) for one in acts],
            "events": [one.events[slot] for slot in range(shape.events) for one in acts],
        }
        tables = {name: self._batch(name, slots[name]) for name in TABLES}
        self.writer.write(Group(*shape, len(acts), rulings, tangled), tables)

    def _batch(self, table: str, rows: list[Row]) -> pa.RecordBatch:
        schema = self.writer.tables.schema(table)
        return pa.RecordBatch.from_arrays(
            [pa.array([row.get(field.name) for row in rows], field.type) for field in schema], schema=schema
        )
