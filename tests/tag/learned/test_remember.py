"""A tagger that remembers: the same answers, each text read once while it is remembered."""

from collections.abc import Callable, Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.extract import extract, extract_many
from trialcriteria.schema import Posting
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept
from trialcriteria.tag.learned.remember import RememberingTagger

NAMES = ["History of blorbox", "Active zantrokinosis", "Age >= 18 years"]


class Counting:
    """Takes each text's last word for a condition, and notes every text that it is asked for."""

    identity = "counting"

    def __init__(self) -> None:
        self.calls: list[list[str]] = []

    def read(self, texts: Sequence[str]) -> list[Learned]:
        self.calls.append([*texts])
        return [self._learned(text) for text in texts]

    def _learned(self, text: str) -> Learned:
        last = LearnedConcept(text.rfind(" ") + 1, len(text), "condition", 0.9)
        return Learned((last,), (), self.identity)


@given(st.lists(st.lists(st.sampled_from("abcdef"), max_size=6), max_size=6), st.integers(0, 4))
def test_answers_are_those_of_the_tagger(calls: list[list[str]], size: int) -> None:
    remembering = RememberingTagger(Counting(), size)
    for texts in calls:
        assert remembering.read(texts) == Counting().read(texts)


def test_a_remembered_text_is_not_read_again() -> None:
    counting = Counting()
    remembering = RememberingTagger(counting, size=2)
    remembering.read(["a", "b", "a"])
    remembering.read(["b", "c"])  # "a" was asked for the longest ago
    remembering.read(["c", "b"])
    remembering.read(["a"])
    assert counting.calls == [["a", "b"], ["c"], ["a"]]


def test_what_is_forgotten_is_read_again() -> None:
    counting = Counting()
    remembering = RememberingTagger(counting)
    remembering.read(["a"])
    remembering.forget()
    remembering.read(["a"])
    assert counting.calls == [["a"], ["a"]]


@pytest.mark.parametrize("number", [0, 1, 64, 65, 130])
def test_many_postings_are_extracted_as_one_at_a_time(
    excluding: Callable[[str], Posting], number: int
) -> None:
    postings = [excluding(f"{NAMES[n % 3]}\n\n{NAMES[n % 2]} {n}") for n in range(number)]
    counting = Counting()
    together = [*extract_many(iter(postings), counting)]
    assert together == [extract(posting, Counting()) for posting in postings]
    assert len(counting.calls) == -(-number // 64)


def test_no_more_postings_are_taken_than_are_read_together(
    excluding: Callable[[str], Posting],
) -> None:
    postings = iter([excluding(NAMES[0])] * 200)
    next(extract_many(postings, Counting()))
    assert len([*postings]) == 200 - 64
