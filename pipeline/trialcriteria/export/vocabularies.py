"""Names of the vocabularies that codes are of, and the pages where a code is explained."""

from typing import NamedTuple
from urllib.parse import quote

from trialcriteria.schema import Code


class _Vocabulary(NamedTuple):
    """A name for readers, and a page of one code, "{}" being the code; empty where none stays."""

    name: str
    page: str = ""


_VOCABULARIES = {
    "https://www.nlm.nih.gov/mesh": _Vocabulary("MeSH", "https://id.nlm.nih.gov/mesh/{}.html"),
    "http://loinc.org": _Vocabulary("LOINC", "https://loinc.org/{}"),
    "http://hl7.org/fhir/sid/icd-10-cm": _Vocabulary("ICD-10-CM"),
    "http://www.drugbank.ca": _Vocabulary("DrugBank", "https://go.drugbank.com/drugs/{}"),
    "http://fdasis.nlm.nih.gov": _Vocabulary(
        "UNII", "https://precision.fda.gov/uniisearch/srs/unii/{}"
    ),
    "http://snomed.info/sct": _Vocabulary("SNOMED CT", "http://snomed.info/id/{}"),
    "http://www.nlm.nih.gov/research/umls/rxnorm": _Vocabulary("RxNorm"),
    "http://human-phenotype-ontology.org": _Vocabulary("HPO", "https://hpo.jax.org/browse/term/{}"),
    "http://www.nlm.nih.gov/research/umls": _Vocabulary("UMLS"),
    "https://fhir-terminology.ohdsi.org": _Vocabulary("OMOP"),
}


def code_words(code: Code) -> str:
    """ "MeSH D006973"; the URI where the vocabulary has no name here."""
    known = _VOCABULARIES.get(code.system)
    return f"{known.name if known else code.system} {code.code}"


def code_page(code: Code) -> str:
    """Where the code is explained; empty where no address is known to stay."""
    known = _VOCABULARIES.get(code.system)
    return known.page.format(quote(code.code)) if known else ""
