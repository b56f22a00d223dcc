"""Keys: the same for what is read of a record and of what reads it, another for anything else."""

import orjson
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.bulk.items import duplicate, item_of, unreadable
from trialcriteria.read import BrokenRecord, read

TEXTS = st.text(st.characters(exclude_categories=("Cs",)), max_size=40)


def posting(text: str, name: str = "a.jsonl", **fields: str):
    row = {"nct_id": "NCT00000001", "eligibility": text} | fields
    (found,) = read(orjson.dumps(row), name)
    return found


@given(TEXTS, TEXTS)
def test_another_text_has_another_key(one, other):
    keys = {item_of(posting(text), "program").key for text in (one, other)}
    assert len(keys) == len({one, other})


@given(TEXTS)
def test_the_name_of_the_dump_does_not_matter(text):
    first, second = (item_of(posting(text, name), "program") for name in ("a.jsonl", "b.jsonl"))
    assert first.key == second.key
    assert first.source != second.source


def test_registry_fields_and_program_matter():
    title = item_of(posting("Adults", title="New"), "program").key
    program = item_of(posting("Adults"), "newer program").key
    assert len({title, program, item_of(posting("Adults"), "program").key}) == 3


def test_a_text_without_an_id_gets_one():
    (nameless,) = read(b"Inclusion Criteria:\n- Adults", "criteria.txt")
    assert item_of(nameless, "program").trial_id.startswith("text-")


def test_like_errors_in_two_places_are_two():
    broken = BrokenRecord(None, "a.jsonl", "broken")
    assert unreadable(broken, "0:1").key != unreadable(broken, "0:2").key
    item = item_of(posting("Adults"), "program")
    assert len({duplicate(item, "0:1").key, duplicate(item, "0:2").key, item.key}) == 3
