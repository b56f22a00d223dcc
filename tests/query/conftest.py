"""Datasets to ask: our own postings (``corpus/``), and four small ones for exact answers."""

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

import pytest

from trialcriteria.extract import extract
from trialcriteria.query.dataset import opened_dataset
from trialcriteria.query.select import select
from trialcriteria.read import read_path
from trialcriteria.schema import Extraction

CORPUS = Path(__file__).parents[2] / "corpus"
POSTINGS = Path(__file__).parent / "postings.jsonl"

Ask = Callable[[str], list[tuple[object, ...]]]


def extractions(paths: Iterable[Path]) -> Iterator[Extraction]:
    """Read by rules alone."""
    return (extract(posting) for path in paths for posting in read_path(path))


@pytest.fixture(scope="session")
def small(tmp_path_factory: pytest.TempPathFactory, write_dataset) -> Path:
    return write_dataset(tmp_path_factory.mktemp("small"), extractions([POSTINGS]))


@pytest.fixture(scope="session")
def corpus(tmp_path_factory: pytest.TempPathFactory, write_dataset) -> Path:
    paths = sorted(
        p for p in CORPUS.iterdir() if p.suffix in (".txt", ".html", ".jsonl", ".json", ".xml")
    )
    return write_dataset(tmp_path_factory.mktemp("corpus"), extractions(paths))


@pytest.fixture
def ask(small: Path) -> Iterator[Ask]:
    """``ask("select ...")`` gives the rows of the four small postings."""
    with opened_dataset(small) as connection:
        yield lambda sql: list(select(connection, sql).rows)
