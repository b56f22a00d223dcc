"""Binary streams, packed (gzip, Zstandard) or not, read with bounded memory."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator
from typing import cast

from trialcriteria.errors import ReadError
from trialcriteria.read.base import MAX_BYTES
from trialcriteria.read.decode import decode_line, marked_line
from trialcriteria.read.jsonl import MAX_LINE

_GZIP_MAGIC = b"\x1f\x8b"
_ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
_BOM = b"\xef\xbb\xbf"


class Inflated:
    """A stream, decompressed where it is packed, with its first line already read.

    ``first_line`` is without a UTF-8 BOM and, as every line, cut at MAX_LINE bytes.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        self._stream = _unpacked(stream)
        self.first_line = self.line().removeprefix(_BOM)

    def line(self) -> bytes:
        """The next line, cut at MAX_LINE bytes; empty at the end."""
        return _guarded(lambda: self._stream.readline(MAX_LINE))

    def rest(self, limit: int) -> bytes:
        """The remaining bytes, at most ``limit``."""
        return _guarded(lambda: self._stream.read(limit))


def _unpacked(stream: io.BufferedReader) -> io.BufferedIOBase:
    magic = stream.peek(4)
    if magic.startswith(_GZIP_MAGIC):
        return gzip.GzipFile(fileobj=stream)
    if magic.startswith(_ZSTD_MAGIC):
        from pyarrow import CompressedInputStream  # noqa: PLC0415 (rare, and not free)

        return io.BufferedReader(cast(io.RawIOBase, CompressedInputStream(stream, "zstd")))
    return stream


def load(inflated: Inflated) -> bytes:
    """The whole stream; raises ReadError where it is over MAX_BYTES."""
    first = inflated.first_line
    data = first + inflated.rest(MAX_BYTES + 1 - len(first))
    if len(data) > MAX_BYTES:
        raise ReadError(f"over the limit of {MAX_BYTES // 1024**2} MB (JSON lines have none)")
    return data


def lines(inflated: Inflated) -> Iterator[bytes | None]:
    """The lines of the stream; None for a line over MAX_LINE, which is skipped."""
    line = inflated.first_line
    while line:
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            yield line
        else:
            yield None
            while line and not line.endswith(b"\n"):
                line = inflated.line()
        line = inflated.line()


def text_lines(inflated: Inflated) -> Iterator[str]:
    """The lines as text, with their line ends; what is no text is marked by NUL characters.

    Raises ReadError where a line is over MAX_LINE.
    """
    for number, line in enumerate(lines(inflated), start=1):
        if line is None:
            raise ReadError(f"line {number}: over the limit of {MAX_LINE:,} bytes")
        try:
            yield decode_line(line)
        except ReadError:
            yield marked_line(line)


def _guarded(read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadError(f"broken or truncated gzip data ({error})") from error
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror or error})") from error
