"""Comparisons of the Leaf corpora: LCT's Eq-Comparison events, and LLF's ``eq`` calls.

Both say how something compares by the same parts: operators, values, units, a unit of time and a
period, each by its words in the text or by a normalised name.
"""

import re
from collections.abc import Sequence
from typing import Literal, NamedTuple

from trialcriteria.evaluate.quantities import TIME_UNITS, number, ucum
from trialcriteria.schema import Bound, Span, Unit, Value

Relative = Literal["ULN", "LLN", "normal"]
Bare = Literal["exact", "low", "high"]

_LOW = {"GT": False, "GTEQ": True, "low": True}
_HIGH = {"LT": False, "LTEQ": True, "high": True}
_RANGES: dict[str, Relative] = {
    "REF_RANGE_NORMAL": "normal",
    "REF_RANGE_HIGH": "ULN",
    "REF_RANGE_LOW": "LLN",
}
# Words that name a scale, which a level has as its subject and not as its unit.
_SCALES = frozenset(
    {"grade", "class", "stage", "staging", "type", "classification", "score", "point", "level"}
    | {"status", "trimester", "axis"}
)
_SLASHES = re.compile(r"/(?:\s*/)+")


class Printed(NamedTuple):
    """Words of the text and where they stand (null where that is not known)."""

    text: str
    span: Span | None


class Comparison(NamedTuple):
    """The parts of one comparison, in the order of their source.

    ``operators`` are LT, LTEQ, EQ, GTEQ, GT, BETWEEN and PLUS_MINUS. ``units`` are as printed, or
    REF_RANGE_NORMAL, _HIGH and _LOW; ``time_units`` are names of ``TIME_UNITS``, and so is ``per``
    where it is no printed unit. ``period`` is past, present, future, recent or anytime, ``recency``
    first_time or most_recent_time. ``others`` names parts that no comparison has.
    """

    operators: tuple[str, ...] = ()
    values: tuple[Printed, ...] = ()
    units: tuple[Printed, ...] = ()
    time_units: tuple[str, ...] = ()
    per: tuple[str, ...] = ()
    period: str | None = None
    recency: str | None = None
    others: tuple[str, ...] = ()


class Interval(NamedTuple):
    """Two ends, of which one may be open."""

    low: Bound | None
    high: Bound | None


def intervals(comparison: Comparison, bare: Bare = "exact") -> tuple[Interval, ...] | None:
    """The intervals that any one of is meant; None where the parts do not say which.

    BETWEEN and two values are one interval, with an end left out where GT or LT stands beside it.
    One operator goes with each value ("< 50 / 40"); EQ beside it includes the value, as does the
    inclusive one of two on the same side ("equalling or exceeding"). Two operators with a value
    each are the ends of one interval ("> 3 and <= 6"; in "3 < x <= 6" the first stands behind its
    value and is turned). ``bare`` is the reading of values without operator. A unit of time without
    a value is one of it, and so is a reference range with an operator.
    """
    numbers = [number(value.text) for value in comparison.values] or _implied(comparison)
    known = [value for value in numbers if value is not None]
    operators = set(comparison.operators)
    if not known or len(known) != len(numbers) or "PLUS_MINUS" in operators:
        return None
    if "BETWEEN" in operators:
        return _between(known, operators) if len(known) == 2 else None
    one_sided = operators - {"EQ"}
    if one_sided - _LOW.keys() - _HIGH.keys():
        return None
    if len(one_sided) == len(known) == 2:
        return _both_ends(known, [each for each in comparison.operators if each in one_sided])
    if one_sided & _LOW.keys() and one_sided & _HIGH.keys():
        return None
    operator = max(one_sided or operators, key=len, default=bare)
    return tuple(_one_sided(value, operator, "EQ" in operators) for value in known)


def _implied(comparison: Comparison) -> list[str | None]:
    beyond_range = relative_to(comparison) and comparison.operators
    return ["1"] if comparison.time_units or beyond_range else []


def _between(numbers: Sequence[str], operators: set[str]) -> tuple[Interval, ...]:
    low, high = numbers
    return (Interval(_bound(low, "GT" not in operators), _bound(high, "LT" not in operators)),)


def _both_ends(numbers: Sequence[str], operators: Sequence[str]) -> tuple[Interval, ...]:
    one, two = (_one_sided(*pair, False) for pair in zip(numbers, operators, strict=False))
    if (one.low is None) == (two.low is None):
        one = Interval(one.high, one.low)
    return (Interval(one.low or two.low, one.high or two.high),)


