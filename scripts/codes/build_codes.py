"""Builds codes.tsv.gz: names of conditions, drugs, procedures and measurements with their codes.

    python build_codes.py /tmp/exp/dl -o codes.tsv.gz

Reads six packages as archives; see README.md for what is taken of each. Columns: kind, preferred
name, codes (|), provenance (,), "class" or nothing, members of a class (|), names (|) as keys of
``names.canonical``, so that a name is looked up by the key of what is written. Beside it lies
report.txt with what was mended, dropped and left out as ambiguous.
"""

import argparse
import gzip
from collections.abc import Iterator
from pathlib import Path

import sources
from merge import Concept, Pool, across_kinds, members, own_names
from names import canonical, rules, spoken
from sources import COUNTS, Entry, Mesh

KINDS = ("condition", "drug", "procedure", "measurement")
HEADER = "# kind\tname\tcodes\tprovenance\tclass\tmembers\tnames\n"


def main() -> None:
    """Build, write and tell."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("packages", type=Path, help="folder with the downloaded wheels")
    parser.add_argument("-o", "--output", type=Path, default=Path("codes.tsv.gz"))
    parser.add_argument("--without-hpo", action="store_true", help="its licence allows no extract")
    given = parser.parse_args()
    pools = build(given.packages, with_hpo=not given.without_hpo)
    concepts = [c for kind in KINDS for c in pools[kind].concepts]
    ambiguous = [line for kind in KINDS for line in own_names(pools[kind].concepts)]
    across_kinds(concepts)
    kept = [c for c in concepts if c.names and c.codes]
    write(given.output, kept)
    tell(given.output.with_name("report.txt"), kept, ambiguous)


def build(folder: Path, with_hpo: bool) -> dict[str, Pool]:
    """All concepts by kind, the most trusted source first."""
    mesh = sources.headings(folder)
    by_hand = list(sources.curated(mesh))
    pools = {kind: Pool(kind) for kind in KINDS}
    pools["condition"].add(sources.mesh_conditions(folder, mesh))
    pools["drug"].add(sources.drugs(folder, mesh))
    treed = sources.treed(folder, mesh)
    pools["measurement"].add(sources.measurements(mesh, codes_in(pools)))
    pools["procedure"].add(sources.mesh_procedures(mesh, codes_in(pools) | treed))
    for kind, pool in pools.items():
        pool.add(e for e in sources.by_hand(mesh) if e.kind == kind)
    pools["drug"].add(sources.mesh_classes(mesh, codes_in(pools) | treed))
    add_by_hand(pools, by_hand, mesh)
    conditions = pools["condition"]
    icd = shortest(sources.icd10cm(folder))
    said = {canonical(e.names[0]) for e in (*sources.hpo(folder), *icd)}
    conditions.add(sources.shared_conditions(folder, mesh, codes_in(pools), said))
    conditions.add(hand_codes(mesh, dict(icd_wordings(folder))))
    if with_hpo:
        conditions.add(sources.hpo(folder))
    conditions.add(icd)
    drug_keys = {key for c in pools["drug"].concepts for key in c.names if not c.is_class}
    pools["drug"].add(sources.mesh_salts(mesh, drug_keys), attach_only=True)
    pools["drug"].add(sources.unii(folder, drug_keys))
    pools["drug"].file_under(sources.mesh_filed(folder, mesh))
    left_out(pools, mesh)
    return pools


def codes_in(pools: dict[str, Pool]) -> set[str]:
    """Every code that a concept has."""
    return {code for pool in pools.values() for c in pool.concepts for code in c.codes.values()}


def add_by_hand(pools: dict[str, Pool], by_hand: list[Entry], mesh: Mesh) -> None:
    """The program's own concepts: names for a coded one, or a heading of the same name and kind."""
    for kind in ("condition", "drug", "procedure"):
        own = [e for e in by_hand if e.kind == kind]
        pools[kind].add(e for e in own if e.code)
        named = [e for e in own if not e.code]
        pools[kind].add(headings_of(named, mesh, codes_in(pools)))
        pools[kind].add(named, attach_only=True)


def headings_of(entries: list[Entry], mesh: Mesh, taken: set[str]) -> Iterator[Entry]:
    """MeSH headings of unknown kind that a hand-written concept of known kind is named as."""
    by_key = {canonical(n): (c, h) for c, h in mesh.values() for n in spoken(h)}
    for entry in entries:
        code, heading = by_key.get(canonical(entry.names[0]), ("", ""))
        if code and f"mesh:{code}" not in taken:
            names = (*spoken(heading), *entry.names)
            yield entry._replace(source="mesh", code=f"mesh:{code}", names=names)


def icd_wordings(folder: Path) -> Iterator[tuple[str, str]]:
    """Every code and what it says."""
    for code, _, wording, _ in sources._icd_rows(folder):
        yield code, wording


def hand_codes(mesh: Mesh, wordings: dict[str, str]) -> Iterator[Entry]:
    """ICD-10-CM codes given by hand, each checked against its wording and MeSH name."""
    for row in rules()["hand"]:
        if wordings.get(row["icd10cm"]) != row["wording"]:
            raise ValueError(f"{row['icd10cm']} says {wordings.get(row['icd10cm'])!r}")
        name = row["name"].lower()
        names = spoken(mesh[name][1]) if name in mesh else [row["name"]]
        yield Entry(row["kind"], "hand", f"icd10cm:{row['icd10cm']}", tuple(names))


def shortest(entries: Iterator[Entry]) -> list[Entry]:
    """One code for a name: the highest in the tree that says it."""
    best: dict[str, Entry] = {}
    for entry in entries:
        key = canonical(entry.names[0])
        if key not in best or len(entry.code) < len(best[key].code):
            best[key] = entry
    return [*best.values()]


def left_out(pools: dict[str, Pool], mesh: Mesh) -> None:
    """Counts the headings whose kind stays unknown."""
    taken = codes_in(pools)
    found = sum(f"mesh:{code}" in taken for code, _ in mesh.values())
    COUNTS["mesh headings taken"] = found
    COUNTS["mesh headings left out, kind unknown or none of ours"] = len(mesh) - found


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


def tell(path: Path, concepts: list[Concept], ambiguous: list[str]) -> None:
    """Counts on the screen and in the report, with the names left out as ambiguous."""
    for concept in concepts:
        COUNTS[f"rows {concept.kind}"] += 1
        COUNTS[f"names {concept.kind}"] += len(concept.names)
        COUNTS[f"classes {concept.kind}"] += concept.is_class
        COUNTS.update(f"{concept.kind} with {code}" for code in concept.codes)
    COUNTS["ambiguous names left out"] = len(ambiguous)
    counts = "\n".join(f"{count}\t{what}" for what, count in sorted(COUNTS.items()) if count)
    print(counts)
    path.write_text(counts + "\n\n# ambiguous\n" + "\n".join(ambiguous) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
