"""What a step records stands in the record together with the step, can be read, proved, shown and lawfully erased."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from web.journal.world import build, step
from wenze.ledger import EntryError, Erased, RecordProblem, check_bundle, check_proof, read_checkpoint
from wenze.web.journal import checkpoints, keys
from wenze.web.journal.check import check_journal
from wenze.web.journal.models import Entry, Filing
from wenze.web.journal.reader import entry, excerpt, history, latest, proof
from wenze.web.journal.storage import DjangoStorage
from wenze.web.journal.writer import erase, record


def test_what_a_step_records_reads_back(database: str) -> None:
    data = {"名": "张三", "votes": [1, None, True], "nested": {"b": "x", "a": -(2**53) + 1}}
    n = record("case.decided", about=["case/2026-0113", "document/9"], by="staff/7", data=data)
    said = entry(n)
    assert not isinstance(said, Erased)
    assert (said.n, said.kind, said.about, said.by) == (n, "case.decided", ("case/2026-0113", "document/9"), "staff/7")
    assert said.data == data
    assert history("case/2026-0113") == history("document/9") == [said]
    assert history("case/other") == []


def test_numbers_follow_each_other_and_the_first_entry_opens_the_record(database: str) -> None:
    assert [step(number, "case/1") for number in range(4)] == [1, 2, 3, 4]
    with pytest.raises(RecordProblem, match="about the record itself"):
        entry(0)


def test_an_entry_tells_the_day_and_no_time(database: str) -> None:
    """A report is recorded like any step, and when exactly somebody reported is nobody's business."""
    before = timezone.localdate()
    n = step(1, "report/1")
    said = entry(n)
    assert not isinstance(said, Erased)
    assert before <= said.on <= timezone.localdate() and type(said.on) is date
    row = DjangoStorage().row(n)
    assert row.opening is not None
    assert json.loads(row.opening)["payload"].keys() == {"about", "by", "data", "kind", "on"}
    assert len(json.loads(row.opening)["payload"]["on"]) == len("2026-03-02")


