"""What is recorded stays, reads back, and can be proved; what must not happen is refused and changes nothing."""

import json
import sqlite3
from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ledger.world import AT, ORIGIN, World, make
from wenze.ledger import (
    EntryError,
    Erased,
    MemoryStorage,
    OlderCopy,
    OtherKey,
    Record,
    RecordProblem,
    Signer,
    SqliteStorage,
    Suite,
    check_file,
    check_proof,
    check_storage,
    create_key,
    open_record,
    read_checkpoint,
)
from wenze.ledger.keys import new_signer
from wenze.ledger.suites import INTERNATIONAL


def test_what_was_recorded_reads_back_and_nothing_is_found_wrong(world: World) -> None:
    assert world.record.read(2) == {"step": "report", "number": 1, "text": "某单位不作为"}
    assert [world.record.read(n) for n in (7, 8, 9)] == ["text alone", None, [1, 2.5, True]]
    assert world.record.read(3) == Erased(3)
    audit = check_storage(world.storage, trusted=world.trusted, notes=world.notes)
    assert (audit.findings, audit.size, audit.checked) == ([], 13, 13)
    assert audit.witnessed == {"superior.example/witness": 13}
    assert audit.erasures == {3: 10}


def test_a_record_in_memory_is_the_same(tmp_path: Path, suite: Suite) -> None:
    world = make(tmp_path, suite, MemoryStorage())
    audit = check_storage(world.storage, trusted=world.trusted, notes=world.notes)
    assert (audit.findings, audit.size, audit.checked) == ([], 13, 13)


def test_all_proofs_hold_after_an_erasure(world: World) -> None:
    before = {n: world.record.prove(n, world.notes[0]) for n in range(6)}
    world.record.erase(5, basis="retention class 2 has ended", at=AT)
    for n, proof in before.items():
        leaf = world.storage.row(n).leaf
        assert proof == world.record.prove(n, world.notes[0])
        check_proof(proof, leaf, [world.first.verifier])


