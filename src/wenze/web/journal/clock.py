"""Signs the record on a schedule: `python -m wenze.web.journal.clock SECONDS`, a process beside the one that serves.

A process of its own, because a signature waits for every writer and must not stop with one of the server's. Ends when
the process that started it is gone.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable


def sign() -> None:
    """Signs what was recorded since."""
    from wenze.web.journal.checkpoints import sign_if_due

    sign_if_due()


def main(seconds: int, does: Callable[[], None] = sign) -> None:
    """Until its parent ends, every so many seconds. What stands in the way is said once, and tried again."""
    import django

    parent = os.getppid()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wenze.web.settings")
    django.setup()
    said = ""
    while os.getppid() == parent:
        problem = _tried(does)
        if problem and problem != said:
            print(f"未能签发检查点 · no checkpoint could be signed: {problem}", file=sys.stderr, flush=True)
        said = problem
        until = time.monotonic() + seconds
        while os.getppid() == parent and (left := until - time.monotonic()) > 0:
            time.sleep(min(left, 1.0))


def _tried(does: Callable[[], None]) -> str:
    """What stands in the way; "" where nothing does. The connection is given back: the next is in a while."""
    from django.db import Error, connection

    from wenze.ledger import KeyProblem, RecordProblem

    try:
        does()
    except (RecordProblem, KeyProblem, Error, OSError) as problem:
        return str(problem).strip()
    finally:
        connection.close()
    return ""


if __name__ == "__main__":
    try:
        main(int(sys.argv[1]))
    except KeyboardInterrupt:
        sys.exit(130)
