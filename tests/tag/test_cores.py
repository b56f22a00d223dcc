"""What is left of a term without its narrowing words (cases/concepts/cores.txt)."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.tag.concepts import find_concepts
from trialcriteria.tag.cores import core
from trialcriteria.tag.tagger import tag
from trialcriteria.view import lower_view, reading_view

CASES = Path(__file__).parents[1] / "cases" / "concepts" / "cores.txt"


def read_cases() -> list[tuple[str, str]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    cases = [line.split(" => ") for line in lines if line.strip() and not line.startswith("#")]
    return [(text, found) for text, found in cases]


@pytest.mark.parametrize(("text", "expected"), read_cases(), ids=lambda value: str(value)[:60])
def test_case(text: str, expected: str) -> None:
    view = reading_view(text)
    found = [f"{m.label}: {view[m.start : m.end]}" for m in tag(view, {})]
    assert "; ".join(found) == expected


@given(st.lists(st.sampled_from(["acute", "chronic", "oral", "liver", "disease", "able", "to"])))
def test_what_is_left_lies_in_the_mention(words: list[str]) -> None:
    view = reading_view(" ".join(words))
    for found in find_concepts(view):
        left = core(found, lower_view(view))
        assert found.start <= left.start < left.end <= found.end
