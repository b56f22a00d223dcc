"""Markers in no lexicon that are found or not: the ALK of "ALK-positive lung cancer"."""

import re

from trialcriteria.relate.scope import Region, Scope
from trialcriteria.tag.mentions import Mention

_RESULTS = frozenset({"positive", "negative"})
_LONGEST = 16  # code points of a marker's abbreviation
_MARKER = re.compile(
    r"(?<![\w/-])(?!(?:AND|ARE|ARM|BE|FOR|HAS|IF|IN|IS|NO|NOT|OF|ON|OR|THE|TO|WAS|WITH)\b)"
    r"(?P<name>[A-Za-z]{0,2}[A-Z][A-Z\d](?:[A-Za-z\d-]{0,9}[A-Za-z\d])?"
    r"|[A-Z][a-z]{0,2}(?=[+-]?\Z))[ -]?\Z"
)


def marker_of(scope: Scope, result: Mention) -> Region | None:
    """The abbreviation that a "positive" or "negative" is joined to, where no rule names it."""
    value = result.value
    if value is None or value.kind != "result" or not _RESULTS.intersection(value.values or ()):
        return None
    found = _MARKER.search(scope.view, max(0, result.start - _LONGEST), result.start)
    if found is None or scope.inside_mention(found.start("name")):
        return None
    return Region(*found.span("name"))
