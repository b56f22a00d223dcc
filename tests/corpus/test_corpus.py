"""The postings of the corpus: registry fields, sections and criteria as written down."""

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from trialcriteria.extract import extract
from trialcriteria.read import read_path
from trialcriteria.schema import Criterion, Extraction, Posting

CORPUS = Path(__file__).parents[2] / "corpus"
NOT_POSTINGS = {"README.md", "manifest.toml"}
FILES = sorted(
    path.name for path in CORPUS.iterdir() if path.is_file() and path.name not in NOT_POSTINGS
)
EXPECTED = tomllib.loads(Path(__file__).with_name("expected.toml").read_text("utf-8"))["posting"]


@cache
def extracted(file: str) -> tuple[Extraction, ...]:
    records = tuple(read_path(CORPUS / file))
    assert all(isinstance(record, Posting) for record in records)
    return tuple(extract(record) for record in records)


def expected_of(case: dict[str, Any]) -> Extraction:
    found = [x for x in extracted(case["file"]) if (x.trial.id or "") == case["id"]]
    assert len(found) == 1
    return found[0]


def outline(extraction: Extraction) -> Iterator[str]:
    """Sections in the notation of expected.toml."""
    children: dict[str | None, list[Criterion]] = defaultdict(list)
    for criterion in extraction.criteria:
        children[criterion.parent].append(criterion)

    def labels(criteria: list[Criterion]) -> str:
        return " ".join(
            (criterion.label or "-")
            + (f" ({labels(children[criterion.id])})" if children[criterion.id] else "")
            for criterion in criteria
        )

    for section in extraction.sections:
        name = f"{section.kind}, {section.cohort}" if section.cohort else section.kind
        own = [criterion for criterion in children[None] if criterion.section == section.id]
        yield f"{name}: {labels(own)}"


def cases() -> Iterator[object]:
    for case in EXPECTED:
        reason = case.get("known_failure")
        marks = [pytest.mark.xfail(reason=reason, strict=True)] if reason else []
        yield pytest.param(case, id=f"{case['file']}:{case['id']}", marks=marks)


@pytest.mark.parametrize("case", list(cases()))
def test_sections_and_criteria(case: dict[str, Any]) -> None:
    extraction = expected_of(case)
    assert list(outline(extraction)) == case["sections"]
    assert sorted(w.code for w in extraction.warnings) == case["warnings"]


@pytest.mark.parametrize("case", EXPECTED, ids=lambda case: f"{case['file']}:{case['id']}")
def test_registry_fields(case: dict[str, Any]) -> None:
    trial = expected_of(case).trial
    low, high = case.get("age", ["", ""])
    assert trial.source.format == case["format"]
    assert (trial.minimum_age or "", trial.maximum_age or "") == (low, high)
    assert (trial.sex, trial.healthy_volunteers) == (
        case.get("sex"),
        case.get("healthy_volunteers"),
    )


REMARKS = {("NCT99000001", "o2"), ("NCT99000008", "e9")}
"""Closing notes that ask nothing; gold has no requirement there either."""


@pytest.mark.parametrize("file", FILES)
def test_every_criterion_with_words_of_its_own_has_a_requirement(file: str) -> None:
    for extraction in extracted(file):
        parents = {criterion.parent for criterion in extraction.criteria}
        leaves = [c for c in extraction.criteria if c.id not in parents]
        found = {(extraction.trial.id, c.id) for c in leaves if c.requirement is None}
        assert found - REMARKS == set()


@pytest.mark.parametrize("file", FILES)
def test_spans_are_the_words(file: str) -> None:
    for extraction in extracted(file):
        for criterion in extraction.criteria:
            start, end = criterion.span
            assert extraction.text[start:end] == criterion.text


@pytest.mark.parametrize("file", FILES)
def test_only_invented_trials(file: str) -> None:
    text = (CORPUS / file).read_text(encoding="utf-8")
    assert set(re.findall(r"NCT\d{8}", text)) <= {f"NCT990000{n:02}" for n in range(1, 100)}


def test_every_file_is_expected_and_described() -> None:
    readme = (CORPUS / "README.md").read_text(encoding="utf-8")
    assert sorted({case["file"] for case in EXPECTED}) == FILES
    assert re.findall(r"^\| `([\w.]+)` ", readme, re.MULTILINE) != []
    assert sorted(re.findall(r"^\| `([\w.]+)` ", readme, re.MULTILINE)) == FILES
    assert sum(len(extracted(file)) for file in FILES) == len(EXPECTED)
