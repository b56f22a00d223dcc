"""The value grammar: thresholds, intervals, multiples of normal, ordinal levels, results, ages, doses.

One forward scan finds where a value can start (a comparator, a number, a scale name, a result
word); a hand-written reader with anchored, bounded regexes takes it from there. Durations and
windows of time are no values and are left to the time grammar.
"""

import re
from dataclasses import dataclass, field

from trialcriteria.tag.comparators import PREFIX, prefix_at
from trialcriteria.tag.numbers import WORD_NUMBER
from trialcriteria.tag.values_ages import AGE_WORD
from trialcriteria.tag.values_ordinals import SCALE, ordinal_at
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_quantities import AgeContext, quantities_at
from trialcriteria.tag.values_results import RESULT, SIGN, result_at, sign_at
from trialcriteria.tag.values_types import BoundParts, ValueKind, ValueMention

_LABEL = r"(?:^|(?<=\n))[ ]{0,8}(?:[*\u2022\u00b7-]\s{0,4})?(?:\(?\d{1,2}\)|\d{1,2}(?:\.\d{1,2}){0,3}[.:](?=\s))"
_NUMBER = (
    rf"(?<![a-z0-9_.,/#$])(?<![a-z]-)(?<!\d[-:])(?:[.]?\d|(?:{WORD_NUMBER})(?![a-z])|"
    r"(?:twice|double|triple|thrice|two-?fold|three-?fold)(?![a-z]))"
)
_START = re.compile(
    rf"(?P<label>{_LABEL})|(?P<result>{RESULT})|(?P<scale>{SCALE})|(?P<comparator>{PREFIX})"
    rf"|(?P<age>{AGE_WORD})|(?P<number>{_NUMBER})|(?P<sign>{SIGN})|(?P<citation>\[\d[\d,\s-]{{0,20}}\])"
)
_PRETEST = re.compile(
    r"\d|positiv|negativ|[+]|react|detect|normal|elevated|raised|lloq|uln|baseline|"
    r"grade|class|stage|ecog|nyha|asa|child|type|[a-z]-ve|old|wnl|"
    r"(?:less|more|over|under|least|most|than|above|below)\s"
)
_GAP = re.compile(r"\s{0,8}")


@dataclass(slots=True)
class _Scan:
    """State of one scan: what was found, and the last age word seen."""

    text: Text
    found: list[ValueMention] = field(default_factory=list)
    age: AgeContext = field(default_factory=AgeContext)


def find_values(view: str) -> list[ValueMention]:
    """Values in one criterion's reading view, in order, none overlapping another.

    Offsets are relative to ``view``. Runs in time linear in its length.
    """
    text = Text.of(view)
    if not _PRETEST.search(text.low):
        return []
    scan = _Scan(text)
    pos = 0
    while match := _START.search(text.low, pos):
        pos = max(_step(scan, match), match.end() if match.lastgroup != "number" else match.start() + 1)
    return scan.found


def _step(scan: _Scan, match: re.Match[str]) -> int:
    """Read what starts at the match; returns where to read on."""
    kind, start = match.lastgroup, match.start()
    if kind == "result":
        return _add(scan, result_at(scan.text, start, match.end()), start)
    if kind == "scale":
        return _add(scan, ordinal_at(scan.text, start), start)
    if kind == "sign":
        return _add(scan, sign_at(scan.text, start), start)
    if kind == "age":
        scan.age = AgeContext(match.end())
    if kind == "comparator":
        return _compared(scan, start)
    return _quantity(scan, start) if kind == "number" else start


def _add(scan: _Scan, mention: ValueMention | None, pos: int) -> int:
    if mention is None:
        return pos
    scan.found.append(mention)
    return mention.end


def _compared(scan: _Scan, start: int) -> int:
    """A comparator: of an ordinal level (">= grade 2") or of a number."""
    lead = prefix_at(scan.text.low, start)
    if lead is None:
        return start
    gap = _GAP.match(scan.text.low, lead[1])
    ordinal = ordinal_at(scan.text, gap.end() if gap else lead[1], lead[0])
    if ordinal is None:
        return _quantity(scan, start)
    whole = ValueMention(
        "ordinal", start, ordinal.end, ordinal.low, ordinal.high, ordinal.values,
        scale=ordinal.scale, source=ordinal.source,
    )  # fmt: skip
    return _add(scan, whole, start)


def _quantity(scan: _Scan, start: int) -> int:
    mentions, end = quantities_at(scan.text, start, scan.age)
    scan.found.extend(mentions)
    if mentions and mentions[-1].kind == "age":
        scan.age = AgeContext(end, mention=True)
    return end


__all__ = ["BoundParts", "ValueKind", "ValueMention", "find_values"]
