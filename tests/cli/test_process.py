"""The program as a process: what it imports, how it meets a closed pipe, the real pipeline."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

CORPUS = Path(__file__).parents[2] / "corpus"
PROGRAM = [sys.executable, "-m", "trialcriteria"]
ENVIRONMENT = os.environ | {
    "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
    "PYTHONIOENCODING": "utf-8",
}
HEAVY = ["spacy", "medspacy", "lxml", "pydantic", "rich.console"]
LIST_MODULES = """
import sys
from trialcriteria.cli import main
sys.argv = ["trialcriteria", {argument!r}]
try:
    main()
except SystemExit:
    print("MODULES", *sys.modules)
"""


def run(*command: str, **options: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, env=ENVIRONMENT, capture_output=True, text=True, check=False, timeout=120,
        encoding="utf-8", **options,
    )  # fmt: skip


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_imports_nothing_heavy(argument):
    result = run(sys.executable, "-c", LIST_MODULES.format(argument=argument))
    modules = result.stdout.split("MODULES ")[1].split()
    assert [name for name in HEAVY if name in modules] == []


def test_a_closed_pipe_is_quiet():
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "w") as closed:
        result = subprocess.run(
            [*PROGRAM, "schema"], env=ENVIRONMENT, stdout=closed, stderr=subprocess.PIPE,
            check=False, timeout=120,
        )  # fmt: skip
    assert result.stderr == b""


def test_a_full_disk_behind_standard_output_is_one_line():
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    with full.open("w") as out:
        result = subprocess.run(
            [*PROGRAM, "schema"], env=ENVIRONMENT, stdout=out, stderr=subprocess.PIPE,
            check=False, timeout=120,
        )  # fmt: skip
    assert result.returncode == 1
    assert result.stderr == b"trialcriteria: error: No space left on device\n"


def test_one_posting_through_the_whole_pipeline():
    result = run(*PROGRAM, "extract", str(CORPUS / "plain_surgery_anaesthesia.txt"))
    assert (result.returncode, result.stderr) == (0, "")
    extraction = json.loads(result.stdout)
    assert [section["kind"] for section in extraction["sections"]] == [
        "inclusion",
        "exclusion",
        "other",
    ]


def test_a_terminal_gets_a_coloured_tree():
    pty = pytest.importorskip("pty", reason="no pseudo terminals on this system")
    master, slave = pty.openpty()
    process = subprocess.Popen(
        [*PROGRAM, "extract", str(CORPUS / "plain_surgery_anaesthesia.txt")],
        env=ENVIRONMENT | {"TERM": "xterm-256color", "COLUMNS": "100"},
        stdout=slave, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    os.close(slave)
    shown = b""
    try:
        while piece := os.read(master, 65536):
            shown += piece
    except OSError:  # the terminal is gone once the program ends
        pass
    os.close(master)
    assert process.wait(timeout=120) == 0
    assert b"\x1b[1;32mInclusion" in shown
