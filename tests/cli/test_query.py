"""``query``, ``histogram`` and ``diff`` as commands: formats, files, exit codes."""

import csv
import io
import json
import sys
from pathlib import Path

import duckdb
import pytest

from trialcriteria.cli import app
from trialcriteria.extract import extract
from trialcriteria.read import read_path

POSTINGS = Path(__file__).parents[1] / "query" / "postings.jsonl"
COUNT = "select count(*) as n from trials"


@pytest.fixture(scope="module")
def dataset(tmp_path_factory, write_dataset) -> Path:
    return write_dataset(tmp_path_factory.mktemp("run"), map(extract, read_path(POSTINGS)))


@pytest.fixture
def texts(tmp_path) -> tuple[Path, Path]:
    """Two versions of a posting; the pipeline is replaced by one criterion a posting."""
    paths = tmp_path / "a.txt", tmp_path / "b.txt"
    for path, age in zip(paths, ("18", "21"), strict=True):
        path.write_text(f"Inclusion Criteria: age over {age}, and nothing else at all\n")
    return paths


def test_piped_it_is_csv(run, dataset) -> None:
    assert run("query", dataset, COUNT) == (0, "n\n4\n", "")


def test_on_a_terminal_it_is_a_table(run, dataset, monkeypatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)
    assert "│ 4 │" in run("query", dataset, COUNT).out


def test_from_standard_input(run, dataset) -> None:
    assert run("query", dataset, "-", stdin=COUNT.encode()).out == "n\n4\n"


@pytest.mark.parametrize("form", ["csv", "json", "jsonl", "txt", "parquet"])
def test_the_extension_decides(form, run, dataset, tmp_path) -> None:
    path = tmp_path / f"out.{form}"
    assert run("query", dataset, COUNT, "-o", path) == (0, "", "")
    content = path.read_bytes()
    read = {
        "csv": lambda: list(csv.DictReader(io.StringIO(content.decode()))) == [{"n": "4"}],
        "json": lambda: json.loads(content) == [{"n": 4}],
        "jsonl": lambda: content == b'{"n":4}\n',
        "txt": lambda: "│ 4 │" in content.decode(),
        "parquet": lambda: duckdb.read_parquet(str(path)).fetchall() == [(4,)],
    }
    assert read[form]()
    assert run("query", dataset, COUNT, "-o", path).code == 1
    assert run("query", dataset, COUNT, "-o", path, "--force").code == 0
    assert list(tmp_path.iterdir()) == [path]


def test_nothing_is_left_of_a_query_that_fails(run, dataset, tmp_path) -> None:
    for form in ("csv", "parquet"):
        result = run(
            "query", dataset, "select error('late') from facts", "-o", tmp_path / f"x.{form}"
        )
        assert (result.code, result.err.count("\n")) == (1, 1)
    assert list(tmp_path.iterdir()) == []


def test_named_and_list(run, dataset) -> None:
    assert (
        run("query", dataset, "--named", "egfr_floor_under_30")
        .out.splitlines()[1]
        .startswith("T3,")
    )
    assert "  egfr_floor_under_30\n" in run("query", dataset, "--list").out


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        ([], 2, "give one of SQL, --named NAME and --list"),
        (["select 1", "--list"], 2, "give one of"),
        (["--named", "none"], 2, "no query is named 'none'"),
        (["select 1", "--format", "parquet"], 2, "give -o FILE"),
        (["select 1", "-o", "x.docx"], 2, "give --format"),
        (["selec 1"], 1, "syntax error"),
        (["select * from trails"], 1, "--list shows"),
        (["select nct_id from trials"], 1, "--list shows"),
        (["copy trials to 'x'"], 1, "one SELECT"),
        (["select * from read_csv('/etc/passwd')"], 1, "Permission Error"),
    ],
)
def test_errors_of_query(args, code, words, run, dataset) -> None:
    result = run("query", dataset, *args)
    assert (result.code, result.out) == (code, "")
    assert words in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    ("manifest", "noted"),
    [('{"complete": false}', True), ('{"complete": true}', False), ("{}", False), ("[", False)],
)
def test_a_dataset_under_way_is_noted(manifest, noted, run, dataset) -> None:
    path = dataset / "manifest.json"
    path.write_text(manifest)
    result = run("query", dataset, COUNT)
    path.unlink()
    assert (result.code, result.out) == (0, "n\n4\n")
    assert ("its last run has not ended" in result.err) == noted


