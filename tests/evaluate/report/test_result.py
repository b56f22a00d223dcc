"""The report as a value: order of mistakes, names, and what its tables show."""

import pytest
from pydantic import ValidationError

from trialcriteria.evaluate.report import About, Report, build
from trialcriteria.evaluate.report.result import figure, interval, rows
from trialcriteria.evaluate.scores import Measured, Mistake, Score, Tally
from trialcriteria.schema import Span

ABOUT = About(data="x", postings=1, sha256="", version="1", lexicons="", command="evaluate")


def mistake(posting: str, start: int, weight: float) -> Mistake:
    return Mistake(
        measure="m",
        posting=posting,
        label="drug",
        kind="missing",
        gold="x",
        predicted=None,
        span=Span(start, start + 1),
        weight=weight,
    )


def test_mistakes_stand_worst_first_then_in_order_of_the_text() -> None:
    mistakes = (mistake("b", 0, 1), mistake("a", 9, 1), mistake("a", 2, 1), mistake("c", 5, 3))
    made = build([Measured("m", {}, mistakes)], ABOUT)
    assert [(m.posting, m.span.start) for m in made.mistakes] == [
        ("c", 5),
        ("a", 2),
        ("a", 9),
        ("b", 0),
    ]


def test_measures_and_strictnesses_keep_their_order() -> None:
    made = build([Measured("b", {"z": [], "y": []}), Measured("a", {"x": []})], ABOUT)
    assert {name: list(by) for name, by in made.scores.items()} == {"b": ["z", "y"], "a": ["x"]}
    assert list(made.scores) == ["b", "a"]


@pytest.mark.parametrize("name", ["about", "comparison", "confusion", "mistakes", "notes"])
def test_a_measure_cannot_take_the_name_of_another_part(name: str) -> None:
    with pytest.raises(ValidationError, match=f"no measure can be named {name}"):
        build([Measured(name, {})], ABOUT)


def test_mistake_counts(report: Report) -> None:
    assert report.mistake_counts() == {"entities": {"missing": 1, "differs": 2, "spurious": 1}}


@pytest.mark.parametrize(
    ("predictions", "sides"),
    [
        ((), ("first", "second")),
        (("a",), ("this program", "a")),
        (("a", "b"), ("a", "b")),
    ],
)
def test_sides(predictions: tuple[str, ...], sides: tuple[str, str]) -> None:
    about = ABOUT.model_copy(update={"predictions": predictions})
    assert Report(about=about, scores={}).sides() == sides


def test_averages_of_one_label_are_not_shown() -> None:
    one = build([Measured("m", {"s": [{"drug": Tally(1, 1, 1)}]})], ABOUT).scores["m"]["s"]
    two = build([Measured("m", {"s": [{"drug": Tally(1, 1, 1), "age": Tally(1, 0, 0)}]})], ABOUT)
    assert list(one) == ["micro", "macro", "drug"]
    assert list(rows(one)) == ["drug"]
    assert list(rows(two.scores["m"]["s"])) == ["micro", "macro", "age", "drug"]


def test_figures() -> None:
    empty = Score(precision=None, recall=None, f1=None, ci95=None, gold=0, predicted=0, correct=0)
    assert (figure(None), figure(0.0), figure(2 / 3), figure(1.0)) == (
        "-",
        "0.000",
        "0.667",
        "1.000",
    )
    assert interval(empty) == "-"
    assert interval(empty.model_copy(update={"ci95": (0.25, 1.0)})) == "0.250-1.000"
