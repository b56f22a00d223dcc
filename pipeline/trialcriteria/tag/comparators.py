"""Comparator signs and words: which bound the number beside them becomes, and whether it counts in.

Rows are in ``lexicons/comparators.toml``; ``<`` and ``<=`` are rows of their own.
"""

import re
from typing import Literal

from trialcriteria.lexicons import load_rows
from trialcriteria.lexicons.loader import Row
from trialcriteria.tag.values_patterns import phrase_pattern, squeezed

Side = Literal["low", "high", "equal", "approx", "range", "spread"]


class Comparator(Row):
    """``side``: the bound; ``place``: before, after (behind "or"/"and") or tail (bare, after)."""

    text: str
    side: Side
    inclusive: bool
    place: Literal["before", "after", "tail"]


_ROWS = load_rows("comparators", Comparator)
_BY_PLACE: dict[str, dict[str, Comparator]] = {
    place: {squeezed(row.text): row for row in _ROWS if row.place == place}
    for place in ("before", "after", "tail")
}


def _pattern(place: str) -> str:
    """The words may stand on two lines, the second indented as registries' XML indents it."""
    return phrase_pattern((row.text for row in _ROWS if row.place == place), r"\s{1,24}")


PREFIX = rf"(?:(?<![a-z0-9])(?=[a-z])|(?=[^a-z])){_pattern('before')}(?!(?<=[a-z])[a-z])"
_PREFIX = re.compile(PREFIX)
_REPEATED_SIGN = re.compile(r"\s{0,4}\(\s{0,4}[<>=≤≥/]{1,3}\s{0,4}\)")
_SUFFIX = re.compile(
    rf",?\s{{0,24}}(?:(?<![a-z])(?:and/or|and|or)\s{{1,24}}|&\s{{0,4}}|/\s{{0,2}})"
    rf"(?P<after>{_pattern('after')})"
    r"(?![a-z-])(?!\s{1,8}(?:of|than|then|to|or\s{1,4}equal)\b|\s{0,4}[\d<>=≤≥])"
    rf"|,?\s{{0,4}}(?P<tail>{_pattern('tail')})(?![a-z])(?!\s{{0,4}}[\d<>=≤≥])"
)
_SHARE = re.compile(r"(?<=%),?\s(?:or|and)\s(?P<after>more|less|higher|greater|fewer)(?=\sof\s)")
_MIRRORED = re.compile(
    r"\s{0,3}(?P<sign><=?|=<|≤|>=?|=>|≥)"
    r"(?=\s?[a-z][\w/-]{0,24}(?:\s[\w/()-]{1,24}){0,3}\s{0,3}[<>=≤≥]{1,2}\s?\d)"
)
_TURNED = str.maketrans("<>≤≥", "><≥≤")
_PLUS = re.compile(r"\s?\+(?![\s/]{0,2}[-\d/])")
_PLUS_ROW = Comparator(id="cmp.plus", text="+", side="low", inclusive=True, place="tail")


def prefix_at(low: str, pos: int) -> tuple[Comparator, int] | None:
    """The comparator that starts at ``pos`` of the lower-case view, and its end."""
    match = _PREFIX.match(low, pos)
    if match is None:
        return None
    row = _BY_PLACE["before"].get(squeezed(match.group()))
    if row is None:
        return None
    sign = _REPEATED_SIGN.match(low, match.end())
    return row, sign.end() if sign else match.end()


def suffix_at(low: str, pos: int) -> tuple[Comparator, int] | None:
    """The comparator behind a number or unit that ends at ``pos`` ("or older"), and its end."""
    share = _SHARE.match(low, pos)
    if share:  # "20% or more of the cells", not "2 or more of the following"
        return _BY_PLACE["after"][share["after"]], share.end()
    match = _SUFFIX.match(low, pos)
    if match:
        place = "after" if match["after"] else "tail"
        return _BY_PLACE[place][squeezed(match[place])], match.end()
    match = _MIRRORED.match(low, pos)
    if match:  # "18 <= BMI <= 30": what stands behind the sign is compared, so it is turned
        return _BY_PLACE["before"][_turned(match["sign"])], match.end()
    match = _PLUS.match(low, pos)
    return (_PLUS_ROW, match.end()) if match else None


def _turned(sign: str) -> str:
    turned = sign.translate(_TURNED)
    return turned[::-1] if turned.startswith("=") else turned
