"""An extraction as the rows of the tables: what a row knows beside the schema's own values."""

from collections.abc import Iterator
from typing import NamedTuple

from trialcriteria.export.json_out import to_json
from trialcriteria.export.table import leaves
from trialcriteria.schema import (
    AtLeastN,
    Criterion,
    Entity,
    Extraction,
    Fact,
    Node,
    Relation,
    Section,
    Span,
    Unsupported,
    Warning,
)


class TrialRow(NamedTuple):
    """A posting that was extracted; ``key`` identifies what it was made from, and by what."""

    trial_id: str
    key: str
    extraction: Extraction
    facts: int

    @property
    def json(self) -> str:
        """The whole extraction as ``trialcriteria extract`` writes it."""
        return to_json(self.extraction)


class CriterionRow(NamedTuple):
    """A criterion in its place: the number-th of its trial, in its section."""

    trial_id: str
    number: int
    section: Section | None
    criterion: Criterion
    leaves: tuple[tuple[tuple[str, ...], Node], ...]

    @property
    def facts(self) -> int:
        """How many facts its requirement holds."""
        return sum([leaf.type == "fact" for _, leaf in self.leaves])

    @property
    def unsupported(self) -> int:
        """How many stretches of its words have no structure."""
        return sum([leaf.type == "unsupported" for _, leaf in self.leaves])

    @property
    def combine(self) -> str:
        """How its children join."""
        joined = self.criterion.combine
        return "at_least" if isinstance(joined, AtLeastN) else joined


class FactRow(NamedTuple):
    """A leaf of a requirement: a fact, or words without structure; the other is None."""

    trial_id: str
    criterion: Criterion
    number: int
    path: str
    leaf: Fact | Unsupported

    @property
    def fact(self) -> Fact | None:
        """The leaf where it is a fact."""
        return self.leaf if isinstance(self.leaf, Fact) else None

    @property
    def unsupported(self) -> Unsupported | None:
        """The leaf where it is words without structure."""
        return self.leaf if self.leaf.type == "unsupported" else None

    @property
    def kind(self) -> str:
        """The kind of concept, or that there is none."""
        return self.leaf.subject.kind if isinstance(self.leaf, Fact) else "unsupported"

    @property
    def subject(self) -> str:
        """The concept's words, or the words without structure."""
        return self.leaf.subject.text if isinstance(self.leaf, Fact) else self.leaf.text

    @property
    def spans(self) -> tuple[Span, ...]:
        """Where the words stand that say it."""
        return self.leaf.spans if isinstance(self.leaf, Fact) else (self.leaf.span,)


class EntityRow(NamedTuple):
    """A labelled mention of a criterion."""

    trial_id: str
    criterion: Criterion
    entity: Entity


class RelationRow(NamedTuple):
    """The number-th link of a criterion."""

    trial_id: str
    criterion: Criterion
    number: int
    relation: Relation


class WarningRow(NamedTuple):
    """The number-th warning of a trial."""

    trial_id: str
    number: int
    warning: Warning


class ErrorRow(NamedTuple):
    """A record that did not become a trial."""

    key: str
    trial_id: str | None
    kind: str
    reason: str
    source: str


TableRow = tuple[str, object]
"""The name of a table, and a row of it."""


def rows_of(trial_id: str, key: str, extraction: Extraction) -> Iterator[TableRow]:
    """The rows of one posting, each with the name of its table."""
    sections = {section.id: section for section in extraction.sections}
    facts = 0
    for number, criterion in enumerate(extraction.criteria, start=1):
        node = criterion.requirement
        found = tuple(leaves(node)) if node is not None else ()
        row = CriterionRow(trial_id, number, sections.get(criterion.section), criterion, found)
        facts += row.facts
        yield "criteria", row
        yield from _criterion_rows(row)
    for number, warning in enumerate(extraction.warnings, start=1):
        yield "warnings", WarningRow(trial_id, number, warning)
    yield "trials", TrialRow(trial_id, key, extraction, facts)


def _criterion_rows(row: CriterionRow) -> Iterator[TableRow]:
    trial_id, criterion = row.trial_id, row.criterion
    stated = [(path, leaf) for path, leaf in row.leaves if isinstance(leaf, Fact | Unsupported)]
    for number, (path, leaf) in enumerate(stated, start=1):
        yield "facts", FactRow(trial_id, criterion, number, "/".join(path), leaf)
    for entity in criterion.entities:
        yield "entities", EntityRow(trial_id, criterion, entity)
    for number, relation in enumerate(criterion.relations, start=1):
        yield "relations", RelationRow(trial_id, criterion, number, relation)
