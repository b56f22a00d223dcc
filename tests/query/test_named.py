"""The ten documented queries: exact answers on four small postings, and on our own corpus."""

import tomllib
from pathlib import Path

import pytest

from trialcriteria.query.dataset import opened_dataset
from trialcriteria.query.scripts import scripts
from trialcriteria.query.select import named_sql, select
from trialcriteria.query.write import as_text

NAMED = scripts("named")
EXPECTED = tomllib.loads((Path(__file__).parent / "expected.toml").read_text(encoding="utf-8"))


def answer(folder: Path, name: str) -> list[str]:
    """Header and rows, cells joined by bars, as ``expected.toml`` has them."""
    with opened_dataset(folder) as connection:
        found = select(connection, named_sql(name))
        return [" | ".join(map(as_text, row)) for row in (found.columns, *found.rows)]


def test_there_are_ten_and_each_has_an_answer() -> None:
    assert len(NAMED) == 10
    assert set(EXPECTED) == set(NAMED)


@pytest.mark.parametrize("name", NAMED)
def test_answer_on_small_postings(name: str, small: Path) -> None:
    assert answer(small, name) == EXPECTED[name]["small"]


@pytest.mark.parametrize("name", NAMED)
def test_answer_on_the_corpus(name: str, corpus: Path) -> None:
    header, *rows = answer(corpus, name)
    assert header == EXPECTED[name]["small"][0]
    assert rows == EXPECTED[name].get("corpus", rows)
