"""``evaluate``, ``gold``, ``corpus`` and ``brat``, with a pipeline that finds one criterion."""

import hashlib
import json
from pathlib import Path

import pytest

TEXT = "Age 18 to 75 years"
GOLD = """gold 1
posting - plain p.txt
sha256 {sha256}
annotator A
date 2026-11-22

inclusion
i1 "Age 18"
  demographic "Age" [18, 75] a "18 to 75 years"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A gold folder and its posting."""
    digest = hashlib.sha256(TEXT.encode()).hexdigest()
    (tmp_path / "p.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "gold").mkdir()
    (tmp_path / "gold" / "p.gold").write_text(GOLD.format(sha256=digest), encoding="utf-8")
    return tmp_path


@pytest.fixture
def chia(tmp_path: Path) -> Path:
    """A corpus of one document."""
    corpus = tmp_path / "corpora" / "chia"
    corpus.mkdir(parents=True)
    (corpus / "NCT00000001_inc.txt").write_text("Severe gout\n", encoding="utf-8")
    (corpus / "NCT00000001_inc.ann").write_text("T1\tCondition 7 11\tgout\n", encoding="utf-8")
    return corpus


def test_the_program_is_scored_against_gold(run, folder):
    result = run("evaluate", "--gold", folder / "gold", "--data", folder, "--format", "json")
    assert (result.code, result.err) == (0, "")
    report = json.loads(result.out)
    assert report["segmentation"]["strict"]["micro"]["f1"] == 1.0
    facts = report["facts"]["strict"]["micro"]
    assert (facts["gold"], facts["predicted"], facts["recall"], facts["precision"]) == (
        1,
        0,
        0,
        None,
    )
    assert report["about"]["postings"] == 1


def test_gold_scored_against_itself_is_perfect(run, folder):
    compiled = folder / "compiled.jsonl"
    assert run("gold", "compile", folder / "gold", "--data", folder, "-o", compiled).code == 0
    row = json.loads(compiled.read_text(encoding="utf-8"))
    assert (row["annotator"], row["date"]) == ("A", "2026-11-22")
    for pred in (compiled, folder / "gold"):
        result = run(
            "evaluate", "--gold", folder / "gold", "--data", folder, "--pred", pred,
            "--format", "json",
        )  # fmt: skip
        assert (result.code, result.err) == (0, "")
        report = json.loads(result.out)
        for measure in ("segmentation", "entities", "relations", "facts", "criteria"):
            assert report[measure]["strict" if measure != "relations" else "end_to_end"]["micro"][
                "f1"
            ] == pytest.approx(1.0)


def test_two_predictions_are_compared(run, folder):
    result = run(
        "evaluate", "--gold", folder / "gold", "--data", folder, "--pred", folder / "gold",
        "--compare", folder / "gold", "--format", "json",
    )  # fmt: skip
    assert json.loads(result.out)["comparison"]["facts"]["strict"] == {
        "first": 1.0, "second": 1.0, "difference": 0.0, "p": 1.0,
    }  # fmt: skip


def test_a_page_is_written_by_its_extension(run, folder):
    page = folder / "report.html"
    result = run("evaluate", "--gold", folder / "gold", "--data", folder, "-o", page)
    assert (result.code, result.out) == (0, "")
    html = page.read_text(encoding="utf-8")
    assert html.startswith("<!DOCTYPE html>")
    assert TEXT in html  # the context of the mistakes of a posting without an id


def test_a_corpus_is_scored_in_its_own_labels(run, chia):
    result = run(
        "evaluate", "--corpus", "chia", "--data", chia.parent, "--pred", chia, "--format", "json"
    )
    assert (result.code, result.err) == (0, "")
    assert json.loads(result.out)["entities"]["strict"]["Condition"]["f1"] == 1.0


def test_a_posting_without_a_prediction_counts_as_missed(run, folder):
    (folder / "none.jsonl").write_text('{"error": {"id": null, "name": "x", "reason": "y"}}\n')
    result = run(
        "evaluate", "--gold", folder / "gold", "--data", folder, "--pred", folder / "none.jsonl",
        "--format", "json",
    )  # fmt: skip
    report = json.loads(result.out)
    assert report["facts"]["strict"]["micro"]["recall"] == 0
    assert "1 postings have no prediction" in " ".join(report["notes"])


def test_predictions_on_plain_files_are_found_by_their_text(run, chia):
    plain = run("extract", chia / "NCT00000001_inc.txt", "--format", "jsonl")
    pred = chia.parent / "plain.jsonl"
    pred.write_text(plain.out, encoding="utf-8")
    result = run("evaluate", "--corpus", "chia", "--data", chia, "--pred", pred, "--format", "json")
    assert (result.code, result.err) == (0, "")
    assert "no prediction" not in " ".join(json.loads(result.out)["notes"])


ERRORS = [
    (("evaluate",), 2, "give either --gold DIR or --corpus NAME --data DIR"),
    (("evaluate", "--corpus", "chia"), 2, "--corpus chia needs --data DIR"),
    (("evaluate", "--corpus", "moon", "--data", "."), 2, "no corpus is named 'moon'"),
    (("evaluate", "--corpus", "lct", "--data", "nowhere"), 1, "nowhere is no folder"),
    (("evaluate", "--corpus", "registry", "--data", "."), 1, ". has no registry record that"),
    (("evaluate", "--gold", "nowhere"), 1, "nowhere: no gold file"),
    (("gold", "check", "nowhere"), 1, "nowhere: no gold file"),
]


@pytest.mark.parametrize(("call", "code", "message"), ERRORS, ids=[m for _, _, m in ERRORS])
def test_errors_are_one_line(run, tmp_path, monkeypatch, call, code, message):
    monkeypatch.chdir(tmp_path)
    result = run(*call)
    assert (result.code, result.out) == (code, "")
    assert message in result.err
    assert result.err.count("\n") == 1


def test_a_prediction_about_another_text_is_refused(run, folder):
    other = folder / "gold2"
    other.mkdir()
    digest = hashlib.sha256(b"Age 18 to 75 years!").hexdigest()
    (folder / "p2").mkdir()
    (folder / "p2" / "p.txt").write_text("Age 18 to 75 years!")
    source = GOLD.format(sha256=digest).replace("p.txt", "p2/p.txt")
    (other / "p.gold").write_text(source, encoding="utf-8")
    result = run("evaluate", "--gold", folder / "gold", "--data", folder, "--pred", other)
    assert result.code == 1
    assert "p is about another text" in result.err


def test_gold_check_names_each_faulty_file(run, folder):
    good = run("gold", "check", folder / "gold", "--data", folder)
    assert (good.code, good.out) == (0, f"{folder}/gold/p.gold: 1 criteria\n")
    path = folder / "gold" / "p.gold"
    path.write_text(path.read_text().replace('"Age 18"', '"Aged 18"'), encoding="utf-8")
    bad = run("gold", "check", folder / "gold", "--data", folder)
    assert bad.code == 1
    assert bad.err == (
        f"{folder}/gold/p.gold:8: these words do not stand behind the line before: 'Aged 18'\n"
    )


def test_output_prints_as_gold(run, folder):
    result = run("extract", folder / "p.txt", "--format", "gold")
    assert result.out.splitlines()[1] == "posting - plain p.txt"
    assert result.out.endswith('\ninclusion\ni1 "Age 18 to"\n')


def test_brat_files_come_back(run, folder):
    assert run("brat", "export", folder / "p.txt", "-o", folder / "brat").code == 0
    assert (folder / "brat" / "annotation.conf").is_file()
    again = run("brat", "export", folder / "p.txt", "-o", folder / "brat")
    assert (again.code, again.err.count("\n")) == (1, 1)
    back = run("brat", "import", folder / "brat")
    assert [c["text"] for c in json.loads(back.out)["criteria"]] == [TEXT]


def test_corpora_are_listed_and_fetched(run, chia, tmp_path):
    listed = run("corpus", "list")
    assert [line.split()[0] for line in listed.out.splitlines()] == ["chia", "lct", "llf", "fb_ner"]
    fetched = run("corpus", "fetch", "moon")
    assert (fetched.code, fetched.err.count("\n")) == (2, 1)
