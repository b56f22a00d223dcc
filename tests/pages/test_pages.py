"""Two real registry pages, checked value by value against data files a clinician can edit."""

import os
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from trialcriteria.export.notation import (
    branches,
    interval,
    qualifier_line,
    range_line,
    value_line,
    window_line,
)
from trialcriteria.extract import extract
from trialcriteria.read import read_path
from trialcriteria.schema import Extraction, Fact, Node, Posting, Value

ROOT = Path(__file__).parents[2]
DATA = Path(os.environ.get("TRIALCRITERIA_DATA", ROOT.parent / "shared"))
PAGES = sorted((ROOT / "tests/cases/pages").glob("*.toml"))


@cache
def expected(page: Path) -> dict[str, Any]:
    return tomllib.loads(page.read_text(encoding="utf-8"))


@cache
def extracted(page: Path) -> Extraction:
    path = DATA / expected(page)["path"]
    if not path.exists():
        pytest.skip(f"{path} is absent: set TRIALCRITERIA_DATA to the folder of real records")
    (posting,) = read_path(path)
    assert isinstance(posting, Posting)
    return extract(posting)


def facts(node: Node | None, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Fact]]:
    """Every fact with the logic above it: node types, and "unless" for exceptions."""
    if node is None:
        return
    if isinstance(node, Fact):
        yield path, node
        return
    for role, child in branches(node):
        step = "unless" if role == "unless" else node.type
        yield from facts(child, (*path, step))


def canonical_line(value: Value | None) -> str:
    if value is None or value.canonical is None:
        return ""
    canonical = value.canonical
    return f"{interval(canonical.low, canonical.high)} {canonical.ucum}"


def rendered(path: tuple[str, ...], fact: Fact) -> dict[str, object]:
    """The parts of a fact that a case can name, in the notation of the output."""
    return {
        "status": fact.status,
        "value": value_line(fact.value) if fact.value else "",
        "canonical": canonical_line(fact.value),
        "dose": value_line(fact.dose) if fact.dose else "",
        "window": window_line(fact.window) if fact.window else "",
        "duration": range_line(fact.duration) if fact.duration else "",
        "qualifier": [qualifier_line(q) for q in fact.qualifiers],
        "under": path,
    }


def matches(case: dict[str, str], path: tuple[str, ...], fact: Fact) -> bool:
    if case["subject"].lower() not in " ".join(fact.subject.text.split()).lower():
        return False
    shown = rendered(path, fact)
    return all(
        wanted in shown[key] if key in {"qualifier", "under"} else wanted == shown[key]
        for key, wanted in case.items()
        if key not in {"criterion", "subject"}
    )


FACT_CASES = [
    pytest.param(page, case, id=f"{page.stem}-{case['criterion']}-{case['subject']}-{number}")
    for page in PAGES
    for number, case in enumerate(expected(page)["fact"])
]


@pytest.mark.parametrize(("page", "case"), FACT_CASES)
def test_fact(page: Path, case: dict[str, str]) -> None:
    (criterion,) = [c for c in extracted(page).criteria if c.id == case["criterion"]]
    found = list(facts(criterion.requirement))
    seen = [(fact.subject.text, rendered(path, fact)) for path, fact in found]
    assert any(matches(case, path, fact) for path, fact in found), seen


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_sections_and_labels(page: Path) -> None:
    extraction, wanted = extracted(page), expected(page)
    assert [section.kind for section in extraction.sections] == wanted["sections"]
    assert (extraction.sections[-1].heading or "").startswith(wanted.get("last_heading", ""))
    for kind, labels in wanted["labels"].items():
        top = [c for c in extraction.criteria if c.kind == kind and c.parent is None]
        assert [c.label for c in top if c.label] == labels
    for parent, labels in wanted.get("children", {}).items():
        assert [c.label for c in extraction.criteria if c.parent == parent] == labels


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_warnings_and_registry_fields(page: Path) -> None:
    extraction, wanted = extracted(page), expected(page)
    raised = {(w.code, w.criterion) for w in extraction.warnings}
    assert raised == {(w["code"], w["criterion"]) for w in wanted.get("warning", [])}
    for field, value in wanted.get("trial", {}).items():
        assert getattr(extraction.trial, field) == value


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_every_offset_points_at_its_words(page: Path) -> None:
    extraction = extracted(page)
    for criterion in extraction.criteria:
        start, end = criterion.span
        assert extraction.text[start:end] == criterion.text
        for entity in criterion.entities:
            words = " ".join(extraction.text[s:e] for s, e in entity.spans)
            assert words == entity.text
        for _, fact in facts(criterion.requirement):
            subject = fact.subject
            assert subject.span is not None
            whole = extraction.text[subject.span.start : subject.span.end]
            words, own = re.findall(r"\w+", whole), re.findall(r"\w+", subject.text)
            # "hepatic impairment" in "hepatic or renal impairment"
            assert (own[0], own[-1]) == (words[0], words[-1])
            assert set(own) <= set(words)
