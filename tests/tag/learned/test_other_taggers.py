"""Taggers that stand in for the model: spaCy pipelines, and what is said where there is none."""

from collections.abc import Callable
from pathlib import Path

import pytest
import spacy
from spacy.training import Example

from trialcriteria.errors import ModelError, UsageError
from trialcriteria.extract import extract
from trialcriteria.schema import Posting
from trialcriteria.tag.learned.choose import tagger
from trialcriteria.tag.learned.concepts import LearnedConcept, outermost
from trialcriteria.tag.learned.kinds import kind_of

TEXT = "History of blorbox treated with zantrokine"
ENTITIES = [(11, 18, "DISEASE"), (32, 42, "CHEMICAL"), (0, 7, "MISC")]


@pytest.fixture(scope="module")
def pipeline(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A spaCy pipeline that has learned one sentence by heart."""
    spacy.util.fix_random_seed(1)
    nlp = spacy.blank("en")
    nlp.add_pipe("ner")
    example = Example.from_dict(nlp.make_doc(TEXT), {"entities": ENTITIES})
    optimizer = nlp.initialize(lambda: [example])
    for _ in range(30):
        nlp.update([example], sgd=optimizer)
    nlp.meta["name"], nlp.meta["version"] = "tiny", "1.0"
    folder = tmp_path_factory.mktemp("pipeline") / "tiny"
    nlp.to_disk(folder)
    return folder


def test_entities_of_a_spacy_pipeline_become_concepts(pipeline: Path) -> None:
    found = tagger(other=f"spacy:{pipeline}")
    assert found is not None
    assert found.identity == "spacy:en_tiny@1.0"
    ((concepts, _, _),) = found.read([TEXT])
    assert [(c.start, c.end, c.kind) for c in concepts] == [
        (11, 18, "condition"),
        (32, 42, "drug"),
    ]


def test_extraction_says_which_tagger_found_what(
    pipeline: Path, excluding: Callable[[str], Posting]
) -> None:
    extraction = extract(excluding(TEXT), tagger(other=f"spacy:{pipeline}"))
    assert extraction.provenance.model == "spacy:en_tiny@1.0"
    (criterion,) = extraction.criteria
    sources = {entity.text: entity.source for entity in criterion.entities}
    assert sources["blorbox"] == "spacy:en_tiny@1.0"


@pytest.mark.parametrize("name", ["spacy:", "flair:x", "x"])
def test_unknown_tagger(name: str) -> None:
    with pytest.raises(UsageError, match="spacy:NAME"):
        tagger(other=name)


def test_pipeline_that_is_not_installed() -> None:
    with pytest.raises(ModelError, match=r"spacy:no_such_pipeline cannot be loaded"):
        tagger(other="spacy:no_such_pipeline")


def test_no_model_means_rules_only() -> None:
    assert tagger("none") is None


def test_missing_model_folder(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no such folder"):
        tagger(str(tmp_path / "nothing"))


def test_transformers_folder_without_transformers(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "config.json").write_text("{}")
    monkeypatch.setitem(__import__("sys").modules, "transformers", None)
    with pytest.raises(ModelError, match=r"trialcriteria\[train\]"):
        tagger(str(tmp_path))


@pytest.mark.parametrize(
    ("label", "kind"),
    [("DISEASE", "condition"), ("Drug", "drug"), ("observation", "observation"), ("ORG", None)],
)
def test_kinds_of_labels(label: str, kind: str | None) -> None:
    assert kind_of(label) == kind


def test_outermost_keeps_the_longest_of_those_that_overlap() -> None:
    whole = LearnedConcept(0, 9, "condition", 0.5)
    inside, behind = LearnedConcept(3, 5, "drug", 0.9), LearnedConcept(9, 12, "drug", 0.4)
    assert outermost([inside, behind, whole]) == (whole, behind)


def test_a_transformers_folder_is_a_tagger(tmp_path: Path) -> None:
    """Its head is set by hand so that every word is the first of a drug."""
    torch = pytest.importorskip("torch", reason="needs the extra `train`")
    transformers = pytest.importorskip("transformers", reason="needs the extra `train`")
    folder = tmp_path / "tiny"
    folder.mkdir()
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "zantrokine", "blorbox"]
    (folder / "vocab.txt").write_text("\n".join(pieces), encoding="utf-8")
    transformers.BertTokenizerFast(vocab_file=str(folder / "vocab.txt")).save_pretrained(folder)
    config = transformers.BertConfig(
        vocab_size=len(pieces), hidden_size=8, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=8, id2label={0: "O", 1: "B-CHEMICAL"},
    )  # fmt: skip
    network = transformers.BertForTokenClassification(config)
    network.classifier.bias.data = torch.tensor([-9.0, 9.0])
    network.save_pretrained(folder)
    found = tagger(folder)
    assert found is not None
    assert found.identity == "transformers:tiny"
    ((concepts, barren, _),) = found.read(["zantrokine, blorbox"])
    assert [(c.start, c.end, c.kind) for c in concepts] == [
        (0, 10, "drug"),
        (10, 11, "drug"),
        (12, 19, "drug"),
    ]
    assert barren == ()