def test_a_step_that_fails_leaves_no_entry_and_no_gap(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    with pytest.raises(ZeroDivisionError), transaction.atomic():
        record("case.moved", about=["case/1"], by="staff/7", data={})
        raise ZeroDivisionError
    with transaction.atomic():
        with pytest.raises(ZeroDivisionError), transaction.atomic():  # a savepoint within a step
            record("case.moved", about=["case/1"], by="staff/7", data={})
            raise ZeroDivisionError
        assert record("case.moved", about=["case/1"], by="staff/7", data={"kept": True}) == 2
    assert [each.n for each in history("case/1")] == [1, 2]


def test_nothing_is_recorded_outside_a_step(committed_database: dict[str, Any]) -> None:
    with pytest.raises(RecordProblem, match=r"transaction\.atomic"):
        record("case.moved", about=["case/1"], by="staff/7", data={})
    with pytest.raises(RecordProblem, match=r"transaction\.atomic"):
        erase("case/1", basis="due", by="staff/7")
    assert not Entry.objects.exists()


WRONG: list[tuple[dict[str, Any], str]] = [
    ({"kind": "Case opened"}, "no kind of entry"),
    ({"kind": "record.erased"}, "not beginning with record."),
    ({"about": []}, "one or more"),
    ({"about": "case/1"}, "one or more"),
    ({"about": ["case/1", "张三"]}, "references such as case/17"),
    ({"about": ["case/" + "1" * 61]}, "references such as case/17"),
    ({"by": "张三"}, "a reference such as staff/7"),
    ({"data": 2**53}, "canonical JSON"),
    ({"data": float("nan")}, "canonical JSON"),
    ({"data": {"day": date(2026, 1, 1)}}, "canonical JSON"),
    ({"data": "\ud800"}, "canonical JSON"),
]


def test_what_is_not_of_the_form_is_refused_and_nothing_is_written(committed_database: dict[str, Any]) -> None:
    right: dict[str, Any] = {"kind": "case.opened", "about": ["case/1"], "by": "office", "data": None}
    for wrong, said in WRONG:
        given = {**right, **wrong}
        with pytest.raises(EntryError, match=said), transaction.atomic():
            record(given.pop("kind"), **given)
        assert (Entry.objects.count(), Filing.objects.count()) == (0, 0)


def test_a_record_of_an_office_has_nothing_wrong(committed_database: dict[str, Any]) -> None:
    notes = build()
    audit = check_journal(notes=notes)
    assert (audit.findings, audit.size, audit.checked) == ([], 13, 13)
    assert audit.erasures == {2: 8, 4: 9} and [key.start for key in audit.keys] == [0, 11]


def test_an_erasure_takes_the_payloads_their_filings_and_says_so(committed_database: dict[str, Any]) -> None:
    for number in range(3):
        step(number, "case/1", f"document/{number}")
    step(9, "case/2")
    with transaction.atomic():
        assert erase("case/1", basis="档案保管期限届满 第三条", by="staff/9") == [1, 2, 3]
    assert [entry(n) for n in (1, 2, 3)] == [Erased(1), Erased(2), Erased(3)]
    (said,) = history("case/1")
    assert (said.kind, said.by) == ("record.erased", "staff/9")
    assert said.data == {"basis": "档案保管期限届满 第三条", "entries": [1, 2, 3]}
    assert history("document/0") == [] and len(history("case/2")) == 1
    with transaction.atomic():
        assert erase("case/1", basis="again", by="staff/9") == []
        assert erase("case/none", basis="again", by="staff/9") == []
    checkpoints.sign()
    assert check_journal().findings == []


def test_a_proof_given_away_before_an_erasure_holds_after_it(committed_database: dict[str, Any]) -> None:
    n = step(1, "case/1")
    assert proof(n) is None, "nothing is signed yet"
    checkpoints.sign()
    given = proof(n)
    with transaction.atomic():
        erase("case/1", basis="due", by="staff/9")
    checkpoints.sign()
    trusted = [keys.signer().verifier]
    for text in (given, proof(n)):
        assert text is not None
        assert check_proof(text, DjangoStorage().row(n).leaf, trusted)[0].size > n


@pytest.mark.parametrize("basis", ["", " ", "x" * 201])
def test_an_erasure_needs_a_citation(database: str, basis: str) -> None:
    with pytest.raises(EntryError, match="citation"):
        erase("case/1", basis=basis, by="staff/9")


def test_an_excerpt_shows_one_case_and_proves_it_without_showing_others(committed_database: dict[str, Any]) -> None:
    notes = build()
    lines = list(excerpt("case/2"))
    audit = check_bundle(lines, trusted=[keys.signer().verifier], notes=notes[1:])
    assert (audit.findings, audit.size, audit.checked) == ([], 13, 13)
    assert audit.withheld == 4  # three of the first case, and the one on the erasure
    shown = [json.loads(line)[1] for line in lines]
    payloads = [json.loads(each["opening"])["payload"] for each in shown if isinstance(each.get("opening"), str)]
    assert [payload["about"] for payload in payloads] == [["case/2"], ["case/2", "document/7"], ["case/2"]]


def test_a_checkpoint_is_signed_when_something_was_recorded_since(committed_database: dict[str, Any]) -> None:
    assert checkpoints.sign_if_due() is None and latest() is None
    step(1, "case/1")
    note = checkpoints.sign_if_due()
    assert note is not None and read_checkpoint(note).size == 2
    assert checkpoints.sign_if_due() is None and latest() == note
    step(2, "case/1")
    assert latest() == note
    assert checkpoints.sign_if_due() == latest() != note


def test_nothing_is_signed_within_a_step(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    with pytest.raises(RecordProblem, match="after a step is committed"), transaction.atomic():
        checkpoints.sign()
    assert latest() is None and keys.last_signed() is None


def test_what_a_document_prints_is_the_longest_checkpoint_with_the_most_signatures(
    committed_database: dict[str, Any],
) -> None:
    step(1, "case/1")
    first = checkpoints.sign()
    step(2, "case/1")
    second = checkpoints.sign()
    storage = DjangoStorage()
    for note in (second + second.rpartition("\n\n")[2].replace("wenze", "witness"), first):
        with storage.writing():
            storage.add_checkpoint(note)
    said = latest()
    assert said is not None and said.startswith(second) and "— witness" in said
