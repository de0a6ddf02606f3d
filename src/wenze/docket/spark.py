"""A docket too large for one machine, determined on Spark: rows of packed planes through `mapInArrow` to the same engine.

Knows Spark and no law. What a process of Spark needs to know is pickled once and kept there, and so is the code of each shape. A case whose
acts do not stand alone is determined together with its other acts: all such groups go to one task.
"""

from __future__ import annotations

import os
import pickle
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, replace
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from wenze.docket import planes
from wenze.docket.groups import Batch
from wenze.docket.outcome import results_rows, results_schema
from wenze.docket.page import PAGE, Page
from wenze.docket.planes import packed_schema, unpacked_row
from wenze.docket.results import Engine, Worked
from wenze.docket.storage import Docket
from wenze.docket.tables import Facts
from wenze.docket.tally import Tally, no_tally, tally
from wenze.docket.whole import DocketError, broken

LOCAL = "local[*]"
_TALLIED = "group int, tally array<bigint>, worked array<bigint>"

_Each = Callable[[Engine, Batch], pa.RecordBatch]


@contextmanager
def session(master: str | None = None) -> Iterator[SparkSession]:
    """A session: that of `spark-submit` where it started this program, else one on `master`, by default all cores of this machine.

    DocketError where Spark cannot start.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("wenze docket")
    if "PYSPARK_GATEWAY_PORT" not in os.environ:  # spark-submit sets it
        builder = builder.master(master or LOCAL)
        if (master or LOCAL).startswith("local"):  # nothing of it can be reached from another machine
            os.environ.setdefault("SPARK_LOCAL_IP", "127.0.0.1")
            builder = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.ui.enabled", "false")
        builder = builder.config("spark.ui.showConsoleProgress", str(sys.stderr.isatty()).lower())
    try:
        spark = builder.getOrCreate()
    except (PySparkException, Py4JError, OSError) as error:
        said = "需要 Java 17 · needs Java 17: apt-get install openjdk-17-jre-headless"
        raise DocketError(f"Spark 无法启动 · Spark cannot start: {_reason(error)}\n  {said}") from error
    spark.sparkContext.setLogLevel("ERROR")
    try:
        yield spark
    finally:
        spark.stop()


@dataclass(frozen=True)
class SparkDocket:
    """A docket of packed planes at an address that every machine of the cluster can read."""

    spark: SparkSession
    address: str
    page: Page

    @classmethod
    def at(cls, spark: SparkSession, address: str) -> SparkDocket:
        """DocketError where there is none, or one that is not whole. Of a folder of this machine every byte is checked."""
        found = _url(address)
        if "://" in address:
            with _told(f"{found}/{PAGE}"):
                page = Page.read(found, spark.read.text(f"{found}/{PAGE}", wholetext=True).collect()[0][0])
        else:
            docket = Docket(Path(address))
            docket.verify()
            page = docket.page
        if page.storage != "parquet":
            said = "Spark 只读 parquet 存储 · Spark reads the storage parquet only"
            raise DocketError(f"{address}: {said}: wenze docket convert {address} … --storage parquet")
        return cls(spark, found, page)

    def tally(self, engine: Engine) -> tuple[Tally, Worked]:
        """How many records have each state, and where the results came from. DocketError where not all of it could be read."""
        found, worked, seen = no_tally(engine.targets), Worked(), set()
        with _told(self.address):
            rows = self._mapped(engine, _tallied, _TALLIED).collect()
        for number, counts, more in rows:
            found += np.reshape(counts, found.shape)
            worked = Worked(*(one + other for one, other in zip(astuple(worked), more, strict=True)))
            seen.add(number)
        if seen != set(range(len(self.page.groups))):
            raise broken(f"{self.address}/{planes.FILE}", f"与 {PAGE} 不符 · does not agree with {PAGE}")
        return found, worked

    def write(self, engine: Engine, out: str) -> None:
        """The results, a row a participation in the columns of `wenze.docket.outcome`, as a new folder of Parquet files."""
        schema = from_arrow_schema(results_schema(engine))
        schema.fields[0].metadata = dict(self.page.instrument)
        with _told(out):
            self._mapped(engine, _results, schema).write.parquet(_url(out))

    def _mapped(self, engine: Engine, each: _Each, schema: str | StructType) -> DataFrame:
        for name, value in {
            "spark.sql.execution.arrow.maxRecordsPerBatch": 1,  # a row is a whole group
            "spark.sql.files.openCostInBytes": 1 << 16,  # a group is dear to determine, however small
            "spark.sql.files.minPartitionNum": 4 * self.spark.sparkContext.defaultParallelism,
        }.items():
            self.spark.conf.set(name, value)
        reader = self.spark.read.option("parquet.page.verify-checksum.enabled", "true")
        rows, task = reader.parquet(f"{self.address}/{planes.FILE}"), _task(engine, self.page.facts, each)
        if rows.columns != packed_schema(self.page.facts).names:
            raise broken(f"{self.address}/{planes.FILE}", f"与 {PAGE} 不符 · does not agree with {PAGE}")
        rows = rows.toDF(*(f"c{number}" if "." in name else name for number, name in enumerate(rows.columns)))
        alone = rows.where(~rows["entangled"]).mapInArrow(task, schema)
        if not any(group.entangled for group in self.page.groups):
            return alone
        return alone.union(rows.where(rows["entangled"]).coalesce(1).mapInArrow(task, schema))


# What runs in the processes of Spark


class _Together:
    """The groups of one task, where the other acts of a case are looked for."""

    def __init__(self, batches: list[Batch]) -> None:
        self._batches = batches

    def batches(self) -> Iterator[Batch]:
        return iter(self._batches)


def _task(engine: Engine, facts: Facts, each: _Each) -> Callable[[Iterable[pa.RecordBatch]], Iterator[pa.RecordBatch]]:
    known = pickle.dumps((engine.law, engine.on, dict(engine.chosen), engine.many))

    def task(rows: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        yield from _determined(known, facts, each, rows)

    return task


def _determined(known: bytes, facts: Facts, each: _Each, rows: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    engine, together, names = _engine(known), list[Batch](), packed_schema(facts).names
    for several in rows:
        several = several.rename_columns(names)  # Spark takes a dot in a name for a field within a column
        for number in range(several.num_rows):
            batch = unpacked_row(several.slice(number, 1), facts)
            if batch.group.entangled:
                together.append(batch)
            else:
                yield each(engine, batch)
    engine = replace(engine, docket=_Together(together))
    for batch in together:
        yield each(engine, batch)


@lru_cache(maxsize=2)
def _engine(known: bytes) -> Engine:
    """The engine of this process, with the code it has made so far."""
    law, on, chosen, many = pickle.loads(known)  # nosec B301 -- written by `_task`, which started this process
    return Engine(law, on, chosen, many=many)


def _tallied(engine: Engine, batch: Batch) -> pa.RecordBatch:
    before = astuple(engine.worked)
    counts = tally(engine, engine.determine(batch)).reshape(-1)
    worked = [after - earlier for after, earlier in zip(astuple(engine.worked), before, strict=True)]
    columns = ([batch.number], [counts.tolist()], [worked])
    kinds = (pa.int32(), pa.list_(pa.int64()), pa.list_(pa.int64()))
    arrays = [pa.array(column, kind) for column, kind in zip(columns, kinds, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, ["group", "tally", "worked"])


def _results(engine: Engine, batch: Batch) -> pa.RecordBatch:
    return results_rows(engine.determine(batch), results_schema(engine), engine)


# What is said of it


def _url(address: str) -> str:
    """An address without a scheme is a folder of this machine."""
    return address.rstrip("/") if "://" in address else f"file://{Path(address).resolve()}"


@contextmanager
def _told(address: str) -> Iterator[None]:
    """What Spark cannot do, in one sentence."""
    try:
        yield
    except (PySparkException, Py4JError) as error:
        raise DocketError(f"{address}: Spark 未能完成 · Spark could not do it: {_reason(error)}") from error


def _reason(error: Exception) -> str:
    """What a process of Spark said of a docket, else the first line of what Spark says."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    own = [line.partition("Error: ")[2] for line in lines if line.startswith(("ValueError: ", "wenze.docket."))]
    return (own or lines or [type(error).__name__])[0][:300]
