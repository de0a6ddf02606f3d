"""The commands of the record: `wenze verify | checkpoint | witness | record …`. Reads files and the clock.

Without `--database FILE` they are about the office's own record, in the database that DATABASE_URL names; Django is
loaded only then. `register(app)` puts them into the program. Findings that are wrong exit 1; wrong usage and refusals
exit 2.
"""

from __future__ import annotations

import sqlite3
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Annotated, NoReturn

import segno
import typer

from wenze.cli.office import office
from wenze.ledger import (
    SUITES,
    Audit,
    KeyProblem,
    NoteError,
    Record,
    RecordProblem,
    Refused,
    Signer,
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

Alone = Annotated[
    Path | None,
    typer.Option(
        "--database",
        help="独立的记录文件；不填则为本机构的数据库 · the file of a record that stands alone; without it, the office's own",
        show_default=False,
    ),
]
File = Annotated[Path, typer.Option("--database", help="独立的记录文件 · the file of a record that stands alone")]
OfficeKey = Annotated[
    Path | None,
    typer.Option(
        "--key", help="私钥文件；本机构的不必填 · the private key; not needed for the office's own", show_default=False
    ),
]
KeyFile = Annotated[Path, typer.Option("--key", help="私钥文件 · the file of the private key")]
Passphrase = Annotated[
    str | None, typer.Option(envvar="WENZE_RECORD_PASSPHRASE", help="私钥的口令 · of a sealed key", show_default=False)
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
    path: Annotated[
        Path | None,
        typer.Argument(
            metavar="[FILE]",
            help="导出文件或独立的记录；不填则为本机构的数据库 · an exported file or a record that stands alone; without it, the office's own",
            show_default=False,
        ),
    ] = None,
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
        notes = [_text(each) for each in checkpoint or []]
        if path is None:
            with office():
                from wenze.web.journal.check import check_journal

                audit = check_journal(trusted=trusted, notes=notes)
        else:
            _refuse_database_of_office(path)
            audit = check_path(path, trusted=trusted, notes=notes)
    print(_report(audit, lang))
    raise typer.Exit(1 if any(each.wrong for each in audit.findings) else 0)


def checkpoint_command(
    database: Alone = None,
    key: OfficeKey = None,
    passphrase: Passphrase = None,
    out: Out = None,
    qr: Annotated[
        Path | None,
        typer.Option(
            "--qr", help="另存为二维码 .svg 或 .png；- 为屏幕 · also as a QR code; - for the screen", show_default=False
        ),
    ] = None,
) -> None:
    """签发检查点 · Sign how the record stands now; give it to others."""
    with _kept(database, key, passphrase) as kept:
        note = kept.record.checkpoint(kept.signer())
        _give(note, out)
        if qr:
            _give_as_qr(note, qr)


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
def begin_command(database: File, key: KeyFile, passphrase: Passphrase = None) -> None:
    """开始一份独立的记录 · Begin a record that stands alone; the office's own begins by itself."""
    with _refusals():
        refuse_inside(key, database.parent)
        signer = load_key(key, passphrase)
        print(open_record(SqliteStorage(database), signer, at=_now()).head().text, end="")


@record_app.command("rotate")
def rotate_command(
    reason: Annotated[str, typer.Option("--reason", help="缘由 · why")],
    new: Annotated[
        str | None,
        typer.Argument(
            metavar="[PUBLIC-KEY]",
            help="独立记录的新公钥 · of a record that stands alone: the new public key",
            show_default=False,
        ),
    ] = None,
    database: Alone = None,
    key: Annotated[
        Path | None,
        typer.Option(
            "--key", help="独立记录的原私钥 · of a record that stands alone: the key until now", show_default=False
        ),
    ] = None,
    lost: Annotated[bool, typer.Option("--lost", help="原私钥已遗失 · the key until now is lost")] = False,
    passphrase: Passphrase = None,
) -> None:
    """更换密钥 · Hand over to another key, recorded."""
    if database is None:
        _rotate_own(reason, lost)
        return
    if new is None or lost is (key is not None):
        _refuse("--database: PUBLIC-KEY, --key OLD | --lost")
    with _kept(database, key, passphrase) as kept:
        old = None if lost else kept.signer()
        print(kept.record.rotate(read_verifier(new), old=old, reason=reason, at=_now()))


def _rotate_own(reason: str, lost: bool) -> None:
    with _refusals(), office():
        from wenze.web.journal import checkpoints, keys

        made = (keys.replace_lost if lost else keys.hand_over)(reason=reason)
        checkpoints.sign()
        print(f"{made}\n{made.fingerprint}")


@record_app.command("restored")
def restored_command(
    reason: Annotated[str, typer.Option("--reason", help="缘由 · why")],
    database: Alone = None,
    key: OfficeKey = None,
    passphrase: Passphrase = None,
) -> None:
    """记载已从副本恢复 · Record that this continues an older copy."""
    with _kept(database, key, passphrase) as kept:
        print(kept.record.restored(kept.signer(), reason=reason, at=_now()))


@record_app.command("export")
def export_command(
    out: Annotated[Path, typer.Argument(help="导出文件 · the file to write")],
    database: Alone = None,
    about: Annotated[
        str | None,
        typer.Option(
            "--about", help="只含其正文：case/17 · with the payloads about one thing only", show_default=False
        ),
    ] = None,
    sealed: Annotated[bool, typer.Option("--without-payloads", help="不含正文 · prove all, show nothing")] = False,
) -> None:
    """导出记录 · The record as one file, for the page or another machine."""
    if about is not None and (database is not None or sealed):
        _refuse("--about: 只用于本机构的记录 · for the office's own record, and shows payloads")
    with _kept(database) as kept, open(out, "xb") as file:
        if about is None:
            file.writelines(export(kept.record.storage, shown=lambda n: not sealed))
        else:
            from wenze.web.journal.reader import excerpt

            file.writelines(excerpt(about))


@record_app.command("page")
def page_command(out: Out = None) -> None:
    """离线核对网页 · The page that checks an exported record, offline."""
    with _refusals():
        _give(verifying_page(), out)


@record_app.command("prove")
def prove_command(
    n: Annotated[int, typer.Argument(metavar="ENTRY", help="条目编号 · number of the entry")],
    checkpoint: Annotated[Path, typer.Option("--checkpoint", help="检查点 · the checkpoint to prove against")],
    database: Alone = None,
    out: Out = None,
) -> None:
    """条目的证明 · The proof that an entry is in a checkpoint (tlog-proof)."""
    with _kept(database) as kept:
        _give(kept.record.prove(n, _text(checkpoint)), out)


@record_app.command("request")
def request_command(
    checkpoint: Annotated[Path, typer.Option("--checkpoint", help="待见证的检查点 · the checkpoint to be witnessed")],
    database: Alone = None,
    old: Annotated[int, typer.Option("--old", help="见证方上次所见条数 · how many entries the witness saw last")] = 0,
    out: Out = None,
) -> None:
    """致见证方的请求 · What to send to a witness."""
    with _kept(database) as kept:
        _give(str(request(kept.record, _text(checkpoint), old)), out)


@record_app.command("cosigned")
def cosigned_command(
    checkpoint: Annotated[Path, typer.Argument(help="见证后的检查点 · as it came back")], database: Alone = None
) -> None:
    """保存见证 · Keep a checkpoint that came back from a witness."""
    with _kept(database) as kept:
        kept.record.cosigned(_text(checkpoint))


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


@dataclass(frozen=True)
class _Kept:
    """A record where it is kept, and the key that signs it, read when it is needed."""

    record: Record
    signer: Callable[[], Signer]


@contextmanager
def _kept(database: Path | None, key: Path | None = None, passphrase: str | None = None) -> Iterator[_Kept]:
    with _refusals():
        if database is None:
            with office():
                from wenze.web.journal.keys import signer
                from wenze.web.journal.storage import DjangoStorage

                yield _Kept(Record(DjangoStorage()), (lambda: load_key(key, passphrase)) if key else signer)
        elif not database.is_file():
            _refuse(f"{database}: 没有这个文件 · no such file")
        else:
            yield _Kept(Record(SqliteStorage(database)), partial(_given, key, passphrase))


def _given(key: Path | None, passphrase: str | None) -> Signer:
    if key is None:
        _refuse("--key: 请给出私钥文件 · name the file of the private key")
    return load_key(key, passphrase)


def _refuse_database_of_office(path: Path) -> None:
    """Which holds more than a record, and is read by its own program."""
    with (
        suppress(sqlite3.DatabaseError),
        closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db,
    ):
        if db.execute("SELECT 1 FROM sqlite_schema WHERE name = 'journal_entry'").fetchone():
            _refuse(
                f"{path}: 这是机构的数据库，请这样核对 · this is the database of an office, which is checked by:"
                f" DATABASE_URL=sqlite://{path.resolve()} wenze verify"
            )


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


def _give_as_qr(note: str, out: Path) -> None:
    made = segno.make(note, error="m", micro=False, encoding="utf-8")
    if str(out) == "-":
        made.terminal(compact=True)
    else:
        made.save(str(out), kind=out.suffix.lstrip(".").lower() or "svg", scale=4)


def _now() -> datetime:
    return datetime.now(UTC)