def test_an_erased_payload_is_nowhere_in_the_files(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    n = world.record.append({"name": "NOBODY-SHOULD-FIND-THIS"})
    assert any(b"NOBODY-SHOULD" in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())
    world.record.erase(n, basis="wrongly recorded", at=AT)
    assert not any(b"NOBODY-SHOULD" in path.read_bytes() for path in tmp_path.iterdir() if path.is_file())


def test_a_leaf_tells_nothing_and_equal_payloads_look_different(suite: Suite) -> None:
    record = open_record(MemoryStorage(), new_signer(ORIGIN, suite=suite), at=AT)
    record.append_all(["yes", "yes"])
    one, two = (record.storage.row(n) for n in (1, 2))
    assert json.loads(one.leaf).keys() == {"commitment", "kind", "n"}
    assert json.loads(one.leaf)["commitment"] != json.loads(two.leaf)["commitment"]


def test_openings_do_not_tell_how_long_a_payload_is(suite: Suite) -> None:
    record = open_record(MemoryStorage(), new_signer(ORIGIN, suite=suite), at=AT)
    record.append_all(["", "x" * 100, "x" * 300])
    lengths = [len(record.storage.row(n).opening or b"") for n in (1, 2, 3)]
    assert lengths == [256, 256, 512]


@pytest.mark.parametrize(
    "payload", [float("nan"), 2**53, 5.673059287907677e16, (1, 2), "\ud800", {1: 2}, b"bytes", {"a": {1, 2}}], ids=repr
)
def test_what_canonical_json_cannot_hold_is_refused_and_nothing_is_recorded(payload: object) -> None:
    record = open_record(MemoryStorage(), new_signer(ORIGIN), at=AT)
    with pytest.raises(EntryError, match="cannot be written as canonical JSON"):
        record.append_all(["fine", payload])
    assert record.storage.size() == 1


def test_what_cannot_be_erased_is_refused(world: World) -> None:
    for n, why in (
        (0, "no payload"),
        (3, "no payload"),
        (10, "no payload"),
        (99, "there is no entry 99; the last is 12"),
    ):
        with pytest.raises(RecordProblem, match=why):
            world.record.erase(n, basis="any", at=AT)
    assert world.storage.size() == 13


def test_a_step_that_fails_leaves_nothing_behind(world: World) -> None:
    with pytest.raises(ZeroDivisionError), world.storage.writing():
        world.record.append("half")
        world.record.erase(1, basis="half", at=AT)
        raise ZeroDivisionError
    assert world.storage.size() == 13
    assert world.record.read(1) == {"step": "report", "number": 0, "text": ""}
    assert check_storage(world.storage, trusted=world.trusted, notes=world.notes).findings == []


def test_nothing_is_signed_that_might_not_be_committed(world: World) -> None:
    with world.storage.writing():
        world.record.append("not committed")
        with pytest.raises(RecordProblem, match="after a step is committed"):
            world.record.checkpoint(world.second)


def test_only_the_key_in_force_signs(world: World) -> None:
    stranger = new_signer(ORIGIN, suite=world.record.suite)
    for key in (world.first, stranger):
        with pytest.raises(OtherKey):
            world.record.checkpoint(key)
        with pytest.raises(OtherKey):
            world.record.rotate(stranger.verifier, old=key, reason="planned", at=AT)
    witness = new_signer(ORIGIN, suite=world.record.suite, witness=True).verifier
    for other in (witness, new_signer("other.example", suite=world.record.suite).verifier):
        with pytest.raises(RecordProblem, match="is not a key for"):
            world.record.rotate(other, old=world.second, reason="planned", at=AT)
    assert world.storage.size() == 13


def test_a_storage_without_a_record_says_so(tmp_path: Path) -> None:
    with pytest.raises(LookupError, match="entry 0"):
        Record(SqliteStorage(tmp_path / "empty.sqlite"))


def test_opening_again_begins_nothing_anew(world: World) -> None:
    again = open_record(world.storage, world.second, at=AT)
    assert (again.origin, again.suite, again.storage.size()) == (ORIGIN, world.record.suite, 13)


def test_a_time_without_a_zone_is_refused(world: World) -> None:
    with pytest.raises(ValueError, match="needs its zone"):
        world.record.erase(1, basis="any", at=AT.replace(tzinfo=None))


# --- an older copy ----------------------------------------------------------------------------------------------------


def copy_of(world: World, name: str) -> SqliteStorage:
    """The database as a backup has it."""
    path = world.folder / name
    assert isinstance(world.storage, SqliteStorage)
    with sqlite3.connect(world.storage.path) as source, sqlite3.connect(path) as target:
        source.backup(target)
    return SqliteStorage(path)


def test_a_restored_older_copy_is_recognised_and_nothing_is_signed(world: World) -> None:
    older = copy_of(world, "older.sqlite")
    world.record.append("after the backup")
    held = world.record.checkpoint(world.second)
    for continued in (False, True):
        if continued:
            Record(older).append_all(["other", "things"])
        with pytest.raises(OlderCopy, match="this key signed 14 entries"):
            Record(older).checkpoint(world.second)
        found = check_storage(older, trusted=world.trusted, notes=[held]).findings
        assert [each.id for each in found] == ["R204" if continued else "R205", "R212"] + ["R209"] * continued
        assert "older copy" in str(found[0])


def test_a_restored_record_that_owns_up_goes_on_and_verify_says_so(world: World) -> None:
    older = copy_of(world, "older.sqlite")
    world.record.append_all(["lost", "lost too"])
    held = world.record.checkpoint(world.second)
    record = Record(older)
    by = record.restored(world.second, reason="disk failed", at=AT)
    record.append("goes on")
    note = record.checkpoint(world.second)
    with pytest.raises(RecordProblem, match="no older copy"):
        record.restored(world.second, reason="again", at=AT)
    audit = check_storage(older, trusted=world.trusted, notes=[note])
    assert [(each.id, each.place, each.wrong) for each in audit.findings] == [("R301", f"entry {by}", False)]
    assert audit.checked == audit.size == 15
    audit = check_storage(older, trusted=world.trusted, notes=[held])
    assert [(each.id, each.place) for each in audit.findings] == [
        ("R301", f"entry {by}"),
        ("R302", "held 1"),
        ("R212", "held 1"),
    ]
    assert "entries 13 to 14 of that time are lost" in str(audit.findings[1])


def test_a_checkpoint_from_before_the_backup_still_holds_after_restoring(world: World) -> None:
    older = copy_of(world, "older.sqlite")
    world.record.append("lost")
    world.record.checkpoint(world.second)
    Record(older).restored(world.second, reason="disk failed", at=AT)
    Record(older).checkpoint(world.second)
    assert [each.id for each in check_storage(older, trusted=world.trusted, notes=world.notes).findings] == ["R301"]


def test_what_the_key_remembers_tells_an_older_copy_without_anybody_outside(world: World) -> None:
    older = copy_of(world, "older.sqlite")
    Record(older).refuse_shorter(world.second.last)
    world.record.append("after the backup")
    world.record.checkpoint(world.second)
    found = check_storage(older, trusted=world.trusted, remembered=world.second.last).findings
    assert [(each.id, each.place, each.wrong) for each in found] == [("R205", "last", True), ("R212", "last", False)]
    assert str(found[0]).startswith("R205 the checkpoint the key signed last: 14 entries were signed")
    with pytest.raises(OlderCopy):
        Record(older).refuse_shorter(world.second.last)
    Record(older).restored(world.second, reason="disk failed", at=AT)
    Record(older).refuse_shorter(world.second.last)
    with pytest.raises(RecordProblem, match="cannot be read"):
        world.record.refuse_shorter("no note")


# --- keys -------------------------------------------------------------------------------------------------------------


def test_a_lost_key_is_replaced_and_everybody_is_told(world: World) -> None:
    third = create_key(world.folder / "keys" / "third.key", ORIGIN, suite=world.record.suite)
    n = world.record.rotate(third.verifier, old=None, reason="lost", at=AT)
    world.record.checkpoint(third)
    audit = check_storage(world.storage, trusted=world.trusted, notes=world.notes)
    assert [(each.id, each.place) for each in audit.findings] == [("R304", f"key {n}")]
    audit = check_storage(world.storage, trusted=[*world.trusted, third.verifier], notes=world.notes)
    assert audit.findings == []
    audit = check_storage(world.storage, notes=world.notes)
    assert [(each.id, each.wrong) for each in audit.findings] == [("R305", False), ("R306", False)]


def test_a_record_by_another_key_is_not_the_one_that_is_trusted(world: World) -> None:
    other = new_signer(ORIGIN, suite=world.record.suite)
    found = check_storage(world.storage, trusted=[other.verifier]).findings
    assert [(each.id, each.place) for each in found] == [("R303", "key 0"), ("R304", "key 11")]


def test_trusting_the_latest_key_is_enough(world: World) -> None:
    assert check_storage(world.storage, trusted=[world.second.verifier]).findings == []


# --- any record at all ------------------------------------------------------------------------------------------------

payloads = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(-1e15, 1e15) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=4,
)
steps = st.lists(
    st.tuples(st.sampled_from(["append", "append", "erase", "sign", "rotate"]), payloads, st.integers(0, 40)),
    max_size=25,
)


