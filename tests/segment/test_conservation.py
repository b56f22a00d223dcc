"""No character is lost: each lies in one criterion, in a heading, or in a warning."""

import gzip
import json
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from trialcriteria.segment import Segmented, segment
from trialcriteria.segment.lines import blank_breaks
from trialcriteria.view import reading_view

DATA = Path(os.environ.get("TRIALCRITERIA_DATA", Path(__file__).parents[3] / "shared"))
BULK = DATA / "registry" / "bulk" / "trials.jsonl.gz"

PIECES = st.sampled_from(
    [
        "\n", "\n\n", "\r\n", " ", "  ", "\t", "• ", "* ", "- ", "-", "o ", "1. ", "2. ", "3) ",
        "10. ", "(a) ", "b) ", "ii. ", "iv) ", "1.2 ", "5.5 ", "A. ", "# ", "**", "\\", "<br>",
        ":", ";", ".", "Inclusion Criteria:", "EXCLUSION CRITERIA", "exclusion:", "Cohort B:",
        "Eligibility", "PATIENT CHARACTERISTICS:", "Patients must have:", "any of the following:",
        "age over 18", "no surgery", "grade ", "ANC >= 1.5", "or", "and ", "(", ")", "é", "ﬁ", "İ",
        "１．", "：", "\u2028", "\x85", "\x1c", "🙂",
    ]
)  # fmt: skip
TEXTS = st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=200))


def covered(text: str, result: Segmented) -> list[int]:
    """How often each character lies in a criterion, a heading, or a warning of its own."""
    counts = [0] * len(text)
    spans = [criterion.span for criterion in result.criteria]
    spans += [w.span for w in result.warnings if w.span is not None and w.criterion is None]
    for section in result.sections:
        if section.heading is not None:
            end = text.index(section.heading, section.span.start) + len(section.heading)
            spans.append((section.span.start, end))
    for start, end in spans:
        for at in range(start, end):
            counts[at] += 1
    return counts


def assert_sound(text: str) -> None:
    """Conservation, exact texts, unique ids, parents before children, order of the text."""
    result = segment(text)
    broken = blank_breaks(text)
    view = reading_view(broken)
    counts = covered(text, result)
    printed = [at for at in range(len(text)) if not (broken[at].isspace() or view[at].isspace())]
    assert [at for at in printed if counts[at] != 1] == []
    assert max(counts, default=0) <= 1
    ids = [criterion.id for criterion in result.criteria]
    assert len(set(ids)) == len(ids)
    assert [c.span for c in result.criteria] == sorted(c.span for c in result.criteria)
    for at, criterion in enumerate(result.criteria):
        assert criterion.text == text[criterion.span.start : criterion.span.end]
        assert criterion.text == criterion.text.strip() != ""
        assert criterion.parent is None or criterion.parent in ids[:at]


@given(TEXTS)
@example("Inclusion Criteria:* ")
@settings(max_examples=400, deadline=None)
def test_nothing_is_lost(text: str) -> None:
    assert_sound(text)


def chunks() -> Iterator[list[str]]:
    with gzip.open(BULK, "rt", encoding="utf-8") as lines:
        texts = [json.loads(line)["eligibility"] for line in lines]
    for start in range(0, len(texts), 500):
        yield texts[start : start + 500]


@pytest.mark.skipif(not BULK.exists(), reason="registry data not found; set TRIALCRITERIA_DATA")
def test_nothing_is_lost_in_real_postings() -> None:
    for texts in chunks():
        for text in texts:
            assert_sound(text)
            assert segment(text).criteria
