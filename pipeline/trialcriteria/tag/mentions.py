"""The one shape all detectors of this room hand on."""

from typing import NamedTuple

from trialcriteria.schema import EntityLabel, Span
from trialcriteria.tag.time import TimeMention
from trialcriteria.tag.values import ValueMention


def stretches(own: Span, shared: Span | None) -> tuple[Span, ...]:
    """Where words stand of which some may stand elsewhere, in text order."""
    return (own,) if shared is None else tuple(sorted((own, shared)))


class Mention(NamedTuple):
    """A labelled stretch ``[start, end)`` of one criterion's own text.

    ``value`` and ``time`` carry what the grammars read there, for the normalize room;
    ``name`` is a concept's preferred name, ``shared`` a word of its own that stands elsewhere
    (the "impairment" of "hepatic or renal impairment"); ``denied`` is where the words that find it
    deny it ("unable to walk"); ``doubt`` is how sure a learned tagger is that it sees no concept
    there, 0 where it does.
    """

    label: EntityLabel
    start: int
    end: int
    source: str
    score: float
    name: str | None = None
    value: ValueMention | None = None
    time: TimeMention | None = None
    shared: Span | None = None
    denied: Span | None = None
    doubt: float = 0.0

    @property
    def places(self) -> tuple[Span, ...]:
        """Every stretch of its words, in text order."""
        return stretches(Span(self.start, self.end), self.shared)
