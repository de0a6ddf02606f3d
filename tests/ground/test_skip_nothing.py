"""Where nothing may be skipped, a test that skips itself fails, and says what was missing."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = Path(__file__).parents[1]

SKIPPED_TEST = """
import pytest

def test_that_needs_something():
    pytest.skip("no lamp here")
"""

SKIPPED_MODULE = """
import pytest

pytest.importorskip("no_such_module", reason="no lamp here")

def test_that_needs_something():
    pass
"""

EXPECTED_TO_FAIL = """
import pytest

@pytest.mark.xfail
def test_that_is_known_to_fail():
    assert False
"""


def run(folder: Path, test: str, **told: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_it.py").write_text(test, encoding="utf-8")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("WENZE_", "PYTEST_"))}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-c", os.devnull, "-rA", "-p", "conftest", "--rootdir", folder, folder],
        env={**environment, "PYTHONPATH": str(TESTS), **told},
        capture_output=True,
        encoding="utf-8",
        timeout=120,
    )


@pytest.mark.parametrize("test", [SKIPPED_TEST, SKIPPED_MODULE], ids=["a test", "a module"])
def test_what_is_skipped_fails_where_nothing_may_be(tmp_path: Path, test: str) -> None:
    by_hand = run(tmp_path, test)
    assert "no lamp here" in by_hand.stdout and by_hand.returncode in {0, 5}
    in_the_gate = run(tmp_path, test, WENZE_SKIP_NOTHING="1")
    assert "no lamp here" in in_the_gate.stdout and in_the_gate.returncode in {1, 2}


def test_what_is_known_to_fail_may(tmp_path: Path) -> None:
    assert run(tmp_path, EXPECTED_TO_FAIL, WENZE_SKIP_NOTHING="1").returncode == 0
