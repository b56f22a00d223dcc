"""ICD-10-CM: categories and codes that say just a condition, with their inclusion terms."""

import re
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import NamedTuple
from xml.etree import ElementTree

from codes.entries import Entry, Mesh
from codes.names import plain, rules, spoken
from trialcriteria.link.names import canonical

_UNSPECIFIED = re.compile(r"^Unspecified | of unspecified site$|,? unspecified$", re.I)
_NARROWED = re.compile(
    r"\bother\b|not elsewhere|classified|sequela|\b(?:right|left|bilateral)\b|\bpart of\b"
    r"|initial encounter|subsequent|unspecified (?:eye|ear|side|part|limb|quarter)|overlapping"
    r"|complicating|external cause|encounter|\bsites?\b(?<!unspecified site)",
    re.I,
)
_SPECIAL = re.compile(r"with|newborn|neonat|pregnan|puerper|congenital|acute|chronic", re.I)


class Diagnosis(NamedTuple):
    """One line of the tabular list."""

    code: str
    parent: str  # what the line above says
    wording: str
    inclusions: tuple[str, ...]


def diagnoses(folder: Path) -> list[Diagnosis]:
    """All lines of the tabular list."""
    (wheel,) = folder.glob("simple_icd_10_cm-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".xml") and "tabular" in n)
        root = ElementTree.fromstring(archive.read(name))
    return [_read(above, diag) for above in root.iter() for diag in above.findall("diag")]


def _read(above: ElementTree.Element, diag: ElementTree.Element) -> Diagnosis:
    parent = above.findtext("desc", "") if above.tag == "diag" else ""
    notes = [note.text for note in diag.findall("inclusionTerm/note")]
    kept = tuple(note for note in notes if note)
    return Diagnosis(diag.findtext("name", ""), parent, diag.findtext("desc", ""), kept)


def icd10cm(lines: Iterable[Diagnosis]) -> list[Entry]:
    """One condition for each thing that is said, by the highest code that says it."""
    best: dict[str, Entry] = {}
    for entry in filter(None, map(_condition, lines)):
        key = canonical(entry.names[0])
        if key not in best or len(entry.code) < len(best[key].code):
            best[key] = entry
    return [*best.values()]


def _condition(line: Diagnosis) -> Entry | None:
    """The condition that a line says alone; None for "other", a side, an encounter and the like."""
    if line.code[0] in "VWXYZ" or _NARROWED.search(line.wording):
        return None
    bare = _UNSPECIFIED.sub("", line.wording)
    if bare != line.wording and canonical(plain(bare)) == canonical(plain(line.parent)):
        return None  # the category above says it better
    names = (plain(bare), *_inclusions(bare, line.inclusions))
    return Entry("condition", "icd10cm", f"icd10cm:{line.code}", names)


def _inclusions(wording: str, terms: tuple[str, ...]) -> Iterator[str]:
    """Inclusion terms that say the same: those "NOS", and a lone one without brackets."""
    for term in terms:
        alone = len(terms) == 1 and not set("([,") & set(term) and not _SPECIAL.search(wording)
        if term.endswith(" NOS") or alone:
            yield plain(term)


def hand_codes(mesh: Mesh, lines: Iterable[Diagnosis]) -> Iterator[Entry]:
    """ICD-10-CM codes given by hand, each checked against its wording and MeSH name."""
    wordings = {line.code: line.wording for line in lines}
    for row in rules()["hand"]:
        if wordings.get(row["icd10cm"]) != row["wording"]:
            said = wordings.get(row["icd10cm"])
            raise SystemExit(f"rules.toml: {row['icd10cm']} of {row['name']!r} says {said!r}")
        name = row["name"].lower()
        names = spoken(mesh[name][1]) if name in mesh else [row["name"]]
        yield Entry(row["kind"], "hand", f"icd10cm:{row['icd10cm']}", tuple(names))
