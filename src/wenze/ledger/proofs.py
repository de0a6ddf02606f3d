"""A proof that one entry is in the record, as the text C2SP calls tlog-proof: to be given away, and checked offline.

Knows the text; the tree and the signatures are checked by the modules below.
"""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable
from dataclasses import dataclass

from wenze.ledger.merkle import includes, leaf_hash
from wenze.ledger.notes import Checkpoint, NoteError, Verifier, from_base64, read_checkpoint, signers
from wenze.ledger.suites import HASH_BYTES

_HEAD = "c2sp.org/tlog-proof@v1"
_INDEX = re.compile(r"index (0|[1-9][0-9]{0,18})")
_MOST = 64  # parts of a path: of a tree of 2⁶⁴


@dataclass(frozen=True, slots=True)
class Proof:
    """`note` is the signed checkpoint; `extra` is whatever the giver put in, and proves nothing."""

    n: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {b64encode(self.extra).decode()}"] if self.extra else []
        path = [b64encode(part).decode() for part in self.path]
        return "\n".join([_HEAD, *extra, f"index {self.n}", *path, "", self.note])


def read_proof(text: str) -> Proof:
    """NoteError where the text is no proof. Nothing is checked yet."""
    above, blank, note = text.partition("\n\n")
    lines = above.split("\n")
    if lines.pop(0) != _HEAD or not blank:
        raise NoteError("form", f"not a proof: it begins with {_HEAD}")
    extra = from_base64(lines.pop(0)[6:]) if lines and lines[0].startswith("extra ") else b""
    index = _INDEX.fullmatch(lines.pop(0)) if lines else None
    if index is None or len(lines) > _MOST:
        raise NoteError("form", "not a proof: a line `index N`, then the path")
    path = tuple(from_base64(line) for line in lines)
    if any(len(part) != HASH_BYTES for part in path):
        raise NoteError("form", f"a part of the path has not {HASH_BYTES} bytes")
    read_checkpoint(note)
    return Proof(int(index[1]), path, note, extra)


def check_proof(text: str, leaf: bytes, trusted: Iterable[Verifier]) -> tuple[Checkpoint, tuple[Verifier, ...]]:
    """That `leaf` is in the record that one of `trusted` keeps: the checkpoint, and who of them signed it.

    NoteError says what does not hold.
    """
    proof = read_proof(text)
    checkpoint = read_checkpoint(proof.note)
    signed = signers(proof.note, trusted)
    own = [each for each in signed if not each.witness and each.name == checkpoint.origin]
    if not own:
        raise NoteError("signature", f"witnesses signed it, but no key of {checkpoint.origin} that is trusted")
    hash_ = own[0].suite.hash
    if not includes(hash_, proof.n, checkpoint.size, leaf_hash(hash_, leaf), proof.path, checkpoint.root):
        raise NoteError("signature", f"this is not entry {proof.n} of the record of {checkpoint.size} entries")
    return checkpoint, signed
