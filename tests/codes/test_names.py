"""Names of the sources: as they are spoken, which are names at all, and codes that check."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codes.names import acceptable, plain, spoken
from codes.own import check_digit, loinc

SPOKEN = [
    ("Asthma", ["Asthma"]),
    ("Neoplasms, Kidney", ["Kidney Neoplasms"]),
    ("Diabetes Mellitus, Type 2", ["Type 2 Diabetes Mellitus", "Diabetes Mellitus Type 2"]),
    ("Piperacillin, Tazobactam Drug Combination", ["Piperacillin Tazobactam Drug Combination"]),
]


@pytest.mark.parametrize(("heading", "names"), SPOKEN, ids=[heading for heading, _ in SPOKEN])
def test_headings_are_read_as_they_are_spoken(heading: str, names: list[str]) -> None:
    assert spoken(heading) == names


def test_a_plain_name_has_no_brackets_and_no_nos() -> None:
    assert plain("Fracture (closed) of arm [any], NOS") == "Fracture of arm"


NAMES = [
    ("asthma", True),
    ("type 2 diabetes", True),
    ("MMF", False),
    ("RA", False),
    ("COPD", False),
    ("water", False),
    ("12 34", False),
    ("a|b carcinoma", False),
    ("one two three four five six seven eight", False),
    ("", False),
]


@pytest.mark.parametrize(("name", "wanted"), NAMES, ids=[name or "nothing" for name, _ in NAMES])
def test_which_names_are_taken(name: str, wanted: bool) -> None:
    assert acceptable(name, True) is wanted


@pytest.mark.parametrize("code", ["718-7", "2160-0", "4548-4", "33762-6", "89247-1"])
def test_the_check_digit_of_loinc(code: str) -> None:
    number, _, digit = code.partition("-")
    assert check_digit(number) == digit


@given(st.text("0123456789", min_size=3, max_size=6), st.integers(0, 5), st.integers(1, 9))
def test_another_digit_changes_the_check_digit(number: str, place: int, shift: int) -> None:
    at = place % len(number)
    other = f"{number[:at]}{(int(number[at]) + shift) % 10}{number[at + 1 :]}"
    assert check_digit(other) != check_digit(number)


def test_a_wrong_loinc_code_stops_the_build() -> None:
    with pytest.raises(SystemExit, match="height has no LOINC code: 8302-3"):
        loinc({"id": "height", "loinc": "8302-3"})
