"""What is wrong with a file its author can mend: an id, a place, the words concerned and what to do.

Problems are collected and shown all at once. Ids begin with L (law) or C (case) and are listed in `docs/problems.md`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass, replace
from difflib import get_close_matches
from itertools import islice

from wenze.law.mending import MENDING
from wenze.law.rules import Place

MAX_PROBLEMS = 200  # of one file or one law; who has more has one mistake repeated
_LONGEST_SHOWN = 80  # characters of the author's words in a message
_LONGEST_GUESSED = 40  # likeness of longer words costs quadratic time and helps nobody
_MOST_GUESSED = 2_000


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to mend. `message` puts the words concerned in backticks; `hint` says what to do."""

    place: Place
    id: str
    message: str
    hint: str

    def __str__(self) -> str:
        return f"{self.id} {self.place}: {self.message}\n     → {self.hint}"

    def in_chinese(self) -> str:
        """What is wrong, the words concerned, and what to do, as one line."""
        mending = MENDING[self.id]
        words = "、".join(re.findall(r"`[^`]*`", self.message))
        return f"{mending.what}{'：' if words else ''}{words} → {mending.do}"


class Problems(ValueError):
    """Raised once with everything found, in the order of the files."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class Enough(Exception):
    """There are more problems than anybody reads at once; whoever collects them stops there."""


class Collected(list[Problem]):
    """Problems as they are met, the author's words cut to what can be read. Raises Enough when there are enough."""

    def append(self, problem: Problem, /) -> None:
        if len(self) == MAX_PROBLEMS:
            message = f"more than `{MAX_PROBLEMS}` problems; the rest is not shown"
            super().append(Problem(problem.place, "L006", message, "mend the first ones and check again"))
            raise Enough
        super().append(replace(problem, message=re.sub(r"`([^`]*)`", _shown, problem.message)))


def _shown(match: re.Match[str]) -> str:
    words = " ".join(match[1].split())
    words = "".join(char if visible(char) else f"U+{ord(char):04X}" for char in words[: _LONGEST_SHOWN + 1])
    return f"`{words[:_LONGEST_SHOWN]}…`" if len(words) > _LONGEST_SHOWN else f"`{words}`"


def visible(char: str) -> bool:
    """Whether a reader can see `char` or the space it takes."""
    return char in "\t\n\r" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def instead(word: str, known: Iterable[str], otherwise: str) -> str:
    """The hint for a word nobody knows: the known one most like it, else `otherwise`."""
    near = get_close_matches(word, list(islice(known, _MOST_GUESSED)), 1, 0.5) if len(word) <= _LONGEST_GUESSED else []
    return f"did you mean `{near[0]}`?" if near else otherwise
