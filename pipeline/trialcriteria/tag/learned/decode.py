"""The best row of tags in which every further word follows a first or further word of its label."""

from collections.abc import Sequence
from functools import cache

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Tags = npt.NDArray[np.intp]

_NEVER = np.float32(-1e9)


def log_shares(scores: Scores) -> Scores:
    """Scores, rows x choices, as log probabilities of each row's choices."""
    shares: Scores = scores - np.logaddexp.reduce(scores, axis=1, keepdims=True)
    return shares


def best_tags(scores: Scores, firsts: Sequence[int] = (0,)) -> Tags:
    """The best allowed row of tags for ``scores`` (words x tags, log probabilities).

    Several rows may stand one behind another; ``firsts`` is where each begins. Where the best tag
    of each word of a row is allowed there, that is the answer; else Viterbi's algorithm (Viterbi
    1967, doi:10.1109/TIT.1967.1054010) finds it.
    """
    tags: Tags = scores.argmax(axis=1)
    bounds = [*firsts, len(tags)]
    misplaced = _misplaced(tags, bounds[:-1])
    for row in np.unique(np.searchsorted(bounds, misplaced, side="right") - 1):
        place = slice(bounds[row], bounds[row + 1])
        tags[place] = _viterbi(scores[place])
    return tags


def _misplaced(tags: Tags, firsts: Sequence[int]) -> Tags:
    """Where a further word does not follow a first or further word of its label."""
    before = np.concatenate(([0], tags))
    before[firsts] = 0
    before = before[:-1]
    further = (tags > 0) & (tags % 2 == 0)
    misplaced: Tags = (further & (before != tags) & (before != tags - 1)).nonzero()[0]
    return misplaced


def _viterbi(scores: Scores) -> Tags:
    allowed = _allowed(scores.shape[1])
    best = scores[0] + allowed[0]
    back = np.zeros(scores.shape, np.intp)
    for at in range(1, len(scores)):
        ways = best[:, None] + allowed
        back[at] = ways.argmax(axis=0)
        best = ways.max(axis=0) + scores[at]
    tags = np.empty(len(scores), np.intp)
    tags[-1] = best.argmax()
    for at in range(len(scores) - 1, 0, -1):
        tags[at - 1] = back[at, tags[at]]
    return tags


@cache
def _allowed(size: int) -> Scores:
    """What a step from tag (row) to tag (column) costs: nothing, or everything."""
    steps = np.zeros((size, size), np.float32)
    further = np.arange(2, size, 2)
    steps[:, further] = _NEVER
    steps[further, further] = 0
    steps[further - 1, further] = 0
    return steps
