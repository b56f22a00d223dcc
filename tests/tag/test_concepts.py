"""Concepts in single phrases (cases/concepts/concepts.txt) and what holds for any text."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.tag.concepts import find_concepts, measurements
from trialcriteria.tag.fold import fold, folded_key, read_words
from trialcriteria.view import reading_view

CASES = Path(__file__).parents[1] / "cases" / "concepts" / "concepts.txt"


def read_cases() -> list[tuple[str, list[str]]]:
    lines = CASES.read_text(encoding="utf-8").splitlines()
    pairs = [line.split(" => ") for line in lines if line.strip() and not line.startswith("#")]
    return [(text, [] if found == "-" else found.split("; ")) for text, found in pairs]


@pytest.mark.parametrize(("text", "expected"), read_cases(), ids=lambda value: str(value)[:60])
def test_case(text: str, expected: list[str]) -> None:
    view = reading_view(text)
    assert [f"{m.kind}: {view[m.start : m.end]}" for m in find_concepts(view)] == expected


def test_a_mention_names_its_concept_and_source() -> None:
    (mention,) = find_concepts("JAK inhibitors")
    assert mention == (0, 14, "drug", "JAK inhibitor", "curated:jak-inhibitor", False)


def test_an_abbreviation_of_the_field_takes_the_source_of_its_long_form() -> None:
    (short,) = find_concepts("RHD")
    (long,) = find_concepts("rheumatic heart disease")
    assert (short.name, short.source) == (long.name, long.source)


def test_measurements_are_found_under_their_id() -> None:
    (mention,) = find_concepts("absolute neutrophil count")
    row = measurements()[mention.source.removeprefix("measurement:")]
    assert (row.loinc, row.canonical_unit) == ("751-8", "10*9/L")


@pytest.mark.parametrize(
    "variants",
    [
        ("biopsy", "biopsies"),
        ("disease", "diseases", "disease's"),
        ("metastasis", "metastases"),
        ("virus", "viruses"),
        ("tumor", "tumors", "tumour", "Tumours"),
        ("hemoglobin", "haemoglobin"),
        ("esophageal", "oesophageal"),
        ("hospitalized", "hospitalised"),
        ("sjogren", "Sjögren"),
        ("betalactam", "βlactam"),
    ],
    ids=lambda variants: variants[0],
)
def test_spelling_variants_fold_to_one_form(variants: tuple[str, ...]) -> None:
    assert len({fold(word) for word in variants}) == 1


@pytest.mark.parametrize("word", ["gas", "MS", "pus", "us", "mellitus", "abscess"])
def test_a_final_s_that_is_no_plural_stays(word: str) -> None:
    assert fold(word) == word.lower()


def test_hyphens_and_blanks_are_one_but_a_dash_between_words_is_not() -> None:
    assert folded_key("live-attenuated vaccine") == folded_key("live attenuated vaccines")
    assert folded_key("asthma - lung") != folded_key("asthma lung")


WORDS = st.sampled_from(
    [
        "HIV",
        "lung",
        "cancer",
        "(",
        ")",
        ",",
        "anti-",
        "non",
        "serum",
        "ALT",
        "level",
        "Ünal",
        "İ",
        "\n",
    ]
)


@given(st.one_of(st.text(max_size=200), st.lists(WORDS, max_size=30).map(" ".join)))
def test_mentions_lie_in_the_text_in_order_without_overlap(text: str) -> None:
    view = reading_view(text)
    position = 0
    for mention in find_concepts(view):
        assert position <= mention.start < mention.end <= len(view)
        assert view[mention.start : mention.end].strip() == view[mention.start : mention.end]
        position = mention.end


@given(st.text(max_size=100))
def test_words_do_not_overlap_and_leave_no_letter_out(text: str) -> None:
    inside = [False] * len(text)
    words = read_words(text)
    assert len(words.folded) == len(words.starts) == len(words.ends)
    for start, end in zip(words.starts, words.ends, strict=True):
        for index in range(start, end):
            assert not inside[index]
            inside[index] = True
    assert all(inside[i] for i, char in enumerate(text) if char.isalnum())
