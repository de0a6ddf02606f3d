"""What runs by itself, once: periods that ran out are found, files that no case names are swept up, ended log-ins are forgotten,
a checkpoint is signed. Once more, or much later, does no harm.

`python -m wenze.web.ticking SECONDS`, a process beside the one that serves, does what cannot wait for the night.
"""

from __future__ import annotations

import sys
from datetime import datetime, timedelta

from wenze.web.journal import clock

_UPLOADING = timedelta(days=1)  # no upload takes as long


def tick(*, at: datetime) -> list[str]:
    """One line for each thing done."""
    from django.contrib.sessions.backends.db import SessionStore

    from wenze.web.cases.evidence import store
    from wenze.web.cases.models import EvidenceFile
    from wenze.web.journal.checkpoints import sign_if_due

    SessionStore.clear_expired()
    lines = overdue(at=at)
    named = frozenset(EvidenceFile.objects.values_list("digest", flat=True))
    swept = store().sweep(named, before=(at - _UPLOADING).timestamp())
    lines += [f"没有案件使用的文件,已清除 {swept} 个 · files no case names, removed: {swept}"] if swept else []
    note = sign_if_due()
    return lines + ([f"检查点 · checkpoint: {note.splitlines()[1]}"] if note else [])


def overdue(*, at: datetime) -> list[str]:
    """One line for each period found to have run out."""
    from django.utils import timezone

    from wenze.web.cases.overdue import push

    found = push(timezone.localdate(at))
    return [f"逾期 · overdue: {row.case.reference} {row.clock} {row.due.isoformat()}" for row in found]


def _beside() -> None:
    from django.utils import timezone

    overdue(at=timezone.now())
    clock.sign()


if __name__ == "__main__":
    try:
        clock.main(int(sys.argv[1]), _beside)
    except KeyboardInterrupt:
        sys.exit(130)
