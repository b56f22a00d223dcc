"""What every reader shares: the raw input, the size limits, and the making of a Posting.

A reader is a module with ``INFO``, ``matches(raw)`` and ``read(raw)``. Readers raise ReadError
with the bare reason; the package front door puts the name of the input before it.
"""

import hashlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol, TypeVar

from trialcriteria.errors import ReadError
from trialcriteria.read.decode import decode
from trialcriteria.read.html_text import looks_like_html, render
from trialcriteria.read.json_data import Json, looks_like_json, parse_json
from trialcriteria.schema import Part, Posting, SectionKind, Source, Span, Trial, Warning

MAX_BYTES = 256 * 1024 * 1024
"""Largest input that is loaded whole, in bytes unpacked (JSON lines and tables are streamed)."""

MAX_TEXT = 200_000
"""Longest eligibility text, in code points; the longest real ones have some 30,000."""


@dataclass(frozen=True)
class BrokenRecord:
    """One record of many that could not be read, with the reason in one line."""

    id: str | None
    name: str
    reason: str


@dataclass(frozen=True)
class FormatInfo:
    """A format as the ``formats`` command lists it."""

    name: str
    description: str
    extension: str


Record = Posting | BrokenRecord


class Raw:
    """One input, decoded and parsed at most once, and only as far as a reader asks."""

    def __init__(self, data: bytes, name: str) -> None:
        self.data = data
        self.name = name

    @cached_property
    def text(self) -> str:
        """The decoded input; raises ReadError where it is empty or is not text."""
        return decode(self.data)

    @cached_property
    def is_html(self) -> bool:
        """Whether the input is an HTML page."""
        return looks_like_html(self.text)

    @cached_property
    def page(self) -> str:
        """The page as a reader of it sees it: HTML rendered to text, anything else as it is."""
        return render(self.text) if self.is_html else self.text

    @cached_property
    def json(self) -> Json:
        """The JSON document, None where the input is none; ReadError where it is malformed."""
        return parse_json(self.text) if looks_like_json(self.text) else None

    def start(self, offset: int) -> int | None:
        """Offset in the raw page; null where the page had to be rendered first."""
        return None if self.is_html else offset


class Reader(Protocol):
    """The shape of a format module."""

    @property
    def INFO(self) -> FormatInfo: ...  # noqa: N802 (a module constant)

    def matches(self, raw: Raw) -> bool: ...

    def read(self, raw: Raw) -> Iterator[Record]: ...


class TableReader(Reader, Protocol):
    """The shape of a module for rows under a header, which are read one by one."""

    def is_header(self, text: str) -> bool: ...

    def read_lines(self, lines: Iterable[str], name: str) -> Iterator[Record]: ...


def certify(info: FormatInfo, name: str, text: str, start: int | None = None) -> Source:
    """Source of ``text`` with its sha256; raises ReadError where the text is over MAX_TEXT."""
    if len(text) > MAX_TEXT:
        raise ReadError(
            f"eligibility text of {len(text):,} characters, over the limit of {MAX_TEXT:,}"
        )
    digest = hashlib.sha256(text.encode("utf-8")).hexdigest()
    return Source(format=info.name, name=name, sha256=digest, start=start)


def make_posting(trial: Trial, text: str, parts: tuple[Part, ...] = ()) -> Posting:
    """The Posting, with a warning where the record has no eligibility text."""
    if text.strip():
        return Posting(trial=trial, text=text, parts=parts)
    missing = Warning(code="no_eligibility_text", message="the record has no eligibility text")
    return Posting(trial=trial, text=text, parts=parts, warnings=(missing,))


def join_parts(fields: Iterable[tuple[SectionKind, str | None]]) -> tuple[str, tuple[Part, ...]]:
    """Texts of a registry's separate fields joined by a blank line, and where each stands."""
    texts: list[str] = []
    parts: list[Part] = []
    start = 0
    for kind, text in fields:
        if text and text.strip():
            texts.append(text)
            parts.append(Part(kind=kind, span=Span(start, start + len(text))))
            start += len(text) + 2
    return "\n\n".join(texts), tuple(parts)


R = TypeVar("R")


def read_each(
    name: str,
    records: Iterable[R],
    read_one: Callable[[R, str], Posting],
    id_of: Callable[[R], str | None],
) -> Iterator[Record]:
    """One Posting a record; a record that cannot be read becomes a BrokenRecord."""
    for record in records:
        try:
            yield read_one(record, name)
        except ReadError as error:
            yield BrokenRecord(id=id_of(record), name=name, reason=str(error))


def read_document(
    raw: Raw,
    read_one: Callable[[Json, str], Posting],
    id_of: Callable[[Json], str | None],
) -> Iterator[Record]:
    """The one record of a JSON document, or one posting for each record of an array."""
    if isinstance(raw.json, list):
        yield from read_each(raw.name, raw.json, read_one, id_of)
    else:
        yield read_one(raw.json, raw.name)
