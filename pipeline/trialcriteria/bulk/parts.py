"""Collects the rows of batches into parts, and writes each in a thread while the next is made."""

from collections import defaultdict
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Self

import pyarrow as pa

from trialcriteria.bulk.batch import Batch
from trialcriteria.bulk.columns import Table
from trialcriteria.bulk.dataset import Dataset
from trialcriteria.bulk.rows import ErrorRow
from trialcriteria.bulk.tables import ERRORS


class PartWriter:
    """Writes a part for every ``size`` records; a context manager that waits for the last."""

    def __init__(self, dataset: Dataset, tables: tuple[Table, ...], size: int) -> None:
        self._dataset = dataset
        self._schemas = {table.name: table.schema for table in tables}
        self._size = size
        self._rows: dict[str, list[pa.RecordBatch]] = defaultdict(list)
        self._errors: list[object] = []
        self._records = 0
        self._thread = ThreadPoolExecutor(1)
        self._writing: Future[str] | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, failed: type[BaseException] | None, *_: object) -> None:
        try:
            if failed is None:
                self._flush()
                self._wait()
        finally:
            self._thread.shutdown()

    def add(self, batch: Batch) -> None:
        """Rows from a worker."""
        for name, data in batch.rows.items():
            rows = pa.ipc.read_record_batch(pa.py_buffer(data), self._schemas[name])
            self._rows[name].append(rows)
        self._added(batch.trials + batch.errors)

    def add_error(self, row: ErrorRow) -> None:
        """A record that goes to no worker."""
        self._errors.append(row)
        self._added(1)

    def _added(self, records: int) -> None:
        self._records += records
        if self._records >= self._size:
            self._flush()

    def _flush(self) -> None:
        self._wait()
        if self._errors:
            self._rows[ERRORS.name].append(ERRORS.batch(self._errors))
        if self._records:
            self._writing = self._thread.submit(self._dataset.write, self._rows)
        self._rows, self._errors, self._records = defaultdict(list), [], 0

    def _wait(self) -> None:
        if self._writing:
            self._writing.result()
            self._writing = None
