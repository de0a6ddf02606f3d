"""One file with everything an installation keeps, and back from it. Never the keys: they lie, and are kept, elsewhere.

A tar archive, a line of JSON first that names every part with its hash. SQLite is copied by its own backup, PostgreSQL by
`pg_dump`; files are stored under their hash and never change, so copying them after the database is enough.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import sqlite3
import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection, connections, transaction

from wenze import __version__
from wenze.ledger import Checkpoint, Record, read_checkpoint
from wenze.web.journal.keys import last_signed, signer
from wenze.web.journal.storage import DjangoStorage
from wenze.web.journal.writer import record

_FORMAT = "wenze-backup/1"
_MANIFEST, _FILES = "manifest.json", "files"
_DATABASE = {"sqlite": "database.sqlite3", "postgresql": "database.pgdump"}
_CHUNK = 2**20


class BackupProblem(RuntimeError):
    """What stands in the way of a backup or of restoring one; the message says what to do."""


def back_up(target: Path, *, at: datetime) -> dict[str, Any]:
    """Writes a new archive; gives its manifest. Others go on working meanwhile."""
    if target.exists():
        raise BackupProblem(f"{target}: 已经存在,请另写一个文件名 · exists already, name another file")
    if target.resolve().is_relative_to(settings.SITE.data.resolve()):
        raise BackupProblem(f"{target}: 备份不得放在数据目录中 · a backup does not go among the data it is to outlive")
    with tempfile.TemporaryDirectory(dir=target.resolve().parent, prefix=".wenze-backup-") as work:
        folder = Path(work)
        database = folder / _DATABASE[connection.vendor]
        _dump(database)
        parts = {database.name: database, **{f"{_FILES}/{name}": path for name, path in _kept_files()}}
        manifest = {
            "format": _FORMAT,
            "version": __version__,
            "at": at.isoformat(timespec="seconds"),
            "database": connection.vendor,
            "parts": {name: _digest(path) for name, path in sorted(parts.items())},
        }
        archive = folder / "archive"
        _pack(archive, manifest, parts)
        archive.chmod(0o600)
        os.replace(archive, target)
    return manifest


def restore(source: Path) -> dict[str, Any]:
    """Puts back what an archive holds, into an installation without data; gives its manifest.

    Everything is compared with its hash before anything is put in its place. BackupProblem: then nothing was changed.
    """
    _refuse_over_data()
    settings.SITE.data.mkdir(parents=True, exist_ok=True, mode=0o700)
    with tempfile.TemporaryDirectory(dir=settings.SITE.data, prefix=".wenze-restore-") as work:
        folder = Path(work)
        manifest = _unpack(source, folder)
        if manifest["database"] != connection.vendor:
            raise BackupProblem(
                f"{source}: 备份来自 {manifest['database']},这里是 {connection.vendor}"
                f" · the backup is of {manifest['database']}, this installation uses {connection.vendor}: set DATABASE_URL accordingly"
            )
        for part in manifest["parts"]:
            if part.startswith(f"{_FILES}/"):
                place = settings.SITE.data / part.removeprefix(f"{_FILES}/")
                place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                os.replace(folder / part, place)
        _load(folder / _DATABASE[connection.vendor])
    call_command("migrate", verbosity=0, interactive=False)
    return manifest


def note_restored(manifest: dict[str, Any], reason: str, *, at: datetime) -> None:
    """The record says that it goes on from a copy; where more had been signed since, so does the log itself."""
    record_ = Record(DjangoStorage())
    last = last_signed()
    if last is not None and not _continues(record_, read_checkpoint(last)):
        record_.restored(signer(), reason=reason, at=at)
    with transaction.atomic():
        record("data.restored", about=["office/backup"], by="office", data={"of": manifest["at"], "reason": reason})


def _continues(record_: Record, last: Checkpoint) -> bool:
    return last.size <= record_.head().size and record_.at(last.size) == last


# --- the database -----------------------------------------------------------------------------------------------------


def _dump(target: Path) -> None:
    if connection.vendor == "sqlite":
        with (
            closing(sqlite3.connect(settings.DATABASES["default"]["NAME"])) as here,
            closing(sqlite3.connect(target)) as there,
        ):
            here.backup(there)
        return
    _postgres("pg_dump", "--format=custom", f"--file={target}", "--no-owner", "--no-privileges")


def _load(dump: Path) -> None:
    connections.close_all()
    if connection.vendor == "sqlite":
        shutil.move(dump, settings.DATABASES["default"]["NAME"])
        return
    _postgres("pg_restore", "--exit-on-error", "--single-transaction", "--no-owner", str(dump), named=True)


def _postgres(program: str, *arguments: str, named: bool = False) -> None:
    """By PostgreSQL's own programs, from WENZE_PG_BIN or the path; the password through the environment, not the command."""
    found = shutil.which(program, path=os.environ.get("WENZE_PG_BIN") or None)
    if found is None:
        raise BackupProblem(
            f"找不到 {program}:请安装 PostgreSQL 客户端,或以 WENZE_PG_BIN 指明其目录"
            f" · {program} is missing: install PostgreSQL's client programs, or name their folder in WENZE_PG_BIN"
        )
    here = connections.settings["default"]
    said = {"PGHOST": here["HOST"], "PGPORT": here["PORT"], "PGUSER": here["USER"], "PGPASSWORD": here["PASSWORD"]}
    environment = os.environ | {name: str(value) for name, value in said.items() if value}
    where = ["--dbname", here["NAME"]]
    done = subprocess.run([found, *where, *arguments], env=environment, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BackupProblem(f"{program}: {done.stderr.strip()[-500:]}")


def _refuse_over_data() -> None:
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
    connection.close()
    files = [name for name, _ in _kept_files()]
    if tables or files:
        raise BackupProblem(
            "这里已经有数据。请先移走数据目录(或指定空的数据库和 WENZE_DATA),再恢复。"
            " · There are data here already. Move them away first, or name an empty database and another WENZE_DATA."
        )
    if connection.vendor == "sqlite":  # looking for tables made it
        Path(settings.DATABASES["default"]["NAME"]).unlink(missing_ok=True)


# --- the archive ------------------------------------------------------------------------------------------------------


def _kept_files() -> Iterator[tuple[str, Path]]:
    """Everything among the data that is not the database itself, by its name within."""
    data: Path = settings.SITE.data
    database = Path(settings.DATABASES["default"]["NAME"]).name if connection.vendor == "sqlite" else ""
    for path in sorted(data.rglob("*")) if data.is_dir() else ():
        name = path.relative_to(data)
        hidden = any(part.startswith(".") for part in name.parts)
        if path.is_file() and not hidden and not (database and path.name.startswith(database)):
            yield name.as_posix(), path


def _pack(archive: Path, manifest: dict[str, Any], parts: dict[str, Path]) -> None:
    with tarfile.open(archive, "w") as tar:
        text = json.dumps(manifest, ensure_ascii=False, indent=1).encode()
        head = tarfile.TarInfo(_MANIFEST)
        head.size = len(text)
        tar.addfile(head, io.BytesIO(text))
        for name, path in parts.items():
            tar.add(path, name, filter=_anonymous)


def _anonymous(member: tarfile.TarInfo) -> tarfile.TarInfo:
    member.uid = member.gid = 0
    member.uname = member.gname = ""
    member.mode = 0o600
    return member


def _unpack(source: Path, folder: Path) -> dict[str, Any]:
    """The manifest; every part lies in `folder` and is what the manifest says."""
    try:
        with tarfile.open(source, "r:") as tar:
            for member in tar:
                _take(tar, member, folder)
    except (tarfile.TarError, EOFError) as error:
        raise BackupProblem(f"{source}: 不是完整的备份 · not a whole backup ({error})") from error
    try:
        manifest: dict[str, Any] = json.loads((folder / _MANIFEST).read_bytes())
        if manifest["format"] != _FORMAT:
            raise ValueError(manifest["format"])
        wrong = [name for name, digest in manifest["parts"].items() if _digest(folder / name) != digest]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BackupProblem(f"{source}: 不是完整的备份 · not a whole backup of this program ({error})") from error
    if wrong:
        raise BackupProblem(f"{source}: 与备份时不同 · differs from what was backed up: {'、'.join(wrong[:5])}")
    return manifest


def _take(tar: tarfile.TarFile, member: tarfile.TarInfo, folder: Path) -> None:
    name = PurePosixPath(member.name)
    content = tar.extractfile(member) if member.isfile() else None
    if content is None or name.is_absolute() or ".." in name.parts:
        raise tarfile.TarError(f"{member.name}: no plain file within")
    place = folder / name
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with place.open("xb") as file:
        shutil.copyfileobj(content, file, _CHUNK)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
