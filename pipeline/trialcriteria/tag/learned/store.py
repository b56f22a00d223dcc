"""A model folder: which files it has, that they are whole, and what their outputs mean."""

import hashlib
import math
from functools import cache
from importlib.resources import files
from pathlib import Path

from pydantic import Field, ValidationError

from trialcriteria.errors import ModelError
from trialcriteria.schema import Model
from trialcriteria.tag.learned.layers import Layer
from trialcriteria.tag.learned.pairs import RelationSet

MANIFEST = "model.json"
SHIPPED = "eligibility-minilm"

_CHECKOUT = Path(__file__).parents[4] / "models"


class Calibration(Model):
    """What log odds say of how often such mentions are right (Platt 1999).

    ``1 / slope`` is the temperature.
    """

    slope: float = 1.0
    offset: float = 0.0

    def score(self, odds: float) -> float:
        """The share of mentions of these log odds that are right."""
        return 1 / (1 + math.exp(-(self.slope * odds + self.offset)))


class Manifest(Model):
    """What ``model.json`` says: the sha256 of each file, and the layers of the scores, in order."""

    name: str
    files: dict[str, str]
    layers: tuple[Layer, ...]
    calibration: dict[str, Calibration] = Field(default_factory=dict)
    relations: tuple[RelationSet, ...] = ()

    @property
    def identity(self) -> str:
        """The name, and the beginning of a hash of all that the model is."""
        return f"{self.name}@{hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:12]}"


def shipped_folder() -> Path:
    """Where the model that comes with the program lies."""
    packaged = Path(str(files("trialcriteria"))) / "models" / SHIPPED
    return packaged if packaged.is_dir() else _CHECKOUT / SHIPPED


@cache
def manifest(folder: Path) -> Manifest:
    """The manifest of a folder, every file that it names verified.

    Raises ModelError naming the file, and its expected sha256, where one is missing or differs.
    """
    found = _manifest(folder / MANIFEST)
    for name, expected in found.files.items():
        if Path(name).name != name:
            raise ModelError(f"{folder / MANIFEST}: names {name!r}, which is outside the folder")
        _verify(folder / name, expected)
    return found


def _manifest(path: Path) -> Manifest:
    try:
        return Manifest.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}; a model folder has this file") from None
    except ValidationError as error:
        first = error.errors()[0]
        raise ModelError(f"{path}: {first['loc']}: {first['msg']}") from None


def _verify(path: Path, expected: str) -> None:
    try:
        with path.open("rb") as file:
            actual = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"{path}: {error.strerror}; expected sha256 {expected}") from None
    if actual != expected:
        raise ModelError(f"{path}: has sha256 {actual}, expected {expected}; install it anew")
