"""``trialcriteria bulk`` as a process: what it prints, where it ends, what a kill leaves."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import orjson
import pytest

from kill_bulk import sorted_rows

TEXTS = (
    "Inclusion Criteria:\n1. Age 18 to 75 years\n2. eGFR >= 60 mL/min\n",
    "Exclusion Criteria:\n- Rituximab within 6 months before screening\n- NYHA class III or IV\n",
    "Inclusion Criteria:\n- Signed informed consent\n- ALT <= 2.5 x ULN\n",
)
ENVIRONMENT = os.environ | {"PYTHONPATH": os.pathsep.join(filter(None, sys.path))}


def started(folder: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "trialcriteria", "bulk", *arguments], cwd=folder, env=ENVIRONMENT,
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def ended(folder: Path, *arguments: str) -> tuple[int, str, str]:
    process = started(folder, *arguments)
    out, err = process.communicate(timeout=300)
    return process.returncode, out, err


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    rows = (
        {"nct_id": f"NCT{n:08d}", "eligibility": f"{TEXTS[n % 3]}- Trial {n}"} for n in range(45)
    )
    path = tmp_path / "dump.jsonl"
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def test_a_killed_run_goes_on_to_the_rows_of_one_that_was_not(dump, tmp_path):
    common = (dump.name, "--model", "none", "--workers", "1", "--part-size", "10")
    process = started(tmp_path, *common, "-o", "stopped")
    while not list(tmp_path.glob("stopped/trials/part-*.parquet")):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not orjson.loads((tmp_path / "stopped" / "manifest.json").read_bytes())["complete"]
    assert ended(tmp_path, *common, "-o", "stopped") == (0, "", "")
    code, out, err = ended(tmp_path, *common, "-o", "whole", "--log-json")
    assert (code, out) == (0, "")
    assert orjson.loads(err.splitlines()[-1])["extracted"] == 45
    assert sorted_rows(tmp_path / "stopped") == sorted_rows(tmp_path / "whole")
    assert len(sorted_rows(tmp_path / "whole")["trials"]) == 45


WRONG = {
    "missing input": (("none.jsonl", "-o", "out"), 1, "No such file"),
    "missing model": (("dump.jsonl", "-o", "out", "--model", "none/such"), 1, "no such folder"),
    "folder in use for something else": (("dump.jsonl", "-o", "."), 1, "holds other files"),
    "output is a file": (("dump.jsonl", "-o", "dump.jsonl"), 1, "File exists"),
    "master without spark": (("dump.jsonl", "-o", "out", "--master", "yarn"), 2, "--engine spark"),
    "too little memory": (("dump.jsonl", "-o", "out", "--memory-limit", "50", "--model", "none"), 1,
                          "cannot start"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_goes_wrong_is_one_line(dump, tmp_path, name):
    arguments, expected, words = WRONG[name]
    code, out, err = ended(tmp_path, *arguments)
    assert (code, out) == (expected, "")
    assert err.startswith("trialcriteria: error: ")
    assert words in err
    assert err.count("\n") == 1
