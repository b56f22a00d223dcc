"""Neighbours that tell whether a number is a value, a count, a score or part of a name."""

import re
from decimal import Decimal

from trialcriteria.tag.values_intervals import Interval, side_of
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_suffixes import Term, runs_on

_COUNT_OF = re.compile(
    r"[\s,]{0,4}(?:\([^()]{0,12}\)\s)?(?:or\smore\s|of\s(?:the\s)?(?:the|these|those"
    r"|following|above|below|\d|criteria)"
    r"|of\s?:|(?:of\s)?(?:the\s)?following|criteria(?![a-z])|out\sof)"
)
_COUNTED = re.compile(
    r"\s{1,4}(?!(?:and|or|at|in|on|if|for|with|without|within|when|as|by|but|to|is|are|was"
    r"|were|who|per|after|before|"
    r"during|unless|from|of|the|due|despite|will|must|should|using|based|according|obtained"
    r"|measured|assessed|"
    r"documented|determined|defined|prior\sto|where|while|which|that|than|except|until|since"
    r"|not|x|have|has|may|can|"
    r"on|because|indicating|inclusive|including|post|pre|upon|through|points?|units?|would"
    r"|under|over|confirmed|combined|"
    r"i\.e|e\.g|performed|calculated|using|above|below|times|be|then|with)(?![a-z]))"
    r"(?:[a-z]{3,}|[A-Z]{2,6}s(?![A-Za-z])|[A-Z][A-Za-z]{0,6}[A-Z][A-Za-z]{0,4}\s[a-z]{3})"
)
_LARGEST_COUNT = Decimal(60)
_SCORE_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:scores?|index|scale|bmi|range|ratio|levels?|values?|fraction|rating|count)"
    r"(?:\s{0,2}\([^()]{1,20}\))?[\s:,=(-]{0,4}(?:(?:of|is|was|from|at|between|must\sbe"
    r"|should\sbe|ranges?|ranging)\s{1,4}){0,3})$"
)
_BMI_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:bmi|kps|ph|iq|inr|edss|mmse|nihss|madrs|das28|meld|apache\sii|lvef|moca|gcs"
    r"|phq-9|gleason)[\s:,=(]{0,4}(?:(?:of|is|score|grade|sum)\s{1,4}){0,3})$"
)
_HIGHEST_SCORE = Decimal(100)
_NAME_BEFORE = re.compile(
    r"(?<![\w-])(?:[A-Z]{3,9}(?:-\d)?|[Pp]erformance [Ss]tatus|[Cc]ategory|[Cc]lassification"
    r"|[Qq]uestionnaire|[Ii]nventory)(?:\s?[:=]|\s(?:of|is))?\s{1,2}$"
)
_EXCRETED = re.compile(
    r"(?:alcohol|drink|ethanol|weight|bleed|protein|albumin|excret|urin|output|f[ae]ecal|calciuria)"
)
_LABELLED = re.compile(
    r"(?<![a-z])(?:visit|version|item|question|appendix|table|amendment|n)\s{0,2}[(#]?$"
)
_YEARS = range(1950, 2050)
_IN = re.compile(r"(?<![a-z])in\s{1,2}$")
_ARTICLE = re.compile(r"(?<![a-z])an?\s{1,2}$")
_SCALE_BEHIND = re.compile(r"\s{1,3}(?:[A-Za-z-]{1,16}\s){0,3}(?:scales?|NRS|VAS|likert)(?![a-z])")
_LOOK_BACK = 60


def is_label(text: Text, interval: Interval) -> bool:
    """A number that names something or counts people: "at visit 1", "(n = 20)"."""
    first = interval.terms[0]
    if first.unit is not None or side_of(first) in ("low", "high"):
        return False
    return _LABELLED.search(text.low, max(0, first.start - 16), first.start) is not None


def is_share(text: Text, interval: Interval) -> bool:
    """ "Aged over 60 and any 2 of the following": how many of a list, no age."""
    last = interval.last
    bare = last.unit is None and last.reference is None
    return bare and _COUNT_OF.match(text.low, last.end) is not None


