"""Two terms that make one interval, and the bounds of one term or of two."""

import re
from decimal import Decimal
from typing import NamedTuple

from trialcriteria.tag.comparators import Comparator
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_suffixes import Term, runs_on
from trialcriteria.tag.values_terms import term_at
from trialcriteria.tag.values_types import BoundParts
from trialcriteria.tag.values_units import unit_at

_JOIN = re.compile(
    r"(?:-(?=\s(?:and|to)\s\d))?(?:[\s-]{1,4}(?:of\s{1,4}age|old)(?![a-z]))?\s{0,4}"
    r"(?:\(\s?(?:inclusive|included|exclusive|excluded)\s?\)\s{0,4})?"
    r"(?:(?<=yrs)\.\s{0,4}(?=-|to\s))?"
    r"(?:(?P<dash>-{1,3}|~|\.\.\.?|/(?=\s?[<>=≤≥]))|(?P<to>(?:up\s)?to|through|thru|until"
    r"|till|\u00f7)(?![a-z])"
    r"|(?P<and>-?,?\s?(?:and|&)(?![a-z])(?:\s(?:also|is|are|at\s(?:the\s)?same\stime)(?![a-z]))?"
    r"|,?\s?(?:but|yet)(?![a-z])(?:\s(?:is|are))?|,)|)\s{0,6}(?:the\s(?=\d))?"
)
_INCLUSIVE = re.compile(
    r"(?:[\s-]{1,4}of\s{1,4}age"
    r"|[\s-]{1,4}old)?(?:,?\s{0,4}(?:both\s)?(?P<word>inclusive(?:ly)?|incl\."
    r"|exclusive(?:ly)?)(?![a-z]|\s(?:of|breast))"
    r"|\s{0,4}[(\[]\s{0,2}(?:both\s)?(?:(?P<paren>inclusive(?:ly)?|incl\.?|inc\.?|included"
    r"|exclusive)|"
    r"(?:(?:both\s)?(?:ends?|limits?|bounds?|boundary|boundaries|values?"
    r"|ages)\s(?:are\s)?(?:included|inclusive))"
    r"|(?:including|inclusive\sof|include)\s[^()\[\]]{0,60}|both\s(?:ends\s)?included)\s{0,2}[)\]])"
)
_MARK = re.compile(r"\(\s?(incl|excl)")
OPPOSITE = {"low": "high", "high": "low"}


class Interval(NamedTuple):
    """One term, or two as the ends of a range, with their bounds."""

    terms: tuple[Term, ...]
    low: BoundParts | None
    high: BoundParts | None
    end: int
    source: str

    @property
    def last(self) -> Term:
        return self.terms[-1]


def unit_of(term: Term) -> str | None:
    """UCUM code of the term's unit, if it has one."""
    return term.unit.ucum if term.unit else None


def second_term(text: Text, first: Term) -> Term | None:
    """The other end of the interval that ``first`` begins, if there is one."""
    if first.number is None or (first.suffix and first.suffix.text != "+"):
        return None
    join = _JOIN.match(text.low, first.end)
    if join is None:
        return None
    second = term_at(text, join.end())
    if second is None or second.number is None or second.unit_end < 0:
        return None
    if not _joinable(first, second, join) or _units_clash(first, second):
        return None
    if second.unit is None and second.reference is None and runs_on(text, second):
        return None
    return second


def _joinable(first: Term, second: Term, join: re.Match[str]) -> bool:
    """Whether the words between two terms make them the ends of one range."""
    if second.comparator and second.comparator.text == "within":
        return False
    one, two = side_of(first), side_of(second)
    ranged = join["dash"] or join["to"]
    if two is None:
        return bool(ranged) or (bool(join["and"]) and one == "range")
    if two == "spread":
        return one is None and not join.group().strip()
    if two not in OPPOSITE:
        return False
    if one in OPPOSITE:
        return OPPOSITE[one] == two
    return two == "high" and bool(ranged or one == "range") and join.group().strip() != ""


def side_of(term: Term) -> str | None:
    """Side of the comparator in front of the number."""
    return term.comparator.side if term.comparator else None


def _units_clash(first: Term, second: Term) -> bool:
    if first.time and second.time:
        return False
    if first.unit and second.unit:
        return unit_of(first) != unit_of(second)
    return first.reference is not None and second.reference is None and second.unit is not None


