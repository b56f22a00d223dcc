"""The Spark engine in local mode against the local engine, row for row."""

import os
import shutil
from pathlib import Path

import orjson
import pytest

from kill_bulk import sorted_rows

for package in ("pyspark", "pandas"):
    pytest.importorskip(package, reason=f"{package} is not installed (the extra named spark)")
if shutil.which("java") is None and "JAVA_HOME" not in os.environ:
    pytest.skip("there is no Java, which Spark runs on", allow_module_level=True)


def row(number: int, text: object) -> bytes:
    return orjson.dumps({"nct_id": f"NCT{number:08d}", "eligibility": text}) + b"\n"


@pytest.fixture
def inputs(tmp_path: Path, athena) -> tuple[str, ...]:
    """JSON lines of which one is broken, and a folder with a text, a broken file and a double."""
    athena("316866 Hypertension")
    lines = [
        row(number, f"Inclusion Criteria:\n- Age >= {number} years") for number in range(18, 24)
    ]
    (tmp_path / "lines.jsonl").write_bytes(b"".join([*lines, row(7, ["no", "text"]), b"\n"]))
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "NCT00000001.txt").write_text("Exclusion Criteria:\n- Hypertension")
    (tmp_path / "more" / "cut.json").write_bytes(b'{"protocolSection":')
    (tmp_path / "more" / "twice.jsonl").write_bytes(row(18, "Other words"))
    return "lines.jsonl", "more"


def without_folders(rows: list[bytes]) -> list[dict[str, object]]:
    """Rows as Spark has them, which knows a file by its own name only."""
    loaded = [orjson.loads(each) for each in rows]
    return [each | {"source_name": Path(each["source_name"]).name} for each in loaded]


def test_spark_writes_the_rows_of_the_local_engine(tmp_path, inputs, ended):
    common = ("bulk", *inputs, "--model", "none", "--vocab", "athena")
    spark = (*common, "--engine", "spark", "--master", "local[2]", "-o", "spark")
    code, _, err = ended(*spark)
    assert code == 0, err[-2000:]
    assert ended(*common, "-o", "local", "--workers", "1")[0] == 0
    ours, theirs = sorted_rows(tmp_path / "local"), sorted_rows(tmp_path / "spark")
    assert len(ours["trials"]) == 7
    assert without_folders(ours.pop("trials")) == without_folders(theirs.pop("trials"))
    kept = ("kind", "trial_id", "source_name")
    errors = [
        sorted(
            tuple(str(each[name]) for name in kept) for each in without_folders(rows.pop("errors"))
        )
        for rows in (ours, theirs)
    ]
    assert errors[0] == errors[1]
    assert [kind for kind, *_ in errors[0]] == ["duplicate", "unreadable", "unreadable"]
    assert sum(b'"source":"athena"' in each for each in ours["facts"]) == 1
    assert ours == theirs
    counts = [
        orjson.loads((tmp_path / name / "manifest.json").read_bytes())["counts"]
        for name in ("local", "spark")
    ]
    assert counts[0] == counts[1]
    code, _, err = ended(*spark)
    assert code == 1
    assert "exists; the Spark engine writes a new folder" in err.splitlines()[-1]
