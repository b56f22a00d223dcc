"""One-to-one pairing of items by equality, by overlap and by weight."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.evaluate.annotated import Mention
from trialcriteria.evaluate.matching import (
    assign,
    envelope,
    equal,
    extended,
    joined,
    length,
    match,
    most,
    nearest,
    shared,
    words,
)
from trialcriteria.schema import Span


def mention(label, *ends):
    """Spans from their ends: 0, 4, 6, 9 is [0, 4) and [6, 9)."""
    return Mention(label, tuple(map(Span, ends[::2], ends[1::2])))


spans = st.tuples(st.integers(0, 12), st.integers(1, 6)).map(lambda at: Span(at[0], sum(at)))
mentions = st.lists(st.builds(Mention, st.sampled_from("ab"), st.tuples(spans)), max_size=6)


@pytest.mark.parametrize(
    ("gold", "predicted", "strict", "relaxed"),
    [
        # Nothing to pair.
        ([], [], {}, {}),
        ([mention("a", 0, 4)], [], {}, {}),
        # Touching is not overlapping.
        ([mention("a", 0, 4)], [mention("a", 4, 6)], {}, {}),
        ([mention("a", 0, 4)], [mention("a", 3, 6)], {}, {0: 0}),
        # The label has to be the same.
        ([mention("a", 0, 4)], [mention("b", 0, 4)], {}, {}),
        # One to one: the second of two overlaps has no partner.
        ([mention("a", 0, 9)], [mention("a", 0, 3), mention("a", 4, 9)], {}, {0: 1}),
        # Equal mentions first, though the other pairing would have more pairs.
        (
            [mention("a", 0, 4), mention("a", 3, 6)],
            [mention("a", 0, 4), mention("a", 0, 2)],
            {0: 0},
            {0: 0},
        ),
        # As many pairs as possible, though the overlap of 0 and 0 is greater.
        (
            [mention("a", 0, 8), mention("a", 7, 9)],
            [mention("a", 1, 9), mention("a", 0, 1)],
            {},
            {0: 1, 1: 0},
        ),
        # Discontinuous: the set of spans, in any order; an overlap of one of them is relaxed.
        ([mention("a", 0, 4, 6, 9)], [mention("a", 6, 9, 0, 4)], {0: 0}, {0: 0}),
        ([mention("a", 0, 4, 6, 9)], [mention("a", 0, 9)], {}, {0: 0}),
        ([mention("a", 0, 4, 6, 9)], [mention("a", 4, 6)], {}, {}),
        # A repeated mention pairs as often as both sides have it.
        ([mention("a", 0, 4)] * 2, [mention("a", 0, 4)] * 3, {0: 0, 1: 1}, {0: 0, 1: 1}),
    ],
)
def test_match(gold, predicted, strict, relaxed):
    found = match(gold, predicted)
    assert (found.strict, found.relaxed) == (strict, relaxed)


@given(mentions, mentions)
def test_matches_are_sound(gold, predicted):
    strict, relaxed = match(gold, predicted)
    assert strict.items() <= relaxed.items()
    assert len(set(relaxed.values())) == len(relaxed)
    for one, other in relaxed.items():
        assert gold[one].label == predicted[other].label
        assert shared([gold[one].spans], [predicted[other].spans])
    assert all(gold[one] == predicted[other] for one, other in strict.items())


@given(mentions, mentions)
def test_matching_does_not_depend_on_the_side(gold, predicted):
    forth, back = match(gold, predicted), match(predicted, gold)
    assert len(forth.strict) == len(back.strict)
    assert len(forth.relaxed) == len(back.relaxed)


@given(mentions)
def test_everything_matches_itself(gold):
    found = match(gold, gold)
    assert len(found.strict) == len(found.relaxed) == len(nearest(gold, gold)) == len(gold)


def test_nearest_goes_by_overlap_then_label():
    gold = [mention("a", 0, 9), mention("b", 0, 9)]
    predicted = [mention("b", 0, 8), mention("a", 0, 8), mention("a", 8, 9)]
    assert nearest(gold, predicted) == {0: 1, 1: 0}
    assert nearest([mention("a", 0, 9)], [mention("a", 8, 9), mention("b", 0, 8)]) == {0: 1}


@given(
    st.dictionaries(st.tuples(st.integers(0, 3), st.integers(0, 3)), st.integers(1, 9), max_size=9)
)
def test_assign_has_the_greatest_sum(weights):
    found = assign(weights)
    assert len(set(found.values())) == len(found)
    assert found.items() <= weights.keys()
    best = max(
        sum(weights.get(pair, 0) for pair in enumerate(order)) for order in permutations(range(4))
    )
    assert sum(weights[pair] for pair in found.items()) == best


def test_most_prefers_more_pairs():
    weights = {(0, 0): 1.0, (0, 1): 0.1, (1, 0): 0.1}
    assert assign(weights) == {0: 0}
    assert assign(most(weights)) == {0: 1, 1: 0}


def test_extended_leaves_pairs_as_they_are():
    assert extended({0: 0}, {(0, 1): 9.0, (1, 0): 9.0, (1, 1): 0.1}) == {0: 0, 1: 1}


def test_equal_pairs_first_with_first():
    assert equal("abca", "aab") == {0: 0, 1: 2, 3: 1}


def test_joined_has_every_item_once():
    assert list(joined("abc", "xy", {1: 0})) == [
        ("a", None), ("b", "x"), ("c", None), (None, "y"),
    ]  # fmt: skip


@given(st.lists(st.lists(spans, max_size=2), max_size=5), st.lists(st.lists(spans), max_size=5))
def test_shared_counts_characters(gold, predicted):
    found = shared(gold, predicted)
    for one, ours in enumerate(gold):
        for other, theirs in enumerate(predicted):
            common = [
                len(set(range(*first)) & set(range(*second))) for first in ours for second in theirs
            ]
            assert found[one, other] == sum(common)
    assert all(found.values())


def test_empty_spans_share_nothing():
    assert not shared([[Span(3, 3)]], [[Span(0, 9)]])


def test_words_length_and_envelope():
    spans = [Span(6, 9), Span(0, 3)]
    assert words("old new far", spans) == "old ... w f"
    assert length(spans) == 6
    assert envelope(spans) == Span(0, 9)
    assert envelope([]) == Span(0, 0)
