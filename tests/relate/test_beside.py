"""Which concepts that only a tagger finds stand beside what the rules know."""

import pytest

from trialcriteria.relate.beside import with_learned
from trialcriteria.tag.learned.concepts import Learned, LearnedConcept
from trialcriteria.tag.tagger import tag


@pytest.mark.parametrize(
    ("view", "word", "added"),
    [
        pytest.param("Asthma or blorbox", "blorbox", True, id="beside another"),
        pytest.param("Blorbox asthma", "Blorbox", False, id="right before a name"),
        pytest.param("Blorbox treatment", "Blorbox", True, id="what the treatment is"),
        pytest.param(
            "Presentation within 12 hours of stroke", "Presentation", False, id="its window"
        ),
        pytest.param("Resident of Blorbox", "Blorbox", False, id="of a name"),
        pytest.param("Asthma and similar blorboxes", "blorboxes", False, id="only likened"),
    ],
)
def test_what_is_added(view: str, word: str, added: bool) -> None:
    start = view.index(word)
    one = LearnedConcept(start, start + len(word), "condition", 0.9)
    known = tag(view, {})
    found = with_learned(view, known, Learned((one,), (), "model"), 0.5)
    assert [m.start for m in found if m.source == "model"] == ([start] if added else [])
