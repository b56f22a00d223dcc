"""The program's output in the gold notation, for comparing it with gold as text."""

from collections.abc import Iterable
from typing import TextIO

from trialcriteria.errors import UsageError
from trialcriteria.evaluate.gold.printer import print_gold
from trialcriteria.export.json_out import Failure, Item
from trialcriteria.schema import Extraction


def write_gold(items: Iterable[Item], out: TextIO) -> None:
    """One posting; the file that it names is the input's own name, blanks made underscores.

    Raises UsageError for a second posting, as a gold file holds one.
    """
    first = True
    for item in items:
        if isinstance(item, Failure):
            continue
        if not first:
            raise UsageError("a gold file holds one posting: extract one at a time")
        first = False
        out.write(_printed(item))


def _printed(extraction: Extraction) -> str:
    made_by = extraction.provenance
    name = "_".join(extraction.trial.source.name.split()) or "-"
    return print_gold(extraction, name, f"{made_by.program}-{made_by.version}", "-")
