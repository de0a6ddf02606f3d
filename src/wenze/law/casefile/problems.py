"""The problems a case file can have: every id with its meaning and mending, and the collector that ends at enough.

Knows nothing of cases. `docs/problems-case.md` is written from the table here.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

from wenze.law.problems import Problem
from wenze.law.rules import Place

MAX_PROBLEMS = 100  # of one file or one check; who has more has one mistake repeated
_LONGEST_SHOWN = 60
_MOST_COMPARED = 1_000
_LONGEST_GUESSED = 40  # likeness of longer words costs quadratic time and helps nobody

CASE_PROBLEMS: dict[str, tuple[str, str]] = {
    # id: (meaning, mending)
    "C001": (
        "The file or folder cannot be read.",
        "Check the name, the kind of file (.md, .json or a folder) and the permissions.",
    ),
    "C002": ("The file is larger than a case can be.", "Check what it is; split a collection into one file per case."),
    "C003": ("The file is not UTF-8.", "Save it as UTF-8; GBK and UTF-16 are not read. The byte is counted from 0."),
    "C004": (
        "A character that cannot be seen: NUL, a control or direction character, half a surrogate pair.",
        "Delete it.",
    ),
    "C005": ("No case was found.", "Begin a block of a Markdown file with three backticks and `case ID`."),
    "C006": (
        "A block of the Markdown file is not closed, so that it swallows what follows.",
        "End it with a line of three backticks.",
    ),
    "C007": ("The opening line of a case block is not `case ID`.", "Write the word `case` and one identifier."),
    "C008": ("There are more problems than are shown.", "Mend the first ones and read the file again."),
    "C010": (
        "Indentation is not nothing or two spaces; or a tab.",
        "Two spaces before an attribute, none before a record.",
    ),
    "C011": ("A line is indented but belongs to no record.", "Write the record it belongs to above it."),
    "C012": ("A line begins with a word that is no record.", "Use one of the words named."),
    "C013": (
        "A key that does not exist here.",
        "Use one of the keys named. States are never written and people have no place.",
    ),
    "C014": ("A key without a value.", "Write the value, or leave the line out: what is left out is not recorded."),
    "C015": ("A key is given twice.", "Keep one; write several values in one line with 、 between them."),
    "C016": ("The first line of a record has other words than it should.", "Follow the form named."),
    "C017": ("Something that must be there is missing.", "Add it."),
    "C020": ("Not a day.", "Write 2015-03-01 or 2015年3月1日 (JSON: 2015-03-01 only)."),
    "C021": ("Not a whole number from 0 to 999,999,999.", "Write digits only."),
    "C022": ("Neither yes nor no.", "Write 是 (yes) or 否 (no); in JSON true or false."),
    "C023": ("Not an identifier.", "Letters, Chinese characters, digits, `.` and `-`, no spaces, half-width."),
    "C024": ("Not one of the words that are possible here.", "Use one of the words named."),
    "C025": ("Not a digest.", "Write sha256: or sm3: and 64 lower-case hexadecimal digits."),
    "C026": ("An expectation is robust and at the same time depends on readings.", "Keep one of the two."),
    "C027": ("Not a name with its number.", "Write the name of what was counted and a whole number: 死亡 3、受伤 5."),
    "C030": ("Not JSON.", "Mend the JSON at the place named."),
    "C031": ("The JSON is nested deeper than a case can be.", "Check what it is."),
    "C032": (
        "A number with a fraction or exponent, NaN, or a number that is too large.",
        "Cases hold whole numbers only.",
    ),
    "C033": (
        "A JSON value of another type than expected.",
        "Write the type named. What is not recorded is left out, never null.",
    ),
    "C034": ("The format of the file is not named or not known.", "Write the format named."),
    "C040": ("Two cases have the same id.", "Give one of them another id."),
    "C041": ("A record is written twice.", "Keep one."),
    "C042": ("One id names two things.", "Give one of them another id."),
    "C050": ("The case it is based on was not read.", "Check the id; read the folder that holds both."),
    "C051": ("Cases are based on each other in a circle.", "Take one of them out of the circle."),
    "C052": ("A record is taken away that is not inherited.", "Check the type, the id and the case it is based on."),
    "C053": (
        "The cases read together are too many, each with all it inherits.",
        "Make the base smaller or read fewer cases together.",
    ),
    "C060": ("The case belongs to another instrument.", "Check it against the instrument it names."),
    "C061": ("A word that is not in the vocabulary of the instrument.", "Use one of its words."),
    "C062": ("A fact the instrument does not know.", "Use a fact of the instrument."),
    "C063": (
        "A fact is given other entities than its scope asks for.",
        "Name the entities the scope asks for, in their order.",
    ),
    "C064": ("A thing that is not declared in the case.", "Declare it, or mend the id."),
    "C065": ("A participation that is not declared.", "Declare it: 参与 P1 A1."),
    "C066": ("An act and an event that are not connected.", "Name the event under 事件 of the act."),
    "C067": (
        "A fact that is read from the case's own data is entered.",
        "Delete it and complete the data it is read from.",
    ),
    "C068": ("An end before its start.", "Mend one of the two days."),
    "C069": ("A reading the instrument does not know.", "Use a reading of the instrument."),
    "C070": ("An option the reading does not have.", "Use one of its options."),
    "C071": ("A rule or note the instrument does not know.", "Use an id of the instrument."),
    "C072": ("Records refer to each other in a circle.", "Take one of the references away."),
    "C073": ("The number of an identity card or of a mobile telephone.", "Delete it: people are not recorded here."),
}


class TooMany(Exception):
    """The collector is full; whoever reads the file or checks the case stops there."""


class Report:
    """Collects the problems of one file or one check."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def add(self, id: str, place: Place, message: str, hint: str = "") -> None:
        """Note a problem; without a `hint` the mending of the table. Raises TooMany when there are enough."""
        if len(self.problems) == MAX_PROBLEMS:
            message, hint = f"more than `{MAX_PROBLEMS}` problems; the rest is not shown", ""
            self.problems.append(Problem(place, "C008", message, mending("C008")))
            raise TooMany
        self.problems.append(Problem(place, id, message, hint or mending(id)))


def mending(id: str) -> str:
    """What to do about a problem, as hints are written."""
    text = CASE_PROBLEMS[id][1].rstrip(".")
    return text[0].lower() + text[1:] if text[1:2].islower() else text


def show(word: object) -> str:
    """`word` in backticks, on one line and short enough to read."""
    text = " ".join(str(word).split()).replace("`", "'")
    text = "".join(char if visible(char) else f"U+{ord(char):04X}" for char in text[: _LONGEST_SHOWN + 1])
    return f"`{text[:_LONGEST_SHOWN]}…`" if len(text) > _LONGEST_SHOWN else f"`{text}`"


def visible(char: str) -> bool:
    """Whether a reader can see `char` or the space it takes."""
    return char in "\t\n\r" or unicodedata.category(char) not in {"Cc", "Cf", "Cs", "Zl", "Zp"}


def instead(word: str, known: Iterable[str], otherwise: str = "") -> str:
    """The hint for a word nobody knows: the one most like it, else `otherwise`, else all that are known."""
    names = list(dict.fromkeys(known))
    guess = get_close_matches(word, names[:_MOST_COMPARED], 1, 0.5) if len(word) <= _LONGEST_GUESSED else []
    if guess:
        return f"did you mean {show(guess[0])}?"
    if otherwise or not names:
        return otherwise or "there is none here; leave it out"
    shown = "、".join(show(name) for name in names[:20])
    return f"use one of {shown}" + (f" and {len(names) - 20} more" if len(names) > 20 else "")
