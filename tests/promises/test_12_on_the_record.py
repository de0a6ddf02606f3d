"""Promise 12: every step is on the record in its own transaction; what cannot be recorded does not happen; a case exports verifiably."""

from __future__ import annotations

import pytest

from web.cases.world import heard, investigated, lead, opened, prefecture, recommended
from wenze.ledger import check_bundle
from wenze.web.cases.actions import door
from wenze.web.cases.models import Case, Move, Particular
from wenze.web.journal.reader import excerpt, history


def test_each_move_has_its_entry_with_all_it_wrote(database: str) -> None:
    desk = heard(recommended(investigated(opened(prefecture()))), "一点")
    entries = history(f"case/{desk.case.reference}")
    assert [entry.data["number"] for entry in entries] == [move.number for move in desk.case.moves.all()]
    recorded = [
        (row["collection"], row["identity"], row["values"])
        for entry in entries
        for row in entry.data["rows"]
        if row["table"] == "particular"
    ]
    assert recorded == [
        (row.collection, row.identity, row.values) for row in Particular.objects.filter(case=desk.case).order_by("pk")
    ]
    audit = check_bundle(excerpt(f"case/{desk.case.reference}"))
    # no key given from outside, and nothing signed within a transaction: all else holds
    assert {each.id for each in audit.findings} <= {"R305", "R209"}


def test_what_cannot_be_recorded_does_not_happen(
    committed_database: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    desk = lead(prefecture())
    before = desk.seen, Move.objects.count(), Case.objects.count()

    def fail(*_args: object, **_said: object) -> int:
        raise OSError("the disk is full")

    monkeypatch.setattr(door, "record", fail)
    with pytest.raises(OSError):
        desk.assign("handler")
    with pytest.raises(OSError):
        lead(desk.world)
    assert (desk.seen, Move.objects.count(), Case.objects.count()) == before
