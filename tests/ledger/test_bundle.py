"""An exported record is checked by the program and by the page: every changed byte is named, by both alike."""

import json
import random
from pathlib import Path

import pytest

from ledger.page_in_node import check_in_node, needs_node
from ledger.world import AT, World, make
from wenze.ledger import Audit, MemoryStorage, SqliteStorage, Suite, Verifier, check_bundle, export, open_record
from wenze.ledger.bundle import _line
from wenze.ledger.keys import new_signer
from wenze.ledger.suites import INTERNATIONAL


def check(data: bytes, world: World) -> Audit:
    return check_bundle(data.splitlines(keepends=True), trusted=world.trusted, notes=world.notes)


def ids(audit: Audit) -> list[tuple[str, str]]:
    return [(each.id, each.place) for each in audit.findings]


def test_an_exported_record_checks_anywhere(world: World) -> None:
    audit = check(b"".join(export(world.storage)), world)
    assert (audit.findings, audit.size, audit.checked) == ([], 13, 13)
    assert audit.root == world.record.head().root


def test_payloads_can_be_left_out_and_all_the_rest_is_still_proved(world: World) -> None:
    data = b"".join(export(world.storage, shown=lambda n: n == 2))
    audit = check(data, world)
    assert (audit.findings, audit.withheld, audit.checked) == ([], 8, 13)
    assert b"report" in data and b"text alone" not in data


def name_every_change(data: bytes, places: range, trusted: list[Verifier]) -> None:
    """Each byte of `places` is changed in turn; the first thing found is wrong and in the line of the byte."""
    for at in places:
        changed = data[:at] + bytes([data[at] ^ (1 << at % 8)]) + data[at + 1 :]
        found = check_bundle(changed.splitlines(keepends=True), trusted=trusted).findings
        line = f"line {data.count(10, 0, at) + 1}"
        assert found and found[0].wrong and found[0].place == line, f"byte {at} of {line}: {found[:1]}"


def test_every_changed_byte_is_named_by_its_line(suite: Suite) -> None:
    signer = new_signer("o.example", suite=suite)
    record = open_record(MemoryStorage(), signer, at=AT)
    record.append("某")
    record.checkpoint(signer)
    data = b"".join(export(record.storage))
    every = 1 if suite is INTERNATIONAL else 31  # SM2 takes its time, and the form is the same
    name_every_change(data, range(0, len(data), every), [signer.verifier])


