"""Normalisation of phrases about time, from parts made by hand."""

import pytest

from trialcriteria.normalize.time import normalize_count, normalize_duration, normalize_window
from trialcriteria.schema import Anchor, Bound, CountOffset, IsoOffset, Range, Span, Window
from trialcriteria.tag.time import (
    Amount,
    AnchorWords,
    CountParts,
    DurationParts,
    Edge,
    Quantity,
    TimeMention,
    WindowParts,
)

TEXT = "30 days or 5 half-lives before screening"
SCREENING = AnchorWords("screening", 31, 40)
ANCHOR = Anchor(event="screening", text="screening", span=Span(31, 40))
NOW = AnchorWords("now", 40, 40)
ZERO = IsoOffset(iso="P0D")


def amount(number: str, unit: str, high: str | None = None) -> Amount:
    return Amount(Quantity(number, unit), Quantity(high, unit) if high else None, 0, 7)


def mention(parts: WindowParts | DurationParts | CountParts) -> TimeMention:
    kinds = {WindowParts: "window", DurationParts: "duration", CountParts: "count"}
    return TimeMention(kinds[type(parts)], 0, len(TEXT), parts, "rule")  # type: ignore[arg-type]


def window(parts: WindowParts) -> Window:
    return normalize_window(mention(parts), TEXT)


@pytest.mark.parametrize(
    ("number", "unit", "iso"),
    [
        ("90", "minute", "PT90M"),
        ("72", "hour", "PT72H"),
        ("7", "day", "P7D"),
        ("2", "week", "P2W"),
        ("1.5", "fortnight", "P3.0W"),
        ("6", "month", "P6M"),
        ("1.5", "year", "P1.5Y"),
        ("2", "decade", "P20Y"),
    ],
)
def test_units(number: str, unit: str, iso: str) -> None:
    found = window(WindowParts("before", SCREENING, "within", (amount(number, unit),)))
    assert (found.start, found.end) == (IsoOffset(iso=f"-{iso}"), ZERO)


@pytest.mark.parametrize(
    ("side", "bound", "start", "end"),
    [
        ("before", "within", "-P2W", "P0D"),
        ("before", "high", "-P2W", "P0D"),
        ("before", "low", None, "-P2W"),
        ("before", "exact", "-P2W", "-P2W"),
        ("after", "within", "P0D", "P2W"),
        ("after", "high", "P0D", "P2W"),
        ("after", "low", "P2W", None),
        ("after", "exact", "P2W", "P2W"),
        ("both", "within", "-P2W", "P2W"),
    ],
)
def test_sides_and_bounds(side: str, bound: str, start: str | None, end: str | None) -> None:
    found = window(WindowParts(side, SCREENING, bound, (amount("2", "week"),)))  # type: ignore[arg-type]
    assert found.start == (IsoOffset(iso=start) if start else None)
    assert found.end == (IsoOffset(iso=end) if end else None)
    assert found.anchor == ANCHOR


@pytest.mark.parametrize(
    ("side", "start", "end"),
    [("before", None, ZERO), ("after", ZERO, None), ("at", ZERO, ZERO), ("both", None, None)],
)
def test_events_without_an_amount(side: str, start: object, end: object) -> None:
    found = window(WindowParts(side, SCREENING))  # type: ignore[arg-type]
    assert (found.start, found.end) == (start, end)


def test_a_range_lies_away_from_the_anchor() -> None:
    found = window(WindowParts("before", SCREENING, "within", (amount("6", "month", "12"),)))
    assert (found.start, found.end) == (IsoOffset(iso="-P12M"), IsoOffset(iso="-P6M"))


def test_alternatives_keep_their_words_and_leave_the_ends_to_them() -> None:
    items = (amount("30", "day"), Amount(Quantity("5", "half_life"), None, 11, 23))
    found = window(WindowParts("before", SCREENING, "within", items, "longer"))
    assert (found.start, found.end, found.choose) == (None, None, "longer")
    assert found.alternatives == (
        Window(
            start=IsoOffset(iso="-P30D"), end=ZERO, anchor=ANCHOR, text="30 days", span=Span(0, 7)
        ),
        Window(
            start=CountOffset(count="-5", unit="half_life"),
            end=ZERO,
            anchor=ANCHOR,
            text="5 half-lives",
            span=Span(11, 23),
        ),
    )


def test_a_start_of_its_own() -> None:
    edge = Edge(Quantity("28", "day"), "before", SCREENING)
    found = window(WindowParts("after", NOW, "within", (amount("1", "year"),), None, edge))
    assert found.start == IsoOffset(iso="-P28D", anchor=ANCHOR)
    assert found.end == IsoOffset(iso="P1Y")


def test_an_unsaid_anchor_has_no_span() -> None:
    assert window(WindowParts("at", NOW)).anchor == Anchor(event="now", text="", span=None)


@pytest.mark.parametrize(
    ("comparator", "low", "high"),
    [
        (None, ("P3M", True), None),
        ("time.ge", ("P3M", True), None),
        ("time.gt", ("P3M", False), None),
        ("time.le", None, ("P3M", True)),
        ("time.lt", None, ("P3M", False)),
        ("time.or_more", ("P3M", True), None),
        ("time.or_less", None, ("P3M", True)),
    ],
)
def test_durations(
    comparator: str | None, low: tuple[str, bool] | None, high: tuple[str, bool] | None
) -> None:
    found = normalize_duration(mention(DurationParts((amount("3", "month"),), comparator)), TEXT)
    expected = [Bound(value=b[0], inclusive=b[1]) if b else None for b in (low, high)]
    assert [found.low, found.high] == expected


def test_a_duration_of_half_lives_names_its_unit() -> None:
    found = normalize_duration(mention(DurationParts((amount("5", "half_life"),), "time.ge")), TEXT)
    assert found == Range(low=Bound(value="5", inclusive=True), unit="half_life")


@pytest.mark.parametrize(
    ("parts", "low", "high"),
    [
        (CountParts("2", None, None), "2", "2"),
        (CountParts("2", "4", None), "2", "4"),
        (CountParts("2", None, "time.ge"), "2", None),
        (CountParts("2", None, "time.le"), None, "2"),
    ],
)
def test_counts(parts: CountParts, low: str | None, high: str | None) -> None:
    found = normalize_count(mention(parts), TEXT)
    assert (found.low.value if found.low else None) == low
    assert (found.high.value if found.high else None) == high


@pytest.mark.parametrize(
    ("normalize", "parts"),
    [
        (normalize_window, CountParts("2", None, None)),
        (normalize_duration, WindowParts("at", NOW)),
        (normalize_count, DurationParts((amount("2", "week"),), None)),
    ],
)
def test_the_wrong_kind_is_refused(normalize: object, parts: object) -> None:
    with pytest.raises(TypeError):
        normalize(mention(parts), TEXT)  # type: ignore[operator, arg-type]
