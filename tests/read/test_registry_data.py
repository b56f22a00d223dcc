"""Real registry records: each reads, with its registry id and the fields that it states."""

import csv
import gzip
import json
import os
import re
from pathlib import Path

import pytest

from trialcriteria.read import BrokenRecord, read_path

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared")) / "registry"
UNITS = {"Year": "Y", "Month": "M", "Week": "W", "Day": "D"}

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason=f"no registry data at {DATA}")


def files(folder, pattern="*"):
    found = sorted((DATA / folder).glob(pattern)) if DATA.is_dir() else []
    return pytest.mark.parametrize("path", found, ids=lambda path: path.name)


def duration(words):
    """ISO 8601 of the registry's "18 Years", worked out apart from the code under test."""
    match = re.fullmatch(r"(\d+) (Year|Month|Week|Day)s?", words or "")
    return f"P{match[1]}{UNITS[match[2]]}" if match else None


def only(path):
    (posting,) = read_path(path)
    assert not posting.warnings
    assert posting.trial.source.name == path.name
    return posting


@files("ctgov_v2_json")
def test_v2(path):
    posting = only(path)
    stated = json.loads(path.read_bytes())["protocolSection"]["eligibilityModule"]
    trial = posting.trial
    assert trial.id == path.stem
    assert posting.text == stated["eligibilityCriteria"]
    assert trial.minimum_age == duration(stated.get("minimumAge"))
    assert trial.maximum_age == duration(stated.get("maximumAge"))
    assert trial.sex == stated["sex"]
    assert trial.healthy_volunteers is stated["healthyVolunteers"]
    assert trial.title
    assert trial.status
    assert trial.conditions


@files("ctgov_legacy_xml")
def test_xml(path):
    posting = only(path)
    raw = path.read_text(encoding="utf-8")
    field = {
        name: re.search(f"<{name}>([^<]*)</{name}>", raw)[1]
        for name in ("gender", "minimum_age", "maximum_age")
    }
    trial = posting.trial
    ids = re.findall(r"<(?:nct_id|nct_alias)>(NCT\d{8})<", raw)  # one file goes by its old id
    assert trial.id == ids[0]
    assert path.stem in ids
    assert posting.text.strip()
    assert trial.sex == field["gender"].upper()
    assert trial.minimum_age == duration(field["minimum_age"])
    assert trial.maximum_age == duration(field["maximum_age"])
    assert trial.title
    assert trial.status


@files("clinconnect")
def test_clinconnect(path):
    posting = only(path)
    page = path.read_text(encoding="utf-8")
    start = posting.trial.source.start
    assert posting.trial.id == path.stem
    assert posting.trial.sex == "ALL"
    assert (posting.trial.minimum_age, posting.trial.maximum_age) == (None, None)
    assert page[start : start + len(posting.text)] == posting.text
    assert page[:start].endswith("Eligibility criteria\n\n")
    assert page[start + len(posting.text) :].startswith("\n\nAbout ")
    assert all(line.startswith("  \u2022 ") for line in posting.text.split("\n"))


@files("ctgov_page")
def test_ctgov_page(path):
    posting = only(path)
    page = path.read_text(encoding="utf-8")
    trial = posting.trial
    start = trial.source.start
    assert trial.id == path.stem
    assert (trial.minimum_age, trial.maximum_age, trial.sex) == ("P18Y", "P70Y", "ALL")
    assert trial.healthy_volunteers is False
    assert trial.phase == "PHASE1/PHASE2"
    assert trial.status == "RECRUITING"
    assert len(trial.conditions) == len(trial.interventions) == 1
    assert page[start : start + len(posting.text)] == posting.text
    assert posting.text.startswith("Inclusion Criteria\n\n1. ")
    assert page[start + len(posting.text) :].startswith("\nMinimum Eligible Age\n")


@files("other_registries")
def test_other_registries(path):
    posting = only(path)
    record = json.loads(path.read_bytes())
    trial = posting.trial
    registry = {"EUCTR": "EU CTR"}.get(record["ctrname"], record["ctrname"])
    assert trial.registry == registry
    assert trial.id == ("ISRCTN" if registry == "ISRCTN" else "") + path.stem
    assert trial.sex == "ALL"
    assert trial.title
    assert trial.conditions
    assert [part.kind for part in posting.parts] == ["inclusion", "exclusion"]
    inclusion, exclusion = (posting.text[slice(*part.span)] for part in posting.parts)
    assert posting.text == f"{inclusion}\n\n{exclusion}"
    people = record.get("participants", {})
    assert trial.minimum_age == duration(people.get("lowerAgeLimit"))
    assert trial.maximum_age == duration(people.get("upperAgeLimit"))


@files("euctr")
def test_euctr(path):
    postings = list(read_path(path))
    page = path.read_text(encoding="utf-8")
    links = re.findall(r"/trial/([\d-]+)/([A-Z]{2})/", page)
    assert [posting.trial.id for posting in postings] == ["-".join(link) for link in links]
    for posting in postings:
        assert [part.kind for part in posting.parts] == ["inclusion", "exclusion"]
        assert posting.trial.sex == "ALL"
        assert posting.trial.title
        assert "E.4 Principal" not in posting.text
        assert "E.5" not in posting.text
        assert not re.search(
            r"\b(?:edad|\u03b7\u03bb\u03b9\u03ba\u03af\u03b1\u03c2|doente)\b", posting.text
        )


@files("aact", "*.txt")
def test_aact(path):
    rows = list(csv.DictReader(path.open(encoding="utf-8", newline=""), delimiter="|"))
    postings = list(read_path(path))
    assert [posting.trial.id for posting in postings] == [row["nct_id"] for row in rows]
    for posting, row in zip(postings, rows, strict=True):
        assert posting.text == row["criteria"].replace("~", "\n")
        assert posting.trial.sex == row["gender"]
        assert posting.trial.minimum_age == duration(row["minimum_age"])
        assert posting.trial.maximum_age == duration(row["maximum_age"])
        assert posting.trial.healthy_volunteers is (row["healthy_volunteers"] == "true")


@files("ictrp", "*.csv")
def test_ictrp(path):
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream))
    postings = list(read_path(path))
    assert [posting.trial.id for posting in postings] == [row["TrialID"] for row in rows]
    for posting, row in zip(postings, rows, strict=True):
        assert posting.trial.registry == row["Source_Register"]
        assert "<br" not in posting.text.lower()
        without = re.sub(r"<br\s?/?\s?>|\s", "", row["INCLUSION_CRITERIA"], flags=re.IGNORECASE)
        assert re.sub(r"\s", "", posting.text) == without
        for age, cell in (
            (posting.trial.minimum_age, row["INCLUSION_AGEMIN"]),
            (posting.trial.maximum_age, row["INCLUSION_AGEMAX"]),
        ):
            stated = re.fullmatch(r"([1-9]\d*)([YMD]?)", cell)
            assert age == (f"P{stated[1]}{stated[2] or 'Y'}" if stated else None)


@files("bulk", "*.jsonl.gz")
def test_bulk(path):
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    count = 0
    for record, row in zip(read_path(path), rows, strict=True):
        count += 1
        assert not isinstance(record, BrokenRecord)
        assert record.trial.id == row["nct_id"]
        assert record.text == row["eligibility"]
        assert record.trial.registry == "ClinicalTrials.gov"
        highest = row.get("maximum_age")
        expected = f"P{highest}Y" if highest not in (None, "999") else None
        assert record.trial.maximum_age == expected
    assert count == len(rows) > 0
