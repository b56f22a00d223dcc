"""The shipped model: it is whole, it finds what no lexicon lists, and nothing makes it fall."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialcriteria.extract import extract
from trialcriteria.schema import Posting
from trialcriteria.tag.learned.choose import tagger
from trialcriteria.tag.learned.mentions import LearnedTagger
from trialcriteria.tag.learned.network import batches
from trialcriteria.tag.learned.store import shipped_folder

MOST_BYTES = 25_000_000
SHAPES = ["x" * 3_000, "5" * 2_000, "½" * 999, "a b " * 3_000, "\u202e\x00 \ud7ff", "((((" * 500]


@pytest.fixture(scope="module")
def model() -> LearnedTagger:
    return LearnedTagger(shipped_folder())


def test_it_is_small_and_has_a_card() -> None:
    folder = shipped_folder()
    assert sum(path.stat().st_size for path in folder.iterdir()) < MOST_BYTES
    card = (folder / "card.md").read_text(encoding="utf-8")
    assert all(word in card for word in ("Licence", "Data", "Limits", "scripts/train.py"))


def test_every_set_of_labels_has_layers_and_a_calibration(model: LearnedTagger) -> None:
    sets = {layer.set for layer in model.manifest.layers}
    assert sets == {"lct", "chia", "fb", "ours"}
    assert model.manifest.calibration.keys() == sets
    assert {each.set for each in model.manifest.relations} == {"lct", "chia"}


@pytest.mark.parametrize(
    ("label_set", "label", "words"),
    [
        ("lct", "Condition-Name", "heart failure"),
        ("chia", "Condition", "heart failure"),
        ("ours", "condition", "heart failure"),
        ("lct", "Eq-Value", "6"),
    ],
)
def test_each_head_finds_the_plain_case(
    model: LearnedTagger, label_set: str, label: str, words: str
) -> None:
    text = "History of heart failure within 6 months before screening"
    (found,) = model.find([text], label_set)
    assert (label, words) in [(each.label, text[slice(*each.span)]) for each in found]


def test_it_finds_a_drug_that_no_lexicon_lists(excluding: Callable[[str], Posting]) -> None:
    learned = tagger()
    (criterion,) = extract(excluding("Treatment with blorbizumab"), learned).criteria
    found = {entity.text: entity for entity in criterion.entities}
    assert found["blorbizumab"].label == "drug"


@pytest.mark.parametrize("text", SHAPES, ids=range(len(SHAPES)))
def test_odd_texts_are_read(model: LearnedTagger, text: str) -> None:
    (found,) = model.read([text])
    places = [place for place in found.concepts if not 0 <= place.start < place.end <= len(text)]
    assert places == []


@settings(max_examples=30, deadline=None)
@given(st.lists(st.text(max_size=60), max_size=4))
def test_each_text_has_its_own_answer(model: LearnedTagger, texts: list[str]) -> None:
    together = model.read(texts)
    assert len(together) == len(texts)
    assert together == [found for text in texts for found in model.read([text])]
    for text, found in zip(texts, together, strict=True):
        assert all(0 <= one.start < one.end <= len(text) for one in found.concepts)
        assert all(0 <= one.score <= 1 for one in found.concepts)


@given(st.lists(st.integers(1, 512), max_size=40))
def test_batches_hold_every_row_once_within_the_budget(lengths: list[int]) -> None:
    made = list(batches(lengths))
    assert sorted(at for batch in made for at in batch) == list(range(len(lengths)))
    for batch in made:
        (length,) = {lengths[at] for at in batch}
        assert len(batch) == 1 or length * len(batch) <= 2048


def test_models_folder_is_the_shipped_one() -> None:
    assert shipped_folder() == Path(__file__).parents[3] / "models" / "eligibility-minilm"


def test_the_files_name_no_file_of_the_machine_that_made_them() -> None:
    files = sorted(shipped_folder().glob("*.onnx"))
    assert files
    assert [path.name for path in files if b'.py"' in path.read_bytes()] == []