def test_histogram(run, dataset, tmp_path) -> None:
    assert run("histogram", dataset, "egfr").out.startswith("Thresholds of estimated glomerular")
    path = tmp_path / "x.svg"
    assert run("histogram", dataset, "egfr", "-o", path) == (0, "", "")
    assert path.read_text().startswith("<svg ")
    assert run("histogram", dataset, "egfr", "-o", tmp_path / "x.gif").code == 2
    assert run("histogram", dataset, "no such lab").code == 1


def test_histogram_as_png(run, dataset, tmp_path) -> None:
    pytest.importorskip("resvg_py", reason="the extra `plot` is not installed")
    assert run("histogram", dataset, "egfr", "-o", tmp_path / "x.png") == (0, "", "")
    assert (tmp_path / "x.png").read_bytes().startswith(b"\x89PNG")


def test_png_without_its_library(run, dataset, tmp_path, monkeypatch) -> None:
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    result = run("histogram", dataset, "egfr", "-o", tmp_path / "x.png")
    assert (result.code, list(tmp_path.iterdir())) == (2, [])
    assert "trialcriteria[plot]" in result.err


def test_diff_of_postings(run, texts) -> None:
    result = run("diff", *texts, "--model", "none")
    assert (result.code, result.err) == (0, "")
    assert "criteria: 1 reworded" in result.out


def test_exit_code_on_demand(run, texts) -> None:
    assert run("diff", *texts, "--model", "none", "--exit-code").code == 1
    assert run("diff", texts[0], texts[0], "--model", "none", "--exit-code").code == 0


@pytest.mark.parametrize("form", ["json", "html", "txt"])
def test_diff_into_a_file(form, run, texts, tmp_path) -> None:
    path = tmp_path / f"out.{form}"
    assert run("diff", *texts, "--model", "none", "-o", path) == (0, "", "")
    start = {"json": '{"before": ', "html": "<!DOCTYPE html>", "txt": str(texts[0])}[form]
    assert path.read_text(encoding="utf-8").startswith(start)


def test_diff_of_runs_and_of_extractions(run, dataset, tmp_path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_text("".join(extract(one).model_dump_json() + "\n" for one in read_path(POSTINGS)))
    for version in (dataset, path):
        result = run("diff", version, version, "--exit-code")
        assert (result.code, result.err) == (0, "")
        assert "trials:   4 same\n" in result.out


def test_diff_of_a_posting_and_its_extraction(run, tmp_path) -> None:
    first = POSTINGS.read_text().splitlines()[0]
    (tmp_path / "a.jsonl").write_text(first)
    extraction = run("extract", tmp_path / "a.jsonl", "--model", "none").out
    (tmp_path / "b.jsonl").write_text(extraction)
    result = run(
        "diff", tmp_path / "a.jsonl", tmp_path / "b.jsonl", "--model", "none", "--exit-code"
    )
    assert (result.code, result.err) == (0, "")


def test_errors_of_diff(run, dataset, texts, tmp_path) -> None:
    assert run("diff", dataset, texts[0]).code == 2
    away = run("diff", dataset, tmp_path / "away")
    assert (away.code, away.err) == (
        1,
        f"trialcriteria: error: {tmp_path / 'away'}: No such file or directory\n",
    )
    missing = run("diff", texts[0], tmp_path / "none.txt", "--model", "none")
    assert (missing.code, missing.out, missing.err.count("\n")) == (1, "", 1)
    (tmp_path / "broken.json").write_text('{"schema_version": 1}')
    broken = run("diff", texts[0], tmp_path / "broken.json", "--model", "none")
    assert (broken.code, broken.out, broken.err.count("\n")) == (1, "", 1)
    assert "is no extraction" in broken.err


def test_they_are_commands() -> None:
    names = {command.callback.__name__ for command in app.registered_commands}
    assert {"query", "histogram", "diff"} <= names
