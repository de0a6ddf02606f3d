"""Promise 12: every step is recorded in the same transaction, and what was recorded stays, or its change is found."""

from typing import Any

import pytest
from django.conf import settings
from django.db import IntegrityError, connection, transaction

from web.journal.world import build, step
from wenze.ledger import check_bundle, check_proof
from wenze.web.journal import checkpoints, guards, keys
from wenze.web.journal.check import check_journal
from wenze.web.journal.reader import excerpt, history, proof
from wenze.web.journal.storage import DjangoStorage
from wenze.web.journal.writer import erase, record


def test_what_cannot_be_recorded_does_not_happen(committed_database: dict[str, Any]) -> None:
    """A step and its entry stand or fall together."""
    from wenze.web.offices.models import Unit

    with pytest.raises(ValueError), transaction.atomic():
        Unit.objects.create(code="u", name="某单位", kind="department", level="county")
        record("unit.made", about=["unit/u"], by="office", data={"not": {"JSON"}})
    assert not Unit.objects.exists() and not history("unit/u")


def test_whoever_holds_an_earlier_checkpoint_finds_any_change_before_it(committed_database: dict[str, Any]) -> None:
    """Also one whose author owns database and key, and makes every hash and signature fit again."""
    step(1, "case/1")
    step(2, "case/1")
    held = checkpoints.sign()
    trusted = [keys.signer().verifier]
    forger = DjangoStorage()
    with transaction.atomic():
        guards.take_down(connection)
        opened = forger.row(0)
        with connection.cursor() as cursor:
            for table in reversed(guards.TABLES):
                cursor.execute(f"DELETE FROM {table}")
        forger.add(opened)
    guards.put(connection)
    (settings.SITE.keys / "record.key.last").unlink()
    step(7, "case/1")  # instead of 1
    step(2, "case/1")
    checkpoints.sign()
    assert check_journal(trusted=trusted).findings == [], "the forgery fits in itself"
    found = check_journal(trusted=trusted, notes=[held]).findings
    assert [(each.id, each.place) for each in found if each.wrong] == [("R204", "held 1")]


def test_the_tables_refuse_update_delete_and_truncate(committed_database: dict[str, Any]) -> None:
    build()
    for table in guards.TABLES:
        statements = [f"DELETE FROM {table}", f"UPDATE {table} SET {'ends' if 'node' in table else 'n'} = 7"]
        if connection.vendor == "postgresql":
            statements.append(f"TRUNCATE {table} CASCADE")
        for statement in statements:
            with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                cursor.execute(statement)


def test_personal_data_is_erased_lawfully_and_every_proof_given_before_holds(
    committed_database: dict[str, Any],
) -> None:
    n = step(1, "case/1")
    checkpoints.sign()
    given, bundle = proof(n), list(excerpt("case/1"))
    with transaction.atomic():
        assert erase("case/1", basis="档案保管期限届满", by="staff/9") == [n]
    checkpoints.sign()
    trusted = [keys.signer().verifier]
    assert given is not None and check_proof(given, DjangoStorage().row(n).leaf, trusted)
    assert check_bundle(bundle, trusted=trusted).findings == []
    assert check_journal().findings == []
    assert "某单位不作为".encode() not in b"".join(excerpt("case/1"))
