"""Terms joined into quantities, intervals, multiples of normal, doses and ages."""

import re
from dataclasses import dataclass
from decimal import Decimal

from trialcriteria.tag.values_ages import is_age, lost_sign
from trialcriteria.tag.values_contexts import is_label, is_no_value, is_share, measured_rate
from trialcriteria.tag.values_intervals import (
    OPPOSITE,
    Interval,
    bounding,
    counts_in,
    interval_of,
    second_term,
    single,
    unit_of,
)
from trialcriteria.tag.values_patterns import Text
from trialcriteria.tag.values_suffixes import Term, with_suffix
from trialcriteria.tag.values_terms import term_at
from trialcriteria.tag.values_times import by_week, is_measured_time
from trialcriteria.tag.values_types import BoundParts, ValueKind, ValueMention

_PAREN_OPEN = re.compile(
    r"\s{0,3}[(\[]\s{0,3}(?:(?:or|i\.e\.,?|ie,?|equivalent\sto|equals?|corresponding\sto"
    r"|that\sis,?)\s{1,3})?(?:=\s?(?![<>]))?"
)
_OR = re.compile(r"\s{0,3}(?:or|/)\s{0,3}(?=\d)")
_PAREN_CLOSE = re.compile(r"\s{0,3}[)\]]")
_MAXIMUM = re.compile(
    r"(?:\s?/\s?|\sout\sof\s(?:a\s(?:maximum|total)\sof\s)?)"
    r"(10|15|21|27|28|30|36|40|42|52|54|56|60|63|100)(?![\d/.,]|\s?mm)"
)
_BY_SEX = frozenset({"cm", "[in_i]", "mg/dL", "mmol/L", "g/dL", "g/L", "kg", "umol/L"})
_PRESSURE = re.compile(r"\s?/\s?(?=\d{2,3}(?!\d))")
SYSTOLIC, DIASTOLIC = "pressure.systolic", "pressure.diastolic"


_COUNT = re.compile(r" counts?\b")  # behind "one platelet", which is no amount then


@dataclass(slots=True)
class AgeContext:
    """Where the last age word (or, with ``mention``, the last age) of the criterion ended."""

    end: int = -1
    mention: bool = False


def quantities_at(text: Text, pos: int, age: AgeContext) -> tuple[list[ValueMention], int]:
    """Mentions that start at ``pos`` (none, one, or two), and where to read on."""
    found, end = _plain_quantities(text, pos, age)
    if len(found) != 1 or found[0].kind != "quantity":
        return found, end
    mention = _with_alternate(text, found[0])
    return [mention], mention.end


def _plain_quantities(text: Text, pos: int, age: AgeContext) -> tuple[list[ValueMention], int]:
    first = term_at(text, pos)
    if first is None:
        return [], pos
    first = _out_of(text, first)
    second = second_term(text, first)
    if second is None:
        return _one(text, first, age)
    if _two_units(first, second):
        return _two(text, first, second, age)
    interval = interval_of(text, first, second)
    if interval is None:
        return _one(text, first, age)
    mention = _mention(text, interval, age)
    return ([mention], mention.end) if mention else ([], interval.end)


def _out_of(text: Text, term: Term) -> Term:
    """A score with its maximum, "< 24/30": the maximum is part of the extent. Not 20/40 vision."""
    match = _MAXIMUM.match(text.low, term.end)
    if match is None or term.unit or term.number is None:
        return term
    if "/" in match[0] and term.number == "20":
        return term
    if Decimal(term.number or "0") > Decimal(match[1]):
        return term
    return with_suffix(text, term._replace(end=match.end(), number_end=match.end()))


def _one(text: Text, term: Term, age: AgeContext) -> tuple[list[ValueMention], int]:
    pair = _pressure_pair(text, term)
    if pair:
        return pair
    interval = single(text, term)
    mention = _mention(text, interval, age) if interval else None
    if mention is None:
        return [], term.end if term.time or interval else term.number_end
    return [mention], mention.end


