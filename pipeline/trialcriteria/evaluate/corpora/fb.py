"""Facebook's medical NER set (github.com/facebookresearch/Clinical-Trial-Parser), in TSV.

One line is one criterion: trial id, slots, text. A slot is ``start:end:label`` with the first
character of the line counted as 1 and ``end`` just behind the last character of the slot.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from trialcriteria.evaluate.annotated import Annotated, Mention
from trialcriteria.evaluate.corpora import corpus_files, posting, read_text
from trialcriteria.schema import Posting, Span

_SLOT = re.compile(r"([0-9]{1,9}):([0-9]{1,9}):(\S+)")
_WHAT = "the Facebook NER set: a TSV file of trial id, slots, text"


def read_fb(folder: Path) -> Iterator[Annotated]:
    """A document for each line of the folder's ``.tsv`` files, ``NCT..._LINE`` its id.

    A line without three fields is a document without text, and a slot that does not lie in the
    text is left out; ``problems`` name both. Raises EvaluationError where there is no such file.
    """
    files = corpus_files(folder, "*.tsv", _WHAT)
    return (
        _document(line.removesuffix("\r"), number)
        for path in files
        for number, line in enumerate(read_text(path).split("\n"), start=1)
        if line.strip()
    )


def _document(line: str, number: int) -> Annotated:
    fields = line.split("\t", 2)
    if len(fields) < 3:
        problem = f"line {number}: {len(fields)} fields, not 3"
        return Annotated(id=f"{fields[0]}_{number}", text="", problems=(problem,))
    trial, slots, text = fields
    placed = {slot: _mention(slot, text) for slot in slots.split(",") if slot}
    problems = (f"line {number}: slot {slot!r}" for slot, found in placed.items() if not found)
    return Annotated(
        id=f"{trial}_{number}",
        text=text,
        mentions=tuple(found for found in placed.values() if found),
        problems=tuple(f"{problem} does not lie in the text" for problem in problems),
    )


def _mention(slot: str, text: str) -> Mention | None:
    match = _SLOT.fullmatch(slot)
    if not match:
        return None
    span = Span(int(match[1]) - 1, int(match[2]) - 1)
    return Mention(match[3], (span,)) if 0 <= span.start < span.end <= len(text) else None


def to_posting(document: Annotated) -> Posting:
    """The line as a text of its own; whether it includes or excludes is not known."""
    return posting(document)
