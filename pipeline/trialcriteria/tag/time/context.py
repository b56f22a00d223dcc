"""What a window without an anchor takes over from the phrases around it."""

import re

from trialcriteria.tag.time.model import TimeMention, WindowParts

_JOINS = frozenset(("and", "or", "and again", "and/or", "or again", "and then again", ""))
_JOIN = re.compile(r",|\b(?:or|and)\b")
_SAME = "time.event.same"
_WINDOWS = ("time.window", "time.event")
_BEFORE = re.compile(r"\s*(?:before|prior to|preceding)\b")
_REACH_OF_A_SIDE = 24
_REACH_OF_A_PLAN = 80
_REACH_OF_A_LIST = 80


def in_context(mentions: list[TimeMention], view: str) -> list[TimeMention]:
    """The same mentions, anchorless windows completed from their neighbours."""
    _repeat(mentions)
    for i in range(len(mentions) - 1, -1, -1):
        mention = mentions[i]
        after = mentions[i + 1] if i + 1 < len(mentions) else None
        if mention.source == "time.window.ago" and after is not None:
            mentions[i] = _before_it(mention, after, view)
        if mention.source == "time.window.within" and isinstance(mention.parts, WindowParts):
            before = mentions[i - 1] if i else None
            parts = _shared(mention, mention.parts, after, view)
            parts = parts or _planned(mention, mention.parts, before, view)
            mentions[i] = mention._replace(parts=parts) if parts else mention
    return mentions


def _repeat(mentions: list[TimeMention]) -> None:
    """ "No steroids in that time": the last window before it, once more."""
    last: WindowParts | None = None
    for i, mention in enumerate(mentions):
        if mention.source == _SAME and last is not None:
            mentions[i] = mention._replace(parts=last, source="time.window.same")
        elif isinstance(mention.parts, WindowParts) and mention.source.startswith(_WINDOWS):
            last = mention.parts


def _before_it(mention: TimeMention, after: TimeMention, view: str) -> TimeMention:
    """ "2 months before, during, or within 2 months after X": before X, too."""
    parts, other = mention.parts, after.parts
    if not (isinstance(parts, WindowParts) and isinstance(other, WindowParts)):
        return mention
    between = view[mention.end : after.start]
    led = _BEFORE.match(view[parts.amounts[-1].end : mention.end].lower()) is not None
    joined = _JOIN.search(between) and len(between) <= _REACH_OF_A_SIDE
    if not (led and joined and other.anchor.end > other.anchor.start):
        return mention
    return mention._replace(parts=parts._replace(anchor=other.anchor))


def _shared(
    mention: TimeMention, parts: WindowParts, after: TimeMention | None, view: str
) -> WindowParts | None:
    """ "within 10 days and again within 24 hours prior to X": both hang on X."""
    other = after.parts if after else None
    if after is None or not isinstance(other, WindowParts) or not other.amounts:
        return None
    between = view[mention.end : after.start]
    if between.strip(" ,").lower() not in _JOINS and not _is_listed(other, between, view):
        return None
    return parts._replace(side=other.side, anchor=other.anchor)


def _is_listed(other: WindowParts, between: str, view: str) -> bool:
    """ "stroke within 3 months or angina within 6 months prior to X" is a list hung on X.

    What looks ahead is one only where a comma parts the event ("within 6 months, after X").
    """
    if len(between) > _REACH_OF_A_LIST or any(sign in between for sign in ".;:"):
        return False
    parted = view[other.amounts[-1].end :].lstrip().startswith(",")
    return parted or (other.side == "before" and _JOIN.search(between) is not None)


def _planned(
    mention: TimeMention, parts: WindowParts, before: TimeMention | None, view: str
) -> WindowParts | None:
    """ "plans to become pregnant within 6 months" looks ahead."""
    if before is None or before.source != "time.planned":
        return None
    between = view[before.end : mention.start]
    if len(between) > _REACH_OF_A_PLAN or any(sign in between for sign in ".;:"):
        return None
    return parts._replace(side="after")
