"""Loads rule files that lie beside this module, each row checked by its row model."""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, ValidationError

from trialcriteria.errors import LexiconError

_SUFFIXES = (".toml", ".tsv")


class Row(BaseModel):
    """Base of every row model: immutable, no unknown columns, a stable id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


R = TypeVar("R", bound=Row)


@cache
def load_rows(name: str, model: type[R]) -> tuple[R, ...]:
    """Rows of ``<name>.toml`` (arrays of tables named ``row``), in file order.

    Raises LexiconError naming file and row where a row does not fit the model.
    """
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    raw_rows = tomllib.loads(text).get("row", [])
    return tuple(_checked(name, index, raw, model) for index, raw in enumerate(raw_rows))


def _checked(name: str, index: int, raw: dict[str, object], model: type[R]) -> R:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        where = raw.get("id", f"row {index}")
        raise LexiconError(f"{name}.toml, {where}: {error.errors()[0]['msg']}") from error


@cache
def lexicon_hash() -> str:
    """sha256 over all rule files, for ``provenance``."""
    digest = hashlib.sha256()
    for item in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if item.name.endswith(_SUFFIXES):
            digest.update(item.name.encode() + b"\0" + item.read_bytes())
    return digest.hexdigest()
