"""Exact expectations on two real registry pages; their text is read from the data folder."""

import os
from pathlib import Path

import pytest

from trialcriteria.segment import Segmented, segment

DATA = Path(os.environ.get("TRIALCRITERIA_DATA", Path(__file__).parents[3] / "shared"))
CLINCONNECT = DATA / "registry" / "clinconnect" / "NCT07031713.txt"
CTGOV = DATA / "registry" / "ctgov_page" / "NCT06106906.txt"
needs_data = pytest.mark.skipif(
    not (CLINCONNECT.exists() and CTGOV.exists()),
    reason="registry data not found; set TRIALCRITERIA_DATA",
)


def between(path: Path, first: str, last: str) -> str:
    text = path.read_text(encoding="utf-8")
    return text[text.index(first) : text.index(last)]


@pytest.fixture(scope="module")
def clinconnect() -> Segmented:
    return segment(between(CLINCONNECT, "  • Inclusion Criteria:", "About Wuhan Union Hospital"))


@pytest.fixture(scope="module")
def ctgov() -> Segmented:
    return segment(between(CTGOV, "Inclusion Criteria\n", "Minimum Eligible Age"))


def labels(result: Segmented, prefix: str) -> dict[str, str | None]:
    return {c.id: c.label for c in result.criteria if c.id.startswith(prefix)}


@needs_data
def test_clinconnect_sections(clinconnect: Segmented) -> None:
    assert [s.kind for s in clinconnect.sections] == ["inclusion", "exclusion", "other"]
    headings = [s.heading or "" for s in clinconnect.sections]
    assert headings[:2] == ["Inclusion Criteria:", "Exclusion Criteria:"]
    assert headings[2] == "5.5 Pre cleaning standard"


@needs_data
def test_clinconnect_inclusion(clinconnect: Segmented) -> None:
    top = {f"i{n}": f"{n}." for n in range(1, 11)}
    functions = {f"i10.{n}": f"{n}." for n in range(1, 7)}
    assert labels(clinconnect, "i") == {**top, "i6.1": None, **functions}
    words = {c.id: c.text for c in clinconnect.criteria}
    assert words["i6.1"].startswith("• If hormone therapy is used alone")
    assert words["i6.1"].endswith("requirement for hormones;")
    assert words["i7"].startswith("7. Positive for anti nuclear")
    assert words["i10"] == "10. Adequate organ function:"
    assert {c.id: c.combine for c in clinconnect.criteria}["i10"] == "all"


@needs_data
def test_clinconnect_exclusion_and_the_missing_number(clinconnect: Segmented) -> None:
    numbers = [*range(1, 18), *range(19, 23)]
    assert labels(clinconnect, "e") == {f"e{n}": f"{n}." for n in numbers}
    assert [(w.code, w.criterion) for w in clinconnect.warnings] == [("numbering_gap", "e19")]


@needs_data
def test_clinconnect_third_section(clinconnect: Segmented) -> None:
    listed = {f"o1.{n}": f"{n}." for n in range(1, 8)}
    assert labels(clinconnect, "o") == {"o1": None, **listed, "o2": None}
    last = clinconnect.criteria[-1].text
    assert last.startswith("• If a participant shows obvious abnormalities")


@needs_data
def test_ctgov_page(ctgov: Segmented) -> None:
    assert [(s.kind, s.heading) for s in ctgov.sections] == [
        ("inclusion", "Inclusion Criteria"),
        ("exclusion", "Exclusion Criteria"),
    ]
    assert labels(ctgov, "i") == {f"i{n}": f"{n}." for n in range(1, 8)}
    assert labels(ctgov, "e") == {f"e{n}": f"{n}." for n in range(1, 34)}
    words = {c.id: c.text for c in ctgov.criteria}
    assert words["i5"].startswith("5. Active SLE")
    assert words["i5"].endswith("PGA ≥ 1 points;")
    assert words["e11"].endswith("positive for syphilis;")
    assert ctgov.warnings == ()
