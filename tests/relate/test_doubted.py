"""What a tagger rules out is left out, unless nothing else remains."""

import pytest

from trialcriteria.relate.doubted import without_doubted
from trialcriteria.relate.tree import Conditional, Excepted, Group, Leaf, Tree, Unit, Unread
from trialcriteria.tag.mentions import Mention


def _leaf(word: str, *, doubted: bool = False) -> Leaf:
    return Leaf(Unit(Mention("condition", 0, len(word), "test", 1.0, name=word, doubted=doubted)))


ASTHMA, EPILEPSY = _leaf("asthma"), _leaf("epilepsy")
SCAN, PROBE = _leaf("scan", doubted=True), _leaf("probe", doubted=True)
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
    assert without_doubted(tree) == left
