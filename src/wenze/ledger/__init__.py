"""A record that cannot be changed unnoticed: entries in a Merkle tree, signed checkpoints, proofs, and their checks.

Knows neither Django nor the law; payloads are plain JSON. Others enter by these names only. `docs/record.md` says what
it proves and what it cannot.
"""

from wenze.ledger.audit import Audit
from wenze.ledger.bundle import check_bundle, export
from wenze.ledger.check import check_file, check_path, check_storage
from wenze.ledger.entries import EntryError, payload_of
from wenze.ledger.files import write_whole
from wenze.ledger.findings import Finding
from wenze.ledger.keys import (
    KeyProblem,
    Signer,
    create_key,
    last_path,
    last_signed,
    load_key,
    lost_path,
    read_public,
    refuse_inside,
)
from wenze.ledger.notes import Checkpoint, NoteError, Verifier, read_checkpoint, read_verifier
from wenze.ledger.page import verifying_page, verifying_policy
from wenze.ledger.proofs import check_proof
from wenze.ledger.record import Erased, OlderCopy, OtherKey, Record, RecordProblem, open_record
from wenze.ledger.sqlite import SqliteStorage
from wenze.ledger.storage import CONTROL, MemoryStorage, NotKept, Row, Storage
from wenze.ledger.suites import SUITES, Suite
from wenze.ledger.witness import Refused, Request, Witness, new_witness, read_request, request

__all__ = [
    "CONTROL",
    "SUITES",
    "Audit",
    "Checkpoint",
    "EntryError",
    "Erased",
    "Finding",
    "KeyProblem",
    "MemoryStorage",
    "NotKept",
    "NoteError",
    "OlderCopy",
    "OtherKey",
    "Record",
    "RecordProblem",
    "Refused",
    "Request",
    "Row",
    "Signer",
    "SqliteStorage",
    "Storage",
    "Suite",
    "Verifier",
    "Witness",
    "check_bundle",
    "check_file",
    "check_path",
    "check_proof",
    "check_storage",
    "create_key",
    "export",
    "last_path",
    "last_signed",
    "load_key",
    "lost_path",
    "new_witness",
    "open_record",
    "payload_of",
    "read_checkpoint",
    "read_public",
    "read_request",
    "read_verifier",
    "refuse_inside",
    "request",
    "verifying_page",
    "verifying_policy",
    "write_whole",
]
