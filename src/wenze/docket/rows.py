"""Cases → rows: the states of all facts, derived once from evidence and findings; then numbers and three states, no names, no texts.

A case that cannot stand in a docket is refused with the reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from wenze.docket.groups import Rulings
from wenze.docket.tables import NO_RANK, Tables
from wenze.law import Case, Law, Layout, Shape, entangled, fact_states, reaches_outside

STATES = {None: 0, True: 1, False: 2}  # a fact is not established, proven, disproven: a byte each


class Row(NamedTuple):
    """What a row says. `numbers`: its fixed columns behind `case` and `act`, null as None; `facts`: one of STATES a fact of the table."""

    numbers: tuple[int | None, ...]
    facts: bytes


class ActRows(NamedTuple):
    """One act, with its number in the case: its own row, one row a participant, one row an event."""

    act: int
    own: Row
    participations: list[Row]
    events: list[Row]

    @property
    def shape(self) -> Shape:
        return Shape(len(self.participations), len(self.events))


@dataclass(frozen=True)
class CaseRows:
    """One case: its number, its acts, the rulings made in it, and whether its acts stand alone."""

    case: str
    acts: list[ActRows]
    rulings: Rulings
    entangled: bool

    @classmethod
    def of_acts(cls, law: Law, case: str, acts: Iterable[ActRows], rulings: Rulings = ()) -> CaseRows:
        """The acts somebody took part in; the others too may connect them."""
        every = list(acts)
        layout = Layout(
            tuple(tuple(row.numbers[0] or 0 for row in act.participations) for act in every),
            tuple(tuple(row.numbers[0] or 0 for row in act.events) for act in every),
        )
        return cls(case, [act for act in every if act.participations], rulings, entangled(law, layout))


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
    rulings = tuple((one.reading, one.option, one.since.isoformat()) for one in case.rulings if one.since)
    return CaseRows.of_acts(law, case.id, acts, rulings)


def _act(law: Law, tables: Tables, case: Case, act: str, place: tuple[int, list[str], list[str], list[str]]) -> ActRows:
    number, people, respondents, events = place
    pairs = set(case.all_pairs())
    ranks = law.terms("职级")

    def facts(table: str, entities: Mapping[str, str]) -> bytes:
        states = fact_states(law, case, tables.facts[table], entities)
        return bytes(STATES[states.get(name)] for name in tables.facts[table])

    def participation(one: str) -> Row:
        rank = case.posts[one].rank if one in case.posts else None
        numbers = (
            respondents.index(one),
            int((one, act) in pairs),
            NO_RANK if one in case.units else ranks.index(rank) if rank in ranks else None,
            case.participations[one, act].order,
        )
        return Row(numbers, facts("participations", {"R": one, "A": act}))

    return ActRows(
        number,
        Row((), facts("acts", {"A": act})),
        [participation(one) for one in people],
        [Row((events.index(one),), facts("events", {"A": act, "E": one})) for one in case.acts[act].events],
    )
