"""Runs of the local engine: repeated, updated, refused; records that do harm."""

import gzip
import os
from pathlib import Path

import orjson
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kill_bulk import sorted_rows
from trialcriteria.bulk import dataset
from trialcriteria.bulk.lock import locked
from trialcriteria.bulk.run import Job
from trialcriteria.bulk.worker import Limits
from trialcriteria.errors import ReadError, TrialCriteriaError


def line(number: int, text: str = "Adults") -> str:
    return orjson.dumps({"nct_id": f"NCT{number:08d}", "eligibility": text}).decode() + "\n"


def values(folder: Path, table: str, column: str) -> list[str]:
    return sorted(orjson.loads(row)[column] for row in sorted_rows(folder)[table])


@pytest.fixture
def dump(tmp_path):
    """Twelve postings."""
    path = tmp_path / "dump.jsonl"
    path.write_text("".join(line(number) for number in range(12)))
    return path


@pytest.fixture
def out(tmp_path):
    return tmp_path / "out"


def test_every_record_is_there_once(bulk, dump, out):
    manifest = bulk(dump)
    assert values(out, "trials", "trial_id") == [f"NCT{number:08d}" for number in range(12)]
    assert (manifest.complete, manifest.counts["facts"], manifest.counts["errors"]) == (True, 12, 0)
    assert len(list(out.glob("trials/part-*.parquet"))) == 2


def test_a_second_run_keeps_all(bulk, dump, out):
    bulk(dump)
    before = {path: path.stat().st_mtime_ns for path in out.glob("*/*.parquet")}
    manifest = bulk(dump)
    assert (manifest.timing.records_extracted, manifest.timing.records_kept) == (0, 12)
    assert {path: path.stat().st_mtime_ns for path in out.glob("*/*.parquet")} == before


def test_a_newer_dump_changes_only_what_changed(bulk, dump, out, tmp_path):
    newer = tmp_path / "newer.jsonl"
    kept = "".join(line(number) for number in range(2, 12))
    newer.write_text(line(1, "Adults over 60") + kept + line(12) + line(13))
    bulk(dump)
    timing = bulk(newer).timing
    updated = sorted_rows(out)
    assert (timing.records_extracted, timing.records_kept, timing.records_removed) == (3, 10, 2)
    anew = bulk(newer, folder=tmp_path / "anew")
    fresh = sorted_rows(tmp_path / "anew")
    assert anew.timing.records_extracted == 13
    names = {b'"dump.jsonl"': b'"newer.jsonl"'}
    for old, new in names.items():
        updated["trials"] = sorted(row.replace(old, new) for row in updated["trials"])
    assert updated == fresh


def test_another_program_makes_everything_anew(bulk, dump, out, monkeypatch):
    bulk(dump)
    monkeypatch.setattr("trialcriteria.bulk.manifest.__version__", "9.9")
    timing = bulk(dump).timing
    assert (timing.records_extracted, timing.records_removed) == (12, 12)
    assert len(values(out, "trials", "trial_id")) == 12


@pytest.mark.parametrize(
    ("order", "kind", "words"),
    [
        ("CRASH", "crashed", "SIGABRT"),
        ("HANG", "timeout", "took longer than 2 seconds"),
        ("HOG", "memory", "more memory"),
        ("FAIL", "failed", "ValueError: so told"),
    ],
)
def test_a_harmful_record_is_an_error_and_the_rest_goes_on(bulk, tmp_path, out, order, kind, words):
    path = tmp_path / "harmful.jsonl"
    path.write_text("".join(line(n, f"{order} me" if n == 7 else "Adults") for n in range(20)))
    manifest = bulk(path, limits=Limits(2, 2500))
    assert (manifest.counts["trials"], manifest.counts["errors"]) == (19, 1)
    assert values(out, "errors", "trial_id") == ["NCT00000007"]
    assert values(out, "errors", "kind") == [kind]
    assert words in values(out, "errors", "reason")[0]


def test_failed_records_are_kept_until_they_are_tried_again(bulk, tmp_path, out):
    path = tmp_path / "failing.jsonl"
    path.write_text("".join(line(n, "FAIL" if n == 3 else "Adults") for n in range(6)))
    bulk(path)
    assert bulk(path).timing.records_kept == 6
    timing = bulk(path, try_again=True).timing
    assert (timing.records_kept, timing.records_extracted) == (5, 0)
    assert values(out, "errors", "trial_id") == ["NCT00000003"]
    assert len(values(out, "trials", "trial_id")) == 5


def test_the_same_trial_again_is_an_error(bulk, tmp_path, out):
    path = tmp_path / "twice.jsonl"
    path.write_text(line(1) + line(2) + line(1, "Other words"))
    bulk(path)
    assert values(out, "trials", "trial_id") == ["NCT00000001", "NCT00000002"]
    assert values(out, "errors", "kind") == ["duplicate"]
    assert bulk(path).timing.records_kept == 3


