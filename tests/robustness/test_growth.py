"""Repeated words: four times the text costs about four times the work, not sixteen."""

import time

import pytest

from trialcriteria.extract import extract
from trialcriteria.schema import Posting, Source, Trial

SHORT, TIMES = 4_000, 4  # code points of one criterion, and how many times as long the other is
LARGEST_RATIO = 9.0  # between 4 (linear) and 16 (quadratic), as times on a busy machine vary

REPEATED = (
    "life expectancy of ", "severe pain or ", "diabetes and ", "cancer ", "women ", "hepatitis B, ",
    "HIV positive, ", "history of ", "known or suspected ", "no ", "and ", ", ", "12 ", "age 18 ",
    "18 years ", "grade 3 ", "5 mg/dL ", "cancer 5 mg/dL ", "aspirin 5 mg/dL ", "ALT <= 3 x ULN, ",
    "within 3 months of ", "cancer within 3 months, ", "prior to ", "(x) ", "( ", "[a] ", "(LVEF) ",
    "left ventricular ejection fraction (LVEF) ", "due to ", "measured by ", "unless ", "if ",
    "for patients with ", "such as ", "must ", "ANA (titer > 1:80) ", "SBP 90-140 ", "SBP (mmHg) > 90 ",
    "at least 2 opioids ", "Gleason 3+4 or ", "Hb > 9 frobs ", "4 weeks between ", "4 weeks from ",
)  # fmt: skip


def seconds(words: str, length: int) -> float:
    """The least of a few runs on one criterion; each has words of its own, as readings are kept."""
    times = []
    for run in range(3):
        text = f"Inclusion Criteria:\n- {words * (length // len(words))}{run}"
        source = Source(format="plain", name="x", sha256="0" * 64)
        posting = Posting(trial=Trial(source=source), text=text)
        start = time.process_time()
        extract(posting)
        times.append(time.process_time() - start)
    return min(times)


@pytest.mark.parametrize("words", REPEATED)
def test_time_grows_with_the_length(words):
    seconds(words, SHORT // 10)  # loads the rules
    assert seconds(words, TIMES * SHORT) < LARGEST_RATIO * seconds(words, SHORT)
