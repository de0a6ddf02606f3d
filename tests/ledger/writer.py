"""A process that appends and says so: `python -m ledger.writer DATABASE ACKNOWLEDGED NAME [COUNT]`, until it is killed.

Each acknowledgement is written to a file outside the database, and only after the step has returned.
"""

import itertools
import os
import sys
from pathlib import Path

from wenze.ledger import Record, SqliteStorage


def main(database: Path, acknowledged: Path, name: str, count: str | None = None) -> None:
    record = Record(SqliteStorage(database))
    with open(acknowledged, "ab", buffering=0) as log:
        for number in itertools.count() if count is None else range(int(count)):
            text = f"{name} {os.getpid()} {number}"
            one, two = record.append_all([text, text + " (second half)"])
            log.write(f"{one} {two} {text}\n".encode())


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:])
