"""Writes the beginning of the sample's determination into both READMEs, after `<!-- sample:en -->` and `<!-- sample:zh -->`.

    python tests/readme.py

`tests/test_readme.py` fails when they are not what the command prints.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
READMES = {"en": ROOT / "README.md", "zh": ROOT / "README.zh-CN.md"}
COMMAND = ("determine", "--sample", "--on", "2026-01-31")


def printed(lang: str) -> list[str]:
    """What the command prints when piped, line by line, without the spaces at the ends of lines."""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONUTF8": "1"}
    command = [sys.executable, "-m", "wenze", *COMMAND, "--lang", lang]
    page = subprocess.run(command, env=env, capture_output=True, check=True, encoding="utf-8").stdout
    return [line.rstrip() for line in page.splitlines()]


def beginning(lang: str) -> list[str]:
    """The head and the answer: everything before the second heading."""
    lines = printed(lang)
    headings = [number for number, line in enumerate(lines) if line.startswith("■")]
    while headings and not lines[headings[1] - 1]:
        headings[1] -= 1
    return lines[: headings[1]]


def block(lang: str) -> re.Pattern[str]:
    """The fenced block after the marker; its group is what stands in it."""
    return re.compile(rf"(?<=<!-- sample:{lang} -->\n)```text\n(.*?)```\n", re.DOTALL)


def main() -> None:
    for lang, path in READMES.items():
        text = path.read_text(encoding="utf-8")
        shown = "```text\n" + "".join(f"{line}\n" for line in beginning(lang)) + "```\n"
        written, found = block(lang).subn(lambda _, shown=shown: shown, text)  # type: ignore[misc]  # bound at once
        if found != 1:
            raise SystemExit(f"{path.name}: no block after <!-- sample:{lang} -->")
        path.write_text(written, encoding="utf-8")


if __name__ == "__main__":
    main()
