"""Files and folders that are there when they are whole: written beside their place, moved there at the end, sealed with a checksum.

What a run that was killed left beside a place is removed by the next one that writes there.
"""

from __future__ import annotations

import os
import shutil
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class DocketError(ValueError):
    """What is wrong with a docket and what to do, in Chinese and English."""


def broken(path: Path | str, said: str) -> DocketError:
    """The error of a part that is not as it was written."""
    return DocketError(f"{path}: {said}\n  请从备份取回,或者重新 build · take it from a copy, or build it again")


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """Where to write a file; it takes the place of `path` when the block ends well, and is gone when it does not.

    DocketError where there is no folder for it, or a folder in its place.
    """
    if not path.parent.is_dir():
        raise DocketError(f"{path}: 没有目录 {path.parent} · there is no folder {path.parent}")
    if path.is_dir():
        raise DocketError(f"{path}: 是目录,请写文件名 · is a folder; name a file")
    beside = _beside(path)
    try:
        yield beside
        os.replace(beside, path)
    finally:
        beside.unlink(missing_ok=True)


@contextmanager
def whole_folder(folder: Path) -> Iterator[Path]:
    """The same for a new folder. DocketError where there is something already."""
    refuse_taken(folder)
    beside = _beside(folder)
    beside.mkdir(parents=True)
    try:
        yield beside
        os.replace(beside, folder)
    finally:
        shutil.rmtree(beside, ignore_errors=True)


def refuse_taken(path: Path) -> None:
    """DocketError where there is something already."""
    if path.exists():
        raise DocketError(f"{path}: 已经存在,请换一个名字 · exists already; choose another name")


@contextmanager
def passing_file(path: Path, mark: str) -> Iterator[Path]:
    """Where to write what is needed only while `path` is made: beside it, gone when the block ends, however it ends."""
    beside = _beside(path, mark)
    try:
        yield beside
    finally:
        beside.unlink(missing_ok=True)


def seal(path: Path) -> dict[str, int]:
    """How long a file is, and a checksum of its bytes."""
    checksum = 0
    with path.open("rb") as file:
        while chunk := file.read(1 << 22):
            checksum = zlib.crc32(chunk, checksum)
    return {"bytes": path.stat().st_size, "crc32": checksum}


def _beside(path: Path, mark: str = "") -> Path:
    """A name of this process; what a process that is no more left for the same place, under whatever mark, is removed."""
    start = f".{path.name}.partial-"
    own = path.with_name(f"{start}{os.getpid()}{mark}")
    if path.parent.is_dir():
        for left in path.parent.iterdir():
            number = left.name.removeprefix(start).partition(".")[0]
            is_left = left.name.startswith(start) and number.isdecimal() and not _running(int(number))
            if is_left or left.name == own.name:
                shutil.rmtree(left) if left.is_dir() else left.unlink()
    return own


def _running(process: int) -> bool:
    if os.name == "nt":  # where asking by a signal would end it
        return True
    try:
        os.kill(process, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True
