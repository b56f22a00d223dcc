"""``trialcriteria bulk`` as a process: what it prints, where it ends, what a kill leaves."""

import signal
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


@pytest.fixture
def dump(tmp_path: Path) -> Path:
    rows = (
        {"nct_id": f"NCT{n:08d}", "eligibility": f"{TEXTS[n % 3]}- Trial {n}"} for n in range(45)
    )
    path = tmp_path / "dump.jsonl"
    path.write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return path


def test_a_killed_run_goes_on_to_the_rows_of_one_that_was_not(dump, tmp_path, started, ended):
    common = ("bulk", dump.name, "--model", "none", "--workers", "1", "--part-size", "10")
    process = started(*common, "-o", "stopped")
    while not list(tmp_path.glob("stopped/trials/part-*.parquet")):
        assert process.poll() is None
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert not orjson.loads((tmp_path / "stopped" / "manifest.json").read_bytes())["complete"]
    assert ended(*common, "-o", "stopped") == (0, "", "")
    code, out, err = ended(*common, "-o", "whole", "--log-json")
    assert (code, out) == (0, "")
    assert orjson.loads(err.splitlines()[-1])["extracted"] == 45
    assert sorted_rows(tmp_path / "stopped") == sorted_rows(tmp_path / "whole")
    assert len(sorted_rows(tmp_path / "whole")["trials"]) == 45


NUMBERS = {"--workers": "0", "--time-limit": "inf", "--memory-limit": "-1", "--part-size": "abc"}


@pytest.mark.parametrize("option", NUMBERS)
def test_a_number_that_cannot_be_is_a_wrong_call(dump, tmp_path, ended, option):
    code, _, err = ended("bulk", dump.name, "-o", "out", option, NUMBERS[option])
    assert code == 2
    assert f"Invalid value for '{option}'" in err
    assert not (tmp_path / "out").exists()


WRONG = {
    "missing input": (("none.jsonl", "-o", "out"), 1, "No such file"),
    "missing model": (("dump.jsonl", "-o", "out", "--model", "none/such"), 1, "no such folder"),
    "folder in use for something else": (("dump.jsonl", "-o", "."), 1, "holds other files"),
    "output is a file": (("dump.jsonl", "-o", "dump.jsonl"), 1, "File exists"),
    "master without spark": (("dump.jsonl", "-o", "out", "--master", "yarn"), 2, "--engine spark"),
    "model and tagger": (("dump.jsonl", "-o", "out", "--model", "none", "--tagger", "spacy:x"), 2,
                         "either --model or --tagger"),
    "too little memory": (("dump.jsonl", "-o", "out", "--memory-limit", "50", "--model", "none"), 1,
                          "cannot start"),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_goes_wrong_is_one_line(dump, ended, name):
    arguments, expected, words = WRONG[name]
    code, out, err = ended("bulk", *arguments)
    assert (code, out) == (expected, "")
    assert err.startswith("trialcriteria: error: ")
    assert words in err
    assert err.count("\n") == 1
