"""Broken instruments and case files: whatever is in a file, the answer is a value or Problems, and soon.

`python tests/exact/fuzz.py SECONDS [SEED]` mutates the shipped files until the time is over and stops at the first
failure, which it leaves in the working folder. `test_fuzz` uses the same mutations.
"""

from __future__ import annotations

import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from functools import cache
from pathlib import Path
from random import Random

from wenze.law.case import Case
from wenze.law.casefile.cases import read_cases
from wenze.law.casefile.check import check_case
from wenze.law.casefile.records import COLLECTIONS
from wenze.law.compile import compile_sources
from wenze.law.instrument import Law
from wenze.law.library import Library, shipped
from wenze.law.parse import source_of
from wenze.law.problems import Problems

SECONDS_A_FILE = 20.0  # the regulation itself takes about a second on a slow machine
_ODD = (
    *"\t\0\r\v\f\u3000\u00a0\u200b\u202e\ufeff\ud7ff\U0001f600",
    "\r\n",
    "```",
    "~~~",
    "|",
    "「",
    "」",
    "」@",
    "{#",
    "}",
    "> ",
    "# ",
    "    ",
    "<b>",
    "&amp;",
    "\\",
)
_WORDS = (
    "非",
    "某 参与",
    "每 事件",
    "最高",
    "依解读",
    "取",
    "见",
    "成立",
    "至少 2",
    "全部",
    "条件",
    "推翻",
    "限 ",
    "9" * 40,
    "-1",
    "2014-02-30",
)
CASE_KEYS = ("format", "id", "title", "zh", "instrument", *COLLECTIONS, "respondent", "act", "entities", "for", "kind")
_TWINS = str.maketrans("(),:;?!()，：；？！（）、", "（），：；？！（）,:;?!(),")


def mutate(random: Random, text: str) -> str:
    """The text after up to four accidents of editing."""
    for _ in range(random.randint(1, 4)):
        accident = random.choice(_ACCIDENTS)
        text = accident(random, text)
    return text


def _lines(change: Callable[[Random, list[str]], None]) -> Callable[[Random, str], str]:
    def accident(random: Random, text: str) -> str:
        lines = text.split("\n")
        change(random, lines)
        return "\n".join(lines)

    return accident


def _delete(random: Random, lines: list[str]) -> None:
    start = random.randrange(len(lines))
    del lines[start : start + random.choice((1, 1, 1, 2, 5))]


def _double(random: Random, lines: list[str]) -> None:
    start = random.randrange(len(lines))
    lines[start:start] = lines[start : start + random.choice((1, 1, 3, 20))]


def _swap(random: Random, lines: list[str]) -> None:
    one, other = random.randrange(len(lines)), random.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]


def _indent(random: Random, lines: list[str]) -> None:
    index = random.randrange(len(lines))
    lines[index] = random.choice(("  ", " ", "    ", "\t", "\u3000", "> ", "- ", "  " * 60)) + lines[index]


def _outdent(random: Random, lines: list[str]) -> None:
    index = random.randrange(len(lines))
    lines[index] = lines[index].lstrip()


