"""Readers of the public corpora, and what they share: one annotated text a document.

A document's id begins with the registry id of its trial, up to the first ``_``.
"""

import hashlib
from pathlib import Path

from trialcriteria.errors import EvaluationError
from trialcriteria.evaluate.annotated import Annotated
from trialcriteria.schema import Part, Posting, Source, Trial


def trial_id(document_id: str) -> str:
    """The registry id of the trial that a document is about."""
    return document_id.partition("_")[0]


def posting(document: Annotated, parts: tuple[Part, ...] = ()) -> Posting:
    """The document's text as the program takes it, under the document's id as the trial's."""
    digest = hashlib.sha256(document.text.encode()).hexdigest()
    source = Source(format="corpus", name=document.id, sha256=digest)
    return Posting(trial=Trial(id=document.id, source=source), text=document.text, parts=parts)


def corpus_files(folder: Path, pattern: str, what: str) -> list[Path]:
    """The regular files of a folder that fit the pattern, by name.

    Raises EvaluationError where there is no such folder or no such file; ``what`` says in words
    what was expected there.
    """
    if not folder.is_dir():
        raise EvaluationError(f"{folder} is no folder; expected {what}")
    found = sorted(path for path in folder.glob(pattern) if path.is_file())
    if not found:
        raise EvaluationError(f"{folder} has no {pattern} file; expected {what}")
    return found


def read_text(path: Path) -> str:
    """The file as it is: UTF-8, line ends untouched, so that offsets hold.

    Raises EvaluationError where it cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError as error:
        raise EvaluationError(f"{path} is not UTF-8 (byte {error.start})") from error
    except OSError as error:
        raise EvaluationError(f"{path}: {error.strerror or error}") from error
