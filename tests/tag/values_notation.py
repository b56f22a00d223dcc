"""Compact notation of value mentions for the case files.

``kind "extent" interval {values} unit ~reference @scale``: the interval in mathematical notation
(``[18, 65)``), a single number as ``= 7``, the unit as its UCUM code (``?`` where it has none). A
second reading in parentheses follows as ``also (...)``; ``-`` is no mention at all.
"""

from trialcriteria.normalize.units import to_ucum
from trialcriteria.tag.values import ValueMention, find_values
from trialcriteria.view import reading_view


def compact(text: str) -> str:
    """All mentions of a text, joined by `` ; ``."""
    found = find_values(reading_view(text))
    return " ; ".join(_mention(mention, text) for mention in found) or "-"


def _mention(mention: ValueMention, text: str) -> str:
    parts = [mention.kind, f'"{text[mention.start : mention.end]}"', _interval(mention)]
    if mention.values is not None:
        parts.append("{" + ", ".join(mention.values) + "}")
    if mention.unit_text is not None:
        parts.append(to_ucum(mention.unit_text) or "?")
    parts.append(f"~{mention.relative_to}" if mention.relative_to else "")
    parts.append(f"@{mention.scale}" if mention.scale else "")
    parts.append(f"also ({_mention(mention.alternate, text)})" if mention.alternate else "")
    return " ".join(part for part in parts if part)


def _interval(mention: ValueMention) -> str:
    low, high = mention.low, mention.high
    if low is None and high is None:
        return ""
    if low == high and low is not None:
        return f"= {low.number}"
    left = f"{'[' if low.inclusive else '('}{low.number}" if low else "("
    right = f"{high.number}{']' if high.inclusive else ')'}" if high else ")"
    return f"{left}, {right}"
