"""Turns the raw parts of a phrase about time into schema values: windows, durations, counts.

Lengths are ISO 8601 durations (``P2W``, ``PT72H``); before the anchor they carry a minus sign.
"""

from decimal import Decimal

from trialcriteria.schema import Anchor, Bound, CountOffset, IsoOffset, Offset, Range, Span, Window
from trialcriteria.tag.time.lexicon import comparator_rows, unit_rows
from trialcriteria.tag.time.model import (
    Amount,
    AnchorWords,
    CountParts,
    DurationParts,
    Quantity,
    TimeMention,
    WindowParts,
)

_ZERO = IsoOffset(iso="P0D")
Ends = tuple[Offset | None, Offset | None]


def _decimal(number: str, factor: str = "1") -> str:
    """The number times the unit's factor, without an exponent; untouched where that is 1."""
    return number if factor == "1" else format(Decimal(number) * Decimal(factor), "f")


def _length(quantity: Quantity) -> str:
    """ISO 8601 duration, or the bare number of a unit that no calendar knows."""
    row = unit_rows()[quantity.unit]
    number = _decimal(quantity.number, row.factor)
    return number if row.iso is None else f"P{row.iso[:-1]}{number}{row.iso[-1]}"


def _offset(quantity: Quantity, sign: str, anchor: Anchor | None = None) -> Offset:
    row = unit_rows()[quantity.unit]
    value = f"{sign}{_length(quantity)}"
    if row.count:
        return CountOffset(count=value, unit=row.count, anchor=anchor)
    return IsoOffset.known({"iso": value, "anchor": anchor})


def _anchor(words: AnchorWords, text: str) -> Anchor:
    span = Span(words.start, words.end) if words.end > words.start else None
    return Anchor.known({"event": words.event, "text": text[words.start : words.end], "span": span})


def _whole_side(parts: WindowParts) -> Ends:
    """The window of a phrase without amounts."""
    start = None if parts.side in ("before", "both") else _ZERO
    end = None if parts.side in ("after", "both") else _ZERO
    return start, end


def _away(amount: Amount, parts: WindowParts, sign: str) -> tuple[Offset | None, Offset | None]:
    """Nearer and farther end of an amount on one side of the anchor."""
    low = _offset(amount.low, sign)
    if amount.high:
        return low, _offset(amount.high, sign)
    if parts.bound == "low":
        return low, None
    if parts.bound == "until":
        return None, low
    return (low, low) if parts.bound == "exact" else (_ZERO, low)


def _ends(amount: Amount, parts: WindowParts) -> Ends:
    if parts.side == "both":
        reach = amount.high or amount.low
        return _offset(reach, "-"), _offset(reach, "")
    near, far = _away(amount, parts, "-" if parts.side == "before" else "")
    return (far, near) if parts.side == "before" else (near, far)


def _opened(ends: Ends, parts: WindowParts, text: str) -> Ends:
    """The same ends with the start hung on the opening edge's own event, where it has one."""
    edge = parts.opening
    if edge is None:
        return ends
    anchor = None if edge.anchor == parts.anchor else _anchor(edge.anchor, text)
    if edge.amount is None:
        return IsoOffset(iso="P0D", anchor=anchor), ends[1]
    return _offset(edge.amount, "-" if edge.side == "before" else "", anchor), ends[1]


def normalize_window(mention: TimeMention, text: str) -> Window:
    """The interval of a window mention; ``text`` is the string the mention was found in.

    Several amounts ("30 days or 5 half-lives") or events ("at screening or baseline") become
    ``alternatives`` and leave the window's own ends empty. Raises TypeError for a mention of
    another kind.
    """
    parts = mention.parts
    if not isinstance(parts, WindowParts):
        raise TypeError(f"not a window: {mention.kind}")
    if parts.other is not None:
        return _either(mention, parts, text)
    span, anchor = Span(mention.start, mention.end), _anchor(parts.anchor, text)
    if len(parts.amounts) > 1:
        each = tuple(_alternative(amount, parts, anchor, text) for amount in parts.amounts)
        return Window(
            anchor=anchor,
            text=text[slice(*span)],
            span=span,
            alternatives=each,
            choose=parts.choose,
        )
    bare = _ends(parts.amounts[0], parts) if parts.amounts else _whole_side(parts)
    start, end = _opened(bare, parts, text)
    return _plain_window(start, end, anchor, text, span)


