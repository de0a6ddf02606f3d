"""Keys, and older copies: what the office's key remembers outside the data is held against the data."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

import databases
from web.journal.world import build, step
from wenze.ledger import (
    SUITES,
    KeyProblem,
    OlderCopy,
    OtherKey,
    Record,
    RecordProblem,
    check_bundle,
    create_key,
    export,
    read_checkpoint,
)
from wenze.web.journal import checkpoints, keys
from wenze.web.journal.check import check_journal
from wenze.web.journal.models import Entry
from wenze.web.journal.storage import DjangoStorage
from wenze.web.journal.writer import record


@contextmanager
def backup(configuration: dict[str, Any]) -> Iterator[Callable[[], None]]:
    """A backup taken now; calling it puts it back."""
    connection.close()
    if configuration["ENGINE"].endswith("sqlite3"):
        path = Path(configuration["NAME"])
        kept = path.with_suffix(".backup")
        shutil.copy(path, kept)

        def restore() -> None:
            connection.close()
            shutil.copy(kept, path)

        yield restore
        return
    name = f"{configuration['NAME']}_backup"
    databases.administer(f'CREATE DATABASE "{name}" TEMPLATE "{configuration["NAME"]}"')

    def restore() -> None:
        connection.close()
        databases.administer(f'DROP DATABASE "{configuration["NAME"]}" WITH (FORCE)')
        databases.administer(f'CREATE DATABASE "{configuration["NAME"]}" TEMPLATE "{name}"')

    yield restore
    databases.administer(f'DROP DATABASE "{name}" WITH (FORCE)')


def wrong(**given: Any) -> list[tuple[str, str]]:
    return [(each.id, each.place) for each in check_journal(**given).findings if each.wrong]


def test_a_restored_older_copy_is_recognised_and_nothing_is_added_to_it(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    checkpoints.sign()
    with backup(committed_database) as restore:
        step(2, "case/1")
        step(3, "case/1")
        held = checkpoints.sign()
        restore()
        assert wrong() == [("R205", "last")]
        assert wrong(notes=[held]) == [("R205", "held 1"), ("R205", "last")]
        (said,) = (str(each) for each in check_journal().findings if each.wrong)
        assert "entries 2 to 3 are gone" in said and "older copy was restored" in said
        with pytest.raises(OlderCopy, match="older copy was restored"):
            step(4, "case/1")
        with pytest.raises(OlderCopy):
            checkpoints.sign()
        assert Entry.objects.count() == 2


def test_a_record_goes_on_from_an_older_copy_once_it_says_so(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    checkpoints.sign()
    with backup(committed_database) as restore:
        step(2, "case/1")
        held = checkpoints.sign()
        restore()
        n = Record(DjangoStorage()).restored(keys.signer(), reason="the disk failed", at=timezone.now())
        step(3, "case/1")
        checkpoints.sign()
        findings = check_journal(notes=[held]).findings
        assert [(each.id, each.place) for each in findings] == [
            ("R301", f"entry {n}"),
            ("R302", "held 1"),
            ("R212", "held 1"),  # it went with what it signed
        ]


def test_what_was_lost_under_an_earlier_key_stays_with_that_key(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    checkpoints.sign()
    with backup(committed_database) as restore:
        for reason in ("the disk failed", "the next one, too"):
            step(2, "case/1")
            checkpoints.sign()
            restore()
            Record(DjangoStorage()).restored(keys.signer(), reason=reason, at=timezone.now())
        assert len(keys.signer().lost) == 2
        keys.hand_over(reason="every year")
        assert keys.signer().lost == () and list(settings.SITE.keys.glob("record.key.lost.until-*"))
        with pytest.raises(RecordProblem, match="no older copy"):
            Record(DjangoStorage()).restored(keys.signer(), reason="none", at=timezone.now())


def test_an_older_copy_that_was_continued_elsewhere_is_found_as_well(committed_database: dict[str, Any]) -> None:
    """By somebody who put the key's memory aside, and made the record longer than it had been."""
    step(1, "case/1")
    checkpoints.sign()
    with backup(committed_database) as restore:
        step(2, "case/1")
        held = checkpoints.sign()
        memory = settings.SITE.keys / "record.key.last"
        aside = memory.rename(memory.with_suffix(".aside"))
        restore()
        for number in range(4):
            step(number, "case/1")
        checkpoints.sign()
        assert wrong() == [] and wrong(notes=[held]) == [("R204", "held 1")]
        aside.replace(memory)
        assert wrong() == [("R204", "last")]
        with pytest.raises(OlderCopy):
            checkpoints.sign()


