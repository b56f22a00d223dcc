"""What the tests of several rooms share."""
# ruff: noqa: PLC0415 (Parquet is imported where a test writes it)

from collections import defaultdict
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from trialcriteria.schema import Extraction

WriteDataset = Callable[[Path, Iterable[Extraction]], Path]


@pytest.fixture(scope="session")
def write_dataset() -> WriteDataset:
    """``write_dataset(folder, extractions)`` writes what a bulk run would, in one part."""
    from trialcriteria.bulk.dataset import Dataset
    from trialcriteria.bulk.rows import rows_of
    from trialcriteria.bulk.tables import TABLES

    def write(folder: Path, extractions: Iterable[Extraction]) -> Path:
        rows = defaultdict(list)
        for each in extractions:
            trial_id = each.trial.id or each.trial.source.name
            for table, row in rows_of(trial_id, f"key of {trial_id}", each):
                rows[table].append(row)
        dataset = Dataset(folder)
        dataset.recover()
        dataset.write({table.name: [table.batch(rows[table.name])] for table in TABLES})
        return folder

    return write