def _either(mention: TimeMention, parts: WindowParts, text: str) -> Window:
    """ "At screening or baseline": a window at each of the two events."""
    each = tuple(normalize_window(one, text) for one in _at_each(mention, parts))
    span = Span(mention.start, mention.end)
    return Window(text=text[slice(*span)], span=span, alternatives=each)


def at_every(mention: TimeMention) -> tuple[TimeMention, ...]:
    """ "At screening and baseline" as one window each; any other mention alone."""
    parts = mention.parts
    if isinstance(parts, WindowParts) and parts.every:
        return _at_each(mention, parts)
    return (mention,)


def _at_each(mention: TimeMention, parts: WindowParts) -> tuple[TimeMention, ...]:
    events = (parts.anchor, parts.other or parts.anchor)
    single = (parts._replace(anchor=event, other=None, every=False) for event in events)
    return tuple(mention._replace(parts=one) for one in single)


def _plain_window(
    start: Offset | None, end: Offset | None, anchor: Anchor, text: str, span: Span
) -> Window:
    """A window without alternatives."""
    return Window.known(
        {
            "start": start,
            "end": end,
            "anchor": anchor,
            "text": text[slice(*span)],
            "span": span,
            "alternatives": (),
            "choose": None,
        }
    )


def _alternative(amount: Amount, parts: WindowParts, anchor: Anchor, text: str) -> Window:
    start, end = _opened(_ends(amount, parts), parts, text)
    span = Span(amount.start, amount.end)
    return _plain_window(start, end, anchor, text, span)


def _range(low: str, high: str | None, comparator: str | None) -> Range:
    """A range from printed ends, or one end with its comparator."""
    inclusive = Bound(value=low, inclusive=True)
    if high is not None:
        return Range(low=inclusive, high=Bound(value=high, inclusive=True))
    if comparator is None:
        return Range(low=inclusive)
    row = comparator_rows()[comparator]
    bound = Bound(value=low, inclusive=bool(row.inclusive))
    return Range(low=bound) if row.bound == "low" else Range(high=bound)


def normalize_duration(mention: TimeMention, text: str) -> Range:
    """Bounds of a duration as ISO 8601; a length without comparator is a lower bound.

    Half-lives are plain numbers with the range's unit ``half_life``. Raises TypeError for a
    mention of another kind.
    """
    parts = mention.parts
    if not isinstance(parts, DurationParts):
        raise TypeError(f"not a duration: {mention.kind}")
    amount = parts.amounts[0]
    high = _length(amount.high) if amount.high else None
    found = _range(_length(amount.low), high, parts.comparator)
    return found.model_copy(update={"unit": unit_rows()[amount.low.unit].count})


def normalize_count(mention: TimeMention, text: str) -> Range:
    """Bounds of a count; a number without comparator is both bounds.

    Raises TypeError for a mention of another kind.
    """
    parts = mention.parts
    if not isinstance(parts, CountParts):
        raise TypeError(f"not a count: {mention.kind}")
    exact = parts.comparator is None and parts.high is None
    found = _range(parts.low, parts.low if exact else parts.high, parts.comparator)
    return found.model_copy(update={"unit": _frequency(parts)})


def _frequency(parts: CountParts) -> str | None:
    """ "/wk" of "twice a week", "d/mo" of "4 days per month"; None for a count without a time."""
    if parts.rate is None:
        return None
    day = unit_rows()[parts.day].ucum if parts.day else None
    return f"{day or ''}/{unit_rows()[parts.rate.unit].ucum}"
