"""The docket as one Parquet file of packed planes: a row a group, a binary column a fact, never a boolean a fact and act.

The value of a fact is two bit planes one behind the other, in 64-bit words, least bit first: where it is proven, and where it is proven or
disproven. A bit is a row of the table the fact stands in, in the order of `wenze.docket.arrows`. Such a row is what Spark hands on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from wenze.docket.columns import planes_of, words_of
from wenze.docket.groups import Batch, Group, Rulings
from wenze.docket.tables import TABLES, Facts, rows_of, schema_of
from wenze.docket.whole import broken

FILE = "planes.parquet"
FILES = (FILE,)
_LISTED = {"acts": ("case", "act"), "participations": ("respondent", "rank", "order"), "events": ("event",)}
_NUMBER = ("group", pa.int32())
_OF_GROUP = (
    ("participants", pa.int32()),
    ("events", pa.int32()),
    ("acts", pa.int32()),
    ("rulings", pa.string()),  # JSON
    ("entangled", pa.bool_()),
)


def packed_schema(facts: Facts) -> pa.Schema:
    """The columns of a row: what the group is, the numbers of its rows, `pair`, and every fact."""
    fields = [pa.field(name, kind) for name, kind in (_NUMBER, *_OF_GROUP)]
    for table in TABLES:
        schema = schema_of(table, facts)
        fields += [pa.field(name, pa.list_(schema.field(name).type)) for name in _LISTED[table]]
    fields.append(pa.field("pair", pa.binary()))
    return pa.schema(fields + [pa.field(name, pa.binary()) for table in TABLES for name in facts[table]])


def packed_row(batch: Batch, facts: Facts) -> pa.RecordBatch:
    """A group as one row."""
    group = batch.group
    values: dict[str, object] = {"group": batch.number} | {name: getattr(group, name) for name, _ in _OF_GROUP}
    values["rulings"] = json.dumps(group.rulings, ensure_ascii=False)
    for table in TABLES:
        rows = batch.tables[table]
        values |= {name: rows.column(name) for name in _LISTED[table]}
        flags = (*facts[table], *(("pair",) if table == "participations" else ()))
        values |= {name: _packed(rows.column(name)) for name in flags}
    schema = packed_schema(facts)
    return pa.RecordBatch.from_arrays([_column(values[one.name], one.type) for one in schema], schema=schema)


def _column(value: object, kind: pa.DataType) -> pa.Array:
    if isinstance(value, pa.Array):
        return pa.ListArray.from_arrays(pa.array([0, len(value)], pa.int32()), value, type=kind)
    return pa.array([value], kind)


def _packed(column: pa.Array) -> bytes:
    true, false = planes_of(column, 0, len(column))
    return np.concatenate([true, true | false]).tobytes()


def unpacked_row(row: pa.RecordBatch, facts: Facts) -> Batch:
    """The group of a batch of one row. ValueError where the row is not one of these facts."""
    said = {name: row.column(name)[0].as_py() for name, _ in (_NUMBER, *_OF_GROUP)}
    rulings: Rulings = tuple((reading, option, since) for reading, option, since in json.loads(said["rulings"]))
    group = Group(said["participants"], said["events"], said["acts"], rulings, said["entangled"])
    wanted = rows_of(group.shape, group.acts)
    keys = {name: row.column(name)[0].values for name in _LISTED["acts"]}
    found = {}
    for table in TABLES:
        slots = wanted[table] // group.acts if group.acts else 0
        columns = []
        for field in schema_of(table, facts):
            if field.name in keys:
                columns.append(_tiled(keys[field.name], slots, field.type))
            elif field.name in _LISTED[table]:
                columns.append(row.column(field.name)[0].values.cast(field.type))
            else:
                columns.append(_flags(row, field.name, wanted[table]))
        found[table] = pa.RecordBatch.from_arrays(columns, schema=schema_of(table, facts))
    return Batch(said["group"], group, found)


def _tiled(column: pa.Array, times: int, kind: pa.DataType) -> pa.Array:
    return pa.concat_arrays([column.cast(kind)] * times) if times else pa.nulls(0, kind)


def _flags(row: pa.RecordBatch, name: str, rows: int) -> pa.Array:
    """The planes of a fact as a nullable boolean column, without a copy; a fact without a column is not established."""
    index = row.schema.get_field_index(name)
    if index < 0:
        return pa.nulls(rows, pa.bool_())
    both, half = row.column(index)[0].as_buffer(), 8 * words_of(rows)
    if both is None or both.size != 2 * half:
        raise ValueError(f"{name}: {0 if both is None else both.size} bytes where {2 * half} belong")
    return pa.Array.from_buffers(pa.bool_(), rows, [both.slice(half, half), both.slice(0, half)])


class ParquetSink:
    """Takes groups one after another."""

    def __init__(self, folder: Path, facts: Facts, said: Mapping[str, str]) -> None:
        self._facts = facts
        self._writer = pq.ParquetWriter(
            folder / FILE,
            packed_schema(facts).with_metadata(said),
            compression="zstd",
            use_dictionary=False,
            write_statistics=False,
            write_page_checksum=True,
        )

    def write(self, batch: Batch) -> None:
        row = packed_row(batch, self._facts)
        self._writer.write_batch(row, row_group_size=1)

    def close(self) -> None:
        self._writer.close()


class ParquetSource:
    """Gives the rows of groups, unpacked."""

    def __init__(self, folder: Path, facts: Facts, groups: int) -> None:
        self._path = folder / FILE
        self._facts = facts
        try:
            self._file = pq.ParquetFile(self._path, memory_map=True, page_checksum_verification=True)
        except (pa.ArrowException, OSError) as error:
            raise broken(self._path, "不是 Parquet 文件 · is no Parquet file") from error
        if self._file.num_row_groups != groups:
            raise broken(self._path, "与 docket.json 不符 · does not agree with docket.json")

    def rows(self, number: int) -> Mapping[str, pa.RecordBatch]:
        try:
            row = self._file.read_row_group(number).combine_chunks().to_batches()[0]
            return unpacked_row(row, self._facts).tables
        except (pa.ArrowException, OSError, ValueError, KeyError) as error:
            raise broken(self._path, f"读不出来 · cannot be read ({error})") from error
