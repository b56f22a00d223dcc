"""Mentions and units -> the entities and relations of the output."""

from collections.abc import Iterator

from trialcriteria.relate.tree import Unit
from trialcriteria.schema import Entity, EntityLabel, Relation, RelationKind, Span
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.mentions import Mention

_CUE_SCORE = 0.9
_RELATION_SCORE = 0.9

Place = tuple[EntityLabel, int, int]


def entities(
    mentions: tuple[Mention, ...], units: tuple[Unit, ...], cues: list[Cue], text: str
) -> tuple[Entity, ...]:
    """Every mention, qualifier, negation and exception cue once, in text order."""
    found: dict[Place, tuple[str, float]] = {}
    for mention in [*mentions, *(unit.concept for unit in units)]:
        found.setdefault(
            (mention.label, mention.start, mention.end), (mention.source, mention.score)
        )
    for label, start, end, source in _cue_places(units, cues):
        found.setdefault((label, start, end), (source, _CUE_SCORE))
    ordered = sorted(found.items(), key=lambda item: (item[0][1], item[0][2], item[0][0]))
    return tuple(
        Entity(
            id=f"t{number}",
            label=place[0],
            spans=(Span(place[1], place[2]),),
            text=text[place[1] : place[2]],
            source=source,
            score=score,
        )
        for number, (place, (source, score)) in enumerate(ordered, start=1)
    )


def _cue_places(
    units: tuple[Unit, ...], cues: list[Cue]
) -> Iterator[tuple[EntityLabel, int, int, str]]:
    for unit in units:
        for qualified in unit.qualifiers:
            if qualified.value is None and qualified.kind != "method":
                yield "qualifier", qualified.start, qualified.end, qualified.source
        if unit.negation is not None:
            yield "negation", unit.negation.start, unit.negation.end, unit.negation.source
    for cue in cues:
        if cue.kind in {"exception", "exception_inner"}:
            yield "exception", cue.start, cue.end, cue.source


def relations(units: tuple[Unit, ...], found: tuple[Entity, ...]) -> tuple[Relation, ...]:
    """What is attached to each unit, as links between entity ids."""
    ids = {(e.spans[0].start, e.spans[0].end): e.id for e in found}
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
