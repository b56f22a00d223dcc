"""The program's own concepts and measurements, which the file must know by the same names."""

import json
import re
from collections.abc import Iterator
from typing import Any

from build_concepts import TARGET
from codes.entries import COUNTS, Entry, Mesh
from codes.names import spoken
from trialcriteria.link.names import canonical

_LEXICONS = TARGET.parent
_MEASURED = re.compile(
    r"\b(?:count|rate|index|pressure|volume|tests?|ratio|time|temperature|score|scale"
    r"|fraction|weight|height|circumference|mass|output|titer|sedimentation|hematocrit|capacity"
    r"|status)s?\b",
    re.I,
)


def curated(mesh: Mesh) -> Iterator[Entry]:
    """The program's own hand-written concepts; ``code`` is empty where they have none."""
    ids = {code for code, _ in mesh.values()}
    for line in (_LEXICONS / "curated_concepts.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        code = row.get("code", "")
        if code.startswith("mesh:") and code[5:] not in ids:
            COUNTS["curated mesh ids not in 2026"] += 1
            code = ""
        aliases = () if row["kind"] == "observation" else row.get("aliases", ())
        yield Entry(row["kind"], "curated", code, (row["name"], *aliases))


def measurements(mesh: Mesh, taken: set[str]) -> Iterator[Entry]:
    """The program's measurements with LOINC, and the MeSH heading of just that measurement."""
    measured = ((code, h) for code, h in mesh.values() if _MEASURED.search(h))
    by_key = {canonical(name): code for code, h in measured for name in spoken(h)}
    for line in (_LEXICONS / "measurements.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        names = (row["name"], *row.get("synonyms", ()))
        found = [by_key[k] for k in map(canonical, names) if k in by_key]
        more = tuple(f"mesh:{c}" for c in found[:1] if f"mesh:{c}" not in taken)
        yield Entry("measurement", "measurements", loinc(row), names, more=more)


def loinc(row: dict[str, Any]) -> str:
    """The LOINC code of a row, or nothing; one with a wrong check digit is an error."""
    code = str(row.get("loinc", ""))
    if not code:
        COUNTS["measurements without LOINC"] += 1
        return ""
    number, _, digit = code.partition("-")
    if check_digit(number) != digit:
        raise SystemExit(f"measurements.jsonl: {row['id']} has no LOINC code: {code}")
    return f"loinc:{code}"


def check_digit(number: str) -> str:
    """Mod 10 (Luhn) over the digits from the right, the rightmost doubled."""
    doubled = [int(d) * (2 if place % 2 == 0 else 1) for place, d in enumerate(reversed(number))]
    return str(-sum(sum(divmod(value, 10)) for value in doubled) % 10)
