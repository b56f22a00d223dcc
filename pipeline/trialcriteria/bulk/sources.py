"""The inputs of a bulk run as one stream of records: files, folders, zip archives, in order."""

import io
import os
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple, cast

from trialcriteria.bulk import aact_tables
from trialcriteria.errors import ReadError
from trialcriteria.read import BrokenRecord, Record, read_stream

_ZIP_MAGIC = b"PK\x03\x04"
_NO_RECORDS = ("contents.txt", "readme")
"""Beginnings of file names that dumps put beside their records."""

_BOMB_RATIO, _BOMB_SIZE = 200, 16 * 1024**2
"""A member that unpacks to more than so many times its size, and to so many bytes, is refused."""


class Sourced(NamedTuple):
    """A record, and which of the inputs it came from; ``whole`` is False for a broken input."""

    record: Record
    input: int
    whole: bool = True


class Meter:
    """How much of the inputs has been read, in bytes on the disk."""

    def __init__(self, inputs: Sequence[Path]) -> None:
        self.total = sum(map(size_of, inputs))
        self.done = 0


def size_of(path: Path) -> int:
    """Bytes of a file, or of all files of a folder; raises ReadError where there is none."""
    try:
        return sum(file.stat().st_size for file in _files(path)) if path.is_dir() else _size(path)
    except OSError as error:
        raise ReadError(f"{error.filename or path}: {error.strerror or error}") from error


def _size(path: Path) -> int:
    return path.stat().st_size


def records(inputs: Sequence[Path], meter: Meter) -> Iterator[Sourced]:
    """Every record of every input; what cannot be read comes as a BrokenRecord.

    An input that cannot be read to its end, or holds nothing, comes with a record that is not
    ``whole``: what it should have held is unknown. Memory does not grow with the inputs, but for
    about half a kilobyte for each member of a zip archive.
    """
    for number, path in enumerate(inputs):
        holds_any = False
        for record in _folder(path, meter) if path.is_dir() else _file(path, path.name, meter):
            holds_any = True
            yield Sourced(record, number, whole=not _is_cut_short(record, path))
        if not holds_any:
            nothing = BrokenRecord(None, path.name or str(path), "holds no records")
            yield Sourced(nothing, number, whole=False)


@dataclass(frozen=True)
class _BrokenFile(BrokenRecord):
    """A file that cannot be read to its end; ``had_more`` where it surely held several records."""

    had_more: bool = False


def _is_cut_short(record: Record, path: Path) -> bool:
    """Whether records are missing: one broken file of a folder may be one broken record."""
    return isinstance(record, _BrokenFile) and (record.had_more or record.name == path.name)


def _folder(folder: Path, meter: Meter) -> Iterator[Record]:
    tables = {path.name: path for path in folder.iterdir() if path.name in aact_tables.NAMES}
    if len(tables) == len(aact_tables.NAMES):
        yield from _joined(lambda name: tables[name].open("rb"), folder.name)
        meter.done += size_of(folder)
        return
    for path in _files(folder):
        name = str(path.relative_to(folder.parent))
        if not _is_left_out(path.name):
            yield from _file(path, name, meter)


def _files(folder: Path) -> Iterator[Path]:
    """The files of a folder and its folders in a fixed order; links to folders are not followed."""
    for place, folders, names in os.walk(folder, onerror=_refused):
        folders.sort()
        yield from (Path(place, name) for name in sorted(names))


def _refused(error: OSError) -> None:
    raise error


def _file(path: Path, name: str, meter: Meter) -> Iterator[Record]:
    before = meter.done
    try:
        with path.open("rb") as stream:
            if stream.peek(4).startswith(_ZIP_MAGIC):
                yield from _zip(path, name, meter)
            else:
                yield from _measured(read_safely(stream, name), stream, meter)
    except OSError as error:
        yield _BrokenFile(None, name, f"cannot be read ({error.strerror or error})", had_more=True)
    except zipfile.BadZipFile as error:
        yield _BrokenFile(None, name, f"broken zip archive ({error})", had_more=True)
    meter.done = before + _size(path) if path.exists() else before


def _measured(found: Iterator[Record], stream: io.BufferedReader, meter: Meter) -> Iterator[Record]:
    before = meter.done
    for record in found:
        meter.done = before + stream.raw.tell()
        yield record


def read_safely(stream: io.BufferedReader, name: str) -> Iterator[Record]:
    """The records of a stream; that it cannot be read on becomes the last of them."""
    had_some = False
    try:
        for record in read_stream(stream, name):
            yield record
            had_some = True
    except ReadError as error:
        yield _BrokenFile(None, name, str(error).removeprefix(f"{name}: "), had_some)
    except (zipfile.BadZipFile, zlib.error, EOFError) as error:
        yield _BrokenFile(None, name, f"broken zip member ({error})", had_some)
    except (ValueError, RecursionError) as error:
        yield _BrokenFile(None, name, f"{type(error).__name__}: {error}", had_some)


def _zip(path: Path, name: str, meter: Meter) -> Iterator[Record]:
    """The records of every member; nothing is written to the disk, so no name leads anywhere."""
    with zipfile.ZipFile(path) as archive:
        members = archive.infolist()
        named = ((info.filename.rpartition("/")[2], info) for info in members)
        tables = {name: info for name, info in named if name in aact_tables.NAMES}
        if len(tables) == len(aact_tables.NAMES):
            yield from _joined(lambda table: archive.open(tables[table]), name)
            return
        for info in members:
            if not info.is_dir() and not _is_left_out(Path(info.filename).name):
                yield from _member(archive, info, f"{name}/{info.filename}")
            meter.done += info.compress_size


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo, name: str) -> Iterator[Record]:
    if info.file_size > _BOMB_SIZE and info.file_size > _BOMB_RATIO * info.compress_size:
        yield BrokenRecord(None, name, f"unpacks to {info.file_size:,} bytes: refused")
        return
    try:
        with archive.open(info) as stream:
            yield from read_safely(cast(io.BufferedReader, stream), name)
    except (RuntimeError, NotImplementedError, zipfile.BadZipFile, EOFError) as error:
        yield BrokenRecord(None, name, f"cannot be unpacked ({error})")


def _is_left_out(name: str) -> bool:
    return name.startswith(".") or name.lower().startswith(_NO_RECORDS)


def _joined(opened: aact_tables.Opener, name: str) -> Iterator[Record]:
    try:
        yield from aact_tables.read(opened, name)
    except (ReadError, RuntimeError, zipfile.BadZipFile) as error:  # RuntimeError: encrypted
        yield _BrokenFile(None, name, str(error), had_more=True)
