"""Precision, recall and F1 with bootstrap intervals by posting, and a paired test.

Every measure comes down to one ``Tally`` for each posting and label: how many items gold has, how
many the prediction has, and how many of them agree one to one.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt

from trialcriteria.schema import Model, Span

RESAMPLES = 1000
SWAPS = 10_000
BLOCKS = 10
SEED = 20_261_122

Counts = npt.NDArray[np.float64]
T = TypeVar("T")


class Tally(NamedTuple):
    """Items of one label in one posting; ``correct`` is at most the smaller of the two."""

    gold: int
    predicted: int
    correct: int


Tallies = Mapping[str, Tally]


class Mistake(Model):
    """One disagreement: what gold has, what the prediction has, and where.

    ``kind`` is missing (gold only), spurious (prediction only) or differs (paired, not equal).
    ``weight`` orders mistakes, worst first: how many parts of the item are wrong.
    """

    measure: str
    posting: str
    label: str
    kind: str
    gold: str | None
    predicted: str | None
    predicted_label: str | None = None
    span: Span
    weight: float = 1.0


class Shown(NamedTuple):
    """How a mistake shows one of its sides."""

    label: str
    line: str
    span: Span


class Judged(NamedTuple):
    """One posting under one measure: its tallies by strictness, and its mistakes."""

    tallies: Mapping[str, Tallies]
    mistakes: Sequence[Mistake] = ()


@dataclass(frozen=True, slots=True)
class Measured:
    """One measure: for each strictness the tallies of each posting, postings in one order."""

    name: str
    tallies: Mapping[str, Sequence[Tallies]]
    mistakes: tuple[Mistake, ...] = ()


class Score(Model):
    """A leaf of the report; ``ci95`` is the percentile bootstrap interval of F1 by posting.

    Precision (recall) is null where nothing was predicted (where gold has nothing). Samples in
    which neither side has anything are left out of the interval.
    """

    precision: float | None
    recall: float | None
    f1: float | None
    ci95: tuple[float, float] | None
    gold: int
    predicted: int
    correct: int


class Comparison(Model):
    """Two predictions on the same postings: F1 of each, and a two-sided p value."""

    first: float
    second: float
    difference: float
    p: float


def summary(postings: Sequence[Tallies]) -> dict[str, Score]:
    """The scores of one strictness: ``micro``, ``macro``, then each label by name."""
    labels = sorted({label for tallies in postings for label in tallies})
    by_label = [_counts(postings, label) for label in labels]
    weights = _resamples(len(postings))
    each = [_score(counts, weights) for counts in by_label]
    return {
        "micro": _score(_totals(postings), weights),
        "macro": _macro(each, by_label, weights),
        **dict(zip(labels, each, strict=True)),
    }


def compare(first: Sequence[Tallies], second: Sequence[Tallies]) -> Comparison:
    """Approximate randomisation test (Noreen 1989) on micro F1, swapping whole postings.

    Both sides have the same postings in the same order.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} postings cannot be paired with {len(second)}")
    one, two = _totals(first), _totals(second)
    moved = _swaps(two - one)
    ours, theirs = (_f1(totals.sum(axis=0), empty=0.0) for totals in (one, two))
    swapped = _f1(one.sum(axis=0) + moved, empty=0.0) - _f1(two.sum(axis=0) - moved, empty=0.0)
    extreme = np.sum(np.abs(swapped) >= np.abs(ours - theirs) - 1e-12)
    return Comparison(
        first=float(ours),
        second=float(theirs),
        difference=float(ours - theirs),
        p=float((extreme + 1) / (SWAPS + 1)),
    )


def grouped(measured: Measured, keys: Sequence[str]) -> Measured:
    """The measure with the tallies of equal keys (one a posting) summed into one."""
    return replace(
        measured,
        tallies={name: _summed(each, keys) for name, each in measured.tallies.items()},
    )


def _summed(postings: Sequence[Tallies], keys: Sequence[str]) -> list[Tallies]:
    found: dict[str, dict[str, Tally]] = {}
    for key, tallies in zip(keys, postings, strict=True):
        own = found.setdefault(key, {})
        for label, each in tallies.items():
            own[label] = add((own.get(label, Tally(0, 0, 0)), each))
    return list(found.values())


def add(tallies: Iterable[Tally]) -> Tally:
    """The sum of tallies."""
    return Tally(*map(sum, zip(Tally(0, 0, 0), *tallies, strict=True)))


def tally(gold: Iterable[str], predicted: Iterable[str], correct: Iterable[str]) -> Tallies:
    """The tallies of one posting, from the labels of its items."""
    counts = (Counter(gold), Counter(predicted), Counter(correct))
    labels = sorted({label for count in counts for label in count})
    return {label: Tally(*(count[label] for count in counts)) for label in labels}


