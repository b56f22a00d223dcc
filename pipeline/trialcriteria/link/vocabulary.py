"""The built-in vocabulary: concepts with their names and codes, from lexicons/codes.tsv.gz.

Built by scripts/codes; a line is kind, preferred name, codes, provenance, "class" or nothing,
members of the class, and names, which are keys of ``names.canonical``.
"""

import gzip
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from types import MappingProxyType
from typing import NamedTuple

from trialcriteria.link.names import canonical
from trialcriteria.schema import Code, ConceptKind

SYSTEMS = {
    "mesh": "https://www.nlm.nih.gov/mesh",
    "icd10cm": "http://hl7.org/fhir/sid/icd-10-cm",
    "loinc": "http://loinc.org",
    "unii": "http://fdasis.nlm.nih.gov",
    "drugbank": "http://www.drugbank.ca",
}
"""Short names of the vocabularies as the file has them, and the URIs that FHIR knows them by.

DrugBank has none there: its own XML namespace stands for it.
"""
KINDS: tuple[ConceptKind, ...] = ("condition", "drug", "procedure", "measurement")
"""Kinds of concepts that the vocabulary has."""
_ENTRY = "mesh-entry"  # provenance: the name is an entry term of the heading, which may be broader
_BROADER = 0.9


class Named(NamedTuple):
    """One concept; lists as they stand in the file, between bars."""

    kind: str
    name: str
    coded: str
    provenance: str
    is_class: bool
    membered: str

    def codes(self, score: float, source: str) -> tuple[Code, ...]:
        """Its codes, of a score between 0 and 1 and of a source that found it."""
        return tuple([self._code(each, score, source) for each in self.coded.split("|")])

    def _code(self, coded: str, score: float, source: str) -> Code:
        vocabulary, _, code = coded.partition(":")
        if vocabulary == "mesh" and _ENTRY in self.provenance.split(","):
            score = round(score * _BROADER, 2)
        return Code.known(
            {
                "system": SYSTEMS[vocabulary],
                "code": code,
                "display": self.name,
                "score": score,
                "source": source,
            }
        )

    def prefers(self, key: str) -> bool:
        """Whether a key is that of the preferred name."""
        return canonical(self.name) == key


_Table = Mapping[str, Mapping[str, Named]]


@cache
def _table() -> _Table:
    """Concepts by kind and key."""
    found: dict[str, dict[str, Named]] = {}
    for kind, name, coded, provenance, flag, membered, names in _lines():
        concept = Named(kind, name, coded, provenance, flag == "class", membered)
        found.setdefault(kind, {}).update(dict.fromkeys(names.split("|"), concept))
    return MappingProxyType(found)


def _lines() -> Iterator[list[str]]:
    packed = files("trialcriteria.lexicons").joinpath("codes.tsv.gz").read_bytes()
    for line in gzip.decompress(packed).decode("utf-8").splitlines():
        if not line.startswith("#"):
            yield line.split("\t")


def named(key: str, kind: str) -> Named | None:
    """The concept of a kind that has the name whose key is given."""
    return _table().get(kind, {}).get(key)


def names_of(kind: str) -> Iterator[tuple[str, Named]]:
    """Every name of a kind, as a key, and its concept."""
    yield from _table().get(kind, {}).items()


@cache
def _coded() -> Mapping[str, Named]:
    """Concepts by each of their codes, written as in the file; of two kinds that of the first."""
    concepts = [one for kind in reversed(KINDS) for one in _table().get(kind, {}).values()]
    return MappingProxyType({each: one for one in concepts for each in one.coded.split("|")})


def coded(code: str) -> Named | None:
    """The concept of a code, written as in the file ("mesh:D000925")."""
    return _coded().get(code)
