"""Numbers and units as printed, in the schema's forms."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.evaluate.quantities import amount, iso_length, number, ucum

NUMBERS = {
    "18": "18",
    "7.50": "7.5",
    "8.0": "8",
    "100": "100",
    ".5": "0.5",
    "0.00": "0",
    "1,500": "1500",
    "50 , 000": "50000",
    "1,500.5": "1500.5",
    "27,1": "27.1",
    "- 2": "-2",
    "\u22123": "-3",
    "+ 1.5": "1.5",
    "10 ^ 3": "1000",
    "5 th": "5",
    "six": "6",
    "Twice": "2",
    "forty-eight": "48",
    "thirty - two": "32",
    "III": "3",
    "X": "10",
    "iii": None,
    "Sunday": None,
    "long - term": None,
    "2a": None,
    "": None,
    "1.2.3": None,
    "9" * 50: "9" * 50,
}


@pytest.mark.parametrize("printed", NUMBERS)
def test_number(printed):
    assert number(printed) == NUMBERS[printed]


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=4))
def test_number_keeps_decimals(value):
    assert Decimal(number(str(value))) == value
    assert number(number(str(value))) == number(str(value))


UNITS = {
    "%": "%",
    "mg / dl": "mg/dL",
    "MG/DL": "mg/dL",
    "ml per minute": "mL/min",
    "kg / m^ 2": "kg/m2",
    "m\u00b2": "m2",
    "mL / minute / 1.73 m 2": "mL/min/{1.73_m2}",
    "cells / mm 3": "/uL",
    "cells / \u3395": "/uL",
    "x 10^9 / L": "10*9/L",
    "109 / L": "10*9/L",
    "\u00b0C": "Cel",
    "PK half - lives": "{half_life}",
    "mM": "mmol/L",
    "mm": "mm",
    "G / L": None,
    "quatloos": None,
    "mg / quatloo": None,
    "": None,
}


@pytest.mark.parametrize("printed", UNITS)
def test_ucum(printed):
    assert ucum(printed) == UNITS[printed]


@pytest.mark.parametrize(
    ("value", "unit", "iso"),
    [("18", "a", "P18Y"), ("6", "mo", "P6M"), ("2", "wk", "P2W"), ("1.5", "d", "P1.5D"),
     ("72", "h", "PT72H"), ("30", "min", "PT30M"), ("5", "s", "PT5S")],
)  # fmt: skip
def test_lengths_of_time_in_both_forms(value, unit, iso):
    assert iso_length(value, unit) == iso
    assert amount(iso) == amount(f"-{iso}") == (value, unit)


@pytest.mark.parametrize("iso", ["P1Y6M", "P", "18", "PT5D", "-5"])
def test_other_lengths_are_none(iso):
    assert amount(iso) is None


def test_no_length_in_another_unit():
    assert iso_length("5", "{half_life}") is None
