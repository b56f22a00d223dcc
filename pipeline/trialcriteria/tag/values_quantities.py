"""Terms joined into quantities, intervals, multiples of normal, doses and ages."""

import re
from dataclasses import dataclass, replace
from decimal import Decimal

from trialcriteria.tag.comparators import Comparator
from trialcriteria.tag.values_ages import age_words, is_age
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_terms import Term, term_at, with_suffix
from trialcriteria.tag.values_types import BoundParts, ValueKind, ValueMention

_JOIN = re.compile(
    r"(?:[\s-]{1,4}(?:of\s{1,4}age|old)(?![a-z]))?\s{0,4}(?:\(\s?(?:inclusive|included)\s?\))?"
    r"(?:(?P<dash>-{1,3}|~|\.\.\.?|/(?=\s?[<>=≤≥]))|(?P<to>(?:up\s)?to|through|thru|until|till|\u00f7)(?![a-z])"
    r"|(?P<and>-?,?\s?(?:and|&)(?![a-z])(?:\s(?:also|is|are|at\s(?:the\s)?same\stime)(?![a-z]))?"
    r"|,?\s?(?:but|yet)(?![a-z])(?:\s(?:is|are))?|,)|)\s{0,6}"
)
_INCLUSIVE = re.compile(
    r"(?:[\s-]{1,4}of\s{1,4}age|[\s-]{1,4}old)?(?:,?\s{0,4}(?:both\s)?(?P<word>inclusive(?:ly)?|incl\.|exclusive(?:ly)?)(?![a-z]|\s(?:of|breast))"
    r"|\s{0,4}[(\[]\s{0,2}(?:both\s)?(?:(?P<paren>inclusive(?:ly)?|incl\.?|inc\.?|included|exclusive)|"
    r"(?:(?:both\s)?(?:ends?|limits?|bounds?|boundary|boundaries|values?|ages)\s(?:are\s)?(?:included|inclusive))"
    r"|(?:including|inclusive\sof|include)\s[^()\[\]]{0,60}|both\s(?:ends\s)?included)\s{0,2}[)\]])"
)
_PAREN_OPEN = re.compile(
    r"\s{0,3}[(\[]\s{0,3}(?:(?:or|i\.e\.,?|ie,?|equivalent\sto|equals?|corresponding\sto|that\sis,?)\s{1,3})?(?:=\s?(?![<>]))?"
)
_OR = re.compile(r"\s{0,3}(?:or|/)\s{0,3}(?=\d)")
_PAREN_CLOSE = re.compile(r"\s{0,3}[)\]]")
_COUNT_OF = re.compile(
    r"[\s,]{0,4}(?:\([^()]{0,12}\)\s)?(?:or\smore\s|of\s(?:the\s)?(?:the|these|those|following|above|below|\d|criteria)"
    r"|(?:of\s)?(?:the\s)?following|criteria(?![a-z])|out\sof)"
)
_COUNTED = re.compile(
    r"\s{1,4}(?!(?:and|or|at|in|on|if|for|with|without|within|when|as|by|but|to|is|are|was|were|who|per|after|before|"
    r"during|unless|from|of|the|due|despite|will|must|should|using|based|according|obtained|measured|assessed|"
    r"documented|determined|defined|prior\sto|where|while|which|that|than|except|until|since|not|x|have|has|may|can|"
    r"on|because|indicating|inclusive|including|post|pre|upon|through|points?|units?|would|under|over|confirmed|"
    r"i\.e|e\.g|performed|calculated|using|above|below|times|be|then|with)(?![a-z]))(?:[a-z]{3,}|[A-Z][A-Za-z]{0,6}[A-Z][A-Za-z]{0,4}\s[a-z]{3})"
)
_LARGEST_COUNT = Decimal(60)
_MAXIMUM = re.compile(r"\s?/\s?(10|15|21|27|28|30|36|40|42|52|54|56|60|63|100)(?![\d/.,]|\s?mm)")
_SCORE_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:scores?|index|scale|bmi|range|ratio|levels?|values?|fraction|rating|count)"
    r"(?:\s{0,2}\([^()]{1,20}\))?[\s:,=(-]{0,4}(?:(?:of|is|was|from|at|between|must\sbe|should\sbe|ranges?|ranging)\s{1,4}){0,3})$"
)
_BMI_BEFORE = re.compile(
    r"(?:(?<![a-z])(?:bmi|kps|inr|edss|mmse|nihss|madrs|das28|meld|apache\sii|lvef|moca|gcs|phq-9)[\s:,=(]{0,4}(?:(?:of|is|score)\s{1,4}){0,3})$"
)
_NOT_NUMBER_END = re.compile(r"[a-z]|-(?!fold|point|times)[a-z]|%|/\d|:\d|\+|\s{0,3}(?:x|times)(?![a-z])")
_PRESSURE = re.compile(r"\s?/\s?(?=\d{2,3}(?!\d))")
_EXCRETED = re.compile(r"(?:alcohol|drink|ethanol|weight|bleed|protein|albumin|excret|urin|output|f[ae]ecal|calciuria)")
_LOOK_BACK = 60
_OPPOSITE = {"low": "high", "high": "low"}


