"""Registry records to postings: one module per format, chosen by looking at the content."""

import io
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from trialcriteria.errors import ReadError, UnknownFormatError, UsageError
from trialcriteria.read import (
    aact,
    clinconnect,
    ctgov_page,
    ctgov_v2,
    ctgov_xml,
    ctis,
    euctr,
    euctr_json,
    ictrp,
    isrctn,
    jsonl,
    plain,
)
from trialcriteria.read.base import BrokenRecord, FormatInfo, Raw, Reader, Record, TableReader
from trialcriteria.read.decode import decode_line
from trialcriteria.read.fetch import fetch_record
from trialcriteria.read.stream import Inflated, lines, load, text_lines

__all__ = [
    "BrokenRecord",
    "FormatInfo",
    "Record",
    "detect_format",
    "fetch_record",
    "formats",
    "read",
    "read_path",
    "read_stream",
]

READERS: tuple[Reader, ...] = (
    jsonl,
    ctgov_v2,
    ctis,
    isrctn,
    euctr_json,
    ctgov_xml,
    clinconnect,
    ctgov_page,
    euctr,
    ictrp,
    aact,
    plain,
)
"""In the order they are asked: the first whose ``matches`` says yes reads the input."""

_JSONL_NAMES = (".jsonl", ".ndjson")


def formats() -> tuple[FormatInfo, ...]:
    """The formats that can be read, in the order they are tried."""
    return tuple(reader.INFO for reader in READERS)


def detect_format(data: bytes, name: str) -> str:
    """Name of the format of ``data``.

    Raises UnknownFormatError where no reader knows the content, and ReadError where it is no
    text or no whole document at all. The message is one line and opens with ``name``.
    """
    try:
        return _reader_for(Raw(load(Inflated(_opened(data))), name), None).INFO.name
    except ReadError as error:
        raise _named(error, name) from error


def read(data: bytes, name: str, source_format: str | None = None) -> Iterator[Record]:
    """The postings of one input, packed or not; ``name`` is its file name or "-".

    A record of several that cannot be read comes as a BrokenRecord, and the reading goes on.
    Raises ReadError (UnknownFormatError) where the input as a whole cannot be read, and
    UsageError where ``source_format`` is none of ``formats()``.
    """
    return read_stream(_opened(data), name, source_format)


def read_path(path: Path, source_format: str | None = None) -> Iterator[Record]:
    """The postings of a file; JSON lines and tables are streamed, of any size. As ``read``."""
    try:
        stream = path.open("rb")
    except OSError as error:
        raise ReadError(f"{path}: {error.strerror or error}") from error
    with stream:
        yield from read_stream(stream, path.name, source_format)


def read_stream(
    stream: io.BufferedReader, name: str, source_format: str | None = None
) -> Iterator[Record]:
    """The postings of an open binary stream, such as standard input. As ``read``."""
    try:
        inflated = Inflated(stream)
        if _is_jsonl(inflated.first_line, name, source_format):
            yield from jsonl.read_lines(lines(inflated), name)
        elif table := _table(inflated.first_line, source_format):
            yield from table.read_lines(text_lines(inflated), name)
        else:
            raw = Raw(load(inflated), name)
            yield from _reader_for(raw, source_format).read(raw)
    except ReadError as error:
        raise _named(error, name) from error


def _opened(data: bytes) -> io.BufferedReader:
    return io.BufferedReader(cast(io.RawIOBase, io.BytesIO(data)))


def _is_jsonl(first_line: bytes, name: str, source_format: str | None) -> bool:
    """Whether to stream lines. The file name counts only where the first line is broken."""
    if source_format is not None:
        return source_format == jsonl.INFO.name
    named = name.lower().removesuffix(".gz").removesuffix(".zst").endswith(_JSONL_NAMES)
    cut = first_line.lstrip().startswith(b"{") and b"\0" not in first_line
    return jsonl.is_row(first_line) or (named and cut)


def _table(first_line: bytes, source_format: str | None) -> TableReader | None:
    """The reader of tables whose header the first line is, so that its rows can be streamed."""
    try:
        opening = decode_line(first_line)
    except ReadError:
        return None
    tables: tuple[TableReader, ...] = (ictrp, aact)
    wanted = (each for each in tables if source_format in (None, each.INFO.name))
    return next((each for each in wanted if each.is_header(opening)), None)


def _reader_for(raw: Raw, source_format: str | None) -> Reader:
    if source_format is not None:
        return _reader_named(source_format)
    found = next((reader for reader in READERS if reader.matches(raw)), None)
    if found is None:
        raise UnknownFormatError(
            "content of no known format; `trialcriteria formats` lists them, --from names one"
        )
    return found


def _reader_named(name: str) -> Reader:
    found = next((reader for reader in READERS if reader.INFO.name == name), None)
    if found is None:
        known = ", ".join(info.name for info in formats())
        raise UsageError(f"unknown format {name!r}; known: {known}")
    return found


def _named(error: ReadError, name: str) -> ReadError:
    """The same error with the name of the input before its reason."""
    shown = "standard input" if name == "-" else name
    return type(error)(f"{shown}: {error}")
