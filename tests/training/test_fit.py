"""A tagger is trained, resumed, exported, and finds what it was taught."""

import shutil
from pathlib import Path

import numpy as np
import pytest
from tokenizers import Tokenizer, models, normalizers, pre_tokenizers

torch = pytest.importorskip("torch", reason="needs the extra `train`")
transformers = pytest.importorskip("transformers", reason="needs the extra `train`")

import training.fit as fit_module  # noqa: E402
from training.batches import tensors  # noqa: E402
from training.config import Distilling, Fitting, Relating  # noqa: E402
from training.examples import Example, Material, Pairs  # noqa: E402
from training.export import export  # noqa: E402
from training.fit import fit, new_tagger, relation_scores  # noqa: E402
from training.networks import Encoder, Tagger  # noqa: E402
from training.relate import relate  # noqa: E402
from training.teachers import label, places, taught  # noqa: E402
from trialcriteria.tag.learned.layers import Layer, Stretch, tagged  # noqa: E402
from trialcriteria.tag.learned.mentions import LearnedTagger  # noqa: E402
from trialcriteria.tag.learned.network import Network  # noqa: E402
from trialcriteria.tag.learned.pairs import RelationSet  # noqa: E402
from trialcriteria.tag.learned.pieces import Vocabulary  # noqa: E402
from trialcriteria.tag.learned.related import LearnedLink, relations_file  # noqa: E402
from trialcriteria.tag.learned.words import words  # noqa: E402

TEXT = "no history of asthma with aspirin"
STRETCHES = [Stretch("condition", 3, 3), Stretch("drug", 5, 5)]
LAYERS = (Layer(set="ours", labels=("condition", "drug")),)
RELATED = RelationSet(
    set="ours", labels=("condition", "drug"), kinds=("none", "treats"), allowed=((1, 0, 1),)
)
FITTING = Fitting(
    corpora=("ours",), epochs=8, rate=3e-3, head_rate=2e-2, decay=1.0, warmup=0.1, budget=40,
    dropout=0.0, relation_weight=1.0, average=0.5,
)  # fmt: skip
RELATING = Relating(epochs=30, rate=1e-2, warmup=0.1, budget=40, dropout=0.0, average=0.5)
DISTILLING = Distilling(teachers=(), lines=30, share=0.5, weight=1.0)

