"""The trial that somebody takes part in: "enrolled in another interventional study".

The trial is the concept, named by its own words up to "trial" or "study"; the words of taking part
are none. Elsewhere "study" is too general a head ("sleep study").
"""

import re
from typing import NamedTuple

from trialcriteria.tag.mentions import Mention
from trialcriteria.view import lower_view, mask

SOURCE = "frame.participation"
_SCORE = 0.8
_PART = (
    r"(?:particip(?:at(?:es?|ed|ing|ion)|ants?)|(?:re-?)?enrol(?:l?ment|led|ling|l)?"
    r"|(?:takes?|taking|taken|took) part|includ(?:ed|ing)|inclusion|involve[ds]?|involvement"
    r"|randomi[sz](?:ed|ation)|recruit(?:ed|ment)|entered|entering|joined)"
)
# What the words of taking part hold, and those for a trial: quicker to look for than the words.
_PART_STEMS = (
    "particip",
    "enrol",
    " part ",
    "inclu",
    "involve",
    "randomi",
    "recruit",
    "enter",
    "joined",
)
_HEAD_STEMS = ("trial", "stud", "protocol", "research", "investigation", "registr")
_LEAD = (
    r"(?:an?|the|any|another|other|others|one|more|this|these|our|present|current|concurrent"
    r"|different|same|additional|similar|simultaneous|previous|prior|concomitant|ongoing)"
)
_STOP = (
    r"(?:of|that|which|with|during|within|from|at|prior|before|after|in|on|for|to|who|where|and|or"
    r"|if|is|are|was|were|has|have|had|by|as|not|and/or)"
)
_HEAD = (
    r"(?:trials?|stud(?:y|ies)|protocols?|research|investigations?|registr(?:y|ies))"
    r"(?: (?:trials?|stud(?:y|ies)|protocols?|projects?|programs?))?"
)
_FRAME = re.compile(
    rf"\b{_PART} (?:\w+ly )?(?:in|on|into|to|for|with) (?P<lead>(?:(?:some )?{_LEAD},? )*)"
    rf"(?P<trial>(?:(?!{_STOP}\b)[\w/+-]+ ){{0,5}}?{_HEAD})\b(?! (?:drugs?|medications?|treatments?"
    r"|products?|procedures?|visits?|products?|agents?|devices?|vaccines?|arms?|period)\b)"
)


_OTHER = re.compile(r"\b(?:an?|any|another|others?|more|different|similar|same|additional)\b")
_EARLIER = re.compile(r"\b(?:previous\w*|prior|earlier|already|past)\b(?! to\b)[^.;]{0,20}\Z")
_BARE = frozenset({"study", "trial", "protocol", "research", "studies", "trials"})
_BEFORE = 40  # code points in which "previously" can stand


class _Frame(NamedTuple):
    start: int
    end: int
    trial: tuple[int, int]


def with_trials(view: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The mentions, trials that somebody takes part in named by their own words."""
    lowered = lower_view(view)
    if not all(any(map(lowered.__contains__, stems)) for stems in (_HEAD_STEMS, _PART_STEMS)):
        return mentions
    timed = mask(view, [m for m in mentions if m.time])
    frames = [
        _Frame(*m.span(), m.span("trial"))
        for m in _FRAME.finditer(lowered)
        if not (_is_own(lowered, m) or timed[m.start()])
    ]
    if not frames:
        return mentions
    taken = mask(view, frames)
    kept = [m for m in mentions if m.value or m.time or not any(taken[m.start : m.end])]
    found = [Mention("study", *frame.trial, SOURCE, _SCORE) for frame in frames]
    return tuple(sorted((*kept, *found), key=lambda m: (m.start, m.end)))


def _is_own(lowered: str, frame: "re.Match[str]") -> bool:
    """ "Participation in the study": the trial of the posting, which nobody has to be asked about.

    Whoever was in it before has been in another part of it.
    """
    if frame["trial"] not in _BARE or _OTHER.search(frame["lead"]):
        return False
    return not _EARLIER.search(lowered, max(0, frame.start() - _BEFORE), frame.start())
