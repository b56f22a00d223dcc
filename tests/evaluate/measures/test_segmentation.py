"""Segmentation scores by hand: spans, sections, parents and joins."""

import pytest

from trialcriteria.evaluate.measures.segmentation import measure_segmentation, trimmed
from trialcriteria.evaluate.scores import Tally, add
from trialcriteria.schema import AtLeastN, Span

TEXT = """Patients who
1. are adults and
2. have one of
 - cystic fibrosis
 - asthma
Excluded: smokers
"""
NAMES = ("strict", "relaxed", "section", "parent", "combine")


@pytest.fixture
def write(writer):
    """An extraction from (id, words, fields) of its criteria."""
    text = writer(TEXT)
    return lambda *rows: text.extraction(
        *(text.criterion(name, words, **fields) for name, words, fields in rows)
    )


ADULTS = ("i1", "1. are adults and", {})
LEAD = ("i2", "2. have one of", {"combine": "any"})
FIBROSIS = ("i2.1", "- cystic fibrosis", {"parent": "i2"})
ASTHMA = ("i2.2", "- asthma", {"parent": "i2"})
SMOKERS = ("e1", "smokers", {})
GOLD = (ADULTS, LEAD, FIBROSIS, ASTHMA, SMOKERS)


def other(row, words=None, **fields):
    """The row with other words or fields."""
    return (row[0], words or row[1], row[2] | fields)


CASES = {
    "the same": (GOLD, (5, 5, 5), (5, 5, 5), (5, 5, 5), (5, 5, 5), (1, 1, 1)),
    "nothing": ((), (5, 0, 0), (5, 0, 0), (0, 0, 0), (0, 0, 0), (0, 0, 0)),
    "blanks around it": (
        (ADULTS, LEAD, other(FIBROSIS, " - cystic fibrosis\n"), ASTHMA, SMOKERS),
        (5, 5, 5), (5, 5, 5), (5, 5, 5), (5, 5, 5), (1, 1, 1),
    ),
    "more than half": (
        (other(ADULTS, "are adults and"), *GOLD[1:]),
        (5, 5, 4), (5, 5, 5), (5, 5, 5), (5, 5, 5), (1, 1, 1),
    ),
    "exactly half": (
        (ADULTS, LEAD, FIBROSIS, other(ASTHMA, "hma\n"), SMOKERS),
        (5, 5, 4), (5, 5, 4), (4, 4, 4), (4, 4, 4), (1, 1, 1),
    ),
    "two in one": (
        (ADULTS, LEAD, other(FIBROSIS, "- cystic fibrosis\n - asthma"), SMOKERS),
        (5, 4, 3), (5, 4, 4), (4, 4, 4), (4, 4, 4), (1, 1, 1),
    ),
    "one in two": (
        (("i1", "1. are adults", {}), ("i7", "and\n", {}), *GOLD[1:]),
        (5, 6, 4), (5, 6, 5), (5, 5, 5), (5, 5, 5), (1, 1, 1),
    ),
    "a lost lead-in": (
        (ADULTS, other(FIBROSIS, parent=None), other(ASTHMA, parent=None), SMOKERS),
        (5, 4, 4), (5, 4, 4), (4, 4, 4), (4, 4, 2), (0, 0, 0),
    ),
    "a wrong parent": (
        (ADULTS, LEAD, FIBROSIS, other(ASTHMA, parent="i2.1"), SMOKERS),
        (5, 5, 5), (5, 5, 5), (5, 5, 5), (5, 5, 4), (1, 2, 1),
    ),
    "a flat list": (
        (ADULTS, LEAD, other(FIBROSIS, parent=None), other(ASTHMA, parent=None), SMOKERS),
        (5, 5, 5), (5, 5, 5), (5, 5, 5), (5, 5, 3), (1, 0, 0),
    ),
    "a parent whose span is longer": (
        (ADULTS, other(LEAD, "2. have one of\n -"), other(FIBROSIS, "cystic fibrosis"), *GOLD[3:]),
        (5, 5, 3), (5, 5, 5), (5, 5, 5), (5, 5, 5), (1, 1, 1),
    ),
    "a wrong section": (
        (*GOLD[:4], other(SMOKERS, kind="inclusion")),
        (5, 5, 5), (5, 5, 5), (5, 5, 4), (5, 5, 5), (1, 1, 1),
    ),
    "a wrong join": (
        (ADULTS, other(LEAD, combine=AtLeastN(at_least=2)), *GOLD[2:]),
        (5, 5, 5), (5, 5, 5), (5, 5, 5), (5, 5, 5), (1, 1, 0),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_by_hand(write, name):
    rows, *expected = CASES[name]
    found = measure_segmentation([(write(*GOLD), write(*rows))]).tallies
    assert tuple(found) == NAMES
    assert [add(found[each][0].values()) for each in NAMES] == expected


def test_labels_are_the_kinds_of_gold(write):
    # A span in the wrong section is a right span; what gold lacks has its own label.
    rows = (ADULTS, other(SMOKERS, kind="inclusion"), ("o1", "Patients who", {}))
    found = measure_segmentation([(write(*GOLD), write(*rows))]).tallies
    assert found["strict"] == [
        {"exclusion": Tally(1, 1, 1), "inclusion": Tally(4, 1, 1), "other": Tally(0, 1, 0)}
    ]
    assert found["section"] == [{"exclusion": Tally(1, 1, 0), "inclusion": Tally(1, 1, 1)}]


def test_mistakes(write):
    rows = (
        other(ADULTS, "are adults and"),
        other(LEAD, combine="all"),
        other(FIBROSIS, parent="i1", kind="other"),
        ("i8", "Patients who", {}),
        ASTHMA,
    )
    found = measure_segmentation([(write(*GOLD), write(*rows))]).mistakes
    assert [(each.kind, each.label, each.weight, each.gold, each.predicted) for each in found] == [
        (
            "differs", "inclusion", 2,
            'inclusion "1. are adults and"', 'inclusion "are adults and" joins all',
        ),
        (
            "differs", "inclusion", 1,
            'inclusion "2. have one of" joins any', 'inclusion "2. have one of" joins all',
        ),
        (
            "differs", "inclusion", 2,
            'inclusion "- cystic fibrosis" under i2', 'other "- cystic fibrosis" under i1',
        ),
        ("missing", "exclusion", 4, 'exclusion "smokers"', None),
        ("spurious", "inclusion", 4, None, 'inclusion "Patients who"'),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("span", "expected"),
    [((0, 5), (2, 4)), ((2, 4), (2, 4)), ((4, 6), (6, 6)), ((0, 0), (0, 0))],
)
def test_trimmed(span, expected):
    assert trimmed(" \tab\n ", Span(*span)) == expected
