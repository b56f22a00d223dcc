"""What the robustness tests share: the program in a child process with bounded time and memory."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

SECONDS = 60
"""Time-out of a child: six times the ten seconds that a quiet machine is to need at most."""

MEGABYTES = 1024

CHILD = """
import json, pathlib, re, sys
from trialcriteria.errors import TrialCriteriaError
from trialcriteria.extract import extract
from trialcriteria.read import read

path = pathlib.Path(sys.argv[1])
error, criteria, sections = None, 0, 0
try:
    for posting in read(path.read_bytes(), path.name):
        extraction = extract(posting)
        criteria += len(extraction.criteria)
        sections += len(extraction.sections)
        extraction.model_dump_json()
except TrialCriteriaError as raised:
    error = str(raised)
# Not ru_maxrss, which begins with what the process that started this one had.
status = pathlib.Path("/proc/self/status").read_text()
peak = int(re.search(r"VmHWM:\\s+(\\d+) kB", status)[1]) // 1024
print(json.dumps([error, criteria, sections, peak]))
"""


@dataclass(frozen=True)
class Outcome:
    """What came of one input: an error or a result, and the peak memory in MB."""

    error: str | None
    criteria: int
    sections: int
    megabytes: int


def environment() -> dict[str, str]:
    return os.environ | {
        "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
        "PYTHONIOENCODING": "utf-8",
    }


@pytest.fixture
def run_on(tmp_path: Path) -> Callable[..., Outcome]:
    """Reads and extracts an input in a child process; a crash or a time-out fails the test."""

    def run(data: str | bytes, name: str = "input.txt") -> Outcome:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        done = subprocess.run(
            [sys.executable, "-W", "ignore", "-c", CHILD, str(path)],
            env=environment(), capture_output=True, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
        assert done.returncode == 0, done.stderr[-2000:]
        outcome = Outcome(*json.loads(done.stdout))
        assert outcome.megabytes < MEGABYTES
        return outcome

    return run


@pytest.fixture
def program(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """The command line on an input file, as a user would run it."""

    def run(data: str | bytes, name: str = "input.txt") -> subprocess.CompletedProcess[str]:
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        return subprocess.run(
            [sys.executable, "-m", "trialcriteria", "extract", path.name],
            env=environment(), capture_output=True, text=True, check=False, timeout=SECONDS,
            cwd=tmp_path, encoding="utf-8",
        )  # fmt: skip

    return run
