"""Reading the record: what is filed under a reference, proofs and excerpts to be given away."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import islice
from typing import Any

from django.db.models import Max

from wenze.ledger import Erased, Record, RecordProblem, Row, export, payload_of, read_checkpoint
from wenze.web.journal.models import Entry, Filing
from wenze.web.journal.storage import DjangoStorage

ERASED = "record.erased"
"""the kind of the entry that lists which entries about the same thing were erased; its data: basis, entries"""
_AT_ONCE = 500  # fewer than the parameters a database takes
_LATEST = 64  # a checkpoint may come back from each witness: not more signatures than a note holds


@dataclass(frozen=True, slots=True)
class Recorded:
    """What one entry says. `on` is the office's day of recording."""

    n: int
    kind: str
    about: tuple[str, ...]
    by: str
    on: date
    data: Any  # JSON


def history(about: str) -> list[Recorded]:
    """The entries about something, in order; those that were erased are listed in their `record.erased`."""
    return [_recorded(row) for row in DjangoStorage().rows_about(about)]


def last_about(references: Iterable[str]) -> dict[str, bytes]:
    """Of each reference that has entries, the hash of the last one. It is salted: no other entry has it, here or elsewhere."""
    found: dict[str, bytes] = {}
    for some in _batched(references, _AT_ONCE):
        numbers = dict(Filing.objects.filter(about__in=some).values_list("about").annotate(Max("entry")))
        hashes = dict(Entry.objects.filter(n__in=numbers.values()).values_list("n", "leaf"))
        found |= {about: bytes(hashes[n]) for about, n in numbers.items()}
    return found


def _batched(references: Iterable[str], size: int) -> Iterator[list[str]]:
    left = iter(references)
    while some := list(islice(left, size)):
        yield some


def entry(n: int) -> Recorded | Erased:
    """One entry. RecordProblem where there is none, or where it is about the record itself."""
    said = Record(DjangoStorage()).read(n)
    return said if isinstance(said, Erased) else _said(n, said)


def latest() -> str | None:
    """The last checkpoint signed, with the most signatures it has: what a document prints. None before the first."""
    notes = DjangoStorage().latest_checkpoints(_LATEST)
    return max(notes, key=lambda note: (read_checkpoint(note).size, note.count("\n")), default=None)


def proof(n: int) -> str | None:
    """The proof that entry `n` is in the record, to be given away; None while no checkpoint covers it."""
    note = latest()
    if note is None or read_checkpoint(note).size <= n:
        return None
    return Record(DjangoStorage()).prove(n, note)


def excerpt(about: str) -> Iterator[bytes]:
    """The lines of a bundle that shows the payloads about one thing and proves them: all other entries stay closed."""
    storage = DjangoStorage()
    shown = {*storage.filed(about)}
    return export(storage, shown=lambda n: n in shown)


def _recorded(row: Row) -> Recorded:
    """A row that is filed, so that it has a payload. RecordProblem where it has none after all."""
    if row.opening is None:
        raise RecordProblem(f"entry {row.n} is filed and erased: the database was changed; run wenze verify")
    return _said(row.n, payload_of(row.opening))


def _said(n: int, payload: Any) -> Recorded:  # Any: JSON
    on = date.fromisoformat(payload["on"])
    return Recorded(n, payload["kind"], tuple(payload["about"]), payload["by"], on, payload["data"])
