"""Words after a concept that belong to it: "hepatitis B" + "virus infection"."""

import re
from functools import cache

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.concepts import ConceptMention
from trialcriteria.tag.cores import core

# A compound such as "non-SLE related" or "drug-naive" does not speak of the concept itself.
_BEFORE = 40  # code points looked back at
_BEFORE_COMPOUND = re.compile(r"\bnon[- ]?$")
_BEFORE_DRUG = re.compile(r"\b(?:pre|post)-?$")
_AFTER_COMPOUND = re.compile(
    r"(?:-(?:specific|free|naive|like|dependent|refractory|resistant|sensitive|responsive|intolerant)"
    r"|[- ](?:related|induced|associated))\b"
)


class ExtensionRow(Row):
    """What may follow concepts of some kinds, and the kind of the whole."""

    kinds: tuple[ConceptKind, ...]
    becomes: ConceptKind | None = None
    not_behind: str = ""
    pattern: str


def extended(found: ConceptMention, lowered: str) -> ConceptMention:
    """The mention without words that only narrow it, and with those after it that belong to it."""
    return _with_tail(core(found, lowered), lowered)


def _with_tail(found: ConceptMention, lowered: str) -> ConceptMention:
    for row, pattern in _rows(found.kind):
        match = pattern.match(lowered, found.end)
        if match and not (row.not_behind and _stands_behind(row.not_behind, found, lowered)):
            return found._replace(end=match.end(), kind=row.becomes or found.kind)
    return found


def _stands_behind(words: str, found: ConceptMention, lowered: str) -> bool:
    before = lowered[max(0, found.start - _BEFORE) : found.start]
    return re.search(f"(?:{words})\\Z", before) is not None


def is_compound(found: ConceptMention, lowered: str) -> bool:
    """Whether the words are part of a compound that means something else."""
    if lowered.startswith("non", found.start):
        return False
    near = lowered[max(0, found.start - 5) : found.start]
    before = "non" in near and _BEFORE_COMPOUND.search(near)
    if found.kind == "drug" and _BEFORE_DRUG.search(lowered, max(0, found.start - 5), found.start):
        return True
    state = found.kind == "observation"  # "non-pregnant" does speak of pregnancy
    return bool((before and not state) or _AFTER_COMPOUND.match(lowered, found.end))


@cache
def _rows(kind: ConceptKind) -> "tuple[tuple[ExtensionRow, re.Pattern[str]], ...]":
    rows = load_rows("extensions", ExtensionRow)
    return tuple((row, re.compile(row.pattern)) for row in rows if kind in row.kinds)
