"""Durations and windows in plain English, for readers who do not know ISO 8601."""

import re

from trialcriteria.export.notation import interval, one_line, unit_name
from trialcriteria.schema import Anchor, Bound, IsoOffset, Offset, Range, Unit, Value, Window

_ISO = re.compile(r"([+-]?)P(?:([\d.]+)Y)?(?:([\d.]+)M)?(?:([\d.]+)W)?(?:([\d.]+)D)?(?:T(.*))?")
_CLOCK = re.compile(r"(?:([\d.]+)H)?(?:([\d.]+)M)?(?:([\d.]+)S)?")
_POWER = re.compile(r"10\*(\d+)")
_SUPERSCRIPTS = str.maketrans("0123456789", "⁰¹²³⁴⁵⁶⁷⁸⁹")
_CALENDAR_NAMES = ("year", "month", "week", "day")
_CLOCK_NAMES = ("hour", "minute", "second")
_UNIT_NAMES = {
    "a": "years",
    "mo": "months",
    "wk": "weeks",
    "d": "days",
    "h": "hours",
    "min": "minutes",
}
_EVENT_NAMES = {
    "now": "now",
    "consent": "consent",
    "first_dose": "first dose",
    "last_dose": "last dose",
    "study": "the study",
}
_PERIODS = ("the study", "screening")  # an event that lasts


def unit_words(unit: Unit) -> str:
    """Units of time by name ("a" is "years"), powers of ten raised; other codes as they are.

    A code that is nothing but an annotation, such as ``{score}``, gives way to the printed unit.
    """
    name = unit_name(unit)
    if name.startswith("{") and name.endswith("}"):
        return one_line(unit.text)
    raised = _POWER.sub(lambda match: "10" + match.group(1).translate(_SUPERSCRIPTS), name)
    return _UNIT_NAMES.get(name, raised)


def value_words(value: Value) -> str:
    """``≥ 50 mL/min``, ``18 to 60 years``, ``≤ 2 × ULN``, ``III or IV``."""
    amount = _amount_words(value.low, value.high)
    named = " or ".join(value.values or ())
    unit = unit_words(value.unit) if value.unit else ""
    times = "× " if amount and not unit else ""
    relative = f"{times}{value.relative_to}" if value.relative_to else ""
    return " ".join(filter(None, (amount, named, unit, relative))) or one_line(value.text)


def _amount_words(low: Bound | None, high: Bound | None) -> str:
    if low and high and low != high:
        if low.inclusive and high.inclusive:
            return f"{low.value} to {high.value}"
        return f"{typeset(interval(low, None))} and {typeset(interval(None, high))}"
    return typeset(interval(low, high))


def typeset(line: str) -> str:
    """The signs of the compact notation as they are printed: ≥ and ≤."""
    return line.replace(">=", "≥").replace("<=", "≤")


def counted(number: str, name: str) -> str:
    """``1 week``, ``2 weeks``, ``0.5 years``, ``1 half-life``, ``5 half-lives``."""
    plain = name.replace("half_life", "half-life")
    if number != "1":
        plain = f"{plain.removesuffix('fe')}ves" if plain.endswith("life") else f"{plain}s"
    return f"{number} {plain}"


def duration_words(iso: str) -> str:
    """``P2W`` is "2 weeks", ``PT72H`` "72 hours"; the sign is left out; others as they are."""
    match = _ISO.fullmatch(iso)
    clock = _CLOCK.fullmatch(match.group(6) or "") if match else None
    if not match or not clock:
        return iso
    pairs = zip(
        (*match.groups()[1:5], *clock.groups()), (*_CALENDAR_NAMES, *_CLOCK_NAMES), strict=True
    )
    return " ".join(counted(number, name) for number, name in pairs if number) or iso


def age_words(minimum: str | None, maximum: str | None) -> str:
    """``18 years to 60 years``, ``18 years and older``, ``up to 17 years``, empty for neither."""
    if minimum and maximum:
        return f"{duration_words(minimum)} to {duration_words(maximum)}"
    if minimum:
        return f"{duration_words(minimum)} and older"
    return f"up to {duration_words(maximum)}" if maximum else ""


def range_words(span: Range) -> str:
    """``≥ 14 days``, ``2 to 4 episodes``."""
    amount = _amount_words(_bound_words(span.low), _bound_words(span.high))
    return " ".join(filter(None, (amount, span.unit)))


def _bound_words(bound: Bound | None) -> Bound | None:
    return bound.model_copy(update={"value": duration_words(bound.value)}) if bound else None


def event_words(anchor: Anchor | None) -> str:
    """The name of the event an offset counts from; its own words for any other event."""
    if anchor is None:
        return ""
    if anchor.event == "event":
        return one_line(anchor.text) or "another event"
    return _EVENT_NAMES.get(anchor.event, anchor.event)


def _sign_and_size(offset: Offset) -> tuple[str, str]:
    """("-" | "+" | "0", the size in words)."""
    if isinstance(offset, IsoOffset):
        if not re.search("[1-9]", offset.iso):
            return "0", ""
        return "-" if offset.iso.startswith("-") else "+", duration_words(offset.iso)
    if not re.search("[1-9]", offset.count):
        return "0", ""
    sign = "-" if offset.count.startswith("-") else "+"
    return sign, counted(offset.count.lstrip("+-"), offset.unit)


def point_words(offset: Offset, anchor: Anchor | None) -> str:
    """One end of a window: "2 weeks before infusion", "infusion", "1 year after infusion"."""
    event = event_words(offset.anchor or anchor)
    sign, size = _sign_and_size(offset)
    if sign == "0":
        return event or "the reference date"
    return f"{size} {'before' if sign == '-' else 'after'} {event}".rstrip()


def window_words(window: Window, anchor: Anchor | None = None) -> str:
    """A window as a phrase: "within 2 weeks before infusion", "until 24 weeks before consent".

    ``anchor`` is the one a window without an anchor inherits from the window it is part of.
    """
    start, end, anchor = window.start, window.end, window.anchor or anchor
    if window.alternatives:
        joined = " or ".join(window_words(part, anchor) for part in window.alternatives)
        return f"{joined}, whichever is {window.choose}" if window.choose else joined
    if start and end:
        return _between(start, end, anchor)
    if start:
        return f"from {point_words(start, anchor)} on"
    if end:
        return f"until {point_words(end, anchor)}"
    return f"any time relative to {event_words(anchor)}" if anchor else "any time"


def _between(start: Offset, end: Offset, anchor: Anchor | None) -> str:
    """Both ends are given; one event and one end at zero make the short form."""
    signs = _sign_and_size(start)[0] + _sign_and_size(end)[0]
    if event_words(start.anchor or anchor) == event_words(end.anchor or anchor):
        if signs == "00":
            event = point_words(start, anchor)
            return f"{'during' if event in _PERIODS else 'at'} {event}"
        if signs in ("-0", "0+"):
            return f"within {point_words(start if signs == '-0' else end, anchor)}"
    return f"from {point_words(start, anchor)} until {point_words(end, anchor)}"