def test_a_second_process_is_refused(bulk, dump, out):
    with locked(out), pytest.raises(TrialCriteriaError, match=f"process {os.getpid()}"):
        bulk(dump)


def test_a_folder_of_something_else_is_refused(bulk, dump, out):
    out.mkdir()
    (out / "thesis.doc").write_text("precious")
    with pytest.raises(TrialCriteriaError, match="other files"):
        bulk(dump)
    assert (out / "thesis.doc").read_text() == "precious"


def test_a_missing_input_is_found_before_anything_is_made(bulk, tmp_path, out):
    with pytest.raises(ReadError, match="No such file"):
        bulk(tmp_path / "none.jsonl")
    assert not out.exists()


def test_an_input_without_records_removes_nothing(bulk, dump, out, tmp_path):
    bulk(dump)
    (tmp_path / "wrong").mkdir()
    with pytest.raises(ReadError, match=r"wrong: holds no records; nothing was removed .* again"):
        bulk(tmp_path / "wrong")
    assert len(values(out, "trials", "trial_id")) == 12


def test_the_output_may_not_lie_in_an_input(bulk, dump, out):
    with pytest.raises(TrialCriteriaError, match="out: lies in the input"):
        bulk(dump.parent)
    assert not out.exists()


def test_rows_of_another_layout_are_made_anew(bulk, dump, out):
    with dump.open("a") as file:
        file.write('{"nct_id"\n')
    bulk(dump)
    for path in out.glob("trials/*.parquet"):
        rows = pq.read_table(path)
        old = pa.array([f"old {path.name} {number}" for number in range(len(rows))])
        rows = rows.set_column(rows.column_names.index("record_key"), "record_key", old)
        pq.write_table(rows.drop_columns("vocabularies"), path)
    timing = bulk(dump).timing
    assert (timing.records_extracted, timing.records_kept, timing.records_removed) == (12, 1, 12)
    assert len(values(out, "trials", "trial_id")) == 12
    assert values(out, "errors", "kind") == ["unreadable"]


def test_an_input_that_breaks_off_removes_nothing(bulk, dump, out, tmp_path):
    bulk(dump)
    cut = tmp_path / "cut.jsonl.gz"
    cut.write_bytes(gzip.compress(dump.read_bytes())[:-12])
    with pytest.raises(ReadError, match="nothing was removed"):
        bulk(cut)
    assert len(values(out, "trials", "trial_id")) == 12
    assert not orjson.loads((out / "manifest.json").read_bytes())["complete"]
    assert bulk(dump).complete


def test_a_full_disk_leaves_whole_parts_only(bulk, dump, out, monkeypatch):
    real, calls = os.fsync, []

    def fails(handle):
        calls.append(handle)
        if len(calls) == 12:
            raise OSError(28, "No space left on device")
        real(handle)

    monkeypatch.setattr(dataset.os, "fsync", fails)
    with pytest.raises(TrialCriteriaError, match=r"No space left on device.*run the same command"):
        bulk(dump)
    parts = {path.name for path in out.glob("trials/*.parquet")}
    assert {path.name for path in out.glob("*/*.parquet")} <= parts
    monkeypatch.setattr(dataset.os, "fsync", real)
    bulk(dump)
    assert len(values(out, "trials", "trial_id")) == 12


def test_a_damaged_part_is_named(bulk, dump, out):
    bulk(dump)
    part = out / "trials" / "part-000001.parquet"
    part.write_bytes(part.read_bytes()[:100])
    with pytest.raises(TrialCriteriaError, match=r"trials/part-000001.parquet: damaged"):
        bulk(dump)
    part.unlink()
    bulk(dump)
    assert len(values(out, "trials", "trial_id")) == 12


def test_a_folder_that_cannot_be_written_is_one_line(bulk, dump, tmp_path):
    (tmp_path / "out" / "manifest.json").mkdir(parents=True)
    with pytest.raises(TrialCriteriaError, match="manifest"):
        bulk(dump)


def test_an_interrupt_ends_the_workers_and_the_run_goes_on_later(bulk, dump, out):
    def interrupts(count):
        if count.extracted > 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        bulk(dump, heard=interrupts)
    bulk(dump)
    assert len(values(out, "trials", "trial_id")) == 12


def test_json_on_demand(bulk, dump, out, told):
    bulk(dump, setup=told("none", None, True))
    extraction = orjson.loads(values(out, "extractions", "json")[0])
    assert extraction["text"] == "Adults"
    bulk(dump)
    assert values(out, "extractions", "trial_id") == []


def test_defaults_of_a_job_suit_a_laptop():
    assert (Job._field_defaults["part_size"], Job._field_defaults["batch_size"]) == (1000, 32)
