"""ClinicalTrials.gov records as mirror pages render them, as text or as HTML.

Label lines, each followed by one help sentence of the page itself and then the values. The
eligibility text begins below "Eligibility Criteria" and its help sentence, and ends before the
registry's own fields ("Minimum Eligible Age") or, where these lack, the next part of the page.
Every HTML page that no other reader knows comes here, and is refused where it has no such part.
"""

from collections.abc import Iterator, Sequence

from trialcriteria.errors import ReadError
from trialcriteria.read.base import FormatInfo, Raw, Record, certify, make_posting
from trialcriteria.read.fields import distinct, find_id, iso_age, sex_of, yes_no
from trialcriteria.read.page import (
    Line,
    find_label,
    find_line,
    split_lines,
    stretch,
    value_below,
    words_between,
)
from trialcriteria.schema import Trial

INFO = FormatInfo("ctgov_page", "ClinicalTrials.gov record as a mirror page, text or HTML", ".txt")

_ELIGIBILITY = frozenset({"eligibility criteria", "eligibility", "participation criteria"})
_FIELDS = frozenset(
    {
        "minimum eligible age",
        "maximum eligible age",
        "eligible sex",
        "accepts healthy volunteers",
    }
)
_PARTS = frozenset(
    {
        "study results",
        "basic information",
        "recruitment status",
        "clinical phase",
        "brief summary",
        "detailed description",
        "conditions",
        "keywords",
        "study design",
        "study groups",
        "interventions",
        "primary outcomes",
        "secondary outcomes",
        "other outcomes",
        "sponsors",
        "responsible party",
        "principal investigators",
        "locations",
        "countries",
        "central contacts",
        "facility contacts",
        "references",
        "provided documents",
        "other identifiers",
        "more related trials",
    }
)
_HELP_OPENINGS = (
    "Check the participation requirements",
    "See the medical conditions",
    "Learn about the drugs",
)
_ID_LINE = "NCT ID:"
_INTERVENTION_TYPE = "Intervention Type"
_MARKS = (_ID_LINE, "Eligible Sex", "Minimum Eligible Age")


def matches(raw: Raw) -> bool:
    """Whether it is an HTML page, or a text page with the labels of a mirror."""
    if raw.is_html:
        return True
    if not any(mark in raw.text for mark in _MARKS):
        return False
    return find_label(split_lines(raw.text), _ELIGIBILITY) is not None


def read(raw: Raw) -> Iterator[Record]:
    """The one trial of the page; raises ReadError where it has no eligibility part."""
    lines = split_lines(raw.page)
    label = find_label(lines, _ELIGIBILITY)
    if label is None:
        raise ReadError(f"{'HTML ' if raw.is_html else ''}page without an eligibility part")
    end = _end(lines, label + 1)
    start, stop = stretch(raw.page, lines, _after_help(lines, label + 1), end)
    text = raw.page[start:stop]
    fields = lines[end:]
    trial = Trial(
        id=find_id("\n".join(line.words for line in lines[:label]), raw.name),
        registry="ClinicalTrials.gov",
        title=_title(lines[:label]),
        conditions=distinct(_values(lines, "conditions")),
        interventions=distinct(_intervention_names(_values(lines, "interventions"))),
        phase=value_below(lines, "clinical phase"),
        status=value_below(lines, "recruitment status"),
        sex=sex_of(value_below(fields, "eligible sex")),
        minimum_age=iso_age(value_below(fields, "minimum eligible age")),
        maximum_age=iso_age(value_below(fields, "maximum eligible age")),
        healthy_volunteers=yes_no(value_below(fields, "accepts healthy volunteers")),
        source=certify(INFO, raw.name, text, raw.start(start)),
    )
    yield make_posting(trial, text)


def _end(lines: Sequence[Line], first: int) -> int:
    """The line after the eligibility text: a registry field, else another part, else the end."""
    field = find_label(lines, _FIELDS, first)
    end = find_label(lines, _PARTS, first) if field is None else field
    return len(lines) if end is None else end


def _after_help(lines: Sequence[Line], first: int) -> int:
    """The line after the help sentence that stands below a label, if one does."""
    below = find_line(lines, lambda line: bool(line.words), first)
    if below is not None and lines[below].words.startswith(_HELP_OPENINGS):
        return below + 1
    return first


def _title(head: Sequence[Line]) -> str | None:
    """The line with words above the id line."""
    at = find_line(head, lambda line: line.words.startswith(_ID_LINE))
    above = words_between(head, 0, at or 0)
    return above[-1] if above else None


def _values(lines: Sequence[Line], label: str) -> list[str]:
    """The lines of one part of the page, without its help sentence."""
    at = find_label(lines, frozenset({label}))
    if at is None:
        return []
    end = find_label(lines, _PARTS | _ELIGIBILITY, at + 1)
    return words_between(lines, _after_help(lines, at + 1), len(lines) if end is None else end)


def _intervention_names(words: Sequence[str]) -> Iterator[str]:
    """Names open the part and follow each "Intervention Type ..." line."""
    for before, line in zip(["", *words], words, strict=False):
        if not before or before.startswith(_INTERVENTION_TYPE):
            yield line
