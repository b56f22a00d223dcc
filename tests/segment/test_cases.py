"""Case files a clinician can edit: the text, then the expected sections, tree and warnings."""

import re
from pathlib import Path

import pytest

from trialcriteria.schema import AtLeastN, Criterion
from trialcriteria.segment import Segmented, segment

FOLDER = Path(__file__).parents[1] / "cases" / "segment"
CASES = [
    pytest.param(*chunk.partition("\n")[2].split("\n--- expect\n"), id=f"{path.stem}: {name}")
    for path in sorted(FOLDER.glob("*.txt"))
    for chunk in re.split(r"^=== ", path.read_text(encoding="utf-8"), flags=re.M)[1:]
    for name in [chunk.partition("\n")[0]]
]


def render(result: Segmented) -> str:
    """Sections, indented criteria with id, label and join, then warnings by code and place."""
    lines: list[str] = []
    parents = {criterion.parent for criterion in result.criteria}
    for section in result.sections:
        heading = "(none)" if section.heading is None else " ".join(section.heading.split())
        cohort = f" <{section.cohort}>" if section.cohort else ""
        lines.append(f"{section.kind}{cohort}: {heading}")
        lines += [
            _line(criterion, criterion.id in parents)
            for criterion in result.criteria
            if criterion.section == section.id
        ]
    lines += [f"warning {item.code} {item.criterion or ''}".rstrip() for item in result.warnings]
    return "\n".join(lines)


def _line(criterion: Criterion, is_parent: bool) -> str:
    depth = criterion.id.count(".") + 1
    label = f" [{criterion.label}]" if criterion.label else ""
    join = f" {{{_join(criterion)}}}" if is_parent else ""
    return f"{'  ' * depth}{criterion.id}{label}{join} {' '.join(criterion.text.split())}"


def _join(criterion: Criterion) -> str:
    if isinstance(criterion.combine, AtLeastN):
        return f"at least {criterion.combine.at_least}"
    return criterion.combine


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_case(text: str, expected: str) -> None:
    assert render(segment(text)) == expected.strip("\n")


@pytest.mark.parametrize(("text", "expected"), CASES)
def test_case_with_carriage_returns(text: str, expected: str) -> None:
    assert render(segment(text.replace("\n", "\r\n"))) == expected.strip("\n")