def _insert(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    odd: str = random.choice((*_ODD, *_WORDS))
    return text[:at] + odd * random.choice((1, 1, 1, 2, 200)) + text[at:]


def _cut(random: Random, text: str) -> str:
    at = random.randrange(len(text) + 1)
    return text[:at] + text[at + random.choice((1, 2, 30, 3000)) :]


def _twins(random: Random, text: str) -> str:
    """Half-width and full-width punctuation mixed, as every Chinese input method does."""
    start = random.randrange(len(text) + 1)
    end = start + random.choice((1, 10, 200, len(text)))
    return text[:start] + text[start:end].translate(_TWINS) + text[end:]


def _words(random: Random, text: str) -> str:
    """One word of the file in the place of another."""
    words = text.split()
    if len(words) < 2:
        return text
    return text.replace(random.choice(words), random.choice(words), random.choice((1, 1, -1)))


_ACCIDENTS: tuple[Callable[[Random, str], str], ...] = (
    _lines(_delete),
    _lines(_double),
    _lines(_swap),
    _lines(_indent),
    _lines(_outdent),
    _insert,
    _cut,
    _twins,
    _words,
)


def mutate_bytes(random: Random, raw: bytes) -> bytes:
    """Accidents of a disk or a wrong encoding."""
    changed = bytearray(raw)
    for _ in range(random.randint(1, 5)):
        if changed:
            changed[random.randrange(len(changed))] = random.randrange(256)
    return bytes(changed)


def read_law(raw: bytes) -> Law | None:
    """The law in a file, alone; None where it has problems."""
    begun = time.monotonic()
    try:
        return compile_sources([source_of(raw, "fuzz.md")])
    except Problems as problems:
        shown(problems)
        return None
    finally:
        _in_time(begun, raw)


def read_case(raw: bytes, suffix: str, law: Law) -> None:
    """The cases of a file, held against a law."""
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / f"fuzz{suffix}"
        path.write_bytes(raw)
        try:
            for case in read_cases(path):
                for problem in check_case(case, law):
                    shown(Problems([problem]))
        except Problems as problems:
            shown(problems)
    _in_time(begun, raw)


def shown(problems: Problems) -> None:
    """Every problem has an id, a message and a hint, and can be shown on any screen."""
    assert problems.problems
    for problem in problems.problems:
        assert problem.id and problem.message and problem.hint and problem.place.line >= 1, problem
        str(problem).encode("utf-8")


def _in_time(begun: float, raw: bytes) -> None:
    seconds = time.monotonic() - begun
    assert seconds < SECONDS_A_FILE, f"{seconds:.1f} s for {len(raw)} bytes"


@cache
def regulation() -> Law:
    return Library(shipped()).law("dehong")


@cache
def law_texts() -> tuple[str, ...]:
    """The shipped instrument, its guards, and pieces of it behind its head, which are quick to read."""
    folder = shipped() / "dehong"
    whole = (folder / "2014-05-01.md").read_text(encoding="utf-8")
    head, *articles = whole.split("\n### ")
    pieces = [f"{head}\n### {article}" for article in articles]
    return (
        whole,
        (folder / "guards.md").read_text(encoding="utf-8"),
        *(piece for piece in pieces if len(piece) < 60_000),
    )


@cache
def case_texts() -> tuple[str, ...]:
    return tuple(path.read_text(encoding="utf-8") for path in sorted((shipped() / "dehong" / "cases").glob("*.md")))


@cache
def shipped_cases() -> tuple[Case, ...]:
    return read_cases(shipped() / "dehong" / "cases")


def one(random: Random) -> tuple[str, bytes]:
    """What kind of file to try, and its bytes."""
    kind = random.choice(("law", "law", "case.md", "case.md", "case.json"))
    texts: Sequence[str] = law_texts()[1:] if kind == "law" else case_texts()
    text = mutate(random, random.choice(texts))
    raw = text.encode("utf-8", "surrogatepass")
    return kind, mutate_bytes(random, raw) if random.random() < 0.1 else raw


def try_one(kind: str, raw: bytes) -> None:
    if kind == "law":
        read_law(raw)
    else:
        read_case(raw, Path(kind).suffix, regulation())


def main(seconds: float, seed: int) -> int:
    """Mutate until the time is over. The number of files tried; a failing file is kept as `fuzz-failure`."""
    end, tried = time.monotonic() + seconds, 0
    while time.monotonic() < end:
        kind, raw = one(Random(f"{seed} {tried}"))
        try:
            try_one(kind, raw)
        except BaseException:
            Path(f"fuzz-failure.{kind}").write_bytes(raw)
            print(f"seed {seed}, file {tried}: kept as fuzz-failure.{kind}", file=sys.stderr)
            raise
        tried += 1
    return tried


if __name__ == "__main__":
    begun_with = int(sys.argv[2]) if len(sys.argv) > 2 else time.time_ns()
    print(f"{main(float(sys.argv[1]), begun_with)} files, nothing but Problems")
