"""What one entry says: the leaf that stays for ever, and the opening that may be erased.

A leaf is canonical JSON (RFC 8785) with its own number. An ordinary one holds a commitment and nothing else, so that a
leaf tells nobody anything; the others say openly what happened to the record itself. Knows no tree and no storage.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import rfc8785

from wenze.ledger.notes import NoteError, read_verifier
from wenze.ledger.suites import HASH_BYTES, Suite

SALT_BYTES = 32
_BLOCK = 256  # bytes; openings are padded to a multiple, so that a sealed one does not tell its length
_COMMITMENT = b"wenze/commitment/1\n"

Json = Any  # JSON as the standard library reads it


class EntryError(ValueError):
    """A leaf or an opening that is not in its one form."""


# --- leaves -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Leaf:
    """`kind` is one of `_FIELDS`; `fields` are those that it names."""

    n: int
    kind: str
    fields: Mapping[str, Json]

    @property
    def bytes(self) -> bytes:
        if self.kind == "entry":  # nearly all are; the same text in a twentieth of the time
            return f'{{"commitment":"{self.fields["commitment"]}","kind":"entry","n":{self.n}}}'.encode()
        return canonical({"kind": self.kind, "n": self.n, **self.fields})


_FIELDS: dict[str, dict[str, type | tuple[type, ...]]] = {
    "entry": {"commitment": str},
    # the first entry of every record: whose it is, its algorithms, its first key
    "opened": {"at": str, "key": str, "origin": str, "suite": str},
    # the payload of `entry` is gone, lawfully
    "erased": {"at": str, "basis": str, "entry": int},
    # from here on `key` signs; `endorsement` is the old key's signature over that, null where the old key is lost
    "rotated": {"at": str, "endorsement": (str, type(None)), "key": str, "reason": str},
    # what stands here was restored from a copy; the record had been longer: `size` entries with `root`
    "restored": {"at": str, "reason": str, "root": str, "size": int},
}


def read_leaf(data: bytes) -> Leaf:
    """The leaf that these bytes are. EntryError says what is not in order."""
    value = _read(data)
    if not isinstance(value, dict) or canonical(value) != data:
        raise EntryError("not in canonical form")
    kind, n = value.pop("kind", None), value.pop("n", None)
    expected = _FIELDS.get(kind) if isinstance(kind, str) else None
    if expected is None or type(n) is not int or n < 0:
        raise EntryError("of no known kind, or without a number")
    if value.keys() != expected.keys():
        raise EntryError(f"fields {sorted(value)} instead of {sorted(expected)}")
    if any(type(value[name]) not in _types(types) for name, types in expected.items()):
        raise EntryError("a field of another type")
    _check(kind, n, value)
    return Leaf(n, kind, value)


def _types(types: type | tuple[type, ...]) -> tuple[type, ...]:
    return types if isinstance(types, tuple) else (types,)


def _check(kind: str, n: int, value: dict[str, Json]) -> None:
    """What the types alone do not say."""
    for name in {"commitment", "root"} & value.keys():
        if len(value[name]) != 2 * HASH_BYTES or value[name].strip("0123456789abcdef"):
            raise EntryError(f"`{name}` is not {HASH_BYTES} bytes in hexadecimal")
    if "key" in value:
        try:
            verifier = read_verifier(value["key"])
        except NoteError as error:
            raise EntryError(str(error)) from error
        if verifier.witness or (
            kind == "opened" and (verifier.suite.name, verifier.name) != (value["suite"], value["origin"])
        ):
            raise EntryError("the key is not one of this record")
    if kind == "erased" and not 0 <= value["entry"] < n:
        raise EntryError(f"erases entry {value['entry']}, which is not an earlier one")
    if kind == "restored" and value["size"] < 0:
        raise EntryError("a size below nought")
    if (kind == "opened") != (n == 0):
        raise EntryError("a record is opened by entry 0 and by no other")


def opened(*, origin: str, suite: Suite, key: str, at: datetime) -> Leaf:
    return Leaf(0, "opened", {"at": moment(at), "key": key, "origin": origin, "suite": suite.name})


def erased(n: int, *, entry: int, basis: str, at: datetime) -> Leaf:
    return Leaf(n, "erased", {"at": moment(at), "basis": basis, "entry": entry})


def rotated(n: int, *, key: str, endorsement: bytes | None, reason: str, at: datetime) -> Leaf:
    signature = b64encode(endorsement).decode() if endorsement else None
    return Leaf(n, "rotated", {"at": moment(at), "endorsement": signature, "key": key, "reason": reason})


def restored(n: int, *, size: int, root: bytes, reason: str, at: datetime) -> Leaf:
    return Leaf(n, "restored", {"at": moment(at), "reason": reason, "root": root.hex(), "size": size})


def handing_over(origin: str, n: int, key: str) -> bytes:
    """What the old key signs when it hands over to a new one in entry `n`."""
    return f"wenze/rotation/1\n{origin}\n{n}\n{key}\n".encode()


def moment(at: datetime) -> str:
    """UTC to the second. ValueError for a time without a zone."""
    if at.tzinfo is None:
        raise ValueError("a time of the record needs its zone")
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


# --- openings ---------------------------------------------------------------------------------------------------------


def opening(payload: Json, salt: bytes) -> bytes:
    """What a commitment is made over: payload and salt as canonical JSON, padded with spaces."""
    if len(salt) != SALT_BYTES:
        raise ValueError(f"a salt has {SALT_BYTES} bytes")
    made = canonical({"payload": payload, "salt": b64encode(salt).decode()})
    if payload_of(made) != payload:  # a whole float from 2⁵³, which JSON reads as another number; a tuple
        raise EntryError("cannot be written as canonical JSON: it would not read back as it is")
    return padded(made)


def padded(text: bytes) -> bytes:
    return text + b" " * (-len(text) % _BLOCK)


def commitment(suite: Suite, opening_: bytes) -> bytes:
    return suite.hash(_COMMITMENT + opening_)


def committed(suite: Suite, n: int, opening_: bytes) -> Leaf:
    return Leaf(n, "entry", {"commitment": commitment(suite, opening_).hex()})


def payload_of(opening_: bytes) -> Json:
    value = _read(opening_)
    if not isinstance(value, dict) or value.keys() != {"payload", "salt"}:
        raise EntryError("not a payload with its salt")
    return value["payload"]


# --- canonical JSON ---------------------------------------------------------------------------------------------------


def canonical(value: Json) -> bytes:
    """RFC 8785. EntryError for what JSON cannot hold exactly: integers from 2⁵³, NaN, lone surrogates, other types."""
    try:
        return rfc8785.dumps(value)
    except (ValueError, RecursionError) as error:
        raise EntryError(f"cannot be written as canonical JSON: {error}") from error


def _read(data: bytes) -> Json:
    try:
        return json.loads(data.decode())
    except (ValueError, RecursionError) as error:
        raise EntryError("not JSON in UTF-8") from error
