"""The files of a folder, a zip, a tar.gz or a single file, within limits.

Nothing is written under a name from outside: the caller's ``path_of`` says for each member under
which path it is wanted, if at all, and gets its content in memory.
"""

import gzip
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from trialcriteria.errors import EvaluationError

MAX_MEMBERS = 50_000
MAX_FILE = 32 * 1024 * 1024
MAX_TOTAL = 128 * 1024 * 1024
"""Most members of a folder or archive; largest file and largest sum of all, in bytes unpacked."""

PathOf = Callable[[str], str | None]
_Read = Callable[[int], bytes]

_CHUNK = 64 * 1024
_GZIP = b"\x1f\x8b"
_BROKEN = (
    zipfile.BadZipFile,
    tarfile.TarError,
    zlib.error,
    EOFError,
    OSError,
    RuntimeError,  # an encrypted member of a zip
)
# bzip2 and LZMA members of a zip inflate without a limit; no corpus has them.
_METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)


def files_of(source: Path, path_of: PathOf, scratch: Path) -> Iterator[tuple[str, bytes]]:
    """Path and content of the wanted files, in the order of the source.

    ``scratch`` is a folder for temporary files. Raises EvaluationError, in one line, where the
    source is broken, or over the limits.
    """
    try:
        yield from _wanted(_members(source, scratch), path_of)
    except _BROKEN as error:
        raise EvaluationError(f"{source}: cannot be unpacked ({error})") from error


def inner_archive(source: Path, name: str, scratch: Path) -> Path:
    """The archive of that name inside a zip, written to ``scratch``; else the source itself."""
    if source.is_dir() or not zipfile.is_zipfile(source):
        return source
    for _, content in files_of(source, lambda path: name if _base(path) == name else None, scratch):
        inner = scratch / "inner"
        inner.write_bytes(content)
        return inner
    return source


def _base(path: str) -> str:
    return path.rpartition("/")[2]


def _wanted(members: Iterator[tuple[str, _Read]], path_of: PathOf) -> Iterator[tuple[str, bytes]]:
    total = 0
    for count, (name, read) in enumerate(members, start=1):
        if count > MAX_MEMBERS:
            raise EvaluationError(f"over {MAX_MEMBERS:,} files; that is no corpus")
        path = path_of(name)
        if path is None:
            continue
        content = read(MAX_FILE + 1)
        total += len(content)
        if len(content) > MAX_FILE or total > MAX_TOTAL:
            raise EvaluationError(f"{name[:80]!r}: too large; that is no corpus")
        yield path, content


def _members(source: Path, scratch: Path) -> Iterator[tuple[str, _Read]]:
    """Names as the source has them, and how to read at most so many bytes."""
    if source.is_dir():
        for path in sorted(source.rglob("*")):
            if path.is_file():
                yield path.relative_to(source).as_posix(), partial(_read, path)
    elif zipfile.is_zipfile(source):
        yield from _zipped(source)
    elif _read(source, len(_GZIP)) == _GZIP:
        yield from _tarred(_inflated(source, scratch / "inflated"))
    else:
        yield source.name, partial(_read, source)


def _read(path: Path, size: int) -> bytes:
    with path.open("rb") as stream:
        return stream.read(size)


def _zipped(path: Path) -> Iterator[tuple[str, _Read]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if not info.is_dir() and info.compress_type in _METHODS:
                yield info.filename, partial(_read_zipped, archive, info)


def _tarred(path: Path) -> Iterator[tuple[str, _Read]]:
    with tarfile.open(path, "r:") as archive:
        for member in archive:
            stream = archive.extractfile(member) if member.isreg() else None
            if stream:
                yield member.name, stream.read


def _read_zipped(archive: zipfile.ZipFile, info: zipfile.ZipInfo, size: int) -> bytes:
    with archive.open(info) as stream:
        return stream.read(size)


def _inflated(path: Path, target: Path) -> Path:
    """The file without its gzip layer, so that what ``tarfile`` reads is bounded."""
    size = 0
    with gzip.open(path) as stream, target.open("wb") as out:
        while chunk := stream.read(_CHUNK):
            size += out.write(chunk)
            if size > MAX_TOTAL:
                raise EvaluationError(f"{path.name}: too large; that is no corpus")
    return target
