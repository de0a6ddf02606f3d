"""The commands of the record: `wenze verify | checkpoint | witness | record …`. Reads files and the clock.

`register(app)` puts them into the program. Findings that are wrong exit 1; wrong usage and refusals exit 2.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, NoReturn

import segno
import typer

from wenze.ledger import (
    SUITES,
    Audit,
    KeyProblem,
    NoteError,
    Record,
    RecordProblem,
    Refused,
    SqliteStorage,
    Verifier,
    Witness,
    check_path,
    create_key,
    export,
    load_key,
    new_witness,
    open_record,
    read_request,
    read_verifier,
    refuse_inside,
    request,
    verifying_page,
)

record_app = typer.Typer(no_args_is_help=True, help="记录 · the record: begin, export, keys, the page that checks it")
witness_app = typer.Typer(no_args_is_help=True, help="见证 · watch over somebody's record")

Database = Annotated[Path, typer.Argument(metavar="DATABASE", help="记录的数据库文件 · the file of a record")]
KeyFile = Annotated[Path, typer.Option("--key", help="私钥文件 · the file of the private key")]
Passphrase = Annotated[
    str | None, typer.Option(envvar="WENZE_PASSPHRASE", help="私钥的口令 · of a sealed key", show_default=False)
]
Out = Annotated[
    Path | None, typer.Option("--out", help="写入文件 · into a file instead of the screen", show_default=False)
]
State = Annotated[
    Path, typer.Argument(metavar="STATE", help="见证方所记的文件 · the file in which a witness keeps what it saw")
]


def register(app: typer.Typer) -> None:
    """Puts the commands into the program."""
    app.command("verify")(verify_command)
    app.command("checkpoint")(checkpoint_command)
    app.add_typer(witness_app, name="witness")
    app.add_typer(record_app, name="record")


def verify_command(
    path: Annotated[Path, typer.Argument(metavar="FILE", help="数据库或导出文件 · a database or an exported file")],
    checkpoint: Annotated[
        list[Path] | None,
        typer.Option("--checkpoint", help="手中的检查点 · a checkpoint you hold, repeatable", show_default=False),
    ] = None,
    trust: Annotated[
        list[str] | None,
        typer.Option(
            "--trust", help="所信任的公钥 · a public key you trust, or a file of them, repeatable", show_default=False
        ),
    ] = None,
    lang: Annotated[str, typer.Option("--lang", help="zh | en")] = "zh",
) -> None:
    """核对一份记录 · Check a record: everything that is wrong, and where."""
    with _refusals():
        if lang not in {"zh", "en"}:
            _refuse(f"--lang {lang}: zh | en")
        trusted = [key for given in trust or [] for key in _keys(given)]
        audit = check_path(path, trusted=trusted, notes=[_text(each) for each in checkpoint or []])
    print(_report(audit, lang))
    raise typer.Exit(1 if any(each.wrong for each in audit.findings) else 0)


def checkpoint_command(
    database: Database,
    key: KeyFile,
    passphrase: Passphrase = None,
    out: Out = None,
    qr: Annotated[
        Path | None, typer.Option("--qr", help="另存为二维码 .svg · also as a QR code", show_default=False)
    ] = None,
) -> None:
    """签发检查点 · Sign how the record stands now; give it to others."""
    with _refusals():
        note = _record(database).checkpoint(load_key(key, passphrase))
        if qr:
            segno.make(note, error="m", micro=False, encoding="utf-8").save(str(qr), kind="svg", scale=4)
        _give(note, out)


@record_app.command("key")
def key_command(
    path: Annotated[Path, typer.Argument(help="新密钥文件 · where the new key goes; not among the data")],
    name: Annotated[str, typer.Argument(help="记录或见证方的名称 · whose: office.example/record")],
    suite: Annotated[str, typer.Option("--suite", help=" | ".join(SUITES))] = next(iter(SUITES)),
    witness: Annotated[bool, typer.Option("--witness", help="见证方的密钥 · for a witness")] = False,
    passphrase: Passphrase = None,
) -> None:
    """生成密钥 · Make a key; prints the public one."""
    with _refusals():
        if suite not in SUITES:
            _refuse(f"--suite {suite}: {' | '.join(SUITES)}")
        verifier = create_key(path, name, suite=SUITES[suite], witness=witness, passphrase=passphrase).verifier
        print(f"{verifier}\n{verifier.fingerprint}")


@record_app.command("begin")
def begin_command(database: Database, key: KeyFile, passphrase: Passphrase = None) -> None:
    """开始一份记录 · Begin a record."""
    with _refusals():
        refuse_inside(key, database.parent)
        signer = load_key(key, passphrase)
        print(open_record(SqliteStorage(database), signer, at=_now()).head().text, end="")


@record_app.command("rotate")
def rotate_command(
    database: Database,
    new: Annotated[str, typer.Argument(metavar="PUBLIC-KEY", help="新公钥 · the line of the new public key")],
    reason: Annotated[str, typer.Option("--reason", help="缘由 · why")],
    key: Annotated[
        Path | None, typer.Option("--key", help="原私钥；遗失则不填 · the key until now; none if lost")
    ] = None,
    passphrase: Passphrase = None,
) -> None:
    """更换密钥 · Hand over to another key, recorded."""
    with _refusals():
        old = load_key(key, passphrase) if key else None
        print(_record(database).rotate(read_verifier(new), old=old, reason=reason, at=_now()))


@record_app.command("restored")
def restored_command(
    database: Database,
    key: KeyFile,
    reason: Annotated[str, typer.Option("--reason", help="缘由 · why")],
    passphrase: Passphrase = None,
) -> None:
    """记载已从副本恢复 · Record that this continues an older copy."""
    with _refusals():
        print(_record(database).restored(load_key(key, passphrase), reason=reason, at=_now()))


@record_app.command("export")
def export_command(
    database: Database,
    out: Annotated[Path, typer.Argument(help="导出文件 · the file to write")],
    sealed: Annotated[bool, typer.Option("--without-payloads", help="不含正文 · prove all, show nothing")] = False,
) -> None:
    """导出整份记录 · The whole record as one file, for the page or another machine."""
    with _refusals(), open(out, "xb") as file:
        file.writelines(export(_record(database).storage, shown=lambda n: not sealed))


@record_app.command("page")
def page_command(out: Out = None) -> None:
    """离线核对网页 · The page that checks an exported record, offline."""
    with _refusals():
        _give(verifying_page(), out)


@record_app.command("prove")
def prove_command(
    database: Database,
    n: Annotated[int, typer.Argument(metavar="ENTRY", help="条目编号 · number of the entry")],
    checkpoint: Annotated[Path, typer.Option("--checkpoint", help="检查点 · the checkpoint to prove against")],
    out: Out = None,
) -> None:
    """条目的证明 · The proof that an entry is in a checkpoint (tlog-proof)."""
    with _refusals():
        _give(_record(database).prove(n, _text(checkpoint)), out)


@record_app.command("request")
def request_command(
    database: Database,
    checkpoint: Annotated[Path, typer.Option("--checkpoint", help="待见证的检查点 · the checkpoint to be witnessed")],
    old: Annotated[int, typer.Option("--old", help="见证方上次所见条数 · how many entries the witness saw last")] = 0,
    out: Out = None,
) -> None:
    """致见证方的请求 · What to send to a witness."""
    with _refusals():
        _give(str(request(_record(database), _text(checkpoint), old)), out)


@record_app.command("cosigned")
def cosigned_command(
    database: Database, checkpoint: Annotated[Path, typer.Argument(help="见证后的检查点 · as it came back")]
) -> None:
    """保存见证 · Keep a checkpoint that came back from a witness."""
    with _refusals():
        _record(database).cosigned(_text(checkpoint))


@witness_app.command("begin")
def witness_begin_command(
    state: State,
    key: Annotated[str, typer.Argument(metavar="PUBLIC-KEY", help="记录的公钥 · the line of the record's public key")],
) -> None:
    """开始见证一份记录 · Begin to watch over a record."""
    with _refusals():
        new_witness(state, read_verifier(key))


@witness_app.command("size")
def witness_size_command(state: State) -> None:
    """上次所见条数 · How many entries were seen last: the `--old` of the next request."""
    with _refusals():
        print(Witness(state).size)


@witness_app.command("sign")
def witness_sign_command(
    state: State,
    asked: Annotated[Path, typer.Argument(metavar="REQUEST", help="请求文件 · the request")],
    key: KeyFile,
    passphrase: Passphrase = None,
    out: Out = None,
) -> None:
    """见证 · Sign a checkpoint if it continues what was seen."""
    with _refusals():
        signer = load_key(key, passphrase)
        _give(Witness(state).cosign(read_request(_text(asked)), signer, now=int(time.time())), out)


@witness_app.command("follow")
def witness_follow_command(
    state: State,
    key: Annotated[str, typer.Argument(metavar="PUBLIC-KEY", help="新公钥 · the line of the record's new key")],
) -> None:
    """接受新密钥 · Accept a new key of the record, once its fingerprint was compared."""
    with _refusals():
        Witness(state).follow_key(read_verifier(key))


# What the commands share


@contextmanager
def _refusals() -> Iterator[None]:
    try:
        yield
    except (RecordProblem, Refused, KeyProblem, NoteError, LookupError, ValueError, OSError) as error:
        _refuse(str(error))


def _refuse(message: str) -> NoReturn:
    print(message, file=sys.stderr)
    raise typer.Exit(2)


def _report(audit: Audit, lang: str) -> str:
    wrong = sum(each.wrong for each in audit.findings)
    lines = [each.in_(lang) for each in audit.findings]
    root = audit.root.hex() if audit.root else "–"
    if lang == "zh":
        lines += [
            f"{audit.origin or '–'}：{audit.size} 条，检查点保护到前 {audit.checked} 条，根 {root}",
            f"不对之处：{wrong}",
        ]
    else:
        lines += [
            f"{audit.origin or '–'}: {audit.size} entries, guarded up to {audit.checked}, root {root}",
            f"wrong: {wrong}",
        ]
    return "\n".join(lines)


def _record(database: Path) -> Record:
    if not database.is_file():
        _refuse(f"{database}: no such file")
    return Record(SqliteStorage(database))


def _keys(given: str) -> list[Verifier]:
    """A key's line, or a file with one a line."""
    text = _text(Path(given)) if "+" not in given else given
    return [read_verifier(line) for line in text.splitlines() if line.strip()]


def _text(path: Path) -> str:
    return path.read_bytes().decode("utf-8")


def _give(text: str, out: Path | None) -> None:
    if out is None:
        sys.stdout.write(text)
    else:
        out.write_bytes(text.encode())


def _now() -> datetime:
    return datetime.now(UTC)
