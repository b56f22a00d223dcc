"""A subject for a time or count that no known concept has: "has lived in X for 6 months".

The words themselves are the observation: those before a time, those behind a count.
"""

import re
from collections.abc import Iterable
from itertools import dropwhile

from trialcriteria.relate.qualify import attach_context
from trialcriteria.relate.scope import Region, Scope
from trialcriteria.relate.subjects import subject_words
from trialcriteria.relate.times import attach_times, is_weak
from trialcriteria.relate.tree import Leaf, Tree, Unit
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.time import far_anchor

SOURCE = "phrase:timed"
_SCORE = 0.4
_MOST_WORDS = 8
_WORD = re.compile(r"[^\W_][\w'/&-]*")
_END = re.compile(r"[,;:()\[\]]|\.\s|\b(?:or|but|if|unless)\b")


def timed_tree(scope: Scope, region: Region) -> Tree | None:
    """The fact of a criterion without a concept; none where it names no time or count."""
    times = [m for m in scope.in_region(region) if _is_stated(m)]
    if not times or any(m.value is not None for m in scope.in_region(region)):
        return None
    named = _named(scope, region, times[0])
    if named is None:
        return None
    unit = Unit(Mention("observation", named.start, named.end, SOURCE, _SCORE))
    attach_times(scope, [unit], list(times))
    attach_context(scope, [unit], region)
    return Leaf(unit) if unit.windows or unit.duration or unit.count else None


def is_timed(units: Iterable[Unit]) -> bool:
    """Whether one of the units has such a subject."""
    return any(unit.concept.source == SOURCE for unit in units)


def _is_stated(mention: Mention) -> bool:
    if mention.label == "window":
        return not is_weak(mention)
    return mention.label in {"duration", "count"}


def _named(scope: Scope, region: Region, time: Mention) -> Region | None:
    """The words before a time, else those behind it; of a count first those behind."""
    behind = _trimmed(scope, Region(time.end, _end(scope, time, region.end)))
    if time.label == "count" and behind is not None:
        return behind
    before = Region(region.start, time.start)
    if _END.search(scope.lowered, *before):
        return None
    return _trimmed(scope, before) if _words(scope, before) else behind


def _end(scope: Scope, time: Mention, end: int) -> int:
    """Where the phrase behind a time ends: at a mark, a connector, a mention, its event."""
    cut = _END.search(scope.lowered, time.end, end)
    ends = [m.start for m in scope.mentions if m.start >= time.end]
    event = far_anchor(time.time)
    ends += [event.start] if event else []
    return min([end, *ends, *([cut.start()] if cut else [])])


def _words(scope: Scope, region: Region) -> "list[re.Match[str]]":
    """The words of a region from the first that names something."""
    words = list(_WORD.finditer(scope.lowered, region.start, region.end))
    opening = subject_words("opening")
    return list(dropwhile(lambda word: word[0] in opening, words))


def _trimmed(scope: Scope, region: Region) -> Region | None:
    """The phrase without words that name nothing at its ends; none where it is a sentence."""
    words = _words(scope, region)
    ends = subject_words("opening") | subject_words("closing")
    while words and words[-1][0] in ends:
        words.pop()
    if not 0 < len(words) <= _MOST_WORDS:
        return None
    return Region(words[0].start(), words[-1].end())
