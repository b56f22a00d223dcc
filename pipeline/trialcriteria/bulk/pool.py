"""Supervised worker processes: one that dies or takes too long is replaced, and the rest go on.

The supervisor is one loop in one thread. Each worker has a pipe of its own and at most one batch,
so that whichever is killed, no other is touched. A batch that was lost is tried again record by
record; a record lost on its own becomes an error.
"""

import os
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from math import inf
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from multiprocessing.context import SpawnContext
from multiprocessing.process import BaseProcess
from signal import Signals
from time import monotonic
from typing import NamedTuple, Self

from trialcriteria.bulk.batch import Batch, Setup, packed_rows
from trialcriteria.bulk.items import Item
from trialcriteria.bulk.tables import ERRORS
from trialcriteria.bulk.worker import Limits, Reply, Use, joined, serve
from trialcriteria.errors import TrialCriteriaError

Task = list[Item]

_START_SECONDS = 300.0
_END_SECONDS = 1.0
_THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS")
"""A worker is one thread: as many as there are cores would need address space for nothing."""

_AHEAD = 2
"""Batches read ahead for each worker."""


class Lost(NamedTuple):
    """Why a worker was given up."""

    kind: str
    reason: str


class Worker:
    """One process, its pipe, and the batch it has; ready once it has said that it started."""

    def __init__(self, context: SpawnContext, setup: Setup, limits: Limits) -> None:
        self.pipe, theirs = context.Pipe()
        self._limits = limits
        self._process = context.Process(target=serve, args=(theirs, setup, limits), daemon=True)
        self._process.start()
        theirs.close()
        self.ready = False
        self.task: Task | None = None
        self.use = Use()
        self._deadline = monotonic() + _START_SECONDS

    @property
    def is_free(self) -> bool:
        """Whether it waits for a batch."""
        return self.ready and self.task is None

    @property
    def seconds_left(self) -> float:
        """Until its answer is late."""
        return inf if self.is_free else self._deadline - monotonic()

    def give(self, task: Task) -> None:
        """Send a batch; that the process is gone already shows when its answer is awaited."""
        self.task = task
        self._deadline = monotonic() + self._limits.batch_seconds(len(task))
        with suppress(OSError):
            self.pipe.send(task)

    def answer(self) -> Batch | None:
        """The rows of its batch; None at the start. Raises EOFError where the process is gone."""
        reply: Reply | str | None = self.pipe.recv()
        if isinstance(reply, str):
            raise TrialCriteriaError(reply)
        self.ready = True
        if reply is None:
            return None
        self.task, self.use = None, reply.use
        return reply.batch

    def kill(self) -> None:
        """End the process at once: it holds nothing that would be missed."""
        self.pipe.close()
        self._process.kill()
        self._process.join()

    def stop(self) -> Lost:
        """End the process, if it has not ended; says how it went."""
        late = self.seconds_left < 0
        if not late:
            self._process.join(_END_SECONDS)  # that it may end in its own way
        self.kill()
        if late:
            return Lost("timeout", f"took longer than {self._limits.seconds:g} seconds")
        return Lost("crashed", f"the process that read it ended ({_ending(self._process)})")


def _ending(process: BaseProcess) -> str:
    code = process.exitcode or 0
    return Signals(-code).name if code < 0 else f"exit code {code}"


class Pool:
    """Workers for one run; a context manager that ends them all."""

    def __init__(self, size: int, setup: Setup, limits: Limits) -> None:
        self._size, self._setup, self._limits = size, setup, limits
        self._context = get_context("spawn")
        self._workers: dict[Connection, Worker] = {}
        self._queue: deque[Task] = deque()
        self._gone = Use()

    def __enter__(self) -> Self:
        for name in _THREADS:
            os.environ.setdefault(name, "1")
        for _ in range(self._size):
            self._start()
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers.values():
            worker.kill()

    @property
    def use(self) -> Use:
        """What all workers so far have used."""
        return joined((self._gone, *(worker.use for worker in self._workers.values())))

    def run(self, tasks: Iterator[Task]) -> Iterator[Batch]:
        """The rows of every batch, in the order they are done; batches are read as needed."""
        more = True
        while more or self._queue or any(worker.task for worker in self._workers.values()):
            reads = more and len(self._queue) < _AHEAD * self._size
            if reads:
                task = next(tasks, None)
                more = task is not None
                self._queue.extend([task] if task else [])
            self._hand_out()
            yield from self._collect(patient=not reads)

    def _start(self) -> None:
        worker = Worker(self._context, self._setup, self._limits)
        self._workers[worker.pipe] = worker

    def _hand_out(self) -> None:
        free = (worker for worker in self._workers.values() if worker.is_free)
        for worker in free:
            if self._queue:
                worker.give(self._queue.popleft())

    def _collect(self, patient: bool) -> Iterator[Batch]:
        """What has been answered; a patient collector waits until something is, or is late."""
        workers = [*self._workers.values()]
        longest = max(0.0, min(worker.seconds_left for worker in workers)) if patient else 0.0
        answered = set(wait(self._workers, None if longest == inf else longest))
        for worker in workers:
            if worker.pipe in answered:
                yield from self._receive(worker)
            elif worker.seconds_left < 0:
                yield from self._replace(worker)

    def _receive(self, worker: Worker) -> Iterator[Batch]:
        try:
            batch = worker.answer()
        except (EOFError, OSError):
            yield from self._replace(worker)
        else:
            yield from [batch] if batch else []

    def _replace(self, worker: Worker) -> Iterator[Batch]:
        """Another worker in its place; its batch is taken apart, or is the record at fault."""
        del self._workers[worker.pipe]
        lost = worker.stop()
        if not worker.ready:
            raise TrialCriteriaError(f"a worker process cannot start: {lost.reason}")
        self._gone = joined((self._gone, worker.use))
        self._start()
        task = worker.task or []
        if len(task) == 1:
            row = task[0].error(*lost)
            yield Batch({ERRORS.name: packed_rows(ERRORS, [row])}, trials=0, errors=1)
        else:
            self._queue.extendleft([item] for item in task)