@pytest.mark.long
def test_every_changed_byte_of_a_record_with_everything_in_it_is_named(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    data = b"".join(export(world.storage))
    name_every_change(data, range(len(data)), world.trusted)


def test_every_missing_or_repeated_or_moved_line_is_named(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    lines = list(export(world.storage))
    for at in range(len(lines)):
        without = ids(check(b"".join(lines[:at] + lines[at + 1 :]), world))
        assert without[0][0] in {"R001", "R002", "R004", "R111"}, at
        assert ids(check(b"".join(lines[: at + 1] + lines[at:]), world))[0][0] in {"R001", "R002"}
        if at:
            moved = [*lines[: at - 1], lines[at], lines[at - 1], *lines[at + 1 :]]
            assert ids(check(b"".join(moved), world))[0][0] in {"R001", "R002"}


@pytest.mark.parametrize("data", [b"", b"\n", b"{}", b"\xff\xfe", b"[1]\n" * 3, b'["' + b"0" * 64 + b'",{}]\n'])
def test_what_is_no_exported_record_is_named(data: bytes, tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    found = ids(check(data, world))
    assert ("R003", "record") in found and ("R111", "record") in found


def test_a_later_version_is_refused_by_name(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    assert ids(check(_line("0" * 64, {"format": "wenze-bundle/2"})[1], world)) == [("R003", "line 1")]


def forged(world: World, change: dict[str, object], number: int) -> bytes:
    """The export with a line changed by somebody who makes all digests fit again."""
    made, digest = [], "0" * 64
    for at, line in enumerate(export(world.storage), 1):
        value = json.loads(line)[1] | (change if at == number else {})
        digest, text = _line(digest, value)
        made.append(text)
    return b"".join(made)


@pytest.mark.parametrize(
    ("number", "change", "expected"),
    [
        (3, {"checkpoint": 7}, [("R207", "line 3"), ("R207", "line 4")]),
        (3, {"note": "no note"}, [("R201", "line 3")]),
        (8, {"opening": None}, [("R105", "line 8")]),
        (8, {"opening": '{"payload":"forged","salt":""}'}, [("R104", "line 8")]),
        (8, {"hash": "00"}, [("R103", "line 8")]),
        (8, {"n": 5}, [("R101", "line 8"), ("R102", "line 8")]),
        (9, {"opening": "{}"}, [("R104", "line 9"), ("R106", "entry 3")]),
        (17, {"opening": 0}, [("R107", "line 17")]),
        (19, {"entries": 12}, [("R004", "record")]),
    ],
)
def test_a_forger_who_mends_the_digests_is_found_by_what_is_said(
    tmp_path: Path, number: int, change: dict[str, object], expected: list[tuple[str, str]]
) -> None:
    world = make(tmp_path, INTERNATIONAL)
    audit = check(forged(world, change, number), world)
    wrong = [(each.id, each.place) for each in audit.findings if each.wrong]
    assert wrong == expected


def changes(data: bytes, count: int) -> list[bytes]:
    """Bytes flipped, put in and taken out, lines moved, at random but always the same."""
    chance, made = random.Random(5), []
    for _ in range(count):
        at, byte = chance.randrange(len(data)), bytes([chance.choice(b'\x00 "{}[]019aZ\\\xe4\xff\n')])
        made.append(
            chance.choice(
                [
                    data[:at] + byte + data[at + 1 :],
                    data[:at] + byte + data[at:],
                    data[:at] + data[at + 1 :],
                    data[: at // 2] + data[at:],
                    b"".join(chance.sample(lines := data.splitlines(keepends=True), len(lines))),
                ]
            )
        )
    return made


def mended(world: World, count: int) -> list[bytes]:
    """Values changed at random, all digests fitting."""
    chance, made = random.Random(7), []
    values = [json.loads(line)[1] for line in export(world.storage)]
    for _ in range(count):
        number = chance.randrange(len(values))
        field = chance.choice(list(values[number]))
        old = values[number][field]
        others = [None, 0, 1, 7, -1, "", "x", True, 1.5, str(old)[::-1], str(old) + " ", str(old).replace("1", "2", 1)]
        change = {field: chance.choice([*others, *(value[field] for value in values if field in value)])}
        made.append(forged(world, change, number + 1))
    return made


@needs_node
def test_the_page_finds_what_the_program_finds(world: World, tmp_path: Path) -> None:
    whole = b"".join(export(world.storage))
    hidden = b"".join(export(world.storage, shown=lambda n: n % 2 == 0))
    many = 150 if world.record.suite is INTERNATIONAL else 4
    attempts = [whole, hidden, *changes(whole, many), *mended(world, many)]
    paths = [tmp_path / f"{number}.jsonl" for number in range(len(attempts))]
    for path, data in zip(paths, attempts, strict=True):
        path.write_bytes(data)
    for data, page in zip(attempts, check_in_node(paths, world.trusted, world.notes), strict=True):
        audit = check(data, world)
        assert sorted((each["id"], each["place"]) for each in page["findings"]) == sorted(ids(audit))
        assert (page["checked"], page["size"]) == (audit.checked, audit.size)


@needs_node
def test_the_page_tells_a_restored_record_and_lost_keys_as_the_program_does(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    assert isinstance(world.storage, SqliteStorage)
    world.record.append("lost soon")
    held = world.record.checkpoint(world.second)
    ours = make(tmp_path / "older", INTERNATIONAL)  # another record altogether, to the holder of `held`
    third = new_signer(world.record.origin)
    world.record.rotate(third.verifier, old=None, reason="lost", at=AT)
    world.record.checkpoint(third)
    paths = []
    for number, storage in enumerate((world.storage, ours.storage)):
        paths.append(tmp_path / f"{number}.jsonl")
        paths[-1].write_bytes(b"".join(export(storage)))
    for trusted in ([], world.trusted, [third.verifier]):
        for path, page in zip(paths, check_in_node(paths, trusted, [held]), strict=True):
            audit = check_bundle(path.read_bytes().splitlines(keepends=True), trusted=trusted, notes=[held])
            assert sorted((each["id"], each["place"]) for each in page["findings"]) == sorted(ids(audit))
            assert {each["id"]: each["values"].get("fingerprint") for each in page["findings"]} == {
                each.id: each.values.get("fingerprint") for each in audit.findings
            }
