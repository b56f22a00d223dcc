"""What a tagger rules out is left out, unless nothing else remains."""

import pytest

from trialcriteria.relate.doubted import without_doubted
from trialcriteria.relate.scope import Scope
from trialcriteria.relate.tree import Conditional, Excepted, Group, Leaf, Tree, Unit, Unread
from trialcriteria.tag.mentions import Mention


def _leaf(word: str, doubt: float = 0.0, start: int = 0) -> Leaf:
    mention = Mention("condition", start, start + len(word), "test", 1.0, name=word, doubt=doubt)
    return Leaf(Unit(mention))


ASTHMA, EPILEPSY = _leaf("asthma"), _leaf("epilepsy")
SCAN, PROBE = _leaf("scan", 0.99), _leaf("probe", 0.99)
UNSURE = _leaf("stroke", 0.85)
COUNTED = Leaf(Unit(SCAN.unit.concept, value=Mention("value", 5, 9, "test", 1.0)))
UNREAD = Unread(0, 4, "no_concept")


@pytest.mark.parametrize(
    ("tree", "left"),
    [
        pytest.param(None, None, id="nothing"),
        pytest.param(SCAN, SCAN, id="alone it stays"),
        pytest.param(Group("all", (ASTHMA, SCAN)), ASTHMA, id="one remains"),
        pytest.param(
            Group("any", (ASTHMA, SCAN, EPILEPSY)),
            Group("any", (ASTHMA, EPILEPSY)),
            id="two remain",
        ),
        pytest.param(
            Group("all", (ASTHMA, COUNTED)), Group("all", (ASTHMA, COUNTED)), id="a number"
        ),
        pytest.param(Group("any", (SCAN, PROBE)), Group("any", (SCAN, PROBE)), id="none would"),
        pytest.param(
            Group("any", (ASTHMA, UNSURE)), Group("any", (ASTHMA, UNSURE)), id="an alternative"
        ),
        pytest.param(Group("any", (ASTHMA, UNSURE, SCAN)), ASTHMA, id="two are doubted"),
        pytest.param(Group("all", (ASTHMA, UNSURE)), ASTHMA, id="no alternative"),
        pytest.param(Group("any", (UNREAD, UNSURE)), UNREAD, id="alternative to unread words"),
        pytest.param(
            Group("any", (SCAN, ASTHMA), at_least=1),
            Group("any", (SCAN, ASTHMA), at_least=1),
            id="a count is of all of them",
        ),
        pytest.param(
            Excepted(Group("all", (ASTHMA, SCAN)), SCAN), Excepted(ASTHMA, SCAN), id="exception"
        ),
        pytest.param(
            Conditional(SCAN, Group("all", (ASTHMA, SCAN))),
            Conditional(SCAN, ASTHMA),
            id="condition",
        ),
        pytest.param(Group("all", (UNREAD, SCAN)), UNREAD, id="unread words stand"),
    ],
)
def test_what_is_left(tree: Tree | None, left: Tree | None) -> None:
    assert without_doubted(Scope("", (), "any"), tree) == left


@pytest.mark.parametrize(
    ("before", "stays"),
    [
        ("asthma, must have a ", True),
        ("asthma, requiring ", True),
        ("patients with ", True),
        ("over 18 years with a ", True),
        ("asthma with ", False),
        ("proximal to the ", False),
        ("shave ", False),
    ],
)
def test_what_somebody_has_or_needs_stays(before: str, stays: bool) -> None:
    probe = _leaf("probe", 0.99, len(before))
    left = without_doubted(Scope(before + "probe", (), "all"), Group("all", (ASTHMA, probe)))
    assert left == (Group("all", (ASTHMA, probe)) if stays else ASTHMA)
