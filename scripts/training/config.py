"""What a training run does, read from a TOML file."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

from pydantic import BaseModel, ConfigDict


class _Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Base(_Section):
    """The encoder to start from: the folder of a Python package, or of an archive.

    The archive is put together of ``parts``, each ``PACKAGE/FILE``.
    """

    folder: str
    package: str | None = None
    parts: tuple[str, ...] = ()


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

    ``relation_weight`` is what the loss of relations counts against that of mentions (0: there are
    no relation heads); ``decay``
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


class Relating(_Section):
    """Training of relation heads by themselves: ``budget`` pairs of mentions a step.

    ``average`` as in fitting.
    """

    epochs: int
    rate: float
    warmup: float
    budget: int
    dropout: float
    average: float


class Distilling(_Section):
    """What is learned from teachers beside gold.

    ``teachers`` are configurations of their own. They label ``lines`` unlabelled lines, drawn at
    random; an epoch has ``share`` of these, and their loss counts ``weight``.
    """

    teachers: tuple[str, ...]
    lines: int
    share: float
    weight: float


class Config(_Section):
    """A whole run; ``name`` is the model's."""

    name: str
    base: Base
    pretraining: Pretraining | None = None
    fitting: Fitting
    distilling: Distilling | None = None
    relating: Relating | None = None


def read_config(path: Path, changes: Sequence[str] = ()) -> Config:
    """The configuration in a file, with changes such as ``fitting.epochs=4`` (values as in TOML).

    Raises ValidationError for one that is malformed.
    """
    found = tomllib.loads(path.read_text(encoding="utf-8"))
    for change in changes:
        section, _, key = change.partition(".")
        found[section] |= tomllib.loads(key)
    return Config.model_validate(found)
