"""On Spark, on two threads of this machine: what comes out is what comes out here."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from docket.held import DAY
from docket.rows import states, tiny
from wenze.docket import Docket, DocketError, Engine, Group, Writer
from wenze.docket.outcome import results_rows, results_schema
from wenze.docket.tally import no_tally, tally

if shutil.which("java") is None:
    pytest.skip("needs Java 17", allow_module_level=True)
pytest.importorskip("pyspark", reason="needs the extra spark")

from wenze.docket.spark import SparkDocket, session

GROUPS = (
    Group(1, 0, 700),
    Group(2, 0, 65, (("急", "严", "2020-01-01"),)),
    Group(3, 1, 3),
    Group(1, 0, 5, entangled=True),  # of the same cases as the next one
    Group(2, 0, 7, entangled=True),
)


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("JAVA_TOOL_OPTIONS", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")  # half the start
        with session("local[2]") as found:
            yield found


@pytest.fixture(scope="module")
def docket(tmp_path_factory: pytest.TempPathFactory) -> Docket:
    folder = tmp_path_factory.mktemp("问责 spark") / "archive"
    with Writer(folder, tiny(), "parquet") as writer:
        for number, group in enumerate(GROUPS):
            rows = states(tiny(), group.acts, group.participants, number, group.events)
            if number == len(GROUPS) - 1:  # the second act of its case
                rows = {
                    name: one.set_column(1, "act", pa.array([1] * one.num_rows, pa.int32()))
                    for name, one in rows.items()
                }
            writer.write(group, rows)
    return Docket(folder)


@pytest.mark.parametrize("chosen", [{}, {"急": "严"}])
def test_as_many_records_have_each_state_as_here(spark: Any, docket: Docket, chosen: dict[str, str]) -> None:
    engine = Engine(tiny(), DAY, chosen, docket=docket)
    here = sum((tally(engine, engine.determine(batch)) for batch in docket.batches()), no_tally(engine.targets))
    there, worked = SparkDocket.at(spark, str(docket.folder)).tally(engine)
    assert np.array_equal(there, here) and there.any(axis=0).sum() == 5  # nothing is not applicable there
    assert (worked.abreast, worked.single) == (engine.worked.abreast, engine.worked.single)
    assert min(worked.abreast, worked.single) > 0


def test_what_is_said_of_every_record_is_what_is_said_here(spark: Any, docket: Docket, tmp_path: Path) -> None:
    engine, out = Engine(tiny(), DAY, docket=docket), tmp_path / "结果 out"
    SparkDocket.at(spark, f"file://{docket.folder}").write(engine, str(out))  # as it is read from another machine
    schema = results_schema(engine)
    here = [results_rows(engine.determine(batch), schema, engine) for batch in docket.batches()]
    there = pq.read_table(out)
    assert there.schema.names == schema.names and tiny().rules_digest in str(there.schema.metadata)
    assert rows_of(there) == rows_of(pa.Table.from_batches(here, schema))


def rows_of(table: pa.Table) -> list[tuple[object, ...]]:
    return sorted((tuple(row.values()) for row in table.to_pylist()), key=str)


def test_what_is_no_docket_for_spark_gives_one_clear_error(spark: Any, docket: Docket, tmp_path: Path) -> None:
    engine = Engine(tiny(), DAY)
    with Writer(tmp_path / "arrow", tiny()) as writer:
        writer.write(GROUPS[0], states(tiny(), 700, 1, 1))
    with pytest.raises(DocketError, match="--storage parquet"):
        SparkDocket.at(spark, str(tmp_path / "arrow"))
    with pytest.raises(DocketError, match="is no docket"):
        SparkDocket.at(spark, str(tmp_path))
    with pytest.raises(DocketError, match="Spark could not do it"):
        SparkDocket.at(spark, f"file://{tmp_path / 'nowhere'}")
    with pytest.raises(DocketError, match="Spark could not do it"):
        SparkDocket.at(spark, str(docket.folder)).write(engine, str(tmp_path / "arrow"))

    harmed = tmp_path / "harmed"
    shutil.copytree(docket.folder, harmed)
    raw = bytearray((harmed / "planes.parquet").read_bytes())
    raw[200] ^= 1
    (harmed / "planes.parquet").write_bytes(raw)
    with pytest.raises(DocketError, match="changed bytes"):
        SparkDocket.at(spark, str(harmed))
    with pytest.raises(DocketError, match="Spark could not do it"):  # where only Spark can read it
        SparkDocket.at(spark, f"file://{harmed}").tally(engine)

    with Writer(tmp_path / "less", tiny(), "parquet") as writer:
        writer.write(GROUPS[0], states(tiny(), 700, 1, 1))
    shutil.copy(tmp_path / "less" / "planes.parquet", harmed)
    with pytest.raises(DocketError, match="does not agree"):
        SparkDocket.at(spark, f"file://{harmed}").tally(engine)
