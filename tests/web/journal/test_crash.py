"""Killed at any moment, or written to by several at once: what was acknowledged is there, whole, once and in order."""

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

import databases
from postgres import NoServer, Postgres
from wenze.web.journal import checkpoints, keys
from wenze.web.journal.check import check_journal
from wenze.web.journal.reader import history

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows has neither fork nor kill -9")


class Nursery:
    """Starts processes that record; their acknowledgements lie in `folder`."""

    def __init__(self, environment: dict[str, str], folder: Path) -> None:
        self.folder = folder
        self._process = subprocess.Popen(
            [sys.executable, "-m", "web.journal.nursery"],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, line: str) -> str:
        assert self._process.stdin and self._process.stdout
        self._process.stdin.write(line + "\n")
        self._process.stdin.flush()
        return self._process.stdout.readline().strip()

    def begin(self, name: str, *count: int) -> int:
        return int(self.ask(" ".join([name, str(self.folder / f"{name}.log"), *map(str, count)])))

    def wait(self) -> list[int]:
        return [*map(int, self.ask("wait").split())]

    def wait_for_the_first_acknowledgement(self, name: str) -> None:
        log, until = self.folder / f"{name}.log", time.monotonic() + 60
        while not (log.exists() and log.stat().st_size) and time.monotonic() < until:
            time.sleep(0.002)

    def end(self) -> None:
        self._process.communicate(timeout=60)


@contextmanager
def nursery(configuration: dict[str, Any], folder: Path) -> Iterator[Nursery]:
    connection.close()
    made = Nursery(databases.environment(configuration), folder)
    yield made
    made.end()


def check(folder: Path) -> int:
    """Every acknowledged step is there, both halves side by side; the record holds nothing else and is whole."""
    assert not [each for each in check_journal().findings if each.wrong]
    checkpoints.sign()
    audit = check_journal()
    assert (audit.findings, audit.checked) == ([], audit.size)
    recorded = [(each.n, each.data) for each in history("case/1")]
    steps = dict(zip((text for _, text in recorded[::2]), (n for n, _ in recorded[::2]), strict=True))
    assert recorded[1::2] == [(n + 1, f"{text}/second-half") for n, text in recorded[::2]]
    assert audit.size == 1 + len(recorded)
    acknowledged = [line.split() for log in folder.glob("*.log") for line in log.read_text().splitlines()]
    for one, two, text in acknowledged:
        assert (steps[text], steps[text] + 1) == (int(one), int(two))
    connection.close()
    return len(acknowledged)


def test_several_processes_record_at_once_without_gap_or_loss(
    committed_database: dict[str, Any], tmp_path: Path
) -> None:
    with nursery(committed_database, tmp_path) as started:
        for name in ("one", "two", "three"):
            started.begin(name, 20)
        assert started.wait() == [0, 0, 0]
    assert check(tmp_path) == 60


def kill_in_the_middle(configuration: dict[str, Any], folder: Path, times: int) -> None:
    """Each at another moment after its first acknowledgement, sometimes two at once."""
    chance, before = random.Random(11), 0
    with nursery(configuration, folder) as started:
        for number in range(times):
            names = [f"writer-{number}", *([f"other-{number}"] if number % 4 == 3 else [])]
            running = [started.begin(name) for name in names]
            for name in names:
                started.wait_for_the_first_acknowledgement(name)
            time.sleep(chance.random() * 0.04)
            for pid in running:
                os.kill(pid, signal.SIGKILL)
            assert started.wait() == [-signal.SIGKILL] * len(running)
            acknowledged = check(folder)
            assert acknowledged > before
            before = acknowledged


def test_a_killed_process_loses_nothing_it_acknowledged(committed_database: dict[str, Any], tmp_path: Path) -> None:
    kill_in_the_middle(committed_database, tmp_path, 4)


@pytest.mark.long
def test_sixty_killed_processes_lose_nothing_they_acknowledged(
    committed_database: dict[str, Any], tmp_path: Path
) -> None:
    kill_in_the_middle(committed_database, tmp_path, 60)


@pytest.mark.long
def test_a_database_server_killed_under_load_loses_nothing_acknowledged(tmp_path: Path) -> None:
    """Every process of the server at once, as a power cut would; one that writes to the disk before it says so."""
    try:
        server = Postgres(durable=True)
    except NoServer as reason:
        pytest.skip(str(reason))
    from django.conf import settings

    from wenze.web.site import Site

    configuration = Site(settings.SITE.data, settings.SITE.keys, server.url).database()
    try:
        with databases.keys_of_its_own(), databases.pointed_at(configuration):
            call_command("migrate", verbosity=0, interactive=False)
            keys.prepare()
            with nursery(configuration, tmp_path) as started:
                for number in range(6):
                    started.begin(f"writer-{number}")
                    started.wait_for_the_first_acknowledgement(f"writer-{number}")
                    time.sleep(0.1)
                    server.kill()
                    started.wait()
                    server.start()
                    assert check(tmp_path) > number
    finally:
        server.stop()