@dataclass(slots=True)
class AgeContext:
    """Where the last age word (or, with ``mention``, the last age) of the criterion ended."""

    end: int = -1
    mention: bool = False


@dataclass(frozen=True, slots=True)
class Interval:
    """One term, or two as the ends of a range, with their bounds."""

    terms: tuple[Term, ...]
    low: BoundParts | None
    high: BoundParts | None
    end: int
    source: str

    @property
    def last(self) -> Term:
        return self.terms[-1]


def quantities_at(text: Text, pos: int, age: AgeContext) -> tuple[list[ValueMention], int]:
    """Mentions that start at ``pos`` (none, one, or two), and where to read on."""
    found, end = _plain_quantities(text, pos, age)
    if len(found) != 1 or found[0].kind != "quantity":
        return found, end
    mention = _with_alternate(text, found[0])
    return [mention], mention.end


def _plain_quantities(
    text: Text, pos: int, age: AgeContext
) -> tuple[list[ValueMention], int]:
    first = term_at(text, pos)
    if first is None:
        return [], pos
    first = _out_of(text, first)
    second = _second_term(text, first)
    if second is None:
        return _one(text, first, age)
    if _two_units(first, second):
        return _two(text, first, second, age)
    interval = _interval(text, first, second)
    mention = _mention(text, interval, age) if interval else None
    if mention:
        return [mention], mention.end
    return [], (interval.end if interval else first.end)


def _out_of(text: Text, term: Term) -> Term:
    """A score with its maximum, "< 24/30": the maximum belongs to the extent. Not Snellen's 20/40."""
    match = _MAXIMUM.match(text.low, term.end)
    if match is None or term.unit or term.number in (None, "20"):
        return term
    if Decimal(term.number or "0") > Decimal(match[1]):
        return term
    return with_suffix(text, replace(term, end=match.end(), number_end=match.end()))


def _one(text: Text, term: Term, age: AgeContext) -> tuple[list[ValueMention], int]:
    pair = _pressure_pair(text, term)
    if pair:
        return pair
    interval = _single(text, term)
    mention = _mention(text, interval, age) if interval else None
    if mention is None:
        return [], term.end if term.time or interval else term.number_end
    return [mention], mention.end


def _two(
    text: Text, first: Term, second: Term, age: AgeContext
) -> tuple[list[ValueMention], int]:
    """A range whose ends have units of their own ("6 months to 5 years"): one mention each."""
    if not is_age(text, (first, second), age.end, age.mention):
        return [], second.end
    low = _age_mention(text, first, BoundParts(first.number or "", _counts_in(first)), None)
    high = _age_mention(text, second, None, BoundParts(second.number or "", _counts_in(second)))
    return [low, high], high.end


def _age_mention(
    text: Text, term: Term, low: BoundParts | None, high: BoundParts | None
) -> ValueMention:
    source = "age.mixed_units"
    unit = _unit_text(text, term)
    return ValueMention("age", term.start, term.end, low, high, unit_text=unit, source=source)


def _two_units(first: Term, second: Term) -> bool:
    return first.time and second.time and _code(first) != _code(second)


def _code(term: Term) -> str | None:
    return term.unit.ucum if term.unit else None


# --- joining two terms -----------------------------------------------------------------------


def _second_term(text: Text, first: Term) -> Term | None:
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
    if second.unit is None and second.reference is None and _cut_off(text, second):
        return None
    return second


def _joinable(first: Term, second: Term, join: re.Match[str]) -> bool:
    """Whether the words between two terms make them the ends of one range."""
    one, two = _side(first), _side(second)
    ranged = join["dash"] or join["to"]
    if two is None:
        return bool(ranged) or (bool(join["and"]) and one == "range")
    if two not in _OPPOSITE:
        return False
    if one in _OPPOSITE:
        return _OPPOSITE[one] == two
    return two == "high" and bool(ranged or one == "range") and join.group().strip() != ""


def _side(term: Term) -> str | None:
    return term.comparator.side if term.comparator else None


def _units_clash(first: Term, second: Term) -> bool:
    if first.time and second.time:
        return False
    if first.unit and second.unit:
        return _code(first) != _code(second)
    return first.reference is not None and second.reference is None and second.unit is not None


