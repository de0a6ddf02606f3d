"""An office's record with everything in it that one may have, signed to its end."""

from django.db import transaction

from wenze.web.journal import checkpoints, keys
from wenze.web.journal.writer import erase, record


def step(number: int, *about: str) -> int:
    """One step that records one entry."""
    with transaction.atomic():
        return record("case.moved", about=about, by="staff/7", data={"number": number, "text": "某单位不作为" * number})


def build() -> list[str]:
    """Two cases, a document, an erasure, a key handed over; gives the checkpoints."""
    for number in range(5):
        step(number, "case/1", f"document/{number % 2}")
    notes = [checkpoints.sign()]
    step(5, "case/2")
    step(6, "case/2", "document/7")
    with transaction.atomic():
        erase("document/1", basis="档案保管期限届满 第三条", by="staff/9")
    keys.hand_over(reason="planned")
    step(7, "case/2")
    notes.append(checkpoints.sign())
    return notes
