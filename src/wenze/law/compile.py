"""Sources → Law: names resolved, quotes found in the text, nothing circular; or every problem at once.

Puts the blocks of all files of an instrument together; `resolve` and `references` say what is wrong with them.
Evaluates nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from datetime import date
from typing import Any

from wenze.law.body import bilingual
from wenze.law.instrument import Law
from wenze.law.problems import Collected, Enough, Problem, Problems
from wenze.law.references import check_references
from wenze.law.resolve import resolve
from wenze.law.rules import Place, Source


def compile_sources(sources: Sequence[Source]) -> Law:
    """The Law that the files of one instrument and version say together. Raises Problems."""
    headers = [source for source in sources if source.header]
    if len(headers) != 1:
        place = next((source.header_place for source in headers[1:] if source.header_place), None)
        files = ", ".join(source.file for source in sources)
        message = f"{len(headers) or 'no'} `instrument` {'blocks' if headers else 'block'} in `{files}`"
        hint = "exactly one of the files of an instrument has one"
        raise Problems([Problem(place or Place(sources[0].file if sources else "-", 1), "L060", message, hint)])
    problems = Collected()
    with suppress(Enough):  # the problems say so themselves
        law = _law(sources, headers[0], problems)
        resolve(law, problems)
        if not problems:
            check_references(law, problems)
    if problems:
        raise Problems(problems)
    return law


def _law(sources: Sequence[Source], first: Source, problems: list[Problem]) -> Law:
    header = first.header

    def table(of: Callable[[Source], Iterable[Any]], key: str) -> dict[str, Any]:
        return _table((value for source in sources for value in of(source)), key, problems)

    return Law(
        header["id"],
        bilingual(header["title"]),
        date.fromisoformat(header["in-force"]),  # INVARIANT: blocks let no other text pass
        date.fromisoformat(header["published"]) if "published" in header else None,
        tuple(sources),
        dict(first.groups),
        table(lambda source: (article for article in source.articles if article.anchor), "anchor"),
        table(lambda source: source.vocabularies, "name"),
        table(lambda source: source.facts, "name"),
        table(lambda source: source.definitions, "name"),
        table(lambda source: source.rules, "id"),
        table(lambda source: source.readings, "id"),
        tuple(table(lambda source: source.constraints, "id").values()),
        table(lambda source: source.exceptions, "id"),
        table(lambda source: source.notes, "id"),
        table(lambda source: source.guards, "id"),
        table(lambda source: source.duty_sources, "id"),
        tuple(stated for source in sources for stated in source.stated),
    )


def _table(values: Iterable[Any], key: str, problems: list[Problem]) -> dict[str, Any]:  # Any: one table per shape
    """Values by their id; a second one of the same id is a problem."""
    found: dict[str, Any] = {}
    for value in values:
        id_ = getattr(value, key)
        first = found.setdefault(id_, value)
        if first is not value:
            hint = f"the first is at {first.place}; rename or remove one"
            problems.append(Problem(value.place, "L061", f"`{id_}` is declared twice", hint))
    return found
