"""Why cases are set aside, however many reasons there are: the first on the error stream, all of them in a file, and where most are."""

from __future__ import annotations

import csv
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO

SHOWN = 20  # on the error stream
_MOST_WRITTEN = 1_048_575  # below the headings, so that a spreadsheet shows them all
_MOST_PLACES = 1_000  # that are counted
_NAMED = 5
_HEADINGS = ("来源 source", "表 sheet", "行 row", "列 column", "理由 reason")

Reason = tuple[str, str, int, str, str]  # from which file; its sheet, row and column, where it is a table; why


@contextmanager
def reasons(asked: Path | None, docket: Path) -> Iterator[Reasons]:
    """Takes reasons and tells them. They are written where asked, or beside the docket when they are more than are shown.

    Also where no case was good and there is no docket; not where the run was interrupted.
    """
    if asked and (asked.is_dir() or not asked.parent.is_dir()):
        raise ValueError(
            f"--bad {asked}: 写不进去,请写文件名 · cannot be written; name a file in a folder that is there"
        )
    with ExitStack() as files:
        path = asked or docket.with_name(f"{docket.name}.bad.csv")
        found = Reasons(path, lambda: files.enter_context(_begun(asked, docket)))
        try:
            yield found
        except Exception:
            found.finish(bool(asked))
            raise
        found.finish(bool(asked))


@contextmanager
def _begun(asked: Path | None, docket: Path) -> Iterator[TextIO]:
    """What becomes the file, beside its place. Unless asked for it goes with the docket, so that what is left of both is removed together."""
    from wenze.docket.whole import passing_file

    with passing_file(asked or docket, ".bad") as beside, beside.open("w", encoding="utf-8-sig", newline="") as file:
        yield file


class Reasons:
    """Why cases were set aside. `count`: how many reasons there were."""

    def __init__(self, path: Path, begun: Callable[[], TextIO]) -> None:
        self.count = 0
        self._path, self._begun = path, begun
        self._first: list[Reason] = []
        self._places = Counter[tuple[str, str]]()
        self._file: TextIO | None = None
        self._writer: Any = None  # Any: csv's writers have no public type

    def tell(self, source: str, said: str) -> None:
        """Something that is wrong with a case or file."""
        self._take((source, "", 0, "", said), said)

    def tell_cell(self, source: str, place: tuple[str, int, str], reason: str) -> None:
        """Something that is wrong with a cell: its sheet, row and column, and why."""
        sheet, row, column = place
        if (sheet, column) in self._places or len(self._places) < _MOST_PLACES:
            self._places[sheet, column] += 1
        self._take((source, *place, reason), f"{source} {sheet} {row} {column}: {reason}")

    def _take(self, reason: Reason, line: str) -> None:
        self.count += 1
        if self.count <= SHOWN:
            print(line, file=sys.stderr)
            self._first.append(reason)
            return
        if self._writer is None:
            self._begin()
        if self.count <= _MOST_WRITTEN:
            self._writer.writerow(map(_harmless, reason))

    def _begin(self) -> None:
        self._file = self._begun()
        self._writer = csv.writer(self._file)
        self._writer.writerows((_HEADINGS, *(map(_harmless, reason) for reason in self._first)))

    def finish(self, is_asked: bool) -> None:
        """Puts the file in its place where one is due, and says where the reasons are."""
        if self._file is None and is_asked:
            self._begin()
        if self._file is None:
            return
        self._file.close()
        os.replace(self._file.name, self._path)
        for line in self._summary() if self.count > SHOWN else ():
            print(line, file=sys.stderr)

    def _summary(self) -> Iterator[str]:
        yield f"共 {self.count:,} 处,以上为前 {SHOWN} 处 · {self.count:,} in all; the first {SHOWN} are above"
        if self._places:
            most = "、".join(
                f"{sheet} {column} {number:,}" for (sheet, column), number in self._places.most_common(_NAMED)
            )
            yield f"最多的列 · columns with most: {most}"
        written = (
            f"前 {_MOST_WRITTEN:,} 处见 · the first {_MOST_WRITTEN:,}"
            if self.count > _MOST_WRITTEN
            else "全部见 · all of them"
        )
        yield f"{written}: {self._path}"


def _harmless(cell: object) -> object:
    """What no spreadsheet takes for a formula, whatever stood in the table."""
    return f"'{cell}" if str(cell).startswith(("=", "+", "-", "@")) else cell
