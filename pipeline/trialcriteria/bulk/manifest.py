"""``manifest.json``: what a dataset was made from, by what, when, and whether it is complete."""

import hashlib
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Self

from pydantic import Field, ValidationError

from trialcriteria import __version__
from trialcriteria.bulk.batch import Setup
from trialcriteria.bulk.sources import size_of
from trialcriteria.errors import TrialCriteriaError
from trialcriteria.lexicons import lexicon_hash
from trialcriteria.schema import Model

NAME = "manifest.json"
FORMAT = "trialcriteria-bulk/2"
"""Changes where the tables do, so that rows of another layout are made anew."""

_OURS = frozenset({NAME, ".lock", f".{NAME}"})


class Input(Model):
    """One input: a file with its sha256, a folder with the bytes of all its files.

    What Spark reads is known by its name only.
    """

    name: str
    bytes: int | None = None
    modified: str | None = None
    sha256: str | None = None


class Timing(Model):
    """When the last run began and ended (UTC), and what it did; see docs/bulk.md."""

    started: str
    ended: str
    seconds: float
    workers: int
    records_extracted: int
    records_kept: int
    records_removed: int
    criteria_remembered: int
    criteria_read: int
    worker_peak_mb: int
    worker_cpu_seconds: float
    parent_peak_mb: int
    parent_cpu_seconds: float


class Manifest(Model):
    """A dataset; ``counts`` has the rows of each table, ``timing`` is of the last run."""

    format: str = FORMAT
    complete: bool
    engine: str
    version: str
    lexicons: str
    model: str | None
    vocabularies: tuple[str, ...] = ()
    json_kept: bool
    inputs: tuple[Input, ...] = ()
    counts: dict[str, int] = Field(default_factory=dict)
    timing: Timing | None = None

    @property
    def identity(self) -> str:
        """All that an extraction depends on beside its posting."""
        names = {"format", "version", "lexicons", "model", "vocabularies", "json_kept"}
        return self.model_dump_json(include=names)

    def finished(
        self, inputs: tuple[Input, ...], counts: dict[str, int], timing: Timing | None = None
    ) -> Self:
        """The manifest of the complete dataset."""
        update = {"complete": True, "inputs": inputs, "counts": counts, "timing": timing}
        return self.model_copy(update=update)

    def write(self, folder: Path) -> None:
        """Put the manifest in its place, whole."""
        hidden = folder / f".{NAME}"
        with hidden.open("w", encoding="utf-8") as out:
            out.write(self.model_dump_json(indent=2) + "\n")
            out.flush()
            os.fsync(out.fileno())
        hidden.replace(folder / NAME)


def begun(setup: Setup, engine: str) -> Manifest:
    """The manifest of a dataset that is not complete yet.

    Raises ModelError, UsageError or VocabularyError where a model, tagger or vocabulary is missing.
    """
    tagger, vocabularies = setup.tools()
    return Manifest(
        complete=False,
        engine=engine,
        version=__version__,
        lexicons=lexicon_hash(),
        model=tagger.identity if tagger else None,
        vocabularies=tuple(each.identity for each in vocabularies),
        json_kept=setup.with_json,
    )


def check_folder(folder: Path, engine: str) -> None:
    """Raise TrialCriteriaError where the folder holds something other than such a dataset."""
    found = {path.name for path in folder.iterdir()}
    if NAME not in found:
        if found - _OURS:
            raise TrialCriteriaError(f"{folder}: holds other files; give an empty or a new folder")
        return
    try:
        before = Manifest.model_validate_json((folder / NAME).read_bytes())
    except (OSError, ValidationError) as error:
        reason = str(error).splitlines()[0]
        raise TrialCriteriaError(
            f"{folder / NAME}: is no manifest of a dataset ({reason})"
        ) from None
    if before.engine != engine:
        raise TrialCriteriaError(
            f"{folder}: was written by the {before.engine} engine; give another folder"
        )


def described(inputs: Sequence[Path]) -> tuple[Input, ...]:
    """The inputs as the manifest names them; reads the files once for their hashes."""
    return tuple(_described(path) for path in inputs)


def _described(path: Path) -> Input:
    modified = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    return Input(name=str(path), bytes=size_of(path), modified=modified, sha256=_sha256(path))


def _sha256(path: Path) -> str | None:
    if path.is_dir():
        return None
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
