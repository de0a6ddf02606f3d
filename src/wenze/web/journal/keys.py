"""The key that signs the office's record: where it lies, how it begins, how it is replaced.

Outside the data, in `settings.SITE.keys`, and beside it the last checkpoint it signed.
"""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.utils import timezone

from wenze import ledger
from wenze.ledger import (
    SUITES,
    Record,
    Signer,
    Suite,
    Verifier,
    create_key,
    last_path,
    load_key,
    lost_path,
    read_public,
    refuse_inside,
)
from wenze.web.journal.storage import DjangoStorage

_NAMELESS = "wenze.invalid/record"  # RFC 2606: of an office that has no address yet


def signer() -> Signer:
    """KeyProblem where there is no key, or it cannot be used; its message says what to do."""
    return _load(_path())


def public() -> Verifier | None:
    """The key's public half, readable without the passphrase. None where there is no key here, as at an auditor's."""
    return read_public(_path()) if _path().is_file() else None


def last_signed() -> str | None:
    """The last checkpoint this key signed, as it is remembered outside the data."""
    return ledger.last_signed(_path())


def prepare() -> None:
    """For the first start: makes the key where there is neither key nor record. A lost key is never replaced here."""
    if not _path().is_file() and DjangoStorage().size() == 0:
        name = f"{settings.SITE.hosts[0]}/record" if settings.SITE.hosts else _NAMELESS
        with suppress(FileExistsError):  # another process starts for the first time as well
            _make(_path(), name, next(iter(SUITES.values())))


def hand_over(*, reason: str) -> Verifier:
    """Makes another key and records that it signs from here on, endorsed by the one until now. Can be tried again.

    KeyProblem where that one is lost or cannot be used: `replace_lost`.
    """
    return _replace(signer() if _recorded_already() is None else None, reason)


def replace_lost(*, reason: str) -> Verifier:
    """The same without the key until now, which nothing endorses then: everybody who checks is told."""
    return _replace(None, reason)


def _replace(old: Signer | None, reason: str) -> Verifier:
    record, coming = Record(DjangoStorage()), _path().with_name("record-next.key")
    if not coming.is_file():
        _make(coming, record.origin, record.suite)
    new = _load(coming)
    if new.verifier != _recorded_already():
        record.rotate(new.verifier, old=old, reason=reason, at=timezone.now())
    start = max(record.keys())
    for path in (
        last_path(_path()),
        lost_path(_path()),
        _path(),
    ):  # kept: it tells who looks back what was signed, and by whom
        if path.is_file():
            path.rename(path.with_name(f"{path.name}.until-{start}"))
    coming.rename(_path())
    return new.verifier


def _recorded_already() -> Verifier | None:
    """The key that was recorded as the next when a hand-over was cut short before the files were moved."""
    coming = _path().with_name("record-next.key")
    if not coming.is_file():
        return None
    new = read_public(coming)
    return new if new == list(Record(DjangoStorage()).keys().values())[-1] else None


def _path() -> Path:
    keys: Path = settings.SITE.keys
    return keys / "record.key"


def _load(path: Path) -> Signer:
    refuse_inside(path, settings.SITE.data)
    return load_key(path, _passphrase())


def _make(path: Path, name: str, suite: Suite) -> None:
    refuse_inside(path, settings.SITE.data)
    create_key(path, name, suite=suite, passphrase=_passphrase())


def _passphrase() -> str | None:
    return os.environ.get("WENZE_RECORD_PASSPHRASE") or None
