"""Keys of names: variants of one name share one, different names do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.link.names import canonical


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("renal tumours", "cancer of the kidney"),
        ("anti-coagulants", "anticoagulant"),
        ("vitamin B 12", "vitamin B12"),
        ("haemorrhage", "bleeding"),
        ("type II diabetes", "type 2 diabetes"),
        ("MRI scan", "magnetic resonance imaging"),
        ("Crohn's disease", "Crohn disease"),
        ("transplant of the liver", "hepatic transplantation"),
    ],
)
def test_names_that_say_the_same(one: str, other: str) -> None:
    assert canonical(one) == canonical(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("hypertension", "hypotension"),
        ("pulmonary hypertension", "lung hypertension"),  # vessels keep their adjective
        ("gastric bypass", "stomach bypass"),
        ("history of cancer", "cancer history"),  # "history" is no head that turns
        ("type 1 diabetes", "type 2 diabetes"),
        ("vitamin B6", "vitamin B12"),
    ],
)
def test_names_that_do_not(one: str, other: str) -> None:
    assert canonical(one) != canonical(other)


@given(st.text(max_size=120))
def test_a_key_has_no_blanks_to_spare(name: str) -> None:
    key = canonical(name)
    assert key == " ".join(key.split())
