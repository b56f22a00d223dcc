"""Where the output goes: standard output, or a file that appears whole or not at all."""

import os
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO, TypeVar

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from trialcriteria.errors import TrialCriteriaError

T = TypeVar("T")


@contextmanager
def opened(path: Path | None, force: bool) -> Iterator[TextIO]:
    """Standard output (None), else the file, written beside itself and renamed at the end.

    Raises TrialCriteriaError where the file exists and ``force`` is not given, or cannot be
    written. Nothing is left behind when the writer fails.
    """
    if path is None:
        _make_utf8(sys.stdout)
        yield sys.stdout
        sys.stdout.flush()
        return
    with appearing(path, force) as partial, partial.open("x", encoding="utf-8", newline="") as out:
        yield out


@contextmanager
def appearing(path: Path, force: bool) -> Iterator[Path]:
    """A name beside the file to write to, which takes the file's place at the end.

    Raises TrialCriteriaError as ``opened`` does.
    """
    if path.exists() and not force:
        raise TrialCriteriaError(f"{path} exists; --force overwrites it")
    if path.exists() and not path.is_file():
        raise TrialCriteriaError(f"{path} is not a regular file")
    target = path.resolve()  # a link stays a link
    partial = target.with_name(f".{target.name}.{os.getpid()}.partial")
    try:
        yield partial
        partial.replace(target)
    except OSError as error:
        raise TrialCriteriaError(f"{path}: {error.strerror or error}") from error
    finally:
        partial.unlink(missing_ok=True)


def _make_utf8(stream: TextIO) -> None:
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure:
        reconfigure(encoding="utf-8")


def progress(items: Iterable[T], quiet: bool) -> Iterator[T]:
    """The items as they come; from the second on counted on standard error, on a terminal only."""
    source = iter(items)
    if quiet or not sys.stderr.isatty():
        yield from source
        return
    yield from (item for _, item in zip(range(1), source, strict=False))
    columns = (SpinnerColumn(), TextColumn("{task.completed} postings"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("extract", completed=1)
        for item in source:
            yield item
            bar.advance(task)
