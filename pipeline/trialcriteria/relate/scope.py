"""A criterion as the relate room sees it: text, mentions, cues and parentheses."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from functools import cached_property, lru_cache
from operator import attrgetter
from typing import NamedTuple

from trialcriteria.relate.context import CuePlace, cue_places
from trialcriteria.relate.tree import Join
from trialcriteria.tag.cues import Cue, find_cues, find_qualifiers, words_of
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.values_types import QUANTITIES
from trialcriteria.view import lower_view, mask

_BRACKET = re.compile(r"[()\[\]]")
_DEEPEST = 3  # parentheses in parentheses in parentheses
_START = attrgetter("start")
_ON_EVENTS = ("time.window.anchored", "time.event")  # how the sources of such windows begin
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


def _outside(cues: list[Cue], view: str, mentions: Sequence[Mention]) -> list[Cue]:
    """The cues of which no mention holds a character."""
    if not (cues and mentions):
        return cues
    taken = mask(view, mentions)
    return [cue for cue in cues if taken.find(1, cue.start, cue.end) < 0]


class _Signs(NamedTuple):
    """What a view says whatever is mentioned in it."""

    lowered: str
    cues: list[Cue]
    qualifiers: list[Cue]
    context: list[CuePlace]
    parentheses: list[Region]


@lru_cache(maxsize=1)
def _signs(view: str) -> _Signs:
    """A criterion is read again where a learned tagger adds a mention."""
    lowered = lower_view(view)
    return _Signs(
        lowered,
        find_cues(lowered),
        find_qualifiers(lowered),
        cue_places(lowered),
        _parentheses(view),
    )


def _parentheses(view: str) -> list[Region]:
    if "(" not in view and "[" not in view:
        return []
    found: list[Region] = []
    stack: list[int] = []
    for bracket in _BRACKET.finditer(view):
        if bracket.group() in "([":
            stack.append(bracket.start())
        elif stack:
            start = stack.pop()
            if len(stack) < _DEEPEST:
                found.append(Region(start, bracket.end()))
    return sorted(found)


def _outermost(parentheses: Iterable[Region]) -> list[Region]:
    """Those that lie in no other one, of balanced ones in order."""
    found: list[Region] = []
    for each in parentheses:
        if not found or each.start >= found[-1].end:
            found.append(each)
    return found


class Scope:
    """Everything found in one criterion; offsets relative to the criterion's own text.

    ``led``: a lead-in names the measure of values that stand without one. ``lowered`` is the view
    in lower case, same length; ``stated`` are the grammar mentions, ``all_cues`` the structural
    cues, ``cues`` those outside of grammar mentions, ``qualifiers`` the qualifying words outside of
    all mentions, ``context_cues`` those that ConText knows.
    """

    def __init__(
        self, view: str, mentions: tuple[Mention, ...], join: Join, *, led: bool = False
    ) -> None:
        self.view = view
        self.mentions = mentions
        self.join = join
        self.led = led
        self.lowered, self.all_cues, qualifiers, self.context_cues, self._nested = _signs(view)
        self._parentheses = _outermost(self._nested)
        self.stated = [m for m in mentions if m.label in GRAMMAR_LABELS]
        outside = _outside(self.all_cues, view, self.stated)
        self.cues = [c for c in outside if not self._requires(c)] if join == "all" else outside
        self.qualifiers = _outside(qualifiers, view, mentions)
        self._mention_starts = [mention.start for mention in mentions]

    def _requires(self, cue: Cue) -> bool:
        """ "Adequate marrow function including neutrophils > 1500": a measure with a threshold."""
        if cue.kind != "example":
            return False
        place = first_at(self.mentions, cue.end)
        near = self.mentions[max(place - 1, 0) : place + 2]
        if [m.label for m in near] != ["measurement", "measurement", "value"]:
            return False
        value = near[-1].value
        return value is not None and value.kind in QUANTITIES

    @cached_property
    def words(self) -> frozenset[str]:
        """Every word of the criterion, by which costlier looks are spared."""
        return frozenset(words_of(self.lowered).words)

    @cached_property
    def named_events(self) -> list[Mention]:
        """The windows that name the event they hang on."""
        return [m for m in self.stated if m.label == "window" and m.source.startswith(_ON_EVENTS)]

    @cached_property
    def _mentioned(self) -> bytearray:
        return mask(self.view, self.mentions)

    @cached_property
    def _parenthesis_starts(self) -> list[int]:
        return [region.start for region in self._parentheses]

    def parenthesis_at(self, index: int) -> Region | None:
        """The outermost parentheses around a character, if any."""
        if not self._parentheses:
            return None
        place = bisect_left(self._parenthesis_starts, index + 1) - 1
        if place >= 0 and index < self._parentheses[place].end:
            return self._parentheses[place]
        return None

    def at_surface(self, index: int, within: Region) -> bool:
        """Whether a character of ``within`` stands outside of parentheses opened inside it."""
        if self.parenthesis_at(index) is None:
            return True
        opened = self._nested[first_at(self._nested, within.start) :]
        return not any(around.start <= index < around.end for around in opened)

    def parentheses_in(self, region: Region) -> list[Region]:
        """The balanced parentheses in a region that lie in no other there, in order."""
        first, behind = first_at(self._nested, region.start), first_at(self._nested, region.end)
        return _outermost(each for each in self._nested[first:behind] if each.end <= region.end)

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

    def cues_in(self, region: Region, *kinds: str) -> list[Cue]:
        """Cues of these kinds at the surface of a region, in order."""
        if not self.cues:
            return []
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
