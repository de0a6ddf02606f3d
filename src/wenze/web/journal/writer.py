"""The one way into the record: `record` and `erase`, inside the caller's transaction.

Knows the form of an entry of the office; not what the words in it mean.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django.db import connection
from django.utils import timezone

from wenze.ledger import EntryError, NotKept, Record, RecordProblem, open_record
from wenze.web.journal import keys
from wenze.web.journal.reader import ERASED, history
from wenze.web.journal.storage import DjangoStorage

Json = Any  # what canonical JSON holds: text, whole numbers below 2⁵³, true, false, null, lists, objects

_KIND = re.compile(r"[a-z]+(?:[._-][a-z]+)*")
_REFERENCE = re.compile(r"[a-z]+/[0-9A-Za-z._-]{1,60}")
_OURS = "record."  # kinds that begin so are written here alone
_MOST_BASIS = 200  # characters: a citation, not a story


def record(kind: str, *, about: Sequence[str], by: str, data: Json) -> int:
    """Adds an entry to the record together with the step it tells of; gives its number.

    `about` and `by` are references, `case/17`, `staff/7`, or `office` for the machine itself: they stay for ever and name nobody.
    `data` can be erased. The day is the office's, and no time is added to it: an entry may be about a report, whose time
    is nobody's business. Record last: until the transaction ends, nobody else can.

    RecordProblem outside a transaction, OlderCopy where an older copy was restored; EntryError for what is not of this form. Then nothing is written.
    """
    if kind.startswith(_OURS) or not _KIND.fullmatch(kind):
        raise EntryError(f"`{kind}` is no kind of entry: lower-case words with dots, not beginning with {_OURS}")
    return _add(kind, about=about, by=by, data=data)


def erase(about: str, *, basis: str, by: str) -> list[int]:
    """Removes every payload filed under `about` for ever, lawfully: the numbers of those entries.

    The record says of each that it is gone and on which `basis` (a citation: it stays for ever), and in one entry of
    the kind `record.erased` about the same thing, which. That one stays readable. All proofs hold.
    """
    _refuse_outside_a_step()
    if not basis.strip() or len(basis) > _MOST_BASIS:
        raise EntryError(f"a basis is the citation of a rule, of 1 to {_MOST_BASIS} characters")
    storage = DjangoStorage()
    with storage.writing():
        numbers = [each.n for each in history(about) if each.kind != ERASED]
        if not numbers:
            return []
        record_, now = Record(storage), timezone.now()
        for n in numbers:
            record_.erase(n, basis=basis, at=now)
        _add(ERASED, about=[about], by=by, data={"basis": basis, "entries": numbers})
    return numbers


def _add(kind: str, *, about: Sequence[str], by: str, data: Json) -> int:
    _refuse_outside_a_step()
    references = sorted({*about})
    if isinstance(about, str) or not references or not all(map(_REFERENCE.fullmatch, references)):
        raise EntryError(f"an entry is about references such as case/17, one or more, not about {about!r}")
    if by != "office" and not _REFERENCE.fullmatch(by):
        raise EntryError(f"an entry is by a reference such as staff/7, or by `office`, not by {by!r}")
    storage = DjangoStorage()
    said = {"about": references, "by": by, "data": data, "kind": kind, "on": timezone.localdate().isoformat()}
    with storage.writing():
        n = _opened(storage).append(said)
        storage.file(n, references)
    return n


def _refuse_outside_a_step() -> None:
    # INVARIANT: what cannot be recorded does not happen, and what does not happen is not recorded.
    if not connection.in_atomic_block:
        raise RecordProblem("an entry is recorded inside the transaction of the step it tells of: transaction.atomic()")


def _opened(storage: DjangoStorage) -> Record:
    try:
        found = Record(storage)
    except NotKept:
        found = open_record(storage, keys.signer(), at=timezone.now())
    # INVARIANT: nothing is added to an older copy before the record owns up to it, so that a shorter one is an older one
    found.refuse_shorter(keys.last_signed())
    return found
