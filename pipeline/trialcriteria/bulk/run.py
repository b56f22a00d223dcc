"""One bulk run: what is known is kept, what is new is extracted, what is gone is removed.

Whenever it is stopped, the same command goes on from the parts that are whole, and ends with the
rows that a run without a stop has. See ``docs/bulk.md``.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import NamedTuple

from trialcriteria.bulk.batch import Setup
from trialcriteria.bulk.dataset import Dataset
from trialcriteria.bulk.items import Item, duplicate, item_of, unreadable
from trialcriteria.bulk.ledger import Ledger
from trialcriteria.bulk.lock import locked
from trialcriteria.bulk.manifest import Manifest, Timing, begun, check_folder, described
from trialcriteria.bulk.parts import PartWriter
from trialcriteria.bulk.pool import Pool
from trialcriteria.bulk.rows import ErrorRow
from trialcriteria.bulk.sources import Meter, Sourced, records
from trialcriteria.bulk.telling import Count, Teller
from trialcriteria.bulk.worker import Limits, Use, own_use
from trialcriteria.errors import ReadError, TrialCriteriaError
from trialcriteria.read import BrokenRecord

ENGINE = "local"
_GO_ON = "mend that and run the same command again"
_MEND_INPUT = "mend or leave out that input and run the same command again"
_TRY_AGAIN = ("crashed", "failed", "memory", "timeout")


class Job(NamedTuple):
    """What to do: ``part_size`` in records, ``batch_size`` in postings a worker gets at once."""

    inputs: tuple[Path, ...]
    folder: Path
    setup: Setup
    workers: int
    limits: Limits
    part_size: int = 1000
    batch_size: int = 32
    try_again: bool = False


def run(job: Job, tell: Teller) -> Manifest:
    """Bring the folder up to the inputs; ``tell`` hears how far it is.

    Raises TrialCriteriaError where the folder cannot be used or written, and ReadError where an
    input is missing or breaks off; then nothing of the folder is removed.
    """
    meter = Meter(job.inputs)  # a missing input is found before anything is made
    _check_apart(job.folder, job.inputs)
    try:
        with locked(job.folder), closing(Ledger()) as ledger:
            check_folder(job.folder, ENGINE)
            return _Run(job, meter, ledger, tell).go()
    except OSError as error:
        raise TrialCriteriaError(f"{job.folder}: {error.strerror or error}; {_GO_ON}") from error
    except sqlite3.Error as error:
        raise TrialCriteriaError(f"temporary database (in TMPDIR): {error}; {_GO_ON}") from error


def _check_apart(folder: Path, inputs: Iterable[Path]) -> None:
    """Raise TrialCriteriaError where the output would be among the inputs of the next run."""
    for path in inputs:
        if path.is_dir() and folder.resolve().is_relative_to(path.resolve()):
            raise TrialCriteriaError(f"{folder}: lies in the input {path}; give another folder")


class _Run:
    def __init__(self, job: Job, meter: Meter, ledger: Ledger, tell: Teller) -> None:
        self._job, self._meter, self._ledger, self._tell = job, meter, ledger, tell
        self._dataset = Dataset(job.folder, job.setup.with_json)
        self._count = Count(meter.total)
        self._broken: list[str] = []
        self._manifest = begun(job.setup, ENGINE)

    def go(self) -> Manifest:
        """The run, from what is there to the finished manifest."""
        started = datetime.now(UTC)
        self._manifest.write(self._job.folder)
        self._load()
        use = self._extract_all()
        if self._broken:
            others = f" (and {len(self._broken) - 1} more)" if self._broken[1:] else ""
            kept = f"nothing was removed from {self._job.folder}"
            raise ReadError(f"{self._broken[0]}{others}; {kept}: {_MEND_INPUT}")
        removed = self._ledger.count_stale()
        self._dataset.prune(self._ledger.stale(), self._job.part_size)
        counts = {table.name: self._dataset.count(table) for table in self._job.setup.tables}
        manifest = self._manifest.finished(
            described(self._job.inputs), counts, self._timing(started, use, removed)
        )
        manifest.write(self._job.folder)
        return manifest

    def _load(self) -> None:
        """What the dataset holds."""
        self._dataset.recover()
        if self._job.try_again:
            self._dataset.prune(self._dataset.errors(_TRY_AGAIN).items(), self._job.part_size)
        for part in self._dataset.parts():
            self._ledger.add(part, self._dataset.keys(part))

    def _extract_all(self) -> Use:
        """Read all inputs, extract what is new, write it."""
        job = self._job
        with (
            Pool(job.workers, job.setup, job.limits) as pool,
            PartWriter(self._dataset, job.setup.tables, job.part_size) as writer,
        ):
            for batch in pool.run(batched(self._items(writer), job.batch_size)):
                writer.add(batch)
                self._count.extracted += batch.trials
                self._count.errors += batch.errors
                self._told()
            return pool.use

    def _items(self, writer: PartWriter) -> Iterator[Item]:
        """The postings that are new; errors of reading go to the writer on the way."""
        for place, sourced in enumerate(records(self._job.inputs, self._meter)):
            found = self._sorted_out(sourced, place)
            if self._ledger.is_known(found.key):
                self._count.kept += 1
                self._told()
            elif isinstance(found, Item):
                yield found
            else:
                self._count.errors += 1
                writer.add_error(found)

    def _sorted_out(self, sourced: Sourced, place: int) -> Item | ErrorRow:
        """The posting if it is the first of its trial, else the row of errors that it becomes."""
        where = f"{sourced.input}:{place}"
        if isinstance(sourced.record, BrokenRecord):
            if not sourced.whole:
                self._broken.append(f"{sourced.record.name}: {sourced.record.reason}")
            return unreadable(sourced.record, where)
        item = item_of(sourced.record, self._manifest.identity)
        return item if self._ledger.is_first(item.trial_id) else duplicate(item, where)

    def _told(self) -> None:
        self._count.read_bytes = self._meter.done
        self._tell(self._count)

    def _timing(self, started: datetime, use: Use, removed: int) -> Timing:
        ended, own = datetime.now(UTC), own_use()
        return Timing(
            started=started.isoformat(timespec="seconds"),
            ended=ended.isoformat(timespec="seconds"),
            seconds=round((ended - started).total_seconds(), 1),
            workers=self._job.workers,
            records_extracted=self._count.extracted,
            records_kept=self._count.kept,
            records_removed=removed,
            criteria_remembered=use.hits,
            criteria_read=use.misses,
            worker_peak_mb=use.peak_mb,
            worker_cpu_seconds=round(use.cpu_seconds, 1),
            parent_peak_mb=own.peak_mb,
            parent_cpu_seconds=round(own.cpu_seconds, 1),
        )


def batched(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    """Lists of ``size`` items, the last one shorter."""
    source = iter(items)
    while batch := list(islice(source, size)):
        yield batch