def test_the_first_start_makes_a_key_and_never_another(committed_database: dict[str, Any]) -> None:
    path = settings.SITE.keys / "record.key"
    path.unlink()
    with pytest.raises(KeyProblem, match="no key here"):
        step(1, "case/1")
    keys.prepare()
    made = path.read_bytes()
    keys.prepare()
    assert path.read_bytes() == made and path.stat().st_mode & 0o077 == 0
    step(1, "case/1")
    path.unlink()
    keys.prepare()
    assert not path.exists(), "a lost key is not replaced unasked"
    step(2, "case/1")  # entries need no key
    with pytest.raises(KeyProblem, match="no key here"):
        checkpoints.sign()


def test_two_first_starts_at_once_make_one_key(committed_database: dict[str, Any]) -> None:
    """Each looked before the other had made it."""
    path = settings.SITE.keys / "record.key"
    path.unlink()
    with connection.execute_wrapper(lambda execute, *given: (make_another(path), execute(*given))[1]):
        keys.prepare()
    assert keys.signer().verifier.name == "first.example/record"


def make_another(path: Path) -> None:
    if not path.exists():
        create_key(path, "first.example/record")


def test_a_key_is_handed_over_and_who_trusts_the_first_follows(committed_database: dict[str, Any]) -> None:
    first = keys.signer().verifier
    build()  # which hands over
    assert keys.signer().verifier != first
    assert check_journal(trusted=[first]).findings == []
    data = list(export(DjangoStorage()))
    assert check_bundle(data, trusted=[first]).findings == []


@pytest.mark.parametrize("cut_short", ["before it was recorded", "before the files were moved"])
def test_a_hand_over_that_was_cut_short_is_finished_by_trying_again(
    committed_database: dict[str, Any], monkeypatch: pytest.MonkeyPatch, cut_short: str
) -> None:
    step(1, "case/1")
    checkpoints.sign()
    first = keys.signer().verifier
    with monkeypatch.context() as patched:
        where, name = (Record, "rotate") if cut_short == "before it was recorded" else (Path, "rename")

        def stop(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        patched.setattr(where, name, stop)
        with pytest.raises(KeyboardInterrupt):
            keys.hand_over(reason="planned")
    made = keys.hand_over(reason="planned")
    assert keys.signer().verifier == made != first
    checkpoints.sign()
    audit = check_journal(trusted=[first])
    assert audit.findings == [] and len(audit.keys) == 2


def test_a_lost_key_is_replaced_and_everybody_who_checks_is_told(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    checkpoints.sign()
    first = keys.signer().verifier
    (settings.SITE.keys / "record.key").unlink()
    with pytest.raises(KeyProblem):
        keys.hand_over(reason="planned")
    keys.replace_lost(reason="the disk failed")
    checkpoints.sign()
    assert wrong(trusted=[first]) == [("R304", "key 2")]
    assert wrong() == []


def test_a_key_of_another_record_signs_nothing(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    (settings.SITE.keys / "record.key").unlink()
    create_key(settings.SITE.keys / "record.key", "other.example/record")
    with pytest.raises(OtherKey):
        checkpoints.sign()
    assert [each for each, _ in wrong()] == ["R303"]


def test_an_office_may_keep_its_record_by_the_commercial_algorithms(committed_database: dict[str, Any]) -> None:
    (settings.SITE.keys / "record.key").unlink()
    create_key(settings.SITE.keys / "record.key", "office.example/record", suite=SUITES["sm3-sm2"])
    notes = build()
    assert check_journal(notes=notes).findings == []
    assert check_bundle(export(DjangoStorage()), trusted=[keys.signer().verifier], notes=notes).findings == []
    assert {key.verifier.suite.name for key in check_journal().keys} == {"sm3-sm2"}


def test_a_sealed_key_opens_with_the_passphrase_alone(
    committed_database: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    (settings.SITE.keys / "record.key").unlink()
    monkeypatch.setenv("WENZE_RECORD_PASSPHRASE", "correct horse")
    keys.prepare()
    step(1, "case/1")
    assert read_checkpoint(checkpoints.sign()).size == 2
    monkeypatch.setenv("WENZE_RECORD_PASSPHRASE", "wrong")
    with pytest.raises(KeyProblem, match="passphrase"):
        checkpoints.sign()
    monkeypatch.delenv("WENZE_RECORD_PASSPHRASE")
    with pytest.raises(KeyProblem, match="passphrase"):
        checkpoints.sign()
    assert check_journal().findings == [], "checking needs no passphrase"


def test_a_damaged_memory_stops_the_record_with_a_sentence(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    checkpoints.sign()
    (settings.SITE.keys / "record.key.last").write_text("not a note")
    assert wrong() == [("R201", "last")]
    with pytest.raises(RecordProblem, match="cannot be read"), transaction.atomic():
        record("case.moved", about=["case/1"], by="office", data=None)
