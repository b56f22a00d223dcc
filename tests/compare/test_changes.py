"""Comparing criteria: nothing is lost or told twice, whatever the texts."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from trialcriteria.compare.align import align
from trialcriteria.compare.changes import compared
from trialcriteria.compare.details import details
from trialcriteria.compare.lines import stretches
from trialcriteria.compare.meaning import node_key, words
from trialcriteria.export.notation import one_line
from trialcriteria.schema import All, Any, Concept, Criterion, Fact, Not, Span, Unsupported

TEXTS = st.lists(
    st.sampled_from(
        ["Asthma", "asthma.", "Stroke", "Heart failure", "heart failure now", "", "  ", "≥ 3"]
    )
    | st.text(max_size=20),
    max_size=8,
)


def bare(texts: list[str]) -> tuple[Criterion, ...]:
    return tuple(
        Criterion(id=f"i{n}", section="s", kind="inclusion", label=None, span=Span(0, 0), text=text)
        for n, text in enumerate(texts)
    )


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_every_criterion_is_accounted_for_once(first, second) -> None:
    before, after = bare(first), bare(second)
    found = compared("T", before, after)
    kept = found.same + found.count("reworded") + found.count("changed")
    assert kept + found.count("removed") == len(before)
    assert kept + found.count("added") == len(after)


@given(TEXTS, TEXTS)
@settings(deadline=None)
def test_places_are_paired_one_to_one(first, second) -> None:
    found = align(bare(first), bare(second))
    assert len(set(found.values())) == len(found)
    assert all(0 <= one < len(first) and 0 <= two < len(second) for one, two in found.items())


@given(TEXTS)
def test_a_version_is_the_same_as_itself(texts) -> None:
    found = compared("T", bare(texts), bare(texts))
    assert (found.outcome, found.changes, found.same) == ("same", (), len(texts))


def test_real_postings_are_the_same_as_themselves(corpus) -> None:
    for each in corpus:
        found = compared("T", each.criteria, each.criteria)
        assert (found.changes, found.same) == ((), len(each.criteria))


def test_each_criterion_taken_out_is_told_and_nothing_else(corpus) -> None:
    for each in corpus:
        for place, gone in enumerate(each.criteria):
            found = compared("T", each.criteria, each.criteria[:place] + each.criteria[place + 1 :])
            assert [(one.outcome, words(one.before.text)) for one in found.changes] == [
                ("removed", words(gone.text))
            ]


@pytest.mark.parametrize(("before", "after"), [(None, ()), ((), None)])
def test_a_trial_on_one_side_only(before, after) -> None:
    assert compared("T", before, after).outcome == ("added" if before is None else "removed")


def fact(text: str) -> Fact:
    subject = Concept(kind="condition", text=text, span=None)
    return Fact(subject=subject, source="test", score=1)


A, B, C = fact("a"), fact("b"), fact("c")
EQUAL = {
    "order": (All(of=(A, B)), All(of=(B, A))),
    "one alone": (All(of=(A,)), A),
    "one of one": (Any(of=(A,)), A),
    "case": (fact("Heart  Failure"), fact("heart failure")),
    "where it came from": (
        A,
        A.model_copy(update={"source": "model@1", "score": 0.5, "spans": (Span(1, 2),)}),
    ),
}
DIFFERENT = {
    "logic": (All(of=(A, B)), Any(of=(A, B))),
    "negation": (A, Not(of=A)),
    "grouping": (Any(of=(All(of=(A, B)), C)), Any(of=(All(of=(A, C)), B))),
    "grouping of equals": (
        Any(of=(All(of=(A, B)), All(of=(C, fact("d"))))),
        Any(of=(All(of=(A, C)), All(of=(B, fact("d"))))),
    ),
    "nothing": (A, None),
    "words": (Unsupported(span=Span(0, 1), text="x", reason="r"), Unsupported(span=Span(0, 1), text="y", reason="r")),
    "status": (A, A.model_copy(update={"status": "absent"})),
    "who": (A, A.model_copy(update={"experiencer": "family"})),
    "kind": (A, A.model_copy(update={"subject": Concept(kind="drug", text="a", span=None)})),
}  # fmt: skip


@pytest.mark.parametrize("name", EQUAL)
def test_means_the_same(name) -> None:
    before, after = EQUAL[name]
    assert node_key(before) == node_key(after)
    assert details(before, after) == ()


@pytest.mark.parametrize("name", DIFFERENT)
def test_means_something_else_and_is_told(name) -> None:
    before, after = DIFFERENT[name]
    assert details(before, after) != ()
    assert details(after, before) != ()
    assert all(one.before != one.after for one in details(before, after))


@given(TEXTS, TEXTS)
def test_no_word_of_a_line_is_lost(before, after) -> None:
    lines = " ".join(before), " ".join(after)
    for line, found in zip(lines, stretches(*lines), strict=True):
        assert " ".join(each.words for each in found) == one_line(line)
    gone, new = stretches(*lines)
    shared = [[each.words for each in side if each.shared] for side in (gone, new)]
    assert shared[0] == shared[1]
