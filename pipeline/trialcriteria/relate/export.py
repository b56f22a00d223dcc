"""Mentions and units -> the entities and relations of the output."""

from collections.abc import Iterator
from typing import NamedTuple

from trialcriteria.relate.tree import Unit
from trialcriteria.schema import Entity, EntityLabel, Relation, RelationKind, Span
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.mentions import Mention

_CUE_SCORE = 0.9
_RELATION_SCORE = 0.9


class Mark(NamedTuple):
    """What becomes an entity: offsets relative to the criterion's own text."""

    start: int
    end: int
    label: EntityLabel
    source: str
    score: float


def marks(
    mentions: tuple[Mention, ...], units: tuple[Unit, ...], cues: list[Cue]
) -> tuple[Mark, ...]:
    """Every mention, qualifier, negation and exception cue once, in text order."""
    concepts = (unit.concept for unit in units)
    found = [Mark(m.start, m.end, m.label, m.source, m.score) for m in (*mentions, *concepts)]
    found += [Mark(*place, _CUE_SCORE) for place in _cue_places(units, cues)]
    first: dict[tuple[int, int, EntityLabel], Mark] = {}
    for mark in found:
        first.setdefault(mark[:3], mark)
    return tuple(first[place] for place in sorted(first))


def entities(found: tuple[Mark, ...], text: str, by: int) -> tuple[Entity, ...]:
    """The entities of the output; ``text`` is the criterion's, ``by`` where it begins."""
    return tuple(
        Entity(
            id=f"t{number}",
            label=mark.label,
            spans=(Span(mark.start + by, mark.end + by),),
            text=text[mark.start : mark.end],
            source=mark.source,
            score=mark.score,
        )
        for number, mark in enumerate(found, start=1)
    )


def _cue_places(
    units: tuple[Unit, ...], cues: list[Cue]
) -> Iterator[tuple[int, int, EntityLabel, str]]:
    for unit in units:
        for qualified in unit.qualifiers:
            if qualified.value is None and qualified.kind != "method":
                yield qualified.start, qualified.end, "qualifier", qualified.source
        if unit.negation is not None:
            yield unit.negation.start, unit.negation.end, "negation", unit.negation.source
    for cue in cues:
        if cue.kind in {"exception", "exception_inner"}:
            yield cue.start, cue.end, "exception", cue.source


def relations(units: tuple[Unit, ...], found: tuple[Mark, ...]) -> tuple[Relation, ...]:
    """What is attached to each unit, as links between entity ids."""
    ids = {(mark.start, mark.end): f"t{number}" for number, mark in enumerate(found, start=1)}
    links: dict[tuple[RelationKind, str, str], Relation] = {}
    for unit in units:
        head = ids[unit.concept.start, unit.concept.end]
        for kind, start, end, outward in _attached(unit):
            tail = ids.get((start, end))
            if tail is None or tail == head:
                continue
            first, second = (head, tail) if outward else (tail, head)
            links[kind, first, second] = Relation(
                kind=kind, head=first, tail=second, source="rules", score=_RELATION_SCORE
            )
    return tuple(links.values())


def _attached(unit: Unit) -> Iterator[tuple[RelationKind, int, int, bool]]:
    """(kind, start, end, whether the unit is the head) of everything a unit holds."""
    single: list[tuple[RelationKind, Mention | None]] = [
        ("has_value", unit.value),
        ("has_dose", unit.dose),
        ("has_duration", unit.duration),
        ("has_count", unit.count),
    ]
    for kind, mention in single:
        if mention is not None:
            yield kind, mention.start, mention.end, True
    for window in unit.windows:
        yield "has_window", window.start, window.end, True
    for qualified in unit.qualifiers:
        yield "qualifies", qualified.start, qualified.end, False
    if unit.negation is not None:
        yield "negates", unit.negation.start, unit.negation.end, False
    for example in unit.examples:
        yield "example_of", example.start, example.end, False
    for short in unit.short_forms:
        yield "abbreviation_of", short.start, short.end, False
