"""The rows that take our labels to those of the public corpora."""

import re
from collections import Counter
from typing import get_args

import pytest

from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.evaluate.corpora.labels import (
    Corpus,
    comparable,
    excluded,
    label_map,
    labels,
    mapped,
    relations,
    scorable,
    unmapped,
    unmapped_relations,
)
from trialcriteria.export.brat import ENTITY_LABELS, RELATION_KINDS
from trialcriteria.schema import (
    Criterion,
    Entity,
    Extraction,
    Provenance,
    Relation,
    Source,
    Span,
    Trial,
)

CORPORA = get_args(Corpus)
TEXT = "Severe asthma, age > 65 years, no plan for pregnancy"


def entity(number, label, words):
    start = TEXT.index(words)
    spans = (Span(start, start + len(words)),)
    return Entity(id=f"t{number}", label=label, spans=spans, text=words, source="x", score=1.0)


def relation(kind, head, tail):
    return Relation(kind=kind, head=f"t{head}", tail=f"t{tail}", source="x", score=1.0)


@pytest.fixture
def extraction():
    criterion = Criterion(
        id="i1",
        section="s1",
        kind="inclusion",
        label=None,
        span=Span(0, len(TEXT)),
        text=TEXT,
        entities=(
            entity(1, "qualifier", "Severe"),
            entity(2, "condition", "asthma"),
            entity(3, "demographic", "age"),
            entity(4, "value", "> 65 years"),
            entity(5, "demographic", "> 65 years"),
            entity(6, "negation", "no"),
            entity(7, "window", "plan for"),
            entity(8, "observation", "pregnancy"),
        ),
        relations=(
            relation("qualifies", 1, 2),
            relation("has_value", 3, 4),
            relation("negates", 6, 8),
            relation("has_window", 8, 7),
            relation("has_value", 5, 4),
        ),
    )
    return Extraction(
        trial=Trial(id="N_1", source=Source(format="corpus", name="N_1", sha256="0")),
        text=TEXT,
        criteria=(criterion,),
        provenance=Provenance(program="x", version="0", lexicons="0"),
    )


def mention(label, words):
    start = TEXT.index(words)
    return Mention(label, (Span(start, start + len(words)),))


def test_an_extraction_in_the_labels_of_chia(extraction):
    severe, asthma = mention("Qualifier", "Severe"), mention("Condition", "asthma")
    age, above = mention("Person", "age"), mention("Value", "> 65 years")
    no, plan = mention("Negation", "no"), mention("Mood", "plan for")
    pregnancy = mention("Condition", "pregnancy")
    assert mapped(extraction, "chia") == Annotated(
        id="N_1",
        text=TEXT,
        mentions=(severe, asthma, age, above, no, plan, pregnancy),
        links=(
            Link("Has_qualifier", asthma, severe),
            Link("Has_value", age, above),
            Link("Has_negation", pregnancy, no),
            Link("Has_mood", pregnancy, plan),
        ),
    )


def test_an_extraction_in_the_labels_of_lct(extraction):
    severe = mention("Severity", "Severe")
    asthma, name = mention("Condition", "asthma"), mention("Condition-Name", "asthma")
    age, above = mention("Age", "age"), mention("Eq-Comparison", "> 65 years")
    no, pregnancy = mention("Negation", "no"), mention("Condition", "pregnancy")
    plan = mention("Eq-Comparison", "plan for")
    found = mapped(extraction, "lct")
    assert found.mentions == (
        severe,
        asthma,
        name,
        age,
        above,
        no,
        plan,
        mention("Eq-Temporal-Period", "plan for"),
        pregnancy,
        mention("Condition-Name", "pregnancy"),
    )
    assert found.links == (
        Link("Severity", asthma, severe),
        Link("Numeric-Filter", age, above),
        Link("Negates", no, pregnancy),
        Link("Temporality", pregnancy, plan),
    )


def test_an_extraction_in_the_labels_of_fb(extraction):
    found = mapped(extraction, "fb")
    assert found.mentions == (
        mention("chronic_disease", "asthma"),
        mention("age", "age"),
        mention("pregnancy", "pregnancy"),
    )
    assert found.links == ()


