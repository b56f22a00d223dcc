"""How far a run is: a bar on a terminal, JSON lines for a machine, or nothing."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from time import monotonic
from typing import Protocol

import orjson
from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn

_EVERY_SECONDS = 10.0


@dataclass
class Count:
    """Records so far, and how much of the inputs has been read (bytes on the disk)."""

    total_bytes: int
    read_bytes: int = 0
    extracted: int = 0
    errors: int = 0
    kept: int = 0
    began: float = field(default_factory=monotonic)

    @property
    def rate(self) -> float:
        """Records extracted a second."""
        return self.extracted / max(monotonic() - self.began, 1e-9)

    @property
    def seconds_left(self) -> float | None:
        """By the share of the inputs that has been read; None before anything has."""
        if not self.read_bytes:
            return None
        return (monotonic() - self.began) * (self.total_bytes / self.read_bytes - 1)

    @property
    def words(self) -> str:
        """One line."""
        kept = f", {self.kept:,} known" if self.kept else ""
        return f"{self.extracted:,} records{kept}, {self.errors:,} errors, {self.rate:.1f}/s"


class Teller(Protocol):
    """Is told the count now and then."""

    def __call__(self, count: Count) -> None: ...


@contextmanager
def telling(log_json: bool) -> Iterator[Teller]:
    """JSON lines on standard error where asked for, a bar where that is a terminal."""
    if log_json:
        logged = _Log()
        yield logged.tell
        logged.last()
    elif sys.stderr.isatty():
        with _bar() as bar:
            yield _Bar(bar).tell
    else:
        yield lambda count: None


class _Log:
    def __init__(self) -> None:
        self._next = 0.0
        self._count: Count | None = None

    def tell(self, count: Count) -> None:
        """A line, if the last is long enough ago."""
        self._count = count
        if monotonic() >= self._next:
            self._next = monotonic() + _EVERY_SECONDS
            self.last()

    def last(self) -> None:
        """A line for the last count told."""
        if self._count:
            line = {
                "extracted": self._count.extracted,
                "kept": self._count.kept,
                "errors": self._count.errors,
                "rate": round(self._count.rate, 2),
                "seconds_left": self._count.seconds_left,
                "read_bytes": self._count.read_bytes,
                "total_bytes": self._count.total_bytes,
            }
            sys.stderr.write(orjson.dumps(line).decode() + "\n")
            sys.stderr.flush()


def _bar() -> Progress:
    columns = (
        BarColumn(),
        TextColumn("{task.percentage:>3.0f}%"),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    return Progress(*columns, console=Console(stderr=True), transient=True)


class _Bar:
    def __init__(self, bar: Progress) -> None:
        self._bar = bar
        self._task = bar.add_task("starting", total=None)

    def tell(self, count: Count) -> None:
        """Move the bar."""
        self._bar.update(
            self._task,
            total=count.total_bytes,
            completed=count.read_bytes,
            description=count.words,
        )
