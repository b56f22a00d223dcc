"""Open classes that nobody can check: "any other medical condition", "any reason"."""

import re
from functools import cache

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.relate.scope import Region, Scope

_PREPOSITION = re.compile(r"\b(?:for|due to|because of|by|from|of)\s\Z")
_EDGE = re.compile(r"(?:,|\bor\b|\band\b|\b(?:are|is|be)\b)\s*")


class OpenClassRow(Row):
    """Words of one part of an open class."""

    part: str
    words: tuple[str, ...]


def open_class(scope: Scope, region: Region) -> Region | None:
    """Where the last open class of a region stands, with what it is a reason for."""
    every = list(_pattern().finditer(scope.lowered, region.start, region.end))
    if not every:
        return None
    start, end = every[-1].span()
    if _PREPOSITION.search(scope.lowered, region.start, start):
        for edge in _EDGE.finditer(scope.lowered, region.start, start):
            region = Region(edge.end(), region.end)
        if not scope.in_region(Region(region.start, start)):
            start = region.start
    return Region(start, end)


@cache
def _pattern() -> "re.Pattern[str]":
    rows = load_rows("open_classes", OpenClassRow)
    words = {part: [w for r in rows if r.part == part for w in r.words] for part in ("such", "of")}
    such, of = (r"(?:" + "|".join(map(re.escape, words[part])) + ")" for part in ("such", "of"))
    modifier = rf"{such}(?:,| or| and|/)* "
    return re.compile(rf"\b(?:any (?:other )?|other |another )(?:{modifier}){{0,6}}{of}s?\b")