def _interval(text: Text, first: Term, second: Term) -> Interval | None:
    """Bounds of a range: inclusive unless a comparator or "exclusive" says otherwise."""
    one, two = Decimal(first.number or "0"), Decimal(second.number or "0")
    sides = _side(first), _side(second)
    if sides[0] == "high" and sides[1] is None:
        high = BoundParts(second.number or "", _counts_in(first))
        return Interval((first, second), None, high, second.end, "interval.upper")
    low_term, high_term = (second, first) if sides[0] == "high" else (first, second)
    if sides[0] in (None, "range", "approx", "equal") and one > two:
        if sides[0] != "range":
            return None
        low_term, high_term = second, first
    low = BoundParts(low_term.number or "", _counts_in(low_term))
    high = BoundParts(high_term.number or "", _counts_in(high_term))
    return _closed(text, Interval((first, second), low, high, second.end, "interval"))


def _counts_in(term: Term) -> bool:
    return term.comparator.inclusive if term.comparator else True


def _closed(text: Text, interval: Interval) -> Interval:
    """Take "(inclusive)" or "(including 18 and 60)" into the extent; respect "exclusive"."""
    match = _INCLUSIVE.match(text.low, interval.end)
    if match is None:
        return interval
    word = match["word"] or match["paren"] or ""
    if not word.startswith("excl") or interval.low is None or interval.high is None:
        return replace(interval, end=match.end())
    return replace(
        interval,
        end=match.end(),
        low=BoundParts(interval.low.number, False),
        high=BoundParts(interval.high.number, False),
    )


def _single(text: Text, term: Term) -> Interval | None:
    """Bounds of one term alone."""
    if term.number is None:
        return Interval((term,), None, None, term.end, "detection")
    comparator = _bounding(term)
    if comparator is None:
        bound = BoundParts(term.number, True)
        return Interval((term,), bound, bound, term.end, "equal")
    if comparator.side == "range":
        opens = comparator.text.startswith(("from", "starting"))
        bound = BoundParts(term.number, True)
        return Interval((term,), bound, None, term.end, comparator.id) if opens else None
    bound = BoundParts(term.number, comparator.inclusive)
    low = bound if comparator.side != "high" else None
    high = bound if comparator.side != "low" else None
    return _closed(text, Interval((term,), low, high, term.end, comparator.id))


def _bounding(term: Term) -> Comparator | None:
    """The comparator that decides: one behind the number overrides "from" in front."""
    if term.suffix and (term.comparator is None or term.comparator.side in ("range", "equal")):
        return term.suffix
    return term.comparator


# --- what kind of value it is ----------------------------------------------------------------


def _mention(text: Text, interval: Interval, age: AgeContext) -> ValueMention | None:
    last = interval.last
    if last.target == "detection":
        return _detection(interval)
    if last.target == "normal" and _within(interval.terms[0]):
        return _normal(interval)
    if is_age(text, interval.terms, age.end, age.mention):
        return _valued(text, interval, "age")
    if last.time or interval.terms[0].time:
        return None
    if last.reference in ("ULN", "LLN", "normal", "baseline") and last.unit is None:
        return _valued(text, interval, "ratio_to_normal")
    if _named_scale(text, interval):
        return None
    if last.unit is None and not _stands_alone(text, interval):
        return None
    if interval.source.startswith("cmp.from"):
        return None
    if last.dose and not _excreted(text, interval):
        return _valued(text, interval, "dose")
    return _valued(text, interval, "quantity")


def _valued(text: Text, interval: Interval, kind: ValueKind) -> ValueMention:
    first, last = interval.terms[0], interval.last
    unit = last if last.unit else first
    return ValueMention(
        kind,
        first.start,
        interval.end,
        interval.low,
        interval.high,
        unit_text=_unit_text(text, unit),
        relative_to=last.reference or first.reference,
        source=interval.source,
    )


def _unit_text(text: Text, term: Term) -> str | None:
    if term.unit is None:
        return None
    return text.view[term.unit.start : max(term.unit.end, term.unit_end)]


def _within(term: Term) -> bool:
    return term.comparator is not None and term.comparator.text == "within"


def _normal(interval: Interval) -> ValueMention | None:
    first = interval.terms[0]
    return ValueMention(
        "result", first.start, interval.end, values=("normal",), relative_to="normal",
        source="result.within_normal",
    )  # fmt: skip


def _detection(interval: Interval) -> ValueMention | None:
    first = interval.terms[0]
    side = first.comparator.side if first.comparator else None
    if side not in _OPPOSITE:
        return None
    word = "detectable" if side == "low" else "undetectable"
    source = "result.detection_limit"
    return ValueMention("result", first.start, interval.end, values=(word,), source=source)