def _one_sided(value: str, operator: str, with_equal: bool) -> Interval:
    if operator in _LOW:
        return Interval(_bound(value, _LOW[operator] or with_equal), None)
    if operator in _HIGH:
        return Interval(None, _bound(value, _HIGH[operator] or with_equal))
    return Interval(_bound(value, True), _bound(value, True))


def _bound(value: str, inclusive: bool) -> Bound:
    return Bound(value=value, inclusive=inclusive)


def values_of(comparison: Comparison, text: str, bare: Bare = "exact") -> list[Value]:
    """What is compared with, once for each alternative ("< 50 / 40" has two); empty where unclear.

    Several levels without operator are one set of them. Text and span go from the first to the
    last number in the text; where it has none of them, they are the whole text.
    """
    ends = intervals(comparison, bare) or ()
    if len(ends) > 1 and not comparison.operators:
        levels = tuple(value.text for value in comparison.values)
        return [_value(comparison, text, Interval(None, None), levels)]
    return [_value(comparison, text, each) for each in ends]


def _value(
    comparison: Comparison, text: str, ends: Interval, levels: tuple[str, ...] | None = None
) -> Value:
    span = place_of(comparison, text)
    return Value(
        low=ends.low,
        high=ends.high,
        values=levels,
        unit=unit_of(comparison),
        relative_to=relative_to(comparison),
        text=text[slice(*span)],
        span=span,
    )


def place_of(comparison: Comparison, text: str) -> Span:
    """From the first to the last value of the comparison; the whole text where it has none."""
    spans = [value.span for value in comparison.values if value.span]
    if not spans:
        return Span(0, len(text))
    return Span(min(span.start for span in spans), max(span.end for span in spans))


def relative_to(comparison: Comparison) -> Relative | None:
    """The reference range that the values are multiples of."""
    names = (_RANGES.get(unit.text) for unit in comparison.units)
    return next((name for name in names if name), None)


def unit_of(comparison: Comparison) -> Unit | None:
    """The unit as one: its parts, which are written apart ("mg", "dL"), joined by slashes.

    A unit that is repeated ("7 % to 11 %") counts once, and names of scales ("grade") are none.
    A lone cubic millimetre is what counts are per. ``ucum`` is null where no code is known.
    """
    units = (unit.text for unit in comparison.units if unit.text not in _RANGES)
    counted = _distinct([unit for unit in units if not _names_a_scale(unit)])
    counted += comparison.time_units[:1]
    rates = _distinct(comparison.per)
    if not counted and not rates:
        return None
    text = _SLASHES.sub("/", " / ".join([" / ".join(counted), *rates])).strip()
    code = _code(text)
    return Unit(text=text, ucum="/uL" if code == "mm3" else code)


def _distinct(units: Sequence[str]) -> tuple[str, ...]:
    """The first of the units with one code; stray stops at their ends left out."""
    first: dict[str, str] = {}
    for unit in (each.strip(" .,") for each in units):
        first.setdefault(_code(unit) or unit, unit)
    return tuple(first.values())


def _code(text: str) -> str | None:
    return TIME_UNITS.get(text) or ucum(text)


def _names_a_scale(unit: str) -> bool:
    words = unit.lower().split()
    return any(word in _SCALES or word.removesuffix("s") in _SCALES for word in words)


def each_in_one_unit(comparison: Comparison) -> tuple[Comparison, ...]:
    """A comparison, or its two ends where each has a unit of time of its own."""
    if len(set(comparison.time_units)) < 2:
        return (comparison,)
    if "BETWEEN" not in comparison.operators or len(comparison.values) != 2:
        return ()
    return tuple(
        comparison._replace(operators=(operator,), values=(value,), time_units=(unit,))
        for operator, value, unit in zip(
            ("GTEQ", "LTEQ"), comparison.values, comparison.time_units, strict=False
        )
    )


def with_shared_units(comparisons: Sequence[Comparison]) -> tuple[Comparison, ...]:
    """Joined comparisons, where a value without a unit has that of the comparison after it."""
    shared: list[Comparison] = []
    for each in reversed(comparisons):
        bare = each.values and not (each.units or each.time_units or each.per)
        of = shared[-1] if shared and bare else each
        shared.append(each._replace(units=of.units, time_units=of.time_units, per=of.per))
    return tuple(reversed(shared))
