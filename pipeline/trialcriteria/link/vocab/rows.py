"""The rows of lexicons/ that say what the parts of a foreign vocabulary mean here."""

from functools import cache

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import ConceptKind

OMOP = "https://fhir-terminology.ohdsi.org"
"""The code system of OMOP concept ids."""


class VocabularyRow(Row):
    """A row of omop_vocabularies.toml."""

    system: str
    leads: tuple[ConceptKind, ...] = ()


class DomainRow(Row):
    """A row of omop_domains.toml."""

    kinds: tuple[ConceptKind, ...]


class TypeRow(Row):
    """A row of umls_types.toml."""

    name: str
    kinds: tuple[ConceptKind, ...]


@cache
def systems() -> dict[str, str]:
    """The FHIR code system of each vocabulary that has one."""
    return {row.id: row.system for row in load_rows("omop_vocabularies", VocabularyRow)}


@cache
def vocabularies() -> dict[str, str]:
    """The vocabulary of each FHIR code system."""
    return {system: name for name, system in systems().items()}


@cache
def leading(kind: ConceptKind) -> frozenset[str]:
    """The vocabularies whose concept is taken where several have one of this name."""
    rows = load_rows("omop_vocabularies", VocabularyRow)
    return frozenset(row.id for row in rows if kind in row.leads)


@cache
def domain_kinds() -> dict[str, tuple[ConceptKind, ...]]:
    """Our kinds by OMOP domain."""
    return {row.id: row.kinds for row in load_rows("omop_domains", DomainRow)}


@cache
def type_kinds() -> dict[str, tuple[ConceptKind, ...]]:
    """Our kinds by semantic type of the UMLS."""
    return {row.id: row.kinds for row in load_rows("umls_types", TypeRow)}
