"""Codes of a vocabulary on the facts of an extraction, beside those that are there."""

from collections.abc import Iterator, Sequence

import pytest

from trialcriteria.extract import extract
from trialcriteria.link.vocab.apply import with_codes
from trialcriteria.schema import (
    Code,
    Concept,
    ConceptKind,
    Extraction,
    Fact,
    Model,
    Posting,
    Source,
    Trial,
)


class Known:
    """A vocabulary of a few names; keeps what it was asked."""

    identity = "known:1"

    def __init__(self, **names: str) -> None:
        self.names = {name.replace("_", " "): code for name, code in names.items()}
        self.asked: list[tuple[ConceptKind, str]] = []

    def codes(
        self, kind: ConceptKind, names: Sequence[str], known: Sequence[Code] = ()
    ) -> tuple[Code, ...]:
        self.asked += [(kind, name) for name in names]
        found = next((self.names[name.lower()] for name in names if name.lower() in self.names), "")
        return (Code(system="s", code=found, display=found, score=1.0),) if found else ()


def read(text: str, *vocabularies: object) -> Extraction:
    trial = Trial(source=Source(format="plain", name="x", sha256=""))
    return extract(Posting(trial=trial, text=f"Inclusion Criteria:\n{text}\n"), None, vocabularies)


def facts(value: object) -> Iterator[Fact]:
    """All facts in a schema value, wherever they lie."""
    if isinstance(value, Fact):
        yield value
    for held in vars(value).values() if isinstance(value, Model) else ():
        for each in held if isinstance(held, tuple) else (held,):
            yield from facts(each)


def coded(extraction: Extraction) -> dict[str, list[tuple[str, float]]]:
    """What the vocabulary gave to the words of each fact."""
    return {
        fact.subject.text: [(c.code, c.score) for c in fact.subject.codes if c.system == "s"]
        for criterion in extraction.criteria
        for fact in facts(criterion)
    }


def test_no_vocabulary_changes_nothing():
    extraction = read("- Asthma")
    assert with_codes(extraction, []) is extraction
    assert extraction.provenance.vocabularies == ()


@pytest.mark.parametrize(
    "text",
    [
        "- Asthma",
        "- Asthma or gout",
        "- No asthma",
        "- Malignancy except asthma",
        "- Gout; if asthma is present, gout must be stable",
        "- At least 2 of the following: asthma, gout, cough",
    ],
)
def test_every_fact_is_reached(text):
    extraction = read(text, Known(asthma="A"))
    assert coded(extraction)[next(t for t in coded(extraction) if t.lower() == "asthma")] == [("A", 1.0)]  # fmt: skip
    assert all(codes == [] for name, codes in coded(extraction).items() if name.lower() != "asthma")


def test_the_output_names_the_vocabularies():
    assert read("- Asthma", Known(), Known()).provenance.vocabularies == ("known:1", "known:1")


def test_codes_that_are_there_come_first_and_none_twice():
    plain = read("- Hemoglobin > 9 g/dL")
    before = next(facts(plain)).subject.codes
    twice = read("- Hemoglobin > 9 g/dL", Known(hemoglobin="H"), Known(hemoglobin="H"))
    after = next(facts(twice)).subject.codes
    assert after[: len(before)] == before
    assert [code.code for code in after[len(before) :]] == ["H"]


def asked_for(concept: Concept, vocabulary: Known) -> list[tuple[str, float]]:
    """What a vocabulary gives to one concept."""
    fact = Fact(subject=concept, source="test", score=1.0)
    extraction = read("- Asthma")
    criterion = extraction.criteria[0].model_copy(update={"requirement": fact})
    changed = extraction.model_copy(update={"criteria": (criterion,)})
    ((_, codes),) = coded(with_codes(changed, [vocabulary])).items()
    return codes


def condition(text: str, *codes: Code) -> Concept:
    return Concept(kind="condition", text=text, span=None, codes=codes)


def mesh(display: str, score: float) -> Code:
    return Code(system="mesh", code="D1", display=display, score=score)


def test_words_that_only_narrow_are_left_out_last_and_cost_a_little():
    severe = condition("severe asthma")
    assert asked_for(severe, Known(asthma="A")) == [("A", 0.9)]
    assert asked_for(severe, Known(asthma="A", severe_asthma="S")) == [("S", 1.0)]
    assert asked_for(severe, Known(severe="S")) == []


def test_the_name_of_a_code_that_is_there_stands_for_the_words():
    short = condition("RA", mesh("Arthritis, Rheumatoid", 0.8))
    assert asked_for(short, Known(rheumatoid_arthritis="R")) == [("R", 0.8)]
    assert asked_for(short, Known(ra="X", rheumatoid_arthritis="R")) == [("X", 1.0)]


def test_a_vocabulary_is_asked_for_the_kind_of_the_concept():
    vocabulary = Known()
    asked_for(condition("severe asthma", mesh("Asthma, Severe", 1.0)), vocabulary)
    assert vocabulary.asked == [
        ("condition", "severe asthma"),
        ("condition", "Asthma, Severe"),
        ("condition", "Severe Asthma"),
        ("condition", "asthma"),
    ]


def test_the_same_text_gets_the_same_codes_with_and_without_the_cache():
    first, second = (read("- Asthma", Known(asthma="A")) for _ in range(2))
    assert first == second
    assert coded(read("- Asthma")) == {"Asthma": []}


def test_a_qualifier_in_front_belongs_to_the_name_where_the_vocabulary_has_it():
    names = Known(severe_asthma="S", asthma="A")
    assert {codes[0][0] for codes in coded(read("- Severe asthma", names)).values()} == {"S"}
