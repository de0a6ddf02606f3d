"""Compiled laws kept on disk between runs, so that a program which determines one case need not compile the law for it.

Knows the form of what is kept and whose it may be, not where: whoever starts the program names the folder. Never needed: what is
missing, spoilt, out of date or anybody else's is passed over, what cannot be written is not kept, and the law is compiled as if there
were no folder. What makes a law is in its name (every byte of its files, this program, this Python), so nothing kept is ever stale.
"""

from __future__ import annotations

import hashlib
import io
import os
import pickle  # nosec B403: see _Reader
import stat
import sys
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import date
from functools import cached_property
from pathlib import Path
from tempfile import mkstemp

from wenze import __version__
from wenze.law import rules, steps
from wenze.law.instrument import Law

_FORM = "1"  # of a kept file: SHA-256 of the rest, then the pickled law
_SUFFIX = ".law"
_LARGEST = 64_000_000  # bytes; a law of a few hundred rules has half a million
_MOST = 32  # laws; the oldest give way


class Kept:
    """A folder of compiled laws, private to its user."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def find(self, files: Iterable[tuple[Path, str]]) -> Law | None:
        """The law that these files (each with the name it goes by) say together, if it was kept."""
        with suppress(OSError):
            digests = [(name, hashlib.sha256(path.read_bytes()).hexdigest()) for path, name in files]
            if _private(os.lstat(self._folder), stat.S_ISDIR):
                return _law_in(_bytes_of(self._folder / _name(digests)))
        return None

    def keep(self, law: Law) -> None:
        """Keep a law that compiled without problems, with all that is derived from it."""
        for name, derived in vars(Law).items():
            if isinstance(derived, cached_property):
                getattr(law, name)
        written = pickle.dumps(law, protocol=5)
        with suppress(OSError):
            self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if _private(os.lstat(self._folder), stat.S_ISDIR):
                self._write(_name((source.file, source.digest) for source in law.sources), written)
                self._tidy()

    def _write(self, name: str, written: bytes) -> None:
        """Whole or not at all, whoever else writes at the same time. Only this user can read it."""
        handle, path = mkstemp(dir=self._folder, suffix=_SUFFIX)
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(hashlib.sha256(written).digest() + written)
            os.replace(path, self._folder / name)
        except BaseException:  # Ctrl-C too: no half file stays
            os.unlink(path)
            raise

    def _tidy(self) -> None:
        """Let the oldest go, and what a killed program left behind."""
        by_age = sorted(self._folder.glob(f"*{_SUFFIX}"), key=lambda path: path.stat().st_mtime, reverse=True)
        for path in by_age[_MOST:]:
            path.unlink()


class _Reader(pickle.Unpickler):
    """Reads laws and nothing else: a pickle can name no function, and no type but the plain shapes a law is made of."""

    def find_class(self, module: str, name: str) -> type:
        found = {"Law": Law, "date": date}.get(name) or vars(steps if module == steps.__name__ else rules).get(name)
        if not isinstance(found, type) or found.__module__ != module:
            raise pickle.UnpicklingError(f"{module}.{name} is no part of a law")
        return found


def _law_in(kept: bytes) -> Law | None:
    digest, written = kept[:32], kept[32:]
    if hashlib.sha256(written).digest() != digest:
        return None
    try:
        law = _Reader(io.BytesIO(written)).load()
    except Exception:  # whatever a spoilt pickle raises: the law is compiled instead
        return None
    return law if isinstance(law, Law) else None


def _bytes_of(path: Path) -> bytes:
    """The bytes of a file of this user's own; OSError for a link, a pipe, or what others may write to."""
    plain = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0)
    with open(os.open(path, os.O_RDONLY | plain), "rb") as file:
        if not _private(os.fstat(file.fileno()), stat.S_ISREG):
            raise PermissionError(f"{path} is not this user's own")
        return file.read(_LARGEST)


def _private(status: os.stat_result, is_sort: Callable[[int], bool]) -> bool:
    """Whether it is of this sort and nobody else can have written there. Where there are no user ids, a user's folder is his own."""
    if not is_sort(status.st_mode):
        return False
    return not hasattr(os, "geteuid") or (status.st_uid == os.geteuid() and not status.st_mode & 0o022)


def _name(digests: Iterable[tuple[str, str]]) -> str:
    """The name of the law that files of these names and digests make, by this program under this Python."""
    made_by = [_FORM, __version__, sys.version, *_program()]
    said = "\n".join((*made_by, *(f"{name} {digest}" for name, digest in digests)))
    return hashlib.sha256(said.encode(errors="surrogateescape")).hexdigest() + _SUFFIX


def _program() -> list[str]:
    """The files that compile a law, so that a change of the program shows before its version does."""
    with os.scandir(Path(__file__).parent) as entries:
        stats = [(entry.name, entry.stat()) for entry in entries if entry.name.endswith(".py")]
    return [f"{name} {status.st_size} {status.st_mtime_ns}" for name, status in sorted(stats)]