@given(steps)
def test_whatever_happens_lawfully_nothing_is_found_wrong(happened: list[tuple[str, object, int]]) -> None:
    signer = new_signer(ORIGIN)
    storage = MemoryStorage()
    record = open_record(storage, signer, at=AT)
    said: dict[int, object] = {}
    notes: list[str] = []
    for step, payload, number in happened:
        if step == "append":
            said[record.append(payload)] = payload
        elif step == "erase":
            with suppress(RecordProblem):
                record.erase(number, basis="due", at=AT)
                said[number] = Erased(number)
        elif step == "sign":
            notes.append(record.checkpoint(signer))
        elif step == "rotate":
            new = new_signer(ORIGIN)
            record.rotate(new.verifier, old=signer, reason="planned", at=AT)
            signer = new
    audit = check_storage(storage, trusted=[record.keys()[0]], notes=notes)
    assert [each for each in audit.findings if each.id != "R209"] == []
    assert {n: record.read(n) for n in said} == said
    assert audit.checked == max((int(note.split("\n")[1]) for note in notes), default=0)


@given(st.lists(st.sampled_from(["append", "sign", "back up", "restore"]), max_size=20))
def test_whatever_is_restored_is_told_to_everybody_who_held_a_checkpoint(happened: list[str]) -> None:
    everybody_is_told(happened)


def test_two_losses_one_after_the_other_are_both_owned_up_to() -> None:
    """Holders of the first checkpoint are told that entries are missing (R205), not that the office said so (R302)."""
    everybody_is_told(["append", "append", "sign", "restore", "sign", "restore"])


def everybody_is_told(happened: list[str]) -> None:
    """That every checkpoint of what was lost is found, and found to be owned up to."""
    with TemporaryDirectory() as folder:
        key = create_key(Path(folder) / "key", ORIGIN)
        storage = backup = MemoryStorage()
        open_record(storage, key, at=AT)
        backup = copied(storage)
        held: list[str] = []
        for step in happened:
            record = Record(storage)
            if step == "append":
                record.append("text")
            elif step == "sign":
                held.append(record.checkpoint(key))
            elif step == "back up":
                backup = copied(storage)
            else:
                storage = copied(backup)
                own_up_if_due(storage, key)
        held.append(Record(storage).checkpoint(key))
        audit = check_storage(storage, trusted=[key.verifier], notes=held)
        lost = {f"held {at}" for at, note in enumerate(held, 1) if not is_of(storage, note)}
        assert {each.place for each in audit.findings if each.wrong} == lost
        assert {each.id for each in audit.findings if each.wrong} <= {"R302"}


def copied(storage: MemoryStorage) -> MemoryStorage:
    return MemoryStorage(list(storage.entries), dict(storage.inner), list(storage.notes))


def is_of(storage: MemoryStorage, note: str) -> bool:
    checkpoint = read_checkpoint(note)
    return checkpoint.size <= storage.size() and Record(storage).at(checkpoint.size) == checkpoint


def own_up_if_due(storage: MemoryStorage, key: Signer) -> None:
    """What an office does that restored a backup: it tries to sign, is told, and says so in the record."""
    record = Record(storage)
    if key.last is None or is_of(storage, key.last):
        return
    with suppress(OlderCopy):
        record.checkpoint(key)  # refused, unless the copy owns up to that very loss already
        return
    record.restored(key, reason="disk failed", at=AT)


def test_a_file_that_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"no database at all " * 500)
    assert [each.id for each in check_file(tmp_path / "file").findings] == ["R402"]
    with pytest.raises(FileNotFoundError):
        check_file(tmp_path / "missing")
