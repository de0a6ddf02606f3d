"""Whoever owns the database file can change any row; every such change is found, and its place is named."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from ledger.world import AT, World, make
from wenze.ledger import Finding, SqliteStorage, check_file, check_storage
from wenze.ledger.suites import INTERNATIONAL

OTHER_BASIS = "CAST(replace(CAST(leaf AS TEXT), 'retention', 'detention') AS BLOB)"
TABLES = ("entry", "opening", "node", "checkpoint")


@contextmanager
def as_an_attacker(path: Path) -> Iterator[sqlite3.Connection]:
    """With the triggers off, and afterwards put back as if nothing had been."""
    db = sqlite3.connect(path, isolation_level=None)
    db.execute("PRAGMA synchronous = OFF")
    triggers = db.execute("SELECT name, sql FROM sqlite_schema WHERE type = 'trigger'").fetchall()
    for name, _ in triggers:
        db.execute(f"DROP TRIGGER {name}")
    yield db
    for _, sql in triggers:
        db.execute(sql)
    db.close()


def found_after(path: Path, world: World, attack: Callable[[sqlite3.Connection], object]) -> list[Finding]:
    """What is found in a copy of the record that was attacked."""
    copy = path / "attacked.sqlite"
    copy.unlink(missing_ok=True)
    assert isinstance(world.storage, SqliteStorage)
    with sqlite3.connect(world.storage.path) as source, sqlite3.connect(copy) as target:
        source.backup(target)
    source.close()
    target.close()
    with as_an_attacker(copy) as db:
        attack(db)
    return check_file(copy, trusted=world.trusted, notes=world.notes[-1:]).findings


def test_an_untouched_copy_has_nothing_wrong(world: World, tmp_path: Path) -> None:
    assert found_after(tmp_path, world, lambda db: None) == []


@pytest.mark.parametrize("table", TABLES)
def test_every_removed_row_is_found(tmp_path: Path, table: str) -> None:
    world = make(tmp_path, INTERNATIONAL)
    for key in keys_of(world, table):
        found = found_after(tmp_path, world, lambda db, key=key: db.execute(f"DELETE FROM {table} WHERE {key}"))
        assert found, f"{table} without {key}"


@pytest.mark.parametrize("table", TABLES)
def test_every_changed_value_is_found(tmp_path: Path, table: str) -> None:
    world = make(tmp_path, INTERNATIONAL)
    assert isinstance(world.storage, SqliteStorage)
    with sqlite3.connect(world.storage.path) as db:
        columns = [row[1] for row in db.execute(f"PRAGMA table_info({table})")]
    for key in keys_of(world, table):
        for column in columns:
            for value in (
                (f"{column} || 'x'", "CAST('' AS BLOB)", "x'00'", "77")
                if column not in {"n", "ends", "level"}
                else ("77", "1000")
            ):
                attack = f"UPDATE OR IGNORE {table} SET {column} = {value} WHERE {key}"
                found = found_after(tmp_path, world, lambda db, attack=attack: db.execute(attack))
                assert found, attack


def keys_of(world: World, table: str) -> list[str]:
    assert isinstance(world.storage, SqliteStorage)
    with sqlite3.connect(world.storage.path) as db:
        if table == "node":
            return [f"ends = {ends} AND level = {level}" for ends, level in db.execute("SELECT ends, level FROM node")]
        return [f"n = {n}" for (n,) in db.execute(f"SELECT n FROM {table}")]


def swap(table: str, one: int, two: int) -> Callable[[sqlite3.Connection], None]:
    def attack(db: sqlite3.Connection) -> None:
        for old, new in ((one, -1), (two, one), (-1, two)):
            db.execute(f"UPDATE {table} SET n = ? WHERE n = ?", (new, old))

    return attack


def test_every_two_entries_exchanged_are_found(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    for one in range(13):
        found = found_after(tmp_path, world, swap("entry", one, (one + 1) % 13))
        assert {each.id for each in found} & {"R102", "R111"}


def test_exchanged_payloads_are_named(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    found = found_after(tmp_path, world, swap("opening", 1, 2))
    assert [(each.id, each.place) for each in found] == [("R104", "entry 1"), ("R104", "entry 2")]


def test_exchanged_checkpoints_are_found_or_say_the_same(tmp_path: Path) -> None:
    """Their order is no part of what is proved: each stands for itself."""
    world = make(tmp_path, INTERNATIONAL)
    assert found_after(tmp_path, world, swap("checkpoint", 0, 1)) == []


@pytest.mark.parametrize(
    ("attack", "expected"),
    [
        # no bytes at all, so what it erased is not erased
        ("UPDATE entry SET leaf = CAST(leaf AS TEXT) WHERE n = 10", [("R103", "entry 10"), ("R105", "entry 3")]),
        (f"UPDATE entry SET leaf = {OTHER_BASIS} WHERE n = 10", [("R103", "entry 10")]),
        ("UPDATE entry SET hash = zeroblob(32) WHERE n = 4", [("R103", "entry 4")]),
        ("UPDATE entry SET hash = zeroblob(32) WHERE n = 3", [("R103", "entry 3")]),  # whose payload was erased
        ("DELETE FROM opening WHERE n = 4", [("R105", "entry 4")]),
        ("INSERT INTO opening VALUES (3, x'00')", [("R106", "entry 3"), ("R104", "entry 3")]),
        ("INSERT INTO opening VALUES (11, x'00')", [("R107", "entry 11")]),
        ("INSERT INTO opening VALUES (50, x'00')", [("R107", "entry 50")]),
        ("UPDATE node SET hash = zeroblob(32) WHERE ends = 8 AND level = 2", [("R109", "node 8/2")]),
        ("DELETE FROM node WHERE ends = 8 AND level = 3", [("R110", "node 8/3")]),
        ("INSERT INTO node VALUES (9, 1, x'00')", [("R113", "node 9/1")]),
        ("INSERT INTO node VALUES ('x', 'y', x'00')", [("R113", "node x/y")]),
        ("DELETE FROM checkpoint WHERE n = 1", [("R207", "checkpoint 2")]),
        ("UPDATE checkpoint SET note = '' WHERE n = 1", [("R201", "checkpoint 1")]),
        ("INSERT INTO checkpoint VALUES (4, 'no note')", [("R201", "checkpoint 4")]),
        ("CREATE TABLE other (x)", [("R401", "storage")]),
        ("CREATE TRIGGER sly AFTER INSERT ON entry BEGIN DELETE FROM opening WHERE n = 1; END", [("R401", "storage")]),
    ],
)  # fmt: skip
def test_the_place_is_named_and_nothing_else_is_blamed(
    tmp_path: Path, attack: str, expected: list[tuple[str, str]]
) -> None:
    world = make(tmp_path, INTERNATIONAL)
    found = found_after(tmp_path, world, lambda db: db.execute(attack))
    assert sorted((each.id, each.place) for each in found) == sorted(expected)


def test_a_cut_end_is_found_by_whoever_holds_a_checkpoint(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)

    def attack(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM entry WHERE n >= 9")
        db.execute("DELETE FROM opening WHERE n >= 9")
        db.execute("DELETE FROM node WHERE ends > 9")
        db.execute("DELETE FROM checkpoint WHERE n > 0")

    found = found_after(tmp_path, world, attack)
    assert [(each.id, each.place) for each in found if each.wrong] == [("R105", "entry 3"), ("R205", "held 1")]
    assert "entries 9 to 12 are gone" in next(str(each) for each in found if each.id == "R205")


def test_a_record_made_anew_from_the_middle_is_narrowed_down_by_the_checkpoint_before(tmp_path: Path) -> None:
    """An attacker who recomputes every hash is found by signatures, and between which entries is said."""
    world = make(tmp_path, INTERNATIONAL)
    forged = make(tmp_path / "forged", INTERNATIONAL)

    def attack(db: sqlite3.Connection) -> None:
        db.execute("DELETE FROM checkpoint")
        for n, note in enumerate(world.notes):
            db.execute("INSERT INTO checkpoint VALUES (?, ?)", (n, note))
        rows = list(forged.storage.rows())
        db.execute("UPDATE entry SET leaf = ?, hash = ? WHERE n = 7", (rows[7].leaf, rows[7].hash))
        db.execute("UPDATE opening SET bytes = ? WHERE n = 7", (rows[7].opening,))
        db.execute("DELETE FROM node WHERE ends >= 8")
        with_seven(db)

    found = found_after(tmp_path, world, attack)
    assert [(each.id, each.place) for each in found if each.id == "R204"] == [
        ("R204", "checkpoint 1"),
        ("R204", "checkpoint 2"),
        ("R204", "held 1"),
    ]
    assert "at least one of the entries 6 to 12" in str(next(each for each in found if each.id == "R204"))


def with_seven(db: sqlite3.Connection) -> None:
    """The nodes again, as they belong to the entries that now stand."""
    from wenze.ledger.merkle import Edge

    edge = Edge(INTERNATIONAL.hash)
    for n, hashed in db.execute("SELECT n, hash FROM entry ORDER BY n").fetchall():
        for level, index, made in edge.add(hashed):
            if n >= 7:
                db.execute("INSERT INTO node VALUES (?, ?, ?)", ((index + 1) << level, level, made))


def test_a_byte_changed_in_the_file_is_found_or_means_nothing(tmp_path: Path) -> None:
    """SQLite's own bytes are not ours: where all rows read as before, nothing was changed that is recorded."""
    world = make(tmp_path, INTERNATIONAL)
    assert isinstance(world.storage, SqliteStorage)
    world.storage.close()
    data = world.storage.path.read_bytes()
    path = tmp_path / "changed.sqlite"
    true, named = rows_of(world.storage.path), 0
    for at in range(120, len(data), 397):
        path.write_bytes(data[:at] + bytes([data[at] ^ 4]) + data[at + 1 :])
        found = check_file(path, trusted=world.trusted, notes=world.notes).findings
        assert found or rows_of(path) == true, f"byte {at}"
        named += bool(found)
    assert named > 10


