"""Scores of rows of words -> stretches with a label; the rows of a call are read together."""

import math
from collections.abc import Sequence
from itertools import accumulate, chain, pairwise
from typing import NamedTuple

import numpy as np

from trialcriteria.tag.learned.decode import Scores, best_tags, log_shares
from trialcriteria.tag.learned.layers import Layer, Stretch, stretches

_SUREST = -1e-6


class Guess(NamedTuple):
    """A stretch of a row of words, and the log odds that the network gives it, not calibrated."""

    stretch: Stretch
    odds: float


class LayerShares(NamedTuple):
    """What a layer says of rows of words that stand one behind another.

    ``logs``: words x tags, log probabilities; ``bounds``: where each row begins, and where the last
    one ends.
    """

    layer: Layer
    logs: Scores
    bounds: list[int]


def layer_shares(layer: Layer, scores: Sequence[Scores]) -> LayerShares:
    """The shares of one layer by its scores of each row, words x tags."""
    together = np.concatenate([np.empty((0, layer.size), np.float32), *scores])
    return LayerShares(layer, log_shares(together), [0, *accumulate(map(len, scores))])


def in_rows(layers: Sequence[LayerShares]) -> list[list[Guess]]:
    """For each row its stretches, layer by layer."""
    return [[*chain.from_iterable(row)] for row in zip(*map(_in_layer, layers), strict=True)]


def _in_layer(shares: LayerShares) -> list[list[Guess]]:
    tags = best_tags(shares.logs, shares.bounds[:-1])
    logs = shares.logs[np.arange(len(tags)), tags].tolist()
    named = tags.tolist()
    return [
        [
            Guess(found, _odds(_least(logs[start:end], found)))
            for found in stretches(shares.layer, named[start:end])
        ]
        for start, end in pairwise(shares.bounds)
    ]


def _least(logs: Sequence[float], stretch: Stretch) -> float:
    """The log probability of the least sure of the words, and of the end behind the last one."""
    return min(logs[stretch.first : stretch.last + 2])


def _odds(log: float) -> float:
    """The log odds of a log probability."""
    bounded = min(log, _SUREST)
    return bounded - math.log(-math.expm1(bounded))
