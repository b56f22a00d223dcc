"""Windows that hang on the very thing a statement is about: "at least 6 months after stroke".

Seen from the patient, the stroke was at least 6 months ago. The window then ends before the words
of the event, which are left to be the statement's subject.
"""

from collections.abc import Sequence

from trialcriteria.tag.time.model import (
    OF_STATE,
    AnchorWords,
    TimeMention,
    WindowParts,
    far_anchor,
)
from trialcriteria.tag.time.tokens import Tokens

Place = tuple[int, int]

_THINGS = frozenset(("event", "surgery", "transplant", "diagnosis", "delivery"))
_ENDS = frozenset(("", ".", ";", ")", "or"))
_BEFORE_STATE = frozenset((",", ";", "(", "or", "and", "is", "are", "be", "being", "currently"))
_BREAKS = frozenset((".", ";", ":", "-"))
_OPENING = frozenset(("stop", "person", "filler", "at", "anchor", "passing", "study_word"))
_MOST_OPENING_WORDS = 12
_STUDY = frozenset(("study", "trial", "protocol", "investigational"))


def _in_state(ts: Tokens, mention: TimeMention, parts: WindowParts) -> TimeMention | None:
    """ "Pregnant or < 6 weeks postpartum": the state itself is what is stated."""
    if parts.anchor.event != "delivery":
        return None
    i, j = ts.index_at(mention.start), ts.index_at(parts.anchor.start)
    if not ts.has(j, "since_event"):
        return None
    if i and ts.words[i - 1] not in _BEFORE_STATE and not ts.has(i - 1, "person"):
        return None
    today = AnchorWords("now", ts.end(j), ts.end(j))
    whole = parts._replace(side="before", anchor=today)
    return mention._replace(end=ts.end(j), parts=whole, source=OF_STATE)


def of_subject(ts: Tokens, mention: TimeMention, named: Sequence[Place]) -> TimeMention:
    """The mention, seen from the patient where its event is the subject.

    ``named``: places of concepts, in no order.
    """
    parts = mention.parts
    if not (isinstance(parts, WindowParts) and parts.amounts):
        return mention
    anchor = parts.anchor
    state = _in_state(ts, mention, parts)
    if state:
        return state
    if (
        far_anchor(mention)
        or parts.opening
        or not any(anchor.start <= s and e <= anchor.end for s, e in named)
    ):
        return mention
    since = _direction(ts, parts.amounts[-1].end, anchor.start)
    if since is None:
        return mention
    row, end = since
    if parts.side != "after" and row != "time.of":
        return mention
    elapsed = row == "time.since" or _is_away(ts, mention, parts, named)
    if not elapsed and not (anchor.event in _THINGS and _stands_alone(ts, mention, named)):
        return mention
    today = AnchorWords("now", end, end)
    return mention._replace(end=end, parts=parts._replace(side="before", anchor=today))


def _direction(ts: Tokens, start: int, end: int) -> tuple[str, int] | None:
    """Row and end offset of the last "since" or "after" in [start, end)."""
    for i in range(ts.index_at(end) - 1, ts.index_at(start) - 1, -1):
        cue = ts.cue(i, "direction")
        if cue:
            return cue[0].id, ts.end(cue[1])
    return None


def _is_away(ts: Tokens, mention: TimeMention, parts: WindowParts, named: Sequence[Place]) -> bool:
    """ "At least 4 weeks from the last dose of chemotherapy", where nothing else stands before."""
    anchor = parts.anchor
    words = ts.words[ts.index_at(parts.amounts[-1].end) : ts.index_at(anchor.end)]
    away = "from" in words and _STUDY.isdisjoint(words)
    return away and parts.bound in ("low", "high") and _begins(ts, mention, named)


def _stands_alone(ts: Tokens, mention: TimeMention, named: Sequence[Place]) -> bool:
    """Nothing else is in the statement: "Patients who are 6 to 12 weeks after amputation"."""
    behind = ts.index_at(mention.end)
    behind += ts.words[behind] == "," and not ts.words[behind + 1]
    return ts.words[behind] in _ENDS and _begins(ts, mention, named)


def _begins(ts: Tokens, mention: TimeMention, named: Sequence[Place]) -> bool:
    """Whether the statement begins with the window, but for "patients who are"."""
    i = ts.index_at(mention.start)
    least = max(i - _MOST_OPENING_WORDS, 0)
    while i > least and not _OPENING.isdisjoint(ts.roles[i - 1]):
        i -= 1
    begins = i == 0 or ts.words[i - 1] in _BREAKS
    return begins and not any(ts.start(i) <= s and e <= mention.start for s, e in named)
