"""The tour and the language by example cannot drift: every line they show is printed by the command above it, in that
order, or stands in the file it is from."""

from __future__ import annotations

import re
import shlex

import pytest
from typer.testing import CliRunner

from readme import ROOT
from wenze.cli.main import whole

TOUR = (ROOT / "docs/tour.md").read_text(encoding="utf-8")
SAMPLE = (ROOT / "regulations/dehong/cases/sample.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "docs/language.md").read_text(encoding="utf-8").partition("\n## 1.")[0]
HARBOUR = "".join(
    path.read_text(encoding="utf-8") for path in sorted((ROOT / "tests/instruments/harbour").rglob("*.md"))
)
SHOWN = re.findall(r"^```console\n\$ wenze ([^\n]+)\n(.*?)^```", EXAMPLE + TOUR, re.MULTILINE | re.DOTALL)


def excerpts(page: str) -> list[str]:
    return re.findall(r"^```text\n(.*?)^```", page, re.MULTILINE | re.DOTALL)


@pytest.mark.parametrize(
    ("command", "lines"), SHOWN, ids=[f"{at} {command}" for at, (command, _) in enumerate(SHOWN, 1)]
)
def test_what_the_tour_shows_is_what_is_printed(command: str, lines: str) -> None:
    """Between two “…” the lines follow one another; after one they come later."""
    result = CliRunner().invoke(
        whole(),
        [str(ROOT / word) if word.startswith("tests/") else word for word in shlex.split(command)],
        env={"COLUMNS": "120"},
    )
    assert (result.exit_code, result.stderr) == (0, "")
    printed = "".join(f"{line.rstrip()}\n" for line in result.stdout.splitlines())
    at = 0
    for run in re.split(r"^…\n", lines, flags=re.MULTILINE):
        found = printed.find(run, at)
        assert found >= 0, f"not printed, or not in this order:\n{run}"
        at = found + len(run)


@pytest.mark.parametrize(("page", "source"), [(TOUR, SAMPLE), (EXAMPLE, HARBOUR)], ids=["tour", "language"])
def test_what_is_shown_of_law_and_case_stands_in_them(page: str, source: str) -> None:
    assert excerpts(page)
    for excerpt in excerpts(page):
        rows = excerpt.splitlines() if excerpt.startswith("|") else [excerpt]  # of a table some rows
        assert all(row in source for row in rows), excerpt


def test_the_tour_goes_through_every_command_a_decider_or_drafter_needs() -> None:
    named = set(re.findall(r"wenze ([a-z]+)", TOUR))
    assert {"determine", "ask", "diff", "recheck"} <= named
