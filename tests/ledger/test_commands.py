"""The commands do what a person at a keyboard needs: from a key to a record that two parties watch over."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner, Result

from ledger.world import ORIGIN
from wenze.cli.record import register
from wenze.ledger import Record, SqliteStorage

ALONE = ("--database", "data/record.sqlite")


@pytest.fixture(autouse=True)
def in_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "data").mkdir()
    monkeypatch.chdir(tmp_path)


def wenze(*arguments: str, code: int = 0) -> Result:
    app = typer.Typer()
    register(app)
    result = CliRunner().invoke(app, [*arguments])
    assert result.exit_code == code, result.output
    return result


def test_from_a_key_to_a_record_that_two_parties_watch_over() -> None:
    key = wenze("record", "key", "office.key", ORIGIN).stdout.splitlines()[0]
    seal = wenze("record", "key", "witness.key", "superior.example/w", "--witness").stdout.splitlines()[0]
    wenze("record", "begin", *ALONE, "--key", "office.key")
    Record(SqliteStorage(Path("data/record.sqlite"))).append_all(["one", "two"])
    wenze("checkpoint", *ALONE, "--key", "office.key", "--out", "sent.txt", "--qr", "sent.svg")
    assert "<svg" in Path("sent.svg").read_text()
    assert "█" in wenze("checkpoint", *ALONE, "--key", "office.key", "--qr", "-").stdout
    wenze("witness", "begin", "witness.json", key)
    size = wenze("witness", "size", "witness.json").stdout.strip()
    wenze("record", "request", *ALONE, "--checkpoint", "sent.txt", "--old", size, "--out", "request.txt")
    wenze("witness", "sign", "witness.json", "request.txt", "--key", "witness.key", "--out", "back.txt")
    wenze("record", "cosigned", "back.txt", *ALONE)
    Path("trusted.txt").write_text(f"{key}\n{seal}\n")
    wenze("record", "export", "out.jsonl", *ALONE, "--without-payloads")
    for path in ("data/record.sqlite", "out.jsonl"):
        said = wenze("verify", path, "--checkpoint", "back.txt", "--trust", "trusted.txt", "--lang", "en").stdout
        assert f"{ORIGIN}: 3 entries, guarded up to 3" in said and said.endswith("wrong: 0\n")
    assert wenze("record", "prove", "1", *ALONE, "--checkpoint", "back.txt").stdout.startswith("c2sp.org/tlog-proof")
    wenze("record", "page", "--out", "check.html")
    assert Path("check.html").read_text(encoding="utf-8").startswith("<!doctype html>")


def test_a_flipped_byte_is_named_and_the_exit_says_so() -> None:
    wenze("record", "key", "office.key", ORIGIN)
    wenze("record", "begin", *ALONE, "--key", "office.key")
    wenze("checkpoint", *ALONE, "--key", "office.key")
    wenze("record", "export", "out.jsonl", *ALONE)
    data = Path("out.jsonl").read_bytes()
    Path("out.jsonl").write_bytes(data.replace(b"opened", b"opeNed"))
    assert "R002 第3行" in wenze("verify", "out.jsonl", code=1).stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ("verify", "missing"),
        ("verify", "office.key", "--trust", "a+b+c"),
        ("checkpoint", "--database", "missing", "--key", "office.key"),
        ("checkpoint", *ALONE),
        ("record", "key", "office.key", ORIGIN),
        ("record", "key", "new.key", "two words"),
        ("record", "key", "new.key", ORIGIN, "--suite", "rot13"),
        ("record", "begin", *ALONE, "--key", "data/office.key"),
        ("record", "begin", *ALONE, "--key", "missing.key"),
        ("record", "rotate", "--reason", "why", *ALONE),
        ("record", "export", "out", "--about", "case/1", *ALONE),
        ("witness", "size", "missing"),
        ("witness", "begin", "office.key", "no key"),
    ],
)
def test_what_cannot_be_done_is_said_in_one_line(arguments: tuple[str, ...]) -> None:
    wenze("record", "key", "office.key", ORIGIN)
    Path("data/office.key").write_bytes(Path("office.key").read_bytes())
    before = sorted(Path().rglob("*"))
    said = wenze(*arguments, code=2)
    assert said.stderr.strip() and "Traceback" not in said.output
    assert sorted(Path().rglob("*")) == before
