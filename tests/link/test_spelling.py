"""Misspelt words are mended to the one well-known word an edit away, and no others."""

import pytest

from trialcriteria.link.spelling import respelled


@pytest.mark.parametrize(
    ("words", "kind", "wanted"),
    [
        ("hypertention", "condition", "hypertension"),
        ("severe hypertention", "condition", "severe hypertension"),
        ("parvastatin", "drug", "pravastatin"),
        ("siptagliptin", "drug", "sitagliptin"),
        ("fulvestant", "drug", "fulvestrant"),
    ],
)
def test_mended(words: str, kind: str, wanted: str) -> None:
    assert respelled(words, kind) == wanted


@pytest.mark.parametrize(
    ("words", "kind"),
    [
        ("hypotension", "condition"),  # a word itself
        ("prednisolone", "drug"),
        ("astma", "condition"),  # too short
        ("hypertenttion", "drug"),  # no word of drugs
        ("hypoglycemic", "condition"),  # another ending is another word
        ("cardiotoxic", "drug"),  # adjectives are made freely
        ("", "condition"),
    ],
)
def test_left_alone(words: str, kind: str) -> None:
    assert respelled(words, kind) == words
