"""Codes on the facts and examples of a posting, by what the posting is about."""

import hashlib

import pytest

from trialcriteria.extract import extract
from trialcriteria.normalize.plausible import facts_in
from trialcriteria.schema import Code, Extraction, Posting, Source, Trial


def extracted(text: str, **fields: object) -> Extraction:
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = Source(format="plain", name="case", sha256=digest)
    return extract(Posting(trial=Trial.model_validate({"source": source, **fields}), text=text))


def displays(codes: tuple[Code, ...]) -> set[str]:
    return {code.display for code in codes}


def linked(extraction: Extraction) -> dict[str, set[str]]:
    """Names of the codes by the words of each subject."""
    nodes = [c.requirement for c in extraction.criteria if c.requirement]
    facts = [fact for node in nodes for fact in facts_in(node)]
    return {fact.subject.text: displays(fact.subject.codes) for fact in facts}


def test_every_fact_below_logic_gets_codes() -> None:
    found = linked(
        extracted(
            "Exclusion Criteria:\n"
            "1. Malignancy, except basal cell carcinoma of the skin\n"
            "2. No asthma or epilepsy\n"
            "3. If diabetic, HbA1c > 10 %\n"
        )
    )
    assert found["Malignancy"] == {"Neoplasms"}
    assert found["asthma"] == {"Asthma"}
    assert found["HbA1c"] == {"hemoglobin A1c"}
    assert all(names for words, names in found.items() if "basal" in words)


def test_one_criterion_read_in_two_postings() -> None:
    criterion = "Inclusion Criteria:\n1. Patients with MS\n"
    nerve = linked(extracted(criterion, conditions=["Multiple Sclerosis"]))
    heart = linked(extracted(criterion, conditions=["Mitral Valve Disease"]))
    unsaid = linked(extracted(criterion))
    assert (nerve["MS"], heart["MS"]) == ({"Multiple Sclerosis"}, {"Mitral Valve Stenosis"})
    assert unsaid["MS"] == set()


def test_the_posting_s_own_definition_wins() -> None:
    text = "Inclusion Criteria:\n1. Chronic fatigue syndrome (CF)\n2. CF for 6 months\n"
    found = linked(extracted(text, title="Cystic Fibrosis"))
    assert "Cystic Fibrosis" not in found.get("CF", set())


def test_a_qualifier_in_front_that_makes_a_concept_of_its_own() -> None:
    found = linked(extracted("Exclusion Criteria:\n1. Secondary hypertension\n"))
    assert [*found.values()] == [{"Secondary hypertension"}]


def test_examples_carry_codes_and_other_entities_none() -> None:
    extraction = extracted(
        "Exclusion Criteria:\n1. Strong CYP3A4 inhibitors such as ketoconazole or clarithromycin\n"
    )
    (criterion,) = extraction.criteria
    coded = {entity.text: displays(entity.codes) for entity in criterion.entities if entity.codes}
    assert coded == {"ketoconazole": {"Ketoconazole"}, "clarithromycin": {"Clarithromycin"}}
    assert [*linked(extraction).values()] == [{"Cytochrome P-450 CYP3A Inhibitors"}]


def test_a_measure_handed_down_by_a_lead_in_keeps_its_code() -> None:
    text = "Inclusion Criteria:\n1. Platelet count:\n  a. >= 100 x 10^9/L\n  b. < 400 x 10^9/L\n"
    assert linked(extracted(text))["Platelet count"] == {"platelet count"}


@pytest.mark.parametrize("field", ["codes", "source"])
def test_output_of_before_codes_had_a_source_is_still_read(field: str) -> None:
    written = extracted("Inclusion Criteria:\n1. Hemoglobin > 9 g/dL\n").model_dump(mode="json")
    for criterion in written["criteria"]:
        if field == "codes":
            criterion["entities"] = [
                {name: value for name, value in each.items() if name != "codes"}
                for each in criterion["entities"]
            ]
        else:
            for code in criterion["requirement"]["subject"]["codes"]:
                del code["source"]
    assert Extraction.model_validate(written).criteria
