"""The READMEs cannot drift: what they show is what the program prints, what they name exists."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import typer.main

from readme import READMES, ROOT, block, printed
from wenze.cli.main import whole

COMMANDS = typer.main.get_command(whole()).commands  # type: ignore[attr-defined]  # a group of commands
PAGES = [*READMES.values(), *sorted((ROOT / "docs").rglob("*.md"))]
LEAST = 20  # lines: less is no determination


def text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


@pytest.mark.parametrize("lang", READMES)
def test_the_determination_shown_is_the_one_printed(lang: str) -> None:
    """Write it anew with `python tests/readme.py`."""
    found = block(lang).findall(text(READMES[lang]))
    assert len(found) == 1, f"one block after <!-- sample:{lang} -->"
    shown = found[0].splitlines()
    assert len(shown) >= LEAST
    assert shown == printed(lang)[: len(shown)]


@pytest.mark.parametrize("lang", READMES)
def test_the_two_first_commands_stand_first(lang: str) -> None:
    first = re.search(r"^```\w*\n(.*?)^```", text(READMES[lang]), re.DOTALL | re.MULTILINE)
    assert first is not None
    commands = [line.partition("#")[0].strip() for line in first[1].splitlines() if line.strip()]
    assert commands[:2] == ["python3 run.py", "python3 run.py test"]
    assert len(text(READMES[lang])[: first.start()].split()) < 20  # nothing but the title and the other language before


@pytest.mark.parametrize("lang", READMES)
def test_every_command_named_exists_with_the_options_named(lang: str) -> None:
    page = text(READMES[lang])
    named = re.findall(r"(?:`|^|\s)(?:wenze|python3 run\.py) ([a-z]+)", page, re.MULTILINE)
    assert set(named) - {"test"} <= COMMANDS.keys()
    assert set(COMMANDS) <= set(named), "every command is shown"
    for row in re.findall(r"^\| `wenze ([a-z]+)[^|]*` \|(.*)$", page, re.MULTILINE):
        options = {option for parameter in COMMANDS[row[0]].params for option in parameter.opts}
        assert set(re.findall(r"--[a-z-]+", row[1])) <= options, row[0]


def test_both_languages_name_the_same_commands_and_pages() -> None:
    for pattern in (r"`wenze ([a-z]+)", r"\]\(([^)]+)\)", r"--[a-z-]+"):
        found = {
            lang: set(re.findall(pattern, text(path).replace(".zh-CN.md", ".md")))
            - {path.name for path in READMES.values()}
            for lang, path in READMES.items()
        }
        assert found["en"] == found["zh"], pattern


def docket_commands(path: Path) -> list[list[str]]:
    """The commands of the section on many cases; `.ci/run` runs them one after another."""
    shown = re.search(r"^<!-- docket -->\n```sh\n(.*?)^```$", text(path), re.DOTALL | re.MULTILINE)
    assert shown is not None
    return [line.partition("#")[0].split() for line in shown[1].splitlines()]


def test_both_languages_show_the_same_commands_of_the_docket_and_all_of_them_exist() -> None:
    shown = {lang: docket_commands(path) for lang, path in READMES.items()}
    assert shown["en"] == shown["zh"]
    commands = COMMANDS["docket"].commands  # type: ignore[attr-defined]  # a group of commands
    assert {words[3] for words in shown["en"]} == commands.keys()
    for words in shown["en"]:
        options = {option for parameter in commands[words[3]].params for option in parameter.opts}
        assert words[:3] == ["python3", "run.py", "docket"]
        assert {word for word in words if word.startswith("--")} <= options, words


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_relative_link_leads_somewhere(page: Path) -> None:
    body = re.sub(r"^```.*?^```$", "", text(page), flags=re.DOTALL | re.MULTILINE)
    for target in re.findall(r"\]\(([^)\s]+)\)", body):
        if not re.match(r"[a-z]+:", target):
            path = target.partition("#")[0]
            assert not path or (page.parent / path).exists(), target


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_every_file_of_the_project_a_page_names_exists(page: Path) -> None:
    for name in re.findall(r"`((?:src|tests|docs|regulations|\.ci)/[\w./-]+)`", text(page)):
        assert (ROOT / name).exists(), name
