"""What a training run does, read from a TOML file."""

import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Base(_Section):
    """The encoder to start from: a Python package that holds it, and the folder inside."""

    package: str
    folder: str


class Pretraining(_Section):
    """Continued masked-language training: ``masked`` of all pieces are to be guessed.

    Rows are whole lines, packed to at most ``length`` pieces, ``rows`` of them a step.
    """

    epochs: int
    rate: float
    length: int
    rows: int
    masked: float
    warmup: float


class Fitting(_Section):
    """Training of all heads at once: ``budget`` padded pieces a step.

    ``relation_weight`` is what the loss of relations counts against that of mentions; ``decay``
    lowers the rate from layer to layer, top to bottom; ``average`` is the decay of the running
    mean of the weights that is kept in the end (0: the last weights are kept).
    """

    corpora: tuple[str, ...]
    epochs: int
    rate: float
    head_rate: float
    decay: float
    warmup: float
    budget: int
    dropout: float
    relation_weight: float
    average: float


class Config(_Section):
    """A whole run; ``name`` is the model's."""

    name: str
    base: Base
    pretraining: Pretraining | None = None
    fitting: Fitting


def read_config(path: Path) -> Config:
    """The configuration in a file; raises ValidationError for one that is malformed."""
    return Config.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
