"""Which items of gold and prediction belong together, one to one.

A ``Pairing`` maps places in the list of gold to places in the list of the prediction; each place
occurs at most once.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from trialcriteria.evaluate.annotated import Mention
from trialcriteria.schema import Span

Pairing = dict[int, int]
Weights = Mapping[tuple[int, int], float]
Spans = Sequence[Span]
T = TypeVar("T")

# Less than any difference between two overlaps that are not equal.
_SAME_LABEL = 1e-9


class Matches(NamedTuple):
    """Mentions paired with a mention of the same label; ``relaxed`` contains ``strict``."""

    strict: Pairing
    relaxed: Pairing


def match(gold: Sequence[Mention], predicted: Sequence[Mention]) -> Matches:
    """Mentions of one label, at the same set of spans (strict) or overlapping (relaxed).

    Equal mentions are paired first. The rest is paired so that as many as possible have an
    overlapping partner and, among such pairings, so that the overlaps are greatest.
    """
    strict = equal(_keys(gold), _keys(predicted))
    alike = {
        (one, other): overlap
        for (one, other), overlap in _overlaps(gold, predicted).items()
        if gold[one].label == predicted[other].label
    }
    return Matches(strict, extended(strict, most(alike)))


def nearest(gold: Sequence[Mention], predicted: Sequence[Mention]) -> Pairing:
    """Each mention with the one that overlaps it best, whatever their labels.

    Equal mentions are paired first, the rest so that the overlaps are greatest in sum; the label
    decides only between equal overlaps.
    """
    weights = {
        (one, other): overlap + _SAME_LABEL * (gold[one].label == predicted[other].label)
        for (one, other), overlap in _overlaps(gold, predicted).items()
    }
    return extended(equal(_keys(gold), _keys(predicted)), weights)


def equal(gold: Sequence[Hashable], predicted: Sequence[Hashable]) -> Pairing:
    """Equal items, first with first; a repeated item pairs as often as both sides have it."""
    free: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for place, item in enumerate(predicted):
        free[item].append(place)
    return {place: free[item].popleft() for place, item in enumerate(gold) if free.get(item)}


def extended(pairing: Pairing, weights: Weights) -> Pairing:
    """The pairing, and an assignment of the items that it leaves free."""
    taken = set(pairing.values())
    free = {
        (one, other): weight
        for (one, other), weight in weights.items()
        if one not in pairing and other not in taken
    }
    return pairing | assign(free)


def assign(weights: Weights) -> Pairing:
    """The pairs, out of those that have a (positive) weight, with the greatest sum of weights."""
    rows = sorted({one for one, _ in weights})
    columns = sorted({other for _, other in weights})
    table = np.array([[weights.get((row, column), 0.0) for column in columns] for row in rows])
    if not rows:
        return {}
    chosen = zip(*linear_sum_assignment(table, maximize=True), strict=True)
    return {rows[row]: columns[column] for row, column in chosen if table[row, column] > 0}


def most(weights: Weights) -> Weights:
    """Weights, each at most 1, changed so that the greatest sum goes with the most pairs."""
    return {pair: 1 + weight / (1 + len(weights)) for pair, weight in weights.items()}


def joined(
    gold: Sequence[T], predicted: Sequence[T], pairing: Pairing
) -> Iterator[tuple[T | None, T | None]]:
    """Every item of either side once, beside its partner where it has one."""
    for place, item in enumerate(gold):
        yield item, predicted[pairing[place]] if place in pairing else None
    taken = set(pairing.values())
    for place, item in enumerate(predicted):
        if place not in taken:
            yield None, item


def shared(gold: Sequence[Spans], predicted: Sequence[Spans]) -> Counter[tuple[int, int]]:
    """How many characters each two items have in common; pairs without any are left out."""
    pieces = sorted(
        (start, end, side, place)
        for side, items in enumerate((gold, predicted))
        for place, spans in enumerate(items)
        for start, end in spans
        if start < end
    )
    common: Counter[tuple[int, int]] = Counter()
    reaching: tuple[list[tuple[int, int]], ...] = ([], [])
    for start, end, side, place in pieces:
        for opened in reaching:
            opened[:] = [piece for piece in opened if piece[0] > start]
        for other_end, other in reaching[1 - side]:
            pair = (other, place) if side else (place, other)
            common[pair] += min(end, other_end) - start
        reaching[side].append((end, place))
    return common


def length(spans: Spans) -> int:
    """Characters in the spans."""
    return sum(end - start for start, end in spans)


def envelope(spans: Spans) -> Span:
    """From where the first span begins to where the last one ends; empty at 0 without spans."""
    starts, ends = zip(*spans, strict=True) if spans else ((0,), (0,))
    return Span(min(starts), max(ends))


def words(text: str, spans: Spans) -> str:
    """What stands at the spans, in reading order; `` ... `` where they leave words out."""
    return " ... ".join(text[start:end] for start, end in sorted(spans))


def _keys(mentions: Sequence[Mention]) -> list[tuple[str, tuple[Span, ...]]]:
    return [(mention.label, tuple(sorted(mention.spans))) for mention in mentions]


def _overlaps(gold: Sequence[Mention], predicted: Sequence[Mention]) -> Weights:
    """The Dice coefficient of every two mentions that overlap."""
    ours, theirs = [m.spans for m in gold], [m.spans for m in predicted]
    return {
        (one, other): 2 * count / (length(ours[one]) + length(theirs[other]))
        for (one, other), count in shared(ours, theirs).items()
    }
