"""What a concept is cut to where a tagger cuts it otherwise."""

import pytest

from trialcriteria.relate.recut import recut
from trialcriteria.relate.tree import Qualified, Unit
from trialcriteria.schema import ConceptKind, Span
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept
from trialcriteria.tag.mentions import Mention

#        0         1         2         3
#        0123456789012345678901234567890123456
TEXT = "severe tubular renal failure, dialysis"
FAILURE = Mention("condition", 15, 28, "mesh:D051437", 0.9, name="renal failure")
DIALYSIS = Mention("procedure", 30, 38, "curated:dialysis", 0.9, name="dialysis")
MENTIONS = (FAILURE, DIALYSIS)


def _cut(own: Mention, *learned: tuple[int, int, ConceptKind, float]) -> tuple[int, int]:
    concepts = tuple(LearnedConcept(*one) for one in learned)
    unit = Unit(own)
    done = recut((own, DIALYSIS), [unit], Learned(concepts, (), "model"))
    assert done[0] == unit.concept
    assert done[1] == DIALYSIS
    return unit.concept[1:3]


@pytest.mark.parametrize(
    ("learned", "cut"),
    [
        pytest.param(((7, 28, "condition", 0.8),), (7, 28), id="it grows"),
        pytest.param(((7, 28, "condition", 0.4),), (15, 28), id="not likely"),
        pytest.param(((7, 28, "drug", 0.8),), (15, 28), id="another kind"),
        pytest.param(((21, 28, "condition", 0.8),), (15, 28), id="it loses nothing"),
        pytest.param(((7, 38, "condition", 0.8),), (15, 28), id="two names in one"),
        pytest.param(
            ((7, 20, "condition", 0.8), (21, 28, "condition", 0.8)), (15, 28), id="one name in two"
        ),
        pytest.param((), (15, 28), id="nothing learned"),
    ],
)
def test_a_name_of_the_lexicons(
    learned: tuple[tuple[int, int, ConceptKind, float], ...], cut: tuple[int, int]
) -> None:
    assert _cut(FAILURE, *learned) == cut


def test_words_shared_with_another_name_stay() -> None:
    shared = FAILURE._replace(start=7, end=14, shared=Span(21, 28))
    assert _cut(shared, (0, 14, "condition", 0.8)) == (7, 14)


def test_qualifiers_that_became_part_of_the_name_are_none() -> None:
    severe, tubular = Qualified("severity", 0, 6, "test"), Qualified("other", 7, 14, "test")
    unit = Unit(FAILURE, qualifiers=[severe, tubular])
    learned = Learned((LearnedConcept(7, 28, "condition", 0.8),), (), "model")
    recut(MENTIONS, [unit], learned)
    assert unit.qualifiers == [severe]


def test_how_severe_it_is_becomes_no_part_of_the_name() -> None:
    severe, tubular = Qualified("severity", 0, 6, "test"), Qualified("other", 7, 14, "test")
    unit = Unit(FAILURE, qualifiers=[severe, tubular])
    learned = Learned((LearnedConcept(0, 28, "condition", 0.8),), (), "model")
    assert recut(MENTIONS, [unit], learned) == MENTIONS
    assert (unit.concept, unit.qualifiers) == (FAILURE, [severe, tubular])
