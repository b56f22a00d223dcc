"""Criteria without the pipeline, and our own postings read by rules."""

from collections.abc import Callable
from pathlib import Path

import pytest

from trialcriteria.extract import extract
from trialcriteria.read import read_path
from trialcriteria.schema import Criterion, Extraction, Provenance, Source, Span, Trial

CORPUS = Path(__file__).parents[2] / "corpus"


@pytest.fixture(scope="session")
def corpus() -> list[Extraction]:
    paths = (path for path in sorted(CORPUS.iterdir()) if path.suffix in (".txt", ".html", ".json"))
    return [extract(posting) for path in paths for posting in read_path(path)]


@pytest.fixture(scope="session")
def posting() -> Callable[..., Extraction]:
    """``posting("T1", "Asthma", "Stroke")``: exclusions without a requirement."""

    def make(trial_id: str | None, *texts: str) -> Extraction:
        criteria = tuple(
            Criterion(id=f"e{n}", section="s1", kind="exclusion", label=None, span=Span(0, len(text)), text=text)
            for n, text in enumerate(texts, start=1)
        )  # fmt: skip
        return Extraction(
            trial=Trial(id=trial_id, source=Source(format="plain", name="x.txt", sha256="")),
            text="\n".join(texts),
            criteria=criteria,
            provenance=Provenance(program="trialcriteria", version="0", lexicons=""),
        )

    return make
