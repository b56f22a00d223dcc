"""Bytes to text: UTF-8 (with or without BOM), UTF-16, or cp1252; anything else is no text."""

import codecs
import re

from trialcriteria.errors import ReadError

_BINARY_MAGIC = (
    (b"%PDF-", "a PDF file, not text"),
    (b"PK\x03\x04", "a ZIP or Office file, not text"),
    (b"\x89PNG", "a PNG image, not text"),
)
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x19\x1b-\x1f\x7f]")


def decode(data: bytes) -> str:
    """The text of ``data`` without its BOM.

    Raises ReadError where ``data`` is empty, blank, or is not text (NUL characters, or bytes
    that are neither UTF-8 nor plausible cp1252).
    """
    if not data.strip():
        raise ReadError("is empty")
    for magic, what in _BINARY_MAGIC:
        if data.startswith(magic):
            raise ReadError(f"is {what}")
    text = _decoded(data)
    if "\0" in text:
        raise ReadError("is not text (it holds NUL characters)")
    if not text.strip():
        raise ReadError("is empty")
    return text


def decode_line(line: bytes) -> str:
    """One line of a longer text, as ``decode``, blank or not."""
    if b"\0" in line:
        raise ReadError("is not text (it holds NUL characters)")
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return _decoded_cp1252(line)


def marked_line(line: bytes) -> str:
    """A line that is no text, with a NUL character for each byte of no encoding."""
    return line.decode("utf-8", "replace").replace("\ufffd", "\0")


def _decoded(data: bytes) -> str:
    wide = _utf16_codec(data)
    try:
        return data.decode(wide or "utf-8-sig").removeprefix("\ufeff")
    except UnicodeDecodeError as error:
        if wide:
            raise ReadError("is not text (broken UTF-16)") from error
    return _decoded_cp1252(data)


def _utf16_codec(data: bytes) -> str | None:
    """UTF-16 by its BOM, or by a first ASCII character with a zero byte beside it."""
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    if len(data) >= 4 and data[1] == data[3] == 0 and data[0] and data[2]:
        return "utf-16-le"
    if len(data) >= 4 and data[0] == data[2] == 0 and data[1] and data[3]:
        return "utf-16-be"
    return None


def _decoded_cp1252(data: bytes) -> str:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        raise ReadError("is not text (neither UTF-8 nor cp1252)") from error
    if _CONTROL.search(text):
        raise ReadError("is not text (it holds control characters)")
    return text
