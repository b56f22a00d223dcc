"""The value grammar: thresholds, intervals, multiples of normal, levels, results, ages, doses.

One forward scan finds where a value can start (a comparator, a number, a scale name, a result
word); a hand-written reader with anchored, bounded regexes takes it from there. Durations and
windows of time are no values and are left to the time grammar.
"""

import re
from dataclasses import dataclass, field

from trialcriteria.tag.comparators import PREFIX, prefix_at
from trialcriteria.tag.numbers import WORD_NUMBER
from trialcriteria.tag.values_acuity import acuity_at
from trialcriteria.tag.values_ages import AGE_WORD
from trialcriteria.tag.values_ordinals import SCALE, ordinal_at
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_quantities import DIASTOLIC, SYSTOLIC, AgeContext, quantities_at
from trialcriteria.tag.values_results import RESULT, SIGN, result_at, sign_at
from trialcriteria.tag.values_types import BoundParts, ValueKind, ValueMention

_LABEL = (
    r"(?:^|(?<=\n))[ ]{0,8}(?:[*\u2022\u00b7-]\s{0,4})?"
    r"(?:\(?\d{1,2}\)|\d{1,2}(?:\.\d{1,2}){0,3}[.:](?=\s))"
)
_DIGITS = (
    r"(?:(?<![a-z0-9_.,/#$^])|(?<=\bage))(?<![a-z]-)(?<!\bx\s)(?<!\dx\s)(?<!\d[-:])"
    r"(?:(?<=[\s(])-)?[.]?\d"
)
_WORDS = rf"(?:(?:{WORD_NUMBER})(?:fold)?|twice|double|triple|thrice)(?![a-z])"
_CITATION = r"\[\d[\d,\s-]{0,20}\]"
# A word is tried only where one begins, a sign only where no letter stands: most places are
# ruled out by one look at the character.
_START = re.compile(
    rf"(?<![a-z0-9])(?=[a-z])(?:(?P<result>{RESULT})|(?P<scale>{SCALE})|(?P<comparator>{PREFIX})"
    rf"|(?P<age>{AGE_WORD})|(?P<number>{_WORDS}))"
    rf"|(?![a-z])(?:(?P<label>{_LABEL})|(?!\s)(?:(?P<digits>{_DIGITS})|(?P<relation>{PREFIX})"
    rf"|(?P<sign>{SIGN})|(?P<result_sign>{RESULT})|{_CITATION}))"
)
_OR = re.compile(r"\s{0,3},?\s{0,3}(?:and/or|or)\s{0,3}")
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
    scan = _Scan(text)
    pos = 0
    while match := _START.search(text.low, pos):
        pos = max(_step(scan, match), _past(match))
    return scan.found


def _past(match: re.Match[str]) -> int:
    """Where to read on if nothing was found: a number may hold the start of another."""
    return match.start() + 1 if match.lastgroup in ("number", "digits") else match.end()


def _step(scan: _Scan, match: re.Match[str]) -> int:
    """Read what starts at the match; returns where to read on."""
    kind, start = match.lastgroup, match.start()
    if kind in ("number", "digits"):
        return _quantity(scan, start)
    if kind in ("comparator", "relation"):
        return _compared(scan, start)
    if kind in ("result", "result_sign"):
        return _add(scan, result_at(scan.text, start, match.end()), start)
    if kind == "scale":
        return _add(scan, ordinal_at(scan.text, start), start)
    if kind == "sign":
        return _add(scan, sign_at(scan.text, start), start)
    if kind == "age":
        scan.age = AgeContext(match.end())
    return start


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
    acuity = acuity_at(scan.text, start)
    if acuity:
        return _add(scan, acuity, start)
    mentions, end = quantities_at(scan.text, start, scan.age)
    if mentions:
        _share_unit(scan, mentions[0])
    scan.found.extend(mentions)
    if mentions and mentions[-1].kind == "age":
        scan.age = AgeContext(end, mention=True)
    return end


def _share_unit(scan: _Scan, mention: ValueMention) -> None:
    """ "< 70 or > 140 mg/dL": the first bound is in the unit of the second.

    Of two ages that lost their sign ("= 19 or = 75 years") the first has lost it too.
    """
    last = scan.found[-1] if scan.found else None
    if last is None or mention.unit_text is None or not _unitless(last, mention):
        return
    if _OR.fullmatch(scan.text.low, last.end, mention.start):
        shared = last._replace(kind=mention.kind, unit_text=mention.unit_text)
        bounded = mention.low or mention.high
        scan.found[-1] = shared if bounded else shared._replace(low=None, high=None)


def _unitless(last: ValueMention, mention: ValueMention) -> bool:
    plain = last.kind == "quantity" and mention.kind in ("quantity", "age")
    return plain and not (last.unit_text or last.relative_to or mention.relative_to)


__all__ = ["DIASTOLIC", "SYSTOLIC", "BoundParts", "ValueKind", "ValueMention", "find_values"]
