"""Every error is one line; what the user did wrong is exit code 2, what went wrong is 1."""

from pathlib import Path

import pytest

ERRORS = {
    "missing_file": (["extract", "none.txt"], 1, "No such file"),
    "missing_file_show": (["show", "none.txt"], 1, "No such file"),
    "directory": (["extract", "folder"], 1, "Is a directory"),
    "empty_file": (["extract", "empty.txt"], 1, "empty.txt"),
    "binary_file": (["extract", "binary.txt"], 1, "binary.txt"),
    "broken_json": (["extract", "broken.json"], 1, "broken.json"),
    "unknown_input_format": (["extract", "good.txt", "--from", "docx"], 2, "unknown format"),
    "show_of_several": (["show", "several.jsonl"], 2, "several postings"),
    "show_of_a_broken_row": (["show", "broken_row.jsonl"], 1, "broken_row.jsonl"),
}
MISUSE = {
    "unknown_output_format": ["extract", "good.txt", "--format", "docx"],
    "no_input": ["extract"],
    "unknown_option": ["extract", "good.txt", "--colour"],
    "unknown_command": ["extrude"],
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder").mkdir()
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "binary.txt").write_bytes(bytes(range(256)) * 20)
    (tmp_path / "broken.json").write_text('{"protocolSection": {"identificationModule"')
    (tmp_path / "good.txt").write_text("Inclusion Criteria:\n- Age over 18\n")
    row = '{"nct_id": "NCT99000101", "eligibility": "Age over 18"}\n'
    (tmp_path / "several.jsonl").write_text(row * 2)
    (tmp_path / "broken_row.jsonl").write_text("{broken\n")


@pytest.mark.parametrize("name", ERRORS)
def test_error(run, name):
    args, code, words = ERRORS[name]
    result = run(*args)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith("trialcriteria: error: ")
    assert words in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize("name", MISUSE)
def test_misuse(run, name):
    result = run(*MISUSE[name])
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err
    assert "Error" in result.err
