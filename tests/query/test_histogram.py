"""Bins of thresholds: round edges, nobody lost, floors and ceilings apart."""

import io
import math
from itertools import pairwise
from xml.etree.ElementTree import fromstring

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.errors import QueryError
from trialcriteria.query.dataset import opened_dataset
from trialcriteria.query.histogram import Bin, Histogram, _bins, _Bound, histogram
from trialcriteria.query.histogram_svg import to_svg
from trialcriteria.query.histogram_text import write_text

VALUES = st.one_of(
    st.integers(0, 500).map(float),
    st.integers(0, 300).map(lambda n: n / 10),
    st.floats(1e-6, 1e9, allow_nan=False),
)


def numbered(values: list[float]) -> list[_Bound]:
    return [_Bound(f"T{n}", ("floor", "ceiling")[n % 2], value) for n, value in enumerate(values)]


@given(st.lists(VALUES, min_size=1, max_size=60))
def test_every_bound_is_in_one_bin(values: list[float]) -> None:
    bins = _bins(numbered(values))
    assert sum(each.floors + each.ceilings for each in bins) == len(values)
    assert all(one.high == other.low for one, other in pairwise(bins))
    assert len(bins) <= 22


@given(st.lists(VALUES, min_size=1, max_size=60))
def test_the_bins_reach_around_the_bounds(values: list[float]) -> None:
    bins = _bins(numbered(values))
    slack = 1e-6 * max(values)
    assert bins[0].low <= min(values) + slack
    assert bins[-1].high >= max(values) - slack


def test_a_round_bound_opens_its_bin() -> None:
    bins = _bins(numbered([n / 10 for n in range(20)]))
    assert [each.low for each in bins] == [n / 10 for n in range(20)]
    assert all(each.floors + each.ceilings == 1 for each in bins)


def test_a_trial_counts_once_a_bin() -> None:
    bins = _bins(
        [_Bound("T1", "floor", 9.0), _Bound("T1", "floor", 9.2), _Bound("T2", "floor", 19.0)]
    )
    assert bins[0] == Bin(9.0, 9.5, 1, 0)


def test_outliers_are_counted_in_the_last_bin() -> None:
    bins = _bins([*numbered([float(n % 10) for n in range(200)]), _Bound("far", "floor", 1e6)])
    assert bins[-1].high <= 10
    assert sum(each.floors + each.ceilings for each in bins) == 201


@pytest.mark.parametrize("name", ["hemoglobin", "HEMOGLOBIN", "718-7"])
def test_by_name_or_code(name, small) -> None:
    with opened_dataset(small) as connection:
        found = histogram(connection, name)
    assert (found.measurement, found.loinc, found.unit, found.trials) == (
        "hemoglobin", "718-7", "g/dL", 3,
    )  # fmt: skip
    floors = [(each.low, each.floors) for each in found.bins if each.floors]
    assert floors == [(8.0, 1), (9.0, 1), (11.0, 1)]
    assert [(each.low, each.ceilings) for each in found.bins if each.ceilings] == [(16.0, 1)]


def test_by_the_words_of_the_trials(small) -> None:
    with opened_dataset(small) as connection:
        assert histogram(connection, "egfr").loinc == "69405-9"
        assert histogram(connection, "age").unit == "a"


@pytest.mark.parametrize("name", ["no such lab", "", "'; drop view thresholds; --", "alt"])
def test_nothing_to_draw(name, small) -> None:
    with (
        pytest.raises(QueryError, match="no trial has a threshold"),
        opened_dataset(small) as connection,
    ):
        histogram(connection, name)


HOSTILE = Histogram("<b>&\x1b[2J", "1-2", 'g/"dL"', 2, (Bin(0, 1, 2, 0), Bin(1, 2, 0, 1)))


def test_the_svg_is_sound_and_inert() -> None:
    root = fromstring(to_svg(HOSTILE))
    words = [each.text for each in root.iter() if each.tag.endswith("text")]
    assert words[0] == "Thresholds of <b>&\ufffd[2J (LOINC 1-2) in 2 trials"
    assert words[-1] == 'g/"dL"'
    assert {"floors (trials)", "ceilings (trials)", "2", "1", "0"} <= set(words)


def test_the_height_of_a_bar_is_its_share() -> None:
    found = Histogram("x", None, None, 7, (Bin(0, 1, 4, 0), Bin(1, 2, 2, 1), Bin(2, 3, 0, 0)))
    bars = [
        each
        for each in fromstring(to_svg(found)).iter()
        if each.get("fill") == "#2b6cb0" and each.get("height")
    ]
    heights = [float(bar.get("height")) for bar in bars]
    assert len(heights) == 2
    assert math.isclose(heights[0], 2 * heights[1], rel_tol=0.01)


def test_text() -> None:
    out = io.StringIO()
    write_text(HOSTILE, out)
    lines = [line.rstrip() for line in out.getvalue().splitlines()]
    assert lines[0] == "Thresholds of <b>&\ufffd[2J (LOINC 1-2) in 2 trials"
    assert lines[2].split() == ["0", "to", "1", "2", "█" * 28]
    assert lines[3].split() == ["1", "to", "2", "1", "█" * 28]
