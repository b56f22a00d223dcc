"""The product's labels in those of a public corpus, by the rows of ``labels.toml``."""

import re
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from importlib.resources import files
from typing import Literal

from pydantic import ValidationError

from trialcriteria.errors import LexiconError
from trialcriteria.evaluate.annotated import Annotated, Link, Mention
from trialcriteria.lexicons.loader import Row
from trialcriteria.schema import Entity, EntityLabel, Extraction, Model, Relation, RelationKind

Corpus = Literal["chia", "lct", "fb"]


class CorpusRow(Row):
    """The labels and relation kinds of a corpus that count; ``id`` is the corpus."""

    labels: tuple[str, ...]
    relations: tuple[str, ...]


class ExcludedRow(Row):
    """Labels and relation kinds that are in the corpus and do not count, and why."""

    corpus: Corpus
    labels: tuple[str, ...]
    relations: tuple[str, ...]
    reason: str


class EntityRow(Row):
    """What one of our labels is in a corpus; ``words`` (a pattern) limits it to some mentions."""

    corpus: Corpus
    ours: EntityLabel
    words: str | None = None
    theirs: tuple[str, ...]
    note: str = ""


class RelationRow(Row):
    """What one of our relations is in a corpus.

    ``head`` and ``tail`` are the labels that its ends may have there (empty: any); ``reversed``
    says that the corpus draws it from our tail to our head.
    """

    corpus: Corpus
    ours: RelationKind
    theirs: str
    reversed: bool = False
    head: tuple[str, ...] = ()
    tail: tuple[str, ...] = ()
    note: str = ""


class LabelMap(Model):
    """The whole file."""

    corpus: tuple[CorpusRow, ...]
    excluded: tuple[ExcludedRow, ...]
    entity: tuple[EntityRow, ...]
    relation: tuple[RelationRow, ...]


@cache
def label_map() -> LabelMap:
    """The rows in file order; raises LexiconError naming the row where one does not fit."""
    text = files(__package__).joinpath("labels.toml").read_text(encoding="utf-8")
    try:
        return LabelMap.model_validate(tomllib.loads(text))
    except ValidationError as error:
        first = error.errors()[0]
        raise LexiconError(f"labels, {first['loc']}: {first['msg']}") from error


def labels(corpus: Corpus) -> tuple[str, ...]:
    """The labels of the corpus that count."""
    return _corpus(corpus).labels


def relations(corpus: Corpus) -> tuple[str, ...]:
    """The relation kinds of the corpus that count."""
    return _corpus(corpus).relations


def _corpus(corpus: Corpus) -> CorpusRow:
    return next(row for row in label_map().corpus if row.id == corpus)


def unmapped(corpus: Corpus) -> tuple[str, ...]:
    """The labels that count and that no label of ours becomes."""
    found = {label for row in label_map().entity if row.corpus == corpus for label in row.theirs}
    return tuple(label for label in labels(corpus) if label not in found)


def unmapped_relations(corpus: Corpus) -> tuple[str, ...]:
    """The relation kinds that count and that no relation of ours becomes."""
    found = {row.theirs for row in label_map().relation if row.corpus == corpus}
    return tuple(kind for kind in relations(corpus) if kind not in found)


def excluded(corpus: Corpus) -> tuple[ExcludedRow, ...]:
    """What of the corpus does not count, with the reasons."""
    return tuple(row for row in label_map().excluded if row.corpus == corpus)


def scorable(document: Annotated, corpus: Corpus) -> Annotated:
    """The document without the mentions and links that are excluded."""
    rows = excluded(corpus)
    labels_out = {label for row in rows for label in row.labels}
    kinds_out = {kind for row in rows for kind in row.relations}
    return _kept(
        document, lambda label: label not in labels_out, lambda kind: kind not in kinds_out
    )


def comparable(document: Annotated, corpus: Corpus) -> Annotated:
    """The document with the mentions and links that a label or relation of ours becomes."""
    labels_in = set(labels(corpus)) - set(unmapped(corpus))
    kinds_in = set(relations(corpus)) - set(unmapped_relations(corpus))
    return _kept(document, labels_in.__contains__, kinds_in.__contains__)


def _kept(
    document: Annotated, wanted: Callable[[str], bool], kinds: Callable[[str], bool]
) -> Annotated:
    """The mentions of wanted labels, and the links of wanted kinds between such."""
    mentions = tuple(mention for mention in document.mentions if wanted(mention.label))
    links = tuple(
        link
        for link in document.links
        if kinds(link.kind) and wanted(link.head.label) and wanted(link.tail.label)
    )
    return replace(document, mentions=mentions, links=links)


def mapped(extraction: Extraction, corpus: Corpus) -> Annotated:
    """The entities and relations of an extraction in the labels of the corpus.

    Its id is the trial's, which ``to_posting`` sets to the document's. Where two entities become
    the same mention it counts once.
    """
    mentions: list[Mention] = []
    links: list[Link] = []
    for criterion in extraction.criteria:
        found = {entity.id: _mentions(entity, corpus) for entity in criterion.entities}
        mentions += (mention for each in found.values() for mention in each)
        links += (link for one in criterion.relations for link in _links(one, found, corpus))
    return Annotated(
        id=extraction.trial.id or "",
        text=extraction.text,
        mentions=tuple(dict.fromkeys(mentions)),
        links=tuple(dict.fromkeys(links)),
    )


def _mentions(entity: Entity, corpus: Corpus) -> tuple[Mention, ...]:
    row = next(row for row in _entity_rows(corpus, entity.label) if _says(row, entity.text))
    return tuple(Mention(label, entity.spans) for label in row.theirs)


@cache
def _entity_rows(corpus: Corpus, ours: EntityLabel) -> tuple[EntityRow, ...]:
    return tuple(r for r in label_map().entity if (r.corpus, r.ours) == (corpus, ours))


@cache
def _relation_rows(corpus: Corpus, ours: RelationKind) -> tuple[RelationRow, ...]:
    return tuple(r for r in label_map().relation if (r.corpus, r.ours) == (corpus, ours))


def _says(row: EntityRow, text: str) -> bool:
    return row.words is None or re.search(row.words, text, re.IGNORECASE) is not None


def _links(
    relation: Relation, found: dict[str, tuple[Mention, ...]], corpus: Corpus
) -> Iterator[Link]:
    for row in _relation_rows(corpus, relation.kind):
        ends = (relation.tail, relation.head) if row.reversed else (relation.head, relation.tail)
        head = _first(found[ends[0]], row.head)
        tail = _first(found[ends[1]], row.tail)
        if head and tail:
            yield Link(row.theirs, head, tail)


def _first(mentions: tuple[Mention, ...], fitting: tuple[str, ...]) -> Mention | None:
    return next((m for m in mentions if not fitting or m.label in fitting), None)
