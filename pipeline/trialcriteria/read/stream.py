"""Binary streams, gzip or not, read with bounded memory."""

import gzip
import io
import zlib
from collections.abc import Callable, Iterator

from trialcriteria.errors import ReadError
from trialcriteria.read.base import MAX_BYTES
from trialcriteria.read.jsonl import MAX_LINE

_GZIP_MAGIC = b"\x1f\x8b"
_BOM = b"\xef\xbb\xbf"


class Inflated:
    """A stream, decompressed where it is gzip, with its first line already read.

    ``first_line`` is without a UTF-8 BOM and, as every line, cut at MAX_LINE bytes.
    """

    def __init__(self, stream: io.BufferedReader) -> None:
        packed = stream.peek(2).startswith(_GZIP_MAGIC)
        self._stream = gzip.GzipFile(fileobj=stream) if packed else stream
        self.first_line = self.line().removeprefix(_BOM)

    def line(self) -> bytes:
        """The next line, cut at MAX_LINE bytes; empty at the end."""
        return _guarded(lambda: self._stream.readline(MAX_LINE))

    def rest(self, limit: int) -> bytes:
        """The remaining bytes, at most ``limit``."""
        return _guarded(lambda: self._stream.read(limit))


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


def _guarded(read: Callable[[], bytes]) -> bytes:
    try:
        return read()
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise ReadError(f"broken or truncated gzip data ({error})") from error
    except OSError as error:
        raise ReadError(f"cannot be read ({error.strerror or error})") from error
