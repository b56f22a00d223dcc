"""Registry records as a corpus: what the registry itself states of age and sex is the gold."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from trialcriteria.errors import ReadError
from trialcriteria.read import read_path
from trialcriteria.schema import Posting


class RegistryPostings(NamedTuple):
    """Each posting whose registry states an age or a sex, once; and files that are no records."""

    postings: tuple[Posting, ...]
    problems: tuple[str, ...]


def registry_files(folder: Path) -> tuple[Path, ...]:
    """The files under a folder that can be records: all but notes in markdown."""
    found = (path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md")
    return tuple(sorted(found))


def read_registry(files: Iterable[Path]) -> RegistryPostings:
    """The postings of the files; one that comes in several formats is taken once."""
    found: dict[tuple[str | None, ...], Posting] = {}
    problems: list[str] = []
    for path in files:
        try:
            for posting in _stating(path):
                found.setdefault(_key(posting), posting)
        except ReadError as error:
            problems.append(str(error))
    return RegistryPostings(tuple(found.values()), tuple(problems))


def _stating(path: Path) -> Iterator[Posting]:
    for record in read_path(path):
        if isinstance(record, Posting):
            trial = record.trial
            if trial.minimum_age or trial.maximum_age or trial.sex:
                yield record


def _key(posting: Posting) -> tuple[str | None, ...]:
    """Equal for one posting in two formats, which differ in white space and escapes only."""
    trial = posting.trial
    letters = re.sub(r"\W", "", posting.text).casefold()
    return trial.id, trial.minimum_age, trial.maximum_age, trial.sex, letters
