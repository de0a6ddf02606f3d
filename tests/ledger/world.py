"""Records to try things on: small, with everything in them that a record may have."""

from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from wenze.ledger import (
    Record,
    Signer,
    SqliteStorage,
    Storage,
    Suite,
    Verifier,
    Witness,
    create_key,
    new_witness,
    open_record,
    request,
)

AT = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ORIGIN = "office.example/record"


@dataclass
class World:
    """A record with two keys (one handed over to the other), a witness, an erasure, and checkpoints over all of it."""

    folder: Path
    storage: Storage
    record: Record
    first: Signer
    second: Signer
    witness: Witness
    witness_key: Signer
    notes: list[str]

    @property
    def trusted(self) -> list[Verifier]:
        return [self.first.verifier, self.witness_key.verifier]

    @property
    def signer(self) -> Signer:
        return self.second

    def cosign(self, note: str, *, now: int = 1_772_000_000) -> str:
        return self.witness.cosign(request(self.record, note, self.witness.size), self.witness_key, now=now)


def make(folder: Path, suite: Suite, storage: Storage | None = None) -> World:
    keys = folder / "keys"
    keys.mkdir(parents=True)
    first = create_key(keys / "first.key", ORIGIN, suite=suite)
    witness_key = create_key(keys / "witness.key", "superior.example/witness", suite=suite, witness=True)
    storage = storage or SqliteStorage(folder / "record.sqlite")
    record = open_record(storage, first, at=AT)
    for number in range(5):
        record.append({"step": "report", "number": number, "text": "某单位不作为" * number})
    notes = [record.checkpoint(first)]
    witness = new_witness(folder / "witness.json", first.verifier)
    record.append_all([{"step": "open"}, "text alone", None, [1, 2.5, True]])
    record.erase(3, basis="retention class 2 has ended", at=AT)
    second = create_key(keys / "second.key", ORIGIN, suite=suite)
    record.rotate(second.verifier, old=first, reason="planned", at=AT)
    world = World(folder, storage, record, first, second, witness, witness_key, notes)
    witness.follow_key(second.verifier)
    record.cosigned(world.cosign(notes[0]))
    record.append({"step": "close"})
    notes.append(record.checkpoint(second))
    notes.append(world.cosign(notes[1]))
    record.cosigned(notes[2])
    return world
