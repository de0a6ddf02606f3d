"""Trees written as one table in which what is alike stands once: an entry names its children by their numbers, all smaller than its own.

Knows JSON and nothing of law. A person's duty is an element of every circumstance: told in full under each of them, receipts were ten times as long.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

Json = dict[str, Any]  # Any: JSON as the standard library reads it


class Table:
    """Entries in the order in which they were first told; children come before what they are part of."""

    def __init__(self) -> None:
        self.entries: list[Json] = []
        self._numbers: dict[str, int] = {}

    def number(self, entry: Json) -> int:
        """The number of an entry whose children have theirs."""
        written = json.dumps(entry, ensure_ascii=False, sort_keys=True)
        found = self._numbers.setdefault(written, len(self.entries))
        if found == len(self.entries):
            self.entries.append(entry)
        return found


class Unfolded(Mapping[str, Any]):
    """An entry with its children in the place of their numbers, each made when looked at: a small table can stand for an endless tree."""

    def __init__(self, entries: list[Json], number: int) -> None:
        self._entries, self._entry = entries, entries[number]

    def __getitem__(self, key: str) -> Any:
        value = self._entry[key]
        return [Unfolded(self._entries, child) for child in value] if key == "children" else value

    def __iter__(self) -> Iterator[str]:
        return iter(self._entry)

    def __len__(self) -> int:
        return len(self._entry)

    def __repr__(self) -> str:
        return repr(self._entry)


def is_table(entries: object, roots: Iterable[object]) -> bool:
    """Whether all entries are there, none is part of itself, and every root is the number of one."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        return False
    named = [(at, entry.get("children", [])) for at, entry in enumerate(entries)]
    return all(
        isinstance(children, list) and all(_below(at, child) for child in children) for at, children in named
    ) and all(_below(len(entries), root) for root in roots)


def _below(number: int, value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < number
