"""Plots: where shapes stand, worked out by hand; names never cover each other."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from trialcriteria.evaluate.report.plots import Box, bar, precision_recall
from trialcriteria.evaluate.scores import Score

NOTHING = Score(precision=None, recall=None, f1=None, ci95=None, gold=0, predicted=0, correct=0)


def score(precision: float, recall: float, gold: int = 10) -> Score:
    return Score(
        precision=precision, recall=recall, f1=0.5, ci95=(0.25, 1.0), gold=gold, predicted=1, correct=1
    )  # fmt: skip


def drawn(svg: str) -> LexborHTMLParser:
    return LexborHTMLParser(svg)


def test_bar_reaches_f1_and_whisker_the_interval() -> None:
    tree = drawn(bar(score(1, 1)))
    assert tree.css_first("rect").attributes["x"] == "8"
    assert tree.css_first("rect").attributes["width"] == "80.0"  # half of 160
    whisker = tree.css("line.whisker")[0].attributes
    assert (whisker["x1"], whisker["x2"]) == ("48.0", "168.0")  # 8 + 160 / 4, 8 + 160


def test_bar_without_f1_is_an_empty_scale() -> None:
    tree = drawn(bar(NOTHING))
    assert not tree.css("rect, .whisker")
    assert len(tree.css(".grid")) == 5


def test_dots_stand_at_recall_and_precision() -> None:
    tree = drawn(precision_recall({"low": score(0, 0), "high": score(1, 0.5), "none": NOTHING}))
    places = [(dot.attributes["cx"], dot.attributes["cy"]) for dot in tree.css("circle")]
    assert places == [("44.0", "310.0"), ("194.0", "10.0")]
    titles = [dot.css_first("title").text() for dot in tree.css("circle")]
    assert titles == [
        "low: precision 0.000, recall 0.000, gold 10",
        "high: precision 1.000, recall 0.500, gold 10",
    ]


def test_no_dot_no_plot() -> None:
    assert precision_recall({"none": NOTHING}) == ""


def test_curves_of_equal_f1_end_at_precision_and_recall_one() -> None:
    """F1 0.8 with precision 1 needs recall 0.8 / 1.2, and the other way round."""
    last = drawn(precision_recall({"x": score(0, 0)})).css("polyline")[-1].attributes["points"]
    points = [tuple(map(float, pair.split(","))) for pair in last.split()]
    assert points[0] == pytest.approx((44 + 300 * 0.8 / 1.2, 10), abs=0.1)
    assert points[-1] == pytest.approx((344, 10 + 300 * (1 - 0.8 / 1.2)), abs=0.1)


@pytest.mark.parametrize(
    ("other", "meets"),
    [
        (Box(1, 1, 3, 3), True),
        (Box(0.5, 0.5, 1, 1), True),
        (Box(2, 0, 4, 2), False),
        (Box(0, 2, 2, 4), False),
        (Box(-3, -3, 5, 5), True),
    ],
)
def test_boxes_meet(other: Box, meets: bool) -> None:
    assert Box(0, 0, 2, 2).meets(other) is other.meets(Box(0, 0, 2, 2)) is meets


ratios = st.floats(0, 1, allow_nan=False)


@given(st.lists(st.tuples(ratios, ratios, st.integers(1, 3000)), min_size=1, max_size=25))
def test_names_are_apart_and_on_the_canvas(values: list[tuple[float, float, int]]) -> None:
    scores = {f"label {n}": score(*value) for n, value in enumerate(values)}
    names = drawn(precision_recall(scores)).css("text.name")
    boxes = []
    for name in names:
        x, y = float(name.attributes["x"]), float(name.attributes["y"])
        boxes.append(Box(x, y - 9, x + 5.8 * len(name.text()), y + 2))
    # A tenth of a pixel is lost in writing coordinates.
    shrunk = [Box(b.left + 0.1, b.top + 0.1, b.right - 0.1, b.bottom - 0.1) for b in boxes]
    assert not [pair for pair in combinations(shrunk, 2) if pair[0].meets(pair[1])]
    assert all(b.left + 0.1 >= 44 and b.right <= 360.1 and b.top >= -0.1 for b in boxes)


def test_labels_are_escaped() -> None:
    svg = precision_recall({"</title><script>x</script>": score(0.5, 0.5)})
    assert not drawn(svg).css("script")
    assert svg.count("&lt;script&gt;") == 2
