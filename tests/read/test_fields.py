"""Registry fields in one spelling."""

import pytest

from trialcriteria.read.fields import (
    clean,
    find_id,
    iso_age,
    lines_of,
    registry_of,
    sex_from_flags,
    sex_of,
    stated,
    yes_no,
)

AGES = [
    ("18 Years", "P18Y"),
    ("1 Year", "P1Y"),
    ("6 Months", "P6M"),
    ("29 Weeks", "P29W"),
    ("2 Days", "P2D"),
    ("72 Hours", "PT72H"),
    ("30 Minutes", "PT30M"),
    ("1 minute", "PT1M"),
    ("0.5 Years", "P0.5Y"),
    ("0 Years", "P0Y"),
    (" 18  Years ", "P18Y"),
    ("18 Year(s)", "P18Y"),
    ("12Y", "P12Y"),
    ("48M", "P48M"),
    ("6569D", "P6569D"),
    ("P18Y", "P18Y"),
    ("PT72H", "PT72H"),
    ("N/A", None),
    ("NA", None),
    ("No limit", None),
    ("", None),
    (None, None),
    ("18", None),
    ("eighteen", None),
    ("18 to 65 Years", None),
    ("-3 Years", None),
]


@pytest.mark.parametrize(("value", "expected"), AGES)
def test_iso_age(value, expected):
    assert iso_age(value) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [("18", "P18Y"), ("0", None), ("999", None), ("120", "P120Y"), ("6 Months", "P6M"), ("", None)],
)
def test_iso_age_of_a_bare_number_of_years(value, expected):
    assert iso_age(value, bare_unit="Y") == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("ALL", "ALL"),
        ("All", "ALL"),
        ("Both", "ALL"),
        ("Both males and females", "ALL"),
        ("Male, Female", "ALL"),
        ("Female", "FEMALE"),
        ("FEMALE", "FEMALE"),
        ("Male", "MALE"),
        ("M", "MALE"),
        ("<br>Female: yes<br>Male: no<br>", "FEMALE"),
        ("Female: no Male: yes", "MALE"),
        ("Female: yes Male: yes", "ALL"),
        ("Not specified", None),
        ("", None),
        (None, None),
    ],
)
def test_sex_of(value, expected):
    assert sex_of(value) == expected


@pytest.mark.parametrize(
    ("female", "male", "expected"),
    [
        (True, True, "ALL"),
        (True, False, "FEMALE"),
        (False, True, "MALE"),
        (None, True, "MALE"),
        (False, False, None),
        (None, None, None),
    ],
)
def test_sex_from_flags(female, male, expected):
    assert sex_from_flags(female, male) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Accepts Healthy Volunteers", True),
        ("No", False),
        ("t", True),
        ("false", False),
        (True, True),
        (False, False),
        ("", None),
        (None, None),
        (5, None),
    ],
)
def test_yes_no(value, expected):
    assert yes_no(value) is expected


@pytest.mark.parametrize(
    ("text", "expected_id", "registry"),
    [
        ("trials/NCT01234567.txt", "NCT01234567", "ClinicalTrials.gov"),
        ("see ISRCTN12345678 there", "ISRCTN12345678", "ISRCTN"),
        ("2019-002663-10-ES.json", "2019-002663-10-ES", "EU CTR"),
        ("2019-002663-10", "2019-002663-10", "EU CTR"),
        ("2022-500244-37-00.json", "2022-500244-37-00", "CTIS"),
        ("DRKS00020935", "DRKS00020935", "DRKS"),
        ("ACTRN12623000271606", "ACTRN12623000271606", "ANZCTR"),
        ("ChiCTR2000039891", "ChiCTR2000039891", "ChiCTR"),
        ("NCT012345678", None, None),
        ("XNCT01234567", None, None),
        ("notes", None, None),
    ],
)
def test_ids(text, expected_id, registry):
    assert find_id(text) == expected_id
    assert registry_of(expected_id) == registry


def test_first_text_with_an_id_counts():
    assert find_id("no id", "NCT00000002 and NCT00000001") == "NCT00000002"


def test_lists_and_lines():
    assert lines_of("Stroke;<br>Aphasia;Stroke; ") == ("Stroke", "Aphasia")
    assert lines_of(None) == ()
    assert stated("Walking &amp; \n Talking") == "Walking & Talking"
    assert stated("N/A") is None
    assert clean(" a \n b ") == "a b"
    assert clean("  ") is None
