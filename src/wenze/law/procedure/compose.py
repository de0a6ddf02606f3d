"""The layers of a procedure, put together for a day: who says what, what goes before what, which names are missing.

A procedure is a file `procedure.md` beside an instrument: its layers by rank, and the steps that no layer describes.
Of each layer the version in force on the day speaks, and none where none is in force. Where layers differ about who acts
or how long a period is, the first by rank decides and the others are kept beside it; what they ask for is added up.
"""

from __future__ import annotations

import hashlib
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, lru_cache

from wenze.law.days import Calendar, read_calendar
from wenze.law.instrument import Law
from wenze.law.library import Library
from wenze.law.parse import read_source
from wenze.law.problems import Collected, Enough, Problem, Problems
from wenze.law.procedure import merge
from wenze.law.procedure.table import Table
from wenze.law.rules import Bilingual, Place, Source
from wenze.law.steps import Frame, MeasureText, StepText


@dataclass(frozen=True, slots=True)
class Layer:
    """An instrument that speaks about procedure, in all its versions, the oldest first."""

    id: str
    optional: bool
    versions: tuple[Law, ...]

    def on(self, day: date) -> Law | None:
        """The version in force on a day."""
        return next((law for law in reversed(self.versions) if law.in_force <= day), None)


@dataclass(frozen=True, eq=False)
class Procedure:
    """The procedure of an instrument: its layers by rank, its own arrangements, and the calendar its periods run by."""

    id: str
    title: Bilingual
    note: Bilingual
    layers: tuple[Layer, ...]
    frame: Source
    frame_text: Frame
    calendar: Calendar
    left_out: tuple[str, ...] = field(default=())
    steps: frozenset[str] = field(default=frozenset())  # of every layer in every version, also of those left out

    def on(self, day: date) -> Table:
        """What is in force on a day: procedure follows the day of the step."""
        return _table(self, bisect_right(self.days, day))

    def digest(self, day: date) -> str:
        """SHA-256 over the files that speak on a day, to be kept with a step."""
        return self.on(day).digest

    @cached_property
    def measures(self) -> frozenset[str]:
        """The measures that any layer has in any version."""
        stated = (each for layer in self.layers for law in layer.versions for each in law.stated)
        return frozenset(each.id for each in (*stated, *self.frame.stated) if isinstance(each, MeasureText))

    @cached_property
    def days(self) -> tuple[date, ...]:
        """The days from which something else is in force, ascending."""
        return tuple(sorted({law.in_force for layer in self.layers for law in layer.versions}))


@lru_cache(maxsize=256)
def _table(procedure: Procedure, after: int) -> Table:
    """The table in force from one of the procedure's days on, the first after `after` = 1; before all of them at 0."""
    problems = Collected()
    day = procedure.days[after - 1] if after else date.min
    laws = tuple(layer.on(day) for layer in procedure.layers)
    table = _merged(procedure, laws, problems)
    if problems:  # read_procedure has shown them all
        raise Problems(problems)
    return table


def _merged(procedure: Procedure, laws: tuple[Law | None, ...], problems: list[Problem]) -> Table:
    speaking = [
        merge.Voice(law.id, law.title, law.stated, law.sources, layer.optional)
        for layer, law in zip(procedure.layers, laws, strict=True)
        if law
    ]
    frame = merge.Voice("", procedure.title, procedure.frame.stated, (procedure.frame,), optional=False)
    files = [(source.file, source.digest) for voice in (*speaking, frame) for source in voice.sources]
    digest = hashlib.sha256("\n".join(" ".join(pair) for pair in files).encode()).hexdigest()
    return merge.merged((*speaking, frame), procedure.measures, procedure.steps, digest, problems)


def read_procedure(library: Library, instrument: str, without: Iterable[str] = ()) -> Procedure:
    """The procedure of an instrument in a library; `without` leaves optional layers out. Raises Problems."""
    frame, text = _frame(library, instrument)
    left_out = tuple(without)
    _check_left_out(text, left_out)
    layers, problems = [], Collected()
    for name, optional in text.layers:
        try:
            versions = tuple(library.law(name, day) for day in library.versions(name)) or (library.law(name),)
            layers.append(Layer(name, optional, versions))
        except Problems as found:
            problems += [problem for problem in found.problems if problem not in problems]
    if problems:
        raise Problems(problems)
    calendar = read_calendar(library.root / "calendar")
    taken = tuple(layer for layer in layers if layer.id not in left_out)
    steps = frozenset(
        each.id for layer in layers for law in layer.versions for each in law.stated if isinstance(each, StepText)
    )
    procedure = Procedure(instrument, text.title, text.note, taken, frame, text, calendar, left_out, steps)
    _check(procedure)
    return procedure


def _frame(library: Library, instrument: str) -> tuple[Source, Frame]:
    path = library.procedure(instrument)
    name = f"{instrument}/{path.name}"
    frame = read_source(path, name)
    texts = [stated for stated in frame.stated if isinstance(stated, Frame)]
    if len(texts) != 1 or texts[0].id != instrument:
        says = f"has {len(texts)} blocks `procedure`" if len(texts) != 1 else f"is the procedure of `{texts[0].id}`"
        hint = f"write one block ```procedure {instrument} that names its layers"
        raise Problems([Problem(Place(name, 1), "L085", f"`{name}` {says}", hint)])
    return frame, texts[0]


def _check_left_out(text: Frame, left_out: tuple[str, ...]) -> None:
    optional = [name for name, optional in text.layers if optional]
    problems = [
        Problem(
            text.place, "L085", f"`{name}` is no optional layer", f"these may be left out: {'、'.join(optional) or '-'}"
        )
        for name in left_out
        if name not in optional
    ]
    if problems:
        raise Problems(problems)


def _check(procedure: Procedure) -> None:
    """Every combination of versions that is ever in force is whole. Raises Problems."""
    problems = Collected()
    try:
        for day in procedure.days or (date.max,):
            found = Collected()
            _merged(procedure, tuple(layer.on(day) for layer in procedure.layers), found)
            for problem in found:
                if problem not in problems:
                    problems.append(problem)
    except Enough:
        pass  # the problems say so themselves
    if problems:
        raise Problems(problems)
