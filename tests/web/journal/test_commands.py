"""The commands over the office's own record, in processes of their own, on the database that DATABASE_URL names."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import typer
from django.db import connection
from typer.testing import CliRunner

import databases
from web.journal.world import build, step
from wenze.cli.record import register
from wenze.ledger import check_bundle, read_checkpoint, read_verifier
from wenze.web.journal import checkpoints, keys
from wenze.web.journal.check import check_journal

Wenze = Callable[..., str]


@pytest.fixture
def wenze(committed_database: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Wenze:
    monkeypatch.chdir(tmp_path)

    def run(*arguments: str, code: int = 0) -> str:
        app = typer.Typer()
        register(app)
        result = CliRunner().invoke(app, [*arguments])
        assert result.exit_code == code, result.output
        return result.output

    return run


def test_the_program_itself_works_on_the_database_that_is_named(committed_database: dict[str, Any]) -> None:
    step(1, "case/1")
    connection.close()
    for command in ("checkpoint", "verify"):
        done = subprocess.run(
            [sys.executable, "-m", "wenze", command],
            env=databases.environment(committed_database),
            capture_output=True,
            encoding="utf-8",
        )
        assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert "wenze.invalid/record：2 条，检查点保护到前 2 条" in done.stdout


def test_an_office_signs_checks_exports_and_hands_over(wenze: Wenze, tmp_path: Path) -> None:
    build()
    step(8, "case/1")
    wenze("checkpoint", "--out", "today.txt", "--qr", "today.svg")
    note = (tmp_path / "today.txt").read_text(encoding="utf-8")
    assert read_checkpoint(note).size == 14 and "<svg" in (tmp_path / "today.svg").read_text()
    said = wenze("verify", "--checkpoint", "today.txt", "--lang", "en")
    assert "wenze.invalid/record: 14 entries, guarded up to 14" in said and said.endswith("wrong: 0\n")
    wenze("record", "export", "case.jsonl", "--about", "case/2")
    trusted = [keys.signer().verifier]
    audit = check_bundle((tmp_path / "case.jsonl").read_bytes().splitlines(True), trusted=trusted, notes=[note])
    assert (audit.findings, audit.withheld) == ([], 5)
    assert "14" in wenze("verify", "case.jsonl", "--checkpoint", "today.txt")
    line, fingerprint = wenze("record", "rotate", "--reason", "planned").splitlines()
    assert read_verifier(line) == keys.signer().verifier != trusted[0]
    assert fingerprint == keys.signer().verifier.fingerprint
    assert wenze("verify", "--trust", str(trusted[0])).endswith("：0\n")


def test_a_change_is_named_with_its_place_and_the_exit_says_so(wenze: Wenze) -> None:
    build()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("DROP TRIGGER journal_filing_update")
        else:
            cursor.execute("ALTER TABLE journal_filing DISABLE TRIGGER USER")
        cursor.execute("UPDATE journal_filing SET about = 'case/9' WHERE n = 6")
    said = wenze("verify", "--lang", "en", code=1)
    assert (
        "R114 entry 6: the index does not fit the payload: it files this under case/9, the payload says case/2" in said
    )
    assert "R401" in said
    assert "R114 条目6：" in wenze("verify", code=1)


def test_a_witness_watches_over_an_office(wenze: Wenze) -> None:
    step(1, "case/1")
    key = str(keys.signer().verifier)
    wenze("checkpoint", "--out", "sent.txt")
    wenze("record", "key", "witness.key", "superior.example/w", "--witness")
    wenze("witness", "begin", "witness.json", key)
    wenze("record", "request", "--checkpoint", "sent.txt", "--out", "request.txt")
    wenze("witness", "sign", "witness.json", "request.txt", "--key", "witness.key", "--out", "back.txt")
    wenze("record", "cosigned", "back.txt")
    assert wenze("verify", "--checkpoint", "back.txt").endswith("：0\n")
    assert wenze("record", "prove", "1", "--checkpoint", "back.txt").startswith("c2sp.org/tlog-proof@v1")


def test_what_cannot_be_done_is_said_in_one_line(wenze: Wenze, tmp_path: Path) -> None:
    for arguments in (
        ("checkpoint",),  # no record yet
        ("record", "export", "out"),
        ("record", "restored", "--reason", "why"),
        ("record", "rotate", "--reason", "why"),
        ("verify", "--trust", "no key"),
        ("verify", "--checkpoint", "missing.txt"),
    ):
        said = wenze(*arguments, code=2)
        assert len(said.strip().splitlines()) == 1, said
        assert not (tmp_path / "out").exists()


def test_the_file_of_an_offices_database_is_not_taken_for_a_record(
    wenze: Wenze, committed_database: dict[str, Any]
) -> None:
    if connection.vendor == "sqlite":
        step(1, "case/1")
        assert "DATABASE_URL=sqlite:///" in wenze("verify", str(committed_database["NAME"]), code=2)


def test_an_empty_record_is_named_and_none_is_begun_by_looking(wenze: Wenze) -> None:
    assert "R111" in wenze("verify", code=1)
    step(1, "case/1")
    checkpoints.sign()
    assert check_journal().findings == []
