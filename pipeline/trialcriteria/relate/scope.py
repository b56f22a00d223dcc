"""A criterion as the relate room sees it: text, mentions, cues and parentheses."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from operator import attrgetter
from typing import NamedTuple

from trialcriteria.relate.context import CuePlace, cue_places
from trialcriteria.relate.tree import Join
from trialcriteria.tag.cues import Cue, find_cues, find_qualifiers, words_of
from trialcriteria.tag.mentions import Mention
from trialcriteria.view import lower_view

_OPENING = re.compile(r"[(\[]")
_BRACKET = re.compile(r"[()\[\]]")
_START = attrgetter("start")
GRAMMAR_LABELS = frozenset({"value", "dose", "window", "duration", "count"})


class Region(NamedTuple):
    """A stretch ``[start, end)`` of the criterion."""

    start: int
    end: int

    def holds(self, start: int, end: int) -> bool:
        """Whether ``[start, end)`` lies inside."""
        return self.start <= start and end <= self.end


def first_at(items: Sequence[object], place: int) -> int:
    """Index of the first item, of some in text order, that begins at the place or behind it."""
    return bisect_left(items, place, key=_START)


def _mask(view: str, mentions: Iterable[Mention]) -> bytearray:
    """One byte a character: 1 where a mention stands."""
    mask = bytearray(len(view))
    for mention in mentions:
        mask[mention.start : mention.end] = b"\1" * (mention.end - mention.start)
    return mask


@dataclass(frozen=True)
class Scope:
    """Everything found in one criterion; offsets relative to the criterion's own text."""

    view: str
    mentions: tuple[Mention, ...]
    join: Join
    led: bool = False  # a lead-in names the measure of values that stand without one

    @cached_property
    def lowered(self) -> str:
        """The view in lower case, same length."""
        return lower_view(self.view)

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the criterion, by which costlier looks are spared."""
        return frozenset(words_of(self.lowered).words)

    @cached_property
    def cues(self) -> list[Cue]:
        """Structural cues outside of grammar mentions."""
        if not self.all_cues:
            return []
        taken = _mask(self.view, (m for m in self.mentions if m.label in GRAMMAR_LABELS))
        return [cue for cue in self.all_cues if not any(taken[cue.start : cue.end])]

    @cached_property
    def all_cues(self) -> list[Cue]:
        """Structural cues, those that a grammar mention covers as well."""
        return find_cues(self.lowered)

    @cached_property
    def context_cues(self) -> list[CuePlace]:
        """Words that ConText knows."""
        return cue_places(self.lowered)

    @cached_property
    def qualifiers(self) -> list[Cue]:
        """Qualifying words outside of all mentions."""
        found = find_qualifiers(self.lowered)
        if not found:
            return []
        taken = self._mentioned
        return [c for c in found if not any(taken[c.start : c.end])]

    @cached_property
    def _mentioned(self) -> bytearray:
        return _mask(self.view, self.mentions)

    @cached_property
    def parentheses(self) -> list[Region]:
        """Outermost balanced parentheses, brackets included, in order."""
        if not _OPENING.search(self.view):
            return []
        found: list[Region] = []
        stack: list[int] = []
        for bracket in _BRACKET.finditer(self.view):
            if bracket.group() in "([":
                stack.append(bracket.start())
            elif stack:
                start = stack.pop()
                while found and found[-1].start > start:
                    found.pop()
                found.append(Region(start, bracket.end()))
        return found

    @cached_property
    def _parenthesis_starts(self) -> list[int]:
        return [region.start for region in self.parentheses]

    def parenthesis_at(self, index: int) -> Region | None:
        """The outermost parentheses around a character, if any."""
        place = bisect_left(self._parenthesis_starts, index + 1) - 1
        if place >= 0 and index < self.parentheses[place].end:
            return self.parentheses[place]
        return None

    def at_surface(self, index: int, within: Region) -> bool:
        """Whether a character of ``within`` stands outside of parentheses opened inside it."""
        around = self.parenthesis_at(index)
        return around is None or (around.start < within.start)

    def inside_mention(self, index: int) -> bool:
        """Whether a character belongs to a mention."""
        return index < len(self._mentioned) and bool(self._mentioned[index])

    def in_region(self, region: Region) -> list[Mention]:
        """Mentions that lie in a region, in order."""
        start, end = region
        starts = self._mention_starts
        first, behind = bisect_left(starts, start), bisect_left(starts, end)
        return [m for m in self.mentions[first:behind] if m.end <= end]

    def mentions_before(self, place: int) -> tuple[Mention, ...]:
        """Mentions that begin before a place, in order."""
        return self.mentions[: bisect_left(self._mention_starts, place)]

    def mentions_from(self, place: int) -> tuple[Mention, ...]:
        """Mentions that begin at or behind a place, in order."""
        return self.mentions[bisect_left(self._mention_starts, place) :]

    @cached_property
    def _mention_starts(self) -> list[int]:
        return [mention.start for mention in self.mentions]

    def cues_in(self, region: Region, *kinds: str) -> list[Cue]:
        """Cues of these kinds at the surface of a region, in order."""
        return [
            c
            for c in self.cues
            if c.kind in kinds and region.holds(c.start, c.end) and self.at_surface(c.start, region)
        ]

    def trimmed(self, region: Region, marks: str = " \t\r\n,;.:") -> Region:
        """The region without blanks and marks at its ends."""
        start, end = region.start, region.end
        while start < end and self.view[start] in marks:
            start += 1
        while end > start and self.view[end - 1] in marks:
            end -= 1
        return Region(start, end)
