"""The parts of a fact: which ones mean the same."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.evaluate.fact_parts import parts, quantity
from trialcriteria.schema import Fact

PLACE = {"text": "x", "span": [0, 1]}


def fact(**fields) -> Fact:
    subject = {"kind": "measurement", "text": "ALT", "span": None} | fields.pop("subject", {})
    data = {"subject": subject, "source": "hand", "score": 1} | fields
    return Fact.model_validate(data)


def value(low=None, **fields):
    low = {"value": low, "inclusive": True} if low else None
    return {"low": low} | PLACE | fields


def window(start="-P30D", end="P0D", event="screening", **fields):
    def offset(iso):
        return iso if iso is None or isinstance(iso, dict) else {"iso": iso}

    anchor = {"event": event, **PLACE} if event else None
    return {"start": offset(start), "end": offset(end), "anchor": anchor} | PLACE | fields


def anchored(iso, event):
    return {"iso": iso, "anchor": {"event": event, **PLACE}}


def duration(low, inclusive=True, **fields):
    return {"low": {"value": low, "inclusive": inclusive}} | fields


ULN = {"relative_to": "ULN"}
GRAMS, GRAM = {"text": "grams", "ucum": "g"}, {"text": "gram", "ucum": "g"}
DROPS, DROP = {"text": "Drops", "ucum": None}, {"text": "drops ", "ucum": None}

EQUAL = {
    "decimals": ({"value": value("7.50")}, {"value": value("7.5")}),
    "a negative zero": ({"value": value("-0")}, {"value": value("0.0")}),
    "words of a value": ({"value": value("1")}, {"value": value("1", text="one", span=[4, 7])}),
    "printed units of one code": (
        {"value": value("1", unit=GRAMS)}, {"value": value("1", unit=GRAM)},
    ),
    "what is counted in a unit": (
        {"value": value("1", unit={"text": "bpm", "ucum": "{beats}/min"})},
        {"value": value("1", unit={"text": "/min", "ucum": "/min"})},
    ),
    "points and no unit": (
        {"value": value("1", unit={"text": "points", "ucum": "{score}"})}, {"value": value("1")},
    ),
    "cubic millimetres and microlitres": (
        {"value": value("1", unit={"text": "/mm3", "ucum": "/mm3"})},
        {"value": value("1", unit={"text": "/uL", "ucum": "/uL"})},
    ),
    "printed units without code": (
        {"value": value("1", unit=DROPS)}, {"value": value("1", unit=DROP)},
    ),
    "named values in another order": (
        {"value": value(values=["III", "IV"])}, {"value": value(values=["iv", "iii"])},
    ),
    "words of a normal value": (
        {"value": value(relative_to="normal")},
        {"value": value(relative_to="normal", text="within normal limits")},
    ),
    "words in capitals": ({"value": value(text="low")}, {"value": value(text="Low")}),
    "weeks and days": ({"duration": duration("P2W")}, {"duration": duration("P14D")}),
    "years and months": ({"duration": duration("P1Y")}, {"duration": duration("P12M")}),
    "days and hours": ({"duration": duration("P3D")}, {"duration": duration("PT72H")}),
    "no time at all": ({"window": window(end="P0D")}, {"window": window(end="-PT0H")}),
    "an anchor at both ends": (
        {"window": window(event="screening")},
        {"window": window(anchored("-P30D", "screening"), anchored("P0D", "screening"), None)},
    ),
    "an anchor of alternatives": (
        {"window": window(None, None, alternatives=[window(event=None)], choose="longer")},
        {"window": window(None, None, None, alternatives=[window()], choose="longer")},
    ),
    "alternatives in another order": (
        {"window": window(None, None, alternatives=[window(), window("-P1Y")])},
        {"window": window(None, None, alternatives=[window("-P1Y"), window()])},
    ),
    "half-lives": (
        {"window": window({"count": "-5", "unit": "half_life"})},
        {"window": window({"count": "-5.0", "unit": "half_life"})},
    ),
    "counts": ({"count": duration("2")}, {"count": duration("2.0")}),
}  # fmt: skip

UNEQUAL = {
    "numbers": ({"value": value("7.5")}, {"value": value("75")}, "bound"),
    "comparators": (
        {"value": value("1")},
        {"value": value(low=None, high={"value": "1", "inclusive": True})},
        "bound",
    ),
    "inclusiveness": (
        {"duration": duration("P1D")}, {"duration": duration("P1D", inclusive=False)}, "duration",
    ),
    "named values": ({"value": value(values=["III", "IV"])}, {"value": value(values=["III"])}, "bound"),
    "words without a number": ({"value": value(text="low")}, {"value": value(text="high")}, "bound"),
    "a word and a limit": (
        {"value": value(text="low")}, {"value": value(text="low", relative_to="normal")},
        "bound unit",
    ),
    "units": ({"value": value("1", unit=GRAMS)}, {"value": value("1", unit=DROPS)}, "unit"),
    "a code on one side": (
        {"value": value("1", unit=DROPS)},
        {"value": value("1", unit={"text": "drops", "ucum": "[drp]"})},
        "unit",
    ),
    "limits": ({"value": value("1", **ULN)}, {"value": value("1")}, "unit"),
    "months and days": ({"duration": duration("P1M")}, {"duration": duration("P30D")}, "duration"),
    "months and minutes": ({"duration": duration("P1M")}, {"duration": duration("PT1M")}, "duration"),
    "sides": ({"window": window("-P30D")}, {"window": window("P30D")}, "window"),
    "an open side": ({"window": window()}, {"window": window(start=None)}, "window"),
    "both sides open": (
        {"window": window(None, None)}, {"window": window(None, None, "surgery")}, "window",
    ),
    "anchors": ({"window": window()}, {"window": window(event="baseline")}, "window"),
    "no anchor": ({"window": window()}, {"window": window(event=None)}, "window"),
    "anchors of an end": (
        {"window": window()}, {"window": window(anchored("-P30D", "surgery"))}, "window",
    ),
    "half-lives and days": (
        {"window": window({"count": "-5", "unit": "half_life"})},
        {"window": window({"count": "-5", "unit": "cycle"})},
        "window",
    ),
    "choices": (
        {"window": window(None, None, alternatives=[window()], choose="longer")},
        {"window": window(None, None, alternatives=[window()], choose="shorter")},
        "window",
    ),
    "units of counts": (
        {"count": duration("2", unit="episodes")}, {"count": duration("2", unit="doses")}, "count",
    ),
    "doses": ({"dose": value("1", unit=GRAMS)}, {"dose": value("1")}, "dose"),
    "a dose and a value": ({"dose": value("1")}, {"value": value("1")}, "dose bound"),
    "statuses": ({"status": "absent"}, {"status": "possible"}, "status"),
    "experiencers": ({}, {"experiencer": "family"}, "status"),
    "kinds": ({}, {"subject": {"kind": "drug"}}, "subject"),
    "subjects": ({}, {"subject": {"text": "AST"}}, "subject"),
    "qualifiers": (
        {"qualifiers": [{"kind": "severity", **PLACE}]},
        {"qualifiers": [{"kind": "severity", "text": "mild", "span": [0, 4]}]},
        "qualifiers",
    ),
    "durations of qualifiers": (
        {"qualifiers": [{"kind": "stability", **PLACE}]},
        {"qualifiers": [{"kind": "stability", **PLACE, "duration": duration("P1M")}]},
        "qualifiers",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", EQUAL)
def test_parts_that_mean_the_same_are_equal(name):
    one, other = (parts(fact(**fields)) for fields in EQUAL[name])
    assert one == other
    assert len(one) > 2


@pytest.mark.parametrize("name", UNEQUAL)
def test_parts_that_differ_are_named(name):
    one, other, wrong = UNEQUAL[name]
    ours, theirs = (parts(fact(**fields)) for fields in (one, other))
    names = ours.keys() | theirs.keys()
    assert {name for name in names if ours.get(name) != theirs.get(name)} == set(wrong.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("P1Y6M", (18, 0)),
        ("-P1W2DT3H4M5.5S", (0, -(9 * 86_400 + 3 * 3600 + 4 * 60 + 5.5))),
        ("P0.5Y", (6, 0)),
        ("1500", 1500),
        ("NaN", "nan"),
        ("P1..2D", "p1..2d"),
        ("Several  Weeks", "several weeks"),
        ("", ""),
    ],
)
def test_quantity(text, expected):
    assert quantity(text) == expected


@given(st.text(alphabet="P0123456789.YMWDTHS+-e NaInf", max_size=12))
def test_any_text_is_a_quantity_equal_to_itself(text):
    assert quantity(text) == quantity(text)
    assert hash(quantity(text)) == hash(quantity(text))
