"""Cases on paper: `history` blocks of Markdown, or JSON → what was done, in order. Judges nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from wenze.law.parse import read_source
from wenze.law.problems import Problem, Problems, instead
from wenze.law.procedure.asjson import read_history
from wenze.law.procedure.compose import Procedure
from wenze.law.procedure.table import Table
from wenze.law.rules import Bilingual, Place
from wenze.law.steps import HistoryText, Move


@dataclass(frozen=True, slots=True)
class History:
    """A case on paper, its names resolved: ids as the procedure has them."""

    id: str
    title: Bilingual
    note: Bilingual
    basis: str  # the instrument whose procedure applies
    features: Mapping[str, bool]
    moves: tuple[Move, ...]
    places: tuple[Place, ...]  # of each move


def read_histories(path: Path) -> tuple[HistoryText, ...]:
    """The histories of a .md or .json file, or of every such file of a folder. Raises Problems."""
    paths = sorted(each for each in path.iterdir() if each.suffix in (".md", ".json")) if path.is_dir() else [path]
    found = [text for each in paths for text in _of_file(each)]
    if not found:
        hint = "write a block ```history NAME"
        raise Problems([Problem(Place(path.name, 1), "L087", "no history here", hint)])
    return tuple(found)


def _of_file(path: Path) -> list[HistoryText]:
    if path.suffix == ".json":
        return [read_history(path)]
    return [stated for stated in read_source(path).stated if isinstance(stated, HistoryText)]


def history_of(procedure: Procedure, text: HistoryText) -> History:
    """A history with its names resolved, Chinese titles to ids. Raises Problems for names the procedure does not have."""
    words = _Words([])
    moves = tuple(words.move(procedure.on(move.day), move, place) for move, place in text.moves)
    last = procedure.on(moves[-1].day if moves else date.max)
    features = {words.id("feature", name, _titles(last.features), text.place): value for name, value in text.features}
    if words.problems:
        raise Problems(words.problems)
    places = tuple(place for _, place in text.moves)
    return History(text.id, text.title, text.note, text.basis, features, moves, places)


class _Words:
    """Ids of what is named by its id or its Chinese title, in the table of the day."""

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems

    def move(self, table: Table, move: Move, place: Place) -> Move:
        measures = {measure.id: measure.title for measure in table.measures.ranked}
        bands = {band.id: band.title for band in table.measures.bands}
        return replace(
            move,
            step=self.id("step", move.step, _titles(table.steps), place),
            role=self.id("role", move.role, table.roles, place),
            outcome=self.id("outcome", move.outcome, table.outcomes, place) if move.outcome else "",
            papers=tuple(self.id("paper", paper, _titles(table.papers), place) for paper in move.papers),
            relations=tuple(self.id("relation", each, table.relations, place) for each in move.relations),
            band=self.id("band", move.band, bands, place) if move.band else "",
            measures=tuple(self.id("measure", each, measures, place) for each in move.measures),
        )

    def id(self, what: str, word: str, known: Mapping[str, Bilingual], place: Place) -> str:
        if word in known:
            return word
        found = next((id for id, title in known.items() if title.zh == word), None)
        if found is None:
            named = [*known, *(title.zh for title in known.values())]
            hint = instead(word, named, f"use one of {'、'.join(known)}")
            self.problems.append(Problem(place, "L062", f"no {what} is called `{word}`", hint))
        return found or word


def _titles(values: Mapping[str, Any]) -> dict[str, Bilingual]:  # Any: whatever has a title
    return {id: value.title for id, value in values.items()}
