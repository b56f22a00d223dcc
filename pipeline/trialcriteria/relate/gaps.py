"""What the words between two concepts say about how they hang together."""

import re
from functools import lru_cache
from typing import Literal

from trialcriteria.relate.scope import GRAMMAR_LABELS, Region, Scope

Link = Literal["and", "or", "comma", "none"]

_AND = r"(?:and|as well as|plus|&)"
# "Patients of either sex": at the end of a gap "either" only opens what follows.
_OR = r"(?:and\s?/\s?or|or\s?/\s?and|or|nor|either(?!\W*$))"
_EDGE_AND = re.compile(rf"^\W*{_AND}\b|(?:\b|\W){_AND}\W*$")
_EDGE_OR = re.compile(rf"(?:^\W*|[\s,]){_OR}\b")
_LAST_AND = re.compile(r",\s?and\s(?:an?\s|the\s)?$")  # "of a parent or guardian, and"
# "Subjects with A and subjects with B": nobody has to be both.
_OTHERS = re.compile(
    r"\b(?:and|or)\s(?:patients|subjects|participants|volunteers|individuals|those)\s(?:with|who)\b"
)
# "A proximal to or within B": the prepositions are joined, not what they join.
_PREPOSITIONS = (
    r"(?:after|around|at|before|below|above|by|during|following|for|from|in|inside|near|of|on|outside"
    r"|over|to|under|via|with|within|without)"
)
_OF_PREPOSITIONS = re.compile(rf"(?<=\w)\s{_PREPOSITIONS}\s(?:or|and)\s{_PREPOSITIONS}\b")
_INCLUDES = re.compile(r"\bincluding\W*(?:an?\W*|any\W*)?$")  # what a list of exclusions takes in
# ", requiring" and the like narrow what stands before the comma; they do not go on listing.
_NARROWS = re.compile(
    r"\W*\b(?:requiring|needing|without|with|who|which|that|despite|treated|resulting"
    r"|(?:due|secondary) to|together|combined|along)\b"
    r"(?!.*(?:,|\b(?:or|and)\W*$))"
)
_CLOSE = re.compile(
    rf"\W*(?:(?:{_OR}|{_AND}|including|the|a|an|any|other|of|both|equivalent|serum|total|plasma|blood|antibody|antibodies|level|levels|count|concentration|value|values|score|scores|test|tests)\W+|[,/]\W*)*"
    r"(?:antibody|antibodies|level|levels|count|counts|concentration|value|values|score|scores|test|tests)?\W*"
)
_BLANKS = re.compile(r"\s+")
_COMMA = re.compile(r"[,/]")
_GAPS = 1 << 12  # most gaps are one of few: ", ", " or ", " and "


def gap_text(scope: Scope, start: int, end: int) -> str:
    """The lower-case words between two places, without parentheses and grammar mentions."""
    if start >= end:
        return ""
    holes = scope.parentheses_in(Region(start, end))
    if scope.stated:
        holes += [
            Region(m.start, m.end)
            for m in scope.in_region(Region(start, end))
            if m.label in GRAMMAR_LABELS
        ]
    shown = scope.lowered[start:end]
    return _BLANKS.sub(" ", _blanked(shown, start, holes) if holes else shown)


def _blanked(words: str, shift: int, holes: list[Region]) -> str:
    for start, end in holes:
        words = words[: start - shift] + " " * (end - start) + words[end - shift :]
    return words


def includes(gap: str) -> bool:
    """Whether what stands behind the gap is part of what stands before it."""
    return _INCLUDES.search(gap) is not None


@lru_cache(maxsize=_GAPS)
def link(gap: str) -> Link:
    """The connector in a gap: or before and before a bare comma; none where words intervene."""
    gap = _OF_PREPOSITIONS.sub("", gap)
    if _NARROWS.match(gap):
        return "none"
    if includes(gap) or _OTHERS.search(gap):
        return "or"
    if _EDGE_OR.search(gap) and not _LAST_AND.search(gap):
        return "or"
    if _EDGE_AND.search(gap):
        return "and"
    return "comma" if _COMMA.search(gap) else "none"


@lru_cache(maxsize=_GAPS)
def is_close(gap: str) -> bool:
    """Whether a gap holds nothing but connectors and empty nouns ("level", "count")."""
    return len(gap) < 80 and _CLOSE.fullmatch(gap) is not None
