"""The columns: each leads to a value of the schema, keeps it, and is documented."""

import re
from pathlib import Path
from types import UnionType
from typing import Annotated, Union, get_args, get_origin, get_type_hints

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.bulk.rows import (
    CriterionRow,
    EntityRow,
    ErrorRow,
    FactRow,
    RelationRow,
    TrialRow,
    WarningRow,
    rows_of,
)
from trialcriteria.bulk.tables import EXTRACTIONS, TABLES, days, number
from trialcriteria.export.json_out import to_json
from trialcriteria.extract import extract
from trialcriteria.read import read
from trialcriteria.schema import Extraction

GUIDE = Path(__file__).parents[2] / "docs" / "bulk.md"
EVERY = (*TABLES, EXTRACTIONS)
TEXT = """Inclusion Criteria:
1. Age 18 to 75 years, NYHA class III or IV heart failure
2. eGFR >= 60 mL/min/1.73m2, ALT <= 2.5 x ULN; stable for at least 2 weeks
3. zorgblat in good order
4. Prednisone >= 7.5 mg/day for at least 3 months
Exclusion Criteria:
1. Rituximab within 6 months before screening or 5 half-lives, whichever is longer
2. Surgery from 28 days prior to conditioning until 1 year after infusion
"""


@pytest.fixture(scope="module")
def extraction() -> Extraction:
    (posting,) = read(TEXT.encode(), "NCT99000001.txt")
    return extract(posting)


@pytest.fixture(scope="module")
def found(extraction) -> dict[str, list[dict[str, object]]]:
    """Rows of each table by column name."""
    rows = list(rows_of("NCT99000001", "key", extraction))
    return {
        table.name: table.batch([row for name, row in rows if name == table.name]).to_pylist()
        for table in TABLES
    }


def test_every_criterion_entity_relation_and_warning_has_a_row(extraction, found):
    criteria = extraction.criteria
    assert [row["criterion_id"] for row in found["criteria"]] == [each.id for each in criteria]
    assert len(found["entities"]) == sum(len(each.entities) for each in criteria)
    assert len(found["relations"]) == sum(len(each.relations) for each in criteria)
    assert len(found["warnings"]) == len(extraction.warnings)
    assert (found["trials"][0]["criteria"], found["trials"][0]["text"]) == (len(criteria), TEXT)


def test_every_leaf_has_a_row_in_its_place(extraction, found):
    facts = [row for row in found["facts"] if row["kind"] != "unsupported"]
    assert len(facts) == found["trials"][0]["facts"] == to_json(extraction).count('"type":"fact"')
    assert [row["reason"] for row in found["facts"] if row["kind"] == "unsupported"] == [
        "no_concept",
        "no_concept",
    ]
    keys = [(row["criterion_id"], row["fact_no"]) for row in found["facts"]]
    assert len(set(keys)) == len(keys)


def test_words_stand_where_the_offsets_say(found):
    for row in (*found["criteria"], *found["entities"]):
        spans = row.get("spans") or [{"start": row["start"], "end": row["end"]}]
        words = [TEXT[span["start"] : span["end"]] for span in spans]
        assert words == [row["text"]] if len(words) == 1 else all(words)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("eGFR", {"value_low": 60.0, "value_low_inclusive": True, "value_low_text": "60"}),
        ("ALT", {"value_high": 2.5, "relative_to": "ULN", "unit_ucum": None}),
        ("Age", {"value_low": 18.0, "value_high": 75.0, "unit_ucum": "a"}),
        ("Prednisone", {"dose_low": 7.5, "dose_ucum": "mg/d", "duration_low_days": 91.3125}),
        ("Rituximab", {"window_choose": "longer", "window_alternatives": 2}),
        (
            "Surgery",
            {
                "window_start_iso": "-P28D",
                "window_start_days": -28.0,
                "window_end_iso": "P1Y",
                "window_anchor": "infusion",
                "window_start_anchor": "conditioning",
            },
        ),
    ],
)
def test_what_a_query_needs_is_a_column(found, subject, expected):
    (row,) = (row for row in found["facts"] if row["subject"] == subject)
    assert {name: row[name] for name in expected} == expected


def test_qualifiers_are_structured(found):
    staged = [row for row in found["facts"] if row["subject"] == "heart failure"]
    assert staged[0]["qualifiers"][0]["value_set"] == ["III", "IV"]


@given(st.decimals(allow_nan=False, allow_infinity=False).map(str))
def test_numbers_are_those_of_the_text(text):
    assert number(text) == float(text)


@pytest.mark.parametrize("text", ["", "III", "1,5"])
def test_what_is_no_number_is_null(text):
    assert number(text) is None


@pytest.mark.parametrize(
    ("iso", "expected"),
    [
        ("P30D", 30), ("-P2W", -14), ("P1Y", 365.25), ("PT72H", 3), ("P6M", 182.625),
        ("-P1Y6M", -547.875), ("P0D", 0), ("PT30M", pytest.approx(1 / 48)), ("five", None),
    ],
)  # fmt: skip
def test_days(iso, expected):
    assert days(iso) == expected


def described(name: str) -> list[tuple[str, str]]:
    """The columns and words that the guide has in the table below a heading."""
    section = re.split(r"^### ", GUIDE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    (page,) = (part for part in section if part.startswith(f"`{name}`\n"))
    return re.findall(r"^\| `(\w+)` \| [^|]+ \| ([^|]+) \|$", page, flags=re.MULTILINE)


@pytest.mark.parametrize("table", EVERY, ids=lambda table: table.name)
def test_the_guide_has_every_column(table):
    assert described(table.name) == [(each.name, each.words) for each in table.columns]


def members(kind: object, step: str) -> set[object]:
    """The types an attribute may have, of any of the types that a union allows."""
    if get_origin(kind) in (Union, UnionType, Annotated):
        return set().union(*(members(each, step) for each in get_args(kind)))
    if isinstance(kind, type) and isinstance(getattr(kind, step, None), property):
        return {get_type_hints(getattr(kind, step).fget)["return"]}
    hints = get_type_hints(kind) if isinstance(kind, type) else {}
    return {hints[step]} if step in hints else set()


ROOTS = {
    "trials": TrialRow, "criteria": CriterionRow, "facts": FactRow, "entities": EntityRow,
    "relations": RelationRow, "warnings": WarningRow, "errors": ErrorRow, "extractions": TrialRow,
}  # fmt: skip
COLUMNS = [(table.name, column) for table in EVERY for column in table.columns]


@pytest.mark.parametrize(("table", "column"), COLUMNS, ids=lambda part: getattr(part, "name", part))
def test_every_path_leads_through_the_schema(table, column):
    kinds: set[object] = {ROOTS[table]}
    for step in column.path.split("."):
        kinds = set().union(*(members(kind, step) for kind in kinds))
        assert kinds, f"{step} of {column.path}"


@pytest.mark.parametrize("table", TABLES[:3], ids=lambda table: table.name)
def test_names_are_unique_and_in_order(table, found):
    names = [column.name for column in table.columns]
    assert len(set(names)) == len(names)
    assert list(found[table.name][0]) == names
