"""The tour cannot drift: every line it shows is printed by the command above it, in that order, or stands in the file it is from."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.testing import CliRunner

from readme import ROOT
from wenze.cli.main import app

TOUR = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
SAMPLE = (ROOT / "regulations/dehong/cases/sample.md").read_text(encoding="utf-8")
SHOWN = re.findall(r"^```console\n\$ wenze ([^\n]+)\n(.*?)^```", TOUR, re.MULTILINE | re.DOTALL)
EXCERPTS = re.findall(r"^```text\n(.*?)^```", TOUR, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("command", "lines"), SHOWN, ids=[f"{at} {command}" for at, (command, _) in enumerate(SHOWN, 1)]
)
def test_what_the_tour_shows_is_what_is_printed(command: str, lines: str) -> None:
    """Between two “…” the lines follow one another; after one they come later."""
    result = CliRunner().invoke(app, shlex.split(command), env={"COLUMNS": "120"})
    assert (result.exit_code, result.stderr) == (0, "")
    printed = "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())
    at = 0
    for run in re.split(r"^…\n", lines, flags=re.MULTILINE):
        found = printed.find(run, at)
        assert found >= 0, f"not printed, or not in this order:\n{run}"
        at = found + len(run)


def test_the_case_shown_is_the_one_determined() -> None:
    assert EXCERPTS
    for excerpt in EXCERPTS:
        assert excerpt in SAMPLE


def test_the_tour_goes_through_every_command_a_decider_or_drafter_needs() -> None:
    named = set(re.findall(r"wenze ([a-z]+)", TOUR))
    assert {"determine", "ask", "diff", "recheck"} <= named
