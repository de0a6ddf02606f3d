"""Checks a whole record where it is kept: entries, payloads, tree, checkpoints, and the guards of the storage."""

from __future__ import annotations

import math
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from wenze.ledger.audit import Audit, Signed, held
from wenze.ledger.bundle import check_bundle
from wenze.ledger.notes import Verifier
from wenze.ledger.sqlite import SqliteStorage
from wenze.ledger.storage import Storage

_SQLITE = b"SQLite format 3\0"
_Node = tuple[int, int, bytes]


def check_storage(
    storage: Storage, *, trusted: Sequence[Verifier] = (), notes: Iterable[str] = (), remembered: str | None = None
) -> Audit:
    """Everything that is wrong. `notes` are checkpoints from outside: only they show a cut end or an older copy.

    `remembered` is what the record's own key signed last, which is kept beside the key (`Signer.last`).
    """
    audit = Audit(trusted)
    with storage.reading():
        for what in storage.faults():
            audit.say("R401", "storage", what=what)
        _expect(storage, audit)
        for signed in held(notes):
            audit.expect(signed)
        if remembered is not None:
            audit.expect(Signed("last", remembered, held=True))
        nodes = _Nodes(storage.nodes(), audit)
        for row in storage.rows():
            for level, index, hash_ in audit.take(row, f"entry {row.n}"):
                nodes.meet((index + 1) << level, level, hash_)
        nodes.end()
        _check_strays(storage, audit)
    audit.finish()
    return audit


def _expect(storage: Storage, audit: Audit) -> None:
    """The checkpoints kept, numbered without a gap."""
    due = 0
    for number, note in storage.checkpoints():
        if number != due:
            audit.say("R207", f"checkpoint {number}", expected=due)
        due = number + 1
        audit.expect(Signed(f"checkpoint {number}", note))


def check_file(path: Path, *, trusted: Sequence[Verifier] = (), notes: Iterable[str] = ()) -> Audit:
    """`check_storage` for a file, which may be too damaged to be read at all. FileNotFoundError."""
    if not path.is_file():
        raise FileNotFoundError(path)
    try:
        storage = SqliteStorage(path, read_only=True)
        try:
            return check_storage(storage, trusted=trusted, notes=notes)
        finally:
            storage.close()
    except sqlite3.DatabaseError as error:
        audit = Audit(trusted)
        audit.say("R402", "storage", what=str(error))
        return audit


def check_path(path: Path, *, trusted: Sequence[Verifier] = (), notes: Iterable[str] = ()) -> Audit:
    """Whatever lies there: a database, or an exported file. OSError where nothing can be read."""
    with open(path, "rb") as lines:
        if lines.read(len(_SQLITE)) == _SQLITE:
            return check_file(path, trusted=trusted, notes=notes)
        lines.seek(0)
        return check_bundle(lines, trusted=trusted, notes=notes)


class _Nodes:
    """The nodes that are kept, held against those that the entries make; both in the same order."""

    def __init__(self, kept: Iterator[_Node], audit: Audit) -> None:
        self._kept, self._audit = kept, audit
        self._next = next(kept, None)

    def meet(self, ends: int, level: int, hash_: bytes) -> None:
        while self._next is not None and _before(self._next, (ends, level)):
            self._stray(self._next)
        if self._next is None or self._next[:2] != (ends, level):
            self._audit.say("R110", f"node {ends}/{level}")
            return
        if self._next[2] != hash_ and not self._audit.in_doubt(ends - (1 << level)):
            self._audit.say("R109", f"node {ends}/{level}")
        self._next = next(self._kept, None)

    def end(self) -> None:
        while self._next is not None and self._audit.aligned:
            self._stray(self._next)

    def _stray(self, node: _Node) -> None:
        self._audit.say("R113", f"node {node[0]}/{node[1]}")
        self._next = next(self._kept, None)


def _before(node: _Node, place: tuple[int, int]) -> bool:
    """Whether SQLite sorts a node before a place; other types than numbers, which its columns may hold, come last."""
    ends, level = (each if type(each) is int else math.inf for each in node[:2])
    return (ends, level) < place


def _check_strays(storage: Storage, audit: Audit) -> None:
    """Payloads of entries that are not there."""
    for n in storage.openings():
        if not 0 <= n < audit.size:
            audit.say("R107", f"entry {n}", n=n)
