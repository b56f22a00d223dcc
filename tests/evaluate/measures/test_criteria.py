"""Whole criteria: which trees are equal, and what a criterion needs to be right."""

import pytest

from trialcriteria.evaluate.measures.criteria import measure_criteria
from trialcriteria.evaluate.scores import Tally, add
from trialcriteria.schema import All, Any, AtLeast, AtLeastN, Except, If, Not, Span, Unsupported

TEXT = """1. adults with asthma, gout or heart failure
2. any of
- smokers
3. willing to comply
"""


@pytest.fixture
def text(writer):
    return writer(TEXT)


def sums(gold, predicted) -> dict[str, tuple[int, int, int]]:
    found = measure_criteria([(gold, predicted)]).tallies
    return {name: add(tallies[0].values()) for name, tallies in found.items()}


@pytest.fixture
def compared(text):
    """Which of strict, relaxed and logic hold for two requirements of one criterion."""

    def compare(one, other):
        words = TEXT.splitlines()[0]
        gold, predicted = (
            text.extraction(text.criterion("i1", words, requirement=each)) for each in (one, other)
        )
        return [name for name, tally in sums(gold, predicted).items() if tally.correct]

    return compare


def leaves(text):
    """Three facts, one with another cut of a subject, one with another status, no fact."""
    return {
        "a": text.fact("condition", "asthma"),
        "g": text.fact("condition", "gout"),
        "h": text.fact("condition", "heart failure"),
        "H": text.fact("condition", "failure"),
        "-": text.fact("condition", "gout", status="absent"),
        "u": Unsupported(span=text.span("adults with"), text="adults with", reason="x"),
        "U": Unsupported(span=text.span("adults"), text="adults", reason="y"),
        "v": Unsupported(span=text.span("or"), text="or", reason="y"),
    }


def tree(text, source):
    """A requirement from, for instance, ``("any", "a", ("not", "g"))``."""
    if source is None or isinstance(source, str):
        return leaves(text)[source] if source else None
    name, *rest = source
    of = tuple(tree(text, each) for each in rest if not isinstance(each, int))
    match name:
        case "all":
            return All(of=of)
        case "any":
            return Any(of=of)
        case "at least":
            return AtLeast(n=rest[0], of=of)
        case "not":
            return Not(of=of[0])
        case "except":
            return Except(of=of[0], unless=of[1])
    return If(when=of[0], then=of[1], otherwise=of[2] if len(of) > 2 else None)


BOTH = ("strict", "relaxed", "logic")

TREES = [
    (None, None, BOTH),
    (None, "a", ()),
    ("a", None, ()),
    ("a", "a", BOTH),
    ("a", "g", ("logic",)),
    ("h", "H", ("relaxed", "logic")),
    ("g", "-", ("logic",)),
    ("a", "u", ()),
    ("u", "u", BOTH),
    ("u", "U", ("relaxed", "logic")),
    ("u", "v", ("logic",)),
    # The order of children.
    (("all", "a", "g"), ("all", "g", "a"), BOTH),
    (("any", "a", "g"), ("any", "g", "a"), BOTH),
    (("at least", 2, "a", "g", "h"), ("at least", 2, "h", "a", "g"), BOTH),
    (("except", "a", "g"), ("except", "g", "a"), ("logic",)),
    (("if", "a", "g"), ("if", "g", "a"), ("logic",)),
    # Brackets that change nothing.
    (("all", "a", ("all", "g", "h")), ("all", "a", "g", "h"), BOTH),
    (("any", ("any", "a", ("any", "g")), "h"), ("any", "a", "g", "h"), BOTH),
    (("all", "a"), "a", BOTH),
    (("any", ("all", "a"), "g"), ("any", "a", "g"), BOTH),
    (("all", ("any", ("all", "a", "g"))), ("all", "a", "g"), BOTH),
    # Brackets that do.
    (("all", "a", ("any", "g", "h")), ("all", "a", "g", "h"), ()),
    (("all", "a", ("any", "g", "h")), ("any", "a", ("all", "g", "h")), ()),
    (("all", "a", ("any", "g", "h")), ("all", ("any", "h", "g"), "a"), BOTH),
    (("all", "a", ("any", "g", "h")), ("all", "h", ("any", "g", "a")), ("logic",)),
    (("not", "a"), "a", ()),
    (("not", ("not", "a")), "a", ()),
    (("all", "a", "g"), ("any", "a", "g"), ()),
    (("at least", 2, "a", "g", "h"), ("at least", 1, "a", "g", "h"), ()),
    (("if", "a", "g"), ("if", "a", "g", "h"), ()),
    (("if", "a", "g"), ("except", "a", "g"), ()),
    # How often something stands there.
    (("all", "a", "a"), ("all", "a", "g"), ("logic",)),
    (("all", "a", "g"), ("all", "a", "g", "g"), ()),
    (("all", "a", "h", "g"), ("all", "g", "H", "a"), ("relaxed", "logic")),
]


