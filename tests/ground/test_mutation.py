"""The mutation runner tells a function that its tests hold from one that they merely run."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(os.name != "posix", reason="the mutation runner forks")

RUNNER = Path(__file__).parents[1] / "mutation.py"

SCALE = '''
"""A module in which one function is held by its tests, one is merely run, and one is not reached."""

def heavy(weight: int | float) -> bool:
    return weight >= 10

def light(weight: int) -> bool:
    return weight < 3

def forgotten(weight: int) -> bool:
    return weight == 7

def endless(weight: int) -> int:
    while True:
        weight += 1
        if weight > 5:
            break
    return weight

def odd(weight: int) -> bool:
    return weight == 1  # equivalent: an example of a line that is left alone
'''

TESTS = """
from toy.scale import endless, heavy, light, odd

def test_heavy_begins_at_ten():
    assert heavy(10) and not heavy(9)

def test_light():
    assert light(0)

def test_endless_ends():
    assert endless(0) == 6 and endless(5) == 6

def test_odd():
    assert odd(1)
"""


CONFIGURATION = """
[tool.pytest.ini_options]
pythonpath = ["src"]
filterwarnings = ["error"]
"""


def run_on_toy(root: Path) -> subprocess.CompletedProcess[str]:
    (root / "src" / "toy").mkdir(parents=True)
    (root / "src" / "toy" / "__init__.py").touch()
    (root / "src" / "toy" / "scale.py").write_text(SCALE, encoding="utf-8")
    (root / "pyproject.toml").write_text(CONFIGURATION, encoding="utf-8")
    command = [
        sys.executable,
        str(RUNNER),
        "--report",
        "report.txt",
        "--seconds",
        "60",
        "--patience",
        "3",
        "--tests",
        "tests",
        "--",
    ]
    files = ["src/toy/scale.py", "src/toy/absent.py"]
    return subprocess.run([*command, *files], cwd=root, capture_output=True, text=True, timeout=120)


def with_tests(root: Path, tests: str) -> Path:
    (root / "tests").mkdir()
    (root / "tests" / "test_scale.py").write_text(tests, encoding="utf-8")
    return root


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    root = with_tests(tmp_path_factory.mktemp("toy"), TESTS)
    done = run_on_toy(root)
    assert done.returncode == 0, done.stdout + done.stderr
    return (root / "report.txt").read_text(encoding="utf-8")


def test_a_fault_that_a_test_notices_is_killed(report: str) -> None:
    assert "weight >= 10" not in report


def test_a_fault_that_no_test_notices_lived(report: str) -> None:
    assert "toy.scale:8  `weight < 3` → `weight <= 3`   lived (1 tests reach it)" in report


def test_a_line_that_no_test_reaches_lived(report: str) -> None:
    assert "toy.scale:11  `weight == 7` → `weight != 7`   not reached (0 tests reach it)" in report


def test_an_annotation_and_an_exempt_line_are_left_alone(report: str) -> None:
    assert "int & float" not in report
    assert "weight == 1" not in report


def test_every_mutant_is_accounted_for(report: str) -> None:
    first, killed, lived, *_ = report.splitlines()
    judged, _, of = first.split()[:3]
    assert judged == of
    outlived = [int(words.split()[0]) for words in lived.split(", ")]
    assert len(outlived) == 3 and int(judged) == int(killed.split()[0]) + sum(outlived)


def test_tests_that_fail_by_themselves_judge_nothing(tmp_path: Path) -> None:
    done = run_on_toy(with_tests(tmp_path, TESTS + "\ndef test_wrong():\n    assert heavy(9)\n"))
    assert done.returncode != 0
    assert "the tests must pass before they can judge" in done.stdout + done.stderr
    assert not (tmp_path / "report.txt").exists()
