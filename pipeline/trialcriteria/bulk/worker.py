"""A worker process: loads the pipeline once, then turns batches of postings into rows."""

import faulthandler
import os
import resource
import signal
import sys
from collections.abc import Iterable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import NamedTuple

from trialcriteria.bulk.batch import Batch, Setup, process
from trialcriteria.bulk.items import Item
from trialcriteria.errors import TrialCriteriaError
from trialcriteria.garbage import collect_rarely

_MB = 1024**2


class Limits(NamedTuple):
    """What a worker may use: seconds for a record, and megabytes of address space (0: any)."""

    seconds: float
    megabytes: int

    def batch_seconds(self, size: int) -> float:
        """For a batch: those of one record that hangs, and a second for each of them."""
        return self.seconds + size


class Use(NamedTuple):
    """What a process has used: criteria remembered and read, most memory in MB, CPU seconds."""

    hits: int = 0
    misses: int = 0
    peak_mb: int = 0
    cpu_seconds: float = 0.0


class Reply(NamedTuple):
    """The rows of a batch, and what the worker has used so far."""

    batch: Batch
    use: Use


def joined(uses: Iterable[Use]) -> Use:
    """The sums of several processes, and the peak of the largest."""
    hits, misses, peaks, seconds = zip(*uses, strict=True)
    return Use(sum(hits), sum(misses), max(peaks), sum(seconds))


def own_use(hits: int = 0, misses: int = 0) -> Use:
    """What this process has used so far."""
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return Use(hits, misses, usage.ru_maxrss // 1024, usage.ru_utime + usage.ru_stime)


def serve(tasks: Connection, setup: Setup, limits: Limits) -> None:
    """Answer batches until the other end is gone. The first message says None, or what fails."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides what an interrupt means
    _silence()  # what a dying library says on standard error; the parent says it in one line
    _limit_memory(limits.megabytes)
    collect_rarely()
    try:
        process((), setup)
        tasks.send(None)
    except TrialCriteriaError as error:
        tasks.send(str(error))
        return
    with suppress(EOFError, OSError):
        while True:
            items: list[Item] = tasks.recv()
            # Ends this process even where the parent is gone and nobody else would.
            faulthandler.dump_traceback_later(2 * limits.batch_seconds(len(items)), exit=True)
            tasks.send(Reply(process(items, setup), own_use(*setup.cache_counts())))
            faulthandler.cancel_dump_traceback_later()


def _silence() -> None:
    with Path(os.devnull).open("w", encoding="utf-8") as nowhere:
        os.dup2(nowhere.fileno(), sys.stderr.fileno())


def _limit_memory(megabytes: int) -> None:
    if megabytes:
        resource.setrlimit(resource.RLIMIT_AS, (megabytes * _MB, megabytes * _MB))
