"""A database on disk for what a piece of work cannot hold in memory: beside its place while the work lasts, gone afterwards."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from wenze.docket.whole import DocketError, passing_file

_CACHE = 32_768  # KiB of the database that stay in memory
# Nobody else reads it and nothing is to be found in it after a crash, so nothing is journalled or forced to the disk.
_PRAGMAS = ("journal_mode=OFF", "synchronous=OFF", "locking_mode=EXCLUSIVE", f"cache_size=-{_CACHE}")


@contextmanager
def scratch(path: Path, mark: str, *tables: str) -> Iterator[sqlite3.Connection]:
    """A database beside `path` with these tables (`name(columns…)`), in one transaction that is never committed.

    `mark`, such as ".rows", tells it from others of the same place. DocketError where the disk has no room for it.
    """
    with passing_file(path, mark) as file:
        try:
            with closing(sqlite3.connect(file, isolation_level=None)) as database:
                for pragma in _PRAGMAS:
                    database.execute(f"PRAGMA {pragma}")
                for table in tables:
                    database.execute(f"CREATE TABLE {table}")
                database.execute("BEGIN")
                yield database
        except sqlite3.Error as error:
            said = f"中间数据写不下 · there is no room for what is needed meanwhile ({error})"
            raise DocketError(f"{file}: {said}") from error
