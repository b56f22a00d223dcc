"""Reads a knowledge base of scispaCy: JSON lines of UMLS concepts with aliases and types."""

import re
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, StringConstraints, ValidationError

from trialcriteria.errors import VocabularyError
from trialcriteria.link.vocab.build import Builder, ConceptRow
from trialcriteria.link.vocab.reading import Reading
from trialcriteria.link.vocab.rows import type_kinds

_NAME = re.compile(r"[a-z]+")


class _Entity(BaseModel):
    """A line of the file; definitions and the like are not used."""

    concept_id: Annotated[str, StringConstraints(pattern=r"^C\d{7}$")]
    canonical_name: Annotated[str, StringConstraints(min_length=1)]
    aliases: list[str] = []
    types: list[str] = []


def file(named: str) -> Path:
    """The file of a path, or of a name of scispaCy's ("umls", "mesh", "rxnorm") in its cache.

    Raises VocabularyError where there is none; nothing is downloaded.
    """
    path = Path(named)
    if path.is_file():
        return path
    cached = _cached(named) if _NAME.fullmatch(named) else None
    if cached is None:
        raise VocabularyError(
            f"{named}: neither a JSON lines file nor a knowledge base in scispaCy's cache;"
            " load it once with scispaCy, or give the path"
        )
    return cached


def _cached(name: str) -> Path | None:
    from scispacy.file_cache import DATASET_CACHE  # noqa: PLC0415 - takes a second

    stems = {"umls": "umls_[0-9]*"}  # the others are "umls_mesh_2022.jsonl" and the like
    found = sorted(Path(DATASET_CACHE).glob(f"*.{stems.get(name, f'umls_{name}_*')}.jsonl"))
    return found[-1] if found else None


def read(path: Path, builder: Builder, reading: Reading) -> dict[str, str]:
    """Hand all concepts of our kinds to the builder; what is to be kept of the file."""
    others = 0
    for line, content in reading.lines(path):
        try:
            entity = _Entity.model_validate_json(content)
        except ValidationError as error:
            reading.reject(path, line, _flaw(error))
            continue
        if not _hand_over(entity, line, builder):
            others += 1
    return {"version": path.stem.split(".")[-1], "system": "", "others": str(others)}


def _hand_over(entity: _Entity, line: int, builder: Builder) -> bool:
    """Whether the concept is of one of our kinds."""
    known = type_kinds()
    kinds = {kind: None for each in entity.types for kind in known.get(each, ())}
    if not kinds:
        return False
    number = int(entity.concept_id[1:])
    shown = (entity.concept_id, entity.canonical_name, ",".join(kinds), ",".join(entity.types))
    builder.concept(ConceptRow(line, number, "UMLS", *shown, standard=True))
    for alias in entity.aliases:
        builder.synonym(number, alias)
    return True


def _flaw(error: ValidationError) -> str:
    first = error.errors()[0]
    return ": ".join([*map(str, first["loc"]), first["msg"]])