def interval_of(text: Text, first: Term, second: Term) -> Interval | None:
    """Bounds of a range, inclusive unless the words say otherwise; None for "< 3 and > 5"."""
    one, two = Decimal(first.number or "0"), Decimal(second.number or "0")
    sides = side_of(first), side_of(second)
    if sides[1] == "spread":
        return _around(one, two, (first, second))
    if sides[0] == "high" and sides[1] is None:
        high = BoundParts(second.number or "", counts_in(first))
        return Interval((first, second), None, high, second.end, "interval.upper")
    low_term, high_term = (second, first) if sides[0] == "high" else (first, second)
    if sides[0] in (None, "range", "approx", "equal") and one > two:
        between = text.low[first.end : second.start].strip()
        if sides[0] != "range" and between != "to" and not _measured(second):
            return None
        low_term, high_term = second, first
    if Decimal(low_term.number or "0") > Decimal(high_term.number or "0"):
        return None
    low = BoundParts(low_term.number or "", counts_in(low_term))
    high = BoundParts(high_term.number or "", counts_in(high_term))
    return _closed(text, Interval((first, second), low, high, second.end, "interval"))


def _measured(term: Term) -> bool:
    """Whether a unit makes falling numbers a range: "60 to 30 letters", not "codes 10-4"."""
    return term.unit is not None and not term.time


def _around(middle: Decimal, off: Decimal, terms: tuple[Term, ...]) -> Interval:
    """ "60 ± 5": as far below as above."""
    low, high = (BoundParts(f"{end:f}", True) for end in (middle - off, middle + off))
    return Interval(terms, low, high, terms[-1].end, "interval.around")


def counts_in(term: Term) -> bool:
    """Whether the number itself satisfies its comparator."""
    return term.comparator.inclusive if term.comparator else True


def _closed(text: Text, interval: Interval) -> Interval:
    """Take "(inclusive)" or "(including 18 and 60)" into the extent; respect "exclusive".

    A mark behind the first end is its own: "between 18 (inclusive) and 65 (exclusive)".
    """
    match = _INCLUSIVE.match(text.low, interval.end)
    word = (match["word"] or match["paren"] or "") if match else ""
    own = _MARK.search(text.low, interval.terms[0].end, interval.last.start)
    end = match.end() if match else interval.end
    unit = unit_at(text.view, end) if match and interval.last.unit is None else None
    if unit:  # "18 (inclusive) to 30 (inclusive) kg/m2"
        end = unit.end
        last = interval.last._replace(unit=unit, unit_end=end, end=end)
        interval = interval._replace(terms=(*interval.terms[:-1], last))
    marks = (own[1] if own else word, word)
    low, high = interval.low, interval.high
    if low is None or high is None or not any(mark.startswith("excl") for mark in marks):
        return interval._replace(end=end)
    low, high = (
        BoundParts(bound.number, bound.inclusive and not mark.startswith("excl"))
        for bound, mark in zip((low, high), marks, strict=True)
    )
    return interval._replace(end=end, low=low, high=high)


def single(text: Text, term: Term) -> Interval | None:
    """Bounds of one term alone."""
    if term.number is None:
        return Interval((term,), None, None, term.end, "detection")
    comparator = bounding(term)
    if comparator is None:
        bound = BoundParts(term.number, True)
        return Interval((term,), bound, bound, term.end, "equal")
    if comparator.side == "spread":
        return None  # "weight stable (±5 kg)": how far from what is not said
    if comparator.side == "range":
        opens = comparator.text.startswith(("from", "starting"))
        bound = BoundParts(term.number, True)
        return Interval((term,), bound, None, term.end, comparator.id) if opens else None
    bound = BoundParts(term.number, comparator.inclusive)
    low = bound if comparator.side != "high" else None
    high = bound if comparator.side != "low" else None
    return _closed(text, Interval((term,), low, high, term.end, comparator.id))


def bounding(term: Term) -> Comparator | None:
    """The comparator that decides: one behind the number overrides "from" in front."""
    if term.suffix and (term.comparator is None or term.comparator.side in ("range", "equal")):
        return term.suffix
    return term.comparator