def is_no_value(text: Text, interval: Interval) -> bool:
    """Whether the neighbours make a number part of a name, a rate or a count."""
    if interval.last.unit is None:
        return not _stands_alone(text, interval)
    checks = (_names_scale, _names_test, _bare_rate, _dates_pregnancy)
    return any(check(text, interval) for check in checks)


def _dates_pregnancy(text: Text, interval: Interval) -> bool:
    """ "Within 12 weeks of pregnancy" is a window."""
    unit, first = interval.last.unit, interval.terms[0]
    gestation = unit is not None and unit.dimensions[0] == "gestation"
    return gestation and first.comparator is not None and first.comparator.text == "within"


def _stands_alone(text: Text, interval: Interval) -> bool:
    """Whether a number without a unit is a value: compared, ranged, or a score."""
    first, last = interval.terms[0], interval.last
    if runs_on(text, last) or _counts(text, first, last) or _calendar(interval):
        return False
    side = side_of(first) or (first.suffix and "suffix") or side_of(last)
    if side in ("low", "high", "equal", "suffix"):
        return True
    if len(interval.terms) == 2 and (side == "range" or _named(text, first, last)):
        return True
    before = text.low[max(0, first.start - _LOOK_BACK) : first.start]
    return bool(_SCORE_BEFORE.search(before) or _BMI_BEFORE.search(before))


def _named(text: Text, first: Term, last: Term) -> bool:
    """ "KCCQ 25-50", "Category of 3 to 4": a range behind a scale's name; no code "BAY 43-9006"."""
    if Decimal(last.number or "0") > _HIGHEST_SCORE:
        return False
    before = text.view[max(0, first.start - _LOOK_BACK) : first.start]
    return _NAME_BEFORE.search(before) is not None


def _names_scale(text: Text, interval: Interval) -> bool:
    """ "7-point scale", "an 11 points NRS": the points name the scale."""
    term = interval.last
    if term.unit is None or term.unit.dimensions[0] != "score" or len(interval.terms) > 1:
        return False
    if side_of(term) is not None:
        return False
    article = _ARTICLE.search(text.low, max(0, term.start - 4), term.start)
    listed = article and _SCALE_BEHIND.match(text.view, term.end)
    return text.low[term.number_end] == "-" or listed is not None


def _bare_rate(text: Text, interval: Interval) -> bool:
    """ "Three times a week" without a comparator says how something is done, not how much."""
    unit = interval.last.unit
    often = unit is not None and text.low.startswith("time", unit.start)
    return often and interval.source == "equal"


def _names_test(text: Text, interval: Interval) -> bool:
    """ "Forced expiratory volume in 1 second": the seconds belong to the name of the test."""
    term = interval.last
    if term.unit is None or term.unit.ucum != "s" or interval.source != "equal":
        return False
    return _IN.search(text.low, max(0, term.start - 5), term.start) is not None


def _calendar(interval: Interval) -> bool:
    """ "Between 2000 and 2017": years, where no unit says otherwise."""
    numbers = [term.number or "" for term in interval.terms]
    return len(numbers) == 2 and all(n.isdigit() and int(n) in _YEARS for n in numbers)


def _counts(text: Text, first: Term, last: Term) -> bool:
    """Whether the number counts things: "at least two lesions", "2 of the following"."""
    if last.worded or _COUNT_OF.match(text.low, last.end):
        return True
    if last.suffix and last.suffix.place == "before":
        return False  # "5 <= score <= 9"
    noun = _COUNTED.match(text.view, last.end)
    return (
        noun is not None
        and Decimal(last.number or "0") <= _LARGEST_COUNT
        and "." not in (f"{first.number}{last.number}")
    )


def measured_rate(text: Text, interval: Interval) -> bool:
    """Grams a day of protein in urine or of alcohol are measured, no dose."""
    start = interval.terms[0].start
    return _EXCRETED.search(text.low, max(0, start - _LOOK_BACK), start) is not None
