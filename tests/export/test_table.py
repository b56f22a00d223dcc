"""The flat table: exact rows, every criterion in it, no formulas."""

import csv
import io
from dataclasses import fields

import pytest

from trialcriteria.export.json_out import Failure
from trialcriteria.export.table import FactRow, rows, write_table
from trialcriteria.schema import Bound, Extraction, Span, Value

ZERO = Bound(value="0", inclusive=True)


def test_rows(extraction: Extraction) -> None:
    picked = [(r.criterion, r.path, r.kind, r.status, r.value or r.dose) for r in rows(extraction)]
    assert picked == [
        ("i1", "", "demographic", "present", "[18, 60] a"),
        ("i2", "all.1", "measurement", "present", ">= 50 mL/min"),
        ("i2", "all.2", "measurement", "present", "<= 2 x ULN"),
        ("i3", "", "", "", ""),
        ("i3.1", "not", "condition", "present", ""),
        ("i3.2", "", "drug", "present", "> 10 mg/d"),
        ("e4", "except.of", "drug", "present", ""),
        ("e4", "except.unless", "other", "possible", ""),
        ("e5", "if.when", "condition", "present", ""),
        ("e5", "if.then/any.1", "measurement", "present", "< 7 %"),
        ("e5", "if.then/any.2/at_least", "measurement", "present", "<= 2 x ULN"),
        ("e6", "", "unsupported", "", ""),
    ]


def test_one_whole_row(extraction: Extraction) -> None:
    row = next(row for row in rows(extraction) if row.criterion == "i3.2")
    assert row == FactRow(
        trial="NCT99000000",
        criterion="i3.2",
        section="inclusion",
        label="",
        kind="drug",
        subject="prednisone",
        status="present",
        experiencer="patient",
        window="[-P2W, P0D] infusion",
        duration=">= P14D",
        dose="> 10 mg/d",
        text="- prednisone > 10 mg/day for at least 14 days within 2 weeks before infusion",
    )


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        ({"values": ("positive",)}, "positive"),
        ({"values": ("III", "IV")}, "in {III, IV}"),
        ({"low": ZERO, "high": ZERO}, "0"),
        ({"low": ZERO}, ">= 0"),
    ],
)
def test_value_cells(extraction: Extraction, value: dict[str, object], cell: str) -> None:
    first = extraction.criteria[0]
    stated = Value(text="", span=Span(0, 0), **value)
    fact = first.requirement.model_copy(update={"value": stated})
    changed = (first.model_copy(update={"requirement": fact}),)
    assert [row.value for row in rows(extraction.model_copy(update={"criteria": changed}))] == [
        cell
    ]


def test_csv_reads_back_and_holds_no_formula(extraction: Extraction) -> None:
    out = io.StringIO()
    write_table([Failure(None, "x", "broken"), extraction], out)
    header, *body = csv.reader(io.StringIO(out.getvalue()))
    assert header == [field.name for field in fields(FactRow)]
    assert len(body) == 12
    assert not [cell for row in body for cell in row if cell.startswith(("=", "+", "-", "@"))]
    assert body[-1][-1].startswith("'- <script>")
