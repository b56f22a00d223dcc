"""Rows in batches of like length, and these as tensors."""

import random
from collections.abc import Sequence

from torch import Tensor

from training.networks import padded
from trialcriteria.tag.learned.pieces import Pieces

_JITTER = 4


def batches(lengths: Sequence[int], budget: int, rng: random.Random) -> list[list[int]]:
    """All places, in random batches of at most ``budget`` pieces, padding included."""
    order = sorted(range(len(lengths)), key=lambda at: lengths[at] + rng.random() * _JITTER)
    made: list[list[int]] = []
    longest = 0
    for at in order:
        longest = max(longest, lengths[at])
        if not made or longest * (len(made[-1]) + 1) > budget:
            made.append([])
            longest = lengths[at]
        made[-1].append(at)
    rng.shuffle(made)
    return made


def tensors(rows: Sequence[Pieces]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, shapes and mask of rows, each rows x pieces."""
    ids = padded([row.ids for row in rows])
    shapes = padded([row.shapes for row in rows])
    mask = padded([[1] * len(row.ids) for row in rows])
    return ids, shapes, mask