WORDS = "[PAD] [UNK] [CLS] [SEP] [MASK] no history of asthma or gout with aspirin severe ##s . 3"


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an untrained encoder of 32 dimensions and its vocabulary."""
    folder = tmp_path_factory.mktemp("base")
    vocabulary = {piece: at for at, piece in enumerate(WORDS.split())}
    tokenizer = Tokenizer(models.WordPiece(vocabulary, unk_token="[UNK]"))
    tokenizer.normalizer = normalizers.BertNormalizer()
    tokenizer.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
    tokenizer.save(str(folder / "vocabulary.json"))
    config = transformers.BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=4,
        intermediate_size=64, max_position_embeddings=512,
    )  # fmt: skip
    torch.manual_seed(0)
    transformers.BertModel(config, add_pooling_layer=False).save_pretrained(folder)
    return folder


@pytest.fixture(scope="module")
def material(base: Path) -> Material:
    """One sentence, thirty times."""
    row = words(TEXT)
    (pieces,) = Vocabulary(base / "vocabulary.json").pieces([row])
    pairs = Pairs("ours", [3, 5], [3, 5], [0, 1], [1], [0], [1])
    example = Example(pieces, tagged(LAYERS, STRETCHES, len(row)), pairs)
    return Material(LAYERS, {"ours": RELATED}, [example] * 30)


@pytest.fixture(scope="module")
def trained(base: Path, material: Material, tmp_path_factory: pytest.TempPathFactory) -> Tagger:
    weights = fit(Encoder(str(base)), material, FITTING, 1, tmp_path_factory.mktemp("run"))
    tagger = new_tagger(Encoder(str(base)), material, FITTING)
    tagger.load_state_dict(weights)
    return tagger


@pytest.fixture(scope="module")
def model(
    base: Path, material: Material, trained: Tagger, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    folder = tmp_path_factory.mktemp("model")
    export(trained, material, "tiny", base / "vocabulary.json", folder)
    return folder


def test_the_exported_model_finds_what_was_taught(model: Path) -> None:
    tagger = LearnedTagger(model)
    (found,) = tagger.find([TEXT], "ours")
    assert [(each.label, TEXT[slice(*each.span)]) for each in found] == [
        ("condition", "asthma"),
        ("drug", "aspirin"),
    ]
    assert all(0.5 < each.score <= 1 for each in found)


def test_eight_bits_say_what_floats_say(
    base: Path, material: Material, trained: Tagger, model: Path, tmp_path: Path
) -> None:
    export(trained, material, "tiny", base / "vocabulary.json", tmp_path, quantized=False)
    rows = [words(TEXT), words("asthma"), words("history of gout , aspirin")]
    for given in ("scores", "hidden"):
        floats, bits = (getattr(Network(folder), given)(rows) for folder in (tmp_path, model))
        error = np.concatenate(floats) - np.concatenate(bits)
        assert np.abs(error).mean() < 0.05 * np.std(np.concatenate(floats))


def test_the_exported_relations_link_what_was_taught(model: Path) -> None:
    (links,) = LearnedTagger(model).relations("ours").link([words(TEXT)], [STRETCHES])
    assert [link[:3] for link in links] == [LearnedLink("treats", 1, 0, 0.0)[:3]]


def test_relation_heads_trained_anew_link_what_was_taught(
    material: Material, model: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(model, tmp_path / "again"))
    relate(folder, material, RELATING, 1)
    relations = relations_file("ours")
    assert (folder / relations).read_bytes() != (model / relations).read_bytes()
    (links,) = LearnedTagger(folder).relations("ours").link([words(TEXT)], [STRETCHES])
    assert [link[:3] for link in links] == [LearnedLink("treats", 1, 0, 0.0)[:3]]


def test_without_relations_no_head_is_trained(
    material: Material, model: Path, tmp_path: Path
) -> None:
    folder = Path(shutil.copytree(model, tmp_path / "again"))
    relate(folder, material._replace(relations={}), RELATING, 1)
    assert LearnedTagger(folder).manifest.relations == ()


def test_a_stopped_run_ends_where_an_unbroken_one_does(
    base: Path, material: Material, tmp_path: Path
) -> None:
    whole = fit(Encoder(str(base)), material, FITTING, 1, tmp_path / "whole")
    folder = tmp_path / "parts"
    _stopped_after_two(base, material, folder)
    resumed = fit(Encoder(str(base)), material, FITTING, 1, folder)
    assert all(torch.equal(whole[name], resumed[name]) for name in whole)


def test_seeds_differ(base: Path, material: Material, tmp_path: Path) -> None:
    one, two = (
        fit(Encoder(str(base)), material, FITTING, seed, tmp_path / str(seed)) for seed in (1, 2)
    )
    assert any(not torch.equal(one[name], two[name]) for name in one)


def test_a_student_learns_from_what_a_teacher_says_alone(
    base: Path, material: Material, tmp_path: Path
) -> None:
    vocabulary = Vocabulary(base / "vocabulary.json")
    teacher = new_tagger(Encoder(str(base)), material, FITTING)
    teacher.load_state_dict(fit(Encoder(str(base)), material, FITTING, 1, tmp_path / "teacher"))
    lines = [TEXT] * 30
    label(teacher, vocabulary, lines, tmp_path / "labels.npy")
    said = taught(lines, vocabulary, [(tmp_path / "labels.npy", LAYERS)], LAYERS, DISTILLING)
    assert [said.an_epoch, len(said.examples)] == [15, 30]
    no_gold = Material(LAYERS, {}, [])
    weights = fit(Encoder(str(base)), no_gold, FITTING, 1, tmp_path / "student", said)
    student = new_tagger(Encoder(str(base)), no_gold, FITTING)
    student.load_state_dict(weights)
    (cut,) = vocabulary.pieces([words(TEXT)])
    scores, _ = student.eval()(*tensors([cut]))
    tags = scores[0, cut.firsts].argmax(-1).tolist()
    assert tags == tagged(LAYERS, STRETCHES, len(cut.firsts))[0]


def test_like_layers_of_a_set_are_taken_in_order() -> None:
    other = Layer(set="lct", labels=("Condition",))
    assert places([*LAYERS, *LAYERS], [other, *LAYERS, *LAYERS]) == [1, 2]


def test_relations_of_rows_together_are_those_of_each_row(material: Material, base: Path) -> None:
    torch.manual_seed(3)
    tagger = new_tagger(Encoder(str(base)), material, FITTING).eval()
    (pieces, _, pairs), mask = material.examples[0][:3], torch.from_numpy(RELATED.mask)
    assert pairs is not None
    longer = Pairs("ours", [1, 3, 5], [2, 3, 5], [0, 0, 1], [2, 2], [0, 1], [0, 1])
    rows = [(torch.randn(len(pieces.firsts), 32), each) for each in (pairs, longer, pairs)]
    head = tagger.relations["ours"]
    together = relation_scores(head, rows, mask)
    alone = torch.cat([relation_scores(head, [row], mask) for row in rows])
    assert torch.allclose(together, alone, atol=1e-4)


def test_a_row_scores_the_same_whatever_is_read_beside_it(model: Path) -> None:
    network = Network(model)
    rows = [words(text) for text in (TEXT, "severe asthma or gout", "aspirin 3 or aspirin 3 .")]
    alone = [network.scores([row])[0] for row in rows]
    together = network.scores([*rows, rows[0], *reversed(rows)])
    assert all(np.array_equal(one, other) for one, other in zip(alone, together, strict=False))


def test_values_beyond_the_range_seen_do_not_overflow(model: Path) -> None:
    """A word that no row of the sample had is quantised at the end of the range."""
    (scores,) = Network(model).scores([words("gout severe severe 3 3 3 . . gout")])
    assert np.isfinite(scores).all()


def _stopped_after_two(base: Path, material: Material, folder: Path) -> None:
    saved: list[int] = []
    real = fit_module.save

    def save_and_stop(*given: object) -> None:
        real(*given)  # type: ignore[arg-type]
        saved.append(1)
        if len(saved) == 2:
            raise KeyboardInterrupt

    with pytest.MonkeyPatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(fit_module, "save", save_and_stop)
        fit(Encoder(str(base)), material, FITTING, 1, folder)
