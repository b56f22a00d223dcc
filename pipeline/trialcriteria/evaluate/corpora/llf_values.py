"""The ``eq`` calls of a logical form: comparisons, and the schema values they stand for.

Each function that makes windows, durations or counts gives one for each alternative, and none
where the comparison does not say what is compared.
"""

from collections.abc import Iterator
from typing import Literal, NamedTuple

from trialcriteria.evaluate.corpora.comparison import (
    Comparison,
    Printed,
    each_in_one_unit,
    intervals,
    place_of,
    unit_of,
    with_shared_units,
)
from trialcriteria.evaluate.corpora.llf import Call, Constant, Words, calls
from trialcriteria.evaluate.quantities import HALF_LIFE, iso_length
from trialcriteria.schema import (
    All,
    Anchor,
    Any,
    Bound,
    CountOffset,
    IsoOffset,
    Offset,
    Range,
    Unit,
    Window,
)

Side = Literal["before", "after", "during"]
Join = type[All] | type[Any]
Ends = tuple[Offset | None, Offset | None]

_NOW = IsoOffset(iso="P0D")
_BEFORE: Ends = (None, _NOW)
_DURING: Ends = (_NOW, _NOW)
_AFTER: Ends = (_NOW, None)
_OF_PERIOD = {"past": _BEFORE, "recent": _BEFORE, "present": _DURING, "future": _AFTER}
_OF_SIDE = {"before": _BEFORE, "during": _DURING, "after": _AFTER}
_PARTS = frozenset({"op", "val", "unit", "temporal_unit", "per", "temporal_per", "temporal_rec"})


class Comparisons(NamedTuple):
    """The comparisons of one call, and how they join."""

    join: Join
    each: tuple[Comparison, ...]


def comparisons(call: Call) -> Comparisons:
    """Those among the arguments of a call: ``eq(...)``, or several in ``and`` or ``or``.

    A call that is itself an ``eq`` has one.
    """
    join: Join = All
    found = [_comparison(call)] if call.name == "eq" else []
    for argument in call.arguments:
        if isinstance(argument, Call) and argument.name == "eq" and call.name != "eq":
            found.append(_comparison(argument))
        elif isinstance(argument, Call) and argument.name in ("and", "or", "union"):
            join = All if argument.name == "and" else Any
            found.extend(comparisons(argument).each)
    shared = with_shared_units(found)
    return Comparisons(join, tuple(part for each in shared for part in each_in_one_unit(each)))


def _comparison(call: Call) -> Comparison:
    def named(name: str) -> Iterator[Printed]:
        return (_printed(part) for part in parts if part.name == name)

    def constants(name: str) -> tuple[str, ...]:
        return tuple(part.text.lower() for part in named(name))

    parts = calls(call)
    return Comparison(
        operators=tuple(part.text for part in named("op")),
        values=tuple(named("val")),
        units=tuple(named("unit")),
        time_units=constants("temporal_unit"),
        per=constants("per"),
        period=next(iter(constants("temporal_per")), None),
        recency=next(iter(constants("temporal_rec")), None),
        others=tuple(part.name for part in parts if part.name not in _PARTS),
    )


def _printed(part: Call) -> Printed:
    first = next(iter(part.arguments), None)
    if isinstance(first, Words):
        return Printed(first.text, first.span)
    return Printed(first.name if isinstance(first, Constant) else "", None)


def windows(
    found: Comparison, line: str, side: Side = "before", anchor: Anchor | None = None
) -> list[Window]:
    """On one side of the anchor; a future period is on the side after.

    A length without operator is how far the window reaches, as in "in the past 6 months". A
    period or an anchor without a length is a whole side.
    """
    span = place_of(found, line)
    after = side == "after" or found.period == "future"
    return [
        Window(start=start, end=end, anchor=anchor, text=line[slice(*span)], span=span)
        for start, end in _whole_side(found, side, anchor) or _lengths(found, after=after)
    ]


def _whole_side(found: Comparison, side: Side, anchor: Anchor | None) -> list[Ends]:
    if found.operators or found.values or found.time_units:
        return []
    ends = _OF_SIDE[side] if anchor else _OF_PERIOD.get(found.period or "")
    return [ends] if ends else []


def _lengths(found: Comparison, *, after: bool) -> list[Ends]:
    unit = unit_of(found)
    if unit is None:
        return []
    sign = "" if after else "-"
    found_ends = [
        (_offset(each.low, unit, sign), _offset(each.high, unit, sign))
        for each in intervals(found, bare="high") or ()
    ]
    if after:
        return [(near or _NOW, far) for near, far in found_ends]
    return [(far, near or _NOW) for near, far in found_ends]


def _offset(bound: Bound | None, unit: Unit, sign: str) -> Offset | None:
    if bound is None:
        return None
    iso = iso_length(bound.value, unit.ucum or "")
    if iso:
        return IsoOffset(iso=sign + iso)
    return CountOffset(count=sign + bound.value, unit=_counted(unit))


def _counted(unit: Unit) -> str:
    """A unit that no calendar knows, by name."""
    return "half_life" if unit.ucum == HALF_LIFE else unit.text


def durations(found: Comparison) -> list[Range]:
    """A length without operator is a lower bound, as in "for 3 months"."""
    unit = unit_of(found)
    if unit is None:
        return []
    timed = iso_length("1", unit.ucum or "") is not None
    return [
        Range(
            low=_length(each.low, unit),
            high=_length(each.high, unit),
            unit=None if timed else _counted(unit),
        )
        for each in intervals(found, bare="low") or ()
    ]


def _length(bound: Bound | None, unit: Unit) -> Bound | None:
    if bound is None:
        return None
    iso = iso_length(bound.value, unit.ucum or "")
    return Bound(value=iso or bound.value, inclusive=bound.inclusive)


def counts(found: Comparison) -> list[Range]:
    """How often, or how many; a number without operator is both bounds."""
    unit = unit_of(found)
    name = (unit.ucum or unit.text) if unit else None
    return [Range(low=each.low, high=each.high, unit=name) for each in intervals(found) or ()]
