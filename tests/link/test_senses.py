"""Abbreviations: the posting's own definition first, then the reading that its words speak for."""

import pytest

from trialcriteria.link.senses import Context, expanded


@pytest.mark.parametrize(
    ("text", "kind", "context", "wanted"),
    [
        ("LN", "condition", Context("A Study in SLE"), "lupus nephritis"),
        ("LN", "condition", Context("", "Metastatic breast carcinoma"), "lymph node metastasis"),
        ("LN", "condition", Context(), "LN"),
        ("LN", "drug", Context("A Study in SLE"), "LN"),
        ("CF", "condition", Context("", "", {"CF": "cardiac failure"}), "cardiac failure"),
        ("CF", "condition", Context("Cystic fibrosis", "", {"CF": "citrate"}), "citrate"),
        ("SSRIs", "drug", Context(), "selective serotonin reuptake inhibitor"),
        ("recent MI", "condition", Context(), "recent myocardial infarction"),
        ("mi", "condition", Context(), "mi"),
        ("SLE-like", "condition", Context(), "SLE-like"),
    ],
)
def test_expanded(text: str, kind: str, context: Context, wanted: str) -> None:
    assert expanded(text, kind, context) == wanted


def test_the_topic_outweighs_words_in_passing() -> None:
    context = Context("Multiple sclerosis", "mitral valve disease is excluded")
    assert context.long_form("MS", "condition") == "multiple sclerosis"


def test_as_much_for_one_reading_as_for_another_is_undecided() -> None:
    assert Context("", "scoliosis; stroke").long_form("AIS", "condition") is None
