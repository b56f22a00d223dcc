"""Trains the relation heads of a model folder anew, on the encoder that it has.

    python scripts/relate.py MODEL --data ../shared [--seed 1]

``scripts/train.py`` does the same as its last step; this is for a folder whose training run is
gone, and takes minutes. Overwrites ``relations_*.onnx`` and ``model.json`` in MODEL.
"""

import argparse
from pathlib import Path

import torch

from training.config import read_config
from training.examples import material
from training.relate import relate
from trialcriteria.tag.learned.network import VOCABULARY
from trialcriteria.tag.learned.pieces import Vocabulary

CONFIG = Path(__file__).parent / "training" / "student.toml"


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("model", type=Path)
    parser.add_argument("--data", type=Path, default=Path("../shared"))
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument(
        "--set", action="append", default=[], metavar="KEY=VALUE", help="change the configuration"
    )
    given = parser.parse_args()
    torch.set_num_threads(1)
    config = read_config(given.config, given.set)
    if config.relating is None:
        parser.error(f"{given.config} has no section [relating]")
    found = material(given.data, config.fitting, Vocabulary(given.model / VOCABULARY))
    relate(given.model, found, config.relating, given.seed)


if __name__ == "__main__":
    main()
