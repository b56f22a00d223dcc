"""What every learned tagger hands on: concepts by kind, none overlapping another."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple, Protocol

from trialcriteria.schema import ConceptKind, Span


class LearnedConcept(NamedTuple):
    """A concept in half-open code points of the text it was found in, and how sure it is."""

    start: int
    end: int
    kind: ConceptKind
    score: float


class Learned(NamedTuple):
    """What a tagger says of a text: its concepts in order, and the words that it rules out.

    ``source`` is the tagger's identity.
    """

    concepts: tuple[LearnedConcept, ...]
    barren: tuple[Span, ...]
    source: str


class Tagger(Protocol):
    """Finds concepts in texts; ``identity`` names it in what it finds."""

    @property
    def identity(self) -> str:
        """A name, and where the tagger has weights, a hash of them."""

    def read(self, texts: Sequence[str]) -> list[Learned]:
        """What it says of each text."""


def outermost(found: Iterable[LearnedConcept]) -> tuple[LearnedConcept, ...]:
    """The concepts that lie in no longer one, nor cross it."""
    kept: list[LearnedConcept] = []
    for one in sorted(found, key=lambda c: (c.start - c.end, c.start, -c.score)):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return tuple(sorted(kept))
