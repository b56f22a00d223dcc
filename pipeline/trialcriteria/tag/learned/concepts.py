"""What every learned tagger hands on: concepts by kind, none overlapping another."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import NamedTuple, Protocol, TypeVar

from trialcriteria.schema import ConceptKind


class Stretch(Protocol):
    """Half-open code points of a text."""

    @property
    def start(self) -> int:
        """Where it begins."""

    @property
    def end(self) -> int:
        """Where it ends."""


_Stretch = TypeVar("_Stretch", bound=Stretch)
_BY_START, _BY_END = attrgetter("start"), attrgetter("end")


class LearnedConcept(NamedTuple):
    """A concept in half-open code points of the text it was found in, and how sure it is."""

    start: int
    end: int
    kind: ConceptKind
    score: float


class BarrenWord(NamedTuple):
    """A word that is part of no concept; ``share`` is how likely it is one all the same."""

    start: int
    end: int
    share: float


class Learned(NamedTuple):
    """What a tagger says of a text: its concepts in order, and the words that it rules out.

    ``source`` is the tagger's identity.
    """

    concepts: tuple[LearnedConcept, ...]
    barren: tuple[BarrenWord, ...]
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


def meeting(ordered: Sequence[_Stretch], start: int, end: int) -> Sequence[_Stretch]:
    """Those that meet ``[start, end)``, of stretches in order of which none holds another."""
    first = bisect_right(ordered, start, key=_BY_END)
    return ordered[first : bisect_left(ordered, end, first, key=_BY_START)]
