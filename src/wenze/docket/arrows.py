"""The docket as three Arrow files, read where they lie: a record batch a group, a nullable boolean column a fact.

Rows of `participations` and `events` are sorted by their place in the act first (all first participants, then all second ones), so that a
fact of the second participant is one stretch of a column.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pyarrow as pa

from wenze.docket.groups import Batch
from wenze.docket.tables import TABLES, Facts, schema_of
from wenze.docket.whole import broken

FILES = tuple(f"{name}.arrow" for name in TABLES)


class ArrowSink:
    """Takes groups one after another."""

    def __init__(self, folder: Path, facts: Facts, said: Mapping[str, str]) -> None:
        self._files = {name: pa.OSFile(str(folder / f"{name}.arrow"), "wb") for name in TABLES}
        self._writers = {
            name: pa.ipc.new_file(file, schema_of(name, facts).with_metadata(said))
            for name, file in self._files.items()
        }

    def write(self, batch: Batch) -> None:
        for name in TABLES:
            self._writers[name].write_batch(batch.tables[name])

    def close(self) -> None:
        for name in TABLES:
            self._writers[name].close()
            self._files[name].close()


class ArrowSource:
    """Gives the rows of groups without a copy."""

    def __init__(self, folder: Path, facts: Facts, groups: int) -> None:
        self._folder = folder
        self._readers: dict[str, Any] = {}  # Any: pyarrow has no types
        for name in TABLES:
            path = folder / f"{name}.arrow"
            try:
                self._readers[name] = pa.ipc.open_file(pa.memory_map(str(path)))
            except (pa.ArrowException, OSError) as error:
                raise broken(path, "不是 Arrow 文件 · is no Arrow file") from error
            if self._readers[name].num_record_batches != groups:
                raise broken(path, "与 docket.json 不符 · does not agree with docket.json")

    def rows(self, number: int) -> dict[str, pa.RecordBatch]:
        found = {}
        for name, reader in self._readers.items():
            try:
                found[name] = reader.get_batch(number)
            except (pa.ArrowException, OSError) as error:
                raise broken(self._folder / f"{name}.arrow", "读不出来 · cannot be read") from error
        return found
