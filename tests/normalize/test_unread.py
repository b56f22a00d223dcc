"""A printed limit that no rule can read is warned about, and one that is read is not."""

import pytest

from trialcriteria.extract import extract
from trialcriteria.schema import Part, Posting, Span, Trial

TRIAL = Trial.model_validate({"id": "T1", "source": {"format": "text", "name": "t", "sha256": ""}})


def unread(text: str) -> list[str]:
    """The words of each limit that could not be read."""
    part = Part(kind="inclusion", span=Span(0, len(text)))
    extraction = extract(Posting(trial=TRIAL, text=text, parts=(part,)))
    spans = [w.span for w in extraction.warnings if w.code == "unread_threshold" and w.span]
    return [text[span.start : span.end] for span in spans]


@pytest.mark.parametrize(
    ("text", "limits"),
    [
        ("Hemoglobin >= 9 frobs", [">= 9"]),
        ("Hemoglobin >= 9 g/dL and creatinine less than 2 frobs", ["less than 2"]),
        ("Gleason score \u2265 4+3", ["\u2265 4"]),
        ("PSA observed in testing at least 1 hour apart", ["at least 1"]),
    ],
)
def test_limits_that_no_rule_reads_are_warned_about(text: str, limits: list[str]) -> None:
    assert unread(text) == limits


@pytest.mark.parametrize(
    "text",
    [
        "Hemoglobin >= 9 g/dL within 2 weeks before screening",
        "At least 2 of the following: asthma, diabetes, stroke",
        "At least 4 weeks since chemotherapy",
        "Stable weight for at least 12 weeks",
        "More than 2 exacerbations in the past year",
        "Hemoglobin \\>= 9 g/dL",
        "Grade > 1 toxicity",
        "Frobs > 3 in any foo",  # kept whole, as words that could not be structured
    ],
)
def test_limits_that_are_read_or_kept_are_not(text: str) -> None:
    assert unread(text) == []
