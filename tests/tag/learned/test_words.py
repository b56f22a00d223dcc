"""Words: nothing but blanks is lost, and shapes keep what the vocabulary forgets."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.tag.learned.words import SHAPES, words


@given(st.text(max_size=200))
def test_only_blanks_lie_between_words(text: str) -> None:
    found = words(text)
    places = [place for word in found for place in range(*word.span)]
    assert places == sorted(set(places))
    assert all(text[word.span.start : word.span.end] == word.text for word in found)
    assert "".join(text[i] for i in set(range(len(text))) - set(places)).strip() == ""
    assert all(1 <= word.shape < SHAPES for word in found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ALT≥2xULN", ["ALT", "≥", "2", "xULN"]),
        ("18years old", ["18", "years", "old"]),
        ("HIV-positive, 7.5 mg/d", ["HIV", "-", "positive", ",", "7", ".", "5", "mg", "/", "d"]),
        ("  ", []),
        ("a_b", ["a", "_", "b"]),
    ],
)
def test_letters_digits_and_signs_are_parted(text: str, expected: list[str]) -> None:
    assert [word.text for word in words(text)] == expected


def test_shape_tells_capitals_and_what_stands_before() -> None:
    shapes = {word.text: word.shape for word in words("all ALL All A aLL 5 mg")}
    assert len(set(shapes.values()) - {shapes["all"]}) == 5
    assert shapes["mg"] == shapes["all"]
    assert words("5mg")[1].shape == words("5 mg")[1].shape + 1
