"""The best row of tags in which every further word follows a first or further word of its label."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Scores = npt.NDArray[np.float32]
Tags = npt.NDArray[np.intp]

_NEVER = np.float32(-1e9)


def log_shares(scores: Scores) -> Scores:
    """Scores, rows x choices, as log probabilities of each row's choices."""
    # From the greatest down no power overflows.
    below = scores - scores.max(axis=1, keepdims=True)
    shares: Scores = below - np.log(np.exp(below).sum(axis=1, keepdims=True))
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
    words, tags = scores.shape
    firsts = np.arange(1, tags, 2)
    best = scores[0].copy()
    best[2::2] += _NEVER
    back = np.empty(scores.shape, np.intp)
    for at in range(1, words):
        # Any tag may stand before one; but a further word only follows a word of its label.
        of_label = best[1:].reshape(-1, 2)
        back[at] = best.argmax()
        back[at, 2::2] = firsts + of_label.argmax(axis=1)
        best = best[back[at]] + scores[at]
    found = np.empty(words, np.intp)
    found[-1] = best.argmax()
    for at in range(words - 1, 0, -1):
        found[at - 1] = back[at, found[at]]
    return found
