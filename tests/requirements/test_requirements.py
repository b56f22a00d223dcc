"""One criterion in, its requirement out: cases that a clinician can edit."""

import hashlib
from pathlib import Path

import pytest

from trialcriteria.export.notation import node_line
from trialcriteria.extract import extract
from trialcriteria.schema import Part, Posting, SectionKind, Source, Span, Trial

CASES = Path(__file__).parents[1] / "cases" / "requirements"


def load(path: Path) -> list[tuple[str, SectionKind, str, str]]:
    """(id, kind, criterion, expected line: "-" for none) of every case in a file."""
    cases = []
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("#")]
    for given, wanted in zip(lines[::2], lines[1::2], strict=True):
        kind, text = (part.strip() for part in given.split("|", 1))
        assert wanted.startswith("    "), f"{path.name}: no expected line under {given!r}"
        assert kind in ("inclusion", "exclusion", "other"), given
        cases.append((f"{path.stem}: {text[:60]}", kind, text, wanted.strip()))
    return cases


ALL_CASES = [
    pytest.param(kind, text, wanted, id=name)
    for path in sorted(CASES.glob("*.txt"))
    for name, kind, text, wanted in load(path)
]


@pytest.mark.parametrize(("kind", "text", "wanted"), ALL_CASES)
def test_requirement(kind: SectionKind, text: str, wanted: str) -> None:
    source = Source(format="plain", name="case", sha256=hashlib.sha256(text.encode()).hexdigest())
    posting = Posting(
        trial=Trial(source=source), text=text, parts=(Part(kind=kind, span=Span(0, len(text))),)
    )
    (criterion,) = extract(posting).criteria
    found = criterion.requirement
    assert ("-" if found is None else node_line(found)) == wanted
