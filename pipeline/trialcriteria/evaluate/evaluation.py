"""One evaluation: run or read predictions, score them, build the report."""

from collections.abc import Sequence
from pathlib import Path

from trialcriteria.evaluate.datasets import Dataset, Outcome
from trialcriteria.evaluate.measures import posting_id
from trialcriteria.evaluate.predictions import Prediction, given, read_predictions
from trialcriteria.evaluate.report import About, Report, build
from trialcriteria.evaluate.scores import Comparison, Measured, compare
from trialcriteria.schema import Provenance


def file_predictions(
    dataset: Dataset, path: Path, roots: Sequence[Path]
) -> tuple[list[Prediction], list[str]]:
    """Predictions of a file for every posting, and notes on those that are missing."""
    return given(dataset.postings, read_predictions(path, roots), str(path))


def report(
    dataset: Dataset,
    predictions: Sequence[Prediction],
    others: Sequence[Prediction] | None,
    about: About,
    notes: Sequence[str] = (),
) -> Report:
    """The report on predictions; with ``others`` also how they compare, a paired test each."""
    outcome = dataset.score(predictions)
    other = dataset.score(others) if others is not None else None
    return build(
        outcome.measured,
        about,
        confusion=_table(outcome),
        texts={posting_id(posting): posting.text for posting in dataset.postings},
        notes=(*dataset.notes, *notes),
        comparison=_compared(outcome.measured, other.measured) if other else None,
    )


def about(dataset: Dataset, made_by: Provenance, files: Sequence[Path], command: str) -> About:
    """What the report says of itself; ``made_by`` is the program's own provenance."""
    return About(
        data=dataset.name,
        postings=len(dataset.postings),
        split=dataset.split,
        sha256=dataset.sha256,
        version=made_by.version,
        lexicons=made_by.lexicons,
        model=made_by.model,
        predictions=tuple(map(str, files)),
        command=command,
    )


def _table(outcome: Outcome) -> dict[str, dict[str, int]]:
    rows: dict[str, dict[str, int]] = {}
    for (gold, predicted), count in sorted(outcome.confusion.items()):
        rows.setdefault(gold, {})[predicted] = count
    return rows


def _compared(
    first: Sequence[Measured], second: Sequence[Measured]
) -> dict[str, dict[str, Comparison]]:
    """Every measure and strictness that both sides have."""
    by_name = {measured.name: measured for measured in second}
    return {
        one.name: {
            strictness: compare(tallies, by_name[one.name].tallies[strictness])
            for strictness, tallies in one.tallies.items()
        }
        for one in first
        if one.name in by_name
    }
