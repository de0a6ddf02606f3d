"""Files that must be whole: written beside their place, forced to the disk, then moved there. Knows no contents."""

from __future__ import annotations

import contextlib
import os
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path


def write_whole(path: Path, data: bytes, *, mode: int = 0o600) -> None:
    """The file holds `data` or what it held before, whatever happens. OSError."""
    handle, beside = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.chmod(beside, mode)
        os.replace(beside, path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(beside)
        raise
    _force(path.parent)


def write_new(path: Path, data: bytes) -> None:
    """A file that nobody else reads, and that was not there: FileExistsError otherwise."""
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    _force(path.parent)


@contextlib.contextmanager
def alone(path: Path) -> Iterator[None]:
    """Nobody else is within `alone` for the same path: a lock on a file beside it, which stays."""
    with open(path.with_name(f"{path.name}.lock"), "ab") as lock:
        if sys.platform == "win32":
            import msvcrt

            msvcrt.locking(lock.fileno(), msvcrt.LK_LOCK, 1)
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX)
        yield  # closing the file gives the lock back


def _force(folder: Path) -> None:
    """The name too must outlive a power cut; where folders cannot be opened (Windows), the system sees to it."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
