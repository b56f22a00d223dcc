"""What holds for every text: spans inside it, in order, valid durations, linear work."""

import re
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.normalize.time import normalize_count, normalize_duration, normalize_window
from trialcriteria.schema import CountOffset, Offset, Window
from trialcriteria.tag.time import TimeMention, find_times
from trialcriteria.tag.time.lexicon import entries
from trialcriteria.view import reading_view

ISO = re.compile(r"-?P(?:\d+(?:\.\d+)?[DWMY]|T\d+(?:\.\d+)?[HM])")
COUNT = re.compile(r"-?\d+(?:\.\d+)?")
FORMS = sorted({form for _, form, _ in entries()})
NUMBERS = ["2", "14", "1.5", "two", "twenty-four", "(2)", "6-12", "0.5", "1,000", "half"]
SIGNS = ["(", ")", ",", ";", ".", "-", "/", "±", "'", "+"]
PIECES = st.sampled_from(FORMS + NUMBERS * 8 + SIGNS * 4)
PHRASES = st.lists(PIECES, max_size=25).map(" ".join)


def check_offset(offset: Offset | None) -> None:
    if isinstance(offset, CountOffset):
        assert COUNT.fullmatch(offset.count)
    elif offset is not None:
        assert ISO.fullmatch(offset.iso)


def check_window(window: Window, text: str) -> None:
    assert window.text == text[window.span.start : window.span.end]
    assert window.anchor is not None
    span = window.anchor.span
    assert span is None or window.anchor.text == text[span.start : span.end] != ""
    for part in (window, *window.alternatives):
        check_offset(part.start)
        check_offset(part.end)


def check_mention(mention: TimeMention, text: str) -> None:
    assert 0 <= mention.start < mention.end <= len(text)
    words = text[mention.start : mention.end]
    assert words == words.strip()
    if mention.kind == "window":
        check_window(normalize_window(mention, text), text)
        return
    duration = mention.kind == "duration"
    found = (normalize_duration if duration else normalize_count)(mention, text)
    pattern = ISO if duration and found.unit is None else COUNT
    bounds = [bound.value for bound in (found.low, found.high) if bound]
    assert bounds
    assert all(pattern.fullmatch(value) for value in bounds)


def check_all(text: str) -> None:
    mentions = find_times(reading_view(text))
    for mention in mentions:
        check_mention(mention, text)
    edges = [edge for mention in mentions for edge in (mention.start, mention.end)]
    assert edges == sorted(edges)


@given(PHRASES)
def test_words_of_the_lexicon_in_any_order(text: str) -> None:
    check_all(text)


@given(st.text(max_size=200))
def test_any_text(text: str) -> None:
    check_all(text)


@given(st.text(max_size=40), st.sampled_from(["week", "months", "h"]), st.integers(1, 999))
def test_a_window_is_found_in_any_surroundings(noise: str, unit: str, number: int) -> None:
    text = f"{noise}\n. Not treated within {number} {unit} prior to screening."
    words = [text[mention.start : mention.end] for mention in find_times(reading_view(text))]
    assert f"within {number} {unit} prior to screening" in words


def calls_for(text: str) -> int:
    """Python calls that reading the text takes: a measure of work that no clock disturbs."""
    calls = 0

    def count(_frame: object, event: str, _argument: object) -> None:
        nonlocal calls
        calls += event == "call"

    old = sys.getprofile()
    sys.setprofile(count)
    try:
        find_times(text)
    finally:
        sys.setprofile(old)
    return calls


REPEATED = [
    "within 2 weeks or ",
    "2 weeks to ",
    "for at least ",
    "at least 3 but no more than ",
    "during ",
    "before or after or ",
    "from the start of ",
    "from the start until ",
    "of the ",
    "whichever is longer, ",
    "(6 weeks ",
    "end of the start of ",
    "visit ",
    "2 ± ",
    "history of ",
    "- ",
    "add-on",
    "screening or ",
    "5 half-lives of the drug ",
    "≥ 3 prior ",
    "within 10 days and ",
    "the past ",
    "1 2 3 4 5 ",
]


@pytest.mark.parametrize("piece", REPEATED)
def test_work_grows_with_the_length(piece: str) -> None:
    find_times(piece)
    short, long = (calls_for(f"within 1 week {piece * n}") for n in (200, 800))
    assert long <= 4.5 * short
