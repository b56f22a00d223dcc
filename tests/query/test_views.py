"""The ready views: what a bound demands, canonical units, windows in days, ages in years."""

import tomllib
from pathlib import Path

import pytest

CASES = tomllib.loads((Path(__file__).parent / "sides.toml").read_text(encoding="utf-8"))["case"]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["words"])
def test_what_a_bound_demands(case, ask) -> None:
    low, both = str(">" in case["bound"]).lower(), str(case.get("both", False)).lower()
    kind, path = case["kind"], case.get("path", "")
    status = case.get("status", "present")
    ((side, conditional),) = ask(
        f"select demand({low}, {both}, '{kind}', '{status}', '{path}'), depends('{kind}', '{path}')"
    )
    assert (side, conditional) == (case.get("side"), case.get("conditional", False))


def test_thresholds_are_canonical_and_as_printed(ask) -> None:
    rows = ask(
        "select comparator, value, unit, printed_value, printed_unit, side, admits_bound "
        "from thresholds where trial_id = 'T1' and loinc = '718-7'"
    )
    assert rows == [(">=", 9.0, "g/dL", 90.0, "g/L", "floor", True)]


def test_multiples_of_normal_have_no_canonical_value(ask) -> None:
    rows = ask(
        "select value, printed_value, side from thresholds where relative_to = 'ULN' order by 2"
    )
    assert rows == [(None, 2.0, "ceiling"), (None, 3.0, "ceiling")]


@pytest.mark.parametrize(
    ("trial", "loinc", "admits"),
    [
        ("T1", "718-7", True),
        ("T2", "777-3", False),
        ("T2", "69405-9", True),
        ("T4", "10230-1", True),
    ],
    ids=["at least 90", "more than 100", "under 45 excluded", "under 40 % excluded"],
)
def test_whether_the_bound_itself_is_admitted(trial, loinc, admits, ask) -> None:
    found = ask(
        f"select admits_bound from thresholds where trial_id = '{trial}' and loinc = '{loinc}'"
    )
    assert found == [(admits,)]


def test_an_alternative_of_a_lead_in_is_conditional(ask) -> None:
    found = ask("select conditional from thresholds where trial_id = 'T3' and loinc = '69405-9'")
    assert found == [(True,)]


def test_windows_in_days(ask) -> None:
    found = ask(
        "select start_iso, start_days, end_days, end_anchor from windows where trial_id = 'T1'"
    )
    assert found == [("-P6M", -182.625, 0.0, "screening")]


def test_age_limits_beside_the_registry(ask) -> None:
    assert ask("from age_limits order by trial_id") == [
        ("T1", 18.0, 75.0, 18.0, 75.0),
        ("T2", 12.0, None, 18.0, None),
        ("T3", 20.0, 60.0, 20.0, 60.0),
        ("T4", None, None, None, 17.0),
    ]


@pytest.mark.parametrize(
    ("iso", "years"),
    [("P18Y", 18), ("P6M", 0.5), ("P52W", 52 * 7 / 365.25), ("P0D", 0), ("PT36H", 36 / 8766)],
)
def test_years_of_registry_ages(iso, years, ask) -> None:
    ((found,),) = ask(f"select iso_years('{iso}')")
    assert found == pytest.approx(years)


@pytest.mark.parametrize("iso", ["", "N/A", "PY", "18"])
def test_no_years_of_what_is_no_age(iso, ask) -> None:
    assert ask(f"select iso_years('{iso}')") == [(None,)]


def test_every_fact_is_in_the_views_of_its_kind(ask) -> None:
    for view, kind in (("drugs", "drug"), ("conditions", "condition")):
        ((left,),) = ask(
            f"select count(*) from (select trial_id, criterion_id, fact_no from facts where kind = '{kind}' "
            f"except select trial_id, criterion_id, fact_no from {view})"
        )
        assert left == 0
    ((bounds,),) = ask("select count(value_low) + count(value_high) from facts")
    assert ask("select count(*) from thresholds") == [(bounds,)]