def _stands_alone(text: Text, interval: Interval) -> bool:
    """Whether a number without a unit is a value: compared, ranged, or a score."""
    first, last = interval.terms[0], interval.last
    if _cut_off(text, last) or _counts(text, first, last):
        return False
    side = _side(first) or (first.suffix and "suffix") or _side(last)
    if side in ("low", "high", "equal", "suffix"):
        return True
    if side == "range" and len(interval.terms) == 2:
        return True
    before = text.low[max(0, first.start - _LOOK_BACK) : first.start]
    return bool(_SCORE_BEFORE.search(before) or _BMI_BEFORE.search(before))


def _named_scale(text: Text, interval: Interval) -> bool:
    """ "7-point scale": the points name the scale."""
    term = interval.last
    if term.unit is None or term.unit.dimensions[0] != "score" or len(interval.terms) > 1:
        return False
    return text.low[term.number_end] == "-" and _side(term) is None


def _counts(text: Text, first: Term, last: Term) -> bool:
    """Whether the number counts things: "at least two lesions", "2 of the following"."""
    if last.worded or _COUNT_OF.match(text.low, last.end):
        return True
    noun = _COUNTED.match(text.view, last.end)
    return noun is not None and Decimal(last.number or "0") <= _LARGEST_COUNT and "." not in (
        f"{first.number}{last.number}"
    )


def _cut_off(text: Text, term: Term) -> bool:
    """A number that runs on into a word or another number: "12-lead", "3rd", "1:40"."""
    return term.suffix is None and _NOT_NUMBER_END.match(text.low, term.end) is not None


def _excreted(text: Text, interval: Interval) -> bool:
    """Grams a day of protein in urine or of alcohol are measured, no dose."""
    start = interval.terms[0].start
    return _EXCRETED.search(text.low, max(0, start - _LOOK_BACK), start) is not None


# --- a second reading of the same value ------------------------------------------------------


def _with_alternate(text: Text, mention: ValueMention) -> ValueMention:
    """Take a second unit in parentheses, or behind "or", into the mention."""
    if mention.unit_text is None:
        return mention
    opened = _PAREN_OPEN.match(text.low, mention.end)
    second = opened or _OR.match(text.low, mention.end)
    if second is None:
        return mention
    found, end = _plain_quantities(text, second.end(), AgeContext())
    closed = _PAREN_CLOSE.match(text.low, end) if opened else second
    if len(found) != 1 or closed is None or not _same_value(mention, found[0]):
        return mention
    if not opened and not _both_concentrations(mention, found[0]):
        return mention
    inner = _sided_like(mention, found[0])
    return replace(mention, end=closed.end() if opened else end, alternate=inner)


def _both_concentrations(one: ValueMention, two: ValueMention) -> bool:
    """ "> 138 nmol/L or 5 ug/dL": one bare number per litre behind another is a conversion."""
    compared = one.source.startswith("cmp.") and two.source == "equal"
    return compared and "/" in (one.unit_text or "") and "/" in (two.unit_text or "")


def _same_value(one: ValueMention, two: ValueMention) -> bool:
    if two.kind != "quantity" or two.unit_text is None or one.relative_to != two.relative_to:
        return False
    if one.unit_text == two.unit_text:
        return False
    plain = two.low is not None and two.low == two.high
    return plain or (bool(one.low), bool(one.high)) == (bool(two.low), bool(two.high))


def _sided_like(mention: ValueMention, inner: ValueMention) -> ValueMention:
    """A bare number in parentheses has the comparator of the value it repeats."""
    if inner.source != "equal" or inner.low is None:
        return inner
    low = BoundParts(inner.low.number, mention.low.inclusive) if mention.low else None
    high = BoundParts(inner.low.number, mention.high.inclusive) if mention.high else None
    return replace(inner, low=low, high=high)


# --- blood pressure --------------------------------------------------------------------------


def _pressure_pair(text: Text, term: Term) -> tuple[list[ValueMention], int] | None:
    """ "> 140/90 mmHg": two values under one comparator."""
    slash = _PRESSURE.match(text.low, term.end) if term.unit is None and term.number else None
    second = term_at(text, slash.end()) if slash else None
    if second is None or not _is_pressure(term, second):
        return None
    joined = replace(second, comparator=_bounding(term) or second.suffix, suffix=None)
    one = _single(text, replace(term, comparator=joined.comparator))
    two = _single(text, joined)
    if one is None or two is None:
        return None
    upper = replace(_valued(text, one, "quantity"), unit_text=_unit_text(text, second))
    return [upper, _valued(text, two, "quantity")], second.end


def _is_pressure(systolic: Term, diastolic: Term) -> bool:
    """Told by the unit, or without one by the size of both numbers."""
    if diastolic.unit or diastolic.number is None or systolic.number is None:
        return _code(diastolic) == "mm[Hg]"
    one, two = Decimal(systolic.number), Decimal(diastolic.number)
    return systolic.comparator is not None and 80 <= one <= 250 and 40 <= two <= 150


__all__ = ["AgeContext", "age_words", "quantities_at"]
