"""The parts of a fact in a form that can be compared: parts that mean the same are equal.

What counts is the normalised content. Numbers are compared as decimals (7.50 is 7.5), units by
UCUM code (as printed where neither has one), durations as amounts of time (P14D is P2W, P1M is
not P30D), windows by their ends and the events that these hang on. Words and spans of values and
windows, canonical values, codes, sources and scores do not count, except that the words stand for
a value or a qualifier of which nothing is normalised.
"""

import re
from collections.abc import Hashable
from decimal import Decimal

from trialcriteria.schema import (
    Bound,
    Fact,
    IsoOffset,
    Offset,
    Qualifier,
    Range,
    Unit,
    Value,
    Window,
)

_ISO = re.compile(
    r"([+-]?)P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?"
    r"(?:T(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?)?"
)
_ANNOTATION = re.compile(r"\{[^{}\d]{1,40}\}")
_SECONDS = (604_800, 86_400, 3_600, 60, 1)


def parts(fact: Fact) -> dict[str, Hashable]:
    """The parts that a fact has, so that parts which mean the same are equal."""
    value, subject = fact.value, fact.subject
    every: dict[str, Hashable] = {
        "subject": (subject.kind, folded(subject.text)),
        "status": (fact.status, fact.experiencer),
        "bound": _bounds(value) if value else None,
        "unit": _unit(value) if value else None,
        "window": _window(fact.window) if fact.window else None,
        "duration": _range(fact.duration) if fact.duration else None,
        "count": _range(fact.count) if fact.count else None,
        "dose": (_bounds(fact.dose), _unit(fact.dose)) if fact.dose else None,
        "qualifiers": frozenset(map(_qualifier, fact.qualifiers)) or None,
    }
    return {name: part for name, part in every.items() if part is not None}


def quantity(text: str) -> Hashable:
    """A decimal number, an ISO 8601 duration as months and seconds, or else the words.

    A year is 12 months and a day 24 hours, but no number of days is a month.
    """
    try:
        if not (found := _ISO.fullmatch(text)):
            number = Decimal(text)
            return number if number.is_finite() else folded(text)
        sign = -1 if found[1] == "-" else 1
        years, months, *shorter = (Decimal(number or 0) for number in found.groups()[1:])
        seconds = sum(n * each for n, each in zip(shorter, _SECONDS, strict=True))
        return sign * (12 * years + months), sign * seconds
    except ArithmeticError:
        return folded(text)


def folded(text: str) -> str:
    """The words in one case, blanks single."""
    return " ".join(text.casefold().split())


def _bound(bound: Bound | None) -> Hashable:
    return bound and (quantity(bound.value), bound.inclusive)


def _bounds(value: Value) -> Hashable:
    """Comparator and number, or the set of named results; the words where nothing is normalised."""
    bounds = (_bound(value.low), _bound(value.high), frozenset(map(folded, value.values or ())))
    return bounds if any(bounds) or value.relative_to else folded(value.text)


def _unit(value: Value) -> Hashable:
    """The unit and what the number is relative to; None without both."""
    if value.unit is None:
        return value.relative_to
    code = ("UCUM", _meaning(value.unit.ucum)) if value.unit.ucum else _printed(value.unit)
    return (code, value.relative_to) if code != ("UCUM", "") else value.relative_to


def _meaning(code: str) -> str:
    """A UCUM code without annotations of what is counted, which UCUM gives no meaning.

    ``{beats}/min`` is ``/min`` and ``{score}`` is no unit; a litre's cubic millimetre is its
    millionth. The body surface of ``{1.73_m2}``, which has digits, stays.
    """
    return _ANNOTATION.sub("", code).replace("/mm3", "/uL")


def _printed(unit: Unit) -> tuple[str, str]:
    return "printed", folded(unit.text)


def _range(interval: Range) -> Hashable:
    return _bound(interval.low), _bound(interval.high), folded(interval.unit or "")


def _window(window: Window, outer: str | None = None) -> Hashable:
    """Each end with the event it hangs on, be that its own, the window's or the outer window's."""
    event = window.anchor.event if window.anchor else outer
    ends = (_offset(window.start, event), _offset(window.end, event))
    choices = frozenset(_window(choice, event) for choice in window.alternatives)
    return ends, choices, window.choose, None if any(ends) or choices else event


def _offset(offset: Offset | None, event: str | None) -> Hashable:
    if offset is None:
        return None
    at = offset.anchor.event if offset.anchor else event
    if isinstance(offset, IsoOffset):
        return quantity(offset.iso), at
    return quantity(offset.count), folded(offset.unit), at


def _qualifier(qualifier: Qualifier) -> Hashable:
    value = qualifier.value
    content = (_bounds(value), _unit(value)) if value else folded(qualifier.text)
    return qualifier.kind, content, _range(qualifier.duration) if qualifier.duration else None
