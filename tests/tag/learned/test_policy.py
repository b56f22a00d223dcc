"""Which concepts stand: the lexicons' or the tagger's."""

import pytest

from trialcriteria.schema import Span
from trialcriteria.tag.concepts import ConceptMention
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept
from trialcriteria.tag.learned.policy import reconciled, unclaimed

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
        pytest.param((WIDER,), (), [NAMED], [WIDER], id="sure and wider: may stand for it"),
        pytest.param((WIDER._replace(score=0.5),), (), [NAMED], [], id="not sure"),
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


def test_people_are_never_doubted() -> None:
    women = ConceptMention(0, 5, "demographic", "women", "curated:women")
    assert reconciled([women], Learned((), (Span(0, 5),), "model")) == ([women], [])


def test_unclaimed_concepts_share_nothing_with_what_is_taken() -> None:
    learned = Learned((INSIDE, ELSEWHERE), (), "model")
    assert unclaimed([(7, 20)], learned) == [ELSEWHERE]
    assert unclaimed([(20, 24)], learned) == [INSIDE, ELSEWHERE]
