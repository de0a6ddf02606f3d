"""A witness signs only what continues all it has signed, whatever it is asked and however it is stopped."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from ledger.world import AT, World, make
from wenze.ledger import (
    NoteError,
    Record,
    Refused,
    Request,
    SqliteStorage,
    Verifier,
    Witness,
    check_storage,
    new_witness,
    read_checkpoint,
    read_request,
    request,
)
from wenze.ledger.keys import new_signer
from wenze.ledger.notes import signers
from wenze.ledger.suites import INTERNATIONAL


@pytest.fixture
def quick(tmp_path: Path) -> World:
    """With one suite, where the algorithms do not matter."""
    return make(tmp_path / "world", INTERNATIONAL)


def test_a_witness_cosigns_what_continues_what_it_saw(world: World) -> None:
    assert world.witness.size == 13
    world.record.append("more")
    note = world.record.checkpoint(world.second)
    asked = request(world.record, note, 13)
    assert read_request(str(asked)) == asked
    cosigned = world.witness.cosign(asked, world.witness_key, now=1_772_000_100)
    assert signers(cosigned, [world.witness_key.verifier]) == (world.witness_key.verifier,)
    assert world.witness.size == 14
    world.record.cosigned(cosigned)
    assert check_storage(world.storage, trusted=world.trusted, notes=[cosigned]).witnessed == {
        "superior.example/witness": 14
    }


def test_the_same_checkpoint_may_be_signed_again(quick: World) -> None:
    asked = request(quick.record, quick.notes[1], 13)
    assert quick.witness.cosign(asked, quick.witness_key, now=1_772_000_100)


def test_a_record_made_anew_is_not_signed_and_nothing_is_forgotten(quick: World, tmp_path: Path) -> None:
    other = make(tmp_path / "other", INTERNATIONAL)
    storage = other.storage
    quick.witness.follow_key(other.second.verifier)  # even if the key were trusted
    other.record.append_all(range(9))
    note = other.record.checkpoint(other.second)
    before = (quick.folder / "witness.json").read_bytes()
    with pytest.raises(Refused, match="do not continue the 13 seen before"):
        quick.witness.cosign(request(Record(storage), note, 13), quick.witness_key, now=1)
    assert (quick.folder / "witness.json").read_bytes() == before


def test_what_is_not_from_the_record_is_refused(quick: World) -> None:
    stranger = new_signer("office.example/record")
    text = read_checkpoint(quick.notes[1]).text
    forged = f"{text}\n{stranger.sign(text)}"
    with pytest.raises(Refused, match="nobody known"):
        quick.witness.cosign(Request(13, (), forged), quick.witness_key, now=1)
    with pytest.raises(Refused, match="this witness last saw 13: ask from there"):
        quick.witness.cosign(request(quick.record, quick.notes[1], 6), quick.witness_key, now=1)
    with pytest.raises(Refused, match="not a key of a witness"):
        quick.witness.cosign(request(quick.record, quick.notes[1], 13), quick.second, now=1)
    for key in (new_signer("other.example").verifier, quick.witness_key.verifier):
        with pytest.raises(Refused, match="is not a key of"):
            quick.witness.follow_key(key)


def test_an_unknown_new_key_is_not_followed_by_itself(quick: World) -> None:
    third = new_signer(quick.record.origin)
    quick.record.rotate(third.verifier, old=quick.second, reason="planned", at=AT)
    note = quick.record.checkpoint(third)
    asked = request(quick.record, note, 13)
    with pytest.raises(Refused, match="nobody known"):
        quick.witness.cosign(asked, quick.witness_key, now=1)
    quick.witness.follow_key(third.verifier)
    assert quick.witness.cosign(asked, quick.witness_key, now=1)


def test_a_restored_record_is_accepted_only_knowingly_and_what_was_seen_is_kept(quick: World, tmp_path: Path) -> None:
    import sqlite3

    assert isinstance(quick.storage, SqliteStorage)
    with sqlite3.connect(quick.storage.path) as source, sqlite3.connect(tmp_path / "older.sqlite") as target:
        source.backup(target)
    quick.record.append_all(["lost", "too"])
    seen = quick.record.checkpoint(quick.second)
    quick.cosign(seen)
    record = Record(SqliteStorage(tmp_path / "older.sqlite"))
    by = record.restored(quick.second, reason="disk failed", at=AT)
    record.append_all(range(5))
    note = record.checkpoint(quick.second)
    with pytest.raises(Refused, match="do not continue"):
        quick.witness.cosign(request(record, note, 15), quick.witness_key, now=1)
    for n in (0, 1):
        with pytest.raises(Refused, match="does not say that it was restored"):
            quick.witness.accept_restored(record.prove(n, note), record.storage.row(n).leaf, quick.witness_key, now=1)
    with pytest.raises(Refused, match="does not prove"):
        quick.witness.accept_restored(record.prove(0, note), record.storage.row(by).leaf, quick.witness_key, now=1)
    leaf = record.storage.row(by).leaf
    assert quick.witness.accept_restored(record.prove(by, note), leaf, quick.witness_key, now=1)
    assert quick.witness.size == 19
    assert json.loads((quick.folder / "witness.json").read_bytes())["left"] == [seen]


def test_a_witness_that_lost_its_memory_does_not_begin_anew(quick: World) -> None:
    path = quick.folder / "witness.json"
    with pytest.raises(FileExistsError):
        new_witness(path, quick.first.verifier)
    data = path.read_bytes()
    for damaged in (
        b"",
        b"{}",
        data[:-9],
        data.replace(b"keys", b"kezs"),
        data.replace(b'"last": "', b'"last": "x\\n'),
    ):
        path.write_bytes(damaged)
        with pytest.raises(Refused, match="restore the file from your copy"):
            Witness(path)
        with pytest.raises(Refused, match="restore the file from your copy"):
            quick.witness.cosign(request(quick.record, quick.notes[1], 13), quick.witness_key, now=1)
    path.unlink()
    with pytest.raises(Refused, match="restore the file from your copy"):
        Witness(path)


def test_of_two_futures_asked_for_at_once_one_is_signed(quick: World, tmp_path: Path) -> None:
    import sqlite3

    assert isinstance(quick.storage, SqliteStorage)
    futures = []
    for number in range(2):
        path = tmp_path / f"future-{number}.sqlite"
        with sqlite3.connect(quick.storage.path) as source, sqlite3.connect(path) as target:
            source.backup(target)
        record = Record(SqliteStorage(path))
        record.append(f"future {number}")
        note = record.checkpoint(type(quick.second)(quick.second.verifier, quick.second.private))
        futures.append(request(record, note, 13))

    def ask(asked: Request) -> bool:
        try:
            Witness(quick.folder / "witness.json").cosign(asked, quick.witness_key, now=1)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(ask, [futures[number % 2] for number in range(16)]))
    assert answers.count(True) == 1  # the second time it would begin at 14


@pytest.mark.parametrize("text", ["", "old 1\n\n", "old -1\n\nx", "old 01\n\nx", "new 1\n\nx"])
def test_what_is_no_request_is_refused(text: str, quick: World) -> None:
    with pytest.raises(NoteError):
        read_request(text + quick.notes[0] if text.endswith("x") else text)


def test_the_key_of_another_suite_is_not_followed(quick: World, tmp_path: Path) -> None:
    from wenze.ledger.suites import COMMERCIAL

    other: Verifier = new_signer(quick.record.origin, suite=COMMERCIAL).verifier
    with pytest.raises(Refused, match="is not a key of"):
        quick.witness.follow_key(other)
