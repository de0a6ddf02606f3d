"""What the documents name exists: every command with its options, every id of a problem or a finding."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any  # click's groups and commands, of whichever kind Typer makes

import pytest
import typer.main

from readme import ROOT
from wenze.cli.main import whole
from wenze.law.body import KEYS

# A decision may name what it prepares for; everything else is for users.
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").glob("*.md"), *(ROOT / "regulations").glob("*.md")})
COMMAND = re.compile(r"(?:`|^\$ |^|```\w*\n)(?:wenze|python3 run\.py)((?: [^`\n#]+)?)", re.MULTILINE)
ID = re.compile(r"(?<![\w.-])[A-Z][0-9]{3}(?![\w.-])")


def commands_of(page: str) -> Iterator[list[str]]:
    """The words after the name of the program, wherever a command is named as code."""
    code = re.findall(r"^```.*?^```", page, re.MULTILINE | re.DOTALL)
    spans = [f"`{span}`" for span in re.findall(r"`([^`\n]+)`", re.sub(r"^```.*?^```", "", page, flags=re.M | re.S))]
    for piece in (*code, *spans):
        for words in COMMAND.findall(piece):
            yield words.split()


def missing(words: list[str]) -> str:
    """What of a command does not exist; "" where all does. Placeholders and values are not looked at."""
    current: Any = typer.main.get_command(whole())
    if words[:1] == ["test"]:  # run.py's own
        return ""
    for word in words:
        if hasattr(current, "commands") and word in current.commands:
            current = current.commands[word]
        elif hasattr(current, "commands") and re.fullmatch(r"[a-z][a-z-]*", word):
            return word
        elif word.startswith("--"):
            known = {name for parameter in current.params for name in (*parameter.opts, *parameter.secondary_opts)}
            if word.partition("=")[0] not in known | {"--help"}:
                return word
        elif not re.fullmatch(r"[\w.…<>|/=,()-]+", word):
            break  # the rest is prose
    return ""


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_command_a_page_names_exists_with_its_options(page: Path) -> None:
    for words in commands_of(page.read_text(encoding="utf-8")):
        assert missing(words) == "", f"wenze {' '.join(words)}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_id_of_a_problem_or_finding_a_page_names_exists(page: Path) -> None:
    known = {
        id_
        for path in (ROOT / "src").rglob("*")
        if path.suffix in {".py", ".json"}
        for id_ in re.findall(r'"([A-Z][0-9]{3})[":]', path.read_text(encoding="utf-8"))
    }
    assert set(ID.findall(page.read_text(encoding="utf-8"))) <= known


def test_a_command_or_an_option_that_does_not_exist_would_be_noticed() -> None:
    page = "Say `wenze determine --sample` and\n\n```\n$ wenze law sight DIR\nwenze diff --old x\n```\nor `wenze law site DIR`."
    assert [missing(words) for words in commands_of(page)] == ["sight", "--old", "", ""]


def reference(path: Path) -> list[list[str]]:
    """The first words of the lines of every example, from section 1 on, and the headings: what a translation must keep."""
    text = path.read_text(encoding="utf-8")
    _, _, text = text.partition("\n## 1.")
    examples = re.findall(r"^(?P<fence>```+)[^\n`]*\n(.*?)^(?P=fence)$", text, re.DOTALL | re.MULTILINE)
    return [[line.split()[0] for line in example.splitlines() if line.strip()] for _, example in examples]


def test_the_chinese_reference_of_the_language_has_every_example_and_section_of_the_english_one() -> None:
    english, chinese = (ROOT / "docs" / name for name in ("language.md", "language.zh-CN.md"))
    assert len(reference(english)) >= 13
    assert reference(chinese) == reference(english)
    sections = re.compile(r"^## ([1-9])\.", re.MULTILINE)
    assert sections.findall(chinese.read_text(encoding="utf-8")) == sections.findall(
        english.read_text(encoding="utf-8")
    )


def test_the_chinese_reference_explains_every_key_of_the_language() -> None:
    text = (ROOT / "docs/language.zh-CN.md").read_text(encoding="utf-8")
    assert [key for key in KEYS if key not in text] == []


def test_each_promise_to_respondents_and_to_everybody_has_tests_named_after_it() -> None:
    named = {path.name.split("_")[1] for path in (ROOT / "tests/promises").glob("test_*_*.py")}
    assert {f"{number:02}" for number in range(9, 21)} <= named
