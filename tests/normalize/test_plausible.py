"""Values that no patient has, and second units that contradict the first, are warned about."""

import pytest

from trialcriteria.extract import extract
from trialcriteria.normalize.plausible import value_warnings
from trialcriteria.schema import Part, Posting, Span, Trial


def _codes(text: str) -> list[str]:
    part = Part(kind="inclusion", span=Span(0, len(text)))
    criteria = extract(Posting(trial=TRIAL, text=text, parts=(part,))).criteria
    return [warning.code for warning in value_warnings(criteria)]


TRIAL = Trial.model_validate({"id": "T1", "source": {"format": "text", "name": "t", "sha256": ""}})


@pytest.mark.parametrize(
    "text",
    [
        "Serum creatinine > 1.6 g/dL",
        "Albumin >= 2.5 mg/dL",
        "Hemoglobin < 8.5 mg/dL",
        "Platelet count < 60,000/mL",
    ],
)
def test_impossible_values_are_warned_about(text: str) -> None:
    assert _codes(text) == ["implausible_value"]


@pytest.mark.parametrize(
    "text",
    ["Hemoglobin >= 9 g/dL (110 g/L)", "Serum creatinine <= 2.0 mg/dL (133 umol/L)"],
)
def test_second_units_that_disagree_are_warned_about(text: str) -> None:
    assert _codes(text) == ["second_unit_disagrees"]


@pytest.mark.parametrize(
    "text",
    [
        "Serum creatinine > 1.6 mg/dL",
        "Serum creatinine <= 1.5 mg/dL (133 umol/L)",
        "Hemoglobin >= 9 g/dL (90 g/L)",
        "Hemoglobin >= 9 frobs",
        "ALT <= 3 x ULN",
        "Bilirubin > 0 mg/dL",
    ],
)
def test_possible_values_are_not(text: str) -> None:
    assert _codes(text) == []
