"""Parts appear whole or not at all: stopped before each step on the disk, and found right after."""

from pathlib import Path

import pyarrow.parquet as pq
import pytest

from trialcriteria.bulk import dataset
from trialcriteria.bulk.dataset import Dataset
from trialcriteria.bulk.rows import ErrorRow, rows_of
from trialcriteria.bulk.tables import ERRORS, TABLES
from trialcriteria.schema import Criterion, Extraction, Provenance, Section, Source, Span, Trial


class Stopped(BaseException):
    """What a kill is to the code: nothing behind it runs."""


def extraction(trial_id: str) -> Extraction:
    span = Span(0, 6)
    source = Source(format="jsonl", name="x", sha256="")
    return Extraction(
        trial=Trial(id=trial_id, source=source),
        text="Adults",
        sections=(Section(id="s1", kind="inclusion", heading=None, cohort=None, span=span),),
        criteria=(
            Criterion(
                id="i1", section="s1", kind="inclusion", label=None, span=span, text="Adults"
            ),
        ),
        provenance=Provenance(program="trialcriteria", version="0", lexicons=""),
    )


def batches(*trial_ids: str, errors: tuple[str, ...] = ()):
    """Rows of trials and of errors, each under its own name as key."""
    rows: dict[str, list[object]] = {table.name: [] for table in TABLES}
    for trial_id in trial_ids:
        for table, row in rows_of(trial_id, trial_id, extraction(trial_id)):
            rows[table].append(row)
    rows["errors"] = [ErrorRow(key, None, "unreadable", "so told", "x") for key in errors]
    return {table.name: [table.batch(rows[table.name])] for table in TABLES}


def held(folder: Path, table: str, column: str = "trial_id") -> list[str]:
    """A column over all files that a reader of the folder would see, sorted."""
    files = (folder / table).glob("part-*.parquet")
    return sorted(
        value for path in files for value in pq.ParquetFile(path).read().column(column).to_pylist()
    )


def kept(folder: Path) -> list[str]:
    """Keys of all records; every table agrees on the trials."""
    assert held(folder, "trials") == held(folder, "criteria")
    names = {
        table.name: {path.name for path in (folder / table.name).iterdir()} for table in TABLES
    }
    assert all(names["trials"] == each for each in names.values())
    return sorted(held(folder, "trials") + held(folder, "errors", "record_key"))


def stop_at(step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let so many steps on the disk happen, and stop before the next."""
    left = [step]

    def counted(real):
        def call(*given, **named):
            if left[0] == 0:
                raise Stopped
            left[0] -= 1
            return real(*given, **named)

        return call

    monkeypatch.setattr(dataset.Path, "replace", counted(Path.replace))
    monkeypatch.setattr(dataset.Path, "unlink", counted(Path.unlink))
    monkeypatch.setattr(dataset.pq, "write_table", counted(pq.write_table))


@pytest.mark.parametrize("step", range(24))
def test_a_part_stopped_on_the_way_is_none(tmp_path, step):
    found = Dataset(tmp_path)
    found.recover()
    found.write(batches("a", "b", errors=("x",)))
    with pytest.MonkeyPatch.context() as patched:
        stop_at(step, patched)
        try:
            found.write(batches("c"))
            done = True
        except Stopped:
            done = False
    again = Dataset(tmp_path)
    again.recover()
    assert kept(tmp_path) == (["a", "b", "c", "x"] if done else ["a", "b", "x"])
    assert done == (step >= 2 * len(TABLES))
    assert sorted(key for part in again.parts() for key in again.keys(part)) == kept(tmp_path)


@pytest.mark.parametrize("step", range(46))
def test_pruning_stopped_on_the_way_doubles_and_loses_nothing(tmp_path, step):
    found = Dataset(tmp_path)
    found.recover()
    first = found.write(batches("a", "b", errors=("x", "y")))
    second = found.write(batches("c", "d"))
    with pytest.MonkeyPatch.context() as patched:
        stop_at(step, patched)
        try:
            found.prune([(first, {"a", "x"}), (second, {"d"})], size=10)
            done = True
        except Stopped:
            done = False
    again = Dataset(tmp_path)
    again.recover()
    whole = ["a", "b", "c", "d", "x", "y"]
    assert kept(tmp_path) in ((["b", "c", "y"],) if done else (whole, ["b", "c", "y"]))
    assert done == (step >= 2 * len(TABLES) + 2 * (len(TABLES) + 1))


def test_a_part_of_which_nothing_remains_is_removed(tmp_path):
    found = Dataset(tmp_path)
    found.recover()
    part = found.write(batches("a", errors=("x",)))
    found.prune([(part, {"a", "x"})], size=10)
    assert (found.parts(), kept(tmp_path)) == ([], [])


def test_parts_are_joined_to_their_size(tmp_path):
    found = Dataset(tmp_path)
    found.recover()
    stale = [(found.write(batches(f"a{n}", f"b{n}")), {f"a{n}"}) for n in range(6)]
    found.prune(stale, size=3)
    assert kept(tmp_path) == [f"b{n}" for n in range(6)]
    assert len(found.parts()) == 2


def test_other_files_are_left_alone(tmp_path):
    found = Dataset(tmp_path)
    found.recover()
    (tmp_path / "trials" / "notes.txt").write_text("mine")
    (tmp_path / "facts" / "part-mine.parquet").write_text("mine")
    Dataset(tmp_path).recover()
    assert (tmp_path / "trials" / "notes.txt").exists()
    assert (tmp_path / "facts" / "part-mine.parquet").exists()


def test_errors_by_kind(tmp_path):
    found = Dataset(tmp_path)
    found.recover()
    part = found.write(batches("a", errors=("x", "y")))
    assert found.errors(("unreadable",)) == {part: {"x", "y"}}
    assert found.errors(("timeout",)) == {}
    assert found.count(ERRORS) == 2
