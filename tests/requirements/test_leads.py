"""Lead-ins and their items: what is said once above them holds for each of them."""

import hashlib
from pathlib import Path
from typing import cast

import pytest

from trialcriteria.export.notation import node_line
from trialcriteria.extract import extract
from trialcriteria.schema import Part, Posting, SectionKind, Source, Span, Trial

CASES = Path(__file__).parents[1] / "cases" / "leads"


def load(path: Path) -> list[tuple[str, str, str, list[str]]]:
    """(name, kind, text, requirement of each criterion) of every case in a file.

    A case is a kind of section, its lines behind "| ", and the requirements behind "= ", in the
    order of the criteria ("-" for none); cases are blocks with a blank line between.
    """
    blocks = path.read_text(encoding="utf-8").split("\n\n")
    cases = []
    for block in blocks:
        lines = [line for line in block.splitlines() if line and not line.startswith("#")]
        if lines:
            text = "\n".join(line[2:] for line in lines if line.startswith("| "))
            wanted = [line[2:] for line in lines if line.startswith("= ")]
            assert len(lines) == 1 + text.count("\n") + 1 + len(wanted), f"{path.name}: {block}"
            cases.append((f"{path.stem}: {text[:60]}", lines[0], text, wanted))
    return cases


ALL_CASES = [
    pytest.param(kind, text, wanted, id=name)
    for path in sorted(CASES.glob("*.txt"))
    for name, kind, text, wanted in load(path)
]


@pytest.mark.parametrize(("kind", "text", "wanted"), ALL_CASES)
def test_lead(kind: str, text: str, wanted: list[str]) -> None:
    digest = hashlib.sha256(text.encode()).hexdigest()
    posting = Posting(
        trial=Trial(source=Source(format="plain", name="case", sha256=digest)),
        text=text,
        parts=(Part(kind=cast("SectionKind", kind), span=Span(0, len(text))),),
    )
    found = [c.requirement for c in extract(posting).criteria]
    assert [node_line(node) if node else "-" for node in found] == wanted
