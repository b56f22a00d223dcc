"""``trialcriteria bulk --vocab``: codes of the user's own vocabularies on every fact."""

from pathlib import Path

import orjson
import pyarrow.parquet as pq
import pytest

from trialcriteria.bulk.batch import Setup, process
from trialcriteria.bulk.items import item_of
from trialcriteria.errors import VocabularyError
from trialcriteria.link.vocab import store
from trialcriteria.read import read

RUN = ("bulk", "dump.jsonl", "-o", "out", "--model", "none", "--workers", "1", "--vocab", "athena")


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, athena) -> Path:
    """A folder with three postings, and a vocabulary of two concepts."""
    athena("316866 Hypertension", "1112807 aspirin")
    texts = ("Hypertension", "Aspirin within 7 days", "Asthma")
    rows = [
        {"nct_id": f"NCT0000000{number}", "eligibility": f"Exclusion Criteria:\n- {text}"}
        for number, text in enumerate(texts)
    ]
    (tmp_path / "dump.jsonl").write_bytes(b"".join(orjson.dumps(row) + b"\n" for row in rows))
    return tmp_path


@pytest.fixture
def bulk(folder: Path, ended):
    """``bulk(...)`` is the manifest of a run with further arguments."""

    def call(*more: str) -> dict:
        assert ended(*RUN, *more) == (0, "", "")
        return orjson.loads((folder / "out" / "manifest.json").read_bytes())

    return call


def column(folder: Path, table: str, name: str) -> list:
    files = sorted((folder / "out" / table).glob("part-*.parquet"))
    return [each for path in files for each in pq.ParquetFile(path).read()[name].to_pylist()]


def test_facts_have_the_codes_and_trials_say_whose(folder, bulk):
    manifest = bulk("--vocab", "athena")
    identity = store.opened("athena").identity
    assert manifest["vocabularies"] == [identity]
    assert column(folder, "trials", "vocabularies") == 3 * [[identity]]
    codes = [
        (code["system"], code["code"])
        for codes in column(folder, "facts", "codes")
        for code in codes
        if code["source"] == "athena"
    ]
    assert sorted(codes) == [
        ("http://snomed.info/sct", "s1112807"),
        ("http://snomed.info/sct", "s316866"),
        ("https://fhir-terminology.ohdsi.org", "1112807"),
        ("https://fhir-terminology.ohdsi.org", "316866"),
    ]


def test_another_content_of_the_vocabulary_makes_everything_anew(folder, bulk, athena):
    bulk()
    assert bulk()["timing"]["records_kept"] == 3
    athena("316866 Hypertension")
    timing = bulk()["timing"]
    assert (timing["records_extracted"], timing["records_removed"]) == (3, 3)
    assert column(folder, "trials", "vocabularies") == 3 * [[store.opened("athena").identity]]


def test_a_vocabulary_that_is_not_there_is_one_line(ended):
    code, out, err = ended(*RUN, "--vocab", "none")
    assert (code, out) == (1, "")
    assert err.startswith("trialcriteria: error: no vocabulary 'none' (installed: athena)")
    assert err.count("\n") == 1


def test_a_worker_without_the_vocabulary_blames_no_posting():
    (posting,) = read(b"Inclusion Criteria:\n- Adults\n", "one.txt")
    setup = Setup("none", None, with_json=False, vocabularies=("nowhere",))
    with pytest.raises(VocabularyError, match="no vocabulary 'nowhere'"):
        process([item_of(posting, "program")], setup)
