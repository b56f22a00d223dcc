"""Corpus documents as lines of words: every mention on its line is found again."""

from training.data import CORPORA, corpus_lines, layers, relation_set
from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.schema import Span
from trialcriteria.tag.learned.layers import Stretch

TEXT = "Inclusion:\n- hepatic or renal impairment\n\n- ALT≥2.5xULN\r\n"
HEPATIC = Mention("Condition", (Span(13, 20), Span(30, 40)))
RENAL = Mention("Condition", (Span(24, 40),))
VALUE = Mention("Value", (Span(48, 51),))
DOCUMENT = Annotated("NCT1_inc", TEXT, (RENAL, HEPATIC, VALUE), (Link("OR", HEPATIC, RENAL),))


def test_lines_hold_their_words_and_mentions() -> None:
    _, listed, limit = corpus_lines("chia", [DOCUMENT])
    assert [word.text for word in listed.words] == ["-", "hepatic", "or", "renal", "impairment"]
    assert [TEXT[listed.start :].startswith("- hepatic"), limit.start] == [True, 42]
    assert listed.mentions == [(HEPATIC, 1, 1), (RENAL, 3, 4)]
    assert listed.stretches == [
        Stretch("Condition", 3, 4),
        Stretch("Condition", 1, 1),
        Stretch("Condition", 4, 4),
    ]
    assert limit.stretches == [Stretch("Value", 3, 5)]


def test_a_mention_over_two_lines_is_on_neither() -> None:
    across = Annotated("x", "a\nb", (Mention("Drug", (Span(0, 3),)),))
    assert [line.stretches for line in corpus_lines("chia", [across])] == [[], []]


def test_each_label_of_a_corpus_is_in_some_layer() -> None:
    for corpus in CORPORA:
        made = layers([corpus])
        assert {layer.set for layer in made} == {corpus}
    outer, inner = layers(["lct"])
    assert not set(outer.labels) & set(inner.labels)
    assert {"Condition-Name", "Eq-Value"} <= set(inner.labels)


def test_relations_are_those_that_occur() -> None:
    found = relation_set("chia", [DOCUMENT])
    assert found.kinds == ("none", "OR")
    assert found.pairs(["Condition", "Value", "Condition"]) == [(0, 2), (2, 0)]
    assert found.pairs(["Condition", "Drug"]) == []
