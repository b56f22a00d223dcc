"""Concepts that only a learned tagger sees, beside those that the rules read."""

import re
from collections.abc import Iterable, Iterator, Sequence

from trialcriteria.relate.context import plain_places
from trialcriteria.relate.gaps import is_close
from trialcriteria.schema import Span
from trialcriteria.tag.concepts import GIVING
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept
from trialcriteria.tag.learned.policy import unclaimed
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.tagger import from_learned
from trialcriteria.view import lower_view

_OF = re.compile(r" of (?:an? |the )?")
_NEAR = 12  # code points
_LIKENED = re.compile(r"\b(?:similar|comparable)\s\Z")


def with_learned(
    view: str, known: Sequence[Mention], learned: Learned, least: float
) -> tuple[Mention, ...]:
    """The known mentions, and beside them the concepts of at least a score that meet none of them.

    What only says more about a known concept, or is only likened to others, is none.
    """
    alone = unclaimed(map(_extent, known), learned, least)
    if not alone:
        return tuple(known)
    places = [*_with_times(view, known)]
    apart = [one for one in _naming(view, known, alone) if not _says_more(view, one, places)]
    added = [from_learned(view, one, learned.source) for one in apart]
    return tuple(sorted((*known, *added), key=lambda mention: mention.start))


def _extent(mention: Mention) -> Span:
    """From a mention's first word to its last, with all that stands between."""
    places = mention.places
    return Span(places[0].start, places[-1].end)


def _naming(
    view: str, known: Iterable[Mention], learned: Iterable[LearnedConcept]
) -> Iterator[LearnedConcept]:
    """What is learned but for words of a cue ("not recovered from"), and for the empty nouns behind
    a measure ("total score")."""
    lowered = lower_view(view)
    cues = plain_places(lowered)
    measured = min((each.end for each in known if each.label == "measurement"), default=len(view))
    for one in learned:
        is_of_cue = any(cue.start <= one.start and one.end <= cue.end for cue in cues)
        if not is_of_cue and (one.start < measured or not is_close(lowered[one.start : one.end])):
            yield one


def _with_times(view: str, known: Iterable[Mention]) -> Iterator[Span]:
    """Where concepts stand, each with the window that leads to it ("within a day of stroke").

    Not the bare "treatment" of a thing that is yet to be named.
    """
    window = Span(-1, -1)
    for one in known:
        if one.label == "window":
            window = Span(one.start, one.end)
        elif one.value is None and one.time is None and one.source not in GIVING:
            led = view[window.end : one.start] == " "
            yield Span(window.start if led else one.start, one.end)


def _says_more(view: str, one: LearnedConcept, known: Iterable[Span]) -> bool:
    """ "Reliably" right before "complete the diary", the "Kenya" of "resident of Kenya"."""
    if _LIKENED.search(view, max(0, one.start - _NEAR), one.start):
        return True
    return any(
        view[one.end : start] == " " or _OF.fullmatch(view, end, one.start) for start, end in known
    )
