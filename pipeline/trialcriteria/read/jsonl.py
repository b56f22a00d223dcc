"""JSON lines: one object a line with ``nct_id`` or ``id`` and ``eligibility`` or ``text``.

A line may also be a whole study as the ClinicalTrials.gov API has it. Optional: title, conditions,
interventions, phase, status, sex, minimum_age, maximum_age, healthy_volunteers. Ages are words
("18 Years"), ISO 8601, or bare numbers of years (0 and 999 stand for no limit). Lines are read one
by one, so a file may be of any size.
"""

from collections.abc import Iterable, Iterator

from trialcriteria.errors import ReadError
from trialcriteria.read import ctgov_v2
from trialcriteria.read.base import BrokenRecord, FormatInfo, Raw, Record, certify, make_posting
from trialcriteria.read.fields import clean, distinct, iso_age, registry_of, sex_of, yes_no
from trialcriteria.read.json_data import Json, dig, items, line_at, parse_json
from trialcriteria.schema import Posting, Trial

INFO = FormatInfo("jsonl", "JSON lines with nct_id or id, and eligibility or text", ".jsonl")

MAX_LINE = 16 * 1024 * 1024
"""Longest line, in bytes."""

_IDS = ("nct_id", "id")
_TEXTS = ("eligibility", "text")


def is_row(line: bytes | str) -> bool:
    """Whether the line is a whole object with an id and a text."""
    if not line.strip() or line.lstrip()[:1] not in ("{", b"{"):
        return False
    try:
        return _has_keys(parse_json(line))
    except ReadError:
        return False


def matches(raw: Raw) -> bool:
    """Whether the first line with words is such an object, or the whole input is one."""
    first_line = raw.text.lstrip()[:MAX_LINE].split("\n", 1)[0]
    return is_row(first_line) or _has_keys(raw.json)


def read(raw: Raw) -> Iterator[Record]:
    """One posting a line; an object spread over several lines is one posting."""
    if not is_row(raw.text.lstrip()[:MAX_LINE].split("\n", 1)[0]) and _has_keys(raw.json):
        yield _posting(raw.json, raw.name)
        return
    lines = (line.encode("utf-8") for line in raw.text.split("\n"))
    yield from read_lines(lines, raw.name)


def read_lines(lines: Iterable[bytes | None], name: str) -> Iterator[Record]:
    """One posting a line that has words; None stands for a line over MAX_LINE."""
    for number, line in enumerate(lines, start=1):
        if line is None:
            reason = f"line {number}: over the limit of {MAX_LINE:,} bytes"
            yield BrokenRecord(id=None, name=name, reason=reason)
        elif line.strip():
            yield _read_line(line, number, name)


def _read_line(line: bytes, number: int, name: str) -> Record:
    row: Json = None
    try:
        row = parse_json(line.rstrip())
        return _posting(row, name)
    except ReadError as error:
        reason = str(error).replace("line 1, ", "")
        return BrokenRecord(id=_row_id(row), name=name, reason=f"line {number}: {reason}")


def _has_keys(row: Json) -> bool:
    return (
        isinstance(row, dict)
        and any(key in row for key in _IDS)
        and any(key in row for key in _TEXTS)
    )


def _row_id(row: Json) -> str | None:
    if ctgov_v2.is_study(row):
        return ctgov_v2.study_id(row)
    return next((found for key in _IDS if (found := line_at(row, key))), None)


def _posting(row: Json, name: str) -> Posting:
    if not isinstance(row, dict):
        raise ReadError("not a JSON object")
    if ctgov_v2.is_study(row):
        return ctgov_v2.study(row, name)
    trial_id = _row_id(row)
    if trial_id is None:
        raise ReadError("neither nct_id nor id")
    text = _row_text(row)
    trial = Trial(
        id=trial_id,
        registry=registry_of(trial_id),
        title=line_at(row, "title"),
        conditions=_names(row, "conditions"),
        interventions=_names(row, "interventions"),
        phase=line_at(row, "phase"),
        status=line_at(row, "status"),
        sex=sex_of(line_at(row, "sex") or line_at(row, "gender")),
        minimum_age=iso_age(line_at(row, "minimum_age"), bare_unit="Y"),
        maximum_age=iso_age(line_at(row, "maximum_age"), bare_unit="Y"),
        healthy_volunteers=yes_no(dig(row, "healthy_volunteers")),
        source=certify(INFO, name, text),
    )
    return make_posting(trial, text)


def _row_text(row: Json) -> str:
    """The first text given; empty where it is null or missing."""
    found = next((row[key] for key in _TEXTS if row.get(key) is not None), "")
    if not isinstance(found, str):
        raise ReadError("the eligibility text is not a string")
    return found


def _names(row: Json, key: str) -> tuple[str, ...]:
    return distinct(clean(value) for value in items(row, key) if isinstance(value, str))
