"""WHO ICTRP search results as CSV, from all the registries that report to it.

Line ends of the criteria are ``<br>``; a line end of the file right before a ``<br>`` is the
same one. Column names vary between exports, so each field lists the names it goes by. Ages
without a unit (ChiCTR) are years, and 0 stands for no limit (REBEC).
"""

import io
import re
from collections.abc import Iterable, Iterator

from trialcriteria.errors import ReadError
from trialcriteria.read.base import (
    FormatInfo,
    Raw,
    Record,
    certify,
    join_parts,
    make_posting,
    read_each,
)
from trialcriteria.read.delimited import Row, header, require_text, rows
from trialcriteria.read.fields import iso_age, lines_of, sex_of, stated
from trialcriteria.schema import Part, Posting, Trial

INFO = FormatInfo("ictrp", "WHO ICTRP search results, CSV", ".csv")

_BREAK = re.compile(r"(?:\r\n|\n|\r)?<br[ \t]{0,3}/?[ \t]{0,3}>", re.IGNORECASE)
_INCLUSION = "inclusion_criteria"
_EXCLUSION = "exclusion_criteria"
_TITLE = ("public_title", "scientific_title")
_PHASE = ("phase_original", "phase")
_SEX = ("inclusion_gender", "gender")


def matches(raw: Raw) -> bool:
    """Whether the first line is the header of an ICTRP export."""
    return is_header(raw.text)


def is_header(text: str) -> bool:
    """Whether the text opens with the header of an ICTRP export."""
    return header(text, ",") >= {"trialid", _INCLUSION}


def read(raw: Raw) -> Iterator[Record]:
    """One posting a row; ``Trial.registry`` is the row's source register."""
    return read_lines(io.StringIO(raw.text, newline=""), raw.name)


def read_lines(lines: Iterable[str], name: str) -> Iterator[Record]:
    """As ``read``, of lines with their line ends."""
    return read_each(name, rows(lines, ","), _posting, _row_id)


def _row_id(row: Row) -> str | None:
    return stated(row.get("trialid"))


def _posting(row: Row, name: str) -> Posting:
    require_text(row)
    trial_id = _row_id(row)
    if trial_id is None or _INCLUSION not in row:
        raise ReadError("a row without TrialID or inclusion criteria")
    text, parts = _criteria(row)
    trial = Trial(
        id=trial_id,
        registry=stated(row.get("source_register")),
        title=_first(row, _TITLE),
        conditions=lines_of(row.get("condition")),
        interventions=lines_of(row.get("intervention")),
        phase=_first(row, _PHASE),
        status=stated(row.get("recruitment_status")),
        sex=sex_of(_first(row, _SEX)),
        minimum_age=iso_age(row.get("inclusion_agemin"), bare_unit="Y"),
        maximum_age=iso_age(row.get("inclusion_agemax"), bare_unit="Y"),
        source=certify(INFO, name, text),
    )
    return make_posting(trial, text, parts)


def _criteria(row: Row) -> tuple[str, tuple[Part, ...]]:
    """The text; parts only where the exclusions have a column of their own with words in it."""
    inclusion, exclusion = (_lines(row.get(column, "")) for column in (_INCLUSION, _EXCLUSION))
    if exclusion.strip():
        return join_parts((("inclusion", inclusion), ("exclusion", exclusion)))
    return inclusion, ()


def _lines(cell: str) -> str:
    return "" if stated(cell) is None else _BREAK.sub("\n", cell)


def _first(row: Row, columns: tuple[str, ...]) -> str | None:
    return next((value for name in columns if (value := stated(row.get(name)))), None)
