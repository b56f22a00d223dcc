"""The best allowed row of tags, against trying all."""

from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from trialcriteria.tag.learned.decode import best_tags, log_shares

SCORES = arrays(
    np.float32,
    st.tuples(st.integers(1, 4), st.just(5)),
    elements=st.floats(-9, 9, width=32).map(lambda x: np.float32(round(x, 2))),
)


def is_allowed(tags: tuple[int, ...]) -> bool:
    pairs = zip((0, *tags), tags, strict=False)
    return all(tag % 2 == 1 or tag == 0 or before in (tag, tag - 1) for before, tag in pairs)


@given(SCORES)
def test_no_allowed_row_scores_more(scores: np.ndarray) -> None:
    logs = log_shares(scores)
    best = tuple(best_tags(logs).tolist())
    every = (row for row in product(range(5), repeat=len(scores)) if is_allowed(row))
    most = max(sum(logs[at, tag] for at, tag in enumerate(row)) for row in every)
    assert is_allowed(best)
    assert sum(logs[at, tag] for at, tag in enumerate(best)) == pytest.approx(most, abs=1e-3)


@given(SCORES)
def test_shares_sum_to_one(scores: np.ndarray) -> None:
    assert np.exp(log_shares(scores)).sum(axis=1) == pytest.approx(1, abs=1e-4)
