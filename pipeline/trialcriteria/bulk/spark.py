"""The same batches on Spark: it reads, shuffles and writes, and its executors are the workers.

Everything is read and written where Spark reads and writes (any file system it knows), into a new
folder. The program, its rules and its model have to be installed where the executors run.
"""

import io
import os
import sys
from collections.abc import Iterator
from functools import partial, reduce
from pathlib import PurePosixPath
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from py4j.protocol import Py4JError
from pyspark.errors import PySparkException
from pyspark.sql import DataFrame, SparkSession, Window
from pyspark.sql import functions as f
from pyspark.sql.pandas.types import from_arrow_schema
from pyspark.sql.types import StructType

from trialcriteria.bulk.batch import Setup, packed_rows, process
from trialcriteria.bulk.columns import STRING
from trialcriteria.bulk.items import Item, duplicate, item_of, unreadable
from trialcriteria.bulk.manifest import NAME, Input, Manifest, begun
from trialcriteria.bulk.rows import ErrorRow
from trialcriteria.bulk.sources import read_safely
from trialcriteria.bulk.spark_files import Files
from trialcriteria.bulk.tables import ERRORS, EXTRACTIONS, TABLES
from trialcriteria.errors import TrialCriteriaError
from trialcriteria.garbage import collect_rarely
from trialcriteria.read import BrokenRecord

ENGINE = "spark"
_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_STAGING = "_staging"
_SLICE = 32
_PARTITIONS_A_CORE = 4
_READ = pa.schema([(name, STRING) for name in (*Item._fields, "kind", "reason")]).set(
    3, pa.field("posting", pa.binary())
)
"""A record as read: an Item, or where ``kind`` says so a row of errors."""
_PACKED = pa.schema([("table", STRING), ("rows", pa.binary())])
"""Rows of a table as a record batch in bytes."""

Batches = Iterator[pa.RecordBatch]


def run_spark(inputs: list[str], output: str, setup: Setup, master: str | None) -> None:
    """Read the inputs (JSON lines by line, other files whole) and write the dataset.

    Raises TrialCriteriaError where Spark cannot start, read or write, or the output exists.
    """
    manifest = begun(setup, ENGINE)  # what is missing is found before Spark has started
    try:
        session = _session(master)
        try:
            _run(session, inputs, output.rstrip("/"), setup, manifest)
        finally:
            session.stop()
    except (PySparkException, Py4JError) as error:
        reason = " ".join(str(error).splitlines()[:2])
        raise TrialCriteriaError(f"Spark: {reason}") from error


def _session(master: str | None) -> SparkSession:
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    builder = SparkSession.builder.appName("trialcriteria")
    if master:
        builder = builder.master(master)
    if (master or "local").startswith("local"):
        builder = builder.config("spark.driver.host", "127.0.0.1")
        builder = builder.config("spark.driver.bindAddress", "127.0.0.1")
    session = builder.config("spark.ui.showConsoleProgress", sys.stderr.isatty()).getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    return session


def _run(
    session: SparkSession, inputs: list[str], output: str, setup: Setup, manifest: Manifest
) -> None:
    files = Files(session)
    if files.exists(output):
        raise TrialCriteriaError(f"{output}: exists; the Spark engine writes a new folder")
    items = partial(_items, identity=manifest.identity)
    read_ = (_contents(session, name).mapInArrow(items, _type(_READ)) for name in inputs)
    staging = f"{output}/{_STAGING}"
    found = _first_of_each_trial(reduce(DataFrame.unionByName, read_))
    cores = session.sparkContext.defaultParallelism
    spread = found.repartition(cores * _PARTITIONS_A_CORE)
    spread.mapInArrow(partial(_packed, setup=setup), _type(_PACKED)).write.parquet(staging)
    for table in setup.tables:
        rows = session.read.parquet(staging).where(f.col("table") == table.name)
        unpacked = rows.mapInArrow(partial(_unpacked, table=table.name), _type(table.schema))
        unpacked.write.option("compression", "zstd").parquet(f"{output}/{table.name}")
    files.remove(staging)
    counts = {
        table.name: session.read.parquet(f"{output}/{table.name}").count() for table in setup.tables
    }
    named = tuple(Input(name=name) for name in inputs)
    files.write(f"{output}/{NAME}", manifest.finished(named, counts).model_dump_json(indent=2))


def _type(schema: pa.Schema) -> StructType:
    return from_arrow_schema(schema)


def _contents(session: SparkSession, name: str) -> DataFrame:
    """Content and name: of each line where the input is JSON lines, else of each file."""
    if name.endswith(_LINES):
        lines = session.read.text(name).where("trim(value) != ''")
        return lines.select(f.col("value").cast("binary"), f.input_file_name().alias("path"))
    files = session.read.format("binaryFile").option("recursiveFileLookup", True).load(name)
    return files.select(f.col("content").alias("value"), "path")


def _items(batches: Batches, identity: str) -> Batches:
    """Contents to records as read."""
    for batch in batches:
        pairs = zip(batch.column("value"), batch.column("path"), strict=True)
        rows = [
            row for value, path in pairs for row in _read_one(value.as_py(), path.as_py(), identity)
        ]
        yield pa.RecordBatch.from_pylist(rows, _READ)


def _read_one(content: bytes, path: str, identity: str) -> Iterator[dict[str, Any]]:
    name = PurePosixPath(unquote(urlsplit(path).path)).name
    for record in read_safely(io.BufferedReader(io.BytesIO(content)), name):
        if isinstance(record, BrokenRecord):
            yield unreadable(record, path)._asdict()
        else:
            yield item_of(record, identity)._asdict()


def _first_of_each_trial(records: DataFrame) -> DataFrame:
    """The records, those of a trial met before marked as duplicates."""
    of_trial = Window.partitionBy("trial_id", "kind").orderBy("source", "key")
    again = (f.row_number().over(of_trial) > 1) & f.col("kind").isNull()
    return records.withColumn("kind", f.when(again, "duplicate").otherwise(f.col("kind")))


def _packed(batches: Batches, setup: Setup) -> Batches:
    """Records to rows of all tables."""
    collect_rarely()
    for batch in batches:
        for start in range(0, batch.num_rows, _SLICE):
            rows = batch.slice(start, _SLICE).to_pylist()
            items = [_item(row) for row in rows if row["kind"] is None]
            errors: list[object] = [_error(row) for row in rows if row["kind"] is not None]
            packed = process(items, setup).rows
            yield _pairs([*packed.items(), (ERRORS.name, packed_rows(ERRORS, errors))])


def _pairs(packed: list[tuple[str, bytes]]) -> pa.RecordBatch:
    names, rows = zip(*packed, strict=True)
    return pa.RecordBatch.from_arrays([pa.array(names), pa.array(rows)], schema=_PACKED)


def _item(row: dict[str, Any]) -> Item:
    return Item(*(row[name] for name in Item._fields))


def _error(row: dict[str, Any]) -> ErrorRow:
    if row["kind"] == "duplicate":
        return duplicate(_item(row), row["source"])
    return ErrorRow(*(row[name] for name in ErrorRow._fields))


def _unpacked(batches: Batches, table: str) -> Batches:
    schema = next(each.schema for each in (*TABLES, EXTRACTIONS) if each.name == table)
    for batch in batches:
        for data in batch.column("rows"):
            yield pa.ipc.read_record_batch(data.as_buffer(), schema)
