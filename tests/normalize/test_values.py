"""Value mentions into schema values."""

from dataclasses import dataclass

import pytest

from trialcriteria.normalize.values import normalize_value
from trialcriteria.schema import Bound, Canonical, Span, Unit, Value
from trialcriteria.tag.values import find_values
from trialcriteria.view import reading_view


@dataclass(frozen=True)
class Row:
    canonical_unit: str | None
    molar_mass: float | None = None


HEMOGLOBIN = Row("g/dL")
CREATININE = Row("mg/dL", 113.12)
NEUTROPHILS = Row("10*9/L")


def _value(text: str, row: Row | None = None) -> Value:
    (mention,) = find_values(reading_view(text))
    return normalize_value(mention, text, row)


def test_a_whole_value() -> None:
    text = "Hb \\>= 60 g/L"
    assert _value(text, HEMOGLOBIN) == Value(
        low=Bound(value="60", inclusive=True),
        unit=Unit(text="g/L", ucum="g/L"),
        canonical=Canonical(low=Bound(value="6.0", inclusive=True), high=None, ucum="g/dL"),
        text=">= 60 g/L",
        span=Span(4, 13),
    )


def test_words_are_those_of_the_text_not_of_the_view() -> None:
    assert _value("ANC ≥ 1.0 × 10⁹/L").text == "≥ 1.0 × 10⁹/L"


@pytest.mark.parametrize(
    ("text", "row", "low", "high"),
    [
        ("ANC ≥ 1,500/mm3", NEUTROPHILS, ("1.5", True), None),
        ("ANC > 1.0 x 109/L", NEUTROPHILS, ("1.0", False), None),
        ("creatinine < 133 μmol/L", CREATININE, None, ("1.5045", False)),
        ("creatinine 44.2-133 umol/L", CREATININE, ("0.49999", True), ("1.5045", True)),
        ("Hb ≥ 5.6 mmol/L (9 g/dL)", HEMOGLOBIN, ("9", True), None),
    ],
)
def test_canonical(
    text: str, row: Row, low: tuple[str, bool] | None, high: tuple[str, bool] | None
) -> None:
    found = _value(text, row).canonical
    assert found is not None
    assert (found.low and (found.low.value, found.low.inclusive)) == low
    assert (found.high and (found.high.value, found.high.inclusive)) == high
    assert found.ucum == row.canonical_unit


@pytest.mark.parametrize(
    ("text", "row"),
    [
        ("ALT ≤ 2 x ULN", Row("U/L")),
        ("creatinine ≤ 1.5", CREATININE),
        ("creatinine ≤ 133 μmol/L", HEMOGLOBIN),
        ("ANC ≥ 1.5 G/L", NEUTROPHILS),
        ("Hb ≥ 9 g/dL", Row("")),
        ("Hb ≥ 9 g/dL", Row(None)),
        ("Hb ≥ 9 g/dL", None),
        ("HIV negative", HEMOGLOBIN),
    ],
)
def test_no_canonical_where_conversion_is_not_certain(text: str, row: Row | None) -> None:
    assert _value(text, row).canonical is None


@pytest.mark.parametrize(
    ("text", "unit"),
    [
        ("aged 18 to 65", Unit(text="", ucum="a")),
        ("aged 18 to 65 years", Unit(text="years", ucum="a")),
        ("score ≥ 4", None),
        ("prednisone 10 mg daily", Unit(text="mg daily", ucum="mg/d")),
        ("titre > 5 EliA/mL", Unit(text="EliA/mL", ucum=None)),
    ],
)
def test_unit(text: str, unit: Unit | None) -> None:
    assert _value(text).unit == unit


def test_relative_and_named_values() -> None:
    assert _value("ALT ≤ 2 x ULN").relative_to == "ULN"
    assert _value("NYHA class III or IV").values == ("III", "IV")


@pytest.mark.parametrize("text", ["INR within normal limits", "normal creatinine"])
def test_normal_is_what_a_value_is_relative_to(text: str) -> None:
    assert (_value(text).values, _value(text).relative_to) == (None, "normal")


def test_words_without_a_limit_are_no_results() -> None:
    assert (_value("elevated lipase").values, _value("abnormal ECG").values) == (None, None)