@pytest.mark.parametrize(
    ("corpus", "label", "words", "theirs"),
    [
        ("chia", "exception", "unless", ("Negation",)),
        ("chia", "consent", "informed consent", ()),
        ("lct", "condition", "known Allergy", ("Allergy",)),
        ("lct", "qualifier", "systemic", ("Modifier",)),
        ("lct", "qualifier", "subacute", ("Acuteness",)),
        ("lct", "value", "positive", ("Polarity",)),
        ("lct", "value", "I or II", ("Eq-Comparison",)),
        ("lct", "window", "in the past year", ("Eq-Comparison",)),
        ("lct", "window", "previous", ("Eq-Comparison", "Eq-Temporal-Period")),
        ("lct", "demographic", "women", ("Life-Stage-And-Gender",)),
        ("fb", "demographic", "women", ("gender",)),
        ("fb", "demographic", "children", ()),
        ("fb", "condition", "Lung Cancer", ("cancer",)),
        ("fb", "measurement", "body mass index (BMI)", ("bmi",)),
    ],
)
def test_words_choose_among_the_rows_of_a_label(extraction, corpus, label, words, theirs):
    one = Entity(id="t1", label=label, spans=(Span(0, 1),), text=words, source="x", score=1.0)
    criterion = extraction.criteria[0].model_copy(update={"entities": (one,), "relations": ()})
    found = mapped(extraction.model_copy(update={"criteria": (criterion,)}), corpus)
    assert tuple(m.label for m in found.mentions) == theirs


def test_what_counts_and_what_can_be_compared():
    drug, visit = Mention("Drug", (Span(0, 1),)), Mention("Visit", (Span(2, 3),))
    error = Mention("Parsing_Error", (Span(4, 5),))
    links = (
        Link("AND", drug, visit),
        Link("AND", drug, error),
        Link("multi", drug, visit),
        Link("Has_context", drug, drug),
        Link("OR", drug, drug),
    )
    document = Annotated("N_1", "abcdef", (drug, visit, error), links, ("a problem",))
    counting = scorable(document, "chia")
    assert counting.mentions == (drug, visit)
    assert counting.links == (links[0], links[3], links[4])
    assert counting.problems == ("a problem",)
    compared = comparable(document, "chia")
    assert compared.mentions == (drug,)
    assert compared.links == (links[4],)


def test_what_has_no_counterpart_is_named():
    assert unmapped("chia") == ("Visit",)
    assert unmapped_relations("chia") == ("Has_context",)
    assert {"Eq-Value", "Eq-Unit", "Location", "Provider"} <= set(unmapped("lct"))
    assert unmapped("fb") == ("allergy_name", "lower_bound", "upper_bound")


@pytest.mark.parametrize("corpus", CORPORA)
def test_each_of_our_labels_has_one_row_for_all_words_and_it_comes_last(corpus):
    for label in ENTITY_LABELS:
        rows = [r for r in label_map().entity if (r.corpus, r.ours) == (corpus, label)]
        assert [row.words is None for row in rows] == [False] * (len(rows) - 1) + [True], label


@pytest.mark.parametrize("corpus", [name for name in CORPORA if relations(name)])
def test_each_of_our_relations_has_a_row_or_nothing_to_point_at(corpus):
    kinds = {row.ours for row in label_map().relation if row.corpus == corpus}
    # LCT keeps the label of an event that a time hangs on, so that nothing is our anchor.
    assert set(RELATION_KINDS) - kinds == ({"has_anchor"} if corpus == "lct" else set())


@pytest.mark.parametrize("corpus", CORPORA)
def test_rows_name_labels_that_count(corpus):
    for row in label_map().entity:
        if row.corpus == corpus:
            assert set(row.theirs) <= set(labels(corpus)), row.id
    for row in label_map().relation:
        if row.corpus == corpus:
            assert row.theirs in relations(corpus), row.id
            assert {*row.head, *row.tail} <= set(labels(corpus)) - set(unmapped(corpus)), row.id


@pytest.mark.parametrize("corpus", CORPORA)
def test_no_label_both_counts_and_is_excluded(corpus):
    for row in excluded(corpus):
        assert not set(row.labels) & set(labels(corpus)), row.id
        assert not set(row.relations) & set(relations(corpus)), row.id
        assert row.reason, row.id
    assert list(labels(corpus)) == sorted(set(labels(corpus)))
    assert list(relations(corpus)) == sorted(set(relations(corpus)))


def test_ids_are_unique_and_begin_with_the_corpus():
    rows = (*label_map().excluded, *label_map().entity, *label_map().relation)
    assert [name for name, n in Counter(row.id for row in rows).items() if n > 1] == []
    assert [row.id for row in rows if not row.id.startswith(f"{row.corpus}-")] == []
    assert [row.id for row in label_map().corpus] == list(CORPORA)


def test_patterns_are_lower_case_alternatives():
    for row in label_map().entity:
        if row.words is not None:
            assert re.compile(row.words), row.id
            assert "*" not in row.words, row.id
            assert "+" not in row.words.replace("[+-]", ""), row.id
