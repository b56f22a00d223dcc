"""The value grammar: case files, invariants, and time linear in the length of the text."""

import importlib.util
import re
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.lexicons import load_rows
from trialcriteria.tag.comparators import Comparator
from trialcriteria.tag.values import ValueMention, find_values
from trialcriteria.tag.values_ordinals import ScaleRow
from trialcriteria.tag.values_results import ResultRow
from trialcriteria.view import reading_view

CASES = Path(__file__).parent.parent / "cases" / "values"
_DECIMAL = re.compile(r"-?\d+(?:\.\d+)?")


def _notation():
    spec = importlib.util.spec_from_file_location(
        "values_notation", Path(__file__).with_name("values_notation.py")
    )
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


compact = _notation().compact


def _cases():
    for path in sorted(CASES.glob("*.txt")):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            if line and not line.startswith("#"):
                text, expected = line.rsplit(" => ", 1)
                yield pytest.param(text, expected, id=f"{path.stem}:{number}:{text}")


@pytest.mark.parametrize(("text", "expected"), list(_cases()))
def test_case(text: str, expected: str) -> None:
    assert compact(text) == expected


@pytest.mark.parametrize("view", ["", " ", "\n", "no numbers at all", "≥", "1", "(", "x 10^9/L"])
def test_nothing_to_read(view: str) -> None:
    assert find_values(view) == []


def _row(row: Comparator) -> str:
    return row.id


@pytest.mark.parametrize(
    "row", [r for r in load_rows("comparators", Comparator) if r.side in ("low", "high")], ids=_row
)
def test_every_comparator_row_is_alive(row: Comparator) -> None:
    joint = {"before": "{} 40 mg/dL", "after": "40 mg/dL or {}", "tail": "40 mg/dL {}"}[row.place]
    view = f"level {joint.format(row.text)}"
    (found,) = find_values(view)
    bound = found.low if row.side == "low" else found.high
    assert (found.low is None) != (found.high is None)
    assert bound is not None and (bound.number, bound.inclusive) == ("40", row.inclusive)
    assert view[found.start : found.end] == joint.format(row.text)


def _numbers(mention: ValueMention) -> list[str]:
    return [bound.number for bound in (mention.low, mention.high) if bound]


_WORDS = (
    "age aged ≥ <= > < between and or to - – 18 65 1.5 1,500 .8 100 000 x × 10^9/L 109/L /mm3 mg/dL mg day"
    " % years old of months weeks ULN (ULN) upper limit normal ECOG NYHA III IV grade stage B positive"
    " negative + ( ) [ ] , ; . twice times two (2) predicted baseline inclusive at least or older 140/90"
    " mmHg \n 1. -2.5 not exceed within range daily detection"
)
WORDS = st.sampled_from(_WORDS.split(" "))


@given(st.lists(WORDS, max_size=25).map(" ".join) | st.text(max_size=80))
def test_mentions_lie_inside_in_order_with_decimal_numbers(text: str) -> None:
    view = reading_view(text)
    end = 0
    for mention in find_values(view):
        assert end <= mention.start < mention.end <= len(view)
        assert view[mention.start : mention.end].strip() == view[mention.start : mention.end]
        assert all(_DECIMAL.fullmatch(number) for number in _numbers(mention))
        assert mention.low or mention.high or mention.values or mention.kind == "age"
        end = mention.end


@given(st.integers(0, 99999), st.integers(0, 99), st.sampled_from(["≥", "≤", "<", ">"]))
def test_the_number_of_a_threshold_is_the_one_printed(whole: int, part: int, sign: str) -> None:
    printed = f"{whole}.{part:02d}"
    (found,) = find_values(f"potassium {sign} {printed} mmol/L")
    assert _numbers(found) == [printed]


ADVERSARIAL = [
    "1 ", "1,", "1 (", "≥ ", "≥ 1 (", "1 g (", "1 g (1 kg ", "ECOG ", "ECOG (", "ECOG 0, ", "grade 1-",
    "between 1 and ", "1 x ", "1 x 10^", "not ", "greater than or equal to ", "1 x upper limit of ",
    "age ", "age, ", "18 years or ", "18 to ", "1 mg of ", "% of ", "1/", "[1, ", "+ ", "\t", " ",
    "the ", "upper limit of the ", "1 mg/kg/", "10 ", "-1", "(", "of age ",
]  # fmt: skip


@pytest.mark.parametrize("unit", ADVERSARIAL, ids=repr)
def test_time_grows_linearly(unit: str) -> None:
    short, long = (_seconds(unit * (size // len(unit))) for size in (20_000, 80_000))
    assert long < 8 * short + 0.25


def _seconds(view: str) -> float:
    best = 9.0
    for _ in range(2):
        start = time.perf_counter()
        find_values(view)
        best = min(best, time.perf_counter() - start)
    return best


_RESULTS = [(row, text) for row in load_rows("results", ResultRow) for text in row.texts]
_SCALES = [(row, name) for row in load_rows("ordinals", ScaleRow) for name in row.names]
_PAIRS = {
    "number": ("2 or 3", ("2", "3")),
    "roman": ("II or III", ("II", "III")),
    "letter": ("B or C", ("B", "C")),
    "both": ("II or III", ("II", "III")),
}


@pytest.mark.parametrize(("row", "text"), _RESULTS, ids=lambda value: str(value)[:30])
def test_every_result_row_is_alive(row: ResultRow, text: str) -> None:
    (found,) = find_values(" ".join(("assay", text, *row.only_of[:1])))
    assert (found.kind, found.values, found.source) == ("result", (row.value,), row.id)


@pytest.mark.parametrize(("row", "name"), _SCALES, ids=lambda value: str(value)[:30])
def test_every_scale_row_is_alive(row: ScaleRow, name: str) -> None:
    printed, values = _PAIRS[row.levels]
    (found,) = find_values(f"{name} {printed}")
    assert (found.kind, found.values, found.scale) == ("ordinal", values, row.scale or name)


def test_no_comparator_begins_with_a_digit() -> None:
    """``term_at`` looks for none where a digit stands."""
    assert [r.id for r in load_rows("comparators", Comparator) if r.text[0].isdigit()] == []


@pytest.mark.parametrize("name", ["comparators", "results", "ordinals"])
def test_rule_ids_are_unique(name: str) -> None:
    model = {"comparators": Comparator, "results": ResultRow, "ordinals": ScaleRow}[name]
    ids = [row.id for row in load_rows(name, model)]
    assert len(ids) == len(set(ids))