def rows_of(path: Path) -> list[object]:
    with closing(sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True)) as db:
        return [db.execute(f"SELECT * FROM {table}").fetchall() for table in TABLES]


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE entry SET leaf = x'00' WHERE n = 1",
        "DELETE FROM entry WHERE n = 12",
        "INSERT OR REPLACE INTO entry VALUES (1, x'00', x'00')",
        "REPLACE INTO opening VALUES (12, x'00')",
        "INSERT INTO entry VALUES (15, x'00', x'00')",
        "INSERT INTO opening VALUES (3, x'00')",
        "UPDATE opening SET bytes = x'00' WHERE n = 1",
        "DELETE FROM opening WHERE n = 1",
        "UPDATE node SET hash = x'00'",
        "DELETE FROM node",
        "INSERT OR REPLACE INTO node VALUES (2, 1, x'00')",
        "UPDATE checkpoint SET note = 'x'",
        "DELETE FROM checkpoint",
        "INSERT OR REPLACE INTO checkpoint VALUES (0, 'x')",
    ],
)
def test_the_triggers_stop_what_is_not_adding(tmp_path: Path, statement: str) -> None:
    world = make(tmp_path, INTERNATIONAL)
    assert isinstance(world.storage, SqliteStorage)
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):
        world.storage._db.execute(statement)
    assert check_storage(world.storage, trusted=world.trusted, notes=world.notes).findings == []


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT OR REPLACE INTO entry VALUES (12, x'00', x'00')",
        "INSERT OR REPLACE INTO opening VALUES (12, x'00')",
        "INSERT OR REPLACE INTO node VALUES (12, 2, x'00')",
        "INSERT OR REPLACE INTO checkpoint VALUES (0, 'x')",
        "UPDATE OR REPLACE entry SET n = 11 WHERE n = 12",
    ],
)
def test_the_triggers_hold_for_another_program_with_sqlites_own_defaults(tmp_path: Path, statement: str) -> None:
    world = make(tmp_path, INTERNATIONAL)
    assert isinstance(world.storage, SqliteStorage)
    with closing(sqlite3.connect(world.storage.path)) as db, pytest.raises(sqlite3.IntegrityError, match="only added"):
        db.execute(statement)
    assert check_storage(world.storage, trusted=world.trusted, notes=world.notes).findings == []


def test_an_opening_goes_only_with_its_erasure_entry(tmp_path: Path) -> None:
    world = make(tmp_path, INTERNATIONAL)
    world.record.erase(1, basis="due", at=AT)
    with pytest.raises(sqlite3.IntegrityError, match="only added to"):
        world.storage.erase(2)
