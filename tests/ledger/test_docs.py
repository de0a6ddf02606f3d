"""What the record proves is said in two languages, and neither drifts from the other or from the program."""

import re
from pathlib import Path

import typer
from typer.main import get_command
from typer.testing import CliRunner

from wenze.cli.record import register
from wenze.ledger.findings import words

DOCS = Path(__file__).parents[2] / "docs"
PAGES = {
    lang: (DOCS / name).read_text(encoding="utf-8") for lang, name in (("en", "record.md"), ("zh", "record.zh-CN.md"))
}


def commands(text: str) -> list[str]:
    """Of the blocks of code, without what is said beside them."""
    blocks = re.findall(r"^```\n(.*?)^```", text, re.DOTALL | re.MULTILINE)
    return [line.partition("#")[0].strip() for block in blocks for line in block.splitlines()]


def test_both_languages_say_the_same_in_the_same_order() -> None:
    en, zh = PAGES.values()
    assert commands(en) == commands(zh) and len(commands(en)) == 9
    for pattern in (r"^#+ ", r"^\|", r"^\d\. ", r"^- ", r"^\*\*"):
        found = [len(re.findall(pattern, text, re.MULTILINE)) for text in (en, zh)]
        assert found[0] == found[1], pattern
    assert sorted(set(re.findall(r"R\d{3}", en))) == sorted(set(re.findall(r"R\d{3}", zh)))
    named = [{" ".join(each.split()) for each in re.findall(r"`(wenze [a-z\s]+)", text)} for text in (en, zh)]
    assert named[0] == named[1]


def test_the_findings_named_are_findings() -> None:
    assert set(re.findall(r"R\d{3}", PAGES["en"])) <= words()["findings"].keys()


def test_every_command_and_option_shown_is_one() -> None:
    app = typer.Typer()
    register(app)
    known = get_command(app).commands  # type: ignore[attr-defined]  # a group of commands
    for line in commands(PAGES["en"]):
        _, *rest = line.split()
        path = rest[: 2 if rest[0] in {"record", "witness"} else 1]
        assert path[0] in known, line
        shown = CliRunner().invoke(app, [*path, "--help"], env={"COLUMNS": "200"}).output
        for option in (word for word in rest if word.startswith("--")):
            assert option in shown, line
