"""`docs/running.md` against the program: it names the variables that are read, every one and no other."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
NAME = r"WENZE_[A-Z_]+|DATABASE_URL"
READ = re.compile(rf'(?:get|said|envvar=|environ)\W*"({NAME})"')


def test_the_page_names_the_variables_the_program_reads_and_no_other() -> None:
    written = re.findall(rf"^\| `({NAME})` \|", (ROOT / "docs/running.md").read_text("utf-8"), re.M)
    sources = [path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.py"))]
    read = {name for source in sources for name in READ.findall(source)}
    assert sorted(written) == sorted(read)


def test_no_variable_is_named_in_the_program_that_it_does_not_read() -> None:
    """A misspelt name in a message would send whoever runs the office looking for nothing."""
    text = "".join(path.read_text("utf-8") for path in sorted((ROOT / "src").rglob("*.py")))
    page = (ROOT / "docs/running.md").read_text("utf-8")
    assert set(re.findall(rf"\b(?:{NAME})\b", text + page)) == set(READ.findall(text))


def test_the_request_that_the_page_lets_through_is_the_one_that_is_taken() -> None:
    page = (ROOT / "docs/running.md").read_text("utf-8")
    settings = (ROOT / "src/wenze/web/settings.py").read_text("utf-8")
    taken = re.search(r"REQUEST_MAX_SIZE = (\d+) \* 2\*\*20", settings)
    assert taken and f"client_max_body_size {taken[1]}m;" in page
