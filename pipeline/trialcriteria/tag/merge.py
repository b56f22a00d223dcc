"""Which detector wins where two of them claim the same words."""

from collections.abc import Iterable

from trialcriteria.schema import Span
from trialcriteria.tag.mentions import Mention
from trialcriteria.tag.time.model import AGE_AT_EVENT, FREQUENCY, far_anchor

# Grammars read numbers and dates more surely than a word list does; an age is a value although
# it looks like a duration, and a concept inside a window is that window's anchor.
_RANK = {"value": 0, "dose": 0, "window": 1, "duration": 1, "count": 1}
_SUREST = -1
# "Before the age of 18" says when and is no age asked for, "more than twice a week" how often.
_SURE = frozenset((AGE_AT_EVENT, FREQUENCY))
_LEXICON = 2
_SHORTEST = 3


def merge(view: str, mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Non-overlapping mentions in text order: grammars before lexicons, then longer first.

    A concept that begins with a cue ("current smoker") keeps the words behind the cue.
    """
    ranked = sorted(mentions, key=lambda m: (_rank(m), m.start - m.end, m.start))
    kept: list[Mention] = []
    taken = bytearray(len(view) + 1)
    far: list[Span] = []  # where no concept is, though windows may be
    for mention in ranked:
        while far and _rank(mention) == _LEXICON:
            start, end = far.pop()
            taken[start:end] = b"\1" * (end - start)
        left = _left_over(view, mention, taken) if _rank(mention) == _LEXICON else mention
        if left.end > left.start and taken.find(1, left.start, left.end) < 0:
            kept.append(left)
            taken[left.start : left.end] = b"\1" * (left.end - left.start)
            event = far_anchor(left.time)
            far += [Span(event.start, event.end)] if event else []
    return tuple(sorted(kept, key=lambda m: m.start))


def _rank(mention: Mention) -> int:
    if mention.source in _SURE:
        return _SUREST
    return _RANK.get(mention.label, _LEXICON)


def _left_over(view: str, mention: Mention, taken: bytearray) -> Mention:
    """The concept without the taken words at its beginning, where enough of it is left."""
    start = mention.start
    while start < mention.end and (taken[start] or view[start].isspace()):
        start += 1
    if start == mention.start or mention.end - start < _SHORTEST:
        return mention
    return mention._replace(start=start)
