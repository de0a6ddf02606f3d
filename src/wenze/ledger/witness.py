"""A witness: keeps the last checkpoint of a record that it saw, and signs the next only if it continues that one.

For a superior organ or anybody else outside. It needs its own key, the record's public key and a small file; it never
sees an entry.
"""

from __future__ import annotations

import json
from base64 import b64encode
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from wenze.ledger.entries import EntryError, read_leaf
from wenze.ledger.files import alone, write_new, write_whole
from wenze.ledger.keys import Signer
from wenze.ledger.merkle import continues
from wenze.ledger.notes import (
    Checkpoint,
    NoteError,
    Verifier,
    from_base64,
    read_checkpoint,
    read_verifier,
    signers,
    with_signatures,
)
from wenze.ledger.proofs import check_proof, read_proof
from wenze.ledger.record import Record

_FORMAT = "wenze-witness/1"
_MOST = 63  # parts of a consistency proof, as tlog-witness has it


class Refused(Exception):
    """The witness does not sign; the message says why, and whether it is a sign of tampering."""


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent to a witness: the body of `add-checkpoint` in C2SP tlog-witness."""

    old: int
    path: tuple[bytes, ...]
    note: str

    def __str__(self) -> str:
        return "\n".join([f"old {self.old}", *(b64encode(part).decode() for part in self.path), "", self.note])


def request(record: Record, note: str, old: int) -> Request:
    """That `note` continues the `old` entries the witness saw last. RecordProblem where it does not."""
    return Request(old, tuple(record.consistency(old, read_checkpoint(note).size)) if old else (), note)


def read_request(text: str) -> Request:
    """NoteError where the text is none."""
    above, blank, note = text.partition("\n\n")
    first, *lines = above.split("\n")
    number = first.removeprefix("old ")
    if not blank or first == number or not number.isdecimal() or str(int(number)) != number or len(lines) > _MOST:
        raise NoteError("form", "not a request to a witness: `old N`, a proof, an empty line, a checkpoint")
    read_checkpoint(note)
    return Request(int(number), tuple(from_base64(line) for line in lines), note)


@dataclass(frozen=True, slots=True)
class _State:
    """What the file holds: keys of the record, the last checkpoint signed, those left behind by a restored record."""

    keys: tuple[Verifier, ...]
    last: str | None = None
    left: tuple[str, ...] = ()

    @property
    def seen(self) -> Checkpoint:
        """An empty record, where none was seen."""
        return (
            read_checkpoint(self.last) if self.last else Checkpoint(self.keys[0].name, 0, self.keys[0].suite.hash(b""))
        )


class Witness:
    """Its file holds all it needs, is read before each request and written whole before any signature leaves."""

    def __init__(self, path: Path) -> None:
        """Refused where the file is missing or damaged: a witness that forgot must not begin anew unnoticed."""
        self._path = path
        self._state()

    @property
    def origin(self) -> str:
        return self._state().keys[0].name

    @property
    def size(self) -> int:
        """How many entries it saw last: where the next request begins."""
        return self._state().seen.size

    @property
    def last(self) -> str | None:
        """The last checkpoint it signed: what to hold against the record."""
        return self._state().last

    def cosign(self, asked: Request, signer: Signer, *, now: int) -> str:
        """The checkpoint with the witness's signature below; `now` in seconds since 1970. Refused: nothing changes."""
        with alone(self._path):
            state = self._state()
            checkpoint, seen = _genuine(asked.note, state), state.seen
            if asked.old != seen.size:
                raise Refused(
                    f"the request begins at {asked.old} entries, this witness last saw {seen.size}: ask from there"
                )
            hash_ = state.keys[0].suite.hash
            if not continues(hash_, seen.size, checkpoint.size, seen.root, checkpoint.root, asked.path):
                raise Refused(
                    f"{checkpoint.size} entries do not continue the {seen.size} seen before: entries were changed or"
                    " removed, or an older copy was restored. Keep this request: it is signed, and evidence"
                )
            return self._sign(replace(state, last=asked.note), signer, now)

    def follow_key(self, key: Verifier) -> None:
        """Accept a further key of the record, after its fingerprint was compared."""
        with alone(self._path):
            state = self._state()
            if key.witness or key.name != state.keys[0].name or key.suite is not state.keys[0].suite:
                raise Refused(f"{key} is not a key of {state.keys[0].name}")
            if key not in state.keys:
                self._write(replace(state, keys=(*state.keys, key)))

    def accept_restored(self, proof: str, leaf: bytes, signer: Signer, *, now: int) -> str:
        """Go on with a record that owns up, in the entry `leaf`, to continue an older copy than what was seen here.

        `proof` is that of the entry, with the checkpoint to sign. What was seen stays in the file for good.
        """
        with alone(self._path):
            state = self._state()
            try:
                said = read_leaf(leaf)
                check_proof(proof, leaf, state.keys)
            except (EntryError, NoteError) as error:
                raise Refused(f"this does not prove that the record says it was restored: {error}") from error
            if state.last is None or said.kind != "restored" or said.fields["size"] < state.seen.size:
                raise Refused("the record does not say that it was restored from before what this witness saw")
            note = read_proof(proof).note
            return self._sign(replace(state, last=note, left=(*state.left, state.last)), signer, now)

    def _sign(self, state: _State, signer: Signer, now: int) -> str:
        if not signer.verifier.witness or state.last is None:
            raise Refused(f"{signer.verifier.name} is not a key of a witness")
        self._write(state)  # INVARIANT: before the signature is given away, or two futures could be signed
        return with_signatures(state.last, [signer.sign(state.seen.text, time=now)])

    def _state(self) -> _State:
        try:
            value: dict[str, Any] = json.loads(self._path.read_bytes())  # Any: JSON
            if value["format"] != _FORMAT:
                raise ValueError("another format")
            state = _State(tuple(map(read_verifier, value["keys"])), value["last"], tuple(value["left"]))
            if state.seen.origin != state.keys[0].name:
                raise ValueError("another record")
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as error:
            raise Refused(
                f"{self._path}: what the witness saw cannot be read; restore the file from your copy"
            ) from error
        return state

    def _write(self, state: _State) -> None:
        write_whole(self._path, _to_file(state))


def new_witness(path: Path, key: Verifier) -> Witness:
    """A witness of the record with this key, which saw nothing yet. FileExistsError where one is kept already."""
    write_new(path, _to_file(_State((key,))))
    return Witness(path)


def _genuine(note: str, state: _State) -> Checkpoint:
    origin = state.keys[0].name
    try:
        checkpoint = read_checkpoint(note)
        signers(note, state.keys)
    except NoteError as error:
        raise Refused(f"not a checkpoint of {origin}: {error}") from error
    if checkpoint.origin != origin:
        raise Refused(f"a checkpoint of {checkpoint.origin}, not of {origin}")
    return checkpoint


def _to_file(state: _State) -> bytes:
    value = {"format": _FORMAT, "keys": [*map(str, state.keys)], "last": state.last, "left": [*state.left]}
    return (json.dumps(value, ensure_ascii=False, indent=1, sort_keys=True) + "\n").encode()