def measured(name: str, strictnesses: Sequence[str], postings: Iterable[Judged]) -> Measured:
    """One measure from what each posting gave."""
    judged = list(postings)
    return Measured(
        name,
        {strictness: [one.tallies[strictness] for one in judged] for strictness in strictnesses},
        tuple(mistake for one in judged for mistake in one.mistakes),
    )


def mistakes(
    measure: str,
    posting: str,
    joined: Iterable[tuple[T | None, T | None]],
    wrong: Callable[[T | None, T | None], float],
    show: Callable[[T], Shown],
) -> list[Mistake]:
    """What is wrong in items of gold beside items of the prediction; ``wrong`` gives the weight.

    An item without a partner stands beside none; a weight of 0 is no mistake.
    """
    return [
        _mistake(measure, posting, weight, *(None if one is None else show(one) for one in pair))
        for pair in joined
        if (weight := wrong(*pair))
    ]


def _mistake(
    measure: str, posting: str, weight: float, gold: Shown | None, predicted: Shown | None
) -> Mistake:
    first = gold or predicted
    assert first is not None
    return Mistake(
        measure=measure,
        posting=posting,
        label=first.label,
        kind="spurious" if gold is None else "missing" if predicted is None else "differs",
        gold=gold.line if gold else None,
        predicted=predicted.line if predicted else None,
        predicted_label=predicted.label if predicted else None,
        span=first.span,
        weight=weight,
    )


def _counts(postings: Sequence[Tallies], label: str) -> Counts:
    """Shape (postings, 3): gold, predicted, correct."""
    return np.array([tallies.get(label, (0, 0, 0)) for tallies in postings], dtype=float)


def _totals(postings: Sequence[Tallies]) -> Counts:
    return np.array([add(tallies.values()) for tallies in postings], dtype=float).reshape(-1, 3)


def _resamples(postings: int) -> Counts:
    """Shape (RESAMPLES, postings): how often each posting is drawn, with replacement."""
    if postings == 0:
        return np.zeros((RESAMPLES, 0))
    even = np.full(postings, 1 / postings)
    return np.random.default_rng(SEED).multinomial(postings, even, size=RESAMPLES).astype(float)


def _swaps(changes: Counts) -> Counts:
    """Shape (SWAPS, 3): how the totals change when each posting is swapped or not at random.

    Postings that are equal on both sides are left out; drawing in blocks bounds the memory.
    """
    changes = changes[np.any(changes != 0, axis=1)]
    draws = np.random.default_rng(SEED)
    blocks = [
        draws.integers(0, 2, size=(SWAPS // BLOCKS, len(changes))) @ changes for _ in range(BLOCKS)
    ]
    return np.concatenate(blocks)


def _f1(counts: Counts, empty: float = np.nan) -> Counts:
    """F1 over the last axis (gold, predicted, correct); ``empty`` where both sides are empty."""
    both = counts[..., 0] + counts[..., 1]
    return np.divide(2 * counts[..., 2], both, out=np.full_like(both, empty), where=both > 0)


def _score(counts: Counts, weights: Counts) -> Score:
    gold, predicted, correct = counts.sum(axis=0)
    seen = gold + predicted > 0
    return Score(
        precision=correct / predicted if predicted else None,
        recall=correct / gold if gold else None,
        f1=2 * correct / (gold + predicted) if seen else None,
        ci95=_interval(_f1(weights @ counts)) if seen else None,
        gold=int(gold),
        predicted=int(predicted),
        correct=int(correct),
    )


def _macro(scores: Sequence[Score], by_label: Sequence[Counts], weights: Counts) -> Score:
    """Unweighted means over the labels that occur; counts are sums.

    A ratio without a denominator counts as 0, as in seqeval.
    """
    seen = [score for score in scores if score.f1 is not None]
    total = add(Tally(score.gold, score.predicted, score.correct) for score in seen)
    resampled = [_f1(weights @ counts) for counts in by_label]
    return Score(
        precision=_mean([score.precision for score in seen]),
        recall=_mean([score.recall for score in seen]),
        f1=_mean([score.f1 for score in seen]),
        ci95=_interval(_mean_of_seen(np.array(resampled))) if seen else None,
        **total._asdict(),
    )


def _mean(ratios: Sequence[float | None]) -> float | None:
    return sum(ratio or 0.0 for ratio in ratios) / len(ratios) if ratios else None


def _mean_of_seen(values: Counts) -> Counts:
    """Mean over the first axis without the entries that are not a number."""
    seen = np.sum(~np.isnan(values), axis=0)
    sums = np.nansum(values, axis=0)
    means: Counts = np.divide(sums, seen, out=np.full_like(sums, np.nan), where=seen > 0)
    return means


def _interval(values: Counts) -> tuple[float, float]:
    low, high = np.nanpercentile(values, [2.5, 97.5])
    return float(low), float(high)
