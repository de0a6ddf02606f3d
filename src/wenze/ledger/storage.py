"""Where a record is kept: what any storage offers, and one in memory.

A storage adds and never changes, but for an opening, which goes together with its erasure entry. It checks nothing
and knows nothing of trees; `verify` does not trust it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from threading import RLock
from typing import Protocol

CONTROL = b'{"at"'
"""How the leaves begin that are about the record itself: canonical JSON sorts the time first, which others lack"""


class NotKept(LookupError):
    """The storage does not hold what was asked for."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry as it is kept. `opening` is None where there is none (any more)."""

    n: int
    leaf: bytes
    hash: bytes
    opening: bytes | None


class Storage(Protocol):
    """All within `writing()` happens together or not at all, and nobody else writes meanwhile.

    `writing()` may be entered within itself, and within a transaction of the caller's own.
    """

    def writing(self) -> AbstractContextManager[None]: ...

    def reading(self) -> AbstractContextManager[None]:
        """All that is read within is of one moment, whoever writes meanwhile."""

    def pending(self) -> bool:
        """Whether somebody is within `writing()`, or within a transaction of the caller's own."""

    def size(self) -> int: ...

    def add(self, row: Row) -> None:
        """Only within `writing()`, and only with the next number."""

    def add_node(self, level: int, index: int, hash: bytes) -> None: ...

    def node(self, level: int, index: int) -> bytes:
        """The hash of a complete subtree; level 0 are the entries. NotKept."""

    def row(self, n: int) -> Row:
        """NotKept."""

    def rows(self, start: int = 0) -> Iterator[Row]:
        """In the order of their numbers, whatever numbers there are."""

    def controls(self) -> Iterator[Row]:
        """The rows that are about the record itself, whose leaves begin with CONTROL, in their order."""

    def nodes(self) -> Iterator[tuple[int, int, bytes]]:
        """How many entries there are once the subtree is complete, its level from 1 upward, its hash; in that order."""

    def erase(self, n: int) -> None:
        """Remove an opening, in the same `writing()` in which its erasure entry was added last."""

    def add_checkpoint(self, note: str) -> None: ...

    def checkpoints(self) -> list[tuple[int, str]]:
        """Number from 0, and note."""

    def openings(self) -> Iterator[int]:
        """The numbers of all openings kept, ascending."""

    def faults(self) -> list[str]:
        """What is amiss with the storage's own guards, one phrase each; empty where it has none or all stand."""


@dataclass
class MemoryStorage:
    """For tests, and for reading what is not kept. Append-only by good manners alone."""

    entries: list[Row] = field(default_factory=list)
    inner: dict[tuple[int, int], bytes] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)
    _lock: RLock = field(default_factory=RLock)
    _depth: int = 0

    @contextmanager
    def writing(self) -> Iterator[None]:
        with self._lock:
            kept = (list(self.entries), dict(self.inner), list(self.notes)) if self._depth == 0 else None
            self._depth += 1
            try:
                yield
            except BaseException:
                if kept:
                    self.entries, self.inner, self.notes = kept
                raise
            finally:
                self._depth -= 1

    @contextmanager
    def reading(self) -> Iterator[None]:
        with self._lock:
            yield

    def pending(self) -> bool:
        return self._depth > 0

    def size(self) -> int:
        return len(self.entries)

    def add(self, row: Row) -> None:
        if row.n != len(self.entries):
            raise ValueError(f"the next entry is {len(self.entries)}, not {row.n}")
        self.entries.append(row)

    def add_node(self, level: int, index: int, hash: bytes) -> None:
        self.inner[level, index] = hash

    def node(self, level: int, index: int) -> bytes:
        try:
            return self.inner[level, index] if level else self.entries[index].hash
        except LookupError as error:
            raise NotKept(f"node {level}/{index}") from error

    def row(self, n: int) -> Row:
        if not 0 <= n < len(self.entries):
            raise NotKept(f"entry {n}")
        return self.entries[n]

    def rows(self, start: int = 0) -> Iterator[Row]:
        yield from self.entries[start:]

    def controls(self) -> Iterator[Row]:
        yield from (row for row in self.entries if row.leaf.startswith(CONTROL))

    def nodes(self) -> Iterator[tuple[int, int, bytes]]:
        yield from sorted(((index + 1) << level, level, hash_) for (level, index), hash_ in self.inner.items())

    def erase(self, n: int) -> None:
        row = self.row(n)
        self.entries[n] = Row(row.n, row.leaf, row.hash, None)

    def add_checkpoint(self, note: str) -> None:
        self.notes.append(note)

    def checkpoints(self) -> list[tuple[int, str]]:
        return list(enumerate(self.notes))

    def openings(self) -> Iterator[int]:
        yield from (row.n for row in self.entries if row.opening is not None)

    def faults(self) -> list[str]:
        return []
