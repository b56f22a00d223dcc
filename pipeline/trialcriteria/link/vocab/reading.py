"""Reads large files a line at a time; what is broken is counted and named, never lost."""

import hashlib
import io
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from trialcriteria.errors import VocabularyError

if TYPE_CHECKING:
    from _typeshed import WriteableBuffer

_BLOCK = 1 << 20
_LONGEST = 1 << 20  # bytes; no row of a vocabulary comes near
_KEPT = 20  # broken lines named per file; the others are counted

Told = Callable[[str, int], None]
"""Is told what is being done, and how many bytes more of the sources are read."""


class Broken(NamedTuple):
    """A line that could not be used; lines count from 1."""

    file: str
    line: int
    reason: str


class Reading:
    """Reads the sources of one vocabulary, and keeps what is to be known of them afterwards.

    ``digest`` is the sha256 over all bytes read, ``broken`` the first twenty broken lines of a
    file, ``counts`` how many there are in all, by file.
    """

    def __init__(self, told: Told) -> None:
        self.digest = hashlib.sha256()
        self.broken: list[Broken] = []
        self.counts: Counter[str] = Counter()
        self._told = told

    def reject(self, path: Path, line: int, reason: str) -> None:
        """Note a broken line."""
        self.counts[path.name] += 1
        if self.counts[path.name] <= _KEPT:
            self.broken.append(Broken(path.name, line, reason))

    def lines(self, path: Path) -> Iterator[tuple[int, bytes]]:
        """Numbered lines with something on them, of at most a megabyte each.

        Raises VocabularyError where the file cannot be read.
        """
        try:
            with io.BufferedReader(_Watched(path, partial(self._seen, path.name)), _BLOCK) as file:
                for number, line in enumerate(iter(partial(file.readline, _LONGEST), b""), 1):
                    if len(line) == _LONGEST and not line.endswith(b"\n"):
                        self.reject(path, number, "longer than a megabyte")
                        _skip_line(file)
                    elif not line.isspace():
                        yield number, line
        except OSError as error:
            raise VocabularyError(f"{path}: {error.strerror or error}") from error

    def table(
        self, path: Path, columns: Sequence[str], having: Sequence[str] = ()
    ) -> Iterator[tuple[int, tuple[str, ...]]]:
        """Numbered rows of a tab-separated file: the fields of two columns or more, as named.

        Quotes are letters like any other. With ``having`` only rows come that have one of these
        somewhere in them. Raises VocabularyError where the header lacks a column.
        """
        lines = self.lines(path)
        header = _header(path, next(lines, (1, b""))[1], columns)
        wanted = itemgetter(*map(header.index, columns))
        needles = [each.encode() for each in having]
        for number, line in lines:
            reason = _flaw(line, len(header))
            if reason:
                self.reject(path, number, reason)
            elif not needles or any(needle in line for needle in needles):
                try:
                    yield number, wanted(line.decode().rstrip("\r\n").split("\t"))
                except UnicodeDecodeError:
                    self.reject(path, number, "not UTF-8")

    def _seen(self, name: str, block: memoryview) -> None:
        self.digest.update(block)
        self._told(f"reading {name}", len(block))


class _Watched(io.RawIOBase):
    """A file whose bytes are shown to somebody as they are read."""

    def __init__(self, path: Path, seen: Callable[[memoryview], None]) -> None:
        self._file = path.open("rb", buffering=0)
        self._show = seen

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: "WriteableBuffer") -> int:
        count = self._file.readinto(buffer) or 0
        self._show(memoryview(buffer)[:count])
        return count

    def close(self) -> None:
        self._file.close()
        super().close()


def _skip_line(file: "io.BufferedReader[_Watched]") -> None:
    while (rest := file.readline(_LONGEST)) and not rest.endswith(b"\n"):
        pass


def _header(path: Path, line: bytes, columns: Sequence[str]) -> list[str]:
    names = line.decode("utf-8-sig", "replace").strip().lower().split("\t")
    missing = [column for column in columns if column not in names]
    if missing:
        told = ", ".join(missing)
        raise VocabularyError(f"{path}: no column {told}; a tab-separated file of Athena has it")
    return names


def _flaw(line: bytes, width: int) -> str | None:
    """What is wrong with a row before it is decoded."""
    found = line.count(b"\t") + 1
    if found != width:
        return f"{found} instead of {width} fields"
    return "a NUL byte" if b"\0" in line else None
