"""Mentions and units -> the entities and relations of the output."""

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from trialcriteria.relate.subjects import IMPLIED
from trialcriteria.relate.tree import Unit
from trialcriteria.schema import Entity, EntityLabel, Relation, RelationKind, Span
from trialcriteria.tag.cues import Cue
from trialcriteria.tag.mentions import Mention, stretches
from trialcriteria.tag.time import anchors_of
from trialcriteria.tag.values_results import VAGUE

_CUE_SCORE = 0.9
_RELATION_SCORE = 0.9
Place = tuple[int, int]


class Mark(NamedTuple):
    """What becomes an entity: offsets relative to the criterion's own text."""

    start: int
    end: int
    label: EntityLabel
    source: str
    score: float
    shared: Span | None = None

    @property
    def spans(self) -> tuple[Span, ...]:
        """Every stretch of its words, in text order."""
        return stretches(Span(self.start, self.end), self.shared)


def marks(
    mentions: Sequence[Mention], units: tuple[Unit, ...], cues: list[Cue]
) -> tuple[Mark, ...]:
    """Every mention, qualifier, anchor, negation and exception cue once, in text order.

    The "adequate" of "adequate organ function" is a fact's value, but no entity: corpora have none.
    """
    mentions = [m for m in mentions if m.source not in VAGUE]
    concepts = (unit.concept for unit in units if unit.concept.source not in IMPLIED)
    found = [
        Mark(m.start, m.end, m.label, m.source, m.score, m.shared) for m in (*mentions, *concepts)
    ]
    found += [
        Mark(words.start, words.end, "anchor", mention.source, mention.score)
        for mention in mentions
        if mention.time
        for words in anchors_of(mention.time)
    ]
    found += [Mark(*place, _CUE_SCORE) for place in _cue_places(units, cues)]
    first: dict[tuple[int, int, EntityLabel], Mark] = {}
    for mark in found:
        first.setdefault(mark[:3], mark)
    return tuple(first[place] for place in sorted(first))


def entities(found: tuple[Mark, ...], text: str, by: int) -> tuple[Entity, ...]:
    """The entities of the output; ``text`` is the criterion's, ``by`` where it begins."""
    made = []
    for number, mark in enumerate(found, start=1):
        spans, words = _placed(mark, text, by)
        made.append(
            Entity.known(
                {
                    "id": f"t{number}",
                    "label": mark.label,
                    "spans": spans,
                    "text": words,
                    "source": mark.source,
                    "score": mark.score,
                    "codes": (),
                }
            )
        )
    return tuple(made)


def _placed(mark: Mark, text: str, by: int) -> tuple[tuple[Span, ...], str]:
    """Where a mark's words stand in the posting, and the words."""
    if mark.shared is None:
        return (Span(mark.start + by, mark.end + by),), text[mark.start : mark.end]
    places = mark.spans
    spans = tuple([Span(start + by, end + by) for start, end in places])
    return spans, " ".join([text[start:end] for start, end in places])


def _cue_places(
    units: tuple[Unit, ...], cues: list[Cue]
) -> Iterator[tuple[int, int, EntityLabel, str]]:
    for unit in units:
        for qualified in unit.qualifiers:
            yield qualified.start, qualified.end, "qualifier", qualified.source
        if unit.negation is not None:
            yield unit.negation.start, unit.negation.end, "negation", unit.negation.source
    for cue in cues:
        if cue.kind in {"exception", "exception_inner"}:
            yield cue.start, cue.end, "exception", cue.source


def relations(units: tuple[Unit, ...], found: tuple[Mark, ...]) -> tuple[Relation, ...]:
    """What is attached to each unit, and events to windows, as links between entity ids."""
    ids = {(mark.start, mark.end): f"t{number}" for number, mark in enumerate(found, start=1)}
    linked = dict.fromkeys(
        [
            (kind, ids.get(head), ids.get(tail))
            for unit in units
            for kind, head, tail in _links_of(unit)
        ]
    )
    return tuple(
        Relation.known(
            {
                "kind": kind,
                "head": head,
                "tail": tail,
                "source": "rules",
                "score": _RELATION_SCORE,
            }
        )
        for kind, head, tail in linked
        if head and tail and head != tail
    )


def _links_of(unit: Unit) -> Iterator[tuple[RelationKind, Place, Place]]:
    """(kind, place of the head, place of the tail) of every link of a unit."""
    own = unit.concept[1:3]
    for kind, mention in _single(unit):
        if mention is not None:
            yield kind, own, mention[1:3]
    for window in unit.windows:
        yield "has_window", own, window[1:3]
    for qualified in unit.qualifiers:
        yield "qualifies", (qualified.start, qualified.end), own
    if unit.negation is not None:
        yield "negates", unit.negation[:2], own
    for example in unit.examples:
        yield "example_of", example[1:3], own
    for short in unit.short_forms:
        yield "abbreviation_of", short[1:3], own
    for window in unit.windows:
        for words in anchors_of(window.time) if window.time else ():
            yield "has_anchor", window[1:3], (words.start, words.end)


def _single(unit: Unit) -> tuple[tuple[RelationKind, Mention | None], ...]:
    """What a unit has one of at most."""
    return (
        ("has_value", unit.value),
        ("has_dose", unit.dose),
        ("has_duration", unit.duration),
        ("has_count", unit.count),
    )
