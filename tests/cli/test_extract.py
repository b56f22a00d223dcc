"""``extract``: formats, files, several inputs, failures."""

import csv
import io
import json
import re
import sys
from pathlib import Path

import pytest

TEXT = "Inclusion Criteria:\n1. Age >= 18 years\n2. Able to walk\n"
ROWS = (
    '{"nct_id": "NCT99000101", "eligibility": "Age over 18"}\n'
    "{broken\n"
    '{"nct_id": "NCT99000102", "eligibility": "Age over 60"}\n'
)


@pytest.fixture
def posting(tmp_path: Path) -> Path:
    path = tmp_path / "one.txt"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.fixture
def rows(tmp_path: Path) -> Path:
    path = tmp_path / "rows.jsonl"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_piped_output_is_json_lines(run, posting):
    result = run("extract", posting, posting)
    assert (result.code, result.err) == (0, "")
    assert [json.loads(line)["text"] for line in result.out.splitlines()] == [TEXT, TEXT]


def test_a_terminal_gets_the_tree(run, posting, monkeypatch):
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    result = run("extract", posting)
    words = re.sub(r"\x1b\[[\d;]*m", "", result.out)
    assert words != result.out
    assert (result.code, result.err) == (0, "")
    assert words.splitlines()[1:] == [
        "└── Inclusion",
        "    └── i1 Inclusion Criteria: 1. Age >= 18 years 2. Able to walk",
    ]


def test_standard_input(run):
    result = run("extract", "-", stdin=TEXT.encode())
    assert json.loads(result.out)["text"] == TEXT


@pytest.mark.parametrize("number", [1, 2])
def test_json_is_an_object_or_an_array(run, posting, number):
    loaded = json.loads(run("extract", *[posting] * number, "--format", "json").out)
    assert [one["text"] for one in (loaded if number > 1 else [loaded])] == [TEXT] * number


def test_table_is_csv(run, posting):
    header, *body = csv.reader(io.StringIO(run("extract", posting, "--format", "table").out))
    assert header[:4] == ["trial", "criterion", "section", "label"]
    assert [row[:4] for row in body] == [["", "i1", "inclusion", ""]]


@pytest.mark.parametrize(
    ("name", "opening"),
    [("o.json", "{\n"), ("o.jsonl", '{"schema'), ("o.txt", "one.txt"), ("o.csv", "trial,")],
)
def test_the_extension_decides_the_format(run, posting, tmp_path, name, opening):
    out = tmp_path / name
    assert run("extract", posting, "-o", out) == (0, "", "")
    assert out.read_text(encoding="utf-8").startswith(opening)


def test_format_wins_over_the_extension(run, posting, tmp_path):
    out = tmp_path / "o.csv"
    run("extract", posting, "-o", out, "--format", "jsonl")
    assert json.loads(out.read_text())["text"] == TEXT


def test_an_unknown_extension_is_a_wrong_call(run, posting, tmp_path):
    result = run("extract", posting, "-o", tmp_path / "o.docx")
    assert result.code == 2
    assert result.err.startswith("trialcriteria: error: no format follows from the name")
    assert result.err.count("\n") == 1


def test_nothing_is_overwritten_without_force(run, posting, tmp_path):
    out = tmp_path / "o.json"
    out.write_text("precious")
    result = run("extract", posting, "-o", out)
    assert result == (1, "", f"trialcriteria: error: {out} exists; --force overwrites it\n")
    assert out.read_text() == "precious"
    assert run("extract", posting, "-o", out, "--force").code == 0
    assert json.loads(out.read_text())["text"] == TEXT


def test_a_failed_run_leaves_no_file(run, tmp_path):
    result = run("extract", tmp_path / "none.txt", "-o", tmp_path / "o.json")
    assert result.code == 1
    assert list(tmp_path.iterdir()) == []


def test_a_failed_run_keeps_the_old_file(run, tmp_path):
    out = tmp_path / "o.json"
    out.write_text("precious")
    assert run("extract", tmp_path / "none.txt", "-o", out, "--force").code == 1
    assert [path.name for path in tmp_path.iterdir()] == ["o.json"]
    assert out.read_text() == "precious"


def test_a_link_stays_a_link(run, posting, tmp_path):
    target, link = tmp_path / "target.json", tmp_path / "link.json"
    target.write_text("old")
    link.symlink_to(target)
    assert run("extract", posting, "-o", link, "--force").code == 0
    assert link.is_symlink()
    assert json.loads(target.read_text())["text"] == TEXT


def test_broken_records_do_not_stop_the_run(run, rows):
    result = run("extract", rows)
    assert result.code == 1
    first, broken, last = map(json.loads, result.out.splitlines())
    assert [first["trial"]["id"], last["trial"]["id"]] == ["NCT99000101", "NCT99000102"]
    assert list(broken) == ["error"]
    assert list(broken["error"]) == ["id", "name", "reason"]
    assert result.err.startswith("trialcriteria: 1 record failed; first rows.jsonl: ")
    assert result.err.count("\n") == 1


def test_one_bad_input_of_several_does_not_stop_the_run(run, posting, tmp_path):
    result = run("extract", tmp_path / "none.txt", posting, "--format", "json")
    assert result.code == 1
    error, good = json.loads(result.out)
    assert error["error"]["name"] == str(tmp_path / "none.txt")
    assert good["text"] == TEXT


def test_the_format_can_be_forced(run, tmp_path):
    path = tmp_path / "x.txt"
    path.write_text('{"nct_id": "NCT99000101", "eligibility": "Age over 18"}')
    forms = [
        json.loads(run("extract", path, "--from", name).out)["trial"]["source"]["format"]
        for name in ("plain", "jsonl")
    ]
    assert forms == ["plain", "jsonl"]


def test_interrupted(run, tmp_path):
    path = tmp_path / "x.txt"
    path.write_text("explode")
    assert run("extract", path) == (130, "", "")


def test_an_output_in_no_folder(run, posting, tmp_path):
    result = run("extract", posting, "-o", tmp_path / "none" / "o.json")
    assert result.code == 1
    assert (
        result.err == f"trialcriteria: error: {tmp_path}/none/o.json: No such file or directory\n"
    )
