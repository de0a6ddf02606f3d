"""Killed at any moment, or written to by several at once: what was acknowledged is there, whole, once and in order."""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from ledger.world import AT, ORIGIN
from wenze.ledger import Record, Signer, SqliteStorage, check_file, create_key, open_record

TESTS = Path(__file__).parents[1]


def begin(folder: Path) -> Signer:
    key = create_key(folder / "key", ORIGIN)
    storage = SqliteStorage(folder / "record.sqlite")
    open_record(storage, key, at=AT)
    storage.close()
    return key


def writer(folder: Path, name: str, *count: str) -> subprocess.Popen[bytes]:
    arguments = [folder / "record.sqlite", folder / f"{name}.log", name, *count]
    paths = os.pathsep.join([str(TESTS), *filter(None, sys.path)])
    return subprocess.Popen(
        [sys.executable, "-m", "ledger.writer", *map(str, arguments)], env={**os.environ, "PYTHONPATH": paths}
    )


def check(folder: Path, key: Signer) -> int:
    """Every acknowledged step is there, both halves side by side; the record holds nothing else and is whole."""
    storage = SqliteStorage(folder / "record.sqlite")
    record = Record(storage)
    note = record.checkpoint(key)
    steps = {}
    for n in range(1, storage.size(), 2):
        assert record.read(n + 1) == f"{record.read(n)} (second half)"
        steps[str(record.read(n))] = n
    acknowledged = 0
    for log in folder.glob("*.log"):
        for line in log.read_text().splitlines():
            one, two, text = line.split(" ", 2)
            assert (steps[text], steps[text] + 1) == (int(one), int(two))
            acknowledged += 1
    storage.close()
    audit = check_file(folder / "record.sqlite", trusted=[key.verifier], notes=[note])
    assert (audit.findings, audit.checked) == ([], audit.size)
    return acknowledged


def test_several_processes_append_at_once_without_gap_or_loss(tmp_path: Path) -> None:
    key = begin(tmp_path)
    writers = [writer(tmp_path, name, "25") for name in ("one", "two", "three")]
    assert [each.wait(timeout=240) for each in writers] == [0, 0, 0]
    assert check(tmp_path, key) == 75


def kill_in_the_middle(folder: Path, key: Signer, times: int) -> int:
    chance, acknowledged = random.Random(11), 0
    for number in range(times):
        running = writer(folder, f"writer-{number}")
        log = folder / f"writer-{number}.log"
        begun = time.monotonic()
        while not (log.exists() and log.stat().st_size) and time.monotonic() - begun < 60:
            time.sleep(0.005)
        time.sleep(chance.random() * 0.05)
        assert running.poll() is None
        running.send_signal(signal.SIGKILL)
        running.wait()
        acknowledged = check(folder, key)
        assert acknowledged > number
    return acknowledged


needs_kill = pytest.mark.skipif(os.name == "nt", reason="Windows has no kill -9")


@needs_kill
def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    kill_in_the_middle(tmp_path, begin(tmp_path), 3)


@needs_kill
@pytest.mark.long
def test_sixty_killed_writers_lose_nothing_they_acknowledged(tmp_path: Path) -> None:
    assert kill_in_the_middle(tmp_path, begin(tmp_path), 60) >= 60
