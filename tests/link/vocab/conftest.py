"""Small downloads of Athena to index, each in a folder of its own, and a place for the indexes."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import pytest

from trialcriteria.link.vocab import store
from trialcriteria.link.vocab.index import Index

CONCEPT = [
    "concept_id",
    "concept_name",
    "domain_id",
    "vocabulary_id",
    "concept_class_id",
    "standard_concept",
    "concept_code",
    "valid_start_date",
    "valid_end_date",
    "invalid_reason",
]
SYNONYM = ["concept_id", "concept_synonym_name", "language_concept_id"]
RELATION = [
    "concept_id_1",
    "concept_id_2",
    "relationship_id",
    "valid_start_date",
    "valid_end_date",
    "invalid_reason",
]
VERSION = ["vocabulary_id", "vocabulary_name", "vocabulary_version"]

Table = Iterable[Sequence[object]]
Write = Callable[..., Path]
Add = Callable[..., Index]


def concept(id_: int, name: str, domain: str, vocabulary: str, code: str, **other: str) -> list:
    """A row of CONCEPT.csv, standard and valid unless said otherwise."""
    class_, standard = other.get("class_", "Clinical Finding"), other.get("standard", "S")
    dates = ["19700101", "20991231"]
    return [id_, name, domain, vocabulary, class_, standard, code, *dates, other.get("invalid", "")]


def relation(one: int, kind: str, two: int, invalid: str = "") -> list:
    return [one, two, kind, "19700101", "20991231", invalid]


CONCEPTS = [
    concept(316866, "Hypertensive disorder", "Condition", "SNOMED", "38341003"),
    concept(320128, "Essential hypertension", "Condition", "SNOMED", "59621000"),
    concept(
        35207668, "Essential (primary) hypertension", "Condition", "ICD10CM", "I10", standard=""
    ),
    concept(1112807, "aspirin", "Drug", "RxNorm", "1191", class_="Ingredient"),
    concept(19059056, "Aspirin", "Drug", "RxNorm", "318272", class_="Clinical Drug"),
    concept(
        3016723, "Creatinine [Mass/volume] in Serum or Plasma", "Measurement", "LOINC", "2160-0"
    ),
    concept(37392176, "Creatinine measurement", "Measurement", "SNOMED", "70901006"),
    concept(1, "Old cough", "Condition", "SNOMED", "c1", standard="", invalid="U"),
    concept(2, "Cough", "Condition", "SNOMED", "49727002"),
    concept(3, "Cough and fever", "Condition", "ICD10CM", "cf", standard=""),
    concept(4, "Fever", "Condition", "SNOMED", "386661006"),
    concept(5, "Gone", "Condition", "SNOMED", "gone", standard="S", invalid="D"),
    concept(6, "Lost", "Condition", "SNOMED", "lost", standard="", invalid="D"),
    concept(7, "Twin", "Condition", "SNOMED", "t1"),
    concept(8, "Twin", "Condition", "SNOMED", "t2"),
    concept(9, 'Pain of the "big" toe', "Condition", "OMOP Extension", "OMOP1"),
    concept(10, "Milligram", "Unit", "UCUM", "mg"),
    concept(11, "Skin test", "Meas/Procedure", "SNOMED", "st"),
]
SYNONYMS = [
    [316866, "Hypertension", 4180186],
    [316866, "HTN", 4180186],
    [316866, "Hypertonie", 4182504],
    [37392176, "Creatinine", 4180186],
    [3016723, "Creat SerPl-mCnc", 4180186],
    [1112807, "acetylsalicylic acid", 4180186],
]
RELATIONS = [
    relation(35207668, "Maps to", 320128),
    relation(320128, "Maps to", 320128),
    relation(320128, "Is a", 316866),
    relation(1, "Maps to", 2),
    relation(3, "Maps to", 2),
    relation(3, "Maps to", 4),
    relation(6, "Maps to", 2, "D"),
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where indexes go; nothing of the user's own is touched."""
    folder = tmp_path / "vocabularies"
    monkeypatch.setenv(store.VARIABLE, str(folder))
    return folder


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """``write(concepts, synonyms, relations)`` gives the folder of a download."""

    def to_folder(
        concepts: Table = CONCEPTS, synonyms: Table = SYNONYMS, relations: Table = RELATIONS
    ) -> Path:
        folder = tmp_path / "download"
        folder.mkdir(exist_ok=True)
        versions = [["SNOMED", "SNOMED", "2026"], ["None", "OMOP", "v5.0 22-NOV-26"]]
        for name, header, rows in (
            ("CONCEPT", CONCEPT, concepts),
            ("CONCEPT_SYNONYM", SYNONYM, synonyms),
            ("CONCEPT_RELATIONSHIP", RELATION, relations),
            ("VOCABULARY", VERSION, versions),
        ):
            lines = ["\t".join(map(str, row)) + "\n" for row in [header, *rows]]
            (folder / f"{name}.csv").write_text("".join(lines), encoding="utf-8")
        return folder

    return to_folder


@pytest.fixture
def add(write: Write) -> Add:
    """``add(...)`` as ``write``, indexed and opened."""

    def indexed(*tables: Table) -> Index:
        store.add("athena", str(write(*tables)), "athena", lambda step, count: None, force=True)
        return store.opened("athena")

    return indexed
