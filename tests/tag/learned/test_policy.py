"""Which concepts stand: the lexicons' or the tagger's."""

import pytest

from trialcriteria.schema import Span
from trialcriteria.tag.concepts import ConceptMention
from trialcriteria.tag.learned.concepts import BarrenWord, Learned, LearnedConcept, meeting
from trialcriteria.tag.learned.policy import LIKELY, reconciled, unclaimed

#        0         1         2         3
#        01234567890123456789012345678901
TEXT = "tubular renal failure or blorbox"
NAMED = ConceptMention(8, 21, "condition", "renal failure", "mesh:D051437")
DOUBTED = NAMED._replace(doubt=0.9)
WIDER = LearnedConcept(0, 21, "condition", 0.9)
INSIDE = LearnedConcept(14, 21, "condition", 0.9)
ELSEWHERE = LearnedConcept(25, 32, "drug", 0.9)
WORDS = (BarrenWord(8, 13, 0.05), BarrenWord(14, 21, 0.1))


@pytest.mark.parametrize(
    ("concepts", "barren", "named", "learned"),
    [
        pytest.param((), (), [NAMED], [], id="nothing learned"),
        pytest.param((WIDER,), (), [NAMED], [WIDER], id="likely and wider: may stand for it"),
        pytest.param((WIDER._replace(score=0.4),), (), [NAMED], [], id="not likely"),
        pytest.param((WIDER._replace(kind="drug"),), (), [NAMED], [], id="another kind"),
        pytest.param((INSIDE,), (), [NAMED], [], id="narrower"),
        pytest.param((INSIDE,), WORDS, [NAMED], [], id="seen by the tagger: not doubted"),
        pytest.param((), WORDS, [DOUBTED], [], id="ruled out"),
        pytest.param((), WORDS[:1], [NAMED], [], id="ruled out in its lesser part"),
        pytest.param(
            (), (BarrenWord(8, 19, 0.1),), [NAMED], [], id="the end of it is not ruled out"
        ),
        pytest.param((ELSEWHERE,), (), [NAMED], [], id="what the lexicons lack waits"),
    ],
)
def test_which_concepts_stand(
    concepts: tuple[LearnedConcept, ...],
    barren: tuple[BarrenWord, ...],
    named: list[ConceptMention],
    learned: list[LearnedConcept],
) -> None:
    found = reconciled(TEXT, [NAMED], Learned(concepts, barren, "model"))
    assert found == (named, learned)


@pytest.mark.parametrize(("text", "stands"), [(TEXT, [WIDER]), ("chronic renal failure", [])])
def test_words_that_qualify_make_no_wider_name(text: str, stands: list[LearnedConcept]) -> None:
    _, learned = reconciled(text, [NAMED], Learned((WIDER,), (), "model"))
    assert learned == stands


def test_unclaimed_concepts_share_nothing_with_what_is_taken() -> None:
    learned = Learned((INSIDE, ELSEWHERE), (), "model")
    assert unclaimed([Span(8, 21)], learned, LIKELY) == [ELSEWHERE]
    assert unclaimed([Span(21, 25)], learned, LIKELY) == [INSIDE, ELSEWHERE]


def test_unclaimed_concepts_reach_a_score() -> None:
    unlikely = Learned((ELSEWHERE._replace(score=0.3),), (), "model")
    assert unclaimed([], unlikely, LIKELY) == []
    assert unclaimed([], unlikely, 0) == list(unlikely.concepts)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [(0, 8, []), (0, 9, [0]), (13, 14, []), (12, 15, [0, 1]), (20, 40, [1]), (21, 40, [])],
)
def test_stretches_that_share_a_character(start: int, end: int, found: list[int]) -> None:
    assert list(meeting(WORDS, start, end)) == [WORDS[place] for place in found]
