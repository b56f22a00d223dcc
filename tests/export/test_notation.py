"""The compact notation and its plain words, case by case."""

import json
import tomllib
from pathlib import Path

import pytest

from trialcriteria.export.notation import (
    combine_line,
    node_line,
    one_line,
    range_line,
    value_line,
    window_line,
)
from trialcriteria.export.words import age_words, range_words, value_words, window_words
from trialcriteria.schema import AtLeastN, Extraction, Range, Value, Window

CASES = tomllib.loads(Path(__file__).with_name("notation_cases.toml").read_text("utf-8"))
PLACE = {"text": "the  words", "span": (0, 1)}


def cases(kind: str) -> pytest.MarkDecorator:
    rows = [pytest.param(row, id=row["name"]) for row in CASES[kind]]
    return pytest.mark.parametrize("case", rows)


@cases("value")
def test_value(case: dict[str, str]) -> None:
    value = Value.model_validate(json.loads(case["json"]) | PLACE)
    assert (value_line(value), value_words(value)) == (case["line"], case["words"])


@cases("window")
def test_window(case: dict[str, str]) -> None:
    window = Window.model_validate(json.loads(case["json"]) | PLACE)
    assert (window_line(window), window_words(window)) == (case["line"], case["words"])


@cases("range")
def test_range(case: dict[str, str]) -> None:
    span = Range.model_validate(json.loads(case["json"]))
    assert (range_line(span), range_words(span)) == (case["line"], case["words"])


def test_requirements(extraction: Extraction) -> None:
    lines = {c.id: node_line(c.requirement) for c in extraction.criteria if c.requirement}
    assert lines.pop("e6").startswith('UNSUPPORTED "<script>')
    assert lines == {
        "i1": 'demographic "Age" [18, 60] a',
        "i2": 'ALL(measurement "Creatinine clearance" >= 50 mL/min; measurement "ALT" <= 2 x ULN)',
        "i3.1": 'NOT(condition "heart failure" (stage in {III, IV}))',
        "i3.2": 'drug "prednisone" dose > 10 mg/d for >= P14D [-P2W, P0D] infusion',
        "e4": 'EXCEPT(of: drug "Biologics" longer of ([-P30D, P0D] | [-5 half_life, P0D]); '
        'unless: possible other "stable")',
        "e5": 'IF(when: condition "diabetic"; then: ANY(family: measurement "HbA1c" < 7 %; '
        'AT LEAST 1(measurement "ALT" <= 2 x ULN)))',
    }


@pytest.mark.parametrize(
    ("combine", "line"), [("all", "all"), ("any", "any"), (AtLeastN(at_least=2), "at least 2")]
)
def test_combine(combine: str | AtLeastN, line: str) -> None:
    assert combine_line(combine) == line


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        ("P18Y", "P60Y", "18 years to 60 years"),
        ("P18Y", None, "18 years and older"),
        (None, "P17Y", "up to 17 years"),
        ("P6M", None, "6 months and older"),
        (None, None, ""),
    ],
)
def test_ages(low: str | None, high: str | None, words: str) -> None:
    assert age_words(low, high) == words


def test_control_characters_never_reach_a_terminal() -> None:
    assert one_line("a\x1b[31m\n b\x07") == "a\ufffd[31m b\ufffd"
