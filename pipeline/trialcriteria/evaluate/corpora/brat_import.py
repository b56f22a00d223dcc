"""brat files in our own labels -> extractions whose criteria hold entities and relations.

What the export writes comes back: criteria with kind and place in the tree, entities with exact
spans, relations. brat holds neither requirements nor printed labels nor headings, so that
``requirement``, ``label`` and ``heading`` are null, children join by ``all`` and ids are counted
anew. A file with entities and no criteria is one criterion of kind ``other`` over the whole text.
"""

import hashlib
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from trialcriteria import __version__
from trialcriteria.evaluate.corpora.brat import brat_documents, lies_in
from trialcriteria.export.brat import (
    CRITERION_LABELS,
    ENTITY_LABELS,
    PART_OF,
    RELATION_KINDS,
    BratAnnotation,
    BratDocument,
    BratRelation,
    Equivalence,
    TextBound,
    joined,
)
from trialcriteria.schema import (
    Criterion,
    Entity,
    Extraction,
    Provenance,
    Relation,
    Section,
    SectionKind,
    Source,
    Span,
    Trial,
    Warning,
)

_SOURCE = "brat"


class _Holder(NamedTuple):
    """A criterion of the file; ``mention`` is the id it has there ("" where it has none)."""

    mention: str
    kind: SectionKind
    span: Span


class _Places(NamedTuple):
    """The criterion that holds an entity, and the one above a criterion, by mention ids."""

    home: Mapping[str, str]
    parent: Mapping[str, str]


def import_brat(folder: Path) -> Iterator[Extraction]:
    """The documents of a folder, by name, which becomes the trial's id.

    What has no place is a warning of code ``brat``: a line that cannot be read, a label that is
    not ours, a mention outside the criteria, a relation from one criterion to another. Raises
    EvaluationError where there is no ``.ann`` file or one has no text beside it.
    """
    return map(brat_extraction, brat_documents(folder))


def brat_extraction(document: BratDocument) -> Extraction:
    """One document as an extraction; see ``import_brat``."""
    text = document.text
    bounds = _bounds(document)
    holders = _holders(bounds, text)
    places = _Places(_homes(bounds, holders), _parents(document, holders))
    digest = hashlib.sha256(text.encode()).hexdigest()
    source = Source(format=_SOURCE, name=document.name, sha256=digest)
    return Extraction(
        trial=Trial(id=document.name, source=source),
        text=text,
        sections=tuple(section for section, _ in _sections(holders)),
        criteria=tuple(_criteria(document, holders, places)),
        warnings=tuple(_warnings(document, places)),
        provenance=Provenance(program="trialcriteria brat", version=__version__, lexicons=""),
    )


def _bounds(document: BratDocument) -> list[TextBound]:
    """The mentions that lie in the text, of each id the first."""
    found: dict[str, TextBound] = {}
    for bound in document.annotations:
        if isinstance(bound, TextBound) and lies_in(bound, document.text):
            found.setdefault(bound.id, bound)
    return list(found.values())


def _holders(bounds: Sequence[TextBound], text: str) -> list[_Holder]:
    """The criteria in text order; one over the whole text where mentions have none."""
    found = [
        _Holder(bound.id, CRITERION_LABELS[bound.label], _hull(bound))
        for bound in bounds
        if bound.label in CRITERION_LABELS
    ]
    if bounds and not found:
        return [_Holder("", "other", Span(0, len(text)))]
    return sorted(found, key=lambda holder: holder.span)


def _hull(bound: TextBound) -> Span:
    return Span(min(span.start for span in bound.spans), max(span.end for span in bound.spans))


def _homes(bounds: Sequence[TextBound], holders: Sequence[_Holder]) -> dict[str, str]:
    starts = [holder.span.start for holder in holders]
    homes = {}
    for bound in bounds:
        hull = _hull(bound)
        holder = holders[max(bisect_right(starts, hull.start) - 1, 0)]
        inside = holder.span.start <= hull.start and hull.end <= holder.span.end
        if bound.label in ENTITY_LABELS and inside:
            homes[bound.id] = holder.mention
    return homes


def _parents(document: BratDocument, holders: Sequence[_Holder]) -> dict[str, str]:
    """Only a criterion that stands earlier can be a parent, so that there is no circle."""
    order = {holder.mention: place for place, holder in enumerate(holders)}
    parents = {}
    for child, parent in (_ends(link) for link in _relations(document) if link.kind == PART_OF):
        if child in order and parent in order and order[parent] < order[child]:
            parents[child] = parent
    return parents


