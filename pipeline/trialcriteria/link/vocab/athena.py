"""Reads an OMOP download of Athena: a folder of tab-separated tables, quotes literal."""

from pathlib import Path

from trialcriteria.errors import VocabularyError
from trialcriteria.link.vocab.build import Builder, ConceptRow
from trialcriteria.link.vocab.reading import Reading
from trialcriteria.link.vocab.rows import OMOP, domain_kinds

CONCEPTS = "CONCEPT.csv"
SYNONYMS = "CONCEPT_SYNONYM.csv"
RELATIONS = "CONCEPT_RELATIONSHIP.csv"
_VERSIONS = "VOCABULARY.csv"
_ENGLISH = frozenset(("4180186", "4093769"))  # concept ids of the language, old and new
_LED_BY = ("Maps to", "Is a")
_NO_NUMBER = "concept id {!r} is no number"


def files(folder: Path) -> list[Path]:
    """The tables of a download; raises VocabularyError where one is missing."""
    needed = [folder / name for name in (CONCEPTS, SYNONYMS, RELATIONS)]
    missing = [path.name for path in needed if not path.is_file()]
    if missing:
        raise VocabularyError(f"{folder}: no {', '.join(missing)}; unpack the download of Athena")
    versions = folder / _VERSIONS
    return [*needed, versions] if versions.is_file() else needed


def read(folder: Path, builder: Builder, reading: Reading) -> dict[str, str]:
    """Hand all concepts of our kinds to the builder; what is to be kept of the download."""
    facts = {"version": _version(folder, reading), "system": OMOP}
    others = _read_concepts(folder / CONCEPTS, builder, reading)
    _read_synonyms(folder / SYNONYMS, builder, reading)
    _read_relations(folder / RELATIONS, builder, reading)
    return {**facts, "others": str(others)}


def _read_concepts(path: Path, builder: Builder, reading: Reading) -> int:
    """Hand over the concepts of our kinds; how many are of others."""
    columns = ("concept_id", "concept_name", "domain_id", "vocabulary_id", "concept_class_id")
    kinds = {domain: ",".join(found) for domain, found in domain_kinds().items()}
    others = 0
    rows = reading.table(path, (*columns, "standard_concept", "concept_code", "invalid_reason"))
    for line, (id_, name, domain, vocabulary, class_, standard, code, invalid) in rows:
        if not _is_id(id_):
            reading.reject(path, line, _NO_NUMBER.format(id_))
        elif domain not in kinds:
            others += 1
        else:
            valid = standard == "S" and not invalid
            row = (line, int(id_), vocabulary, code, name, kinds[domain], class_, valid)
            builder.concept(ConceptRow._make(row))
    return others


def _read_synonyms(path: Path, builder: Builder, reading: Reading) -> None:
    columns = ("concept_id", "concept_synonym_name", "language_concept_id")
    for line, (id_, name, language) in reading.table(path, columns):
        if not _is_id(id_):
            reading.reject(path, line, _NO_NUMBER.format(id_))
        elif language in _ENGLISH:
            builder.synonym(int(id_), name)


def _read_relations(path: Path, builder: Builder, reading: Reading) -> None:
    columns = ("concept_id_1", "relationship_id", "concept_id_2", "invalid_reason")
    for line, (id_, relation, other, invalid) in reading.table(path, columns, _LED_BY):
        if not (_is_id(id_) and _is_id(other)):
            reading.reject(path, line, _NO_NUMBER.format(other if _is_id(id_) else id_))
        elif (
            relation in _LED_BY and not invalid and id_ != other
        ):  # standard ones map to themselves
            builder.link(int(id_), relation, int(other))


def _version(folder: Path, reading: Reading) -> str:
    """The release of the whole download, which Athena writes beside the vocabulary "None"."""
    path = folder / _VERSIONS
    if not path.is_file():
        return "unknown"
    rows = reading.table(path, ("vocabulary_id", "vocabulary_version"))
    found = {name: version for _, (name, version) in rows}
    return found.get("None") or "unknown"


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19
