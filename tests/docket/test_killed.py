"""Commands of the docket that are killed or interrupted: what they make is whole or not there, and nothing is left for good."""

from __future__ import annotations

import csv
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from wenze.cli.main import whole
from wenze.law import shipped

CASES = shipped() / "dehong" / "cases"
MOMENTS = int(os.environ.get("WENZE_MOMENTS", "40"))

DYING = """
import os, signal, sys
from wenze.cli.main import main
from wenze.docket import Builder

signal.signal(signal.SIGINT, signal.default_int_handler)  # also where whoever runs the tests ignores it
number, add = int(sys.argv.pop(1)), Builder.add

def dies(builder, rows):
    add(builder, rows)
    if builder.cases == 2:
        os.kill(os.getpid(), number)

Builder.add = dies
main()
"""

BARELY_BEGUN = """
import os, signal, sys
import wenze.cli.main as program

signal.signal(signal.SIGINT, signal.default_int_handler)
program.whole = lambda: os.kill(os.getpid(), signal.SIGINT)
program.main()
"""


def wenze(*arguments: object, code: int = 0) -> Result:
    result = CliRunner().invoke(whole(), ["docket", *map(str, arguments)])
    assert result.exit_code == code, f"{result.exit_code}: {result.output} {result.stderr}"
    return result


def python(*arguments: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "PYTHONUTF8": "1"},
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """Three cases in three tables."""
    folder = tmp_path / "tables"
    wenze("template", folder)
    for table, rest in (("acts", ()), ("participations", ("1", "是", "无"))):
        with (folder / f"{table}.csv").open("a", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([f"案{number}", "1", *rest] for number in range(3))
    return folder


def test_what_a_killed_build_left_is_removed_by_the_next_one_whatever_that_reads(tables: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    ended = python("-c", DYING, int(signal.SIGKILL), "docket", "build", place / "d", tables)
    assert ended.returncode == -signal.SIGKILL, ended.stderr
    assert (
        "d" not in names(place) and len(names(place)) == 3
    )  # the half docket, and two files for what waits on the disk
    wenze("build", place / "d", CASES / "06-05.md")
    assert names(place) == ["d"]


def test_an_interrupted_build_leaves_nothing_and_ends_as_the_shell_expects(tables: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    place.mkdir()
    ended = python("-c", DYING, int(signal.SIGINT), "docket", "build", place / "d", tables)
    assert ended.returncode == 130 and "Traceback" not in ended.stderr, ended.stderr
    assert names(place) == []


def test_a_program_interrupted_while_it_loads_ends_without_a_traceback() -> None:
    ended = python("-c", BARELY_BEGUN, "docket", "info", "d")
    assert ended.returncode == 130 and ended.stderr == ""


def test_what_a_running_build_writes_is_left_alone_by_another(tables: Path, tmp_path: Path) -> None:
    place = tmp_path / "place"
    other = place / f".d.partial-{os.getppid()}.rows"  # of a process that runs
    place.mkdir()
    other.write_bytes(b"rows")
    wenze("build", place / "d", tables)
    assert names(place) == [other.name, "d"]


@pytest.mark.long
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT], ids=["killed", "interrupted"])
@pytest.mark.parametrize(
    "command",
    ["build {place}/made {cases}", "build {place}/made {tables}", "convert {docket} {place}/made", "synth {place}/made --acts 3000",
     "run {docket} --out {place}/made", "template {place}/made"],
)  # fmt: skip
def test_at_whatever_moment_a_command_is_knocked_what_it_makes_is_whole_or_as_it_was(
    command: str, number: signal.Signals, tables: Path, tmp_path: Path
) -> None:
    docket, place = tmp_path / "docket", tmp_path / "place"
    place.mkdir()
    wenze("build", docket, CASES / "06-05.md")
    if "--out" in command:
        (place / "made").write_bytes(b"results of another day")
    words = [word.format(place=place, docket=docket, tables=tables, cases=CASES / "06-05.md") for word in command.split()]  # fmt: skip
    ended = python("-m", "docket.knocked", place, int(number), MOMENTS, "docket", *words)
    assert ended.returncode == 0, ended.stderr
