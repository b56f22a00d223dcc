"""AACT ``eligibilities`` rows: pipe-delimited, with ``~`` for the line ends of the criteria."""

import io
from collections.abc import Iterable, Iterator

from trialcriteria.errors import ReadError
from trialcriteria.read.base import FormatInfo, Raw, Record, certify, make_posting, read_each
from trialcriteria.read.delimited import Row, header, require_text, rows
from trialcriteria.read.fields import iso_age, sex_of, stated, yes_no
from trialcriteria.schema import Posting, Trial

INFO = FormatInfo("aact", "AACT eligibilities table, pipe-delimited", ".txt")

_COLUMNS = frozenset({"nct_id", "criteria"})


def matches(raw: Raw) -> bool:
    """Whether the first line is the header of the table."""
    return is_header(raw.text)


def is_header(text: str) -> bool:
    """Whether the text opens with the header of the table."""
    return header(text, "|") >= _COLUMNS


def read(raw: Raw) -> Iterator[Record]:
    """One posting a row."""
    return read_lines(io.StringIO(raw.text, newline=""), raw.name)


def read_lines(lines: Iterable[str], name: str) -> Iterator[Record]:
    """As ``read``, of lines with their line ends."""
    return read_each(name, rows(lines, "|"), _posting, _row_id)


def _row_id(row: Row) -> str | None:
    return stated(row.get("nct_id"))


def _posting(row: Row, name: str) -> Posting:
    require_text(row)
    trial_id = _row_id(row)
    if trial_id is None or "criteria" not in row:
        raise ReadError("a row without nct_id or criteria")
    text = row["criteria"].replace("~", "\n")
    trial = Trial(
        id=trial_id,
        registry="ClinicalTrials.gov",
        sex=sex_of(row.get("gender")),
        minimum_age=iso_age(row.get("minimum_age")),
        maximum_age=iso_age(row.get("maximum_age")),
        healthy_volunteers=yes_no(row.get("healthy_volunteers")),
        source=certify(INFO, name, text),
    )
    return make_posting(trial, text)
