"""Checks the office's record where it is kept: the record itself, its index, and what the key last signed.

Trusts nothing in the database. An older copy that was restored is recognised by what the key remembers outside it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from heapq import merge
from itertools import groupby

from django.db import DatabaseError

from wenze.ledger import Audit, EntryError, Verifier, check_storage, payload_of
from wenze.web.journal import keys
from wenze.web.journal.storage import DjangoStorage


def check_journal(*, trusted: Sequence[Verifier] = (), notes: Iterable[str] = ()) -> Audit:
    """Everything that is wrong. `notes` are checkpoints from outside.

    Where nobody is named whom to trust, it is the office's own key, if it is here: it lies outside the data.
    """
    storage, own = DjangoStorage(), keys.public()
    trusted = trusted or ([] if own is None else [own])
    try:
        with storage.reading():
            audit = check_storage(storage, trusted=trusted, notes=notes, remembered=keys.last_signed())
            _check_filings(storage, audit)
    except DatabaseError as error:
        audit = Audit(trusted)
        audit.say("R402", "storage", what=str(error).strip())
    return audit


def _check_filings(storage: DjangoStorage, audit: Audit) -> None:
    """Each entry is filed under what its payload says, and under nothing else."""
    said = ((row.n, about, True) for row in storage.rows() for about in _about(row.opening))
    filed = ((n, about, False) for n, about in storage.filings())
    for _, here in groupby(merge(said, filed, key=_place), key=_place):
        rows = list(here)
        by_payload, by_index = ({about for _, about, each in rows if each is side} for side in (True, False))
        if by_payload != by_index:
            audit.say("R114", f"entry {rows[0][0]}", said=_listed(by_payload), found=_listed(by_index))


def _place(row: tuple[int, str, bool]) -> tuple[bool, int, str]:
    """As SQLite sorts them: its columns may hold other things than numbers, which come last."""
    n = row[0]
    return (False, n, "") if type(n) is int else (True, 0, str(n))


def _about(opening: bytes | None) -> set[str]:
    """What a payload is about. Where it is no payload, that is named already."""
    try:
        return set() if opening is None else {*map(str, payload_of(opening)["about"])}
    except (EntryError, LookupError, TypeError):
        return set()


def _listed(about: set[str]) -> str:
    return ", ".join(sorted(map(str, about))) or "–"
