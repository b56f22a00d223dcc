"""Which criterion of one version is which of the other: the same words, else the most alike."""
# ruff: noqa: PLC0415 (numpy and scipy take a while, and most criteria are found by their words)

import re
from collections import defaultdict, deque
from collections.abc import Hashable, Iterable, Sequence, Set
from typing import TYPE_CHECKING

from trialcriteria.compare.details import subjects
from trialcriteria.compare.meaning import words
from trialcriteria.schema import Criterion

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# Of 100: alike enough to be one criterion that was changed, and what a shared subject adds.
_ALIKE = 70
_SHARED = 25

Places = dict[int, int]


def align(before: Sequence[Criterion], after: Sequence[Criterion]) -> Places:
    """Places in ``before`` with their places in ``after``; what has no partner is not in it.

    The same words in one kind of section, then the most alike there, then the same words in
    another kind of section.
    """
    found: Places = {}
    texts, others = list(map(own_words, before)), list(map(own_words, after))
    _pair_equal(found, _kinds(before, texts), _kinds(after, others))
    for kind in dict.fromkeys(one.kind for one in before):
        left = [place for place in _left(found, before) if before[place].kind == kind]
        right = [place for place in _right(found, after) if after[place].kind == kind]
        if left and right:
            found |= _most_alike(before, after, left, right)
    _pair_equal(found, texts, others)
    return found


def own_words(criterion: Criterion) -> str:
    """The words without the printed label, which changes when a criterion is put in above."""
    if criterion.label is None:
        return words(criterion.text)
    label = re.escape(criterion.label)
    return words(re.sub(rf"^\W*?{label}", "", criterion.text, count=1))


def _kinds(criteria: Sequence[Criterion], texts: Iterable[str]) -> list[Hashable]:
    return [(one.kind, text) for one, text in zip(criteria, texts, strict=True)]


def _left(found: Places, before: Sequence[object]) -> list[int]:
    return [place for place in range(len(before)) if place not in found]


def _right(found: Places, after: Sequence[object]) -> list[int]:
    taken = set(found.values())
    return [place for place in range(len(after)) if place not in taken]


def _pair_equal(found: Places, before: Sequence[Hashable], after: Sequence[Hashable]) -> None:
    """Add equal ones that have no partner yet, in their order."""
    waiting: defaultdict[Hashable, deque[int]] = defaultdict(deque)
    for place in _right(found, after):
        waiting[after[place]].append(place)
    for place in _left(found, before):
        if waiting[before[place]]:
            found[place] = waiting[before[place]].popleft()


def _most_alike(
    before: Sequence[Criterion], after: Sequence[Criterion], left: list[int], right: list[int]
) -> Places:
    """The pairs whose likeness is highest in sum, of those that are alike enough."""
    from scipy.optimize import linear_sum_assignment

    alike = _likeness([before[place] for place in left], [after[place] for place in right])
    alike[alike < _ALIKE] = 0
    rows, columns = linear_sum_assignment(alike, maximize=True)
    return {
        left[row]: right[column]
        for row, column in zip(rows, columns, strict=True)
        if alike[row, column]
    }


def _likeness(before: Sequence[Criterion], after: Sequence[Criterion]) -> "NDArray[np.float32]":
    """0 to 150 for each pair: of the words, more where both are about one thing."""
    from numpy import float32
    from rapidfuzz.fuzz import ratio
    from rapidfuzz.process import cdist

    alike = cdist([*map(own_words, before)], [*map(own_words, after)], scorer=ratio, dtype=float32)
    about = [subjects(one.requirement) for one in after]
    for row, one in enumerate(before):
        names = subjects(one.requirement)
        alike[row] += [_shared(names, others) for others in about]
    return alike


def _shared(names: Set[Hashable], others: Set[Hashable]) -> int:
    """What it adds that two criteria share a subject, or all of them."""
    if not names & others:
        return 0
    return 2 * _SHARED if names == others else _SHARED
