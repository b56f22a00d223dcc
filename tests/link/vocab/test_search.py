"""Searching by words, and one concept in full."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.link.vocab.keys import key_of


def names(entries: object) -> list[str]:
    return [entry.name for entry in entries]


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("hypertens", None, ["Hypertensive disorder", "Essential hypertension"]),
        ("hypertension", None, ["Hypertensive disorder", "Essential hypertension"]),
        ("essential hyper", None, ["Essential hypertension"]),
        ("hyper essential", None, []),
        ("aspirin", "drug", ["aspirin", "Aspirin"]),
        ("aspirin", "condition", []),
        ("creatinine", "measurement", ["Creatinine measurement", "Creatinine [Mass/volume] in Serum or Plasma"]),
        ("zebra", None, []),
        ("", None, []),
        ('" ^ *', None, []),
        ('cough" OR "fever', None, []),
    ],
)  # fmt: skip
def test_search(add, text, kind, expected):
    assert names(add().search(text, kind)) == expected


@pytest.mark.parametrize("asked", ["zebra \ud800", "\udcff", "co\0ugh", "9" * 30, "%", "'"])
def test_hostile_words_find_nothing(add, asked):
    index = add()
    assert (index.search(asked), index.details(asked)) == ([], [])
    assert index.codes("condition", [asked]) == ()


def test_no_more_than_asked_for(add):
    assert len(add().search("c", most=2)) == 2


@pytest.mark.parametrize("asked", ["59621000", "320128", "essential hypertension"])
def test_a_concept_in_full(add, asked):
    (found,) = add().details(asked)
    assert found.entry.name == "Essential hypertension"
    assert [code.code for code in found.codes] == ["59621000", "320128"]
    assert names(found.mapped_from) == ["Essential (primary) hypertension"]
    assert names(found.parents) == ["Hypertensive disorder"]


def test_members_synonyms_and_mappings(add):
    index = add()
    (above,) = index.details("38341003")
    assert (above.synonyms, names(above.members), above.member_count) == (
        ("HTN", "Hypertension"),
        ["Essential hypertension"],
        1,
    )
    (mapped,) = index.details("I10")
    assert (names(mapped.mapped_to), mapped.entry.standard) == (["Essential hypertension"], 0)


def test_more_members_than_are_shown_are_counted(add):
    rows = [[n, f"Cough {n}", "Condition", "SNOMED", "c", "S", n, 0, 0, ""] for n in range(1, 60)]
    links = [[n, 1, "Is a", 0, 0, ""] for n in range(2, 60)]
    (found,) = add(rows, [], links).details("Cough 1")
    assert (len(found.members), found.member_count) == (20, 58)


def test_twins_come_both(add):
    assert [found.entry.code for found in add().details("twin")] == ["t1", "t2"]


@given(st.text(st.characters(codec="ascii"), max_size=60))
def test_case_and_blanks_are_no_part_of_a_name(name):
    assert key_of(name.upper().replace(" ", "  ")) == key_of(name)


@given(st.text(max_size=200))
def test_a_key_has_a_letter_or_is_empty(name):
    key = key_of(name)
    assert not key or any(map(str.isalpha, key))
    assert key == " ".join(key.split())


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Diabetes mellitus, type 2", "diabetes mellitus type 2"),
        ("haemorrhages", "Hemorrhage"),
        ("non-small cell", "non small cell"),
        ("Crohn's disease", "crohn diseases"),
        ("diseases of the skin", "disease of skin"),
    ],
)
def test_spellings_of_one_name(one, other):
    assert key_of(one) == key_of(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("kidney cancer", "kidney tumor"), ("type 1", "type 2"), ("acute asthma", "asthma")],
)
def test_different_names(one, other):
    assert key_of(one) != key_of(other)
