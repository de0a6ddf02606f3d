"""One act of a docket by the evaluation of the single case, remembered by the pattern of its states."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from wenze.docket.columns import planes_of, unpacked
from wenze.docket.groups import Batch, Batches
from wenze.docket.tables import NO_RANK, Tables
from wenze.law import FactKey, Given, Law, Layout, Outcome, State, Status, Target, entity, instance

_MOST_REMEMBERED = 10_000  # patterns with what was said of them: some kilobytes each
_MOST_EVALUATED = 16  # patterns with all that was reckoned on the way: some megabytes each
_NOTHING = -9  # neither a rank nor an order
_STATUS = {1: Status.PROVEN, 2: Status.DISPROVEN}

Place = tuple[Batch, int]  # a group and an act in it
Flags = dict[str, bool]
_Rows = dict[str, NDArray[np.int32]]
_Pattern = tuple[object, ...]
_Said = dict[tuple[str, int, int], Flags]


class Single:
    """Evaluates acts one by one. `docket` finds the other acts of a case whose acts do not stand alone."""

    def __init__(self, law: Law, tables: Tables, docket: Batches | None = None) -> None:
        self._law = law
        self._tables = tables
        self._docket = docket
        self._columns: tuple[Batch, _Rows] | None = None
        self._remembered: dict[_Pattern, _Said] = {}
        self._evaluations: dict[_Pattern, Given] = {}
        self._cases: dict[str, list[Place]] | None = None
        self.patterns = 0

    def flags(self, place: Place, target: Target, slot: int, options: Mapping[str, str]) -> Flags:
        """What is said of a target for one participant of one act: the planes of an answer, a bit each."""
        rows, layout, number = self._laid_out(place)
        pattern = _pattern(rows, layout, options)
        if pattern not in self._remembered:
            _make_room(self._remembered, _MOST_REMEMBERED)
            self._remembered[pattern] = {}
            self.patterns += 1
        said, who = self._remembered[pattern], layout.participants[number][slot]
        key = (target.name, who, number)
        if key not in said:
            said[key] = _flags(self._evaluated(pattern, rows, layout, options).said_of(target, who, number))
        return said[key]

    def outcome(self, place: Place, target: Target, slot: int, options: Mapping[str, str]) -> Outcome:
        """The outcome of a target for one participant of one act. It speaks in terms of `evaluation`, asked for at the same time."""
        evaluation, layout, number = self.evaluation(place, options)
        return evaluation.said_of(target, layout.participants[number][slot], number)

    def evaluation(self, place: Place, options: Mapping[str, str]) -> tuple[Given, Layout, int]:
        """The evaluation of the case of an act, as far as it bears on it, and the number of the act in it."""
        rows, layout, number = self._laid_out(place)
        return self._evaluated(_pattern(rows, layout, options), rows, layout, options), layout, number

    def _laid_out(self, place: Place) -> tuple[list[_Rows], Layout, int]:
        """The rows of the acts to evaluate together, how these are laid out, and which of them is asked for."""
        places = self._together(place)
        number = next(
            index for index, one in enumerate(places) if one[1] == place[1] and one[0].number == place[0].number
        )
        rows = [self._rows(one) for one in places]
        return rows, _numbered(self._layout(rows)), number

    def _evaluated(self, pattern: _Pattern, rows: list[_Rows], layout: Layout, options: Mapping[str, str]) -> Given:
        if pattern not in self._evaluations:
            _make_room(self._evaluations, _MOST_EVALUATED)
            states = dict(self._states(rows, layout))
            self._evaluations[pattern] = Given(self._law, layout, options, states, self._positions(rows, layout))
        return self._evaluations[pattern]

    def _together(self, place: Place) -> list[Place]:
        """The acts of the case that bear on one another: the act alone, unless its case is entangled."""
        batch, act = place
        if not batch.group.entangled:
            return [place]
        if self._docket is None:
            raise AssertionError("the acts of an entangled case are looked for in a docket")
        if self._cases is None:
            self._cases = {}
            for other in self._docket.batches():
                if other.group.entangled:
                    for index, case in enumerate(other.tables["acts"].column("case").to_pylist()):
                        self._cases.setdefault(case, []).append((other, index))
        return self._cases[batch.tables["acts"].column("case")[act].as_py()]

    def _rows(self, place: Place) -> _Rows:
        """Table → the values of the act in all its columns, a row a participant or event: 1 proven, 2 disproven, 0 neither."""
        batch, act = place
        found = {}
        for table, rows in self._read(batch).items():
            stride = batch.group.acts
            found[table] = rows[:, act::stride] if rows.shape[1] else rows
        return found

    def _read(self, batch: Batch) -> _Rows:
        if self._columns is None or self._columns[0] is not batch:
            self._columns = (batch, {table: self._matrix(batch, table) for table in batch.tables})
        return self._columns[1]

    def _matrix(self, batch: Batch, table: str) -> NDArray[np.int32]:
        """A row a fact of the law, in its order, then the numbers of the rows."""
        rows = batch.tables[table]
        found = np.zeros((len(self._tables.facts[table]) + 3, rows.num_rows), dtype=np.int32)
        for index, name in enumerate(self._tables.facts[table]):
            at = rows.schema.get_field_index(name)
            if at >= 0:
                true, false = (unpacked(one, rows.num_rows) for one in planes_of(rows.column(at), 0, rows.num_rows))
                found[index] = np.where(true, 1, np.where(false, 2, 0))
        for extra, name in enumerate(("respondent" if table == "participations" else "event", "rank", "order")):
            at = rows.schema.get_field_index(name)
            if at >= 0:
                found[extra - 3] = rows.column(at).cast(pa.int32()).fill_null(_NOTHING).to_numpy(zero_copy_only=False)
        return found

    def _layout(self, rows: list[_Rows]) -> Layout:
        return Layout(
            tuple(tuple(int(one) for one in row["participations"][-3]) for row in rows),
            tuple(tuple(int(one) for one in row["events"][-3]) for row in rows),
        )

    def _states(self, rows: list[_Rows], layout: Layout) -> list[tuple[FactKey, Status]]:
        found = []
        for number, row in enumerate(rows):
            for table, values in row.items():
                numbers = {"acts": (0,), "participations": layout.participants[number], "events": layout.events[number]}
                for index, name in enumerate(self._tables.facts[table]):
                    for column, other in enumerate(numbers[table]):
                        status = _STATUS.get(int(values[index, column]))
                        if status is not None:
                            here = {"R": entity("R", other), "A": entity("A", number), "E": entity("E", other)}
                            found.append((instance(self._law, name, here), status))
        return found

    def _positions(self, rows: list[_Rows], layout: Layout) -> dict[tuple[str, str, str], tuple[int, ...]]:
        found: dict[tuple[str, str, str], tuple[int, ...]] = {}
        for number, row in enumerate(rows):
            for column, who in enumerate(layout.participants[number]):
                rank, order = int(row["participations"][-2, column]), int(row["participations"][-1, column])
                if rank >= NO_RANK:
                    found["rank", "", entity("R", who)] = () if rank == NO_RANK else (-rank,)
                if order != _NOTHING:
                    found["order", entity("A", number), entity("R", who)] = (order,)
        return found


def _make_room(kept: dict[_Pattern, Any], most: int) -> None:  # Any: whatever is kept
    """Forgets what came first."""
    while len(kept) >= most:
        del kept[next(iter(kept))]


def _pattern(rows: list[_Rows], layout: Layout, options: Mapping[str, str]) -> _Pattern:
    """What the conclusions on some acts depend on."""
    return (layout, tuple(sorted(options.items())), *(_telling(row) for one in rows for row in one.values()))


def _telling(values: NDArray[np.int32]) -> bytes:
    """What matters of the columns of an act; the numbers of respondents and events are in the layout."""
    return np.delete(values, -3, axis=0).tobytes()


def _numbered(layout: Layout) -> Layout:
    """The same with respondents and events counted from 0 as they first occur, so that equal patterns are equal."""
    people: dict[int, int] = {}
    events: dict[int, int] = {}
    return Layout(
        tuple(tuple(people.setdefault(one, len(people)) for one in row) for row in layout.participants),
        tuple(tuple(events.setdefault(one, len(events)) for one in row) for row in layout.events),
    )


def _flags(outcome: Outcome) -> Flags:
    return {
        "never": outcome.state is State.NOT_APPLICABLE,
        "made": outcome.state is State.MADE_OUT,
        "out": outcome.state is State.NOT_MADE_OUT,
        "clash": outcome.state is State.CONTRADICTORY,
        "gate": outcome.gate_open,
        "robust": not outcome.depends,
    }
