"""Sight as a fraction of test distance and letter size, "20/40 or worse", as its decimal, 0.5.

Both ways of counting are in use ("visual acuity of at least 0.5"), and only the decimal says which
of two fractions is the better sight.
"""

import re
from decimal import Decimal

from trialcriteria.tag.comparators import Comparator, prefix_at
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_types import BoundParts, ValueMention

_FRACTION = r"(20|6|[1-5](?=\s?/\s?60))\s?/\s?([1-9]\d{0,3}(?:\.\d)?)(?![\d/])"
_AHEAD = re.compile(rf"[^\d\n]{{0,32}}{_FRACTION}")
_ONE = re.compile(rf"\s{{0,4}}{_FRACTION}")
_SECOND = re.compile(rf"\s?(?:to|through|and|-)\s?{_FRACTION}")
_SIGHT = re.compile(r"acuity|vision|visual|snellen|eyesight|(?<![a-z])(?:bc|uc|d)?va(?![a-z])")
_JUDGED = re.compile(r"(better|worse)\s(than|or\sequal\sto)\s$")
_SUFFIX = re.compile(r",?\s(?:or|and)\s(better|worse|more|less|higher|lower|above|below)(?![a-z])")
_RESTATED = re.compile(r"equivalents?(?:\s(?:of|to|is))?[\s:=(\d/-]{0,12}(?:to\s)?$")
_UP = frozenset({"better", "more", "higher", "above"})
_LOOK_BACK = 90


def acuity_at(text: Text, start: int) -> ValueMention | None:
    """The fraction, its threshold or its range at ``start``, where sight is named near by."""
    if _AHEAD.match(text.low, start) is None:
        return None
    lead = prefix_at(text.low, start)
    first = _ONE.match(text.low, lead[1] if lead else start)
    if first is None or not _of_sight(text, start, first.end()):
        return None
    second = _SECOND.match(text.low, first.end())
    if second and (lead is None or lead[0].side == "range"):
        ends = sorted((_decimal(first), _decimal(second)), key=Decimal)
        return _mention(start, second.end(), *(BoundParts(end, True) for end in ends))
    if lead:
        return _compared(text, start, first, lead[0])
    return _judged(text, start, first)


def _of_sight(text: Text, start: int, end: int) -> bool:
    """Whether sight is named near by; not in "70 letters (Snellen equivalent of 20/40)"."""
    if _RESTATED.search(text.low, max(0, start - 24), start):
        return False
    named = _SIGHT.search(text.low, max(0, start - _LOOK_BACK), start)
    return named is not None or _SIGHT.search(text.low, end, end + 24) is not None


def _decimal(fraction: re.Match[str]) -> str:
    """ "20/200" is 0.1."""
    plain = f"{Decimal(fraction[1]) / Decimal(fraction[2]):.4f}"
    return plain.rstrip("0").removesuffix(".")


def _mention(start: int, end: int, low: BoundParts | None, high: BoundParts | None) -> ValueMention:
    return ValueMention("quantity", start, end, low, high, source="acuity")


def _compared(
    text: Text, start: int, fraction: re.Match[str], comparator: Comparator
) -> ValueMention:
    bound = BoundParts(_decimal(fraction), comparator.inclusive)
    low = bound if comparator.side != "high" else None
    high = bound if comparator.side != "low" else None
    again = _SUFFIX.match(text.low, fraction.end())
    return _mention(start, again.end() if again else fraction.end(), low, high)


def _judged(text: Text, start: int, fraction: re.Match[str]) -> ValueMention:
    """ "20/40 or worse", "better than 6/12", or the fraction itself."""
    behind = _SUFFIX.match(text.low, fraction.end())
    front = _JUDGED.search(text.low, max(0, start - 24), start)
    word = behind[1] if behind else front[1] if front else None
    included = behind is not None or front is None or front[2] != "than"
    bound = BoundParts(_decimal(fraction), included)
    begin = front.start() if front and not behind else start
    end = behind.end() if behind else fraction.end()
    low = bound if word is None or word in _UP else None
    high = bound if word is None or word not in _UP else None
    return _mention(begin, end, low, high)
