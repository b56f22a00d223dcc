"""Which detector wins where two of them claim the same words."""

from collections.abc import Iterable

from trialcriteria.tag.mentions import Mention

# Grammars read numbers and dates more surely than a word list does; an age is a value although
# it looks like a duration, and a concept inside a window is that window's anchor.
_RANK = {"value": 0, "dose": 0, "window": 1, "duration": 1, "count": 1}


def merge(mentions: Iterable[Mention]) -> tuple[Mention, ...]:
    """Non-overlapping mentions in text order: grammars before lexicons, then longer first."""
    ranked = sorted(mentions, key=lambda m: (_RANK.get(m.label, 2), m.start - m.end, m.start))
    kept: list[Mention] = []
    taken: set[int] = set()
    for mention in ranked:
        cells = range(mention.start, mention.end)
        if taken.isdisjoint(cells):
            kept.append(mention)
            taken.update(cells)
    return tuple(sorted(kept, key=lambda m: m.start))
