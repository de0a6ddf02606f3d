"""What a comparison finds: conclusions that can come out differently, cases that only one side excludes, what is declared
differently. Shapes only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from wenze.law.compare.anything import Answers, Size
from wenze.law.instrument import Law

MADE, OUT, NEVER, ABSENT = "made-out", "not-made-out", "not-applicable", "absent"


class Example(NamedTuple):
    """A case in which something comes out differently: its size, and the answers that suffice for it.

    `rest`: "any" where every other question may be answered either way; "no" where they are answered no.
    """

    size: Size
    answers: Answers
    rest: str = "any"


@dataclass(frozen=True, slots=True)
class Change:
    """One way in which a conclusion can come out differently.

    `name`: a rule, `RULE/EXCEPTION` for what takes its place, a note or a guard. `what`: state, kind, modality, note or
    guard. `by`: "in-force" for the readings in force on each side, "other-readings" where only another setting of the
    readings shows it. `own`: the rule's own conditions differ; otherwise it follows from `through`.
    """

    name: str
    what: str
    before: str
    after: str
    by: str
    own: bool
    through: tuple[str, ...]
    example: Example


@dataclass(frozen=True, slots=True)
class Declared:
    """Something declared differently: `kind` of block, its name, "added", "removed" or "changed" and in which parts.

    `rules`: the rules that rest on it.
    """

    kind: str
    name: str
    how: str
    parts: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Excluded:
    """Cases that only one side's constraints exclude ("the facts contradict"), and the conclusions that speak of them."""

    constraint: str
    by: str  # "old" or "new"
    rules: tuple[str, ...]
    example: Example


@dataclass(frozen=True)
class Comparison:
    """What two laws, or two settings of one law, conclude differently."""

    old: Law
    new: Law
    old_options: Mapping[str, str]
    new_options: Mapping[str, str]
    changes: tuple[Change, ...]
    excluded: tuple[Excluded, ...]
    declared: tuple[Declared, ...]
    bounded: Mapping[str, Size]  # conclusions for which larger cases than this were not tried and might matter
    undecided: tuple[tuple[str, str, str], ...]  # (rule, before, after) neither shown by a case nor excluded
    unmatched: tuple[str, ...]  # readings that only one side has, or whose options in force differ in name: not varied

    @property
    def rules(self) -> tuple[str, ...]:
        """The rules with some change, in the order of the text."""
        return tuple(dict.fromkeys(change.name for change in self.changes))
