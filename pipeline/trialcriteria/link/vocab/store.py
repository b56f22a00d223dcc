"""Where the indexes of the user's vocabularies lie, and how they get there and go.

An index is one file, made in a folder beside it and renamed when it is whole. A lock keeps two
processes from the same one; it ends with the process that holds it, whatever ends that.
"""

import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout
from platformdirs import user_data_path

from trialcriteria.errors import UsageError, VocabularyError
from trialcriteria.link.vocab import athena, umls
from trialcriteria.link.vocab.build import Builder
from trialcriteria.link.vocab.index import About, Index
from trialcriteria.link.vocab.reading import Broken, Reading, Told

Origin = Literal["athena", "umls"]
VARIABLE = "TRIALCRITERIA_VOCABULARIES"
_SUFFIX = ".sqlite"
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")


def folder() -> Path:
    """Where indexes lie: the folder named in TRIALCRITERIA_VOCABULARIES, else the user's data."""
    named = os.environ.get(VARIABLE)
    return Path(named) if named else user_data_path("trialcriteria") / "vocabularies"


def installed() -> list[str]:
    """The names of all vocabularies that were added."""
    return sorted(path.stem for path in folder().glob(f"[!.]*{_SUFFIX}"))


def opened(name: str) -> Index:
    """A vocabulary that was added; raises VocabularyError where there is none, or it is damaged."""
    path = _path(name)
    if not path.is_file():
        known = ", ".join(installed()) or "none"
        raise VocabularyError(
            f"no vocabulary {name!r} (installed: {known}); `trialcriteria vocab add` makes one"
        )
    return Index(path)


def remove(name: str) -> None:
    """Delete a vocabulary; raises VocabularyError where there is none or it is being written."""
    with _locked(name):
        shutil.rmtree(_workshop(name), ignore_errors=True)
        try:
            _path(name).unlink()
        except FileNotFoundError:
            raise VocabularyError(f"no vocabulary {name!r} in {folder()}") from None


def size(name: str) -> int:
    """Bytes of an index."""
    return _path(name).stat().st_size


def add(
    origin: Origin, source: str, name: str, told: Told, *, force: bool = False
) -> tuple[About, list[Broken]]:
    """Index a vocabulary under a name: what is in it, and the lines that could not be read.

    ``source`` is the folder of a download of Athena, or a knowledge base of scispaCy's by path
    or name. One of that name is replaced with ``force`` only, and only by a whole one: what
    ends this halfway leaves nothing that is ever used. Raises VocabularyError.
    """
    files = athena.files(Path(source)) if origin == "athena" else [umls.file(source)]
    with _locked(name):
        if _path(name).exists() and not force:
            raise VocabularyError(f"vocabulary {name!r} exists; --force replaces it")
        with _emptied(_workshop(name)) as workshop:
            reading = _written(origin, files[0], name, workshop, told)
            (workshop / "index.sqlite").replace(_path(name))
    return opened(name).about, reading.broken


def source_size(origin: Origin, source: str) -> int:
    """How many bytes ``add`` is going to read; raises VocabularyError where files are missing."""
    files = athena.files(Path(source)) if origin == "athena" else [umls.file(source)]
    return sum(path.stat().st_size for path in files)


def _written(origin: Origin, first: Path, name: str, workshop: Path, told: Told) -> Reading:
    """What was noted while the index was written into the workshop."""
    reading = Reading(told)
    builder = Builder(workshop)
    try:
        if origin == "athena":
            facts = athena.read(first.parent, builder, reading)
        else:
            facts = umls.read(first, builder, reading)
        facts |= {"name": name, "origin": origin, "added": date.today().isoformat()}
        builder.finish({**facts, "digest": reading.digest.hexdigest()}, first, reading, told)
    except sqlite3.Error as error:
        raise VocabularyError(f"{workshop}: {error}") from error
    finally:
        builder.close()
    return reading


def _path(name: str) -> Path:
    if not _NAME.fullmatch(name):
        raise UsageError(f"a vocabulary is named by small letters, digits, - and _, not {name!r}")
    return folder() / f"{name}{_SUFFIX}"


def _workshop(name: str) -> Path:
    return folder() / f".{name}.partial"


@contextmanager
def _emptied(workshop: Path) -> Iterator[Path]:
    """An empty folder that is gone afterwards; what a killed process left in it goes first."""
    shutil.rmtree(workshop, ignore_errors=True)
    workshop.mkdir()
    try:
        yield workshop
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


@contextmanager
def _locked(name: str) -> Iterator[None]:
    path = _path(name)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(path.with_name(f".{name}.lock"), timeout=0):
            yield
    except Timeout:
        raise VocabularyError(
            f"vocabulary {name!r} is being written by another process; wait for it, or end it"
        ) from None
    except OSError as error:
        raise VocabularyError(f"{folder()}: {error.strerror or error}") from error
