"""Tags: what is written can be read back, and any row of tags can be read."""

from hypothesis import given
from hypothesis import strategies as st

from trialcriteria.tag.learned.layers import Layer, Stretch, stretches, tagged

OUTER = Layer(set="x", labels=("condition", "drug"))
INNER = Layer(set="x", labels=("drug", "value"))
WORDS = 12

PLACES = st.tuples(st.integers(0, WORDS - 1), st.integers(0, WORDS - 1)).map(sorted)
STRETCHES = st.builds(
    lambda label, place: Stretch(label, *place), st.sampled_from(OUTER.labels), PLACES
)


@given(st.lists(STRETCHES, max_size=6))
def test_one_layer_reads_what_was_written(found: list[Stretch]) -> None:
    (row,) = tagged([OUTER], found, WORDS)
    read = stretches(OUTER, row)
    assert set(read) <= set(found)
    for one in found:
        overlapping = [r for r in read if r.first <= one.last and one.first <= r.last]
        assert overlapping, "a stretch is left out only where there is no room"


@given(st.lists(st.integers(0, OUTER.size - 1), max_size=20))
def test_any_tags_can_be_read(tags: list[int]) -> None:
    read = stretches(OUTER, tags)
    covered = [at for one in read for at in range(one.first, one.last + 1)]
    assert covered == [at for at, tag in enumerate(tags) if tag]


def test_nested_mentions_go_to_the_inner_layer() -> None:
    whole, part, value = Stretch("drug", 0, 3), Stretch("drug", 1, 1), Stretch("value", 3, 3)
    outer, inner = tagged([OUTER, INNER], [part, value, whole], 4)
    assert stretches(OUTER, outer) == [whole]
    assert stretches(INNER, inner) == [part, value]


def test_what_finds_no_room_is_left_out() -> None:
    rows = tagged([OUTER], [Stretch("drug", 0, 2), Stretch("condition", 2, 3)], 4)
    assert rows == [[3, 4, 4, 0]]
