"""Trains the learned tagger and writes the model folder that the program reads.

    pip install 'trialcriteria[train]'
    python scripts/train.py scripts/training/student.toml --data ../shared --run RUN [--seed 1]

Four stages, each kept in the folder RUN, so that the same command goes on where it was stopped:
``base`` (the encoder, its vocabulary pruned), ``pretrained`` (masked-language training on all
unlabelled text), ``fitted-SEED`` (all heads), ``model-SEED`` (ONNX, eight bits; ``--float`` writes
``model-SEED-float``). ``--until`` stops after a stage. Data: corpora and registry records under
DATA, none of the development split, and the gold in annotations/ that rules were tuned on.
"""

import argparse
from pathlib import Path

import torch

from training.base import make_base
from training.config import Config, read_config
from training.examples import Material, material
from training.export import export
from training.fit import fit, new_tagger
from training.networks import Encoder
from training.pretrain import pretrain
from training.texts import unlabelled_lines
from trialcriteria.tag.learned.network import VOCABULARY
from trialcriteria.tag.learned.pieces import Vocabulary

STAGES = ("base", "pretrained", "fitted", "model")


def main() -> None:
    """Run the stages that are not done."""
    given = _arguments()
    torch.set_num_threads(given.threads)
    config = read_config(given.config)
    last = STAGES.index(given.until)
    base = given.run / "base"
    if not (base / VOCABULARY).is_file():
        make_base(config.base, given.data, base)
    if last >= 1:
        _pretrained(config, given.data, given.run)
    if last >= 2:
        _fitted(config, given)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--run", type=Path, required=True, help="folder of the run")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", choices=STAGES, default=STAGES[-1])
    parser.add_argument("--float", action="store_true", help="export without quantisation too")
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def _pretrained(config: Config, data: Path, run: Path) -> None:
    done = run / "pretrained" / "encoder.pt"
    if config.pretraining is None or done.is_file():
        return
    encoder = Encoder(str(run / "base"))
    vocabulary = Vocabulary(run / "base" / VOCABULARY)
    pretrain(encoder, vocabulary, unlabelled_lines(data), config.pretraining, done.parent)
    torch.save(encoder.state_dict(), done)


def _encoder(run: Path) -> Encoder:
    """The base, pretrained where the run has that stage."""
    encoder = Encoder(str(run / "base"))
    path = run / "pretrained" / "encoder.pt"
    if path.is_file():
        encoder.load_state_dict(torch.load(path))
    return encoder


def _fitted(config: Config, given: argparse.Namespace) -> None:
    vocabulary = given.run / "base" / VOCABULARY
    found = material(given.data, config.fitting, Vocabulary(vocabulary))
    folder = given.run / f"fitted-{given.seed}"
    weights = fit(_encoder(given.run), found, config.fitting, given.seed, folder)
    if given.until == STAGES[-1]:
        _exported(config, given, found, weights)


def _exported(
    config: Config, given: argparse.Namespace, found: Material, weights: dict[str, torch.Tensor]
) -> None:
    tagger = new_tagger(Encoder(str(given.run / "base")), found, config.fitting)
    tagger.load_state_dict(weights)
    vocabulary = given.run / "base" / VOCABULARY
    folder = given.run / f"model-{given.seed}"
    export(tagger, found, config.name, vocabulary, folder)
    if given.float:
        export(
            tagger, found, config.name, vocabulary, folder.with_name(folder.name + "-float"),
            quantized=False,
        )  # fmt: skip


if __name__ == "__main__":
    main()
