"""ClinConnect trial pages, as text or as HTML.

The page is a column of label lines with their values below. The eligibility text begins below
"Eligibility criteria" and ends before the label of the next part of the page.
"""

from collections.abc import Iterator, Sequence

from trialcriteria.errors import ReadError
from trialcriteria.read.base import FormatInfo, Raw, Record, certify, make_posting
from trialcriteria.read.fields import find_id, iso_age, sex_of
from trialcriteria.read.page import Line, find_label, find_line, split_lines, stretch, value_below
from trialcriteria.schema import Trial

INFO = FormatInfo("clinconnect", "ClinConnect trial page, text or HTML", ".txt")

_ELIGIBILITY = frozenset({"eligibility criteria"})
_NEXT_PARTS = frozenset(
    {
        "locations",
        "patients applied",
        "trial officials",
        "timeline",
        "first submit",
        "trial launched",
        "similar trials",
        "related trials",
        "discussion",
        "discussion 0",
    }
)
_SPONSOR = "About "
_LONGEST_SPONSOR_LINE = 160
_BEFORE_STATUS = "Current as of"
_BEFORE_SPONSOR = "Launched by"


def matches(raw: Raw) -> bool:
    """Whether the page names ClinConnect and has its eligibility label."""
    page = raw.page
    return "ClinConnect" in page and find_label(split_lines(page), _ELIGIBILITY) is not None


def read(raw: Raw) -> Iterator[Record]:
    """The one trial of the page; raises ReadError where it has no eligibility part."""
    lines = split_lines(raw.page)
    label = find_label(lines, _ELIGIBILITY)
    if label is None:
        raise ReadError("page without an eligibility part")
    start, end = stretch(raw.page, lines, label + 1, _end(lines, label + 1))
    text = raw.page[start:end]
    head = lines[:label]
    trial_id = find_id("\n".join(line.words for line in head), raw.name)
    trial = Trial(
        id=trial_id,
        registry="ClinicalTrials.gov",
        title=_title(head),
        status=_below(head, _BEFORE_STATUS),
        sex=sex_of(value_below(head, "gender")),
        minimum_age=iso_age(value_below(head, "minimum age")),
        maximum_age=iso_age(value_below(head, "maximum age")),
        source=certify(INFO, raw.name, text, raw.start(start)),
    )
    yield make_posting(trial, text)


def _end(lines: Sequence[Line], first: int) -> int:
    """The line after the eligibility text."""
    for at in range(first, len(lines)):
        if lines[at].key in _NEXT_PARTS or _names_sponsor(lines[at - 1], lines[at]):
            return at
    return len(lines)


def _names_sponsor(above: Line, line: Line) -> bool:
    """The heading "About <sponsor>": a short line that is no sentence and opens a paragraph."""
    return (
        line.words.startswith(_SPONSOR)
        and len(line.words) <= _LONGEST_SPONSOR_LINE
        and not line.words.endswith((";", ":", "?"))
        and (not above.words or line.words[len(_SPONSOR)].isupper())
    )


def _title(head: Sequence[Line]) -> str | None:
    """The line with words above "Launched by <sponsor>"."""
    launched = find_line(head, lambda line: line.words.startswith(_BEFORE_SPONSOR))
    above = [line.words for line in head[: launched or 0] if line.words]
    return above[-1] if above else None


def _below(head: Sequence[Line], opening: str) -> str | None:
    """The line with words below the line that opens so."""
    at = find_line(head, lambda line: line.words.startswith(opening))
    below = None if at is None else find_line(head, lambda line: bool(line.words), at + 1)
    return None if below is None else head[below].words
