"""A docket on disk: a folder with the rows, and the page that says what they are. Whole or not there; read where it lies.

Rows lie in groups: acts of one shape, side by side, of one instrument in one version, under the same rulings. How they lie is a storage:
"arrow", which is computed on as it lies, or "parquet", which is smaller and which other engines read.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import NamedTuple, Protocol

import pyarrow as pa
import pyarrow.compute as pc

from wenze.docket import arrows, planes
from wenze.docket.groups import Batch, Group
from wenze.docket.page import PAGE, Page
from wenze.docket.tables import TABLES, Facts, Tables, rows_of
from wenze.docket.whole import DocketError, broken, seal, whole_folder
from wenze.law import Law


class _Sink(Protocol):
    def write(self, batch: Batch) -> None: ...
    def close(self) -> None: ...


class _Source(Protocol):
    def rows(self, number: int) -> Mapping[str, pa.RecordBatch]: ...


class _Storage(NamedTuple):
    """A way for rows to lie on disk."""

    files: tuple[str, ...]
    sink: Callable[[Path, Facts, Mapping[str, str]], _Sink]
    source: Callable[[Path, Facts, int], _Source]


STORAGES = {
    "arrow": _Storage(arrows.FILES, arrows.ArrowSink, arrows.ArrowSource),
    "parquet": _Storage(planes.FILES, planes.ParquetSink, planes.ParquetSource),
}


class Writer(AbstractContextManager["Writer"]):
    """Writes a docket beside its place and moves it there when it is whole. Use it as a context."""

    def __init__(self, folder: Path, law: Law, storage: str = "arrow") -> None:
        self.folder = folder
        self.tables = Tables(law)
        self._page = Page.of_law(str(folder), law, storage)
        self._groups: list[Group] = []

    def __enter__(self) -> Writer:
        self._writing = self._written()
        return self._writing.__enter__()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._writing.__exit__(kind, error, trace)

    def write(self, group: Group, tables: Mapping[str, pa.RecordBatch]) -> None:
        wanted = rows_of(group.shape, group.acts)
        for name in TABLES:
            if tables[name].num_rows != wanted[name]:
                raise AssertionError(f"{name}: {tables[name].num_rows} rows where {wanted[name]} belong")
        self._sink.write(Batch(len(self._groups), group, tables))
        self._groups.append(group)

    @contextmanager
    def _written(self) -> Iterator[Writer]:
        storage = STORAGES[self._page.storage]
        with whole_folder(self.folder) as beside:
            self._sink = storage.sink(beside, self._page.facts, self._page.instrument)
            try:
                yield self
            finally:
                self._sink.close()
            seals = {name: seal(beside / name) for name in storage.files}
            page = replace(self._page, groups=tuple(self._groups), seals=seals)
            (beside / PAGE).write_text(page.text(), encoding="utf-8")


class Docket:
    """A docket as it lies on disk. Opening checks that it is whole; `verify` reads every byte."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.page = _page(folder)
        self.groups = self.page.groups
        if self.page.storage not in STORAGES or set(self.page.seals) != set(STORAGES[self.page.storage].files):
            raise broken(folder / PAGE, "内容不完整 · is incomplete")
        for name, sealed in self.page.seals.items():
            path = folder / name
            found = path.stat().st_size if path.is_file() else -1
            if found < 0:
                raise broken(path, "缺失 · is missing")
            if found != sealed["bytes"]:
                said = f"应有 {sealed['bytes']} 字节,实有 {found} · has {found} bytes where {sealed['bytes']} belong"
                raise broken(path, said)

    @cached_property
    def _source(self) -> _Source:
        return STORAGES[self.page.storage].source(self.folder, self.page.facts, len(self.groups))

    def verify(self) -> None:
        """Every byte is the one that was written. DocketError otherwise."""
        for name, sealed in self.page.seals.items():
            if seal(self.folder / name) != sealed:
                raise broken(self.folder / name, "有字节被改动 · has changed bytes")

    def batches(self) -> Iterator[Batch]:
        for number in range(len(self.groups)):
            yield self.batch(number)

    def batch(self, number: int) -> Batch:
        group, rows = self.groups[number], self._source.rows(number)
        wanted = rows_of(group.shape, group.acts)
        if any(rows[name].num_rows != wanted[name] for name in TABLES):
            raise broken(self.folder, f"第 {number + 1} 组行数不符 · group {number + 1} has another number of rows")
        return Batch(number, group, rows)

    def cases(self) -> int:
        """How many cases it has. Their acts may lie in several groups, so all their numbers are in memory, as Arrow keeps them."""
        columns = [batch.tables["acts"].column("case") for batch in self.batches()]
        return int(pc.count_distinct(pa.chunked_array(columns, pa.string())).as_py())

    @property
    def acts(self) -> int:
        return self.page.acts

    @property
    def participations(self) -> int:
        return self.page.participations

    @property
    def instrument(self) -> Mapping[str, str]:
        return self.page.instrument


def _page(folder: Path) -> Page:
    path = folder / PAGE
    if not path.is_file():
        raise DocketError(f"{folder}: 不是案卷(没有 {PAGE})· is no docket: it has no {PAGE}")
    try:
        return Page.read(str(folder), path.read_text("utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise broken(path, "读不出来 · cannot be read") from error
