"""Which concepts stand: the lexicons' or the tagger's."""

import pytest

from trialcriteria.schema import Span
from trialcriteria.tag.concepts import ConceptMention
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept, meeting
from trialcriteria.tag.learned.policy import LIKELY, reconciled, unclaimed

#        0         1         2         3
#        0123456789012345678901234567890
TEXT = "severe renal failure or blorbox"
NAMED = ConceptMention(7, 20, "condition", "renal failure", "mesh:D051437")
DOUBTED = NAMED._replace(doubted=True)
WIDER = LearnedConcept(0, 20, "condition", 0.9)
INSIDE = LearnedConcept(13, 20, "condition", 0.9)
ELSEWHERE = LearnedConcept(24, 31, "drug", 0.9)
WORDS = (Span(7, 12), Span(13, 20))


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
        pytest.param((ELSEWHERE,), (), [NAMED], [], id="what the lexicons lack waits"),
    ],
)
def test_which_concepts_stand(
    concepts: tuple[LearnedConcept, ...],
    barren: tuple[Span, ...],
    named: list[ConceptMention],
    learned: list[LearnedConcept],
) -> None:
    found = reconciled([NAMED], Learned(concepts, barren, "model"))
    assert found == (named, learned)


def test_unclaimed_concepts_share_nothing_with_what_is_taken() -> None:
    learned = Learned((INSIDE, ELSEWHERE), (), "model")
    assert unclaimed([Span(7, 20)], learned, LIKELY) == [ELSEWHERE]
    assert unclaimed([Span(20, 24)], learned, LIKELY) == [INSIDE, ELSEWHERE]


def test_unclaimed_concepts_reach_a_score() -> None:
    unlikely = Learned((ELSEWHERE._replace(score=0.3),), (), "model")
    assert unclaimed([], unlikely, LIKELY) == []
    assert unclaimed([], unlikely, 0) == list(unlikely.concepts)


@pytest.mark.parametrize(
    ("start", "end", "found"),
    [(0, 7, []), (0, 8, [0]), (12, 13, []), (11, 14, [0, 1]), (19, 40, [1]), (20, 40, [])],
)
def test_stretches_that_share_a_character(start: int, end: int, found: list[int]) -> None:
    assert list(meeting(WORDS, start, end)) == [WORDS[place] for place in found]
