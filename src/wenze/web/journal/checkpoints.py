"""Signing how the record stands: on demand, and on every tick in which something was recorded.

Never within a step: a signature cannot be rolled back.
"""

from __future__ import annotations

from wenze.ledger import Record, read_checkpoint
from wenze.web.journal.keys import signer
from wenze.web.journal.reader import latest
from wenze.web.journal.storage import DjangoStorage


def sign() -> str:
    """The checkpoint, signed and kept. OlderCopy, OtherKey, KeyProblem: then nothing is signed. NotKept: no record yet."""
    return Record(DjangoStorage()).checkpoint(signer())


def sign_if_due() -> str | None:
    """For the clock: signs where something was recorded since the last checkpoint. None where there was nothing."""
    size, note = DjangoStorage().size(), latest()
    if size == (read_checkpoint(note).size if note else 0):
        return None
    return sign()
