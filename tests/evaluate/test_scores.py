"""The arithmetic of scores: averages, intervals and the paired test."""

import copy

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.evaluate.scores import (
    Judged,
    Measured,
    Tally,
    add,
    compare,
    grouped,
    measured,
    summary,
    tally,
)

counts = st.integers(0, 20)


@st.composite
def postings(draw, labels=("a", "b"), min_size=0, max_size=8):
    """Tallies of some postings."""

    def one():
        gold, predicted = draw(counts), draw(counts)
        return Tally(gold, predicted, draw(st.integers(0, min(gold, predicted))))

    size = draw(st.integers(min_size, max_size))
    return [{label: one() for label in labels} for _ in range(size)]


# Two postings: label a is 3 of 4 and 3 of 3, label b occurs in the second only.
TWO = [{"a": Tally(4, 3, 2)}, {"a": Tally(3, 4, 3), "b": Tally(1, 0, 0)}]


def test_hand_computed_summary():
    scores = summary(TWO)
    assert list(scores) == ["micro", "macro", "a", "b"]
    micro, macro, a, b = scores.values()
    assert (micro.gold, micro.predicted, micro.correct) == (8, 7, 5)
    assert micro.precision == pytest.approx(5 / 7)
    assert micro.recall == pytest.approx(5 / 8)
    assert micro.f1 == pytest.approx(10 / 15)
    assert a.f1 == pytest.approx(10 / 14)
    assert (b.precision, b.recall, b.f1) == (None, 0.0, 0.0)
    assert macro.precision == pytest.approx(5 / 7 / 2)
    assert macro.recall == pytest.approx(5 / 7 / 2)
    assert macro.f1 == pytest.approx(10 / 14 / 2)
    assert (macro.gold, macro.predicted, macro.correct) == (8, 7, 5)


def test_hand_computed_interval():
    # Of the samples of two postings a quarter has the first twice (F1 4/7), a quarter the second
    # twice (F1 6/7): both ends of the 95 % interval.
    a = summary([{"a": Tally(4, 3, 2)}, {"a": Tally(3, 4, 3)}])["a"]
    assert a.ci95 == pytest.approx((4 / 7, 6 / 7))


def test_samples_without_a_label_say_nothing_about_it():
    scores = summary([{"rare": Tally(1, 1, 1)}, *({"common": Tally(2, 2, 2)} for _ in range(9))])
    assert {score.ci95 for score in scores.values()} == {(1.0, 1.0)}


@pytest.mark.parametrize("tallies", [[], [{}], [{"a": Tally(0, 0, 0)}]])
def test_nothing_on_either_side_has_no_score(tallies):
    for score in summary(tallies).values():
        assert (score.precision, score.recall, score.f1, score.ci95) == (None, None, None, None)
        assert (score.gold, score.predicted, score.correct) == (0, 0, 0)


@given(postings())
def test_ratios_follow_from_the_counts(tallies):
    for name, score in summary(tallies).items():
        assert score.correct <= min(score.gold, score.predicted)
        if name != "macro" and score.precision and score.recall:
            harmonic = 2 / (1 / score.precision + 1 / score.recall)
            assert score.f1 == pytest.approx(harmonic)


def drawn(seed, size):
    """Postings of about equal quality."""
    rng = np.random.default_rng(seed)
    gold = rng.integers(5, 30, size)
    return [{"a": Tally(int(n), int(n), int(rng.binomial(n, 0.8)))} for n in gold]


@pytest.mark.parametrize("seed", range(20))
def test_interval_contains_the_point(seed):
    for score in summary(drawn(seed, 12)).values():
        low, high = score.ci95
        assert 0 <= low <= score.f1 <= high <= 1


@pytest.mark.parametrize("seed", range(5))
def test_interval_is_narrower_with_more_postings(seed):
    def width(size):
        low, high = summary(drawn(seed, size))["micro"].ci95
        return high - low

    assert width(250) < width(10) / 2


def test_interval_is_the_same_each_time():
    assert summary(drawn(1, 12)) == summary(drawn(1, 12))


@given(st.lists(st.tuples(counts, counts, counts)))
def test_add(rows):
    assert add(Tally(*row) for row in rows) == Tally(
        *(sum(row[i] for row in rows) for i in range(3))
    )


def test_tally_counts_labels():
    found = tally(["a", "b", "a"], ["a", "c"], ["a"])
    assert found == {"a": Tally(2, 1, 1), "b": Tally(1, 0, 0), "c": Tally(0, 1, 0)}


def test_measured_keeps_the_order_of_postings():
    one, two = {"a": Tally(1, 0, 0)}, {"a": Tally(2, 0, 0)}
    found = measured("m", ["strict"], [Judged({"strict": one}), Judged({"strict": two})])
    assert (found.name, found.tallies, found.mistakes) == ("m", {"strict": [one, two]}, ())


# The paired test.


def test_equal_predictions_do_not_differ():
    same = drawn(3, 40)
    found = compare(same, same)
    assert (found.difference, found.p) == (0.0, 1.0)


def test_hand_computed_p_value():
    # One posting: swapped or not, the difference is as great.
    found = compare([{"a": Tally(2, 2, 2)}], [{"a": Tally(2, 2, 0)}])
    assert (found.first, found.second, found.difference, found.p) == (1.0, 0.0, 1.0, 1.0)
    # Five: only all or none swapped, 2 of 32, is as extreme.
    found = compare([{"a": Tally(2, 2, 2)}] * 5, [{"a": Tally(2, 2, 0)}] * 5)
    assert found.p == pytest.approx(2 / 32, abs=0.01)


def test_a_clearly_better_prediction_is_significant():
    worse = drawn(4, 60)
    better = [{"a": one["a"]._replace(correct=one["a"].gold)} for one in worse]
    assert compare(better, worse).p < 0.001
    assert compare(better, worse).difference > 0.1


def test_two_predictions_of_one_quality_are_not_significant():
    first = drawn(5, 60)
    second = first[30:] + first[:30]
    assert compare(first, second).p > 0.2


@given(postings(), st.randoms(use_true_random=False))
def test_comparison_is_symmetric(first, rng):
    second = copy.copy(first)
    rng.shuffle(second)
    one, other = compare(first, second), compare(second, first)
    assert one.p == other.p
    assert one.difference == -other.difference


def test_postings_that_do_not_pair_are_refused():
    with pytest.raises(ValueError, match="cannot be paired"):
        compare(drawn(1, 3), drawn(1, 2))


def test_tallies_of_one_key_are_summed() -> None:
    one, two = {"a": Tally(1, 2, 1)}, {"a": Tally(3, 1, 1), "b": Tally(0, 1, 0)}
    found = grouped(Measured("m", {"strict": [one, {}, two]}), ["x", "y", "x"])
    assert list(found.tallies["strict"]) == [{"a": Tally(4, 3, 2), "b": Tally(0, 1, 0)}, {}]
