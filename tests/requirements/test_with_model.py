"""What the rules read right stays right with the shipped model: every requirement case again.

Where the model reads one otherwise, ``tests/cases/model/changed.txt`` has the case and what comes
out, each read by a person; any other change fails. On processors without eight-bit dot products a
few mentions can come out differently, so that a listed case may also read as the rules alone do.
"""

from pathlib import Path

import pytest

from trialcriteria.export.notation import node_line
from trialcriteria.extract import extract
from trialcriteria.schema import Part, Posting, SectionKind, Source, Span, Trial
from trialcriteria.tag.learned.choose import tagger

CASES = Path(__file__).parents[1] / "cases"


def pairs(path: Path) -> list[tuple[SectionKind, str, str]]:
    """(kind, criterion, line under it) of every case in a file."""
    lines = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    lines = [line for line in lines if not line.startswith("#")]
    found = []
    for given, wanted in zip(lines[::2], lines[1::2], strict=True):
        kind, text = (part.strip() for part in given.split("|", 1))
        found.append((kind, text, wanted.strip()))
    return found  # type: ignore[return-value]


def read(kind: SectionKind, text: str) -> str:
    """The requirement of one criterion with the shipped model, as a line."""
    part = Part(kind=kind, span=Span(0, len(text)))
    source = Source(format="plain", name="case", sha256="0" * 64)
    posting = Posting(trial=Trial(source=source), text=text, parts=(part,))
    (criterion,) = extract(posting, tagger()).criteria
    return "-" if criterion.requirement is None else node_line(criterion.requirement)


CHANGED = {(kind, text): line for kind, text, line in pairs(CASES / "model" / "changed.txt")}
FILES = sorted((CASES / "requirements").glob("*.txt"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_cases_read_with_the_model_as_without_it(path: Path) -> None:
    wrong = [
        (text, found)
        for kind, text, wanted in pairs(path)
        if (found := read(kind, text)) not in (wanted, CHANGED.get((kind, text)))
    ]
    assert wrong == []


def test_the_list_of_changes_has_no_dead_rows() -> None:
    cases = {(kind, text): line for path in FILES for kind, text, line in pairs(path)}
    dead = [case for case, line in CHANGED.items() if cases.get(case) in (None, line)]
    assert dead == []
    assert len(CHANGED) < len(cases) / 20
