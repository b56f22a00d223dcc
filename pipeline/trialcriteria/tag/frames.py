"""Concepts known by the words around them: "fluent in Dutch", "treated with ABC-123".

Rows of ``lexicons/frames.toml`` say what these words are.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from trialcriteria.lexicons.loader import Row, load_rows
from trialcriteria.schema import ConceptKind
from trialcriteria.tag.deeds import GRAMMAR
from trialcriteria.tag.mentions import Mention
from trialcriteria.view import lower_view

_SCORE = 0.8
_LANGUAGE = (
    r"english|spanish|french|german|hindi|chinese|mandarin|japanese|italian|portuguese|dutch"
    r"|arabic|danish|swedish|norwegian|finnish|korean|turkish|polish|russian|hebrew|urdu|bengali"
    r"|swahili|greek|czech|hungarian|vietnamese|tagalog|thai|persian|farsi|somali|luganda"
    r"|cantonese|catalan|romanian|languages?"
)
SUBSTANCE = (
    r"(?:alcohol(?:ic beverages?)?"
    r"|(?:illicit |illegal |recreational |prescription |street )?(?:drugs?|substances?)"
    r"|opioids?|opiates?|narcotics?|cocaine|cannabis|marijuana|nicotine|tobacco|sedatives?"
    r"|stimulants?|medications?)"
)


class FrameRow(Row):
    """The words around one sort of concept; see frames.toml."""

    kind: ConceptKind
    stems: tuple[str, ...]
    pattern: str
    cased: bool = False


class _Frame(NamedTuple):
    row: FrameRow
    pattern: "re.Pattern[str]"


def with_frames(view: str, mentions: tuple[Mention, ...]) -> tuple[Mention, ...]:
    """The mentions, concepts of frames in place of what their words name."""
    lowered = lower_view(view)
    matches = [
        (frame.row, match)
        for frame in dict.fromkeys([frame for stem, frame in _frames() if stem in lowered])
        for match in frame.pattern.finditer(view if frame.row.cased else lowered)
    ]
    if not matches:
        return mentions
    starts, ends = [m.start for m in mentions], [m.end for m in mentions]
    found: dict[int, Mention] = {}
    dropped: set[int] = set()
    for row, match in matches:
        first, last = match.span("concept")
        inside = range(bisect_right(ends, first), bisect_left(starts, match.end()))
        if first in found or not _stands([mentions[at] for at in inside], first, last):
            continue
        dropped.update(inside)
        found[first] = Mention(row.kind, first, last, row.id, _SCORE)
    kept = [m for at, m in enumerate(mentions) if at not in dropped]
    return tuple(sorted((*kept, *_apart(found)), key=lambda m: (m.start, m.end)))


def _stands(inside: list[Mention], first: int, last: int) -> bool:
    """Whether no concept covers it already, and no value or time stands beside it."""
    known = any(m.start <= first and last <= m.end for m in inside)
    beside = [m for m in inside if m.start < first or last < m.end]
    return not (known or any(m.label in GRAMMAR or m.time for m in beside))


def _apart(found: Mapping[int, Mention]) -> Iterator[Mention]:
    """The concepts without those that begin inside an earlier one."""
    free = 0
    for start in sorted(found):
        if start >= free:
            yield found[start]
            free = found[start].end


@cache
def _frames() -> tuple[tuple[str, _Frame], ...]:
    """Each stem with its frame, in the order of the rows."""
    rows = load_rows("frames", FrameRow)
    frames = [_Frame(row, re.compile(_spelled_out(row.pattern))) for row in rows]
    return tuple((stem, frame) for frame in frames for stem in frame.row.stems)


def _spelled_out(pattern: str) -> str:
    return pattern.replace("LANGUAGE", _LANGUAGE).replace("SUBSTANCE", SUBSTANCE)
