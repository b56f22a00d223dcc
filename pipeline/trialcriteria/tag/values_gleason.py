"""Gleason scores printed as their two patterns: "3+4=7a", "3+3 or 3+4", "6 (3+3) or 7 (3+4)"."""

import re

from trialcriteria.tag.comparators import Comparator
from trialcriteria.tag.values_patterns import Text

_PATTERNS = re.compile(
    r"(?:(?:10|\d)\s?(?P<total>\())?([1-5])\s?\+\s?([1-5])(?![\d+])(?:\s?=\s?(?:10|\d)[ab]?)?"
    r"(?![\d.])(?(total)\s?\))(?P<join>\s?(?:,|/|\bor\b|\band\b)\s?)?"
)
_FIRST = re.compile(r"[1-5]\s?\+\s?\Z")
_PLUS = 4  # code points of a first pattern and its plus
_LOOK_BACK = 60
_MOST = 6


def gleason_at(text: Text, comparator: Comparator | None, pos: int) -> tuple[str, int] | None:
    """The sum of the two patterns at ``pos``, and where they end.

    None where 3+4 and 4+3, which have the same sum, lie on two sides of the limit.
    """
    found = _matches(text, pos)[:1]
    if not found or found[0]["total"] or not _is_limit(found[0], comparator):
        return None
    return _sum(found[0]), _end(found[0])


def is_second_pattern(text: Text, pos: int) -> bool:
    """The 3 of "4+3 or higher", which is no score by itself."""
    before = _FIRST.search(text.low, max(pos - _PLUS, 0), pos)
    return before is not None and _is_gleason(text, pos)


def gleason_listed(text: Text, pos: int) -> tuple[tuple[str, ...], int]:
    """The different sums of all patterns listed from ``pos`` on, and where the list ends."""
    found = _matches(text, pos)
    return tuple(dict.fromkeys(map(_sum, found))), _end(found[-1]) if found else pos


def _matches(text: Text, pos: int) -> list[re.Match[str]]:
    found: list[re.Match[str]] = []
    if not _is_gleason(text, pos):
        return found
    while len(found) < _MOST and (match := _PATTERNS.match(text.low, pos)):
        found.append(match)
        pos = match.end()
    return found


def _is_gleason(text: Text, pos: int) -> bool:
    return "gleason" in text.low[max(pos - _LOOK_BACK, 0) : pos]


def _is_limit(patterns: re.Match[str], comparator: Comparator | None) -> bool:
    """Of the two orders of unequal patterns, 3+4 is the lower one."""
    first, second = patterns.group(2, 3)
    if comparator is None or comparator.side not in ("low", "high") or first == second:
        return True
    return (first < second) == ((comparator.side == "low") == comparator.inclusive)


def _sum(patterns: re.Match[str]) -> str:
    return str(int(patterns[2]) + int(patterns[3]))


def _end(patterns: re.Match[str]) -> int:
    """Where the last pattern ends, without what joins the next one to it."""
    return patterns.start("join") if patterns["join"] else patterns.end()
