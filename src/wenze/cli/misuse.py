"""Wrong usage that the command-line library finds, in Chinese first. Its sentences are English; one that is not known here is passed on as it is."""

from __future__ import annotations

import re
import sys
from typing import Any

import typer

from wenze.cli.options import language_of

UsageError: type[Exception] = typer.BadParameter.__mro__[1]  # typer exports its kinds, not the kind they are of

_SENTENCES = (
    (r"No such command '(.*)'\. Did you mean (.*)\?", r"没有命令 \1；是不是 \2？"),
    (r"No such command '(.*)'\.", r"没有命令 \1"),
    (r"No such option: (\S+) \(Possible options: (.*)\)", r"没有选项 \1；相近的有 \2"),
    (r"No such option: (\S+)(?: Did you mean (.*)\?)?", r"没有选项 \1"),
    (r"Missing argument '(.*)'\.", r"缺少 \1"),
    (r"Missing option '(.*)'\.", r"缺少选项 \1"),
    (r"Missing (?:command|parameter).*", r"没有写命令"),
    (r"Got unexpected extra argument\(?s?\)? \((.*)\)", r"多了 \1"),
    (r"Option '?(.*?)'? requires an argument\.", r"选项 \1 后面要有值"),
    (r"Option '?(.*?)'? requires (\d+) arguments\.", r"选项 \1 后面要有 \2 个值"),
    (r"Option '?(.*?)'? does not take a value\.", r"选项 \1 后面没有值"),
    (r"Invalid value for '(.*?)'(?:: | )(.*)", r"\1 的值不对"),
)


def run(program: typer.Typer) -> None:
    """Run the program and end as it ends: 0, the code it gives, or 2 when it was used wrongly."""
    try:
        raise SystemExit(program(prog_name="wenze", standalone_mode=False) or 0)
    except UsageError as error:
        _tell(error)
        raise SystemExit(2) from None
    except typer.Abort:
        raise SystemExit(1) from None


def _tell(error: Any) -> None:  # Any: the kind has no name to write
    message = error.format_message()
    if not message.strip():
        return  # no command was given: the help was shown
    if _language(sys.argv[1:]) == "zh":
        print(f"{in_chinese(message)} · {message}", file=sys.stderr)
        print("用法 · ", end="", file=sys.stderr)
    else:
        print(message, file=sys.stderr)
    command = error.ctx.command_path if error.ctx else "wenze"
    print(f"{command} --help", file=sys.stderr)


def _language(words: list[str]) -> str:
    """That of a command line that was not understood: its --lang, else the locale."""
    said = re.search(r"--lang[= ](zh|en)\b", " ".join(words))
    return language_of(said.group(1) if said else None)


def in_chinese(message: str) -> str:
    for sentence, chinese in _SENTENCES:
        found = re.fullmatch(sentence, message, re.DOTALL)
        if found:
            return found.expand(chinese)
    return "命令写得不对"