def _two(text: Text, first: Term, second: Term, age: AgeContext) -> tuple[list[ValueMention], int]:
    """A range whose ends have units of their own ("6 months to 5 years"): one mention each."""
    if not is_age(text, (first, second), age.end, age.mention):
        return [], second.end
    low = _age_mention(text, first, BoundParts(first.number or "", counts_in(first)), None)
    high = _age_mention(text, second, None, BoundParts(second.number or "", counts_in(second)))
    return [low, high], high.end


def _age_mention(
    text: Text, term: Term, low: BoundParts | None, high: BoundParts | None
) -> ValueMention:
    source = "age.mixed_units"
    unit = _unit_text(text, term)
    return ValueMention("age", term.start, term.end, low, high, unit_text=unit, source=source)


def _two_units(first: Term, second: Term) -> bool:
    return first.time and second.time and unit_of(first) != unit_of(second)


# --- what kind of value it is ----------------------------------------------------------------


def _mention(text: Text, interval: Interval, age: AgeContext) -> ValueMention | None:
    last = interval.last
    if last.target == "detection":
        return _detection(interval)
    if last.target == "normal" and _within(interval.terms[0]):
        return _normal(interval)
    if is_label(text, interval) or is_share(text, interval) or _COUNT.match(text.low, interval.end):
        return None
    if is_age(text, interval.terms, age.end, age.mention):
        mention = _valued(text, interval, "age")
        return mention._replace(low=None, high=None) if lost_sign(interval.terms) else mention
    return _measured(text, interval)


def _measured(text: Text, interval: Interval) -> ValueMention | None:
    """What is left: a time that measures something, a multiple of normal, a dose, a quantity."""
    last = interval.last
    if last.time or interval.terms[0].time:
        return _valued(text, interval, "quantity") if is_measured_time(text, interval) else None
    if last.reference in ("ULN", "LLN", "normal", "baseline") and last.unit is None:
        return _valued(text, interval, "ratio_to_normal")
    if is_no_value(text, interval) or interval.source.startswith("cmp.from"):
        return None
    if interval.source == "equal" and last.unit and last.unit.dimensions[0] == "gestation":
        return by_week(text, _valued(text, interval, "quantity"))
    dose = last.dose and not measured_rate(text, interval)
    return _valued(text, interval, "dose" if dose else "quantity")


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
    if side not in OPPOSITE:
        return None
    word = "detectable" if side == "low" else "undetectable"
    source = "result.detection_limit"
    return ValueMention("result", first.start, interval.end, values=(word,), source=source)


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
    return mention._replace(end=closed.end() if opened else end, alternate=inner)


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
    return inner._replace(low=low, high=high)


# --- blood pressure --------------------------------------------------------------------------


def _pressure_pair(text: Text, term: Term) -> tuple[list[ValueMention], int] | None:
    """ "> 140/90 mmHg": two values under one comparator."""
    slash = _PRESSURE.match(text.low, term.end) if term.unit is None and term.number else None
    second = term_at(text, slash.end()) if slash else None
    if second is None or not _is_pressure(term, second):
        return None
    joined = second._replace(comparator=bounding(term) or second.suffix, suffix=None)
    one = single(text, term._replace(comparator=joined.comparator))
    two = single(text, joined)
    if one is None or two is None:
        return None
    upper = _valued(text, one, "quantity")._replace(unit_text=_unit_text(text, second))
    lower = _valued(text, two, "quantity")
    if unit_of(second) in _BY_SEX:
        return [upper, lower], second.end
    return [upper._replace(source=SYSTOLIC), lower._replace(source=DIASTOLIC)], second.end


def _is_pressure(systolic: Term, diastolic: Term) -> bool:
    """Told by the unit, or without one by the size of both numbers.

    "> 102/88 cm" is such a pair too, of men and women.
    """
    if diastolic.unit and systolic.comparator and diastolic.unit.ucum in _BY_SEX:
        return True
    if diastolic.unit or diastolic.number is None or systolic.number is None:
        return unit_of(diastolic) == "mm[Hg]"
    one, two = Decimal(systolic.number), Decimal(diastolic.number)
    return systolic.comparator is not None and 80 <= one <= 250 and 40 <= two <= 150
