"""The record: entries are added, openings erased, checkpoints signed, proofs given. The only writer of a storage.

Asks no clock: whoever calls says when. Checks what it builds on, not what was there before: that is `verify`.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from wenze.ledger import entries
from wenze.ledger.entries import Json, Leaf
from wenze.ledger.keys import Signer
from wenze.ledger.merkle import consistency, inclusion, leaf_hash, new_nodes, root
from wenze.ledger.notes import Checkpoint, NoteError, Verifier, read_checkpoint, read_verifier, signers
from wenze.ledger.proofs import Proof
from wenze.ledger.storage import NotKept, Row, Storage
from wenze.ledger.suites import Suite


class RecordProblem(Exception):
    """What was asked for is refused; the record is as it was."""


class OlderCopy(RecordProblem):
    """The data is an older copy, or another one, than what this key last signed."""

    def __init__(self, last: Checkpoint, size: int) -> None:
        self.last, self.size = last, size
        super().__init__(
            f"this key signed {last.size} entries, and these {size} do not continue them: an older copy was restored,"
            " or entries were changed. Put the right data back; if it is lost, record that with `restored`"
        )


class OtherKey(RecordProblem):
    """The key is not the one the record names."""


@dataclass(frozen=True, slots=True)
class Erased:
    """Stands in the place of the payload of entry `n`, which was lawfully erased."""

    n: int


class Record:
    """Over any storage. Everything that writes happens in one `writing()` and may be part of the caller's."""

    def __init__(self, storage: Storage) -> None:
        """NotKept where the storage holds no record yet: `open_record` begins one."""
        self.storage = storage
        first = entries.read_leaf(storage.row(0).leaf)
        self.origin: str = first.fields["origin"]
        self.suite: Suite = read_verifier(first.fields["key"]).suite
        self._hash = self.suite.hash

    # --- writing ------------------------------------------------------------------------------------------------------

    def append(self, payload: Json) -> int:
        """Adds one entry; gives its number. EntryError for what canonical JSON cannot hold."""
        return self.append_all([payload])[0]

    def append_all(self, payloads: Iterable[Json]) -> list[int]:
        """Adds entries, all or none."""
        openings = [entries.opening(payload, secrets.token_bytes(entries.SALT_BYTES)) for payload in payloads]
        with self.storage.writing():
            return [self._add(partial(self._committed, opening), opening) for opening in openings]

    def erase(self, n: int, *, basis: str, at: datetime) -> int:
        """Removes a payload for ever; the entry that says so names the legal basis, nobody. All proofs still hold."""
        with self.storage.writing():
            row = self._row(n)
            if entries.read_leaf(row.leaf).kind != "entry" or row.opening is None:
                raise RecordProblem(f"entry {n} has no payload to erase")
            by = self._add(lambda number: entries.erased(number, entry=n, basis=basis, at=at))
            self.storage.erase(n)
        return by

    def rotate(self, new: Verifier, *, old: Signer | None, reason: str, at: datetime) -> int:
        """From this entry on another key signs. Without the old one (lost) only a witness can vouch for the new."""
        if new.witness or new.name != self.origin or new.suite is not self.suite:
            raise RecordProblem(f"{new} is not a key for {self.origin} with {self.suite.name}")
        if old is not None:
            self._refuse_other_key(old)

        def leaf(n: int) -> Leaf:
            endorsement = old.sign_bytes(entries.handing_over(self.origin, n, str(new))) if old else None
            return entries.rotated(n, key=str(new), endorsement=endorsement, reason=reason, at=at)

        with self.storage.writing():
            return self._add(leaf)

    def restored(self, signer: Signer, *, reason: str, at: datetime) -> int:
        """Says in the record itself that it goes on from an older copy than what `signer` last signed.

        Where that copy is older than an earlier loss, too, it says this once more, in an entry before.
        """
        self._refuse_pending()
        last = self._last_of(signer)
        lost = [self._read_last(note, signer.verifier) for note in signer.lost]
        with self.storage.writing():
            if last is None or signer.last is None or self._continues(last):
                raise RecordProblem("this is no older copy: it continues all that this key has signed")
            signer.remember_lost(signer.last)
            for one in lost:
                if one != last and not (self._continues(one) or self._owns_up_to(one)):
                    self._restored(one, reason, at)
            return self._restored(last, reason, at)

    def _restored(self, lost: Checkpoint, reason: str, at: datetime) -> int:
        return self._add(lambda n: entries.restored(n, size=lost.size, root=lost.root, reason=reason, at=at))

    def _committed(self, opening: bytes, n: int) -> Leaf:
        return entries.committed(self.suite, n, opening)

    def _add(self, leaf_of: Callable[[int], Leaf], opening: bytes | None = None) -> int:
        """Only within `writing()`: the number is taken there."""
        n = self.storage.size()
        leaf = leaf_of(n).bytes
        hash_ = leaf_hash(self._hash, leaf)
        self.storage.add(Row(n, leaf, hash_, opening))
        for level, index, made in new_nodes(self._hash, n, hash_, self.storage.node):
            self.storage.add_node(level, index, made)
        return n

    # --- checkpoints --------------------------------------------------------------------------------------------------

    def head(self) -> Checkpoint:
        """How the record stands now, unsigned."""
        size = self.storage.size()
        return self.at(size)

    def at(self, size: int) -> Checkpoint:
        """How the record stood when it had `size` entries."""
        return Checkpoint(self.origin, size, root(self._hash, size, self.storage.node))

    def checkpoint(self, signer: Signer) -> str:
        """Signs how the record stands, and keeps the note. OlderCopy, OtherKey: then nothing is signed."""
        self._refuse_pending()
        with self.storage.writing():
            last = self._last_of(signer)
            if last is not None and not self._continues(last) and not self._owns_up_to(last):
                raise OlderCopy(last, self.storage.size())
            note = self._sign(signer)
            signer.remember(note)
            self.storage.add_checkpoint(note)
        return note

    def refuse_shorter(self, last: str | None) -> None:
        """OlderCopy where the record is shorter than `last`, which its key signed, and does not own up to that.

        Quick enough for every step: what an older copy was restored to is seen before anything is added to it.
        """
        seen = self._read_last(last) if last is not None else None
        if seen is not None and seen.size > self.storage.size() and not self._owns_up_to(seen):
            raise OlderCopy(seen, self.storage.size())

    def cosigned(self, note: str) -> None:
        """Keeps a checkpoint that came back from a witness, beside the one that was sent. NoteError."""
        checkpoint = read_checkpoint(note)
        if checkpoint.size > self.storage.size() or self.at(checkpoint.size) != checkpoint:
            raise RecordProblem("this is not a checkpoint of this record")
        signers(note, self.keys().values())
        with self.storage.writing():
            self.storage.add_checkpoint(note)

    def keys(self) -> dict[int, Verifier]:
        """The keys of the record by the entry from which on they sign."""
        return {
            row.n: read_verifier(leaf.fields["key"])
            for row in self.storage.controls()
            for leaf in [entries.read_leaf(row.leaf)]
            if leaf.kind in {"opened", "rotated"}
        }

    def _sign(self, signer: Signer) -> str:
        self._refuse_other_key(signer)
        text = self.head().text
        return f"{text}\n{signer.sign(text)}"

    def _refuse_other_key(self, signer: Signer) -> None:
        now = list(self.keys().values())[-1]
        if signer.verifier != now:
            raise OtherKey(
                f"this record is signed by {now}, not by {signer.verifier}: give the right key, or hand over to"
                " this one; if it was handed over already, the data is an older copy"
            )

    def _refuse_pending(self) -> None:
        # INVARIANT: what is signed, or held against the key's memory, is committed: a signature cannot be rolled back.
        if self.storage.pending():
            raise RecordProblem("a checkpoint is signed after a step is committed, not within it")

    def _last_of(self, signer: Signer) -> Checkpoint | None:
        return self._read_last(signer.last, signer.verifier) if signer.last is not None else None

    @staticmethod
    def _read_last(note: str, *by: Verifier) -> Checkpoint:
        try:
            if by:
                signers(note, by)
            return read_checkpoint(note)
        except NoteError as error:
            message = (
                f"what this key last signed cannot be read ({error}); compare with a witness, then remove that file"
            )
            raise RecordProblem(message) from error

    def _continues(self, last: Checkpoint) -> bool:
        return last.size <= self.storage.size() and self.at(last.size) == last

    def _owns_up_to(self, last: Checkpoint) -> bool:
        """Whether an entry says that the record was restored from before `last`."""
        leaves = (entries.read_leaf(row.leaf) for row in self.storage.controls())
        return any(
            leaf.kind == "restored" and (leaf.fields["size"], leaf.fields["root"]) == (last.size, last.root.hex())
            for leaf in leaves
        )

    # --- reading ------------------------------------------------------------------------------------------------------

    def read(self, n: int) -> Json | Erased:
        """The payload of an entry. RecordProblem where it has none."""
        row = self._row(n)
        if entries.read_leaf(row.leaf).kind != "entry":
            raise RecordProblem(f"entry {n} is about the record itself and has no payload")
        return Erased(n) if row.opening is None else entries.payload_of(row.opening)

    def prove(self, n: int, note: str) -> str:
        """The proof that entry `n` is in what `note` signed, to be given away (tlog-proof)."""
        size = read_checkpoint(note).size
        try:
            path = inclusion(self._hash, n, size, self.storage.node)
        except (ValueError, NotKept) as error:
            raise RecordProblem(f"entry {n} is not in the checkpoint of {size} entries") from error
        return str(Proof(n, tuple(path), note))

    def consistency(self, old: int, new: int) -> list[bytes]:
        """The proof that the record of `new` entries continues that of `old`, for a witness."""
        try:
            return consistency(self._hash, old, new, self.storage.node)
        except (ValueError, NotKept) as error:
            raise RecordProblem(
                f"no proof from {old} to {new} entries: the record has {self.storage.size()}"
            ) from error

    def _row(self, n: int) -> Row:
        try:
            return self.storage.row(n)
        except NotKept as error:
            raise RecordProblem(f"there is no entry {n}; the last is {self.storage.size() - 1}") from error


def open_record(storage: Storage, signer: Signer, *, at: datetime) -> Record:
    """The record in a storage; in an empty one it begins, with `signer` as its first key."""
    with storage.writing():
        if storage.size() == 0:
            suite = signer.verifier.suite
            first = entries.opened(origin=signer.verifier.name, suite=suite, key=str(signer.verifier), at=at)
            storage.add(Row(0, first.bytes, leaf_hash(suite.hash, first.bytes), None))
    return Record(storage)
