"""The vocab commands, and ``extract --vocab``."""

import json
import sys
from pathlib import Path

import pytest

HEADER = (
    "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_class_id\tstandard_concept\t"
    "concept_code\tvalid_start_date\tvalid_end_date\tinvalid_reason\n"
)
TABLES = {
    "CONCEPT.csv": HEADER
    + "2\tCough\tCondition\tSNOMED\tFinding\tS\t49727002\t1970\t2099\t\n"
    + "4\tFever\tCondition\tSNOMED\tFinding\tS\t386661006\t1970\t2099\t\n",
    "CONCEPT_SYNONYM.csv": "concept_id\tconcept_synonym_name\tlanguage_concept_id\n"
    + "4\tPyrexia\t4180186\n",
    "CONCEPT_RELATIONSHIP.csv": "concept_id_1\tconcept_id_2\trelationship_id\tinvalid_reason\n",
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TRIALCRITERIA_VOCABULARIES", str(tmp_path / "vocabularies"))
    (tmp_path / "athena").mkdir()
    for name, content in TABLES.items():
        (tmp_path / "athena" / name).write_text(content)
    (tmp_path / "good.txt").write_text("Inclusion Criteria:\n- Cough\n")
    return tmp_path


def test_add(run):
    told = "athena: unknown, 2 concepts (2 standard), 3 names; 0 concepts of other kinds left out\n"
    assert run("vocab", "add", "athena", "athena") == (0, told, "")


def test_broken_lines_are_told_and_the_first_of_them_named(run, folder):
    with (folder / "athena" / "CONCEPT.csv").open("a") as out:
        out.writelines(["short\n"] * 22)
    result = run("vocab", "add", "athena", "athena")
    lines = result.err.splitlines()
    assert result.code == 0
    assert lines[0] == "CONCEPT.csv, line 4: 1 instead of 10 fields; left out"
    assert lines[20:] == ["22 broken lines in all were left out"]


def test_list(run):
    assert run("vocab", "list")[:2] == (0, "")
    run("vocab", "add", "athena", "athena", "--name", "mine")
    result = run("vocab", "list", "--format", "json")
    (row,) = map(json.loads, result.out.splitlines())
    assert (row["name"], row["from"], row["version"]) == ("mine", "athena", "unknown")
    assert (row["concepts"], row["standard"], row["names"], row["broken"]) == (2, 2, 3, 0)
    assert row["bytes"] > 1000
    assert run("vocab", "list").out.splitlines()[1].split()[:2] == ["mine", "athena"]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        (["feve"], ["386661006"]),
        (["pyrexia"], ["386661006"]),
        (["pyrexia", "--kind", "condition", "--vocab", "athena"], ["386661006"]),
        (["f", "--limit", "1"], ["386661006"]),
    ],
)
def test_search(run, words, codes):
    run("vocab", "add", "athena", "athena")
    result = run("vocab", "search", *words, "--format", "json")
    assert [json.loads(line)["code"] for line in result.out.splitlines()] == codes
    assert codes[0] in run("vocab", "search", *words).out


@pytest.mark.parametrize("asked", ["386661006", "4", "Pyrexia"])
def test_info(run, asked):
    run("vocab", "add", "athena", "athena")
    (row,) = map(json.loads, run("vocab", "info", asked, "--format", "json").out.splitlines())
    assert row["name"] == "Fever"
    assert row["synonyms"] == ["Pyrexia"]
    assert row["codes"] == [
        {"system": "http://snomed.info/sct", "code": "386661006"},
        {"system": "https://fhir-terminology.ohdsi.org", "code": "4"},
    ]
    assert "synonyms      Pyrexia" in run("vocab", "info", asked).out.splitlines()


def test_remove(run):
    run("vocab", "add", "athena", "athena")
    assert run("vocab", "remove", "athena") == (0, "removed athena\n", "")
    assert run("vocab", "list").out == ""


ERRORS = {
    "no_folder": (["add", "athena", "nowhere"], 1, "no CONCEPT.csv"),
    "no_knowledge_base": (["add", "umls", "nowhere.jsonl"], 1, "neither a JSON lines file"),
    "bad_name": (["add", "athena", "athena", "--name", "../up"], 2, "is named by small letters"),
    "twice": (["add", "athena", "athena"], 1, "exists; --force replaces it"),
    "search_of_none": (["search", "cough", "--vocab", "none"], 1, "no vocabulary 'none'"),
    "search_without_hit": (["search", "zebra"], 1, "nothing is named 'zebra'"),
    "search_of_no_kind": (["search", "cough", "--kind", "illness"], 2, "no kind is named"),
    "info_without_hit": (["info", "zebra"], 1, "nothing is named 'zebra'"),
    "remove_of_none": (["remove", "none"], 1, "no vocabulary 'none'"),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error(run, name):
    args, code, words = ERRORS[name]
    run("vocab", "add", "athena", "athena")
    result = run("vocab", *args)
    assert (result.code, result.out) == (code, "")
    assert result.err.startswith("trialcriteria: error: ")
    assert words in result.err
    assert result.err.count("\n") == 1


@pytest.mark.parametrize(
    "args", [["add", "mesh", "x"], ["add", "athena"], ["search", "x", "--limit", "0"], ["find"]]
)
def test_misuse(run, args):
    result = run("vocab", *args)
    assert (result.code, result.out) == (2, "")
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", ["extract", "show"])
def test_a_vocabulary_that_is_not_there_stops_before_anything_is_read(run, command):
    result = run(command, "good.txt", "--vocab", "none")
    assert (result.code, result.out) == (1, "")
    assert "no vocabulary 'none' (installed: none)" in result.err


def test_extract_asks_the_vocabularies_named(run, monkeypatch):
    asked = []

    def extract(posting, tagger, vocabularies):
        asked.append([each.identity.split(":")[0] for each in vocabularies])
        raise KeyboardInterrupt

    monkeypatch.setattr(sys.modules["trialcriteria.extract"], "extract", extract)
    for name in ("one", "two"):
        run("vocab", "add", "athena", "athena", "--name", name)
    run("extract", "good.txt", "--vocab", "two", "--vocab", "one", "--vocab", "two")
    assert asked == [["two", "one"]]
