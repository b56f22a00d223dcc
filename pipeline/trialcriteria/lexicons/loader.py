"""Loads rule files that lie beside this module, each row checked by its row model."""

import hashlib
import tomllib
from functools import cache
from importlib.resources import files
from typing import Any, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from trialcriteria.errors import LexiconError

_SUFFIXES = (".toml", ".jsonl", ".tsv", ".gz")


class Row(BaseModel):
    """Base of every row model: immutable, no unknown columns, a stable id."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str


R = TypeVar("R", bound=Row)


@cache
def load_rows(name: str, model: type[R]) -> tuple[R, ...]:
    """Rows of ``<name>.jsonl`` (a row a line; for the long tables, which it reads twenty times
    as fast) or of ``<name>.toml`` (arrays of tables named ``row``), in file order.

    Raises LexiconError naming file and row where a row does not fit the model.
    """
    return tuple(_checked(name, index, raw, model) for index, raw in enumerate(_raw_rows(name)))


def _raw_rows(name: str) -> list[dict[str, Any]]:
    table = files(__package__).joinpath(f"{name}.jsonl")
    if table.is_file():
        return [orjson.loads(line) for line in table.read_bytes().splitlines()]
    text = files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8")
    rows: list[dict[str, Any]] = tomllib.loads(text).get("row", [])
    return rows


def _checked(name: str, index: int, raw: dict[str, Any], model: type[R]) -> R:
    try:
        return model.model_validate(raw)
    except ValidationError as error:
        where = raw.get("id", f"row {index}")
        raise LexiconError(f"{name}, {where}: {error.errors()[0]['msg']}") from error


@cache
def lexicon_hash() -> str:
    """sha256 over all rule files, for ``provenance``."""
    digest = hashlib.sha256()
    for item in sorted(files(__package__).iterdir(), key=lambda entry: entry.name):
        if item.name.endswith(_SUFFIXES):
            digest.update(item.name.encode() + b"\0" + item.read_bytes())
    return digest.hexdigest()
