"""What runs by itself, once: a checkpoint is signed, ended log-ins are forgotten. Once more, or much later, does no harm.

The clocks of cases are computed whenever they are looked at; nothing has to run for them.
"""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore

from wenze.web.journal.checkpoints import sign_if_due


def tick() -> list[str]:
    """One line for each thing done."""
    SessionStore.clear_expired()
    note = sign_if_due()
    return [f"检查点 · checkpoint: {note.splitlines()[1]}"] if note else []
