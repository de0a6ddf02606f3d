"""Checkpoints are signed by themselves while the office is served, and what stands in the way is said."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

import databases
from web.journal.world import step
from wenze.ledger import read_checkpoint
from wenze.web.journal.reader import latest

pytestmark = pytest.mark.skipif(os.name == "nt", reason="Windows does not tell whose child a process is")


def within_a_minute(what: Callable[[], object]) -> bool:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        if what():
            return True
        time.sleep(0.05)
    return False


def signed(size: int) -> bool:
    note = latest()
    connection.close()
    return note is not None and read_checkpoint(note).size == size


def test_what_is_recorded_is_signed_after_a_while_and_a_problem_is_said_once(
    committed_database: dict[str, Any], tmp_path: Path
) -> None:
    step(1, "case/1")
    connection.close()
    with open(tmp_path / "said", "wb") as said:
        clock = subprocess.Popen(
            [sys.executable, "-m", "wenze.web.journal.clock", "1"],
            env=databases.environment(committed_database),
            stderr=said,
        )
        try:
            assert within_a_minute(lambda: signed(2))
            step(2, "case/1")
            assert within_a_minute(lambda: signed(3))
            key = settings.SITE.keys / "record.key"
            key.rename(key.with_suffix(".away"))
            step(3, "case/1")
            assert within_a_minute(lambda: (tmp_path / "said").stat().st_size)
            key.with_suffix(".away").rename(key)
            assert within_a_minute(lambda: signed(4))
        finally:
            clock.terminate()
            clock.wait()
    lines = (tmp_path / "said").read_text(encoding="utf-8").splitlines()
    assert len(lines) == 1 and "no key here" in lines[0]


STARTS_A_CLOCK = """
import subprocess, sys, time
print(subprocess.Popen([sys.executable, "-m", "wenze.web.journal.clock", "30"]).pid, flush=True)
time.sleep(60)
"""


def test_it_ends_with_the_process_that_started_it(committed_database: dict[str, Any]) -> None:
    connection.close()
    parent = subprocess.Popen(
        [sys.executable, "-c", STARTS_A_CLOCK],
        env=databases.environment(committed_database),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert parent.stdout
    clock = int(parent.stdout.readline())
    time.sleep(1)
    os.kill(clock, 0)
    parent.send_signal(signal.SIGKILL)
    parent.communicate()
    assert within_a_minute(lambda: is_gone(clock))


def is_gone(pid: int) -> bool:
    """Or a zombie, where nobody is left who would ask for its end."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] == "Z"
    except FileNotFoundError:
        return True
