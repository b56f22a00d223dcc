"""Rows of delimited text with a header line, for the readers of AACT and ICTRP files."""

import csv
from collections.abc import Iterable, Iterator, Mapping

from trialcriteria.errors import ReadError
from trialcriteria.read.base import MAX_BYTES

Row = Mapping[str, str]

_HEADER_LIMIT = 16_384


def header(text: str, delimiter: str) -> frozenset[str]:
    """Column names of the first line, lower case, blanks as underscores."""
    first_line = next(iter(text[:_HEADER_LIMIT].lstrip().splitlines()), "")
    if delimiter not in first_line:
        return frozenset()
    return frozenset(_column(name) for name in next(csv.reader([first_line], delimiter=delimiter)))


def rows(lines: Iterable[str], delimiter: str) -> Iterator[Row]:
    """The rows by column name; a row of another width comes with the columns it has.

    ``lines`` keep their line ends, as a text stream opened with ``newline=""`` gives them; where
    one is no text, its row has NUL characters: see ``is_text``.

    Raises ReadError where the csv module cannot go on.
    """
    # A field may be as long as the file: it is the posting that has a limit, so that one
    # oversized field breaks its own record and not the rows behind it.
    csv.field_size_limit(max(csv.field_size_limit(), MAX_BYTES))
    table = csv.reader(lines, delimiter=delimiter)
    try:
        names = [_column(name) for name in next(table, [])]
        for cells in table:
            if cells:
                yield dict(zip(names, cells, strict=False))
    except csv.Error as error:
        raise ReadError(f"broken table at line {table.line_num}: {error}") from error


def is_text(row: Row) -> bool:
    """Whether the bytes of all cells were text."""
    return not any("\0" in cell for cell in row.values())


def require_text(row: Row) -> None:
    """Raise ReadError where they were not."""
    if not is_text(row):
        raise ReadError("is not text (NUL characters, or neither UTF-8 nor cp1252)")


def _column(name: str) -> str:
    return name.strip().strip('"').lower().replace(" ", "_")
