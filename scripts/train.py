"""Trains the learned tagger and writes the model folder that the program reads.

    pip install 'trialcriteria[train]'
    python scripts/train.py scripts/training/student.toml --data ../shared --folder RUN [--seed 1]

Five stages, each kept in the folder RUN, so that the same command goes on where it was stopped:
``base`` (the encoder, its vocabulary pruned), ``pretrained`` (masked-language training on all
unlabelled text), ``taught`` (the teachers that the configuration names are trained, each in a
folder of RUN with its name, and label unlabelled lines), ``fitted-SEED`` (all heads),
``model-SEED`` (ONNX, eight bits; ``--float`` writes ``model-SEED-float``). ``--until`` stops after
a stage, ``--set fitting.epochs=4`` changes the configuration. Fitting can share its work:
``torchrun --nproc-per-node 2 scripts/train.py ... --threads 1`` has two processes. Data: corpora
and registry records under DATA, none of the development split, and the gold in annotations/ that is
not kept blind.
"""

import argparse
from pathlib import Path
from typing import NamedTuple

import torch

from training.base import make_base
from training.config import Config, Distilling, read_config
from training.data import layers
from training.examples import Material, material
from training.export import export
from training.fit import NOBODY, Taught, fit, new_tagger
from training.networks import Encoder, Tagger
from training.pretrain import pretrain
from training.processes import agreed, first_alone, is_first, together
from training.relate import relate
from training.teachers import drawn, label, taught
from training.texts import unlabelled_lines
from trialcriteria.tag.learned.layers import Layer
from trialcriteria.tag.learned.network import VOCABULARY
from trialcriteria.tag.learned.pieces import Vocabulary

STAGES = ("base", "pretrained", "taught", "fitted", "model")


class Run(NamedTuple):
    """A configuration and its file, the data, the folder that keeps the stages, and a seed."""

    config: Config
    file: Path
    data: Path
    folder: Path
    seed: int

    @property
    def base(self) -> Path:
        """The folder of the pruned encoder."""
        return self.folder / "base"


def main() -> None:
    """Run the stages that are not done."""
    given = _arguments()
    torch.set_num_threads(given.threads)
    config = read_config(given.config, given.set)
    run = Run(config, given.config, given.data, given.folder, given.seed)
    with together():
        _through(run, STAGES.index(given.until), and_float=given.float)


def _through(run: Run, last: int, *, and_float: bool) -> None:
    _prepared(run, last)
    if last >= 2:
        said = _taught(run)
    if last >= 3:
        tagger, found = _fitted(run, said)
    if last >= 4 and is_first():
        _exported(run, tagger, found, and_float=and_float)


def _prepared(run: Run, last: int) -> None:
    """The stages that one process does for all."""
    with first_alone():
        _based(run)
        if last >= 1:
            _pretrained(run)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("config", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--folder", type=Path, required=True, help="where the stages are kept")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--until", choices=STAGES, default=STAGES[-1])
    parser.add_argument("--float", action="store_true", help="export without quantisation too")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change the configuration"
    )
    return parser.parse_args()


def _based(run: Run) -> None:
    if not (run.base / VOCABULARY).is_file():
        make_base(run.config.base, run.data, run.base)


def _pretrained(run: Run) -> None:
    done = run.folder / "pretrained" / "encoder.pt"
    if run.config.pretraining is None or done.is_file():
        return
    encoder = Encoder(str(run.base))
    lines = unlabelled_lines(run.data)
    pretrain(encoder, _vocabulary(run), lines, run.config.pretraining, done.parent)
    torch.save(encoder.state_dict(), done)


def _vocabulary(run: Run) -> Vocabulary:
    return Vocabulary(run.base / VOCABULARY)


def _encoder(run: Run) -> Encoder:
    """The base, pretrained where the run has that stage."""
    encoder = Encoder(str(run.base))
    path = run.folder / "pretrained" / "encoder.pt"
    if path.is_file():
        encoder.load_state_dict(torch.load(path))
    return encoder


def _taught(run: Run) -> Taught:
    """What the teachers say of unlabelled lines."""
    how = run.config.distilling
    if how is None:
        return NOBODY
    lines = drawn(unlabelled_lines(run.data), how)
    labelled = [_labelled(run, teacher, lines) for teacher in _teachers(run, how)]
    sets = layers(run.config.fitting.corpora)
    return taught(lines, _vocabulary(run), labelled, sets, how)


def _teachers(run: Run, how: Distilling) -> list[Run]:
    files = [run.file.parent / name for name in how.teachers]
    return [
        Run(read_config(file), file, run.data, run.folder / file.stem, seed=1) for file in files
    ]


def _labelled(run: Run, teacher: Run, lines: list[str]) -> tuple[Path, tuple[Layer, ...]]:
    """The file with a teacher's labels, written where it is not there, and their layers."""
    path = run.folder / "taught" / f"{teacher.folder.name}.npy"
    if agreed(not path.is_file()):
        _prepared(teacher, STAGES.index("pretrained"))
        tagger, _ = _fitted(teacher, _taught(teacher))
        with first_alone():
            if not path.is_file():
                label(tagger, _vocabulary(teacher), lines, path)
    return path, layers(teacher.config.fitting.corpora)


def _fitted(run: Run, said: Taught) -> tuple[Tagger, Material]:
    fitting = run.config.fitting
    found = material(run.data, fitting, _vocabulary(run))
    folder = run.folder / f"fitted-{run.seed}"
    weights = fit(_encoder(run), found, fitting, run.seed, folder, said)
    tagger = new_tagger(Encoder(str(run.base)), found, fitting)
    tagger.load_state_dict(weights)
    return tagger, found


def _exported(run: Run, tagger: Tagger, found: Material, *, and_float: bool) -> None:
    vocabulary, folder = run.base / VOCABULARY, run.folder / f"model-{run.seed}"
    kinds = (True, False) if and_float else (True,)
    for quantized in kinds:
        target = folder if quantized else folder.with_name(folder.name + "-float")
        export(tagger, found, run.config.name, vocabulary, target, quantized=quantized)
        if run.config.relating:
            relate(target, found, run.config.relating, run.seed, quantized=quantized)


if __name__ == "__main__":
    main()
