"""A flat table: one row a fact, and at least one row a criterion, so that nothing disappears.

An unsupported stretch is a row of kind ``unsupported``; a criterion without a requirement is a
row with empty fact columns. Cells are the compact notation; the JSON output is the lossless one.
"""

import csv
from collections.abc import Iterable, Iterator
from dataclasses import astuple, dataclass, fields, replace
from typing import TextIO

from trialcriteria.export.json_out import Failure, Item
from trialcriteria.export.notation import (
    branches,
    one_line,
    qualifier_line,
    range_line,
    value_line,
    window_line,
)
from trialcriteria.export.vocabularies import code_words
from trialcriteria.schema import Criterion, Extraction, Fact, Node, Unsupported

_FORMULA_STARTS = ("=", "+", "-", "@")


@dataclass(frozen=True)
class FactRow:
    """One row; ``path`` is the way from the root of the requirement, as in ``all.2/not``."""

    trial: str
    criterion: str
    section: str
    label: str
    kind: str = ""
    subject: str = ""
    status: str = ""
    experiencer: str = ""
    value: str = ""
    window: str = ""
    duration: str = ""
    count: str = ""
    dose: str = ""
    qualifiers: str = ""
    codes: str = ""
    path: str = ""
    text: str = ""


def rows(extraction: Extraction) -> Iterator[FactRow]:
    """The rows of one posting, in the order of the text."""
    for criterion in extraction.criteria:
        bare = FactRow(
            trial=extraction.trial.id or "",
            criterion=criterion.id,
            section=criterion.kind,
            label=criterion.label or "",
            text=one_line(criterion.text),
        )
        yield from _criterion_rows(bare, criterion)


def _criterion_rows(bare: FactRow, criterion: Criterion) -> Iterator[FactRow]:
    if criterion.requirement is None:
        yield bare
        return
    for path, leaf in leaves(criterion.requirement):
        row = replace(bare, path="/".join(path))
        yield _fact_row(row, leaf) if isinstance(leaf, Fact) else _unsupported_row(row, leaf)


def leaves(node: Node, path: tuple[str, ...] = ()) -> Iterator[tuple[tuple[str, ...], Node]]:
    """Facts and unsupported stretches under a node, each with its path from the root."""
    children = branches(node)
    if not children:
        yield path, node
    for number, (role, child) in enumerate(children, start=1):
        step = node.type if len(children) == 1 else f"{node.type}.{role or number}"
        yield from leaves(child, (*path, step))


def _fact_row(row: FactRow, fact: Fact) -> FactRow:
    return replace(
        row,
        kind=fact.subject.kind,
        subject=one_line(fact.subject.text),
        status=fact.status,
        experiencer=fact.experiencer,
        value=_bare(value_line(fact.value)) if fact.value else "",
        window=window_line(fact.window) if fact.window else "",
        duration=_bare(range_line(fact.duration)) if fact.duration else "",
        count=_bare(range_line(fact.count)) if fact.count else "",
        dose=_bare(value_line(fact.dose)) if fact.dose else "",
        qualifiers="; ".join(map(qualifier_line, fact.qualifiers)),
        codes="; ".join(map(code_words, fact.subject.codes)),
    )


def _bare(line: str) -> str:
    """A cell needs no sign of equality: ``positive``, ``3``."""
    return line.removeprefix("= ")


def _unsupported_row(row: FactRow, leaf: Node) -> FactRow:
    if not isinstance(leaf, Unsupported):  # an empty all or any
        return row
    return replace(
        row, kind="unsupported", subject=one_line(leaf.text), qualifiers=one_line(leaf.reason)
    )


def _inert(cell: str) -> str:
    """A cell no spreadsheet runs as a formula (OWASP: CSV injection): an apostrophe in front."""
    return f"'{cell}" if cell.startswith(_FORMULA_STARTS) else cell


def write_table(items: Iterable[Item], out: TextIO) -> None:
    """CSV with a header row; records that failed are left to the caller's summary."""
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([field.name for field in fields(FactRow)])
    for item in items:
        if not isinstance(item, Failure):
            writer.writerows(map(_inert, astuple(row)) for row in rows(item))
