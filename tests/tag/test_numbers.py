"""Printed numbers and their decimal strings."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.tag.numbers import NUMBER, number_at, parse_number


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("7", "7"), ("7.50", "7.50"), ("007", "007"), (".5", "0.5"), ("-2.5", "-2.5"), ("+3", "3"),
        ("1,500", "1500"), ("1,500,000", "1500000"), ("1,500.25", "1500.25"), ("0,500", "0.500"),
        ("1.500", "1.500"), ("1.500.000", "1500000"), ("100 000", "100000"), ("27,1", "27.1"),
        ("6·5", "6.5"), ("twelve", "12"), ("Twenty-Four", "24"), ("half", "0.5"), ("10^5", "100000"),
        ("10*3", "1000"), ("10^(9)", "1000000000"), (" 8 ", "8"), ("2 128,129", "2128.129"),
    ],
)  # fmt: skip
def test_parse_number(raw: str, expected: str) -> None:
    assert parse_number(raw) == expected


@pytest.mark.parametrize(
    ("low", "expected"),
    [
        ("12 mg", ("12", 2)), ("12.5mg", ("12.5", 4)), ("1,500/", ("1,500", 5)), ("10^9/l", ("10^9", 4)),
        ("three (3) months", ("3", 9)), ("three months", ("three", 5)), ("-2.5", ("-2.5", 4)),
        ("1.2.3", None), ("eightfold", None), ("mg", None), ("", None), ("18.", ("18", 2)),
    ],
)  # fmt: skip
def test_number_at(low: str, expected: tuple[str, int] | None) -> None:
    assert number_at(low, 0) == expected


@given(st.integers(0, 10**9))
def test_thousands_round_trip(number: int) -> None:
    assert parse_number(f"{number:,}") == str(number)


@given(st.decimals(0, 99999, places=2))
def test_decimals_round_trip_in_both_conventions(number: Decimal) -> None:
    printed = f"{number:.2f}"
    assert parse_number(printed) == printed
    assert parse_number(printed.replace(".", ",")) == printed


@given(st.text(alphabet="0123456789., ·-", max_size=12))
def test_every_match_is_a_decimal_string(text: str) -> None:
    for match in re.finditer(NUMBER, text):
        assert re.fullmatch(r"\d+(?:\.\d+)?", parse_number(match.group()))