@pytest.mark.parametrize(("one", "other", "expected"), TREES, ids=str)
def test_trees(text, compared, one, other, expected):
    first, second = tree(text, one), tree(text, other)
    assert compared(first, second) == list(expected)
    assert compared(second, first) == list(expected)


# What belongs to a criterion besides its tree.


@pytest.fixture
def gold(text):
    first, lead, child, last = TEXT.splitlines()
    return text.extraction(
        text.criterion("i1", first, requirement=text.fact("condition", "asthma")),
        text.criterion("i2", lead, combine="any"),
        text.criterion("i2.1", child, parent="i2", requirement=text.fact("observation", "smokers")),
        text.criterion("o3", last),
    )


def with_criterion(extraction, place, **fields):
    criteria = list(extraction.criteria)
    criteria[place] = criteria[place].model_copy(update=fields)
    return extraction.model_copy(update={"criteria": tuple(criteria)})


def test_labels_are_kinds_of_section(gold):
    assert measure_criteria([(gold, gold)]).tallies["strict"] == [
        {"inclusion": Tally(3, 3, 3), "other": Tally(1, 1, 1)}
    ]


@pytest.mark.parametrize(
    ("place", "fields", "correct"),
    [
        (0, {"kind": "exclusion"}, 3),
        (1, {"combine": "all"}, 3),
        (1, {"combine": AtLeastN(at_least=1)}, 3),
        (2, {"parent": None}, 4),
        (0, {"span": Span(11, 43), "text": "h asthma, gout or heart failure"}, 4),
        (3, {"label": "3."}, 4),
    ],
)
def test_section_and_join_count_but_not_the_cut(gold, place, fields, correct):
    assert sums(gold, with_criterion(gold, place, **fields)) == dict.fromkeys(BOTH, (4, 4, correct))


def test_a_criterion_pairs_with_the_one_that_overlaps_it_best(gold, text):
    # The second criterion swallows the end of the first; both keep their trees.
    first, lead, *rest = gold.criteria
    moved = text.span("or heart failure\n2. any of")
    predicted = gold.model_copy(
        update={
            "criteria": (
                first.model_copy(update={"span": text.span("1. adults with asthma, gout")}),
                lead.model_copy(update={"span": moved}),
                *rest,
            )
        }
    )
    assert sums(gold, predicted)["strict"] == (4, 4, 4)


def test_mistakes(gold, text):
    both = All(of=(text.fact("condition", "asthma"), text.fact("condition", "gout")))
    predicted = with_criterion(gold, 0, requirement=both)
    predicted = with_criterion(predicted, 1, combine="all")
    predicted = predicted.model_copy(update={"criteria": predicted.criteria[:3]})
    found = measure_criteria([(gold, predicted)]).mistakes
    assert [(each.kind, each.label, each.weight, each.gold, each.predicted) for each in found] == [
        (
            "differs", "inclusion", 1,
            'inclusion: condition "asthma"',
            'inclusion: ALL(condition "asthma"; condition "gout")',
        ),
        (
            "differs", "inclusion", 1,
            "inclusion: no requirement (joins any)", "inclusion: no requirement (joins all)",
        ),
        ("missing", "other", 1, "other: no requirement", None),
    ]  # fmt: skip
