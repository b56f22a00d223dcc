"""Unlabelled eligibility text: every line once, none of the development split or blind gold."""

from collections.abc import Iterator
from pathlib import Path

from training.data import ANNOTATIONS, BLIND, CORPORA
from trialcriteria.errors import ReadError
from trialcriteria.evaluate.corpora import trial_id
from trialcriteria.evaluate.datasets import is_dev
from trialcriteria.evaluate.gold import gold_files
from trialcriteria.read import read_path
from trialcriteria.schema import Posting
from trialcriteria.view import reading_view

_SHORTEST = 4


def unlabelled_lines(data: Path) -> list[str]:
    """The lines of all corpora and registry records under ``data`` as reading views."""
    seen: dict[str, str] = {}
    for text in _texts(data):
        for line in text.splitlines():
            key = " ".join(line.lower().split())
            if len(key) >= _SHORTEST:
                seen.setdefault(key, reading_view(line))
    return list(seen.values())


def _texts(data: Path) -> Iterator[str]:
    for corpus in CORPORA.values():
        for document in corpus.read(data / "corpora" / corpus.folder):
            if not is_dev(trial_id(document.id)):
                yield document.text
    blind = {path.stem for folder in BLIND for path in gold_files(ANNOTATIONS / folder)}
    for path in sorted(path for path in (data / "registry").rglob("*") if path.is_file()):
        try:
            records = list(read_path(path))
        except ReadError:
            continue  # a note beside the records
        for record in records:
            name = record.trial.id if isinstance(record, Posting) else None
            if isinstance(record, Posting) and name and not (is_dev(name) or name in blind):
                yield record.text
