"""Units to UCUM, and conversion between codes."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.lexicons import load_rows
from trialcriteria.normalize.units import convert, to_ucum
from trialcriteria.tag.values_units import UnitAtom

ATOMS = load_rows("units", UnitAtom)
SPELLINGS = [(s, row) for row in ATOMS for s in row.spellings]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("mg / dl", "mg/dL"), ("109/L", "10*9/L"), ("10^9/L", "10*9/L"), ("x 109/L", "10*9/L"),
        ("10 9 / L", "10*9/L"), ("10(9)/L", "10*9/L"), ("cells/mm3", "/uL"), ("/mm^3", "/uL"),
        ("per cubic millimeter", "/uL"), ("K/uL", "10*3/uL"), ("kg / m 2", "kg/m2"), ("MG/DL", "mg/dL"),
        ("mg/kg/day", "mg/kg/d"), ("mg of daily", "mg/d"), ("mg once daily", "mg/d"), ("mg QD", "mg/d"),
        ("mg BID", None), ("mm", "mm"), ("mM", "mmol/L"), ("G/L", None), ("MIU/mL", None),
        ("mIU/mL", "m[IU]/mL"), ("beats per minute", "/min"), ("weeks of gestation", "wk"),
        ("years", "a"), ("frobs", None), ("frobs/mL", None), ("", None), ("/", None),
        ("millimetres of mercury", "mm[Hg]"), ("g/24h", "g/(24.h)"), ("percent", "%"),
    ],
)  # fmt: skip
def test_to_ucum(text: str, code: str | None) -> None:
    assert to_ucum(text) == code


def test_there_are_many_spellings_and_none_is_given_twice() -> None:
    keys = [re.sub(r"[\s-]", "", s if row.case else s.lower()) for s, row in SPELLINGS]
    assert len(keys) > 600
    repeated = {key for key in keys if keys.count(key) > 1}
    assert repeated <= {"24h", "24hr", "24hrs", "24hour", "24hours"}


def test_ids_are_unique() -> None:
    assert len({row.id for row in ATOMS}) == len(ATOMS)


@pytest.mark.parametrize(("spelling", "row"), SPELLINGS, ids=lambda value: str(value)[:40])
def test_every_spelling_is_read(spelling: str, row: UnitAtom) -> None:
    printed = {"tail": f"mg/{spelling}", "prefix": f"{spelling}/L"}.get(row.place, spelling)
    code = {"tail": f"mg/{row.ucum}", "prefix": f"{row.ucum}/L"}.get(row.place, row.ucum)
    assert to_ucum(printed) == (None if "?" in code or not code else code)


@pytest.mark.parametrize(
    "code", sorted({row.ucum for row in ATOMS if row.ucum not in ("", "?")}), ids=str
)
def test_codes_are_valid_ucum(code: str) -> None:
    ucumvert = pytest.importorskip("ucumvert", reason="ucumvert is a test-only dependency")
    ucumvert.get_ucum_parser().parse(code)


@pytest.mark.parametrize(
    ("number", "code", "target", "mass", "expected"),
    [
        ("60", "g/L", "g/dL", None, "6.0"), ("7.50", "g/dL", "g/dL", None, "7.50"),
        ("9", "g/dL", "g/L", None, "90"), ("100000", "/uL", "10*9/L", None, "100.0"),
        ("1500", "/uL", "10*9/L", None, "1.5"), ("1.0", "10*9/L", "/uL", None, "1000"),
        ("150", "10*3/uL", "10*9/L", None, "150"), ("133", "umol/L", "mg/dL", 113.12, "1.5045"),
        ("1.5", "mg/dL", "umol/L", 113.12, "132.603"), ("133", "umol/L", "mg/dL", None, None),
        ("5", "U/L", "[IU]/L", None, "5"), ("98.6", "[degF]", "Cel", None, "37"),
        ("1", "mg", "mL", 5.0, None), ("8", "kPa", "mm[Hg]", None, "60.0049"),
        ("110", "[lb_av]", "kg", None, "49.8952"), ("5", "nonsense", "mg", None, None),
        ("18", "mo", "a", None, "1.5"), ("-2.5", "g/L", "g/dL", None, "-0.25"),
        ("60", "mL/min", "mL/min/{1.73_m2}", None, None), ("1", "mL/s", "mL/min", None, "60"),
    ],
)  # fmt: skip
def test_convert(
    number: str, code: str, target: str, mass: float | None, expected: str | None
) -> None:
    assert convert(number, code, target, mass) == expected


@given(st.integers(1, 99999), st.sampled_from([("g/L", "mg/dL"), ("/uL", "10*9/L"), ("kg", "g")]))
def test_powers_of_ten_come_back(number: int, codes: tuple[str, str]) -> None:
    there = convert(str(number), *codes, None)
    assert there is not None
    back = convert(there, codes[1], codes[0], None)
    assert back is not None and float(back) == number
