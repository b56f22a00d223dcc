"""Facts: when two are equal, how they are paired, and what is counted."""

import pytest

from trialcriteria.evaluate.measures.facts import (
    measure_fact_parts,
    measure_facts,
    nearly_same_fact,
    same_fact,
    stated,
)
from trialcriteria.evaluate.scores import Tally, add
from trialcriteria.schema import All, Anchor, Any, Concept, Fact, IsoOffset, Not, Span, Window

TEXT = """1. asthma or severe heart failure within 6 months
2. renal failure
3. rituximab or prednisone within 6 months before screening
"""


def within(start: str) -> Window:
    """From some time before screening until then."""
    anchor = Anchor(event="screening", text="screening", span=None)
    ends = {"start": IsoOffset(iso=start), "end": IsoOffset(iso="P0D")}
    return Window(**ends, anchor=anchor, text="within", span=Span(0, 0))


SUBJECTS = {
    # text, span; text, span; strict, relaxed
    "words in another case": (("ALT", [0, 3]), ("alt", [9, 12]), True, True),
    "another blank": (("heart failure", None), ("heart\n failure", None), True, True),
    "one place": (("ALT", [0, 3]), ("alanine", [0, 3]), True, True),
    "an overlap": (("heart failure", [0, 13]), ("failure", [6, 13]), False, True),
    "touching": (("heart", [0, 5]), ("failure", [5, 12]), False, False),
    "another place": (("ALT", [0, 3]), ("AST", [8, 11]), False, False),
    "no place": (("ALT", None), ("AST", None), False, False),
}


@pytest.mark.parametrize("name", SUBJECTS)
def test_subjects(name):
    *subjects, strict, relaxed = SUBJECTS[name]
    ours, theirs = (
        stated(
            Fact(
                subject=Concept(kind="condition", text=words, span=span and Span(*span)),
                source="hand",
                score=1.0,
            ),
            Span(0, 9),
        )
        for words, span in subjects
    )
    assert (same_fact(ours, theirs), nearly_same_fact(ours, theirs)) == (strict, relaxed)


# Measures over postings.


@pytest.fixture
def text(writer):
    return writer(TEXT)


def postings(text, first, second=None, third=None):
    """Requirements of the three criteria; the lines of the text are their spans."""
    lines = TEXT.splitlines()
    found = ((f"i{n}", lines[n - 1], each) for n, each in enumerate((first, second, third), 1))
    return text.extraction(
        *(text.criterion(name, words, requirement=each) for name, words, each in found if each)
    )


def sums(measure, gold, predicted):
    found = measure([(gold, predicted)]).tallies
    return {name: add(tallies[0].values()) for name, tallies in found.items()}


def test_facts_are_found_under_every_node(text):
    asthma, failure = text.fact("condition", "asthma"), text.fact("condition", "heart failure")
    gold = postings(text, Any(of=(asthma, Not(of=failure))))
    predicted = postings(text, All(of=(failure, asthma)))
    assert sums(measure_facts, gold, predicted) == {"strict": (2, 2, 2), "relaxed": (2, 2, 2)}


def test_facts_pair_only_where_their_criteria_overlap(text):
    asthma = text.fact("condition", "asthma")
    gold, predicted = postings(text, asthma), postings(text, None, asthma)
    assert sums(measure_facts, gold, predicted) == {"strict": (1, 1, 0), "relaxed": (1, 1, 0)}
    assert sums(measure_fact_parts, gold, predicted) == {
        "end_to_end": (2, 2, 0), "given_facts": (0, 0, 0),
    }  # fmt: skip


def test_a_criterion_cut_in_two_keeps_its_facts(text):
    asthma, failure = text.fact("condition", "asthma"), text.fact("condition", "heart failure")
    gold = postings(text, Any(of=(asthma, failure)))
    halves = text.extraction(
        text.criterion("i1", "1. asthma", requirement=asthma),
        text.criterion("i2", "severe heart failure within 6 months", requirement=failure),
    )
    assert sums(measure_facts, gold, halves) == {"strict": (2, 2, 2), "relaxed": (2, 2, 2)}


def test_pairing_is_one_to_one(text):
    asthma = text.fact("condition", "asthma")
    gold, predicted = postings(text, asthma), postings(text, Any(of=(asthma, asthma)))
    assert sums(measure_facts, gold, predicted) == {"strict": (1, 2, 1), "relaxed": (1, 2, 1)}


def test_equal_facts_are_paired_before_better_looking_ones(text):
    # The predicted pair shares the window crosswise; the equal facts still find each other.
    window = within("-P6M")
    plain, timed = text.fact("drug", "rituximab"), text.fact("drug", "rituximab", window=window)
    other = text.fact("drug", "prednisone", window=window)
    gold = postings(text, None, None, Any(of=(plain, other)))
    predicted = postings(text, None, None, Any(of=(timed, plain)))
    assert sums(measure_facts, gold, predicted) == {"strict": (2, 2, 1), "relaxed": (2, 2, 1)}
    assert sums(measure_fact_parts, gold, predicted)["end_to_end"] == (5, 5, 4)


def test_facts_with_nothing_in_common_are_not_paired(text):
    gold = postings(text, text.fact("condition", "asthma"))
    predicted = postings(text, text.fact("condition", "heart failure"))
    found = measure_facts([(gold, predicted)]).mistakes
    assert [(each.kind, each.weight) for each in found] == [("missing", 2), ("spurious", 2)]


def test_labels_are_kinds_of_subject(text):
    gold = postings(text, text.fact("condition", "asthma"), text.fact("condition", "renal failure"))
    predicted = postings(text, text.fact("condition", "asthma"), text.fact("drug", "renal failure"))
    assert measure_facts([(gold, predicted)]).tallies["strict"] == [
        {"condition": Tally(2, 1, 1), "drug": Tally(0, 1, 0)}
    ]


def test_labels_of_parts(text):
    gold = postings(
        text, text.fact("condition", "heart failure", window=within("-P6M")),
        text.fact("condition", "renal failure"),
    )  # fmt: skip
    predicted = postings(text, text.fact("condition", "heart failure", window=within("-P6D")))
    found = measure_fact_parts([(gold, predicted)])
    assert found.tallies == {
        "end_to_end": [
            {"status": Tally(2, 1, 1), "subject": Tally(2, 1, 1), "window": Tally(1, 1, 0)}
        ],
        "given_facts": [
            {"status": Tally(1, 1, 1), "subject": Tally(1, 1, 1), "window": Tally(1, 1, 0)}
        ],
    }
    (mistake,) = found.mistakes
    assert (mistake.kind, mistake.label) == ("differs", "window")
    assert mistake.gold == 'condition "heart failure" [-P6M, P0D] screening'
    assert mistake.predicted == 'condition "heart failure" [-P6D, P0D] screening'


def test_mistakes(text):
    gold = postings(text, text.fact("condition", "heart failure", window=within("-P30D")))
    predicted = postings(text, text.fact("drug", "failure within", status="absent"))
    (mistake,) = measure_facts([(gold, predicted)]).mistakes
    assert mistake.model_dump() == {
        "measure": "facts",
        "posting": "NCT99000001",
        "label": "condition",
        "kind": "differs",
        "gold": 'condition "heart failure" [-P30D, P0D] screening',
        "predicted": 'absent drug "failure within"',
        "predicted_label": "drug",
        "span": gold.criteria[0].span,
        "weight": 3,
    }