def _relations(document: BratDocument) -> Iterator[BratRelation]:
    return (found for found in document.annotations if isinstance(found, BratRelation))


def _ends(relation: BratRelation) -> tuple[str, str]:
    head, tail = relation.arguments
    return head.target, tail.target


def _sections(holders: Sequence[_Holder]) -> Iterator[tuple[Section, list[_Holder]]]:
    """One section for each run of criteria of one kind."""
    runs = groupby(holders, key=lambda holder: holder.kind)
    for number, (kind, run) in enumerate(runs, start=1):
        held = list(run)
        span = Span(held[0].span.start, max(holder.span.end for holder in held))
        yield Section(id=f"s{number}", kind=kind, heading=None, cohort=None, span=span), held


def _criteria(
    document: BratDocument, holders: Sequence[_Holder], places: _Places
) -> Iterator[Criterion]:
    entities = _entities(_bounds(document), document.text, places)
    links = _links(document, places)
    numbers = _numbers(holders, places)
    for section, held in _sections(holders):
        for holder in held:
            yield Criterion(
                id=numbers[holder.mention],
                section=section.id,
                kind=holder.kind,
                label=None,
                span=holder.span,
                text=document.text[slice(*holder.span)],
                parent=numbers.get(places.parent.get(holder.mention)),
                entities=tuple(entities[holder.mention]),
                relations=tuple(links[holder.mention]),
            )


def _numbers(holders: Sequence[_Holder], places: _Places) -> dict[str | None, str]:
    """Ids by mention: ``i1``, ``e2``, and ``i1.1`` under ``i1``."""
    counts: Counter[str] = Counter()
    numbers: dict[str | None, str] = {}
    for holder in holders:
        above = numbers.get(places.parent.get(holder.mention))
        stem = f"{above}." if above else holder.kind[0]
        counts[stem] += 1
        numbers[holder.mention] = f"{stem}{counts[stem]}"
    return numbers


def _entities(bounds: Sequence[TextBound], text: str, places: _Places) -> dict[str, list[Entity]]:
    held = defaultdict(list)
    for bound in bounds:
        if bound.id in places.home:
            spans = joined(text, bound.spans)
            words = " ".join(text[start:end] for start, end in spans)
            fields = {"id": bound.id, "label": bound.label, "spans": spans, "text": words}
            entity = Entity.model_validate({**fields, "source": _SOURCE, "score": 1.0})
            held[places.home[bound.id]].append(entity)
    return held


def _links(document: BratDocument, places: _Places) -> dict[str, list[Relation]]:
    held = defaultdict(list)
    for found in _relations(document):
        if _is_link(found, places):
            head, tail = _ends(found)
            fields = {"kind": found.kind, "head": head, "tail": tail}
            relation = Relation.model_validate({**fields, "source": _SOURCE, "score": 1.0})
            held[places.home[head]].append(relation)
    return held


def _is_link(relation: BratRelation, places: _Places) -> bool:
    """One of our relations, between two entities of one criterion."""
    head, tail = (places.home.get(end) for end in _ends(relation))
    return relation.kind in RELATION_KINDS and head is not None and head == tail


def _warnings(document: BratDocument, places: _Places) -> Iterator[Warning]:
    for problem in document.problems:
        yield Warning(code=_SOURCE, message=problem)
    for annotation in document.annotations:
        reason = _unplaced(annotation, places)
        if reason:
            yield Warning(code=_SOURCE, message=f"{document.name}: {reason}")


def _unplaced(annotation: BratAnnotation, places: _Places) -> str | None:
    """Why an annotation is not in the extraction, or null where it is."""
    match annotation:
        case TextBound(id=id, label=label):
            if label in CRITERION_LABELS or id in places.home:
                return None
            known = label in ENTITY_LABELS
            return f"{id} lies in no criterion" if known else f"{id}: {label} is no label of ours"
        case BratRelation(id=id, kind=kind):
            child, parent = _ends(annotation)
            nested = kind == PART_OF and places.parent.get(child) == parent
            if nested or _is_link(annotation, places):
                return None
            return f"{id}: no relation of ours ties {child} to {parent} as {kind}"
        case Equivalence(kind=kind, members=members):
            return f"{kind} {' '.join(members)} is neither mention nor relation"
    return f"{annotation.id} is neither mention nor relation"
