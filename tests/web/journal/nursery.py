"""Processes that record and say so, until they are killed: `python -m web.journal.nursery`, then on its input lines

    NAME LOG [COUNT]     forks one that acknowledges into the file LOG; the answer is its process id
    wait                 until all have ended; the answer is their exit codes

Each step records two entries, signs now and then, and is acknowledged in a file outside the database after it has been
committed. Django is loaded once, so that a process to be killed is there at once.
"""

import itertools
import os
import sys
from collections.abc import Iterable
from pathlib import Path


def main() -> None:
    import django

    django.setup()
    running: list[int] = []
    for line in sys.stdin:
        if line.strip() == "wait":
            print(*[os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) for pid in running], flush=True)
            running = []
            continue
        name, log, *count = line.split()
        pid = os.fork()
        if pid == 0:
            work(name, Path(log), range(int(count[0])) if count else itertools.count())
        running.append(pid)
        print(pid, flush=True)


def work(name: str, log: Path, numbers: Iterable[int]) -> None:
    """Ends the process."""
    from django.db import transaction

    from wenze.web.journal.checkpoints import sign_if_due
    from wenze.web.journal.writer import record

    code = 1
    try:
        with open(log, "ab", buffering=0) as acknowledged:
            for number in numbers:
                text = f"{name}/{os.getpid()}/{number}"
                with transaction.atomic():
                    one = record("case.moved", about=["case/1"], by="office", data=text)
                    two = record("case.moved", about=["case/1"], by="office", data=f"{text}/second-half")
                acknowledged.write(f"{one} {two} {text}\n".encode())
                if number % 3 == 2:
                    sign_if_due()
        code = 0
    finally:
        os._exit(code)


if __name__ == "__main__":
    main()
